"""Requests that no page can answer, refused with a reason before any page tries."""

from __future__ import annotations

from urllib.parse import parse_qsl

from datasette.utils import tilde_decode

from census.requests.formats import check_format
from census.requests.refusals import Refusal
from census.requests.table_queries import check_free, check_row, check_shape, check_table
from census.site.site import DATABASE, Site

# Pages that say something where there is no database, and everything below them.
WITHOUT_DATABASE = ("/downloads", "/status", "/api", "/exports", "/static", "/-/static")
NO_DATABASE = "There is no database: it has not been built, or this site was started without it."


def check_request(site: Site | None, path: str, query: str) -> None:
    """Raise a refusal for a request that cannot be answered; `site` is None without a database."""
    if site is None:
        check_without_database(path)
        return
    parts = path.removeprefix("/").split("/")
    if parts[0].partition(".")[0] != DATABASE or parts[0] == f"{DATABASE}.db":
        return
    check_format(site, path)
    if len(parts) == 1:
        check_free(parts[0].partition(".")[2], query)
        return
    stem, _, kind = parts[1].partition(".")
    name = tilde_decode(stem)
    if name in site.questions:
        check_shape(parse_qsl(query), kind != "json")
    elif name in site.tables and len(parts) == 2:
        check_table(site, site.tables[name], kind, query)
    elif name in site.tables and len(parts) == 3:
        check_row(site.tables[name], parts[2])


def check_without_database(path: str) -> None:
    """Raise a refusal for a page that shows data."""
    is_own_address = path.startswith("/-/") and not path.startswith(
        ("/-/card", "/-/embed", "/-/oembed")
    )
    if (
        not is_own_address
        and path not in ("/", "/robots.txt")
        and not path.startswith(WITHOUT_DATABASE)
    ):
        raise Refusal(404, "No database", NO_DATABASE)
