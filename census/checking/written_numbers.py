"""Numbers as people write them: `57 %`, `1.15 billion`, `942.1M`, with the rounding they show."""

from __future__ import annotations

import re
from typing import NamedTuple

SCALES = {
    "": 1.0,
    "k": 1e3, "thousand": 1e3,
    "m": 1e6, "mn": 1e6, "million": 1e6, "millions": 1e6,
    "b": 1e9, "bn": 1e9, "billion": 1e9, "billions": 1e9,
}  # fmt: skip
PERCENT = ("%", "percent", "per cent", "pct")
WRITTEN = re.compile(
    r"\s*(?P<digits>[0-9][0-9,' \u00a0\u202f]*(?:\.[0-9]+)?|\.[0-9]+)"
    r"\s*(?P<unit>[^\W\d]+(?: cent)?|%)?\s*"
)
# A bare count that ends in zeros is taken as rounded, to no fewer than three digits.
FEWEST_DIGITS = 3
LONGEST = 40
EXAMPLES = ("57%", "1.15 billion", "942.1M", "1,150,000,000")


class WrittenNumber(NamedTuple):
    """A number as it was written: its value, half of its last digit's unit, whether in percent."""

    value: float
    half: float
    percent: bool


def parse_written(text: str) -> WrittenNumber:
    """Return the value of a written number; raises ValueError for any other text."""
    matched = WRITTEN.fullmatch(text) if len(text) <= LONGEST else None
    if matched is None:
        raise ValueError(f"{text!r} is not a number")
    digits = re.sub(r"[,' \u00a0\u202f]", "", matched["digits"])
    unit = (matched["unit"] or "").lower()
    percent = unit in PERCENT
    if not percent and unit not in SCALES:
        raise ValueError(f"{unit!r} is not a unit of a number")
    scale = 1.0 if percent else SCALES[unit]
    value = float(digits) * scale
    return WrittenNumber(value, _half(digits, percent or bool(unit)) * scale, percent)


def _half(digits: str, has_unit: bool) -> float:
    """Return half of the unit of the last digit that was meant."""
    whole, point, decimals = digits.partition(".")
    if point:
        return float(0.5 * 10.0 ** -len(decimals))
    zeros = len(whole) - len(whole.rstrip("0"))
    if has_unit or zeros == len(whole):
        return 0.5
    return float(0.5 * 10.0 ** max(min(zeros, len(whole) - FEWEST_DIGITS), 0))
