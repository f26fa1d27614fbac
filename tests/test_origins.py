"""The rule that decides a lab's country, case by case."""

from __future__ import annotations

from datetime import date

import pytest

from census.inputs.origins import claim_on, operating_origin
from census.inputs.registry import Claim, Lab

DAY = date(2025, 6, 1)


def lab(*, in_house: bool = False, disputed_because: str = "") -> Lab:
    return Lab("a-lab", "A lab", "company", "lab", "Parent", in_house, disputed_because, "")


def claim(basis: str, country: str | None, **values: str) -> Claim:
    fields = {
        "city": "",
        "stands_on": "",
        "valid_from": "",
        "valid_to": "",
        "evidence": "primary",
        "confidence": "high",
        "says": "says so",
        "source_title": "a document",
        "source_url": "https://example.org/",
        "source_date": "2025-01-01",
        "read_on": "2026-01-01",
        "note": "",
    }
    return Claim("a-lab", basis, country, **{**fields, **values})


def country(*claims: Claim, day: date = DAY, in_house: bool = False) -> str | None:
    return operating_origin(lab(in_house=in_house), claims, day).country


def test_a_lab_without_a_sourced_claim_has_no_country() -> None:
    unread = claim("headquarters", "US", confidence="unverified", evidence="none")
    assert country() is None
    assert country(unread) is None


def test_incorporation_and_founding_place_never_decide() -> None:
    assert country(claim("incorporation", "KY"), claim("founding_location", "FR")) is None


def test_an_in_house_team_is_where_its_parent_is() -> None:
    claims = (claim("headquarters", "GB"), claim("parent_headquarters", "US"))
    assert country(*claims) == "GB"
    assert country(*claims, in_house=True) == "US"
    assert country(claims[0], in_house=True) == "GB"


def test_main_operations_beat_the_address_in_a_newer_filing_and_settle_the_country() -> None:
    """As with Alibaba: main operations in Hangzhou, an address in Hong Kong in its filings."""
    operations = claim("parent_headquarters", "CN", stands_on="main_operations", source_date="2022")
    filing = claim("parent_headquarters", "HK", stands_on="filing_address", source_date="2024")
    origin = operating_origin(lab(in_house=True), [filing, operations], DAY)
    assert origin == ("CN", False, operations)
    assert operating_origin(lab(in_house=True), [filing], DAY).country == "HK"
    office = claim("parent_headquarters", "HK", source_date="2024")
    assert operating_origin(lab(in_house=True), [office, operations], DAY).disputed


@pytest.mark.parametrize("ground", ["governing_law", "dateline"])
def test_a_choice_of_law_or_a_dateline_decides_only_without_better(ground: str) -> None:
    weak = claim("headquarters", "SG", stands_on=ground, confidence="low", source_date="2026")
    other = claim("headquarters", "CN", evidence="secondary", source_date="2020")
    assert operating_origin(lab(), [weak, other], DAY) == ("CN", False, other)
    assert country(weak) == "SG"


def test_a_primary_statement_beats_a_newer_secondary_one() -> None:
    own = claim("headquarters", "IL", source_date="2020-01-01")
    other = claim("headquarters", "US", evidence="secondary", source_date="2025-05-01")
    origin = operating_origin(lab(), [other, own], DAY)
    assert (origin.country, origin.disputed, origin.decided_by) == ("IL", True, own)


def test_the_newest_of_two_primary_statements_wins_and_the_lab_is_disputed() -> None:
    older = claim("headquarters", "FR", source_date="2023")
    newer = claim("headquarters", "US", source_date="2024-02")
    assert operating_origin(lab(), [older, newer], DAY)[:2] == ("US", True)


def test_agreeing_claims_are_no_dispute_unless_somebody_says_so() -> None:
    claims = [claim("headquarters", "CN"), claim("headquarters", "CN", evidence="secondary")]
    assert operating_origin(lab(), claims, DAY).disputed is False
    assert operating_origin(lab(disputed_because="its seat"), claims, DAY).disputed is True


def test_a_document_that_names_no_country_does_not_overrule_one_that_does() -> None:
    silent = claim("headquarters", None, evidence="primary", source_date="2025-05-01")
    said = claim("headquarters", "US", evidence="secondary", source_date="2020")
    origin = operating_origin(lab(), [silent, said], DAY)
    assert (origin.country, origin.disputed) == ("US", True)


def test_own_words_that_name_no_base_are_distributed() -> None:
    assert country(claim("headquarters", "XX")) == "XX"


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 12, 31), "XX"),
        (date(2023, 1, 1), "US"),
        (date(2026, 1, 1), "US"),
    ],
)
def test_the_country_is_that_of_the_day(day: date, expected: str) -> None:
    claims = (
        claim("headquarters", "XX", valid_from="2020-07", valid_to="2023"),
        claim("headquarters", "US", valid_from="2023"),
    )
    assert country(*claims, day=day) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2023, 10, 31), None),
        (date(2023, 11, 1), "FR"),
        (date(2026, 6, 30), "FR"),
        (date(2026, 7, 1), "US"),
    ],
)
def test_a_claim_that_ended_on_an_unknown_day_holds_until_the_next_begins(
    day: date, expected: str | None
) -> None:
    claims = (
        claim("headquarters", "FR", valid_from="2023-11", valid_to="unknown"),
        claim("headquarters", "US", valid_from="2026-07"),
    )
    assert country(*claims, day=day) == expected


def test_a_basis_alone_uses_only_its_own_claims() -> None:
    claims = [claim("headquarters", "CN"), claim("incorporation", "KY")]
    decided = claim_on("incorporation", claims, DAY)
    assert decided is not None
    assert decided.country == "KY"
    assert claim_on("founding_location", claims, DAY) is None
