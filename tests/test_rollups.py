"""The series are sums over models: recomputed by SQL from the curves, bound by bound."""

from __future__ import annotations

import sqlite3

import pytest

KEYS = {
    ("publisher", "country"): "c.country",
    ("base", "country"): "c.country",
    ("publisher", "region"): "(select region from countries where code = c.country)",
    ("publisher", "lab"): "m.lab",
    ("base", "lab"): "m.base_lab",
    ("publisher", "family"): "m.family",
    ("base", "family"): "m.base_family",
    ("publisher", "size_bucket"): "m.size_bucket",
    ("publisher", "licence"): "m.licence",
    ("base", "modality"): "m.modality",
}
BASES = ("operating", "headquarters", "parent_headquarters", "incorporation", "founding_location")
CASES = [
    (scope, attribution, dimension, basis)
    for scope in ("frontier", "labs", "hub")
    for attribution, dimension in KEYS
    for basis in (BASES if dimension in ("country", "region") else BASES[:1])
]


@pytest.mark.parametrize(("scope", "attribution", "dimension", "basis"), CASES)
def test_a_series_is_the_sum_over_its_models(
    census: sqlite3.Connection, scope: str, attribution: str, dimension: str, basis: str
) -> None:
    member = {"frontier": "m.in_frontier = 1", "labs": "m.in_labs = 1", "hub": "true"}[scope]
    recomputed = census.execute(
        f"""
        select
            {KEYS[attribution, dimension]} as key,
            v.month,
            sum(v.cumulative_low),
            sum(v.cumulative_high),
            sum(v.monthly_low),
            sum(v.monthly_high),
            count(*)
        from curves as v
        inner join models as m on v.model = m.id
        inner join model_countries as c on m.id = c.model
        where
            {member}
            and c.attribution = :attribution
            and c.basis = :basis
            and v.date <= (select through from scopes where scope = :scope)
        group by key, v.month
        order by key, v.month
        """,
        {"attribution": attribution, "basis": basis, "scope": scope},
    ).fetchall()
    rolled_up = census.execute(
        """
        select
            key, month, cumulative_low, cumulative_high, monthly_low, monthly_high, models
        from series
        where scope = ? and attribution = ? and basis = ? and dimension = ?
        order by key, month
        """,
        [scope, attribution, basis, dimension],
    ).fetchall()
    assert len(recomputed) > 50
    assert rolled_up == recomputed


def test_every_dimension_of_a_scope_has_the_same_bounds(census: sqlite3.Connection) -> None:
    totals = census.execute("""
        select scope, month, count(distinct total)
        from (
            select
                scope, attribution, basis, dimension, month,
                sum(cumulative_low) || ' ' || sum(cumulative_high) || ' ' || sum(models) as total
            from series
            group by scope, attribution, basis, dimension, month
        )
        group by scope, month
    """).fetchall()
    assert len(totals) > 100
    assert {count for _, _, count in totals} == {1}


def test_what_is_counted_whole_adds_up_to_the_last_download(census: sqlite3.Connection) -> None:
    rows = census.execute("""
        select k.key, p.cumulative, p.cumulative_low
        from scopes as s
        inner join series_keys as k on s.scope = k.scope
        inner join series_points as p on k.id = p.series and p.through = s.through
    """).fetchall()
    assert len(rows) > 1000
    assert all(cumulative == low for _, cumulative, low in rows)


def test_an_interval_holds_its_middle_and_lies_in_the_hard_bounds(
    census: sqlite3.Connection,
) -> None:
    for measure in ("cumulative", "monthly"):
        for table in ("series_points", "series_days"):
            wrong, checked = census.execute(f"""
                select
                    sum(not (
                        {measure}_low <= {measure}_likely_low
                        and {measure}_likely_low <= {measure}_half_low
                        and {measure}_half_low <= {measure}
                        and {measure} <= {measure}_half_high
                        and {measure}_half_high <= {measure}_likely_high
                        and {measure}_likely_high <= {measure}_high
                        and {measure}_likely_low_pct <= {measure}_half_low_pct
                        and {measure}_half_low_pct <= {measure}_share_pct
                        and {measure}_share_pct <= {measure}_half_high_pct
                        and {measure}_half_high_pct <= {measure}_likely_high_pct
                    )),
                    count(*)
                from {table}
                where {measure}_likely_low is not null and {measure}_share_pct is not null
            """).fetchone()
            assert checked > 1000
            assert wrong == 0, (measure, table)


