"""How old the data are, said to monitors, containers and readers; the status of the build."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils
from datasette.app import Datasette
from datasette.inspect import inspect_hash
from site_client import ROOT, Client

from census.base.csv_files import DataError
from census.base.numbers import day_words
from census.database.status import (
    RECORDED_TABLES,
    StepTimes,
    fewer_rows,
    read_status,
    record_build,
    write_status,
)

NOW = datetime(2026, 11, 23, 4, 5, 6, tzinfo=UTC)
Serve = Callable[..., Client]


def days_ago(days: int) -> str:
    """Return the day so many days before today (UTC)."""
    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()


@pytest.fixture(scope="module")
def serve(few_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Serve a copy of a small database with other facts of its build, once for the same facts."""
    loop = asyncio.new_event_loop()

    @cache
    def start(status: bool = True, **facts: str) -> Client:
        path = tmp_path_factory.mktemp("site") / "census.db"
        shutil.copy(few_db, path)
        table = sqlite_utils.Database(path)["build_info"]
        for key, value in facts.items():
            table.upsert({"key": key, "value": value}, pk="key")  # type: ignore[union-attr]
        table.db.close()
        if status:
            digest = inspect_hash(path)
            write_status(
                path,
                {"models": 3},
                {"frontier": "2026-05-20"},
                digest,
                {"Load": 1.25},
                {"commit": "c" * 40, "data_sha256": "d" * 64, "made_with": {"sqlite": "3.99.1"}},
                NOW,
            )
        datasette = Datasette(
            [],
            immutables=[str(path)],
            settings=json.loads((ROOT / "settings.json").read_text()),
            template_dir=str(ROOT / "templates"),
            plugins_dir=str(ROOT / "plugins"),
            static_mounts=[("static", str(ROOT / "static"))],
        )
        loop.run_until_complete(datasette.invoke_startup())
        return Client(datasette, loop)

    yield start
    loop.close()


@pytest.mark.parametrize(("age", "status"), [(0, 200), (2, 200), (3, 503), (400, 503)])
def test_health_tells_monitors_of_old_data(serve: Serve, age: int, status: int) -> None:
    answer = serve(data_through=days_ago(age), collected_days="5").get("/-/healthz")
    assert answer.status_code == status
    assert answer.json()["age_days"] == age
    assert answer.json()["data_through"] == days_ago(age)
    assert answer.headers["cache-control"] == "no-store"


def test_a_container_with_old_data_is_left_alone(serve: Serve) -> None:
    answer = serve(data_through=days_ago(400)).get("/-/healthz?live=1")
    assert answer.status_code == 200
    assert answer.json()["ok"] is False


PAGES = ("/", "/questions", "/status", "/census", "/census/share_by_country", "/nothing-here")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_that_the_data_are_old(serve: Serve, path: str) -> None:
    text = serve(data_through=days_ago(9), collected_days="5").get(path).text
    assert "Data to <time" in text
    assert "not updated for 9 days" in text


@pytest.mark.parametrize("path", ["/", "/census"])
def test_a_fresh_clone_says_to_which_day_its_data_go(serve: Serve, path: str) -> None:
    text = serve(data_through=days_ago(90), collected_days="0").get(path).text
    (banner,) = re.findall(r'<aside class="banner".*?</aside>', text, re.DOTALL)
    assert re.sub(r"<[^>]+>", "", banner).strip() == f"Data to {day_words(days_ago(90))}. Status"


def test_the_status_of_a_fresh_clone_says_how_to_collect(serve: Serve) -> None:
    text = serve(data_through=days_ago(90), collected_days="0").get("/status").text
    assert "make collect" in text
    assert "build_db.py backfill" in text
    assert "has not succeeded" not in text


def test_fresh_data_need_no_banner(serve: Serve) -> None:
    text = serve(data_through=days_ago(1), collected_days="5").get("/").text
    assert 'class="banner"' not in text


def test_the_status_of_the_build_is_shown(serve: Serve) -> None:
    served = serve(data_through=days_ago(1), collected_days="5")
    status = served.get("/-/status.json")
    assert status.json()["built_at"] == "2026-11-23T04:05:06Z"
    assert status.json()["seconds"] == {"Load": 1.25, "total": 1.25}
    assert status.headers["access-control-allow-origin"] == "*"
    page = served.get("/status")
    assert page.status_code == 200
    assert "2026-11-23T04:05:06Z" in page.text
    assert status.json()["sha256"][:32] in page.text
    for fact in ("c" * 40, "d" * 32, "sqlite 3.99.1", "build_db.py verify"):
        assert fact in page.text
    assert "content-security-policy" in page.headers


def test_without_a_status_the_site_says_so(serve: Serve) -> None:
    served = serve(status=False, data_through=days_ago(1))
    assert served.get("/-/status.json").status_code == 404
    assert "left no status file" in served.get("/status").text


def test_a_status_of_another_database_is_not_shown(serve: Serve) -> None:
    served = serve(data_through=days_ago(1))
    database = Path(served.datasette.get_database("census").path)
    write_status(database, {"models": 3}, {}, "0" * 64, {}, {}, NOW)
    assert served.get("/-/status.json").status_code == 404


def test_steps_are_timed_until_the_next_begins() -> None:
    times = StepTimes()
    assert times.seconds() == {}
    times.begin("first")
    times.begin("second")
    assert list(times.seconds()) == ["first", "second"]
    assert all(seconds >= 0 for seconds in times.seconds().values())


def test_only_fewer_rows_are_a_fault() -> None:
    recorded = {"labs": 100, "models": 4000}
    assert fewer_rows(recorded, {"labs": 100, "models": 4001, "other": 1}) == []
    assert fewer_rows(recorded, {"labs": 99}) == [
        "labs: 99 rows; the last build had 100",
        "models: 0 rows; the last build had 4,000",
    ]


def test_the_record_in_git_has_the_tables_of_facts(tmp_path: Path) -> None:
    rows: dict[str, Any] = {**dict.fromkeys(RECORDED_TABLES, 5), "curves": 9}
    write_status(tmp_path / "census.db", rows, {"frontier": "2026-11-23"}, "a" * 64, {}, {}, NOW)
    record = record_build(tmp_path, read_status(tmp_path / "status.json"))
    assert json.loads(record.read_text()) == {
        "sha256": "a" * 64,
        "through": {"frontier": "2026-11-23"},
        "rows": dict.fromkeys(RECORDED_TABLES, 5),
    }


@pytest.mark.parametrize("content", [None, "{", "[]", '{"rows": {}}'])
def test_a_file_that_is_no_status_is_refused(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "status.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(DataError):
        read_status(path)
