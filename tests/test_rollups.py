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
            sum(v.cumulative),
            sum(v.cumulative_low),
            sum(v.cumulative_high),
            sum(v.monthly),
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
            key, month, cumulative, cumulative_low, cumulative_high,
            monthly, monthly_low, monthly_high, models
        from series
        where scope = ? and attribution = ? and basis = ? and dimension = ?
        order by key, month
        """,
        [scope, attribution, basis, dimension],
    ).fetchall()
    assert len(recomputed) > 50
    assert rolled_up == recomputed


def test_every_dimension_of_a_scope_has_the_same_total(census: sqlite3.Connection) -> None:
    totals = census.execute("""
        select scope, month, count(distinct total)
        from (
            select
                scope, attribution, basis, dimension, month,
                sum(cumulative) || ' ' || sum(monthly) as total
            from series
            group by scope, attribution, basis, dimension, month
        )
        group by scope, month
    """).fetchall()
    assert len(totals) > 100
    assert {count for _, _, count in totals} == {1}


def test_a_months_growth_is_the_difference_of_the_cumulative_series(
    census: sqlite3.Connection,
) -> None:
    wrong = census.execute("""
        select *
        from (
            select
                month,
                cumulative - lag(cumulative, 1, 0) over (partition by model order by date) as grown,
                monthly
            from curves
        )
        where grown <> monthly
    """).fetchall()
    assert wrong == []
