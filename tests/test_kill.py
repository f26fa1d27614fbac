"""kill -9 at a hundred random moments of collecting: the data directory is never invalid."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from hub_data import MONDAY, content_of, fill, make_data, noon, run
from hub_server import HubServer

from census.base import file_changes
from census.base.csv_files import Problem
from census.inputs import models
from census.inputs.registry import load_registry
from census.store import ledger
from census.store.observations import MANIFEST, read_manifest, read_observations

KILLS = 100
# A run of the test's size changes about so many files and takes about so long.
CHANGES = 40
SECONDS = 0.12
Run = Callable[..., int]


@contextmanager
def runner(data: Path, hub: HubServer) -> Iterator[Run]:
    """Give a function that runs `collect` and kills it, and returns its exit status."""
    script = Path(__file__).with_name("killed_run.py")
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def one(day: date, replace: str, **moment: float) -> int:
            task = {
                "data": str(data),
                "endpoint": hub.url,
                "now": noon(day).replace(tzinfo=None).isoformat(),
                "replace": replace,
                **moment,
            }
            assert process.stdin is not None
            assert process.stdout is not None
            print(json.dumps(task), file=process.stdin, flush=True)
            return int(process.stdout.readline())

        yield one
        process.stdin.close()


def faults(data: Path) -> list[Problem]:
    """Return everything that a build would refuse in what a collector writes."""
    problems: list[Problem] = []
    registry = load_registry(data, problems)
    if (data / MANIFEST).is_file():
        for file in read_manifest(data, problems):
            read_observations(data, file, problems)
    if (data / models.FILE).is_file():
        models.read_models(data, problems)
    if (data / ledger.FILE).is_file():
        ledger.read_ledger(data, registry.sources, problems)
    return problems


def settled(data: Path) -> dict[str, bytes]:
    """Return the files as the next run finds them."""
    with file_changes.locked(data):
        content = content_of(data)
    assert not (data / file_changes.PENDING).exists()
    return content


def next_state(hub: HubServer, number: int) -> None:
    """Let the Hub's counts grow, one fall, one new model come and one be renamed."""
    for record in hub.models.values():
        record["downloadsAllTime"] += 10
    hub.models["Qwen/model-0000"]["downloadsAllTime"] -= 15 * (number % 2)
    hub.add_model(f"Qwen/new-{number}")
    if number % 3 == 0:
        hub.rename(f"Qwen/new-{number - 1}", f"Qwen/newer-{number}")


def step(number: int) -> tuple[date, str]:
    """Return the day of a step, and the reason where it replaces the day of the step before."""
    return MONDAY + timedelta(days=number // 2), "the counts were wrong" if number % 2 else ""


def test_killed_a_hundred_times_the_data_is_valid_and_ends_as_if_nothing_had_happened(
    tmp_path: Path,
):
    chance = random.Random(20261123)
    data = make_data(tmp_path)
    killed = {"change": 0, "seconds": 0}
    steps = 0
    with HubServer() as hub:
        fill(hub)
        with runner(data, hub) as run_killed:
            while sum(killed.values()) < KILLS:
                day, replace = step(steps)
                before = settled(data)
                how = "change" if sum(killed.values()) % 3 else "seconds"
                moment: float = (
                    chance.randint(1, CHANGES) if how == "change" else chance.random() * SECONDS
                )
                status = run_killed(day, replace, **{how: moment})
                assert status in (0, -9)
                killed[how] += status == -9
                if not replace:
                    # A reader that looks now, before anybody tidies up, finds nothing wrong.
                    assert faults(data) == []
                after = settled(data)
                assert faults(data) == []
                if after != before:
                    assert after.keys() >= before.keys()
                    steps += 1
                    next_state(hub, steps)
                else:
                    assert status == -9
    assert min(killed.values()) > 10
    assert steps > 4
    assert settled(data) == undisturbed(tmp_path / "undisturbed", steps, hub.url)


def undisturbed(folder: Path, steps: int, url: str) -> dict[str, bytes]:
    """Return the data directory after the same steps without a kill."""
    folder.mkdir()
    data = make_data(folder)
    with HubServer() as hub:
        fill(hub)
        for number in range(steps):
            day, replace = step(number)
            run(data, hub, day, replace=replace)
            next_state(hub, number + 1)
    with file_changes.locked(data):
        return {
            path: content.replace(hub.url.encode(), url.encode())
            for path, content in content_of(data).items()
        }
