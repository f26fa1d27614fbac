"""From the rows of a question to a drawn chart."""
