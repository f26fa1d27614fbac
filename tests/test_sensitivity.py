"""What the headline hangs on: origins, single labs, what is counted, beside what."""

from __future__ import annotations

import sqlite3
from datetime import date

import numpy as np
import pytest
from made_census import ask, by, insert, made_sample, make_census_with_draws, only, pick
from made_rows import THROUGH

from census.base.days import day_number
from census.rollups.lab_moves import load_lab_moves
from census.rollups.noise import DRAWS
from census.rollups.robustness import load_robustness
from census.rollups.uncounted import Uncounted

# Of 2700 downloads in the made census China has 1600, the United States 900, France 150.
TOTAL = 2700
LAST_DAY = day_number(date.fromisoformat(THROUGH))
# Blue/Uncounted-7B had 60 downloads in thirty days; drawn are 101 to 300 in all.
UNCOUNTED = {9: Uncounted(101 + np.arange(DRAWS, dtype=np.float64), 60, windowed=True)}


def with_robustness() -> sqlite3.Connection:
    db, downloads, draws = make_census_with_draws()
    sample = made_sample(downloads.published)
    load_robustness(db, downloads, draws, sample, {LAST_DAY: UNCOUNTED})
    return db


@pytest.fixture
def made() -> sqlite3.Connection:
    return with_robustness()


def test_the_basis_moves_a_lab_and_says_what_it_does_not_know(made: sqlite3.Connection) -> None:
    rows = ask(made, "origin_sensitivity")
    assert pick(rows, "country", "downloads", "share_pct", basis="operating") == [
        ("CN", 1600, 59.2593),
        ("US", 900, 33.3333),
    ]
    # By incorporation Rose Lab's 150 are American; Red and Blue have no statement on it.
    assert pick(rows, "country", "downloads", "share_pct", basis="incorporation") == [
        ("CN", 1600, 59.2593),
        ("US", 1050, 38.8889),
    ]
    assert pick(rows, "filled_pct", "filled_labs", basis="incorporation", country="CN") == [
        (round(100 * 2500 / TOTAL, 4), 2)
    ]
    assert pick(rows, "filled_pct", basis="operating", country="US") == [0.0]
    assert pick(rows, "filled_labs", basis="founding_location", country="US") == [3]


def test_a_country_without_downloads_has_none_of_them(made: sqlite3.Connection) -> None:
    rows = ask(made, "origin_sensitivity", first="FR", second="CN", attribution="base")
    assert pick(rows, "share_pct", basis="incorporation", country="FR") == [0.0]


def test_points_that_a_single_lab_moves(made: sqlite3.Connection) -> None:
    rows = ask(made, "labs_that_move_shares")
    moved = {(row["lab"], row["change"]): row for row in rows}
    red = moved["red", "left out"]
    # Without Red's 1600 China has nothing and the United States 900 of 1100.
    assert (red["first_points"], red["second_points"]) == (-59.2593, 48.4848)
    rose = moved["rose", "counted elsewhere"]
    assert (rose["other_country"], rose["first_points"], rose["second_points"]) == ("US", 0, 5.5556)
    assert rose["bases"] == "incorporation"
    assert rose["what"] == "Rose Lab counted for United States"
    assert (rose["disputed"], red["disputed"]) == (1, 0)
    left_out = moved["rose", "left out"]
    assert (left_out["first_points"], left_out["second_points"]) == (3.4858, 1.9608)
    assert rows[0] is red, "the largest first"
    only_moved = ask(made, "labs_that_move_shares", change="counted elsewhere")
    assert [row["lab"] for row in only_moved] == ["rose"]


@pytest.fixture
def march() -> sqlite3.Connection:
    """The made census to the end of March, when three models are not counted."""
    db, downloads, draws = make_census_with_draws()
    db.execute("delete from lab_moves")
    ends = {"frontier": day_number(date(2026, 3, 31))}
    load_lab_moves(db, downloads, draws, made_sample(downloads.published), ends)
    return db


def test_a_move_has_bounds_and_an_interval_of_its_own(march: sqlite3.Connection) -> None:
    found = {
        (lab, other, country): values
        for lab, other, country, *values in march.execute(
            "select lab, other_country, country, points, low_points, high_points,"
            " likely_low_points, likely_high_points from lab_moves where attribution = 'publisher'"
        )
    }
    # Without Rose's 40 China has 750 of 1360, not of 1400: 750 / 1360 - 750 / 1400, in points. In
    # the draws China has 770 less 40 of 1380 and 40 more, by where in its bounds a draw is.
    points, low, high, *likely = found["rose", None, "CN"]
    assert points == round(100 * (750 / 1360 - 750 / 1400), 4)
    at = [100 * ((770 - 40 * p) / (1340 + 40 * p) - (770 - 40 * p) / (1380 + 40 * p))
          for p in (0.0525, 0.9475)]  # fmt: skip
    assert likely == [round(min(at), 2), round(max(at), 2)]
    # By the bounds China has 730 to 770 beside 550 to 670: at least 730 of 1400, times 40 of 1480.
    assert low == round(100 * (730 / 1400) * (40 / 1480), 4)
    assert high == round(100 * (770 / 1320) * (40 / 1320), 4)
    # Counted for the United States, Rose's part of all is theirs, and China's stays.
    assert found["rose", "US", "CN"][:3] == [0.0, 0.0, 0.0]
    moved = found["rose", "US", "US"]
    assert moved[:3] == [round(100 * 40 / all_, 4) for all_ in (1400, 1480, 1320)]
    assert found["rose", "US", "FR"][0] == -moved[0]
    # Of Lost Lab, of no country, others have more without it.
    assert found["lost", None, "CN"][0] > 0


