"""Feeds: valid, with ids that stay, and links that answer."""

from __future__ import annotations

import re
import sqlite3
from typing import Any
from xml.etree import ElementTree

import pytest
from made_census import insert, make_census
from site_client import Client

from census.pages.feeds import ATOM, FEEDS, NAMESPACE, SHOWN, newest, numbered_marks

INSTANT = re.compile(r"^\d{4}-\d{2}-\d{2}T00:00:00Z$")
URN = re.compile(r"^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")


def parts(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """Return the children of an element of Atom with a name."""
    return element.findall(f"{{{ATOM}}}{name}")


def one(element: ElementTree.Element, name: str) -> str:
    """Return the text of the one child with a name."""
    found = parts(element, name)
    assert len(found) == 1, name
    assert found[0].text
    return found[0].text


def rows(feed: str, db: sqlite3.Connection) -> dict[str, str]:
    """Return the title of each entry of a feed by its id."""
    return {entry.id: entry.title for entry in newest(db, FEEDS[feed])}


def test_a_day_of_counts_is_new_data_once(census: sqlite3.Connection) -> None:
    found = newest(census, FEEDS["data"])
    last = census.execute("select max(date) from observation_files").fetchone()[0]
    assert found[0].day == last
    assert len({entry.id for entry in found}) == len(found)


def test_the_headline_of_a_month_is_that_of_its_last_day(census: sqlite3.Connection) -> None:
    first = newest(census, FEEDS["headlines"])[0]
    day, share = census.execute(
        "select through, share_pct from series_steps where scope = 'frontier' and step = 'month'"
        " and attribution = 'publisher' and basis = 'operating' and measure = 'cumulative'"
        " and dimension = 'country' and key = 'CN' order by through desc limit 1"
    ).fetchone()
    assert first.day == day
    assert f"China {share:.1f}%" in first.title
    assert all(entry.day >= "2024-09" for entry in newest(census, FEEDS["headlines"]))


@pytest.mark.parametrize("name", list(FEEDS))
def test_atom_has_what_its_standard_demands(site: Client, name: str) -> None:
    answer = site.get(f"/feeds/{name}.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)
    assert feed.tag == f"{{{ATOM}}}feed"
    assert URN.match(one(feed, "id"))
    assert one(feed, "title")
    assert INSTANT.match(one(feed, "updated"))
    assert one(parts(feed, "author")[0], "name")
    links = {link.get("rel"): link.get("href", "") for link in parts(feed, "link")}
    assert links["self"].startswith("http")
    assert links["self"].endswith(f"/feeds/{name}.atom")
    entries = parts(feed, "entry")
    assert 0 < len(entries) <= SHOWN
    ids = [one(entry, "id") for entry in entries]
    assert len(ids) == len(set(ids))
    assert all(URN.match(number) for number in ids)
    days = [one(entry, "updated") for entry in entries]
    assert days == sorted(days, reverse=True)
    assert all(INSTANT.match(day) for day in days)
    for entry in entries:
        assert one(entry, "title")
        assert one(entry, "summary")
        assert len(parts(entry, "link")) == 1
        assert parts(entry, "category")[0].get("term")


@pytest.mark.parametrize("name", list(FEEDS))
def test_json_says_the_same_as_atom(site: Client, name: str) -> None:
    answer = site.get(f"/feeds/{name}.json")
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    feed: dict[str, Any] = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"].endswith(f"/feeds/{name}.json")
    atom = ElementTree.fromstring(site.get(f"/feeds/{name}.atom").content)
    assert [(item["id"], item["title"], item["date_published"]) for item in feed["items"]] == [
        (one(entry, "id"), one(entry, "title"), one(entry, "updated"))
        for entry in parts(atom, "entry")
    ]
    for item in feed["items"][:3]:
        path = item["url"].partition("://")[2].partition("/")[2]
        assert site.get(f"/{path}").status_code == 200
        assert item["content_text"]


def test_an_unknown_feed_is_not_there(site: Client) -> None:
    assert site.get("/feeds/rumours.atom").status_code == 404


def milestone(number: int, latest: str, what: str, key: str = "CN") -> tuple[Any, ...]:
    """Return a row of the table milestones."""
    return (
        number, "crossing", "frontier", "country", key, "China", "US", "United States", None,
        "2025-01", latest, 1, None, what, "2025-01-01", f"{latest}-15", 0.95,
    )  # fmt: skip


def test_a_narrower_bound_or_better_words_keep_the_id() -> None:
    before, after = make_census(), make_census()
    insert(before, "milestones", [milestone(1, "2026-03", "China passed the US by March.")])
    insert(
        after,
        "milestones",
        [
            milestone(1, "2025-02", "France passed the US.", key="FR"),
            milestone(2, "2025-08", "China passed the United States by August."),
        ],
    )
    (kept,) = rows("milestones", before)
    assert rows("milestones", after)[kept] == "China passed the United States by August."
    assert len(rows("milestones", after)) == 2


def test_a_renamed_model_keeps_its_id() -> None:
    before, after = make_census(), make_census()
    after.execute("update models set name = 'Red/One-8B-Renamed' where name = 'Red/One-8B'")
    ids = {title: number for number, title in rows("models", before).items()}
    kept = ids["Red/One-8B (Red Lab)"]
    assert rows("models", after)[kept] == "Red/One-8B-Renamed (Red Lab)"
    assert "Packer/One-8B-GGUF (Packer)" not in ids
    assert "Red/Embed (Red Lab)" not in ids, "older than its day says"


def test_an_event_that_goes_on_keeps_its_id() -> None:
    before, after = make_census(), make_census()
    event = (1, "stall", "made", "2026-03-01", "2026-03-05", 1, 1, "No growth for 5 days.")
    insert(before, "quality_events", [event])
    longer = (2, "stall", "made", "2026-03-01", "2026-03-09", 1, 1, "No growth for 9 days.")
    earlier = (1, "stall", "made", "2026-02-01", "2026-02-02", 2, 1, "Another.")
    insert(after, "quality_events", [earlier, longer])
    assert set(rows("quality", before)) < set(rows("quality", after))


def test_what_happened_twice_is_two_entries() -> None:
    assert numbered_marks(["a", "b", "a", "a"]) == ["a", "b", "a|2", "a|3"]


def test_ids_hang_on_a_number_that_never_changes() -> None:
    assert str(NAMESPACE) == "6f1c1f0e-8f0a-4f7e-9a53-0c7b7f3d2a11"
    db = make_census()
    insert(
        db, "changelog", [(1, "2026-05-01", "rule", "X", "Y", None, None, None, None, None, None)]
    )
    assert list(rows("changes", db)) == ["urn:uuid:a6637c5a-a016-5ef9-8da4-774649216c02"]
