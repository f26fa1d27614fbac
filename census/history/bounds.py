"""Hard bounds: the tightest limits of a model's downloads that follow from everything counted.

Every statement is of the kind "one value is at most so much above another", so the tightest limits
are the shortest paths of a small graph (a system of difference constraints: Cormen and others,
Introduction to Algorithms, "Difference constraints and shortest paths"). Its nodes are days and an
origin of value 0; an edge from u to v of weight w says value(v) <= value(u) + w.

Assumed of a model's cumulative count: it is 0 until `Known.zero`, it never falls, it equals each
all-time count on its day, and over a window it grew by about the 30-day count: no more over the
shortest possible length and no less over the longest, with a tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.history.cleaning import Event
from census.history.known import Known, Window
from census.history.window_lengths import WindowLengths

Counts = NDArray[np.int64]

INFINITE = 1 << 60
ORIGIN = -1
# How often the tolerance of a model is doubled before windows are dropped.
DOUBLINGS = 3


class Tolerance(NamedTuple):
    """How far a 30-day count may be from the growth over its window: a part of it, and a number."""

    part: float = 0.03
    slack: int = 20

    def most(self, growth: int) -> int:
        """Return the largest growth over the shortest length, a whole count."""
        return math.floor(growth * (1 + self.part) + self.slack)

    def least(self, growth: int) -> int:
        """Return the smallest growth over the longest length, a whole count, at least 0."""
        return max(0, math.ceil(growth * (1 - self.part) - self.slack))


TOLERANCE = Tolerance()


class Contradiction(Exception):
    """The observations of a model contradict each other."""

    def __init__(self, graph: _Graph) -> None:
        super().__init__("observations contradict each other")
        self._graph = graph

    def windows(self) -> list[Window]:
        """Return the windows that contradict each other, in order of days."""
        return self._graph.cycle()


class Bounds(NamedTuple):
    """The limits of a model's downloads at the ends of `days`, which are in order.

    `low` and `high` are one number a day; `INFINITE` where nothing limits the most. `rise_low` and
    `rise_high` are square: row i, column j bounds the growth from day i to a later day j. From the
    day after the last all-time count on, low and high are the carried value.
    """

    days: tuple[int, ...]
    low: Counts
    high: Counts
    rise_low: Counts
    rise_high: Counts
    contradiction: Contradiction | None = None
    tolerance: Tolerance = TOLERANCE
    dropped: tuple[Window, ...] = ()

    def events(self) -> list[Event]:
        """Return what was done to bound a model whose observations contradict each other."""
        if self.contradiction is None:
            return []
        days = [window.day for window in self.contradiction.windows()]
        done = f"counts contradict each other; {self.tolerance.part:.0%} of tolerance taken"
        said = "a 30-day count contradicts the others and is not used"
        return [
            Event("contradiction", days[0], days[-1], done),
            *(Event("contradiction", window.day, window.day, said) for window in self.dropped),
        ]


def hard_bounds(
    known: Known,
    days: Sequence[int],
    lengths: WindowLengths,
    tolerance: Tolerance = TOLERANCE,
) -> Bounds:
    """Return the tightest bounds of a model on some days (in order, without repeats).

    Where observations contradict each other the tolerance is doubled up to three times; then the
    oldest window of the contradiction is dropped, one at a time. Each is an event.
    """
    windows = tuple(w for w in known.windows if known.zero is None or w.day > known.zero)
    given = known._replace(windows=_telling(known, windows, lengths))
    first: Contradiction | None = None
    dropped: list[Window] = []
    doublings = 0
    while True:
        try:
            bounds = _bounds(given, days, lengths, tolerance)
        except Contradiction as error:
            first = first or error
            if doublings < DOUBLINGS:
                doublings += 1
                tolerance = tolerance._replace(part=2 * tolerance.part)
                continue
            dropped.append(error.windows()[0])
            rest = tuple(window for window in given.windows if window != dropped[-1])
            given = given._replace(windows=rest)
        else:
            return bounds._replace(contradiction=first, tolerance=tolerance, dropped=tuple(dropped))


def _telling(known: Known, windows: Sequence[Window], lengths: WindowLengths) -> tuple[Window, ...]:
    """Return the windows that say something: not those with counts on the very days of both ends.

    A count on the next day is not enough: the window then bounds the growth of one day.
    """
    counted = {count.day for count in known.counts}
    if known.zero is not None:
        counted.add(known.zero)

    def says_nothing(window: Window) -> bool:
        length = lengths.of(window.day)
        ends = (window.day, window.day - length.shortest, window.day - length.longest)
        return counted.issuperset(ends)

    return tuple(window for window in windows if not says_nothing(window))


def _bounds(
    known: Known, days: Sequence[int], lengths: WindowLengths, tolerance: Tolerance
) -> Bounds:
    anchors = {count.day: count.value for count in known.counts}
    if known.zero is not None:
        anchors[known.zero] = 0
    last = known.counts[-1].day if known.counts else None
    later = [day for day in days if last is not None and day > last]
    if later:
        # Windows after the last count only say what it has become at least.
        carried = _Graph(known.windows, anchors, later, lengths, tolerance, known.zero).levels()[0]
        anchors.update(zip(later, (int(value) for value in carried), strict=True))
    windows = tuple(w for w in known.windows if last is None or w.day <= last)
    return _Graph(windows, anchors, days, lengths, tolerance, known.zero).bounds()


class _Graph:
    """The constraints of one model as arrays over its nodes: days in order."""

    def __init__(
        self,
        windows: Sequence[Window],
        anchors: Mapping[int, int],
        days: Sequence[int],
        lengths: WindowLengths,
        tolerance: Tolerance,
        zero: int | None,
    ) -> None:
        self.windows = windows
        self.days = tuple(days)
        first = -INFINITE if zero is None else zero
        # Before the day of creation the count is that of the day: 0.
        of = [lengths.of(window.day) for window in windows]
        short = [max(first, w.day - length.shortest) for w, length in zip(windows, of, strict=True)]
        long = [max(first, w.day - length.longest) for w, length in zip(windows, of, strict=True)]
        ends = [window.day for window in windows]
        inside = [max(first, day) for day in days]
        needed = np.unique(np.array([*short, *long, *ends, *inside], dtype=np.int64))
        kept = _neighbours(needed, np.array(sorted(anchors), dtype=np.int64))
        self.nodes = np.unique(np.concatenate([needed, kept]))
        self.anchors = np.searchsorted(self.nodes, kept)
        self.values = np.array([anchors[int(day)] for day in kept], dtype=np.int64)
        self.ends = np.searchsorted(self.nodes, np.array(ends, dtype=np.int64))
        self.short = np.searchsorted(self.nodes, np.array(short, dtype=np.int64))
        self.long = np.searchsorted(self.nodes, np.array(long, dtype=np.int64))
        self.most = np.array([tolerance.most(w.growth) for w in windows], dtype=np.int64)
        self.least = np.array([tolerance.least(w.growth) for w in windows], dtype=np.int64)
        self.published = np.searchsorted(self.nodes, np.array(inside, dtype=np.int64))

    def levels(self) -> tuple[Counts, Counts]:
        """Return the low and high bound of each day."""
        to, origin = self._shortest(self.published)
        return np.maximum(-origin[1:], 0), to[0, self.published]

    def bounds(self) -> Bounds:
        """Return the bounds of each day and of the growth between any two."""
        to, origin = self._shortest(self.published)
        rises = to[1:, self.published]
        limit = np.minimum(rises, INFINITE)
        low = np.maximum(-origin[1:], 0)
        return Bounds(
            self.days,
            low,
            np.minimum(to[0, self.published], INFINITE),
            np.maximum(-rises.T, 0),
            np.maximum(limit, 0),
        )

    def _shortest(self, sources: Counts) -> tuple[Counts, Counts]:
        """Return the distances from the origin and each source to all nodes, and to the origin.

        Row 0 is the origin's. Bellman-Ford over all sources at once: each round relaxes every
        edge, so it ends after as many rounds as the longest shortest path has turns. Raises
        Contradiction for a cycle of negative length.
        """
        rows = len(sources) + 1
        to = np.full((rows, len(self.nodes)), 2 * INFINITE, dtype=np.int64)
        to[np.arange(1, rows), sources] = 0
        origin = np.full(rows, 2 * INFINITE, dtype=np.int64)
        origin[0] = 0
        for _ in range(len(self.nodes) + len(self.windows) + 2):
            before, before_origin = to.copy(), origin.copy()
            if len(self.anchors):
                reached = origin[:, None] + self.values
                to[:, self.anchors] = np.minimum(to[:, self.anchors], reached)
            # A later value is never below an earlier one.
            to = np.minimum.accumulate(to[:, ::-1], axis=1)[:, ::-1]
            if len(self.windows):
                # Two windows may end or begin on one node, so the smallest of all must win.
                np.minimum.at(to.T, self.ends, (to[:, self.short] + self.most).T)
                np.minimum.at(to.T, self.long, (to[:, self.ends] - self.least).T)
            # No value is below 0, and an anchor's is its own.
            origin = np.minimum(origin, to.min(axis=1))
            if len(self.anchors):
                origin = np.minimum(origin, (to[:, self.anchors] - self.values).min(axis=1))
            if origin[0] < 0 or (to[np.arange(1, rows), sources] < 0).any():
                break
            if (to == before).all() and (origin == before_origin).all():
                return to, origin
        raise Contradiction(self)

    def cycle(self) -> list[Window]:
        """Return the windows on a cycle of negative length: one edge at a time, by the textbook."""
        edges: list[tuple[int, int, int, Window | None]] = []
        for node in range(len(self.nodes)):
            edges.append((node, ORIGIN, 0, None))
            if node:
                edges.append((node, node - 1, 0, None))
        for node, value in zip(self.anchors.tolist(), self.values.tolist(), strict=True):
            edges += [(ORIGIN, node, value, None), (node, ORIGIN, -value, None)]
        for place, window in enumerate(self.windows):
            short, long, end = int(self.short[place]), int(self.long[place]), int(self.ends[place])
            edges.append((short, end, int(self.most[place]), window))
            edges.append((end, long, -int(self.least[place]), window))
        distance = dict.fromkeys(range(ORIGIN, len(self.nodes)), 0)
        came_by: dict[int, tuple[int, Window | None]] = {}
        last = ORIGIN
        for _ in range(len(distance) + 1):
            changed = False
            for start, end, weight, by in edges:
                if distance[start] + weight < distance[end]:
                    distance[end] = distance[start] + weight
                    came_by[end] = (start, by)
                    last, changed = end, True
            if not changed:
                raise AssertionError("a contradiction without a cycle")
        for _ in range(len(distance)):
            last = came_by[last][0]
        found: set[Window] = set()
        node = last
        while True:
            node, by = came_by[node]
            if by is not None:
                found.add(by)
            if node == last:
                return sorted(found)


def _neighbours(needed: Counts, anchors: Counts) -> Counts:
    """Return the anchors that some needed day has next to it: those between others say nothing."""
    if not len(anchors):
        return anchors
    after = np.searchsorted(anchors, needed, side="left")
    before = np.searchsorted(anchors, needed, side="right") - 1
    places = np.concatenate([after[after < len(anchors)], before[before >= 0]])
    kept: Counts = anchors[np.unique(places)]
    return kept
