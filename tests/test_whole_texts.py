"""Checks of values and addresses are of the whole text: no line end, no digits of other scripts."""

from __future__ import annotations

import pytest
from site_client import Client

from census.pages.quotes import in_words
from census.questions.parameters import ParameterError, read_parameter

WHAT = {"label": "What", "help": "What it is."}
MONTH = read_parameter("since", {**WHAT, "pattern": "month", "default": ""})
INTEGER = read_parameter("top", {**WHAT, "pattern": "integer", "default": "8", "min": 1, "max": 50})


@pytest.mark.parametrize("value", ["2025-01\n", "\n2025-01", "٢٠٢٥-٠١", "２０２５-01", "2025-01 "])
def test_a_month_is_all_of_the_text(value: str) -> None:
    assert MONTH.check("2025-01") == "2025-01"
    with pytest.raises(ParameterError):
        MONTH.check(value)


@pytest.mark.parametrize("value", ["5\n", "٥", "５", "²", " 5", "5 ", "5_0", "+5", "0x5", ""])
def test_a_number_is_all_of_the_text(value: str) -> None:
    assert INTEGER.check("5") == "5"
    with pytest.raises(ParameterError):
        INTEGER.check(value)


@pytest.mark.parametrize(
    "query", ["since=2025-01%0A", "since=%D9%A2%D9%A0%D9%A2%D9%A5-01", "until=2025-01%0D%0A"]
)
@pytest.mark.parametrize("kind", ["", ".json", ".csv", ".svg", ".xlsx", ".zip"])
def test_such_a_value_is_refused_in_every_format(site: Client, query: str, kind: str) -> None:
    assert site.get(f"/census/share_by_country{kind}?{query}").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/census/share_by_country.csv", "/census/labs.csv", "/census/share_by_country.svg",
        "/census/share_by_country.zip", "/-/embed/share_by_country", "/-/healthz", "/about",
        "/feeds/changes.atom", "/robots.txt", "/-/card/share_by_country.png", "/countries/CN",
    ],
)  # fmt: skip
def test_an_address_with_a_line_end_is_not_there(site: Client, path: str) -> None:
    answer = site.get(f"{path}%0A", follow_redirects=True)
    assert answer.status_code in (400, 404)


@pytest.mark.parametrize("limit", ["٥٠٠", "500%0A", "5_00", "²", "-5", "0", "9" * 5000])
def test_a_size_in_pixels_is_a_plain_number(site: Client, limit: str) -> None:
    asked = "/-/oembed?url=http://localhost/census/share_by_country&maxwidth="
    assert site.get(f"{asked}{limit}").status_code == 400
    assert site.get(f"{asked}500").json()["width"] == 500


@pytest.mark.parametrize("value", ["٥", "1_000", "nan", "inf", "1e999", "5\n", "²", "", "x"])
def test_what_a_link_states_is_read_as_a_number_only_if_it_is_one(value: str) -> None:
    for column in ("downloads", "share_pct"):
        assert in_words(column, value) == (value or "unknown")
    assert in_words("downloads", "1234567") == "1,234,567"
    assert in_words("downloads", "-12.5") == "-12.50"
    assert in_words("share_pct", "46.1") == "46.1%"
