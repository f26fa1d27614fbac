"""Questions that show one country, lab, family or model in figures and over time."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from made_census import ask, by, make_census, only, pick

from census.questions.parameters import ParameterError


@pytest.fixture(scope="module")
def made() -> sqlite3.Connection:
    return make_census()


@pytest.mark.parametrize(
    ("question", "chosen", "facts"),
    [
        (
            "country_profile",
            {"country": "US"},
            {
                "Labs": 1,
                "Models": 3,
                "Downloads of all time": 900,
                "Share of all downloads": 33.3333,
                "Largest lab": "Blue Lab",
                "Most downloaded model": "Blue/One-70B",
                "Models with an open licence, of those whose licence is classed": 66.67,
                "Models of others made from its models, in a selection of the Hub": 0,
            },
        ),
        (
            "lab_profile",
            {"lab": "rose"},
            {
                "Name": "Rose Lab",
                "Country": "France",
                "Sources disagree about the country": "yes",
                "Document that decides": "Page of rose",
                "Models": 1,
                "Downloads of all time": 150,
                "Place among labs": 3,
            },
        ),
        (
            "family_profile",
            {"family": "red-one"},
            {
                "Lab": "Red Lab",
                "Models": 2,
                "First release": "2026-01-10",
                "Parameters of the smallest model": 1_000_000_000,
                "Downloads of all time": 1600,
                "Place among families": 1,
                "Models of others made from it, in a selection of the Hub": 5,
            },
        ),
        (
            "model_profile",
            {"model": "Packer/One-8B-GGUF"},
            {
                "Lab": "Packer",
                "Country of the lab at release": "Country not established",
                "What the licence allows": "Open: any use",
                "Made from": "Red/One-8B",
                "Downloads of all time": 400,
                "Counted by default": "no: made for scope hub",
            },
        ),
    ],
)
def test_profiles(
    made: sqlite3.Connection, question: str, chosen: dict[str, str], facts: dict[str, Any]
) -> None:
    rows = by(ask(made, question, **chosen), "fact", "value")
    assert {fact: rows[fact] for fact in facts} == facts


def test_a_fact_that_is_not_known_has_no_line(made: sqlite3.Connection) -> None:
    facts = pick(ask(made, "model_profile", model="Blue/Uncounted-7B"), "fact")
    assert "Downloads of all time" not in facts
    assert "Downloads of the last 30 days" in facts


def test_country_history(made: sqlite3.Connection) -> None:
    rows = ask(made, "country_history", country="CN", since="2026-03")
    shown = ("downloads", "low", "high", "in_month", "share_pct", "share_low_pct", "place")
    assert only(pick(rows, *shown, month="2026-03")) == (750, 730, 770, 400, 53.5714, 50.6944, 1)
    assert only(pick(rows, *shown, month="2026-05")) == (1600, 1600, 1600, 300, 59.2593, 59.2593, 1)


def test_lab_history_of_the_base_has_what_others_made(made: sqlite3.Connection) -> None:
    own = ask(made, "lab_history", lab="red", scope="hub", since="2026-05")
    base = ask(made, "lab_history", lab="red", scope="hub", attribution="base", since="2026-05")
    # 1200 + 400 + 1500 of its own, and 400 of Packer's copy.
    assert (own[0]["downloads"], base[0]["downloads"]) == (3100, 3500)


def test_family_history_and_models(made: sqlite3.Connection) -> None:
    rows = ask(made, "family_history", family="blue-one")
    assert pick(rows, "downloads", "low", "high", month="2026-01") == [(200, 100, 300)]
    models = ask(made, "models_of_family", family="red-one")
    assert pick(models, "model", "downloads_all_time") == [
        ("Red/One-8B", 1200),
        ("Red/One-1B", 400),
    ]


@pytest.mark.parametrize(
    ("question", "lines"),
    [("country_profile", 11), ("lab_profile", 13), ("family_profile", 12), ("model_profile", 12)],
)
def test_the_bundled_profiles_are_filled(
    census: sqlite3.Connection, question: str, lines: int
) -> None:
    rows = ask(census, question)
    assert len(rows) >= lines
    assert all(row["value"] is not None for row in rows)


@pytest.mark.parametrize(
    ("question", "key"), [("country", "CN"), ("lab", "qwen"), ("family", "qwen")]
)
def test_the_bundled_histories_are_those_of_the_series(
    census: sqlite3.Connection, question: str, key: str
) -> None:
    rows = ask(census, f"{question}_history", **{question: key})
    last = rows[-1]
    assert (last["through"], last["place"], last["p_place"]) == ("2026-09-05", 1, 1.0)
    whole = census.execute(
        """
        select sum(cumulative)
        from series
        where scope = 'frontier' and attribution = 'publisher' and basis = 'operating'
            and dimension = ? and month = '2026-09'
        """,
        (question,),
    ).fetchone()[0]
    assert last["share_pct"] == pytest.approx(100 * last["downloads"] / whole, abs=1e-3)
    counts = [row["downloads"] for row in rows]
    assert counts == sorted(counts)


def test_the_bundled_models_of_a_family(census: sqlite3.Connection) -> None:
    rows = ask(census, "models_of_family", family="qwen", limit="5000")
    query = "select count(*) from models where family = 'qwen'"
    assert len(rows) == census.execute(query).fetchone()[0]


@pytest.mark.parametrize("question", ["country_history", "country_profile", "denominators"])
def test_a_profile_of_no_country_is_refused(made: sqlite3.Connection, question: str) -> None:
    with pytest.raises(ParameterError):
        ask(made, question, country="")


def test_the_bundled_histories_end_at_the_rankings(census: sqlite3.Connection) -> None:
    first = ask(census, "ranking_by_lab", limit="1")[0]
    last = ask(census, "lab_history", lab=first["lab"])[-1]
    assert (last["downloads"], last["place"]) == (first["downloads"], 1)
    assert ask(census, "models_of_family", family="qwen", limit="1")[0]["lab"] == "Qwen"
    family = ask(census, "family_history", family="qwen")[-1]
    profile = ask(census, "family_profile", family="qwen")
    assert only(pick(profile, "value", fact="Downloads of all time")) == family["downloads"]
