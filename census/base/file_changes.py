"""Changing several files of the data directory as one, whatever happens meanwhile."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

PENDING = ".pending"
JOURNAL = "journal.json"
LOCK = ".lock"
# A change is applied within this time by a run that is alive.
BUSY_SECONDS = 10.0


class BusyError(Exception):
    """Another run is changing the same data directory."""


@contextmanager
def locked(data: Path, wait: float = 0.0) -> Iterator[None]:
    """Hold the data directory for one run; raises BusyError after `wait` seconds.

    The lock is the operating system's, so it ends with the process, also when that is killed.
    """
    lock = FileLock(data / LOCK)
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise BusyError(
            f"{data}: another run is changing this directory; wait for it to end"
        ) from None
    try:
        settle(data)
        yield
    finally:
        lock.release()


def complete(data: Path) -> None:
    """Complete a change that an interrupted run had begun, before the files are only read.

    Nothing is written, and no lock taken, when there is none. Raises BusyError when the run is
    still at work after `BUSY_SECONDS`.
    """
    if (data / PENDING / JOURNAL).is_file():
        with locked(data, BUSY_SECONDS):
            pass


def apply(data: Path, files: Mapping[str, bytes | None]) -> None:
    """Write `files` (path under `data` -> content, None to remove it): all of them or none.

    Everything is first written and synced to a pending directory; the rename of its journal is the
    moment from which the change counts. A run that is interrupted before leaves no trace, one that
    is interrupted after is completed by `settle`. Files are moved in the order given: put the
    manifest last. Call it only inside `locked`.
    """
    pending = data / PENDING
    shutil.rmtree(pending, ignore_errors=True)
    pending.mkdir()
    # A path without a staged file is to be removed.
    moves = [
        ("" if content is None else str(number), path)
        for number, (path, content) in enumerate(files.items())
    ]
    for name, path in moves:
        if (content := files[path]) is not None:
            _write_synced(pending / name, content)
    _write_synced(pending / f"{JOURNAL}.tmp", json.dumps(moves).encode())
    (pending / f"{JOURNAL}.tmp").replace(pending / JOURNAL)
    _sync_directory(pending)
    settle(data)


def settle(data: Path) -> None:
    """Complete a change that an interrupted run had begun, or discard it if it had not counted."""
    pending = data / PENDING
    if not pending.is_dir():
        return
    journal = pending / JOURNAL
    if journal.is_file():
        for name, path in json.loads(journal.read_text()):
            staged, target = pending / name, data / path
            if not name:
                target.unlink(missing_ok=True)
                _sync_directory(target.parent)
            elif staged.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                staged.replace(target)
                _sync_directory(target.parent)
        # The journal goes first: if the process dies here, the rest of the directory means nothing.
        journal.unlink()
    shutil.rmtree(pending)


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
