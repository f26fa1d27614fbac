"""What the scoreboard says of the real published figures."""

from __future__ import annotations

import sqlite3


def test_real_figures_have_a_verdict_that_follows_from_what_is_stored(
    census: sqlite3.Connection,
) -> None:
    """Each verdict on an interval, from the columns alone; a crossing has no interval."""
    rows = census.execute(
        "select figure, measure, verdict, published, tolerance, ours, ours_low, ours_high,"
        " ours_likely_low, ours_likely_high, p, reason from scoreboard"
    ).fetchall()
    (published,) = census.execute("select count(*) from published_figures").fetchone()
    assert len(rows) == published
    assert sum(row[2] != "not computed" for row in rows) >= 60
    for figure, measure, said, value, tolerance, ours, low, high, first, last, p, reason in rows:
        assert reason
        if said in ("not computed", "no data"):
            assert (ours, low, high, p) == (None, None, None, None), figure
            continue
        if measure == "crossing":
            assert said != "agrees" or p >= 0.95
            continue
        least, most = value - tolerance, value + tolerance
        # The interval of 90 % where draws decide, else the hard bounds.
        one, other = (low, high) if first is None else (first, last)
        if said == "agrees":
            assert p >= 0.95, figure
            assert least <= other, figure
            assert one <= most, figure
        elif said == "consistent":
            assert p >= 0.95, figure
            assert one <= most, figure
        elif said == "differs":
            assert p <= 0.05, figure
            assert one > most or (other is not None and other < least), figure
        elif said == "the same list":
            assert least <= low == high <= most, figure
        elif said == "not comparable":
            assert p is None, figure
        else:
            assert said == "cannot be decided", figure
            assert p is None or 0.05 < p < 0.95, figure
        if ours is not None:
            assert low <= one <= ours <= other <= high, figure


def test_a_list_that_is_counted_again_agrees_with_nobody(census: sqlite3.Connection) -> None:
    rows = census.execute("select figure, published, ours, verdict from scoreboard").fetchall()
    found = {figure: values for figure, *values in rows}
    for figure, count in (
        ("atom-models-2026-08-17", 1772),
        ("atom-models-china-2026-08-17", 970),
        ("atom-models-europe-2026-08-17", 63),
        ("atom-renamed-twice-2025-12-30", 93),
    ):
        assert found[figure] == [count, count, "the same list"]


def test_real_shares_of_the_whole_hub_are_not_compared(census: sqlite3.Connection) -> None:
    said = dict(census.execute("select figure, verdict from scoreboard").fetchall())
    for figure in ("eoi-china-share", "hf-spring-us-share", "hf-share-under-1b"):
        assert said[figure] == "not comparable"
    assert said["hf-above-70b-minimax"] == "agrees"


def test_a_window_whose_last_day_is_not_stated_is_decided_by_both_ends(
    census: sqlite3.Connection,
) -> None:
    """Hugging Face counts January to August 2026 and does not say to which day of August."""
    query = "select verdict, ours, ours_low, ours_high from scoreboard where figure = ?"
    said, ours, low, high = census.execute(query, ["hf-qwen-2026"]).fetchone()
    assert (said, ours) == ("cannot be decided", None)
    assert low < 2_061_000_000 < high
