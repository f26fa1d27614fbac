"""Everything that was observed of the models of scope frontier, for the tests that hide counts."""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import numpy as np

from census.base.csv_files import Problem, parse_count, parse_day
from census.base.days import day_number
from census.history.bounds import hard_bounds
from census.history.model_counts import ModelCounts, ObservedCounts, counts_of_model
from census.history.window_lengths import WindowLengths
from census.rollups.hidden_counts import Evidence, Method, SourceCount
from census.rollups.summaries import Numbers

TRUTH = "truth"
TRUTH_COLUMNS = ("model_id", "observed_on", "downloads_30d", "downloads_all_time", "created_at")
# A day with fewer 30-day counts than this of one source is not a crawl.
LEAST_CRAWLED = 500
LEAST_CRAWLS = 3
# The earlier of two days with all-time counts lies at least this many days before the last.
EARLIER_DAYS = 60

OBSERVED = """
    select m.id, h.day, o.slug, h.downloads_30d, h.downloads_all_time, h.source
    from models as m
    inner join history as h on m.id = h.model
    inner join sources as o on h.source = o.id
    where m.in_frontier = 1
    order by m.id, h.day, o.preference
"""


def read_evidence(
    connection: sqlite3.Connection,
    unusable: frozenset[tuple[int, int]],
    created: Mapping[int, int | None],
) -> list[Evidence]:
    """Return each model of scope frontier with its observations, in order of days and preference.

    `unusable` holds the (source, day) pairs that the rules for whole days set aside.
    """
    facts = {
        row[0]: (row[1], row[2], row[3], row[4])
        for row in connection.execute("select id, name, lab, country, region from models")
    }
    models = []
    for model, rows in groupby(connection.execute(OBSERVED), key=lambda row: int(row[0])):
        usable = [row for row in rows if (row[5], row[1]) not in unusable]
        all_time = [SourceCount(row[1], row[2], row[4]) for row in usable if row[4] is not None]
        in_30d = [SourceCount(row[1], row[2], row[3]) for row in usable if row[3] is not None]
        counts = tuple(all_time), tuple(in_30d)
        models.append(Evidence(*facts[model], created[model], *counts))
    return models


def read_truth(path: Path, problems: list[Problem]) -> list[Evidence]:
    """Read daily counts of models from a CSV file; faults go to `problems`.

    Its columns are `model_id, observed_on, downloads_30d, downloads_all_time, created_at`.
    """
    rows: dict[str, list[tuple[date, int | None, int | None, str]]] = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in TRUTH_COLUMNS if name not in (reader.fieldnames or [])]
        if missing:
            problems.append(Problem(str(path), 1, f"columns are missing: {', '.join(missing)}"))
            return []
        for row in reader:
            try:
                counts = [parse_count(row[name] or "") for name in TRUTH_COLUMNS[2:4]]
                day = parse_day(row["observed_on"])
            except ValueError as error:
                problems.append(Problem(str(path), reader.line_num, str(error)))
                continue
            rows[row["model_id"]].append((day, counts[0], counts[1], row["created_at"] or ""))
    return [_evidence_of(name, rows_of_model) for name, rows_of_model in sorted(rows.items())]


def _evidence_of(name: str, rows: Sequence[tuple[date, int | None, int | None, str]]) -> Evidence:
    created = next((text[:10] for _, _, _, text in rows if text), None)
    dated = sorted((day_number(day), in_30d, in_all) for day, in_30d, in_all, _ in rows)
    return Evidence(
        name,
        name.split("/", 1)[0],
        None,
        None,
        day_number(date.fromisoformat(created)) if created else None,
        tuple(SourceCount(day, TRUTH, count) for day, _, count in dated if count is not None),
        tuple(SourceCount(day, TRUTH, count) for day, count, _ in dated if count is not None),
    )


def method_of(lengths: WindowLengths) -> Method:
    """Return the method that cleans and bounds evidence as the build does."""

    def bounds_of(model_counts: ModelCounts, days: Sequence[int]) -> tuple[Numbers, Numbers]:
        bounds = hard_bounds(model_counts, days, lengths)
        return bounds.low.astype(np.float64), bounds.high.astype(np.float64)

    return Method(_model_counts_of, bounds_of, lengths)


def _model_counts_of(evidence: Evidence) -> ModelCounts:
    """Return the counts of a model, each observation with both of its counts again."""
    pairs: dict[tuple[int, str], list[int | None]] = {}
    order = {source: place for place, source in enumerate(_sources_in_order(evidence))}
    for place, observed in ((0, evidence.in_30d), (1, evidence.all_time)):
        for count in observed:
            pairs.setdefault((count.day, count.source), [None, None])[place] = count.value
    rows = [
        ObservedCounts(day, order[source], counts[0], counts[1])
        for (day, source), counts in sorted(
            pairs.items(), key=lambda item: (item[0][0], order[item[0][1]])
        )
    ]
    return counts_of_model(rows, evidence.created)[0]


def _sources_in_order(evidence: Evidence) -> list[str]:
    """Return the sources of a model, those before others that come first on a common day."""
    preceding: dict[str, set[str]] = defaultdict(set)
    for observed in (evidence.all_time, evidence.in_30d):
        for _, rows in groupby(observed, key=lambda count: count.day):
            sources = [count.source for count in rows]
            for place, source in enumerate(sources):
                preceding[source] |= set(sources[:place])
    sources = sorted({count.source for count in (*evidence.all_time, *evidence.in_30d)})
    return sorted(sources, key=lambda source: len(preceding[source]))


def crawling_source(models: Sequence[Evidence]) -> str | None:
    """Return the source whose crawls hold the most 30-day counts, None where none crawls."""
    counted = Counter(
        (count_30d.source, count_30d.day) for model in models for count_30d in model.in_30d
    )
    crawls: dict[str, list[int]] = defaultdict(list)
    for (source, _), count in counted.items():
        if count >= LEAST_CRAWLED:
            crawls[source].append(count)
    models_counted = {
        source: sum(counts) for source, counts in crawls.items() if len(counts) >= LEAST_CRAWLS
    }
    return max(models_counted, key=lambda source: (models_counted[source], source), default=None)


def earlier_day(models: Sequence[Evidence]) -> int | None:
    """Return the day with the most all-time counts among those well before the last one."""
    counted = Counter(count.day for model in models for count in model.all_time)
    if not counted:
        return None
    earlier = [day for day in counted if day <= max(counted) - EARLIER_DAYS]
    return max(earlier, key=lambda day: (counted[day], day), default=None)
