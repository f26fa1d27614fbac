"""Crossings, round numbers and new leaders, each with the months between which it happened."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlite_utils

from census.bands import WIDEST_BAND
from census.intervals import (
    Bounds,
    Interval,
    crossings,
    estimated_crossing,
    leaders,
    reached,
    share_band,
    was_behind,
)
from census.numbers import month_words

DIMENSIONS = ("country", "region", "lab", "family")
# Pairs are formed among this many of the largest keys of a dimension.
LARGEST = 12
# A lead whose beginning is open is told only of the first of these over the next one.
NEIGHBOURS = 5
ROUND_NUMBERS = tuple(
    step * 10**power for power in range(8, 13) for step in (1, 2, 5) if step * 10**power <= 10**12
)
# Names that stand in a sentence with an article.
WITH_ARTICLE = (
    "Netherlands",
    "Rest of the world",
    "United Arab Emirates",
    "United Kingdom",
    "United States",
)
# Labs that name no single base are no place that could pass another.
NO_PLACE = "XX"

Row = dict[str, Any]


class Cut(NamedTuple):
    """The cumulative series of one scope and dimension, counted for publishers."""

    scope: str
    dimension: str
    months: list[str]
    series: dict[str, dict[str, Bounds]]
    labels: dict[str, str]
    totals: dict[str, Bounds]

    def band(self, key: str, month: str) -> float:
        """Return how many points wide the share of a key is in a month."""
        own, total = self.series[key].get(month), self.totals[month]
        low, high = (own.low, own.high) if own else (0, 0)
        return share_band(self.series[key], total.low - low, total.high - high, month)

    def narrow(self, month: str, *keys: str) -> bool:
        """Return whether no key's share could lie within more than `WIDEST_BAND` points."""
        return all(self.band(key, month) <= WIDEST_BAND for key in keys)


def read_cut(connection: sqlite3.Connection, scope: str, dimension: str) -> Cut:
    """Read the cumulative series of a dimension; a key without a value in a month is not in it."""
    query = """
        select key, label, month, cumulative_low, cumulative_high, cumulative
        from series
        where scope = ? and attribution = 'publisher' and basis = 'operating' and dimension = ?
        order by month, key
    """
    series: dict[str, dict[str, Bounds]] = defaultdict(dict)
    labels: dict[str, str] = {}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for key, label, month, *values in connection.execute(query, (scope, dimension)):
        sums[month] = [one + other for one, other in zip(sums[month], values, strict=True)]
        if key is not None and key != NO_PLACE:
            series[key][month] = Bounds(*values)
            labels[key] = label
    totals = {month: Bounds(*values) for month, values in sums.items()}
    return Cut(scope, dimension, sorted(totals), dict(series), labels, totals)


def find_milestones(cut: Cut) -> Iterator[Row]:
    """Yield the milestones of one scope and dimension."""
    if not cut.months:
        return
    last = cut.months[-1]
    ranked = sorted(
        (key for key in cut.series if last in cut.series[key]),
        key=lambda key: (-cut.series[key][last].best, key),
    )[:LARGEST]
    yield from _crossings(cut, ranked)
    yield from _round_numbers(cut, ranked)
    yield from _leaders(cut)


def _crossings(cut: Cut, ranked: Sequence[str]) -> Iterator[Row]:
    for place, first in enumerate(ranked):
        for second in (key for key in ranked if key != first):
            one, other = cut.series[first], cut.series[second]
            one_name, other_name = named(cut.labels[first]), named(cut.labels[second])
            for when in crossings(one, other, cut.months):
                if when.known_before:
                    said = f"{one_name} passed {other_name} {words(when)}"
                    kind = "crossing"
                elif (
                    place < NEIGHBOURS
                    and ranked[place + 1 : place + 2] == [second]
                    and was_behind(one, other, cut.months)
                ):
                    said = (
                        f"{one_name} was ahead of {other_name} by"
                        f" {month_words(when.latest)}; the observations do not say since when"
                    )
                    kind = "lead"
                else:
                    continue
                estimate = estimated_crossing(one, other, cut.months)
                if estimate is None or not cut.narrow(estimate, first, second):
                    estimate = None
                yield _row(cut, kind, first, when, said, other=second, estimate=estimate)


