"""data/scoreboard.csv: how each published figure is computed again, or why it is not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from census.base.csv_files import (
    Problem,
    Row,
    check_choice,
    check_filled,
    check_reference,
    check_unique,
    first_day,
    parse_count,
    parse_day,
    parse_number,
    read_rows,
)
from census.findings.month_figures import selected

FILE = "scoreboard.csv"
# `key` is what a figure is of, several joined by `+`. `versus` is the other side of a crossing or
# of a ratio, `part` which of the key's models count, `number` how many labs or days of age, `day`
# that of a 30-day count.
COLUMNS = (
    "figure",
    "measure",
    "dimension",
    "key",
    "versus",
    "part",
    "number",
    "day",
    "scope",
    "since",
    "month",
    "tolerance",
    "tolerance_unit",
    "reason",
)
# A figure that the census cannot compute has this measure, a reason and nothing else.
NONE = "none"
# These are of the months from `since` to `month`, all others of one month.
OF_MONTHS = ("windowed", "windowed_share")
MEASURES = (
    "cumulative",
    "share",
    "share_of_known",
    "share_of_bucket",
    "monthly",
    "monthly_of_next",
    "median_ratio",
    "growth",
    "crossing",
    "relative_adoption",
    "downloads_30d",
    *OF_MONTHS,
    "listed",
    "listed_from",
    "listed_twice",
    "derivatives",
    "derivatives_known",
    NONE,
)
# What a measure must have beside its key, and how both are written together.
NEEDED = {
    "crossing": "versus",
    "median_ratio": "versus",
    "share_of_bucket": "part",
    "listed_from": "part",
    "monthly_of_next": "number",
    "relative_adoption": "number",
    "downloads_30d": "day",
}
MARKS = {"crossing": ">", "median_ratio": "/", "listed_from": "+"}
MAY_HAVE_PART = (*OF_MONTHS, "derivatives_known")
BESIDE_KEY = ("versus", "part", "number", "day")
DIMENSIONS = (
    "country",
    "region",
    "lab",
    "family",
    "size_bucket",
    "model",
    "names",
    "total",
    "tracker",
)
SCOPES = ("frontier", "labs", "hub")
TOLERANCE_UNITS = ("percent", "units")


def read_scoreboard(data: Path, figures: Collection[str], problems: list[Problem]) -> list[Row]:
    """Read and check how each published figure is computed again, or why it is not."""
    rows = read_rows(data / FILE, COLUMNS, problems)
    check_unique(rows, ["figure"], problems)
    check_filled(rows, ["figure", "measure", "reason"], problems)
    check_reference(rows, "figure", figures, "published_figures.csv", problems)
    check_choice(rows, "measure", MEASURES, problems)
    computed = [row for row in rows if row["measure"] != NONE]
    check_filled(computed, ["dimension", "scope", "month", "tolerance", "tolerance_unit"], problems)
    check_choice(computed, "dimension", DIMENSIONS, problems)
    check_choice(computed, "scope", SCOPES, problems)
    check_choice(computed, "tolerance_unit", TOLERANCE_UNITS, problems)
    for row in computed:
        try:
            _check_numbers(row)
            _check_key(row)
        except ValueError as error:
            problems.append(row.problem(str(error)))
    for row in rows:
        given = [column for column in COLUMNS[2:-1] if row[column]]
        if row["measure"] == NONE and given:
            problems.append(row.problem(f"not computed, and yet has {', '.join(given)}"))
    missing = sorted(set(figures) - {row["figure"] for row in rows})
    for figure in missing:
        reason = f"figure {figure!r} of published_figures.csv has no row"
        problems.append(Problem(str(data / FILE), 0, reason))
    return rows


def _check_numbers(row: Row) -> None:
    """Raise ValueError for a wrong tolerance or month of a figure that is computed."""
    if parse_number(row["tolerance"]) < 0:
        raise ValueError(f"tolerance {row['tolerance']} is negative")
    for column in ("month", "since") if row["measure"] in OF_MONTHS else ("month",):
        if len(row[column]) != 7:
            raise ValueError(f"{column} {row[column]!r} is not YYYY-MM")
        first_day(row[column])
    if row["since"] and row["measure"] not in OF_MONTHS:
        raise ValueError(f"since is only for {' and '.join(OF_MONTHS)}")


def _check_key(row: Row) -> None:
    """Raise ValueError for a key, or what stands beside it, that does not fit the measure."""
    measure = row["measure"]
    needed = NEEDED.get(measure, "")
    for column in BESIDE_KEY:
        if column == needed and not row[column]:
            raise ValueError(f"{column} is empty; {measure} needs it")
        if row[column] and column != needed and not (column == "part" and measure in MAY_HAVE_PART):
            raise ValueError(f"{column} is not for {measure}")
    if row["number"]:
        parse_count(row["number"])
    if row["day"]:
        parse_day(row["day"])
    if row["dimension"] == "names" and measure not in ("cumulative", "windowed"):
        raise ValueError("names are only for cumulative and windowed")
    if measure in OF_MONTHS:
        selected(row["dimension"], row["key"], row["part"])


def key_in_words(row: Mapping[str, str]) -> str:
    """Return a key and what stands beside it in one text, as the table `scoreboard` has them.

    key `qwen`, versus `llama` → `qwen>llama`; key `red`, part `>70B` → `red@>70B`.
    """
    beside = next((row[column] for column in BESIDE_KEY if row[column]), "")
    return f"{row['key']}{MARKS.get(row['measure'], '@')}{beside}" if beside else row["key"]
