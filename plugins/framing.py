"""Pages that plugins answer themselves look like the census's other pages."""

from __future__ import annotations

from typing import Any

from datasette import hookimpl

from census.serving.framing import VIEW


# Last, because plugins/pages.py tells the frame that every path it does not know is Datasette's.
@hookimpl(trylast=True)
def extra_template_vars(view_name: str) -> dict[str, Any]:
    """Tell the frame that these pages are the census's own."""
    return {"own": True} if view_name == VIEW else {}
