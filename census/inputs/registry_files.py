"""The files of the registry declared: countries, labs, namespaces, claims, aliases, sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from census.base.csv_files import Row, first_day
from census.base.declared_files import (
    Address,
    Checked,
    Count,
    DataFile,
    DataRow,
    Day,
    PartialDay,
    YesNo,
    column,
    matching,
    one_of,
    optional,
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
# Where models are fetched or used beside it is in channels/channels.csv. Each channel counts other
# acts, which a curve must never mix.
HUB_CHANNEL = "hub"
DISTRIBUTED = "XX"
ENDED = "unknown"
SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
NAMESPACE = re.compile(r"[A-Za-z0-9][\w.\-]{0,95}", re.ASCII)


def check_end(text: str) -> None:
    """Raise ValueError for what is neither a day, month or year nor `unknown`."""
    if text != ENDED:
        first_day(text)


Slug = Annotated[str, matching(SLUG, "is not a valid slug (a-z, 0-9 and -)")]
Namespace = Annotated[str, matching(NAMESPACE, "is not a name that the Hub allows")]


class CountryRow(DataRow):
    """A country, and the region that it counts in."""

    code: Annotated[str, matching(re.compile(r"[A-Z]{2}"), "is not two capital letters")] = column(
        "ISO 3166-1 alpha-2 code; XX means distributed, with no single base in its own words"
    )
    name: str = column("Short English name")
    region: Annotated[str, one_of(*REGIONS)] = column("The region that it counts in")
    source_url: str = column("Where the code and the name are stated")
    note: str = optional("Remarks")


COUNTRIES_FILE = DataFile(
    "countries.csv",
    "Countries by ISO 3166-1 alpha-2 code, with the region that each counts in.",
    CountryRow,
    unique=(("code",),),
)


class LabRow(DataRow):
    """A lab, or a repackager."""

    lab: Slug = column("Short name in addresses")
    name: str = column("The lab's name")
    kind: Annotated[str, one_of(*KINDS)] = column("What kind of organisation or person it is")
    role: Annotated[str, one_of(*ROLES)] = column(
        "lab, or repackager (converts or re-uploads the weights of others)"
    )
    parent: str = optional("The organisation that it belongs to")
    in_house: YesNo = column(
        "yes for a team inside its parent, whose headquarters then decide the country"
    )
    disputed_because: str = optional("Why it is marked as disputed by hand")
    note: str = optional("Remarks")


def in_house_has_parent(row: Row) -> Iterator[str]:
    """An in-house team has a parent."""
    if row["in_house"] == "yes" and not row["parent"]:
        yield "an in-house team without a parent"


LABS_FILE = DataFile(
    "labs.csv",
    "Organisations and people that publish models; a lab owns one or more namespaces.",
    LabRow,
    unique=(("lab",),),
    rules=(in_house_has_parent,),
)


class NamespaceRow(DataRow):
    """An organisation or user on the Hub."""

    namespace: Namespace = column("Name on the Hub, in exact case")
    lab: str = column("The lab that owns it")
    renamed_to: str = optional("The namespace that it became, when it is retired")
    source_url: str = optional("Where the ownership or the renaming is stated")
    note: str = optional("Remarks")


NAMESPACES_FILE = DataFile(
    "namespaces.csv",
    "Organisations and users on the Hub, the part of a model's name before the slash.",
    NamespaceRow,
    unique=(("namespace",),),
    references={"lab": "labs.csv", "renamed_to": "namespaces.csv"},
)


class ClaimRow(DataRow):
    """A statement that a lab is from a country, with the document that says so."""

    lab: str = column("The lab that it is about")
    basis: Annotated[str, one_of(*BASES)] = column("What of the lab is in the country")
    country: str = optional("The country that the document states; empty when it states none")
    city: str = optional("The city, when the document states it")
    stands_on: Annotated[str, one_of(*GROUNDS[1:])] = optional(
        "What the statement stands on where the document does not simply name a base"
    )
    valid_from: PartialDay = optional("When it began to hold, as exactly as it is documented")
    valid_to: Annotated[str, Checked(check_end)] = optional(
        "When it ceased to hold; `unknown` where it no longer holds and the day is not documented"
    )
    evidence: Annotated[str, one_of(*EVIDENCE)] = column(
        "primary (the lab's own words, licence, imprint or filing), secondary or none"
    )
    confidence: Annotated[str, one_of(*CONFIDENCES)] = column("How sure the statement is")
    says: str = optional("What the document says, in our own words")
    source_title: str = optional("The document")
    source_url: Address = optional("Where it was read")
    source_date: PartialDay = optional("The document's date")
    read_on: Day = optional("When we read it, or looked for a document in vain")
    note: str = optional("Remarks")


def read_or_unverified(row: Row) -> Iterator[str]:
    """A claim says what was read, where and when; an unverified one says nothing."""
    needed = ("says", "source_title", "source_url", "read_on")
    if row["confidence"] == "unverified":
        if row["evidence"] != "none":
            yield "an unverified claim has evidence `none`"
        for name in needed[:3]:
            if row[name]:
                yield f"an unverified claim has no {name}: nothing was read"
        return
    if row["evidence"] == "none":
        yield "evidence is `none`, so the claim is unverified"
    for name in needed:
        if not row[name]:
            yield f"the claim has no {name}; without one it is unverified"


def law_is_no_origin(row: Row) -> Iterator[str]:
    """What stands on the law that a contract chooses has low confidence."""
    if row["stands_on"] == GOVERNING_LAW and row["confidence"] in ("medium", "high"):
        yield "governing law is not evidence of origin: confidence is low"


def distributed_by_own_words(row: Row) -> Iterator[str]:
    """Only a lab's own words can say that it has no single base."""
    if row["country"] == DISTRIBUTED and row["evidence"] != "primary":
        yield "XX (distributed) needs the lab's own words: primary evidence"


CLAIMS_FILE = DataFile(
    "origin_claims.csv",
    "Statements that a lab is from a country, each with the document that says so.",
    ClaimRow,
    unique=((*list(ClaimRow.model_fields)[:9], "source_url"),),
    references={"lab": "labs.csv", "country": "countries.csv"},
    rules=(read_or_unverified, law_is_no_origin, distributed_by_own_words),
)


class AliasRow(DataRow):
    """A former name of a model."""

    alias: str = column("The former name")
    model_id: str = column("The name that it has today")
    reason: str = column("Why it has another name")
    source_url: str = column("Where that can be seen")


ALIASES_FILE = DataFile(
    "model_aliases.csv",
    "Former names of models whose namespace is not simply renamed.",
    AliasRow,
    unique=(("alias",),),
    has_hub_names=True,
)


class SourceRow(DataRow):
    """A source of observations."""

    source: str = column("Short name, which is that of its folder")
    name: str = column("Full name")
    kind: Annotated[str, one_of(*SOURCE_KINDS)] = column(
        "hub or collected (collected by us), archive (lists every model each day) or import"
        " (a selection)"
    )
    channel: Slug = column("Where models were fetched or used, by channels/channels.csv")
    licence: str = column("Licence of the source")
    attribution: str = column("Whom to name")
    url: str = column("Where it is")
    preference: Count = column("The lower number wins when two sources have the same model and day")
    note: str = optional("What is known to be wrong with it")


SOURCES_FILE = DataFile(
    "sources.csv",
    "Where observations came from, with licence and attribution.",
    SourceRow,
    unique=(("source",), ("preference",)),
)
