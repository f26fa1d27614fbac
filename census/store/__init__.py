"""The data directory as the pipeline keeps it: sources, observations, recorded vintages."""
