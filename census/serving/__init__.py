"""A running site: its processes, the frame of its own pages, embeds and workbooks."""
