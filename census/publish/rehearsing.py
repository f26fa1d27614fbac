"""A dry run of publishing: whose token it is, and which files would be written where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi
from huggingface_hub.errors import RepositoryNotFoundError

from census.publish import hosting
from census.publish.hosting import Repository
from census.publish.publishing import (
    PublishError,
    Target,
    check_build,
    dataset_files,
    space_files,
)

WRITE = "repo.write"


def check_token(api: HfApi, target: Target) -> list[str]:
    """Return the owner and the rights of a token in words; raises PublishError if they lack any.

    A token with more rights than needed is reported, and is no fault.
    """
    account = api.whoami()
    token = account.get("auth", {}).get("accessToken", {})
    lines = [
        f"the token {token.get('displayName', '')!r} of {account['name']}, role {token['role']}"
    ]
    lacking = [
        repository for repository in target.repositories if not may_write(account, repository)
    ]
    if lacking:
        raise PublishError(
            f"{lines[0]} may not write to {' and '.join(map(str, lacking))}; make a fine-grained"
            " token that may write to repositories of their owner"
        )
    lines += [f"it may write to {repository}" for repository in target.repositories]
    if token["role"] == "write":
        lines.append("it may write to everything of its owner: a fine-grained one would be safer")
    return lines


def may_write(account: Mapping[str, Any], repository: Repository) -> bool:
    """Return whether a token may write to a repository; `account` is the Hub's answer about it.

    A repository that is not there yet can be made by who may write to those of its owner.
    """
    token = account["auth"]["accessToken"]
    owner = repository.name.split("/")[0]
    if token["role"] == "write":
        return owner in (
            account["name"],
            *(organisation["name"] for organisation in account.get("orgs", ())),
        )
    scopes: Iterable[Mapping[str, Any]] = token.get("fineGrained", {}).get("scoped", ())
    return any(
        WRITE in scope.get("permissions", ())
        and (scope["entity"].get("type"), scope["entity"].get("name"))
        in (("user", owner), ("org", owner), (repository.kind, repository.name))
        for scope in scopes
    )


def plan(
    api: HfApi,
    root: Path,
    status: Mapping[str, Any],
    target: Target,
    announce: Callable[[str], None],
) -> None:
    """Say what `publish` would write to each repository; nothing is uploaded or made."""
    check_build(root, status)
    makers = {"dataset": dataset_files, "space": space_files}
    for repository in target.repositories:
        files = makers[repository.kind](root, status, target)
        size = sum(
            len(content) if isinstance(content, bytes) else content.stat().st_size
            for content in files.values()
        )
        try:
            revision = hosting.head(api, repository)
            present = hosting.files_of(api, repository, revision)
            state = f"is there, at {revision[:12]}"
        except RepositoryNotFoundError:
            present, state = {}, "would be made"
        new = len(files.keys() - present.keys())
        removed = len(present.keys() - files.keys() - set(hosting.HUB_FILES))
        announce(
            f"{repository}: {state}; {len(files)} files, {size / 1e6:.1f} MB;"
            f" {new} names that are new, {removed} that would go"
        )
