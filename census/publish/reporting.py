"""Reports to people: one GitHub issue for each kind of trouble, opened once, updated, closed.

Through the `gh` command, which the runners have. Foreign text goes in by standard input, inside a
code block that it cannot leave, and without anything that looks like a token.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

TOKENS = re.compile(r"\b(?:hf_[A-Za-z0-9]{8,}|gh[opusr]_[A-Za-z0-9]{8,}|github_pat_\w{8,})")
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
SHOWN_LINES = 60
# GitHub takes 65,536 characters; the rest is for our own words.
SHOWN_CHARACTERS = 50_000
FAILURE_TITLE = "The daily update failed"
WATCH_TITLE = "The public site is down or its data are old"
REVIEW_TITLE = "Weekly review of the registry"


class ReportError(Exception):
    """GitHub did not take the report."""


def clean(text: str, secrets: Sequence[str] = ()) -> str:
    """Return text without tokens, colours and control characters."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return TOKENS.sub("***", CONTROL.sub("", text))


def log_end(path: Path, secrets: Sequence[str] = ()) -> str:
    """Return the last lines of a log, cleaned; empty when there is no log."""
    if not path.is_file():
        return ""
    text = clean(path.read_text(encoding="utf-8", errors="replace"), secrets)
    return "\n".join(text.splitlines()[-SHOWN_LINES:])[-SHOWN_CHARACTERS:]


def fenced(text: str) -> str:
    """Return text as a code block that nothing in it can end."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def failed_steps(steps_json: str) -> list[str]:
    """Return the names of the failed steps in GitHub's JSON of steps, in the order of the job."""
    try:
        steps = json.loads(steps_json or "{}")
    except ValueError:
        return []
    if not isinstance(steps, dict):
        return []
    return [name for name, step in steps.items() if step.get("outcome") == "failure"]


def failure_body(steps: Sequence[str], log: str, environment: Mapping[str, str]) -> str:
    """Return the text of the issue: which step failed, where, the log's end, and what to do."""
    step_names = ", ".join(f"`{step}`" for step in steps) or "before its first step"
    address = run_url(environment)
    return "\n".join(
        [
            f"The daily update failed: {step_names}.",
            "",
            *([f"Run: {address}", ""] if address else []),
            "Nothing new is shown: the site and the downloads are as they were before. What to do"
            " for each step is in `docs/runbook.md`.",
            "",
            "The log's end:",
            "",
            fenced(log or "(no log)"),
        ]
    )


def run_url(environment: Mapping[str, str]) -> str:
    """Return the address of the workflow's run, empty outside of a workflow."""
    parts = [
        environment.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")
    ]
    return f"{parts[0]}/{parts[1]}/actions/runs/{parts[2]}" if all(parts) else ""


def report(title: str, body: str) -> str:
    """Open an issue with this title, or comment on the open one; return its address."""
    number = open_issue(title)
    if number is None:
        return gh("issue", "create", "--title", title, "--body-file", "-", text=body)
    return gh("issue", "comment", str(number), "--body-file", "-", text=body)


def report_once(title: str, body: str) -> str:
    """Open an issue with this title; empty where one is open already, which stays unchanged."""
    if open_issue(title) is not None:
        return ""
    return gh("issue", "create", "--title", title, "--body-file", "-", text=body)


def close_report(title: str, body: str) -> str:
    """Close the open issue with this title, with a last comment; empty when none is open."""
    number = open_issue(title)
    if number is None:
        return ""
    gh("issue", "comment", str(number), "--body-file", "-", text=body)
    return gh("issue", "close", str(number))


def open_issue(title: str) -> int | None:
    """Return the number of the open issue with exactly this title, the oldest if there are more."""
    output = gh(
        *("issue", "list", "--state", "open", "--limit", "200"),
        *("--search", f'in:title "{title}"', "--json", "number,title"),
    )
    numbers = [issue["number"] for issue in json.loads(output or "[]") if issue["title"] == title]
    return min(numbers, default=None)


def gh(*arguments: str, text: str = "") -> str:
    """Run GitHub's command line without a shell; return what it says. Raises ReportError."""
    command = ["gh", *arguments]
    try:
        result = subprocess.run(command, input=text, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise ReportError("the command `gh` is not installed") from None
    if result.returncode:
        message = clean(result.stderr).strip()[:500]
        raise ReportError(f"`gh {' '.join(arguments[:2])}` failed: {message}")
    return result.stdout.strip()
