"""The series as they were known on earlier days, kept as differences from what came later.

A vintage holds the observations that had been retrieved by a day; rules, tags and origins are
today's, so that two vintages differ by observations alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import sqlite_utils

# Vintages: the last retrieval of each month, and every one of this many days before the newest.
RECENT_DAYS = 30
SCOPE = "frontier"

# Makes the series again, of the history that the database shows at that moment.
Rebuild = Callable[[], object]

# The tables that a vintage has of its own. SQLite resolves a name to a temporary table first, so
# the pipeline's own functions read and write these without knowing of it.
HISTORY = """
    create temp table history as
    select h.*
    from main.history as h
    inner join main.snapshots as s on h.day = s.day
    inner join main.observation_files as f on f.date = s.date and f.source = h.source
    where substr(f.retrieved_at, 1, 10) <= :as_of
"""
COPIED = ("curves", "scopes", "series_keys", "series_points")

KEY = "scope, attribution, basis, dimension, key"
VALUES = "cumulative, cumulative_low, cumulative_high, monthly, monthly_low, monthly_high, models"
KNOWN = """
    create temp table {name} as
    select k.scope, k.attribution, k.basis, k.dimension, k.key, k.label, p.month, {values}
    from {schema}.series_keys as k
    inner join {schema}.series_points as p on p.series = k.id
"""
# Rows of the older vintage that the newer one has with other values or not at all, and rows of the
# newer one that the older one did not have.
DIFFERENCES = f"""
    create temp table differences as
    with changed as (
        select {KEY}, label, month, {VALUES} from older
        except
        select {KEY}, label, month, {VALUES} from newer
    ),

    appeared as (
        select {KEY}, label, month from newer
        except
        select {KEY}, label, month from older
    )

    select {KEY}, label, month, {VALUES} from changed
    union all
    select {KEY}, label, month, null, null, null, null, null, null, null from appeared
"""  # noqa: S608
ADD_KEYS = f"""
    insert into main.series_keys ({KEY}, label)
    select distinct d.scope, d.attribution, d.basis, d.dimension, d.key, d.label
    from differences as d
    where not exists (
        select 1
        from main.series_keys as k
        where
            k.scope = d.scope
            and k.attribution = d.attribution
            and k.basis = d.basis
            and k.dimension = d.dimension
            and k.key is d.key
    )
    order by {KEY}
"""  # noqa: S608
ADD_POINTS = f"""
    insert into main.vintage_points
    select k.id, d.month, :as_of, {VALUES}
    from differences as d
    inner join main.series_keys as k
        on k.scope = d.scope
        and k.attribution = d.attribution
        and k.basis = d.basis
        and k.dimension = d.dimension
        and k.key is d.key
    order by k.id, d.month
"""  # noqa: S608
COUNT_POINTS = """
    update main.vintages
    set changed_later = (select count(*) from differences)
    where as_of = :as_of
"""
ADD_VINTAGE = """
    insert into main.vintages
    select :as_of, count(*), sum("rows"), max(date), :through, 0
    from main.observation_files
    where substr(retrieved_at, 1, 10) <= :as_of
"""


def chosen_vintages(retrieved: Sequence[str]) -> list[str]:
    """Return the days that are kept as vintages, the newest first.

    `retrieved` are the days on which observations were retrieved, as ISO text: the last of each
    month is kept, and those of the `RECENT_DAYS` up to the newest.
    """
    days = sorted(set(retrieved))
    if not days:
        return []
    recent = (date.fromisoformat(days[-1]) - timedelta(days=RECENT_DAYS)).isoformat()
    last_of_month = {day[:7]: day for day in days}
    return sorted({*last_of_month.values(), *(day for day in days if day > recent)}, reverse=True)


def load_vintages(db: sqlite_utils.Database, rebuild: Rebuild) -> None:
    """Fill vintages and vintage_points, the newest vintage first.

    The newest is the series of the database itself. Each older one is made by `rebuild` from the
    observations retrieved by its day, and only what differs from the next newer one is kept.
    """
    connection = db.conn
    query = """
        select distinct substr(retrieved_at, 1, 10)
        from observation_files
        where retrieved_at is not null
    """
    days = chosen_vintages([row[0] for row in connection.execute(query)])
    _remember(connection, "newer", "main")
    for place, day in enumerate(days):
        if place:
            _shadow(connection, day)
            rebuild()
            _remember(connection, "older", "temp")
        through = _through(connection)
        connection.execute(ADD_VINTAGE, {"as_of": day, "through": through})
        if place:
            _drop(connection, ("history", *COPIED))
            _keep_differences(connection, day)
    _drop(connection, ("newer",))


def _remember(connection: sqlite3.Connection, name: str, schema: str) -> None:
    connection.execute(KNOWN.format(name=name, schema=schema, values=VALUES))


def _shadow(connection: sqlite3.Connection, day: str) -> None:
    """Hide history and the series behind empty temporary tables with the vintage's history."""
    connection.execute(HISTORY, {"as_of": day})
    for statement in _definitions(connection):
        connection.execute(statement)


def _definitions(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the definitions of the tables that a rebuild fills, without references."""
    for table in COPIED:
        columns = connection.execute(f"pragma main.table_info({table})").fetchall()
        keys = [name for _, name, _, _, _, place in sorted(columns, key=lambda c: c[5]) if place]
        names = ", ".join(f"{name} {kind}" for _, name, kind, _, _, _ in columns)
        # An integer key numbers its own rows only as `integer primary key`.
        yield f"create temp table {table} ({names}, primary key ({', '.join(keys)}))"


def _through(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("select through from scopes where scope = ?", (SCOPE,)).fetchone()
    return str(row[0]) if row and row[0] else None


def _keep_differences(connection: sqlite3.Connection, day: str) -> None:
    connection.execute(DIFFERENCES)
    connection.execute(ADD_KEYS)
    connection.execute(ADD_POINTS, {"as_of": day})
    connection.execute(COUNT_POINTS, {"as_of": day})
    _drop(connection, ("differences", "newer"))
    connection.execute("alter table temp.older rename to newer")


def _drop(connection: sqlite3.Connection, tables: Sequence[str]) -> None:
    for table in tables:
        connection.execute(f"drop table temp.{table}")
