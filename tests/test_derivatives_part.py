"""The part of a model's downloads that goes to its derivatives, recounted from the raw rows."""

from __future__ import annotations

import sqlite3

from site_client import Client


def test_it_is_known_for_enough_models_to_be_shown(site: Client) -> None:
    rows = site.rows("/census/derivatives_part?limit=5000")
    assert len(rows) >= 50
    assert all(row["derivatives"] >= 5 for row in rows)
    assert [row["part_pct"] for row in rows] == sorted(
        (row["part_pct"] for row in rows), reverse=True
    )


def test_each_part_follows_from_the_counts_of_one_day(
    site: Client, census: sqlite3.Connection
) -> None:
    rows = site.rows("/census/derivatives_part?depth=direct&at_least=1&limit=5000")
    assert len({row["base"] for row in rows}) == len(rows)
    for row in rows[:40]:
        children = census.execute(
            """
            select d.child, max(d.downloads_30d)
            from derivatives as d
            where d.child in (
                select v.child from derived_models as v where v.depth = 'direct' and v.base = :base
            )
            and d.counted_on = :on and d.downloads_30d is not null
            group by d.child
            """,
            {"base": row["base"], "on": row["counted_on"]},
        ).fetchall()
        assert row["derivatives"] == len(children), row["base"]
        assert row["derivatives_30d"] == sum(count for _, count in children)
        whole = row["derivatives_30d"] + row["downloads_30d"]
        assert abs(row["part_pct"] - 100 * row["derivatives_30d"] / whole) < 0.01
        assert row["by_others_30d"] <= row["derivatives_30d"]


def test_the_page_says_that_it_is_the_least(site: Client) -> None:
    page = site.get("/census/derivatives_part").text
    assert "at least" in page
    assert "a selection that others made" in page
