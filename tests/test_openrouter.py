"""Collecting from OpenRouter: every day whole and as it was, or nothing; no secret is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from openrouter_server import KEY, NAMES, Answer, Body, OpenRouterServer

from build_db import cli
from census.channels.collecting import CollectorError, collect_days
from census.channels.files import read_channel_files
from census.channels.openrouter import LARGEST_ANSWER, OpenRouter
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
    return OpenRouter(key, server.url, timeout=5, tries=3, backoff=0, sleep=lambda _: None)


def collect(
    data: Path, server: OpenRouterServer, first: int = 20, last: int = 25
) -> tuple[int, int]:
    taken = collect_days(
        data, collector(server), date(2026, 11, first), date(2026, 11, last), lambda: NOW
    )
    return taken.days, taken.there


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
    taken = collect_days(data, collector(server), now=lambda: NOW)
    assert (taken.days, max(days_of(data))) == (3, date(2026, 11, 25))


def test_a_day_that_is_not_over_is_not_asked_for(data: Path, server: OpenRouterServer) -> None:
    collect_days(data, collector(server), date(2026, 11, 24), date(2026, 12, 31), lambda: NOW)
    assert max(days_of(data)) == date(2026, 11, 25)


def test_a_long_span_is_asked_for_in_parts_from_the_first_day_on(
    data: Path, server: OpenRouterServer
) -> None:
    taken = collect_days(data, collector(server), date(2024, 6, 1), date(2025, 4, 30), lambda: NOW)
    assert (taken.days, min(days_of(data)), len(server.asked)) == (120, date(2025, 1, 1), 2)


PASSING: list[Answer] = [
    (503, {}, b"busy"),
    (429, {"Retry-After": "0"}, b"{}"),
    (200, {}, b"<html>a proxy</html>"),
    (200, {}, b'{"data": [{"date": "2026-'),
]


@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_is_tried_again(
    data: Path, server: OpenRouterServer, fault: Answer
) -> None:
    server.faults.append(fault)
    assert collect(data, server) == (6, 0)


def wrong(change: Callable[[Body], object]) -> Callable[[Body], None]:
    def apply(body: Body) -> None:
        change(body)

    return apply


LASTING = [
    (wrong(lambda b: b["data"].__delitem__(slice(0, 4))), "1 of 6 days did not come"),
    (wrong(lambda b: b["data"].append(b["data"][0])), "stands twice"),
    (wrong(lambda b: b["data"][0].update(total_tokens="-5")), "is not a whole number"),
    (wrong(lambda b: b["data"][0].update(total_tokens=12345)), "not of the documented form"),
    (wrong(lambda b: b["data"][0].update(total_tokens="9" * 30)), "is not a whole number"),
    (wrong(lambda b: b["data"][0].update(model_permaslug="=cmd()")), "not the name of a model"),
    (wrong(lambda b: b["data"][0].update(date="2026-13-01")), "month must be in"),
    (wrong(lambda b: b["data"][0].update(date="2025-01-01")), "was not asked for"),
    (wrong(lambda b: b["data"][0].pop("total_tokens")), "total_tokens"),
    (wrong(lambda b: b["meta"].update(version="v2")), "is not v1"),
    (wrong(lambda b: b.pop("meta")), "meta"),
    (wrong(lambda b: b.update(data={})), "data is not a list"),
    ((302, {"Location": "http://127.0.0.1:1/"}, b""), "it answers 302"),
    ((400, {}, b"{}"), "it answers 400"),
]


@pytest.mark.parametrize(("fault", "said"), LASTING)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    data: Path, server: OpenRouterServer, fault: Answer | Callable[[Body], None], said: str
) -> None:
    server.faults.append(fault)
    with pytest.raises(CollectorError, match=said):
        collect(data, server)
    assert days_of(data) == {}


def test_an_answer_without_end_is_cut(data: Path, server: OpenRouterServer) -> None:
    server.faults.append((200, {}, b" " * (LARGEST_ANSWER + 1)))
    with pytest.raises(CollectorError, match="too large"):
        collect(data, server)


def test_a_wrong_key_is_said_and_not_shown(data: Path, server: OpenRouterServer) -> None:
    wrong_key = collector(server, "sk-or-v1-secret")
    with pytest.raises(CollectorError, match="is the key right") as caught:
        collect_days(data, wrong_key, date(2026, 11, 20), date(2026, 11, 20), lambda: NOW)
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(wrong_key)


def test_a_failing_collector_is_a_warning_and_blocks_nothing(
    data: Path, server: OpenRouterServer
) -> None:
    where = {"CENSUS_OPENROUTER_ENDPOINT": server.url, "OPENROUTER_API_KEY": "wrong"}
    command = ["collect-channels", "--data", str(data)]
    result = CliRunner(env=where).invoke(cli, command)
    assert result.exit_code == 0
    assert "warning: openrouter: it answers 401; is the key right?" in result.stderr
    assert CliRunner(env=where).invoke(cli, [*command, "--strict"]).exit_code == 1


def test_without_a_key_nothing_is_asked(data: Path) -> None:
    result = CliRunner(env={"OPENROUTER_API_KEY": ""}).invoke(
        cli, ["collect-channels", "--data", str(data)]
    )
    assert result.exit_code == 0
    assert "openrouter: not asked, OPENROUTER_API_KEY is not set" in result.output


def test_past_days_are_filled_by_the_same_rules(data: Path, server: OpenRouterServer) -> None:
    where = {"CENSUS_OPENROUTER_ENDPOINT": server.url, "OPENROUTER_API_KEY": KEY}
    command = ["backfill", "openrouter", "--data", str(data), "--until", "2025-01-03"]
    result = CliRunner(env=where).invoke(cli, command)
    assert result.output == "openrouter: 3 days added, 12 rows, 0 there already\n"
    missing = CliRunner(env={"OPENROUTER_API_KEY": ""}).invoke(cli, command)
    assert "set OPENROUTER_API_KEY" in missing.stderr
