"""Collecting from OpenRouter: every day whole and as it was, or nothing; no secret is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openrouter_server import KEY, NAMES, OpenRouterServer, changed
from web_server import (
    BUSY,
    ELSEWHERE,
    PAGE,
    TOO_MANY,
    Fault,
    cut,
    ended_early,
    replaced,
)

from build_db import cli
from census.channels.collecting import CollectorError, collect_days
from census.channels.collectors.openrouter import OpenRouter, OpenRouterExports
from census.channels.files import read_channel_files
from census.channels.transport import Web
from census.store.observations import format_manifest

ROOT = Path(__file__).resolve().parent.parent
METRICS = {"openrouter": "tokens"}
NOW = datetime(2026, 11, 26, 4, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[OpenRouterServer]:
    """OpenRouter on loopback."""
    with OpenRouterServer() as running:
        yield running


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory without a day of any channel."""
    (tmp_path / "channels").mkdir()
    for name in ("sources.csv", "channels/channels.csv", "channels/missing.csv"):
        shutil.copy(ROOT / "data" / name, tmp_path / name)
    (tmp_path / "channels/manifest.csv").write_bytes(format_manifest([]))
    return tmp_path


def collector(server: OpenRouterServer, key: str = KEY) -> OpenRouter:
    return OpenRouter(web(key), server.url)


def web(key: str = "") -> Web:
    return Web("openrouter", key, timeout=5, tries=3, backoff=0, sleep=lambda _: None)


def collect(
    data: Path, server: OpenRouterServer, first: int = 20, last: int = 25
) -> tuple[int, int]:
    taken = collect_days(
        data, collector(server), date(2026, 11, first), date(2026, 11, last), lambda: NOW
    )
    return taken.days, taken.existing


def days_of(data: Path) -> dict[date, dict[str, int]]:
    read = read_channel_files(data, METRICS, [])
    return {file.day: {count.name: count.value for count in counts} for file, counts in read}


def test_the_missing_days_come_whole_and_once(data: Path, server: OpenRouterServer) -> None:
    assert collect(data, server, 20, 22) == (3, 0)
    before = days_of(data)
    assert set(before[date(2026, 11, 20)]) == {*NAMES, "other"}
    assert collect(data, server, 20, 25) == (3, 3)
    assert {day: days_of(data)[day] for day in before} == before
    assert len(server.asked) == 2


def test_without_a_first_day_it_goes_on_to_yesterday(data: Path, server: OpenRouterServer) -> None:
    collect(data, server, 20, 22)
    taken = collect_days(data, collector(server), clock=lambda: NOW)
    assert (taken.days, max(days_of(data))) == (3, date(2026, 11, 25))


def test_a_day_that_is_not_over_is_not_asked_for(data: Path, server: OpenRouterServer) -> None:
    collect_days(data, collector(server), date(2026, 11, 24), date(2026, 12, 31), lambda: NOW)
    assert max(days_of(data)) == date(2026, 11, 25)


def test_a_long_span_is_asked_for_in_parts_from_the_first_day_on(
    data: Path, server: OpenRouterServer
) -> None:
    taken = collect_days(data, collector(server), date(2024, 6, 1), date(2025, 4, 30), lambda: NOW)
    assert (taken.days, min(days_of(data)), len(server.asked)) == (120, date(2025, 1, 1), 2)


PASSING: list[Fault] = [
    BUSY,
    TOO_MANY,
    PAGE,
    cut,
    ended_early,
    (200, {}, b'{"data": [{"date": "2026-'),
]


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_is_tried_again(data: Path, server: OpenRouterServer, fault: Fault) -> None:
    server.fail(fault)
    assert collect(data, server) == (6, 0)


LASTING: list[tuple[Fault, str]] = [
    (changed(lambda b: b["data"].__delitem__(slice(0, 4))), "1 of 6 days did not come"),
    (changed(lambda b: b["data"].append(b["data"][0])), "stands twice"),
    (changed(lambda b: b["data"][0].update(total_tokens="-5")), "is not a whole number"),
    (changed(lambda b: b["data"][0].update(total_tokens=12345)), "not of the documented form"),
    (changed(lambda b: b["data"][0].update(total_tokens="9" * 30)), "is not a whole number"),
    (changed(lambda b: b["data"][0].update(model_permaslug="=cmd()")), "not the name of a model"),
    (changed(lambda b: b["data"][0].update(date="2026-13-01")), "month must be in"),
    (changed(lambda b: b["data"][0].update(date="2025-01-01")), "was not asked for"),
    (changed(lambda b: b["data"][0].pop("total_tokens")), "total_tokens"),
    (changed(lambda b: b["meta"].update(version="v2")), "is not v1"),
    (changed(lambda b: b.pop("meta")), "has no 'meta'"),
    (changed(lambda b: b.update(data={})), "data is not a list"),
    (ELSEWHERE, "it answers 302"),
    ((400, {}, b"{}"), "it answers 400"),
]


