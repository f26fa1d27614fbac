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


class Observed(NamedTuple):
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
    all_time: tuple[Observed, ...]
    thirty: tuple[Observed, ...]


class Method(NamedTuple):
    """What the calibration needs from the other stages.

    `known_of` cleans the evidence of a model; `bounds_of` gives the hard bounds (low, high) of what
    is known at the ends of days.
    """

    known_of: Callable[[Evidence], ModelCounts]
    bounds_of: Callable[[ModelCounts, Sequence[int]], tuple[Numbers, Numbers]]
    lengths: WindowLengths


class Case(NamedTuple):
    """One hidden count, and what the draws say in its place, shape (draws,).

    `group` names the crawl or the month of a source whose cases are summed; `windows` is the number
    of used windows that the model has left.
    """

    group: str
    name: str
    lab: str
    country: str | None
    windows: int
    truth: float
    draws: Double


def hide_crawls(
    models: Sequence[Evidence], source: str, method: Method, noise: SharedNoise
) -> Iterator[Case]:
    """Hide each crawl of a source in turn; yield the 30-day counts of its models."""
    for first, last in _crawls(models, source):
        for model in models:
            hidden = [
                one for one in model.thirty if one.source == source and first <= one.day <= last
            ]
            if hidden:
                kept = [one for one in model.thirty if one not in hidden]
                rest = model._replace(thirty=tuple(kept))
                group = _date(first)
                yield from _windows(rest, [(group, one) for one in hidden[:1]], method, noise)


def hide_sources(
    models: Sequence[Evidence], sources: Iterable[str], method: Method, noise: SharedNoise
) -> tuple[list[Case], list[Case]]:
    """Hide each source in turn; return the cases of its 30-day and of its all-time counts."""
    windows: list[Case] = []
    counts: list[Case] = []
    for source in sources:
        for model in models:
            thirty = _apart([one for one in model.thirty if one.source == source])
            all_time = [one for one in model.all_time if one.source == source]
            rest = model._replace(
                thirty=tuple(one for one in model.thirty if one.source != source),
                all_time=tuple(one for one in model.all_time if one.source != source),
            )
            months = [(f"{source} {_month(one.day)}", one) for one in thirty]
            windows += _windows(rest, months, method, noise)
            months = [(f"{source} {_month(one.day)}", one) for one in all_time]
            counts += _counts(rest, months, method, noise)
    return windows, counts


def hide_anchor(
    models: Sequence[Evidence],
    day: int,
    windows: int | None,
    method: Method,
    noise: SharedNoise,
) -> Iterator[Case]:
    """Hide the all-time counts up to a day of the models that were counted on it and later.

    `windows` says how many 30-day counts are kept, spread evenly; None: all.
    """
    group = _date(day)
    for model in models:
        hidden = [one for one in model.all_time if one.day == day]
        later = tuple(one for one in model.all_time if one.day > day)
        if hidden and later:
            thirty = model.thirty if windows is None else _spread(model.thirty, windows)
            rest = model._replace(all_time=later, thirty=thirty)
            yield from _counts(rest, [(group, hidden[0])], method, noise)


def thin_truth(
    models: Sequence[Evidence], windows: int | None, method: Method, noise: SharedNoise
) -> Iterator[Case]:
    """Keep of daily counts the last all-time count and some windows; yield the ends of months.

    `windows` says how many 30-day counts are kept, spread evenly; None: one in thirty days.
    """
    for model in models:
        last = model.all_time[-1:]
        if not last:
            continue
        monthly = tuple(_apart(model.thirty, THINNED_DAYS))
        thirty = monthly if windows is None else _spread(model.thirty, windows)
        rest = model._replace(all_time=last, thirty=thirty)
        ends = [
            (_month(one.day), one)
            for one in model.all_time[:-1]
            if _month(one.day) != _month(one.day + 1)
        ]
        yield from _counts(rest, ends, method, noise)


