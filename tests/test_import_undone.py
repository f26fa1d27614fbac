"""Taking back a day that was imported by mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_imports import EXPECTED, HEADER, ROWS, contents, imported, run, write
from small_data import git, with_origin

from build_db import cli
from census.inputs.models import read_models


def undo(data: Path, source: str = "llmfit", day: str = "2026-09-01") -> Result:
    return CliRunner().invoke(cli, ["import", "--undo", source, day, "--data", str(data)])


def test_a_mistaken_day_is_taken_back(few_data: Path, tmp_path: Path) -> None:
    text = HEADER + ROWS.replace("Made-Up-For-This-Test", "made-up")
    before = {one.model_id: one for one in read_models(few_data, [])}
    assert run(few_data, write(tmp_path, text)).exit_code == 0
    result = undo(few_data)
    assert result.exit_code == 0, result.output
    assert "took back 2 observations of llmfit of 2026-09-01 and 1 models" in result.output
    assert imported(few_data) == EXPECTED[2:]
    assert {one.model_id: one for one in read_models(few_data, [])} == before
    assert not (few_data / "observations/llmfit/2026/2026-09-01.csv").exists()
    # The right file can take its place.
    assert run(few_data, write(tmp_path, HEADER + ROWS)).exit_code == 0
    assert imported(few_data) == EXPECTED


@pytest.mark.parametrize(
    ("source", "day", "said"),
    [
        ("hubstats-2026-05", "2026-09-09", "source 'hubstats-2026-05' has no such day; its"),
        ("unheard-of", "2026-09-01", "source 'unheard-of' has no such day; it has no day"),
    ],
)
def test_what_is_not_there_cannot_be_taken_back(
    few_data: Path, source: str, day: str, said: str
) -> None:
    before = contents(few_data)
    result = undo(few_data, source, day)
    assert result.exit_code == 1
    assert said in result.stderr
    assert contents(few_data) == before


def test_a_day_that_was_pushed_stays(few_data: Path, tmp_path: Path) -> None:
    assert run(few_data, write(tmp_path, HEADER + ROWS)).exit_code == 0
    with_origin(few_data, tmp_path / "origin.git")
    before = contents(few_data)
    result = undo(few_data)
    assert result.exit_code == 1
    assert "it is in a commit that was pushed" in result.stderr
    assert contents(few_data) == before
    # What is only committed here can still be taken back.
    other = write(tmp_path, HEADER + ROWS.replace("2026-09-01", "2026-09-05"))
    assert run(few_data, other).exit_code == 0
    git(few_data, "add", "--all")
    git(few_data, "commit", "--quiet", "--message", "Not pushed")
    result = undo(few_data, day="2026-09-05")
    assert result.exit_code == 0, result.output
    assert "2026-09-05" not in [row[0] for row in imported(few_data)]


def test_an_undo_takes_no_file_and_an_import_needs_one(few_data: Path, tmp_path: Path) -> None:
    file = write(tmp_path, HEADER + ROWS)
    assert run(few_data, file, "--undo", "llmfit", "2026-09-01").exit_code == 2
    without = CliRunner().invoke(cli, ["import", "--source", "llmfit", "--data", str(few_data)])
    assert without.exit_code == 2
    assert "name the FILE and its --source" in without.stderr
