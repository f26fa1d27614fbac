"""The published hard bounds, computed once more from the raw files by other code.

Nothing of the pipeline is used but which model is in scope and whose it is: counts are read from
data/observations, and limits are tightened over all pairs of days until nothing changes.
"""

from __future__ import annotations

import csv
import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
FLOOR = date(2022, 3, 2)
FAR = 1 << 55


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def present_names() -> dict[str, str]:
    """Return today's name of every model, by each name that it ever had."""
    renamed = {
        row["namespace"]: row["renamed_to"]
        for row in rows_of(ROOT / "data/namespaces.csv")
        if row["renamed_to"]
    }
    aliases = {row["alias"]: row["model_id"] for row in rows_of(ROOT / "data/model_aliases.csv")}

    class Names(dict[str, str]):
        def __missing__(self, name: str) -> str:
            known = aliases.get(name, name)
            namespace, slash, rest = known.partition("/")
            return f"{renamed.get(namespace, namespace)}{slash}{rest}"

    return Names()


class Model:
    """What the files say of one model: all-time and 30-day counts by day."""

    def __init__(self) -> None:
        self.all_time: dict[date, int] = {}
        self.in_30d: dict[date, int] = {}


def days_of_files() -> Iterator[tuple[str, date, list[dict[str, str]]]]:
    """Yield source, day and rows of every day, in files of their own or together in a month's."""
    folder = ROOT / "data/observations"
    for path in folder.rglob("????-??-??.csv"):
        yield path.parent.parent.name, date.fromisoformat(path.stem), rows_of(path)
    for path in folder.rglob("????-??.parquet"):
        days = defaultdict(list)
        found = duckdb.execute("select * from read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description]
        for values in found.fetchall():
            texts = ["" if value is None else str(value) for value in values]
            row = dict(zip(names, texts, strict=True))
            days[date.fromisoformat(row["day"])].append(row)
        for day, rows in days.items():
            yield path.parent.parent.name, day, rows


def read_models() -> dict[str, Model]:
    """Read every observation, the preferred source of a day first; skipped days are left out."""
    preference = {
        row["source"]: int(row["preference"]) for row in rows_of(ROOT / "data/sources.csv")
    }
    skipped = {
        (row["source"], row["from"])
        for row in rows_of(ROOT / "data/quality_ledger.csv")
        if row["kind"] in ("skip_day", "partial")
    }
    names = present_names()
    lower: dict[str, str] = {}
    models: dict[str, Model] = defaultdict(Model)
    files = sorted(days_of_files(), key=lambda one: preference[one[0]])
    for source, day, rows in files:
        if (source, day.isoformat()) in skipped:
            continue
        for row in rows:
            name = names[row["model_id"]]
            model = models[lower.setdefault(name.lower(), name)]
            counts = row["downloads_all_time"], row["downloads_30d"]
            if counts == ("0", "0"):
                # Unknown where more was counted; a model of 0 downloads adds nothing to a sum.
                continue
            if counts[0]:
                model.all_time.setdefault(day, int(counts[0]))
            if counts[1]:
                model.in_30d.setdefault(day, int(counts[1]))
    return models


def lengths(day: date) -> tuple[int, int]:
    for row in rows_of(ROOT / "data/window_lengths.csv"):
        if not row["to"] or day.isoformat() <= row["to"]:
            return int(row["shortest"]), int(row["longest"])
    raise AssertionError(day)


def limits(model: Model, created: date | None, wanted: list[date]) -> np.ndarray | None:
    """Return low and high of each wanted day, (2, days); None where counts contradict each other.

    `most[i, j]` is the most that the value of j can exceed that of i; place 0 is the value 0.
    """
    if not model.all_time:
        # Nothing but 0 beside 0 was ever seen.
        return np.zeros((2, len(wanted)), dtype=np.int64)
    last = max(model.all_time)
    begins = created if created is not None and created > FLOOR else None
    first = min([*model.all_time, *model.in_30d])
    if begins is not None and first <= begins:
        begins = begins - timedelta(days=1) if first == begins else None
    least_after = _tightened(model.all_time, model.in_30d, begins, [d for d in wanted if d > last])
    if least_after is None:
        return None
    windows = {day: count for day, count in model.in_30d.items() if day <= last}
    before = _tightened(model.all_time, windows, begins, [d for d in wanted if d <= last])
    if before is None:
        return None
    carried = least_after[0]
    return np.hstack([before, np.vstack([carried, carried])])


def _tightened(
    counts: dict[date, int], windows: dict[date, int], begins: date | None, wanted: list[date]
) -> np.ndarray | None:
    def inside(day: date) -> date:
        return day if begins is None else max(day, begins)

    edges = []
    for day, count in windows.items():
        if begins is not None and day <= begins:
            continue
        shortest, longest = lengths(day)
        starts = inside(day - timedelta(days=shortest)), inside(day - timedelta(days=longest))
        known = {*counts, *([begins] if begins else [])}
        if {day, day - timedelta(days=shortest), day - timedelta(days=longest)} <= known:
            continue
        edges.append((starts[0], day, math.floor(count * (1 + 0.03) + 20)))
        edges.append((day, starts[1], -max(0, math.ceil(count * (1 - 0.03) - 20))))
    fixed = dict(counts)
    if begins is not None:
        fixed[begins] = 0
    days = sorted({*fixed, *map(inside, wanted), *(d for e in edges for d in e[:2])})
    place = {day: number for number, day in enumerate(days, start=1)}
    most = np.full((len(days) + 1, len(days) + 1), FAR, dtype=np.int64)
    np.fill_diagonal(most, 0)
    most[1:, 0] = 0
    for number in range(2, len(days) + 1):
        most[number, number - 1] = 0
    for day, value in fixed.items():
        most[0, place[day]] = min(most[0, place[day]], value)
        most[place[day], 0] = min(most[place[day], 0], -value)
    for start, end, weight in edges:
        most[place[start], place[end]] = min(most[place[start], place[end]], weight)
    for middle in range(len(days) + 1):
        np.minimum(most, most[:, middle, None] + most[None, middle, :], out=most)
    if (np.diagonal(most) < 0).any():
        return None
    at = [place[inside(day)] for day in wanted]
    return np.vstack([np.maximum(-most[at, 0], 0), most[0, at]])


def test_hard_bounds_of_the_frontier_follow_from_the_files(census: sqlite3.Connection) -> None:
    """Of every model, month by month; and so do the sums by country."""
    (through,) = census.execute("select through from scopes where scope = 'frontier'").fetchone()
    published = defaultdict(dict)
    query = """
        select m.name, c.date, c.cumulative_low, c.cumulative_high
        from models as m
        inner join curves as c on c.model = m.id
        where m.in_frontier = 1 and c.date <= ?
    """
    for name, day, low, high in census.execute(query, (through,)):
        published[name][date.fromisoformat(day)] = (low, high)
    facts = {
        name: (created and date.fromisoformat(created), country)
        for name, created, country in census.execute("select name, created_at, country from models")
    }
    contradicted = {
        row[0]
        for row in census.execute(
            "select m.name from quality_events as e inner join models as m on m.id = e.model"
            " where e.kind = 'contradiction'"
        )
    }
    models = read_models()
    assert len(published) > 1000
    sums: dict[tuple[str | None, date], np.ndarray] = defaultdict(lambda: np.zeros(2, dtype=int))
    computed = 0
    for name, of_day in published.items():
        created, country = facts[name]
        days = sorted(of_day)
        # A model whose counts contradict each other keeps what is published of it.
        found = None if name in contradicted else limits(models[name], created, days)
        if found is not None:
            computed += 1
            expected = {day: tuple(found[:, place]) for place, day in enumerate(days)}
            assert of_day == expected, name
        for day, bounds in of_day.items():
            sums[country, day] += bounds
    assert computed > 0.97 * len(published)
    query = """
        select key, through, cumulative_low, cumulative_high
        from series
        where
            scope = 'frontier'
            and attribution = 'publisher'
            and basis = 'operating'
            and dimension = 'country'
    """
    rows = census.execute(query).fetchall()
    assert len(rows) > 500
    for country, day, low, high in rows:
        assert sums[country, date.fromisoformat(day)].tolist() == [low, high], (country, day)


@pytest.mark.parametrize("country", ["CN", "US"])
def test_shares_follow_from_those_bounds(census: sqlite3.Connection, country: str) -> None:
    query = """
        select month, key, cumulative_low, cumulative_high, cumulative_low_pct, cumulative_high_pct
        from series
        where
            scope = 'frontier'
            and attribution = 'publisher'
            and basis = 'operating'
            and dimension = 'country'
    """
    months: dict[str, list[tuple[str, int, int, float, float]]] = defaultdict(list)
    for month, *row in census.execute(query):
        months[month].append((row[0], row[1], row[2], row[3], row[4]))
    for rows in months.values():
        for key, low, high, low_pct, high_pct in rows:
            if key != country:
                continue
            others_low = sum(row[1] for row in rows if row[0] != country)
            others_high = sum(row[2] for row in rows if row[0] != country)
            if low + others_high:
                assert low_pct == pytest.approx(100 * low / (low + others_high), abs=1e-4)
            if high + others_low:
                assert high_pct == pytest.approx(100 * high / (high + others_low), abs=1e-4)
