"""Parts of answers: of files on disk, and of answers that are kept whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.responses import FileResponse

from census.cache.memory import KeptAnswer

# One range: first and last byte, or the first only, or how many last ones. Whoever wants several
# at once gets the whole, as the standard allows.
RANGE = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)
# A file is read in pieces of this size.
CHUNK = 256 * 1024


class StoredFile(FileResponse):
    """A file on disk with its length, whole or in the parts that are asked for."""

    chunk_size = CHUNK


async def send_stored(
    request: Any, receive: Any, send: Any, path: Path, kind: str, headers: Mapping[str, str]
) -> None:
    """Send a file on disk, whole or in parts; `kind` is its content type.

    Where the headers have no ETag, one is made of its size and time.
    """
    response = StoredFile(path, headers=headers, media_type=kind)
    await response(request.scope, receive, send)


def requested_part(answer: KeptAnswer, request_headers: Mapping[bytes, bytes]) -> KeptAnswer:
    """Return the part of a kept answer that a request wants, or the whole, or 416.

    The names of `request_headers` are in small letters. A part of other bytes than the client has
    is not sent: then it gets the whole.
    """
    range_match = RANGE.fullmatch(request_headers.get(b"range", b"").decode("latin-1"))
    condition = request_headers.get(b"if-range", b"").decode("latin-1").strip()
    if answer.status != 200 or range_match is None or condition not in ("", answer.mark):
        return answer
    first, last = range_match.groups()
    size = len(answer.body)
    if not first and not last:
        return answer
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if first and last and int(last) < int(first):
        return answer
    others = [pair for pair in answer.headers if pair[0] != b"content-length"]
    if start >= size:
        none = ((b"content-range", f"bytes */{size}".encode()), (b"content-length", b"0"))
        return KeptAnswer(416, (*others, *none), b"", answer.mark)
    body = answer.body[start:end]
    content_range = (
        (b"content-range", f"bytes {start}-{end - 1}/{size}".encode()),
        (b"content-length", str(len(body)).encode()),
    )
    return KeptAnswer(206, (*others, *content_range), body, answer.mark)
