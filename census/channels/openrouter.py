"""OpenRouter's Data API: the tokens of the fifty largest models of a day, and of all the others.

Shape and rules as in https://openrouter.ai/docs/api/api-reference/datasets/get-rankings-daily
(read on 2026-11-26): `data` has up to 51 rows a UTC day, `total_tokens` is a decimal string, the
row `other` sums what is outside the fifty, and `meta` says of which days and when the answer is.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx2

from census.base.printable import shown
from census.channels.collecting import CollectorError
from census.channels.files import ChannelCount, ChannelDay, check_channel_count

ENDPOINT = "https://openrouter.ai"
PATH = "/api/v1/datasets/rankings-daily"
METRIC = "tokens"
VERSION = "v1"
# The fifty largest and one sum; more is another data set than the documented one.
MOST_ROWS = 51
LARGEST_ANSWER = 32 * 1024 * 1024
PASSING_STATUSES = (408, 429, 500, 502, 503, 504)
# What a source asks to wait beyond this is not waited for: the next run comes tomorrow.
LONGEST_WAIT = 120.0
# An answer that trickles in without ever being late ends after so many time-outs.
DEADLINE = 8


@dataclass(frozen=True)
class OpenRouter:
    """The collector of OpenRouter; seconds, except for `tries`."""

    key: str = field(repr=False)
    endpoint: str = ENDPOINT
    timeout: float = 30.0
    tries: int = 4
    backoff: float = 2.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    source: str = "openrouter"
    channel: str = "openrouter"
    begins: date = date(2025, 1, 1)
    days_at_once: int = 90

    def fetch(self, first: date, last: date) -> Mapping[date, ChannelDay]:
        """Return the days from `first` to `last`, each with its rows; raises CollectorError."""
        url = f"{self.endpoint}{PATH}?start_date={first}&end_date={last}"
        answer = self._answer(url)
        try:
            return read_answer(answer, first, last, url, self.source)
        except (KeyError, TypeError, ValueError) as error:
            raise CollectorError(f"openrouter: {shown(error, self.key)}") from None

    def _answer(self, url: str) -> Any:
        wait = self.backoff
        for attempt in range(1, self.tries + 1):
            pause = wait
            try:
                status, headers, content = self._get(url)
            except httpx2.HTTPError as error:
                fault = f"no answer: {shown(error, self.key) or type(error).__name__}"
            else:
                fault = f"it answers {status}"
                if status == httpx2.codes.OK:
                    try:
                        return json.loads(content)
                    except ValueError:
                        fault = f"the answer is no JSON: {shown(content[:80], self.key)}"
                elif status not in PASSING_STATUSES:
                    hint = "; is the key right?" if status in (401, 403) else ""
                    raise CollectorError(f"openrouter: {fault}{hint}")
                asked = headers.get("Retry-After", "").strip()
                pause = float(asked) if asked.isdecimal() else wait
            if attempt == self.tries or pause > LONGEST_WAIT:
                break
            self.sleep(pause)
            wait *= 2
        raise CollectorError(f"openrouter: {fault} (tried {attempt} times)")

    def _get(self, url: str) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers and content; the key goes nowhere but to the endpoint."""
        headers = {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}
        with (
            httpx2.Client(timeout=self.timeout, follow_redirects=False) as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            content = b""
            deadline = time.monotonic() + DEADLINE * self.timeout
            for chunk in response.iter_bytes():
                content += chunk
                if time.monotonic() > deadline:
                    raise httpx2.ReadTimeout("the answer takes too long")
                if len(content) > LARGEST_ANSWER:
                    raise CollectorError("openrouter: the answer is too large")
            return response.status_code, response.headers, content


def read_answer(
    answer: Any, first: date, last: date, url: str, source: str
) -> dict[date, ChannelDay]:
    """Return the days of an answer; raises ValueError, KeyError or TypeError where it is wrong."""
    meta, data = answer["meta"], answer["data"]
    if meta["version"] != VERSION:
        raise ValueError(f"version {meta['version']!r} of the data set is not {VERSION}")
    as_of = str(meta["as_of"])
    date.fromisoformat(as_of[:10])
    if not isinstance(data, list):
        raise ValueError("data is not a list")
    rows: dict[date, dict[str, ChannelCount]] = {}
    for row in data:
        day = date.fromisoformat(row["date"])
        if not first <= day <= last:
            raise ValueError(f"a row of {day} was not asked for")
        count = read_row(row)
        of_day = rows.setdefault(day, {})
        if count.name in of_day:
            raise ValueError(f"{count.name} stands twice on {day}")
        of_day[count.name] = count
        if len(of_day) > MOST_ROWS:
            raise ValueError(f"more than {MOST_ROWS} rows on {day}")
    return {
        day: ChannelDay(source, day, tuple(counts.values()), "stated for each row", url, "", as_of)
        for day, counts in rows.items()
    }


def read_row(row: Any) -> ChannelCount:
    """Return the count of a row; raises ValueError, KeyError or TypeError."""
    name, tokens = row["model_permaslug"], row["total_tokens"]
    if not isinstance(name, str) or not isinstance(tokens, str):
        raise ValueError(f"a row is not of the documented form: {shown(row)}")
    if not (tokens.isascii() and tokens.isdecimal() and len(tokens) < 18):
        raise ValueError(f"{shown(name)}: total_tokens {shown(tokens)} is not a whole number")
    count = ChannelCount(name, METRIC, int(tokens))
    check_channel_count(count, METRIC)
    return count
