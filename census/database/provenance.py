"""Where a database comes from: commit of the code, digest of the data, programs that made it.

What a site says of it can be checked by anybody with a clone: `build_db.py verify`.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy

from census.base.files import sha256_of
from census.base.git import GitError, git
from census.database.status import LAST_BUILD

# What runs and tools leave in the data directory, and the record that is written after a build.
NOT_DATA = (".lock", ".pending", LAST_BUILD)
# What decides the bytes of a database beside data and code, by the name that a status gives it.
MAKERS = ("sqlite", "numpy", "machine")


class Check(NamedTuple):
    """One comparison: whether it agrees with the status, and its finding in words."""

    name: str
    agrees: bool
    words: str


def data_digest(data: Path) -> str:
    """Return the SHA-256, in hexadecimal, of everything in the data directory that a build reads.

    It is the digest of what `sha256sum` prints for the files in the order of their paths, so that
    `find . -type f ! -name last_build.json | LC_ALL=C sort | xargs sha256sum | sha256sum` in data/
    gives the same.
    """
    lines = []
    for path in data.rglob("*"):
        parts = path.relative_to(data).parts
        if path.is_file() and parts[0] not in NOT_DATA and path.suffix != ".tmp":
            lines.append((f"./{'/'.join(parts)}", sha256_of(path)))
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(lines))
    return hashlib.sha256(text.encode()).hexdigest()


def provenance(data: Path) -> dict[str, Any]:
    """Return the origin of a build as its status states it.

    `commit` is that of the code, null outside of a repository; `code_is_committed` whether the code
    was as in that commit. The data of a day are committed after the build: `data_sha256` says
    which they are.
    """
    root = data.resolve().parent
    commit, committed = os.environ.get("GITHUB_SHA") or None, None
    try:
        if git(root, "rev-parse", "--show-toplevel") == str(root):
            commit = commit or git(root, "rev-parse", "HEAD")
            changed = git(
                root, "status", "--porcelain", "--untracked-files=no", "--", ".", ":!data"
            )
            committed = not changed
    except GitError:
        pass
    return {
        "commit": commit,
        "code_is_committed": committed,
        "data_sha256": data_digest(data),
        "made_with": {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "numpy": numpy.__version__,
            "machine": platform.machine(),
        },
    }


def compare(status: Mapping[str, Any], data: Path, database_sha256: str | None) -> list[Check]:
    """Return how a status compares with a database's hash and with a clone's code and data.

    `database_sha256` is the hash of the database that the status should describe. A day's data are
    committed after the build, so the code is compared with that of the commit, and the data by
    their digest.
    """
    checks = [
        _same_value("database", str(status["sha256"]), database_sha256 or "none"),
        _same_value("data", status.get("data_sha256") or "not stated", data_digest(data)),
        _same_code(status.get("commit"), data.resolve().parent),
    ]
    if status.get("code_is_committed") is False:
        checks.append(Check("build", False, "it was made of code that was in no commit"))
    return checks


def _same_code(commit: str | None, root: Path) -> Check:
    """Return whether a clone has the code of a commit, wherever its data are."""
    if not commit:
        return Check("code", False, "the status names no commit")
    try:
        changed = git(root, "diff", "--name-only", commit, "--", ".", ":!data").splitlines()
    except GitError as error:
        return Check("code", False, f"no comparison with {commit[:16]}: {error}")
    if changed:
        files_named = ", ".join(changed[:3])
        return Check(
            "code", False, f"{len(changed)} files differ from {commit[:16]}: {files_named}"
        )
    return Check("code", True, commit)


def _same_value(name: str, stated: str, actual: str) -> Check:
    if stated == actual:
        return Check(name, True, stated)
    return Check(name, False, f"the status says {stated[:16]}, here is {actual[:16]}")


def other_makers(status: Mapping[str, Any], data: Path) -> list[str]:
    """Return in words which versions made the database and differ here: bytes may differ too."""
    makers_stated = status.get("made_with") or {}
    makers_here = provenance(data)["made_with"]
    return [
        f"{name} {makers_stated.get(name, 'not stated')}, here {makers_here[name]}"
        for name in MAKERS
        if makers_stated.get(name) != makers_here[name]
    ]
