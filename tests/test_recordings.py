"""Recorded vintages: what is published on a day is kept in files that stay as they are."""

from __future__ import annotations

import csv
import hashlib
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_census import ask, make_census
from site_client import Client

from build_db import cli
from census.base.csv_files import Problem
from census.base.file_changes import apply, locked
from census.store.published import LARGEST_LABS, published_points
from census.store.recordings import (
    FOLDER,
    MANIFEST,
    add_recording,
    read_manifest,
    read_recording,
)
from census.store.rules_digest import CODE, PACKAGE, RULE_FILES, rules_digest, rules_of

ROOT = Path(__file__).resolve().parent.parent
DAY = date(2026, 5, 21)
MEASURES = ("cumulative", "monthly")
Rows = list[dict[str, str]]


def add(data: Path, day: date = DAY, method: str = "As it was made") -> str:
    """Record the made census; return the name of the recording."""
    with locked(data):
        recording, files = add_recording(
            data,
            day,
            published_points(make_census()),
            method=method,
            through="2026-05-20",
            rules_digest="0" * 64,
        )
        apply(data, files)
    return recording.day


def faults(data: Path) -> list[str]:
    """Return what is wrong with the recordings of a data directory, with the file's name."""
    problems: list[Problem] = []
    for recording in read_manifest(data, problems):
        read_recording(data, recording, problems)
    return [f"{Path(problem.file).name}: {problem.reason}" for problem in problems]


