"""The size that a chart will have, as far as its specification gives it."""

from __future__ import annotations

from census.charts.parts import Spec, look_of

# About the pixels of a row's axes and legend, which its specification does not declare.
UNDECLARED = 40
# About the pixels of the names and labels beside a plot, which are not declared either.
BESIDE = 20


def declared_height(spec: Spec) -> float:
    """Return the height in pixels that title, plots and notes of a specification declare.

    The height of axes and legends is known only when the chart is drawn. It differs little between
    two figures of one question, so their drawings differ by nearly as much as the declared heights.
    """
    title = spec["title"]
    letters = title["fontSize"] * len(title["text"])
    letters += title["subtitleLineHeight"] * len(title["subtitle"])
    plots = sum(plot_height(plot) for plot in spec["concat"])
    return float(letters + title["offset"] + plots + spec["spacing"] + 2 * spec["padding"])


def plot_height(plot: Spec) -> float:
    """Return the height in pixels of one plot, or of panels in rows."""
    if "concat" in plot:
        across, spacing = plot["columns"], plot["spacing"]["row"]
        heights = [plot_height(panel) for panel in plot["concat"]]
        rows = [max(heights[at : at + across]) for at in range(0, len(heights), across)]
        return float(sum(rows) + spacing * (len(rows) - 1))
    height = plot["height"]
    if isinstance(height, dict):
        return float(height["step"] * len(plot["encoding"]["y"]["sort"]))
    return float(height)


def expected_size(spec: Spec, narrow: bool) -> tuple[int, int]:
    """Return the estimated width and height, in pixels, of a chart without a drawing to go by."""
    total = look_of("light", "narrow" if narrow else "wide").total
    width = total + 2 * spec["padding"] + BESIDE
    rows = max(
        -(-len(plot.get("concat", [plot])) // plot.get("columns", 1)) for plot in spec["concat"]
    )
    return round(width), round(declared_height(spec) + rows * UNDECLARED)
