"""What was observed of one model, day by day, with nothing but Python's own sqlite3.

Usage: python sqlite_history.py census.db [MODEL]
"""

import sqlite3
import sys

database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
model = sys.argv[2] if len(sys.argv) > 2 else "Qwen/Qwen3-8B"

(through,) = database.execute("select value from build_info where key = 'data_through'").fetchone()
print(f"{model}, observed counts (series through {through})")
for day, source, in_30_days, of_all_time in database.execute(
    "select date, source, downloads_30d, downloads_all_time from observations"
    " where model = ? order by date, source",
    (model,),
):
    # Unknown is null, never 0.
    known = ["unknown" if count is None else f"{count:,}" for count in (in_30_days, of_all_time)]
    print(f"{day}  {source:<20} 30 days: {known[0]:>12}  all time: {known[1]:>14}")
