"""Random numbers of the estimate: their distribution, and that each has its own fixed place."""

from __future__ import annotations

from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest

from census.history.model_counts import HUB_FLOOR
from census.rollups.noise import (
    DRAWS,
    MEMORY_DAYS,
    SharedNoise,
    Stream,
    cell_of,
    normal_quantile,
    wander,
)


@pytest.mark.parametrize("chance", [1e-300, 1e-20, 1e-6, 0.02, 0.075, 0.3, 0.5, 0.95, 1 - 1e-9])
def test_quantiles_are_those_of_the_normal_distribution(chance: float) -> None:
    expected = NormalDist().inv_cdf(chance)
    assert normal_quantile(np.array([chance]))[0] == pytest.approx(expected, rel=1e-13, abs=1e-15)


def test_normals_have_the_mean_spread_and_tails_of_normals() -> None:
    numbers = Stream("some model").run_of_normals(0, 5000).astype(np.float64)
    assert numbers.mean() == pytest.approx(0, abs=0.004)
    assert numbers.std() == pytest.approx(1, abs=0.004)
    for limit in (1.0, 2.0, 3.0):
        beyond = 2 * (1 - NormalDist().cdf(limit))
        assert np.mean(np.abs(numbers) > limit) == pytest.approx(beyond, rel=0.05)
    assert np.abs(numbers).max() > 4
    assert abs(np.corrcoef(numbers[:, 0], numbers[:, 1])[0, 1]) < 0.06


def test_first_numbers_of_a_name_are_the_same_everywhere() -> None:
    # Raw bits of PCG64 and the table do not change from one numpy to the next.
    assert Stream("Qwen/Qwen3-8B").normals([0])[0, :4].tolist() == pytest.approx(
        [0.235177, -0.329220, 0.340993, -0.057116], abs=1e-6
    )


def test_a_place_holds_the_same_numbers_whatever_was_read_before() -> None:
    run = Stream("a").run_of_normals(10, 5)
    stream = Stream("a")
    stream.normals([0, 3])
    assert np.array_equal(stream.normals([12]), run[2:3])
    with pytest.raises(ValueError, match="rising order"):
        stream.normals([11])


def test_names_have_numbers_of_their_own() -> None:
    one, other = (Stream(name).run_of_normals(0, 200).ravel() for name in ("a", "b"))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.02


def test_wander_keeps_its_spread_and_forgets_within_its_memory() -> None:
    paths = np.concatenate([wander(Stream(f"model {at}"), 0, 100) for at in range(40)], axis=1)
    assert paths.std(axis=1) == pytest.approx(np.ones(100), abs=0.05)
    memory = np.mean(paths[20] * paths[20 + MEMORY_DAYS // 5])
    assert memory == pytest.approx(np.exp(-1), abs=0.05)


def test_a_later_creation_leaves_most_of_a_wander_as_it_was() -> None:
    early, late = wander(Stream("a"), 0, 200), wander(Stream("a"), 10, 190)
    assert np.abs(early[110:] - late[100:]).max() < 0.1


def test_shared_noise_is_the_same_however_long_it_is() -> None:
    short, long = SharedNoise(HUB_FLOOR + 500), SharedNoise(HUB_FLOOR + 900)
    for region in (None, "China", "Europe"):
        assert np.array_equal(short.of_region(region), long.of_region(region)[: short.cells])
    assert not np.array_equal(long.of_region("China"), long.of_region("Europe"))
    assert np.array_equal(short.quarter(20000), long.quarter(20000))


def test_models_of_a_region_share_more_than_models_of_two() -> None:
    shared = SharedNoise(HUB_FLOOR + 9_000)
    own, one, two = (shared.of_region(region).ravel() for region in (None, "China", "Europe"))
    assert np.corrcoef(one, two)[0, 1] == pytest.approx(0.5, abs=0.05)
    assert np.corrcoef(one, own)[0, 1] == pytest.approx(np.sqrt(0.5), abs=0.05)


def test_quarters_change_with_the_calendar() -> None:
    shared = SharedNoise(HUB_FLOOR)
    days = np.arange("2025-01-01", "2026-01-01", dtype="datetime64[D]").astype(int)
    changes = [
        str(np.datetime64(int(after), "D"))
        for before, after in pairwise(days)
        if not np.array_equal(shared.quarter(int(before)), shared.quarter(int(after)))
    ]
    assert changes == ["2025-04-01", "2025-07-01", "2025-10-01"]


def test_cells_begin_with_the_hubs_first_day() -> None:
    times = [HUB_FLOOR - 400, HUB_FLOOR, HUB_FLOOR + 4.9, HUB_FLOOR + 5]
    assert [cell_of(time) for time in times] == [0, 0, 0, 1]
    assert Stream("a").normals([0]).shape == (1, DRAWS)
