"""What the headline hangs on: downloads by country when some models are left out."""

from __future__ import annotations

from typing import NamedTuple

import sqlite_utils

from census.rollups.keys import ATTRIBUTIONS, IN_SCOPE


class Variant(NamedTuple):
    """A way to count: which models it leaves out, as SQL over `counted as k`."""

    name: str
    label: str
    leaves_out: str
    named: str = "null"


TOP_MODEL = "(select name from counted order by downloads desc, name limit 1)"
TOP_LAB = "(select lab from counted group by lab order by sum(downloads) desc, lab limit 1)"
VARIANTS = (
    Variant("all", "all models", "0"),
    Variant("without_under_1b", "without models under 1B", "k.parameters < 1000000000"),
    Variant(
        "known_1b_and_more",
        "only known 1B and more",
        "coalesce(k.parameters, 0) < 1000000000",
    ),
    Variant("without_top_model", "without the top model", f"k.name = {TOP_MODEL}", TOP_MODEL),
    Variant("without_top_lab", "without the top lab", f"k.lab is {TOP_LAB}", TOP_LAB),
    Variant("without_disputed", "without disputed labs", "k.disputed = 1"),
)

COUNTED = """
    create temp table counted as
    select
        m.id as model,
        m.name,
        iif(:attribution = 'base', m.base_lab, m.lab) as lab,
        coalesce(l.disputed, 0) as disputed,
        m.parameters,
        c.country,
        v.cumulative as downloads,
        v.cumulative_low as low,
        v.cumulative_high as high
    from scopes as s
    cross join models as m
    inner join curves as v on v.model = m.id and v.date = s.through
    inner join model_countries as c
        on c.model = m.id and c.attribution = :attribution and c.basis = 'operating'
    left join labs as l on l.id = iif(:attribution = 'base', m.base_lab, m.lab)
    where s.scope = :scope and {in_scope}
"""

INSERT = """
    insert into robustness (
        scope, attribution, variant, label, country,
        models, downloads, downloads_low, downloads_high, left_out_models, left_out
    )
    select
        :scope,
        :attribution,
        :variant,
        :label,
        k.country,
        count(*),
        sum(k.downloads),
        sum(k.low),
        sum(k.high),
        (select count(*) from counted as k where {leaves_out}),
        {named}
    from counted as k
    where not coalesce({leaves_out}, 0)
    group by k.country
    order by k.country
"""


def load_robustness(db: sqlite_utils.Database) -> None:
    """Fill robustness for every scope, attribution and variant, at the scope's last day.

    A model without a known number of parameters stays in "without models under 1B" and is left out
    of "known to have 1B or more": the two enclose what is not known.
    """
    connection = db.conn
    for scope, condition in IN_SCOPE.items():
        for attribution in ATTRIBUTIONS:
            given = {"scope": scope, "attribution": attribution}
            connection.execute(COUNTED.format(in_scope=condition), given)
            for variant in VARIANTS:
                statement = INSERT.format(leaves_out=variant.leaves_out, named=variant.named)
                values = {**given, "variant": variant.name, "label": variant.label}
                connection.execute(statement, values)
            connection.execute("drop table counted")
