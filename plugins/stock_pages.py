"""Datasette's own pages for everyone: headings in order, and a label for every control."""

from __future__ import annotations

import re
from typing import Any

from datasette import hookimpl
from markupsafe import Markup

# Controls of Datasette's templates that no label names, and what they are.
LABELS = (
    (r'<textarea id="sql-editor"', "SQL"),
    (r'<select name="_filter_column(?:_\d+)?"', "Column"),
    (r'<select name="_filter_op(?:_\d+)?"', "Comparison"),
    (r'<input type="text" name="_filter_value(?:_\d+)?"', "Value"),
    (r'<select name="_sort"', "Sort by"),
)
# The editor of SQL makes a text area of its own, long after the page has been written.
NAME_THE_EDITOR = """<script>
if (window.CodeMirror) {
  CodeMirror.defineInitHook(editor => editor.getInputField().setAttribute("aria-label", "SQL"));
}
</script>"""


def mended(page: str) -> Markup:
    """Return a page of Datasette's with what its templates leave out for assistive technology."""
    text = re.sub(r"<(/?)h3\b", r"<\1h2", str(page))
    for control, label in LABELS:
        text = re.sub(control, rf'\g<0> aria-label="{label}"', text)
    # A table that is wider than the window is scrolled by keys only if it can have the focus.
    text = text.replace(
        '<div class="table-wrapper">',
        '<div class="table-wrapper" tabindex="0" role="region" aria-label="Rows">',
    )
    if "sql-editor" in text:
        text += NAME_THE_EDITOR
    return Markup(text)  # noqa: S704 - what Datasette's templates have made is already escaped


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """Give the templates that wrap Datasette's own the filter `mended`."""
    env.filters["mended"] = mended
