"""Press claims on bases, lists and recent downloads: what several rows together decide."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

import pytest
from made_census import insert
from made_sums import Stated, stated

from census.base.days import day_number, day_of
from census.findings.claim_outcomes import Outcome
from census.findings.claim_rules import RULES
from census.findings.claims import parse_arguments
from census.rollups.drawn_sums import DrawnSums

Made = tuple[sqlite3.Connection, DrawnSums]


def decide(made: Made, kind: str, arguments: str) -> Outcome:
    return RULES[kind].decide(*made, parse_arguments(arguments))


@pytest.mark.parametrize(
    ("models", "verdict"),
    [
        ("Red/One", "true"),
        ("Red/Two", "false"),
        ("Red/One,Red/Two", "partly true"),
        # One of which nothing is said leaves the others open, one that is unknown does not.
        ("Red/One,Red/Three", "cannot be decided"),
        ("Red/None,Red/One", "true"),
        ("Red/None", "no data"),
    ],
)
def test_a_base_is_what_all_of_the_models_declare(models: str, verdict: str) -> None:
    made = stated(*(Stated(f"Red/{name}") for name in ("One", "Two", "Three")))
    bases = [(1, "finetune", "Blue/Base-70B", None, None), (2, "merge", "Rose/Other", None, None)]
    insert(made[0], "lineage", bases)
    outcome = decide(made, "base", f"models={models}; base=base-70b; says=Its card.")
    assert outcome.verdict == verdict
    assert all(model in outcome.evidence for model in models.split(","))


@pytest.mark.parametrize(
    ("scored", "count", "verdict", "words"),
    [
        (None, 3, "true", "of which 0 repeat"),
        ((None,), 3, "true", "of which 0 repeat"),
        ((0,), 3, "true", "of which 0 repeat"),
        ((1,), 3, "partly true", "of which 1 repeat"),
        ((1,), 4, "false", "had 3 rows"),
    ],
)
def test_a_list_is_that_of_its_last_day(
    scored: tuple[int | None] | None, count: int, verdict: str, words: str
) -> None:
    made = stated(Stated("Red/One"))
    peers = [
        ("atom", f"Red/{day}", None, day, "https://e.org") for day in ("2026-04-01", "2026-03-01")
    ]
    insert(made[0], "peer_models", peers)
    figure = ("listed", "Peer", "models on the list", "models", None, None, None, 3.0, "models",
              "2026-04-01", None, "primary", "The list", "https://example.com", None)  # fmt: skip
    insert(made[0], "published_figures", [figure])
    if scored is not None:
        score = ("listed", "listed_twice", "tracker", "atom", "frontier", None, "2026-04", 3.0,
                 "models", scored[0], 1.0, 1.0, None, -2.0, 0.0, "units", "differs",
                 "Because.", None, None, None)  # fmt: skip
        insert(made[0], "scoreboard", [score])
    outcome = decide(made, "list", f"tracker=atom; figure=listed; count={count}")
    assert outcome.verdict == verdict
    assert words in outcome.evidence
    assert "that of 2026-04-01 has 2," in outcome.evidence


ON = 20_573
FAMILIES = [("b1", "B 1", "blue"), ("b2", "B 2", "blue"), ("f1", "F 1", "rose")]
RECENT = f"family=red-one; regions=United States; on={day_of(ON).isoformat()}"


def recent(
    counted: Mapping[str, int], last: Mapping[str, int], created: Mapping[str, str] | None = None
) -> Made:
    """Return a census with a model or two a family: counts of one day, and the last of others."""
    names = ("red-one", "red-one-2", "b1", "b1-2", "b2", "f1")
    made = stated(
        *(Stated(f"Red/{name}", family=name.removesuffix("-2")) for name in names),
        families=FAMILIES,
    )
    db = made[0]
    insert(db, "snapshots", [(ON, day_of(ON).isoformat(), 1, 1)])
    for number, name in enumerate(names, start=1):
        if name in counted:
            insert(db, "history", [(ON, number, 1, counted[name], None, None)])
        latest = (last.get(name, counted.get(name)), (created or {}).get(name), number)
        db.execute("update models set latest_30d = ?, created_at = ? where id = ?", latest)
    return made


@pytest.mark.parametrize(
    ("counted", "last", "verdict"),
    [
        ({"red-one": 90, "b1": 89, "b2": 5, "f1": 99}, {"red-one-2": 0, "b1-2": 0}, "true"),
        # Level is neither ahead nor behind.
        ({"red-one": 90, "b1": 90, "b2": 5}, {"red-one-2": 0, "b1-2": 0}, "cannot be decided"),
        ({"red-one": 90, "b1": 80, "b2": 5}, {"red-one-2": 0, "b1-2": 9}, "true"),
        ({"red-one": 90, "b1": 80, "b2": 5}, {"red-one-2": 0, "b1-2": 10}, "cannot be decided"),
        # One rival that is ahead of all that the family can have is enough.
        ({"red-one": 90, "b1": 91, "b2": 5}, {"red-one-2": 0, "b1-2": 0}, "false"),
        ({"red-one": 90, "b1": 91, "b2": 5}, {"red-one-2": 1, "b1-2": 0}, "cannot be decided"),
        ({"red-one": 90, "b1": 5, "b2": 92}, {"red-one-2": 1, "b1-2": 0}, "false"),
        # A model that was never counted may have any number.
        ({"red-one": 90, "b1": 91, "b2": 5}, {"b1-2": 0}, "cannot be decided"),
        ({"red-one": 90, "b1": 5, "b2": 5}, {"red-one-2": 0}, "cannot be decided"),
    ],
)
def test_recent_downloads_decide_where_uncounted_models_cannot_turn_them(
    counted: Mapping[str, int], last: Mapping[str, int], verdict: str
) -> None:
    made = recent(counted, {"f1": 0, **last})
    assert decide(made, "unpassed_recent", RECENT).verdict == verdict


def test_the_largest_rivals_of_a_day_are_named_with_models_of_that_day() -> None:
    day = day_of(ON).isoformat()
    counted = {"red-one": 90, "b1": 5, "b2": 70}
    last = {"red-one-2": 3, "b1-2": 4, "f1": 0}
    # One that was created on the very day is among them, one of the day after is not.
    created = {"red-one-2": day, "b1-2": day_of(ON + 1).isoformat()}
    assert day_number(day_of(ON)) == ON
    said = decide(recent(counted, last, created), "unpassed_recent", RECENT).evidence
    assert "Red One 90 (1 models, the 1 others 3 when last counted)" in said
    assert said.endswith("B 2 70 (1 models); B 1 5 (1 models).")
