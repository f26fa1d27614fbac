"""The spans of days with faulty counts, which charts shade."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

# A fault of fewer models than this is not a fault of the day.
LEAST_MODELS = 20
FAULTS_NOTE = "Grey: days on which many counts were faulty, set aside or missing; see Data quality."

FAULTS = """
    select distinct
        e.from_date,
        e.to_date
    from quality_events as e
    left join sources as s on e.source = s.slug
    where
        (
            e.kind in ('rollback', 'correction', 'undecided')
            and e.models >= :least
        )
        or (
            e.kind in ('partial', 'skip_day', 'stall', 'frozen', 'low_day', 'gap')
            and s.kind in ('hub', 'archive')
        )
    order by e.from_date, e.to_date
"""


class Fault(NamedTuple):
    """First and last day (ISO) of a fault."""

    first: str
    last: str


def read_faults(database: sqlite3.Connection) -> tuple[Fault, ...]:
    """Return the spans in which faults of many models or of a whole source were found.

    Sources that are selections are left out: their faults move no curve.
    """
    rows = database.execute(FAULTS, {"least": LEAST_MODELS}).fetchall()
    return tuple(joined_faults(Fault(*row) for row in rows))


def joined_faults(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults in order, those that overlap as one."""
    joined: list[Fault] = []
    for fault in sorted(faults):
        if joined and fault.first <= joined[-1].last:
            joined[-1] = Fault(joined[-1].first, max(joined[-1].last, fault.last))
        else:
            joined.append(fault)
    return joined


def clip(faults: Iterable[Fault], first: str, last: str) -> tuple[Fault, ...]:
    """Return the faults cut to the days between two."""
    return tuple(
        Fault(max(fault.first, first), min(fault.last, last))
        for fault in faults
        if fault.first <= last and fault.last >= first
    )
