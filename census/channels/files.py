"""The counts of other channels: one immutable CSV file a source and day, vouched for by a manifest.

The manifest has the form of that of the Hub's observations (`census/store/observations.py`).
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from census.base.csv_files import Problem, format_csv
from census.store.observations import (
    MANIFEST_FILE,
    ObservationFile,
    format_manifest,
    path_of,
    read_listed_file,
    read_manifest,
)

FOLDER = "channels"
MANIFEST = f"{FOLDER}/manifest.csv"
CHANNEL_MANIFEST_FILE = replace(
    MANIFEST_FILE,
    path=MANIFEST,
    about="Every file of counts of other channels; a missing or altered one stops the build.",
)
COLUMNS = ("name", "metric", "value")
# Names of models as channels write them: `qwen3`, `Qwen/Qwen3-8B`, `openai/gpt-oss-120b:free`.
NAME = re.compile(r"~?[A-Za-z0-9][\w.\-]*(?:/[A-Za-z0-9][\w.\-]*)?(?::[\w.\-]+)?", re.ASCII)
LONGEST_NAME = 200
WHOLE_NUMBER = re.compile(r"[0-9]{1,17}", re.ASCII)
# A router's tokens of a day exceed any count of downloads.
LARGEST_VALUE = 10**16


class ChannelCount(NamedTuple):
    """What one source said of one name on one day."""

    name: str
    metric: str
    value: int


class ChannelDay(NamedTuple):
    """What is to become one file."""

    source: str
    day: date
    counts: tuple[ChannelCount, ...]
    date_basis: str
    source_url: str
    commit: str
    retrieved_at: str


class DayOfSource(Protocol):
    """What a source published of a day, and how it was come by."""

    @property
    def source(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def date_basis(self) -> str: ...
    @property
    def source_url(self) -> str: ...
    @property
    def commit(self) -> str: ...
    @property
    def retrieved_at(self) -> str: ...


Published = TypeVar("Published", bound=DayOfSource)


def read_channel_files(
    data: Path, metrics: Mapping[str, str], problems: list[Problem]
) -> list[tuple[ObservationFile, list[ChannelCount]]]:
    """Return every file of the manifest with its counts; faults go to `problems`.

    `metrics` is the metric that each source counts. A missing or altered file, another metric, a
    repeated or unsorted name and a value that is not a count are faults.
    """
    if not (data / MANIFEST).is_file():
        return []
    files = []
    for file in read_manifest(data, problems, FOLDER):
        if file.source not in metrics:
            reason = f"{file.path}: source {file.source!r} is not one of another channel"
            problems.append(Problem(str(data / MANIFEST), 0, reason))
            continue
        files.append((file, read_channel_file(data, file, metrics[file.source], problems)))
    return files


def read_channel_file(
    data: Path, file: ObservationFile, metric: str, problems: list[Problem]
) -> list[ChannelCount]:
    """Return the counts of one file of the manifest; faults go to `problems`."""
    path = data / FOLDER / file.path
    content = read_listed_file(path, file, problems)
    if content is None:
        return []
    text = content.decode("utf-8", errors="replace")
    counts = list(_parse(text, str(path), metric, problems))
    if len(counts) != file.rows:
        reason = f"{len(counts)} valid rows; the manifest says {file.rows}"
        problems.append(Problem(str(path), 0, reason))
    return counts


def _parse(text: str, path: str, metric: str, problems: list[Problem]) -> Iterator[ChannelCount]:
    reader = csv.reader(io.StringIO(text), strict=True)
    if tuple(next(reader, ())) != COLUMNS:
        problems.append(Problem(path, 1, f"columns must be {','.join(COLUMNS)}"))
        return
    last = ""
    for values in reader:
        try:
            count = parse_channel_count(values)
            check_channel_count(count, metric)
            if count.name <= last:
                raise ValueError(f"{count.name} is repeated or not in order")
        except ValueError as error:
            problems.append(Problem(path, reader.line_num, str(error)))
            continue
        last = count.name
        yield count


def parse_channel_count(values: list[str]) -> ChannelCount:
    """Return the count in three CSV values; raises ValueError with the reason."""
    if len(values) != len(COLUMNS):
        raise ValueError(f"{len(values)} values; expected {len(COLUMNS)}")
    name, metric, text = values
    if not WHOLE_NUMBER.fullmatch(text):
        raise ValueError(f"{name}: value {text[:LONGEST_NAME]!r} is not a whole number below 10^17")
    return ChannelCount(name, metric, int(text))


@cache
def is_name(text: str) -> bool:
    """Return whether a text can be the name of a model; the same names come every day."""
    return len(text) <= LONGEST_NAME and NAME.fullmatch(text) is not None


def check_channel_count(count: ChannelCount, metric: str) -> None:
    """Raise ValueError with the reason why a count cannot be one of a channel's metric."""
    if not is_name(count.name):
        raise ValueError(f"name {count.name[:LONGEST_NAME]!r} is not the name of a model")
    if count.metric != metric:
        raise ValueError(f"{count.name}: metric {count.metric!r}; this channel counts {metric}")
    if not 0 <= count.value <= LARGEST_VALUE:
        raise ValueError(f"{count.name}: value {count.value} is not a count")


def add_channel_days(
    data: Path, days: Iterable[ChannelDay], metric: str, problems: list[Problem]
) -> dict[str, bytes]:
    """Return the files that add `days` to the data directory, as `add_files` does.

    Raises ValueError for a count that cannot be one.
    """

    def content_of(day: ChannelDay) -> bytes:
        for count in day.counts:
            check_channel_count(count, metric)
        return format_csv(COLUMNS, sorted(day.counts))

    return add_files(data, FOLDER, days, content_of, problems)


def add_files(
    data: Path,
    folder: str,
    days: Iterable[Published],
    content_of: Callable[[Published], bytes],
    problems: list[Problem],
) -> dict[str, bytes]:
    """Return the files that add `days` to a folder of the data directory, the manifest last.

    Pass the result to `file_changes.apply`. An existing day stays as it is, whatever the source
    says of it today: files never change. Raises what `content_of` raises.
    """
    manifest = {file.path: file for file in read_manifest(data, problems, folder)}
    changed: dict[str, bytes] = {}
    for day in days:
        path = path_of(day.source, day.day)
        if path in manifest:
            continue
        content = content_of(day)
        manifest[path] = ObservationFile(
            path,
            # A row a line, below the heading: no value has a line break in it.
            content.count(b"\n") - 1,
            hashlib.sha256(content).hexdigest(),
            day.date_basis,
            day.source_url,
            day.commit,
            day.retrieved_at,
        )
        changed[f"{folder}/{path}"] = content
    if changed:
        changed[f"{folder}/{Path(MANIFEST).name}"] = format_manifest(manifest.values())
    return changed
