"""Validators of answers: their ETags, and whether a client has the same bytes already.

An ETag stands for bytes. So it is of the bytes themselves, or, where they are not known when the
answer begins, of everything that decides them: the data, the code, the address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

# What decides the bytes of an answer beside the data, below the root of the repository.
CODE = ("census", "plugins", "templates", "canned_queries")
CODE_FILES = ("metadata.yml", "settings.json", "requirements.lock")


def code_mark(root: Path) -> str:
    """Return a short hash of all code, templates, questions and settings."""
    digest = hashlib.sha256()
    files = [path for folder in CODE for path in sorted((root / folder).rglob("*"))]
    for path in (*files, *(root / name for name in CODE_FILES)):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:24]


def mark_of(parts: Iterable[str]) -> str:
    """Return a strong ETag of what decides an answer."""
    text = "\n".join(parts)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def mark_of_bytes(body: bytes) -> str:
    """Return a strong ETag of an answer's bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'


def is_known(if_none_match: str, mark: str) -> bool:
    """Return whether `If-None-Match` names an ETag, by the weak comparison of RFC 9110."""
    marks = [etag.strip().removeprefix("W/") for etag in if_none_match.split(",")]
    return "*" in marks or mark.removeprefix("W/") in marks
