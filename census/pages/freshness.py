"""The age of the sources and of the figures, for the page /status and /-/freshness.json."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from census.store.freshness import FIGURES, RECORDED_DAYS, SourceAge


class DayAge(NamedTuple):
    """How old the figures were on one day; `ran` is whether a run began on it."""

    day: str
    through: str
    age_days: int
    ran: bool


def read_record(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return each recorded day with the last day of the figures that readers had on it."""
    query = "select day, through from age_record where what = ? order by day"
    return [(str(day), str(through)) for day, through in connection.execute(query, (FIGURES,))]


def figures_by_day(record: Sequence[tuple[str, str]], through: str, today: date) -> list[DayAge]:
    """Return how old the figures were on each of the last ninety days, the newest first.

    `record` is in order of days, `through` the last day of the figures that are served now. A day
    without a run has what was there before; days before the record begins are left out.
    """
    if not record or not through:
        return []
    through_of = dict(record)
    first = max(date.fromisoformat(record[0][0]), today - timedelta(days=RECORDED_DAYS - 1))
    served = max((row for row in record if row[0] <= first.isoformat()), default=record[0])[1]
    days = []
    for number in range((today - first).days + 1):
        day = first + timedelta(days=number)
        name = day.isoformat()
        # What is served was made by the last run: from the day after it, readers had that.
        served = through if name > record[-1][0] else through_of.get(name, served)
        age = (day - date.fromisoformat(served)).days
        days.append(DayAge(name, served, age, name in through_of))
    return days[::-1]


def record_sentence(days: Sequence[DayAge], limit: int) -> str:
    """Return one sentence about the recorded days, an empty text where there are none."""
    if not days:
        return ""
    fresh = sum(day.age_days <= limit for day in days)
    oldest = max(days, key=lambda day: day.age_days)
    span = f"the last {len(days)} days" if len(days) > 1 else "one day"
    return (
        f"On {fresh} of {span} the figures were at most {limit} days old;"
        f" they were oldest on {oldest.day}, with {oldest.age_days} days."
    )


def source_rows(ages: Iterable[SourceAge], today: date) -> list[dict[str, Any]]:
    """Return the sources as programs read them."""
    return [
        {
            **source._asdict(),
            "age_days": source.age(today),
            "stale": source.is_stale(today),
            "said": source.state_words(today),
        }
        for source in ages
    ]


def stale_lines(rows: Iterable[dict[str, Any]], follows: str) -> list[str]:
    """Return one line for each stale source with this consequence: its state and the reason."""
    return [
        f"{row['source']}: {row['said']}. {row['reason']}"
        for row in rows
        if row["stale"] and row["when_stale"] == follows
    ]