def test_the_larger_of_two_moves_is_shown_with_its_interval(march: sqlite3.Connection) -> None:
    rows = ask(march, "labs_that_move_shares")
    red = next(row for row in rows if row["lab"] == "red")
    # China loses all of it, which is more than the others gain.
    assert red["most_points"] == -red["first_points"]
    ends = ("low", "likely_low", "likely_high", "high")
    shown = [red[f"most_{end}_points"] for end in ends]
    assert shown == [-red[f"first_{end}_points"] for end in reversed(ends)]
    assert shown == sorted(shown)


def test_both_sides_of_a_dispute_are_listed(made: sqlite3.Connection) -> None:
    rows = ask(made, "disputed_origin_claims")
    assert pick(rows, "lab", "country_by_rule", "side", "basis", "decides") == [
        ("rose", "FR", "FR", "headquarters", 1),
        ("rose", "FR", "US", "incorporation", 0),
    ]
    assert only([*{row["downloads"] for row in rows}]) == 150


def test_one_country_under_every_denominator_beside_the_published(made: sqlite3.Connection) -> None:
    insert(
        made,
        "published_figures",
        [
            ("peer-cn", "Peer", "share of downloads", "share_of_downloads", "country", "CN", "all",
             41.0, "percent", "2026-03", None, "secondary", None, "https://example.com", "A year."),
            ("peer-count", "Peer", "downloads", "cumulative_downloads", "country", "CN", "all",
             41.0, "downloads", "2026-03", None, "secondary", None, "https://example.com", None),
        ],
    )  # fmt: skip
    rows = ask(made, "denominators")
    assert pick(rows, "what", "share_pct", "models", publisher="Open Model Census") == [
        ("By publisher: Language and vision-language models", round(100 * 1600 / 2700, 4), 6),
        ("By base: Language and vision-language models", round(100 * 1600 / 2700, 4), 6),
        # Red/Embed adds 1500.
        ("By publisher: All models of labs", round(100 * 3100 / 4200, 4), 7),
        ("By base: All models of labs", round(100 * 3100 / 4200, 4), 7),
        # Packer's 400 are nobody's by publisher and China's by base.
        (
            "By publisher: All observed models of registered publishers",
            round(100 * 3100 / 4600, 4),
            8,
        ),
        ("By base: All observed models of registered publishers", round(100 * 3500 / 4600, 4), 8),
    ]
    assert pick(rows, "share_pct", "low_pct", "why", publisher="Peer") == [(41.0, None, "A year.")]
    assert {row["publisher"] for row in ask(made, "denominators", country="FR")} == {
        "Open Model Census"
    }


def test_the_headline_without_this_and_that(made: sqlite3.Connection) -> None:
    rows = ask(made, "headline_robustness")
    shares = {
        (row["variant"], row["country"]): row["share_pct"]
        for row in rows
        if row["attribution"] == "publisher"
    }
    assert (shares["all", "CN"], shares["all", "US"]) == (59.2593, 33.3333)
    # Without Red/One-8B (1200) 400 and 900 of 1500 are left.
    assert (shares["without_top_model", "CN"], shares["without_top_model", "US"]) == (26.6667, 60)
    assert (shares["without_top_lab", "CN"], shares["without_top_lab", "US"]) == (0, 81.8182)
    # Rose Lab is the disputed one.
    assert (shares["without_disputed", "CN"], shares["without_disputed", "US"]) == (
        62.7451,
        35.2941,
    )
    assert set(pick(rows, "left_out", variant="without_top_model")) == {"Red/One-8B"}
    # Names, not codes, for readers.
    assert set(pick(rows, "left_out", variant="without_top_lab")) == {"Red Lab"}
    assert rows[0]["what"] == "China by publisher, all models"
    assert set(pick(rows, "left_out_models", variant="without_under_1b")) == {0}
    assert [row["attribution"] for row in rows] == sorted(
        (row["attribution"] for row in rows), reverse=True
    )


