"""Sizes, licences and classes of models: sums of draws, with the intervals of what was not counted.

On the last day of the made census all is counted; in March three models are not. So its scopes end
in March here.
"""

from __future__ import annotations

import sqlite3

import pytest
from made_census import ask, made_sample, make_census_with_draws, only, pick

from census.rollups.mix import load_mix


@pytest.fixture(scope="module")
def march() -> sqlite3.Connection:
    db, downloads, draws = make_census_with_draws()
    db.execute("update scopes set through = '2026-03-31', running_month = null")
    db.execute("delete from model_mix")
    db.execute("delete from mix_sums")
    load_mix(db, downloads, draws, made_sample(downloads.published))
    return db


def test_sizes_with_their_intervals(march: sqlite3.Connection) -> None:
    rows = ask(march, "size_mix_by_country", country="CN")
    small = only([row for row in rows if row["size_bucket"] == "1-5B"])
    # Red/One-1B has 130 to 170 beside 600 that are counted; the draws kept go from 132.1 to 167.9.
    assert (small["downloads"], small["low"], small["high"]) == (150, 130, 170)
    assert (small["likely_low"], small["likely_high"]) == (132, 168)
    assert (small["share_pct"], small["low_pct"], small["high_pct"]) == (20.0, 17.8082, 22.0779)
    assert (small["likely_low_pct"], small["likely_high_pct"]) == (18.04, 21.86)
    assert (small["rests_on"], small["counted_pct"]) == ("estimated", 0.0)
    large = only([row for row in rows if row["size_bucket"] == "5-10B"])
    assert (large["likely_low_pct"], large["likely_high_pct"]) == (78.14, 81.96)
    assert (large["rests_on"], large["counted_pct"]) == ("counted", 100.0)


def test_a_size_of_models_with_too_few_windows_has_no_interval(march: sqlite3.Connection) -> None:
    rows = ask(march, "size_mix_by_country", country="US")
    # Blue/Vision-3B has 100 of America's 600.
    columns = ("downloads", "likely_low", "likely_low_pct", "rests_on")
    assert pick(rows, *columns, size_bucket="1-5B") == [(100, None, None, "bounds")]
    assert pick(rows, "likely_low", "likely_high", size_bucket="50-100B") == [(455, 545)]


def test_licences_of_all_countries_are_summed_in_each_draw(march: sqlite3.Connection) -> None:
    rows = ask(march, "licences_by_country")
    columns = ("downloads", "low", "high", "likely_low", "likely_high", "rests_on", "counted_pct")
    assert pick(rows, *columns, licence="apache-2.0") == [
        (750, 730, 770, 732, 768, "estimated", 80.0)
    ]
    assert pick(rows, "rests_on", "counted_pct", licence="llama3") == [("estimated", 0.0)]


def test_the_open_part_of_a_country_s_downloads(march: sqlite3.Connection) -> None:
    rows = ask(march, "openness_by_country", at_least="1")
    china = only([row for row in rows if row["country"] == "CN"])
    ends = ("open_downloads_likely_low_pct", "open_downloads_likely_high_pct")
    assert [china[end] for end in ends] == [100.0, 100.0]
    assert (china["rests_on"], china["counted_pct"]) == ("estimated", 80.0)
    # America's only open model that is counted has too few windows for an interval.
    america = only([row for row in rows if row["country"] == "US"])
    assert (america["open_downloads_pct"], *(america[end] for end in ends)) == (16.67, None, None)
    assert america["rests_on"] == "bounds"


def test_some_months_of_release_are_a_sum_without_an_interval(march: sqlite3.Connection) -> None:
    rows = ask(march, "openness_by_country", at_least="1", since="2026-01", until="2026-02")
    china = only([row for row in rows if row["country"] == "CN"])
    assert (china["open_downloads_pct"], china["open_downloads_likely_low_pct"]) == (100.0, None)
    assert (china["rests_on"], china["counted_pct"]) == ("bounds", 80.0)


def test_sums_of_a_property_are_those_of_its_series(census: sqlite3.Connection) -> None:
    """Two ways to the same numbers: the series of the build, and the sums of the mix."""
    rows = census.execute(
        """
        select
            x.split, x.key, x.downloads - p.cumulative, x.low - p.cumulative_low,
            x.high - p.cumulative_high, x.likely_low is p.cumulative_likely_low,
            x.share_pct - p.cumulative_share_pct, x.likely_high_pct is p.cumulative_likely_high_pct,
            x.counted - p.cumulative_counted, x.covered - p.covered, x.coverable - p.coverable
        from mix_sums as x
        inner join scopes as s on x.scope = s.scope
        inner join series_keys as k
            on k.scope = x.scope and k.attribution = 'publisher' and k.basis = 'operating'
            and k.dimension = x.split and coalesce(k.key, '') = x.key
        inner join series_points as p on p.series = k.id and p.through = s.through
        where x.country = 'all' and x.split in ('country', 'size_bucket', 'licence', 'modality')
        """
    ).fetchall()
    assert len({split for split, *_ in rows}) == 4
    for split, key, *differences in rows:
        assert differences == [0, 0, 0, 1, 0, 1, 0, 0, 0], (split, key)
