"""Collecting from ModelScope: every maker's whole list, or nothing."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from openrouter_server import changed
from web_server import (
    BUSY,
    ELSEWHERE,
    FORBIDDEN,
    PAGE,
    TOO_MANY,
    Answer,
    Fault,
    WebServer,
    cut,
    ended_early,
)

from build_db import cli
from census.base import file_changes
from census.channels.collecting import CollectorError, collect_days
from census.channels.collectors.modelscope import PATH, ModelScope
from census.channels.files import ChannelCount, ChannelDay, add_channel_days, read_channel_files
from census.channels.transport import Web
from census.store.observations import format_manifest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = json.loads((ROOT / "tests/recorded/modelscope_page.json").read_text(encoding="utf-8"))
METRIC = "downloads_all_time"
NOW = datetime(2026, 11, 26, 4, tzinfo=UTC)
TODAY = NOW.date()
OWNERS = ("ZhipuAI", "iic")


class ModelScopeServer(WebServer):
    """ModelScope's documented interface; `models` are those of each owner."""

    def __init__(self) -> None:
        super().__init__()
        self.models: list[dict[str, Any]] = list(EXAMPLE["data"]["models"])

    def answer(self, target: str, headers: Any) -> Answer:
        """Return a page; the owner searches, so that names that have it in them come, too."""
        parts = urlsplit(target)
        if parts.path != PATH:
            return super().answer(target, headers)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        page, size = int(query["page_number"]), int(query["page_size"])
        assert 1 <= size <= 50
        assert query["sort"] == "default"
        owner = query["owner"].lower()
        found = [one for one in self.models if owner in one["id"].partition("/")[0].lower()]
        data = {
            **EXAMPLE["data"],
            "models": found[(page - 1) * size : page * size],
            "total_count": len(found),
            "page_number": page,
            "page_size": size,
        }
        body = {**EXAMPLE, "data": data, "request_id": "made"}
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


