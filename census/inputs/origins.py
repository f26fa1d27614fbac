"""The one rule that turns a lab's origin claims into its country on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from census.base.csv_files import first_day
from census.inputs.registry import Claim, Lab
from census.inputs.registry_files import (
    DATELINE,
    ENDED,
    FILING_ADDRESS,
    GOVERNING_LAW,
    MAIN_OPERATIONS,
)

OPERATING = "operating"
BASES = (OPERATING, "headquarters", "parent_headquarters", "incorporation", "founding_location")
# Datelines and choices of law are not written to say where a lab is: they decide only when there is
# nothing better.
NO_ADDRESS = (DATELINE, GOVERNING_LAW)
# A group with several offices is where it says that its main operations are, before the address
# that its filings give.
OFFICE_ORDER = {MAIN_OPERATIONS: 2, FILING_ADDRESS: 0}
CONFIDENCE_ORDER = {"high": 2, "medium": 1, "low": 0}


class Origin(NamedTuple):
    """Where a lab is from on a day; `country` None is unverified, XX is distributed."""

    country: str | None
    disputed: bool
    decided_by: Claim | None


def operating_origin(lab: Lab, claims: Sequence[Claim], day: date) -> Origin:
    """Return the operating country of a lab on a day.

    The rule: of the sourced claims that hold on the day, those on the releasing organisation's
    headquarters decide, for an in-house team those on the parent's; where there is none, the other
    of the two. Incorporation and founding place never decide. A document on the place beats a
    dateline or a choice of law, then a primary statement a secondary one, then the place of main
    operations any other office and that any other the address in a filing, then the newer document
    the older, then the surer one, then the order in the file. Claims on headquarters that name
    another country, or none, mark the lab disputed; a dateline, a choice of law or the address in a
    filing does not, where a better document decides.
    """
    preferred, other = "headquarters", "parent_headquarters"
    if lab.in_house:
        preferred, other = other, preferred
    for basis in (preferred, other):
        deciding_claim = claim_on(basis, claims, day)
        if deciding_claim is not None:
            break
    else:
        return Origin(None, bool(lab.disputed_because), None)
    countries = {
        claim.country
        for claim in _claims_holding_on(claims, day)
        if claim.basis == deciding_claim.basis and not _outweighed(claim, deciding_claim)
    }
    disputed = len(countries) > 1 or bool(lab.disputed_because)
    return Origin(deciding_claim.country, disputed, deciding_claim)


def claim_on(basis: str, claims: Sequence[Claim], day: date) -> Claim | None:
    """Return the sourced claim that decides one basis on a day, or None without one.

    A claim that names no country decides only when it is all that there is: silence does not
    overrule a statement.
    """
    candidates = [claim for claim in _claims_holding_on(claims, day) if claim.basis == basis]
    if not candidates:
        return None
    return max(candidates, key=_strength)


def _outweighed(claim: Claim, deciding_claim: Claim) -> bool:
    """Return whether a claim rests on weaker ground than the deciding one, so cannot dispute it."""
    weak = (*NO_ADDRESS, FILING_ADDRESS)
    return claim.stands_on in weak and deciding_claim.stands_on not in weak


def _strength(claim: Claim) -> tuple[bool, bool, bool, int, str, int]:
    return (
        claim.country is not None,
        claim.stands_on not in NO_ADDRESS,
        claim.evidence == "primary",
        OFFICE_ORDER.get(claim.stands_on, 1),
        claim.source_date,
        CONFIDENCE_ORDER[claim.confidence],
    )


def _claims_holding_on(claims: Iterable[Claim], day: date) -> list[Claim]:
    """Return the sourced claims that hold on a day.

    A claim with a dated start does not hold before it, one without holds from the beginning. A
    claim that ended on an unknown day holds until another one on its basis begins.
    """
    sourced = [claim for claim in claims if claim.sourced]
    return [claim for claim in sourced if _holds(claim, sourced, day)]


def _holds(claim: Claim, claims: Sequence[Claim], day: date) -> bool:
    if claim.valid_from and day < first_day(claim.valid_from):
        return False
    if claim.valid_to == ENDED:
        return not any(
            other.basis == claim.basis
            and other.valid_from
            and (not claim.valid_from or first_day(other.valid_from) > first_day(claim.valid_from))
            and first_day(other.valid_from) <= day
            for other in claims
            if other is not claim
        )
    return not (claim.valid_to and day >= first_day(claim.valid_to))
