"""The written rules that set faulty counts aside, one function a rule.

A rule never edits an observation: it says which counts of a model the series may use. The rules
follow those that Model Pulse publishes for the same archives.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

# A fall is undecided for this many snapshots of the model, the first low one included.
UNDECIDED_SNAPSHOTS = 8
# A day with fewer rows than this part of the source's last whole day is partial.
PARTIAL_PART = 0.5
# A day's growth below this part of the median of the days around it is a stall,
STALL_PART = 0.3
STALL_DAYS = 15
# and so is one on which this part of the busy models did not move at all.
STUCK_PART = 0.25
BUSY_DOWNLOADS_30D = 60_000
# Fewer busy models than this say nothing about a day.
STUCK_LEAST_MODELS = 20


class Count(NamedTuple):
    """An all-time count of one model: the day (days since 1970-01-01) and the value."""

    day: int
    value: int


class Event(NamedTuple):
    """One application of a rule to one model: kind, first and last day, what was done."""

    kind: str
    first: int
    last: int
    action: str


class Cleaned(NamedTuple):
    """The counts that the series may use, in order of days, and what was done to get there.

    `capped` holds the days whose count was lowered to a later correction.
    """

    counts: list[Count]
    capped: set[int]
    events: list[Event]


def clean_counts(counts: Sequence[Count]) -> Cleaned:
    """Return a model's counts without falls; `counts` are in order of days, one a day.

    A count below the last good one begins a fall. The fall ends as a `rollback` when a later count
    reaches the last good one before `UNDECIDED_SNAPSHOTS` low counts have been seen: the low ones
    are set aside. It ends as a `correction` when that many low counts have been seen: earlier
    counts are capped at the corrected level, since a cumulative count cannot have been higher than
    it is later. Until then it is `undecided`: the low counts are not used and the last good value
    is carried.
    """
    good: list[Count] = []
    capped: set[int] = set()
    events: list[Event] = []
    at = 0
    while at < len(counts):
        count = counts[at]
        if not good or count.value >= good[-1].value:
            good.append(count)
            at += 1
            continue
        low = _fall_length(counts, at, good[-1].value)
        last = counts[at + low - 1].day
        if at + low < len(counts) and low < UNDECIDED_SNAPSHOTS:
            action = f"{low} low counts set aside until the count recovered"
            events.append(Event("rollback", count.day, last, action))
            at += low
        elif low >= UNDECIDED_SNAPSHOTS:
            lowered = _cap(good, count.value)
            capped.update(lowered)
            action = "earlier counts capped at the corrected level"
            events.append(Event("correction", min(lowered), count.day, action))
            good.append(count)
            at += 1
        else:
            action = f"{low} low counts not used yet; the last good count is carried"
            events.append(Event("undecided", count.day, last, action))
            break
    return Cleaned(good, capped, events)


def _fall_length(counts: Sequence[Count], at: int, level: int) -> int:
    """Return how many counts from `at` on are below `level`, counting no further than needed."""
    length = 0
    for count in counts[at : at + UNDECIDED_SNAPSHOTS]:
        if count.value >= level:
            break
        length += 1
    return length


def _cap(good: list[Count], level: int) -> list[int]:
    """Lower the good counts above `level` to it; return their days."""
    days = []
    for place in range(len(good) - 1, -1, -1):
        if good[place].value <= level:
            break
        days.append(good[place].day)
        good[place] = Count(good[place].day, level)
    return days


class NewSize(NamedTuple):
    """A source lists fewer models for good: first and last day of the snapshots that showed it.

    `before` is the number of models on the last whole day, `models` the median of the snapshots.
    """

    first: int
    last: int
    before: int
    models: int


class Sizes(NamedTuple):
    """The partial days of a source, in order, and the days from which it had a new size."""

    partial: list[int]
    new: list[NewSize]


def judge_sizes(rows: Sequence[tuple[int, int]]) -> Sizes:
    """Return the days on which a source lists fewer than half the models of its last whole day.

    `rows` are (day, number of models) of one source that lists every model each day, in order.
    Such days are partial until `UNDECIDED_SNAPSHOTS` of them have been seen in a row: then the
    source has a new size, their median, and of those days only the ones below half of it stay
    partial.
    """
    partial: list[int] = []
    new: list[NewSize] = []
    low: list[tuple[int, int]] = []
    models_when_whole = 0
    for day, models in rows:
        if models >= PARTIAL_PART * models_when_whole:
            models_when_whole = models
            low = []
            continue
        low.append((day, models))
        partial.append(day)
        if len(low) == UNDECIDED_SNAPSHOTS:
            size = int(median(number for _, number in low))
            new.append(NewSize(low[0][0], day, models_when_whole, size))
            del partial[-UNDECIDED_SNAPSHOTS:]
            partial += [short_day for short_day, number in low if number < PARTIAL_PART * size]
            models_when_whole = size
            # Days at its end that are short for the new size too may begin the next fall.
            end = max(
                place for place, (_, number) in enumerate(low) if number >= PARTIAL_PART * size
            )
            low = low[end + 1 :]
    return Sizes(partial, new)


class Movement(NamedTuple):
    """What a source's counts did from its previous day to this one.

    `growth` is the rise of the all-time counts, `days` the days between, `busy` the models with
    at least `BUSY_DOWNLOADS_30D` downloads in 30 days, `stuck` those of them that did not move.
    """

    days: int
    growth: int
    busy: int
    stuck: int


def stalled_days(movements: Mapping[int, Movement]) -> dict[int, str]:
    """Return the days on which a source's counters stalled, with the reason; nothing is set aside.

    A stall is a daily growth under 0.3 of the median of the 15 days around it, or a day on which a
    quarter of the busy models did not move (rule of Model Pulse).
    """
    days = sorted(movements)
    daily = [movements[day].growth / movements[day].days for day in days]
    stalled = {}
    for place, day in enumerate(days):
        around = daily[max(0, place - STALL_DAYS // 2) : place + STALL_DAYS // 2 + 1]
        movement = movements[day]
        if len(around) >= STALL_DAYS // 2 and daily[place] < STALL_PART * median(around):
            stalled[day] = "daily growth under 0.3 of the median of the 15 days around it"
        elif movement.busy >= STUCK_LEAST_MODELS and movement.stuck >= STUCK_PART * movement.busy:
            stalled[day] = f"{movement.stuck} of {movement.busy} busy models did not move"
    return stalled


def gaps(days: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last missing day of each gap in a source that lists every day."""
    return [
        (before + 1, after - 1) for before, after in itertools.pairwise(days) if after - before > 1
    ]
