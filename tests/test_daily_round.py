"""The daily workflow's own steps, run in order on this machine against stand-ins, and each failure.

The first round is a whole one, on a small copy of the repository; the failures of later steps start
from the state that it had before it published anything.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hub_faults import error
from live_site import DeployedSite, Issues, NamedHash
from publish_server import TOKEN, PublishServer
from small_data import fill_hub, git, small_repository, with_origin
from stored_versions import Blob, Stored, Version
from workflow_runner import Round, plain_environment, read_workflow

JOB = read_workflow("daily.yml")["jobs"]["daily"]
DATASET, SPACE = ("dataset", "someone/census"), ("space", "someone/census-site")
AFTER_BUILD = ["commit-day", "publish", "wait-for-hash", "smoke-live", "freshness-live"]
AFTER_BUILD += ["report-success"]


@dataclass
class Stage:
    """Everything that a round meets: the copy, the host, the issues, the settings."""

    folder: Path
    hub: PublishServer
    issues: Issues
    url: str

    def round(self, **inputs: Any) -> Round:
        """Return a round that has not begun."""
        environment = {
            **plain_environment(self.folder.parent),
            "HF_ENDPOINT": self.hub.url,
            # Other channels are asked at the stand-in, too, which has none of them.
            **{
                f"CENSUS_{name}_ENDPOINT": self.hub.url
                for name in ("EPOCH", "MODELSCOPE", "OPENROUTER")
            },
            "HF_HUB_DISABLE_XET": "1",
            "CENSUS_HUB_BACKOFF": "0",
            "CENSUS_HUB_TRIES": "1",
            "CENSUS_WAIT_SECONDS": "20",
            "CENSUS_WAIT_INTERVAL": "0.2",
            "BUILD_FLAGS": "--no-charts",
            "PYTHONPATH": str(self.folder),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "someone/census",
            "GITHUB_RUN_ID": "42",
        }
        return Round(
            folder=self.folder,
            job=JOB,
            environment=environment,
            variables={
                "CENSUS_SITE_URL": self.url,
                "CENSUS_DATASET": DATASET[1],
                "CENSUS_SPACE": SPACE[1],
            },
            secrets={"HF_TOKEN": TOKEN},
            inputs=inputs,
        )


def set_up(parent: Path, hub: PublishServer, url: str) -> Stage:
    """Make a small copy of the repository, with an origin to push to, and fill the Hub."""
    folder = parent / "census"
    folder.mkdir()
    rows = small_repository(folder)
    with_origin(folder, parent / "origin.git")
    if not hub.models:
        fill_hub(hub, rows)
    return Stage(folder, hub, Issues(parent), url)


@dataclass
class FirstDay:
    """A whole round that succeeded, and its state before it published."""

    stage: Stage
    done: Round
    before: Path


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstDay]:
    """Run the whole workflow once; the live site is a real one that follows the Space."""
    parent = tmp_path_factory.mktemp("first")
    before = parent / "before"
    with PublishServer() as hub:
        site = DeployedSite(parent / "host")
        hub.committed.append(site.deploy)
        stage = set_up(parent, hub, site.url)

        def keep() -> None:
            shutil.copytree(stage.folder, before / "census", symlinks=True)
            shutil.copytree(parent / "origin.git", before / "origin.git")

        try:
            done = stage.round().run(before={"commit-day": keep})
            yield FirstDay(stage, done, before)
        finally:
            site.stop()


@pytest.fixture
def later(first_day: FirstDay, tmp_path: Path) -> Iterator[tuple[Stage, NamedHash]]:
    """The state before publishing, with a version of yesterday at the host."""
    for part in ("census", "origin.git"):
        shutil.copytree(first_day.before / part, tmp_path / part, symlinks=True)
    git(tmp_path / "census", "remote", "set-url", "origin", str(tmp_path / "origin.git"))
    with PublishServer() as hub:
        live = NamedHash(hub)
        hub.committed.append(live.deploy)
        yesterday(hub, *DATASET)
        yesterday(hub, *SPACE)
        live.deploy(SPACE[0], SPACE[1], hub.repository(*SPACE).head)
        yield Stage(tmp_path / "census", hub, Issues(tmp_path), live.url), live


def yesterday(hub: PublishServer, kind: str, name: str) -> None:
    """Give the host a repository with yesterday's version."""
    files = {
        ".gitattributes": Blob(b"*.db filter=lfs\n", False),
        "README.md": Blob(b"yesterday\n", False),
        "census.db": Blob(b"the database of yesterday", True),
    }
    for blob in files.values():
        hub.large[blob.sha256] = blob.content
    hub.stored[kind, name] = Stored([Version("a" * 40, "yesterday", files)])


