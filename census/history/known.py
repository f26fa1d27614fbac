"""What the observations say of one model's downloads: the input of bounds and estimate.

Days are integers (days since 1970-01-01); a count of a day is that at its end.
"""

from __future__ import annotations

from typing import NamedTuple

from census.cleaning import Count

# 2022-03-02: the Hub gives no earlier creation date, so this one means "then or earlier".
HUB_FLOOR = 19053


class Window(NamedTuple):
    """A 30-day count: the growth of the counter over about thirty days up to the end of `day`."""

    day: int
    growth: int


class Known(NamedTuple):
    """What is known of one model, after cleaning; counts and windows are in order of days.

    `created` is the day of creation (None if unknown), `HUB_FLOOR` meaning "then or earlier".
    `zero` is the last day at whose end the count is known to be 0: the day of creation, or the day
    before it where a count of that very day is not 0; None where no zero is known (creation
    unknown, at the floor, or contradicted by an earlier count).
    """

    created: int | None
    zero: int | None
    counts: tuple[Count, ...]
    windows: tuple[Window, ...]
