"""Prints the sentences that readers see, to be read once from end to end.

Usage: tools/words [--long]

They are those of the questions, of the parameters and of the templates; `--long` prints only those
of more than thirty words. What code computes from numbers is not among them.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from census.questions.question_files import read_questions

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 30
# Branches of a template, where one text ends and another begins; then its other code.
BRANCH = re.compile(r"\{%-?\s*(?:else|elif)\b.*?%\}", re.DOTALL)
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|<script.*?</script>|<style.*?</style>", re.DOTALL)
VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
BLOCK = re.compile(
    r"</?(?:p|h\d|li|dt|dd|td|th|summary|label|option|title|nav|div|section)\b[^>]*>"
)
TAG = re.compile(r"<[^>]+>")
END = re.compile(r"(?<=[.?!:;])\s+(?=[A-Z“])")


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, its white space made single."""
    for part in END.split(" ".join(text.split())):
        if re.search(r"[a-z]{2}", part):
            yield part


def of_questions() -> Iterator[tuple[str, str]]:
    """Yield the place and the text of what the questions say."""
    for name, question in read_questions(ROOT / "canned_queries").items():
        yield name, question.title
        yield name, question.description
        for parameter in question.parameters:
            yield f"{name}: {parameter.name}", f"{parameter.label}. {parameter.help}"
        for column, words in question.columns.items():
            yield f"{name}: {column}", words


def of_templates() -> Iterator[tuple[str, str]]:
    """Yield the place and the text of what the templates say, values written as `…`."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        branches = BRANCH.sub("<p>", path.read_text(encoding="utf-8"))
        text = VALUE.sub("…", CODE.sub("", branches))
        for block in BLOCK.split(text):
            yield str(path.relative_to(ROOT)), html.unescape(TAG.sub("", block))


def of_tables() -> Iterator[tuple[str, str]]:
    """Yield the place and the text of what is said of each table."""
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text(encoding="utf-8"))
    for name, table in metadata["databases"]["census"]["tables"].items():
        yield f"table {name}", table.get("description", "")


def main() -> None:
    """Print every sentence after its place."""
    only_long = "--long" in sys.argv[1:]
    for place, text in (*of_questions(), *of_templates(), *of_tables()):
        for sentence in sentences(text):
            is_long = len(sentence.split()) > LONGEST
            if is_long or not only_long:
                print(f"{'LONG ' if is_long else ''}{place}: {sentence}")


main()
