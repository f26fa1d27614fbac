"""The lane for SQL that readers write; plugins/entrance.py sends their requests there."""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette import database as datasette_database
from datasette import hookimpl

from census.requests.lanes import Lane, LaneExecutor, SeldomAsked
from census.site.site import DATABASE


def opened_connections(database: Any) -> list[sqlite3.Connection]:
    """Return the connections that a database closes at its end, in Datasette 0.65 or 1.0."""
    connections = getattr(database, "_all_connections", None)
    opened: list[sqlite3.Connection] = (
        database._all_file_connections if connections is None else connections
    )
    return opened


@hookimpl
def startup(datasette: Any) -> None:
    """Put the lane beside Datasette's own threads."""
    if DATABASE not in datasette.databases or datasette.executor is None:
        return

    def connect() -> sqlite3.Connection:
        """Open the connection that Datasette looks for in this thread."""
        database = datasette.get_database(DATABASE)
        how = "mode=ro" if database.is_mutable else "immutable=1"
        connection = sqlite3.connect(
            f"file:{database.path}?{how}", uri=True, check_same_thread=False, factory=SeldomAsked
        )
        opened_connections(database).append(connection)
        datasette._prepare_connection(connection, DATABASE)
        setattr(datasette_database.connections, DATABASE, connection)
        return connection

    datasette.executor = LaneExecutor(datasette.executor, Lane(connect))