def all_as_yesterday(hub: PublishServer) -> bool:
    """Return whether both repositories show what they did before."""
    return all(
        hub.contents(*one)["census.db"] == b"the database of yesterday"
        and hub.contents(*one)["README.md"] == b"yesterday\n"
        and len(hub.contents(*one)) == 3
        for one in (DATASET, SPACE)
    )


def only_issue(stage: Stage) -> dict[str, Any]:
    """Return the one issue that there is."""
    (issue,) = stage.issues.all()
    return issue


def test_a_whole_day_succeeds(first_day: FirstDay) -> None:
    done, stage = first_day.done, first_day.stage
    ran = [step for step, outcome in done.outcomes.items() if outcome == "success"]
    assert not done.failed, "\n".join(f"{step}: {said}" for step, said in done.said.items())
    assert ran == [
        # The small copy has other rules than the last recording, so it makes one of its own.
        *("install", "is-current", "collect", "collect-channels", "record-ages", "calibrate"),
        *("build", "record-vintage"),
        *("build-again", "check", "freshness", "export", "smoke-built"),
        *AFTER_BUILD,
    ]
    assert "12 checks hold" in done.said["smoke-live"]
    # No other channel answered, and a green run says so and which sources are stale.
    for source in ("arena-text", "epoch-eci", "modelscope", "openrouter"):
        assert f"warning: {source}: " in done.said["collect-channels"]
        assert f"STALE  {source}" in done.said["freshness-live"]
    assert stage.issues.all() == []


def test_the_day_is_in_git_and_published(first_day: FirstDay) -> None:
    folder, hub = first_day.stage.folder, first_day.stage.hub
    assert git(folder, "rev-parse", "HEAD") == git(folder, "rev-parse", "origin/main")
    changed = git(folder, "show", "--name-only", "--format=%s", "HEAD").splitlines()
    assert changed[0].startswith("Observations of 20")
    assert all(path.startswith("data/") for path in changed[2:])
    assert any(path.startswith("data/observations/hub/") for path in changed[2:])
    assert git(folder, "status", "--porcelain") == ""
    site, data = hub.contents(*SPACE), hub.contents(*DATASET)
    assert site["census.db"] == data["census.db"] == (folder / "census.db").read_bytes()
    assert any(path.startswith("exports/") for path in data)


def test_no_secret_is_in_a_log_or_at_the_host(first_day: FirstDay) -> None:
    said = "".join(first_day.done.said.values()) + (first_day.stage.folder / "run.log").read_text()
    assert TOKEN not in said
    for one in (DATASET, SPACE):
        contents = first_day.stage.hub.contents(*one).values()
        assert not any(TOKEN.encode() in content for content in contents)


def test_a_second_run_does_nothing(first_day: FirstDay) -> None:
    stage = first_day.stage
    versions = len(stage.hub.repository(*SPACE).versions)
    again = stage.round().run()
    ran = [step for step, outcome in again.outcomes.items() if outcome == "success"]
    assert ran == ["install", "is-current", "freshness-live", "report-success"]
    assert len(stage.hub.repository(*SPACE).versions) == versions


def test_a_rebuild_runs_though_all_is_current(first_day: FirstDay) -> None:
    again = first_day.stage.round(rebuild=True)
    for name, wanted in (("is-current", False), ("collect", False), ("build", True)):
        step = next(one for one in JOB["steps"] if one.get("id") == name)
        assert bool(again.evaluate(step["if"])) is wanted
    assert again.filled(JOB["env"]["CENSUS_ALLOW_STALE"]) == "1"
    assert first_day.stage.round().filled(JOB["env"]["CENSUS_ALLOW_STALE"]) == "0"


