"""Prints every canned query's time on the synthetic census beside the budgets.

    python benchmarks/bench_large.py [DATABASE]

Without a database one is made first, which takes some minutes. Each question is asked at its
defaults, then with every single choice of each parameter and with the widest of all together; the
slowest of these is what the second budget is about. Times are the best of several runs: what else
the machine does is not the query's.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from synthetic import make_database

from census.base.databases import connect_readonly
from census.questions.parameters import Parameter
from census.questions.question_files import Question, read_questions, validate, with_choices

ROOT = Path(__file__).parent.parent
DEFAULT_BUDGET_MS = 5.0
WORST_BUDGET_MS = 50.0
RUNS = 5
# Of a parameter with hundreds of choices (labs, models) the first ones are the largest.
CHOICES = 12
# What makes a question read most, by the name of the parameter.
WIDEST = {"scope": "hub", "dimension": "lab", "attribution": "base", "split": "lab"}


def widest(parameter: Parameter) -> str:
    """Return the value of a parameter that makes a question read most."""
    if parameter.maximum is not None:
        return str(parameter.maximum)
    if parameter.choices and WIDEST.get(parameter.name) in parameter.choices:
        return WIDEST[parameter.name]
    if parameter.pattern == "month" or (parameter.choices and "" in parameter.choices):
        return ""
    return parameter.default


def variations(question: Question) -> Iterator[dict[str, str]]:
    """Yield values of parameters to ask a question with, other than the defaults."""
    for choice in varied(question):
        values = values_with(question, choice)
        if values is not None:
            yield values


def varied(question: Question) -> Iterator[dict[str, str]]:
    """Yield the widest values of all parameters, then each value of one, whatever is refused."""
    yield {parameter.name: widest(parameter) for parameter in question.parameters}
    for parameter in question.parameters:
        values = list(parameter.choices or [])[:CHOICES]
        if parameter.maximum is not None:
            values = [str(parameter.minimum), str(parameter.maximum)]
        if parameter.pattern == "month":
            values = ["", "2024-06"]
        for value in values:
            yield {parameter.name: value}


def values_with(question: Question, choice: Mapping[str, str]) -> dict[str, str] | None:
    """Return the values with others beside them that the question's limits ask for.

    None where the question refuses the values whatever is beside them.
    """
    values = {parameter.name: parameter.default for parameter in question.parameters} | dict(choice)
    choices = {parameter.name: parameter.choices or {} for parameter in question.parameters}
    for limit in question.limits:
        for name, allowed in limit.allowed.items():
            if values[limit.parameter] not in limit.values or values[name] in allowed:
                continue
            if limit.parameter in choice or name not in choice:
                values[name] = allowed[0]
                continue
            free = [value for value in choices[limit.parameter] if value not in limit.values]
            if not free:
                return None
            values[limit.parameter] = free[0]
    return values


def milliseconds(database: sqlite3.Connection, sql: str, values: Mapping[str, str]) -> float:
    """Return the best time of a statement, all rows fetched."""
    best = float("inf")
    for _ in range(RUNS):
        start = time.perf_counter()
        database.execute(sql, values).fetchall()
        best = min(best, 1000 * (time.perf_counter() - start))
        if best > 10 * WORST_BUDGET_MS:
            break
    return best


def measure(path: Path) -> int:
    """Print the times of every question; return how many are over a budget."""
    database = connect_readonly(path)
    over = 0
    rows = []
    for question in read_questions(ROOT / "canned_queries").values():
        resolved = with_choices(question, database)
        default = milliseconds(database, resolved.sql, validate(resolved, {}))
        worst, worst_choice = default, "defaults"
        for values in variations(resolved):
            duration = milliseconds(database, resolved.sql, validate(resolved, values))
            if duration > worst:
                worst, worst_choice = (
                    duration,
                    " ".join(f"{name}={value}" for name, value in values.items()),
                )
        slow = default > DEFAULT_BUDGET_MS or worst > WORST_BUDGET_MS
        over += slow
        rows.append((worst, default, question.name, slow, worst_choice))
    database.close()
    print(f"budgets: {DEFAULT_BUDGET_MS:.0f} ms at defaults, {WORST_BUDGET_MS:.0f} ms at worst")
    for worst, default, name, slow, worst_choice in sorted(rows, reverse=True):
        mark = "OVER" if slow else "    "
        print(f"{mark} {name:<32} {default:8.2f} ms  worst {worst:8.2f} ms  {worst_choice}")
    print(f"{over} of {len(rows)} questions over a budget")
    return over


def main() -> None:
    """Measure a database that is named, or one that is made for it."""
    if len(sys.argv) > 1:
        sys.exit(measure(Path(sys.argv[1])) > 0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.db"
        make_database(path, models=10_000, days=1_075)
        sys.exit(measure(path) > 0)


if __name__ == "__main__":
    main()