def _windows(
    model: Evidence, hidden: Sequence[tuple[str, Observed]], method: Method, noise: SharedNoise
) -> Iterator[Case]:
    """Yield the hidden 30-day counts that nothing near replaces and an all-time count follows."""
    kept = [one.day for one in model.thirty]
    tested = [
        (group, one) for group, one in hidden if all(abs(one.day - day) > NEAR_DAYS for day in kept)
    ]
    starts = [one.day - method.lengths.of(one.day).mean for _, one in tested]
    times = sorted({*starts, *(float(one.day) for _, one in tested)})
    draws = _cut_draws(model, times, method, noise)
    if draws is None:
        return
    known, values = draws
    at = {time: place for place, time in enumerate(times)}
    for (group, one), start in zip(tested, starts, strict=True):
        if one.day <= known.counts[-1].day:
            growth = values[:, at[float(one.day)]] - values[:, at[start]]
            yield _case(group, model, known, one, growth)


def _counts(
    model: Evidence, hidden: Sequence[tuple[str, Observed]], method: Method, noise: SharedNoise
) -> Iterator[Case]:
    """Yield the hidden all-time counts that a later one follows."""
    tested = _far_from(model.all_time, hidden)
    times = sorted({float(one.day) for _, one in tested})
    draws = _cut_draws(model, times, method, noise)
    if draws is None:
        return
    known, values = draws
    for group, one in tested:
        if one.day < known.counts[-1].day:
            value = values[:, times.index(float(one.day))]
            yield _case(group, model, known, one, value)


def _case(group: str, model: Evidence, known: ModelCounts, hidden: Observed, draws: Double) -> Case:
    used = used_windows(known)
    return Case(group, model.name, model.lab, model.country, used, float(hidden.value), draws)


def _far_from(
    kept: Sequence[Observed], hidden: Sequence[tuple[str, Observed]]
) -> list[tuple[str, Observed]]:
    """Return the hidden counts that no kept one nearly tells."""
    days = np.array([one.day for one in kept])
    return [(group, one) for group, one in hidden if not np.any(abs(days - one.day) <= NEAR_DAYS)]


def _cut_draws(
    model: Evidence, times: Sequence[float], method: Method, noise: SharedNoise
) -> tuple[ModelCounts, Double] | None:
    """Return what stays known of a model and its cut draws at the times, if there are any.

    Within a day the bounds are the lower one of its beginning and the upper one of its end.
    """
    if not times or not model.all_time:
        return None
    known = method.known_of(model)
    if not known.counts or times[0] > known.counts[-1].day:
        return None
    draws = draw_histories(known, model.name, model.region, times, method.lengths, noise)
    starts = np.floor(times).astype(int).tolist()
    ends = np.ceil(times).astype(int).tolist()
    days = sorted({*starts, *ends})
    low, high = method.bounds_of(known, days)
    lower = low[np.searchsorted(days, starts)]
    upper = high[np.searchsorted(days, ends)]
    return known, cut_to_bounds(draws, lower, upper)


def _crawls(models: Sequence[Evidence], source: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last day of each crawl of a source."""
    days = sorted({one.day for model in models for one in model.thirty if one.source == source})
    first = previous = None
    for day in days:
        if first is None or previous is None or day - previous > CRAWL_DAYS:
            if first is not None and previous is not None:
                yield first, previous
            first = day
        previous = day
    if first is not None and previous is not None:
        yield first, previous


def _apart(observed: Sequence[Observed], days: int = WINDOWS_APART_DAYS) -> list[Observed]:
    """Return the counts that are at least so many days apart, the latest first chosen."""
    chosen: list[Observed] = []
    for one in reversed(observed):
        if not chosen or chosen[-1].day - one.day >= days:
            chosen.append(one)
    return chosen[::-1]


def _spread(observed: Sequence[Observed], many: int) -> tuple[Observed, ...]:
    """Return so many of the counts, from the first to the last, evenly by number."""
    if len(observed) <= many:
        return tuple(observed)
    places = np.rint(np.linspace(0, len(observed) - 1, many)).astype(int)
    return tuple(observed[place] for place in places)


def _date(day: int) -> str:
    return str(np.datetime64(day, "D"))


def _month(day: int) -> str:
    return str(np.datetime64(day, "D").astype("datetime64[M]"))
