"""A chart's content before it is drawn, and the facts of the database that every chart states."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from census.base.databases import select_rows
from census.base.numbers import month_end
from census.base.speech import COUNTED
from census.charts.faulty_days import Fault, read_faults

# Kinds of milestones that happen, the most telling first, and how many months one can lie between.
EVENTS = ("crossing", "number_one", "round_number")
MONTHS = 2
DEFAULT_SCOPE = "frontier"
ALL_CHANNELS = "all"
# No channel at all: scores of models by publishers of benchmarks.
SCORES = "scores"
SCORED = "select source, max(as_of) from capability_scores group by source"
CHANNELS = "select channel, name, last_on from channels where last_on is not null order by place"
# A recording has the through of its day.
VINTAGES = "select day, through from recorded_vintages"


@dataclass(frozen=True)
class Context:
    """The facts of the database that charts state, such as its last day."""

    through: dict[str, str] = field(default_factory=dict)
    running: dict[str, str] = field(default_factory=dict)
    data_through: str = ""
    last_observation: str = ""
    published: tuple[dict[str, Any], ...] = ()
    faults: tuple[Fault, ...] = ()
    milestones: tuple[dict[str, Any], ...] = ()
    # The last day of the default scope in each vintage, which can be another one than today's.
    vintages: dict[str, str] = field(default_factory=dict)
    # What observations were made of, and the same of other channels with their last days.
    observed: str = "observations of the Hugging Face Hub"
    channels: dict[str, tuple[str, str]] = field(default_factory=dict)
    # The last day of each list of scores.
    scored: dict[str, str] = field(default_factory=dict)

    def of_channel(self, channel: str, values: Mapping[str, str] | None = None) -> Context:
        """Return the context of a channel's charts: its own days, and no events of the Hub.

        An empty channel is the Hub's, `all` stands for every channel side by side. The day
        of scores is that of the list that the values choose, or of the newest list.
        """
        if not channel:
            return self
        names = {name: words for name, (words, _) in self.channels.items()}
        days = {name: day for name, (_, day) in self.channels.items()}
        is_all = channel == ALL_CHANNELS
        if channel == SCORES:
            return Context(
                data_through=self.data_through,
                last_observation=self.scored.get((values or {}).get("scores", ""))
                or max(self.scored.values(), default=""),
                observed="scores that their publishers gave",
                channels=self.channels,
                scored=self.scored,
            )
        words = ", ".join(names.values()) if is_all else names.get(channel, channel)
        return Context(
            data_through=self.data_through,
            last_observation=max(days.values(), default="") if is_all else days.get(channel, ""),
            observed=f"figures of {words}",
            channels=self.channels,
            scored=self.scored,
        )

    def last_day(self, values: Mapping[str, str]) -> str:
        """Return the day up to which the series go that these values ask for, or an empty text."""
        scope = values.get("scope", "")
        if scope == DEFAULT_SCOPE and values.get("as_of", "") in self.vintages:
            return self.vintages[values["as_of"]]
        return self.through.get(scope, self.data_through)

    def running_month(self, values: Mapping[str, str]) -> str | None:
        """Return the month (YYYY-MM) that those series count in part, None if there is none."""
        day = self.last_day(values)
        if day and values.get("as_of", "") in self.vintages:
            return None if day == month_end(day[:7]) else day[:7]
        return self.running.get(values.get("scope", ""))


class Event(NamedTuple):
    """A milestone of a drawn key: its words, and the days (ISO) between which it happened."""

    key: str
    label: str
    text: str
    first: str
    last: str


@dataclass(frozen=True)
class Point:
    """One value of one key: `x` an ISO day or a category, `low` and `high` its hard bounds.

    `wide` is what must not be quoted. `likely_*` and `half_*` are the 90 % and the 50 % interval of
    an estimate, `rests_on` says what it rests on (empty where the rows do not say), and `p_place`
    in what part of the draws its place holds. A `flagged` count stands in doubt.
    """

    x: str
    key: str | None
    label: str
    y: float
    low: float | None = None
    high: float | None = None
    wide: bool = False
    likely_low: float | None = None
    likely_high: float | None = None
    half_low: float | None = None
    half_high: float | None = None
    rests_on: str = ""
    counted_pct: float | None = None
    covered_pct: float | None = None
    place: int | None = None
    p_place: float | None = None
    flagged: bool = False
    source: str = ""
    # The variant that it belongs to, where a chart has a row for each.
    row: str = ""
    # How many things a share is of, where a chart says so.
    of: int | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 90 % interval of an estimate, a point where all is counted, None without one."""
        if self.likely_low is not None and self.likely_high is not None:
            return self.likely_low, self.likely_high
        return (self.y, self.y) if self.rests_on == COUNTED else None

    @property
    def half(self) -> tuple[float, float] | None:
        """The 50 % interval of an estimate, None without one."""
        if self.half_low is not None and self.half_high is not None:
            return self.half_low, self.half_high
        return (self.y, self.y) if self.rests_on == COUNTED else None


