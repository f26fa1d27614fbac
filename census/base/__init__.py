"""What every stage uses: numbers, dates, shares and certainty; imports nothing of census."""
