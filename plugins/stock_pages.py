"""Datasette's own pages for everyone: headings in order, labels, and help beside the SQL editor."""

from __future__ import annotations

import re
from typing import Any

from datasette import hookimpl
from markupsafe import Markup

from census.pages.sql_examples import EXAMPLES
from census.site.served_tables import ServedTable
from census.site.site import DATABASE, site_of

# Controls of Datasette's templates that no label names, and what they are.
LABELS = (
    (r'<textarea id="sql-editor"', "SQL"),
    (r'<select name="_filter_column(?:_\d+)?"', "Column"),
    (r'<select name="_filter_op(?:_\d+)?"', "Comparison"),
    (r'<input type="text" name="_filter_value(?:_\d+)?"', "Value"),
    (r'<select name="_sort"', "Sort by"),
)
# Tables that SQLite keeps for its full-text search.
OF_SEARCH = re.compile(r"_fts(_|$)")
# The editor of SQL makes a text area of its own, long after the page has been written.
NAME_THE_EDITOR = """<script>
if (window.CodeMirror) {
  CodeMirror.defineInitHook(editor => editor.getInputField().setAttribute("aria-label", "SQL"));
}
</script>"""
# Definitions take a screen or more, so that no row would be seen: they are folded.
DEFINITIONS = re.compile(r'<dl class="column-descriptions">.*?</dl>', re.DOTALL)
FOLDED = r"<details><summary>What the columns mean</summary>\g<0></details>"


def mended(page: str) -> Markup:
    """Return a page of Datasette's with the labels that assistive technology needs added."""
    text = re.sub(r"<(/?)h3\b", r"<\1h2", str(page))
    for control, label in LABELS:
        text = re.sub(control, rf'\g<0> aria-label="{label}"', text)
    # A table that is wider than the window is scrolled by keys only if it can have the focus.
    text = text.replace(
        '<div class="table-wrapper">',
        '<div class="table-wrapper" tabindex="0" role="region" aria-label="Rows">',
    )
    text = DEFINITIONS.sub(FOLDED, text)
    if "sql-editor" in text:
        text += NAME_THE_EDITOR
    return Markup(text)  # noqa: S704 - what Datasette's templates have made is already escaped


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Give the templates that wrap Datasette's own `mended`, and what stands beside an editor."""

    def sql_tables() -> list[ServedTable]:
        """Return the tables and views that readers ask, by name."""
        tables = site_of(datasette).tables if DATABASE in datasette.databases else {}
        return [table for name, table in tables.items() if not OF_SEARCH.search(name)]

    env.filters["mended"] = mended
    env.globals.update(
        sql_tables=sql_tables,
        sql_examples=lambda: EXAMPLES,
        name_the_editor=Markup(NAME_THE_EDITOR),  # noqa: S704 - a constant of ours
    )
