"""The stage of the series: from what is known of the models to curves, scopes and series."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.base.csv_files import DataError, Problem
from census.base.days import is_month_end, iso, month_end_before
from census.base.shares import percent_or_none
from census.history.cleaning import Count
from census.history.dated import dated
from census.history.ends import CANDIDATE_DAYS, COUNTED_PCT, End, candidates, end_of_scope
from census.history.model_counts import ModelCounts
from census.history.observed import History
from census.history.window_lengths import WindowLengths
from census.history.windows_alone import low_without_counts
from census.rollups.adoption import spans_of_adoption
from census.rollups.coverage import weights
from census.rollups.downloads import ModelDownloads, bound_downloads
from census.rollups.estimate import ModelDraws, kept_days
from census.rollups.histories import Histories
from census.rollups.published_days import PublishedDays, Span
from census.rollups.sample import Sample
from census.rollups.series import roll_up
from census.rollups.unseen import last_crawls_without

# More shares than this part that lie outside of their draws' interval are a fault of the rules.
MOST_WIDENED = 0.01
# How a scope is called, and what it holds.
SCOPES = {
    "frontier": (
        "Language and vision-language models",
        "Language and vision-language models created since 30 November 2022, first-party weights of"
        " a registered lab; without classifiers, embedders, adapters and converted formats.",
    ),
    "labs": (
        "All models of labs",
        "Every observed model of a registered lab, of any kind and age.",
    ),
    "hub": (
        "All observed models of registered publishers",
        "Every model in the observations of a registered publisher, those of repackagers included.",
    ),
}


class ModelEstimates(NamedTuple):
    """The estimates of one build that are not in its tables, for the steps after this one.

    `scope_ends` are the last days of the scopes, `counts` what was counted of each model.
    """

    downloads: ModelDownloads
    draws: ModelDraws
    scope_ends: Mapping[str, End]
    histories: Histories
    counts: Mapping[int, ModelCounts]
    sample: Sample


def make_series(
    connection: sqlite3.Connection,
    history: History,
    lengths: WindowLengths,
    members: Mapping[str, Collection[int]],
    flagged: Collection[tuple[int, int]],
) -> ModelEstimates:
    """Fill scopes, curves and the series from what is known of the models.

    `members` are the models of each scope, `flagged` the (model, day) pairs of 30-day counts with a
    quality event. Raises DataError where a scope has no last day, and ValueError where
    more than `MOST_WIDENED` of the shares had to be taken into their interval.
    """
    counted_models = history.counted()
    candidate_days = candidates(counted_models, lengths)
    scope_ends: dict[str, End] = {}
    for scope in SCOPES:
        scope_end = end_of_scope(candidate_days, members[scope])
        if scope_end is None:
            reason = (
                f"scope {scope} has no last day: on none of the last {CANDIDATE_DAYS} counted days"
                f" do the models counted on it hold {COUNTED_PCT:.0f} % of its downloads; take in a"
                " day with all-time counts of more models"
            )
            raise DataError([Problem("observations", 0, reason)])
        scope_ends[scope] = scope_end
    published = PublishedDays(scope_end.day for scope_end in scope_ends.values())
    last_days = {scope: scope_end.day for scope, scope_end in scope_ends.items()}
    unseen = last_crawls_without(connection, history.rows)
    histories = Histories(connection, counted_models, lengths, published.days[-1], unseen)
    histories.keep(spans_of_adoption(connection, counted_models, last_days["frontier"]))
    downloads = bound_downloads(histories, published)
    for model, events in downloads.events.items():
        history.note(model, events)
    sample = Sample(
        tuple(history.counts),
        weights(history.counts, published.days, flagged),
        _least_of_uncounted(history.counts, published.days[-1], lengths),
    )

    def draw(row: int) -> NDArray[np.float64]:
        # Where the bounds leave one value, it is every draw's.
        is_open = downloads.level.low[row] < downloads.level.high[row]
        return histories.draws(downloads.models[row], published.days, is_open)

    _insert_scopes(connection, downloads, members, scope_ends)
    rolled_up = roll_up(connection, downloads, draw, sample, last_days)
    if rolled_up.widened > MOST_WIDENED * rolled_up.shares:
        outside = f"{rolled_up.widened:,} of {rolled_up.shares:,} shares"
        raise ValueError(f"{outside} lie outside of the interval of their own draws")
    _insert_curves(
        connection, downloads, counted_models, kept_days(downloads, [*last_days.values()])
    )
    _add_coverage_of_scopes(connection, downloads, sample, members, scope_ends)
    _insert_uncounted(connection, sample)
    return ModelEstimates(downloads, rolled_up.draws, scope_ends, histories, history.counts, sample)


def _least_of_uncounted(
    counts_by_model: Mapping[int, ModelCounts], day: int, lengths: WindowLengths
) -> dict[int, int]:
    """Return the least that each model without an all-time count has been downloaded by a day.

    It is the larger of its hard lower bound and its newest 30-day count.
    """
    least = {}
    for model, model_counts in counts_by_model.items():
        if not model_counts.counts and model_counts.windows:
            newest = model_counts.windows[-1].growth
            if len(model_counts.windows) == 1:
                # A window alone proves less than its count, by the tolerance.
                least[model] = newest
            else:
                least[model] = max(low_without_counts(model_counts, day, lengths), newest)
    return least


def _insert_uncounted(connection: sqlite3.Connection, sample: Sample) -> None:
    connection.executemany(
        "update models set at_least = ? where id = ?",
        ((least, model) for model, least in sample.uncounted.items()),
    )


def _insert_curves(
    connection: sqlite3.Connection,
    downloads: ModelDownloads,
    counted_models: Mapping[int, ModelCounts],
    curve_days: tuple[int, ...],
) -> None:
    """Fill curves: each model at month ends and the scopes' last days, from its first day on."""
    published, level, growth = downloads.published, downloads.level, downloads.growth
    # The growth of the first month begins on a day before all models.
    by_day = {day: published.span_at.get(Span(month_end_before(day), day)) for day in curve_days}
    curve_days = tuple(day for day, span in by_day.items() if span is not None)
    day_columns = [published.day_at[day] for day in curve_days]
    span_columns = [span for span in by_day.values() if span is not None]
    before = [
        *_integer_columns((level.middle, level.low, level.high), day_columns),
        *_integer_columns((growth.middle, growth.low, growth.high), span_columns),
    ]
    behind = [
        *_integer_columns((level.likely_low, level.likely_high), day_columns),
        *_integer_columns((growth.likely_low, growth.likely_high), span_columns),
        *_integer_columns((level.counted,), day_columns),
        *_integer_columns((growth.counted,), span_columns),
    ]
    names = [iso(day) for day in curve_days]
    months = [name[:7] for name in names]
    insert = f"insert into curves values (?{', ?' * 15})"  # noqa: S608
    for row, (model, model_counts) in enumerate(counted_models.items()):
        first = bisect_left(curve_days, model_counts.first_day)
        columns: tuple[Sequence[object], ...] = (
            names,
            months,
            *(column[row] for column in before),
            _methods(model_counts, curve_days),
            *(column[row] for column in behind),
        )
        rows = zip(repeat(model), *(column[first:] for column in columns), strict=False)
        connection.executemany(insert, rows)


