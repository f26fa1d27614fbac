"""No text of a chart is cut off, whatever font a reader has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from census.base.databases import open_named_rows
from census.charts.figures import read_context
from census.charts.lettering import lines_of, named_value, shortened, width_of
from census.charts.parts import FONT
from census.charts.question_figure import make_figure
from census.charts.render import Variant, question_rows, render, spec_text
from census.questions.question_files import Question, read_questions, validate, with_choices

QUESTIONS = read_questions(Path(__file__).resolve().parent.parent / "canned_queries")
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


def views(question: Question) -> list[dict[str, str]]:
    """Return the ways in which a question can be drawn."""
    chosen = {p.name: p.choices for p in question.parameters}.get("view")
    return [{"view": view} for view in chosen] if chosen else [{}]


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_no_text_passes_the_edge_of_a_chart(blank: Page, census_db: Path, size: str) -> None:
    drawn = []
    with open_named_rows(census_db) as database:
        context = read_context(database)
        for name, declared in QUESTIONS.items():
            if declared.chart is None:
                continue
            question = with_choices(declared, sqlite3.connect(census_db))
            for given in views(question):
                values = validate(question, given)
                figure = make_figure(
                    question, values, question_rows(database, question, values), context
                )
                spec = spec_text(figure, Variant(size=size))
                svg = render(spec, "svg", figure.title, figure.alt).decode()
                # Laid out with the font that a chart names, read with another.
                assert FONT in svg
                svg = svg.replace(FONT, WIDE_FONT)
                label = f"{name} {given.get('view', '')}".strip()
                drawn.append(svg.replace("<svg ", f'<svg data-name="{label}" ', 1))
    blank.set_content("<br>".join(drawn))
    beyond = blank.evaluate(BEYOND)
    assert len(beyond) == len(drawn)
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
