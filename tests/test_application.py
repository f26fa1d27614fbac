"""The site as tools/serve starts it: its settings, and several processes behind one port."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest

from census.serving.application import open_site

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def folder(few_db: Path, tmp_path: Path) -> Path:
    """A folder with a built site, of the small database."""
    for name in (".venv", "tools", "plugins", "templates", "static", "canned_queries",
                 "metadata.yml", "settings.json"):  # fmt: skip
        (tmp_path / name).symlink_to(ROOT / name)
    for name in ("census.db", "inspect-data.json"):
        shutil.copy(few_db.with_name(name), tmp_path / name)
    return tmp_path


class Running(NamedTuple):
    """A site that answers: its address, its first process, and what it says."""

    url: str
    process: subprocess.Popen[str]

    def wait_for_start(self) -> None:
        """Return when one more of its processes says that it serves."""
        assert self.process.stderr is not None
        said = ""
        for line in self.process.stderr:
            said += line
            if "Application startup complete" in line:
                return
        pytest.fail(f"it ended: {said}")


@contextmanager
def running(folder: Path, workers: int) -> Iterator[Running]:
    """Give a site that answers, with so many processes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # A group of its own, so that what draws ends with it.
    with subprocess.Popen(
        ["/bin/sh", "tools/serve"],
        cwd=folder,
        env={**os.environ, "PORT": str(port), "CENSUS_WORKERS": str(workers)},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as server:
        site = Running(f"http://127.0.0.1:{port}", server)
        try:
            for _ in range(workers):
                site.wait_for_start()
            yield site
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()


def children(pid: int) -> set[int]:
    """Return the processes that a process has started and that serve."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            command = (path.parent / "cmdline").read_bytes()
        except (OSError, IndexError):
            continue
        if parent == pid and b"spawn_main" in command:
            found.add(int(path.parent.name))
    return found


def test_several_processes_serve_one_port_and_one_that_ends_is_replaced(folder: Path) -> None:
    with running(folder, 2) as site:
        workers = children(site.process.pid)
        assert len(workers) == 2
        address = f"{site.url}/census/labs.json?_shape=array"
        first = httpx2.get(address, timeout=60).json()
        assert len(first) == 100
        ended = min(workers)
        os.kill(ended, signal.SIGKILL)
        site.wait_for_start()
        there = children(site.process.pid)
        assert len(there) == 2
        assert there & workers == workers - {ended}
        for _ in range(10):
            assert httpx2.get(address, timeout=60).json() == first


@pytest.mark.parametrize("wrong", ["0", "two", "-1"])
def test_a_wrong_number_of_processes_is_said(folder: Path, wrong: str) -> None:
    ended = subprocess.run(
        ["/bin/sh", "tools/serve"], cwd=folder, env={**os.environ, "CENSUS_WORKERS": wrong},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "CENSUS_WORKERS must be a whole number above 0" in ended.stderr


@pytest.mark.parametrize("https", ["0", "1"])
def test_the_settings_hold_behind_a_proxy_too(
    folder: Path, https: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CENSUS_HTTPS", https)
    datasette = open_site(folder)
    assert datasette.setting("force_https_urls") is (https == "1")
    assert datasette.setting("max_returned_rows") == 20_000
    assert datasette.setting("num_sql_threads") == 6
    assert not datasette.get_database("census").is_mutable
