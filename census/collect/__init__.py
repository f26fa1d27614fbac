"""From the Hub, archives and files to observations in data/: complete and checked, or refused."""