def _round_numbers(cut: Cut, ranked: Sequence[str]) -> Iterator[Row]:
    for key in ranked:
        yield from _rounds(cut, cut.dimension, key, cut.labels[key], cut.series[key])
    if cut.dimension == "country":
        yield from _rounds(cut, "total", None, "All models of the scope", cut.totals)


def _rounds(
    cut: Cut, dimension: str, key: str | None, label: str, series: Mapping[str, Bounds]
) -> Iterator[Row]:
    for number in ROUND_NUMBERS:
        when = reached(series, number, cut.months)
        if when is None:
            return
        said = f"{named(label)} reached {round_words(number)} downloads {words(when)}"
        estimate = next(m for m in cut.months if m in series and series[m].best >= number)
        narrow = cut.narrow(estimate, key) if key is not None else when.earliest == when.latest
        row = _row(cut, "round_number", key, when, said, estimate=estimate if narrow else None)
        yield {**row, "dimension": dimension, "label": label, "value": number}


def _leaders(cut: Cut) -> Iterator[Row]:
    for change in leaders(cut.series, cut.months):
        label = cut.labels[change.key]
        if change.before is None:
            said = f"{named(label)} had the most downloads by {month_words(change.interval.latest)}"
        else:
            before = cut.labels[change.before]
            said = (
                f"{named(label)} took the first place from {named(before)} {words(change.interval)}"
            )
        yield _row(cut, "number_one", change.key, change.interval, said, other=change.before)


def named(label: str) -> str:
    """Return the name of a key as it stands inside a sentence."""
    if label not in WITH_ARTICLE:
        return label
    return f"the {label.replace('Rest', 'rest')}"


def capital(sentence: str) -> str:
    """Return a sentence whose article, if it begins with one, has a capital letter."""
    return f"The{sentence[3:]}" if sentence.startswith("the ") else sentence


def round_words(number: int) -> str:
    """Return a round number in words: 500 million, 2 billion."""
    if number >= 10**9:
        return f"{number // 10**9:,} billion"
    return f"{number // 10**6} million"


def words(when: Interval) -> str:
    """Return an interval of months in words, never more exact than it is."""
    if when.earliest == when.latest:
        return f"in {month_words(when.latest)}"
    if when.known_before:
        return f"between {month_words(when.earliest)} and {month_words(when.latest)}"
    return f"by {month_words(when.latest)}"


def _row(
    cut: Cut,
    kind: str,
    key: str | None,
    when: Interval,
    said: str,
    *,
    other: str | None = None,
    estimate: str | None = None,
) -> Row:
    inside = estimate is not None and when.earliest <= estimate <= when.latest
    return {
        "kind": kind,
        "scope": cut.scope,
        "dimension": cut.dimension,
        "key": key,
        "label": cut.labels[key] if key is not None else "",
        "other_key": other,
        "other_label": cut.labels[other] if other is not None else None,
        "value": None,
        "earliest": when.earliest,
        "latest": when.latest,
        "known_before": int(when.known_before),
        "estimate": estimate if inside else None,
        "what": f"{capital(said)}.",
    }


def load_milestones(db: sqlite_utils.Database) -> None:
    """Find the milestones of every scope and dimension and load them, in order of months."""
    scopes = [row["scope"] for row in db.table("scopes").rows]
    rows = [
        row
        for scope in scopes
        for dimension in DIMENSIONS
        for row in find_milestones(read_cut(db.conn, scope, dimension))
    ]
    rows.sort(
        key=lambda row: (
            row["latest"],
            row["scope"],
            row["dimension"],
            row["kind"],
            row["key"] or "",
            row["other_key"] or "",
            row["value"] or 0,
        )
    )
    db.table("milestones").insert_all({"id": number, **row} for number, row in enumerate(rows, 1))
