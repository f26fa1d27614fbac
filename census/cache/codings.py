"""Content codings: which one a client takes, and bytes in it, whole or piece by piece."""

from __future__ import annotations

import gzip
import zlib
from functools import lru_cache
from typing import Any

import brotli

# A smaller answer fits into one packet anyway, so it is not compressed.
SMALLEST = 500
# An answer is made once, but streams are compressed while somebody waits.
BROTLI_QUALITY = 5
GZIP_LEVEL = 6
GZIP_WINDOW = 31
# Types that are not compressed: events, which must arrive one by one, and files that are compressed
# already. Everything else that is served is text.
PACKED = (
    *(b"text/event-stream", b"image/png", b"image/x-icon", b"image/vnd.", b"font/"),
    *(b"application/zip", b"application/gzip", b"application/octet-stream", b"application/vnd."),
)
CODINGS = ("br", "gzip")


@lru_cache(256)
def coding_of(accept_encoding: bytes) -> str:
    """Return the coding for a client, empty for none: the one it wants most, else the smallest.

    A client that takes anything (`*`) gets gzip, which everything reads.
    """
    weights: dict[str, float] = {}
    for part in accept_encoding.decode("latin-1").lower().split(","):
        coding, *options = (piece.strip() for piece in part.split(";"))
        weight = next((option[2:] for option in options if option.startswith("q=")), "1")
        try:
            weights[coding] = float(weight)
        except ValueError:
            weights[coding] = 0.0
    weights["gzip"] = weights.get("gzip", weights.get("*", 0.0))
    best = max(CODINGS, key=lambda coding: weights.get(coding, 0.0))
    return best if weights.get(best, 0.0) > 0 else ""


def is_compressible_type(content_type: bytes) -> bool:
    """Return whether bytes of a type become fewer."""
    return not content_type.startswith(PACKED)


def encoded(coding: str, body: bytes) -> bytes:
    """Return bytes in a coding; the empty one is the bytes as they are."""
    if coding == "br":
        packed: bytes = brotli.compress(body, quality=BROTLI_QUALITY)
        return packed
    return gzip.compress(body, GZIP_LEVEL, mtime=0) if coding == "gzip" else body


def decoded(coding: str, body: bytes) -> bytes:
    """Return the bytes that were put into a coding."""
    if coding == "br":
        plain: bytes = brotli.decompress(body)
        return plain
    return gzip.decompress(body) if coding == "gzip" else body


class Encoder:
    """Bytes of a stream in a coding, piece by piece; not for the empty one."""

    def __init__(self, coding: str) -> None:
        self._brotli: Any = brotli.Compressor(quality=BROTLI_QUALITY) if coding == "br" else None
        self._gzip = None if self._brotli else zlib.compressobj(GZIP_LEVEL, wbits=GZIP_WINDOW)

    def piece(self, body: bytes, last: bool) -> bytes:
        """Return the compressed bytes that are ready after one more piece, all after the last."""
        if self._gzip is not None:
            ready = self._gzip.compress(body)
            return ready + self._gzip.flush() if last else ready
        ready = self._brotli.process(body)
        return bytes(ready + self._brotli.finish() if last else ready)


def with_coding(mark: str, coding: str) -> str:
    """Return the ETag of the bytes in a coding: `"abc"` → `"abc-gzip"`."""
    return f'{mark[:-1]}-{coding}"' if coding and mark.endswith('"') else mark


def without_codings(if_none_match: str) -> str:
    """Return `If-None-Match` with the ETags that the bytes had before they were compressed."""
    for coding in CODINGS:
        if_none_match = if_none_match.replace(f'-{coding}"', '"')
    return if_none_match
