"""Vega-Lite specifications of figures: light or dark, wide or narrow, data included."""

from __future__ import annotations

from census.charts.ages import ages_spec
from census.charts.areas import areas_spec
from census.charts.bars import bars_spec, room_for_names
from census.charts.brackets import hidden_milestones_note
from census.charts.cells import columns_spec, grid_spec
from census.charts.dotplot import dots_spec
from census.charts.figures import Figure
from census.charts.lettering import lines_of
from census.charts.lines import lines_spec
from census.charts.map import map_spec
from census.charts.palette import INK, MUTED, PAPER
from census.charts.panels import is_foggy, panels_spec
from census.charts.parts import Look, Spec, config, look_of
from census.charts.ranks import ranks_spec

NO_ROWS = "No rows for this choice."
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
DRAWING_FUNCTIONS = {
    "lines": lines_spec,
    "panels": panels_spec,
    "areas": areas_spec,
    "ranks": ranks_spec,
    "curve": lines_spec,
    "ages": ages_spec,
    "bars": bars_spec,
    "dots": dots_spec,
    "map": map_spec,
    "columns": columns_spec,
    "shares": columns_spec,
    "grid": grid_spec,
}


def make_spec(figure: Figure, theme: str = "light", size: str = "wide") -> Spec:
    """Return the Vega-Lite specification of a figure, data included."""
    look = look_of(theme, size)
    draw = DRAWING_FUNCTIONS[figure.kind]
    if figure.points and is_foggy(figure):
        draw = panels_spec
    plot = draw(figure, look) if figure.points else empty_spec(figure.nothing or NO_ROWS, look)
    title, subtitle, note_size = (16, 12, 12) if look.narrow else (20, 13, 11)
    notes_in_order = [
        *figure.notes[:-1],
        *hidden_milestones_note(figure, look, draw is not panels_spec),
        *figure.notes[-1:],
    ]
    notes = [line for note in notes_in_order for line in lines_of(note, look.total, note_size)]
    room_beside = room_for_names(figure, look)
    caption: Spec = {
        "data": {"values": [{}]},
        "mark": {
            "type": "text",
            "text": notes,
            "align": "left",
            "baseline": "top",
            "fontSize": note_size,
            "lineHeight": 15,
            "color": MUTED[theme],
            "x": -room_beside,
            "y": 0,
        },
        # As wide as the whole picture, so that no note is cut off at the right.
        "width": look.total - room_beside,
        "height": 15 * len(notes),
        "view": {"stroke": None},
    }
    return {
        "$schema": SCHEMA,
        "description": figure.alt,
        # What a page needs to say days as the picture does; it is not drawn.
        "usermeta": {"kind": figure.kind, "by_month": figure.by_month},
        "background": PAPER[theme],
        "padding": 12 if look.narrow else 18,
        "title": {
            "text": lines_of(figure.title, look.total, title, bold=True),
            "subtitle": lines_of(figure.subtitle, look.total, subtitle),
            "anchor": "start",
            "align": "left",
            "fontSize": title,
            "subtitleFontSize": subtitle,
            "subtitleLineHeight": 16,
            "subtitlePadding": 5,
            "offset": 14,
            "color": INK[theme],
            "subtitleColor": MUTED[theme],
        },
        # One column: of the ways to put views together only this one takes `align`.
        "concat": [plot, caption],
        "columns": 1,
        "spacing": 14,
        "align": "none",
        "config": config(theme),
    }


def empty_spec(reason: str, look: Look) -> Spec:
    """Return an empty plot with the reason why nothing is drawn."""
    return {
        "data": {"values": [{}]},
        "mark": {"type": "text", "text": lines_of(reason, look.plot, 14),
                 "color": MUTED[look.theme], "fontSize": 14},
        "width": look.plot,
        "height": 80,
    }  # fmt: skip
