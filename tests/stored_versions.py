"""What the stand-in for the Hub's repositories keeps: files, revisions, tags."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

MAIN = "main"


@dataclass(frozen=True)
class Blob:
    """The content of one file; `large` is whether it is in large-file storage."""

    content: bytes
    large: bool

    @property
    def sha256(self) -> str:
        """The content's SHA-256."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def oid(self) -> str:
        """The id that git would give: of the content, or of the pointer to it."""
        text = self.content
        if self.large:
            text = (
                "version https://git-lfs.github.com/spec/v1\n"
                f"oid sha256:{self.sha256}\nsize {len(self.content)}\n"
            ).encode()
        return hashlib.sha1(b"blob %d\0" % len(text) + text).hexdigest()


@dataclass
class Version:
    """One revision: its id, its title, its files by path."""

    id: str
    title: str
    files: dict[str, Blob]


@dataclass
class Stored:
    """A repository: its revisions, the newest last, and its tags."""

    versions: list[Version]
    tags: dict[str, str] = field(default_factory=dict)
    made_as: dict[str, object] = field(default_factory=dict)

    @property
    def head(self) -> Version:
        """The newest revision."""
        return self.versions[-1]

    def at(self, revision: str) -> Version | None:
        """Return a revision by its id, or the newest for `main`."""
        if revision == MAIN:
            return self.head
        return next((one for one in self.versions if one.id == revision), None)
