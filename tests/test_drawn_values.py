"""The very values that the method draws of nine models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from made_histories import (
    MONTHLY,
    WINDOWS_ONLY,
    histories,
    known_of,
    uncounted,
)

from census.history.model_counts import HUB_FLOOR, ModelCounts
from census.rollups.summaries import points_of

# What the method makes of nine models: a change of any number is one of the method, to be told in
# data/changelog.csv. By model its days, and of each day the lowest, the middle and the highest.
METHOD: dict[str, tuple[ModelCounts, Sequence[int], Sequence[tuple[float, float, float]]]] = {
    "counts and windows": (
        MONTHLY,
        (20050, 20075, 20250, 20385, 20450),
        [
            (42530, 313700, 391430),
            (180310, 392800, 460860),
            (519160, 699510, 765190),
            (774650, 948480, 993530),
            (1048900, 1123600, 1214100),
        ],
    ),
    "counts alone": (
        known_of([(20300, 40_000), (20500, 50_000)]),
        (20010, 20150, 20290, 20301, 20400),
        [
            (54.28, 953.93, 4176.2),
            (3510.3, 22609, 36719),
            (36928, 39386, 39958),
            (40005, 40050, 40225),
            (41434, 45541, 49130),
        ],
    ),
    "few windows": (
        known_of([(20600, 900_000)], [(20200, 30_000), (20210, 31_000), (20450, 90_000)]),
        (20030, 20150, 20190, 20300, 20590),
        [
            (393.62, 12287, 67255),
            (5618.1, 87159, 358670),
            (24110, 132390, 438590),
            (75970, 262350, 548840),
            (810840, 884580, 899490),
        ],
    ),
    "no creation": (
        known_of([(20400, 100_000)], [(20300, 9_000)], created=None),
        (19800, 20000, 20200, 20299, 20399),
        [
            (0, 0, 423.27),
            (0, 0, 35465),
            (0, 30583, 68457),
            (8843.9, 64732, 93578),
            (97787, 99761, 99989),
        ],
    ),
    "as old as the Hub": (
        known_of([(20400, 10**7)], [(20300, 50_000), (20350, 40_000)], created=HUB_FLOOR),
        (19060, 19300, 19800, 20270, 20330),
        [
            (1019.3, 24544, 262630),
            (148440, 1666700, 5502600),
            (2188900, 5833300, 8521500),
            (8965700, 9690300, 9852900),
            (9189200, 9820400, 9947900),
        ],
    ),
    "nothing in a window": (
        known_of([(20200, 1_000), (20500, 2_000)], [(20150, 0), (20300, 1), (20320, 300)]),
        (20050, 20140, 20250, 20290, 20400),
        [
            (156.17, 614.22, 853.44),
            (319.98, 898.97, 990.55),
            (1000, 1000.3, 1005.2),
            (1000.3, 1001.3, 1008.3),
            (1432.6, 1703.3, 1950.7),
        ],
    ),
    "windows above the total": (
        known_of([(20200, 10_000)], [(20140, 40_000), (20175, 40_000)]),
        (20020, 20100, 20140, 20160, 20190),
        [
            (72.729, 769.5, 2580.6),
            (1505.8, 4984, 8615.8),
            (3238.8, 7022.2, 9188.5),
            (4244.2, 8102.5, 9551.5),
            (7310.8, 9532.3, 9933.4),
        ],
    ),
    "windows only": (
        WINDOWS_ONLY,
        (20050, 20100, 20150, 20200, 20300),
        [
            (4269, 26149, 218770),
            (43123, 77850, 323010),
            (60041, 129940, 513860),
            (116250, 200830, 635870),
            (166080, 289940, 991720),
        ],
    ),
    "windows only, seen late": (
        known_of([], [(20200, 40_000), (20330, 60_000)]),
        (20100, 20180, 20200, 20300, 20400),
        [
            (0, 0, 0),
            (4021.7, 10698, 18242),
            (27868, 35284, 43481),
            (67923, 117300, 557660),
            (151700, 287340, 884560),
        ],
    ),
}


@pytest.mark.parametrize("name", METHOD)
def test_the_method_makes_the_same_of_a_model_as_ever(name: str) -> None:
    known, days, expected = METHOD[name]
    points = points_of((histories if known.counts else uncounted)(known, list(days)))
    found = np.column_stack([points.low, points.middle, points.high])
    assert found == pytest.approx(np.array(expected), rel=1e-3)
