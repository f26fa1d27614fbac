"""The numbers of the method, from the code that applies them: what the page of the method says."""

from __future__ import annotations

from census.adoption import AGES, TOP
from census.bands import WIDEST_BAND
from census.cleaning import (
    BUSY_DOWNLOADS_30D,
    PARTIAL_PART,
    STALL_DAYS,
    STALL_PART,
    STUCK_PART,
    UNDECIDED_SNAPSHOTS,
)
from census.curves import WINDOW_DAYS
from census.derivatives import FEW_DOWNLOADS
from census.series import KNOWN_PCT

# Why models are in a scope or not, and how they spread over sizes: statements of the page.
REASONS = """
select
    scope_reason as reason,
    in_frontier,
    count(*) as models,
    sum(latest_all_time) as downloads
from models
group by scope_reason, in_frontier
order by in_frontier desc, count(*) desc, scope_reason
limit 16
"""
SIZES = """
select
    size_bucket,
    count(*) as models
from models
where in_frontier = 1
group by size_bucket
order by size_bucket is null, cast(replace(size_bucket, '<', '-') as integer)
"""


def method_numbers() -> dict[str, str]:
    """Return every threshold that the method has, by name, as readers write it."""
    return {
        "widest": f"{WIDEST_BAND:.0f}",
        "known": f"{KNOWN_PCT:.0f}",
        "window": f"{WINDOW_DAYS}",
        "undecided": f"{UNDECIDED_SNAPSHOTS}",
        "partial": f"{100 * PARTIAL_PART:.0f}",
        "stall": f"{100 * STALL_PART:.0f}",
        "stall_days": f"{STALL_DAYS}",
        "stuck": f"{100 * STUCK_PART:.0f}",
        "busy": f"{BUSY_DOWNLOADS_30D:,}",
        "ages": ", ".join(str(age) for age in AGES[:-1]) + f" and {AGES[-1]}",
        "top": f"{TOP}",
        "few": f"{FEW_DOWNLOADS}",
    }
