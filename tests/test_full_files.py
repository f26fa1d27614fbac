"""The exported files as the site lists and serves them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from site_client import Client

from census.export.export import read_index


@pytest.fixture
def exports(census_db: Path, site: Client, small_export: Path) -> Iterator[Path]:
    """A small export where the site looks for one, of another database than the site's."""
    folder = census_db.parent / "exports"
    shutil.copytree(small_export, folder)
    yield folder
    shutil.rmtree(folder)


def test_every_file_is_listed_with_its_size_and_served_whole(site: Client, exports: Path) -> None:
    index = read_index(exports)
    assert index is not None
    page = unescape(site.get("/exports").text)
    for file in index["files"]:
        assert f'href="/exports/{file["path"]}"' in page
        address = f"/exports/{file['path']}"
        answer = site.get(address, headers={"accept-encoding": "identity"})
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["etag"] == f'"{file["sha256"]}"'
        again = site.get(address, headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert site.get("/exports/csv/labs.csv").headers["content-type"].startswith("text/csv")
    assert site.get("/exports/SHA256SUMS").text.count("\n") == len(index["files"])


def test_files_of_another_build_are_said_to_be(site: Client, exports: Path) -> None:
    assert "another build" in site.get("/exports").text


@pytest.mark.parametrize("path", ["csv%2F..%2F..%2Fcensus.db", "%2Fetc%2Fhosts", "csv", "no.csv"])
def test_nothing_else_is_served(site: Client, exports: Path, path: str) -> None:
    assert site.get(f"/exports/{path}", follow_redirects=True).status_code == 404


def test_without_an_export_the_page_says_so(site: Client) -> None:
    page = site.get("/exports")
    assert page.status_code == 200
    assert "no exported files" in page.text
    assert site.get("/exports/csv/labs.csv").status_code == 404


def test_the_part_for_the_page_of_downloads(site: Client, exports: Path) -> None:
    template = site.datasette.jinja_env.get_template("_full_files.html")
    text = site.loop.run_until_complete(template.render_async())
    assert 'href="/exports/census.db.gz"' in text
    assert "20 May 2026" in text
    for name in ("/feeds/milestones.atom", "/open-model-census.bib", "/api"):
        assert f'href="{name}"' in text
        assert site.get(name).status_code == 200
