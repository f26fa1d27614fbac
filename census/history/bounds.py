"""Hard bounds: the tightest limits of a model's downloads that follow from everything counted.

Every statement is of the kind "one value is at most so much above another", so the tightest limits
are the shortest paths of a small graph (a system of difference constraints: Cormen and others,
Introduction to Algorithms, "Difference constraints and shortest paths"). Its nodes are days and an
origin of value 0; an edge from u to v of weight w says value(v) <= value(u) + w.

Assumed of a model's cumulative count: it is 0 until `ModelCounts.zero`, it never falls, it equals
each all-time count on its day, and over a window it grew by about the 30-day count: no more over
the shortest possible length and no less over the longest, with a tolerance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from census.history.cleaning import Count, Event
from census.history.dated import Dated, dated
from census.history.model_counts import ModelCounts, Window
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

    def most(self, growths: Counts) -> Counts:
        """Return the largest growths over the shortest length, whole counts."""
        most: Counts = np.floor(growths * (1 + self.part) + self.slack).astype(np.int64)
        return most

    def least(self, growths: Counts) -> Counts:
        """Return the smallest growths over the longest length, whole counts, at least 0."""
        least: Counts = np.ceil(growths * (1 - self.part) - self.slack).astype(np.int64)
        return np.maximum(0, least)


TOLERANCE = Tolerance()


class Contradiction(Exception):
    """The observations of a model contradict each other."""

    def __init__(self, graph: _Graph) -> None:
        super().__init__("observations contradict each other")
        self._graph = graph

    def windows(self) -> list[Window]:
        """Return the windows that contradict each other, in order of days."""
        return self._graph.cycle()


class _Distances(NamedTuple):
    """The shortest distances, from which the growth between any two days follows.

    `to` has a row for each start and a column for each node. For each day `rows` is the row of its
    distances, `values` how far it lies above the start of that row, `above` the first node at or
    after it and `below` the last node at or before it.
    """

    to: Counts
    rows: Counts
    values: Counts
    above: Counts
    below: Counts

    def between(self, starts: Counts, ends: Counts) -> Counts:
        """Return the most by which the value of each end can exceed that of its start."""
        distance = self.to[self.rows[starts], self.above[ends]] - self.values[starts]
        # Of two days in one gap between nodes, the earlier has at most the value of the later.
        return np.where((starts >= ends) & (self.below[starts] < self.above[ends]), 0, distance)


class Bounds(NamedTuple):
    """The limits of a model's downloads at the ends of `days`, which are in order.

    `low` and `high` are one number a day; `INFINITE` where nothing limits the most. From the day
    after the last all-time count on, low and high are the carried value.
    """

    days: tuple[int, ...]
    low: Counts
    high: Counts
    distances: _Distances
    contradiction: Contradiction | None = None
    tolerance: Tolerance = TOLERANCE
    dropped: tuple[Window, ...] = ()

    def rises(self, starts: ArrayLike, ends: ArrayLike) -> tuple[Counts, Counts]:
        """Return the least and the most growth between days, given by their places in `days`."""
        first, last = np.asarray(starts, dtype=np.int64), np.asarray(ends, dtype=np.int64)
        low = np.maximum(-self.distances.between(last, first), 0)
        high = np.clip(self.distances.between(first, last), 0, INFINITE)
        return low, high

    def events(self) -> list[Event]:
        """Return the events of bounding a model whose observations contradict each other."""
        if self.contradiction is None:
            return []
        days = [window.day for window in self.contradiction.windows()]
        widening = f"counts contradict each other; {self.tolerance.part:.0%} of tolerance taken"
        words = "a 30-day count contradicts the others and is not used"
        return [
            Event("contradiction", days[0], days[-1], widening),
            *(Event("contradiction", window.day, window.day, words) for window in self.dropped),
        ]


def hard_bounds(
    model_counts: ModelCounts,
    days: Sequence[int],
    lengths: WindowLengths,
    tolerance: Tolerance = TOLERANCE,
) -> Bounds:
    """Return the tightest bounds of a model on some days (in order, without repeats).

    Where observations contradict each other the tolerance is doubled up to three times; then the
    oldest window of the contradiction is dropped, one at a time. Each is an event.
    """
    windows = dated(Window, model_counts.windows)
    if model_counts.zero is not None:
        windows = windows.where(windows.days > model_counts.zero)
    counts = dated(Count, model_counts.counts)
    usable = model_counts._replace(
        counts=counts, windows=_informative_windows(model_counts.zero, counts, windows, lengths)
    )
    first_contradiction: Contradiction | None = None
    dropped: list[Window] = []
    doublings = 0
    while True:
        try:
            bounds = _bounds(usable, days, lengths, tolerance)
        except Contradiction as error:
            first_contradiction = first_contradiction or error
            if doublings < DOUBLINGS:
                doublings += 1
                tolerance = tolerance._replace(part=2 * tolerance.part)
                continue
            dropped.append(error.windows()[0])
            windows = dated(Window, usable.windows)
            usable = usable._replace(windows=windows.where(windows.days != dropped[-1].day))
        else:
            return bounds._replace(
                contradiction=first_contradiction, tolerance=tolerance, dropped=tuple(dropped)
            )


def _informative_windows(
    zero: int | None, counts: Dated[Count], windows: Dated[Window], lengths: WindowLengths
) -> Dated[Window]:
    """Return the windows that add a limit: not those with counts on the very days of both ends.

    With a count on the day after an end a window does add one: it bounds the growth of that day.
    """
    counted = counts.days if zero is None else np.append(counts.days, zero)
    shortest, longest = lengths.ends(windows.days)
    ends = np.stack([windows.days, windows.days - shortest, windows.days - longest])
    says_nothing = np.asarray(np.isin(ends, counted).all(axis=0))
    return windows.where(~says_nothing)


def _bounds(
    model_counts: ModelCounts, days: Sequence[int], lengths: WindowLengths, tolerance: Tolerance
) -> Bounds:
    anchors = dated(Count, model_counts.counts)
    windows = dated(Window, model_counts.windows)
    last = anchors[-1].day if len(anchors) else None
    if model_counts.zero is not None:
        anchors = _with_counts(anchors, [model_counts.zero], [0])
    later = [day for day in days if last is not None and day > last]
    if later:
        # Windows after the last count only raise the lower bound of the days after it.
        carried = _Graph(windows, anchors, later, lengths, tolerance, model_counts.zero).lows()
        anchors = _with_counts(anchors, later, carried)
    if last is not None:
        windows = windows.until(last)
    return _Graph(windows, anchors, days, lengths, tolerance, model_counts.zero).bounds()


def _with_counts(counts: Dated[Count], days: ArrayLike, values: ArrayLike) -> Dated[Count]:
    """Return counts with further ones, which stand in place of those of their days."""
    # Of equal days the first is taken.
    all_days = np.concatenate([np.asarray(days, dtype=np.int64), counts.days])
    all_values = np.concatenate([np.asarray(values, dtype=np.int64), counts.values])
    unique_days, places = np.unique(all_days, return_index=True)
    return Dated(Count, unique_days, all_values[places])


class _Graph:
    """The constraints of one model as arrays over its nodes: days in order.

    Nodes are the days that a window begins or ends on and the known days next to any day of
    interest. A published day between two nodes only has edges to the days beside it: paths from it
    lead through the node below, paths to it through the node above.
    """

    def __init__(
        self,
        windows: Dated[Window],
        anchors: Dated[Count],
        days: Sequence[int],
        lengths: WindowLengths,
        tolerance: Tolerance,
        zero: int | None,
    ) -> None:
        self.windows = windows
        self.days = tuple(days)
        first = -INFINITE if zero is None else zero
        # Days before the day of creation have its count: 0.
        ends = windows.days
        shortest, longest = lengths.ends(ends)
        self.clamped_days = np.maximum(np.array(days, dtype=np.int64), first)
        begins = [np.maximum(ends - length, first) for length in (shortest, longest)]
        window_days = np.concatenate([*begins, ends])
        relevant_days = np.unique(np.concatenate([window_days, self.clamped_days]))
        neighbours = _neighbours(relevant_days, anchors.days)
        self.nodes = np.unique(np.concatenate([window_days, neighbours]))
        self.anchors = np.searchsorted(self.nodes, neighbours)
        self.values = anchors.values[np.searchsorted(anchors.days, neighbours)]
        self.short, self.long, self.ends = np.searchsorted(self.nodes, window_days).reshape(3, -1)
        self.most = tolerance.most(windows.values)
        self.least = tolerance.least(windows.values)

    def lows(self) -> Counts:
        """Return the low bound of each day."""
        free, rows, values = self._sources()
        _, origin = self._shortest(free)
        low: Counts = np.maximum(values - origin[rows], 0)
        return low

    def bounds(self) -> Bounds:
        """Return the bounds of each day, from which those of the growth between two are read."""
        free, rows, values = self._sources()
        to, origin = self._shortest(free)
        # A last column for the days after all nodes, which nothing limits.
        to = np.concatenate([to, np.full((len(to), 1), 2 * INFINITE)], axis=1)
        above = np.searchsorted(self.nodes, self.clamped_days)
        below = np.searchsorted(self.nodes, self.clamped_days, side="right") - 1
        return Bounds(
            self.days,
            np.maximum(values - origin[rows], 0),
            np.minimum(to[0, above], INFINITE),
            _Distances(to, rows, values, above, below),
        )

    def _sources(self) -> tuple[Counts, Counts, Counts]:
        """Return the nodes to start from, and of each day its row of distances and a known value.

        A day has the distances of the next node below it. A known day has the origin's (row 0),
        less its value; a day before all nodes has the origin's.
        """
        place = np.searchsorted(self.nodes, self.clamped_days, side="right") - 1
        is_known = np.zeros(len(self.nodes) + 1, dtype=np.bool_)
        is_known[self.anchors] = is_known[-1] = True
        values = np.zeros(len(self.nodes) + 1, dtype=np.int64)
        values[self.anchors] = self.values
        free = np.unique(place[~is_known[place]])
        rows = np.where(is_known[place], 0, 1 + np.searchsorted(free, place))
        return free, rows, values[place]

    def _shortest(self, sources: Counts) -> tuple[Counts, Counts]:
        """Return the distances from the origin and each source to all nodes, and to the origin.

        Row 0 is the origin's. Bellman-Ford over all sources at once: each round relaxes every
        edge, so it ends after as many rounds as the longest shortest path has edges of windows, of
        which each window has two. Raises Contradiction for a cycle of negative length.
        """
        rows = len(sources) + 1
        # A row a node, so that an edge takes a whole row to another.
        to = np.full((len(self.nodes), rows), 2 * INFINITE, dtype=np.int64)
        to[sources, np.arange(1, rows)] = 0
        origin = np.full(rows, 2 * INFINITE, dtype=np.int64)
        origin[0] = 0
        diagonal = (sources, np.arange(1, rows))
        values, most, least = self.values[:, None], self.most[:, None], self.least[:, None]
        for _ in range(2 * len(self.windows) + 4):
            previous, previous_origin = to.copy(), origin.copy()
            if len(self.anchors):
                to[self.anchors] = np.minimum(to[self.anchors], origin + values)
            # A later value is never below an earlier one.
            to = np.minimum.accumulate(to[::-1], axis=0)[::-1]
            if len(self.windows):
                # No two windows end on one day, but two may begin on one: the smallest wins.
                to[self.ends] = np.minimum(to[self.ends], to[self.short] + most)
                np.minimum.at(to, self.long, to[self.ends] - least)
            # No value is below 0, and an anchor's is its own.
            if len(self.nodes):
                origin = np.minimum(origin, to.min(axis=0))
            if len(self.anchors):
                origin = np.minimum(origin, (to[self.anchors] - values).min(axis=0))
            if origin[0] < 0 or (to[diagonal] < 0).any():
                break
            if (to == previous).all() and (origin == previous_origin).all():
                return to.T, origin
        raise Contradiction(self)

    def cycle(self) -> list[Window]:
        """Return the windows on a cycle of negative length, found edge by edge (Bellman-Ford)."""
        nodes = np.unique(np.concatenate([self.nodes, self.clamped_days]))
        anchors, short, long, ends = (
            np.searchsorted(nodes, self.nodes[places]).tolist()
            for places in (self.anchors, self.short, self.long, self.ends)
        )
        edges: list[tuple[int, int, int, Window | None]] = []
        for node in range(len(nodes)):
            edges.append((node, ORIGIN, 0, None))
            if node:
                edges.append((node, node - 1, 0, None))
        for node, value in zip(anchors, self.values.tolist(), strict=True):
            edges += [(ORIGIN, node, value, None), (node, ORIGIN, -value, None)]
        for place, window in enumerate(self.windows):
            edges.append((short[place], ends[place], int(self.most[place]), window))
            edges.append((ends[place], long[place], -int(self.least[place]), window))
        # The origin is the last node, which is what -1 says.
        distance = [0] * (len(nodes) + 1)
        predecessors: dict[int, tuple[int, Window | None]] = {}
        last = ORIGIN
        for rounds in range(1, len(distance) + 2):
            changed = False
            for start, end, weight, window_of_edge in edges:
                reached = distance[start] + weight
                if reached < distance[end]:
                    distance[end] = reached
                    predecessors[end] = (start, window_of_edge)
                    last, changed = end, True
            if not changed:
                raise AssertionError("a contradiction without a cycle")
            # Most cycles close in a few rounds, so one is looked for after 1, 2, 4, 8 and so on.
            if rounds & (rounds - 1) == 0 or rounds > len(distance):
                cycle = _closed(predecessors, last, len(distance))
                if cycle is not None:
                    return cycle
        raise AssertionError("a contradiction without a cycle")


def _closed(
    came_by: Mapping[int, tuple[int, Window | None]], node: int, nodes: int
) -> list[Window] | None:
    """Return the windows on the cycle that leads to a node, None where no cycle does."""
    for _ in range(nodes):
        if node not in came_by:
            return None
        node = came_by[node][0]
    windows: set[Window] = set()
    first = node
    while True:
        node, by = came_by[node]
        if by is not None:
            windows.add(by)
        if node == first:
            return sorted(windows)


def _neighbours(needed: Counts, anchors: Counts) -> Counts:
    """Return the anchors next to some needed day; those between other anchors say nothing."""
    if not len(anchors):
        return anchors
    after = np.searchsorted(anchors, needed, side="left")
    before = np.searchsorted(anchors, needed, side="right") - 1
    places = np.concatenate([after[after < len(anchors)], before[before >= 0]])
    neighbours: Counts = anchors[np.unique(places)]
    return neighbours
