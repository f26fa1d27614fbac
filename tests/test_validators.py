"""Validators: 304 for who has the very bytes, and for nobody else."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from site_client import Client

from census.site.validators import CODE, CODE_FILES, code_mark, is_known

ROOT = Path(__file__).resolve().parent.parent
FILES = (
    "/census/share_by_country.csv",
    "/census/share_by_country.xlsx",
    "/census/share_by_country.json?_shape=array",
    "/census/share_by_country.vl.json",
    "/census/share_by_country.svg",
    "/census/share_by_country.metadata.json",
    "/census/share_by_country.zip",
    "/census/share_by_country.bib",
    "/census/labs.csv",
    "/census.csv?sql=select+1+as+one",
    "/-/card/share_by_country.png",
    "/-/embed/share_by_country",
    "/-/quote/share_by_country.json",
    "/feeds/milestones.atom",
    "/feeds/models.json",
    "/sitemap.xml",
    "/robots.txt",
    "/",
    "/methodology",
)
# Of these the bytes are not known when the answer begins.
STREAMED = ("/census/share_by_country.csv", "/census/labs.csv", "/census.csv?sql=select+1+as+one")


@pytest.mark.parametrize("path", FILES)
def test_who_has_the_bytes_is_told_so(site: Client, path: str) -> None:
    plain = {"accept-encoding": "identity"}
    first = site.get(path, headers=plain)
    mark = first.headers["etag"]
    assert mark.startswith('"')
    for known in (mark, f'"other", W/{mark}', "*"):
        again = site.get(path, headers={**plain, "if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == mark
        assert "content-type" not in again.headers
    for other in ('"other"', mark[1:-1], f'"{mark[1:-2]}"'):
        assert site.get(path, headers={**plain, "if-none-match": other}).status_code == 200


@pytest.fixture
def corrected(site: Client) -> Iterator[Client]:
    """The site after a correction of its code, with the same data."""
    before = site.datasette._census_site
    site.datasette._census_site = replace(before, code="corrected")
    # The code changes with a new server only.
    site.forget()
    yield site
    site.datasette._census_site = before


@pytest.mark.parametrize("path", STREAMED)
def test_after_a_correction_of_the_code_nobody_has_the_bytes(
    site: Client, path: str, request: pytest.FixtureRequest
) -> None:
    mark = site.get(path).headers["etag"]
    corrected = request.getfixturevalue("corrected")
    answer = corrected.get(path, headers={"if-none-match": mark})
    assert answer.status_code == 200
    assert answer.headers["etag"] != mark


@pytest.mark.parametrize(
    "changed",
    [
        "census/site/site.py",
        "plugins/csv_whole.py",
        "templates/index.html",
        "canned_queries/share_by_country.sql",
        "metadata.yml",
        "requirements.lock",
    ],
)
def test_every_part_of_the_code_counts(tmp_path: Path, changed: str) -> None:
    for folder in CODE:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for name in CODE_FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    before = code_mark(tmp_path)
    assert before == code_mark(ROOT)
    with (tmp_path / changed).open("a") as file:
        file.write("\n")
    assert code_mark(tmp_path) != before


@pytest.mark.parametrize("path", ["/census/share_by_country.csv", "/", "/census?sql=select+1"])
@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_compressed_bytes_have_an_etag_of_their_own(site: Client, path: str, coding: str) -> None:
    plain = site.get(path, headers={"accept-encoding": "identity"})
    packed = site.get(path, headers={"accept-encoding": coding})
    assert packed.headers["content-encoding"] == coding
    assert "Accept-Encoding" in packed.headers["vary"]
    assert packed.headers["vary"] == plain.headers["vary"]
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    mark = packed.headers["etag"]
    assert mark != plain.headers["etag"]
    again = site.get(path, headers={"accept-encoding": coding, "if-none-match": mark})
    assert (again.status_code, again.headers["etag"]) == (304, mark)


@pytest.mark.parametrize("header", ["gzip;q=0", "identity", "zstd", "gzip; q=0.0, x", "*;q=0", ""])
def test_who_takes_no_coding_gets_none(site: Client, header: str) -> None:
    answer = site.get("/census/share_by_country.csv", headers={"accept-encoding": header})
    assert "content-encoding" not in answer.headers
    assert answer.text.startswith("month,")


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip", "gzip"),
        ("br;q=0.5, gzip", "gzip"),
        ("*", "gzip"),
        ("GZIP", "gzip"),
        ("identity;q=0, gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br, gzip;q=0.5", "br"),
        ("gzip;q=0, br", "br"),
        ("gzip;q=x, br;q=0.001", "br"),
    ],
)
def test_who_takes_a_coding_gets_the_best(site: Client, header: str, coding: str) -> None:
    answer = site.get("/census/share_by_country.csv", headers={"accept-encoding": header})
    assert answer.headers["content-encoding"] == coding
    assert answer.text.startswith("month,")


@pytest.mark.parametrize(
    "path",
    [
        "/-/card/share_by_country.png", "/census/share_by_country.png",
        "/census/share_by_country.zip", "/census/share_by_country.xlsx",
    ],
)  # fmt: skip
def test_what_is_compressed_is_not_compressed_again(site: Client, path: str) -> None:
    answer = site.get(path, headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert "content-encoding" not in answer.headers
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(answer.content)


def test_errors_and_health_are_not_kept(site: Client) -> None:
    for path in ("/census/nope", "/-/healthz", "/census/labs.csv?nope=1"):
        assert "etag" not in site.get(path).headers


def test_headers_are_read_as_the_standard_has_them() -> None:
    assert is_known('W/"a", "b"', '"a"')
    assert is_known("*", '"a"')
    assert not is_known('"ab"', '"a"')
    assert not is_known("", '"a"')
