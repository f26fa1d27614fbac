"""Numbers and dates as readers write them: 1.2 billion, 47.3 %, 20 May 2026."""

from __future__ import annotations

import calendar
from datetime import date

SCALES = ((10**9, "B", "billion"), (10**6, "M", "million"), (10**3, "K", "thousand"))
ENDINGS = {1: "st", 2: "nd", 3: "rd"}
MONTHS = tuple(calendar.month_name)


def short_count(value: float) -> str:
    """Return a count in few digits: 950, 12.3K, 47.2M, 1.15B."""
    for scale, letter, _ in SCALES:
        # 999,950 would be written 1000.0K: it belongs to the next letter.
        if abs(value) >= scale * 0.99995:
            if scale == 10**9 and value < 99.5 * scale:
                return f"{two_decimals(value / scale)}{letter}"
            return f"{trimmed(value / scale)}{letter}"
    return trimmed(value)


def long_count(value: float) -> str:
    """Return a count in words from a million on: 1.24 billion; below with commas: 12,345."""
    for scale, _, word in SCALES[:2]:
        if abs(value) >= scale * 0.99995:
            digits = f"{value / scale:,.2f}" if scale == 10**9 else f"{value / scale:,.1f}"
            return f"{digits} {word}"
    return f"{value:,.0f}"


def two_decimals(value: float) -> str:
    """Return two decimals without trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def trimmed(value: float) -> str:
    """Return one decimal below a hundred, none above, and no trailing zero."""
    if abs(value) >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.1f}".removesuffix(".0")


def percent(value: float) -> str:
    """Return a share with one decimal; tiny ones are not rounded down to nothing.

    A growth of a thousand percent or more has none: 1289.14 → 1,289%.
    """
    if 0 < value < 0.05:
        return "<0.1%"
    if value >= 1000:
        return f"{value:,.0f}%"
    return f"{value:.1f}%"


def quantity(value: float, unit: str) -> str:
    """Return a value in its unit: percent for `%`, an ordinal for `place`, else a short count."""
    if unit == "place":
        return ordinal(int(value))
    return percent(value) if unit == "%" else short_count(value)


def ordinal(number: int) -> str:
    """Return a place as readers write it: 1st, 2nd, 3rd, 11th."""
    ending = "th" if number % 100 in (11, 12, 13) else ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"


def day_words(day: str) -> str:
    """Return an ISO day as `20 May 2026`."""
    parsed = date.fromisoformat(day)
    return f"{parsed.day} {MONTHS[parsed.month]} {parsed.year}"


def about_day(day: str, about: int | None) -> str:
    """Return an ISO day as `20 May 2026`, `about 20 May 2026` where it is only bounded."""
    return f"about {day_words(day)}" if about else day_words(day)


def month_words(month: str) -> str:
    """Return `2026-05` as `May 2026`."""
    return f"{MONTHS[int(month[5:7])]} {month[:4]}"


def end_words(day: str) -> str:
    """Return a day (ISO) as the end of a span: `the end of May 2026`, `20 May 2026`."""
    if day == month_end(day[:7]):
        return f"the end of {month_words(day)}"
    return day_words(day)


def month_end(month: str) -> str:
    """Return the last day of a month as an ISO day."""
    year, number = int(month[:4]), int(month[5:7])
    return f"{month}-{calendar.monthrange(year, number)[1]:02d}"
