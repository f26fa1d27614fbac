"""The news of the home page: which milestones, which week, which changes."""

from __future__ import annotations

from typing import Any

from census.pages.news import certain_movers, last_week, latest_changes, latest_milestones


def milestone(what: str, latest: str, dimension: str = "country", **more: str) -> dict[str, Any]:
    """Return a row of milestones_in_order."""
    row = {"what": what, "latest": latest, "earliest": latest, "dimension": dimension}
    return {**row, "kind": "round_number", **more}


def test_milestones_are_events_each_said_once_the_newest_first() -> None:
    rows = [
        milestone("A reached 1 billion.", "2026-03", "family"),
        milestone("A reached 1 billion.", "2026-03", "lab"),
        milestone("B is ahead of A.", "2026-05", kind="lead"),
        milestone("Europe reached 2 billion.", "2026-05", "region"),
        milestone("C reached 2 billion.", "2026-05"),
        milestone("All reached 9 billion.", "2026-05", "total"),
    ]
    shown = latest_milestones(rows)
    assert [row["what"] for row in shown] == [
        "All reached 9 billion.",
        "C reached 2 billion.",
        "A reached 1 billion.",
    ]
    assert shown[2]["dimension"] == "lab"


def test_the_week_has_seven_days_and_counts_all_of_its_models() -> None:
    newest = [
        {"model": f"a/{day}", "released_on": f"2026-08-{day:02d}", "downloads_30d": count}
        for day, count in ((23, 9), (22, None), (20, 5), (16, 70), (15, 80))
    ]
    week = last_week(newest, "2026-08-22")
    assert (week.first, week.last, week.released) == ("2026-08-16", "2026-08-22", 3)
    assert [row["model"] for row in week.models] == ["a/16", "a/20", "a/22"]


def test_a_growth_that_is_not_known_is_no_news() -> None:
    rows = [
        {"model": "a/unbounded", "growth_pct": 90.0, "low_pct": 80.0, "high_pct": None},
        {"model": "a/loose", "growth_pct": 50.0, "low_pct": 30.0, "high_pct": 60.0},
        {"model": "a/known", "growth_pct": 40.0, "low_pct": 40.0, "high_pct": 41.0},
    ]
    assert [row["model"] for row in certain_movers(rows)] == ["a/known"]


def test_the_newest_changes_come_first() -> None:
    rows = [{"date": "2026-11-0" + str(n), "number": n} for n in (1, 3, 2, 4)]
    assert [row["number"] for row in latest_changes(rows)] == [4, 3, 2]
