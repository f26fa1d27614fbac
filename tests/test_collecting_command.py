"""The command `collect`: what it says, how it ends, and what it never shows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hub_data import (
    MONDAY,
    NAMESPACES,
    content_of,
    fill,
    make_data,
    noon,
    run,
    settings,
)
from hub_faults import error
from hub_server import HubServer

from census.cli.hub import collect_command
from census.collect.collecting import RefusedDayError, collect
from census.collect.hub_transport import UnreachableError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_data(tmp_path)


def invoke(data: Path, hub: HubServer, *options: str) -> tuple[int, str]:
    """Run the command as a person does, with the Hub's address in the environment."""
    environment = {"HF_ENDPOINT": hub.url, "CENSUS_HUB_BACKOFF": "0", "CENSUS_HUB_TRIES": "2"}
    result = CliRunner(env=environment).invoke(
        collect_command, ["--data", str(data), *options], catch_exceptions=False
    )
    return result.exit_code, result.output


def test_the_command_writes_and_logs_a_line_a_namespace(data: Path):
    with HubServer() as hub:
        fill(hub)
        code, output = invoke(data, hub, "--date", "2026-05-18")
        again_code, again = invoke(data, hub, "--date", "2026-05-18")
    assert (code, again_code) == (0, 0)
    assert "Qwen: 6 models" in output.splitlines()
    assert "2026-05-18: 24 models written, 24 new" in output
    assert "nothing changed" in again


def test_the_command_ends_with_1_and_one_message_when_refused_and_accepts_later(data: Path):
    with HubServer() as hub:
        fill(hub)
        hub.fail("author=Qwen", error(500))
        code, output = invoke(data, hub, "--date", "2026-05-18", "--aside", str(data / "../kept"))
        assert code == 1
        assert "Qwen: the Hub answers 500 Internal Server Error (tried 2 times)" in output
        assert "Traceback" not in output
        kept = next((data / "../kept").glob("*.json"))
        no_reason, _ = invoke(data, hub, "--from", str(kept))
        code, output = invoke(data, hub, "--accept", "Qwen was down", "--from", str(kept))
    assert no_reason == 2
    assert code == 0
    assert "2026-05-18: 18 models written" in output


def test_the_command_never_shows_the_token(data: Path, monkeypatch: pytest.MonkeyPatch):
    token = "hf_notARealToken0123456789"
    monkeypatch.setenv("HF_TOKEN", token)
    with HubServer() as hub:
        fill(hub)
        hub.fail("author=Qwen", error(400, f"your token is {token}"))
        code, output = invoke(data, hub)
    assert code == 1
    assert token not in output
    assert all(token not in path.read_text() for path in data.parent.rglob("*") if path.is_file())
    assert hub.requests[0].headers["authorization"] == f"Bearer {token}"


def test_the_day_is_today_in_utc_by_default(data: Path):
    with HubServer() as hub:
        fill(hub)
        late = noon(MONDAY) + timedelta(hours=11, minutes=59)
        assert collect(data, settings(hub), now=late).day == MONDAY


def test_without_a_network_the_command_stops_early_with_one_message_and_writes_nothing(data: Path):
    waits: list[float] = []
    with HubServer() as hub:
        closed = settings(hub, tries=3, threads=1, sleep=waits.append)
    before = content_of(data)
    with pytest.raises(UnreachableError, match="cannot be reached, and nothing was written"):
        collect(data, closed, MONDAY, now=noon(MONDAY))
    # Two namespaces of four were tried three times, and nobody waited for the others.
    assert len(waits) == 4
    assert content_of(data) == before
    assert [path.name for path in data.parent.iterdir()] == ["data"]
    code, output = invoke(data, hub, "--date", "2026-05-18")
    assert code == 1
    assert output.count("Error: ") == 1
    assert "Check the network and run it again" in output


def test_a_hub_that_answers_with_errors_is_asked_for_every_namespace(data: Path):
    with HubServer() as hub:
        fill(hub)
        hub.fail("author=", error(500))
        with pytest.raises(RefusedDayError):
            run(data, hub)
    assert all(hub.counted(f"author={name}") for name in NAMESPACES)


def test_an_address_of_the_hub_without_a_scheme_is_named(data: Path):
    result = CliRunner().invoke(collect_command, ["--data", str(data), "--endpoint", "localhost:9"])
    assert result.exit_code == 2
    assert "'localhost:9' is not an address such as https://huggingface.co" in result.output
