"""/-/healthz: whether the site has data, of which day, whether they are stale, whether it draws."""

from __future__ import annotations

from typing import Any

from datasette import Response, hookimpl

from census.pages.site_counts import read_counts
from census.serving.chart_workers import workers_of
from census.site.site import DATABASE, age_in_days, site_of

COUNTS = ("labs", "models", "observations")


async def state(datasette: Any) -> dict[str, Any]:
    """Return the state of the data; `ok` is false where they are missing or stale."""
    if DATABASE not in datasette.databases:
        return {"ok": False, "error": "there is no database"}
    site = site_of(datasette)
    through = site.info.get("data_through", "")
    if not through:
        return {"ok": False, "error": "the database has no data"}
    all_counts = await datasette.get_database(DATABASE).execute_fn(read_counts)
    counts = {name: all_counts[name] for name in COUNTS}
    age = age_in_days(through)
    fresh = age <= site.stale_after_days and counts["models"] > 0
    workers = workers_of(datasette)
    answer = {
        "ok": fresh and not workers.failing,
        "data_through": through,
        "age_days": age,
        "stale_after_days": site.stale_after_days,
        **counts,
        "drawing": {"failing": workers.failing, "replaced": workers.replaced},
    }
    if not fresh:
        return {**answer, "error": f"the data end {age} days ago"}
    return {**answer, "error": "no chart can be drawn"} if workers.failing else answer


async def healthz(datasette: Any, request: Any) -> Any:
    """Answer 200 where the data are fresh, 503 otherwise; `?live=1` asks only whether it serves."""
    live = request.args.get("live") == "1"
    try:
        answer = await state(datasette)
    except Exception as error:
        answer = {"ok": False, "error": f"the database cannot be read: {type(error).__name__}"}
    status = 200 if live or answer["ok"] else 503
    headers = {"cache-control": "no-store"}
    return Response.json({**answer, "live": True}, status=status, headers=headers)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """One address for monitors and containers."""
    return [(r"^/-/healthz\Z", healthz)]
