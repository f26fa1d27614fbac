"""Quoted numbers: the link keeps what was, the page says whether it still is."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from made_census import ask, make_census
from site_client import Client, other_scripts

from census.base import speech
from census.charts.figures import Context
from census.pages.quotes import (
    Quote,
    compare,
    find_row,
    key_columns,
    link,
    quote_of,
    read_quote,
    reason_not_to_quote,
    sentence,
    value_columns,
)
from census.questions.question_files import read_questions

QUESTIONS = read_questions(Path(__file__).resolve().parent.parent / "canned_queries")
SHARES = QUESTIONS["share_by_country"]
VALUES = SHARES.defaults()
DIGEST = "ab" * 32
CONTEXT = Context(through={"frontier": "2026-05-20"}, running={"frontier": "2026-05"})


def first_link(site: Client, path: str) -> str:
    """Return the link of the last number that may be quoted."""
    found = site.get(path).json()
    rows = [row for row in found["numbers"] if not row["refused"]]
    address: str = rows[-1]["values"][-1]["link"]
    return address


def changed(address: str, **pairs: str) -> str:
    """Return a link with other values, as JSON."""
    parts = urlsplit(address)
    query = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **pairs}
    return f"{parts.path}.json?{urlencode(query)}"


def test_a_link_carries_everything() -> None:
    rows = ask(make_census(), "share_by_country")
    row = rows[-1]
    quote = quote_of(row, ["month", "country"], "share_pct", "2026-05-20", DIGEST)
    address = link(SHARES, VALUES, quote)
    query = parse_qs(urlsplit(address).query, keep_blank_values=True)
    assert {name: query[name] for name in VALUES} == {n: [v] for n, v in VALUES.items()}
    assert query["_was"] == [str(row["share_pct"])]
    assert query["_hash"] == [DIGEST[:16]]
    assert query["_day"] == ["2026-05-20"]
    assert read_quote(parse_qsl(urlsplit(address).query, keep_blank_values=True)) == quote
    assert find_row(rows, quote) == row


def test_a_link_knows_its_row_when_the_country_is_unknown() -> None:
    rows = ask(make_census(), "share_by_country")
    unknown = next(row for row in rows if row["country"] is None and row["month"] == "2026-05")
    quote = quote_of(unknown, key_columns(SHARES, rows), "downloads", "2026-05-20", DIGEST)
    assert find_row(rows, quote) == unknown


@pytest.mark.parametrize(
    ("was", "digest", "state", "said"),
    [
        ("50.0", DIGEST, "same", "Unchanged"),
        ("50.0", "cd" * 32, "rebuilt", "Unchanged"),
        ("47.25", DIGEST, "revised", "was 47.2% in the data to 1 May 2026, and is 50.0%"),
        ("", DIGEST, "revised", "was unknown"),
    ],
)
def test_still_so_or_revised_since(was: str, digest: str, state: str, said: str) -> None:
    quote = Quote({"month": "2026-05"}, "share_pct", was, "2026-05-01", DIGEST[:16])
    row = {"month": "2026-05", "share_pct": 50.0}
    verdict = compare(quote, row, "2026-05-20", digest)
    assert verdict.state == state
    assert said in verdict.said


def test_a_row_that_is_gone_is_said_to_be_gone() -> None:
    quote = Quote({"month": "1999-01"}, "share_pct", "1.0", "2026-05-01", DIGEST[:16])
    assert find_row([{"month": "2026-05", "share_pct": 50.0}], quote) is None
    assert compare(quote, None, "2026-05-20", DIGEST).state == "gone"


def test_an_uncertain_number_is_not_quoted() -> None:
    rows = ask(make_census(), "share_by_country")
    refused = set()
    for row in rows:
        ends = row["likely_low_pct"], row["likely_high_pct"]
        if None in ends and row["rests_on"] == "counted":
            ends = row["low_pct"], row["high_pct"]
        may = None not in ends and ends[1] - ends[0] <= speech.WIDEST_SAID
        assert bool(reason_not_to_quote(SHARES, row)) != may, row
        refused |= set() if may else {row["rests_on"]}
    assert "bounds" in refused or "estimated" in refused
    early = {**rows[-1], "month": "2024-08"}
    assert "Nothing before September 2024" in reason_not_to_quote(SHARES, early)
    doubt = {**rows[-1], "flagged_pct": 40.0}
    assert "is in doubt" in reason_not_to_quote(SHARES, doubt)


def test_an_uncertain_count_is_not_quoted() -> None:
    question = QUESTIONS["cumulative_downloads"]
    rows = ask(make_census(), "cumulative_downloads")
    said = {bool(reason_not_to_quote(question, row)) for row in rows}
    for row in rows:
        if row["rests_on"] == "bounds":
            assert reason_not_to_quote(question, row)
        elif row["likely_low"] is not None:
            width = 100 * (row["likely_high"] - row["likely_low"]) / row["downloads"]
            assert bool(reason_not_to_quote(question, row)) == (width > speech.WIDEST_SAID)
    assert said == {True, False}


def test_a_sentence_says_who_when_how_much_and_whose() -> None:
    rows = ask(make_census(), "share_by_country")
    row = next(row for row in rows if row["month"] == "2026-05" and row["country"] == "CN")
    keys = key_columns(SHARES, rows)
    said = sentence(SHARES, VALUES, row, keys, "share_pct", "2026-05-20", CONTEXT)
    assert said.startswith(
        "China, by 20 May 2026: 59.3% (counted). Share of cumulative downloads by country;"
    )
    assert said.endswith("Source: Open Model Census, data to 20 May 2026.")
    bounded = next(row for row in rows if row["month"] == "2026-03" and row["country"] == "CN")
    said = sentence(SHARES, VALUES, bounded, keys, "share_pct", "2026-05-20", CONTEXT)
    likely = speech.value_of(bounded, "share_pct", "low_pct", "high_pct")
    assert likely is not None
    words = speech.share_words(likely)
    assert words is not None
    assert words.startswith("54% (90% interval 5")
    assert f"China, March 2026: {words} (estimated)." in said


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_question_lists_numbers_that_can_be_found_again(site: Client, name: str) -> None:
    found = site.get(f"/-/quote/{name}.json")
    assert found.status_code == 200, found.text
    rows = site.rows(f"/census/{name}")
    if not rows or not value_columns(rows, key_columns(QUESTIONS[name], rows)):
        return
    for number in found.json()["numbers"][-3:]:
        if number["refused"]:
            continue
        answer = site.get(changed(number["values"][0]["link"])).json()
        assert answer["state"] == "same", answer


def test_the_page_says_what_became_of_a_number(site: Client) -> None:
    address = first_link(site, "/-/quote/ranking_by_country.json")
    page = site.get(address)
    assert page.status_code == 200
    assert "Unchanged" in page.text
    assert other_scripts(page.text) == []
    assert "default-src 'none'" in page.headers["content-security-policy"]
    now = site.get(changed(address)).json()
    assert now["sentence"] in unescape(page.text)
    assert str(now["is"]) in now["permanent"]
    assert now["citation"]["csl"][0]["URL"] == now["permanent"]


def test_the_page_is_honest_about_revisions(site: Client) -> None:
    address = first_link(site, "/-/quote/ranking_by_country.json")
    revised = site.get(changed(address, _was="1", _day="2025-01-02", _hash="0" * 16)).json()
    assert revised["state"] == "revised"
    assert "2 January 2025" in revised["said"]
    rebuilt = site.get(changed(address, _hash="0" * 16)).json()
    assert rebuilt["state"] == "rebuilt"
    gone = site.get(changed(address, _column="no_such_column")).json()
    assert gone["state"] == "gone"
    assert gone["sentence"] == ""


def test_a_stranger_can_write_no_markup_into_the_page(site: Client) -> None:
    address = first_link(site, "/-/quote/ranking_by_country.json")
    attack = changed(address, _was="<script>alert(1)</script>").replace(".json?", "?")
    page = site.get(attack)
    assert page.status_code == 200
    assert other_scripts(page.text) == []


def test_what_cannot_be_asked_is_refused(site: Client) -> None:
    assert site.get("/-/quote/no_such_question").status_code == 404
    for suffix in ("", ".json"):
        answer = site.get(f"/-/quote/share_by_country{suffix}?scope=everything")
        assert answer.status_code == 400
        assert "frontier" in answer.text
