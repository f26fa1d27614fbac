"""The hard lower bound of a model without an all-time count: what its windows prove."""

from __future__ import annotations

from census.history.bounds import INFINITE, TOLERANCE, hard_bounds
from census.history.dated import dated
from census.history.model_counts import ModelCounts, Window
from census.history.window_lengths import WindowLengths

# After this many rounds through a model's days `hard_bounds` is used instead.
FEW_ROUNDS = 6


def low_without_counts(model_counts: ModelCounts, day: int, lengths: WindowLengths) -> int:
    """Return the low bound on a day of a model without an all-time count, as `hard_bounds` does.

    Without counts it is the least value of the day that satisfies the constraints. Going through
    the days in their order finds it in one or two rounds.
    """
    first = -INFINITE if model_counts.zero is None else model_counts.zero
    edges: dict[int, tuple[int, int, int, int]] = {}
    windows = dated(Window, model_counts.windows)
    limits = TOLERANCE.least(windows.values).tolist(), TOLERANCE.most(windows.values).tolist()
    for end, least, most in zip(windows.days.tolist(), *limits, strict=True):
        if end > first:
            length = lengths.of(end)
            begins = max(first, end - length.longest), max(first, end - length.shortest)
            edges[end] = (*begins, least, most)
    day = max(first, day)
    starts = [begin for long, short, _, _ in edges.values() for begin in (long, short)]
    low = dict.fromkeys(sorted({day, *edges, *starts}), 0)
    for _ in range(FEW_ROUNDS):
        level = 0
        for node, known_low in low.items():
            level = max(level, known_low)
            if node in edges:
                long, _, least, _ = edges[node]
                level = max(level, low[long] + least)
            low[node] = level
        raised = False
        for end, (_, short, _, most) in edges.items():
            if low[end] - most > low[short]:
                low[short] = low[end] - most
                raised = True
        if not raised and not low.get(first):
            return low[day]
    # Many rounds are needed, or the windows contradict each other.
    return int(hard_bounds(model_counts, [day], lengths).low[0])
