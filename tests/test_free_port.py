"""A port that is in use is said in one line, before anything is built or served."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PYTHON = f"PYTHON={sys.executable}"


@pytest.fixture
def used() -> Iterator[str]:
    """A port on which something listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


def said(command: list[str], port: str) -> tuple[int, list[str]]:
    """Return a command's status and the lines that it wrote."""
    environment = {**os.environ, "PORT": port, "HOST": "127.0.0.1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


def test_the_server_names_the_port_and_what_to_do(used: str) -> None:
    code, lines = said(["/bin/sh", "tools/serve"], used)
    assert code == 1
    assert lines == [
        f"cannot serve on 127.0.0.1:{used} (Address already in use); end what uses the port, or"
        " name another one: PORT=8002 make serve"
    ]


def test_make_serve_looks_before_it_builds(used: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\nserve: free-port build\n" in makefile
    code, lines = said(["/usr/bin/make", "--silent", "free-port", f"PORT={used}", PYTHON], used)
    assert code == 2
    assert lines[0].startswith(f"cannot serve on 127.0.0.1:{used} (")


@pytest.mark.parametrize("port", ["8o01", "65536", "-1", "٣"])
def test_what_is_no_port_is_named(port: str) -> None:
    code, lines = said([sys.executable, "tools/free_port.py", "127.0.0.1", port], port)
    assert (code, lines) == (1, [f"PORT is {port!r}; it is a whole number below 65536"])


def test_a_free_port_is_fine() -> None:
    assert said([sys.executable, "tools/free_port.py", "127.0.0.1", "0"], "0") == (0, [])
