"""Publishing: the dataset repository and the site, both or none, and the way back."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from huggingface_hub import HfApi

from census.base.csv_files import DataError, Problem
from census.base.files import sha256_of, write_json
from census.base.printable import printable_line
from census.database.status import STATUS
from census.publish import hosting
from census.publish.hosting import Repository

RECORD = "publication.json"
DATABASE_FILE = "census.db"
CARDS = Path("docs/cards")
# What runs and tools leave in the data directory.
NOT_DATA = (".lock", ".pending")

Announce = Callable[[str], None]


class PublishError(Exception):
    """Publishing failed and nothing new is public; the message says why and what was undone."""


class Target(NamedTuple):
    """The repositories to publish to; one without a name is left out."""

    dataset: Repository | None
    space: Repository | None

    @property
    def repositories(self) -> list[Repository]:
        """The repositories in the order in which they are shown: first the data."""
        return [repository for repository in (self.dataset, self.space) if repository is not None]


def make_target(dataset: str, space: str) -> Target:
    """Return the target that two names (or empty texts) say."""
    return Target(
        Repository("dataset", dataset) if dataset else None,
        Repository("space", space) if space else None,
    )


def image_parts(root: Path) -> list[str]:
    """Return the files of the image: those that `.dockerignore` lets through."""
    lines = (root / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line[1:] for line in lines if line.startswith("!")]


def files_under(path: Path) -> Iterator[Path]:
    """Return a file, or the files of a directory without those of tools, sorted."""
    if path.is_file():
        yield path
    for inner in sorted(path.rglob("*")):
        parts = inner.relative_to(path).parts
        skipped = any(part in (*NOT_DATA, "__pycache__") for part in parts)
        if inner.is_file() and not skipped and inner.suffix != ".tmp":
            yield inner


def card(root: Path, name: str, status: Mapping[str, Any], target: Target) -> bytes:
    """Return a repository's front page, filled with the build's numbers."""
    text = (root / CARDS / f"{name}.md").read_text(encoding="utf-8")
    values = {
        "through": status["through"].get("frontier") or "no day yet",
        "sha256": status["sha256"],
        "models": f"{status['rows']['models']:,}",
        "observations": f"{status['rows']['history']:,}",
        "dataset": target.dataset.name if target.dataset else "",
        "space": target.space.name if target.space else "",
    }
    for key, value in values.items():
        text = text.replace(f"{{{{ {key} }}}}", value)
    return text.encode()


def space_files(root: Path, status: Mapping[str, Any], target: Target) -> dict[str, Path | bytes]:
    """Return the files of the site: the Dockerfile and what it copies, by path."""
    files: dict[str, Path | bytes] = {}
    for part in [*image_parts(root), "Dockerfile", ".dockerignore"]:
        for path in files_under(root / part):
            files[path.relative_to(root).as_posix()] = path
    # Charts of earlier databases are not served.
    current_charts = f"charts/{status['sha256']}/"
    files = {
        path: content
        for path, content in files.items()
        if not path.startswith("charts/") or path.startswith(current_charts)
    }
    files["README.md"] = card(root, "space", status, target)
    return files


def dataset_files(root: Path, status: Mapping[str, Any], target: Target) -> dict[str, Path | bytes]:
    """Return the files of the dataset: the database, the data as they are, exports if present."""
    files: dict[str, Path | bytes] = {
        DATABASE_FILE: root / DATABASE_FILE,
        f"{DATABASE_FILE}.gz": gzipped((root / DATABASE_FILE).read_bytes()),
        STATUS: root / STATUS,
        "README.md": card(root, "dataset", status, target),
    }
    for folder in ("data", "exports"):
        if (root / folder).is_dir():
            for path in files_under(root / folder):
                files[path.relative_to(root).as_posix()] = path
    return files


def gzipped(content: bytes) -> bytes:
    """Return a gzip file that is the same for the same content: without name and time."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0, filename="") as file:
        file.write(content)
    return buffer.getvalue()


