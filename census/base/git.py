"""Git, asked without a shell."""

from __future__ import annotations

import subprocess
from pathlib import Path


class GitError(Exception):
    """Git refused; the message is git's."""


def git(root: Path, *arguments: str) -> str:
    """Run git in a directory; return what it says. Raises GitError."""
    command = ["git", "-C", str(root), *arguments]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise GitError("the command `git` is not installed") from None
    if result.returncode:
        verb = next(word for word in arguments if not word.startswith("-") and "=" not in word)
        raise GitError(f"git {verb} failed: {result.stderr.strip()[:1000]}")
    return result.stdout.strip()


def pushed_commit(path: Path) -> str:
    """Return the newest commit with a file that a remote is known to have; empty if there is none.

    A directory that is in no repository has been pushed nowhere. Raises GitError.
    """
    try:
        git(path.parent, "rev-parse", "--is-inside-work-tree")
    except GitError:
        return ""
    return git(path.parent, "log", "--remotes", "-1", "--format=%H", "--", path.name)
