"""The first deployment of docs/runbook.md, rehearsed: every command, and nothing is published.

    tools/first_run.py [--archive NAME] [--here]

Without `--here` it works on a small copy of the repository, against a stand-in of the Hub, of the
archive and of the Space on this machine, which is slow, busy and redirects as the real ones are:
that takes a few minutes and needs no network. With `--here` it is the real thing in this clone, as
far as the dry run of publishing: HF_TOKEN, CENSUS_DATASET and CENSUS_SPACE must be set.

It stops at the first command that fails, and ends with what a person must decide.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

SINCE_DAYS = 7
LOG_LINES = 15
DECISIONS = (
    "Who owns it: CENSUS_DATASET, CENSUS_SPACE and CENSUS_SITE_URL (the Space's address).",
    "The token: who renews it and when it ends; it belongs in the environment `production` alone.",
    "The Space: free hardware needs a PRO account or a team, and sleeps without visitors.",
    "The archive: whether to take past days from one, from which day on; its licence is in"
    " data/sources.csv, and what it adds is committed for good.",
    "OpenRouter: a key (OPENROUTER_API_KEY) opens the days before 2026-08-20; without one the daily"
    " exports are read.",
    "Whether `main` is protected, and then how the workflow's own token may push the day.",
    "Who reads the issues of failed runs and of the watcher, and whether a monitor of others'"
    " asks /-/healthz too.",
    "The notices of data/notices.csv: which of them still hold on the day of the launch.",
    "The new models and unregistered publishers that `build_db.py review` lists.",
)
LEFT_HERE = (
    "The day, the archive, the calibration and the vintage are now in data/ of this clone, and not"
    " committed: `git status data` shows them. `make commit-day` keeps and pushes them;"
    " `git restore data && git clean -f -d data` undoes them."
)


def steps(archive: str, here: bool) -> list[tuple[str, list[str]]]:
    """Return the commands in order, each with the section of the runbook that explains it."""
    since = (datetime.now(UTC).date() - timedelta(days=SINCE_DAYS)).isoformat()
    build = ["build"] if here else ["build", "--no-charts"]
    return [
        ("publish", ["check-token"]),
        ("collect", ["backfill", archive, "--since", since]),
        ("collect", ["collect"]),
        ("collect-channels", ["collect-channels"]),
        ("freshness", ["record-ages"]),
        ("build and check", ["calibrate", "--if-needed"]),
        ("build and check", build),
        ("build and check", ["record-vintage", "--if-needed"]),
        ("build and check", build),
        ("build and check", ["check"]),
        ("freshness", ["freshness"]),
        ("build and check", ["export"]),
        ("build and check", ["verify"]),
        ("publish", ["publish", "--dry-run"]),
    ]


def stand_in(parent: Path, stack: ExitStack) -> tuple[Path, dict[str, str]]:
    """Set up the small copy and the stand-in; return the folder and its environment."""
    from hub_faults import error, too_many
    from publish_server import TOKEN, PublishServer
    from small_data import fill_hub, small_repository, with_origin

    folder = parent / "census"
    folder.mkdir()
    rows = small_repository(folder)
    with_origin(folder, parent / "origin.git")
    hub = stack.enter_context(PublishServer())
    fill_hub(hub, rows)
    hub.add_archive("modelpulse/model-pulse-data", "cfahlgren1/hub-stats", rows, parent)
    hub.latency = 0.01
    hub.fail(r"^/api/models\?", too_many(0), times=1)
    hub.fail(r"^/api/models\?", error(503), times=1)
    hub.fail(r"^/storage/", error(500), times=1)
    return folder, {
        "PATH": os.environ["PATH"],
        "HOME": str(parent),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(folder),
        "HF_ENDPOINT": hub.url,
        # Other channels are asked at the stand-in, too, which has none of them.
        **{f"CENSUS_{name}_ENDPOINT": hub.url for name in ("EPOCH", "MODELSCOPE", "OPENROUTER")},
        "HF_TOKEN": TOKEN,
        "HF_HUB_DISABLE_XET": "1",
        "CENSUS_HUB_BACKOFF": "0",
        "CENSUS_DATASET": "someone/census",
        "CENSUS_SPACE": "someone/census-site",
    }


def run(folder: Path, environment: Mapping[str, str], command: Sequence[str]) -> tuple[int, str]:
    """Run one command of build_db.py; return its status and what it said."""
    result = subprocess.run(  # noqa: S603
        [sys.executable, "build_db.py", *command],
        cwd=folder,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return result.returncode, result.stdout


def rehearse(folder: Path, environment: Mapping[str, str], archive: str, here: bool) -> bool:
    """Run every command; print how each went, and the end of what a failed one said."""
    for section, command in steps(archive, here):
        start = time.monotonic()
        status, output = run(folder, environment, command)
        seconds = time.monotonic() - start
        lines = output.strip().splitlines() or [""]
        print(f"{'FAILED' if status else 'ok':<7}{seconds:6.1f} s  {' '.join(command)}", flush=True)
        if status:
            print("\n".join(f"    {line}" for line in lines[-LOG_LINES:]))
            print(f'What to do: docs/runbook.md, section "{section}". Then run it again.')
            return False
        result_lines = [line for line in lines if line.startswith(("stale:", "dataset ", "space "))]
        for line in result_lines or lines[-1:]:
            print(f"                 {line}")
    return True


def main() -> int:
    """Rehearse, then list what a person must decide; return the status of the program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", default="modelpulse", choices=("modelpulse", "hub-stats"))
    parser.add_argument("--here", action="store_true", help="in this clone, against the real Hub")
    options = parser.parse_args()
    with ExitStack() as stack:
        if options.here:
            folder, environment = ROOT, dict(os.environ)
        else:
            parent = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            folder, environment = stand_in(parent, stack)
        if not rehearse(folder, environment, options.archive, options.here):
            return 1
    if options.here:
        print(f"\n{LEFT_HERE}")
    print("\nNothing was published. What a person must decide before the first deployment:")
    for number, decision in enumerate(DECISIONS, start=1):
        print(f"{number:2}. {decision}")
    print("Then: docs/runbook.md, section “First deployment”, from step 5 on.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
