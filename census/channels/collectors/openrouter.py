"""OpenRouter: the tokens of the fifty largest models of a day, and of all the others.

With a key its Data API is asked, shape and rules as in
https://openrouter.ai/docs/api/api-reference/datasets/get-rankings-daily (read on 2026-11-26):
`data` has up to 51 rows a UTC day, `total_tokens` is a decimal string, the row `other` sums what is
outside the fifty, and `meta` says of which days and when the answer is.

Without a key its daily exports are, which anybody may read (index, manifests and a day's file as
kept in ukitako1030/EVAL at 1fca0535, pipeline/test/fixtures/openrouter/): a snapshot a day in CSV
with the thirty days before it, and a manifest with its size and SHA-256.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from census.base.printable import printable_line
from census.channels.collecting import Collector, CollectorError
from census.channels.collectors import endpoint
from census.channels.files import ChannelCount, ChannelDay, check_channel_count
from census.channels.transport import (
    NotThereError,
    NotWholeError,
    Web,
    as_whole,
    read_json,
    read_text,
)

SOURCE = "openrouter"
ENDPOINT = "https://openrouter.ai"
KEY = "OPENROUTER_API_KEY"
PATH = "/api/v1/datasets/rankings-daily"
EXPORTS = "/api/v1/datasets/exports/rankings-daily"
METRIC = "tokens"
VERSION = "v1"
# The fifty largest and one sum; more is another data set than the documented one.
MOST_ROWS = 51
OTHER = "other"
FIRST_OF_API = date(2025, 1, 1)
# The oldest snapshot that there is, of 2026-09-19, has the thirty days before it.
FIRST_OF_EXPORTS = date(2026, 8, 20)
DAYS_OF_SNAPSHOT = 30
COLUMNS = ("date", "model_permaslug", "rank", "total_tokens", "share_of_daily_tokens")
LICENCE = "CC BY 4.0"
LARGEST_FILE = 4 * 1024 * 1024
# Shares are written with some decimals; of 51 rows they miss 1 by less than this.
SHARE_SLACK = 0.001


def collectors(environ: Mapping[str, str], _: Path) -> Iterator[Collector]:
    """Give the collector of the Data API where there is a key, else that of the exports."""
    address = endpoint(environ, SOURCE, ENDPOINT)
    key = environ.get(KEY, "")
    yield OpenRouter(Web(SOURCE, key), address) if key else OpenRouterExports(Web(SOURCE), address)


class OpenRouter(NamedTuple):
    """The Data API, which any key of an account opens."""

    web: Web
    endpoint: str = ENDPOINT
    source: str = SOURCE
    channel: str = SOURCE
    begins: date | None = FIRST_OF_API
    days_at_once: int = 90
    hint: str = ""

    def fetch(self, first: date, last: date) -> Mapping[date, ChannelDay]:
        """Return the days from `first` to `last`, each with its rows; raises CollectorError."""
        url = f"{self.endpoint}{PATH}?start_date={first}&end_date={last}"
        return self.web.ask(
            url, lambda content: read_answer(read_json(content), first, last, url, self.source)
        )


def read_answer(
    response: Any, first: date, last: date, url: str, source: str
) -> dict[date, ChannelDay]:
    """Return the days of an answer; raises ValueError, KeyError or TypeError where it is wrong."""
    meta, data = response["meta"], response["data"]
    if meta["version"] != VERSION:
        raise ValueError(
            f"version {printable_line(meta['version'])} of the data set is not {VERSION}"
        )
    as_of = str(meta["as_of"])
    date.fromisoformat(as_of[:10])
    if not isinstance(data, list):
        raise ValueError("data is not a list")
    rows: dict[date, dict[str, ChannelCount]] = {}
    for row in data:
        day = date.fromisoformat(row["date"])
        if not first <= day <= last:
            raise ValueError(f"a row of {day} was not asked for")
        add_count(rows.setdefault(day, {}), read_row(row), day)
    return {
        day: ChannelDay(source, day, tuple(counts.values()), "stated for each row", url, "", as_of)
        for day, counts in rows.items()
    }


def add_count(counts_of_day: dict[str, ChannelCount], count: ChannelCount, day: date) -> None:
    """Add a count to those of its day; raises ValueError for one too many."""
    if count.name in counts_of_day:
        raise ValueError(f"{count.name} stands twice on {day}")
    counts_of_day[count.name] = count
    if len(counts_of_day) > MOST_ROWS:
        raise ValueError(f"more than {MOST_ROWS} rows on {day}")


def read_row(row: Any) -> ChannelCount:
    """Return the count of a row; raises ValueError, KeyError or TypeError."""
    name, tokens = row["model_permaslug"], row["total_tokens"]
    if not isinstance(name, str) or not isinstance(tokens, str):
        raise ValueError(f"a row is not of the documented form: {printable_line(row)}")
    if not (tokens.isascii() and tokens.isdecimal() and len(tokens) < 18):
        raise ValueError(
            f"{printable_line(name)}: total_tokens {printable_line(tokens)} is not a whole number"
        )
    count = ChannelCount(name, METRIC, int(tokens))
    check_channel_count(count, METRIC)
    return count


class Snapshot(NamedTuple):
    """What a manifest says of a snapshot of the exports."""

    day: date
    rows: int
    size: int
    sha256: str


class OpenRouterExports(NamedTuple):
    """The daily exports, which need no key."""

    web: Web
    endpoint: str = ENDPOINT
    source: str = SOURCE
    channel: str = SOURCE
    begins: date | None = FIRST_OF_EXPORTS
    days_at_once: int = DAYS_OF_SNAPSHOT
    hint: str = f"{KEY} opens the days from {FIRST_OF_API} on"

    def fetch(self, first: date, last: date) -> Mapping[date, ChannelDay]:
        """Return the days from `first` to `last` of the newest snapshot that has them all.

        Raises CollectorError. A snapshot that is missing is passed over for the one before it.
        """
        newest = self._manifest("latest").day
        if newest <= last:
            raise CollectorError(
                f"{self.source}: its newest snapshot, of {newest}, does not have {last} yet"
            )
        snapshot = min(newest, first + timedelta(days=DAYS_OF_SNAPSHOT))
        while True:
            try:
                manifest = self._manifest(snapshot.isoformat())
                break
            except NotThereError:
                snapshot -= timedelta(days=1)
                if snapshot <= last:
                    raise
        if manifest.day != snapshot:
            raise CollectorError(f"{self.source}: the manifest of {snapshot} is of {manifest.day}")
        url = f"{self.endpoint}{EXPORTS}/{snapshot}.csv"
        days = self.web.ask(url, lambda content: read_snapshot(content, manifest, url, self.source))
        return {day: channel_day for day, channel_day in days.items() if first <= day <= last}

    def _manifest(self, name: str) -> Snapshot:
        url = f"{self.endpoint}{EXPORTS}/{name}.manifest.json"
        return self.web.ask(url, lambda content: read_manifest(read_json(content)))


def read_manifest(manifest: Any) -> Snapshot:
    """Return a manifest's snapshot; raises ValueError, KeyError or TypeError where it is wrong."""
    if manifest["dataset"] != "rankings-daily" or manifest["schema_version"] != VERSION:
        format_stated = f"{manifest['dataset']} {manifest['schema_version']}"
        raise ValueError(
            f"the data set is {printable_line(format_stated)}, not rankings-daily {VERSION}"
        )
    if manifest["license"]["name"] != LICENCE:
        raise ValueError(
            f"the licence is {printable_line(manifest['license']['name'])}, not {LICENCE}"
        )
    file = manifest["files"]["csv"]
    return Snapshot(
        date.fromisoformat(manifest["snapshot_date"]),
        as_whole(manifest["row_count"], DAYS_OF_SNAPSHOT * MOST_ROWS),
        as_whole(file["bytes"], LARGEST_FILE),
        str(file["sha256"]),
    )


