"""The shares of a month and their bounds, for any bounds of the counts."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.questions import read_questions, validate

ROOT = Path(__file__).parent.parent
QUESTION = read_questions(ROOT / "canned_queries")["share_by_country"]
CODES = [None, "CN", "FR", "US", "XX"]

# low, best less low, high less best
counts = st.tuples(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
months = st.dictionaries(st.sampled_from(CODES), counts, min_size=1)


def shares(countries: dict[str | None, tuple[int, int, int]]) -> dict[str | None, list[float]]:
    """Return share, low and high in percent by country, of counts put in as one month."""
    connection = sqlite3.connect(":memory:")
    connection.executescript((ROOT / "census" / "schema.sql").read_text())
    for number, (code, (low, more, most)) in enumerate(countries.items()):
        connection.execute(
            "insert into series_keys values"
            " (?, 'frontier', 'publisher', 'operating', 'country', ?, ?)",
            (number, code, code or "Unverified"),
        )
        point = (low + more, low, low + more + most)
        connection.execute(
            "insert into series_points values (?, '2026-05', ?, ?, ?, ?, ?, ?, 1)",
            (number, *point, *point),
        )
    rows = connection.execute(QUESTION.sql, validate(QUESTION, {})).fetchall()
    connection.close()
    return {row[1]: list(row[4:7]) for row in rows}


@given(months)
def test_shares_sum_to_one_hundred_and_lie_in_their_bounds(
    countries: dict[str | None, tuple[int, int, int]],
) -> None:
    found = shares(countries)
    if not any(low + more for low, more, _ in countries.values()):
        assert found == {}
        return
    assert found.keys() == countries.keys()
    assert sum(share for share, _, _ in found.values()) == pytest.approx(100, abs=0.001)
    for share, low, high in found.values():
        assert 0 <= low <= share + 0.0001
        assert share <= high + 0.0001 <= 100.0002


@given(months)
def test_a_bound_is_the_share_if_this_one_is_at_its_end_and_the_others_at_theirs(
    countries: dict[str | None, tuple[int, int, int]],
) -> None:
    highs = {code: sum(values) for code, values in countries.items()}
    lows = {code: values[0] for code, values in countries.items()}
    for code, (_, low_pct, high_pct) in shares(countries).items():
        others_high = sum(highs.values()) - highs[code]
        others_low = sum(lows.values()) - lows[code]
        if lows[code] + others_high:
            expected = 100 * lows[code] / (lows[code] + others_high)
            assert low_pct == pytest.approx(expected, abs=0.0001)
        if highs[code] + others_low:
            expected = 100 * highs[code] / (highs[code] + others_low)
            assert high_pct == pytest.approx(expected, abs=0.0001)


def test_known_counts_have_one_share() -> None:
    found = shares({"CN": (300, 0, 0), "US": (100, 0, 0), None: (100, 0, 0)})
    assert found == {"CN": [60, 60, 60], None: [20, 20, 20], "US": [20, 20, 20]}
