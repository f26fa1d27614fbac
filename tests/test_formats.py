"""Formats: those that are offered, and 404 with their names for all others."""

from __future__ import annotations

import csv
import io

import pytest
from site_client import Client


@pytest.mark.parametrize("form", ["foo", "ris", "html", "geojson", "csv.gz", "ods", "JSON", "csvx"])
@pytest.mark.parametrize(
    "stem", ["/census/share_by_country", "/census/labs", "/census/observations", "/census"]
)
def test_a_format_that_is_not_offered_is_404(site: Client, stem: str, form: str) -> None:
    answer = site.get(f"{stem}.{form}")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")
    for offered in ("csv", "tsv", "xlsx", "json"):
        assert f"{stem}.{offered}" in answer.text
    assert "select" not in answer.text


@pytest.mark.parametrize("form", ["foo", "xlsx", "tsv"])
def test_a_row_has_two_formats(site: Client, form: str) -> None:
    answer = site.get(f"/census/labs/qwen.{form}")
    assert answer.status_code == 404
    assert "/census/labs/qwen.csv, /census/labs/qwen.json" in answer.text
    assert site.get("/census/labs/qwen.csv").status_code == 200


def test_a_question_without_a_chart_has_no_picture(site: Client) -> None:
    answer = site.get("/census/series_status.svg")
    assert answer.status_code == 404
    assert "declares no chart" in answer.text


def test_every_format_that_a_refusal_names_is_there(site: Client) -> None:
    for stem in ("/census/share_by_country", "/census/series_status", "/census/labs"):
        named = site.get(f"{stem}.foo").text.partition("; there is ")[2].strip().split(", ")
        assert len(named) >= 4
        for path in named:
            assert site.get(path).status_code == 200, path


def test_tabs_instead_of_commas(site: Client) -> None:
    rows = list(csv.reader(io.StringIO(site.get("/census/labs.csv").text)))
    answer = site.get("/census/labs.tsv")
    assert answer.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    assert answer.headers["content-disposition"].endswith('.tsv"')
    assert list(csv.reader(io.StringIO(answer.text), delimiter="\t")) == rows
    assert site.get("/census/labs.tsv?_size=5").status_code == 400


def test_excel_in_europe_gets_semicolons_and_decimal_commas(site: Client) -> None:
    sql = "select+0.5+as+half,+-3+as+whole,+%27=1%2B1%27+as+text,+%27a;b%27+as+two,+1e-07+as+small"
    answer = site.get(f"/census.csv?sql={sql}&_spreadsheet=semicolon")
    assert answer.text == '\ufeffhalf;whole;text;two;small\r\n0,5;-3;\'=1+1;"a;b";1e-07\r\n'
    rows = site.rows("/census/share_by_country")
    text = site.get("/census/share_by_country.csv?_spreadsheet=semicolon").text
    read = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert [float(row["share_pct"].replace(",", ".")) for row in read] == [
        row["share_pct"] for row in rows
    ]
    wrong = site.get("/census/share_by_country.csv?_spreadsheet=comma")
    assert wrong.status_code == 400
    assert "semicolon" in wrong.text
