"""From the Hub, archives and files to observations in data/: whole and checked, or refused."""
