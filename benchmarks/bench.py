"""Measures what the budgets are about: the build's processor time and every canned query's time."""

from __future__ import annotations

import resource
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from census.base.databases import connect_readonly
from census.database.build import build
from census.questions.question_files import read_questions, validate, with_choices

ROOT = Path(__file__).parent.parent
BUILD_BUDGET_S = 60.0
QUERY_BUDGET_MS = 5.0
RUNS = 9


def main() -> None:
    """Print each figure beside its budget."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(ROOT / "data", data)
        database = Path(folder) / "census.db"
        before = resource.getrusage(resource.RUSAGE_SELF)
        build(data, database)
        after = resource.getrusage(resource.RUSAGE_SELF)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"build, charts apart: {seconds:.1f} s of processor time (budget {BUILD_BUDGET_S})")
        for name, median in sorted(query_times(database).items(), key=lambda item: -item[1]):
            ratio = median / QUERY_BUDGET_MS
            print(f"{name:<36} {median:7.2f} ms  {ratio:5.2f} of the budget")


def query_times(database: Path) -> dict[str, float]:
    """Return the median time of each canned query at its defaults, in milliseconds."""
    connection = connect_readonly(database)
    times = {}
    for question in read_questions(ROOT / "canned_queries").values():
        values = validate(with_choices(question, connection), {})
        runs = []
        for _ in range(RUNS):
            start = time.perf_counter()
            connection.execute(question.sql, values).fetchall()
            runs.append(1000 * (time.perf_counter() - start))
        times[question.name] = statistics.median(runs)
    connection.close()
    return times


if __name__ == "__main__":
    main()
