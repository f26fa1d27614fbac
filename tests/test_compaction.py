"""Old days put together: no observation is lost or changed, whatever happens meanwhile."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from build_db import cli
from census.base import file_changes
from census.base.csv_files import DataError, Problem
from census.base.names import BARE_NAME, MODEL_NAME
from census.database.build import build
from census.store.compaction import OLDER_THAN_DAYS, compact
from census.store.observations import (
    FOLDER,
    MANIFEST,
    DayOfObservations,
    Observation,
    add_days,
    format_day,
    read_manifest,
    read_observations,
)

TODAY = date(2026, 11, 26)
JANUARY = [date(2026, 1, 1) + timedelta(days=n) for n in range(31)]
KILLS = 100
counts = st.none() | st.integers(0, 10**12 - 1)
names = st.from_regex(MODEL_NAME, fullmatch=True) | st.from_regex(BARE_NAME, fullmatch=True)
rows = st.builds(
    Observation,
    names,
    st.none() | st.from_regex(r"[0-9a-f]{24}", fullmatch=True),
    st.integers(0, 10**12 - 1),
    counts,
    counts,
)
days = st.dictionaries(
    st.tuples(st.sampled_from(["hub", "other"]), st.dates(date(2025, 12, 25), date(2026, 10, 5))),
    st.lists(rows, min_size=1, max_size=6, unique_by=lambda row: row.model_id),
    min_size=1,
    max_size=12,
)


def write(data: Path, source: str, days: Mapping[date, Sequence[Observation]]) -> None:
    """Write days of a source."""
    given = [
        DayOfObservations(source, day, observations, "counted then", "", "", "2026-11-26")
        for day, observations in days.items()
    ]
    with file_changes.locked(data):
        file_changes.apply(data, add_days(data, given))


def read(data: Path) -> dict[str, list[Observation]]:
    """Return the observations of each file of the manifest; no fault is found."""
    problems: list[Problem] = []
    files = read_manifest(data, problems)
    found = {file.path: read_observations(data, file, problems) for file in files}
    assert problems == []
    return found


def names_of(data: Path) -> set[str]:
    """Return the files of observations."""
    folder = data / FOLDER
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in (".csv", ".parquet") and path.name != "manifest.csv"
    }


def a_month(data: Path, models: int = 5, source: str = "hub", days: int = 31) -> None:
    """Write January 2026."""
    chance = random.Random(source)
    write(data, source, {
        day: [
            Observation(f"lab/model-{n:04}", None, chance.randrange(10**6), 1000 * n + number, None)
            for n in range(models)
        ]
        for number, day in enumerate(JANUARY[:days])
    })  # fmt: skip


@settings(max_examples=15, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(given_days=days)
def test_no_observation_is_lost_or_changed(
    given_days: dict[tuple[str, date], list[Observation]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    data = tmp_path_factory.mktemp("data")
    for (source, day), observations in given_days.items():
        write(data, source, {day: observations})
    before, manifest = read(data), (data / MANIFEST).read_bytes()
    compact(data, TODAY)
    assert read(data) == before
    assert (data / MANIFEST).read_bytes() == manifest
    for path in names_of(data):
        end = path.rpartition("/")[2].removesuffix(".parquet")
        old = "2025-12" <= end[:7] <= "2026-07"
        assert path.endswith(".parquet") == old, path
    names = names_of(data)
    assert compact(data, TODAY) == []
    assert names_of(data) == names
    for path, observations in before.items():
        month = data / FOLDER / f"{path[:-7]}.parquet"
        if month.is_file():
            found = duckdb.execute(
                "select * exclude (day) from read_parquet(?) where day = ? order by model_id",
                [str(month), path[-14:-4]],
            ).fetchall()
            assert format_day(Observation(*row) for row in found) == format_day(observations)


def test_a_month_is_put_together_on_the_day_on_which_its_last_day_is_old_enough(
    tmp_path: Path,
) -> None:
    a_month(tmp_path)
    last = JANUARY[-1]
    assert compact(tmp_path, last + timedelta(days=OLDER_THAN_DAYS)) == []
    (month,) = compact(tmp_path, last + timedelta(days=OLDER_THAN_DAYS + 1))
    assert (month.path, month.days, month.rows) == ("hub/2026/2026-01.parquet", 31, 155)
    assert names_of(tmp_path) == {"hub/2026/2026-01.parquet"}


def test_a_month_takes_less_room(tmp_path: Path) -> None:
    a_month(tmp_path, models=500)
    (month,) = compact(tmp_path, TODAY)
    assert month.bytes_now < month.bytes_before / 4


def test_a_day_that_comes_late_joins_its_month(tmp_path: Path) -> None:
    a_month(tmp_path)
    write(tmp_path, "other", {JANUARY[0]: [Observation("a/b", None, 1, None, None)]})
    compact(tmp_path, TODAY)
    write(tmp_path, "other", {JANUARY[5]: [Observation("a/b", None, 2, None, None)]})
    before = read(tmp_path)
    assert "other/2026/2026-01-06.csv" in names_of(tmp_path)
    (month,) = compact(tmp_path, TODAY)
    assert (month.path, month.days) == ("other/2026/2026-01.parquet", 2)
    assert read(tmp_path) == before
    assert names_of(tmp_path) == {"hub/2026/2026-01.parquet", "other/2026/2026-01.parquet"}


def test_a_day_of_a_month_is_never_replaced(tmp_path: Path) -> None:
    a_month(tmp_path)
    compact(tmp_path, TODAY)
    day = DayOfObservations("hub", JANUARY[3], [Observation("a/b", None, 1, None, None)],
                            "counted then", "", "", "2026-11-26")  # fmt: skip
    with pytest.raises(ValueError, match="part of hub/2026/2026-01"):
        add_days(tmp_path, [day], replace=lambda _path: True)


def test_an_altered_or_missing_month_is_noticed(tmp_path: Path) -> None:
    a_month(tmp_path)
    compact(tmp_path, TODAY)
    month = tmp_path / FOLDER / "hub/2026/2026-01.parquet"
    kept = month.read_bytes()

    def said() -> list[str]:
        problems: list[Problem] = []
        for file in read_manifest(tmp_path, problems):
            read_observations(tmp_path, file, problems)
        return [str(problem) for problem in problems]

    assert said() == []
    duckdb.execute(
        f"copy (select * replace (if(day = '2026-01-07', 8, likes) as likes)"
        f" from read_parquet('{month}')) to '{month}.other' (format parquet)"
    )
    Path(f"{month}.other").replace(month)
    (altered,) = said()
    assert "2026-01-07.csv: altered: its sha256 is not the manifest's" in altered
    month.write_bytes(kept[:-100])
    assert all("2026-01.parquet: cannot be read" in one for one in said())
    month.unlink()
    assert all("it is missing" in one for one in said())
    month.write_bytes(kept)
    assert said() == []


def test_a_fault_stops_everything_and_changes_nothing(tmp_path: Path) -> None:
    a_month(tmp_path)
    a_month(tmp_path, source="other")
    altered = tmp_path / FOLDER / "other/2026/2026-01-09.csv"
    altered.write_text(altered.read_text().replace("lab/model-0003", "lab/model-0003x"))
    names = names_of(tmp_path)
    with pytest.raises(DataError, match="2026-01-09"):
        compact(tmp_path, TODAY)
    assert names_of(tmp_path) == names
    result = CliRunner().invoke(cli, ["compact", "--data", str(tmp_path), "--date", "2026-11-26"])
    assert result.exit_code == 1
    assert "nothing was changed" in result.output


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    a_month(tmp_path)
    asked = ["compact", "--data", str(tmp_path), "--date", "2026-11-26"]
    first = CliRunner().invoke(cli, asked)
    assert first.exit_code == 0
    assert "hub/2026/2026-01.parquet: 31 days, 155 rows" in first.output
    assert "no month has become old enough" in CliRunner().invoke(cli, asked).output


def test_the_build_reads_both_and_gives_the_same_database(
    few_db: Path, few_data: Path, tmp_path: Path
) -> None:
    (month,) = compact(few_data, TODAY)
    assert not list((few_data / FOLDER).rglob("????-??-??.csv"))
    assert month.path.endswith("2026-05.parquet")
    build(few_data, tmp_path / "together.db")
    assert (tmp_path / "together.db").read_bytes() == few_db.read_bytes()


def test_killed_a_hundred_times_nothing_is_lost(tmp_path: Path) -> None:
    """Each kill begins from the same days; whoever reads afterwards finds every observation."""
    chance = random.Random(20261126)
    origin = tmp_path / "origin"
    origin.mkdir()
    a_month(origin, models=3, days=10)
    before = read(origin)
    script = Path(__file__).with_name("killed_run.py")
    killed = completed = 0
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        while killed < KILLS:
            data = tmp_path / "data"
            shutil.copytree(origin, data)
            task = {"data": str(data), "now": "2026-11-26T00:00:00", "compact": True}
            # The change has about so many moments: staging, then a move or a removal a file.
            task["change"] = chance.randint(1, 45)
            print(json.dumps(task), file=process.stdin, flush=True)
            status = int(process.stdout.readline())
            assert status in (0, -9)
            killed += status == -9
            # Before anybody tidies up, and after.
            assert read(data) == before
            with file_changes.locked(data):
                assert read(data) == before
            together = names_of(data) == {"hub/2026/2026-01.parquet"}
            assert together or names_of(data) == names_of(origin)
            completed += together
            assert status != 0 or together
            shutil.rmtree(data)
        process.stdin.close()
    assert completed > 10
    assert killed - completed > 10
