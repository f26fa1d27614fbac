"""The build: deterministic, checked, and never half done."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from build_db import cli
from census.base import file_changes
from census.base.csv_files import DataError, Problem
from census.base.databases import open_readonly
from census.cli.build import STEPS
from census.database.build import build
from census.database.checks import failed_checks
from census.store.observations import (
    DayOfObservations,
    Observation,
    add_days,
    read_manifest,
    read_observations,
)

ROOT = Path(__file__).parent.parent


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_twice_gives_the_same_bytes(few_db: Path, few_data: Path, tmp_path: Path) -> None:
    """In processes that hash texts differently, in folders whose names mean something in a URI."""
    folder = tmp_path / "a#b?c %41"
    folder.mkdir()
    subprocess.run(
        [
            *(sys.executable, "build_db.py", "--no-charts", "--data", few_data),
            *("--db", folder / "census.db"),
        ],
        cwd=ROOT,
        # The small database is of a process whose seed nobody chose.
        env={**os.environ, "PYTHONHASHSEED": "1"},
        check=True,
        capture_output=True,
    )
    for name in ("census.db", "inspect-data.json"):
        assert (folder / name).read_bytes() == (few_db.parent / name).read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == [
        *("census.db", "inspect-data.json", "status.json"),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a#b?c %41", "data"]


def test_the_inspection_is_of_the_database(census_db: Path) -> None:
    inspected = json.loads((census_db.parent / "inspect-data.json").read_text())["census"]
    assert inspected["hash"] == hashlib.sha256(census_db.read_bytes()).hexdigest()
    assert inspected["size"] == census_db.stat().st_size
    with open_readonly(census_db) as db:
        (models,) = db.execute("select count(*) from models").fetchone()
    assert inspected["tables"]["models"]["count"] == models


def test_bad_data_is_refused_whole_and_the_old_database_stays(
    few_data: Path, tmp_path: Path
) -> None:
    target = tmp_path / "census.db"
    target.write_text("the old database")
    labs = few_data / "labs.csv"
    labs.write_text(labs.read_text().replace(",company,", ",startup,", 2))
    result = run("build", "--data", few_data, "--db", target)
    assert result.exit_code == 1
    assert result.stderr.count("kind 'startup' is not one of") == 2
    assert f"{labs}:2: kind 'startup'" in result.stderr
    assert "2 problem(s); nothing was changed" in result.stderr
    assert target.read_text() == "the old database"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["census.db", "data"]


def test_a_folder_that_is_missing_is_named(data: Path, tmp_path: Path) -> None:
    result = run("build", "--data", data, "--db", tmp_path / "none" / "census.db")
    assert result.exit_code == 1
    assert f"{tmp_path / 'none'}: the folder for the database is missing" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_fails_a_check_is_not_moved_into_place(
    few_data: Path, tmp_path: Path
) -> None:
    # Without claims no lab has a country, which is what the census is about.
    claims = few_data / "origin_claims.csv"
    claims.write_text(claims.read_text().splitlines()[0] + "\n")
    with pytest.raises(DataError, match="at least one with a sourced country"):
        build(few_data, tmp_path / "census.db")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]


def test_as_of_a_day_before_any_retrieval_there_is_nothing_to_build(
    few_data: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="no observations retrieved by 2020-01-01"):
        build(few_data, tmp_path / "census.db", as_of=date(2020, 1, 1))


def test_check_passes_on_what_was_built_and_names_what_breaks(few_db: Path, tmp_path: Path) -> None:
    assert failed_checks(few_db) == []
    broken = tmp_path / "census.db"
    broken.write_bytes(few_db.read_bytes())
    with sqlite3.connect(broken) as connection:
        connection.execute("update curves set cumulative_low = cumulative + 1 where model = 1")
        connection.execute("update models set lab = 'nobody' where id = 1")
    result = run("check", "--db", broken)
    assert result.exit_code == 1
    assert "references that hold" in result.stderr
    assert "low <= best <= high" in result.stderr
    assert run("check", "--db", tmp_path / "none.db").exit_code == 1
    assert failed_checks(ROOT / "setup.cfg") != []


def test_tables_are_strict_and_references_hold(census: sqlite3.Connection) -> None:
    loose = census.execute(
        "select name from pragma_table_list where type = 'table' and strict = 0"
        " and name not like '%_fts%' and name not like 'sqlite_%'"
    ).fetchall()
    assert loose == []
    assert census.execute("pragma foreign_key_check").fetchall() == []
    assert census.execute("select count(*) from sqlite_stat1").fetchone()[0] > 10


@pytest.mark.parametrize(
    ("table", "words", "found"),
    [("models", "qwen3 8b", "Qwen/Qwen3-8B"), ("labs", "zhipu OR z", "Z.ai")],
)
def test_full_text_search_finds_models_and_labs(
    census: sqlite3.Connection, table: str, words: str, found: str
) -> None:
    names = census.execute(
        f"select name from {table}_fts where {table}_fts match ?",
        [words],
    ).fetchall()
    assert any(found in name for (name,) in names)


def test_every_table_and_column_is_described(census: sqlite3.Connection) -> None:
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text())
    described = metadata["databases"]["census"]["tables"]
    names = [
        name
        for (name,) in census.execute(
            "select name from pragma_table_list where schema = 'main' and type in ('table', 'view')"
        )
        if not name.startswith("sqlite_") and not name.endswith("_fts")
    ]
    missing = []
    for name in names:
        table = described.get(name, {})
        if not table.get("description"):
            missing.append(name)
        told = table.get("columns", {})
        columns = [row[1] for row in census.execute(f"pragma table_xinfo({name})")]
        missing += [f"{name}.{column}" for column in columns if not told.get(column)]
        missing += [f"no {name}.{column}" for column in told if column not in columns]
    assert missing == []
    assert set(described) == set(names)


def test_old_names_are_counted_once(census: sqlite3.Connection) -> None:
    retired = census.execute("""
        select m.name
        from models as m
        inner join namespaces as n on m.namespace = n.namespace
        where n.renamed_to is not null
    """).fetchall()
    assert retired == []
    aliases = dict(
        census.execute(
            "select a.alias, m.name"
            " from model_aliases as a inner join models as m on a.model = m.id"
        )
    )
    assert aliases["gpt2"] == "openai-community/gpt2"


def test_the_last_day_and_the_running_month_are_stated(census: sqlite3.Connection) -> None:
    query = "select scope, through, running_month, counted_pct, carried_pct from scopes"
    rows = census.execute(query).fetchall()
    assert [row[:3] for row in rows] == [
        ("frontier", "2026-09-05", "2026-09"),
        ("labs", "2026-09-05", "2026-09"),
        ("hub", "2026-09-05", "2026-09"),
    ]
    # What is not counted on the last day is carried, and less than a tenth of all.
    assert all(counted >= 90 and carried < 10 for *_, counted, carried in rows)
    assert all(counted + carried == pytest.approx(100, abs=0.02) for *_, counted, carried in rows)


def test_a_source_that_shrinks_for_good_is_used_again_after_eight_snapshots(
    few_data: Path, tmp_path: Path
) -> None:
    problems: list[Problem] = []
    counts = [
        (row.model_id, row.downloads_all_time)
        for row in read_observations(few_data, read_manifest(few_data, problems)[-1], problems)
        if row.downloads_all_time is not None
    ]
    largest = sorted(counts, key=lambda row: -row[1])[: len(counts) * 9 // 20]
    first = date(2026, 5, 24)
    days = [
        DayOfObservations(
            "modelpulse",
            first + timedelta(days=number),
            [
                Observation(name, None, None, count + 1000 * number, None)
                for name, count in (largest if number else counts)
            ],
            *("made", "", "", "2026-06-01"),
        )
        for number in range(9)
    ]

    def built(days: list[DayOfObservations]) -> tuple[str, list[tuple[object, ...]]]:
        file_changes.apply(few_data, add_days(few_data, days))
        build(few_data, tmp_path / "census.db")
        with closing(sqlite3.connect(tmp_path / "census.db")) as db:
            through = db.execute("select through from scopes where scope = 'frontier'").fetchone()
            events = db.execute(
                "select kind, from_date, to_date, models from quality_events"
                " where source = 'modelpulse' and kind in ('partial', 'new_size')"
            ).fetchall()
        return through[0], events

    through, events = built(days[:-1])
    assert through == "2026-05-24"
    assert [kind for kind, *_ in events] == ["partial"] * 7
    through, events = built(days)
    assert through == "2026-06-01"
    assert events == [("new_size", "2026-05-25", "2026-06-01", len(largest))]


def test_the_summary_tells_the_last_day_the_time_and_corrections_of_no_model(
    few_data: Path, tmp_path: Path
) -> None:
    data = few_data
    corrections = data / "release_dates.csv"
    first = corrections.read_text(encoding="utf-8").splitlines()[0]
    rows = [f"Qwen/Qwen3-8B{more},2025-04-28,spelled so,https://example.org/" for more in ("", "B")]
    corrections.write_text("\n".join([first, *rows, ""]), encoding="utf-8")
    db = tmp_path / "census.db"
    result = run("build", "--data", data, "--db", db, "--no-charts")
    assert result.exit_code == 0, result.output
    assert "scope frontier       2026-05-23" in result.output
    assert "built census.db in " in result.output
    said = "release_dates.csv: 1 rows correct no model of models.csv, such as Qwen/Qwen3-8BB"
    assert said in result.stderr


def test_a_day_before_the_first_retrieval_says_which_is_the_first(
    few_data: Path, tmp_path: Path
) -> None:
    result = run("build", "--data", few_data, "--db", tmp_path / "c.db", "--as-of", "2020-01-01")
    assert result.exit_code == 1
    assert "no observations retrieved by 2020-01-01; the first were on 2026-" in result.stderr


@pytest.mark.parametrize("command", ["is-current", "wait-for-hash"])
@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (None, "set CENSUS_SITE_URL, or give --url"),
        ("", "set CENSUS_SITE_URL, or give --url"),
        ("example.org", "is not an address"),
    ],
)
def test_a_missing_or_wrong_address_of_the_site_says_what_to_do(
    command: str, setting: str | None, said: str
) -> None:
    result = CliRunner(env={"CENSUS_SITE_URL": setting}).invoke(cli, [command])
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_the_progress_bar_counts_the_steps_that_there_are(few_data: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    build(few_data, tmp_path / "census.db", None, steps.append)
    assert len(steps) == STEPS
