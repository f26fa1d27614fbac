"""How far single labs move the shares of countries: left out, or counted for another country.

Each change is taken in every draw. Arrays are (labs, countries), those of draws have the draws
first; hard bounds of a change hold for whatever counts the observations allow.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.inserting import insert_rows
from census.base.shares import percent_of
from census.rollups.day_sums import Amounts, DaySums, Sets, stored_values
from census.rollups.downloads import ModelDownloads
from census.rollups.estimate import ModelDraws
from census.rollups.keys import ATTRIBUTIONS, IN_SCOPE
from census.rollups.sample import Sample
from census.rollups.summaries import has_likely_interval, points_of

MEMBERS = """
    select iif(c.attribution = 'base', m.base_lab, m.lab) as lab, c.country, m.id
    from models as m
    inner join model_countries as c
        on c.model = m.id and c.attribution = ? and c.basis = 'operating'
    where {in_scope}
    order by m.id
"""
# Countries that a document states of a lab, beside the one that it has by the rule.
STATED = """
    select distinct o.lab, o.country
    from origin_claims as o
    inner join labs as l on o.lab = l.id
    where o.country is not null and o.evidence <> 'none' and o.country is not l.country
    order by o.lab, o.country
"""

Double = NDArray[np.float64]
Mask = NDArray[np.bool_]


class LabDownloads(NamedTuple):
    """The downloads of labs by country: the middle, the lowest, the highest and the draws."""

    middle: Double
    low: Double
    high: Double
    draws: Double

    def of(self, lab: int) -> LabDownloads:
        """Return the downloads of one lab in each country."""
        return LabDownloads(self.middle[lab], self.low[lab], self.high[lab], self.draws[:, lab])


def load_lab_moves(
    connection: sqlite3.Connection,
    downloads: ModelDownloads,
    draws: ModelDraws,
    sample: Sample,
    last_days: Mapping[str, int],
) -> None:
    """Fill lab_moves for every scope up to its last day, given by `last_days`."""
    stated_countries: dict[str, list[str]] = defaultdict(list)
    for lab, country in connection.execute(STATED):
        stated_countries[lab].append(country)
    for scope, last_day in last_days.items():
        sums = DaySums(downloads, draws, sample, last_day)
        for attribution in ATTRIBUTIONS:
            members: dict[tuple[str | None, str | None], list[int]] = defaultdict(list)
            query = MEMBERS.format(in_scope=IN_SCOPE[scope])
            for lab, country, model in connection.execute(query, (attribution,)):
                members[lab, country].append(model)
            rows = _rows(members, sums.of(Sets(list(members.values()))), stated_countries)
            insert_rows(connection, "lab_moves", ((None, scope, attribution, *row) for row in rows))


def _rows(
    cells: Mapping[tuple[str | None, str | None], object],
    amounts: Amounts,
    stated_countries: Mapping[str, Sequence[str]],
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the labs that are counted, by the countries that any of them is in."""
    counted = [cell for cell, models in zip(cells, amounts.models, strict=True) if models]
    labs = sorted({lab for lab, _ in counted}, key=str)
    known_countries = {country for _, country in counted if country is not None}
    elsewhere = {lab: stated_countries.get(lab, ()) for lab in labs if lab is not None}
    countries = sorted(known_countries.union(*elsewhere.values()))
    cells_of_labs = [(labs.index(lab), country) for lab, country in counted]
    places = [
        (lab, countries.index(country) if country is not None else len(countries))
        for lab, country in cells_of_labs
    ]
    counted_sets = [place for place, models in enumerate(amounts.models) if models]
    grid = _grid(amounts, counted_sets, places, (len(labs), len(countries) + 1))
    windowed = np.zeros(grid.middle.shape)
    windowed[tuple(zip(*places, strict=True))] = amounts.windowed[counted_sets] if places else 0
    likely = has_likely_interval(grid.middle.sum(axis=0), windowed.sum(axis=0))
    of_labs = has_likely_interval(grid.middle.sum(axis=1), windowed.sum(axis=1))
    for number, lab in enumerate(labs):
        if lab is None:
            continue
        for other in (None, *elsewhere[lab]):
            to = None if other is None else countries.index(other)
            change = move_of_lab(grid, number, to)
            columns = change.columns(likely & of_labs[number])
            for country, *values in zip(countries, *columns, strict=False):
                yield (lab, other, country, *values)


def _grid(
    amounts: Amounts,
    counted_sets: Sequence[int],
    places: Sequence[tuple[int, int]],
    shape: tuple[int, int],
) -> LabDownloads:
    parts = [np.zeros(shape) for _ in range(3)]
    draws = np.zeros((len(amounts.draws), *shape))
    for number, place in zip(counted_sets, places, strict=True):
        values = (amounts.downloads, amounts.low, amounts.high)
        for part, value in zip(parts, values, strict=True):
            part[place] = value[number]
        draws[:, *place] = amounts.draws[:, number]
    return LabDownloads(parts[0], parts[1], parts[2], draws)