def test_small_models_and_those_of_unknown_size_are_told_apart() -> None:
    db, downloads, draws = make_census_with_draws()
    # Red/One-1B is small now, and of Blue/Vision-3B no size is known.
    db.execute("update models set parameters = 500000000 where id = 2")
    db.execute("update models set parameters = null where id = 4")
    load_robustness(db, downloads, draws, made_sample(downloads.published), {LAST_DAY: {}})
    rows = ask(db, "headline_robustness")
    with_unknown = pick(rows, "downloads", "models", attribution="publisher",
                        variant="without_under_1b")  # fmt: skip
    without = pick(rows, "downloads", "models", attribution="publisher",
                   variant="known_1b_and_more")  # fmt: skip
    assert (with_unknown, without) == ([(1200, 5), (900, 5)], [(1200, 4), (700, 4)])


def test_models_without_an_all_time_count_are_a_variant(made: sqlite3.Connection) -> None:
    rows = ask(made, "headline_robustness")
    names = ("models", "downloads", "low_pct", "high_pct", "rests_on")
    # 900 downloads are counted, and 101 to 300 drawn: 200 in the middle, 60 at the least. Nothing
    # limits the most, so nothing limits the shares of those beside it downwards.
    american = pick(rows, *names, variant="with_uncounted", attribution="publisher", country="US")
    assert american == [(7, 1100, round(100 * 960 / (960 + 1600 + 200), 4), 100.0, "estimated")]
    chinese = pick(rows, *names, variant="with_uncounted", attribution="publisher", country="CN")
    assert chinese == [(7, 1600, 0.0, round(100 * 1600 / (1600 + 960 + 200), 4), "counted")]
    # Of 200 draws the ten lowest and the ten highest are left out: 111 and 290.
    (likely,) = pick(
        rows, "likely_low_pct", "likely_high_pct", variant="with_uncounted",
        attribution="publisher", country="US",
    )  # fmt: skip
    assert likely == (round(100 * 1011 / 2811, 2), round(100 * 1190 / 2990, 2))
    # On a day on which all models are counted every other variant is a point.
    for row in rows:
        if row["variant"] != "with_uncounted" and row["downloads"]:
            ends = (row["likely_low_pct"], row["likely_high_pct"])
            assert ends in ((row["share_pct"],) * 2, (None, None))
            assert (row["rests_on"], row["counted_pct"]) == ("counted", 100.0)
            assert row["low_pct"] == row["share_pct"] == row["high_pct"]


def test_the_real_basis_operating_is_the_real_headline(census: sqlite3.Connection) -> None:
    headline = by(ask(census, "ranking_by_country"), "country", "share_pct")
    rows = ask(census, "origin_sensitivity")
    for country in ("CN", "US"):
        assert pick(rows, "share_pct", basis="operating", country=country) == [headline[country]]
    assert {row["basis"] for row in rows} == {
        "operating",
        "headquarters",
        "parent_headquarters",
        "incorporation",
        "founding_location",
    }
    assert all(0 <= row["filled_pct"] <= 100 for row in rows)
    robust = ask(census, "headline_robustness")
    assert pick(robust, "share_pct", variant="all", attribution="publisher") == [
        headline["CN"],
        headline["US"],
    ]
    # Every share that others published has the reason why it differs.
    theirs = [row for row in ask(census, "denominators") if row["publisher"] != "Open Model Census"]
    assert len(theirs) >= 8
    assert all(row["differs"] for row in theirs)
    ours = pick(
        ask(census, "denominators"),
        "share_pct",
        what="By publisher: Language and vision-language models",
    )
    assert ours == [headline["CN"]]


def test_lab_countries_add_up_to_the_real_series(census: sqlite3.Connection) -> None:
    query = """
        select k.scope, k.attribution, k.basis, sum(k.downloads), s.total
        from lab_countries as k
        inner join (
            select p.scope, p.attribution, p.basis, sum(p.cumulative) as total
            from series as p
            inner join scopes as x on x.scope = p.scope and substr(x.through, 1, 7) = p.month
            where p.dimension = 'country'
            group by p.scope, p.attribution, p.basis
        ) as s on s.scope = k.scope and s.attribution = k.attribution and s.basis = k.basis
        group by k.scope, k.attribution, k.basis
    """
    sums = census.execute(query).fetchall()
    assert len(sums) == 3 * 2 * 5
    assert all(mine == theirs for *_, mine, theirs in sums)


def test_real_published_shares_stand_beside_ours(census: sqlite3.Connection) -> None:
    rows = ask(census, "denominators")
    published = [row for row in rows if row["publisher"] != "Open Model Census"]
    assert len(rows) - len(published) == 6
    assert {17.1, 41.0, 56.5} <= {row["share_pct"] for row in published}
    assert all(row["why"] and row["source_url"] for row in published)


def test_the_real_labs_that_move_most(census: sqlite3.Connection) -> None:
    rows = ask(census, "labs_that_move_shares")
    qwen = next(row for row in rows if (row["lab"], row["change"]) == ("qwen", "left out"))
    assert qwen["first_points"] < -5
    disputed = {row["lab"] for row in ask(census, "disputed_labs")}
    listed = {row["lab"] for row in ask(census, "disputed_origin_claims")}
    assert disputed == listed
