"""Shares of countries in the last month of the series, with polars on Parquet.

Usage: python polars_shares.py EXPORTS
"""

import sys
from pathlib import Path

import polars as pl

series = pl.scan_parquet(
    Path(sys.argv[1]) / "parquet" / "series" / "*" / "*.parquet",
    hive_partitioning=True,
    hive_schema={"month": pl.String},
)
of_countries = series.filter(
    pl.col("scope") == "frontier",
    pl.col("attribution") == "publisher",
    pl.col("basis") == "operating",
    pl.col("dimension") == "country",
)
last = of_countries.filter(pl.col("month") == pl.col("month").max())
shares = (
    last.select("month", "key", "label", "cumulative", "cumulative_share_pct")
    .sort("cumulative_share_pct", descending=True)
    .head(5)
    .collect()
)
print(shares)
