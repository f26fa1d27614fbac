"""How large the pictures of a chart are: for their place in a page, and for frames of embeds.

What the build drew is measured; other sizes are estimated from it, so no page waits for a drawing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from census.charts.extent import declared_height, expected_size
from census.charts.figures import Figure
from census.charts.render import Variant, prebuilt, spec_text
from census.charts.specs import make_spec
from census.questions.question_files import Question
from census.serving.figures import figure_of
from census.site.site import read_once, short_query, site_of

# The sizes among which a page chooses by its width.
PAGE_SIZES = ("wide", "narrow")
SVG_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')

Sizes = dict[str, tuple[int, int]]


class PrebuiltDrawing(NamedTuple):
    """A chart that the build drew: how large it is, and the height that it declares."""

    size: tuple[int, int]
    declared: float


def measured_size(charts: Path, figure: Figure, size: str) -> tuple[int, int] | None:
    """Return width and height of a chart that the build drew, None for one that it did not draw."""
    variant = Variant(size=size)
    drawing = prebuilt(charts, figure.name, variant, spec_text(figure, variant))
    size_match = SVG_SIZE.search(drawing[:600].decode(errors="replace")) if drawing else None
    return (round(float(size_match[1])), round(float(size_match[2]))) if size_match else None


async def default_drawings(
    datasette: Any, question: Question, values: dict[str, str]
) -> dict[str, PrebuiltDrawing]:
    """Return the drawings of a question's defaults by size, measured once for each way to draw."""

    async def measure() -> dict[str, PrebuiltDrawing]:
        figure = await figure_of(datasette, question, values)
        charts = site_of(datasette).charts
        return {
            size: PrebuiltDrawing(measured, declared_height(make_spec(figure, size=size)))
            for size in PAGE_SIZES
            if (measured := measured_size(charts, figure, size))
        }

    name = f"drawings of {question.name}{short_query(question, values)}"
    drawings: dict[str, PrebuiltDrawing] = await read_once(datasette, name, measure)
    return drawings


async def sizes_of(
    datasette: Any, question: Question, values: dict[str, str], figure: Figure
) -> Sizes:
    """Return width and height in pixels of a figure's pictures, by `wide` and `narrow`.

    They are exact for what the build drew. For other choices they are the sizes for the question's
    defaults, changed by the difference between the sizes that the two figures declare.
    """
    charts = site_of(datasette).charts
    measured_sizes = {size: measured_size(charts, figure, size) for size in PAGE_SIZES}
    drawings: dict[str, PrebuiltDrawing] = {}
    if None in measured_sizes.values():
        ways = {
            parameter.name: values[parameter.name] for parameter in question.drawing_parameters()
        }
        drawings = await default_drawings(datasette, question, {**question.defaults(), **ways})
    return {
        size: measured or near_size(figure, size, drawings.get(size))
        for size, measured in measured_sizes.items()
    }


def near_size(figure: Figure, size: str, default: PrebuiltDrawing | None) -> tuple[int, int]:
    """Return about how large a chart will be, from one of the same question where there is one."""
    spec = make_spec(figure, size=size)
    if default is None:
        return expected_size(spec, size == "narrow")
    width, height = default.size
    return width, round(height + declared_height(spec) - default.declared)
