"""The scripts of pages: each speeds up something that works without it."""

from __future__ import annotations

from typing import Any

from datasette import hookimpl

from census.site.site import DATABASE, ROOT, file_mark, question_path, site_of

# Charts that answer the pointer are on many pages, the search is on all.
EVERYWHERE = ("hover.js", "suggest.js")
OF_CHOICES = ("choose.js", "swap.js", "copy.js")


def is_question(datasette: Any, path: str) -> bool:
    """Return whether a path is the page of a question."""
    address = question_path(path)
    if address is None or address.format or DATABASE not in datasette.databases:
        return False
    return address.name in site_of(datasette).questions


def asset(name: str) -> str:
    """Return the address of a file of static/ that changes when its content does."""
    return f"/static/{name}?v={file_mark(ROOT / 'static' / name)}"


@hookimpl
def extra_js_urls(datasette: Any, request: Any) -> list[dict[str, Any]]:
    """Load the scripts of a page; a module runs after the page has been read."""
    if request is None:
        return []
    has_choices = request.path == "/compare" or is_question(datasette, request.path)
    names = [*EVERYWHERE, *(OF_CHOICES if has_choices else [])]
    return [{"url": asset(name), "module": True} for name in names]


@hookimpl
def extra_css_urls(request: Any) -> list[str]:
    """Load the style of tooltips."""
    return [asset("hover.css")] if request else []