def check_build(root: Path, status: Mapping[str, Any]) -> None:
    """Raise DataError unless the database, its inspection and the status are of one build."""
    database = root / DATABASE_FILE
    if not database.is_file():
        raise DataError([Problem(str(database), 0, "the database is missing; build first")])
    digest = sha256_of(database)
    inspected = json.loads((root / "inspect-data.json").read_text(encoding="utf-8"))
    for name, stated_hash in (
        (STATUS, status["sha256"]),
        ("inspect-data.json", inspected["census"]["hash"]),
    ):
        if stated_hash != digest:
            reason = (
                f"it is of the database {stated_hash[:12]}, which is now {digest[:12]}; build again"
            )
            raise DataError([Problem(str(root / name), 0, reason)])


def publish(
    api: HfApi, root: Path, status: Mapping[str, Any], target: Target, announce: Announce
) -> None:
    """Publish what was built: upload everything, then show the data, then the site.

    What was there before is written to `publication.json` first, so that `restore` finds the way
    back whatever happens. Raises PublishError after taking back what was shown already.
    """
    check_build(root, status)
    makers = {"dataset": dataset_files, "space": space_files}
    title = f"Data through {status['through'].get('frontier')}, {status['sha256'][:12]}"
    revisions_before: dict[Repository, str] = {}
    try:
        staged = {}
        for repository in target.repositories:
            revisions_before[repository] = hosting.ensure_repository(api, repository)
            files = makers[repository.kind](root, status, target)
            announce(f"{repository}: uploading {len(files)} files")
            staged[repository] = (
                files,
                hosting.stage(api, repository, files, revisions_before[repository]),
            )
    except hosting.FAULTS as error:
        raise PublishError(f"nothing was published: {printable_line(error, api.token)}") from error
    _record(root, status, revisions_before)
    try:
        for repository, (files, operations) in staged.items():
            revision = hosting.commit(
                api, repository, operations, title, revisions_before[repository]
            )
            missing = files.keys() - hosting.files_of(api, repository, revision).keys()
            if missing:
                raise ValueError(
                    f"{repository}: the host left out {', '.join(sorted(missing)[:3])}"
                )
            announce(f"{repository}: {revision[:12]}")
    except hosting.FAULTS as error:
        reason = printable_line(error, api.token)
        outcome = _take_back(api, revisions_before)
        raise PublishError(f"publishing failed half-way: {reason}\n{outcome}") from error


def _take_back(api: HfApi, revisions_before: Mapping[Repository, str]) -> str:
    lines = []
    for repository, revision in revisions_before.items():
        try:
            hosting.return_to(api, repository, revision)
            lines.append(f"{repository}: is as it was before, {revision[:12]}")
        except hosting.FAULTS as error:
            lines.append(
                f"{repository}: could not be taken back ({printable_line(error, api.token)});"
                " run `make restore`"
            )
    return "\n".join(lines)


def _record(
    root: Path, status: Mapping[str, Any], revisions_before: Mapping[Repository, str]
) -> None:
    content = {
        "sha256": status["sha256"],
        "before": [
            {"kind": repository.kind, "name": repository.name, "revision": revision}
            for repository, revision in revisions_before.items()
        ],
    }
    write_json(root / RECORD, content)


def restore(api: HfApi, root: Path, announce: Announce) -> bool:
    """Restore the revisions that `publication.json` has as those before; False without publication.

    The record is removed when that is done, so that a second run changes nothing.
    """
    path = root / RECORD
    if not path.is_file():
        return False
    for before in json.loads(path.read_text(encoding="utf-8"))["before"]:
        repository = Repository(before["kind"], before["name"])
        restore_to(api, repository, before["revision"], announce)
    path.unlink()
    return True


def restore_to(api: HfApi, repository: Repository, revision: str, announce: Announce) -> None:
    """Return one repository to a revision; raises PublishError."""
    try:
        newest = hosting.return_to(api, repository, revision)
    except hosting.FAULTS as error:
        reason = printable_line(error, api.token)
        raise PublishError(f"{repository}: not restored to {revision[:12]}: {reason}") from error
    announce(f"{repository}: as it was at {revision[:12]} (now {newest[:12]})")
