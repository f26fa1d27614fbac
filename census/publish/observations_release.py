"""A dated release of the raw observations: one archive, and how it is cited.

An archive such as Zenodo takes both files and gives the release a DOI. One that was reserved before
goes into the citation file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import yaml

from census.base.files import sha256_of, write_whole
from census.channels.files import FOLDER as CHANNELS
from census.database.reading import read_input
from census.store.months import month_of
from census.store.observations import FOLDER as OBSERVATIONS
from census.store.observations import ObservationFile

NAME = "open-model-census-observations"
CITATION = "CITATION.cff"
# What says where each count is from, under which licence, and which of them were set aside.
EXPLAINING_FILES = ("sources.csv", "channels/channels.csv", "quality_ledger.csv")
# A DOI as Crossref describes it: a prefix of a registrant, and what that registrant chose.
DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]+")
# The first day that ZIP can write, so that the same observations give the same bytes.
NO_DAY = (1980, 1, 1, 0, 0, 0)


class ObservationsRelease(NamedTuple):
    """What was written: the archive, its SHA-256, the first and the last day, days and counts."""

    archive: Path
    sha256: str
    first: date
    last: date
    days: int
    rows: int


def write_release(data: Path, out: Path, doi: str = "") -> ObservationsRelease:
    """Write the archive of all observations and its citation file into a folder; return the facts.

    All of the data directory is checked first, each day by the manifest's SHA-256. Raises DataError
    with every problem, and ValueError for what is not a DOI; nothing is written then.
    """
    if doi and not DOI.fullmatch(doi):
        raise ValueError(f"{doi!r} is not a DOI such as 10.5281/zenodo.1234567")
    inputs = read_input(data)
    files = {
        OBSERVATIONS: list(inputs.observed.files),
        CHANNELS: [file for file, _ in inputs.channels.files],
    }
    all_files = [file for files_of_folder in files.values() for file in files_of_folder]
    days = sorted(file.day for file in all_files)
    rows = sum(file.rows for file in all_files)
    release = ObservationsRelease(
        out / f"{NAME}-{days[-1]}.zip", "", days[0], days[-1], len(all_files), rows
    )
    used_sources = {file.source for file in all_files}
    sources = [row for slug, row in inputs.registry.sources.items() if slug in used_sources]
    citation_file = citation(release, doi)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        add(archive, "README.txt", about(release, sources))
        add(archive, CITATION, citation_file)
        for path in sorted(set(released_files(data, files))):
            add(archive, f"data/{path.relative_to(data).as_posix()}", path.read_bytes())
    out.mkdir(parents=True, exist_ok=True)
    write_whole(release.archive, content.getvalue())
    write_whole(out / CITATION, citation_file)
    return release._replace(sha256=sha256_of(release.archive))


def released_files(data: Path, files: dict[str, list[ObservationFile]]) -> Iterator[Path]:
    """Yield every file of the release: days or months, their manifests, and what explains them."""
    for folder, files_of_folder in files.items():
        if files_of_folder:
            yield data / folder / "manifest.csv"
        for file in files_of_folder:
            day = data / folder / file.path
            yield day if day.is_file() else data / folder / month_of(file.path)
    yield from (data / name for name in EXPLAINING_FILES if (data / name).is_file())


def add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file to an archive, without the day and the rights that it has on this machine."""
    entry = zipfile.ZipInfo(name, NO_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


def citation(release: ObservationsRelease, doi: str) -> bytes:
    """Return the citation file of a release (Citation File Format 1.2.0)."""
    fields = {
        "cff-version": "1.2.0",
        "message": "Please cite this release, and the sources of the counts that you use.",
        "type": "dataset",
        "title": f"Open Model Census: observations to {release.last}",
        "abstract": (
            f"{release.rows:,} rows of counts of open AI models from {release.first} to"
            f" {release.last}, as each source gave them: downloads and likes on the Hugging Face"
            " Hub, and counts of other channels. Nothing is estimated. Each source has its own"
            " licence: README.txt names them."
        ),
        "authors": [{"name": "Open Model Census"}],
        "version": release.last.isoformat(),
        "license": "CC-BY-4.0",
        **({"doi": doi} if doi else {}),
    }
    return yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=100).encode()


def about(release: ObservationsRelease, sources: Iterable[Mapping[str, str]]) -> bytes:
    """Return the README of the archive, which explains it on its own."""
    lines = [
        f"Open Model Census: raw observations, {release.first} to {release.last}",
        "",
        f"{release.days:,} days of sources with {release.rows:,} rows. Each row is what a source",
        "counted on its day; an empty value is unknown, never zero. Days are UTC.",
        "",
        "data/observations/SOURCE/YYYY/YYYY-MM-DD.csv (or YYYY-MM.parquet for old months):",
        "  model_id, hub_id, downloads_30d, downloads_all_time, likes",
        "data/channels/SOURCE/YYYY/YYYY-MM-DD.csv: name, metric, value",
        "manifest.csv of each folder: the SHA-256 of each day's CSV file, where it is from, when",
        "it was retrieved, and what its date is based on.",
        "data/quality_ledger.csv: counts that the census sets aside, each with its reason.",
        "",
        "Sources. Each has its own licence, which holds for its counts:",
        "",
    ]
    for row in sources:
        lines += [f"{row['source']}: {row['attribution']} ({row['licence']})", f"  {row['url']}"]
    return ("\n".join(lines) + "\n").encode()
