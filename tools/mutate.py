"""Change the rules one operator or number at a time, and list the changes that no test notices.

mutate.py [--sample N] [--seed S] [--jobs J] [MODULE …]: of each module so many changes, drawn by
the seed. Each is run against the fast tests of its module, which do not ask for the real database.
Every change is run in a process of its own, forked from one that has the libraries loaded.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import io
import os
import random
import re
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple

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

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}  # fmt: skip
NAMED = {
    "min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum",
    "maximum": "minimum", "fmin": "fmax", "fmax": "fmin", "ceil": "floor", "floor": "ceil",
}  # fmt: skip
# In statements of SQL.
SPOKEN = (
    (r" <= ", " < "), (r" >= ", " > "), (r" < ", " <= "), (r" > ", " >= "), (r" <> ", " = "),
    (r" = ", " <> "), (r"\band\b", "or"), (r"\bor\b", "and"), (r"\bmin\(", "max("),
    (r"\bmax\(", "min("), (r" - ", " + "), (r" \+ ", " - "), (r"\bdesc\b", "asc"),
)  # fmt: skip


class Change(NamedTuple):
    """One change of a module: its line, what it does, and how the tree is changed in place."""

    line: int
    words: str
    apply: Callable[[ast.AST], None]
    node: int


class Outcome(NamedTuple):
    """What the tests said of a change: whether one failed, and how long it took in seconds."""

    noticed: bool
    seconds: float


def changes_of(source: str) -> list[Change]:
    """Return every change of a module, in the order of its tree."""
    tree = ast.parse(source)
    left_alone = {id(child) for node in ast.walk(tree) for child in _left_alone(node)}
    changes: list[Change] = []

    def visit(node: ast.AST) -> None:
        if id(node) in left_alone:
            return
        at = numbers[id(node)]
        changes.extend(
            Change(getattr(node, "lineno", 0), words, apply, at) for words, apply in _of_node(node)
        )
        for child in ast.iter_child_nodes(node):
            visit(child)

    numbers = {id(node): number for number, node in enumerate(ast.walk(tree))}
    visit(tree)
    return changes


def _left_alone(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a node that are words or types: docstrings, annotations, messages."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            yield first
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield from node.decorator_list
    if isinstance(node, ast.FunctionDef) and node.returns:
        yield node.returns
    if isinstance(node, ast.arg) and node.annotation:
        yield node.annotation
    if isinstance(node, ast.AnnAssign):
        yield node.annotation
    if isinstance(node, ast.Assign) and isinstance(
        getattr(node.value, "slice", None), ast.Attribute
    ):
        # An alias of a type, such as NDArray[np.int64].
        yield node
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr)):
        yield from ast.iter_child_nodes(node)
    for keyword in getattr(node, "keywords", ()):
        # Checks of lengths, of which no behaviour follows, and memory layout.
        if keyword.arg in ("strict", "copy", "kind", "dtype"):
            yield keyword


def _of_node(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """Yield the changes of one node, in words and as what changes the same node of another tree."""
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            if other := COMPARED.get(type(operator)):
                words = f"{type(operator).__name__} → {other.__name__}"
                yield words, lambda of, place=place, other=other: _put(of.ops, place, other())
    elif isinstance(node, (ast.BinOp, ast.AugAssign)):
        texts = (ast.JoinedStr, ast.Constant)
        sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
        text = any(
            isinstance(side, texts) and isinstance(getattr(side, "value", ""), str)
            for side in sides
        )
        if (other_op := COMPUTED.get(type(node.op))) and not text:
            words = f"{type(node.op).__name__} → {other_op.__name__}"
            yield words, lambda of, other=other_op: setattr(of, "op", other())
    elif isinstance(node, ast.BoolOp):
        other_bool = ast.Or if isinstance(node.op, ast.And) else ast.And
        words = f"{type(node.op).__name__} → {other_bool.__name__}"
        yield words, lambda of, other=other_bool: setattr(of, "op", other())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub, ast.Invert)):
        words = f"without {type(node.op).__name__}"
        yield (
            words,
            lambda of: setattr(of, "op", ast.UAdd() if isinstance(of.op, ast.USub) else _NO),
        )
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    elif isinstance(node, ast.Call):
        named = node.func
        name = getattr(named, "attr", getattr(named, "id", ""))
        if other_name := NAMED.get(name):
            field = "attr" if isinstance(named, ast.Attribute) else "id"
            yield (
                f"{name} → {other_name}",
                lambda of, field=field, other=other_name: setattr(of.func, field, other),
            )
    elif isinstance(node, ast.Continue):
        yield "continue → break", lambda of: setattr(of, "__class__", ast.Break)


_NO = ast.Not()


def _of_constant(node: ast.Constant) -> Iterator[tuple[str, Callable[[Any], None]]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} → {not value}", lambda of: setattr(of, "value", not of.value)
    elif isinstance(value, (int, float)):
        yield f"{value} → {value + 1}", lambda of: setattr(of, "value", of.value + 1)
    elif isinstance(value, str) and re.search(r"\b(select|where)\b", value):
        for pattern, other in SPOKEN:
            for match in re.finditer(pattern, value):
                line = node.lineno + value[: match.start()].count("\n")
                words = f"SQL{match[0]}→ {other.strip()} (line {line})"
                start, end = match.span()
                yield (
                    words,
                    lambda of, start=start, end=end, other=other: setattr(
                        of, "value", of.value[:start] + other + of.value[end:]
                    ),
                )


def _put(items: list[Any], place: int, item: object) -> None:
    items[place] = item


def changed_code(source: str, change: Change, name: str) -> CodeType:
    """Return a module's code with one change."""
    tree = ast.parse(source)
    node = next(node for at, node in enumerate(ast.walk(tree)) if at == change.node)
    if change.words == "without Not" or change.words == "without Invert":
        # What the operator stood before takes its place.
        for parent in ast.walk(tree):
            for field, value in ast.iter_fields(parent):
                if value is node:
                    setattr(parent, field, node.operand)  # type: ignore[attr-defined]
                elif isinstance(value, list) and node in value:
                    value[value.index(node)] = node.operand  # type: ignore[attr-defined]
    else:
        change.apply(node)
    return compile(ast.fix_missing_locations(tree), name, "exec")


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

        # The same examples each time, so that a change is noticed always or never, and none made
        # smaller, which takes longer than the test.
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
