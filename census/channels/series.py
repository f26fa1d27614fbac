"""Sums of one channel's counts by lab, country and the like: never of two channels.

Counters are summed as they stood on the last day of a month, with hard bounds. Daily amounts are
summed over whole days of a month or a week; what the source gives as one sum for all the models
that it does not list bounds every share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from census.base.shares import percent_or_none
from census.channels.counters import Counter
from census.channels.names import OPEN, OTHER, ChannelName

ALL = "all"
WEEK = 7
# Keys by dimension: the lab's country and region come with the lab.
DIMENSIONS = ("country", "region", "lab", "family", "weights")
DAILY_SUMS = (
    *((ALL, dimension) for dimension in DIMENSIONS),
    *((OPEN, dimension) for dimension in DIMENSIONS[:-1]),
)
OTHER_LABEL = "Models that the source does not list"


class LabOrigin(NamedTuple):
    """Name, country and region of a lab, as the sums need them."""

    name: str
    country: str | None
    country_name: str | None
    region: str | None


class ChannelSum(NamedTuple):
    """A key's sum: on `through` of a counter, over `days` days to it of daily amounts."""

    channel: str
    weights: str
    dimension: str
    key: str | None
    label: str
    step: str
    month: str
    through: str
    days: int
    names: int
    value: int
    low: int
    high: int | None
    share_pct: float | None
    low_pct: float | None
    high_pct: float | None


class Amount(NamedTuple):
    """The amount of a name on a day or in a step, with its bounds."""

    name: ChannelName
    value: int
    low: int
    high: int | None


class Keys:
    """The key and label of a name by dimension."""

    def __init__(self, labs: Mapping[str, LabOrigin], families: Mapping[str, str]) -> None:
        self._labs = labs
        self._families = families
        self._known: dict[tuple[str, str, str], tuple[str | None, str]] = {}

    def of(self, name: ChannelName, dimension: str) -> tuple[str | None, str]:
        """Return the key and label of a name; a name without one has the key None."""
        key_and_label = self._known.get((name.channel, name.name, dimension))
        if key_and_label is None:
            key_and_label = self._known[name.channel, name.name, dimension] = self._read(
                name, dimension
            )
        return key_and_label

    def _read(self, name: ChannelName, dimension: str) -> tuple[str | None, str]:
        if name.name == OTHER:
            return OTHER, OTHER_LABEL
        if dimension == "weights":
            return name.weights, name.weights.title() if name.weights else "Not stated"
        if dimension == "family":
            family = name.family
            return (family, self._families[family]) if family else (None, "Without a family")
        lab = self._labs[name.lab] if name.lab else None
        if lab is None:
            return None, "Not mapped to a lab"
        if dimension == "lab":
            return name.lab, lab.name
        if dimension == "country":
            return lab.country, lab.country_name or "Country not established"
        return lab.region, lab.region or "Country not established"


def counter_points(
    channel: str,
    names: Mapping[str, ChannelName],
    counters: Mapping[str, Counter],
    keys: Keys,
    *,
    whole: bool,
) -> Iterator[ChannelSum]:
    """Yield the sums of a channel's counters on the last day of each month.

    `whole` says that the source lists every name of the channel each day: then shares are of the
    whole, and a name counts from its first day in the list to its last. A source that lists some
    makers only has no shares, and each key ends on its own last day of the month.
    """
    last_days = {
        name: {reading.day[:7]: reading.day for reading in counter.readings}
        for name, counter in counters.items()
    }
    months: dict[str, str] = {}
    for of_name in last_days.values():
        for month, day in of_name.items():
            months[month] = max(day, months.get(month, ""))
    # Every dimension asks for the same counters on the same few days.
    amounts_read: dict[tuple[str, str], Amount | None] = {}

    def amount(name: str, day: str) -> Amount | None:
        """Return what a counter stood at on a day, None before its first reading."""
        if (name, day) not in amounts_read:
            level = counters[name].level(day)
            amounts_read[name, day] = Amount(names[name], *level) if level else None
        return amounts_read[name, day]

    for month, through in sorted(months.items()):
        amounts_read.clear()
        current = [name for name, counter in counters.items() if counter.last_day >= through]
        for dimension in DIMENSIONS[:-1]:
            end_of = dict.fromkeys(current, through)
            if not whole:
                end_of = _ends(names, last_days, month, keys, dimension)
            amounts = [(day, stood) for name, day in end_of.items() if (stood := amount(name, day))]
            yield from _summed(channel, ALL, dimension, "month", through, 1, amounts, keys, whole)


