"""Notices: what a person says of the figures for a time, and where it stands."""

from __future__ import annotations

import sqlite3
from html import unescape
from pathlib import Path

import pytest
from site_client import Client

from census.base.csv_files import Problem, Row
from census.database.declared_tables import schema
from census.store.notices import FILE, NOTICES_FILE, load_notices, read_notices


def read(folder: Path, *lines: str) -> tuple[list[Row], list[str]]:
    """Return the notices of these lines, and what is wrong with them."""
    (folder / FILE).write_text(
        "\n".join([",".join(NOTICES_FILE.columns), *lines]) + "\n", encoding="utf-8"
    )
    problems: list[Problem] = []
    rows = read_notices(folder, problems)
    return rows, [str(problem).removeprefix(f"{folder}/") for problem in problems]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("home,,2026-11-26,", "notices.csv:2: text is empty"),
        (",Soon,2026-11-26,", "notices.csv:2: place is empty"),
        ("home front,Soon,2026-11-26,", "notices.csv:2: place 'front' is not one of: home,"),
        ("home,Soon,26 November,", "notices.csv:2: since: '26 November' is not a possible date"),
        ("home,Soon,2026-11-26,2026-11-25", "until 2026-11-25 is before since 2026-11-26"),
        ("home,Of {models} models,2026-11-26,", "only {counts} can stand in braces"),
    ],
)
def test_a_wrong_notice_stops_the_build(tmp_path: Path, line: str, fault: str) -> None:
    _, faults = read(tmp_path, line)
    assert len(faults) == 1
    assert fault in faults[0]


def test_a_notice_counts_the_counts_and_has_a_row_for_each_place(tmp_path: Path) -> None:
    db = sqlite3.connect(":memory:")
    db.executescript(schema())
    db.execute("pragma foreign_keys = off")
    # Two rows hold three counts: likes are none, and what is unknown is not counted.
    db.executemany(
        "insert into history values (?, ?, ?, ?, ?, ?)",
        [(1, 1, 1, 5, 70, 3), (2, 1, 1, None, 80, 3)],
    )
    rows, faults = read(
        tmp_path,
        "home methodology,From {counts} counts.,2026-11-26,",
        "home,Over.,2026-01-01,2026-02-01",
    )
    assert faults == []
    load_notices(db, rows)
    assert db.execute("select place, text, until from notices order by id").fetchall() == [
        ("home", "From 3 counts.", None),
        ("methodology", "From 3 counts.", None),
        ("home", "Over.", "2026-02-01"),
    ]


def test_readers_see_the_notices_that_have_not_ended(
    site: Client, census: sqlite3.Connection
) -> None:
    standing = census.execute("select place, text from notices where until is null").fetchall()
    pages = {"home": "/", "charts": "/census/share_by_country", "methodology": "/methodology"}
    shown = {place: unescape(site.get(path).text) for place, path in pages.items()}
    for place, text in standing:
        assert f'<p class="notice">{text}' in shown[place]
    for place, page in shown.items():
        assert ('class="notice"' in page) == any(place == other for other, _ in standing)
    # A question that rests on no estimate has none.
    assert 'class="notice"' not in site.get("/census/disputed_labs").text