@pytest.mark.parametrize(("fault", "said"), LASTING)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    data: Path, server: OpenRouterServer, fault: Fault, said: str
) -> None:
    server.fail(fault)
    with pytest.raises(CollectorError, match=said):
        collect(data, server)
    assert days_of(data) == {}


def test_an_answer_without_end_is_cut(data: Path, server: OpenRouterServer) -> None:
    small = OpenRouter(replace(web(KEY), largest=100), server.url)
    with pytest.raises(CollectorError, match="too large") as caught:
        collect_days(data, small, date(2026, 11, 20), date(2026, 11, 20), lambda: NOW)
    assert f"{server.url}/api/v1/datasets/rankings-daily?start_date=" in str(caught.value)


def test_a_wrong_key_is_said_and_not_shown(data: Path, server: OpenRouterServer) -> None:
    wrong_key = collector(server, "sk-or-v1-secret")
    with pytest.raises(CollectorError, match="is the key right") as caught:
        collect_days(data, wrong_key, date(2026, 11, 20), date(2026, 11, 20), lambda: NOW)
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(wrong_key)


def command(*words: str, data: Path, url: str, key: str = "") -> Result:
    where = {"CENSUS_OPENROUTER_ENDPOINT": url, "OPENROUTER_API_KEY": key}
    return CliRunner(env=where).invoke(cli, [*words, "--data", str(data)])


def test_a_failing_collector_is_a_warning_and_blocks_nothing(
    data: Path, server: OpenRouterServer
) -> None:
    words = ("collect-channels", "openrouter")
    result = command(*words, data=data, url=server.url, key="wrong")
    assert result.exit_code == 0
    assert "warning: openrouter: it answers 401; is the key right?" in result.stderr
    assert "wrong" not in result.stderr
    assert command(*words, "--strict", data=data, url=server.url, key="wrong").exit_code == 1


def test_past_days_are_filled_by_the_same_rules(data: Path, server: OpenRouterServer) -> None:
    words = ("backfill", "openrouter", "--until", "2025-01-03")
    result = command(*words, data=data, url=server.url, key=KEY)
    assert result.output == "openrouter: 3 days added, 12 rows, 0 there already\n"
    keyless = command(*words, data=data, url=server.url)
    assert "OPENROUTER_API_KEY opens the days from 2025-01-01 on" in keyless.stderr


def exports(server: OpenRouterServer) -> OpenRouterExports:
    return OpenRouterExports(web(), server.url)


def from_exports(
    data: Path, server: OpenRouterServer, first: date = date(2026, 11, 20), last: int = 25
) -> tuple[int, int]:
    taken = collect_days(data, exports(server), first, date(2026, 11, last), lambda: NOW)
    return taken.days, taken.rows


def test_without_a_key_the_exports_are_read(data: Path, server: OpenRouterServer) -> None:
    assert from_exports(data, server) == (6, 6 * 51)
    day = days_of(data)[date(2026, 11, 25)]
    assert (day["stealth/space-bunny-alpha"], day["other"]) == (5166688701553, 1481392286177)
    ((file, _), *_) = read_channel_files(data, METRICS, [])
    assert file.source_url == f"{server.url}/api/v1/datasets/exports/rankings-daily/2026-11-26.csv"
    assert file.date_basis == "stated for each row of the snapshot of 2026-11-26"
    assert file.retrieved_at == "2026-11-26T04:00:00Z"


def test_all_days_of_the_exports_take_a_snapshot_a_month(
    data: Path, server: OpenRouterServer
) -> None:
    assert from_exports(data, server, date(2026, 1, 1)) == (98, 98 * 51)
    assert min(days_of(data)) == date(2026, 8, 20)
    files = [path.rpartition("/")[2] for path in server.asked if path.endswith(".csv")]
    assert files == ["2026-09-19.csv", "2026-10-19.csv", "2026-11-18.csv", "2026-11-26.csv"]


