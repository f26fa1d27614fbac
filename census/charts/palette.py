"""One colour a country on every chart, safe for colour-blind readers, in light and in dark."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Sequence

DISTRIBUTED = "XX"
OTHER = "other"

PAPER = {"light": "#ffffff", "dark": "#14181d"}
INK = {"light": "#1b2026", "dark": "#eceff3"}
MUTED = {"light": "#5a6370", "dark": "#a3adba"}
GRID = {"light": "#e3e6ea", "dark": "#2d343d"}
# No established country is grey and distributed is slate: neither looks like a country.
UNVERIFIED_COLOUR = {"light": "#7d838c", "dark": "#7a8088"}
DISTRIBUTED_COLOUR = {"light": "#4b6a8f", "dark": "#4a6a8a"}
OTHER_COLOUR = {"light": "#bcc3cd", "dark": "#3f4954"}
# A chart of one thing alone needs no key.
ALONE_COLOUR = {"light": "#1f66b5", "dark": "#5b9ff0"}

# Searched for the largest distance between any two under normal, protan and deutan sight, at a
# contrast of three to one or more with the paper; a test measures both.
COUNTRIES: dict[str, dict[str, str]] = {
    "CN": {"light": "#c3272b", "dark": "#f0686a"},
    "US": {"light": "#1f66b5", "dark": "#5b9ff0"},
    "FR": {"light": "#7355f3", "dark": "#876eec"},
    "KR": {"light": "#156e65", "dark": "#57b0b7"},
    "GB": {"light": "#52094f", "dark": "#e6e0ff"},
    "CA": {"light": "#ff5400", "dark": "#c09211"},
    "JP": {"light": "#ed5cb7", "dark": "#ff6aaa"},
    "AE": {"light": "#396d2b", "dark": "#b2da36"},
    "IL": {"light": "#3395ae", "dark": "#7fc4ee"},
    "DE": {"light": "#402c26", "dark": "#cad6d3"},
    "CH": {"light": "#644b3e", "dark": "#b38c3d"},
    "IN": {"light": "#8e9a1d", "dark": "#ffdf79"},
    "ES": {"light": "#dc7252", "dark": "#ffae94"},
    "SG": {"light": "#0d4579", "dark": "#9f551e"},
    "NL": {"light": "#683e00", "dark": "#e3b66b"},
    "IT": {"light": "#6b896d", "dark": "#4dfebb"},
}
# Sizes go from small to large, so their colours do: three stops, with the others between them. No
# two neighbours look alike to any of the three sights, and none looks like the grey of the unknown.
SIZES = {
    "light": ("#37a171", "#1530e8", "#2b124e"),
    "dark": ("#4a6fd8", "#3fb0a5", "#ffe27a"),
}
# A region has the colour of its largest country, so that a reader learns one legend.
REGIONS = {
    "China": "CN",
    "United States": "US",
    "Europe": "FR",
    "Rest of the world": "KR",
    "Distributed": DISTRIBUTED,
}


def country_colour(code: str | None, theme: str) -> str:
    """Return the colour of a country by ISO code; None is unverified and `XX` distributed.

    A country outside the table takes a colour of the table by a hash of its code: always the same.
    """
    if code is None or code == "":
        return UNVERIFIED_COLOUR[theme]
    if code == DISTRIBUTED:
        return DISTRIBUTED_COLOUR[theme]
    if code == OTHER:
        return OTHER_COLOUR[theme]
    colour = COUNTRIES.get(code)
    if colour is None:
        colour = spare_colours(code)[0]
    return colour[theme]


def spare_colours(code: str) -> list[dict[str, str]]:
    """Return the table's colours for a country outside the table, the one of its hash first.

    The two best known are left out: nobody should read a small country as them.
    """
    spare = list(COUNTRIES.values())[2:]
    first = hashlib.sha256(code.encode()).digest()[0] % len(spare)
    return [*spare[first:], *spare[:first]]


def colours(keys: Iterable[str | None], dimension: str, theme: str) -> dict[str | None, str]:
    """Return a colour for each key of a dimension.

    Countries and regions have theirs (a country outside of the table another one where the colour
    that it usually has is taken); keys of other dimensions take the table's in sorted order,
    so that a chart does not change colours when the ranking does.
    """
    distinct = list(dict.fromkeys(keys))
    if dimension == "country":
        return country_colours(distinct, theme)
    if dimension == "region":
        return {
            key: country_colour(REGIONS.get(key, key) if key else None, theme) for key in distinct
        }
    if distinct == [None] and not dimension:
        return {None: ALONE_COLOUR[theme]}
    if dimension == "size_bucket":
        return size_colours(distinct, theme)
    # The two best known are left out: red is China and blue is the United States everywhere.
    table = list(COUNTRIES.values())[2:]
    colour_of: dict[str | None, str] = {}
    for place, key in enumerate(sorted(key for key in distinct if key and key != OTHER)):
        colour_of[key] = table[place % len(table)][theme]
    for other_key in distinct:
        colour_of.setdefault(other_key, country_colour(other_key, theme))
    return colour_of


def size_order(size: str | None) -> float:
    """Return where a size class stands from small to large: `<1B`, `1-5B` … `250B+`, unknown."""
    if not size or size == OTHER:
        return math.inf
    return 0.0 if size.startswith("<") else float(re.match(r"\d+", size)[0])  # type: ignore[index]


def size_colours(sizes: Iterable[str | None], theme: str) -> dict[str | None, str]:
    """Return the colours of size classes, in one scale from small to large."""
    sizes = list(sizes)
    known_sizes = sorted((size for size in sizes if size and size != OTHER), key=size_order)
    step = max(len(known_sizes) - 1, 1)
    scale = {size: blended(SIZES[theme], place / step) for place, size in enumerate(known_sizes)}
    return {size: scale.get(size or "") or country_colour(size, theme) for size in sizes}


def blended(stops: Sequence[str], part: float) -> str:
    """Return the colour at a part, 0 to 1, of the way through stops `#rrggbb`."""
    position = part * (len(stops) - 1)
    first = min(int(position), len(stops) - 2)
    pairs = zip(rgb(stops[first]), rgb(stops[first + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * (position - first)):02x}" for a, b in pairs)


def rgb(colour: str) -> tuple[int, ...]:
    """Return the red, green and blue of `#rrggbb`, each 0 to 255."""
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def country_colours(codes: Iterable[str | None], theme: str) -> dict[str | None, str]:
    """Return the colours of the countries of one chart, no two alike while the table has some."""
    codes = list(codes)
    colour_of = {code: country_colour(code, theme) for code in codes}
    used_colours = [colour_of[code] for code in codes if code in COUNTRIES]
    for code in codes:
        if code and code not in COUNTRIES and code not in (DISTRIBUTED, OTHER):
            unused = (
                spare[theme] for spare in spare_colours(code) if spare[theme] not in used_colours
            )
            colour_of[code] = next(unused, colour_of[code])
            used_colours.append(colour_of[code])
    return colour_of


def channels(colour: str) -> tuple[float, float, float]:
    """Return the linear red, green and blue of `#rrggbb`, each 0 to 1 (sRGB, IEC 61966-2-1)."""
    values = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values
    )
    return red, green, blue


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted(
        (
            0.2126 * red + 0.7152 * green + 0.0722 * blue
            for red, green, blue in (channels(first), channels(second))
        ),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


# What a reader without red or green cones sees (Machado, Oliveira and Fernandes 2009, severity 1).
SIGHTS: dict[str, tuple[tuple[float, float, float], ...]] = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
}


def perceived(colour: str, sight: str) -> tuple[float, float, float]:
    """Return lightness, a and b (CIELAB, D65) of a colour as one kind of sight perceives it."""
    linear = channels(colour)
    red, green, blue = (
        max(0.0, min(1.0, sum(a * b for a, b in zip(row, linear, strict=True))))
        for row in SIGHTS[sight]
    )
    white = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883,
    )
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in white)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(first: str, second: str) -> float:
    """Return the smallest difference between two colours over the kinds of sight."""
    return min(math.dist(perceived(first, sight), perceived(second, sight)) for sight in SIGHTS)
