"""Known counts that are hidden, and what the estimate says in their place.

A hidden 30-day count is compared with the growth of the draws over its window, a hidden all-time
count with the draws of its day. Loading, cleaning and bounds are the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.history.model_counts import ModelCounts
from census.history.window_lengths import WindowLengths
from census.rollups.draws import draw_histories
from census.rollups.noise import SharedNoise
from census.rollups.summaries import Numbers, cut_to_bounds
from census.rollups.used_counts import WINDOWS_APART_DAYS, used_windows

Double = NDArray[np.float64]

# Days of one source that are this near to each other are one crawl.
CRAWL_DAYS = 7
# A hidden count is not a test where another one stays that is this near to it.
NEAR_DAYS = 10
THINNED_DAYS = 30


class SourceCount(NamedTuple):
    """One observed count: its day (days since 1970-01-01), source and value."""

    day: int
    source: str
    value: int


class Evidence(NamedTuple):
    """All that was observed of one model, before cleaning, in order of days."""

    name: str
    lab: str
    country: str | None
    region: str | None
    created: int | None
    all_time: tuple[SourceCount, ...]
    in_30d: tuple[SourceCount, ...]


class Method(NamedTuple):
    """What the calibration needs from the other stages.

    `model_counts_of` cleans the evidence of a model; `bounds_of` gives the hard bounds (low, high)
    that its counts set at the ends of days.
    """

    model_counts_of: Callable[[Evidence], ModelCounts]
    bounds_of: Callable[[ModelCounts, Sequence[int]], tuple[Numbers, Numbers]]
    lengths: WindowLengths


class Case(NamedTuple):
    """One hidden count, and what the draws say in its place, shape (draws,).

    `group` names the crawl or the month of a source whose cases are summed; `windows` is the number
    of used windows that the model has left, `age` the days since its creation where that is known.
    """

    group: str
    name: str
    lab: str
    country: str | None
    windows: int
    age: int | None
    truth: float
    draws: Double


def hide_crawls(
    models: Sequence[Evidence], source: str, method: Method, noise: SharedNoise
) -> Iterator[Case]:
    """Hide each crawl of a source in turn; yield the 30-day counts of its models."""
    for first, last in _crawls(models, source):
        for model in models:
            hidden = [
                count
                for count in model.in_30d
                if count.source == source and first <= count.day <= last
            ]
            if hidden:
                kept_counts = [count for count in model.in_30d if count not in hidden]
                remaining = model._replace(in_30d=tuple(kept_counts))
                group = _date(first)
                yield from _windows(
                    remaining, [(group, count) for count in hidden[:1]], method, noise
                )


def hide_sources(
    models: Sequence[Evidence], sources: Iterable[str], method: Method, noise: SharedNoise
) -> tuple[list[Case], list[Case]]:
    """Hide each source in turn; return the cases of its 30-day and of its all-time counts."""
    windows: list[Case] = []
    counts: list[Case] = []
    for source in sources:
        for model in models:
            in_30d = _apart([count for count in model.in_30d if count.source == source])
            all_time = [count for count in model.all_time if count.source == source]
            remaining = model._replace(
                in_30d=tuple(count for count in model.in_30d if count.source != source),
                all_time=tuple(count for count in model.all_time if count.source != source),
            )
            months = [(f"{source} {_month(count.day)}", count) for count in in_30d]
            windows += _windows(remaining, months, method, noise)
            months = [(f"{source} {_month(count.day)}", count) for count in all_time]
            counts += _counts(remaining, months, method, noise)
    return windows, counts


def hide_anchor(
    models: Sequence[Evidence],
    day: int,
    windows_kept: int | None,
    method: Method,
    noise: SharedNoise,
) -> Iterator[Case]:
    """Hide the all-time counts up to a day of the models that were counted on it and later.

    `windows_kept` says how many 30-day counts are kept, spread evenly; None: all.
    """
    group = _date(day)
    for model in models:
        hidden = [count for count in model.all_time if count.day == day]
        later = tuple(count for count in model.all_time if count.day > day)
        if hidden and later:
            in_30d = model.in_30d if windows_kept is None else _spread(model.in_30d, windows_kept)
            remaining = model._replace(all_time=later, in_30d=in_30d)
            yield from _counts(remaining, [(group, hidden[0])], method, noise)


def thin_truth(
    models: Sequence[Evidence], windows_kept: int | None, method: Method, noise: SharedNoise
) -> Iterator[Case]:
    """Keep of daily counts the last all-time count and some windows; yield the ends of months.

    `windows_kept` says how many 30-day counts are kept, spread evenly; None: one in thirty days.
    """
    for model in models:
        last = model.all_time[-1:]
        if not last:
            continue
        monthly = tuple(_apart(model.in_30d, THINNED_DAYS))
        in_30d = monthly if windows_kept is None else _spread(model.in_30d, windows_kept)
        remaining = model._replace(all_time=last, in_30d=in_30d)
        month_ends = [
            (_month(count.day), count)
            for count in model.all_time[:-1]
            if _month(count.day) != _month(count.day + 1)
        ]
        yield from _counts(remaining, month_ends, method, noise)


def _windows(
    model: Evidence, hidden: Sequence[tuple[str, SourceCount]], method: Method, noise: SharedNoise
) -> Iterator[Case]:
    """Yield the hidden 30-day counts that no other is near and that an all-time count follows."""
    kept_days = [count.day for count in model.in_30d]
    tested = [
        (group, count)
        for group, count in hidden
        if all(abs(count.day - day) > NEAR_DAYS for day in kept_days)
    ]
    starts = [count.day - method.lengths.of(count.day).mean for _, count in tested]
    times = sorted({*starts, *(float(count.day) for _, count in tested)})
    draws = _cut_draws(model, times, method, noise)
    if draws is None:
        return
    model_counts, values = draws
    place_of = {time: place for place, time in enumerate(times)}
    for (group, count), start in zip(tested, starts, strict=True):
        if count.day <= model_counts.counts[-1].day:
            growth = values[:, place_of[float(count.day)]] - values[:, place_of[start]]
            yield _case(group, model, model_counts, count, growth)


def _counts(
    model: Evidence, hidden: Sequence[tuple[str, SourceCount]], method: Method, noise: SharedNoise
) -> Iterator[Case]:
    """Yield the hidden all-time counts that a later one follows."""
    tested = _far_from(model.all_time, hidden)
    times = sorted({float(count.day) for _, count in tested})
    draws = _cut_draws(model, times, method, noise)
    if draws is None:
        return
    model_counts, values = draws
    for group, count in tested:
        if count.day < model_counts.counts[-1].day:
            value = values[:, times.index(float(count.day))]
            yield _case(group, model, model_counts, count, value)


def _case(
    group: str, model: Evidence, model_counts: ModelCounts, hidden: SourceCount, draws: Double
) -> Case:
    used = used_windows(model_counts)
    age = None if model.created is None else hidden.day - model.created
    publisher = model.lab, model.country
    return Case(group, model.name, *publisher, used, age, float(hidden.value), draws)


def _far_from(
    kept_counts: Sequence[SourceCount], hidden: Sequence[tuple[str, SourceCount]]
) -> list[tuple[str, SourceCount]]:
    """Return the hidden counts that are not within `NEAR_DAYS` of a kept one."""
    days = np.array([count.day for count in kept_counts])
    return [
        (group, count) for group, count in hidden if not np.any(abs(days - count.day) <= NEAR_DAYS)
    ]


def _cut_draws(
    model: Evidence, times: Sequence[float], method: Method, noise: SharedNoise
) -> tuple[ModelCounts, Double] | None:
    """Return a model's counts that stay known and its cut draws at the times, None without any.

    Within a day the bounds are the lower one of its beginning and the upper one of its end.
    """
    if not times or not model.all_time:
        return None
    model_counts = method.model_counts_of(model)
    if not model_counts.counts or times[0] > model_counts.counts[-1].day:
        return None
    draws = draw_histories(model_counts, model.name, model.region, times, method.lengths, noise)
    starts = np.floor(times).astype(int).tolist()
    ends = np.ceil(times).astype(int).tolist()
    days = sorted({*starts, *ends})
    low, high = method.bounds_of(model_counts, days)
    lower = low[np.searchsorted(days, starts)]
    upper = high[np.searchsorted(days, ends)]
    return model_counts, cut_to_bounds(draws, lower, upper)


def _crawls(models: Sequence[Evidence], source: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last day of each crawl of a source."""
    days = sorted(
        {count.day for model in models for count in model.in_30d if count.source == source}
    )
    first = previous = None
    for day in days:
        if first is None or previous is None or day - previous > CRAWL_DAYS:
            if first is not None and previous is not None:
                yield first, previous
            first = day
        previous = day
    if first is not None and previous is not None:
        yield first, previous


def _apart(observed: Sequence[SourceCount], days: int = WINDOWS_APART_DAYS) -> list[SourceCount]:
    """Return counts that are at least `days` apart, in order; the latest is chosen first."""
    chosen: list[SourceCount] = []
    for count in reversed(observed):
        if not chosen or chosen[-1].day - count.day >= days:
            chosen.append(count)
    return chosen[::-1]


def _spread(observed: Sequence[SourceCount], number: int) -> tuple[SourceCount, ...]:
    """Return `number` of the counts, from the first to the last, evenly spaced in their order."""
    if len(observed) <= number:
        return tuple(observed)
    places = np.rint(np.linspace(0, len(observed) - 1, number)).astype(int)
    return tuple(observed[place] for place in places)


def _date(day: int) -> str:
    return str(np.datetime64(day, "D"))


def _month(day: int) -> str:
    return str(np.datetime64(day, "D").astype("datetime64[M]"))
