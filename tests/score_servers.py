"""The recorded lists of Epoch AI and the arena on loopback, and what is collected from them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
from hub_server import HubServer
from web_server import OneFile

from census.base.csv_files import Problem
from census.channels.collecting import collect_days
from census.channels.collectors.arena import LICENCE, REPOSITORY, Arena
from census.channels.collectors.epoch import PATH, Epoch
from census.channels.score_files import read_score_files
from census.channels.transport import Web
from census.collect.hub_transport import HubSettings

ROOT = Path(__file__).resolve().parent.parent
RECORDED = ROOT / "tests/recorded"
EPOCH = (RECORDED / "epoch_eci.csv").read_bytes()
ARENA = json.loads((RECORDED / "arena_text.json").read_text(encoding="utf-8"))
FILE = "text/latest-00000-of-00001.parquet"
NOW = datetime(2026, 10, 8, 4, tzinfo=UTC)
LATER = datetime(2026, 10, 9, 4, tzinfo=UTC)
SOURCES = ("epoch-eci", "arena-text", "arena-text-style-control")


def data_without_lists(folder: Path) -> Path:
    """Return a data directory, made in a folder, without a collected list."""
    (folder / "capability").mkdir()
    for name in ("sources.csv", "manifest.csv", "organisations.csv"):
        shutil.copy(ROOT / "data/capability" / name, folder / "capability" / name)
    (folder / "capability/manifest.csv").write_bytes(
        (ROOT / "data/capability/manifest.csv").read_bytes().splitlines(keepends=True)[0]
    )
    return folder


def recorded_epoch() -> OneFile:
    """Return Epoch's file as it was recorded, on loopback."""
    return OneFile(PATH, EPOCH)


def from_epoch(data: Path, server: OneFile, now: datetime = NOW, **how: bool) -> tuple[int, int]:
    web = Web("epoch-eci", timeout=5, tries=2, backoff=0, largest=100_000, sleep=lambda _: None)
    taken = collect_days(data, Epoch(web, server.url), clock=lambda: now, **how)
    return taken.days, taken.rows


def lists(data: Path) -> dict[date, dict[str, dict[str, str]]]:
    problems: list[Problem] = []
    read = read_score_files(data, SOURCES, problems)
    assert problems == []
    return {file.day: {row["name"]: dict(row) for row in rows} for file, rows in read}


Rows = list[dict[str, Any]]


def ranked(rows: Rows) -> Rows:
    """Return rows of an excerpt with the ranks that they have in it, as the whole list has."""
    of_all = [row for row in rows if row["category"] == "overall"]
    for rank, row in enumerate(of_all, start=1):
        row["rank"] = float(rank)
    return rows


def parquet(folder: Path, rows: Rows) -> bytes:
    """Return a Parquet file with rows, of the types of their values."""
    plain, path = folder / "rows.json", folder / "rows.parquet"
    plain.write_text(json.dumps(rows), encoding="utf-8")
    duckdb.sql(
        f"""
        copy (
            select * replace (
                rating::double as rating, vote_count::double as vote_count, rank::double as rank,
                leaderboard_publish_date::varchar as leaderboard_publish_date
            )
            from read_json('{plain}')
        ) to '{path}'
        """
    )
    return path.read_bytes()


@contextmanager
def recorded_hub(folder: Path) -> Iterator[HubServer]:
    """Run a Hub with the arena's data set as it was recorded."""
    with HubServer() as running:
        publish(running, folder, lambda rows: rows)
        running.tags[REPOSITORY] = ["format:parquet", LICENCE]
        yield running


def publish(hub: HubServer, folder: Path, change: Callable[[Rows], Rows]) -> None:
    rows = change(ranked(json.loads(json.dumps(ARENA))))
    hub.add_commit(REPOSITORY, "2026-10-02T10:00:00.000Z", {FILE: parquet(folder, rows)})


def from_arena(data: Path, hub: HubServer, now: datetime = NOW) -> tuple[int, int]:
    settings = HubSettings(hub.url, timeout=5, tries=2, backoff=0, sleep=lambda _: None)
    taken = collect_days(data, Arena(settings, "arena-text", "text"), clock=lambda: now)
    return taken.days, taken.rows
