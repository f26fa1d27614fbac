"""Change the rules one operator or number at a time, and list the changes that no test notices.

mutate.py [--sample N] [--seed S] [--jobs J] [MODULE …]: of each module so many changes, drawn by
the seed. Each is run against the fast tests of its module, which do not ask for the real database.
Every change is run in a process of its own, forked from one that has the libraries loaded.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import io
import os
import random
import select
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple

from code_changes import changed_code, changes_of

ROOT = Path(__file__).resolve().parent.parent
# At least so many percent of the changes are to be noticed.
LEAST_NOTICED = 85
# The fast tests that guard each module, those that notice most first.
TESTS = {
    "census.base.shares": "shares",
    "census.history.bounds": "bounds model_counts",
    "census.history.cleaning": "cleaning",
    "census.history.ends": "middle",
    "census.history.model_counts": "model_counts dated",
    "census.history.quality_events": "quality_events",
    "census.rollups.draws": "draws drawn_values drawn_intervals",
    "census.rollups.used_counts": "used_counts draws drawn_values",
    "census.rollups.rates": "draws drawn_values drawn_intervals noise",
    "census.rollups.hidden_counts": "calibration",
    "census.rollups.summaries": "summaries",
    "census.rollups.estimate": "series",
    "census.rollups.series": "series",
    "census.rollups.series_rows": "series places",
    "census.rollups.published_days": "published_days",
    "census.rollups.places": "places series",
    "census.rollups.drawn_events": "drawn_events milestones",
    "census.rollups.drawn_sums": "drawn_sums month_figures drawn_events",
    "census.findings.claims": "claims",
    "census.findings.claim_outcomes": "claim_outcomes claims",
    "census.findings.claim_rules": "claim_rules claims",
    "census.findings.download_claims": "download_claims milestones claims",
    "census.findings.scoreboard": "scoreboard verdicts month_figures",
    "census.findings.scoreboard_rows": "scoreboard_rows scoreboard",
    "census.findings.month_figures": "month_figures",
    "census.findings.list_figures": "scoreboard",
    "census.findings.our_figures": "claim_outcomes verdicts scoreboard month_figures",
    "census.collect.comparing": "comparison",
}
# Fixtures of the real database, which takes a minute to build.
SLOW = {"census_db", "census", "own_data", "browser", "page", "built"}
# Loaded once, before the processes are forked.
LIBRARIES = (
    "numpy", "pytest", "_pytest.assertion.rewrite", "hypothesis", "sqlite_utils", "duckdb",
    "huggingface_hub", "yaml", "sqlglot", "click", "filelock", "starlette.applications", "httpx2",
)  # fmt: skip


class Outcome(NamedTuple):
    """What the tests said of a change: whether one failed, and how long it took in seconds."""

    noticed: bool
    seconds: float


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module with changed code to whoever imports it."""

    def __init__(self, module: str, path: Path, code: CodeType) -> None:
        self.module, self.path, self.code = module, path, code

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self.module:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)  # noqa: S102


class Fast:
    """A plugin of pytest in the place of conftest.py, which imports everything.

    It leaves out the tests that ask for the real database.
    """

    def pytest_configure(self) -> None:
        from hypothesis import Phase, settings

        # The same examples each time, so that a change is noticed always or never. Examples that
        # fail are not made smaller, which would take longer than the test.
        settings.register_profile(
            "same",
            deadline=None,
            derandomize=True,
            database=None,
            max_examples=30,
            phases=[Phase.explicit, Phase.generate],
        )
        settings.load_profile("same")

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if not SLOW & set(item.fixturenames)]


def passes(module: str, code: CodeType | None) -> bool:
    """Return whether a module's tests pass in this process, with changed code if there is some."""
    import pytest

    if code is not None:
        path = ROOT / f"{module.replace('.', '/')}.py"
        sys.meta_path.insert(0, Changed(module, path, code))
    files = [str(ROOT / "tests" / f"test_{name}.py") for name in TESTS[module].split()]
    options = ["--noconftest", "-x", "-q", "-p", "no:cacheprovider", "--no-header"]
    output = io.StringIO()
    with redirect_stdout(output), redirect_stderr(output):
        status = pytest.main([*options, *files], plugins=[Fast()])
    if code is None and status != 0:
        sys.stderr.write(output.getvalue()[-2000:])
    return status == 0


