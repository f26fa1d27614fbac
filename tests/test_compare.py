"""The page that puts labs, families, countries or models side by side."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from site_client import Client

from census.pages.side_by_side import KINDS


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/compare", ["China", "United States"]),
        ("/compare?kind=labs&show=qwen~meta~mistral", ["Qwen", "Meta", "Mistral AI"]),
        ("/compare?kind=families&show=llama~gemma", ["Llama", "Gemma"]),
        (
            "/compare?kind=models&show=Qwen/Qwen3-8B~deepseek-ai/DeepSeek-R1",
            ["Qwen/Qwen3-8B", "deepseek-ai/DeepSeek-R1"],
        ),
    ],
)
def test_each_has_a_column_and_its_place_in_the_history(
    site: Client, path: str, names: list[str]
) -> None:
    page = site.get(path)
    assert page.status_code == 200, page.text
    heads = re.findall(r'<th scope="col"><a href="[^"]+">([^<]+)</a>', page.text)
    assert heads == names
    drawn = re.search(r'<img src="(/census/[^"]+)"', page.text)
    assert drawn
    assert "show=" in drawn[1]


def test_counts_of_sizes_and_licences_are_those_of_the_models(
    site: Client, census_db: Path
) -> None:
    page = site.get("/compare?kind=labs&show=qwen~meta").text
    sizes = page[page.index("Models by size") : page.index("Models by what")]
    licences = page[page.index("Models by what") :]
    with sqlite3.connect(f"file:{census_db}?mode=ro", uri=True) as db:
        for at, lab in enumerate(("qwen", "meta")):
            models = db.execute(
                "select count(*) from models where lab = ? and in_frontier = 1", [lab]
            ).fetchone()[0]
            for part in (sizes, licences):
                rows = re.findall(r"<tr>(.*?)</tr>", part, re.DOTALL)
                cells = [re.findall(r"<td>(?:(\d+)|<span)", row) for row in rows]
                assert sum(int(row[at] or 0) for row in cells if row) == models


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_page_of_the_largest(site: Client, kind: str) -> None:
    page = site.get(f"/compare?kind={kind}")
    assert page.status_code == 200
    assert len(re.findall(r'<th scope="col"><a', page.text)) == 2


def test_an_unknown_key_is_refused_with_the_nearest(site: Client) -> None:
    page = site.get("/compare?kind=labs&show=qwen~mistrall")
    assert page.status_code == 400
    assert "mistral" in page.text.split("nearest", 1)[1]


def test_more_than_six_are_refused(site: Client) -> None:
    page = site.get("/compare?show=CN~US~FR~KR~GB~CA~JP")
    assert page.status_code == 400
    assert "six" in page.text or "to 6" in page.text


def test_one_asks_for_another(site: Client) -> None:
    assert "Choose another one to compare with" in site.get("/compare?kind=labs&show=qwen").text


def test_a_form_leads_to_a_short_address(site: Client) -> None:
    sent = site.get("/compare?_form=labs&kind=labs&show=qwen&show=Mistral+AI&show=")
    assert sent.status_code == 302
    assert sent.headers["location"] == "/compare?kind=labs&show=qwen~mistral"
    other = site.get("/compare?_form=countries&kind=labs&show=CN")
    assert other.headers["location"] == "/compare?kind=labs"


@pytest.mark.parametrize(
    "path", ["/countries/CN", "/labs/qwen", "/families/qwen", "/models/Qwen/Qwen3-8B"]
)
def test_every_profile_leads_there(site: Client, path: str) -> None:
    found = re.search(r'href="(/compare\?[^"]+)"', site.get(path).text)
    assert found
    assert site.get(found[1].replace("&amp;", "&")).status_code == 200


def test_a_lab_without_a_count_can_be_compared(site: Client, census_db: Path) -> None:
    with sqlite3.connect(f"file:{census_db}?mode=ro", uri=True) as db:
        lab = db.execute(
            "select m.lab from models as m group by m.lab"
            " having max(m.latest_all_time) is null order by m.lab"
        ).fetchone()
    if lab is None:
        pytest.skip("every lab has a count")
    page = site.get(f"/compare?kind=labs&show=qwen~{lab[0]}")
    assert page.status_code == 200
    assert "not counted" in page.text