def _ends(
    names: Mapping[str, ChannelName],
    last_days: Mapping[str, Mapping[str, str]],
    month: str,
    keys: Keys,
    dimension: str,
) -> dict[str, str]:
    """Return of each name the last day of a month on which a name of its key was read."""
    ends: dict[str | None, str] = {}
    key_of = {name: keys.of(channel_name, dimension)[0] for name, channel_name in names.items()}
    for name, of_name in last_days.items():
        if month in of_name:
            ends[key_of[name]] = max(ends.get(key_of[name], ""), of_name[month])
    return {name: ends[key] for name, key in key_of.items() if key in ends}


def daily_points(
    channel: str,
    names: Mapping[str, ChannelName],
    days: Mapping[str, Mapping[str, int]],
    keys: Keys,
) -> Iterator[ChannelSum]:
    """Yield the sums of daily amounts by month and by week; weeks end on the last day.

    `days` has of each day the amounts by name. A month or week sums the days that there are; only
    weeks with all seven are given.
    """
    for step, spans in (("month", _months(days)), ("week", _weeks(days))):
        for span in spans:
            amounts: dict[str, int] = defaultdict(int)
            for day in span:
                for name, value in days[day].items():
                    amounts[name] += value
            items = [(span[-1], Amount(names[n], v, v, v)) for n, v in sorted(amounts.items())]
            for weights, dimension in DAILY_SUMS:
                yield from _summed(
                    channel, weights, dimension, step, span[-1], len(span), items, keys, True
                )


def _months(days: Iterable[str]) -> list[list[str]]:
    months: dict[str, list[str]] = defaultdict(list)
    for day in sorted(days):
        months[day[:7]].append(day)
    return list(months.values())


def _weeks(days: Iterable[str]) -> list[list[str]]:
    there = set(days)
    weeks = []
    end = date.fromisoformat(max(there)) if there else None
    while end and (end - timedelta(days=WEEK - 1)).isoformat() >= min(there):
        week = [(end - timedelta(days=back)).isoformat() for back in range(WEEK - 1, -1, -1)]
        if there.issuperset(week):
            weeks.append(week)
        end -= timedelta(days=WEEK)
    return weeks[::-1]


class _Sum:
    """The sum of one key."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.through = ""
        self.names = self.value = self.low = 0
        self.high: int | None = 0

    def add(self, day: str, amount: Amount) -> None:
        self.through = max(self.through, day)
        self.names += amount.name.name != OTHER
        self.value += amount.value
        self.low += amount.low
        self.high = None if self.high is None or amount.high is None else self.high + amount.high


def _summed(
    channel: str,
    weights: str,
    dimension: str,
    step: str,
    through: str,
    days: int,
    amounts: Sequence[tuple[str, Amount]],
    keys: Keys,
    whole: bool,
) -> Iterator[ChannelSum]:
    sums: dict[str | None, _Sum] = {}
    unknown = 0
    for day, amount in amounts:
        if weights == OPEN and amount.name.weights != OPEN:
            unknown += amount.value if amount.name.weights is None else 0
            continue
        key, label = keys.of(amount.name, dimension)
        sums.setdefault(key, _Sum(label)).add(day, amount)
    if weights == ALL and OTHER in sums:
        unknown = sums[OTHER].value
    total = sum(of_key.value for of_key in sums.values())
    low = sum(of_key.low for of_key in sums.values())
    highs = [of_key.high for of_key in sums.values()]
    high = None if None in highs else sum(end for end in highs if end is not None)
    for key, of_key in sorted(sums.items(), key=lambda item: (item[0] is None, item[0] or "")):
        top = None if of_key.high is None else of_key.high + (unknown if key != OTHER else 0)
        share = low_pct = high_pct = None
        if whole and total:
            share = 100.0 * of_key.value / total
            within = unknown if weights == ALL else 0
            # All of what is unknown could be the key's, or none of it.
            rest_low = low - of_key.low - (within if key != OTHER else 0)
            rest_high = None if high is None or of_key.high is None else high - of_key.high
            if weights == OPEN and rest_high is not None:
                rest_high += unknown
            low_pct, high_pct = 0.0, 100.0
            if rest_high is not None:
                low_pct = percent_or_none(of_key.low, of_key.low + rest_high) or 0.0
            if top is not None:
                high_pct = percent_or_none(top, top + max(rest_low, 0)) or 0.0
        yield ChannelSum(
            channel, weights, dimension, key, of_key.label, step, through[:7], of_key.through, days,
            of_key.names, of_key.value, of_key.low, top, share, low_pct, high_pct,
        )  # fmt: skip
