"""Charts of questions: from rows to SVG, PNG and Vega-Lite, prebuilt, in a pool, and cached.

vl-convert holds Python's lock while it draws, so nothing here is drawn in a server's process: what
the defaults show is drawn when the database is built, anything else in processes of a pool.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import multiprocessing.process
import os
import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from census.base.databases import open_named_rows
from census.base.files import sha256_of, write_whole
from census.charts.figures import Context, Figure, read_context
from census.charts.question_figure import make_figure
from census.charts.specs import make_spec
from census.charts.thumbs import thumb_spec
from census.questions.question_files import FOLDER, Question, read_questions, validate, with_choices

THEMES = ("light", "dark")
SIZES = ("wide", "narrow", "thumb")
CONTENT_TYPES = {
    "svg": "image/svg+xml; charset=utf-8",
    "png": "image/png",
    "vl.json": "application/json; charset=utf-8",
}
# Twice the plain size: sharp on paper and on dense screens.
PNG_SCALE = 2.0
VEGA_LITE = "6.4"
WORKERS = 2
MANIFEST = "manifest.json"


class Variant(NamedTuple):
    """One way to draw a figure; `file_name` is where the build puts it."""

    theme: str = "light"
    size: str = "wide"
    format: str = "svg"

    def file_name(self, name: str) -> str:
        """Return the name of the prebuilt file of a question."""
        dark = "-dark" if self.theme == "dark" else ""
        size = "" if self.size == "wide" else f"-{self.size}"
        return f"{name}{size}{dark}.{self.format}"


# The variants that pages link to; others are drawn when they are asked for.
PREBUILT = tuple(Variant(theme, size, "svg") for theme in THEMES for size in SIZES)
# Of the other ways to draw a question those that tell its page how large the picture will be.
MEASURED = tuple(Variant("light", size, "svg") for size in ("wide", "narrow"))


def spec_text(figure: Figure, variant: Variant) -> str:
    """Return the specification of a figure as JSON, the same bytes for the same figure."""
    spec = (
        thumb_spec(figure, variant.theme)
        if variant.size == "thumb"
        else make_spec(figure, variant.theme, variant.size)
    )
    return json.dumps(spec, ensure_ascii=False)


def render(spec: str, kind: str, title: str, alt: str) -> bytes:
    """Draw a specification as `svg` or `png`; runs in a process of its own.

    The SVG gets a title and a description for readers that see it outside of a page.
    """
    os.environ["TZ"] = "UTC"
    import vl_convert

    if kind == "png":
        png: bytes = vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=PNG_SCALE)
        return png
    svg: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)
    title_and_description = (
        f'role="img" aria-labelledby="figure-title figure-text">'
        f'<title id="figure-title">{escape(title)}</title>'
        f'<desc id="figure-text">{escape(alt)}</desc>'
    )
    return re.sub(
        r"(<svg[^>]*?)>", lambda tag: f"{tag[1]} {title_and_description}", svg, count=1
    ).encode()


def make_pool(workers: int = WORKERS) -> ProcessPoolExecutor:
    """Return a pool of fresh processes; a forked one would share the server's locks."""
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=end_with_parent,
    )


def end_with_parent() -> None:
    """End this worker process when its parent is gone, however the parent ended.

    A server that is told to stop by a signal does not get to close its pool.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_exit, args=(parent,), daemon=True).start()


def _wait_and_exit(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


def question_rows(
    database: sqlite3.Connection, question: Question, values: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the rows of a question as dictionaries."""
    return [dict(row) for row in database.execute(question.sql, dict(values))]


def default_figures(
    database: sqlite3.Connection, folder: Path = FOLDER
) -> Iterator[tuple[str, Figure, tuple[Variant, ...]]]:
    """Yield the figure of each question that declares a chart, at its defaults, and its variants.

    A question that can be drawn in several ways has a figure for each, the default's first, the
    others' names with the way: `ranking_by_country-map`.
    """
    context: Context = read_context(database)
    for name, declared in read_questions(folder).items():
        if declared.chart is not None:
            question = with_choices(declared, database)
            values = validate(question, {})
            rows = question_rows(database, question, values)
            yield name, make_figure(question, values, rows, context), PREBUILT
            for parameter in question.drawing_parameters():
                for way in parameter.choices or {}:
                    if way != parameter.default:
                        chosen = {**values, parameter.name: way}
                        figure = make_figure(question, chosen, rows, context)
                        yield f"{name}-{way}", figure, MEASURED


def prebuild(
    database: Path, out: Path, questions: Path = FOLDER, workers: int = WORKERS
) -> list[Path]:
    """Draw every chart at its defaults in every way into `out/<hash of the database>/`.

    The manifest beside them says of which specification each file is: a file is served only for
    exactly that one, so that an outdated chart is never served. What an earlier build drew
    from the same specification is taken over; the rest of it is deleted. Returns the files.
    """
    folder = out / sha256_of(database)
    folder.mkdir(parents=True, exist_ok=True)
    drawings_before = earlier_drawings(out)
    manifest: dict[str, str] = {}
    jobs = {}
    with open_named_rows(database) as connection, make_pool(workers) as pool:
        for name, figure, variants in default_figures(connection, questions):
            for variant in variants:
                spec = spec_text(figure, variant)
                path = folder / variant.file_name(name)
                mark = manifest[path.name] = spec_mark(spec)
                earlier = drawings_before.get((mark, variant.format))
                if earlier == path:
                    continue
                if earlier is not None:
                    write_whole(path, earlier.read_bytes())
                else:
                    jobs[path] = pool.submit(render, spec, variant.format, figure.title, figure.alt)
        for path, job in jobs.items():
            write_whole(path, job.result())
    text = json.dumps(manifest, indent=1, sort_keys=True)
    write_whole(folder / MANIFEST, text.encode())
    for older in out.iterdir():
        if older.is_dir() and older != folder:
            shutil.rmtree(older)
    return [folder / name for name in sorted(manifest)]


def earlier_drawings(out: Path) -> dict[tuple[str, str], Path]:
    """Return the files that builds have drawn by specification and format, the newest last."""
    drawings: dict[tuple[str, str], Path] = {}
    for manifest in sorted(out.glob(f"*/{MANIFEST}"), key=lambda path: path.stat().st_mtime_ns):
        for name, mark in read_manifest(manifest.parent).items():
            path = manifest.parent / name
            if path.is_file():
                drawings[mark, name.partition(".")[2]] = path
    return drawings


def spec_mark(spec: str) -> str:
    """Return a short hash of a specification."""
    return hashlib.sha256(spec.encode()).hexdigest()[:24]


def read_manifest(folder: Path) -> dict[str, str]:
    """Return file name to mark of the prebuilt charts; empty where there are none."""
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded


def prebuilt(folder: Path, name: str, variant: Variant, spec: str) -> bytes | None:
    """Return a chart as the build drew it, None where it did not draw this very one."""
    mark = spec_mark(spec)
    files = (
        folder / file
        for file, mark_of_file in read_manifest(folder).items()
        if mark_of_file == mark and file.startswith(name) and file.endswith(f".{variant.format}")
    )
    path = next(files, None)
    if path is None or not path.is_file():
        return None
    return path.read_bytes()