def test_shares_of_a_month_add_up_to_100(census: sqlite3.Connection) -> None:
    sums = census.execute("""
        select sum(cumulative_share_pct)
        from series
        group by scope, attribution, basis, dimension, month
    """).fetchall()
    assert len(sums) > 1000
    assert all(total == pytest.approx(100, abs=0.01) for (total,) in sums if total is not None)


def test_weeks_and_days_end_in_the_last_92_of_the_scope(census: sqlite3.Connection) -> None:
    rows = census.execute("""
        select d.step, min(d.through), max(d.through), count(*)
        from series_keys as k
        inner join series_days as d on k.id = d.series
        where
            k.scope = 'frontier'
            and k.attribution = 'publisher'
            and k.basis = 'operating'
            and k.dimension = 'country'
            and k.key = 'CN'
        group by d.step
        order by d.step
    """).fetchall()
    assert rows == [
        ("day", "2026-06-06", "2026-09-05", 92),
        ("week", "2026-06-06", "2026-09-05", 14),
    ]


def test_days_add_up_to_their_week_within_the_bounds(census: sqlite3.Connection) -> None:
    """A week's growth is bounded at least as well as the sum of its days."""
    rows = census.execute("""
        select w.monthly_low, w.monthly_high, sum(d.monthly_low), sum(d.monthly_high), count(*)
        from series_keys as k
        inner join series_days as w on k.id = w.series and w.step = 'week'
        inner join series_days as d
            on
                k.id = d.series
                and d.step = 'day'
                and d.through > date(w.through, '-7 days')
                and d.through <= w.through
        where k.scope = 'frontier' and k.basis = 'operating' and k.dimension = 'lab'
        group by k.id, w.through
    """).fetchall()
    assert len(rows) > 100
    for low, high, days_low, days_high, days in rows:
        if days == 7:
            assert days_low <= low <= high <= days_high


def test_no_published_place_is_contradicted_by_what_is_counted_or_bounded(
    census: sqlite3.Connection,
) -> None:
    """Of every place that is very likely, the bounds leave it possible, missing models too."""
    rows = census.execute("""
        with cut as (
            select
                k.scope, k.attribution, k.basis, k.dimension, p.month, n.place, n.p_place,
                p.cumulative_low as low, p.cumulative_high as high
            from series_keys as k
            inner join series_points as p on k.id = p.series
            inner join standings as n on p.series = n.series and p.month = n.month
            where n.place is not null
        )

        select count(*), sum(upper.high <= lower.low)
        from cut as upper
        inner join cut as lower
            on
                upper.scope = lower.scope
                and upper.attribution = lower.attribution
                and upper.basis = lower.basis
                and upper.dimension = lower.dimension
                and upper.month = lower.month
                and lower.place = upper.place + 1
        where upper.p_place >= 0.95
    """).fetchone()
    assert rows[0] > 1000
    assert rows[1] == 0


def test_a_place_at_the_end_leaves_room_for_models_without_a_count(
    census: sqlite3.Connection,
) -> None:
    rows = census.execute("""
        select k.dimension, k.key, p.cumulative_place, p.cumulative_p_place, p.cumulative_low,
            p.cumulative_high, (
                select coalesce(sum(m.at_least), 0)
                from models as m
                where
                    m.in_frontier = 1
                    and iif(k.dimension = 'lab', m.lab, m.country) = k.key
            )
        from series_keys as k
        inner join scopes as s on k.scope = s.scope
        inner join series_points as p on k.id = p.series and p.through = s.through
        where
            k.scope = 'frontier'
            and k.attribution = 'publisher'
            and k.basis = 'operating'
            and k.dimension in ('lab', 'country')
            and p.cumulative_place is not null
        order by k.dimension, p.cumulative_place
    """).fetchall()
    assert len(rows) > 50
    claimed = 0
    for upper in rows:
        if upper[3] is None or upper[3] < 0.95:
            continue
        claimed += 1
        for lower in rows:
            if lower[0] == upper[0] and lower[2] > upper[2]:
                assert upper[5] > lower[4] + lower[6], (upper, lower)
    assert claimed > 10
