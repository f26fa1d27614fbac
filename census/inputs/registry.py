"""The hand-edited registry: countries, labs, namespaces, origin claims, aliases and sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from census.base.csv_files import (
    Problem,
    Row,
    check_choice,
    check_days,
    check_filled,
    check_reference,
    check_unique,
    first_day,
    parse_count,
    read_rows,
)
from census.base.names import NameDict, folded, namespace_of, same_name, spellings

COUNTRY_COLUMNS = ("code", "name", "region", "source_url", "note")
LAB_COLUMNS = ("lab", "name", "kind", "role", "parent", "in_house", "disputed_because", "note")
NAMESPACE_COLUMNS = ("namespace", "lab", "renamed_to", "source_url", "note")
CLAIM_COLUMNS = (
    "lab",
    "basis",
    "country",
    "city",
    "stands_on",
    "valid_from",
    "valid_to",
    "evidence",
    "confidence",
    "says",
    "source_title",
    "source_url",
    "source_date",
    "read_on",
    "note",
)
ALIAS_COLUMNS = ("alias", "model_id", "reason", "source_url")
SOURCE_COLUMNS = (
    "source",
    "name",
    "kind",
    "channel",
    "licence",
    "attribution",
    "url",
    "preference",
    "note",
)

REGIONS = ("China", "United States", "Europe", "Rest of the world", "Distributed")
KINDS = ("company", "university", "nonprofit", "government", "community", "individual")
ROLES = ("lab", "repackager")
BASES = ("headquarters", "parent_headquarters", "incorporation", "founding_location")
EVIDENCE = ("primary", "secondary", "none")
# What a claim stands on where the document does not simply name a base: the place of a group's main
# operations, the address in a filing of a listed company, the dateline of a release, or the law
# that a licence or policy chooses.
MAIN_OPERATIONS = "main_operations"
FILING_ADDRESS = "filing_address"
DATELINE = "dateline"
GOVERNING_LAW = "governing_law"
GROUNDS = ("", MAIN_OPERATIONS, FILING_ADDRESS, DATELINE, GOVERNING_LAW)
CONFIDENCES = ("high", "medium", "low", "unverified")
SOURCE_KINDS = ("hub", "archive", "import", "collected")
# Where models are fetched or used. Each channel counts other acts, which a curve must never mix.
HUB_CHANNEL = "hub"
CHANNELS = (HUB_CHANNEL, "modelscope", "ollama", "openrouter")
DISTRIBUTED = "XX"
ENDED = "unknown"
SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
NAMESPACE = re.compile(r"[A-Za-z0-9][\w.\-]{0,95}", re.ASCII)


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
    _present: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def lab_of(self, model: str) -> Lab | None:
        """Return the lab that owns the namespace of a model's name, if one is registered."""
        row = self.namespaces.get(namespace_of(model))
        return self.labs.get(row["lab"]) if row else None

    def present_name(self, model: str) -> str:
        """Return the name that a model has today, following aliases and renamed namespaces.

        A namespace is spelled as it is registered, the rest as it was given.
        """
        present = self._present.get(model)
        if present is None:
            present = self._present[model] = self._followed(model)
        return present

    def _followed(self, model: str) -> str:
        seen: set[str] = set()
        while folded(model) not in seen:
            seen.add(folded(model))
            namespace, _, name = model.partition("/")
            if model in self.aliases:
                model = self.aliases[model]["model_id"]
            elif name and (row := self.namespaces.get(namespace)):
                model = f"{row['renamed_to'] or row['namespace']}/{name}"
        return model


def load_registry(data: Path, problems: list[Problem]) -> Registry:
    """Read and check the registry; every fault goes to `problems`, with file, line and reason."""
    countries = _load_countries(data, problems)
    labs = _load_labs(data, problems)
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
    rows = read_rows(data / "sources.csv", SOURCE_COLUMNS, problems)
    check_unique(rows, ["source"], problems)
    check_filled(rows, ["source", "name", "licence", "attribution", "url"], problems)
    check_choice(rows, "kind", SOURCE_KINDS, problems)
    check_unique(rows, ["preference"], problems)
    for row in rows:
        if row["channel"] not in CHANNELS:
            reason = (
                f"channel {row['channel']!r} is not one that the census takes in:"
                f" {', '.join(CHANNELS)}"
            )
            problems.append(row.problem(reason))
        try:
            if parse_count(row["preference"]) is None:
                raise ValueError("is empty")
        except ValueError as error:
            problems.append(row.problem(f"preference {error}"))
    return rows


def _load_countries(data: Path, problems: list[Problem]) -> list[Row]:
    rows = read_rows(data / "countries.csv", COUNTRY_COLUMNS, problems)
    check_unique(rows, ["code"], problems)
    check_filled(rows, ["code", "name", "source_url"], problems)
    check_choice(rows, "region", REGIONS, problems)
    for row in rows:
        if not re.fullmatch(r"[A-Z]{2}", row["code"]):
            problems.append(row.problem(f"code {row['code']!r} is not two capital letters"))
    return rows


