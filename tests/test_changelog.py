"""The changelog of the data: entries are only added, and the headline's move is measured."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlite_utils
from click.testing import CliRunner
from made_census import make_census
from site_client import Client

from census.base.csv_files import Problem
from census.cli.export import moved_command
from census.findings.changelog import (
    CHANGELOG_FILE,
    FILE,
    headline_moves,
    load_changelog,
    read_changelog,
)

ROOT = Path(__file__).resolve().parent.parent
FIRST = "1,2026-05-01,rule,What,Why,,,,,"


def faults(folder: Path, *lines: str) -> list[str]:
    """Return what is wrong with a changelog of these lines."""
    (folder / FILE).write_text(
        "\n".join([",".join(CHANGELOG_FILE.columns), *lines]) + "\n", encoding="utf-8"
    )
    problems: list[Problem] = []
    read_changelog(folder, problems)
    return [problem.reason for problem in problems]


def made_database(path: Path, change: str = "") -> Path:
    """Write the made census to a file, changed by a statement."""
    made = make_census()
    if change:
        made.execute(change)
        made.commit()
    target = sqlite3.connect(path)
    made.backup(target)
    target.close()
    return path


def test_the_changelog_of_the_repository_is_sound(data: Path) -> None:
    problems: list[Problem] = []
    rows = read_changelog(data, problems)
    assert problems == []
    assert rows


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("3,2026-05-02,rule,What,Why,,,,,", "numbered in order, here 2"),
        ("2,2026-04-30,rule,What,Why,,,,,", "before the entry above"),
        ("2,2026-05-02,mood,What,Why,,,,,", "kind 'mood'"),
        ("2,2026-05-02,rule,What,,,,,,", "reason is empty"),
        ("2,2026-05-02,correction,What,Why,,,,,", "names the entry that it corrects"),
        ("2,2026-05-02,rule,What,Why,,,,1,", "only a correction"),
        ("2,2026-05-02,correction,What,Why,,,,2,", "number of an earlier entry"),
        ("2,2026-05-02,rule,What,Why,Share,46.1,,,", "go together"),
        ("2,2026-05-02,rule,What,Why,Share,46.1,146.1,,", "not a percentage"),
        ("2,2026-05-02,rule,What,Why,Share,46.1,nan,,", "not a percentage"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, line: str, reason: str) -> None:
    assert faults(tmp_path, FIRST) == []
    assert any(reason in fault for fault in faults(tmp_path, FIRST, line))


def test_points_are_what_the_headline_moved_by(tmp_path: Path) -> None:
    lines = (
        FIRST,
        "2,2026-05-02,correction,What,Why,Share of China,46.1379,46.1364,1,",
    )
    assert faults(tmp_path, *lines) == []
    db = sqlite_utils.Database(make_census())
    load_changelog(db, read_changelog(tmp_path, []))
    assert [(row["points"], row["corrects"]) for row in db.table("changelog").rows] == [
        (None, None),
        (-0.0015, 1),
    ]


def test_the_headline_of_two_databases_is_compared(tmp_path: Path) -> None:
    before = made_database(tmp_path / "before.db")
    # 300 downloads of China's 1600 are another country's, all of it in the last month.
    after = made_database(
        tmp_path / "after.db",
        "update series_points set cumulative = cumulative - 300 where month = '2026-05' and series"
        " in (select id from series_keys where key = 'CN' and dimension = 'country')",
    )
    moves = {move.key: move for move in headline_moves(before, after)}
    assert moves["CN"].before == pytest.approx(100 * 1600 / 2700, abs=0.0001)
    assert moves["CN"].after == pytest.approx(100 * 1300 / 2400, abs=0.0001)
    assert moves["CN"].points == pytest.approx(-5.0926, abs=0.0001)
    said = CliRunner().invoke(moved_command, [str(before), str(after)]).output
    assert "China" in said
    assert "-5.09" in said


def test_the_site_shows_every_entry(site: Client, data: Path) -> None:
    rows = site.rows("/census/changes_of_the_data")
    entries = read_changelog(data, [])
    assert [(row["number"], row["what"]) for row in rows] == [
        (int(entry["number"]), entry["what"]) for entry in reversed(entries)
    ]
    assert site.get("/census/changes_of_the_data?kind=mood").status_code == 400
