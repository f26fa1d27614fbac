"""ModelScope: the downloads of the models of the makers in data/channels/owners.csv.

Its documented interface is asked: https://modelscope.cn/.well-known/openapi.json, `GET /models`, as
kept in ModelScope's own client (modelscope/modelscope_hub at 8350a31f, tests/data/openapi.json,
read on 2026-11-26), whose `list_models` needs no token. `downloads` is there in words only as
"number of downloads"; the site shows the number of all time, and a first day whose counts are lower
than those of the archive is refused. Pages of the site are never read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from census.base.csv_files import Problem
from census.base.printable import printable_line
from census.channels.collecting import Collector, CollectorError
from census.channels.collectors import endpoint
from census.channels.definitions import OWNERS_FILE
from census.channels.files import ChannelCount, ChannelDay, check_channel_count
from census.channels.transport import NotWholeError, Web, as_whole, read_json

SOURCE = "modelscope"
ENDPOINT = "https://modelscope.cn"
PATH = "/openapi/v1/models"
METRIC = "downloads_all_time"
PAGE_SIZE = 50
# The interface gives no more of a list than this.
MOST_MODELS = 3000
MOST_DOWNLOADS = 10**12
# A list that changes while it is read is read again.
READINGS = 3
# Slow answers to all pages would hold up the day; seconds.
LONGEST_RUN = 1200.0


def collectors(environ: Mapping[str, str], data: Path) -> Iterator[Collector]:
    """Return the collector, which needs no key."""
    yield ModelScope(Web(SOURCE), data, endpoint(environ, SOURCE, ENDPOINT))


class Page(NamedTuple):
    """One page of a list: its models and downloads, how many rows it has, and the list's length."""

    models: dict[str, int]
    rows: int
    total: int


class ModelScope(NamedTuple):
    """The documented interface, an owner after the other."""

    web: Web
    data: Path
    endpoint: str = ENDPOINT
    source: str = SOURCE
    channel: str = SOURCE
    # ModelScope shows the counts of today only.
    begins: date | None = None
    days_at_once: int = 1
    hint: str = ""

    def fetch(self, first: date, last: date) -> Mapping[date, ChannelDay]:
        """Return today's counts of all owners; raises CollectorError."""
        problems: list[Problem] = []
        rows = OWNERS_FILE.read(self.data, problems, {"channels/channels.csv": (self.channel,)})
        if problems:
            raise CollectorError(f"{self.source}: {problems[0]}")
        counts: dict[str, int] = {}
        deadline = time.monotonic() + LONGEST_RUN
        for row in rows:
            if row["channel"] == self.channel:
                counts |= self._owner(row["owner"], deadline)
        channel_counts = tuple(ChannelCount(name, METRIC, value) for name, value in counts.items())
        url = f"{self.endpoint}{PATH}"
        day = ChannelDay(self.source, last, channel_counts, "the day of reading", url, "", "")
        return {last: day}

    def _owner(self, owner: str, deadline: float) -> dict[str, int]:
        """Return the downloads of all models of an owner; raises CollectorError."""
        for _ in range(READINGS):
            models = self._read_list(owner, deadline)
            if models is not None:
                return models
        raise CollectorError(
            f"{self.source}: the list of {owner} changed in each of {READINGS} readings"
        )

    def _read_list(self, owner: str, deadline: float) -> dict[str, int] | None:
        """Return the models of an owner, None where the list changed meanwhile."""
        models: dict[str, int] = {}
        rows, number, total = 0, 0, 1
        while rows < total:
            number += 1
            if time.monotonic() > deadline:
                raise CollectorError(
                    f"{self.source}: not done after {LONGEST_RUN:.0f} seconds, at {owner}"
                )
            page = self._page(owner, number)
            if not page.total:
                raise CollectorError(f"{self.source}: {owner} has no model any more")
            if page.models.keys() & models.keys() or (number > 1 and page.total != total):
                return None
            if not page.rows:
                return None
            rows, total = rows + page.rows, page.total
            models |= page.models
        if not models:
            raise CollectorError(f"{self.source}: no model in the list of {owner} is its own")
        return models if rows == total else None

    def _page(self, owner: str, number: int) -> Page:
        url = (
            f"{self.endpoint}{PATH}?owner={owner}&sort=default"
            f"&page_number={number}&page_size={PAGE_SIZE}"
        )
        return self.web.ask(url, lambda content: read_page(read_json(content), owner, number))


def read_page(response: Any, owner: str, number: int) -> Page:
    """Return a page; raises NotWholeError, ValueError, KeyError or TypeError where it is wrong.

    `owner` searches, so that a list has models of others with such a name, too: they are left out.
    """
    if response["success"] is not True:
        raise NotWholeError(f"no success: {printable_line(response.get('message'))}")
    data = response["data"]
    total = as_whole(data["total_count"], 10**9)
    if total > MOST_MODELS:
        raise ValueError(f"{total} models of {owner}; the interface gives only {MOST_MODELS}")
    if data["page_number"] != number or data["page_size"] != PAGE_SIZE:
        page_stated = f"page {data['page_number']} of {data['page_size']} rows"
        raise ValueError(f"{printable_line(page_stated)} came for page {number} of {PAGE_SIZE}")
    rows = data["models"]
    if not isinstance(rows, list) or len(rows) > PAGE_SIZE:
        raise ValueError(f"models is not a list of up to {PAGE_SIZE}")
    models: dict[str, int] = {}
    for row in rows:
        name = row["id"]
        if not isinstance(name, str):
            raise ValueError(f"a row is not of the documented form: {printable_line(row)}")
        if name.partition("/")[0].lower() != owner.lower() or row.get("private") is True:
            continue
        try:
            count = ChannelCount(name, METRIC, as_whole(row["downloads"], MOST_DOWNLOADS))
        except ValueError as error:
            raise ValueError(f"{printable_line(name)}: downloads {error}") from None
        check_channel_count(count, METRIC)
        if name in models:
            raise ValueError(f"{name} stands twice on page {number} of {owner}")
        models[name] = count.value
    return Page(models, len(rows), total)
