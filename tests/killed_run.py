"""Runs `collect` or `compact` in processes that are killed at a given moment.

One process imports everything once and then forks, so that a run costs no start of Python. Each
line of standard input is a run (JSON); each line of standard output its exit status, negative for
the signal that ended it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from census.collect.collecting import collect
from census.collect.hub_transport import HubSettings
from census.store.compaction import compact

# Each of these is a moment at which the files of the data directory are about to change.
CHANGES = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree"}


def kill_before_change(data: str, number: int) -> None:
    """Kill this process with SIGKILL just before its n-th change of a file under `data`."""
    left = number

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event in CHANGES and str(arguments[0]).startswith(data):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def run(task: dict[str, Any]) -> None:
    """Collect one day, or put old days together."""
    if task.get("change"):
        kill_before_change(task["data"], task["change"])
    now = datetime.fromisoformat(task["now"]).replace(tzinfo=UTC)
    if task.get("compact"):
        compact(Path(task["data"]), now.date())
        return
    settings = HubSettings(endpoint=task["endpoint"], threads=2, tries=1)
    collect(Path(task["data"]), settings, now=now, replace=task["replace"])


def main() -> None:
    """Answer one task after the other."""
    for line in sys.stdin:
        task = json.loads(line)
        child = os.fork()
        if child == 0:
            status = 1
            try:
                run(task)
                status = 0
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(status)
        if task.get("seconds") is not None:
            time.sleep(task["seconds"])
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
