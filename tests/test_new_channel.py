"""A channel more touches its rows in data/ and one collector: a made one goes through all of it."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_census import ask

import census.channels.collectors
from build_db import cli
from census.base.csv_files import Problem
from census.base.names import NameDict
from census.channels.collecting import Collector
from census.channels.collectors import collectors
from census.channels.load import load_channels, read_channels
from census.database.loading import create_database, load_registry_tables
from census.inputs.registry import load_registry
from census.store.observations import format_manifest

ROOT = Path(__file__).resolve().parent.parent
COLLECTOR = '''
"""A made hub of models that shows pulls of today."""

from typing import NamedTuple

from census.channels.files import ChannelCount, ChannelDay


def collectors(environ, data):
    yield Made()


class Made(NamedTuple):
    source: str = "made-list"
    channel: str = "made"
    begins: object = None
    days_at_once: int = 1
    more: str = ""

    def fetch(self, first, last):
        counts = (
            ChannelCount("Qwen/Qwen3-8B", "pulls_all_time", 60),
            ChannelCount("meta-llama/Llama-3.1-8B", "pulls_all_time", 30),
            ChannelCount("nobody/x", "pulls_all_time", 10),
        )
        return {last: ChannelDay("made-list", last, counts, "made", "https://e.org", "", "")}
'''
ROWS = {
    "channels/channels.csv": {
        "channel": "made", "name": "Made Hub", "metric": "pulls_all_time", "unit": "pulls",
        "kind": "counter", "lists": "all names", "rounded": "no", "counts": "Pulls.",
        "limits": "Made up.", "gathering": "Made.", "url": "https://e.org",
    },
    "sources.csv": {
        "source": "made-list", "name": "Made list", "kind": "collected", "channel": "made",
        "licence": "CC0", "attribution": "Nobody", "url": "https://e.org", "preference": "998",
    },
    "freshness.csv": {
        "source": "made-list", "cadence": "daily", "stale_after_days": "3", "when_stale": "warn",
        "reason": "Made.",
    },
}  # fmt: skip


def add_row(path: Path, row: dict[str, str]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, restval="", lineterminator="\n").writerow(row)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory with the rows of a made channel, and its collector beside the others."""
    folder = tmp_path / "data"
    folder.mkdir()
    for path in (ROOT / "data").glob("*.csv"):
        shutil.copy(path, folder / path.name)
    for name in ("channels", "capability"):
        shutil.copytree(ROOT / "data" / name, folder / name)
    for name, row in ROWS.items():
        add_row(folder / name, row)
    (folder / "channels/manifest.csv").write_bytes(format_manifest([]))
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "made.py").write_text(COLLECTOR)
    package = census.channels.collectors
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(modules)])
    return folder


def collected(data: Path) -> str:
    result = CliRunner().invoke(cli, ["collect-channels", "made-list", "--data", str(data)])
    assert result.exit_code == 0
    return result.output + result.stderr


def loaded(data: Path) -> sqlite3.Connection:
    """Return the tables of other channels, filled from a data directory."""
    problems: list[Problem] = []
    registry = load_registry(data, problems)
    with (data / "models.csv").open(encoding="utf-8", newline="") as file:
        models = [row["model_id"] for row in csv.DictReader(file)]
    given = read_channels(data, registry, models, problems)
    assert problems == []
    given = given._replace(capability=given.capability._replace(scores=[]), scores=[])
    db = create_database(data / "census.db")
    load_registry_tables(db, registry, date(2026, 11, 27))
    # The Hub's models have no rows here, which a name on a channel may refer to.
    db.conn.execute("pragma foreign_keys = off")
    keys = NameDict((name, key) for key, name in enumerate(models))
    load_channels(db.conn, given, registry, keys, [])
    return db.conn


def test_every_source_that_is_collected_has_a_collector_and_the_other_way_round() -> None:
    every: dict[str, Collector] = collectors({}, ROOT / "data")
    declared = set()
    for name in ("sources.csv", "capability/sources.csv"):
        with (ROOT / "data" / name).open(encoding="utf-8", newline="") as file:
            declared |= {
                row["source"] for row in csv.DictReader(file) if row["kind"] == "collected"
            }
    assert set(every) == declared
    with (ROOT / "data/freshness.csv").open(encoding="utf-8", newline="") as file:
        promised = {row["source"]: row["when_stale"] for row in csv.DictReader(file)}
    assert {promised[source] for source in every} == {"warn"}


def test_its_rows_and_one_module_are_all_that_it_takes(data: Path) -> None:
    assert collected(data) == "made-list: 1 days added, 3 rows, 0 there already\n"
    db = loaded(data)
    (row,) = [row for row in ask(db, "channel_coverage") if row["channel"] == "made"]
    assert (row["name"], row["days"], row["names"]) == ("Made Hub", 1, 3)
    sums = """
        select key, label, value, share_pct from channel_series
        where channel = 'made' and dimension = 'lab' and weights = 'all' and step = 'month'
        order by value desc
    """
    first, second, last = db.execute(sums).fetchall()
    assert first == ("qwen", "Qwen", 60, 60.0)
    assert second == ("meta", "Meta", 30, 30.0)
    assert (last[0], last[2:]) == (None, (10, 10.0))


def test_it_is_summed_with_no_other_channel(data: Path) -> None:
    collected(data)
    db = loaded(data)
    assert db.execute("select distinct channel from channel_series").fetchall() == [("made",)]
    assert db.execute("select sum(value) from channel_counts").fetchone() == (100,)
    db.commit()
    db.execute("pragma foreign_keys = on")
    other = db.execute("select id from sources where channel = 'ollama'").fetchone()[0]
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        db.execute("insert into channel_counts values ('made', 1, '2026-01-01', ?, 1)", (other,))


def test_a_source_of_a_channel_that_has_no_row_is_refused(data: Path) -> None:
    path = data / "channels/channels.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("made,Made Hub", "mode,Made Hub"), encoding="utf-8")
    problems: list[Problem] = []
    read_channels(data, load_registry(data, problems), [], problems)
    assert any("'made' is not in channels/channels.csv" in one.reason for one in problems)
    assert "made-list is not in sources.csv" in collected(data)
