"""What a series is made of beside the counted models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


class Sample(NamedTuple):
    """What a series is made of beside the counted models.

    `weights` has a row for each of `models` and a column a published day: the 30-day weight, -1
    where it is unknown. `uncounted` is the least that each model without an all-time count has.
    """

    models: tuple[int, ...]
    weights: Counts
    uncounted: Mapping[int, int]
