"""Feeds of what is new: milestones, headlines, new data and models, changes, events of quality.

An entry's id is made of what never changes about it. For a milestone: its keys, its kind and its
number among those of that kind. So a narrower bound or better words update the entry; they
never add a second one.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID, uuid5
from xml.etree import ElementTree

from census.base.numbers import day_words
from census.base.speech import FIRST_MONTH_SAID, share_words, value_of
from census.pages.profiles import profile_path

# A random name, made once: all ids are computed from it, so it must never change.
NAMESPACE = UUID("6f1c1f0e-8f0a-4f7e-9a53-0c7b7f3d2a11")
ATOM = "http://www.w3.org/2005/Atom"
AUTHOR = "Open Model Census"
RIGHTS = "CC BY 4.0"
# The countries of each month's end, most downloads first.
HEADLINES = """
select
    month, through, label, share_pct, low_pct, high_pct, likely_low_pct, likely_high_pct, rests_on
from series_steps
where
    scope = 'frontier' and attribution = 'publisher' and basis = 'operating'
    and dimension = 'country' and step = 'month' and measure = 'cumulative'
    and key is not null and key <> 'XX' and month >= ?
order by month, share_pct desc
"""
# Newest entries that a feed shows.
SHOWN = 100


class FeedEntry(NamedTuple):
    """One entry: what it is of for ever, the day, the words, and the page that shows it."""

    mark: str
    day: str
    title: str
    text: str
    path: str
    kind: str

    @property
    def id(self) -> str:
        """The id that never changes."""
        return f"urn:uuid:{uuid5(NAMESPACE, self.mark)}"


class Feed(NamedTuple):
    """One feed: its name in addresses, its title and what is in it."""

    name: str
    title: str
    about: str
    read: Callable[[sqlite3.Connection], Iterator[FeedEntry]]

    @property
    def id(self) -> str:
        """The feed's own id."""
        return f"urn:uuid:{uuid5(NAMESPACE, f'feed|{self.name}')}"


def numbered_marks(marks: Sequence[str]) -> list[str]:
    """Return marks in their order; of equal ones the second ends in |2, the third in |3, …."""
    times: Counter[str] = Counter()
    unique = []
    for mark in marks:
        times[mark] += 1
        unique.append(mark if times[mark] == 1 else f"{mark}|{times[mark]}")
    return unique


def milestones(connection: sqlite3.Connection) -> Iterator[FeedEntry]:
    """Yield the milestones of scope frontier; the day is that by which it very likely happened."""
    rows = connection.execute(
        "select kind, dimension, coalesce(key, ''), coalesce(other_key, ''), coalesce(value, ''),"
        " latest_on, what from milestones where scope = 'frontier' order by latest_on, id"
    ).fetchall()
    marks = numbered_marks(
        [
            f"milestone|frontier|{d}|{k}|{key}|{other}|{value}"
            for k, d, key, other, value, *_ in rows
        ]
    )
    for mark, (kind, dimension, *_, latest, what) in zip(marks, rows, strict=True):
        query = urlencode({"dimension": dimension if dimension != "total" else "country"})
        yield FeedEntry(
            mark,
            latest,
            what,
            f"{what} Among the models counted by default, for the lab that published each.",
            f"/census/cumulative_downloads?{query}",
            kind.replace("_", " "),
        )


def changes(connection: sqlite3.Connection) -> Iterator[FeedEntry]:
    """Yield the changes of tags, scopes, rules and data, corrections among them."""
    for number, day, kind, what, reason, headline, points, corrects in connection.execute(
        "select number, date, kind, what, reason, headline, points, corrects from changelog"
        " order by number"
    ):
        moved = f" {headline} moved by {points:+.2f} points." if points is not None else ""
        mended = f" Corrects entry {corrects}." if corrects else ""
        yield FeedEntry(
            f"change|{number}",
            day,
            what,
            f"{reason}{moved}{mended}",
            "/census/changes_of_the_data",
            kind,
        )


def new_models(connection: sqlite3.Connection) -> Iterator[FeedEntry]:
    """Yield the newest models of registered labs, by the day of their creation on the Hub.

    The id is made of the Hub's own identifier, which a new name does not change.
    """
    for hub_id, name, lab, day, tag, parameters in connection.execute(
        "select m.hub_id, m.name, l.name, m.created_at, m.pipeline_tag, m.parameters"
        " from models as m inner join labs as l on m.lab = l.id"
        " where m.in_labs = 1 and m.created_at is not null and m.created_at_floor = 0"
        " order by m.created_at desc, m.name desc limit ?",
        (SHOWN,),
    ):
        size = f", {parameters:,} parameters" if parameters else ""
        yield FeedEntry(
            f"model|{hub_id or name}",
            day,
            f"{name} ({lab})",
            f"New model of {lab}: {name}, {tag or 'no task stated'}{size}.",
            profile_path("models", name),
            "model",
        )


def quality_events(connection: sqlite3.Connection) -> Iterator[FeedEntry]:
    """Yield the quality events of the observations: those of cleaning rules and of sources."""
    rows = connection.execute(
        "select e.kind, coalesce(e.source, ''), e.from_date, coalesce(m.hub_id, m.name, ''),"
        " e.to_date, m.name, e.what from quality_events as e"
        " left join models as m on e.model = m.id order by e.from_date, e.id"
    ).fetchall()
    marks = numbered_marks([f"quality|{k}|{s}|{since}|{model}" for k, s, since, model, *_ in rows])
    for mark, (kind, source, since, _, until, name, what) in zip(marks, rows, strict=True):
        days = since if since == until else f"{since} to {until}"
        about = ", ".join(part for part in (name, source, days) if part)
        title = f"{kind.replace('_', ' ').capitalize()}: {about}"
        path = f"/census/quality_log?{urlencode({'kind': kind})}"
        yield FeedEntry(mark, until, title, what, path, kind.replace("_", " "))


