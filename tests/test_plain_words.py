"""What readers see is short and in plain words; terms of the trade are in the glossary alone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
JARGON = re.compile(
    r"scope frontier|\bvintages?\b(?!_)|keys named|root of (?:the|its) lineage|running month"
    r"|repackagers\b|\bpeers?\b(?!_)",
    re.IGNORECASE,
)
GLOSSARY = re.compile(
    r"methodology\.html: (?:Peer|Repackager|Running month|Recording \(vintage\))$"
)


@pytest.fixture(scope="module")
def printed() -> list[str]:
    """Every sentence that readers see, as the tool prints it."""
    tool = [sys.executable, str(ROOT / "tools/words.py")]
    done = subprocess.run(tool, capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.splitlines()


def test_no_sentence_is_longer_than_thirty_words(printed: list[str]) -> None:
    assert len(printed) > 1000
    assert [line for line in printed if line.startswith("LONG ")] == []


def test_terms_of_the_trade_are_in_the_glossary_alone(printed: list[str]) -> None:
    said = [line for line in printed if JARGON.search(line.partition(": ")[2])]
    assert [line for line in said if not GLOSSARY.search(line)] == []
    assert len([line for line in said if GLOSSARY.search(line)]) >= 3
