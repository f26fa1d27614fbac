"""Measures the build of data/ with made-up daily files beside the bundled ones.

    python benchmarks/bench_growth.py [DAYSxMODELS ...] [--one-more]

Each size is written to a folder of its own, which is removed afterwards, and built by a process of
its own: processor time by step, memory and size of the database are printed beside the goals.
`--one-more` builds each size with one day more too, and prints what that day costs. Counts are made
up by arithmetic and go on from the last bundled ones; the manifest says so on each of their files.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from census.base.csv_files import DataError, Problem
from census.database.build import build
from census.store.observations import (
    COLUMNS,
    FOLDER,
    MANIFEST,
    ObservationFile,
    format_manifest,
    path_of,
    read_manifest,
    read_observations,
)

ROOT = Path(__file__).parent.parent
LABEL = "SYNTHETIC: made up by benchmarks/bench_growth.py, not observations"
SOURCE = "hub"
WINDOW_DAYS = 30
# Seconds of processor time, and gigabytes where there is a goal, by days and models.
GOALS: dict[tuple[int, int], tuple[float, float | None]] = {
    (365, 4_000): (40, None),
    (1_075, 10_000): (120, 1.5),
}
SIZES = ((30, 4_000), *GOALS)
ONE_MORE_DAY_S = 0.15


class Newest(NamedTuple):
    """The last day on which a model has a 30-day count, that count, and all its downloads then.

    `counted` are all its downloads as they were last counted, None where nobody did.
    """

    day: date
    all_time: int
    in_30d: int
    counted: int | None


class Model(NamedTuple):
    """A model's name, its downloads before the first made-up day, and those of thirty days."""

    name: str
    total: int
    monthly: int

    def grown(self, day: int) -> int:
        """Return the downloads from the first made-up day to the end of another, unevenly.

        As many in thirty days as were counted before: daily counts seldom contradict each other.
        """
        daily = self.monthly // WINDOW_DAYS
        return self.monthly * day // WINDOW_DAYS + daily * (day % 7) // 7


def choose_models(data: Path, number: int) -> list[Model]:
    """Return some models of models.csv, in order of names, those that were counted last first."""
    newest = newest_counts(data)
    with (data / "models.csv").open(encoding="utf-8", newline="") as file:
        names = [row["model_id"] for row in csv.DictReader(file)]
    if len(names) < number:
        raise SystemExit(f"models.csv has {len(names):,} models, not {number:,}")
    last = max(count.day for count in newest.values())
    names.sort(key=lambda name: newest[name].day if name in newest else date.min, reverse=True)
    models = []
    for place, name in enumerate(names[:number]):
        monthly = WINDOW_DAYS * (1 + place % 50)
        newest_count = newest.get(name, Newest(last, 14 * monthly, monthly, None))
        unseen_days = (last - newest_count.day).days + WINDOW_DAYS
        since = Model(name, newest_count.all_time, newest_count.in_30d).grown(unseen_days)
        models.append(Model(name, newest_count.all_time + since, newest_count.in_30d))
    return sorted(models)


def newest_counts(data: Path) -> dict[str, Newest]:
    """Return the newest counts of each model that has a 30-day count.

    Where nobody counted all its downloads they are made up: as many as its 30-day counts together.
    """
    problems: list[Problem] = []
    newest_by_model: dict[str, Newest] = {}
    in_windows: Counter[str] = Counter()
    for file in sorted(read_manifest(data, problems), key=lambda file: file.day):
        for row in read_observations(data, file, problems):
            in_windows[row.model_id] += row.downloads_30d or 0
            before = newest_by_model.get(row.model_id)
            counted = row.downloads_all_time or (before.counted if before else None)
            if row.downloads_30d is not None:
                all_time = counted or in_windows[row.model_id]
                newest_by_model[row.model_id] = Newest(
                    file.day, all_time, row.downloads_30d, counted
                )
    if problems:
        raise DataError(problems)
    return newest_by_model


def day_of_counts(models: list[Model], day: int) -> bytes:
    """Return the content of the file of a made-up day, the first being day 1."""
    lines = [",".join(COLUMNS)]
    for model in models:
        grown = model.grown(day)
        window = grown - model.grown(day - WINDOW_DAYS)
        lines.append(f"{model.name},,{window},{model.total + grown},{model.monthly // WINDOW_DAYS}")
    return ("\n".join(lines) + "\n").encode()


def write_data(data: Path, days: int, models: list[Model]) -> None:
    """Add made-up days to a copy of data/, the first a window behind the last bundled one.

    A window that held bundled counts and made-up ones would mostly contradict the bundled ones.
    """
    files = read_manifest(data, [])
    last = max(file.day for file in files) + timedelta(days=WINDOW_DAYS)
    for number in range(1, days + 1):
        day = last + timedelta(days=number)
        files.append(_write_day(data, day, day_of_counts(models, number), len(models)))
    (data / MANIFEST).write_bytes(format_manifest(files))


def _write_day(data: Path, day: date, content: bytes, rows: int) -> ObservationFile:
    path = path_of(SOURCE, day)
    target = data / FOLDER / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return ObservationFile(path, rows, sha256, LABEL, "", "", day.isoformat())


def processor_s() -> float:
    """Return the processor time of this process, in seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(data: Path, database: Path) -> dict[str, Any]:
    """Build and return processor time in seconds, by step, and the sizes in gigabytes."""
    steps: list[tuple[str, float]] = []
    build(data, database, announce=lambda name: steps.append((name, processor_s())))
    ends = [begun for _, begun in steps[1:]] + [processor_s()]
    return {
        "steps": [(name, end - begun) for (name, begun), end in zip(steps, ends, strict=True)],
        "processor_s": ends[-1] - steps[0][1],
        "memory_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
        "database_gb": database.stat().st_size / 1e9,
    }


def measured(days: int, models: int) -> dict[str, Any]:
    """Write the data of a size, and return what a process of its own measures of its build."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(ROOT / "data", data)
        write_data(data, days, choose_models(data, models))
        command = [sys.executable, __file__, "--build", str(data)]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603
        result: dict[str, Any] = json.loads(answer.stdout)
        return result


def result_lines(days: int, models: int, measurements: dict[str, Any]) -> Iterator[str]:
    """Yield what was measured of a size, in lines."""
    seconds, memory = GOALS.get((days, models), (None, None))
    goal = f" (goal {seconds:g})" if seconds else ""
    of_memory = f" (goal {memory:g})" if memory else ""
    yield (
        f"{days} days x {models:,} models: {measurements['processor_s']:.1f} s of processor time"
        f"{goal},"
        f" {measurements['memory_gb']:.2f} GB of memory{of_memory},"
        f" database {measurements['database_gb']:.2f} GB"
    )
    for name, took in measurements["steps"]:
        yield f"{took:9.1f} s  {name}"


def main() -> None:
    """Measure the sizes that are named, or all three."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sizes", nargs="*", help="such as 30x4000")
    parser.add_argument("--one-more", action="store_true", help="also what one more day costs")
    parser.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        print(json.dumps(measure(options.build, options.build.with_name("census.db"))))
        return
    sizes = [tuple(map(int, size.split("x"))) for size in options.sizes] or SIZES
    for days, models in sizes:
        measurements = measured(days, models)
        print("\n".join(result_lines(days, models, measurements)), flush=True)
        if options.one_more:
            added_seconds = measured(days + 1, models)["processor_s"] - measurements["processor_s"]
            print(f"{added_seconds:9.2f} s  one day more (goal {ONE_MORE_DAY_S})", flush=True)


if __name__ == "__main__":
    main()
