"""Questions on where labs are from, and on the labs of a country."""

from __future__ import annotations

import sqlite3

import pytest
from made_census import ask, by, make_census, only, pick


@pytest.fixture(scope="module")
def made() -> sqlite3.Connection:
    return make_census()


def test_disputed_labs(made: sqlite3.Connection) -> None:
    rows = ask(made, "disputed_labs")
    assert pick(rows, "lab", "country", "country_name", "stated", "downloads", "counted_to") == [
        ("rose", "FR", "France", "FR US", 150, "2026-05-20")
    ]
    # Nobody wrote down why: it follows from the documents.
    assert "different countries" in only(pick(rows, "disputed_because"))


def test_origin_evidence(made: sqlite3.Connection) -> None:
    rows = ask(made, "origin_evidence", lab="rose")
    assert pick(rows, "basis", "country_name", "decides", "source_title") == [
        ("headquarters", "France", 1, "Page of rose"),
        ("incorporation", "United States", 0, "Page of rose"),
    ]


def test_unverified_labs(made: sqlite3.Connection) -> None:
    # Packer has no country either, but is not a lab.
    assert pick(
        ask(made, "unverified_labs"), "lab", "models", "models_in_frontier", "downloads"
    ) == [("lost", 1, 1, 50)]


def test_labs_of_country(made: sqlite3.Connection) -> None:
    named = ("lab", "role", "models", "downloads", "disputed", "evidence", "through")
    assert pick(ask(made, "labs_of_country", country="FR"), *named) == [
        ("rose", "lab", 1, 150, 1, "Page of rose", "2026-05-20")
    ]
    unverified = ask(made, "labs_of_country", country="", scope="hub")
    assert pick(unverified, "lab", "role", "models", "downloads", "evidence") == [
        ("packer", "repackager", 1, 400, None),
        ("lost", "lab", 1, 50, None),
    ]
    with_embed = ask(made, "labs_of_country", country="CN", scope="labs")
    assert pick(with_embed, "models", "downloads") == [(3, 3100)]


def test_labs_that_keep_their_operating_country(made: sqlite3.Connection) -> None:
    rows = ask(made, "filled_by_basis")
    # Every lab with a country states its headquarters; Lost Lab has none to keep.
    assert pick(rows, "models", "filled_models", "filled_pct", basis="headquarters") == [(6, 0, 0)]
    # Only Rose Lab states where it is incorporated: 2500 of 2700 are filled.
    incorporated = pick(rows, "models", "filled_models", "filled_pct", basis="incorporation")
    assert incorporated == [(6, 4, round(100 * 2500 / 2700, 4))]


def test_the_real_labs_of_a_country_are_those_of_its_profile(census: sqlite3.Connection) -> None:
    for country in ("CN", "US", "FR"):
        rows = ask(census, "labs_of_country", country=country)
        profile = ask(census, "country_profile", country=country)
        assert pick(profile, "value", fact="Labs") == [len(pick(rows, "lab", role="lab"))]
        counted = sum(row["downloads"] or 0 for row in rows)
        assert pick(profile, "value", fact="Downloads of all time") == [counted]
    unverified = {row["lab"] for row in ask(census, "unverified_labs")}
    listed = ask(census, "labs_of_country", country="", scope="hub")
    assert unverified == set(pick(listed, "lab", role="lab"))


def test_the_real_disputes_and_their_reasons(census: sqlite3.Connection) -> None:
    rows = ask(census, "disputed_labs")
    assert all(row["disputed_because"] for row in rows)
    hugging_face = only([row for row in rows if row["lab"] == "hugging-face"])
    assert (hugging_face["country"], hugging_face["stated"]) == ("US", "FR US")
    # What decides is a document, and exactly one.
    for row in rows:
        evidence = ask(census, "origin_evidence", lab=row["lab"])
        deciding = [claim for claim in evidence if claim["decides"]]
        assert [claim["country"] for claim in deciding] == (
            [row["country"]] if row["country"] else []
        )
        assert all(claim["source_url"] for claim in deciding)


def test_the_real_shares_that_are_filled(census: sqlite3.Connection) -> None:
    filled = by(ask(census, "filled_by_basis"), "basis", "filled_pct")
    assert filled["operating"] == 0
    sensitivity = ask(census, "origin_sensitivity")
    for basis, share in filled.items():
        assert set(pick(sensitivity, "filled_pct", basis=basis)) == {share}
