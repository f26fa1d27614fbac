"""The rules for faulty counts, on made series with known answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from census.history.cleaning import (
    UNDECIDED_SNAPSHOTS,
    Count,
    Movement,
    NewSize,
    Sizes,
    clean_counts,
    gaps,
    judge_sizes,
    stalled_days,
)


def series(*values: int) -> list[Count]:
    """Return counts on days 0, 1, 2, …"""
    return [Count(day, value) for day, value in enumerate(values)]


def test_a_rising_series_is_left_alone() -> None:
    counts = series(1, 5, 5, 9)
    cleaned = clean_counts(counts)
    assert cleaned.counts == counts
    assert cleaned.events == []


def test_a_fall_that_recovers_is_set_aside() -> None:
    cleaned = clean_counts(series(100, 110, 60, 61, 62, 130, 140))
    assert cleaned.counts == [Count(0, 100), Count(1, 110), Count(5, 130), Count(6, 140)]
    assert [(event.kind, event.first, event.last) for event in cleaned.events] == [
        ("rollback", 2, 4)
    ]


def test_a_fall_that_lasts_corrects_what_was_counted_before() -> None:
    low = [60 + day for day in range(UNDECIDED_SNAPSHOTS)]
    cleaned = clean_counts(series(50, 100, 110, *low))
    assert [count.value for count in cleaned.counts] == [50, 60, 60, *low]
    assert cleaned.capped == {1, 2}
    assert [(event.kind, event.first, event.last) for event in cleaned.events] == [
        ("correction", 1, 3)
    ]


def test_a_fall_is_undecided_for_eight_snapshots_and_the_last_good_count_is_carried() -> None:
    for low in range(1, UNDECIDED_SNAPSHOTS):
        cleaned = clean_counts(series(100, *[60] * low))
        assert cleaned.counts == [Count(0, 100)]
        assert [event.kind for event in cleaned.events] == ["undecided"]
    cleaned = clean_counts(series(100, *[60] * UNDECIDED_SNAPSHOTS))
    assert cleaned.counts[-1] == Count(UNDECIDED_SNAPSHOTS, 60)
    assert [event.kind for event in cleaned.events] == ["correction"]


def test_a_recovery_after_seven_low_snapshots_is_a_rollback_and_after_eight_a_correction() -> None:
    seven = clean_counts(series(100, *[60] * 7, 120))
    assert [event.kind for event in seven.events] == ["rollback"]
    eight = clean_counts(series(100, *[60] * 8, 120))
    assert [event.kind for event in eight.events] == ["correction"]
    assert [count.value for count in eight.counts] == [60] * 9 + [120]


def test_a_correction_within_a_correction_is_followed_down() -> None:
    cleaned = clean_counts(series(100, *[60] * 8, *[40] * 8, 50))
    assert [count.value for count in cleaned.counts] == [40] * 17 + [50]
    assert [event.kind for event in cleaned.events] == ["correction", "correction"]


@given(st.lists(st.integers(0, 1000), max_size=60))
def test_cleaned_counts_never_fall_and_keep_the_growth_between_good_counts(
    values: list[int],
) -> None:
    counts = series(*values)
    cleaned = clean_counts(counts)
    stated = dict(counts)
    kept = [count.value for count in cleaned.counts]
    assert kept == sorted(kept)
    for count in cleaned.counts:
        if count.day in cleaned.capped:
            assert count.value <= stated[count.day]
        else:
            assert count.value == stated[count.day]
    if kept and not any(event.kind == "undecided" for event in cleaned.events):
        assert kept[-1] == values[-1]
    set_aside = len(values) - len(kept)
    events = [event for event in cleaned.events if event.kind != "correction"]
    assert (set_aside > 0) == bool(events)


@given(st.lists(st.integers(0, 1000), max_size=60))
def test_cleaning_twice_changes_nothing(values: list[int]) -> None:
    once = clean_counts(series(*values)).counts
    assert clean_counts(once).counts == once


def test_a_day_with_fewer_than_half_the_models_is_partial() -> None:
    rows = [(1, 100), (2, 49), (3, 50), (4, 24), (5, 25)]
    assert judge_sizes(rows) == Sizes(partial=[2, 4], new=[])
    # The day after a partial one is compared with the last whole day, not with the partial one.
    rows = [(1, 100), (2, 10), (3, 12), (4, 99)]
    assert judge_sizes(rows) == Sizes(partial=[2, 3], new=[])


def test_a_source_that_shrinks_for_good_has_a_new_size_after_eight_snapshots() -> None:
    small = [(day, 40 + day) for day in range(2, 10)]
    assert judge_sizes([(1, 1000), *small[:7]]).partial == [2, 3, 4, 5, 6, 7, 8]
    judged = judge_sizes([(1, 1000), *small, (10, 51), (11, 20), (12, 50)])
    # The eighth shows that the seven before it were whole; later ones are compared with them.
    assert judged.partial == [11]
    assert judged.new == [NewSize(first=2, last=9, before=1000, models=45)]


def test_a_day_that_is_short_even_for_the_new_size_stays_partial() -> None:
    sizes = (1000, 400, 400, 3, 400, 400, 400, 400, 400, 400)
    judged = judge_sizes(list(enumerate(sizes)))
    assert judged.partial == [3]
    assert [(new.first, new.last, new.models) for new in judged.new] == [(1, 8, 400)]


def test_a_recovery_before_the_eighth_snapshot_leaves_the_size_as_it_was() -> None:
    low = [(day, 10) for day in range(2, 9)]
    judged = judge_sizes(
        [(1, 100), *low, (9, 100), (10, 49), *((day, 10) for day in range(11, 17))]
    )
    assert judged == Sizes(partial=[2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16], new=[])


@given(st.lists(st.integers(0, 1000), max_size=60))
def test_a_source_is_never_partial_on_eight_snapshots_in_a_row(sizes: list[int]) -> None:
    partial = set(judge_sizes(list(enumerate(sizes))).partial)
    for first in range(len(sizes) - UNDECIDED_SNAPSHOTS + 1):
        assert not partial.issuperset(range(first, first + UNDECIDED_SNAPSHOTS))


def test_a_stall_is_a_day_that_grows_far_less_than_the_days_around() -> None:
    movements = {day: Movement(1, 1000, 0, 0) for day in range(20)}
    movements[10] = Movement(1, 290, 0, 0)
    movements[12] = Movement(1, 310, 0, 0)
    assert list(stalled_days(movements)) == [10]


def test_a_stall_is_a_day_on_which_a_quarter_of_the_busy_models_did_not_move() -> None:
    movements = {day: Movement(1, 1000, 40, 2) for day in range(20)}
    movements[7] = Movement(1, 1000, 40, 10)
    assert stalled_days(movements) == {7: "10 of 40 busy models did not move"}


def stalls_beside(*growth: int) -> list[int]:
    """Return the days that stall of a source that grew so much each day."""
    return list(stalled_days({day: Movement(1, one, 0, 0) for day, one in enumerate(growth)}))


def test_the_days_around_a_stall_are_seven_on_either_side() -> None:
    # 400 is under 0.3 of 2000 and above 0.3 of 1000: the median tells which days were taken.
    fast, slow = [2000] * 7, [1000] * 3
    assert stalls_beside(*fast, *slow, *[1000] * 4, 400, *slow, *[2000] * 4) == []
    edges = [*[2000] * 5, 1000, *[2000] * 3, 1000, 1000, 1000, 400, 1000, 1000, *[2000] * 4, 1000]
    assert 12 not in stalls_beside(*edges, *[2000] * 5)
    assert 12 in stalls_beside(*edges[:5], 2000, *edges[6:], *[2000] * 5)
    assert 12 in stalls_beside(*edges[:-1], 2000, *[2000] * 5)


def test_the_first_days_of_a_source_are_compared_with_those_that_it_has() -> None:
    assert stalls_beside(1000, 1000, 1000, 290, *[1000] * 10) == [3]
    # Six days say too little, seven are enough.
    assert stalls_beside(1000, 290, *[1000] * 4) == []
    assert stalls_beside(1000, 290, *[1000] * 5) == [1]
    # Exactly 0.3 of the others is none.
    assert stalls_beside(*[1000] * 5, 300, *[1000] * 5) == []
    first = [1000, 2000, 2000, 400, *[1000] * 4, *[2000] * 3]
    assert stalls_beside(*first) == []
    assert stalls_beside(2000, *first[1:]) == [3]


def test_a_quarter_of_the_busy_models_needs_twenty_of_them() -> None:
    movements = {day: Movement(1, 1000, 20, 0) for day in range(20)}
    movements[7] = Movement(1, 1000, 20, 5)
    movements[9] = Movement(1, 1000, 20, 4)
    movements[11] = Movement(1, 1000, 19, 19)
    assert list(stalled_days(movements)) == [7]


def test_short_days_at_the_end_of_a_shrinking_may_begin_the_next() -> None:
    first = [1000, *[400] * 7, 3]
    judged = judge_sizes(list(enumerate([*first, *[3] * 6])))
    assert [(new.first, new.last, new.models) for new in judged.new] == [(1, 8, 400)]
    judged = judge_sizes(list(enumerate([*first, *[3] * 7])))
    assert [(new.first, new.last, new.before, new.models) for new in judged.new] == [
        (1, 8, 1000, 400),
        (8, 15, 400, 3),
    ]


def test_growth_over_several_days_is_compared_by_the_day() -> None:
    movements = {day: Movement(1, 1000, 0, 0) for day in range(20)}
    movements[10] = Movement(10, 4000, 0, 0)
    assert stalled_days(movements) == {}


def test_gaps_are_the_days_between() -> None:
    assert gaps([1, 2, 5, 6, 8]) == [(3, 4), (7, 7)]
