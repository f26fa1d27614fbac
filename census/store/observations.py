"""The observations: one immutable CSV file a source and day, and a manifest that vouches for it.

Old days are together in one Parquet file a source and month; see `months`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from operator import ge
from pathlib import Path
from typing import NamedTuple

from census.base.csv_files import (
    LARGEST_COUNT,
    Problem,
    Row,
    format_csv,
    parse_count,
    parse_day,
)
from census.base.declared_files import Count, DataFile, DataRow, Sha256, column, optional
from census.base.names import BARE_NAME, HUB_ID, MODEL_NAME
from census.store.months import month_of, read_day

FOLDER = "observations"
MANIFEST = f"{FOLDER}/manifest.csv"
COLUMNS = ("model_id", "hub_id", "downloads_30d", "downloads_all_time", "likes")
# A line of the usual form: nothing quoted, one count or more, none too large.
PLAIN_ROW = re.compile(
    r'^([^,"\r\n]+),([0-9a-f]{24})?,(?!,,\n)([0-9]{0,12}),([0-9]{0,12}),([0-9]{0,12})\n',
    re.MULTILINE,
)
MISSING = "the manifest lists this file, but it is missing"
ALTERED = "altered: its sha256 is not the manifest's; restore it from git"
# A date basis that only bounds the day of the counts begins with one of these.
BOUNDS_OF_DAYS = ("at the earliest", "at the latest")


class Observation(NamedTuple):
    """What one source said of one model on one day; None is unknown."""

    model_id: str
    hub_id: str | None
    downloads_30d: int | None
    downloads_all_time: int | None
    likes: int | None


@dataclass(frozen=True, order=True)
class ObservationFile:
    """One line of the manifest; `path` is relative to the observations folder."""

    path: str
    rows: int
    sha256: str
    date_basis: str
    source_url: str
    commit: str
    retrieved_at: str

    @property
    def source(self) -> str:
        """The source's name, the first part of the path."""
        return self.path.split("/", 1)[0]

    @property
    def day(self) -> date:
        """The day that the observations are of."""
        return date.fromisoformat(Path(self.path).stem)


class ManifestRow(DataRow):
    """What vouches for a file of one source and day."""

    path: str = column("SOURCE/YYYY/YYYY-MM-DD.csv within the folder")
    rows: Count = column("How many rows it has, at least 1")
    sha256: Sha256 = column("SHA-256 of its content")
    date_basis: str = column("How it is known that the counts are of that day")
    source_url: str = optional("Where it was read")
    commit: str = optional("The commit of a repository that it was read of")
    retrieved_at: str = optional("When it was retrieved, at least the day")


def is_of_one_day(row: Row) -> Iterator[str]:
    """The path is that of a source and a possible day; it was retrieved on a possible day."""
    try:
        day = parse_day(Path(row["path"]).stem)
        if row["path"] != path_of(row["path"].split("/", 1)[0], day):
            raise ValueError(f"path {row['path']!r} is not SOURCE/YYYY/YYYY-MM-DD.csv")
        if row["retrieved_at"]:
            parse_day(row["retrieved_at"][:10])
    except ValueError as error:
        yield str(error)
    if row["rows"] == "0":
        yield "rows is empty or 0"


