"""The checks that a census.db must pass before it is published."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from census.base.databases import open_readonly
from census.rollups.calibration import CRAWL, LEAST_INSIDE, MODEL

# A share is a float of SQLite; a month's sum may be off by the last digits only.
CHECKS = {
    "pragma foreign_key_check: references that hold": "select 1 from pragma_foreign_key_check",
    "pragma integrity_check: a sound file": (
        "select 1 from pragma_integrity_check where integrity_check <> 'ok'"
    ),
    "observations: at least one": "select 1 where not exists (select 1 from history)",
    "labs: at least one with a sourced country": (
        "select 1 where not exists (select 1 from labs where country is not null)"
    ),
    "history: no negative count": """
        select 1
        from history
        where downloads_30d < 0 or downloads_all_time < 0 or likes < 0
    """,
    "history: only counts of the Hub": """
        select s.slug
        from (
            select distinct source
            from history
        ) as h
        inner join sources as s on s.id = h.source
        where s.channel <> 'hub'
    """,
    "channels: low <= value <= high, and no share below 0 or above 100": """
        select channel, dimension, through
        from channel_series
        where not (low <= value and value <= coalesce(high, value))
            or not (low_pct <= share_pct + 1e-9 and share_pct <= high_pct + 1e-9)
            or low_pct < 0
            or high_pct > 100 + 1e-9
    """,
    "curves: low <= best <= high": """
        select model, date
        from curves
        where not (cumulative_low <= cumulative and cumulative <= cumulative_high)
            or not (monthly_low <= monthly and monthly <= monthly_high)
            or cumulative_low < 0
            or monthly_low < 0
    """,
    "curves: cumulative downloads never fall": """
        select model, date
        from (
            select
                model,
                date,
                cumulative,
                lag(cumulative) over (partition by model order by date) as before
            from curves
        )
        where cumulative < before
    """,
    "scopes: each has a last day": "select scope from scopes where through is null",
    "series: every scope has shares by country": """
        select scope
        from scopes
        where scope not in (select scope from series_keys where dimension = 'country')
    """,
    "series: every dimension of a scope has the same bounds": """
        select scope, month
        from (
            select
                k.scope,
                k.attribution,
                k.basis,
                k.dimension,
                p.month,
                sum(p.cumulative_low) as low,
                sum(p.cumulative_high) as high,
                sum(p.models) as models
            from series_keys as k
            inner join series_points as p on k.id = p.series
            group by k.scope, k.attribution, k.basis, k.dimension, p.month
        )
        group by scope, month
        having min(low) <> max(low) or min(high) <> max(high) or min(models) <> max(models)
    """,
    "series: low <= likely low <= estimate <= likely high <= high": """
        select series, through
        from series_points
        where not (cumulative_low <= cumulative and cumulative <= cumulative_high)
            or not (monthly_low <= monthly and monthly <= monthly_high)
            or not (
                cumulative_low <= cumulative_likely_low
                and cumulative_likely_low <= cumulative
                and cumulative <= cumulative_likely_high
                and cumulative_likely_high <= cumulative_high
            )
            or not (
                monthly_low <= monthly_likely_low
                and monthly_likely_low <= monthly
                and monthly <= monthly_likely_high
                and monthly_likely_high <= monthly_high
            )
    """,
    "models: an unregistered namespace": """
        select name
        from models
        where namespace not in (select namespace from namespaces)
    """,
    "models: retired namespaces hold no models": """
        select m.name
        from models as m
        inner join namespaces as n on m.namespace = n.namespace
        where n.renamed_to is not null
    """,
    "frontier: no repackager": """
        select m.name
        from models as m
        inner join labs as l on m.lab = l.id
        where m.in_frontier = 1 and l.role <> 'lab'
    """,
    "origin claims: a country without a sourced claim": """
        select l.id
        from labs as l
        where l.country is not null
            and not exists (
                select 1
                from origin_claims as c
                where c.lab = l.id and c.decides = 1 and c.source_url is not null
            )
    """,
}


# What publishing needs beside: that the intervals were tested, and hold.
OLDEST_CALIBRATION_DAYS = 31
GATES = {
    "sources: one without a row in data/freshness.csv, which says when it is too old": """
        select s.slug
        from (select slug from sources union select source from capability_sources) as s
        where s.slug not in (select source from source_freshness)
    """,
    "calibration: the estimate was never tested; run calibrate, then build": (
        "select 1 where not exists (select 1 from calibration)"
    ),
    "calibration: made of other code of the estimate; run calibrate, then build": """
        select 1
        where
            exists (
                select 1
                from calibration as c
                inner join build_info as b on b.key = 'estimate_digest'
                where c.code_digest <> b.value
            )
    """,
    f"calibration: over {OLDEST_CALIBRATION_DAYS} days older than the last observation; run"
    " calibrate, then build": f"""
        select min(c.last_observation)
        from calibration as c
        inner join build_info as b on b.key = 'last_observation'
        where julianday(b.value) - julianday(c.last_observation) > {OLDEST_CALIBRATION_DAYS}
        having count(*) > 0
    """,  # noqa: S608
    f"calibration: intervals hold hidden counts in under {LEAST_INSIDE:g} % of cases": f"""
        select inside_90
        from calibration
        where test = '{CRAWL}' and level = '{MODEL}' and inside_90 < {LEAST_INSIDE}
    """,  # noqa: S608
}


def failed_gates(path: Path) -> list[str]:
    """Return one line for each condition of publishing that a database fails."""
    return _failures(path, GATES)


def failed_checks(path: Path) -> list[str]:
    """Return one line for each check that a database fails, with examples of what breaks it."""
    return _failures(path, CHECKS)


def _failures(path: Path, checks: Mapping[str, str]) -> list[str]:
    failures = []
    try:
        with open_readonly(path) as connection:
            for name, query in checks.items():
                rows = connection.execute(query).fetchmany(3)
                if rows:
                    examples = "; ".join(" ".join(map(str, row)) for row in rows if row != (1,))
                    failures.append(f"{name}{f' (such as {examples})' if examples else ''}")
    except sqlite3.DatabaseError as error:
        failures.append(f"{path}: {error}")
    return failures
