"""Several files change as one, whenever the process is killed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from census.base import file_changes

OLD = {"a.csv": b"old a", "deep/b.csv": b"old b", "deep/gone.csv": b"old gone"}
NEW = {"a.csv": b"new a", "deep/b.csv": b"new b", "c.csv": b"new c"}
CHANGE = {**NEW, "deep/gone.csv": None}


def contents(data: Path) -> dict[str, bytes]:
    """Return every file of the directory but the lock."""
    return {
        str(path.relative_to(data)): path.read_bytes()
        for path in sorted(data.rglob("*"))
        if path.is_file() and path.name != file_changes.LOCK
    }


def die_at(data: Path, event: int) -> bool:
    """Apply CHANGE in a child that dies at its nth step on disk; return whether it died."""
    child = os.fork()
    if child == 0:
        left = [event]

        def counted(call: Callable[..., object]) -> Callable[..., object]:
            def dying(*arguments: object, **options: object) -> object:
                left[0] -= 1
                if left[0] < 0:
                    os._exit(1)
                return call(*arguments, **options)

            return dying

        os.fsync = counted(os.fsync)  # type: ignore[assignment]
        Path.replace = counted(Path.replace)  # type: ignore[assignment,method-assign]
        Path.unlink = counted(Path.unlink)  # type: ignore[assignment,method-assign]
        with file_changes.locked(data):
            file_changes.apply(data, CHANGE)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 1


def test_killed_at_any_moment_everything_or_nothing_is_there(tmp_path: Path) -> None:
    event = 0
    outcomes = set()
    while True:
        data = tmp_path / str(event)
        data.mkdir()
        with file_changes.locked(data):
            file_changes.apply(data, OLD)
        died = die_at(data, event)
        file_changes.settle(data)
        found = contents(data)
        assert found in (OLD, NEW)
        outcomes.add(found == NEW)
        if not died:
            break
        event += 1
    assert outcomes == {True, False}
    assert event > len(NEW) * 2


def test_two_runs_cannot_change_the_same_directory(tmp_path: Path) -> None:
    with (
        file_changes.locked(tmp_path),
        pytest.raises(file_changes.BusyError, match="another run"),
        file_changes.locked(tmp_path),
    ):
        pass


def test_a_reader_completes_a_change_that_counted_and_leaves_one_that_did_not(
    tmp_path: Path,
) -> None:
    for event in range(30):
        data = tmp_path / str(event)
        data.mkdir()
        with file_changes.locked(data):
            file_changes.apply(data, OLD)
        die_at(data, event)
        counted = (data / file_changes.PENDING / file_changes.JOURNAL).is_file()
        file_changes.complete(data)
        found = {name: text for name, text in contents(data).items() if "pending" not in name}
        assert found == NEW if counted else found in (OLD, NEW)
