"""Shares of cumulative downloads by country at the end of the data, with pandas.

Usage: python pandas_shares.py EXPORTS
It needs pandas: pip install pandas
"""

import sys
from pathlib import Path

import pandas as pd

# The code of Namibia is NA, which pandas takes for an empty value unless it is told not to.
series = pd.read_csv(
    Path(sys.argv[1]) / "csv" / "series.csv", keep_default_na=False, na_values=[""],
    dtype={"key": "string"},
)  # fmt: skip
countries = series[
    (series["scope"] == "frontier")
    & (series["attribution"] == "publisher")
    & (series["basis"] == "operating")
    & (series["dimension"] == "country")
]
last = countries[countries["month"] == countries["month"].max()].copy()

# Lowest share: the low bound against everybody else's high one; highest the other way round.
others_high = last["cumulative_high"].sum() - last["cumulative_high"]
others_low = last["cumulative_low"].sum() - last["cumulative_low"]
last["share"] = 100 * last["cumulative"] / last["cumulative"].sum()
last["low"] = 100 * last["cumulative_low"] / (last["cumulative_low"] + others_high)
last["high"] = 100 * last["cumulative_high"] / (last["cumulative_high"] + others_low)

print(f"Shares of cumulative downloads, {last['month'].iloc[0]}, percent")
shown = last.sort_values("share", ascending=False)[["label", "share", "low", "high"]]
print(shown.round(2).to_string(index=False))
