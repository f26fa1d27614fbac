"""The main kinds of charts look as they did: made figures against small pictures in tests/golden/.

After a wanted change, `python tests/test_golden.py` draws the pictures anew, to be reviewed.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from census.charts.cards import card_spec
from census.charts.figures import Figure, Point
from census.charts.render import render
from census.charts.specs import make_spec

GOLDEN = Path(__file__).resolve().parent / "golden"
# Pictures are compared at this width; text is then grey, so that fonts of machines matter little.
WIDTH = 320
# Mean difference of a channel, 0 to 255: another kind of chart is above 8, another font below 1.5.
TOLERANCE = 2.5
MONTHS = ("2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-20")
KEYS = (("CN", "China"), ("US", "United States"), ("FR", "France"), (None, "Unverified"))


def series(unit: str, spread: float) -> tuple[Point, ...]:
    """Return four made series whose bands are `spread` of the value wide, the early ones more."""
    points = []
    for place, (key, label) in enumerate(KEYS):
        for month, day in enumerate(MONTHS):
            value = (40.0 - 9 * place) * (1 + (0.1 - 0.05 * place) * month)
            reach = value * spread * (len(MONTHS) - month) / len(MONTHS)
            wide = unit == "%" and 2 * reach > 20
            low, high = max(0.0, value - reach), value + reach
            points.append(Point(day, key, label, value, low, high, wide))
    return tuple(points)


def made(kind: str, unit: str, points: tuple[Point, ...], **more: object) -> Figure:
    """Return a figure of made points."""
    settings: dict[str, object] = {
        "name": "made", "kind": kind, "title": "A made figure", "subtitle": "Unit and scope",
        "unit": unit, "dimension": "country", "points": points, "alt": "Made.",
        "notes": ("Source: made for a test.",), "keys": KEYS, **more,
    }  # fmt: skip
    return Figure(**settings)  # type: ignore[arg-type]


BARS = tuple(
    Point(label, key, label, 50.0 - 12 * place, 45.0 - 12 * place, 55.0 - 12 * place)
    for place, (key, label) in enumerate(KEYS)
)
CURVE = tuple(
    Point(day, None, "", 1e6 * (month + 1), 8e5 * (month + 1), 1.3e6 * (month + 1), month < 3)
    for month, day in enumerate(MONTHS)
)
COUNTRIES = tuple(
    Point(label, key, label, value, value - 5.0, value + 6.0)
    for key, label, value in (
        ("CN", "China", 50.0), ("US", "United States", 38.0), ("FR", "France", 7.0),
        ("AE", "United Arab Emirates", 2.0), ("SG", "Singapore", 1.0), (None, "Unverified", 2.0),
    )
)  # fmt: skip
PLACES = tuple(
    Point(day, key, label, float((place + (month > 2) * (place < 2)) % 2 + 1 + 2 * (place > 1)),
          1.0, 4.0, month < 2)
    for place, (key, label) in enumerate(KEYS[:3])
    for month, day in enumerate(MONTHS)
)  # fmt: skip
AGED = tuple(
    Point(str(days), key, key, days * (9e4 - 2e4 * place), days * (7e4 - 2e4 * place),
          days * (10e4 - 2e4 * place), days < 60)
    for place, key in enumerate(("Red/One-8B", "Blue/One-70B", "Rose/Small-8B"))
    for days in (0, 7, 14, 30, 60, 90, 180, 365)[: 8 - place]
)  # fmt: skip
MODELS = tuple((name, name) for name in ("Red/One-8B", "Blue/One-70B", "Rose/Small-8B"))


def estimates(spread: float, holes: bool = False) -> tuple[Point, ...]:
    """Return the made shares as estimates whose intervals narrow until all is counted.

    The third key has no interval; with `holes` places are not known in two months.
    """
    points = []
    for place, (key, label) in enumerate(KEYS):
        for month, day in enumerate(MONTHS):
            value = (40.0 - 12 * place) * (1 + (0.12 - 0.06 * place) * month)
            reach = value * spread * (len(MONTHS) - 1 - month) / len(MONTHS)
            if key == "FR":
                points.append(Point(day, key, label, value, 0.0, 90.0, True, rests_on="bounds"))
                continue
            points.append(
                Point(
                    day, key, label, value, 0.0, 90.0, holes and month in (2, 3),
                    value - reach, value + reach, value - reach / 3, value + reach / 3,
                    "estimated" if reach else "counted", 60.0 if month > 2 else 0.0,
                )
            )  # fmt: skip
    return tuple(points)


GAPS = tuple(
    Point(day, key, label, float((place + (month > 3)) % 2 + 1), wide=month in (2, 3),
          rests_on="estimated", p_place=0.99)
    for place, (key, label) in enumerate(KEYS[:2])
    for month, day in enumerate(MONTHS)
)  # fmt: skip
SINGLE_DAYS = tuple(
    Point(day, key, label, 55.0 - 25 * place + 4 * month * (-1) ** place, rests_on="counted",
          source="one" if month < 3 else "two", flagged=month == 4 and not place)
    for place, (key, label) in enumerate(KEYS[:2])
    for month, day in enumerate(MONTHS)
)  # fmt: skip
HOLLOW = tuple(
    Point(label, key, label, 60.0 - 18 * place, 5.0, 90.0, place > 1,
          *((50.0 - 18 * place, 66.0 - 18 * place) if place < 2 else (None, None)),
          rests_on="estimated" if place < 2 else "bounds")
    for place, (key, label) in enumerate(KEYS)
)  # fmt: skip
VARIANTS = tuple(
    Point(f"{label} {variant}", key, label, 20.0 + 14 * place + 3 * at, 10.0, 90.0, at == 2,
          *((18.0 + 14 * place + at, 24.0 + 14 * place + 5 * at) if at < 2 else (None, None)),
          rests_on="estimated" if at < 2 else "bounds", row=variant)
    for at, variant in enumerate(
        ("All models", "Without the most downloaded of all models that were counted", "Known alone")
    )
    for place, (key, label) in enumerate(KEYS[:2])
)  # fmt: skip
FIGURES = {
    "lines": made("lines", "%", series("%", 0.1)),
    "panels": made("lines", "%", series("%", 0.9)),
    "bars": made("bars", "%", BARS),
    "columns": made("columns", "models", series("models", 0.0)),
    "curve": made("curve", "downloads", CURVE, dimension="", keys=((None, ""),)),
    "areas": made("areas", "%", series("%", 0.4)),
    "ranks": made("ranks", "place", PLACES, keys=KEYS[:3]),
    "map": made("map", "%", COUNTRIES, keys=tuple((p.key, p.label) for p in COUNTRIES)),
    "ages": made("ages", "downloads", AGED, dimension="model", keys=MODELS),
    "grid": made("grid", "models", series("models", 0.0)),
    "estimates": made("lines", "%", estimates(0.3)),
    "hatched": made("areas", "%", estimates(0.1), hatched_days=frozenset(MONTHS[:3])),
    "gaps": made("ranks", "place", GAPS, keys=KEYS[:2]),
    "recent": made("lines", "%", SINGLE_DAYS, keys=KEYS[:2], of_single_days=True),
    "pale": made("panels", "%", estimates(0.4), start=MONTHS[2]),
    "hollow": made("bars", "%", HOLLOW),
    "dots": made("dots", "%", VARIANTS, keys=KEYS[:2]),
}
CASES = [
    *((name, "light", "wide") for name in FIGURES),
    ("lines", "dark", "wide"),
    ("bars", "dark", "narrow"),
    ("dots", "dark", "narrow"),
    ("areas", "dark", "narrow"),
    ("map", "dark", "narrow"),
    ("lines", "card", "wide"),
    ("areas", "card", "wide"),
    ("ranks", "card", "wide"),
    ("map", "card", "wide"),
    ("ages", "card", "wide"),
    ("estimates", "dark", "narrow"),
    ("estimates", "card", "wide"),
    ("hatched", "dark", "narrow"),
]


def drawn(name: str, theme: str, size: str) -> Image.Image:
    """Return a figure as it is drawn today, at the width of comparison."""
    figure = FIGURES[name]
    spec = (
        card_spec(figure, figure.title, "2026-05-20")
        if theme == "card"
        else make_spec(figure, theme, size)
    )
    picture = Image.open(io.BytesIO(render(json.dumps(spec), "png", figure.title, figure.alt)))
    height = round(picture.height * WIDTH / picture.width)
    return picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)


def golden_path(case: tuple[str, str, str]) -> Path:
    """Return where the picture of a case is kept."""
    return GOLDEN / f"{'-'.join(case)}.png"


def difference(first: Image.Image, second: Image.Image) -> float:
    """Return the mean difference of two pictures' channels, 0 to 255."""
    fitted = second.resize(first.size)
    channels: list[float] = ImageStat.Stat(ImageChops.difference(first, fitted)).mean
    return sum(channels) / len(channels)


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_a_chart_looks_as_it_did(case: tuple[str, str, str]) -> None:
    kept = Image.open(golden_path(case)).convert("RGB")
    now = drawn(*case)
    assert abs(kept.height - now.height) <= 3, f"{kept.size} became {now.size}"
    assert difference(kept, now) <= TOLERANCE


def test_the_tolerance_tells_charts_apart() -> None:
    pictures = {
        name: Image.open(golden_path((name, "light", "wide"))).convert("RGB") for name in FIGURES
    }
    for name, picture in pictures.items():
        for other, another in pictures.items():
            if name != other:
                assert difference(picture, another) > TOLERANCE, f"{name} and {other}"


def main() -> None:
    """Draw every picture anew."""
    GOLDEN.mkdir(exist_ok=True)
    for case in CASES:
        drawn(*case).quantize(64).save(golden_path(case), optimize=True)


if __name__ == "__main__":
    main()
