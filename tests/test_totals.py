"""The totals by country again, from the files alone and by other code than the pipeline's."""

from __future__ import annotations

import csv
import sqlite3
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from census.base.days import day_number

DATA = Path(__file__).parent.parent / "data"
DAY = "2026-05-23"
SOURCE = "hubstats-2026-05"
RAW = DATA / "observations" / SOURCE / "2026" / f"{DAY}.csv"


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def first_day(partial: str) -> str:
    """Pad YYYY or YYYY-MM to the first day of it."""
    return partial + "0000-01-01"[len(partial) :]


def strength(claim: dict[str, str]) -> tuple[bool, bool, bool, int, str, int]:
    return (
        claim["country"] != "",
        claim["stands_on"] not in ("dateline", "governing_law"),
        claim["evidence"] == "primary",
        {"main_operations": 3, "": 2}.get(claim["stands_on"], 1),
        claim["source_date"],
        ["low", "medium", "high"].index(claim["confidence"]),
    )


def country_at(lab: dict[str, str], claims: list[dict[str, str]], day: str) -> str:
    """Decide a lab's operating country on a day, in the order that the rule is written in."""

    def holds(claim: dict[str, str]) -> bool:
        if claim["confidence"] == "unverified":
            return False
        if claim["valid_from"] and first_day(claim["valid_from"]) > day:
            return False
        if claim["valid_to"] == "unknown":
            later = [
                other["valid_from"]
                for other in claims
                if other["basis"] == claim["basis"]
                and other["confidence"] != "unverified"
                and other["valid_from"] > claim["valid_from"]
            ]
            return not any(first_day(begin) <= day for begin in later)
        return not claim["valid_to"] or first_day(claim["valid_to"]) > day

    order = ["headquarters", "parent_headquarters"]
    if lab["in_house"] == "yes":
        order.reverse()
    for basis in order:
        held = [claim for claim in claims if claim["basis"] == basis and holds(claim)]
        if held:
            # Of equal claims the first of the file wins, as with max.
            return max(held, key=strength)["country"]
    return ""


def recomputed(roles: set[str]) -> dict[str, int]:
    labs = {row["lab"]: row for row in table("labs.csv")}
    namespaces = {row["namespace"]: row for row in table("namespaces.csv")}
    aliases = {row["alias"]: row["model_id"] for row in table("model_aliases.csv")}
    claims = defaultdict(list)
    for row in table("origin_claims.csv"):
        claims[row["lab"]].append(row)
    released = {row["model_id"]: row["created_at"] for row in table("models.csv")}
    released |= {row["model_id"]: row["released_on"] for row in table("release_dates.csv")}
    counted: dict[str, int] = {}
    with RAW.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = aliases.get(row["model_id"], row["model_id"])
            namespace, _, rest = name.partition("/")
            if new := namespaces[namespace]["renamed_to"]:
                name = f"{new}/{rest}"
            counted[name] = int(row["downloads_all_time"])
    totals: dict[str, int] = defaultdict(int)
    for name, count in counted.items():
        lab = labs[namespaces[name.split("/")[0]]["lab"]]
        if lab["role"] in roles:
            totals[country_at(lab, claims[lab["lab"]], released.get(name) or DAY)] += count
    return dict(totals)


@pytest.mark.parametrize(("scope", "roles"), [("labs", {"lab"}), ("hub", {"lab", "repackager"})])
def test_all_time_totals_by_country_are_those_of_the_raw_file(
    census: sqlite3.Connection, scope: str, roles: set[str]
) -> None:
    query = """
        select coalesce(c.country, ''), sum(h.downloads_all_time)
        from history as h
        inner join sources as s on h.source = s.id
        inner join models as m on h.model = m.id
        inner join labs as l on m.lab = l.id
        inner join model_countries as c on m.id = c.model
        where s.slug = ? and h.day = ? and c.attribution = 'publisher' and c.basis = 'operating'
            and (l.role = 'lab' or ?)
        group by c.country
    """
    rows = census.execute(query, [SOURCE, day_number(date.fromisoformat(DAY)), scope == "hub"])
    expected = recomputed(roles)
    assert sum(expected.values()) > 10**9
    assert dict(rows.fetchall()) == expected