def is_in_order(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """Rows are sorted by path."""
    for previous, row in pairwise(rows):
        if row["path"] < previous["path"]:
            yield row, "rows are not sorted by path"
            return


MANIFEST_FILE = DataFile(
    MANIFEST,
    "Every file of observations; a missing or altered one stops the build.",
    ManifestRow,
    unique=(("path",),),
    rules=(is_of_one_day,),
    orders=(is_in_order,),
    written_by="collect, backfill and import",
)


def is_about(date_basis: str) -> bool:
    """Return whether a date basis only bounds the day, so that pages say "about 20 May 2026".

    "at the latest this day: the day of the commit" does; "stated by the file itself" does not.
    """
    return date_basis.startswith(BOUNDS_OF_DAYS)


class DayOfObservations(NamedTuple):
    """The content of one observation file before it is written."""

    source: str
    day: date
    observations: Sequence[Observation]
    date_basis: str
    source_url: str
    commit: str
    retrieved_at: str


def path_of(source: str, day: date) -> str:
    """Return the path of a source's day, relative to the observations folder."""
    return f"{source}/{day:%Y}/{day.isoformat()}.csv"


def read_manifest(
    data: Path, problems: list[Problem], folder: str = FOLDER
) -> list[ObservationFile]:
    """Return the files that the manifest of a folder lists; its faults go to `problems`."""
    faults: list[Problem] = []
    rows = MANIFEST_FILE.read(data, faults, path=f"{folder}/{Path(MANIFEST).name}")
    problems.extend(faults)
    faulty = {fault.line for fault in faults}
    return [
        ObservationFile(**{**row, "rows": int(row["rows"])})  # type: ignore[arg-type]
        for row in rows
        if row.line not in faulty
    ]


def read_listed_file(path: Path, file: ObservationFile, problems: list[Problem]) -> bytes | None:
    """Return the content of a listed file, None if it is missing; faults go to `problems`."""
    if not path.is_file():
        problems.append(Problem(str(path), 0, MISSING))
        return None
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != file.sha256:
        problems.append(Problem(str(path), 0, ALTERED))
    return content


def read_observations(
    data: Path, file: ObservationFile, problems: list[Problem]
) -> list[Observation]:
    """Return the observations of one file after checking it against the manifest.

    A missing or altered file, a wrong number of rows, an unsorted or repeated model and a count
    that cannot be one are faults.
    """
    path = data / FOLDER / file.path
    if path.is_file():
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        text = content.decode("utf-8", errors="replace")
        observations = _plain(text)
        if observations is None:
            observations = list(_parse(text, path, problems))
    else:
        try:
            day = read_day(data / FOLDER, file.path)
        except ValueError as error:
            problems.append(Problem(str(data / FOLDER / month_of(file.path)), 0, str(error)))
            return []
        if day is None:
            problems.append(Problem(str(path), 0, MISSING))
            return []
        sha256 = day.sha256
        observations = [Observation(*row) for row in day.rows]
    if sha256 != file.sha256:
        problems.append(Problem(str(path), 0, ALTERED))
    if len(observations) != file.rows:
        reason = f"{len(observations)} valid rows; the manifest says {file.rows}"
        problems.append(Problem(str(path), 0, reason))
    return observations


def _plain(text: str) -> list[Observation] | None:
    """Return the observations of a file without a fault; None where there may be one.

    It takes less than half the time of `_parse`, which says what the fault is.
    """
    head, _, body = text.partition("\n")
    rows = PLAIN_ROW.findall(body)
    names = [row[0] for row in rows]
    if head != ",".join(COLUMNS) or len(rows) != body.count("\n") or not body.endswith("\n"):
        return None
    if any(map(ge, names, names[1:])) or not all(map(is_name, names)):
        return None
    return [
        Observation(
            name,
            hub_id or None,
            int(in_30d) if in_30d else None,
            int(all_time) if all_time else None,
            int(likes) if likes else None,
        )
        for name, hub_id, in_30d, all_time, likes in rows
    ]


@cache
def is_name(name: str) -> bool:
    """Return whether a text can be the name of a model, with a namespace or without."""
    return bool(MODEL_NAME.fullmatch(name) or BARE_NAME.fullmatch(name))


def _parse(text: str, path: Path, problems: list[Problem]) -> Iterator[Observation]:
    reader = csv.reader(io.StringIO(text), strict=True)
    if tuple(next(reader, ())) != COLUMNS:
        problems.append(Problem(str(path), 1, f"columns must be {','.join(COLUMNS)}"))
        return
    previous_name = ""
    for values in reader:
        try:
            observation = parse_observation(values)
            check_observation(observation)
            if observation.model_id <= previous_name:
                raise ValueError(f"{observation.model_id} is repeated or not in order")
        except ValueError as error:
            problems.append(Problem(str(path), reader.line_num, str(error)))
            continue
        previous_name = observation.model_id
        yield observation


def parse_observation(values: Sequence[str]) -> Observation:
    """Return the observation in five CSV values; raises ValueError with the reason."""
    if len(values) != len(COLUMNS):
        raise ValueError(f"{len(values)} values; expected {len(COLUMNS)}")
    model_id, hub_id, *counts = values
    numbers: list[int | None] = []
    for name, text in zip(COLUMNS[2:], counts, strict=True):
        try:
            numbers.append(parse_count(text))
        except ValueError as error:
            raise ValueError(f"{model_id}: {name}: {error}") from None
    return Observation(model_id, hub_id or None, *numbers)


def check_observation(observation: Observation) -> None:
    """Raise ValueError with the reason why an observation cannot be one.

    Every observation passes it: from an imported file, the Hub, an archive or the data directory.
    """
    name, hub_id, *counts = observation
    if not is_name(name):
        raise ValueError(f"model_id {name!r} is not a model name")
    if hub_id and not HUB_ID.fullmatch(hub_id):
        raise ValueError(f"{name}: hub_id {hub_id!r} is not an id of the Hub")
    if all(count is None for count in counts):
        raise ValueError(f"{name}: no count")
    for place, count in zip(COLUMNS[2:], counts, strict=True):
        if count is not None and not 0 <= count <= LARGEST_COUNT:
            raise ValueError(f"{name}: {place} {count} is not a count")


def format_day(observations: Iterable[Observation]) -> bytes:
    """Return the content of an observation file: sorted by model, unknown empty."""
    return format_csv(COLUMNS, sorted(observations))


def add_days(
    data: Path,
    days: Iterable[DayOfObservations],
    *,
    replace: Callable[[str], bool] = lambda _path: False,
) -> dict[str, bytes]:
    """Return the files that add `days` to the data directory, the manifest last.

    Nothing is written here: pass the result to `file_changes.apply`. A day that exists with the
    same content needs nothing; one with other content raises ValueError unless `replace(path)`, and
    so does an observation that a build would refuse.
    """
    problems: list[Problem] = []
    manifest = {}
    if (data / MANIFEST).is_file():
        manifest = {file.path: file for file in read_manifest(data, problems)}
    if problems:
        raise ValueError(str(problems[0]))
    changed: dict[str, bytes] = {}
    for day in days:
        path = path_of(day.source, day.day)
        for observation in day.observations:
            check_observation(observation)
        content = format_day(day.observations)
        sha256 = hashlib.sha256(content).hexdigest()
        listed_file = manifest.get(path)
        if listed_file and listed_file.sha256 == sha256:
            continue
        if listed_file and is_in_month_file(data, path):
            raise ValueError(f"{path} is part of {month_of(path)}; such a day never changes")
        if listed_file and not replace(path):
            raise ValueError(f"{path} exists already with other counts; observations never change")
        changed[f"{FOLDER}/{path}"] = content
        manifest[path] = ObservationFile(
            path=path,
            rows=len(day.observations),
            sha256=sha256,
            date_basis=day.date_basis,
            source_url=day.source_url,
            commit=day.commit,
            retrieved_at=day.retrieved_at,
        )
    if changed:
        changed[MANIFEST] = format_manifest(manifest.values())
    return changed


def is_in_month_file(data: Path, path: str) -> bool:
    """Return whether a day of the manifest is in the file of its month, not in its own file."""
    folder = data / FOLDER
    return not (folder / path).is_file() and (folder / month_of(path)).is_file()


def format_manifest(files: Iterable[ObservationFile]) -> bytes:
    """Return the content of the manifest, in order of paths."""
    return format_csv(MANIFEST_FILE.columns, (astuple(file) for file in sorted(files)))
