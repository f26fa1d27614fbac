"""Press claims put to rules: each rule on the made census, the real claims on the real one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlite_utils
from made_census import ask, insert, make_census_with_draws, pick

from census.base.csv_files import Problem, Row
from census.findings.claim_rules import RULES
from census.findings.claims import load_fact_checks, parse_arguments, read_fact_checks
from census.rollups.drawn_sums import DrawnSums

QUESTIONS = {file.stem for file in (Path(__file__).parent.parent / "canned_queries").glob("*.sql")}


Made = tuple[sqlite3.Connection, DrawnSums]


@pytest.fixture(scope="module")
def made() -> Made:
    db, downloads, draws = make_census_with_draws()
    insert(db, "lineage", [(2, "finetune", "Blue/One-70B", 3, None)])
    listed = [("Red/One-8B", 1), ("RedOld/One-8B", 1), ("Blue/One-70B", 3)]
    insert(
        db,
        "peer_models",
        [("atom", name, key, "2026-04-01", "https://example.com") for name, key in listed],
    )
    figure = ("listed", "Peer", "models on the list", "models", None, None, None, 3.0, "models",
              "2026-04-01", None, "primary", "The list", "https://example.com", None)  # fmt: skip
    insert(db, "published_figures", [figure])
    score = ("listed", "listed_twice", "tracker", "atom", "frontier", None, "2026-04", 3.0,
             "models", 1.0, 1.0, 1.0, None, -2.0, 0.0, "units", "differs", "Because.", None, None,
             None)  # fmt: skip
    insert(db, "scoreboard", [score])
    source = (
        "made",
        "Made scores",
        "import",
        "Nobody",
        "made",
        "of one day",
        "CC0",
        "N",
        "https://e.org",
        "",
    )
    insert(db, "capability_sources", [source])
    scored = [
        ("First", "open", 10.0, 9.5, 11.0),
        ("Second", "open", 9.0, 8.0, 10.0),
        ("Third", "open", 5.0, None, None),
        ("Closed", "closed", 20.0, None, None),
    ]
    day = ("2026-05-01", "2026-05-01")
    for number, (name, weights, *values) in enumerate(scored):
        head = (number, "made", *day, name, None, None, None, None, weights, None)
        insert(db, "capability_scores", [(*head, *values, None)])
    # On 30 April Red One 250 and 100; Blue One was not counted, and has had 150.
    day = (20573, "2026-04-30", 2, 2)
    insert(db, "snapshots", [day])
    insert(db, "history", [(20573, 1, 1, 250, 1000, 1), (20573, 2, 1, 100, 300, 1)])
    return db, DrawnSums(downloads, draws)


AHEAD = "scope=frontier; dimension=country; first={}; second={}; month={}"
PASSED = "scope=frontier; dimension=country; first=CN; second=US; month={}"
BASE = "models={}; base={}; says=Its card."
LED = "scope=frontier; dimension=country; key={}; since={}; until=2026-05; note=More is"
REACHED = "scope=frontier; dimension=country; key={}; month=2026-03; number={}"


@pytest.mark.parametrize(
    ("kind", "arguments", "verdict", "evidence"),
    [
        ("origin", "labs=red; country=CN", "true", "Red Lab: China (Page of red)."),
        ("origin", "labs=red,blue; country=CN", "partly true", "Blue Lab: United States"),
        ("origin", "labs=red,blue; country=FR", "false", "Red Lab: China"),
        ("origin", "labs=lost; country=CN", "cannot be decided", "Lost Lab: unverified"),
        ("origin", "labs=lost,red; country=US", "false", "Lost Lab: unverified"),
        ("origin", "labs=lost,red; country=CN", "cannot be decided", "Lost Lab: unverified"),
        # One of another country: not all are from it, whatever the unverified one is.
        ("origin", "labs=red,lost,blue; country=CN", "partly true", "Blue Lab: United States"),
        # A model that declares no base says nothing of what it was made from.
        ("base", BASE.format("Red/One-8B", "gpt-3"), "cannot be decided", "declares no base model"),
        ("base", BASE.format("Red/One-1B", "one-70b"), "true", "the base Blue/One-70B"),
        ("base", BASE.format("Red/One-1B", "gpt-3"), "false", "the base Blue/One-70B"),
        ("base", BASE.format("Red/One-1B,Red/One-8B", "Blue"), "cannot be decided", "Its card."),
        ("base", BASE.format("Red/Never", "Blue"), "no data", "Red/Never is not in the census"),
        ("list", "tracker=atom; figure=listed; count=3", "partly true", "of which 1 repeat"),
        ("list", "tracker=atom; figure=listed; count=4", "false", "had 3 rows"),
        ("list", "tracker=none; figure=listed; count=3", "no data", "not in the census"),
        # At the end of March China had 770 - 40p, the United States 560 + 80p and what is known of
        # Uncounted, 60; p runs from 0 to 1 in 200 steps.
        ("ahead", AHEAD.format("CN", "US", "2026-03"), "true", "the United States 564 to 636"),
        ("ahead", AHEAD.format("US", "CN", "2026-03"), "false", "China 732 to 768"),
        # With France 40 more: below 770 - 40p up to p = 0.917 with Uncounted, always without.
        ("ahead", AHEAD.format("CN", "US+FR", "2026-03"), "cannot be decided",
         "in 184 to 200 of 200 draws, depending on models without an all-time count"),
        # In February 360 - 20p against 320 + 180p: up to p = 0.2 without Uncounted.
        ("ahead", AHEAD.format("CN", "US", "2026-02"), "cannot be decided", "in 0 to 40 of 200"),
        ("ahead", AHEAD.format("CN", "US", "2024-02"), "no data", "do not reach February 2024"),
        ("ahead", AHEAD.format("JP", "US", "2026-02"), "no data", "no downloads in the census"),
        ("passed", PASSED.format("2026-03"), "cannot be decided", "in 160 to 200 of 200 draws"),
        # The bounds leave it possible that China was ahead at the end of February already.
        ("passed", PASSED.format("2026-02"), "cannot be decided", "in 0 to 40 of 200 draws"),
        ("passed", PASSED.format("2026-01"), "false", "begins on 8 February 2026"),
        ("passed", PASSED.format("2026-04"), "false", "by 27 March 2026"),
        ("passed", PASSED.format("2024-03"), "cannot be decided", "nothing is said"),
        ("passed", PASSED.format("2026-07"), "no data", "do not reach July 2026"),
        (
            "passed",
            "scope=frontier; dimension=country; first=FR; second=US; month=2026-03",
            "false",
            "do not show that France passed the United States",
        ),
        (
            "passed",
            "scope=frontier; dimension=country; first=JP; second=US; month=2026-03",
            "no data",
            "no downloads",
        ),
        ("led", LED.format("CN", "2026-03"), "very likely true", "in 200 of 200 draws"),
        ("led", LED.format("FR", "2026-03"), "very likely false", "in 0 of 200 draws"),
        # One event over all months: in January China led in no draw.
        ("led", LED.format("CN", "2026-01"), "very likely false", "in 0 of 200 draws"),
        ("led", LED.format("JP", "2026-01"), "no data", "no downloads"),
        # Draws at the 3rd of 200 and on are 731 or more.
        ("reached", REACHED.format("CN", 700), "true", "732 to 768 downloads"),
        ("reached", REACHED.format("CN", 731), "very likely true", "in 196 of 200 draws"),
        ("reached", REACHED.format("CN", 900), "cannot be decided", "Others"),
        ("reached", REACHED.format("JP", 900), "no data", "say nothing of it"),
        ("not_observed", "reason=Tokens.; question=denominators", "cannot be decided", "Tokens."),
        # Red has 1600 of text, Blue the only vision model.
        ("modalities", "lab=red; open=speed", "partly true", "text: Red Lab, 1,600"),
        ("modalities", "lab=rose; open=speed", "false", "Not told apart: speed."),
        ("unpassed", "family=red-one; regions=United States", "true", "Red One 1,600"),
        ("unpassed", "family=blue-one; regions=China", "false", "Blue One 700"),
        ("unpassed", "family=none; regions=China", "no data", "no downloads of the family"),
        (
            "unpassed_recent",
            "family=red-one; regions=United States; on=2026-04-30",
            "true",
            "Red One 350 (2 models); Blue One 0 (0 models, the 1 others 150 when last counted)",
        ),
        (
            "unpassed_recent",
            "family=blue-one; regions=China; on=2026-04-30",
            "no data",
            "No model of the family was counted on 30 April 2026",
        ),
        ("rank", "models=Rose/Small-8B", "cannot be decided", "place 2 of 3 counted models"),
        ("scored", "scores=made; model=First; top=2", "true", "place 1 of 3 open models"),
        ("scored", "scores=made; model=Second; top=1", "cannot be decided", "between 1 and 2"),
        ("scored", "scores=made; model=Third; top=2", "false", "no intervals"),
        ("scored", "scores=made; model=Closed; top=2", "no data", "has no score there"),
        ("rank", "models=Blue/Uncounted-7B", "cannot be decided", "has no cumulative count"),
    ],
)  # fmt: skip
def test_a_rule(made: Made, kind: str, arguments: str, verdict: str, evidence: str) -> None:
    outcome = RULES[kind].decide(*made, parse_arguments(arguments))
    assert outcome.verdict == verdict, outcome.evidence
    assert evidence in outcome.evidence
    assert outcome.query.partition("?")[0] in QUESTIONS


@pytest.mark.parametrize(
    ("kind", "arguments", "query"),
    [
        (
            "ahead",
            AHEAD.format("CN", "US", "2026-03"),
            "cumulative_downloads?dimension=country&scope=frontier&top=50&until=2026-03",
        ),
        (
            "passed",
            PASSED.format("2026-03"),
            "milestones_in_order?dimension=country&scope=frontier&kind=crossing",
        ),
        (
            "reached",
            REACHED.format("CN", 700),
            "country_history?country=CN&scope=frontier&since=2024-09&until=2026-03",
        ),
        (
            "unpassed_recent",
            "family=red-one; regions=United States; on=2026-04-30",
            "top_models?scope=frontier&measure=recent&on=2026-04-30&limit=3000",
        ),
    ],
)
def test_the_link_of_a_claim_shows_what_decided_it(
    made: Made, kind: str, arguments: str, query: str
) -> None:
    assert RULES[kind].decide(*made, parse_arguments(arguments)).query == query


def test_counts_that_could_turn_the_order_decide_nothing(made: Made) -> None:
    """Blue One is counted with 340, Red One with 350; a Blue model not counted then had 150."""
    made[0].commit()
    source, target = made[0], sqlite3.connect(":memory:")
    source.backup(target)
    insert(target, "history", [(20573, 3, 1, 340, 500, 1)])
    target.execute("update models set family = 'blue-one' where id = 4")
    given = parse_arguments("family=red-one; regions=United States; on=2026-04-30")
    outcome = RULES["unpassed_recent"].decide(target, made[1], given)
    assert outcome.verdict == "cannot be decided"
    # A count that stands out is not added: then 100 of Red One are behind 340.
    event = (99, "outlier", "made", "2026-04-30", "2026-04-30", 1, 1, "stands out")
    insert(target, "quality_events", [event])
    target.execute("update models set latest_30d = 20 where id = 1")
    outcome = RULES["unpassed_recent"].decide(target, made[1], given)
    assert outcome.verdict == "false"
    assert "Red One 100 (1 models, the 1 others 20 when last counted)" in outcome.evidence


def test_every_rule_is_tested_above_with_its_arguments() -> None:
    marks = test_a_rule.pytestmark  # type: ignore[attr-defined]
    tested = {(case[0], frozenset(parse_arguments(case[1]))) for case in marks[0].args[1]}
    assert tested == {(kind, frozenset(rule.arguments)) for kind, rule in RULES.items()}


def test_claims_and_their_checks_are_shown_together() -> None:
    db, downloads, draws = make_census_with_draws()
    claim = ("claim", "Red is American.", "A paper", "2026-05-01", "origin", "origins", "no", None)
    insert(db, "press_claims", [claim])
    checks = [
        Row({"claim_id": "claim", "kind": "origin", "arguments": "labs=red; country=US"}, "f", 2)
    ]
    load_fact_checks(sqlite_utils.Database(db), checks, DrawnSums(downloads, draws))
    rows = ask(db, "press_fact_checks")
    assert pick(rows, "claim", "verdict", "decided_by") == [
        ("Red is American.", "false", "origin_evidence?lab=red")
    ]
    assert ask(db, "press_fact_checks", verdict="true") == []


def test_faults_name_file_line_and_reason(tmp_path: Path) -> None:
    lines = [
        "known,origin,labs=red; country=US",
        "other,origin,labs=red; country=US",
        "known,rumour,labs=red",
        "known,origin,labs=red",
        "known,origin,labs",
        "known,origin,labs=red; country=US; month=2026-03",
    ]
    (tmp_path / "fact_checks.csv").write_text("claim_id,kind,arguments\n" + "\n".join(lines) + "\n")
    problems: list[Problem] = []
    read_fact_checks(tmp_path, {"known"}, problems)
    reasons = {(problem.line, problem.reason) for problem in problems}
    assert (3, "claim_id 'other' is not in press_claims.csv") in reasons
    assert (5, "arguments of origin are: labs, country") in reasons
    assert (6, "argument 'labs' is not name=value") in reasons
    assert any(line == 4 and "kind 'rumour'" in reason for line, reason in reasons)
    # More than a rule takes would be a condition that nobody tests.
    assert (7, "arguments of origin are: labs, country") in reasons
    assert {line for line, _ in reasons} == {3, 4, 5, 6, 7}


def test_every_real_claim_is_checked(census: sqlite3.Connection) -> None:
    rows = ask(census, "press_fact_checks")
    claims = {claim for (claim,) in census.execute("select claim from press_claims")}
    assert {row["claim"] for row in rows} == claims
    assert len(claims) >= 10
    assert all(row["decided_by"].partition("?")[0] in QUESTIONS for row in rows)


def test_what_is_known_of_real_claims(census: sqlite3.Connection) -> None:
    rows = ask(census, "press_fact_checks")
    labs = next(row for row in rows if "are US companies" in row["claim"])
    assert labs["verdict"] == "false"
    assert labs["evidence"].count("China") >= 3
    base = next(row for row in rows if "GPT-3" in row["claim"])
    assert base["verdict"] == "cannot be decided"
    assert "declares no base model" in base["evidence"]
    listed = next(row for row in rows if "1,152" in row["claim"])
    assert (listed["verdict"], "of which 93 repeat" in listed["evidence"]) == ("partly true", True)
    # Two trackers name two months: at most one of them can be true.
    passed = [row["verdict"] for row in rows if row["claim"].startswith("Qwen passed Llama")]
    assert len(passed) == 2
    assert sum("true" in verdict for verdict in passed) <= 1
    # Of recent downloads and of all downloads the answer is not the same.
    western = {row["rule"]: row for row in rows if "No Western model" in row["claim"]}
    assert western["unpassed"]["verdict"] == "true"
    assert western["unpassed_recent"]["verdict"] == "false"
    assert "Gemma 47.0 million" in western["unpassed_recent"]["evidence"]
    assert "Llama 34.3 million" in western["unpassed_recent"]["evidence"]


def test_verdicts_on_draws_follow_from_the_published_series(census: sqlite3.Connection) -> None:
    """Where one key's likely interval lies above another's, a verdict cannot say the opposite."""
    checked = 0
    for arguments, verdict, p in census.execute(
        "select arguments, verdict, p from fact_checks where kind = 'passed'"
    ):
        given = parse_arguments(arguments)
        ends = {
            (key, month): (low, high)
            for key, month, low, high in census.execute(
                "select key, month, cumulative_likely_low, cumulative_likely_high from series"
                " where scope = ? and dimension = ? and attribution = 'publisher'"
                " and basis = 'operating' and key in (?, ?)",
                (given["scope"], given["dimension"], given["first"], given["second"]),
            )
        }
        year, month = map(int, given["month"].split("-"))
        before = f"{year - (month == 1)}-{(month - 2) % 12 + 1:02d}"
        then, rival = ends[given["first"], before], ends[given["second"], before]
        if then[0] > rival[1]:
            checked += 1
            assert verdict in ("false", "very likely false")
            assert p <= 0.05
    assert checked
