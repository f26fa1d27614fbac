"""`_as_of` in an address: a link in an article keeps showing what was published on a day."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from census.questions.vintages import AS_OF, ENDING, RECORDED
from census.requests.refusals import Refusal
from census.site.addresses import question_of
from census.site.site import DATABASE, Site

OPTION = "_as_of"
# Where a question's files, pictures, embeds and cards are.
FOLDERS = (f"/{DATABASE}/", "/-/embed/", "/-/card/", "/-/quote/")


def as_published(site: Site, path: str, query: str) -> tuple[str, str] | None:
    """Return path and query string of what was published on the day in `_as_of`, None without it.

    Raises Refusal for a question that no recording answers, naming those that one does.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    days = [value for name, value in pairs if name == OPTION]
    if not days or not path.startswith(FOLDERS):
        return None
    question = question_of(site, path)
    if question is None or question.name not in RECORDED:
        recorded = ", ".join(RECORDED)
        reason = f"{OPTION} is for what was recorded as it was published: {recorded}."
        raise Refusal(400, "Not recorded", reason, {"parameter": OPTION, "allowed": [*RECORDED]})
    head, _, name = path.rpartition("/")
    others = [pair for pair in pairs if pair[0] not in (OPTION, AS_OF)]
    address = f"{head}/{question.name}{ENDING}{name.removeprefix(question.name)}"
    return address, urlencode([(AS_OF, days[-1]), *others])


def with_vintage(site: Site | None, path: str, scope: dict[str, Any]) -> dict[str, Any]:
    """Return a request as one for what was published on a day, where it asks for that."""
    query = scope["query_string"].decode("latin-1")
    if site is None or OPTION not in query:
        return scope
    published = as_published(site, path, query)
    if published is None:
        return scope
    address, recorded_query = published
    prefix = scope["path"].removesuffix(path)
    whole = f"{prefix}{address}"
    return {
        **scope,
        "path": whole,
        "raw_path": whole.encode("latin-1"),
        "query_string": recorded_query.encode("latin-1"),
    }
