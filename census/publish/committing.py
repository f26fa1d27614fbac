"""Commits a day: only the data directory, as one commit, pushed after the commits of others."""

from __future__ import annotations

import os
from pathlib import Path

from census.base.git import GitError, git

PUSHES = 3
AUTHOR = ("-c", "user.name=Census bot", "-c", "user.email=bot@users.noreply.github.com")
# Git asks this for a password: the token stays in the environment, out of files and commands.
HELPER = '!f() { echo username=x-access-token; echo "password=$GITHUB_TOKEN"; }; f'
# The empty helper makes git forget the helpers that the machine has configured.
LOGIN = ("-c", "credential.helper=", "-c", f"credential.helper={HELPER}")


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

    Raises GitError when they changed the same lines, or after a few tries.
    """
    branch = git(root, "rev-parse", "--abbrev-ref", "HEAD")
    login = LOGIN if os.environ.get("GITHUB_TOKEN") else ()
    for attempt in range(1, PUSHES + 1):
        try:
            git(root, *login, "push", "--quiet", "origin", f"HEAD:{branch}")
        except GitError:
            if attempt == PUSHES:
                raise
        else:
            return
        git(root, *login, "fetch", "--quiet", "origin", branch)
        try:
            git(root, *AUTHOR, "rebase", "--quiet", "FETCH_HEAD")
        except GitError:
            git(root, "rebase", "--abort")
            raise
