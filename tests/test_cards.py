"""Social cards: their size, their numbers, and what is too uncertain for one."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from site_client import Client

from census.charts.cards import card_pixels, card_spec, counted_words, numbers_of
from census.charts.figures import Figure, Point
from census.questions.question_files import read_questions

QUESTIONS = read_questions(Path(__file__).resolve().parent.parent / "canned_queries")
# One question of each kind of chart is drawn; the others differ in their rows.
DRAWN = {
    str(question.chart_for({})["kind"]): name
    for name, question in sorted(QUESTIONS.items())
    if question.chart is not None
}
VIEWS = [("share_by_country", view) for view in ("areas", "ranks")]
VIEWS += [("ranking_by_country", "map")]
LINES = Figure(
    name="made",
    kind="lines",
    title="Made",
    subtitle="",
    unit="%",
    dimension="country",
    points=(
        Point("2026-04-30", "CN", "China", 40.0, 39.0, 41.0),
        Point("2026-05-20", "CN", "China", 46.0, 45.0, 47.0),
        Point("2026-04-30", "US", "United States", 60.0, 59.0, 61.0),
        Point("2026-05-20", "US", "United States", 54.0, 53.0, 55.0),
    ),
    alt="",
    notes=(),
    keys=(("US", "United States"), ("CN", "China")),
)


def texts(figure: Figure) -> list[str]:
    """Return what a card says."""
    layers = card_spec(figure, "A title", "2026-05-20")["layer"]
    said = [layer["mark"]["text"] for layer in layers if layer["mark"].get("type") == "text"]
    return [line for text in said for line in ([text] if isinstance(text, str) else text)]


@pytest.mark.parametrize("path", [*DRAWN.values(), "countries/CN", "models/Qwen/Qwen3-8B",
                                  "labs/qwen", "families/qwen", "countries/AD"])  # fmt: skip
def test_a_card_is_a_picture_of_the_size_that_previews_show(site: Client, path: str) -> None:
    answer = site.get(f"/-/card/{path}.png")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content))
    assert picture.size == card_pixels() == (1200, 630)
    colours = picture.convert("RGB").getcolors(maxcolors=1 << 20)
    assert colours is not None
    assert len(colours) > 20


@pytest.mark.parametrize(("name", "view"), VIEWS)
def test_a_card_follows_the_view(site: Client, name: str, view: str) -> None:
    answer = site.get(f"/-/card/{name}.png?view={view}")
    assert answer.status_code == 200, answer.text
    assert Image.open(io.BytesIO(answer.content)).size == card_pixels()
    assert answer.content != site.get(f"/-/card/{name}.png").content


def test_a_card_says_what_is_counted_and_whose_the_models_are() -> None:
    assert "Who makes the models, not who downloads them" in texts(LINES)
    assert "Data to 20 May 2026 · Downloads from the Hugging Face Hub · CC BY 4.0" in texts(LINES)
    assert "Who makes the models, not who downloads them" not in texts(
        replace(LINES, dimension="licence")
    )


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("", "Downloads from the Hugging Face Hub"),
        ("ollama", "Figures of Ollama"),
        ("scores", "Scores that their publishers gave"),
    ],
)
def test_a_card_of_another_channel_does_not_name_the_hub(
    site: Client, channel: str, said: str
) -> None:
    assert counted_words(site.datasette._census_site.context, channel) == said


def test_a_card_of_places_says_places() -> None:
    said = texts(replace(LINES, kind="ranks", unit="place",
                         points=tuple(replace(p, y=2.0 if p.key == "CN" else 1.0)
                                      for p in LINES.points)))  # fmt: skip
    assert [text for text in said if text in ("1st", "2nd")] == ["1st", "2nd"]


def test_a_card_of_curves_over_age_names_them_where_no_count_is_certain() -> None:
    points = tuple(
        Point(age, key, key, 10.0 * int(age), 0.0, 20.0 * int(age), wide)
        for key in ("Red/One", "Blue/One")
        for age, wide in (("0", False), ("30", True))
    )
    keys = (("Red/One", "Red/One"), ("Blue/One", "Blue/One"))
    figure = replace(LINES, kind="ages", unit="downloads", points=points, keys=keys)
    assert numbers_of(figure) == []
    assert {"Red/One", "Blue/One", "release", "30 days"} <= set(texts(figure))


def test_a_card_says_title_numbers_and_day() -> None:
    said = texts(LINES)
    assert "A title" in said
    assert [text for text in said if text in ("54.0%", "United States", "46.0%", "China")] == [
        "54.0%",
        "United States",
        "46.0%",
        "China",
    ]
    assert any("20 May 2026" in text for text in said)


def test_what_is_too_uncertain_is_no_number_of_a_card() -> None:
    loose = replace(LINES, points=tuple(replace(point, wide=True) for point in LINES.points))
    assert numbers_of(loose) == []
    assert not any("%" in text for text in texts(loose))


def test_a_card_without_data_says_so() -> None:
    assert "No counted downloads yet" in texts(replace(LINES, points=(), keys=()))


@pytest.mark.parametrize(
    ("path", "status"),
    [("series_status", 404), ("no_such", 404), ("labs/no-such-lab", 404),
     ("share_by_country.png?scope=x&", 400)],
)  # fmt: skip
def test_there_is_no_card_of_what_is_not_there(site: Client, path: str, status: int) -> None:
    end = "" if "?" in path else ".png"
    assert site.get(f"/-/card/{path}{end}").status_code == status


def test_a_profile_names_its_card(site: Client) -> None:
    page = site.get("/countries/CN").text
    assert 'property="og:image" content="http://localhost/-/card/countries/CN.png"' in page
