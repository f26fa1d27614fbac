"""datasette-vega only where readers explore: on tables and on SQL of their own.

It adds 945 KB of script to a page, and the census's own charts need none.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from datasette import hookimpl

from census.site.site import DATABASE, is_own_page, site_of

BULKY = "datasette_vega"


def explores(datasette: Any, request: Any, columns: Any) -> bool:
    """Return whether a page shows rows that a reader chose, so that drawing them makes sense."""
    if request is None or not columns:
        return False
    questions = site_of(datasette).questions if DATABASE in datasette.databases else {}
    return not is_own_page(request.path, questions)


def without_bulk(urls: list[Any]) -> list[Any]:
    """Return the files that plugins add to a page, without the scripts of datasette-vega."""
    return [
        [url for url in group if BULKY not in str(url)] if isinstance(group, list) else group
        for group in urls
    ]


@hookimpl(hookwrapper=True)
def extra_js_urls(datasette: Any, request: Any, columns: Any) -> Generator[None, Any, None]:
    """Leave datasette-vega's script out of pages that do not explore."""
    outcome = yield
    if not explores(datasette, request, columns):
        outcome.force_result(without_bulk(outcome.get_result()))


@hookimpl(hookwrapper=True)
def extra_css_urls(datasette: Any, request: Any, columns: Any) -> Generator[None, Any, None]:
    """Leave datasette-vega's style out of pages that do not explore."""
    outcome = yield
    if not explores(datasette, request, columns):
        outcome.force_result(without_bulk(outcome.get_result()))
