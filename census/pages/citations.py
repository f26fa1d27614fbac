"""Citations of the census, whole or of one question: as text, BibTeX and CSL-JSON."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from census.base.numbers import day_words
from census.questions.question_files import Question

NAME = "Open Model Census"
LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
# Characters that TeX takes for commands, and how it writes them.
TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "$": r"\$",
        "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }
)  # fmt: skip
# An address stands in \url, where only these characters must be escaped.
IN_URL = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", "%": r"\%", "#": r"\#"})

# biblatex takes the field `url` as it is, but its braces must match.
BRACES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
# Letters of a key that say what was chosen.
LONGEST_CHOICE = 60


class Citation(NamedTuple):
    """A citation's content: title, choices, day of the data, address and hash of the database.

    `changed` are the parameters that differ from the defaults.
    """

    title: str
    choices: str
    day: str
    url: str
    hash: str
    changed: tuple[tuple[str, str], ...] = ()


def cite_question(
    question: Question, values: Mapping[str, str], day: str, url: str, digest: str
) -> Citation:
    """Return the citation of a question; `values` must have been checked."""
    defaults = question.defaults()
    changed = tuple((name, value) for name, value in values.items() if value != defaults[name])
    choices = question.counted_words(values)
    return Citation(question.title, choices, day, url, digest, changed)


def cite_census(day: str, url: str, digest: str) -> Citation:
    """Return the citation of the whole census."""
    return Citation("", "", day, url, digest)


def as_text(cited: Citation) -> str:
    """Return one sentence that says all that a reader needs to find the data again."""
    title = f"“{full_title(cited)}”. " if cited.title else ""
    return (
        f"{NAME}: {title}Data to {day_words(cited.day)}. {cited.url}. {LICENCE}."
        f" Database SHA-256 {cited.hash[:16]}."
    )


def full_title(cited: Citation) -> str:
    """Return the title with what was chosen."""
    return f"{cited.title} ({cited.choices})" if cited.choices else cited.title


def citation_key(cited: Citation) -> str:
    """Return a key for bibliographies: the same for one address and day, another for any other.

    It names what was chosen as far as letters go; two choices that read alike differ in the hash of
    the address.
    """
    choices = " ".join(f"{name} {value or 'none'}" for name, value in cited.changed)
    words = [slug(f"{NAME} {cited.title}"), slug(choices)[:LONGEST_CHOICE].strip("-")]
    address = urlsplit(cited.url)
    if address.query:
        words.append(hashlib.sha256(f"{address.path}?{address.query}".encode()).hexdigest()[:8])
    return "-".join([word for word in words if word] + [cited.day])


def slug(text: str) -> str:
    """Return a text in small letters and digits, with hyphens for all else."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def today() -> date:
    """Return the day on which a citation is made (UTC)."""
    return datetime.now(UTC).date()


def as_bibtex(cited: Citation, accessed: date | None = None) -> str:
    """Return an entry for BibTeX and biblatex; `accessed` is today unless given."""
    title = full_title(cited) or NAME
    fields = {
        "title": f"{{{title.translate(TEX)}}}",
        "author": f"{{{NAME}}}",
        "year": cited.day[:4],
        "month": str(int(cited.day[5:7])),
        "howpublished": rf"\url{{{cited.url.translate(IN_URL)}}}",
        "url": cited.url.translate(BRACES),
        "urldate": (accessed or today()).isoformat(),
        "note": f"Data to {day_words(cited.day)}. {LICENCE}. Database SHA-256 {cited.hash}",
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{citation_key(cited)},\n{lines}}}\n"


def as_csl(cited: Citation, accessed: date | None = None) -> list[dict[str, Any]]:
    """Return an item of CSL-JSON, which Zotero, Mendeley and pandoc read.

    `accessed` is today unless given.
    """
    day = accessed or today()
    return [
        {
            "id": citation_key(cited),
            "type": "dataset",
            "title": full_title(cited) or NAME,
            "author": [{"literal": NAME}],
            "publisher": NAME,
            "issued": {"date-parts": [[int(part) for part in cited.day.split("-")]]},
            "accessed": {"date-parts": [[day.year, day.month, day.day]]},
            "version": cited.day,
            "URL": cited.url,
            "note": f"{LICENCE}. Database SHA-256 {cited.hash}",
        }
    ]


def format_citation(cited: Citation, form: str) -> tuple[str, str]:
    """Return a citation and its media type; `form` is citation.txt, bib or csl.json."""
    if form == "bib":
        return as_bibtex(cited), "application/x-bibtex; charset=utf-8"
    if form == "csl.json":
        text = json.dumps(as_csl(cited), indent=1, ensure_ascii=False)
        return f"{text}\n", "application/vnd.citationstyles.csl+json; charset=utf-8"
    return f"{as_text(cited)}\n", "text/plain; charset=utf-8"
