"""When something happened in stated draws: both ends of an interval, ties, and what is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from made_sums import Stated, stated
from numpy.typing import NDArray

from census.base.days import day_number
from census.rollups.drawn_events import (
    Chance,
    Cut,
    EventTime,
    Key,
    chance_ahead,
    chance_passed_in_month,
    joint_key,
    read_cut,
    reigns,
    when_passed,
    when_reached,
    when_took_lead,
)
from census.rollups.noise import DRAWS

FIRST = day_number(date(2025, 12, 31))
# The numbers of the draws, in no order.
NUMBERS = np.roll(np.arange(1.0, DRAWS + 1), 61)
WIDE = 10.0**6


def key(
    code: str,
    draws: NDArray[np.float64] | Sequence[float],
    *,
    missing: int = 0,
    complete: bool = True,
    certain: Sequence[bool] | None = None,
    open_: bool = True,
) -> Key:
    """Return a key with some draws, or one history in every draw; bounds that say nothing."""
    made = np.array(draws, dtype=np.float64)
    if made.ndim == 1:
        made = np.tile(made, (DRAWS, 1))
    days = made.shape[1]
    sure = np.ones(days, dtype=np.bool_) if certain is None else np.array(certain)
    low, high = made.min(axis=0), made.max(axis=0)
    if open_:
        low, high = low - WIDE, high + WIDE
    return Key(code, code, made, sure, missing, complete, low, high)


def cut(days: Sequence[int], *keys: Key, first: int = FIRST) -> Cut:
    return Cut("frontier", "Test", "country", np.array(days) + first, keys, keys[0])


def when(
    first: Key, second: Key, days: Sequence[int] = (0, 300), start: int = FIRST
) -> EventTime | None:
    """Return when one passed the other, its days counted from the first of all."""
    found = when_passed(cut(days, first, second, first=start), first, second)
    if found is None:
        return None
    middle = None if found.estimate is None else found.estimate - start
    return found._replace(
        earliest=found.earliest - start, estimate=middle, latest=found.latest - start
    )


# Draw n is behind by n - ½ on the first day and gains one a day: it passes on its n-th.
CHASING = np.column_stack([1000.5 - NUMBERS, 1300.5 - NUMBERS])
AHEAD_OF = key("US", [1000, 1000])


def test_an_interval_leaves_out_ten_draws_at_either_end() -> None:
    assert when(key("CN", CHASING), AHEAD_OF) == (11, 101, 190, True, True, 0.9)


def test_models_without_counts_leave_the_beginning_open() -> None:
    """With 20 more that are known of the other the end is 20 days later, the beginning is not."""
    incomplete = EventTime(11, 101, 190, True, False, 0.95)
    assert when(key("CN", CHASING, complete=False), AHEAD_OF) == incomplete
    assert when(key("CN", CHASING), key("US", [1000, 1000], complete=False)) == incomplete
    more = key("US", [1000, 1000], missing=20, complete=False)
    assert when(key("CN", CHASING), more) == (11, 121, 210, True, False, 0.95)
    # What is known of its own brings it no earlier.
    own = key("CN", CHASING, missing=20, complete=False)
    assert when(own, AHEAD_OF) == incomplete


def test_nothing_begins_before_september_2024() -> None:
    start = day_number(date(2024, 8, 31)) - 11
    assert when(key("CN", CHASING), AHEAD_OF, start=start) == (11, 101, 190, True, False, 0.95)
    start += 1
    assert when(key("CN", CHASING), AHEAD_OF, start=start) == (11, 101, 190, True, True, 0.9)


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        # Ten draws that were never behind, though level, are within what is left out.
        (10, (11, 111, 200, True, True, 0.95)),
        # With eleven it is open since when, and no day in the middle is made up.
        (11, (1, None, 190, False, False, 0.95)),
    ],
)
def test_who_was_level_from_the_start_did_not_pass(
    level: int, expected: tuple[object, ...]
) -> None:
    draws = np.where(NUMBERS[:, None] <= level, [1000, 1300], CHASING)
    assert when(key("CN", draws), AHEAD_OF) == expected


def test_what_always_was_so_was_so_on_the_first_day() -> None:
    assert when(key("CN", [1, 2]), key("US", [0, 0])) == (0, None, 0, False, False, 1.0)


@pytest.mark.parametrize(
    ("behind", "certain", "expected"),
    [
        # Passed on day 10, which may not be said: the next day that may is the end.
        (9.5, (True, False, True, True), (10, None, 20, False, False, 1.0)),
        # Passed on the day after it.
        (10.5, (True, False, True, True), (11, 11, 11, True, True, 1.0)),
        (10.5, (True, True, False, True), (11, None, 30, False, False, 1.0)),
        (10.5, (False, True, True, True), (11, 11, 11, True, True, 1.0)),
        (10.5, (False, False, False, True), (11, None, 30, False, False, 1.0)),
        # Of an end that may not be said nothing is.
        (10.5, (True, True, True, False), None),
    ],
)
def test_days_that_may_not_be_said_are_no_ends(
    behind: float, certain: tuple[bool, ...], expected: tuple[object, ...] | None
) -> None:
    days = (0, 10, 20, 30)
    history = [100 - behind + day for day in days]
    unsure, sure = key("CN", history, certain=certain), key("US", [100] * 4)
    assert when(unsure, sure, days) == expected
    # Both must be certain.
    both = key("US", [100] * 4, certain=certain)
    assert when(key("CN", history), both, days) == expected


def test_a_number_is_reached_with_its_last_download() -> None:
    """From 0 to 30 in 30 days: 10 on the tenth day."""
    one = key("CN", [0, 30])
    made = cut((0, 30), one)
    for number, day in ((10, 10), (30, 30), (1, 1)):
        found = when_reached(made, one, number)
        assert found is not None
        assert (found.earliest, found.latest) == (FIRST + day, FIRST + day)
    assert when_reached(made, one, 31) is None
    # What was reached from the first day on has no beginning.
    found = when_reached(cut((0, 30), key("CN", [5, 30])), key("CN", [5, 30]), 5)
    assert found == (FIRST, None, FIRST, False, False, 1.0)


@pytest.mark.parametrize(
    ("before", "after", "own", "other", "expected"),
    [
        (-5, 5, 0, 0, (1, 1)),
        # Level before is not ahead; level after is not ahead either.
        (0, 5, 0, 0, (1, 1)),
        (1, 5, 0, 0, (0, 0)),
        (-5, 0, 0, 0, (0, 0)),
        (-5, 1, 0, 0, (1, 1)),
        # What is known of the first's models without counts may have put it ahead before,
        (-5, 5, 5, 0, (1, 1)),
        (-5, 5, 6, 0, (0, 1)),
        # or put it ahead afterwards.
        (-5, -1, 1, 0, (0, 0)),
        (-5, -1, 2, 0, (0, 1)),
        # What is known of the second's may keep it ahead,
        (-5, 5, 0, 5, (0, 1)),
        (-5, 6, 0, 5, (1, 1)),
        # or have kept it ahead before.
        (5, 6, 0, 5, (0, 1)),
        (6, 7, 0, 5, (0, 0)),
    ],
)
def test_passing_within_a_month(
    before: float, after: float, own: int, other: int, expected: tuple[float, float]
) -> None:
    first = key("CN", [0, 100 + before, 100 + after], missing=own)
    second = key("US", [200, 100, 100], missing=other)
    made = cut((0, 31, 59), first, second)
    assert chance_passed_in_month(made, first, second, "2026-02") == expected


def test_passing_is_not_said_where_either_end_may_not_be() -> None:
    second = key("US", [100] * 3)
    for certain, expected in (
        ((False, True, True), Chance(1, 1)),
        ((True, False, True), None),
        ((True, True, False), None),
    ):
        first = key("CN", [0, 95, 105], certain=certain)
        assert (
            chance_passed_in_month(cut((0, 31, 59), first, second), first, second, "2026-02")
            == expected
        )
    # What bounds decide needs no draws: behind for sure afterwards, or ahead for sure before.
    for history in ([0, 95, 99], [0, 101, 105]):
        first = key("CN", history, certain=(False,) * 3, open_=False)
        sure = key("US", [100] * 3, open_=False)
        assert chance_passed_in_month(cut((0, 31, 59), first, sure), first, sure, "2026-02") == (
            0,
            0,
        )


def test_bounds_put_one_ahead_only_where_they_do_not_touch() -> None:
    def of(low: float, high: float, missing: int = 0, certain: bool = True) -> Key:
        draws = np.linspace([low], [high], DRAWS)
        return key("CN", draws, missing=missing, certain=[certain], open_=False)

    assert chance_ahead(of(11, 20), of(5, 10), 0) == (1, 1)
    assert chance_ahead(of(11, 20, certain=False), of(5, 10), 0) == (1, 1)
    assert chance_ahead(of(10, 20, certain=False), of(5, 10), 0) is None
    assert chance_ahead(of(10, 20), of(5, 10, certain=False), 0) is None
    assert chance_ahead(of(11, 20, certain=False), of(5, 10, missing=1), 0) is None
    assert chance_ahead(of(12, 20, certain=False), of(5, 10, missing=1), 0) == (1, 1)
    assert chance_ahead(of(5, 10, certain=False), of(10, 20), 0) == (0, 0)
    assert chance_ahead(of(5, 11, certain=False), of(10, 20), 0) is None
    assert chance_ahead(of(5, 9, missing=1, certain=False), of(10, 20), 0) == (0, 0)
    assert chance_ahead(of(5, 9, missing=2, certain=False), of(10, 20), 0) is None
    # Not for sure ahead, with one more download at the most.
    assert chance_ahead(key("CN", [10]), key("US", [10]), 0) == (0, 0)
    assert chance_ahead(key("CN", [10], missing=1), key("US", [10]), 0) == (0, 1)
    assert chance_ahead(key("CN", [10]), key("US", [9], missing=1), 0) == (0, 1)


DAYS = (0, 31, 59, 90)


@pytest.mark.parametrize(
    ("leader", "reign"),
    [
        ([60, 60, 60, 60], [(3, "CN")]),
        ([40, 60, 60, 40], [(0, "US"), (2, "CN"), (3, "US")]),
        ([60, 50, 60, 60], [(0, "CN"), (3, "CN")]),
        ([50, 50, 50, 50], []),
    ],
)
def test_a_reign_ends_with_the_last_month_in_which_one_leads(
    leader: list[float], reign: list[tuple[int, str]]
) -> None:
    made = cut(DAYS, key("CN", leader), key("US", [50] * 4), key("FR", [1] * 4))
    assert [(last, one.key) for last, one in reigns(made)] == reign


def test_who_leads_in_95_of_100_draws_reigns() -> None:
    for leads, reign in ((190, ["CN"]), (189, [])):
        draws = np.where(leads >= NUMBERS, 60.0, 40.0)[:, None]
        made = cut((0,), key("CN", draws), key("US", [50]))
        assert [one.key for _, one in reigns(made)] == reign


def test_who_reigns_is_ahead_of_what_others_have_at_the_least_and_may_be_said() -> None:
    for missing, reign in ((9, ["CN"]), (10, []), (11, [])):
        made = cut((0,), key("CN", [60]), key("US", [50], missing=missing), key("FR", [49]))
        assert [one.key for _, one in reigns(made)] == reign
    made = cut((0, 31), key("CN", [60, 60], certain=[False, True]), key("US", [50, 50]))
    assert [(last, one.key) for last, one in reigns(made)] == [(1, "CN")]
    # Nobody leads with nothing; who is alone leads with one download.
    assert list(reigns(cut((0,), key("CN", [0])))) == []
    assert [one.key for _, one in reigns(cut((0,), key("CN", [1])))] == ["CN"]
    assert list(reigns(Cut("s", "S", "country", np.array([0]), (), key("US", [0])))) == []


def test_the_lead_is_taken_from_the_largest_of_all_others() -> None:
    """From 40 to 60 in 28 days: 50 is passed on the fifteenth, 55 on the twenty-second."""
    china, america = key("CN", [10, 40, 60, 40]), key("US", [50] * 4)
    france = key("FR", [45] * 4, missing=10, complete=False)
    made = cut(DAYS, china, america, france)
    # What it loses later takes nothing from it.
    found = when_took_lead(made, china, america, 2)
    assert found == (FIRST + 31 + 15, FIRST + 31 + 22, FIRST + 31 + 22, True, True, 1.0)
    assert when_took_lead(made, china, america, 3) is None
    # Between is said where its own models and those of the last leader are all counted.
    for own, other in ((china, france), (key("CN", china.draws, complete=False), america)):
        again = cut(DAYS, own, america, france)
        taken = when_took_lead(again, own, other, 2)
        assert taken is not None
        assert not taken.between
    first = when_took_lead(made, china, None, 2)
    assert first is not None
    assert first.between
    unsure = key("CN", china.draws, certain=(True, True, False, True))
    assert when_took_lead(cut(DAYS, unsure, america), unsure, america, 2) is None
    later = key("CN", china.draws, certain=(True, True, True, False))
    assert when_took_lead(cut(DAYS, later, america), later, america, 2) is not None


def histories(*values: float) -> list[tuple[int, Sequence[float]]]:
    return [(DRAWS, values)]


def test_a_cut_has_the_counted_keys_with_a_place_the_largest_first() -> None:
    db, sums = stated(
        Stated("Red/One", histories(90, 90, 90, 60)),
        Stated("Blue/One", histories(1, 2, 3, 60)),
        Stated("Blue/Two", at_least=7),
        Stated("Rose/One", at_least=5),
        Stated("Lost/One", histories(1, 2, 3, 70)),
        Stated("Packer/One", histories(0, 0, 0, 80)),
    )
    db.execute("insert into scopes select 'labs', 'All', '', '2026-02-28', null, 0, 0, null, null,"
               " null from scopes")  # fmt: skip
    db.execute("update model_countries set country = 'XX' where model = 6")
    made = read_cut(db, sums, "frontier", "country")
    assert (made.scope_label, made.days[-1] - FIRST, len(made.days)) == (
        "Models of the test",
        90,
        4,
    )
    # Two of one size are in order of their keys.
    assert [(one.key, one.missing, one.complete) for one in made.keys] == [
        ("CN", 0, True),
        ("US", 7, False),
    ]
    # The total is of all, those without a place and without counts too.
    assert made.total.draws[0].tolist() == [92, 94, 96, 270]
    assert (made.total.missing, made.total.complete) == (12, False)
    assert [made.column(month) for month in ("2025-12", "2026-03", "2026-04")] == [0, 3, None]
    assert read_cut(db, sums, "frontier", "country") is made


def test_several_keys_are_one() -> None:
    db, sums = stated(
        Stated("Red/One", histories(1, 2, 3, 4)),
        Stated("Blue/One", histories(10, 20, 30, 40)),
        Stated("Blue/Two", at_least=7),
    )
    made = read_cut(db, sums, "frontier", "country")
    both = joint_key(db, sums, made, ["CN", "US", "JP"])
    assert both is not None
    assert (both.label, both.draws[0].tolist()) == ("China and United States", [11, 22, 33, 44])
    assert (both.missing, both.complete, both.low.tolist()) == (7, False, [11, 22, 33, 44])
    assert joint_key(db, sums, made, ["JP", "CN"]) is made.find_key("CN")
    assert joint_key(db, sums, made, ["JP"]) is None
