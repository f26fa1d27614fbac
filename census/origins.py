"""The one rule that turns a lab's origin claims into its country on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from census.registry import ENDED, Claim, Lab
from census.tables import first_day

OPERATING = "operating"
BASES = (OPERATING, "headquarters", "parent_headquarters", "incorporation", "founding_location")
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
    of the two. Incorporation and founding place never decide. A primary statement beats a
    secondary one, then the newer document, then the surer one, then the order in the file.
    Claims on headquarters that name another country, or none, mark the lab disputed.
    """
    preferred, other = "headquarters", "parent_headquarters"
    if lab.in_house:
        preferred, other = other, preferred
    for basis in (preferred, other):
        decided = claim_on(basis, claims, day)
        if decided is not None:
            break
    else:
        return Origin(None, bool(lab.disputed_because), None)
    said = {claim.country for claim in _holding(claims, day) if claim.basis == decided.basis}
    disputed = len(said) > 1 or bool(lab.disputed_because)
    return Origin(decided.country, disputed, decided)


def claim_on(basis: str, claims: Sequence[Claim], day: date) -> Claim | None:
    """Return the sourced claim that decides one basis on a day, or None without one.

    A claim that names no country decides only when it is all that there is: silence does not
    overrule a statement.
    """
    candidates = [claim for claim in _holding(claims, day) if claim.basis == basis]
    if not candidates:
        return None
    return max(candidates, key=_strength)


def _strength(claim: Claim) -> tuple[bool, bool, str, int]:
    return (
        claim.country is not None,
        claim.evidence == "primary",
        claim.source_date,
        CONFIDENCE_ORDER[claim.confidence],
    )


def _holding(claims: Iterable[Claim], day: date) -> list[Claim]:
    """Return the sourced claims that hold on a day.

    Before the first dated start of any claim on a basis the earliest one holds only if its own
    start is unknown. A claim that ended on an unknown day holds until another one on its basis
    begins.
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