def new_data(connection: sqlite3.Connection) -> Iterator[FeedEntry]:
    """Yield the days of counts that were taken in, one entry a day and source."""
    for source, name, day, models in connection.execute(
        "select s.slug, s.name, f.date, f.rows from observation_files as f"
        " inner join sources as s on f.source = s.id order by f.date desc, s.slug desc limit ?",
        (SHOWN,),
    ):
        title = f"Counts of {day_words(day)} of {models:,} model{'' if models == 1 else 's'}"
        mark, text = f"data|{source}|{day}", f"{title}, by {name}."
        yield FeedEntry(mark, day, title, text, "/census/coverage", "data")


def headlines(connection: sqlite3.Connection) -> Iterator[FeedEntry]:
    """Yield the headline at the end of each month: the two countries with the most downloads.

    A month whose shares are too uncertain to be said has none.
    """
    rows = connection.execute(HEADLINES, (FIRST_MONTH_SAID,))
    columns = [column for column, *_ in rows.description]
    by_name = (dict(zip(columns, row, strict=True)) for row in rows)
    for month, members in groupby(by_name, itemgetter("month")):
        first = list(members)[:2]
        values = [value_of(row, "share_pct", "low_pct", "high_pct") for row in first]
        shares = [None if value is None else share_words(value) for value in values]
        if None in shares:
            continue
        day = first[0]["through"]
        countries = [f"{row['label']} {share}" for row, share in zip(first, shares, strict=True)]
        title = f"Shares of all downloads to {day_words(day)}: {', '.join(countries)}"
        text = f"{title}. Language and vision-language models, by the country of their labs."
        mark = f"headline|frontier|{month}"
        yield FeedEntry(mark, day, title, text, "/census/ranking_by_country", "headline")


FEEDS = {
    feed.name: feed
    for feed in (
        Feed(
            "milestones",
            "Milestones",
            "Who passed whom, round numbers and new leaders in all downloads.",
            milestones,
        ),
        Feed(
            "changes",
            "Changes and corrections",
            "Changes to tags, scopes, rules, method and data, and corrections.",
            changes,
        ),
        Feed(
            "models",
            "New models of tracked labs",
            "Models of the labs in the census, by day of creation.",
            new_models,
        ),
        Feed("data", "New data", "Counts that were added, by day and source.", new_data),
        Feed(
            "headlines",
            "The headline",
            "The shares of the first two countries, month by month.",
            headlines,
        ),
        Feed(
            "quality",
            "Data quality",
            "Counts that were set aside, flagged or missing.",
            quality_events,
        ),
    )
}


def newest(connection: sqlite3.Connection, feed: Feed) -> list[FeedEntry]:
    """Return a feed's newest entries, the newest first, in the same order every time."""
    return sorted(feed.read(connection), key=lambda e: (e.day, e.mark), reverse=True)[:SHOWN]


def as_atom(feed: Feed, entries: Sequence[FeedEntry], base: str, day: str) -> bytes:
    """Return a feed as Atom (RFC 4287); `base` is the site's address without a slash at its end."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed")

    def add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> None:
        element = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
        element.text = text or None

    def person(parent: ElementTree.Element) -> None:
        author = ElementTree.SubElement(parent, f"{{{ATOM}}}author")
        ElementTree.SubElement(author, f"{{{ATOM}}}name").text = AUTHOR

    add(root, "id", feed.id)
    add(root, "title", f"{AUTHOR}: {feed.title}")
    add(root, "subtitle", feed.about)
    add(root, "updated", instant(max([day, *(entry.day for entry in entries)])))
    add(root, "rights", RIGHTS)
    add(
        root, "link", rel="self", type="application/atom+xml", href=f"{base}/feeds/{feed.name}.atom"
    )
    add(root, "link", rel="alternate", type="text/html", href=f"{base}/")
    person(root)
    for entry in entries:
        element = ElementTree.SubElement(root, f"{{{ATOM}}}entry")
        add(element, "id", entry.id)
        add(element, "title", entry.title)
        add(element, "updated", instant(entry.day))
        add(element, "category", term=entry.kind)
        add(element, "link", rel="alternate", type="text/html", href=f"{base}{entry.path}")
        add(element, "summary", entry.text)
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def as_json(feed: Feed, entries: Sequence[FeedEntry], base: str) -> bytes:
    """Return a feed as JSON Feed 1.1."""
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{AUTHOR}: {feed.title}",
        "description": feed.about,
        "home_page_url": f"{base}/",
        "feed_url": f"{base}/feeds/{feed.name}.json",
        "language": "en",
        "authors": [{"name": AUTHOR, "url": f"{base}/"}],
        "items": [
            {
                "id": entry.id,
                "url": f"{base}{entry.path}",
                "title": entry.title,
                "content_text": entry.text,
                "date_published": instant(entry.day),
                "tags": [entry.kind],
            }
            for entry in entries
        ],
    }
    return json.dumps(content, indent=1, ensure_ascii=False).encode()


def instant(day: str) -> str:
    """Return the start of a UTC day as feeds write it."""
    return f"{day}T00:00:00Z"
