"""No page of the sitemap says None, and no link leads there."""

from __future__ import annotations

import re
import sqlite3
from xml.etree import ElementTree

from site_client import Client

LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
# A page that prints what is not known: as a text of its own, or as an address.
NONE = re.compile(r'(?:href|src)="(?:None|/[^"]*/None)"|>\s*None\s*<|\bNone\b(?= models?\b)')


def addresses(site: Client) -> list[str]:
    """Return the paths of the sitemap."""
    tree = ElementTree.fromstring(site.get("/sitemap.xml").content)
    return [str(loc.text).removeprefix("http://localhost") for loc in tree.iter(LOC)]


def kinds_of_models(census: sqlite3.Connection) -> set[str]:
    """Return one model of each kind: by its sources, and by which of its facts are unknown."""
    columns = [row[1] for row in census.execute("pragma table_info(models)")]
    unknown = " || ".join(f'("{column}" is null)' for column in columns)
    found: set[str] = set()
    for key in ("metadata_source", unknown):
        found |= {
            name for (name,) in census.execute(f"select min(name) from models group by {key}")
        }
    return found


def test_no_page_says_none(site: Client, census: sqlite3.Connection) -> None:
    models = kinds_of_models(census)
    paths = [
        path
        for path in addresses(site)
        if not path.startswith("/models/") or path.removeprefix("/models/") in models
    ]
    assert len(paths) > 300
    wrong = {}
    for path in paths:
        page = site.get(path)
        assert page.status_code == 200, path
        if found := NONE.findall(page.text):
            wrong[path] = found
    assert wrong == {}


def test_every_source_of_a_models_facts_is_named(site: Client, census: sqlite3.Connection) -> None:
    name, slugs = census.execute(
        "select name, metadata_source from models where instr(metadata_source, ' ') limit 1"
    ).fetchone()
    page = site.get(f"/models/{name}").text
    for slug in slugs.split():
        (url,) = census.execute("select url from sources where slug = ?", (slug,)).fetchone()
        assert f'href="{url}"' in page
