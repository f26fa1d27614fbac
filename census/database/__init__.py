"""From data/ to census.db: the schema, the build, what is checked, how the build went."""
