"""From the models' downloads to the series, shares and ranks that are published."""
