"""How large models are: corrections, names, safetensors totals, buckets; and release dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, NamedTuple

from census.base.csv_files import Problem, Row, parse_count, parse_day
from census.base.declared_files import (
    Count,
    DataFile,
    DataRow,
    Day,
    column,
    matching,
    optional,
)
from census.base.names import NameDict
from census.inputs.registry import Registry

PARAMETERS = "parameters.csv"
RELEASE_DATES = "release_dates.csv"
# A size in a name: 0.5B, 1_8b, 270m; never part of a longer word (A3B, E2B, 8bit, 8x7B, b1.58).
SIZE = re.compile(r"(?<![A-Za-z0-9.])(\d+(?:[._]\d+)?)([BM])(?![A-Za-z0-9])", re.IGNORECASE)
# BLOOM's way to write 7.1B.
DECIMAL_B = re.compile(r"(?<![A-Za-z0-9.])(\d)b(\d)(?![A-Za-z0-9])", re.IGNORECASE)
# Numbers that look like one size and are none: 17B-128E names the active parameters of experts,
# 9b-2b an encoder and a decoder, and CLIP models are named for their training data (laion2B-39B).
NO_SIZE = re.compile(r"\d+b-\d+e\b|\d[bm]-\d+(?:\.\d+)?[bm]\b|clip|laion", re.IGNORECASE)
UNITS = {"b": 10**9, "m": 10**6}
# 1m is a context length more often than a size.
SMALLEST_M = 5
LARGEST = 10**13
# parse_count refuses more than 10^12, which the largest models exceed.
PARAMETER = re.compile(r"[0-9]{1,13}")
WHOLE = matching(PARAMETER, "is not a number of parameters")
# How far a safetensors total may be from the size in the name before it is not believed.
TOLERANCE = Decimal("1.6")


class SizeRow(DataRow):
    """The parameters of a model that the Hub and the name do not tell, or tell wrongly."""

    model_id: str = column("The model")
    parameters: Annotated[str, WHOLE] = column("Parameters in total")
    active_parameters: Annotated[str, WHOLE] = optional("Those that are active for a token")
    note: str = optional("What the document says, in our own words")
    source_url: str = column("Where it was read")


def active_of_all(row: Row) -> Iterator[str]:
    """There is at least one parameter, and no more are active than there are."""
    if re.fullmatch(PARAMETER, row["parameters"]) and not int(row["parameters"]):
        yield "parameters is empty or zero"
    elif re.fullmatch(PARAMETER, row["active_parameters"]) and re.fullmatch(
        PARAMETER, row["parameters"]
    ):
        active, total = int(row["active_parameters"]), int(row["parameters"])
        if not 0 < active <= total:
            yield f"active_parameters {active} is not between 1 and {total}"


PARAMETERS_FILE = DataFile(
    PARAMETERS,
    "Numbers of parameters by documents, where the Hub and the name do not tell them.",
    SizeRow,
    rules=(active_of_all,),
)


class BucketRow(DataRow):
    """A range of sizes; each begins where the one above ends, and the last has no end."""

    size_bucket: str = column("Short name of the range")
    at_least: Count = column("The fewest parameters in it")
    below: Count = optional("The first number that is too large for it; empty in the last")
    note: str = optional("Remarks")
    source_url: str = column("Who uses these ranges")


BUCKETS_FILE = DataFile(
    "size_buckets.csv",
    "The ranges of sizes that models are compared within.",
    BucketRow,
    unique=(("size_bucket",),),
)


class ReleaseRow(DataRow):
    """The day on which a model was announced."""

    model_id: str = column("The model")
    released_on: Day = column("The day of the announcement")
    note: str = column("What the document says, in our own words")
    source_url: str = column("Where it was read")


RELEASES_FILE = DataFile(
    RELEASE_DATES,
    "Days of releases by dated announcements, where the repository is of another day.",
    ReleaseRow,
)


class Release(NamedTuple):
    """The day on which a model was announced, and where that is read."""

    day: date
    source_url: str


class CuratedSize(NamedTuple):
    """Parameters in total and active ones (None: not stated), and where they are read."""

    parameters: int
    active: int | None
    source_url: str


@dataclass(frozen=True)
class SizeBucket:
    """A range of parameters, from `at_least` up to but without `below` (None: no upper end)."""

    key: str
    at_least: int
    below: int | None


@dataclass(frozen=True)
class Sizes:
    """The size buckets, smallest first, and the curated parameters by model."""

    buckets: Sequence[SizeBucket]
    corrections: NameDict[CuratedSize]


def load_sizes(data: Path, registry: Registry, problems: list[Problem]) -> Sizes:
    """Read and check size_buckets.csv and parameters.csv."""
    return Sizes(_load_buckets(data, problems), _load_parameters(data, registry, problems))


def load_release_dates(
    data: Path, registry: Registry, problems: list[Problem]
) -> NameDict[Release]:
    """Read and check release_dates.csv: the launches that a dated announcement tells of."""
    rows = RELEASES_FILE.read(data, problems)
    dates: NameDict[Release] = NameDict()
    for name, row in _by_present_name(rows, registry, problems).items():
        with suppress(ValueError):
            dates[name] = Release(parse_day(row["released_on"]), row["source_url"])
    return dates


def parameters_from_name(name: str) -> int | None:
    """Return the total parameters that a model's name states, or None.

    `Qwen2.5-0.5B` 500,000,000; `internlm2-1_8b` 1.8 billion; `30B-A3B` the total of 30 billion;
    `270m` 270 million; of several sizes the first in billions, so that `7B-8bit` is 7 billion. None
    where a number is not a total: `8x7B` (experts that share layers), `17B-128E`, `A3B` (active),
    `E2B` (effective), `2b-2b` (encoder and decoder), years, versions and tokens (`1T`).
    """
    model = name.rsplit("/", 1)[-1]
    if NO_SIZE.search(model):
        return None
    if match := DECIMAL_B.search(model):
        return _whole(f"{match[1]}.{match[2]}", "b")
    sizes = SIZE.findall(model)
    for unit in ("b", "m"):
        for number, letter in sizes:
            if letter.lower() == unit and (size := _whole(number.replace("_", "."), unit)):
                return size
    return None


def resolve_parameters(
    name: str, safetensors_total: int | None, sizes: Sizes
) -> tuple[int | None, str | None]:
    """Return a model's total parameters and where they are from.

    In this order: `curated` (parameters.csv), `safetensors` (the total of the Hub), `name`. Packed
    weights (FP8, GPTQ, AWQ, NVFP4) make a safetensors total too small, and a file of a part of the
    model makes it wrong, so where the name states a size and the two differ by more than a factor
    of 1.6 the name is believed. (None, None) where nothing is known.
    """
    if name in sizes.corrections:
        return sizes.corrections[name].parameters, "curated"
    size_in_name = parameters_from_name(name)
    if safetensors_total is None or safetensors_total <= 0:
        return (size_in_name, "name") if size_in_name else (None, None)
    if size_in_name:
        larger, smaller = max(size_in_name, safetensors_total), min(size_in_name, safetensors_total)
        if larger > smaller * TOLERANCE:
            return size_in_name, "name"
    return safetensors_total, "safetensors"


def bucket_of(parameters: int | None, sizes: Sizes) -> str | None:
    """Return the key of the size bucket, or None for an unknown size."""
    if parameters is None:
        return None
    for bucket in sizes.buckets:
        if parameters >= bucket.at_least and (bucket.below is None or parameters < bucket.below):
            return bucket.key
    return None


def _whole(number: str, unit: str) -> int | None:
    value = Decimal(number)
    if unit == "m" and value < SMALLEST_M:
        return None
    size = int(value * UNITS[unit])
    return size if 0 < size <= LARGEST else None


def _load_buckets(data: Path, problems: list[Problem]) -> list[SizeBucket]:
    rows = BUCKETS_FILE.read(data, problems)
    buckets = []
    end: int | None = 1
    for row in rows:
        try:
            at_least, below = parse_count(row["at_least"]), parse_count(row["below"])
        except ValueError:
            continue
        if at_least is None or at_least != end:
            problems.append(row.problem(f"starts at {at_least}, the one before ends at {end}"))
        if at_least is not None and below is not None and below <= at_least:
            problems.append(row.problem(f"ends at {below}, before it starts at {at_least}"))
        buckets.append(SizeBucket(row["size_bucket"], at_least or 0, below))
        end = below
    if rows and end is not None:
        problems.append(
            Problem(str(data / BUCKETS_FILE.path), 0, "the last bucket has an upper end")
        )
    return buckets


def _by_present_name(
    rows: Iterable[Row], registry: Registry, problems: list[Problem]
) -> NameDict[Row]:
    """Return the rows by the name that their model has today, each model once."""
    rows_by_name: NameDict[Row] = NameDict()
    for row in rows:
        name = registry.present_name(row["model_id"])
        if row["model_id"] and registry.lab_of(name) is None:
            problems.append(row.problem(f"{row['model_id']}: its namespace is not registered"))
        elif name in rows_by_name:
            problems.append(row.problem(f"duplicate of line {rows_by_name[name].line}: {name}"))
        else:
            rows_by_name[name] = row
    return rows_by_name


def _load_parameters(
    data: Path, registry: Registry, problems: list[Problem]
) -> NameDict[CuratedSize]:
    rows = PARAMETERS_FILE.read(data, problems)
    corrections: NameDict[CuratedSize] = NameDict()
    for name, row in _by_present_name(rows, registry, problems).items():
        with suppress(ValueError):
            total = int(row["parameters"])
            active = int(row["active_parameters"]) if row["active_parameters"] else None
            corrections[name] = CuratedSize(total, active, row["source_url"])
    return corrections
