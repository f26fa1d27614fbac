"""Downloads of the last 30 days: exact sums of days on which a source counted enough models."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest
from made_census import ask, insert, make_census, pick

from census.base.days import day_number
from census.history.model_counts import ModelCounts, Window
from census.history.observed_rows import read_rows
from census.questions.parameters import ParameterError
from census.rollups.keys import IN_SCOPE
from census.rollups.recent import load_recent

LIST, CRAWL, LOOK = 1, 2, 3
# Slug, kind, preference: of one day the first source is preferred.
SOURCES = ((LIST, "list", "import", 1), (CRAWL, "crawl", "import", 2), (LOOK, "look", "import", 3))
FEBRUARY, EARLY_MAY, FIRST_PART, SECOND_PART, LAST = (
    "2026-02-16", "2026-05-04", "2026-05-18", "2026-05-19", "2026-05-20",
)  # fmt: skip
# Day, source, counts by model. The crawl takes two days, on which it lists other models; the looks
# are not of their day, and only two models of frontier are counted on 4 May.
COUNTS = (
    (FEBRUARY, CRAWL, {1: 100, 3: 50, 4: 50}),
    (EARLY_MAY, CRAWL, {1: 300, 3: 100, 8: 10}),
    (FIRST_PART, CRAWL, {1: 380, 2: 150}),
    (SECOND_PART, CRAWL, {3: 140, 5: 70}),
    (LAST, LIST, {1: 400, 2: 150, 3: 150, 9: 60}),
    (LAST, CRAWL, {3: 149, 5: 70}),
    (LAST, LOOK, {4: 70, 5: 71, 6: 30}),
)
FLAGGED = {(2, LAST)}


def day(text: str) -> int:
    return day_number(date.fromisoformat(text))


def recent_census() -> sqlite3.Connection:
    """Return the made census with the counts of four days; days of three models are offered."""
    db = make_census()
    db.execute("update sources set slug = 'list', kind = 'import'")
    for number, slug, kind, preference in SOURCES[1:]:
        row = (number, slug, slug, kind, "hub", "CC0", "Nobody", "https://example.com", preference)
        insert(db, "sources", [(*row, None)])
    for text in sorted({count[0] for count in COUNTS}):
        insert(db, "snapshots", [(day(text), text, 1, 1)])
    windows: dict[int, dict[int, int]] = {}
    for text, source, counts in COUNTS:
        for model, downloads in counts.items():
            insert(db, "history", [(day(text), model, source, downloads, None, None)])
            windows.setdefault(model, {}).setdefault(day(text), downloads)
    known = {
        model: ModelCounts(None, None, (), tuple(Window(*one) for one in sorted(of_model.items())))
        for model, of_model in sorted(windows.items())
    }
    members = {
        scope: [row[0] for row in db.execute(f"select m.id from models as m where {condition}")]
        for scope, condition in IN_SCOPE.items()
    }
    inexact = {(LOOK, day(LAST))}
    flagged = {(model, day(text)) for model, text in FLAGGED}
    load_recent(db, read_rows(db), known, members, inexact, flagged, least=3)
    insert(
        db,
        "quality_events",
        [(1, "outlier", "list", LAST, LAST, 2, 1, "150 downloads stand out")],
    )
    return db


@pytest.fixture(scope="module")
def made() -> sqlite3.Connection:
    return recent_census()


def test_offered_days(made: sqlite3.Connection) -> None:
    rows = made.execute(
        "select scope, counted_on, source, models, downloads, of_month from recent_days"
        " where scope <> 'hub' order by scope desc, counted_on"
    ).fetchall()
    assert rows == [
        ("labs", FEBRUARY, "crawl", 3, 200, 1),
        # Red/Embed is of scope labs only, so that frontier has two models on this day.
        ("labs", EARLY_MAY, "crawl", 3, 410, 0),
        ("labs", SECOND_PART, "crawl", 4, 740, 0),
        ("labs", LAST, "list", 5, 830, 1),
        ("frontier", FEBRUARY, "crawl", 3, 200, 1),
        ("frontier", SECOND_PART, "crawl", 4, 740, 0),
        ("frontier", LAST, "list", 5, 830, 1),
    ]


def test_counts_of_a_day_are_of_the_preferred_source(made: sqlite3.Connection) -> None:
    rows = made.execute(
        "select model, source, downloads_30d, flagged from recent_counts where counted_on = ?",
        (LAST,),
    ).fetchall()
    # The list's 150 of Blue/One-70B, and what it lacks from the crawl; a look is of no day.
    assert rows == [(1, 1, 400, 0), (2, 1, 150, 1), (3, 1, 150, 0), (5, 2, 70, 0), (9, 1, 60, 0)]


def test_share_of_the_last_30_days(made: sqlite3.Connection) -> None:
    rows = ask(made, "share_by_country", measure="recent")
    assert list(rows[0]) == list(ask(made, "share_by_country")[0])
    names = ("month", "country", "downloads", "share_pct", "through")
    # One day a month, the one of most downloads; the model without an all-time count is in it.
    assert pick(rows, *names) == [
        ("2026-02", "CN", 100, 50.0, FEBRUARY),
        ("2026-02", "US", 100, 50.0, FEBRUARY),
        ("2026-05", "CN", 550, round(100 * 550 / 830, 4), LAST),
        ("2026-05", "US", 210, round(100 * 210 / 830, 4), LAST),
        ("2026-05", "FR", 70, round(100 * 70 / 830, 4), LAST),
    ]
    for row in rows:
        assert row["low_pct"] == row["share_pct"] == row["high_pct"]
        assert (row["likely_low_pct"], row["likely_high_pct"]) == (None, None)
        assert (row["rests_on"], row["counted_pct"]) == ("counted", 100.0)
    flagged = pick(rows, "country", "flagged_pct", month="2026-05")
    assert flagged == [("CN", round(100 * 150 / 550, 2)), ("US", 0.0), ("FR", 0.0)]
    # Without Red/One-8B's 400 China has 150 of 430; France nothing.
    without = pick(rows, "country", "without_largest_pct", month="2026-05")
    assert without == [
        ("CN", round(100 * 150 / 430, 4)),
        ("US", round(100 * 60 / 680, 4)),
        ("FR", 0.0),
    ]
    assert pick(ask(made, "share_by_country", measure="recent", until="2026-02"), "country") == [
        "CN",
        "US",
    ]


def test_coverage_of_the_last_30_days(made: sqlite3.Connection) -> None:
    rows = ask(made, "share_by_country", measure="recent", since="2026-02", until="2026-02")
    assert pick(rows, "country", "covered_pct") == [("CN", 100.0), ("US", 100.0)]
    # A day later 60 and 70 of Blue's and 30 of Lost's other models are known, so that the crawl has
    # 140 of America's 270 and 740 of all 900.
    ranked = ask(made, "ranking_by_country", measure="recent", on=SECOND_PART)
    assert pick(ranked, "country", "downloads", "covered_pct", "coverage") == [
        ("CN", 530, 100.0, "likely overstated"),
        ("US", 140, round(100 * 140 / 270, 2), "likely understated"),
        ("FR", 70, 100.0, "likely overstated"),
    ]


def test_rankings_of_the_last_30_days(made: sqlite3.Connection) -> None:
    rows = ask(made, "ranking_by_lab", measure="recent")
    assert pick(rows, "place", "lab", "models", "downloads", "low", "high", "through") == [
        (1, "red", 2, 550, 550, 550, LAST),
        (2, "blue", 2, 210, 210, 210, LAST),
        (3, "rose", 1, 70, 70, 70, LAST),
    ]
    assert {row["p_place"] for row in rows} == {None}
    assert list(rows[0]) == list(ask(made, "ranking_by_lab")[0])
    only_french = ask(made, "ranking_by_lab", measure="recent", country="FR")
    assert pick(only_french, "lab", "share_pct") == [("rose", round(100 * 70 / 830, 4))]


def test_models_of_one_day(made: sqlite3.Connection) -> None:
    rows = ask(made, "top_models", measure="recent")
    assert pick(rows, "place", "model", "downloads", "counted_on", "flagged") == [
        (1, "Red/One-8B", 400, LAST, 0),
        # A count that stands out keeps its place and is marked.
        (2, "Blue/One-70B", 150, LAST, 0),
        (3, "Red/One-1B", 150, LAST, 1),
        (4, "Rose/Small-8B", 70, LAST, 0),
        (5, "Blue/Uncounted-7B", 60, LAST, 0),
    ]
    assert pick(rows, "noted", model="Red/One-1B") == ["150 downloads stand out"]
    newest = ask(made, "top_models", measure="30-day", limit="3")
    assert pick(newest, "model", "flagged") == [
        ("Red/One-8B", 0),
        ("Blue/One-70B", 0),
        ("Red/One-1B", 1),
    ]
    assert {row["flagged"] for row in ask(made, "top_models")} == {0}


def test_the_same_models_on_two_days(made: sqlite3.Connection) -> None:
    rows = ask(made, "recent_panels", first=FEBRUARY, second=LAST)
    names = ("key", "models", "first_downloads", "second_downloads", "points")
    # Red/One-8B and Blue/One-70B are on both days.
    assert pick(rows, *names) == [
        ("CN", 1, 100, 400, round(100 * 400 / 550 - 100 * 100 / 150, 4)),
        ("US", 1, 50, 150, round(100 * 150 / 550 - 100 * 50 / 150, 4)),
    ]
    # The panel has 100 of China's 100 then, and 400 of its 550 now, 150 of them flagged.
    assert pick(rows, "first_covered_pct", key="CN") == [100.0]
    assert pick(rows, "first_covered_pct", key="US") == [50.0]
    assert pick(rows, "largest_model", "first_without_largest_pct", key="CN") == [
        ("Red/One-8B", 0.0)
    ]
    # By default the newest day is compared with the one before.
    assert {
        (row["first_through"], row["second_through"]) for row in ask(made, "recent_panels")
    } == {(SECOND_PART, LAST)}
    made_of_another_kind = recent_census()
    made_of_another_kind.execute("update sources set kind = 'hub' where slug = 'list'")
    rows = ask(made_of_another_kind, "recent_panels", first=FEBRUARY, second=LAST)
    assert rows == []


@pytest.mark.parametrize(
    ("question", "given", "name", "allowed"),
    [
        ("share_by_country", {"measure": "recent", "view": "areas"}, "view", ["lines"]),
        ("share_by_country", {"measure": "recent", "step": "day"}, "step", ["month"]),
        ("ranking_by_country", {"on": LAST}, "on", [""]),
        ("ranking_by_lab", {"on": LAST, "measure": "cumulative"}, "on", [""]),
        ("top_models", {"on": LAST}, "on", [""]),
        ("ranking_by_lab", {"measure": "recent", "on": EARLY_MAY}, "scope", ["labs", "hub"]),
        ("recent_panels", {"first": EARLY_MAY}, "scope", ["labs", "hub"]),
        ("ranking_by_country", {"measure": "recent", "on": FIRST_PART}, "on",
         ["", LAST, SECOND_PART, EARLY_MAY, FEBRUARY]),
    ],
)  # fmt: skip
def test_what_is_not_offered_is_refused(
    made: sqlite3.Connection, question: str, given: dict[str, str], name: str, allowed: list[str]
) -> None:
    with pytest.raises(ParameterError) as refused:
        ask(made, question, **given)
    assert (refused.value.name, refused.value.allowed) == (name, allowed)


def test_a_source_that_counts_daily_is_offered_by_the_month() -> None:
    db = make_census()
    db.execute("update sources set kind = 'hub'")
    first = day("2025-11-01")
    for number in range(first, day(LAST) + 1):
        text = date.fromordinal(date(1970, 1, 1).toordinal() + number).isoformat()
        insert(db, "snapshots", [(number, text, 1, 1)])
        insert(db, "history", [(number, 1, 1, 100, None, None)])
    known = {1: ModelCounts(None, None, (), (Window(day(LAST), 100),))}
    members = {"frontier": [1], "labs": [1], "hub": [1]}
    load_recent(db, read_rows(db), known, members, set(), set(), least=1)
    days = [row[0] for row in db.execute("select counted_on from recent_days where scope = 'hub'")]
    # The last day of each month, and the 92 days that end on 20 May.
    assert days[:4] == ["2025-11-30", "2025-12-31", "2026-01-31", "2026-02-18"]
    assert (len(days), days[-1]) == (3 + 92, LAST)


def test_no_day_is_offered_where_too_few_models_were_counted() -> None:
    db = make_census()
    insert(db, "snapshots", [(day(LAST), LAST, 1, 1)])
    insert(db, "history", [(day(LAST), 1, 1, 100, None, None)])
    counts = ModelCounts(None, None, (), (Window(day(LAST), 100),))
    members = {"frontier": [1], "labs": [1], "hub": [1]}
    load_recent(db, read_rows(db), {1: counts}, members, set(), set(), least=1000)
    assert db.execute("select count(*) from recent_series").fetchone() == (0,)


def test_the_bundled_last_30_days(census: sqlite3.Connection) -> None:
    offered = [
        row[0]
        for row in census.execute(
            "select counted_on from recent_days where scope = 'frontier' order by counted_on"
        )
    ]
    # The crawl of 7 and 8 September 2025 is one; radar and llmfit count no day.
    assert {"2025-09-08", "2026-05-23", "2026-09-05"} <= set(offered)
    assert not {"2025-09-07", "2026-05-10", "2026-08-20"} & set(offered)
    rows = ask(census, "ranking_by_country", measure="recent", on="2026-05-23")
    covered = {row["country"]: row["covered_pct"] for row in rows}
    # The snapshot of May held so much of what is known of each country's recent downloads.
    assert covered["CN"] == pytest.approx(42, abs=1)
    # It lacks the models of Moondream, which other sources counted in the weeks before.
    assert covered["US"] == pytest.approx(81.5, abs=1)
    # It lacks the Ministral 3 models, Devstral Small 2 and Holo3, of which other sources counted
    # 1.1 million downloads in the weeks before, beside the 11.2 million that it has.
    assert covered["FR"] == pytest.approx(91, abs=1)
    expected = census.execute(
        """
        select sum(h.downloads_30d)
        from history as h
        inner join snapshots as s on h.day = s.day
        inner join models as m on h.model = m.id
        where s.date = '2026-09-05' and m.in_frontier = 1
        """
    ).fetchone()[0]
    newest = ask(census, "ranking_by_country", measure="recent")
    assert {row["through"] for row in newest} == {"2026-09-05"}
    assert sum(row["downloads"] for row in newest) == expected
    assert sum(row["share_pct"] for row in newest) == pytest.approx(100, abs=0.01)
    months = pick(ask(census, "share_by_country", measure="recent"), "month", "through")
    assert len({month for month, _ in months}) == len(set(months))
