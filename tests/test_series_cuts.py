"""Cuts of the same counted models that differ in models without counts keep their own coverage."""

from __future__ import annotations

from datetime import date

from made_census import made_downloads, made_draws, made_sample, make_census
from made_rows import SCOPES, THROUGH

from census.base.days import day_number
from census.rollups.series import roll_up

UNCOUNTED = "Blue/Uncounted-7B"
COVERABLE = """
    select
        basis,
        covered,
        coverable
    from series
    where
        scope = 'frontier'
        and attribution = 'publisher'
        and dimension = 'country'
        and key = 'US'
        and month = '2026-05'
        and basis in ('headquarters', 'operating')
    order by basis
"""


def test_a_model_without_counts_covers_its_own_country_on_each_basis() -> None:
    db = make_census()
    before = {row[0]: row[1:] for row in db.execute(COVERABLE)}
    assert before["headquarters"] == before["operating"] == (220, 280)
    for table in ("series_days", "series_points", "series_keys"):
        db.execute(f"delete from {table}")
    # By its headquarters its 60 downloads are of nobody known; nothing that is counted moves.
    db.execute(
        "update model_countries set country = null"
        " where model = (select id from models where name = ?)"
        " and attribution = 'publisher' and basis = 'headquarters'",
        (UNCOUNTED,),
    )
    downloads = made_downloads()
    ends = dict.fromkeys((scope for scope, *_ in SCOPES), day_number(date.fromisoformat(THROUGH)))
    roll_up(
        db,
        downloads,
        lambda row: made_draws(downloads, row),
        made_sample(downloads.published),
        ends,
    )
    after = {row[0]: row[1:] for row in db.execute(COVERABLE)}
    assert after == {"headquarters": (220, 220), "operating": (220, 280)}