@pytest.fixture
def server() -> Any:
    """ModelScope on loopback, with the two models of the documented example."""
    with ModelScopeServer() as running:
        yield running


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory with two makers and without a day of any channel."""
    (tmp_path / "channels").mkdir()
    for name in ("sources.csv", "channels/channels.csv", "channels/missing.csv"):
        shutil.copy(ROOT / "data" / name, tmp_path / name)
    rows = "".join(f"modelscope,{owner},made\n" for owner in OWNERS)
    (tmp_path / "channels/owners.csv").write_text(f"channel,owner,says\n{rows}")
    (tmp_path / "channels/manifest.csv").write_bytes(format_manifest([]))
    return tmp_path


def collect(data: Path, server: WebServer, day: datetime = NOW, **how: bool) -> tuple[int, int]:
    web = Web("modelscope", timeout=5, tries=2, backoff=0, sleep=lambda _: None)
    taken = collect_days(data, ModelScope(web, data, server.url), clock=lambda: day, **how)
    return taken.days, taken.rows


def counts(data: Path) -> dict[date, dict[str, int]]:
    read = read_channel_files(data, {"modelscope": METRIC, "osir-lmts-modelscope": METRIC}, [])
    return {file.day: {one.name: one.value for one in found} for file, found in read}


def made(owner: str, number: int) -> list[dict[str, Any]]:
    return [
        {"id": f"{owner}/model-{n}", "downloads": n, "likes": 0, "private": False}
        for n in range(number)
    ]


def test_the_documented_example_is_a_day(data: Path, server: ModelScopeServer) -> None:
    assert collect(data, server) == (1, 2)
    assert counts(data) == {
        TODAY: {"ZhipuAI/AutoGLM-Phone-9B": 28525, "iic/QwenLong-L1.5-30B-A3B": 1466}
    }
    ((file, _),) = read_channel_files(data, {"modelscope": METRIC}, [])
    assert (file.date_basis, file.retrieved_at) == ("the day of reading", "2026-11-26T04:00:00Z")
    asked = len(server.asked)
    # The second run of a day asks nothing.
    assert collect(data, server) == (0, 0)
    assert len(server.asked) == asked


def test_a_long_list_comes_in_pages_and_only_the_makers_own(
    data: Path, server: ModelScopeServer
) -> None:
    server.models += made("iic", 120) + made("iic-fans", 7)
    server.models.append({"id": "iic/secret", "downloads": 5, "likes": 0, "private": True})
    assert collect(data, server) == (1, 122)
    assert not [name for name in counts(data)[TODAY] if "fans" in name or "secret" in name]
    assert len([path for path in server.asked if "owner=iic" in path]) == 3


def test_a_list_that_changes_while_it_is_read_is_read_again(
    data: Path, server: ModelScopeServer
) -> None:
    server.models += made("iic", 120)
    server.fail(changed(lambda b: b["data"].update(total_count=122)), "page_number=2")
    assert collect(data, server) == (1, 122)
    server.fail(changed(lambda b: b["data"].update(total_count=9)), "page_number=2", times=3)
    with pytest.raises(CollectorError, match="the list of iic changed in each of 3 readings"):
        collect(data, server, datetime(2026, 11, 27, tzinfo=UTC))


@pytest.mark.parametrize(
    "fault",
    [
        BUSY, TOO_MANY, PAGE, cut, ended_early,
        changed(lambda b: b.update(success=False, message="busy")),
    ],
)  # fmt: skip
def test_a_passing_fault_is_tried_again(data: Path, server: ModelScopeServer, fault: Fault) -> None:
    server.fail(fault)
    assert collect(data, server) == (1, 2)


def first_model(**fields: Any) -> Fault:
    return changed(lambda b: b["data"]["models"][0].update(fields))


LASTING: list[tuple[Fault, str]] = [
    (first_model(downloads=-5), "AutoGLM-Phone-9B: downloads -5 is not a whole number"),
    (first_model(downloads=float("nan")), "downloads nan is not a whole number"),
    (first_model(downloads="28525"), "is not a whole number"),
    (first_model(downloads=28525.5), "is not a whole number"),
    (first_model(downloads=True), "is not a whole number"),
    (first_model(downloads=10**15), "is not a whole number from 0 to 1,000,000,000,000"),
    (first_model(id="ZhipuAI/=cmd()"), "is not the name of a model"),
    (first_model(id=7), "not of the documented form"),
    (first_model(id="else/x"), "no model in the list of ZhipuAI is its own"),
    (changed(lambda b: b["data"]["models"].append(b["data"]["models"][0])), "stands twice"),
    (changed(lambda b: b["data"]["models"][0].pop("downloads")), "has no 'downloads'"),
    (changed(lambda b: b["data"].update(total_count=0, models=[])), "has no model any more"),
    (changed(lambda b: b["data"].update(total_count=3001)), "3001 models of ZhipuAI"),
    (changed(lambda b: b["data"].update(total_count=-1)), "is not a whole number"),
    (changed(lambda b: b["data"].update(page_number=2)), "page 2 of 50 rows came for page 1"),
    (changed(lambda b: b["data"].update(models={})), "models is not a list"),
    (changed(lambda b: b.pop("data")), "has no 'data'"),
    ((200, {}, b"[1]"), "list indices must be"),
    (ELSEWHERE, "it answers 302"),
    (FORBIDDEN, "it answers 403"),
]


@pytest.mark.parametrize(("fault", "said"), LASTING)
def test_what_cannot_be_is_refused_with_the_address_and_nothing_is_written(
    data: Path, server: ModelScopeServer, fault: Fault, said: str
) -> None:
    server.fail(fault)
    with pytest.raises(CollectorError, match=said) as caught:
        collect(data, server)
    assert str(caught.value).startswith("modelscope: ")
    assert "ZhipuAI" in str(caught.value)
    assert counts(data) == {}


def test_a_list_that_shrank_is_refused_until_a_person_accepts_it(
    data: Path, server: ModelScopeServer
) -> None:
    server.models += made("iic", 20)
    collect(data, server)
    server.models = server.models[:-5]
    later = datetime(2026, 11, 27, 4, tzinfo=UTC)
    with pytest.raises(CollectorError, match="5 of 22 names are gone since 2026-11-26"):
        collect(data, server, later)
    assert collect(data, server, later, accept=True) == (1, 17)


def test_a_reading_that_takes_too_long_ends(
    data: Path, server: ModelScopeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("census.channels.collectors.modelscope.LONGEST_RUN", -1.0)
    with pytest.raises(CollectorError, match="not done after -1 seconds, at ZhipuAI"):
        collect(data, server)
    assert server.asked == []


def test_counts_below_those_of_the_archive_are_another_number(
    data: Path, server: ModelScopeServer
) -> None:
    of_archive = (ChannelCount("ZhipuAI/AutoGLM-Phone-9B", METRIC, 90_000),)
    day = ChannelDay("osir-lmts-modelscope", date(2025, 9, 16), of_archive, "b", "u", "", "")
    file_changes.apply(data, add_channel_days(data, [day], METRIC, []))
    with pytest.raises(CollectorError, match="fell from 90,000 on 2025-09-16 to 28,525"):
        collect(data, server)


def test_the_command_asks_it_by_name(data: Path, server: ModelScopeServer) -> None:
    where = {"CENSUS_MODELSCOPE_ENDPOINT": server.url}
    command = ["collect-channels", "modelscope", "--data", str(data)]
    result = CliRunner(env=where).invoke(cli, command)
    assert result.output == "modelscope: 1 days added, 2 rows, 0 there already\n"
    (data / "channels/owners.csv").unlink()
    shutil.rmtree(data / "channels/modelscope")
    (data / "channels/manifest.csv").write_bytes(format_manifest([]))
    result = CliRunner(env=where).invoke(cli, command)
    assert result.exit_code == 0
    assert "owners.csv: the file is missing" in result.stderr
    unknown = CliRunner(env=where).invoke(cli, ["collect-channels", "who", "--data", str(data)])
    assert unknown.exit_code == 2
    assert "who is not a source that can be asked; there are: arena-text" in unknown.stderr
