"""How well the last day of a scope is known, said in one place."""

from __future__ import annotations

import sqlite3

import pytest

from census.database.declared_tables import schema
from census.store.observations import is_about

DAY = "2026-09-05"
CUT = "For all kinds of models it is a cut of the largest."


def ends(
    files: list[tuple[str, str, str | None]], count: int | None = 5
) -> dict[str, tuple[int, int, str | None]]:
    """Return about, largest_only and note by scope; files are (date basis, kind, note).

    `count` is the all-time count that the last of the files has of a model; the others have one.
    """
    db = sqlite3.connect(":memory:")
    db.executescript(schema())
    for scope in ("frontier", "labs"):
        db.execute(
            "insert into scopes (scope, label, description, through, models, models_with_counts)"
            " values (?, '', '', ?, 9, 9)",
            (scope, DAY),
        )
    db.execute("insert into snapshots values (1, ?, 1, 1)", (DAY,))
    for number, (basis, kind, note) in enumerate(files):
        counted = count if number == len(files) - 1 else 5
        db.execute("insert into history values (1, 1, ?, 9, ?, null)", (number, counted))
        db.execute(
            "insert into sources values (?, ?, '', ?, 'hub', '', '', '', 1, ?)",
            (number, str(number), kind, note),
        )
        db.execute(
            "insert into observation_files values (?, ?, ?, 1, '', ?, null, null, null, ?)",
            (f"{number}.csv", number, DAY, basis, int(is_about(basis))),
        )
    found = db.execute("select scope, about, largest_only, note from scope_ends")
    return {scope: (about, cut, note) for scope, about, cut, note in found}


@pytest.mark.parametrize(
    ("basis", "about"),
    [
        ("at the earliest this day: it was committed on 2026-06-05", True),
        ("at the latest this day: the day of the commit", True),
        ("stated by the file itself", False),
        ("the day of the commit that changed the model's file", False),
    ],
)
def test_a_basis_that_bounds_the_day_makes_it_about_that_day(basis: str, about: bool) -> None:
    assert is_about(basis) is about


def test_a_day_is_about_until_one_source_states_it() -> None:
    bounded = ("at the earliest this day", "import", None)
    assert ends([bounded])["frontier"] == (1, 0, "about this day")
    assert ends([bounded, ("stated", "import", None)])["frontier"] == (0, 0, None)
    # A source without an all-time count says nothing of the day of these counts.
    assert ends([bounded, ("stated", "import", None)], None)["frontier"][0] == 1


def test_a_cut_of_the_largest_counts_for_scopes_of_all_kinds_until_a_whole_day_comes() -> None:
    cut = ("stated", "import", CUT)
    note = "only the largest models were counted on this day"
    assert ends([cut]) == {"frontier": (0, 0, None), "labs": (0, 1, note)}
    assert ends([cut, ("stated", "hub", None)])["labs"] == (0, 0, None)


def test_the_end_of_the_bundled_observations_stands_on_a_cut(census: sqlite3.Connection) -> None:
    found = {row[0]: row[1:] for row in census.execute("select * from scope_ends")}
    sources = census.execute(
        "select o.slug from observation_files as f inner join sources as o on f.source = o.id"
        " where f.date = ?",
        (found["labs"][0],),
    ).fetchall()
    if sources == [("hub-snapshot-2026-09-05",)]:
        assert found["labs"][2] == found["hub"][2] == 1
        assert found["frontier"][2] == 0
