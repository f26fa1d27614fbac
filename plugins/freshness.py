"""/-/freshness.json and its table on /status: the age of each source, and its limit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from datasette import NotFound, Response, hookimpl

from census.pages.freshness import figures_by_day, read_record, record_sentence, source_rows
from census.site.site import DATABASE, age_in_days, read_once, site_of


async def freshness(datasette: Any) -> dict[str, Any]:
    """Return how old sources and figures are as of now; raises NotFound without a database."""
    if DATABASE not in datasette.databases:
        raise NotFound("There is no database")
    site = site_of(datasette)

    async def recorded() -> list[tuple[str, str]]:
        record: list[tuple[str, str]] = await datasette.get_database(DATABASE).execute_fn(
            read_record
        )
        return record

    today = datetime.now(UTC).date()
    through = site.info.get("data_through", "")
    days = figures_by_day(await read_once(datasette, "age record", recorded), through, today)
    return {
        "today": today.isoformat(),
        "figures": {
            "data_through": through,
            "age_days": age_in_days(through, today) if through else None,
            "stale_after_days": site.stale_after_days,
        },
        "sources": source_rows(site.ages, today),
        "said": record_sentence(days, site.stale_after_days),
        "record": [day._asdict() for day in days],
    }


async def answer(datasette: Any) -> Any:
    """Answer with the ages, which change with the day and not with the data."""
    headers = {"access-control-allow-origin": "*", "cache-control": "no-store"}
    return Response.json(await freshness(datasette), headers=headers)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """One address for programs; people have the page /status."""
    return [(r"^/-/freshness\.json\Z", answer)]


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> Any:
    """Give the page /status its table."""

    async def add() -> dict[str, Any]:
        if request is None or request.path != "/status" or DATABASE not in datasette.databases:
            return {}
        return {"freshness": await freshness(datasette)}

    return add
