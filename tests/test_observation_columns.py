"""Observations read as columns: the same rows and faults as one file at a time."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from census.base.csv_files import Problem
from census.store.months import month_of, write_month
from census.store.observation_columns import ObservationColumns, read_observation_columns
from census.store.observations import (
    FOLDER,
    ObservationFile,
    read_manifest,
    read_observations,
)

DATA = Path(__file__).resolve().parent.parent / "data"
HEAD = "model_id,hub_id,downloads_30d,downloads_all_time,likes"
SOUND = ("a/a,,1,2,3", "a/b,,,7,", "b/a,0123456789abcdef01234567,0,,", "gpt2,,5,900000000000,1")
ODD = (
    "a/a,,1,2",
    "a/a,,1,2,3,4",
    "",
    ",,1,2,3",
    "a/a,,,,",
    "a/a,,-1,2,3",
    "a/a,, 1,2,3",
    "a/a,,1.0,2,3",
    "a/a,,+1,2,3",
    "a/a,,1e3,2,3",
    "a/a,,1_000,2,3",
    "a/a,,9999999999999,2,3",
    "a/a,0123,1,2,3",
    '"a/a",,1,2,3',
    "a a,,1,2,3",
    "ä/a,,1,2,3",
    "a/a,,1,2,3\r",
    "a/a,,1,2,3\0",
)


def write(data: Path, contents: Sequence[bytes]) -> list[ObservationFile]:
    """Write days of a source, and return what a manifest says of them."""
    files = []
    for place, content in enumerate(contents, start=1):
        path = f"made/2026/2026-01-{place:02}.csv"
        target = data / FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        rows, sha256 = content.count(b"\n") - 1, hashlib.sha256(content).hexdigest()
        files.append(ObservationFile(path, rows, sha256, "made", "", "", ""))
    return files


def one_at_a_time(
    data: Path, files: Sequence[ObservationFile], problems: list[Problem]
) -> ObservationColumns:
    """Return the observations of files as columns, each file read by itself."""
    return ObservationColumns.of_rows(
        [(file, read_observations(data, file, problems)) for file in files]
    )


def rows_of(columns: ObservationColumns) -> list[tuple[object, ...]]:
    """Return rows by their names, so that the numbers of names do not matter."""
    names = [columns.names[place] for place in columns.name.tolist()]
    rest = (columns.file, columns.in_30d, columns.all_time, columns.likes)
    return list(zip(names, *(column.tolist() for column in rest), strict=True))


def file_of(lines: Sequence[str]) -> bytes:
    """Return the content of a file with these lines below the heading."""
    return "".join(f"{line}\n" for line in (HEAD, *lines)).encode()


SOUND_FILES = st.lists(st.sampled_from(SOUND), unique=True, min_size=1).map(sorted)
ANY_FILES = st.lists(st.sampled_from((*SOUND, *ODD)), min_size=1, max_size=4)


@given(files=st.lists(st.one_of(SOUND_FILES, ANY_FILES).map(file_of), min_size=1, max_size=4))
def test_rows_and_faults_are_those_of_one_file_at_a_time(files: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        listed = write(Path(folder), files)
        ours: list[Problem] = []
        theirs: list[Problem] = []
        together = read_observation_columns(Path(folder), listed, ours)
        apart = one_at_a_time(Path(folder), listed, theirs)
    assert rows_of(together) == rows_of(apart)
    assert ours == theirs


def test_a_missing_an_altered_and_a_cut_file_are_told_of(tmp_path: Path) -> None:
    sound = file_of(SOUND[:2])
    files = write(tmp_path, [sound, sound, sound, sound])
    paths = [tmp_path / FOLDER / file.path for file in files]
    paths[1].unlink()
    paths[2].write_bytes(sound.replace(b",7,", b",8,"))
    paths[3].write_bytes(sound[:-1])
    problems: list[Problem] = []
    columns = read_observation_columns(tmp_path, files, problems)
    assert [(problem.file, problem.reason.split(":")[0]) for problem in problems] == [
        (str(paths[1]), "the manifest lists this file, but it is missing"),
        (str(paths[2]), "altered"),
        (str(paths[3]), "altered"),
    ]
    assert rows_of(columns)[:2] == [("a/a", 0, 1, 2, 3), ("a/b", 0, -1, 7, -1)]


@given(
    days=st.lists(SOUND_FILES.map(file_of), min_size=1, max_size=4),
    apart=st.integers(0, 4),
    altered=st.booleans(),
)
def test_days_put_together_in_a_month_are_read_alike(
    days: list[bytes], apart: int, altered: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        files = write(data, days)
        paths = [data / FOLDER / file.path for file in files]
        write_month(paths, None, data / FOLDER / month_of(files[0].path))
        for place, path in enumerate(paths):
            # A day may have a file of its own beside its month.
            if place != apart:
                path.unlink()
        if altered:
            files[-1] = replace(files[-1], sha256="0" * 64)
        ours: list[Problem] = []
        theirs: list[Problem] = []
        columns = read_observation_columns(data, files, ours)
        one_by_one = one_at_a_time(data, files, theirs)
    assert rows_of(columns) == rows_of(one_by_one)
    assert ours == theirs
    assert bool(ours) == altered


def test_the_bundled_days_are_read_alike() -> None:
    problems: list[Problem] = []
    files = read_manifest(DATA, problems)[-60:]
    together = read_observation_columns(DATA, files, problems)
    assert rows_of(together) == rows_of(one_at_a_time(DATA, files, problems))
    assert len(together.file) == sum(file.rows for file in files)
    assert problems == []


def test_files_can_be_left_out(tmp_path: Path) -> None:
    files = write(tmp_path, [file_of(SOUND[:1]), file_of(SOUND[1:2]), file_of(SOUND[2:3])])
    problems: list[Problem] = []
    columns = read_observation_columns(tmp_path, files, problems)
    kept = columns.of_files(lambda file: file.path != files[1].path)
    assert kept.files == (files[0], files[2])
    assert rows_of(kept) == [("a/a", 0, 1, 2, 3), ("b/a", 1, 0, -1, -1)]
