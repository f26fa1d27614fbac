"""data/scoreboard.csv: how each published figure is computed again, or why it is not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated

from census.base.csv_files import Problem, Row, first_day, parse_number
from census.base.declared_files import (
    Checked,
    Count,
    DataFile,
    DataRow,
    Day,
    column,
    one_of,
    optional,
)
from census.findings.month_figures import select_models

FILE = "scoreboard.csv"
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


def check_tolerance(text: str) -> None:
    """Raise ValueError for a text that is not a number of 0 or more."""
    if parse_number(text) < 0:
        raise ValueError(f"{text} is negative")


class ScoreboardRow(DataRow):
    """How a published figure is computed again, or why it is not."""

    figure: str = column("The published figure")
    measure: Annotated[str, one_of(*MEASURES)] = column(
        "How it is computed; none has a reason and nothing else"
    )
    dimension: Annotated[str, one_of(*DIMENSIONS)] = optional("Of what kind the key is")
    key: str = optional("What the figure is of, several joined by `+`")
    versus: str = optional("The other side of a crossing or of a ratio")
    part: str = optional("Which of the key's models count")
    number: Count = optional("How many labs, or days of age")
    day: Day = optional("The day of a 30-day count")
    scope: Annotated[str, one_of(*SCOPES)] = optional("Which of our scopes stands beside it")
    since: str = optional("The first month of a window of months")
    month: str = optional("The month that it is of, or the last")
    tolerance: Annotated[str, Checked(check_tolerance, {"pattern": r"^[0-9]+(\.[0-9]+)?$"})] = (
        optional("How far ours may be from it and still agree")
    )
    tolerance_unit: Annotated[str, one_of(*TOLERANCE_UNITS)] = optional("What that is in")
    reason: str = column("Why it is computed so, or not")


def is_computed_whole_or_not(row: Row) -> Iterator[str]:
    """A figure that is not computed has a reason alone; any other says of what and when."""
    if row["measure"] == NONE:
        filled = [name for name in list(row)[2:-1] if row[name]]
        if filled:
            yield f"not computed, and yet has {', '.join(filled)}"
        return
    for name in ("dimension", "scope", "month", "tolerance", "tolerance_unit"):
        if not row[name]:
            yield f"{name} is empty"


def fits_its_measure(row: Row) -> Iterator[str]:
    """Months, and what stands beside the key, are those that the measure needs."""
    if row["measure"] == NONE:
        return
    try:
        _check_months(row)
        _check_key(row)
    except ValueError as error:
        yield str(error)


SCOREBOARD_FILE = DataFile(
    FILE,
    "How each published figure is computed again, or why it is not.",
    ScoreboardRow,
    unique=(("figure",),),
    references={"figure": "published_figures.csv"},
    rules=(is_computed_whole_or_not, fits_its_measure),
)
COLUMNS = SCOREBOARD_FILE.columns


def read_scoreboard(data: Path, figures: Collection[str], problems: list[Problem]) -> list[Row]:
    """Read and check how each published figure is computed again, or why it is not."""
    rows = SCOREBOARD_FILE.read(data, problems, {"published_figures.csv": figures})
    missing = sorted(set(figures) - {row["figure"] for row in rows})
    for figure in missing:
        reason = f"figure {figure!r} of published_figures.csv has no row"
        problems.append(Problem(str(data / FILE), 0, reason))
    return rows


def _check_months(row: Row) -> None:
    """Raise ValueError for a month of a figure that is not one, or not one of its measure."""
    for name in ("month", "since") if row["measure"] in OF_MONTHS else ("month",):
        if len(row[name]) != 7:
            raise ValueError(f"{name} {row[name]!r} is not YYYY-MM")
        first_day(row[name])
    if row["since"] and row["measure"] not in OF_MONTHS:
        raise ValueError(f"since is only for {' and '.join(OF_MONTHS)}")


def _check_key(row: Row) -> None:
    """Raise ValueError for a key, or what stands beside it, that does not fit the measure."""
    measure = row["measure"]
    needed = NEEDED.get(measure, "")
    for name in BESIDE_KEY:
        if name == needed and not row[name]:
            raise ValueError(f"{name} is empty; {measure} needs it")
        if row[name] and name != needed and not (name == "part" and measure in MAY_HAVE_PART):
            raise ValueError(f"{name} is not for {measure}")
    if row["dimension"] == "names" and measure not in ("cumulative", "windowed"):
        raise ValueError("names are only for cumulative and windowed")
    if measure in OF_MONTHS:
        select_models(row["dimension"], row["key"], row["part"])


def key_in_words(row: Mapping[str, str]) -> str:
    """Return a key and what stands beside it in one text, as the table `scoreboard` has them.

    key `qwen`, versus `llama` → `qwen>llama`; key `red`, part `>70B` → `red@>70B`.
    """
    qualifier = next((row[column] for column in BESIDE_KEY if row[column]), "")
    return f"{row['key']}{MARKS.get(row['measure'], '@')}{qualifier}" if qualifier else row["key"]