def _load_labs(data: Path, problems: list[Problem]) -> list[Row]:
    rows = read_rows(data / "labs.csv", LAB_COLUMNS, problems)
    check_unique(rows, ["lab"], problems)
    check_filled(rows, ["lab", "name"], problems)
    check_choice(rows, "kind", KINDS, problems)
    check_choice(rows, "role", ROLES, problems)
    check_choice(rows, "in_house", ("yes", "no"), problems)
    for row in rows:
        if not SLUG.fullmatch(row["lab"]):
            problems.append(row.problem(f"lab {row['lab']!r} is not a valid slug (a-z, 0-9 and -)"))
        if row["in_house"] == "yes" and not row["parent"]:
            problems.append(row.problem("an in-house team without a parent"))
    return rows


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
    rows = read_rows(data / "namespaces.csv", NAMESPACE_COLUMNS, problems)
    check_unique(rows, ["namespace"], problems)
    check_filled(rows, ["namespace", "lab"], problems)
    check_reference(rows, "lab", (row["lab"] for row in labs), "labs.csv", problems)
    names = {row["namespace"]: row for row in rows}
    check_reference(rows, "renamed_to", names, "namespaces.csv", problems)
    spelled = spellings(names)
    for row in rows:
        name = row["namespace"]
        if not NAMESPACE.fullmatch(name):
            problems.append(row.problem(f"namespace {name!r} is not a name that the Hub allows"))
        if (other := spelled[name]) != name:
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
    rows = read_rows(data / "origin_claims.csv", CLAIM_COLUMNS, problems)
    check_unique(rows, (*CLAIM_COLUMNS[:9], "source_url"), problems)
    check_reference(rows, "lab", (row["lab"] for row in labs), "labs.csv", problems)
    check_reference(rows, "country", (row["code"] for row in countries), "countries.csv", problems)
    check_choice(rows, "basis", BASES, problems)
    check_choice(rows, "stands_on", GROUNDS, problems)
    check_choice(rows, "evidence", EVIDENCE, problems)
    check_choice(rows, "confidence", CONFIDENCES, problems)
    check_filled(rows, ["lab"], problems)
    check_days(rows, ["read_on"], problems)
    claims: dict[str, list[Claim]] = {}
    for row in rows:
        problems.extend(_claim_problems(row))
        claims.setdefault(row["lab"], []).append(
            Claim(**{**row, "country": row["country"] or None})  # type: ignore[arg-type]
        )
    return claims


def _claim_problems(row: Row) -> list[Problem]:
    problems = []
    read = ("says", "source_title", "source_url", "read_on")
    if row["confidence"] == "unverified":
        if row["evidence"] != "none":
            problems.append(row.problem("an unverified claim has evidence `none`"))
        problems += [
            row.problem(f"an unverified claim has no {column}: nothing was read")
            for column in read[:3]
            if row[column]
        ]
    else:
        if row["evidence"] == "none":
            problems.append(row.problem("evidence is `none`, so the claim is unverified"))
        problems += [
            row.problem(f"the claim has no {column}; without one it is unverified")
            for column in read
            if not row[column]
        ]
    if row["source_url"] and not re.fullmatch(r"https?://\S+", row["source_url"]):
        problems.append(row.problem(f"source_url {row['source_url']!r} is not an address"))
    if row["stands_on"] == GOVERNING_LAW and row["confidence"] in ("medium", "high"):
        problems.append(row.problem("governing law is not evidence of origin: confidence is low"))
    if row["country"] == DISTRIBUTED and row["evidence"] != "primary":
        problems.append(row.problem("XX (distributed) needs the lab's own words: primary evidence"))
    for column in ("valid_from", "valid_to", "source_date"):
        if row[column] and not (column == "valid_to" and row[column] == ENDED):
            try:
                first_day(row[column])
            except ValueError as error:
                problems.append(row.problem(f"{column}: {error}"))
    return problems


def _load_aliases(data: Path, problems: list[Problem]) -> list[Row]:
    rows = read_rows(data / "model_aliases.csv", ALIAS_COLUMNS, problems)
    check_unique(rows, ["alias"], problems, folded)
    check_filled(rows, ALIAS_COLUMNS, problems)
    aliases = {folded(row["alias"]) for row in rows}
    for row in rows:
        if same_name(row["alias"], row["model_id"]):
            reason = f"{row['alias']!r} is the same name in another case, which needs no row"
            problems.append(row.problem(reason))
        elif folded(row["model_id"]) in aliases:
            problems.append(row.problem(f"{row['model_id']!r} is itself an alias"))
    return rows
