"""The addresses of charts, and the figures on pages."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from site_client import Client

from census.base.numbers import percent
from census.charts.palette import PAPER
from census.questions.question_files import read_questions

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = read_questions(ROOT / "canned_queries")
CHARTED = sorted(name for name, question in QUESTIONS.items() if question.chart is not None)
PNG = b"\x89PNG\r\n\x1a\n"


def test_a_chart_has_three_formats(site: Client) -> None:
    svg = site.get("/census/ranking_by_country.svg")
    png = site.get("/census/ranking_by_country.png")
    spec = site.get("/census/ranking_by_country.vl.json")
    assert [answer.status_code for answer in (svg, png, spec)] == [200, 200, 200]
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert ElementTree.fromstring(svg.text).tag.endswith("svg")
    assert png.headers["content-type"] == "image/png"
    assert png.content.startswith(PNG)
    assert spec.headers["content-type"].startswith("application/json")
    assert spec.json()["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert spec.json()["description"] in unescape(svg.text)
    for answer in (svg, png, spec):
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("name", CHARTED)
def test_the_page_shows_the_chart_with_words_for_it(site: Client, name: str) -> None:
    page = site.get(f"/census/{name}").text
    shown = re.search(rf'<img src="/census/{name}\.svg" alt="([^"]+)"', page)
    assert shown is not None
    alt = unescape(shown[1])
    assert alt == site.get(f"/census/{name}.vl.json").json()["description"]
    assert re.search(r"\d", alt)


def test_a_page_says_what_is_not_in_the_interval(site: Client) -> None:
    page = site.get("/census/share_by_country").text
    figure = page.partition('<figure class="chart">')[2].partition("</figure>")[0]
    assert "Not in the interval: models that no source lists" in figure
    assert '<a href="/census/origin_sensitivity">' in figure
    counts = site.get("/census/releases_by_month").text
    assert "no source lists" not in counts


def test_the_words_for_a_chart_have_its_numbers(site: Client) -> None:
    first = site.rows("/census/ranking_by_country")[0]
    page = unescape(site.get("/census/ranking_by_country").text)
    assert f"{first['country_name']} {percent(first['share_pct'])}" in page


def test_dark_and_narrow_are_charts_of_their_own(site: Client) -> None:
    light = site.get("/census/ranking_by_country.svg").text
    dark = site.get("/census/ranking_by_country.svg?_theme=dark").text
    narrow = site.get("/census/ranking_by_country.svg?_size=narrow").text
    assert PAPER["dark"] in dark
    assert PAPER["dark"] not in light

    def width(svg: str) -> float:
        return float(ElementTree.fromstring(svg).attrib["width"])

    assert width(narrow) < 400 < width(light)


def test_a_chart_follows_the_parameters(site: Client) -> None:
    spec = site.get("/census/cumulative_downloads.vl.json?dimension=region").json()
    rows = site.rows("/census/cumulative_downloads?dimension=region")
    labels = {row["label"] for row in rows}
    drawn = {
        value["name"] for layer in spec["concat"][0]["layer"] for value in layer["data"]["values"]
    }
    assert drawn
    assert drawn <= labels


@pytest.mark.parametrize("query", ["_theme=red", "_size=huge"])
def test_a_wrong_way_to_draw_is_refused_with_those_allowed(site: Client, query: str) -> None:
    answer = site.get(f"/census/ranking_by_country.svg?{query}")
    assert answer.status_code == 400
    assert "allowed: " in answer.text


@pytest.mark.parametrize("path", ["/census/series_status.svg", "/census/no_such.png"])
def test_a_question_without_a_chart_has_none(site: Client, path: str) -> None:
    assert site.get(path).status_code == 404


def test_no_rows_are_drawn_as_such(site: Client) -> None:
    answer = site.get("/census/share_by_country.svg?since=2020-01&until=2020-02")
    assert answer.status_code == 200
    assert "No rows for this choice" in answer.text


def test_the_server_itself_never_draws(census_db: Path) -> None:
    program = f"""
import asyncio, sys
from datasette.app import Datasette

async def main():
    site = Datasette([], immutables=[{str(census_db)!r}], plugins_dir="plugins",
                     template_dir="templates")
    await site.invoke_startup()
    answer = await site.client.get("/census/ranking_by_country.svg?scope=labs")
    assert answer.status_code == 200, answer.text
    assert "vl_convert" not in sys.modules

if __name__ == "__main__":
    asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
