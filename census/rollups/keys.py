"""Which models each series is of: the keys of every scope, attribution, basis and dimension."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from census.inputs.origins import BASES, OPERATING

UNVERIFIED = "Country not established"
UNKNOWN = "Unknown"
ATTRIBUTIONS = ("publisher", "base")
IN_SCOPE = {"frontier": "m.in_frontier = 1", "labs": "m.in_labs = 1", "hub": "1"}


class Dimension(NamedTuple):
    """A way to cut the downloads: the SQL of its key, and the statement that names the keys.

    In the SQL `m` is the model, `c` its country on the basis and `r` the row of that country;
    without a statement a key is its own label. `attributed` says whether the key depends on whose
    model it counts as.
    """

    name: str
    key: str
    labels: str | None
    bases: tuple[str, ...]
    unknown: str
    attributed: bool = True


class Cut(NamedTuple):
    """Series that together hold every model of a scope once: their common place."""

    scope: str
    attribution: str
    basis: str
    dimension: str


class SeriesKey(NamedTuple):
    """One series: its key (None is unknown), its label and the numbers of its models."""

    key: str | None
    label: str
    models: tuple[int, ...]


COUNTRIES = "select code, name from countries"
LABS = "select id, name from labs"
FAMILIES = "select id, name from families"


def dimensions(attribution: str) -> list[Dimension]:
    """Return the dimensions for an attribution (`publisher` or `base`)."""
    base = attribution == "base"
    lab = "m.base_lab" if base else "m.lab"
    family = "m.base_family" if base else "m.family"
    return [
        Dimension("country", "c.country", COUNTRIES, BASES, UNVERIFIED),
        Dimension("region", "r.region", None, BASES, UNVERIFIED),
        Dimension("lab", lab, LABS, (OPERATING,), UNKNOWN),
        Dimension("family", family, FAMILIES, (OPERATING,), "No named family"),
        *(
            Dimension(name, f"m.{name}", None, (OPERATING,), UNKNOWN, attributed=False)
            for name in ("size_bucket", "licence", "modality")
        ),
    ]


KEYED = """
    select
        {key} as key,
        m.id
    from models as m
    {places}
    order by m.id
"""
# Every model has a row for each attribution and basis.
PLACES = """
    cross join model_countries as c
        on m.id = c.model and c.attribution = ? and c.basis = ?
    left join countries as r on c.country = r.code
"""


def cuts_of_scopes(
    connection: sqlite3.Connection,
    scopes: Collection[str],
    names: Collection[str] | None = None,
    bases: Collection[str] = BASES,
) -> dict[str, list[tuple[Cut, list[SeriesKey]]]]:
    """Return the cuts of each scope with their keys, each key with its models in the scope.

    `names` are the dimensions that are wanted, all by default, `bases` those of countries. A
    dimension that does not depend on the attribution serves all of them.
    """
    cuts: dict[str, list[tuple[Cut, list[SeriesKey]]]] = {scope: [] for scope in scopes}
    members = {scope: _members(connection, scope) for scope in scopes}
    for attribution in ATTRIBUTIONS:
        for dimension in dimensions(attribution):
            if names is not None and dimension.name not in names:
                continue
            if attribution != ATTRIBUTIONS[0] and not dimension.attributed:
                continue
            for basis in (basis for basis in dimension.bases if basis in bases):
                keys = _keys(connection, attribution, basis, dimension)
                for scope, members_of_scope in members.items():
                    keys_in_scope = [
                        key
                        for key in (_key_within(key, members_of_scope) for key in keys)
                        if key.models
                    ]
                    for attribution_served in (
                        (attribution,) if dimension.attributed else ATTRIBUTIONS
                    ):
                        cuts[scope].append(
                            (Cut(scope, attribution_served, basis, dimension.name), keys_in_scope)
                        )
    return cuts


def keys_of(connection: sqlite3.Connection, scope: str, dimension: str) -> list[SeriesKey]:
    """Return the series of a dimension, counted for publishers by their operating country."""
    attribution = ATTRIBUTIONS[0]
    definition = next(
        candidate for candidate in dimensions(attribution) if candidate.name == dimension
    )
    members = _members(connection, scope)
    keys = _keys(connection, attribution, OPERATING, definition)
    return [key for key in (_key_within(key, members) for key in keys) if key.models]


def _members(connection: sqlite3.Connection, scope: str) -> NDArray[np.bool_]:
    """Return for each model number, up to the highest, whether it is in a scope."""
    last = connection.execute("select coalesce(max(id), 0) from models").fetchone()[0]
    members = np.zeros(last + 1, dtype=np.bool_)
    models = connection.execute(f"select m.id from models as m where {IN_SCOPE[scope]}")  # noqa: S608
    members[[model for (model,) in models]] = True
    return members


def _key_within(key: SeriesKey, members: NDArray[np.bool_]) -> SeriesKey:
    models = np.array(key.models, dtype=np.int64)
    return key._replace(models=tuple(models[members[models]].tolist()))


def _keys(
    connection: sqlite3.Connection, attribution: str, basis: str, dimension: Dimension
) -> list[SeriesKey]:
    needs_places = not dimension.key.startswith("m.")
    query = KEYED.format(key=dimension.key, places=PLACES if needs_places else "")
    models: dict[str | None, list[int]] = defaultdict(list)
    for key, model in connection.execute(query, (attribution, basis) if needs_places else ()):
        models[key].append(model)
    # In the order in which SQL has them, unknown first: sorting the few keys is quicker.
    ordered = sorted(models.items(), key=lambda item: (item[0] is not None, item[0] or ""))
    labels = dict(connection.execute(dimension.labels).fetchall()) if dimension.labels else {}
    return [
        SeriesKey(
            key, dimension.unknown if key is None else labels.get(key, key), tuple(models_of_key)
        )
        for key, models_of_key in ordered
    ]
