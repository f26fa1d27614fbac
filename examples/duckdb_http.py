"""The largest models of a country, with DuckDB on Parquet that stays on the site.

Usage: python duckdb_http.py https://SITE [COUNTRY]

DuckDB asks for the parts of the file that it needs (HTTP ranges), not for the whole.
"""

import sys

import duckdb

site = sys.argv[1].rstrip("/")
country = sys.argv[2] if len(sys.argv) > 2 else "CN"
rows = duckdb.execute(
    """
    select m.name, m.latest_all_time
    from read_parquet($models) as m
    inner join read_parquet($labs) as l on m.lab = l.id
    where l.country = $country and m.in_frontier = 1 and m.latest_all_time is not null
    order by m.latest_all_time desc
    limit 10
    """,
    {
        "models": f"{site}/exports/parquet/models.parquet",
        "labs": f"{site}/exports/parquet/labs.parquet",
        "country": country,
    },
).fetchall()
for name, downloads in rows:
    print(f"{downloads:>15,}  {name}")
