"""The table of hidden counts: what it says, what it is of, and that publishing needs it."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from build_db import cli
from census.base.csv_files import Problem
from census.database.checks import failed_gates
from census.rollups.calibration import (
    COUNTRY_WITHOUT,
    CRAWL,
    LAB_WITHOUT,
    LEAST_CASES,
    LEAST_INSIDE,
    MODEL,
    MOST_INSIDE,
)
from census.rollups.calibration_table import FILE, read_calibration
from census.store.rules_digest import estimate_digest


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_the_intervals_hold_hidden_counts_about_nine_times_in_ten(data: Path) -> None:
    rows = read_calibration(data, [])
    judged = [row for row in rows if row.level not in (LAB_WITHOUT, COUNTRY_WITHOUT)]
    (pooled,) = (row for row in rows if (row.test, row.level) == (CRAWL, MODEL))
    assert pooled.cases > 4000
    assert pooled.inside_90 is not None
    assert LEAST_INSIDE <= pooled.inside_90 <= MOST_INSIDE
    large = [row for row in judged if row.cases >= LEAST_CASES]
    assert len(large) >= 7
    assert all(row.inside_90 is not None and row.inside_90 >= LEAST_INSIDE for row in large)
    assert {row.level for row in rows} >= {"model", "lab", "country", "share"}


def test_the_table_is_of_the_present_code_and_data(data: Path) -> None:
    rows = read_calibration(data, [])
    assert {row.code_digest for row in rows} == {estimate_digest()}, "run: make calibrate"


def test_the_database_has_the_table_as_it_is_in_the_file(
    census: sqlite3.Connection, data: Path
) -> None:
    query = "select test, level, cases, inside_90, worst_miss from calibration order by id"
    expected = [
        (row.test, row.level, row.cases, row.inside_90, row.worst_miss or None)
        for row in read_calibration(data, [])
    ]
    assert census.execute(query).fetchall() == expected


# So many days before the newest observation the estimate was tested.
TESTED = """
    update calibration
    set last_observation = (
        select date(value, '-{} days') from build_info where key = 'last_observation'
    )
"""


@pytest.fixture
def copy(few_db: Path, tmp_path: Path) -> Path:
    """A copy of the small database that a test may change."""
    target = tmp_path / "census.db"
    shutil.copy(few_db, target)
    return target


def test_the_real_database_may_be_published(census_db: Path) -> None:
    assert failed_gates(census_db) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("delete from calibration", "the estimate was never tested; run calibrate, then build"),
        (
            "update calibration set code_digest = 'other' where id = 1",
            "made of other code of the estimate; run calibrate, then build",
        ),
        (
            TESTED.format(32),
            "over 31 days older than the last observation; run calibrate, then build",
        ),
        (
            "update calibration set inside_90 = 85.9"
            " where test = 'one monthly crawl hidden' and level = 'model'",
            "intervals hold hidden counts in under 86 % of cases",
        ),
    ],
)
def test_publishing_needs_intervals_that_were_tested(copy: Path, change: str, reason: str) -> None:
    with sqlite3.connect(copy) as db:
        db.execute(change)
    db.close()
    result = run("check", "--db", copy)
    assert result.exit_code == 1
    assert reason in result.output


@pytest.mark.parametrize(
    "change",
    [
        TESTED.format(31),
        "update calibration set inside_90 = 86"
        " where test = 'one monthly crawl hidden' and level = 'model'",
    ],
)
def test_the_ends_of_what_is_allowed_are_allowed(copy: Path, change: str) -> None:
    with sqlite3.connect(copy) as db:
        db.execute(change)
    db.close()
    assert failed_gates(copy) == []


def test_the_command_hides_counts_of_any_data_and_writes_the_table(
    few_data: Path, tmp_path: Path
) -> None:
    data = few_data
    table = data / FILE
    table.unlink()
    out = tmp_path / "results.json"
    result = run("calibrate", "--data", data, "--json", out)
    assert result.exit_code == 0, result.output
    assert "one monthly crawl hidden" in result.output
    rows = read_calibration(data, [])
    assert {row.last_observation for row in rows} == {"2026-05-23"}
    assert [row["test"] for row in json.loads(out.read_text())] == [row.test for row in rows]
    # One day of counts cannot be hidden and found again.
    assert {row.cases for row in rows} == {0}
    again = run("calibrate", "--data", data, "--if-needed")
    assert "recent enough" in again.output


def test_a_table_of_other_code_is_made_again_if_needed(few_data: Path, tmp_path: Path) -> None:
    data = few_data
    table = data / FILE
    table.write_text(table.read_text().replace(estimate_digest(), "0" * 64))
    assert run("calibrate", "--data", data, "--if-needed").exit_code == 0
    assert {row.code_digest for row in read_calibration(data, [])} == {estimate_digest()}


def daily_truth(path: Path, models: int = 25) -> None:
    """Write daily counts of models that are downloaded evenly, some faster than others."""
    first = date(2025, 1, 1)
    lines = ["model_id,observed_on,downloads_30d,downloads_all_time,created_at"]
    for model in range(models):
        a_day = 100 + 40 * model
        for day in range(0, 200):
            total = a_day * day
            recent = a_day * min(day, 30)
            on = first + timedelta(days=day)
            lines.append(f"made/model-{model},{on},{recent},{total},{first}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_daily_truth_is_thinned_and_found_again(few_data: Path, tmp_path: Path) -> None:
    data = few_data
    before = (data / FILE).read_bytes()
    truth = tmp_path / "truth.csv"
    daily_truth(truth)
    result = run("calibrate", "--data", data, "--truth", truth)
    assert result.exit_code == 0, result.output
    line = next(line for line in result.output.splitlines() if "monthly 30-day" in line)
    assert "model" in line
    assert float(line.split()[-2]) > 86
    assert (data / FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("model_id,observed_on\n", ":1: columns are missing: downloads_30d"),
        (
            "model_id,observed_on,downloads_30d,downloads_all_time,created_at\n"
            "a/b,2025-01-01,5,-7,\n",
            ":2: -7 is negative",
        ),
    ],
)
def test_truth_that_cannot_be_read_is_refused(
    few_data: Path, tmp_path: Path, text: str, reason: str
) -> None:
    data = few_data
    truth = tmp_path / "truth.csv"
    truth.write_text(text, encoding="utf-8")
    result = run("calibrate", "--data", data, "--truth", truth)
    assert result.exit_code == 1
    assert f"{truth}{reason}" in result.output


def test_a_table_that_was_edited_by_hand_is_refused(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parent.parent / "data" / FILE, tmp_path / FILE)
    with (tmp_path / FILE).open(newline="") as file:
        first, *rows = csv.DictReader(file)
    with (tmp_path / FILE).open("w", newline="") as file:
        writer = csv.DictWriter(file, first)
        writer.writeheader()
        writer.writerows([{**first, "inside_90": "many"}, *rows])
    problems: list[Problem] = []
    read_calibration(tmp_path, problems)
    assert [problem.line for problem in problems] == [2]
    assert "make the file again with calibrate" in problems[0].reason
