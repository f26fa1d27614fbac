"""When a vintage is due, how its method is said, and that a past day can still be computed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from build_db import cli
from census.base import file_changes
from census.base.csv_files import Problem
from census.database.build import build
from census.store.observations import (
    DayOfObservations,
    Observation,
    add_days,
    read_observations,
)
from census.store.observations import read_manifest as read_files
from census.store.published import published_points
from census.store.recordings import (
    Recording,
    method_now,
    read_manifest,
    read_recording,
    recording_due,
)

OLD, NEW = "a" * 64, "b" * 64
LAST = Recording("2026-11-26-2.csv", "2026-11-26", "As it is.", "2026-05-20", OLD, "c" * 64)


@pytest.mark.parametrize(
    ("day", "digest", "reason"),
    [
        ("2026-11-26", OLD, ""),
        ("2026-11-30", OLD, ""),
        ("2026-12-01", OLD, "the last one is 2026-11-26-2"),
        ("2027-01-31", OLD, "the last one is 2026-11-26-2"),
        ("2026-11-27", NEW, "the rules are not those of 2026-11-26-2"),
    ],
)
def test_one_is_due_each_month_and_with_each_change_of_a_rule(
    day: str, digest: str, reason: str
) -> None:
    assert recording_due([LAST], date.fromisoformat(day), digest) == reason


def test_the_first_one_is_due() -> None:
    assert recording_due([], date(2026, 11, 26), OLD) == "there is none yet"


def test_the_method_is_that_of_the_last_one_and_a_change_is_said_once() -> None:
    assert method_now(LAST, OLD) == "As it is."
    changed = method_now(LAST, NEW)
    assert changed.startswith("As it is. Rules have changed since the recording of 2026-11-26-2")
    later = LAST._replace(file="2026-12-01.csv", method=changed)
    assert method_now(later, OLD) == changed
    assert method_now(later, NEW).count("Rules have changed") == 1
    assert "since the recording of 2026-12-01;" in method_now(later, NEW)


def run(*words: object) -> Any:
    """Return what a command answers."""
    return CliRunner().invoke(cli, [str(word) for word in words])


def points_of(db: Path) -> list[tuple[object, ...]]:
    """Return what a database publishes."""
    with closing(sqlite3.connect(db)) as connection:
        return sorted((tuple(one) for one in published_points(connection)), key=repr)


def test_as_of_a_day_is_what_was_recorded_on_it_by_the_same_rules(
    few_db: Path, few_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is observed later changes what is published, and not what a past day gives."""
    data, db, output = few_data, tmp_path / "census.db", tmp_path / "output"
    monkeypatch.setenv("GITHUB_OUTPUT", str(output))
    shutil.copy(few_db, db)
    given = ("--data", data, "--db", db, "--if-needed")
    first = run("record-vintage", *given, "--date", "2026-12-01")
    assert first.exit_code == 0, first.output
    again = run("record-vintage", *given, "--date", "2026-12-02")
    assert "this month has its recording" in again.output
    assert output.read_text() == "recorded=true\nrecorded=false\n"

    problems: list[Problem] = []
    last = read_files(data, problems)[-1]
    grown = [
        Observation(row.model_id, row.hub_id, None, 3 * (row.downloads_all_time or 0) + 9, None)
        for row in read_observations(data, last, problems)
    ]
    later = DayOfObservations(
        last.source,
        date(2026, 12, 10),
        grown,
        "counted then",
        "https://example.org",
        "",
        "2026-12-10",
    )
    with file_changes.locked(data):
        file_changes.apply(data, add_days(data, [later]))
    recorded = read_manifest(data, problems)[-1]
    published = sorted((tuple(one) for one in read_recording(data, recorded, problems)), key=repr)
    assert problems == []
    build(data, db)
    assert points_of(db) != published
    build(data, db, as_of=date(2026, 12, 1))
    assert points_of(db) == published
