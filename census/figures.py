"""What a chart shows before it is drawn, and what every chart says of its database."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from census.faults import Fault, read_faults


@dataclass(frozen=True)
class Context:
    """What every chart says of the database behind it."""

    through: dict[str, str] = field(default_factory=dict)
    running: dict[str, str] = field(default_factory=dict)
    data_through: str = ""
    last_observation: str = ""
    published: tuple[dict[str, Any], ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Point:
    """One value of one key: `x` an ISO day or a category, `low` and `high` its bounds."""

    x: str
    key: str | None
    label: str
    y: float
    low: float | None = None
    high: float | None = None
    wide: bool = False


@dataclass(frozen=True)
class Figure:
    """A chart before it is drawn."""

    name: str
    kind: str
    title: str
    subtitle: str
    unit: str
    dimension: str
    points: tuple[Point, ...]
    alt: str
    notes: tuple[str, ...]
    markers: tuple[dict[str, Any], ...] = ()
    keys: tuple[tuple[str | None, str], ...] = ()
    faults: tuple[Fault, ...] = ()


def read_context(database: sqlite3.Connection) -> Context:
    """Read what every chart says of its database: how far scopes go, and others' figures."""
    scopes = database.execute("select scope, through, running_month from scopes").fetchall()
    info = dict(database.execute("select key, value from build_info").fetchall())
    cursor = database.execute(
        "select publisher, measure, dimension, key, value, unit, as_of, source_title, source_url"
        " from published_figures where key is not null and as_of is not null order by figure"
    )
    names = [column[0] for column in cursor.description]
    return Context(
        through={scope: through for scope, through, _ in scopes if through},
        running={scope: month for scope, _, month in scopes if month},
        data_through=str(info.get("data_through", "")),
        last_observation=str(info.get("last_observation", "")),
        published=tuple(dict(zip(names, row, strict=True)) for row in cursor),
        faults=read_faults(database),
    )


def has_band(point: Point) -> bool:
    """Return whether low and high of a point differ."""
    return point.low is not None and point.high is not None and point.high > point.low
