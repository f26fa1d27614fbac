"""Sharing a chart: embeds, oEmbed, and the code that a reader copies."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from markupsafe import Markup

from census.charts.cards import card_pixels
from census.questions.question_files import Question
from census.serving.picture_sizes import Sizes
from census.site.addresses import parameter_names, without_appended
from census.site.site import question_path

PROVIDER = "Open Model Census"
WIDTH = 800
# Up to this width the embed shows the narrow drawing, which is higher than it is wide.
NARROW = 480
# The caption below a chart: about its letters' width, the height of a line, and what is around it.
CAPTION, LINE_HEIGHT, AROUND = 700, 18, (24, 12)
# Markup escapes the values that are put in, as Jinja does.
IFRAME = Markup(
    '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"'
    ' style="border:0;max-width:100%{}"></iframe>'
)
LINKED_IMAGE = Markup(
    '<a href="{}"><img src="{}" alt="{}" loading="lazy" style="max-width:100%;height:auto"></a>'
)
PIXELS = re.compile(r"[0-9]{1,9}")
# A served database changes once a day.
CACHE_AGE = 3600


class Share(NamedTuple):
    """What a page needs to offer a chart to other pages; addresses are absolute."""

    page: str
    embed: str
    oembed: str
    card: str
    iframe: str
    image: str
    title: str
    alt: str


def embed_height(sizes: Sizes, width: int = WIDTH) -> int:
    """Return the height in pixels of a frame that a chart with its line below fills.

    A chart of 833 × 642 pixels, narrow of 381 × 745: in 800 → 647, in 480 → 987, in 320 → 692.
    """
    wide, high = sizes["narrow" if width <= NARROW else "wide"]
    return math.ceil(width * high / wide) + caption_height(width)


def caption_height(width: int) -> int:
    """Return the height of the line under a chart, which breaks where the frame is narrow."""
    beside_line, around = AROUND
    return around + LINE_HEIGHT * math.ceil(CAPTION / max(1, width - beside_line))


def fitting_height(sizes: Sizes) -> str:
    """Return the CSS that makes a frame as high as its chart on a page of any width.

    A frame is never wider than its page; the second part is what a phone has, the first any other.
    """
    wide, narrow = (100 * high / width for width, high in (sizes["wide"], sizes["narrow"]))
    line, lines = caption_height(NARROW), caption_height(320)
    return (
        f";height:max(min({embed_height(sizes)}px,{wide:.0f}vw + {line}px,"
        f"(100vw - {NARROW}px)*9999),min({narrow:.0f}vw + {lines}px,"
        f"({NARROW + 1}px - 100vw)*9999))"
    )


def iframe_code(address: str, title: str, width: int | str, height: int, style: str = "") -> str:
    """Return the HTML that shows an embed in another page, without a script."""
    return str(IFRAME.format(address, title, width, height, style))


def image_code(picture: str, page: str, alt: str) -> str:
    """Return the HTML that shows a chart as a picture which leads to its page."""
    return str(LINKED_IMAGE.format(page, picture, alt))


def make_share(origin: str, name: str, query: str, title: str, alt: str, sizes: Sizes) -> Share:
    """Return the ways to share a chart; `query` begins with `?`, or is empty for the defaults."""
    page = f"{origin}/census/{name}{query}"
    embed = f"{origin}/-/embed/{name}{query}"
    return Share(
        page=page,
        embed=embed,
        oembed=f"{origin}/-/oembed?{urlencode({'url': page})}",
        card=f"{origin}/-/card/{name}.png{query}",
        iframe=iframe_code(embed, title, "100%", embed_height(sizes), fitting_height(sizes)),
        image=image_code(f"{origin}/census/{name}.svg{query}", page, alt),
        title=title,
        alt=alt,
    )


def charted_address(
    url: str, origin: str, questions: dict[str, Question]
) -> tuple[Question, str] | None:
    """Return the charted question that an address of ours shows, and its query string.

    None for addresses of other sites, for other pages, and for questions without a chart.
    """
    try:
        parts, own_parts = urlsplit(url), urlsplit(origin)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.netloc != own_parts.netloc:
        return None
    path = parts.path.removeprefix(own_parts.path.rstrip("/"))
    if path.startswith("/-/embed/"):
        path = f"/census/{path.removeprefix('/-/embed/')}"
    address = question_path(path)
    question = questions.get(address.name) if address and not address.format else None
    if question is None or question.chart is None:
        return None
    return question, without_appended(parts.query, parameter_names(question))


def limit_of(text: str | None, default: int) -> int:
    """Return a limit in pixels, at most the default; ValueError unless it is a positive number."""
    if not text:
        return default
    if not PIXELS.fullmatch(text) or not int(text):
        raise ValueError(f"{text} is not a size in pixels")
    return min(int(text), default)


def oembed_answer(
    share: Share, sizes: Sizes, origin: str, maxwidth: str | None, maxheight: str | None
) -> dict[str, Any]:
    """Return the answer of oEmbed 1.0 (oembed.com), type `rich`; ValueError for a wrong limit."""
    width = limit_of(maxwidth, WIDTH)
    height = limit_of(maxheight, embed_height(sizes, width))
    wide, high = card_pixels()
    return {
        "version": "1.0",
        "type": "rich",
        "title": share.title,
        "provider_name": PROVIDER,
        "provider_url": f"{origin}/",
        "cache_age": CACHE_AGE,
        "width": width,
        "height": height,
        "html": iframe_code(share.embed, share.title, width, height),
        "thumbnail_url": share.card,
        "thumbnail_width": wide,
        "thumbnail_height": high,
    }


def without_looks(query: str) -> str:
    """Return a query string without what says how to draw (`_theme`, `_size`)."""
    return urlencode([pair for pair in parse_qsl(query, keep_blank_values=True)
                      if not pair[0].startswith("_")])  # fmt: skip
