"""What the headline depends on: downloads by country with models left out, or more counted."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.days import day_number
from census.base.inserting import insert_rows
from census.base.shares import share
from census.rollups.downloads import ModelDownloads
from census.rollups.estimate import ModelDraws
from census.rollups.keys import ATTRIBUTIONS, IN_SCOPE
from census.rollups.noise import DRAWS
from census.rollups.sample import Sample
from census.rollups.summaries import (
    Summed,
    has_likely_interval,
    points_of,
    published_downloads,
    published_shares,
)
from census.rollups.uncounted import Uncounted

Double = NDArray[np.float64]
# More than any sum of downloads: the upper bound of a value that has none.
NO_LIMIT = 1e18


class Variant(NamedTuple):
    """A way to count: which models it leaves out, as SQL over `members as k`.

    `uncounted` says whether models without an all-time count are counted, too.
    """

    name: str
    label: str
    leaves_out: str
    left_out_name: str = "null"
    uncounted: bool = False


TOP_MODEL = "(select name from members order by downloads desc, name limit 1)"
TOP_LAB = "(select lab from members group by lab order by sum(downloads) desc, lab limit 1)"
VARIANTS = (
    Variant("all", "all models", "0"),
    Variant("without_under_1b", "without models under 1B", "k.parameters < 1000000000"),
    Variant(
        "known_1b_and_more",
        "only known 1B and more",
        "coalesce(k.parameters, 0) < 1000000000",
    ),
    Variant("without_top_model", "without the top model", f"k.name = {TOP_MODEL}", TOP_MODEL),
    Variant("without_top_lab", "without the top lab", f"k.lab is {TOP_LAB}", TOP_LAB),
    Variant("without_disputed", "without disputed labs", "k.disputed = 1"),
    Variant("with_uncounted", "with models that have no all-time count", "0", uncounted=True),
)

MEMBERS = """
    create temp table members as
    select
        m.id as model,
        m.name,
        iif(:attribution = 'base', m.base_lab, m.lab) as lab,
        coalesce(l.disputed, 0) as disputed,
        m.parameters,
        c.country,
        v.cumulative as downloads
    from scopes as s
    cross join models as m
    left join curves as v on v.model = m.id and v.date = s.through
    inner join model_countries as c
        on c.model = m.id and c.attribution = :attribution and c.basis = 'operating'
    left join labs as l on l.id = iif(:attribution = 'base', m.base_lab, m.lab)
    where s.scope = :scope and {in_scope}
"""
KEPT = """
    select k.country, k.model
    from members as k
    where not coalesce({leaves_out}, 0)
    order by k.country, k.model
"""
LEFT_OUT = """
    select
        (select count(*) from members as k where k.downloads is not null and {leaves_out}),
        {named}
