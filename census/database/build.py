"""The build: fill a new database from what is read of data/, check it, move it into place."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

import sqlite_utils

from census.base.csv_files import DataError, Problem
from census.base.databases import open_readonly
from census.base.files import sha256_of, write_json
from census.database.building import Building
from census.database.checks import failed_checks
from census.database.loading import create_database
from census.database.reading import read_input
from census.database.steps import Announce, fill_database
from census.inputs.attributes import unmatched_corrections

INSPECT = "inspect-data.json"


class Summary(NamedTuple):
    """What a build made: rows a table, the scopes' last days, the database's SHA-256.

    `unmatched` are by file the corrections of models that nobody has observed.
    """

    rows: dict[str, int]
    through: dict[str, str | None]
    sha256: str
    unmatched: dict[str, list[str]]


@contextmanager
def _cycles_uncollected() -> Iterator[None]:
    """Pause the garbage collector.

    A build makes few cycles of objects, and looking for them among its millions of rows takes a
    twentieth of its time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_cycles_uncollected()
def build(
    data: Path, target: Path, as_of: date | None = None, announce: Announce = lambda _name: None
) -> Summary:
    """Build the database and its inspect-data.json from the data directory.

    Offline and deterministic: the same data, SQLite, numpy and kind of processor give the same
    bytes. Everything is written to a temporary file beside `target`, checked and then moved into
    place; on any failure the old database stays. `announce` is called with the name of each stage
    when it begins. Raises DataError.
    """
    if not target.parent.is_dir():
        reason = "the folder for the database is missing; make it first"
        raise DataError([Problem(str(target.parent), 0, reason)])
    announce("Reading and checking data")
    inputs = read_input(data, as_of)
    unmatched = unmatched_corrections(inputs.rules, inputs.models, inputs.registry)
    # Datasette serves every *.db of its directory, so the unfinished file is not called that.
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        db = create_database(unfinished)
        try:
            building = Building(db, inputs)
            # No other name refers to the observations, so they are freed once they are loaded.
            del inputs
            fill_database(building, announce)
            summary_rows = _count_rows(db)
            through = {row["scope"]: row["through"] for row in db.table("scopes").rows}
        finally:
            db.conn.close()
        announce("Checking the database")
        failures = failed_checks(unfinished)
        if failures:
            raise DataError([Problem(target.name, 0, failure) for failure in failures])
        sha256 = sha256_of(unfinished)
        inspect_data = _inspect(unfinished, target, sha256)
        inspect_file = target.with_name(INSPECT)
        unfinished.replace(target)
        write_json(inspect_file, inspect_data)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
    return Summary(summary_rows, through, sha256, unmatched)


def _count_rows(db: sqlite_utils.Database) -> dict[str, int]:
    hidden = ("_fts", "sqlite_stat")
    return {
        name: db.table(name).count
        for name in db.table_names()
        if not any(part in name for part in hidden)
    }


def _inspect(path: Path, target: Path, sha256: str) -> dict[str, dict[str, object]]:
    """Return the inspect data of a database, by which Datasette starts without counting rows."""
    with open_readonly(path) as connection:
        names = [
            row[0]
            for row in connection.execute(
                "select name from sqlite_master where type = 'table' order by name"
            )
        ]
        counts = {
            name: connection.execute(f'select count(*) from "{name}"').fetchone()[0]  # noqa: S608
            for name in names
        }
    tables = {name: {"count": counts[name]} for name in names}
    size = path.stat().st_size
    return {target.stem: {"hash": sha256, "size": size, "file": target.name, "tables": tables}}