@dataclass(frozen=True)
class Figure:
    """A chart before it is drawn.

    `start` is the day before which nothing may be said, where earlier days are drawn. If the
    values are `of_single_days`, no line joins those of different sources. Areas are hatched on
    `hatched_days`, of which little is counted. `nothing` says why there are no points, if there are
    rows.
    """

    name: str
    kind: str
    title: str
    subtitle: str
    unit: str
    dimension: str
    points: tuple[Point, ...]
    alt: str
    notes: tuple[str, ...]
    markers: tuple[dict[str, Any], ...] = ()
    keys: tuple[tuple[str | None, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    events: tuple[Event, ...] = ()
    start: str = ""
    of_single_days: bool = False
    hatched_days: frozenset[str] = frozenset()
    nothing: str = ""
    # Amounts are drawn on a logarithmic scale.
    log: bool = False
    # Scores are not amounts: their axis begins near the lowest score, and the notes say so.
    axis_near_values: bool = False
    # Its days stand for months, except the last day of a month that has not ended.
    by_month: bool = False
    # Of ranked values: up to when, or in which 30 days, all of them were counted; else empty.
    period: str = ""

    @property
    def estimated(self) -> bool:
        """Whether the rows say what their values rest on."""
        return any(point.rests_on for point in self.points)


def read_context(database: sqlite3.Connection) -> Context:
    """Read what every chart says of its database: how far scopes go, and others' figures."""
    scopes = database.execute("select scope, through, running_month from scopes").fetchall()
    info = dict(database.execute("select key, value from build_info").fetchall())
    published = select_rows(
        database,
        "select publisher, measure, dimension, key, value, unit, as_of, source_title, source_url,"
        " scope_of_publisher from published_figures"
        " where key is not null and as_of is not null order by figure",
    )
    milestones = select_rows(
        database,
        "select kind, scope, dimension, key, label, other_key, other_label, value, earliest,"
        " latest, known_before from milestones where key is not null order by id",
    )
    return Context(
        through={scope: through for scope, through, _ in scopes if through},
        running={scope: month for scope, _, month in scopes if month},
        data_through=str(info.get("data_through", "")),
        last_observation=str(info.get("last_observation", "")),
        published=tuple(published),
        faults=read_faults(database),
        milestones=tuple(row for row in milestones if is_near(row)),
        vintages=dict(database.execute(VINTAGES).fetchall()),
        channels={row[0]: (row[1], row[2]) for row in database.execute(CHANNELS)},
        scored=dict(database.execute(SCORED).fetchall()),
    )


def is_near(milestone: dict[str, Any]) -> bool:
    """Return whether the time of a milestone is known to within `MONTHS` months."""
    if not milestone["known_before"] or milestone["kind"] not in EVENTS:
        return False
    first, last = (
        12 * int(month[:4]) + int(month[5:7])
        for month in (milestone["earliest"], milestone["latest"])
    )
    return last - first < MONTHS


def has_band(point: Point) -> bool:
    """Return whether low and high of a point differ."""
    return point.low is not None and point.high is not None and point.high > point.low


def highest(figure: Figure) -> float:
    """Return the highest value that a figure draws; what stands in doubt makes no scale."""
    tops = [
        max(point.y, point.interval[1] if point.interval else point.y)
        if point.rests_on
        else max(point.y, point.high or 0.0)
        for point in figure.points
        if not point.flagged
    ]
    return max([*tops, *(float(marker["y"]) for marker in figure.markers)], default=1.0)
