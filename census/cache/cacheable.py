"""What may be kept: requests with one answer for everybody, and answers that stay the same."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from census.questions.parameters import ParameterError
from census.requests.methods import MCP_PATH
from census.site.addresses import clean_query, question_of, site_path
from census.site.site import DATABASE, Site, complete_query, short_query

READING = ("GET", "HEAD")
# Most addresses below /-/ tell the state of the server (health, threads), which changes. Those in
# INNER_KEPT are made from the data alone.
INNER = "/-/"
INNER_KEPT = ("/-/embed/", "/-/card/", "/-/oembed", "/-/feeds/", "/-/vega-embed-")
# Files that are sent from the disk.
ON_DISK = (f"/{DATABASE}.db", "/exports/")
# Conversations with a program, whose answers nobody else asks for.
TALKS = (MCP_PATH,)
# A reader's own SQL is rarely asked twice, so its answers are not kept.
FREE_OPTIONS = ("sql", "_where")
STATUSES = (200, 301, 404)
# What an answer says of itself that must not be given to anybody else, or later.
NOT_FOR_ALL = (b"private", b"no-store", b"no-cache")
# Pictures depend on their question's values and on these, and on nothing else in an address.
PICTURES = ("svg", "png", "vl.json")
LOOKS = ("_size", "_theme")

RawHeaders = list[tuple[bytes, bytes]]


class CacheKey(NamedTuple):
    """The key of a kept answer. Host and scheme belong to it, since pages name their address."""

    scheme: str
    host: bytes
    path: bytes
    query: bytes
    coding: str


def is_anonymous(headers: dict[bytes, bytes]) -> bool:
    """Return whether a request has no headers that identify its sender."""
    return b"cookie" not in headers and b"authorization" not in headers


def meant_query(datasette: Any, site: Site | None, scope: dict[str, Any]) -> bytes | None:
    """Return the query string under which the answer to a request is kept, None if under none.

    What programs append is left out, and the address of a picture is written in one way, so that
    it is drawn once.
    """
    path = site_path(datasette, scope)
    if path.startswith(INNER) and not path.startswith(INNER_KEPT):
        return None
    query = clean_query(site, path, scope["query_string"].decode("latin-1"))
    if path.startswith((*ON_DISK, *TALKS)) or any(
        name in FREE_OPTIONS for name, _ in parse_qsl(query)
    ):
        return None
    question = question_of(site, path) if site else None
    is_picture = path.endswith(tuple(f".{kind}" for kind in PICTURES))
    if question is not None and is_picture and question.chart is not None:
        try:
            values, completed = complete_query(question, query)
        except ParameterError:
            return query.encode("latin-1")
        looks = sorted(pair for pair in parse_qsl(completed) if pair[0] in LOOKS)
        short = short_query(question, values).removeprefix("?")
        query = "&".join(part for part in (short, urlencode(looks)) if part)
    return query.encode("latin-1")


def may_be_kept(status: int, headers: RawHeaders) -> bool:
    """Return whether everybody may be given an answer again."""
    fields = dict(headers)
    if status not in STATUSES or b"set-cookie" in fields:
        return False
    caching = fields.get(b"cache-control", b"")
    return status == 404 or not any(word in caching for word in NOT_FOR_ALL)
