"""A running site: what every request passes, drawing on demand, embeds and workbooks."""
