"""Downloads added in each month by the labs of two countries, with DuckDB on Parquet.

Usage: python duckdb_parquet.py EXPORTS
"""

import sys
from pathlib import Path

import duckdb

files = Path(sys.argv[1]) / "parquet" / "series" / "*" / "*.parquet"
# The folder of a file says its month (month=2026-05): DuckDB opens only the months that it needs.
rows = duckdb.execute(
    """
    select
        month,
        sum(monthly) filter (where key = 'CN') as china,
        sum(monthly) filter (where key = 'US') as united_states
    from read_parquet($files, hive_partitioning = true, hive_types_autocast = false)
    where
        scope = 'frontier'
        and attribution = 'publisher'
        and basis = 'operating'
        and dimension = 'country'
        and month >= '2026-01'
    group by month
    order by month
    """,
    {"files": str(files)},
).fetchall()

print("month    china          united_states")
for month, china, united_states in rows:
    print(f"{month}  {china:<13,}  {united_states:,}")
