"""Takes the README's pictures of the main pages with Chromium: tools/screenshots [DATABASE]."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import browser_path, serving  # noqa: E402

DOCS = ROOT / "docs"
# File, page, colours, width and height of the window.
PICTURES = (
    ("home.png", "/", "light", 1280, 1000),
    ("chart.png", "/census/ranking_by_country?view=map", "light", 1280, 1000),
    ("explore.png", "/questions", "light", 1280, 1000),
    ("country.png", "/countries/CN", "dark", 1280, 1000),
    ("lab.png", "/labs/qwen", "light", 1280, 1000),
    ("ranks.png", "/census/cumulative_downloads?dimension=lab&view=ranks", "dark", 1280, 1000),
    ("phone.png", "/models/Qwen/Qwen3-8B", "light", 390, 844),
)
# A README shows them no wider than this; colours are few.
WIDEST = 1000
COLOURS = 128


def take(browser: Browser, url: str, scheme: str, width: int, height: int) -> bytes:
    """Return the picture of a page as its reader first sees it."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    picture = page.screenshot()
    context.close()
    return picture


def keep(picture: bytes, path: Path) -> None:
    """Write a picture small enough for a repository."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    if image.width > WIDEST:
        image = image.resize((WIDEST, round(image.height * WIDEST / image.width)))
    # Other methods of quantizing lose the colours of thin lines, and two labs look the same.
    few = image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def main() -> None:
    """Take every picture from a server of the database."""
    database = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "census.db")
    if not database.is_file():
        sys.exit(f"{database} is missing: run `make build` first")
    with serving(database.resolve()) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
        for name, path, scheme, width, height in PICTURES:
            keep(take(browser, site.url(path), scheme, width, height), DOCS / name)
            print(f"docs/{name}")
        browser.close()


if __name__ == "__main__":
    main()
