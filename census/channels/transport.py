"""Requests to a source on the web, with time-outs, retries and bounds on the answer.

Redirects are not followed, a key is sent only to the address that is asked and appears in no
message, and an answer that breaks off or is too long is refused here.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx2

from census.base.printable import printable_line
from census.channels.collecting import CollectorError

PASSING_STATUSES = (408, 429, 500, 502, 503, 504)
# A source that asks to wait longer than this is not waited for: the next run comes tomorrow.
LONGEST_WAIT = 120.0
# An answer that trickles in without ever being late ends after so many time-outs.
DEADLINE = 8
LARGEST_ANSWER = 32 * 1024 * 1024
AGENT = "open-model-census (a public count of open models; asks once a day)"

T = TypeVar("T")


class NotThereError(CollectorError):
    """The source says that it does not have this (404)."""


class NotWholeError(ValueError):
    """An answer broke off or came from something else, such as a proxy: try again."""


@dataclass(frozen=True)
class Web:
    """One source on the web; seconds, except for `tries` and `largest` (bytes)."""

    source: str
    key: str = field(default="", repr=False)
    timeout: float = 30.0
    tries: int = 4
    backoff: float = 2.0
    largest: int = LARGEST_ANSWER
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def ask(self, url: str, read: Callable[[bytes], T]) -> T:
        """Return the answer as `read` parses it; raises CollectorError, which names the address.

        `read` raises NotWholeError for what should be asked for again, and ValueError, KeyError or
        TypeError for an answer that is whole and wrong.
        """
        wait = self.backoff
        for attempt in range(1, self.tries + 1):
            pause = wait
            try:
                status, headers, content = self._get(url)
                fault = f"it answers {status}"
                if status == httpx2.codes.OK:
                    return self._read(url, content, read)
                if status not in PASSING_STATUSES:
                    hint = "; is the key right?" if status in (401, 403) and self.key else ""
                    kind = NotThereError if status == httpx2.codes.NOT_FOUND else CollectorError
                    raise kind(f"{self.source}: {fault}{hint} ({url})")
                retry_after = headers.get("Retry-After", "").strip()
                pause = (
                    float(retry_after)
                    if retry_after.isascii() and retry_after.isdecimal()
                    else wait
                )
            except httpx2.HTTPError as error:
                fault = f"no answer: {printable_line(error, self.key) or type(error).__name__}"
            except NotWholeError as error:
                fault = printable_line(error, self.key)
            if attempt == self.tries or pause > LONGEST_WAIT:
                break
            self.sleep(pause)
            wait *= 2
        raise CollectorError(f"{self.source}: {fault} (tried {attempt} times; {url})")

    def _read(self, url: str, content: bytes, read: Callable[[bytes], T]) -> T:
        try:
            return read(content)
        except NotWholeError:
            raise
        except KeyError as error:
            raise CollectorError(f"{self.source}: the answer has no {error} ({url})") from None
        except (ValueError, TypeError, RecursionError) as error:
            reason = printable_line(error, self.key)
            raise CollectorError(f"{self.source}: {reason} ({url})") from None

    def _get(self, url: str) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers and content; the key goes nowhere but to the endpoint."""
        headers = {"User-Agent": AGENT}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        with (
            httpx2.Client(timeout=self.timeout, follow_redirects=False) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            chunks: list[bytes] = []
            size = 0
            deadline = time.monotonic() + DEADLINE * self.timeout
            for chunk in response.iter_bytes():
                chunks.append(chunk)
                size += len(chunk)
                if time.monotonic() > deadline:
                    raise httpx2.ReadTimeout("the answer takes too long")
                if size > self.largest:
                    raise CollectorError(f"{self.source}: the answer is too large ({url})")
            return response.status_code, response.headers, b"".join(chunks)


def read_json(content: bytes) -> Any:
    """Return the value of an answer in JSON; raises NotWholeError for an invalid one."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        reason = f"the answer is no JSON: {_beginning(content)}"
        raise NotWholeError(reason) from None


def read_text(content: bytes) -> str:
    """Return the text of a CSV answer; raises NotWholeError for a page, or one that breaks off.

    Sources end their last line, so that one without an end was cut.
    """
    if content.lstrip()[:1] == b"<":
        raise NotWholeError(f"a page instead of CSV: {_beginning(content)}")
    if not content.endswith(b"\n"):
        raise NotWholeError(f"the CSV breaks off: {_beginning(content[-80:])}")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"the CSV is not UTF-8 at byte {error.start}") from None


def _beginning(content: bytes) -> str:
    return printable_line(content[:80].decode("utf-8", errors="replace"))


def as_whole(value: object, largest: int) -> int:
    """Return a value that must be a whole number from 0 to `largest`; raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= largest:
        raise ValueError(f"{printable_line(value)} is not a whole number from 0 to {largest:,}")
    return value
