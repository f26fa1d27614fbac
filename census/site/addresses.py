"""Addresses without the parameters that programs append: `?lab=qwen&utm_source=x` → `?lab=qwen`.

Newsletters, social networks and chart tools add names of their own to shared links. They say
nothing to a page, a question or a table, so they are dropped before anything reads the address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from datasette.utils import tilde_decode

from census.questions.question_files import Question
from census.site.site import DATABASE, Site

# Names that are appended, whole or by how they begin; small letters, compared without regard to
# case. Datasette's own names (`_shape`, `_size` …) are none of them.
APPENDED = (
    "v", "_", "cb", "t", "ref", "ref_src", "igsh", "igshid", "si", "fbclid", "gclid", "msclkid",
    "dclid", "twclid", "ttclid", "yclid", "gbraid", "wbraid", "srsltid", "li_fat_id", "mkt_tok",
)  # fmt: skip
APPENDED_STARTS = ("utm_", "mtm_", "pk_", "mc_", "gad_", "_hs")
# Files named by their content have their version in `v`.
BY_CONTENT = ("/static/", "/-/static")
# Where questions are, whole or as a card, an embed or numbers to quote.
QUESTION_FOLDERS = ([DATABASE], ["-", "card"], ["-", "embed"], ["-", "quote"])
# SQL takes a value from `:name`, `@name` or `$name`.
SQL_NAME = re.compile(r"[:@$]([A-Za-z0-9_]+)")
SQL_TEXTS = ("sql", "_where")


def site_path(datasette: Any, scope: Mapping[str, Any]) -> str:
    """Return the path of a request below the address that the site is served under."""
    path = str(scope.get("path", "")).removeprefix(datasette.setting("base_url").rstrip("/"))
    return f"/{path.lstrip('/')}"


def is_appended(name: str) -> bool:
    """Return whether a name is one that programs append."""
    folded_name = name.lower()
    return folded_name in APPENDED or folded_name.startswith(APPENDED_STARTS)


def without_appended(query: str, kept_names: Iterable[str]) -> str:
    """Return a query string without the appended parameters, all else byte for byte.

    `kept_names` mean something at this address, so they stay whatever they are called. A
    filter of Datasette's names its column before two underscores.
    """
    names = set(kept_names)
    parts = []
    for part in query.split("&"):
        name = unquote_plus(part.partition("=")[0])
        column = name.rpartition("__")[0] or name
        if not is_appended(name) or name in names or column in names:
            parts.append(part)
    return "&".join(parts)


def meant_names(site: Site, path: str, query: str) -> Iterator[str]:
    """Yield the names that mean something at an address.

    They are the parameters of the question and the columns of the table in its path, and the names
    that a reader's own SQL uses.
    """
    for part in path.split("/"):
        stem = part.partition(".")[0]
        if stem in site.questions:
            yield from parameter_names(site.questions[stem])
        table = site.tables.get(tilde_decode(stem))
        yield from table.columns if table else ()
    for name, value in parse_qsl(query):
        if name in SQL_TEXTS:
            yield from SQL_NAME.findall(value)


def question_of(site: Site, path: str) -> Question | None:
    """Return the question of an address in any format, None for other addresses."""
    parts = path.removeprefix("/").split("/")
    is_question = parts[:-1] in QUESTION_FOLDERS
    return site.questions.get(parts[-1].partition(".")[0]) if is_question else None


def parameter_names(question: Question) -> list[str]:
    """Return the names of a question's parameters."""
    return [parameter.name for parameter in question.parameters]


def clean_query(site: Site | None, path: str, query: str) -> str:
    """Return the query string of an address without the parameters that programs append."""
    names = [unquote_plus(part.partition("=")[0]) for part in query.split("&")]
    if path.startswith(BY_CONTENT) or not any(is_appended(name) for name in names):
        return query
    return without_appended(query, meant_names(site, path, query) if site else ())
