"""The status of a build: when it ended, how many rows, which hash, how long each step took.

`status.json` lies beside the database and is published with it; `data/last_build.json` is the part
that is kept in git, so that the next day can be compared with this one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from census.base.csv_files import DataError, Problem
from census.base.files import write_json

STATUS = "status.json"
LAST_BUILD = "last_build.json"
# Tables of facts, which grow; the derived ones may shrink when a rule changes.
RECORDED_TABLES = (
    "history",
    "labs",
    "models",
    "namespaces",
    "observation_files",
    "origin_claims",
    "snapshots",
    "sources",
)


class StepTimes:
    """How many seconds each step took; a step lasts until the next one begins."""

    def __init__(self) -> None:
        self._started: list[tuple[str, float]] = []

    def begin(self, name: str) -> None:
        """Note that a step begins."""
        self._started.append((name, time.perf_counter()))

    @property
    def begun(self) -> int:
        """How many steps have begun."""
        return len(self._started)

    def seconds(self) -> dict[str, float]:
        """Return the seconds of each step so far, rounded to hundredths."""
        starts = [start for _, start in self._started]
        ends = [*starts[1:], time.perf_counter()]
        return {
            name: round(end - start, 2)
            for (name, start), end in zip(self._started, ends, strict=False)
        }


def write_status(
    db: Path,
    rows: Mapping[str, int],
    through: Mapping[str, str | None],
    sha256: str,
    seconds: Mapping[str, float],
    origin: Mapping[str, Any],
    now: datetime | None = None,
) -> Path:
    """Write `status.json` beside a database that was built and checked; return its path.

    Times are in UTC; `origin` says of which commit and data it was made, and with what.
    """
    content = {
        "built_at": (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sha256": sha256,
        **origin,
        "through": dict(through),
        "seconds": {**seconds, "total": round(sum(seconds.values()), 2)},
        "rows": dict(rows),
    }
    path = db.with_name(STATUS)
    write_json(path, content)
    return path


def read_status(path: Path) -> dict[str, Any]:
    """Return a status file's content; raises DataError when it is missing or is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError([Problem(str(path), 0, "the file is missing; build first")]) from None
    except ValueError as error:
        raise DataError([Problem(str(path), 0, f"no JSON: {error}")]) from None
    if not isinstance(content, dict) or not isinstance(content.get("sha256"), str):
        raise DataError([Problem(str(path), 0, "no status of a build")])
    return content


def record_build(data: Path, status: Mapping[str, Any]) -> Path:
    """Write the part of a status that is kept in git: the hash, the last days, the counts."""
    content = {
        "sha256": status["sha256"],
        "through": status["through"],
        "rows": {table: status["rows"][table] for table in RECORDED_TABLES},
    }
    path = data / LAST_BUILD
    write_json(path, content)
    return path


def fewer_rows(recorded: Mapping[str, int], counts: Mapping[str, int]) -> list[str]:
    """Return one line for each table of facts with fewer rows than were recorded."""
    return [
        f"{table}: {counts.get(table, 0):,} rows; the last build had {rows:,}"
        for table, rows in recorded.items()
        if counts.get(table, 0) < rows
    ]