def test_a_snapshot_that_is_missing_is_passed_over(data: Path, server: OpenRouterServer) -> None:
    server.without = {date(2026, 10, 31)}
    taken = collect_days(data, exports(server), date(2026, 10, 1), date(2026, 10, 5), lambda: NOW)
    assert taken.days == 5
    assert server.asked[-1].endswith("/2026-10-30.csv")
    server.without = {date(2026, 11, day) for day in range(1, 27)}
    with pytest.raises(CollectorError, match="it answers 404"):
        collect_days(data, exports(server), date(2026, 11, 1), date(2026, 11, 3), lambda: NOW)


def test_a_snapshot_that_is_not_out_yet_is_waited_for(data: Path) -> None:
    with OpenRouterServer(newest=date(2026, 11, 25)) as late:
        with pytest.raises(CollectorError, match="does not have 2026-11-25 yet"):
            from_exports(data, late)
        assert from_exports(data, late, last=24) == (5, 5 * 51)


@pytest.mark.parametrize("fault", [BUSY, TOO_MANY, PAGE, cut, ended_early])
@pytest.mark.parametrize("path", [".csv", ".json"])
def test_a_passing_fault_of_the_exports_is_tried_again(
    data: Path, server: OpenRouterServer, fault: Fault, path: str
) -> None:
    server.fail(fault, path)
    assert from_exports(data, server) == (6, 6 * 51)


MANIFESTS = [
    ({"dataset": "apps-daily"}, "the data set is apps-daily v1"),
    ({"schema_version": "v2"}, "the data set is rankings-daily v2"),
    ({"license": {"name": "proprietary"}}, "the licence is proprietary"),
    ({"row_count": -1}, "is not a whole number"),
    ({"row_count": 10**9}, "is not a whole number"),
    ({"row_count": 1500}, "1501 rows; the manifest says 1500"),
    ({"snapshot_date": "soon"}, "Invalid isoformat"),
    ({"files": {}}, "has no 'csv'"),
]


@pytest.mark.parametrize(("said_instead", "said"), MANIFESTS)
def test_a_manifest_that_says_something_else_is_refused(
    data: Path, server: OpenRouterServer, said_instead: dict[str, Any], said: str
) -> None:
    server.manifest = said_instead
    with pytest.raises(CollectorError, match=said):
        from_exports(data, server)
    assert days_of(data) == {}


Rows = list[list[str]]
SNAPSHOTS: list[tuple[Callable[[Rows], object], str]] = [
    (lambda rows: rows.__setitem__(-2, rows[-1]), "other stands twice on 2026-11-25"),
    (lambda rows: rows[0].__setitem__(3, "-5"), "line 2: .* total_tokens -5 is not a whole"),
    (lambda rows: rows[0].__setitem__(3, "NaN"), "line 2: .* total_tokens NaN is not a whole"),
    (lambda rows: rows[0].__setitem__(3, "1e9"), "total_tokens 1e9 is not a whole"),
    (lambda rows: rows[0].__setitem__(1, "=1+1"), "not the name of a model"),
    (lambda rows: rows[0].__setitem__(0, "2026-01-01"), "is not one of the 30 days before"),
    (lambda rows: rows[0].__setitem__(2, "7"), "the ranks are not 1 to 50 by tokens"),
    (lambda rows: rows[0].__setitem__(2, "first"), "a rank is not a number"),
    (lambda rows: rows[0].__setitem__(4, "0.9"), "is not 0.9 of the day's tokens"),
    (lambda rows: rows[0].__setitem__(4, "nan"), "is not nan of the day's tokens"),
    (lambda rows: rows[0].pop(), "line 2: 4 values; expected 5"),
    (lambda rows: rows.__delitem__(slice(-51, None)), "1 of 6 days did not come"),
]


@pytest.mark.parametrize(("change", "said"), SNAPSHOTS)
def test_a_snapshot_that_cannot_be_is_refused(
    data: Path, server: OpenRouterServer, change: Callable[[Rows], object], said: str
) -> None:
    server.rows = change
    with pytest.raises(CollectorError, match=said):
        from_exports(data, server)
    assert days_of(data) == {}


def test_a_file_that_is_not_the_manifests_is_refused(data: Path, server: OpenRouterServer) -> None:
    server.fail(replaced("51666", "61666"), ".csv", times=3)
    with pytest.raises(CollectorError, match="not those of the manifest"):
        from_exports(data, server)
    server.fail(ELSEWHERE, ".csv")
    with pytest.raises(CollectorError, match="it answers 302"):
        from_exports(data, server)


def test_the_daily_command_needs_no_key(data: Path, server: OpenRouterServer) -> None:
    server.newest = datetime.now(UTC).date()
    result = command("collect-channels", "openrouter", data=data, url=server.url)
    assert result.output == "openrouter: 30 days added, 1530 rows, 0 there already\n"
