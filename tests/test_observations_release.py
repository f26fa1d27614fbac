"""A dated release of the observations: whole, vouched for, the same bytes, citable."""

from __future__ import annotations

import csv
import hashlib
import io
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from small_data import DAY

from build_db import cli
from census.store.compaction import compact


@pytest.fixture
def data(few_data: Path) -> Path:
    """A small data directory."""
    return few_data


def release(data: Path, out: Path, *options: str) -> zipfile.ZipFile:
    """Run the command; return the archive that it wrote."""
    done = CliRunner().invoke(
        cli, ["release-observations", "--data", str(data), "--out", str(out), *options]
    )
    assert done.exit_code == 0, done.output
    (archive,) = out.glob("*.zip")
    assert hashlib.sha256(archive.read_bytes()).hexdigest() in done.output
    return zipfile.ZipFile(archive)


def test_every_day_is_in_the_archive_as_the_manifest_vouches_for_it(
    data: Path, tmp_path: Path
) -> None:
    archive = release(data, tmp_path / "out")
    days = set()
    for folder in ("observations", "channels"):
        manifest = archive.read(f"data/{folder}/manifest.csv").decode()
        for line in csv.DictReader(io.StringIO(manifest)):
            name = f"data/{folder}/{line['path']}"
            assert hashlib.sha256(archive.read(name)).hexdigest() == line["sha256"]
            days.add(name)
    # Source, year and day are three folders below data/observations and data/channels.
    assert days == {name for name in archive.namelist() if name.count("/") == 4}
    text = archive.read("README.txt").decode()
    for line in csv.DictReader((data / "sources.csv").open(encoding="utf-8")):
        used = any(f"/{line['source']}/" in name for name in archive.namelist())
        assert (f"{line['source']}: {line['attribution']} ({line['licence']})" in text) == used


def test_the_same_observations_give_the_same_bytes_and_a_valid_citation(
    data: Path, tmp_path: Path
) -> None:
    doi = "10.5281/zenodo.1234567"
    first = release(data, tmp_path / "a", "--doi", doi)
    second = release(data, tmp_path / "b", "--doi", doi)
    assert Path(str(first.filename)).read_bytes() == Path(str(second.filename)).read_bytes()
    citation = tmp_path / "a/CITATION.cff"
    assert first.read("CITATION.cff") == citation.read_bytes()
    said = yaml.safe_load(citation.read_text(encoding="utf-8"))
    assert said["doi"] == doi
    last = Path(str(first.filename)).stem[-10:]
    assert said["version"] == last == date.fromisoformat(last).isoformat()
    # The day on which it was released is not known when it is made.
    assert "date-released" not in said
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema",
         "vendor.citation-file-format", str(citation)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_months_put_together_are_released_as_they_are(data: Path, tmp_path: Path) -> None:
    compact(data, date(2026, 11, 26))
    archive = release(data, tmp_path / "out")
    month = f"data/observations/{DAY.replace('-23.csv', '.parquet')}"
    assert archive.read(month) == (data / month.removeprefix("data/")).read_bytes()


def test_an_altered_day_stops_the_release(data: Path, tmp_path: Path) -> None:
    with (data / "observations" / DAY).open("a", encoding="utf-8") as file:
        file.write("zz/added,,1,,\n")
    done = CliRunner().invoke(
        cli, ["release-observations", "--data", str(data), "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 1
    assert DAY in done.output
    assert "restore it from git" in done.output
    assert not (tmp_path / "out").exists()


def test_what_is_not_a_doi_stops_the_release(data: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        cli,
        ["release-observations", "--data", str(data), "--out", str(tmp_path / "out"),
         "--doi", "zenodo.1234567"],
    )  # fmt: skip
    assert done.exit_code == 2
    assert "'zenodo.1234567' is not a DOI" in done.output
    assert not (tmp_path / "out").exists()
