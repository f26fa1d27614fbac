"""The host of the published census: two repositories of the Hugging Face Hub, dataset and Space.

This is the one module that knows the host. Another host needs the same functions: `head`,
`ensure_repository`, `stage`, `commit`, `files_of`, `return_to`, `revisions` and `tag`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationCopy,
    CommitOperationDelete,
    HfApi,
)
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]

from census.collect.hub import connected
from census.collect.hub_transport import HubError, HubSettings

# An upload may take longer than a list of models.
TIMEOUT = 120.0
TRIES = 3
# The Hub writes this file itself when a repository is made.
HUB_FILES = (".gitattributes",)

Operation = CommitOperationAdd | CommitOperationDelete | CommitOperationCopy
FAULTS = (HubError, HfHubHTTPError, ValueError, RuntimeError, OSError)


class Repository(NamedTuple):
    """A repository of the host: its kind (`dataset` or `space`) and its name, `owner/name`."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Revision(NamedTuple):
    """One version of a repository."""

    id: str
    title: str
    date: str


@contextmanager
def host(endpoint: str, token: str, backoff: float = 1.0) -> Iterator[HfApi]:
    """Give the host's client; `backoff` is the wait before the second try, in seconds."""
    settings = HubSettings(
        endpoint=endpoint.rstrip("/"),
        token=token,
        timeout=TIMEOUT,
        tries=TRIES,
        backoff=backoff,
        sleep=time.sleep,
    )
    # Bars are for terminals; a log would be full of them.
    disable_progress_bars()
    with connected(settings) as api:
        yield api


def head(api: HfApi, repository: Repository) -> str:
    """Return the newest revision."""
    info = api.repo_info(repository.name, repo_type=repository.kind)
    return str(info.sha)


def ensure_repository(api: HfApi, repository: Repository) -> str:
    """Return the newest revision of a repository, which is created if missing."""
    try:
        return head(api, repository)
    except RepositoryNotFoundError:
        sdk = "docker" if repository.kind == "space" else None
        api.create_repo(repository.name, repo_type=repository.kind, space_sdk=sdk, exist_ok=True)
        return head(api, repository)


def files_of(api: HfApi, repository: Repository, revision: str) -> dict[str, str]:
    """Return the files of a revision: path -> id of the content."""
    tree = api.list_repo_tree(
        repository.name, recursive=True, revision=revision, repo_type=repository.kind
    )
    return {entry.path: entry.blob_id for entry in tree if isinstance(entry, RepoFile)}


def stage(
    api: HfApi, repository: Repository, files: Mapping[str, Path | bytes], revision: str
) -> list[Operation]:
    """Upload the files of a version without publishing it; return the operations for `commit`.

    Files that are not in `files` are removed by the commit.
    """
    additions = [
        CommitOperationAdd(path, content if isinstance(content, bytes) else str(content))
        for path, content in sorted(files.items())
    ]
    api.preupload_lfs_files(
        repository.name, additions, repo_type=repository.kind, free_memory=False
    )
    present = files_of(api, repository, revision)
    removed = [path for path in sorted(present) if path not in files and path not in HUB_FILES]
    return [*additions, *(CommitOperationDelete(path) for path in removed)]


def commit(
    api: HfApi, repository: Repository, operations: list[Operation], title: str, parent: str
) -> str:
    """Show a version, whole or not at all; return its revision.

    The host refuses when the newest revision is no longer `parent`.
    """
    info = api.create_commit(
        repository.name,
        operations,
        commit_message=title,
        repo_type=repository.kind,
        parent_commit=parent,
    )
    return str(info.oid)


def return_to(api: HfApi, repository: Repository, revision: str) -> str:
    """Make the newest revision equal to an earlier one; return the newest revision's id.

    History is kept: it is one more revision. Contents are copied on the host, not uploaded.
    """
    newest = head(api, repository)
    if newest == revision:
        return newest
    earlier_files = files_of(api, repository, revision)
    present = files_of(api, repository, newest)
    operations: list[Operation] = [
        CommitOperationCopy(path, path, src_revision=revision)
        for path, content in sorted(earlier_files.items())
        if present.get(path) != content
    ]
    operations += [
        CommitOperationDelete(path) for path in sorted(present) if path not in earlier_files
    ]
    if not operations:
        return newest
    return commit(api, repository, operations, f"Return to {revision[:12]}", newest)


def revisions(api: HfApi, repository: Repository, number: int = 10) -> list[Revision]:
    """Return the newest revisions, the newest first."""
    commits = api.list_repo_commits(repository.name, repo_type=repository.kind)
    return [
        Revision(entry.commit_id, entry.title, entry.created_at.isoformat())
        for entry in commits[:number]
    ]


def tag(api: HfApi, repository: Repository, name: str) -> None:
    """Tag the newest revision; nothing happens when it has this tag already."""
    api.create_tag(repository.name, tag=name, repo_type=repository.kind, exist_ok=True)
