"""Press claims put to rules: each rule on the made census, the real claims on the real one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlite_utils
from made_census import ask, insert, make_census, pick

from census.claim_rules import RULES
from census.fact_checks import load_fact_checks, parse_arguments, read_fact_checks
from census.questions import read_questions
from census.tables import Problem, Row

QUESTIONS = Path(__file__).parent.parent / "canned_queries"


@pytest.fixture(scope="module")
def made() -> sqlite3.Connection:
    db = make_census()
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
             "models", 1.0, 1.0, 1.0, None, -2.0, 0.0, "units", "differs", "Because.")  # fmt: skip
    insert(db, "scoreboard", [score])
    return db


AHEAD = "scope=frontier; dimension=country; first={}; second={}; month={}"
REACHED = "scope=frontier; dimension=country; key={}; month={}; number={}"
PASSED = "scope=frontier; dimension=country; first=CN; second=US; month={}"
LED = "scope=frontier; dimension=country; key={}; since=2026-03; until=2026-05"


@pytest.mark.parametrize(
    ("kind", "arguments", "verdict", "evidence"),
    [
        ("origin", "labs=red; country=CN", "true", "Red Lab: China (Page of red)."),
        ("origin", "labs=red,blue; country=CN", "partly true", "Blue Lab: United States"),
        ("origin", "labs=red,blue; country=FR", "false", "Red Lab: China"),
        ("origin", "labs=lost; country=CN", "cannot be decided", "Lost Lab: unverified"),
        ("origin", "labs=lost,red; country=US", "false", "Lost Lab: unverified"),
        ("base", "models=Red/One-8B; base=gpt-3", "false", "declares no base model"),
        ("base", "models=Red/One-1B; base=one-70b", "true", "declares the base Blue/One-70B"),
        ("base", "models=Red/One-1B,Red/One-8B; base=Blue", "partly true", "10 January 2026"),
        ("base", "models=Red/Never; base=Blue", "no data", "Red/Never is not in the census"),
        ("list", "tracker=atom; figure=listed; count=3", "partly true", "of which 1 repeat"),
        ("list", "tracker=atom; figure=listed; count=4", "false", "had 3 rows"),
        ("list", "tracker=none; figure=listed; count=3", "no data", "not in the census"),
        # China 730 to 770, the United States 540 to 660 in March.
        ("ahead", AHEAD.format("CN", "US", "2026-03"), "true", "CN 730 to 770, US 540 to 660"),
        ("ahead", AHEAD.format("US", "CN", "2026-03"), "false", "CN 730 to 770"),
        ("ahead", AHEAD.format("CN", "US+FR", "2026-03"), "true", "US+FR 580 to 700"),
        ("ahead", AHEAD.format("CN", "US", "2026-02"), "cannot be decided", "US 300 to 520"),
        ("ahead", AHEAD.format("CN", "US", "2024-02"), "no data", "do not reach February 2024"),
        ("passed", PASSED.format("2026-03"), "cannot be decided", "if it was ever behind"),
        ("passed", PASSED.format("2026-01"), "false", "between February 2026 and March 2026"),
        ("passed", PASSED.format("2026-04"), "false", "between February 2026 and March 2026"),
        (
            "passed",
            "scope=frontier; dimension=country; first=FR; second=US; month=2026-03",
            "false",
            "do not show that France passed United States",
        ),
        (
            "passed",
            "scope=frontier; dimension=country; first=JP; second=US; month=2026-03",
            "no data",
            "no downloads",
        ),
        ("led", LED.format("CN"), "true", "led in 3 and certainly did not in 0 of 3 months"),
        ("led", LED.format("FR"), "false", "led in 0 and certainly did not in 3 of 3 months"),
        ("led", LED.format("JP"), "no data", "no downloads"),
        (
            "led",
            "scope=frontier; dimension=country; key=CN; since=2026-01; until=2026-05",
            "cannot be decided",
            "led in 3",
        ),
        # Red leads text with 1600 of 2500, Blue vision.
        ("modalities", "lab=red; open=speed", "partly true", "text: Red Lab leads, 1,600"),
        ("modalities", "lab=rose; open=speed", "false", "Not told apart: speed."),
        # In April Red One had 1300 less 750 (730 to 770), Blue One 100 (50 to 150).
        ("unpassed", "family=red-one; regions=United States", "true", "Red One had 530 to 570"),
        ("unpassed", "family=blue-one; regions=China", "false", "certainly more had: Red One"),
        ("unpassed", "family=none; regions=China", "no data", "no monthly downloads"),
        ("rank", "models=Rose/Small-8B", "cannot be decided", "150 downloads, place 2 of 3"),
        ("rank", "models=Blue/Uncounted-7B", "cannot be decided", "has no cumulative count"),
        # China had 730 to 770 in March: fewer than are claimed may be a part of them.
        ("reached", REACHED.format("CN", "2026-03", 730), "true", "have 730 to 770 downloads"),
        ("reached", REACHED.format("CN", "2026-03", 740), "cannot be decided", "may count"),
        ("reached", REACHED.format("CN", "2026-03", 900), "cannot be decided", "may count"),
        ("reached", REACHED.format("CN", "2030-01", 900), "no data", "by January 2030"),
        (
            "not_observed",
            "reason=Tokens are not downloads.; question=share_by_country",
            "cannot be decided",
            "Tokens are not downloads.",
        ),
    ],
)
def test_a_rule(
    made: sqlite3.Connection, kind: str, arguments: str, verdict: str, evidence: str
) -> None:
    outcome = RULES[kind].decide(made, parse_arguments(arguments))
    assert outcome.verdict == verdict, outcome.evidence
    assert evidence in outcome.evidence
    assert outcome.query.partition("?")[0] in read_questions(QUESTIONS)


def test_every_rule_is_tested_above_with_its_arguments() -> None:
    marks = test_a_rule.pytestmark  # type: ignore[attr-defined]
    tested = {(case[0], frozenset(parse_arguments(case[1]))) for case in marks[0].args[1]}
    assert tested == {(kind, frozenset(rule.arguments)) for kind, rule in RULES.items()}


def test_claims_and_their_checks_are_shown_together() -> None:
    db = make_census()
    claim = ("claim", "Red is American.", "A paper", "2026-05-01", "origin", "origins", "no", None)
    insert(db, "press_claims", [claim])
    checks = [
        Row({"claim_id": "claim", "kind": "origin", "arguments": "labs=red; country=US"}, "f", 2)
    ]
    load_fact_checks(sqlite_utils.Database(db), checks)
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
    ]
    (tmp_path / "fact_checks.csv").write_text("claim_id,kind,arguments\n" + "\n".join(lines) + "\n")
    problems: list[Problem] = []
    read_fact_checks(tmp_path, {"known"}, problems)
    reasons = {(problem.line, problem.reason) for problem in problems}
    assert (3, "claim_id 'other' is not in press_claims.csv") in reasons
    assert (5, "arguments of origin are: labs, country") in reasons
    assert (6, "argument 'labs' is not name=value") in reasons
    assert any(line == 4 and "kind 'rumour'" in reason for line, reason in reasons)
    assert {line for line, _ in reasons} == {3, 4, 5, 6}


def test_every_real_claim_is_checked(census: sqlite3.Connection) -> None:
    rows = ask(census, "press_fact_checks")
    claims = {claim for (claim,) in census.execute("select claim from press_claims")}
    assert {row["claim"] for row in rows} == claims
    assert len(claims) >= 10
    questions = read_questions(QUESTIONS)
    assert all(row["decided_by"].partition("?")[0] in questions for row in rows)


def test_what_is_known_of_real_claims(census: sqlite3.Connection) -> None:
    rows = ask(census, "press_fact_checks")
    labs = next(row for row in rows if "are US companies" in row["claim"])
    assert labs["verdict"] == "false"
    assert labs["evidence"].count("China") >= 3
    base = next(row for row in rows if "GPT-3" in row["claim"])
    assert (base["verdict"], "declares no base model" in base["evidence"]) == ("false", True)
    listed = next(row for row in rows if "1,152" in row["claim"])
    assert (listed["verdict"], "of which 93 repeat" in listed["evidence"]) == ("partly true", True)
    # Two trackers name two months: at most one of them can be true.
    passed = [row["verdict"] for row in rows if row["claim"].startswith("Qwen passed Llama")]
    assert len(passed) == 2
    assert passed.count("true") <= 1
