"""Milestones on charts: which are shown, over which months, and in what room."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_charts import figure_of

from census.base.databases import open_named_rows
from census.charts.brackets import hidden_milestones_note, place_milestones, strip_height
from census.charts.events import event_of, find_events, months_words
from census.charts.figures import Context, Event, Figure, Point, is_near, read_context
from census.charts.parts import look_of
from census.charts.specs import make_spec

DAYS = ("2026-02-28", "2026-03-31", "2026-04-30", "2026-05-20")
POINTS = tuple(
    Point(day, key, label, 100.0 * number)
    for key, label in (("a", "Ann"), ("b", "Bob"))
    for number, day in enumerate(DAYS, 1)
)
VALUES = {"scope": "frontier", "attribution": "publisher"}
CHART = {"kind": "lines", "dimension": "lab"}


def milestone(**changed: Any) -> dict[str, Any]:
    """Return a milestone of Ann with changes."""
    return {
        "kind": "round_number", "scope": "frontier", "dimension": "lab", "key": "a",
        "label": "Ann", "other_key": None, "other_label": None, "value": 200_000_000,
        "earliest": "2026-04", "latest": "2026-05", "known_before": 1, **changed,
    }  # fmt: skip


def events(
    *milestones: dict[str, Any],
    chart: dict[str, Any] = CHART,
    values: dict[str, str] = VALUES,
    monthly: bool = False,
) -> list[str]:
    """Return the words of the milestones that a chart shows."""
    found = find_events(chart, values, POINTS, monthly, Context(milestones=milestones))
    return [event.text for event in found]


@pytest.mark.parametrize(
    ("changed", "near"),
    [
        ({}, True),
        ({"earliest": "2026-05"}, True),
        ({"earliest": "2025-12", "latest": "2026-01"}, True),
        ({"earliest": "2026-03"}, False),
        ({"known_before": 0}, False),
        ({"kind": "lead"}, False),
    ],
)
def test_only_what_is_known_to_within_two_months_is_drawn(
    changed: dict[str, Any], near: bool
) -> None:
    assert is_near(milestone(**changed)) == near


def test_a_milestone_is_told_with_its_months_and_spans_them() -> None:
    crossing = milestone(kind="crossing", other_key="b", other_label="Bob", latest="2026-04")
    (event,) = find_events(CHART, VALUES, POINTS, False, Context(milestones=(crossing,)))
    assert event == Event("a", "Ann", "Ann passes Bob, Apr 2026", "2026-04-01", "2026-04-30")
    (running,) = find_events(CHART, VALUES, POINTS, False, Context(milestones=(milestone(),)))
    # The running month is counted to a day, after which nothing is known.
    assert (running.text, running.last) == ("Ann passes 200M, Apr–May 2026", "2026-05-20")
    assert months_words("2025-12", "2026-01") == "Dec 2025–Jan 2026"


@pytest.mark.parametrize(
    "milestone_of_others",
    [
        milestone(scope="hub"),
        milestone(dimension="family"),
        milestone(key="c"),
        milestone(kind="crossing", other_key="c", other_label="Cleo"),
        milestone(earliest="2026-01", latest="2026-02"),
    ],
)
def test_a_chart_shows_the_milestones_of_what_it_draws(milestone_of_others: dict[str, Any]) -> None:
    assert events(milestone(), milestone_of_others) == ["Ann passes 200M, Apr–May 2026"]


def test_a_chart_of_something_else_has_none() -> None:
    assert events(milestone(), monthly=True) == []
    assert events(milestone(), values={**VALUES, "attribution": "base"}) == []
    assert events(milestone(), values={**VALUES, "basis": "incorporation"}) == []
    assert events(milestone(), values={**VALUES, "as_of": "2026-11-26"}) == []
    assert events(milestone(), chart={**CHART, "percent": True}) == []
    assert events(milestone(), chart={**CHART, "kind": "curve"}) == []
    first = milestone(kind="number_one", value=None)
    assert events(first, chart={**CHART, "percent": True}) == [
        "Ann becomes number one, Apr–May 2026"
    ]


def test_three_are_shown_the_most_telling() -> None:
    rounds = [milestone(value=number * 10**8) for number in (1, 2, 3)]
    crossing = milestone(kind="crossing", other_key="b", other_label="Bob")
    found = events(*rounds, crossing)
    assert len(found) == 3
    assert "Ann passes Bob, Apr–May 2026" in found


def figure(*found: Event, kind: str = "lines") -> Figure:
    """Return a figure with milestones."""
    keys = (("a", "Ann"), ("b", "Bob"))
    return Figure("made", kind, "T", "S", "downloads", "lab", POINTS, "Alt.", ("Source.",),
                  keys=keys, events=found)  # fmt: skip


LATE = Event("a", "Ann", "Ann passes 200M, Apr–May 2026", "2026-04-01", "2026-05-20")
EARLY = Event("b", "Bob", "Bob passes 100M, Mar 2026", "2026-03-01", "2026-03-31")


def test_milestones_that_would_collide_are_in_rows_of_their_own() -> None:
    seen = look_of("light", "wide")
    placed = place_milestones(figure(EARLY, LATE), seen)
    assert [(one.row, one.before) for one in placed] == [(0, False), (1, True)]
    assert strip_height(placed) > strip_height(placed[:1]) > strip_height([]) == 0


def test_words_and_brackets_are_drawn_over_the_lines() -> None:
    plain, told = (make_spec(one)["concat"][0]["layer"] for one in (figure(), figure(LATE)))
    rules = [layer for layer in told if layer["mark"]["type"] == "rule" and "y" in layer["mark"]]
    assert {value["name"] for rule in rules for value in rule["data"]["values"]} == {"Ann"}
    assert rules[0]["data"]["values"][0]["x"] == "2026-04-01"
    assert rules[0]["data"]["values"][0]["end"] == "2026-05-20"
    texts = [value.get("text") for layer in told for value in layer["data"]["values"]]
    assert LATE.text in texts

    def top(layers: list[dict[str, Any]]) -> float:
        line = next(layer for layer in layers if layer["mark"]["type"] == "line")
        domain: list[float] = line["encoding"]["y"]["scale"]["domain"]
        return domain[1]

    assert top(told) > top(plain)


@pytest.mark.parametrize(("kind", "size"), [("lines", "narrow"), ("panels", "wide")])
def test_where_there_is_no_room_they_are_notes(kind: str, size: str) -> None:
    told = figure(EARLY, LATE, kind=kind)
    assert place_milestones(told, look_of("light", size)) == []
    words = f"Milestones: {EARLY.text}; {LATE.text}."
    assert hidden_milestones_note(told, look_of("light", size), True) == [words]
    caption = make_spec(told, "light", size)["concat"][1]["mark"]["text"]
    assert words in " ".join(caption)
    assert caption[-1] == "Source."


@pytest.mark.parametrize("view", ["lines", "areas", "ranks", "panels"])
def test_the_bundled_milestones_are_those_of_the_table(census_db: Path, view: str) -> None:
    found, _ = figure_of("cumulative_downloads", census_db, dimension="lab", view=view)
    with open_named_rows(census_db) as opened:
        milestones = read_context(opened).milestones
    last = max(point.x for point in found.points)
    told = {event_of(row, last) for row in milestones if row["dimension"] == "lab"}
    assert set(found.events) <= told
    assert {event.key for event in found.events} <= {key for key, _ in found.keys}
    assert all(event.text in found.alt for event in found.events)
    other, _ = figure_of("cumulative_downloads", census_db, dimension="lab", attribution="base")
    assert other.events == ()
