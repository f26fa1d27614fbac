"""The pipeline that turns data/ into census.db, one job a module."""
