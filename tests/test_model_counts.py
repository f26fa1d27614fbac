"""What the observations say of one model, before anything is bounded or estimated."""

from __future__ import annotations

import pytest

from census.base.days import iso
from census.history.cleaning import UNDECIDED_SNAPSHOTS, Count
from census.history.model_counts import (
    HUB_FLOOR,
    ModelCounts,
    ObservedCounts,
    Window,
    counts_of_model,
)

DAY = 20_000


def known(*seen: tuple[int, int | None, int | None], created: int | None = DAY) -> ModelCounts:
    """Return what (days after `DAY`, 30-day count, all-time count) of one source say."""
    rows = [ObservedCounts(DAY + day, 1, in_30d, all_time) for day, in_30d, all_time in seen]
    return counts_of_model(rows, created)[0]


def test_counts_and_windows_are_those_of_the_days() -> None:
    found = known((10, 70, 70), (20, 150, None), (40, None, 400))
    assert found.counts == (Count(DAY + 10, 70), Count(DAY + 40, 400))
    assert found.windows == (Window(DAY + 10, 70), Window(DAY + 20, 150))
    assert (found.zero, found.first_day) == (DAY, DAY)


def test_the_preferred_source_counts_each_count_by_itself() -> None:
    rows = [ObservedCounts(DAY + 5, 1, None, 100), ObservedCounts(DAY + 5, 2, 60, 99)]
    found, _ = counts_of_model(rows, DAY)
    assert found.counts == (Count(DAY + 5, 100),)
    assert found.windows == (Window(DAY + 5, 60),)


@pytest.mark.parametrize(
    ("created", "first", "zero"),
    [
        (DAY, 1, DAY),
        # Counted on the day of its creation: the zero is that of the day before.
        (DAY, 0, DAY - 1),
        # Counted before its creation: no zero is known.
        (DAY, -1, None),
        (None, 5, None),
        (HUB_FLOOR, 5, None),
        (HUB_FLOOR - 1, 5, None),
        (HUB_FLOOR + 1, 5, HUB_FLOOR + 1),
    ],
)
@pytest.mark.parametrize("counted", ["all_time", "30d"])
def test_the_zero_of_creation(
    created: int | None, first: int, zero: int | None, counted: str
) -> None:
    row = (first, None, 7) if counted == "all_time" else (first, 7, None)
    assert known(row, created=created).zero == zero


def test_a_count_of_0_on_the_day_of_creation_is_the_zero() -> None:
    assert known((0, 0, 0), (9, 5, 5)).zero == DAY
    # So it is where all-time counts alone tell the two apart, or nothing was ever counted.
    assert known((0, 0, None), (0, None, 0), (9, None, 5)).zero == DAY
    assert known((0, 0, 0)).zero == DAY
    assert known(created=DAY).zero == DAY


def test_a_single_download_on_the_day_of_creation_moves_the_zero() -> None:
    assert known((0, None, 1)).zero == DAY - 1
    # Whichever count tells it.
    assert known((0, 1, None), (9, None, 5)).zero == DAY - 1
    assert known((0, None, 1), (9, 5, None)).zero == DAY - 1


def test_the_hubs_first_day_is_the_second_of_march_2022() -> None:
    assert iso(HUB_FLOOR) == "2022-03-02"


def test_0_beside_0_is_unknown_where_more_was_ever_counted() -> None:
    found, events = counts_of_model(
        [
            ObservedCounts(DAY + 5, 1, 0, 0),
            ObservedCounts(DAY + 9, 1, 0, 0),
            ObservedCounts(DAY + 40, 1, 30, None),
        ],
        DAY,
    )
    assert found.counts == ()
    assert found.windows == (Window(DAY + 40, 30),)
    assert [(event.kind, event.first, event.last) for event in events] == [
        ("uncounted", DAY + 5, DAY + 9)
    ]
    # One download is enough, of any kind of count.
    assert known((5, 0, 0), (40, 1, None)).counts == ()
    assert known((5, 0, 0), (40, None, 1)).counts == (Count(DAY + 40, 1),)
    # Nothing larger was seen: then the model may never have been downloaded.
    assert known((5, 0, 0)).counts == (Count(DAY + 5, 0),)


def test_0_in_30_days_beside_downloads_of_all_time_is_a_count() -> None:
    assert known((5, 0, 40), (50, 10, 50)).windows == (Window(DAY + 5, 0), Window(DAY + 50, 10))


def test_a_30_day_count_of_a_day_whose_all_time_count_is_set_aside_is_not_used() -> None:
    found = known((10, 10, 100), (11, 500, 20), (12, 12, 110))
    assert found.counts == (Count(DAY + 10, 100), Count(DAY + 12, 110))
    assert found.windows == (Window(DAY + 10, 10), Window(DAY + 12, 12))


def test_a_lowered_count_keeps_no_window() -> None:
    low = [(11 + place, 5, 50 + place) for place in range(UNDECIDED_SNAPSHOTS)]
    found = known((10, 90, 100), *low)
    assert found.counts[0] == Count(DAY + 10, 50)
    assert Window(DAY + 10, 90) not in found.windows
    assert Window(DAY + 11, 5) in found.windows


def test_a_fall_is_found_wherever_it_is() -> None:
    """Below the count before, though above the first one."""
    found = known((10, None, 50), (20, None, 100), (30, None, 70), (40, None, 110))
    assert [count.value for count in found.counts] == [50, 100, 110]


def test_a_model_seen_on_the_day_of_its_creation_is_no_event() -> None:
    assert counts_of_model([ObservedCounts(DAY, 1, 8, None)], DAY)[1] == []


def test_a_model_seen_before_its_creation_is_noted() -> None:
    _, events = counts_of_model([ObservedCounts(DAY - 3, 1, 8, None)], DAY)
    assert [(event.kind, event.first, event.last) for event in events] == [
        ("created_later", DAY - 3, DAY)
    ]


def test_the_first_day_of_a_model_without_a_known_beginning_is_the_hubs() -> None:
    assert known((10, None, 70), created=None).first_day == HUB_FLOOR
    assert ModelCounts(None, None, (Count(HUB_FLOOR - 9, 5),), ()).first_day == HUB_FLOOR - 9
