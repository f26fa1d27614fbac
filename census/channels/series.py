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
        self._keys_and_labels: dict[tuple[str, str, str], tuple[str | None, str]] = {}

    def of(self, name: ChannelName, dimension: str) -> tuple[str | None, str]:
        """Return the key and label of a name; the key is None where it is unknown."""
        key_and_label = self._keys_and_labels.get((name.channel, name.name, dimension))
        if key_and_label is None:
            key_and_label = self._keys_and_labels[name.channel, name.name, dimension] = self._read(
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
    for days_of_name in last_days.values():
        for month, day in days_of_name.items():
            months[month] = max(day, months.get(month, ""))
    # Every dimension asks for the same counters on the same few days.
    amounts_read: dict[tuple[str, str], Amount | None] = {}

    def amount(name: str, day: str) -> Amount | None:
        """Return the value of a counter on a day, None before its first reading."""
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
            amounts = [
                (day, amount_on_day)
                for name, day in end_of.items()
                if (amount_on_day := amount(name, day))
            ]
            yield from _sums_by_key(
                channel, ALL, dimension, "month", through, 1, amounts, keys, whole
            )


def _ends(
    names: Mapping[str, ChannelName],
    last_days: Mapping[str, Mapping[str, str]],
    month: str,
    keys: Keys,
    dimension: str,
) -> dict[str, str]:
    """Return for each name the last day of a month on which any name of its key was read."""
    ends: dict[str | None, str] = {}
    key_of = {name: keys.of(channel_name, dimension)[0] for name, channel_name in names.items()}
    for name, days_of_name in last_days.items():
        if month in days_of_name:
            ends[key_of[name]] = max(ends.get(key_of[name], ""), days_of_name[month])
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
                yield from _sums_by_key(
                    channel, weights, dimension, step, span[-1], len(span), items, keys, True
                )


def _months(days: Iterable[str]) -> list[list[str]]:
    months: dict[str, list[str]] = defaultdict(list)
    for day in sorted(days):
        months[day[:7]].append(day)
    return list(months.values())


def _weeks(days: Iterable[str]) -> list[list[str]]:
    present_days = set(days)
    weeks = []
    end = date.fromisoformat(max(present_days)) if present_days else None
    while end and (end - timedelta(days=WEEK - 1)).isoformat() >= min(present_days):
        week = [(end - timedelta(days=back)).isoformat() for back in range(WEEK - 1, -1, -1)]
        if present_days.issuperset(week):
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


def _sums_by_key(
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
    total = sum(key_sum.value for key_sum in sums.values())
    low = sum(key_sum.low for key_sum in sums.values())
    highs = [key_sum.high for key_sum in sums.values()]
    high = None if None in highs else sum(end for end in highs if end is not None)
    for key, key_sum in sorted(sums.items(), key=lambda item: (item[0] is None, item[0] or "")):
        high_with_unknown = (
            None if key_sum.high is None else key_sum.high + (unknown if key != OTHER else 0)
        )
        share = low_pct = high_pct = None
        if whole and total:
            share = 100.0 * key_sum.value / total
            unknown_in_sum = unknown if weights == ALL else 0
            # All that is unknown could belong to the key, or nothing.
            rest_low = low - key_sum.low - (unknown_in_sum if key != OTHER else 0)
            rest_high = None if high is None or key_sum.high is None else high - key_sum.high
            if weights == OPEN and rest_high is not None:
                rest_high += unknown
            low_pct, high_pct = 0.0, 100.0
            if rest_high is not None:
                low_pct = percent_or_none(key_sum.low, key_sum.low + rest_high) or 0.0
            if high_with_unknown is not None:
                high_pct = (
                    percent_or_none(high_with_unknown, high_with_unknown + max(rest_low, 0)) or 0.0
                )
        yield ChannelSum(
            channel, weights, dimension, key, key_sum.label, step, through[:7], key_sum.through,
            days, key_sum.names, key_sum.value, key_sum.low, high_with_unknown, share, low_pct,
            high_pct,
        )  # fmt: skip
