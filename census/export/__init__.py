"""The census as files: CSV, Parquet, whole answers, and descriptions that machines read."""
