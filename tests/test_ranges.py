"""Parts of files: the rules, and programs that continue downloads and read parts of files."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import httpx2
import pytest
import uvicorn
from fsspec.spec import AbstractBufferedFile, AbstractFileSystem
from site_client import Client

IN_MEMORY = ("/census/share_by_country.zip", "/census/share_by_country.csv", "/census/labs.csv")
PLAIN = {"accept-encoding": "identity"}


@pytest.fixture
def exports(census_db: Path, site: Client, small_export: Path) -> Iterator[Path]:
    """A small export where the site looks for one."""
    folder = census_db.parent / "exports"
    shutil.copytree(small_export, folder)
    yield folder
    shutil.rmtree(folder)


def on_disk(exports: Path) -> list[tuple[str, bytes]]:
    """Return addresses of files on disk with their bytes."""
    parquet = next(exports.rglob("*.parquet")).relative_to(exports).as_posix()
    names = ("csv/labs.csv", "census.db.gz", parquet)
    return [(f"/exports/{name}", (exports / name).read_bytes()) for name in names]


def check_parts(site: Client, path: str, whole: bytes) -> None:
    """Check each kind of range of an address."""
    size = len(whole)
    first = site.get(path, headers=PLAIN)
    assert (first.status_code, first.headers["accept-ranges"]) == (200, "bytes")
    assert int(first.headers["content-length"]) == size
    assert first.content == whole
    head = site.request("HEAD", path, headers=PLAIN)
    assert int(head.headers["content-length"]) == size
    for asked, start, end in (
        ("bytes=0-99", 0, 100),
        ("bytes=100-199", 100, 200),
        (f"bytes={size - 7}-", size - 7, size),
        ("bytes=-16", size - 16, size),
        (f"bytes=10-{size + 999}", 10, size),
    ):
        part = site.get(path, headers={**PLAIN, "range": asked})
        assert part.status_code == 206, asked
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert int(part.headers["content-length"]) == end - start
        assert part.content == whole[start:end]
        assert part.headers["etag"] == first.headers["etag"]
    beyond = site.get(path, headers={**PLAIN, "range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    same = {**PLAIN, "range": "bytes=5-9", "if-range": first.headers["etag"]}
    assert site.get(path, headers=same).content == whole[5:10]
    other = site.get(path, headers={**same, "if-range": '"of another build"'})
    assert (other.status_code, other.content) == (200, whole)
    known = {**PLAIN, "range": "bytes=5-9", "if-none-match": first.headers["etag"]}
    assert site.get(path, headers=known).status_code == 304


@pytest.mark.parametrize("path", IN_MEMORY)
def test_answers_in_memory_come_in_parts(site: Client, path: str) -> None:
    check_parts(site, path, site.get(path, headers=PLAIN).content)


def test_files_on_disk_come_in_parts(site: Client, exports: Path) -> None:
    for path, whole in on_disk(exports):
        check_parts(site, path, whole)


def test_the_database_comes_in_parts(site: Client, census_db: Path) -> None:
    size = census_db.stat().st_size
    with census_db.open("rb") as file:
        file.seek(size // 2)
        page = file.read(4096)
    asked = {"range": f"bytes={size // 2}-{size // 2 + 4095}", "accept-encoding": "gzip, br"}
    part = site.get("/census.db", headers=asked)
    assert (part.status_code, part.content) == (206, page)
    head = site.request("HEAD", "/census.db")
    assert int(head.headers["content-length"]) == size
    assert head.headers["accept-ranges"] == "bytes"
    assert "census.db" in head.headers["content-disposition"]
    mark = head.headers["etag"]
    assert site.get("/census.db", headers={"if-none-match": mark}).status_code == 304


@pytest.mark.parametrize("asked", ["bytes=", "bytes=-", "bytes=9-3", "rows=0-1", "bytes=0-1,4-5"])
def test_a_range_that_cannot_be_read_gets_the_whole(site: Client, asked: str) -> None:
    whole = site.get("/census/labs.csv", headers=PLAIN)
    answer = site.get("/census/labs.csv", headers={**PLAIN, "range": asked})
    assert (answer.status_code, answer.content) == (200, whole.content)


def served(site: Client, work: Callable[[str], Coroutine[Any, Any, None]]) -> None:
    """Serve the site on a port while a coroutine works with its address."""

    async def run() -> None:
        config = uvicorn.Config(site.datasette.app(), port=0, log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.ensure_future(server.serve())
        while not server.started:
            await asyncio.sleep(0)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            await work(f"http://127.0.0.1:{port}")
        finally:
            server.should_exit = True
            await serving

    site.loop.run_until_complete(run())


@pytest.mark.parametrize(
    "command", [["curl", "--fail", "--silent", "-C", "-", "-o"], ["wget", "-q", "-c", "-O"]]
)
def test_a_broken_download_is_continued(
    site: Client, exports: Path, tmp_path: Path, command: list[str]
) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")

    async def work(url: str) -> None:
        labs = await asyncio.to_thread(httpx2.get, f"{url}/census/labs.csv")
        for path, whole in [*on_disk(exports), ("/census/labs.csv", labs.content)]:
            target = tmp_path / Path(path).name
            target.write_bytes(whole[:100])
            process = await asyncio.create_subprocess_exec(*command, target, url + path)
            assert await process.wait() == 0
            assert target.read_bytes() == whole

    served(site, work)


class Ranges(AbstractFileSystem):
    """A file system of fsspec whose files are read by ranges over HTTP."""

    protocol = "ranges"
    cachable = False

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.read = 0

    def info(self, path: str, **_given: Any) -> dict[str, Any]:
        """Return the size of a file, from its headers."""
        name = self._strip_protocol(path)
        head = httpx2.head(f"{self.url}/{name}", headers=PLAIN).raise_for_status()
        return {"name": name, "size": int(head.headers["content-length"]), "type": "file"}

    def modified(self, _path: str) -> datetime:
        """Return when a file was written: it never changes."""
        return datetime(2026, 1, 1, tzinfo=UTC)

    def _open(self, path: str, mode: str = "rb", **_given: Any) -> Any:
        return RangedFile(self, path, mode, block_size=4096, cache_type="none")


class RangedFile(AbstractBufferedFile):
    """One of its files."""

    def _fetch_range(self, start: int, end: int) -> bytes:
        asked = {**PLAIN, "range": f"bytes={start}-{end - 1}"}
        answer = httpx2.get(f"{self.fs.url}/{self.path}", headers=asked)
        assert answer.status_code == 206
        self.fs.read += len(answer.content)
        found: bytes = answer.content
        return found


def test_duckdb_reads_parquet_by_ranges(site: Client, exports: Path) -> None:
    path, _ = next(one for one in on_disk(exports) if one[0].endswith(".parquet"))
    local = f"select * from read_parquet('{exports / path.removeprefix('/exports/')}')"
    expected = duckdb.sql(local).fetchall()

    def read(url: str) -> list[tuple[Any, ...]]:
        connection = duckdb.connect()
        connection.register_filesystem(Ranges(url))
        found: list[tuple[Any, ...]] = connection.sql(
            f"select * from read_parquet('ranges://{path.removeprefix('/')}')"
        ).fetchall()
        return found

    async def work(url: str) -> None:
        assert await asyncio.to_thread(read, url) == expected

    served(site, work)


def test_one_row_of_the_database_is_read_without_the_rest(site: Client, census_db: Path) -> None:
    """As SQLite over HTTP reads: pages of the file, the same as on disk."""
    with sqlite3.connect(census_db) as connection:
        page_size = connection.execute("pragma page_size").fetchone()[0]

    def read(url: str) -> None:
        system = Ranges(url)
        with system.open("census.db") as remote, census_db.open("rb") as local:
            for page in (0, 1, 77, 1000):
                for file in (remote, local):
                    file.seek(page * page_size)
                assert remote.read(page_size) == local.read(page_size)
        assert system.read == 4 * page_size

    async def work(url: str) -> None:
        await asyncio.to_thread(read, url)

    served(site, work)
