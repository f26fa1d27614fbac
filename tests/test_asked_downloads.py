"""Questions on shares, growth, releases, openness, sizes, likes and concentration.

The numbers of the small census can be checked against the table at the head of made_census.py;
those of the bundled data against the sources' own rows.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from made_census import ask, by, insert, make_census, only, pick
from made_rows import LATEST, THROUGH


@pytest.fixture(scope="module")
def made() -> sqlite3.Connection:
    return make_census()


def test_share_of_downloads_by_family(made: sqlite3.Connection) -> None:
    rows = ask(made, "share_of_downloads", since="2026-03")
    march = pick(rows, "key", "downloads", "low", "high", month="2026-03")
    assert march == [
        ("red-one", 750, 730, 770),
        ("blue-one", 500, 450, 550),
        (None, 150, 140, 160),
    ]
    # 730 of 730 + 550 + 160, and 770 of 770 + 450 + 140.
    shares = only(pick(rows, "share_pct", "low_pct", "high_pct", month="2026-03", key="red-one"))
    assert shares == (53.5714, 50.6944, 56.6176)


def test_share_of_downloads_in_a_month_by_size(made: sqlite3.Connection) -> None:
    rows = ask(
        made, "share_of_downloads", dimension="size_bucket", measure="monthly", since="2026-03",
        until="2026-03",
    )  # fmt: skip
    # March: 300 + 40 + 10 of 8B models, 100 and 90 of the small ones, 100 of the large one.
    assert by(rows, "key", "downloads") == {"5-10B": 350, "1-5B": 190, "50-100B": 100}
    assert only(pick(rows, "low", "high", key="50-100B")) == (0, 250)


@pytest.mark.parametrize("dimension", ["country", "region", "lab", "family", "modality", "licence"])
def test_share_of_downloads_folds_all_but_the_largest(
    made: sqlite3.Connection, dimension: str
) -> None:
    rows = ask(made, "share_of_downloads", dimension=dimension, top="1", since="2026-05")
    assert [row["key"] for row in rows][1:] == ["other"]
    assert sum(row["downloads"] for row in rows) == 2700


@pytest.mark.parametrize("question", ["share_of_downloads", "monthly_downloads"])
def test_a_licence_called_other_is_not_the_rest(question: str) -> None:
    made = make_census()
    made.execute("update series_keys set key = 'other', label = 'other' where key = 'llama3'")
    rows = ask(made, question, dimension="licence", top="2", since="2026-05")
    assert pick(rows, "key", "label")[1:] == [
        ("other licence", "Other licence"),
        ("other", "Other"),
    ]


def test_monthly_downloads(made: sqlite3.Connection) -> None:
    rows = ask(made, "monthly_downloads", since="2026-03", until="2026-03")
    # America in March: 100 [0, 250] and 90 [70, 110].
    assert pick(rows, "label", "downloads", "low", "high") == [
        ("China", 400, 370, 430),
        ("United States", 190, 70, 360),
        ("Europe", 40, 40, 40),
        ("Country not established", 10, 10, 10),
    ]


def test_fastest_growing_models(made: sqlite3.Connection) -> None:
    rows = ask(made, "fastest_growing_models", at_least="200")
    assert pick(rows, "place", "model", "growth_pct", "low_pct", "high_pct") == [
        (1, "Red/One-1B", 60.0, 53.85, 66.67),
        (2, "Red/One-8B", 33.33, 33.33, 33.33),
        (3, "Blue/One-70B", 20.69, 20.69, 20.69),
    ]
    grounds = ("likely_low_pct", "likely_high_pct", "rests_on", "counted_pct", "likely_low")
    assert pick(rows, *grounds)[:2] == [
        (55.04, 65.29, "estimated", 0.0, 142),
        (33.3333, 33.3333, "counted", 100.0, 300),
    ]
    # What certainly grew by 53.8462 % comes before what may have grown by more.
    first = ask(made, "fastest_growing_models", at_least="1", limit="2")
    assert pick(first, "model", "low_pct") == [("Red/One-1B", 53.85), ("Blue/Vision-3B", 53.85)]
    uncertain = make_census()
    uncertain.execute("update recent_growth set low = 26, growth_low_pct = 10.0 where model = 2")
    last = ask(uncertain, "fastest_growing_models", at_least="200")[-1]
    assert (last["model"], last["growth_pct"], last["low_pct"]) == ("Red/One-1B", 60.0, 10.0)
    assert pick(ask(made, "fastest_growing_models", at_least="200", country="US"), "model") == [
        "Blue/One-70B"
    ]


def test_newest_models(made: sqlite3.Connection) -> None:
    rows = ask(made, "newest_models", limit="2")
    assert pick(rows, "released_on", "model", "downloads_all_time") == [
        ("2026-04-02", "Blue/Uncounted-7B", None),
        ("2026-03-20", "Lost/Thing-8B", 50),
    ]


@pytest.mark.parametrize(
    ("split", "expected"),
    [
        ("licence_class", [(None, 1, 50.0), ("non_commercial", 1, 50.0)]),
        ("country", [(None, 1, 50.0), ("FR", 1, 50.0)]),
        ("gating", [(None, 1, 50.0), ("auto", 1, 50.0)]),
        ("size_bucket", [("5-10B", 2, 100.0)]),
        ("modality", [("text", 2, 100.0)]),
    ],
)
def test_releases_by_month(
    made: sqlite3.Connection, split: str, expected: list[tuple[Any, ...]]
) -> None:
    rows = ask(made, "releases_by_month", split=split)
    assert pick(rows, "key", "models", "share_pct", month="2026-03") == expected
    assert sum(row["models"] for row in rows) == 7


def test_openness_by_country(made: sqlite3.Connection) -> None:
    rows = ask(made, "openness_by_country", at_least="1")
    named = ("models", "open_models", "restricted_models", "open_pct", "ungated_pct")
    # America: two of three models are open, with 200 of 900 downloads.
    assert only(pick(rows, *named, country="US")) == (3, 2, 1, 66.67, 66.67)
    assert only(pick(rows, "open_downloads_pct", country="US")) == 22.22
    assert only(pick(rows, "open_low_pct", "open_high_pct", country="US")) == (66.67, 66.67)
    assert pick(rows, *named, country=None) == []
    assert only(pick(rows, "open_models", "non_commercial_models", country="FR")) == (0, 1)
    assert pick(ask(made, "openness_by_country", at_least="2"), "country") == ["CN", "US"]


def test_licences_by_country(made: sqlite3.Connection) -> None:
    rows = ask(made, "licences_by_country")
    assert pick(rows, "licence", "class", "models", "downloads") == [
        ("apache-2.0", "open", 2, 1600),
        ("mit", "open", 2, 200),
        (None, None, 1, 50),
        ("cc-by-nc-4.0", "non_commercial", 1, 150),
        ("llama3", "restricted", 1, 700),
    ]


@pytest.mark.parametrize(
    ("statistic", "dimension", "value"),
    [
        ("top_1", "lab", 59.2593),  # 1600 of 2700
        ("top_3", "lab", 98.1481),  # 2650 of 2700
        ("hhi", "lab", 4657.0645),  # 59.26² + 33.33² + 5.56² + 1.85²
        ("top_1", "country", 60.3774),  # 1600 of the 2650 with a country
        ("gini", "country", 36.478),  # 100 (2 (0.6038 + 0.9434) - 3 + 1) / 3
        ("top_1", "model", 44.4444),  # 1200 of 2700
    ],
)
def test_concentration_by_month(
    made: sqlite3.Connection, statistic: str, dimension: str, value: float
) -> None:
    rows = ask(made, "concentration_by_month", statistic=statistic, dimension=dimension)
    assert only(pick(rows, "value", "low", "high", month="2026-05")) == (value, value, value)


def test_concentration_is_bounded_where_counts_are(made: sqlite3.Connection) -> None:
    rows = ask(made, "concentration_by_month", statistic="top_1")
    # Red in March: 730 of 730 + 660 + 50 at least, 770 of 770 + 540 + 50 at most.
    assert only(pick(rows, "value", "low", "high", month="2026-03")) == (53.5714, 50.6944, 56.6176)


def test_size_mix_by_country(made: sqlite3.Connection) -> None:
    rows = ask(made, "size_mix_by_country", country="")
    assert pick(rows, "size_bucket", "downloads", "share_pct", country="CN") == [
        ("1-5B", 400, 25.0),
        ("5-10B", 1200, 75.0),
    ]
    assert pick(rows, "models", country="US", size_bucket="5-10B") == [1]


def test_likes_and_downloads() -> None:
    made = make_census()
    insert(made, "snapshots", [(20_593, THROUGH, 6, 6)])
    insert(made, "history", [(20_593, key, 1, None, None, LATEST[key][2]) for key in range(1, 7)])
    rows = ask(made, "likes_and_downloads")
    first = rows[0]
    # 70 likes on 700 downloads; the 1,200 downloads of Red/One-8B have 30.
    assert (first["model"], first["likes_per_million"]) == ("Blue/One-70B", 100_000.0)
    assert only(
        pick(rows, "place_by_downloads", "place_by_likes", "likes_per_million", model="Red/One-8B")
    ) == (1, 2, 25_000.0)


def test_the_bundled_shares_of_each_split_sum_to_100(census: sqlite3.Connection) -> None:
    for dimension in ("region", "family", "size_bucket", "licence", "modality"):
        rows = ask(census, "share_of_downloads", dimension=dimension, since="2026-05")
        sums: dict[str, float] = {}
        for row in rows:
            sums[row["month"]] = sums.get(row["month"], 0) + row["share_pct"]
        assert [*sums.values()] == pytest.approx([100.0] * len(sums), abs=0.01)
        for row in rows:
            assert row["low"] <= row["downloads"] <= row["high"]
            assert row["low_pct"] <= row["share_pct"] <= row["high_pct"]


def test_the_bundled_downloads_of_a_month_are_its_growth(census: sqlite3.Connection) -> None:
    rows = ask(census, "monthly_downloads", dimension="modality", since="2026-04")
    sums = ask(census, "share_of_downloads", dimension="modality", since="2026-03")
    for before, month in (("2026-03", "2026-04"), ("2026-04", "2026-05")):
        grown = sum(pick(sums, "downloads", month=month)) - sum(
            pick(sums, "downloads", month=before)
        )
        # The middle of a difference is not the difference of the middles.
        assert sum(pick(rows, "downloads", month=month)) == pytest.approx(grown, rel=0.1)


def test_the_bundled_model_that_grew_most(census: sqlite3.Connection) -> None:
    rows = ask(census, "fastest_growing_models")
    assert rows[0]["place"] == 1
    for days in ("7", "30", "90", "365"):
        rows = ask(census, "fastest_growing_models", days=days, limit="1000")
        assert pick(rows, "low_pct") == sorted(pick(rows, "low_pct"), reverse=True)
        for row in rows:
            assert row["low_pct"] <= row["growth_pct"] + 0.01
            assert row["high_pct"] is None or row["growth_pct"] <= row["high_pct"] + 0.01


def test_the_bundled_releases_are_those_of_the_models(census: sqlite3.Connection) -> None:
    rows = ask(census, "releases_by_month", split="country", since="")
    query = "select count(*) from models where in_frontier = 1 and released_on is not null"
    assert sum(row["models"] for row in rows) == census.execute(query).fetchone()[0]
    newest = ask(census, "newest_models", limit="1")[0]["released_on"]
    assert (
        newest
        == census.execute("select max(released_on) from models where in_frontier = 1").fetchone()[0]
    )


def test_the_bundled_openness(census: sqlite3.Connection) -> None:
    rows = ask(census, "openness_by_country")
    china = only(pick(rows, "open_pct", country="CN"))
    america = only(pick(rows, "open_pct", country="US"))
    assert china > 90 > america
    for row in rows:
        classed = row["open_models"] + row["restricted_models"] + row["non_commercial_models"]
        assert classed + row["unclassed_models"] == row["models"]
    licences = by(ask(census, "licences_by_country"), "licence", "class")
    assert licences["apache-2.0"] == "open"
    assert licences["llama3.1"] == "restricted"


def test_the_bundled_concentration_is_that_of_the_shares(census: sqlite3.Connection) -> None:
    shares = ask(census, "share_of_downloads", dimension="lab", top="50", since="2026-09")
    named = [row["downloads"] for row in shares if row["key"] not in (None, "other")]
    known = sum(row["downloads"] for row in shares if row["key"] is not None)
    rows = ask(census, "concentration_by_month", statistic="top_3", since="2026-09")
    assert rows[0]["value"] == pytest.approx(100 * sum(sorted(named)[-3:]) / known, abs=1e-3)
    for statistic in ("hhi", "gini", "top_1"):
        for row in ask(census, "concentration_by_month", statistic=statistic):
            assert row["low"] <= row["value"] <= row["high"]


def test_what_changed_since_last_month(census: sqlite3.Connection) -> None:
    rows = ask(census, "since_last_month")
    china = next(row for row in rows if row["key"] == "CN")
    assert china["points"] == pytest.approx(china["share_pct"] - china["share_before_pct"])
    months = ask(census, "share_by_country")
    shares = {row["through"]: row["share_pct"] for row in months if row["country"] == "CN"}
    assert china["share_pct"] == shares[china["through"]]
    assert china["share_before_pct"] == shares[china["compared_with"]]
    assert china["certain"] == int(china["likely_low_points"] > 0)
    assert china["rests_on"] == "estimated"
    for row in rows:
        assert row["low_points"] - 0.01 <= row["points"] <= row["high_points"] + 0.01
        assert row["gained_low"] <= row["downloads_gained"] <= row["gained_high"]
        if row["likely_low_points"] is not None:
            assert row["likely_low_points"] <= row["points"] <= row["likely_high_points"]
            assert row["gained_likely_low"] <= row["downloads_gained"] <= row["gained_likely_high"]
    assert rows[0]["compared_with"] == "2026-07-31"
    changes = [abs(row["points"]) for row in rows]
    assert changes == sorted(changes, reverse=True)


def test_the_bundled_sizes_of_a_country_sum_to_its_downloads(census: sqlite3.Connection) -> None:
    rows = ask(census, "size_mix_by_country", country="CN")
    total = ask(census, "country_history", country="CN")[-1]["downloads"]
    assert sum(row["downloads"] for row in rows) == total


def test_the_bundled_likes(census: sqlite3.Connection) -> None:
    rows = ask(census, "likes_and_downloads", among="200", limit="200")
    rates = [row["likes_per_million"] for row in rows]
    assert rates == sorted(rates, reverse=True)
    # The snapshot of 2026-09-05: 1,345 likes and 118,677,498 downloads.
    assert only(pick(rows, "likes", "downloads", model="Qwen/Qwen3-8B")) == (1345, 118_677_498)


def test_cumulative_downloads_and_their_rest(made: sqlite3.Connection) -> None:
    rows = ask(made, "cumulative_downloads", top="1", since="2026-03")
    assert pick(rows, "key", "label", "downloads", "low", "high", month="2026-03") == [
        ("CN", "China", 750, 730, 770),
        ("other", "Other", 650, 590, 710),
    ]
    labs = ask(made, "cumulative_downloads", dimension="lab", scope="labs", since="2026-05")
    assert by(labs, "label", "downloads")["Red Lab"] == 3100
    # Packer's copy counts for the lab of its base.
    of_base = ask(made, "cumulative_downloads", scope="hub", attribution="base", since="2026-05")
    assert by(of_base, "key", "downloads") == {"CN": 3500, "US": 900, "FR": 150, None: 50}


def test_share_by_country_in_a_month_and_by_incorporation(made: sqlite3.Connection) -> None:
    rows = ask(made, "share_by_country", measure="monthly", since="2026-04", until="2026-04")
    # China 400 and 130 to 170, America 100 to 200 less what was before, France 60, Lost 20.
    assert by(rows, "country", "downloads") == {"CN": 550, "US": 150, "FR": 60, None: 20}
    assert sum(row["share_pct"] for row in rows) == pytest.approx(100, abs=0.001)
    american = ask(made, "share_by_country", basis="incorporation", since="2026-05")
    assert by(american, "country", "downloads") == {"CN": 1600, "US": 1050, None: 50}


def test_rankings_by_country_and_by_lab(made: sqlite3.Connection) -> None:
    countries = ask(made, "ranking_by_country")
    assert pick(countries, "place", "country", "models", "downloads", "share_pct") == [
        (1, "CN", 2, 1600, 59.2593),
        (2, "US", 2, 900, 33.3333),
        (3, "FR", 1, 150, 5.5556),
        (4, None, 1, 50, 1.8519),
    ]
    labs = ask(made, "ranking_by_lab", scope="labs")
    assert pick(labs, "place", "lab", "disputed", "downloads")[:2] == [
        (1, "red", 0, 3100),
        (2, "blue", 0, 900),
    ]
    assert pick(ask(made, "ranking_by_lab", country="FR"), "lab", "disputed") == [("rose", 1)]


def test_releases_by_country_and_month(made: sqlite3.Connection) -> None:
    rows = ask(made, "releases_by_country_and_month", since="2026-02", until="2026-03")
    assert pick(rows, "month", "country_name", "models") == [
        ("2026-02", "China", 1),
        ("2026-02", "United States", 1),
        ("2026-03", "Country not established", 1),
        ("2026-03", "France", 1),
    ]


def test_the_real_series_end_at_the_source_s_counts(census: sqlite3.Connection) -> None:
    """The last month of every cumulative question is the sum of the newest all-time counts.

    A carried model can have more than its last count, where windows after it prove it.
    """
    expected = dict(
        census.execute(
            """
            select country, sum(latest_all_time)
            from models
            where in_frontier = 1 and latest_all_time is not null
            group by country
            """
        ).fetchall()
    )
    for question, key in (("cumulative_downloads", "key"), ("share_by_country", "country")):
        values = {"top": "50"} if question == "cumulative_downloads" else {}
        rows = ask(census, question, since="2026-09", **values)
        assert by(rows, key, "downloads") == pytest.approx(expected, rel=0.01), question
    ranked = by(ask(census, "ranking_by_country"), "country", "downloads")
    assert ranked == by(ask(census, "share_by_country", since="2026-09"), "country", "downloads")
    labs = ask(census, "ranking_by_lab", limit="5000")
    assert sum(row["downloads"] for row in labs) == sum(ranked.values())
    assert (labs[0]["lab"], labs[0]["p_place"]) == ("qwen", 1.0)


def test_the_real_releases_by_country_are_those_of_the_models(census: sqlite3.Connection) -> None:
    rows = ask(census, "releases_by_country_and_month", since="", until="2026-08")
    (released,) = census.execute(
        "select count(*) from models where in_frontier = 1 and released_on < '2026-09'"
    ).fetchone()
    assert sum(row["models"] for row in rows) == released


def test_openness_is_bounded_by_the_licences_that_nobody_read(census: sqlite3.Connection) -> None:
    for row in ask(census, "openness_by_country", at_least="1"):
        assert row["open_low_pct"] <= row["open_pct"] <= row["open_high_pct"]
    france = only([row for row in ask(census, "openness_by_country") if row["country"] == "FR"])
    # Every licence that was read is open, but a third of the models have others.
    assert france["open_pct"] == 100
    assert france["open_low_pct"] < 75
