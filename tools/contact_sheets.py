"""Puts the pages of all questions side by side, to be looked at: tools/screenshots --sheets.

Usage: tools/screenshots --sheets [--db DATABASE] [NAME …]

Each sheet shows the top of four pages, as wide as a phone's or a desk's window, light or dark.
They are for people who change the charts, and no part of the repository.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import browser_path, serving  # noqa: E402

from census.questions.question_files import read_questions  # noqa: E402

SHEETS = ROOT / "sheets"
SCHEMES = ("light", "dark")
LABEL, GAP, BACKGROUND = 22, 10, "#808890"


class Window(NamedTuple):
    """A window of a reader, and how its pictures stand on a sheet: their width, columns, rows."""

    width: int
    height: int
    shown: int
    columns: int
    rows: int


WINDOWS = (Window(360, 1000, 360, 4, 1), Window(1200, 1000, 600, 2, 2))


def pictures(
    browser: Browser, origin: str, paths: Sequence[str], window: Window, scheme: str
) -> Iterator[Image.Image]:
    """Yield the top of each page as one window shows it, drawn at the size that a sheet has."""
    context = browser.new_context(
        viewport={"width": window.width, "height": window.height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    for path in paths:
        page.goto(f"{origin}{path}", wait_until="networkidle")
        image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        scale = window.shown / window.width
        yield image.resize((window.shown, round(window.height * scale)), Image.Resampling.LANCZOS)
    context.close()


def sheet(labelled: Sequence[tuple[str, Image.Image]], columns: int) -> Image.Image:
    """Return pictures of one size in rows, each under its name."""
    width, height = labelled[0][1].size
    rows = -(-len(labelled) // columns)
    size = columns * (width + GAP) + GAP, rows * (height + LABEL + GAP) + GAP
    whole = Image.new("RGB", size, BACKGROUND)
    draw = ImageDraw.Draw(whole)
    for place, (name, image) in enumerate(labelled):
        left = GAP + place % columns * (width + GAP)
        top = GAP + place // columns * (height + LABEL + GAP)
        draw.text((left, top), name, fill="white", font=ImageFont.load_default(15))
        whole.paste(image, (left, top + LABEL))
    return whole


def addresses(names: Sequence[str]) -> list[str]:
    """Return the pages to look at: what is asked for, else every question."""
    return [
        name if name.startswith("/") else f"/census/{name}"
        for name in names or read_questions(ROOT / "canned_queries")
    ]


def main() -> None:
    """Write the sheets of all windows and colours."""
    parser = argparse.ArgumentParser(description="Contact sheets of the questions' pages.")
    parser.add_argument("--db", type=Path, default=ROOT / "census.db", help="the built database")
    parser.add_argument("name", nargs="*", help="questions, or addresses that begin with a slash")
    options = parser.parse_args()
    if not options.db.is_file():
        sys.exit(f"{options.db} is missing: run `make build` first")
    SHEETS.mkdir(exist_ok=True)
    for old in SHEETS.glob("*.png"):
        old.unlink()
    paths = addresses(options.name)
    with serving(options.db.resolve()) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        for window in WINDOWS:
            for scheme in SCHEMES:
                shots = pictures(browser, site.origin, paths, window, scheme)
                labelled = [(path.removeprefix("/census/"), shot)
                            for path, shot in zip(paths, shots, strict=True)]  # fmt: skip
                size = window.columns * window.rows
                for number, first in enumerate(range(0, len(labelled), size), 1):
                    name = f"{window.width}-{scheme}-{number:02}.png"
                    sheet(labelled[first : first + size], window.columns).save(SHEETS / name)
                    print(f"sheets/{name}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
