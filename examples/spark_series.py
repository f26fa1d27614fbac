"""Downloads added in each month by the labs of two countries, with Spark SQL on Parquet.

Usage: python spark_series.py EXPORTS
"""

import sys
from pathlib import Path

from pyspark.sql import SparkSession

# The folder of a file says its month (month=2026-05), which must stay a text.
spark = (
    SparkSession.builder.master("local[*]")
    .config("spark.sql.sources.partitionColumnTypeInference.enabled", "false")
    .getOrCreate()
)
series = Path(sys.argv[1]) / "parquet" / "series"
spark.read.parquet(str(series)).createOrReplaceTempView("series")
spark.sql(
    """
    select
        month,
        sum(monthly) filter (where key = 'CN') as china,
        sum(monthly) filter (where key = 'US') as united_states
    from series
    where
        scope = 'frontier'
        and attribution = 'publisher'
        and basis = 'operating'
        and dimension = 'country'
        and month >= '2026-01'
    group by month
    order by month
    """
).show(truncate=False)