class Move(NamedTuple):
    """The points by which the share of each country changes, with bounds, and in each draw."""

    points: Double
    low: Double
    high: Double
    draws: Double

    def columns(self, likely: Mask) -> list[list[float | int | None]]:
        """Return the columns of the table; `likely` says where there is a likely interval."""
        drawn_points = points_of(self.draws)
        point = self.low == self.high
        ends = [
            np.where(point, self.points, np.clip(np.round(end, 2), self.low, self.high))
            for end in (drawn_points.low, drawn_points.high)
        ]
        low = np.minimum(self.low, self.points)
        high = np.maximum(self.high, self.points)
        interval = (np.minimum(ends[0], self.points), np.maximum(ends[1], self.points))
        return [
            *(stored_values(part, 4) for part in (self.points, low, high)),
            *(stored_values(np.where(likely, end, np.nan), 4) for end in interval),
        ]


def move_of_lab(grid: LabDownloads, lab: int, to: int | None) -> Move:
    """Return how the shares of countries change when a lab is left out, or counted for another.

    With the lab's part p in a country, its part q in others, the rest r there and s elsewhere, the
    share of the country changes by r / (r + s) - (p + r) / (p + q + r + s), which is
    (r q - s p) / ((r + s) (p + q + r + s)). Its terms are bounded one by one.
    """
    downloads_of_lab = grid.of(lab)
    if to is None:
        points, draws = (
            _left_out(all_labs, of_lab) for all_labs, of_lab in _pairs(grid, downloads_of_lab)
        )
        low, high = _bounds_left_out(grid, downloads_of_lab)
    else:
        points, draws = (
            _counted_elsewhere(all_labs, of_lab, to)
            for all_labs, of_lab in _pairs(grid, downloads_of_lab)
        )
        low, high = _bounds_elsewhere(grid, downloads_of_lab, to)
    return Move(np.round(points, 4), np.round(low, 4), np.round(high, 4), draws)


def _pairs(
    grid: LabDownloads, of_lab: LabDownloads
) -> tuple[tuple[Double, Double], tuple[Double, Double]]:
    """Return the downloads by country of all labs and of one: first the middles, then the draws."""
    return (grid.middle.sum(axis=0), of_lab.middle), (grid.draws.sum(axis=1), of_lab.draws)


def _percent(part: Double, whole: Double) -> Double:
    return percent_of(part, whole, of_nothing=0.0)


def _left_out(countries: Double, of_lab: Double) -> Double:
    whole, lab_total = (part.sum(axis=-1, keepdims=True) for part in (countries, of_lab))
    return _percent(countries - of_lab, whole - lab_total) - _percent(countries, whole)


def _counted_elsewhere(countries: Double, of_lab: Double, to: int) -> Double:
    change = -of_lab
    change[..., to] += of_lab.sum(axis=-1)
    return _percent(change, countries.sum(axis=-1, keepdims=True))


def _bounds_left_out(grid: LabDownloads, of_lab: LabDownloads) -> tuple[Double, Double]:
    other_labs = [
        part.sum(axis=0) - lab_end
        for part, lab_end in ((grid.low, of_lab.low), (grid.high, of_lab.high))
    ]
    elsewhere = [part.sum() - part for part in other_labs]
    others = [part.sum() - part for part in (of_lab.low, of_lab.high)]

    def bounds(part: Sequence[Double], beside: Sequence[Double]) -> tuple[Double, Double]:
        low = _percent(part[0], part[0] + beside[1]) / 100
        return low, _percent(part[1], part[1] + beside[0]) / 100

    of_rest = bounds(other_labs, elsewhere)
    of_elsewhere = bounds(elsewhere, other_labs)
    everything = [other_labs[end] + elsewhere[end] for end in (0, 1)]
    of_own = bounds((of_lab.low, of_lab.high), [everything[end] + others[end] for end in (0, 1)])
    of_others = bounds(others, [everything[end] + (of_lab.low, of_lab.high)[end] for end in (0, 1)])
    low = of_rest[0] * of_others[0] - of_elsewhere[1] * of_own[1]
    high = of_rest[1] * of_others[1] - of_elsewhere[0] * of_own[0]
    return 100 * low, 100 * high


def _bounds_elsewhere(grid: LabDownloads, of_lab: LabDownloads, to: int) -> tuple[Double, Double]:
    whole = grid.low.sum(), grid.high.sum()
    moving = [of_lab.low.copy(), of_lab.high.copy()]
    for part, own_end in zip(moving, (of_lab.low, of_lab.high), strict=True):
        part[to] = own_end.sum() - own_end[to]
    least = _percent(moving[0], moving[0] + whole[1] - moving[1])
    most = _percent(moving[1], moving[1] + whole[0] - moving[0])
    gains = np.arange(len(least)) == to
    return np.where(gains, least, -most), np.where(gains, most, -least)
