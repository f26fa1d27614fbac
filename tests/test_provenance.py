"""Where a database comes from: said by its status, and checked with nothing but a clone."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hub_faults import json_answer
from hub_server import HubServer
from small_data import git

from build_db import cli
from census.database.provenance import data_digest, other_makers, provenance
from census.database.status import write_status

DATABASE = b"a database"
SHA256 = hashlib.sha256(DATABASE).hexdigest()


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with code, data and a database that was built of them."""
    monkeypatch.delenv("GITHUB_SHA", raising=False)
    root = tmp_path / "census"
    (root / "data/observations").mkdir(parents=True)
    (root / "data/labs.csv").write_text("lab\nqwen\n")
    (root / "data/observations/day.csv").write_text("model_id\n")
    (root / "code.py").write_text("pass\n")
    (root / ".gitignore").write_text("census.db\nstatus.json\n")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Start")
    built(root)
    return root


def built(root: Path) -> None:
    (root / "census.db").write_bytes(DATABASE)
    write_status(root / "census.db", {}, {}, SHA256, {}, provenance(root / "data"))


def verify(root: Path, *more: str) -> Result:
    return CliRunner().invoke(cli, ["verify", "--root", str(root), *more])


def test_a_database_is_of_the_clone_that_built_it(clone: Path) -> None:
    result = verify(clone)
    assert result.exit_code == 0, result.output
    assert re.findall(r"^ok +(\w+)", result.output, re.MULTILINE) == ["database", "data", "code"]
    # The day is committed after its build, with the record of it: that changes nothing.
    (clone / "data/last_build.json").write_text("{}")
    git(clone, "add", ".")
    git(clone, "commit", "--quiet", "--message", "Observations of today")
    assert verify(clone).exit_code == 0


@pytest.mark.parametrize(
    ("path", "failed"),
    [("data/labs.csv", "data"), ("code.py", "code"), ("census.db", "database")],
)
def test_what_differs_is_named(clone: Path, path: str, failed: str) -> None:
    (clone / path).write_text("changed\n")
    result = verify(clone)
    assert result.exit_code == 1
    assert re.findall(r"^FAILED +(\w+)", result.output, re.MULTILINE) == [failed]


def test_a_build_of_code_in_no_commit_says_so(clone: Path) -> None:
    (clone / "code.py").write_text("changed\n")
    built(clone)
    said = verify(clone).output
    assert "it was made of code that was in no commit" in said
    assert "1 files differ from" in said


def test_the_digest_of_the_data_is_what_sha256sum_says(clone: Path) -> None:
    (clone / "data/.lock").touch()
    (clone / "data/last_build.json").write_text("{}")
    script = (
        "find . -type f ! -name last_build.json ! -name .lock | LC_ALL=C sort"
        " | xargs sha256sum | sha256sum"
    )
    said = subprocess.run(["sh", "-c", script], cwd=clone / "data", capture_output=True, check=True)
    assert said.stdout.decode().split()[0] == data_digest(clone / "data")


@pytest.fixture
def site(clone: Path) -> Iterator[tuple[HubServer, dict[str, Any]]]:
    """A site that serves what the clone built; its status may be changed."""
    status = json.loads((clone / "status.json").read_text())
    served = {"/-/status.json": status, "/-/databases.json": [{"name": "census", "hash": SHA256}]}
    with HubServer() as server:
        server.routes = [
            (
                "GET",
                re.compile(re.escape(path)),
                lambda _hub, asked, _match: json_answer(served[asked.path]),
            )
            for path in served
        ]
        yield server, status


def test_a_site_is_verified_from_a_clone(
    clone: Path, site: tuple[HubServer, dict[str, Any]]
) -> None:
    server, status = site
    assert verify(clone, server.url).exit_code == 0
    status["sha256"] = "0" * 64
    assert "FAILED  database" in verify(clone, server.url).output
    status.pop("sha256")
    assert "no status of a build" in verify(clone, server.url).output


def test_other_programs_are_named_as_the_reason_for_other_bytes(clone: Path) -> None:
    status = json.loads((clone / "status.json").read_text())
    assert other_makers(status, clone / "data") == []
    status["made_with"]["sqlite"] = "3.1.0"
    (one,) = other_makers(status, clone / "data")
    assert one.startswith("sqlite 3.1.0, here 3.")
