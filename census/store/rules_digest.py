"""A digest of the rules that make the published numbers, to tell a change of method by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
# What decides the numbers of a vintage: code under census/ (patterns of paths), and the hand-edited
# files of data/. Neither is what loads, shows or checks them, nor the metadata of models, which
# grow with the observations.
CODE = (
    "attributes.py",
    "base/shares.py",
    "cleaning.py",
    "history/*.py",
    "ledger.py",
    "lineage.py",
    "origins.py",
    "quality.py",
    "registry.py",
    "rollups/coverage.py",
    "rollups/downloads.py",
    "rollups/draws.py",
    "rollups/estimate.py",
    "rollups/keys.py",
    "rollups/noise.py",
    "rollups/places.py",
    "rollups/published_days.py",
    "rollups/rates.py",
    "rollups/series.py",
    "rollups/stage.py",
    "rollups/summaries.py",
    "rollups/used_counts.py",
    "scopes.py",
)
# What decides how often the intervals hold: the estimate, and the tests that hide counts.
ESTIMATE_CODE = (
    "cleaning.py",
    "history/*.py",
    "rollups/calibration.py",
    "rollups/draws.py",
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

    It is taken over the name and the SHA-256 of each file, in order of names. Two equal digests
    mean equal rules; two different ones may differ by no more than a comment. A file that is
    missing counts as an empty one.
    """
    return _digest({**_code(CODE), **{f"data/{name}": data / name for name in RULE_FILES}})


def estimate_digest() -> str:
    """Return the SHA-256, in hexadecimal, of the code of the estimate, as `rules_digest` does."""
    return _digest(_code(ESTIMATE_CODE))


def _code(patterns: Iterable[str]) -> dict[str, Path]:
    return {
        f"census/{path.relative_to(PACKAGE).as_posix()}": path
        for pattern in patterns
        for path in PACKAGE.glob(pattern)
    }


def _digest(files: Mapping[str, Path]) -> str:
    whole = hashlib.sha256()
    for name, path in sorted(files.items()):
        content = path.read_bytes() if path.is_file() else b""
        whole.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return whole.hexdigest()
