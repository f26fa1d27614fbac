"""Every chart is drawn and says what it shows, with no text cut off, whatever font a reader has."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page

from census.base.databases import open_named_rows
from census.charts.figures import Figure, read_context
from census.charts.lettering import lines_of, named_value, shortened, width_of
from census.charts.palette import PAPER
from census.charts.parts import FONT
from census.charts.question_figure import make_figure
from census.charts.render import Variant, question_rows, render, spec_text
from census.questions.question_files import read_questions, validate, with_choices

QUESTIONS = read_questions(Path(__file__).resolve().parent.parent / "canned_queries")
CHARTED = sorted(name for name, question in QUESTIONS.items() if question.chart is not None)
# Wider than the font that a chart names, which not every machine has.
WIDE_FONT = "DejaVu Sans, Verdana, sans-serif"
# How far the texts of a drawing go beyond its edges, in pixels, and the worst of them.
BEYOND = """
() => Array.from(document.querySelectorAll("svg")).map(svg => {
  const edge = svg.getBoundingClientRect();
  const worst = Array.from(svg.querySelectorAll("text")).map(text => {
    const box = text.getBoundingClientRect();
    return [Math.max(box.right - edge.right, edge.left - box.left), text.textContent];
  }).sort((one, other) => other[0] - one[0])[0];
  return [svg.dataset.name, ...worst];
})
"""


def views(name: str) -> list[str]:
    """Return the views of a question, an empty one where it has a single way to be drawn."""
    return [*next((p.choices or {} for p in QUESTIONS[name].parameters if p.name == "view"), [""])]


def default_view(name: str) -> str:
    """Return the view in which a question is drawn unless another is asked for."""
    return next((p.default for p in QUESTIONS[name].parameters if p.name == "view"), "")


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


class Drawn(NamedTuple):
    """A drawing, the figure that it is of, and how many rows that was made from."""

    svg: str
    figure: Figure
    rows: int


@cache
def drawn(database: Path, name: str, view: str, variant: Variant) -> Drawn:
    """Draw a question of the database, in another view than its own if one is named.

    Drawing takes long, so that the tests of this module share the drawings.
    """
    with open_named_rows(database) as opened:
        question = with_choices(QUESTIONS[name], opened)
        values = validate(question, {"view": view} if view else {})
        rows = question_rows(opened, question, values)
        figure = make_figure(question, values, rows, read_context(opened))
    svg = render(spec_text(figure, variant), "svg", figure.title, figure.alt).decode()
    return Drawn(svg, figure, len(rows))


VARIANTS = (Variant(), Variant("dark", "narrow"))


@pytest.mark.parametrize("name", CHARTED)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_chart_is_drawn_and_says_what_it_shows(
    census_db: Path, name: str, variant: Variant
) -> None:
    svg, figure, rows = drawn(census_db, name, default_view(name), variant)
    assert rows, f"{name} has no rows at its defaults"
    root = ElementTree.fromstring(svg)
    texts = " ".join(element.text or "" for element in root.iter())
    assert figure.alt in texts
    assert "Source: Open Model Census" in texts
    assert "CC BY 4.0" in texts
    assert any(character.isdigit() for character in figure.alt)
    assert PAPER[variant.theme] in svg


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_text_passes_the_edge_of_a_chart(blank: Page, census_db: Path, variant: Variant) -> None:
    labelled = []
    for name in CHARTED:
        for view in views(name):
            svg = drawn(census_db, name, view, variant).svg
            # Laid out with the font that a chart names, read with another.
            assert FONT in svg
            svg = svg.replace(FONT, WIDE_FONT)
            label = f"{name} {view}".strip()
            labelled.append(svg.replace("<svg ", f'<svg data-name="{label}" ', 1))
    blank.set_content("<br>".join(labelled))
    beyond = blank.evaluate(BEYOND)
    assert len(beyond) == len(labelled)
    assert [one for one in beyond if one[1] > 0] == []


def test_text_is_broken_between_words_and_a_long_word_is_cut() -> None:
    room = width_of("one two", 12)
    assert lines_of("one two three", room, 12) == ["one two", "three"]
    assert "".join(lines_of("a" * 40, 60, 12)) == "a" * 40
    assert all(width_of(line, 12) <= 60 for line in lines_of("a" * 40, 60, 12))


def test_a_name_is_shortened_and_its_number_kept() -> None:
    assert named_value("China", "46.1%", 200, 12) == "China 46.1%"
    cut = named_value("moonshotai/Kimi-K2.5-Instruct-Long", "9.4M", 120, 12)
    assert cut.startswith("Kimi-")
    assert cut.endswith("… 9.4M")
    assert width_of(cut, 12) <= 121
    assert shortened("abc", 100, 12) == "abc"
    assert named_value("a/Long-Name-Of-A-Model", "0–139M", 150, 12, True) == "Long-Name-Of-A-Model"
    assert named_value("a/Short", "0–139M", 150, 12, True) == "a/Short 0–139M"
