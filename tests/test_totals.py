"""The totals by country again, from the files alone and by other code than the pipeline's."""

from __future__ import annotations

import csv
import sqlite3
from collections import defaultdict
from pathlib import Path

import pytest

DATA = Path(__file__).parent.parent / "data"
DAY = "2026-05-20"
RAW = DATA / "observations" / "hubstats-2026-05" / "2026" / f"{DAY}.csv"


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
        select coalesce(key, ''), cumulative, cumulative_low, cumulative_high
        from series
        where scope = ? and attribution = 'publisher' and basis = 'operating'
            and dimension = 'country' and month = '2026-05'
    """
    rows = census.execute(query, [scope]).fetchall()
    expected = recomputed(roles)
    assert sum(expected.values()) > 10**9
    assert {key: best for key, best, _, _ in rows} == expected
    # On the day of the counts nothing is estimated, so the bounds meet.
    assert all(low == best == high for _, best, low, high in rows)
