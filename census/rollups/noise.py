"""Random numbers of the estimate: the same for a name on every machine, whatever else is drawn.

Normal numbers come from the raw bits of PCG64 through one table of ours, since the methods of a
generator may change from one release of numpy to the next. Every stream has a fixed place for every
cell of time, so that a count or a model more leaves the numbers of the others as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from census.history.model_counts import HUB_FLOOR

Floats = NDArray[np.floating]

DRAWS = 200
# Noise is drawn on one grid of cells for all models; cell 0 begins with the Hub's first day.
CELL_DAYS = 5
MEMORY_DAYS = 120
# How far a logarithm of a rate wanders in 30 days, undisturbed.
OWN_WANDER = 1.1
SHARED_WANDER = 0.2
# The spread of the logarithm of the factor on a model's own wander.
FACTOR_SPREAD = 0.6

# One word of 64 bits holds four normal numbers.
WORDS = DRAWS // 4
FACTOR_PLACE = 0
START_PLACE = 1
ERROR_PLACE = 1 << 20
CELL_PLACE = 1 << 40

_KEEP = np.exp(-CELL_DAYS / MEMORY_DAYS)
_INNOVATION = np.sqrt(1 - _KEEP**2)
_SPREAD = np.sqrt(MEMORY_DAYS / 30 / 2)


def cell_of(time: float) -> int:
    """Return the cell of the grid that holds a time (days since 1970-01-01), 0 before the first."""
    return max(0, int((time - HUB_FLOOR) // CELL_DAYS))


class Stream:
    """The random numbers of one name: each place holds `DRAWS` normals, whatever was read before.

    Places are read in rising order.
    """

    def __init__(self, name: str) -> None:
        digest = hashlib.sha256(name.encode()).digest()
        self._bits = np.random.PCG64(int.from_bytes(digest[:16], "little"))
        self._place = 0

    def normals(self, places: Sequence[int]) -> NDArray[np.float32]:
        """Return the normals of the places, shape (places, DRAWS)."""
        return self._normals(np.concatenate([self._words(place, 1) for place in places]))

    def run_of_normals(self, place: int, rows: int) -> NDArray[np.float32]:
        """Return the normals of `rows` places from `place` on, shape (rows, DRAWS)."""
        return self._normals(self._words(place, rows))

    def uniforms(self, place: int) -> NDArray[np.float64]:
        """Return `DRAWS` numbers evenly spread between 0 and 1, shape (DRAWS,)."""
        return (_sixteenths(self._words(place, 1)) + 0.5) / 65536

    def _normals(self, words: NDArray[np.uint64]) -> NDArray[np.float32]:
        # An index of the machine's own kind is looked up five times faster than one of 16 bits.
        return _table()[_sixteenths(words).astype(np.intp)].reshape(-1, DRAWS)

    def _words(self, place: int, rows: int) -> NDArray[np.uint64]:
        first = place * WORDS
        if first < self._place:
            raise ValueError("places of a stream are read in rising order")
        self._bits.advance(first - self._place)
        self._place = first + rows * WORDS
        return self._bits.random_raw(rows * WORDS)


def _sixteenths(words: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """Return the four numbers of 16 bits in each word, the lowest bits first."""
    return words.astype("<u8", copy=False).view("<u2")


def wander(stream: Stream, first: int, cells: int) -> NDArray[np.float32]:
    """Return Ornstein-Uhlenbeck noise of spread 1 in the cells from `first` on, (cells, DRAWS)."""
    noise = stream.run_of_normals(CELL_PLACE + first, cells)
    # x[i] = keep * x[i-1] + innovation is the sum of innovations / keep**i, times keep**i.
    powers = _KEEP ** np.arange(cells)
    weights = _INNOVATION / powers
    weights[0] = 1.0
    noise *= weights.astype(np.float32)[:, None]
    np.cumsum(noise, axis=0, out=noise)
    noise *= powers.astype(np.float32)[:, None]
    return noise


def own_noise(
    stream: Stream, factor: NDArray[np.float32], first: int, cells: int
) -> NDArray[np.float32]:
    """Return a model's own noise of its log rate in the cells from `first` on, (cells, DRAWS).

    `factor` are the normals of its factor. It must be the last that is read of the stream.
    """
    noise = wander(stream, first, cells)
    noise *= np.float32(OWN_WANDER * _SPREAD) * np.exp(np.float32(FACTOR_SPREAD) * factor)
    return noise


class SharedNoise:
    """What models share, draw by draw: the noise of all and of a region, errors of a quarter."""

    def __init__(self, last_day: int) -> None:
        """Prepare the noise of all cells up to `last_day` (days since 1970-01-01)."""
        self.cells = cell_of(last_day) + 2
        self._all = self._noise("all models")
        self._regions: dict[str, NDArray[np.float32]] = {}
        self._days: dict[int, NDArray[np.float32]] = {}
        self.uncounted = Stream("models without an all-time count").normals([0])[0]

    def of_region(self, region: str | None) -> NDArray[np.float32]:
        """Return the noise that models of a region share, shape (cells of the grid, DRAWS)."""
        if region is None:
            return self._all
        if region not in self._regions:
            self._regions[region] = self._all + self._noise(f"region {region}")
        return self._regions[region]

    def part(self, region: str | None, first: int, cells: int) -> NDArray[np.float32]:
        """Return the shared noise in the cells from `first` on, shape (cells, DRAWS)."""
        if first + cells > self.cells:
            raise ValueError(
                f"shared noise is prepared to cell {self.cells}; cell {first + cells} is needed"
            )
        return self.of_region(region)[first : first + cells]

    def quarter(self, day: int) -> NDArray[np.float32]:
        """Return the normals that all counts of a day's quarter share, shape (DRAWS,)."""
        if day not in self._days:
            month = int(np.datetime64(day, "D").astype("datetime64[M]").astype(int))
            self._days[day] = _quarter(month // 3)
        return self._days[day]

    def _noise(self, name: str) -> NDArray[np.float32]:
        noise = wander(Stream(name), 0, self.cells)
        noise *= np.float32(SHARED_WANDER * _SPREAD)
        return noise


@cache
def _quarter(quarter: int) -> NDArray[np.float32]:
    return Stream(f"quarter {quarter}").run_of_normals(0, 1).reshape(DRAWS)


@cache
def _table() -> NDArray[np.float32]:
    """Return the normal quantiles of the middles of 65,536 equal parts of the unit interval."""
    return normal_quantile((np.arange(65536) + 0.5) / 65536).astype(np.float32)


def normal_quantile(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values under which a normal number falls with a chance between 0 and 1.

    Algorithm AS 241 (PPND16) of M. J. Wichura, Applied Statistics 37 (1988), 477-484: exact to
    about one part in 10**16.
    """
    centred = chance - 0.5
    central = 0.180625 - centred * centred
    middle = centred * np.polyval(_A, central) / np.polyval(_B, central)
    root = np.sqrt(-np.log(np.minimum(chance, 1 - chance)))
    near = np.polyval(_C, root - 1.6) / np.polyval(_D, root - 1.6)
    far = np.polyval(_E, root - 5.0) / np.polyval(_F, root - 5.0)
    tail = np.copysign(np.where(root <= 5.0, near, far), centred)
    return np.where(np.abs(centred) <= 0.425, middle, tail)


# Coefficients of AS 241, the highest power first.
_A = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080e0,
)
_B = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
_C = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258e0,
    3.64784832476320460504e0,
    5.76949722146069140550e0,
    4.63033784615654529590e0,
    1.42343711074968357734e0,
)
_D = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940e0,
    2.05319162663775882187e0,
    1.0,
)
_E = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580e0,
    5.46378491116411436990e0,
    6.65790464350110377720e0,
)
_F = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)
