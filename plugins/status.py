"""/-/status.json and what the page /status shows: the last build that was good, and its numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from datasette import NotFound, Response, hookimpl

from census.database.status import STATUS
from census.site.site import DATABASE


def status_of(datasette: Any) -> dict[str, Any] | None:
    """Return the status that the build wrote beside the served database, None without one.

    A status of another database counts as none.
    """
    if DATABASE not in datasette.databases:
        return None
    database = datasette.get_database(DATABASE)
    try:
        content = json.loads(Path(database.path).with_name(STATUS).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return None
    digest = None if database.is_mutable else database.hash
    right = isinstance(content, dict) and digest in (None, content.get("sha256"))
    return content if right else None


async def status(datasette: Any) -> Any:
    """Answer with the status; 404 where the build left none."""
    content = status_of(datasette)
    if content is None:
        raise NotFound("The build of this database left no status")
    headers = {"access-control-allow-origin": "*", "cache-control": "no-cache"}
    return Response.json(content, headers=headers)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """One address for programs; people have the page /status."""
    return [(r"^/-/status\.json\Z", status)]


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Give the page its numbers."""
    env.globals["build_status"] = lambda: status_of(datasette)
