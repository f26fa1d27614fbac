"""Example statements for readers who query the tables."""

from __future__ import annotations

from typing import NamedTuple


class SqlExample(NamedTuple):
    """A statement and what it answers."""

    title: str
    sql: str


EXAMPLES = (
    SqlExample(
        "The most downloaded models, with their labs",
        """select m.name, l.name as lab, m.latest_all_time, m.latest_all_time_on
from models as m
join labs as l on m.lab = l.id
order by m.latest_all_time desc
limit 20""",
    ),
    SqlExample(
        "How many models each country released each year",
        """select substr(released_on, 1, 4) as year, country, count(*) as models
from models
where in_frontier = 1 and released_on is not null
group by year, country
order by year, models desc""",
    ),
    SqlExample(
        "Every count of one model",
        """select date, source, downloads_30d, downloads_all_time, likes
from observations
where model = 'Qwen/Qwen3-8B'
order by date""",
    ),
    SqlExample(
        "The documents that say where labs of a country are from",
        """select l.name as lab, o.says, o.source_url, o.read_on
from origin_claims as o
join labs as l on o.lab = l.id
where l.country = 'FR' and o.decides = 1
order by l.name""",
    ),
    SqlExample(
        "Downloads by licence",
        """select licence, count(*) as models, sum(latest_all_time) as downloads
from models
where in_frontier = 1
group by licence
order by downloads desc""",
    ),
)