def rows_of(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A data directory with one recording of the made census."""
    add(tmp_path)
    assert faults(tmp_path) == []
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_a_recording_has_every_key_month_and_measure(recorded: Path) -> None:
    path = recorded / FOLDER / f"{DAY}.csv"
    assert path.read_text(encoding="utf-8").splitlines()[0] == (
        "dimension,key,label,month,through,measure,downloads,low,high,likely_low,likely_high,"
        "share_pct,low_pct,high_pct,likely_low_pct,likely_high_pct"
    )
    rows = rows_of(path)
    china = [row for row in rows if row["key"] == "CN" and row["month"] >= "2026-03"]
    names = ("month", "through", "measure", "downloads", "low", "high", "share_pct")
    assert [tuple(row[name] for name in names) for row in china] == [
        # China has 600 and 130 to 170 of all 1400 in March, where all others have 590 to 710.
        ("2026-03", "2026-03-31", "cumulative", "750", "730", "770", "53.5714"),
        ("2026-03", "2026-03-31", "monthly", "400", "370", "430", "62.5"),
        ("2026-04", "2026-04-30", "cumulative", "1300", "1300", "1300", "59.633"),
        ("2026-04", "2026-04-30", "monthly", "550", "530", "570", "70.5128"),
        ("2026-05", "2026-05-20", "cumulative", "1600", "1600", "1600", "59.2593"),
        ("2026-05", "2026-05-20", "monthly", "300", "300", "300", "57.6923"),
    ]
    band = [float(china[0][name]) for name in ("low_pct", "high_pct")]
    assert band == pytest.approx([100 * 730 / (730 + 710), 100 * 770 / (770 + 590)], abs=0.0001)
    unverified = [row for row in rows if row["dimension"] == "country" and row["key"] == ""]
    assert {row["label"] for row in unverified} == {"Country not established"}
    # What was not published is empty, such as a likely interval without windows.
    assert any(row["likely_low"] == "" for row in rows)
    assert all((row["likely_low"] == "") == (row["likely_low_pct"] == "") for row in rows)


def test_likely_bounds_are_recorded_as_they_are_published() -> None:
    db = make_census()
    points = {
        (point.month, point.measure): point
        for point in published_points(db)
        if (point.dimension, point.key) == ("country", "CN")
    }
    for measure in ("cumulative", "monthly"):
        for row in ask(db, "share_by_country", measure=measure):
            if row["country"] == "CN":
                point = points[row["month"], measure]
                assert point.likely_low_pct == row["likely_low_pct"]
                assert point.likely_high_pct == row["likely_high_pct"]
                assert point.through == row["through"]
    march = points["2026-03", "cumulative"]
    assert march.likely_low is not None
    assert march.low is not None
    assert march.low < march.likely_low < 750


def test_a_second_recording_of_a_day_overwrites_nothing(recorded: Path) -> None:
    first = (recorded / FOLDER / f"{DAY}.csv").read_bytes()
    line = (recorded / MANIFEST).read_text(encoding="utf-8")
    assert [add(recorded, method="Made anew"), add(recorded)] == ["2026-05-21-2", "2026-05-21-3"]
    assert (recorded / FOLDER / f"{DAY}.csv").read_bytes() == first
    assert (recorded / MANIFEST).read_text(encoding="utf-8").startswith(line)
    assert [row["file"] for row in rows_of(recorded / MANIFEST)] == [
        "2026-05-21.csv",
        "2026-05-21-2.csv",
        "2026-05-21-3.csv",
    ]
    assert faults(recorded) == []


def test_a_file_that_the_manifest_lacks_is_not_overwritten(tmp_path: Path) -> None:
    stray = tmp_path / FOLDER / f"{DAY}.csv"
    stray.parent.mkdir()
    stray.write_text("mine\n", encoding="utf-8")
    with pytest.raises(ValueError, match="the manifest does not list this file"):
        add(tmp_path)
    assert stray.read_text(encoding="utf-8") == "mine\n"
    assert not (tmp_path / MANIFEST).exists()


def test_recordings_are_only_added_after_the_last(recorded: Path) -> None:
    with pytest.raises(ValueError, match="2026-05-20 is before the last recording, of 2026-05-21"):
        add(recorded, date(2026, 5, 20))
    assert faults(recorded) == []


def test_an_altered_file_is_named(recorded: Path) -> None:
    path = recorded / FOLDER / f"{DAY}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",1600,", ",1700,"), encoding="utf-8")
    assert faults(recorded) == [
        "2026-05-21.csv: altered: its sha256 is not the manifest's; restore it from git"
    ]
    path.unlink()
    assert faults(recorded) == ["2026-05-21.csv: the manifest lists this file, but it is missing"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("measure,downloads", "measure,loads", "columns are dimension,"),
        ("country,CN,China,2026-05,2026-05-20", "country,CN,China,2026-05,2026-06-20",
         "through 2026-06-20 is not in month '2026-05'"),
        ("country,CN,", "family,CN,", "dimension 'family'"),
        (",1600,1600,1600,", ",1600,-1,1600,", "low '-1' is not a count"),
        (",59.2593,", ",159.2593,", "'159.2593' is not a percentage"),
        ("country,FR,", "country,CN,", "duplicate of line"),
    ],
)  # fmt: skip
def test_what_a_recording_cannot_hold_is_named(
    recorded: Path, old: str, new: str, reason: str
) -> None:
    """Its hash fits, so that only the content is wrong."""
    path = recorded / FOLDER / f"{DAY}.csv"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest = recorded / MANIFEST
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(before, after))
    found = faults(recorded)
    assert found
    assert all(fault.startswith("2026-05-21.csv: ") for fault in found)
    assert any(reason in fault for fault in found)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2026-05-21.csv", "21-05-2026.csv", "is not DAY.csv or DAY-NUMBER.csv"),
        ("As it was made", "", "method is empty"),
        ("0" * 64, "0" * 63, "is not a SHA-256 in hexadecimal"),
        (",2026-05-20,", ",2026-05-32,", "through: '2026-05-32' is not a possible date"),
    ],
)
def test_a_wrong_line_of_the_manifest_is_named(
    recorded: Path, old: str, new: str, reason: str
) -> None:
    manifest = recorded / MANIFEST
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert any(reason in fault for fault in faults(recorded))


def test_the_digest_tells_rules_from_others(own_data: Path) -> None:
    for pattern in CODE:
        assert list(PACKAGE.glob(pattern)), f"{pattern} names no module"
    for name in RULE_FILES:
        assert (own_data / name).is_file(), name
    before = rules_digest(own_data)
    (own_data / "changelog.csv").unlink()
    assert rules_digest(own_data) == before
    rules = own_data / "scope_rules.csv"
    rules.write_bytes(rules.read_bytes() + b"\n")
    assert rules_digest(own_data) != before


def test_the_digest_is_of_the_rules_and_not_of_their_writing() -> None:
    rule = "LIMIT = 5\n\n\ndef cut(count):\n    return min(count, LIMIT)\n"
    explained = (
        '"""How counts are cut."""\n\nfrom math import (\n    inf,\n)\n\nLIMIT = 5  # by hand\n\n'
        'def cut(count):\n    """Return a count within the limit:\n\n    9 → 5.\n    """\n'
        "    # The limit itself is allowed.\n    return min(count, LIMIT)\n"
    )
    assert rules_of(explained) == rules_of(rule)
    for changed in (rule.replace("5", "6"), rule.replace("5", "5 # 6").replace("min", "max")):
        assert rules_of(changed) != rules_of(rule)
    assert rules_of('MARK = "# no comment"\n') == 'MARK = "# no comment"'


def test_the_command_records_what_the_site_publishes(
    site: Client, census_db: Path, census: sqlite3.Connection, data: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    given = ("--data", copy, "--db", census_db, "--date", "2999-01-01")
    for name in ("2999-01-01", "2999-01-01-2"):
        result = run("record-vintage", "--method", "As\n today", *given)
        assert result.exit_code == 0, result.output
        assert f"vintages/{name}.csv: " in result.output
    entry = rows_of(copy / MANIFEST)[-2]
    path = copy / FOLDER / "2999-01-01.csv"
    assert entry["method"] == "As today"
    assert entry["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert entry["rules_digest"] == rules_digest(data)
    through = census.execute("select through from scopes where scope = 'frontier'").fetchone()[0]
    assert entry["through"] == through
    rows = rows_of(path)
    for measure in MEASURES:
        for dimension in ("country", "region"):
            sums = census.execute(
                f"select month, sum({measure}) from series where scope = 'frontier' and"
                " attribution = 'publisher' and basis = 'operating' and dimension = ?"
                " group by month order by month",
                (dimension,),
            ).fetchall()
            ours: dict[str, int] = {}
            for row in rows:
                if (row["dimension"], row["measure"]) == (dimension, measure):
                    ours[row["month"]] = ours.get(row["month"], 0) + int(row["downloads"])
            assert sorted(ours.items()) == sums
        check_shares(site, rows, measure)


def check_shares(site: Client, rows: Rows, measure: str) -> None:
    """Compare with what the site's questions answer for the same."""
    names = ("downloads", "low", "high", "share_pct", "low_pct", "high_pct")
    asked = f"/census/share_of_downloads?since=&top=50&measure={measure}&dimension="
    for dimension in ("country", "region", "lab"):
        shown = {
            (row["month"], row["key"] or ""): [row[name] for name in names]
            for row in site.rows(asked + dimension)
            if row["label"] != "Other"
        }
        ours = {
            (row["month"], row["key"]): [float(row[name]) for name in names]
            for row in rows
            if (row["dimension"], row["measure"]) == (dimension, measure) and row["share_pct"]
        }
        both = ours.keys() & shown.keys()
        assert {key: ours[key] for key in both} == {key: shown[key] for key in both}
        keys = {key for _, key in ours}
        if dimension == "lab":
            assert len(keys) == LARGEST_LABS
        # The question names the fifty largest by its measure, the recording the largest of all.
        assert measure == "monthly" or {key for _, key in both} == keys
        assert len({key for _, key in both}) > len(keys) / 2


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("delete from observation_files", "was not built from the observations"),
        ("drop table series_points", "no such table"),
    ],
)
def test_a_database_of_other_data_is_not_recorded(
    census_db: Path, data: Path, tmp_path: Path, statement: str, reason: str
) -> None:
    copy, db = tmp_path / "data", tmp_path / "census.db"
    shutil.copytree(data, copy)
    shutil.copy(census_db, db)
    with sqlite3.connect(db) as connection:
        connection.execute(statement)
    before = sorted(path.name for path in (copy / FOLDER).iterdir())
    result = run("record-vintage", "--method", "As today", "--data", copy, "--db", db)
    assert result.exit_code == 1
    assert reason in result.output
    assert str(db) in result.output
    assert sorted(path.name for path in (copy / FOLDER).iterdir()) == before
