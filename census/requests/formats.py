"""The formats of an address; any other is a 404 that names them."""

from __future__ import annotations

from census.pages.chart_files import CHART_FORMATS, question_formats
from census.requests.refusals import Refusal
from census.site.site import Site

# What tables, views and SQL of a reader's own can be had as, and what a row can.
TABLE = ("csv", "tsv", "xlsx", "json")
ROW = ("csv", "json")
DATABASE_FILES = (*TABLE, "db")


def check_format(site: Site, path: str) -> None:
    """Raise a refusal for a format that is not offered; paths below the database only."""
    parts = path.removeprefix("/").split("/")
    last = parts[-1]
    name, dot, form = last.partition(".")
    if not dot:
        return
    offered: tuple[str, ...] = TABLE
    if len(parts) == 1:
        offered = DATABASE_FILES
    elif len(parts) == 2 and name in site.questions:
        offered = question_formats(site.questions[name])
    elif len(parts) > 2:
        name, _, form = last.rpartition(".")
        offered = ROW
    if form not in offered:
        stem = "/".join([*parts[:-1], name])
        addresses = ", ".join(f"/{stem}.{ending}" for ending in offered)
        drawn = form in CHART_FORMATS and "svg" not in offered
        reason = " (it declares no chart)" if drawn and name in site.questions else ""
        raise Refusal(
            404, "No such format", f"There is no /{stem}.{form}{reason}; there is {addresses}"
        )
