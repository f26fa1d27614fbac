"""What must hold of every workflow: pinned, least privilege, one command a step, no way around."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from workflow_runner import ROOT, WORKFLOWS, read_workflow

NAMES = sorted(path.name for path in WORKFLOWS.glob("*.yml"))
PINNED = re.compile(r"uses: (actions/[a-z-]+)@([0-9a-f]{40}) # v\d+\.\d+\.\d+$")
COMMAND = re.compile(r"make ([a-z-]+)|\.ci/run")
DAILY_STEPS = [
    *("install", "is-current", "collect", "collect-channels", "backfill", "record-ages"),
    *("calibrate", "build", "record-vintage", "build-again", "check", "freshness", "export"),
    *("smoke-built", "commit-day", "publish", "wait-for-hash", "smoke-live", "freshness-live"),
    *("restore", "report-failure", "report-success"),
]


def steps_of(name: str) -> list[dict[str, Any]]:
    """Return the steps of all jobs of a workflow."""
    jobs = read_workflow(name)["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


def text_of(name: str) -> str:
    """Return a workflow as text."""
    return (WORKFLOWS / name).read_text(encoding="utf-8")


def test_every_workflow_that_is_promised_is_there() -> None:
    assert NAMES == [
        "daily.yml",
        "datasette-alpha.yml",
        "dependencies.yml",
        "release.yml",
        "review.yml",
        "spark.yml",
        "test.yml",
        "watch.yml",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_no_fault_is_hidden(name: str) -> None:
    text = text_of(name)
    assert "continue-on-error" not in text
    assert "|| true" not in text
    assert "|| exit 0" not in text


def test_no_fault_is_hidden_in_the_scripts() -> None:
    for path in [*(ROOT / "tools").iterdir(), ROOT / "Makefile", ROOT / ".ci/run"]:
        assert "|| true" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("name", NAMES)
def test_actions_are_pinned_and_few(name: str) -> None:
    used = [line.strip().removeprefix("- ") for line in text_of(name).splitlines()]
    used = [line for line in used if line.startswith("uses:")]
    found = [PINNED.fullmatch(line) for line in used]
    assert used
    assert all(found), used
    allowed = {"actions/checkout", "actions/setup-python", "actions/upload-artifact"}
    assert {match[1] for match in found if match} <= allowed


def test_an_action_has_one_pin_everywhere() -> None:
    pins: dict[str, set[str]] = {}
    for name in NAMES:
        for action, pin in re.findall(r"uses: (\S+)@(\S+ # \S+)", text_of(name)):
            pins.setdefault(action, set()).add(pin)
    assert {len(found) for found in pins.values()} == {1}


@pytest.mark.parametrize("name", NAMES)
def test_permissions_are_the_least(name: str) -> None:
    workflow = read_workflow(name)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert "contents" in job["permissions"]
        assert job["timeout-minutes"] <= 90
    for step in steps_of(name):
        if str(step.get("uses", "")).startswith("actions/checkout"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("name", NAMES)
def test_a_step_is_one_command_that_runs_on_a_laptop(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    heads = re.sub(r"\\\n", " ", makefile)
    targets = {
        target
        for line in re.findall(r"^([a-z][a-z -]*):(?!=)", heads, re.MULTILINE)
        for target in line.split()
    }
    runs = [step["run"] for step in steps_of(name) if "run" in step]
    assert runs
    for run in runs:
        match = COMMAND.fullmatch(run)
        assert match, run
        assert match[1] is None or match[1] in targets, run


@pytest.mark.parametrize("name", NAMES)
def test_secrets_go_only_to_the_steps_that_need_them(name: str) -> None:
    workflow = read_workflow(name)
    assert "secrets." not in yaml.safe_dump(workflow.get("env", {}))
    for job in workflow["jobs"].values():
        assert "secrets." not in yaml.safe_dump(job.get("env", {}))
        for step in job["steps"]:
            if "secrets." in yaml.safe_dump(step):
                assert step["run"] in (
                    *(
                        "make collect",
                        "make collect-channels",
                        "make backfill",
                        "make publish",
                        "make restore",
                    ),
                    *("make review", "make release"),
                )


def test_schedules_avoid_the_full_hour() -> None:
    for name in NAMES:
        for one in read_workflow(name)["on"].get("schedule", []):
            minute = int(one["cron"].split()[0])
            assert minute % 2 == 1, (name, one)


def test_the_daily_round_is_in_order_and_never_cancelled() -> None:
    workflow = read_workflow("daily.yml")
    steps = [step["id"] for step in workflow["jobs"]["daily"]["steps"] if "run" in step]
    assert steps == DAILY_STEPS
    assert workflow["concurrency"] == {"group": "publish", "cancel-in-progress": False}
    assert len(workflow["on"]["schedule"]) == 2
    assert set(workflow["on"]["workflow_dispatch"]["inputs"]) == {
        *("backfill", "since", "until", "rebuild"),
    }


def test_every_supported_python_is_tested() -> None:
    versions = read_workflow("test.yml")["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert versions == ["3.11", "3.12", "3.13", "3.14", "3.15"]
    alpha = read_workflow("datasette-alpha.yml")
    assert "pull_request" not in alpha["on"]


def test_the_runbook_names_every_step_that_can_fail() -> None:
    text = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
    missing = [step for step in DAILY_STEPS if f"`{step}`" not in text]
    assert missing == []


def test_issue_forms_ask_for_documents() -> None:
    forms = sorted(Path(ROOT / ".github/ISSUE_TEMPLATE").glob("*-*.yml"))
    assert [path.stem for path in forms] == ["correct-a-tag", "new-lab"]
    for path in forms:
        form = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert "document" in path.read_text(encoding="utf-8").lower()
        assert len({field["id"] for field in form["body"] if "id" in field}) >= 5