def test_a_refused_collection_stops_the_day(tmp_path: Path) -> None:
    with PublishServer() as hub:
        stage = set_up(tmp_path, hub, f"{hub.url}/live")
        hub.fail("author=Qwen", error(503))
        done = stage.round().run()
        again = stage.round().run(start="collect")
    assert done.outcomes["collect"] == again.outcomes["collect"] == "failure"
    assert {done.outcomes[step] for step in ["calibrate", "build", *AFTER_BUILD]} == {"skipped"}
    assert hub.stored == {}
    assert git(stage.folder, "status", "--porcelain") == ""
    assert list((stage.folder / "refused").glob("*.json"))
    issue = only_issue(stage)
    assert issue["state"] == "open"
    first, second = issue["texts"]
    assert "failed: `collect`" in first
    assert "Qwen" in first
    assert "https://github.com/someone/census/actions/runs/42" in first
    assert "failed: `collect`" in second


def test_a_failed_check_publishes_nothing(later: tuple[Stage, NamedHash]) -> None:
    stage, _ = later

    def spoil() -> None:
        connection = sqlite3.connect(stage.folder / "census.db")
        connection.execute("update history set likes = -1")
        connection.commit()
        connection.close()

    expect_stop(stage, "check", spoil, "no negative count")


def test_a_failed_smoke_test_publishes_nothing(later: tuple[Stage, NamedHash]) -> None:
    stage, _ = later

    def record_more() -> None:
        status = json.loads((stage.folder / "status.json").read_text())
        status["rows"]["models"] += 1000
        (stage.folder / "data/last_build.json").write_text(json.dumps(status))

    expect_stop(stage, "smoke-built", record_more, "the last build had 1,")


def expect_stop(stage: Stage, step: str, spoil: Callable[[], None], reason: str) -> None:
    """Run from a step on after spoiling something; it must fail and leave all as it was."""
    done = stage.round().run(start=step, before={step: spoil})
    assert done.outcomes[step] == "failure", done.said
    assert {done.outcomes[later] for later in AFTER_BUILD} == {"skipped"}
    assert all_as_yesterday(stage.hub)
    assert git(stage.folder, "log", "--format=%s") == "Start"
    text = only_issue(stage)["texts"][0]
    assert f"failed: `{step}`" in text
    assert reason in text


def test_a_publication_that_fails_half_way_is_taken_back(later: tuple[Stage, NamedHash]) -> None:
    stage, live = later
    before = live.hash
    stage.hub.fail(r"^/api/spaces/.*/commit/", error(500), times=3)
    done = stage.round().run(start="commit-day")
    assert done.outcomes["publish"] == "failure"
    assert done.outcomes["wait-for-hash"] == "skipped"
    assert done.outcomes["restore"] == "success"
    assert all_as_yesterday(stage.hub)
    assert live.hash == before
    assert "half-way" in only_issue(stage)["texts"][0]


def test_a_hash_that_never_appears_restores_the_version_before_and_a_later_run_closes_the_issue(
    later: tuple[Stage, NamedHash],
) -> None:
    stage, live = later
    live.stuck = True
    waiting = stage.round()
    waiting.environment["CENSUS_WAIT_SECONDS"] = "0.5"
    done = waiting.run(start="commit-day")
    assert done.outcomes["publish"] == "success"
    assert done.outcomes["wait-for-hash"] == "failure"
    assert done.outcomes["restore"] == "success"
    assert all_as_yesterday(stage.hub)
    issue = only_issue(stage)
    assert issue["state"] == "open"
    assert "failed: `wait-for-hash`" in issue["texts"][0]
    assert live.hash[:12] in issue["texts"][0]
    # What works again ends with this step.
    stage.round().run(start="report-success")
    assert only_issue(stage)["state"] == "closed"
    assert "works again" in only_issue(stage)["texts"][-1]


def test_a_live_site_that_is_not_as_it_must_be_is_taken_back(
    later: tuple[Stage, NamedHash],
) -> None:
    stage, live = later
    before = live.hash
    done = stage.round().run(start="commit-day")
    assert done.outcomes["wait-for-hash"] == "success"
    assert done.outcomes["smoke-live"] == "failure"
    assert all_as_yesterday(stage.hub)
    assert live.hash == before
    assert "failed: `smoke-live`" in only_issue(stage)["texts"][0]
