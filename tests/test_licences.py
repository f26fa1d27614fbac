"""Classes of licences: each with its source, and none forgotten."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlite_utils
from made_census import make_census

from census.base.csv_files import Problem
from census.inputs.licences import LICENCES_FILE, load_licences, read_licences


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("mit,MIT License,free,,https://opensource.org", "class 'free' is not one of"),
        ("mit,MIT License,open,,", "class 'open' without source_url or note"),
        ("mit,,open,,https://opensource.org", "name is empty"),
    ],
)
def test_a_fault_is_told(tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / "licences.csv").write_text(
        f"{','.join(LICENCES_FILE.columns)}\n{line}\n", encoding="utf-8"
    )
    problems: list[Problem] = []
    read_licences(tmp_path, problems)
    assert [problem.line for problem in problems] == [2]
    assert reason in problems[0].reason


def test_a_licence_that_nobody_read_is_unread() -> None:
    db = make_census()
    db.execute("delete from licences")
    load_licences(sqlite_utils.Database(db), [])
    assert db.execute("select licence, class from licences").fetchall() == [
        ("apache-2.0", "unread"),
        ("cc-by-nc-4.0", "unread"),
        ("llama3", "unread"),
        ("mit", "unread"),
    ]


def test_every_stated_licence_of_the_bundled_models_has_a_class(
    census: sqlite3.Connection,
) -> None:
    query = """
        select count(*)
        from models as m
        left join licences as l on m.licence = l.licence
        where m.licence is not null and l.licence is null
    """
    assert census.execute(query).fetchone() == (0,)
    assert census.execute("select class from licences where licence = 'gemma'").fetchone() == (
        "restricted",
    )