def read_snapshot(
    content: bytes, manifest: Snapshot, url: str, source: str
) -> dict[date, ChannelDay]:
    """Return the days of a snapshot's CSV; raises ValueError where it is wrong.

    A file that does not match its manifest broke off, or was published before or after it.
    """
    text = read_text(content)
    if len(content) != manifest.size or hashlib.sha256(content).hexdigest() != manifest.sha256:
        raise NotWholeError(f"{len(content)} bytes that are not those of the manifest")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if (header := tuple(next(reader, ()))) != COLUMNS:
            raise ValueError(
                f"columns {printable_line(','.join(header))}; expected {','.join(COLUMNS)}"
            )
        rows: dict[date, list[tuple[ChannelCount, str, str]]] = {}
        for number, values in enumerate(reader, start=1):
            try:
                day, row = read_export_row(values, manifest.day)
            except ValueError as error:
                raise ValueError(f"line {reader.line_num}: {error}") from None
            rows.setdefault(day, []).append(row)
            if number > manifest.rows:
                break
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}") from None
    if (rows_read := sum(map(len, rows.values()))) != manifest.rows:
        raise ValueError(f"{rows_read} rows; the manifest says {manifest.rows}")
    basis = f"stated for each row of the snapshot of {manifest.day}"
    return {
        day: ChannelDay(source, day, check_day(rows_of_day, day), basis, url, "", "")
        for day, rows_of_day in rows.items()
    }


def read_export_row(
    values: list[str], snapshot: date
) -> tuple[date, tuple[ChannelCount, str, str]]:
    """Return the day, count, rank and share of a line; raises ValueError."""
    if len(values) != len(COLUMNS):
        raise ValueError(f"{len(values)} values; expected {len(COLUMNS)}")
    text, name, rank, tokens, share = values
    day = date.fromisoformat(text)
    if not snapshot - timedelta(days=DAYS_OF_SNAPSHOT) <= day < snapshot:
        raise ValueError(f"{day} is not one of the {DAYS_OF_SNAPSHOT} days before {snapshot}")
    return day, (read_row({"model_permaslug": name, "total_tokens": tokens}), rank, share)


def check_day(rows: list[tuple[ChannelCount, str, str]], day: date) -> tuple[ChannelCount, ...]:
    """Return the counts of a day; ValueError where its ranks or shares disagree with them."""
    counts: dict[str, ChannelCount] = {}
    for count, _, _ in rows:
        add_count(counts, count, day)
    largest = sorted((c.value for c in counts.values() if c.name != OTHER), reverse=True)
    ranks = sorted((rank, count.value) for count, rank, _ in rows if count.name != OTHER)
    if any(not (rank.isascii() and rank.isdecimal()) for rank, _ in ranks):
        raise ValueError(f"{day}: a rank is not a number")
    in_order = [(number, value) for number, value in enumerate(largest, start=1)]
    if sorted((int(rank), value) for rank, value in ranks) != in_order:
        raise ValueError(f"{day}: the ranks are not 1 to {len(largest)} by tokens")
    total = sum(count.value for count in counts.values())
    for count, _, share in rows:
        try:
            difference = abs(float(share) * total - count.value)
        except ValueError:
            difference = float("nan")
        if not difference <= SHARE_SLACK * max(total, 1):
            raise ValueError(
                f"{day}: {count.name} is not {printable_line(share)} of the day's tokens"
            )
    return tuple(counts.values())
