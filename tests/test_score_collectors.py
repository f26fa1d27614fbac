"""Collected lists of scores: what is kept, compared and asked of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hub_server import HubServer
from made_census import ask
from score_servers import (
    EPOCH,
    LATER,
    NOW,
    ROOT,
    SOURCES,
    data_without_lists,
    from_arena,
    from_epoch,
    recorded_epoch,
    recorded_hub,
)
from web_server import FORBIDDEN, OneFile

from build_db import cli
from census.base.csv_files import Problem
from census.base.names import NameDict
from census.channels.capability import CapabilityInput, load_capability, read_capability
from census.channels.score_files import read_score_files
from census.database.declared_tables import schema
from census.database.loading import create_database, load_registry_tables
from census.inputs.registry import load_registry
from census.questions.parameters import ParameterError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return data_without_lists(tmp_path)


@pytest.fixture
def epoch() -> Iterator[OneFile]:
    with recorded_epoch() as running:
        yield running


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    monkeypatch.setenv("HF_HUB_DISABLE_XET", "1")
    with recorded_hub(tmp_path) as running:
        yield running


def test_a_collected_file_that_was_altered_is_told(data: Path, epoch: OneFile) -> None:
    from_epoch(data, epoch)
    path = data / "capability/epoch-eci/2026/2026-10-08.csv"
    text = path.read_text(encoding="utf-8")
    for old, new, said in (
        ("157.45", "158.45", "altered: its sha256"),
        ("2026-10-08,Kimi", "2026-10-07,Kimi", "as_of '2026-10-07' is not one of: 2026-10-08"),
        ("epoch-eci,2026-10-08,Kimi", "arena-text,2026-10-08,Kimi", "source 'arena-text' is not"),
    ):
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        problems: list[Problem] = []
        read_score_files(data, SOURCES, problems)
        assert any(said in str(problem) for problem in problems), problems
    path.unlink()
    problems = []
    read_score_files(data, SOURCES, problems)
    assert "it is missing" in str(problems[0])


def test_only_the_newest_vintage_is_compared_and_all_are_kept(data: Path, epoch: OneFile) -> None:
    from_epoch(data, epoch)
    # The newer vintage sets everything lower, as a new fit may.
    epoch.content = EPOCH.replace(b"157.45,155.15,160.03", b"140.45,138.15,142.03")
    from_epoch(data, epoch, LATER)
    sources = [row for row in rows_of_sources(data) if row["source"] == "epoch-eci"]
    scores = [row for _, rows in read_score_files(data, SOURCES, []) for row in rows]
    db = sqlite3.connect(":memory:")
    db.executescript(schema())
    load_capability(db, CapabilityInput(sources, [], scores), NameDict())
    kept = "select as_of, value from capability_scores where name = 'Kimi K3' order by as_of"
    assert db.execute(kept).fetchall() == [("2026-10-08", 157.45), ("2026-10-09", 140.45)]
    best = "select name, value, as_of from capability_best where key = 'open' order by day"
    assert db.execute(best).fetchall()[-1] == ("DeepSeek V4 Pro 0813", 155.31, "2026-10-09")


def rows_of_sources(data: Path) -> list[Any]:
    problems: list[Problem] = []
    given = read_capability(data, (), (), problems)
    return given.sources


def test_one_that_fails_does_not_stop_the_others(
    data: Path, epoch: OneFile, hub: HubServer
) -> None:
    where = {
        "CENSUS_EPOCH_ENDPOINT": epoch.url,
        "HF_ENDPOINT": hub.url,
        "CENSUS_HUB_TRIES": "1",
        "CENSUS_HUB_BACKOFF": "0",
        "GITHUB_ACTIONS": "true",
    }
    epoch.fail(FORBIDDEN)
    words = ["collect-channels", "epoch-eci", "arena-text", "arena-text-style-control"]
    result = CliRunner(env=where).invoke(cli, [*words, "--data", str(data)])
    assert result.exit_code == 0
    assert "::warning::epoch-eci: it answers 403" in result.stderr
    assert "arena-text: 1 days added, 9 rows, 0 there already" in result.stdout
    assert "::warning::arena-text-style-control: " in result.stderr
    again = CliRunner(env=where).invoke(cli, [*words, "--strict", "--data", str(data)])
    assert again.exit_code == 1
    assert "epoch-eci: 1 days added, 22 rows" in again.stdout


def test_questions_choose_a_collected_list_once_it_has_scores(
    data: Path, epoch: OneFile, hub: HubServer
) -> None:
    problems: list[Problem] = []
    registry = load_registry(ROOT / "data", problems)
    from_epoch(data, epoch)
    from_arena(data, hub)
    given = read_capability(ROOT / "data", registry.labs, registry.countries, problems)
    scores = [row for _, rows in read_score_files(data, SOURCES, problems) for row in rows]
    assert problems == []
    db = create_database(data / "census.db")
    load_registry_tables(db, registry, NOW.date())
    load_capability(db.conn, given._replace(scores=given.scores + scores), NameDict())
    with pytest.raises(ParameterError):
        ask(db.conn, "best_models_by_country", scores="arena-text-style-control")
    best = ask(db.conn, "best_models_by_country", scores="epoch-eci")
    last = {row["country"]: row["name"] for row in best}
    assert (last["CN"], last["FR"]) == ("Kimi K3", "Mistral Medium 3.5")
    (row,) = ask(db.conn, "capability_gap", scores="arena-text", first="closed", second="open:CN")
    assert (row["first_name"], row["second_name"]) == (
        "gemini-4-argon-high",
        "deepseek-v4.1-flash-max",
    )
    assert (row["day"], row["is_below"], row["intervals"]) == ("2026-10-02", "yes", "yes")
    # The list names no maker of Qwen2.5-Coder-14B, and none is guessed.
    unmapped = """
        select distinct organisation from capability_scores
        where lab is null and country is null and source in ('arena-text', 'epoch-eci')
    """
    assert db.execute(unmapped).fetchall() == [(None,)]