"""


def load_robustness(
    connection: sqlite3.Connection,
    downloads: ModelDownloads,
    draws: ModelDraws,
    sample: Sample,
    uncounted: Mapping[int, Mapping[int, Uncounted]],
) -> None:
    """Fill robustness for every scope, attribution and variant, at the scope's last day.

    `uncounted` are the models without an all-time count by their numbers, by day. A model without
    a known number of parameters stays in "without models under 1B" and is left out of "known to
    have 1B or more": the two enclose what is not known.
    """
    scopes = connection.execute("select scope, through from scopes").fetchall()
    for scope, through in scopes:
        day = day_number(date.fromisoformat(through))
        summing = Summing(downloads, draws, sample, uncounted[day], day)
        for attribution in ATTRIBUTIONS:
            parameters = {"scope": scope, "attribution": attribution}
            connection.execute(MEMBERS.format(in_scope=IN_SCOPE[scope]), parameters)
            for variant in VARIANTS:
                _insert_variant(connection, scope, attribution, variant, summing)
            connection.execute("drop table members")


def _insert_variant(
    connection: sqlite3.Connection,
    scope: str,
    attribution: str,
    variant: Variant,
    summing: Summing,
) -> None:
    by_country: dict[str | None, list[int]] = defaultdict(list)
    for country, model in connection.execute(KEPT.format(leaves_out=variant.leaves_out)):
        by_country[country].append(model)
    left_out = connection.execute(
        LEFT_OUT.format(leaves_out=variant.leaves_out, named=variant.left_out_name)
    ).fetchone()
    sums = [
        (country, summing.sum_of(models, variant.uncounted))
        for country, models in by_country.items()
    ]
    counted = [(country, summed) for country, summed in sums if summed.models]
    head = (scope, attribution, variant.name, variant.label)
    insert_rows(
        connection,
        "robustness",
        (
            (None, *head, country, *values, *left_out, *ends)
            for (country, _), (*values, ends) in zip(
                counted, _published([summed for _, summed in counted]), strict=True
            )
        ),
    )


class Sum(NamedTuple):
    """The downloads of some models on a day; `high` is `NO_LIMIT` where nothing limits them."""

    models: int
    draws: Double
    low: float
    high: float
    middle: float
    windowed: float
    counted: float
    covered: int
    coverable: int


class Summing:
    """Sums of models' downloads up to a day."""

    def __init__(
        self,
        downloads: ModelDownloads,
        draws: ModelDraws,
        sample: Sample,
        uncounted: Mapping[int, Uncounted],
        day: int,
    ) -> None:
        day_column = downloads.published.day_at[day]
        level = downloads.level
        self.row_of = downloads.row_of
        self.draws = draws.values[:, :, draws.days.index(day)]
        self.low, self.high = level.low[:, day_column], level.high[:, day_column]
        self.middle, self.counted = level.middle[:, day_column], level.counted[:, day_column]
        self.windowed = downloads.windowed
        self.uncounted = uncounted
        self.weight = dict(zip(sample.models, sample.weights[:, day_column].tolist(), strict=True))

    def sum_of(self, models: Sequence[int], with_uncounted: bool) -> Sum:
        """Return the sum over the counted models among some, and over the others if wanted."""
        rows = [self.row_of[model] for model in models if model in self.row_of]
        weights = [max(self.weight.get(model, -1), 0) for model in models]
        covered = sum(
            weight for model, weight in zip(models, weights, strict=True) if model in self.row_of
        )
        middle = self.middle[rows]
        total = Sum(
            len(rows),
            self.draws[rows].sum(axis=0, dtype=np.float64),
            float(self.low[rows].sum()),
            float(self.high[rows].sum()),
            float(middle.sum()),
            float(middle[self.windowed[rows]].sum()),
            float(middle[self.counted[rows]].sum()),
            covered,
            sum(weights),
        )
        others = [self.uncounted[model] for model in models if model in self.uncounted]
        return _with_others(total, others) if with_uncounted and others else total


def _with_others(total: Sum, others: Sequence[Uncounted]) -> Sum:
    """Return a sum with models that nothing limits above."""
    draws = np.stack([other.draws for other in others])
    middles = np.median(draws, axis=1)
    windowed = np.array([other.windowed for other in others])
    return total._replace(
        models=total.models + len(others),
        draws=total.draws + draws.sum(axis=0),
        low=total.low + sum(other.least for other in others),
        high=NO_LIMIT,
        middle=total.middle + float(middles.sum()),
        windowed=total.windowed + float(middles[windowed].sum()),
    )


def _published(sums: Sequence[Sum]) -> list[tuple[Any, ...]]:
    """Return the values of each row: models, downloads, bounds, shares, counted and coverage.

    Last are the two ends of the likely interval of the downloads.
    """
    if not sums:
        return []
    low, high = (
        np.array([[total.low] for total in sums]),
        np.array([[total.high] for total in sums]),
    )
    points = [
        published_downloads(points_of(total.draws[:, None]), lowest, highest, lowest == highest)
        for total, lowest, highest in zip(sums, low, high, strict=True)
    ]
    middle = np.array([point.middle for point in points])
    draws = np.sum([total.draws for total in sums], axis=0).reshape(DRAWS, 1)
    whole = Summed(middle.sum(axis=0), draws, low.sum(axis=0), high.sum(axis=0))
    rows: list[tuple[Any, ...]] = []
    for place, total in enumerate(sums):
        key = Summed(middle[place], total.draws[:, None], low[place], high[place])
        shares = published_shares(key, whole).points
        others = [other for other in range(len(sums)) if other != place]
        likely = bool(has_likely_interval([total.middle], [total.windowed])[0])
        counted_part = total.counted / total.middle if total.middle else 0.0
        rows.append(
            (
                total.models,
                int(middle[place, 0]),
                int(total.low),
                int(total.high) if total.high < NO_LIMIT else None,
                number_or_none(shares.middle[0]),
                share_bound(total.low, float(high[others].sum())),
                share_bound(total.high, float(low[others].sum())),
                number_or_none(shares.low[0]) if likely else None,
                number_or_none(shares.high[0]) if likely else None,
                round(counted_part * float(middle[place, 0])),
                total.covered,
                total.coverable,
                tuple(int(end[0]) if likely else None for end in points[place][1:3]),
            )
        )
    return rows


def share_bound(part: float, others: float) -> float | None:
    """Return a bound of a share in percent as it is stored; None where both are 0."""
    return number_or_none(round(float(share(part, others)), 4))


def number_or_none(value: float) -> float | None:
    """Return a value as it is stored: None where it is nan."""
    return None if np.isnan(value) else float(value)
