"""Sharing a chart: embeds, oEmbed, and the code that a reader copies."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from markupsafe import Markup

from census.charts.bars import BAR_HEIGHT
from census.charts.cards import card_pixels
from census.questions.question_files import Question
from census.site.addresses import parameter_names, without_appended
from census.site.site import question_name

PROVIDER = "Open Model Census"
WIDTH = 800
# The height of everything but the bars, and of a chart without bars, with the line under it.
FRAME_HEIGHT, CHART_HEIGHT = 260, 640
# Narrower than this a page shows the narrow drawing, which is higher than it is wide.
NARROW, NARROW_HEIGHT = 480, 620
# What is put into them is escaped, as Jinja does it.
IFRAME = Markup(
    '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy"'
    ' style="border:0;max-width:100%"></iframe>'
)
LINKED_IMAGE = Markup(
    '<a href="{}"><img src="{}" alt="{}" loading="lazy" style="max-width:100%;height:auto"></a>'
)
# A row of dots is so many times as high as a bar.
DOT_ROWS = 1.4
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


def bars_of(kind: str, points: int) -> int:
    """Return how many bars high a figure of a kind is; 0 for figures without bars or rows."""
    if kind == "dots":
        return round(points * DOT_ROWS)
    return points if kind == "bars" else 0


def embed_height(number: int, width: int = WIDTH) -> int:
    """Return a height in pixels that shows a chart whole, by its number of bars, if it has any."""
    bars = number * BAR_HEIGHT
    if width < NARROW:
        return NARROW_HEIGHT if not bars else bars + FRAME_HEIGHT
    whole = bars + FRAME_HEIGHT if bars else CHART_HEIGHT
    return round(whole * min(1.0, width / WIDTH))


def iframe_code(address: str, title: str, width: int | str, height: int) -> str:
    """Return the HTML that shows an embed in another page, without a script."""
    return str(IFRAME.format(address, title, width, height))


def image_code(picture: str, page: str, alt: str) -> str:
    """Return the HTML that shows a chart as a picture which leads to its page."""
    return str(LINKED_IMAGE.format(page, picture, alt))


def make_share(origin: str, name: str, query: str, title: str, alt: str, bars: int) -> Share:
    """Return what a chart's page offers; `query` has its `?`, or is empty for the defaults."""
    page = f"{origin}/census/{name}{query}"
    embed = f"{origin}/-/embed/{name}{query}"
    return Share(
        page=page,
        embed=embed,
        oembed=f"{origin}/-/oembed?{urlencode({'url': page})}",
        card=f"{origin}/-/card/{name}.png{query}",
        iframe=iframe_code(embed, title, "100%", embed_height(bars)),
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
        parts, own = urlsplit(url), urlsplit(origin)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or parts.netloc != own.netloc:
        return None
    path = parts.path.removeprefix(own.path.rstrip("/"))
    if path.startswith("/-/embed/"):
        path = f"/census/{path.removeprefix('/-/embed/')}"
    named = question_name(path)
    question = questions.get(named[0]) if named and not named[1] else None
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
    share: Share, bars: int, origin: str, maxwidth: str | None, maxheight: str | None
) -> dict[str, Any]:
    """Return the answer of oEmbed 1.0 (oembed.com), type `rich`; ValueError for a wrong limit."""
    width = limit_of(maxwidth, WIDTH)
    height = limit_of(maxheight, embed_height(bars, width))
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