def _integer_columns(
    parts: Iterable[NDArray[Any]], columns: Sequence[int]
) -> Iterator[list[list[int]]]:
    """Yield for each array some of its columns as Python integers, one list a model."""
    for part in parts:
        yield part[:, columns].astype(np.int64).tolist()


def _methods(model_counts: ModelCounts, days: Sequence[int]) -> list[str]:
    """Return for each day how a model's downloads are known: observed, carried or estimated."""
    counts = dated(Count, model_counts.counts)
    last_counted = counts[-1].day
    counted = np.isin(days, counts.days) | (np.array(days) == model_counts.zero)
    return [
        "observed" if observed else "carried" if day > last_counted else "estimated"
        for day, observed in zip(days, counted.tolist(), strict=True)
    ]


def _insert_scopes(
    connection: sqlite3.Connection,
    downloads: ModelDownloads,
    members: Mapping[str, Collection[int]],
    scope_ends: Mapping[str, End],
) -> None:
    """Fill scopes but for their coverage, which the estimate decides."""
    counted_models = set(downloads.models)
    for scope, (label, description) in SCOPES.items():
        day = scope_ends[scope].day
        running = None if is_month_end(day) else iso(day)[:7]
        models = frozenset(members[scope])
        values = (
            scope,
            label,
            description,
            iso(day),
            running,
            len(models),
            len(models & counted_models),
        )
        connection.execute(
            "insert into scopes values (?, ?, ?, ?, ?, ?, ?, null, null, null)", values
        )


def _add_coverage_of_scopes(
    connection: sqlite3.Connection,
    downloads: ModelDownloads,
    sample: Sample,
    members: Mapping[str, Collection[int]],
    scope_ends: Mapping[str, End],
) -> None:
    """Say of each scope's last day what part is counted, covered by the models, and carried."""
    counted_models = set(downloads.models)
    is_counted = np.array([model in counted_models for model in sample.models], dtype=bool)
    for scope, scope_end in scope_ends.items():
        day_column = downloads.published.day_at[scope_end.day]
        models = frozenset(members[scope])
        is_in_curves = np.array([model in models for model in downloads.models], dtype=bool)
        level = downloads.level.middle[:, day_column]
        total = int(level[is_in_curves].sum())
        counted_downloads = int(level[is_in_curves & downloads.level.counted[:, day_column]].sum())
        carried = int(level[is_in_curves & downloads.carried()[:, day_column]].sum())
        is_in_scope = np.array([model in models for model in sample.models], dtype=bool)
        weight = np.maximum(sample.weights[:, day_column], 0)
        covered, coverable = (
            int(weight[is_in_scope & is_counted].sum()),
            int(weight[is_in_scope].sum()),
        )
        connection.execute(
            "update scopes set counted_pct = ?, covered_pct = ?, carried_pct = ? where scope = ?",
            (
                percent_or_none(counted_downloads, total, 2),
                percent_or_none(covered, coverable, 2),
                percent_or_none(carried, total, 2),
                scope,
            ),
        )
