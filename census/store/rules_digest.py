"""A digest of the rules behind the published numbers, by which a change of method is noticed."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
# What decides the numbers of a vintage: code under census/ (patterns of paths), and the hand-edited
# files of data/. Code that loads, shows or checks numbers is not part of it, and neither is the
# metadata of models, which grows with the observations.
CODE = (
    "base/shares.py",
    "history/*.py",
    "inputs/attributes.py",
    "inputs/lineage.py",
    "inputs/origins.py",
    "inputs/registry.py",
    "inputs/registry_files.py",
    "inputs/scopes.py",
    "rollups/coverage.py",
    "rollups/downloads.py",
    "rollups/draws.py",
    "rollups/fit.py",
    "rollups/estimate.py",
    "rollups/histories.py",
    "rollups/keys.py",
    "rollups/noise.py",
    "rollups/places.py",
    "rollups/published_days.py",
    "rollups/rates.py",
    "rollups/sample.py",
    "rollups/series.py",
    "rollups/series_rows.py",
    "rollups/stage.py",
    "rollups/summaries.py",
    "rollups/unseen.py",
    "rollups/used_counts.py",
    "store/ledger.py",
)
# What decides how often the intervals hold: the estimate, and the tests that hide counts.
ESTIMATE_CODE = (
    "base/shares.py",
    "history/*.py",
    "rollups/calibration.py",
    "rollups/draws.py",
    "rollups/fit.py",
    "rollups/hidden_counts.py",
    "rollups/noise.py",
    "rollups/rates.py",
    "rollups/summaries.py",
    "rollups/used_counts.py",
)
RULE_FILES = (
    "countries.csv",
    "labs.csv",
    "model_aliases.csv",
    "namespaces.csv",
    "origin_claims.csv",
    "pipeline_tags.csv",
    "quality_ledger.csv",
    "release_dates.csv",
    "scope_rules.csv",
    "window_lengths.csv",
)


def rules_digest(data: Path) -> str:
    """Return the SHA-256, in hexadecimal, of the code and the rule files that decide the numbers.

    Of code it takes what `rules_of` leaves, in whichever file it stands: moving, explaining and
    importing change no number. Two equal digests mean equal rules; two different ones may differ
    by no more than the writing of a line. A rule file that is missing counts as an empty one.
    """
    files = {name: data / name for name in RULE_FILES}
    tables = {name: path.read_bytes() if path.is_file() else b"" for name, path in files.items()}
    return _digest(
        [*_code_hashes(CODE), *(f"data/{name} {_sha256(tables[name])}" for name in tables)]
    )


def estimate_digest() -> str:
    """Return the SHA-256, in hexadecimal, of the code of the estimate, as `rules_digest` does."""
    return _digest(_code_hashes(ESTIMATE_CODE))


def rules_of(source: str) -> str:
    """Return Python code without its comments, docstrings, imports and empty lines.

    `import os  # files` → nothing; `LIMIT = 5  # days` → `LIMIT = 5`.
    """
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom) or (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            for row in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                lines[row - 1] = ""
    return "\n".join(line.rstrip() for line in lines if line.strip())


# The code does not change while a process runs.
@cache
def _code_hashes(patterns: tuple[str, ...]) -> tuple[str, ...]:
    files = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    return tuple(_sha256(rules_of(path.read_text(encoding="utf-8")).encode()) for path in files)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest(hashes: Iterable[str]) -> str:
    return _sha256("\n".join(sorted(hashes)).encode())
