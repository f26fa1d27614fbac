"""The hand-edited registry: countries, labs, namespaces, origin claims, aliases and sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from census.base.csv_files import Problem, Row, read_rows
from census.base.names import NameDict, folded, namespace_of, same_name, spellings
from census.inputs.registry_files import (
    ALIASES_FILE,
    CLAIMS_FILE,
    COUNTRIES_FILE,
    LABS_FILE,
    NAMESPACES_FILE,
    SOURCES_FILE,
)


@dataclass(frozen=True)
class Lab:
    """An organisation or person that publishes models, under one or more namespaces."""

    slug: str
    name: str
    kind: str
    role: str
    parent: str
    in_house: bool
    disputed_because: str
    note: str


@dataclass(frozen=True)
class Claim:
    """A statement that a lab is from a country; `country` None is a document that names none."""

    lab: str
    basis: str
    country: str | None
    city: str
    stands_on: str
    valid_from: str
    valid_to: str
    evidence: str
    confidence: str
    says: str
    source_title: str
    source_url: str
    source_date: str
    read_on: str
    note: str

    @property
    def sourced(self) -> bool:
        """Whether somebody read a document that says so."""
        return self.confidence != "unverified"


@dataclass(frozen=True)
class Registry:
    """Everything that people write down about labs; the mappings are by slug, code or name.

    Names of models and namespaces are found in any case (`census.base.names`).
    """

    countries: Mapping[str, Row]
    labs: Mapping[str, Lab]
    namespaces: NameDict[Row]
    claims: Mapping[str, list[Claim]]
    aliases: NameDict[Row]
    sources: Mapping[str, Row]
    # Every observation asks for its model's name, of which there are far fewer.
    _present_names: dict[str, str] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def lab_of(self, model: str) -> Lab | None:
        """Return the lab that owns the namespace of a model's name, if one is registered."""
        row = self.namespaces.get(namespace_of(model))
        return self.labs.get(row["lab"]) if row else None

    def present_name(self, model: str) -> str:
        """Return the name that a model has today, following aliases and renamed namespaces.

        A namespace is spelled as it is registered, the rest as it was given.
        """
        present = self._present_names.get(model)
        if present is None:
            present = self._present_names[model] = self._resolve(model)
        return present

    def _resolve(self, model: str) -> str:
        visited: set[str] = set()
        while folded(model) not in visited:
            visited.add(folded(model))
            namespace, _, name = model.partition("/")
            if model in self.aliases:
                model = self.aliases[model]["model_id"]
            elif name and (row := self.namespaces.get(namespace)):
                model = f"{row['renamed_to'] or row['namespace']}/{name}"
        return model


def load_registry(data: Path, problems: list[Problem]) -> Registry:
    """Read and check the registry; every fault goes to `problems`, with file, line and reason."""
    countries = COUNTRIES_FILE.read(data, problems)
    labs = LABS_FILE.read(data, problems)
    namespaces = _load_namespaces(data, labs, problems)
    claims = _load_claims(data, labs, countries, problems)
    aliases = _load_aliases(data, problems)
    return Registry(
        countries={row["code"]: row for row in countries},
        labs={row["lab"]: _lab(row) for row in labs},
        namespaces=NameDict((row["namespace"], row) for row in namespaces),
        claims=claims,
        aliases=NameDict((row["alias"], row) for row in aliases),
        sources={row["source"]: row for row in load_sources(data, problems)},
    )


def load_sources(data: Path, problems: list[Problem]) -> list[Row]:
    """Read and check data/sources.csv: where observations came from."""
    return SOURCES_FILE.read(data, problems)


def _lab(row: Row) -> Lab:
    return Lab(
        slug=row["lab"],
        name=row["name"],
        kind=row["kind"],
        role=row["role"],
        parent=row["parent"],
        in_house=row["in_house"] == "yes",
        disputed_because=row["disputed_because"],
        note=row["note"],
    )


def _load_namespaces(data: Path, labs: list[Row], problems: list[Problem]) -> list[Row]:
    rows = read_rows(data / NAMESPACES_FILE.path, NAMESPACES_FILE.columns, problems)
    names = {row["namespace"]: row for row in rows}
    keys = {"labs.csv": {row["lab"] for row in labs}, "namespaces.csv": names}
    NAMESPACES_FILE.check(rows, problems, keys)
    spelling_of = spellings(names)
    for row in rows:
        name = row["namespace"]
        if (other := spelling_of[name]) != name:
            reason = (
                f"namespace {name!r} is {other!r} in another case, which is the same one to the"
                f" Hub; keep one row, spelled as the Hub spells it today"
            )
            problems.append(row.problem(reason))
        target = names.get(row["renamed_to"])
        if target is not None and target["lab"] != row["lab"]:
            problems.append(row.problem(f"renamed to {row['renamed_to']!r} of another lab"))
        if target is not None and target["renamed_to"]:
            problems.append(row.problem("renamed to a name that is itself retired"))
    return rows


def _load_claims(
    data: Path, labs: list[Row], countries: list[Row], problems: list[Problem]
) -> dict[str, list[Claim]]:
    keys = {
        "labs.csv": {row["lab"] for row in labs},
        "countries.csv": {row["code"] for row in countries},
    }
    rows = CLAIMS_FILE.read(data, problems, keys)
    claims: dict[str, list[Claim]] = {}
    for row in rows:
        claims.setdefault(row["lab"], []).append(
            Claim(**{**row, "country": row["country"] or None})  # type: ignore[arg-type]
        )
    return claims


def _load_aliases(data: Path, problems: list[Problem]) -> list[Row]:
    rows = ALIASES_FILE.read(data, problems)
    aliases = {folded(row["alias"]) for row in rows}
    for row in rows:
        if same_name(row["alias"], row["model_id"]):
            reason = f"{row['alias']!r} is the same name in another case, which needs no row"
            problems.append(row.problem(reason))
        elif folded(row["model_id"]) in aliases:
            problems.append(row.problem(f"{row['model_id']!r} is itself an alias"))
    return rows