class Running(NamedTuple):
    """A process that tests a change: its id, the pipe of its word, and when it began."""

    number: int
    pid: int
    pipe: int
    began: float


def start(module: str, code: CodeType | None, number: int) -> Running:
    """Start the tests of a change in a process of its own."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        os.setpgid(0, 0)
        try:
            os.write(writing, b"p" if passes(module, code) else b"f")
        finally:
            os._exit(0)
    os.close(writing)
    return Running(number, pid, reading, time.monotonic())


def finish(running: Running, limit: float) -> Outcome | None:
    """Return what a process said, None while it runs; one over its time is ended and noticed."""
    seconds = time.monotonic() - running.began
    if select.select([running.pipe], [], [], 0)[0]:
        word = os.read(running.pipe, 1)
    elif seconds > limit:
        os.kill(running.pid, signal.SIGKILL)
        word = b"f"
    else:
        return None
    os.waitpid(running.pid, 0)
    os.close(running.pipe)
    return Outcome(word != b"p", seconds)


def run(module: str, codes: Sequence[CodeType | None], jobs: int, limit: float) -> list[Outcome]:
    """Run the tests of each code, so many at once; return the outcomes in their order."""
    waiting = list(enumerate(codes))[::-1]
    running: list[Running] = []
    outcomes: dict[int, Outcome] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            number, code = waiting.pop()
            running.append(start(module, code, number))
        for process in list(running):
            outcome = finish(process, limit)
            if outcome is not None:
                outcomes[process.number] = outcome
                running.remove(process)
        select.select([process.pipe for process in running], [], [], 0.5)
    return [outcomes[number] for number in range(len(codes))]


def main() -> int:
    """Run what is asked for; the status is 1 where too few changes are noticed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="such as history.bounds")
    parser.add_argument("--sample", type=int, default=40, help="changes of a module (40; 0: all)")
    parser.add_argument("--seed", default="1", help="draws the sample (1)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--list", action="store_true", help="only say how many changes there are")
    options = parser.parse_args()
    modules = [f"census.{name.removeprefix('census.')}" for name in options.modules] or list(TESTS)
    if unknown := [name for name in modules if name not in TESTS]:
        parser.error(f"no tests are named for {', '.join(unknown)}; add them to TESTS")
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    for library in LIBRARIES:
        importlib.import_module(library)
    total = noticed = 0
    for module in modules:
        path = ROOT / f"{module.replace('.', '/')}.py"
        source = path.read_text(encoding="utf-8")
        changes = changes_of(source)
        whole = len(changes)
        if options.sample and whole > options.sample:
            sample = random.Random(f"{options.seed} {module}").sample(range(whole), options.sample)
            changes = [changes[at] for at in sorted(sample)]
        if options.list:
            print(f"{module}: {whole}")
            continue
        (unchanged,) = run(module, [None], 1, 600)
        if unchanged.noticed:
            print(f"{module}: its tests fail without any change")
            return 1
        codes = [changed_code(source, change, str(path)) for change in changes]
        limit = 10 + 10 * unchanged.seconds
        outcomes = run(module, codes, options.jobs, limit)
        died = sum(outcome.noticed for outcome in outcomes)
        total, noticed = total + len(changes), noticed + died
        print(f"{module}: {died} of {len(changes)} noticed ({whole} in all,"
              f" {unchanged.seconds:.1f} s a run)", flush=True)  # fmt: skip
        for change, outcome in zip(changes, outcomes, strict=True):
            if not outcome.noticed:
                line = source.splitlines()[change.line - 1].strip() if change.line else ""
                print(f"  {path.relative_to(ROOT)}:{change.line}: {change.words}: {line}")
    if options.list:
        return 0
    share = 100 * noticed / total if total else 100.0
    print(f"{noticed} of {total} changes noticed ({share:.0f} %, at least {LEAST_NOTICED} %)")
    return int(share < LEAST_NOTICED)


if __name__ == "__main__":
    sys.exit(main())
