"""The stated lengths of windows: every day in one row, and every fault told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from census.base.csv_files import Problem
from census.base.days import day_number, day_of
from census.history.window_lengths import (
    FILE,
    WINDOW_LENGTHS_FILE,
    WindowLength,
    WindowLengths,
    read_window_lengths,
)

SOUND = (",2025-07-01,30,31,30.2,Measured", "2025-07-02,,29,30,29.1,Measured")


def read(folder: Path, *lines: str) -> tuple[WindowLengths, list[tuple[int, str]]]:
    """Return the lengths that some lines state, and by line what is wrong with them."""
    head = ",".join(WINDOW_LENGTHS_FILE.columns)
    (folder / FILE).write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    problems: list[Problem] = []
    lengths = read_window_lengths(folder, problems)
    return lengths, [(problem.line, problem.reason) for problem in problems]


def test_a_window_has_the_length_of_the_day_that_it_ends_on(tmp_path: Path) -> None:
    lengths, faults = read(tmp_path, *SOUND)
    assert faults == []
    changed = day_number(day_of(20_000)) + 271
    assert day_of(changed).isoformat() == "2025-07-02"
    assert lengths.of(changed - 1) == WindowLength(0, 30, 31, 30.2, "Measured")
    assert lengths.of(changed) == WindowLength(changed, 29, 30, 29.1, "Measured")


@pytest.mark.parametrize(
    ("lines", "faults"),
    [
        ((), [(0, "no rows: the length of a window is unknown")]),
        (
            (",2025-07-01,31,30,30.2,Measured", "2025-07-03,,29,30,26.9,"),
            [
                (3, "source is empty"),
                (2, "expected shortest <= longest and a mean from 27 to 31 days"),
                (3, "expected shortest <= longest and a mean from 27 to 31 days"),
                (3, "from is 2025-07-03; expected 2025-07-02"),
            ],
        ),
        (
            ("2025-07-01,2025-07-32,x,30,much,Measured", SOUND[1]),
            [
                (2, "to: '2025-07-32' is not a possible date (YYYY-MM-DD)"),
                (2, "shortest: 'x' is not a whole number"),
                (2, "mean 'much' is not a number"),
                (2, "from is 2025-07-01; expected (empty)"),
            ],
        ),
        ((SOUND[0],), [(2, "to must be empty in the last row and filled in every other one")]),
        (
            (",,30,31,30.2,Measured", SOUND[1]),
            [(2, "to must be empty in the last row and filled in every other one")],
        ),
        (
            (",2025-07-01,0,31,31,Measured", "2025-07-02,,30,30,28,Measured"),
            [(2, "expected shortest <= longest and a mean from 27 to 31 days")],
        ),
    ],
)
def test_every_fault_is_told_with_its_line(
    tmp_path: Path, lines: tuple[str, ...], faults: list[tuple[int, str]]
) -> None:
    lengths, found = read(tmp_path, *lines)
    assert found == faults
    # With a fault no length is known: nothing goes on with half of them.
    assert lengths.lengths == ()
