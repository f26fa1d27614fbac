"""Measures how large a repository becomes in which every day's observations are committed.

    python benchmarks/bench_repository.py [DAYSxMODELS ...]

Made-up days are committed one by one, old months are put together by the real `compact` on the
first of each month, as the daily workflow does, and git packs what there is. The counts wander as
real ones do, since regular ones would pack into a fifth of the space.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from census.store.compaction import compact
from census.store.observations import (
    COLUMNS,
    FOLDER,
    MANIFEST,
    ObservationFile,
    format_manifest,
    path_of,
    read_manifest,
)

ROOT = Path(__file__).parent.parent
LABEL = "SYNTHETIC: made up by benchmarks/bench_repository.py, not observations"
SIZES = ((1_075, 10_000),)
FIRST = date(2027, 1, 1)
GOAL_MB = 200
WINDOW_DAYS = 30
# Downloads a day of the smallest and the largest model, as powers of ten, and how much the
# logarithm of a model's speed wanders from one day to the next.
SPEEDS = (0.5, 5.5)
WANDER = 0.05


def days_of_counts(days: int, models: int) -> Iterator[tuple[date, bytes]]:
    """Yield made-up days and the contents of their files, in order."""
    random = np.random.default_rng(20261127)
    names = sorted(f"publisher-{number % 700}/model-{number}" for number in range(models))
    speed = np.log(10.0) * random.uniform(*SPEEDS, models)
    last: list[NDArray[np.int64]] = []
    total = np.zeros(models, dtype=np.int64)
    likes = np.zeros(models, dtype=np.int64)
    for number in range(-WINDOW_DAYS, days):
        day = FIRST + timedelta(days=number)
        speed += random.normal(0, WANDER, models)
        downloads = random.poisson(
            np.exp(np.clip(speed, 0, 14)) * (0.8 if day.weekday() > 4 else 1.1)
        )
        last = [*last, downloads][-WINDOW_DAYS:]
        total += downloads
        likes += random.poisson(0.05, models)
        if number >= 0:
            lines = [",".join(COLUMNS)]
            columns = sum(last, np.zeros(models, dtype=np.int64)), total, likes
            for name, *counts in zip(names, *(part.tolist() for part in columns), strict=True):
                lines.append(f"{name},,{','.join(map(str, counts))}")
            yield day, ("\n".join(lines) + "\n").encode()


def add_day(data: Path, day: date, content: bytes, models: int) -> None:
    """Add the file of a day, and its row of the manifest, as `collect` does."""
    path = path_of("hub", day)
    target = data / FOLDER / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    file = ObservationFile(path, models, sha256, LABEL, "", "", day.isoformat())
    (data / MANIFEST).write_bytes(format_manifest([*read_manifest(data, []), file]))


def commit(repository: Path, subject: str) -> None:
    """Commit everything."""
    git(repository, "add", "--all")
    git(
        repository,
        *("-c", "user.name=bench", "-c", "user.email=bench@example.org"),
        *("commit", "--quiet", "--message", subject),
    )


def git(repository: Path, *arguments: str) -> None:
    """Run git in a repository."""
    subprocess.run(["git", "-C", str(repository), *arguments], check=True)  # noqa: S603, S607


def size_mb(folder: Path) -> float:
    """Return the size of a folder's files in megabytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def measured(days: int, models: int) -> tuple[float, float]:
    """Commit the days and return the megabytes of .git and of the files beside it."""
    with tempfile.TemporaryDirectory() as folder:
        repository = Path(folder)
        data = repository / "data"
        (data / FOLDER).mkdir(parents=True)
        (data / MANIFEST).write_bytes(format_manifest([]))
        git(repository, "init", "--quiet")
        # One packing at the end, not some on the way that run on by themselves.
        git(repository, "config", "gc.auto", "0")
        for day, content in days_of_counts(days, models):
            add_day(data, day, content, models)
            commit(repository, f"Observe {day}")
            if day.day == 1 and compact(data, day):
                commit(repository, f"Put months together on {day}")
        git(repository, "gc", "--quiet")
        in_git = size_mb(repository / ".git")
        return in_git, size_mb(repository) - in_git


def main() -> None:
    """Measure the sizes that are named, or three years of ten thousand models."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sizes", nargs="*", help="such as 30x4000")
    sizes = [tuple(map(int, size.split("x"))) for size in parser.parse_args().sizes] or SIZES
    newest = max((ROOT / "data" / "vintages").glob("2*.csv"))
    recorded_mb = len(gzip.compress(newest.read_bytes())) / 1e6
    for days, models in sizes:
        in_git, beside = measured(days, models)
        recorded = days / 365 * 12 * recorded_mb
        print(
            f"{days:,} days x {models:,} models: .git {in_git:.0f} MB, files {beside:.0f} MB;"
            f" recorded series would add {recorded:.0f} MB (goal of .git {GOAL_MB})",
            flush=True,
        )


if __name__ == "__main__":
    main()
