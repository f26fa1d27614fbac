"""Dated counts as columns: what reads like a tuple of rows and is held as two arrays.

A row takes 16 bytes here and some 200 as a tuple, of which three years of daily counts of 10,000
models have more than the memory holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

Row = TypeVar("Row")
Whole = NDArray[np.int64]


class Dated(Sequence[Row]):
    """Rows of a day and a number in order of days, such as `Count` or `Window`.

    `days` (days since 1970-01-01) and `values` (whole counts) are of one length.
    """

    __slots__ = ("_row", "days", "values")

    def __init__(self, row: Callable[[int, int], Row], days: Whole, values: Whole) -> None:
        self._row = row
        self.days = days
        self.values = values

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Dated[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Dated[Row]:
        if isinstance(place, slice):
            return Dated(self._row, self.days[place], self.values[place])
        return self._row(int(self.days[place]), int(self.values[place]))

    def __len__(self) -> int:
        return len(self.days)

    def __iter__(self) -> Iterator[Row]:
        return map(self._row, self.days.tolist(), self.values.tolist())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(tuple(self))

    def where(self, mask: NDArray[np.bool_]) -> Dated[Row]:
        """Return the rows that a mask marks."""
        return Dated(self._row, self.days[mask], self.values[mask])

    def until(self, day: int) -> Dated[Row]:
        """Return the rows up to the end of a day."""
        return self[: int(np.searchsorted(self.days, day, side="right"))]


def dated(row: Callable[[int, int], Row], rows: Sequence[Row]) -> Dated[Row]:
    """Return rows of two numbers as columns; columns as they are."""
    if isinstance(rows, Dated):
        return rows
    table: NDArray[Any] = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return Dated(row, table[:, 0], table[:, 1])
