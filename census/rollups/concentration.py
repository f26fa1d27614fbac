"""How concentrated downloads are: on few countries, labs, families or models.

Bounds are honest, not tight: they hold for whatever counts the observations allow.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from census.base.inserting import insert_rows
from census.rollups.keys import IN_SCOPE

TOP_KEYS = (1, 3, 5, 10, 20)
DIMENSIONS = ("country", "lab", "family")
# Who the shares of are compared; what has no known key is left out.
OF_SERIES = """
    select k.scope, k.attribution, k.dimension, p.month,
        p.cumulative, p.cumulative_low, p.cumulative_high, p.monthly, p.monthly_low, p.monthly_high
    from series_keys as k
    inner join series_points as p on k.id = p.series
    where k.basis = 'operating' and k.key is not null and k.dimension in ({dimensions})
    order by k.scope, k.attribution, k.dimension, p.month
"""
OF_MODELS = """
    select s.scope, 'publisher', 'model', c.month,
        c.cumulative, c.cumulative_low, c.cumulative_high, c.monthly, c.monthly_low, c.monthly_high
    from scopes as s
    cross join models as m on {in_scope}
    inner join curves as c
        on c.model = m.id
        and (
            c.date = s.through
            or (c.date < s.through and strftime('%d', c.date, '+1 day') = '01')
        )
    where s.scope = ?
    order by c.month
"""

Bounded = tuple[int, int, int]
Statistic = tuple[str, float, float, float]
Counts = NDArray[np.int64]


def load_concentration(connection: sqlite3.Connection) -> None:
    """Fill the table of concentration from the series and the models' curves."""
    dimensions = ", ".join(f"'{name}'" for name in DIMENSIONS)
    queries: list[tuple[str, tuple[str, ...]]] = [(OF_SERIES.format(dimensions=dimensions), ())]
    queries += [(OF_MODELS.format(in_scope=rule), (scope,)) for scope, rule in IN_SCOPE.items()]
    for query, values in queries:
        rows = connection.execute(query, values).fetchall()
        for head, members in groupby(rows, key=lambda row: tuple(row[:4])):
            counts = [row[4:] for row in members]
            _insert(connection, head, "cumulative", [row[:3] for row in counts])
            _insert(connection, head, "monthly", [row[3:] for row in counts])


def _insert(
    connection: sqlite3.Connection, head: tuple[str, ...], measure: str, counts: Sequence[Bounded]
) -> None:
    scope, attribution, dimension, month = head
    insert_rows(
        connection,
        "concentration",
        (
            (scope, attribution, dimension, measure, name, month, len(counts), *bounded)
            for name, *bounded in statistics(counts)
        ),
    )


def statistics(counts: Sequence[Bounded]) -> Iterator[Statistic]:
    """Yield each statistic with its bounds: top shares in percent, HHI to 10,000, Gini to 100.

    Counts are (estimate, low, high). Nothing is yielded where nothing was downloaded.
    """
    shares = top_shares(counts)
    if not shares:
        return
    for keys in TOP_KEYS:
        best, low, high = shares[min(keys, len(shares)) - 1]
        yield _rounded(f"top_{keys}", (100 * best, 100 * low, 100 * high))
    yield _rounded("hhi", herfindahl(counts))
    best, low, high = gini(shares)
    yield _rounded("gini", (100 * best, 100 * low, 100 * high))


def top_shares(counts: Sequence[Bounded]) -> list[tuple[float, float, float]]:
    """Return the share of the largest 1, 2, … keys: estimate, lowest and highest possible.

    Lowest: the keys with the largest lows are at their lows and all others at their highs. Highest:
    no keys can hold more than the largest highs, nor leave less to others than all lows without
    the largest of them.
    """
    values = _columns(counts)
    if not values[:, 0].any():
        return []
    best, low, high = np.cumsum(-np.sort(-values, axis=0), axis=0).T
    by_low = np.argsort(-values[:, 1], kind="stable")
    others_high = high[-1] - np.cumsum(values[by_low, 2])
    share = best / best[-1]
    lowest = np.minimum(share, _parts(low, others_high))
    highest = np.maximum(share, _parts(high, low[-1] - low))
    return list(zip(share.tolist(), lowest.tolist(), highest.tolist(), strict=True))


def herfindahl(counts: Sequence[Bounded]) -> tuple[float, float, float]:
    """Return the sum of the squared shares in percent, up to 10,000, with its bounds.

    Every share is put at its lowest, or at its highest, whether or not all can be so at once; it is
    never below that of equal shares.
    """
    values = _columns(counts)
    middles, lows, highs = values.T
    totals = values.sum(axis=0)
    best = _squares(middles / totals[0])
    low = _squares(_parts(lows, totals[2] - highs))
    high = _squares(_parts(highs, totals[1] - lows))
    equal = 10_000 / len(counts)
    return best, min(best, max(low, equal)), max(best, min(high, 10_000.0))


def gini(shares: Sequence[tuple[float, float, float]]) -> tuple[float, float, float]:
    """Return the Gini coefficient of the keys from their top shares, with its bounds.

    It rises with each top share, so that their bounds give its own.
    """
    keys = len(shares)
    sums = [sum(column[:-1]) for column in zip(*shares, strict=True)]
    values = [max((2 * total - keys + 1) / keys, 0.0) for total in sums]
    return values[0], values[1], values[2]


def _columns(counts: Sequence[Bounded]) -> Counts:
    return np.array(counts, dtype=np.int64).reshape(-1, 3)


def _parts(part: Counts, rest: Counts) -> NDArray[np.float64]:
    """Return parts of a whole (the part and the rest), 0 of nothing."""
    whole = part + rest
    parts = np.zeros(len(part))
    np.divide(part, whole, out=parts, where=whole > 0)
    return parts


def _squares(parts: NDArray[np.float64]) -> float:
    """Return the sum of the squares of parts in percent, added in their order."""
    return float(np.cumsum((100 * parts) ** 2)[-1])


def _rounded(name: str, bounded: tuple[float, float, float]) -> Statistic:
    best, low, high = bounded
    return name, round(best, 4), round(low, 4), round(high, 4)
