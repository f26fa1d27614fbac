"""A digest of the rules that make the published numbers, to tell a change of method by."""

from __future__ import annotations

import hashlib
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
# What decides the numbers of a vintage: code under census/ (patterns of paths), and the hand-edited
# files of data/. Neither is what loads, shows or checks them, nor the metadata of models, which
# grow with the observations.
CODE = (
    "attributes.py",
    "cleaning.py",
    "curves.py",
    "history/*.py",
    "ledger.py",
    "lineage.py",
    "origins.py",
    "quality.py",
    "registry.py",
    "rollups/series.py",
    "scopes.py",
    "series.py",
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
    files = {
        f"census/{path.relative_to(PACKAGE).as_posix()}": path
        for pattern in CODE
        for path in PACKAGE.glob(pattern)
    }
    files.update({f"data/{name}": data / name for name in RULE_FILES})
    whole = hashlib.sha256()
    for name, path in sorted(files.items()):
        content = path.read_bytes() if path.is_file() else b""
        whole.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return whole.hexdigest()
