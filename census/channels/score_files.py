"""Lists of scores that the census collects: one immutable file a source and day, by a manifest.

They lie beside the files of scores that were taken in once (`census/channels/capability.py`) and
have their columns; the manifest has the form of that of the Hub's observations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from census.base.csv_files import (
    NUMBER,
    Problem,
    Row,
    check_choice,
    check_unique,
    format_csv,
)
from census.channels.capability import FOLDER, SCORES_FILE
from census.channels.files import add_files
from census.store.observations import ObservationFile, read_listed_file, read_manifest

MANIFEST = f"{FOLDER}/manifest.csv"
LONGEST_NAME = 200
# Points of scales that are taken in: an index around 150, an arena around 1,500.
LARGEST_SCORE = 10_000.0
MOST_VOTES = 10**9
# What a file has that the list itself does not say.
HEAD = ("source", "as_of")


class ScoreDay(NamedTuple):
    """What is to become one file: the scores of a list, each by the columns of a file of scores.

    `is_reading` says that the list itself names no day, so that `day` is the day of reading it.
    """

    source: str
    day: date
    scores: tuple[Mapping[str, str], ...]
    date_basis: str
    source_url: str
    commit: str
    retrieved_at: str
    is_reading: bool = False

    @property
    def values(self) -> dict[str, float]:
        """The scores by name."""
        return {score["name"]: float(score["value"]) for score in self.scores}


def check_score(score: Mapping[str, str]) -> None:
    """Raise ValueError with the reason why a score of a list cannot be one."""
    name = score["name"]
    if not name[:1].isalnum() or len(name) > LONGEST_NAME or not name.isprintable():
        raise ValueError(f"{name[:LONGEST_NAME]!r} is not the name of a model")
    texts = [score["organisation"], score["access"], score["country"], score["hub_model"]]
    if any(len(text) > LONGEST_NAME or not text.isprintable() for text in texts):
        raise ValueError(f"{name}: a text is too long or not printable")
    value, low, high = (
        as_score(score[column], f"{name}: {column}") if score[column] else None
        for column in ("value", "low", "high")
    )
    if value is None:
        raise ValueError(f"{name}: there is no score")
    if (low is None) != (high is None):
        raise ValueError(f"{name}: an interval needs both ends")
    if low is not None and high is not None and not low <= value <= high:
        raise ValueError(f"{name}: the score {value} is not within {low} to {high}")
    if score["votes"] and not (score["votes"].isdecimal() and int(score["votes"]) <= MOST_VOTES):
        raise ValueError(f"{name}: votes {score['votes'][:20]!r} are not a whole number")
    if score["released_on"]:
        date.fromisoformat(score["released_on"])


def as_score(value: object, name: str) -> float:
    """Return a score as a number; raises ValueError for an impossible one such as NaN."""
    text = str(value)
    if not NUMBER.fullmatch(text) or not 0 <= float(text) <= LARGEST_SCORE:
        raise ValueError(f"{name} {text[:40]!r} is not a score from 0 to {LARGEST_SCORE:,.0f}")
    return float(text)


def read_score_files(
    data: Path, sources: Collection[str], problems: list[Problem]
) -> list[tuple[ObservationFile, list[Row]]]:
    """Return every collected file of scores with its rows; faults go to `problems`."""
    if not (data / MANIFEST).is_file():
        return []
    files = []
    for file in read_manifest(data, problems, FOLDER):
        if file.source not in sources:
            reason = f"{file.path}: source {file.source!r} is not in {FOLDER}/sources.csv"
            problems.append(Problem(str(data / MANIFEST), 0, reason))
            continue
        files.append((file, read_score_file(data, file, problems)))
    return files


def read_score_file(data: Path, file: ObservationFile, problems: list[Problem]) -> list[Row]:
    """Return the rows of one file of the manifest; faults go to `problems`."""
    path = data / FOLDER / file.path
    if read_listed_file(path, file, problems) is None:
        return []
    rows = SCORES_FILE.read(data, problems, path=f"{FOLDER}/{file.path}")
    check_choice(rows, "source", (file.source,), problems)
    check_choice(rows, "as_of", (file.day.isoformat(),), problems)
    check_unique(rows, ["name"], problems)
    if len(rows) != file.rows:
        reason = f"{len(rows)} rows; the manifest says {file.rows}"
        problems.append(Problem(str(path), 0, reason))
    return rows


def add_score_days(
    data: Path, days: Iterable[ScoreDay], problems: list[Problem]
) -> dict[str, bytes]:
    """Return the files that add `days` to the data directory, as `add_files` does.

    Raises ValueError for a score that cannot be one.
    """
    return add_files(data, FOLDER, days, format_scores, problems)


def format_scores(day: ScoreDay) -> bytes:
    """Return the file of a list of scores, in order of names; raises ValueError."""
    names: set[str] = set()
    for score in day.scores:
        check_score(score)
        if score["name"] in names:
            raise ValueError(f"{score['name']} stands twice")
        names.add(score["name"])
    head = {"source": day.source, "as_of": day.day.isoformat()}
    rows = sorted(
        tuple({**score, **head}[column] for column in SCORES_FILE.columns) for score in day.scores
    )
    return format_csv(SCORES_FILE.columns, rows)


def same_scores(rows: Sequence[Row], day: ScoreDay) -> bool:
    """Return whether a file has the same scores of the same models as a new list, on any day."""

    def texts(row: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(row[column] for column in SCORES_FILE.columns if column not in HEAD)

    return sorted(map(texts, rows)) == sorted(map(texts, day.scores))
