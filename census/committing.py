"""Putting a day into git: only the data directory, as one commit, pushed without losing others'."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

PUSHES = 3
AUTHOR = ("-c", "user.name=Census bot", "-c", "user.email=bot@users.noreply.github.com")
# Git asks this for a password: the token stays in the environment, out of files and commands.
HELPER = '!f() { echo username=x-access-token; echo "password=$GITHUB_TOKEN"; }; f'
# The first empty helper makes git forget those of the machine.
LOGIN = ("-c", "credential.helper=", "-c", f"credential.helper={HELPER}")


class CommitError(Exception):
    """Git refused; the message is git's."""


def commit_data(root: Path, data: Path, message: str) -> str:
    """Commit what changed in the data directory; return the commit, empty when nothing did."""
    folder = data.resolve().relative_to(root.resolve()).as_posix()
    git(root, "add", "--", folder)
    if not git(root, "diff", "--cached", "--name-only", "--", folder):
        return ""
    git(root, *AUTHOR, "commit", "--quiet", "--message", message, "--", folder)
    return git(root, "rev-parse", "HEAD")


def push(root: Path) -> None:
    """Push the branch; commits that others pushed meanwhile stay, and ours comes after them.

    Raises CommitError when they changed the same lines, or after a few tries.
    """
    branch = git(root, "rev-parse", "--abbrev-ref", "HEAD")
    login = LOGIN if os.environ.get("GITHUB_TOKEN") else ()
    for attempt in range(1, PUSHES + 1):
        try:
            git(root, *login, "push", "--quiet", "origin", f"HEAD:{branch}")
        except CommitError:
            if attempt == PUSHES:
                raise
        else:
            return
        git(root, *login, "fetch", "--quiet", "origin", branch)
        try:
            git(root, *AUTHOR, "rebase", "--quiet", "FETCH_HEAD")
        except CommitError:
            git(root, "rebase", "--abort")
            raise


def git(root: Path, *arguments: str) -> str:
    """Run git without a shell; return what it says. Raises CommitError."""
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        verb = next(word for word in arguments if not word.startswith("-") and "=" not in word)
        raise CommitError(f"git {verb} failed: {done.stderr.strip()[:1000]}")
    return done.stdout.strip()
