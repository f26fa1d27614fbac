"""The smoke test finds each fault of a site, and nothing at a site without one.

The site here is a set of answers by path; the real one is smoke-tested in test_daily_round.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hub_faults import Answer, json_answer
from hub_server import HubServer, Request

from build_db import cli
from census.publish.live import live_hash, wait_for_hash
from census.publish.smoke import CHECKS, PAGES, PNG, POLICIES, Expectation, smoke

DATABASE = b"SQLite format 3 and so on"
SHA256 = hashlib.sha256(DATABASE).hexdigest()
TODAY = datetime.now(UTC).date()
OPEN = {"Access-Control-Allow-Origin": "*"}
SHARES = [
    {"month": "2026-04", "country": "CN", "share_pct": 60.0},
    {"month": "2026-04", "country": None, "share_pct": 40.0},
]
EXPECTED = Expectation(
    questions=("share_by_country", "labs_of_country"),
    rows={"labs": 10},
    sha256=SHA256,
    through=TODAY.isoformat(),
)


def health(age: int = 0, **more: Any) -> dict[str, Any]:
    """Return what a site says of data that are so many days old."""
    through = (TODAY - timedelta(days=age)).isoformat()
    answer = {"ok": age <= 2, "data_through": through, "models": 5, "observations": 6}
    answer["stale_after_days"] = 2
    if age > 2:
        answer["error"] = f"the data end {age} days ago"
    return {**answer, **more}


class Answers(HubServer):
    """A site of fixed answers by path (without the query)."""

    def __init__(self) -> None:
        super().__init__()
        text = {"Content-Type": "text/html"}
        protected = dict.fromkeys(POLICIES, "set")
        shares = json_answer(SHARES)
        self.answers = {
            **{path: Answer(200, b"page", {**text, **protected}) for path in PAGES},
            "/-/healthz": json_answer(health()),
            "/census.json": json_answer({"tables": [{"name": "labs", "count": 10}]}),
            "/-/databases.json": json_answer([{"name": "census", "hash": SHA256}]),
            "/census/share_by_country.json": Answer(200, shares.body, {**shares.headers, **OPEN}),
            "/census/labs_of_country.json": json_answer([{"lab": "qwen"}]),
            "/census/share_by_country.csv": Answer(200, b"month,country\n2026-04,CN\n", OPEN),
            "/census/share_by_country.png": Answer(200, PNG + b"0" * 3000),
            "/-/embed/share_by_country": Answer(200, b"<img>", text),
            "/census.db": Answer(200, DATABASE),
        }

    def answer(self, request: Request) -> Answer:
        """Return the answer for a path; a site with old data serves all the same."""
        answer = self.answers.get(request.path, Answer(404, b"not here"))
        return Answer(200) if "live" in request.query and answer.status == 503 else answer


@pytest.fixture
def site() -> Iterator[Answers]:
    """A site without a fault."""
    with Answers() as server:
        yield server


def failures(site: Answers, expected: Expectation = EXPECTED) -> dict[str, str]:
    """Return the checks that fail and what they say."""
    results = smoke(site.url, expected)
    assert [result.name for result in results] == list(CHECKS)
    return {result.name: result.finding for result in results if not result.passed}


def test_a_good_site_passes(site: Answers) -> None:
    assert failures(site) == {}


FAULTS = [
    ("/-/healthz", json_answer({"ok": False, "error": "there is no database"}, 503), "health"),
    ("/-/healthz", Answer(502, b"bad gateway"), "health"),
    ("/-/healthz", json_answer(health(-3)), "latest date"),
    ("/-/healthz", json_answer(health(1)), "latest date"),
    ("/census.json", json_answer({"tables": [{"name": "labs", "count": 9}]}), "row counts"),
    ("/census.json", json_answer({"tables": []}), "row counts"),
    ("/census.json", json_answer([]), "row counts"),
    ("/census/labs_of_country.json", Answer(400, b"no such table"), "questions"),
    ("/census/labs_of_country.json", Answer(200, b"<html>"), "questions"),
    ("/census/labs_of_country.json", json_answer({"ok": False}), "questions"),
    ("/census/share_by_country.json", json_answer(SHARES), "cors"),
    ("/census/share_by_country.json", json_answer(SHARES[:1]), "shares"),
    ("/census/share_by_country.json", json_answer([]), "shares"),
    ("/census/share_by_country.csv", Answer(200, b"month,country\n", OPEN), "csv"),
    ("/census/share_by_country.csv", Answer(200, b"month,country\na,b\n"), "csv"),
    ("/census/share_by_country.png", Answer(200, b"<svg>" * 1000), "chart"),
    ("/census/share_by_country.png", Answer(200, PNG), "chart"),
    ("/-/embed/share_by_country", Answer(200, b"<p>", {"Content-Type": "text/html"}), "embed"),
    (
        "/-/embed/share_by_country",
        Answer(200, b"<img>", {"Content-Type": "text/html", "X-Frame-Options": "DENY"}),
        "embed",
    ),
    ("/", Answer(200, b"page"), "pages and headers"),
    ("/status", Answer(500), "pages and headers"),
    ("/census.db", Answer(200, DATABASE + b"!"), "download"),
    ("/census.db", Answer(403), "download"),
    ("/-/databases.json", json_answer([{"name": "other", "hash": SHA256}]), "download"),
    ("/census.db", Answer(200, DATABASE, cut=5), "download"),
]


@pytest.mark.parametrize(("path", "answer", "check"), FAULTS)
def test_each_fault_is_found(site: Answers, path: str, answer: Answer, check: str) -> None:
    site.answers[path] = answer
    found = failures(site)
    assert check in found
    assert found[check]


def test_another_database_than_the_one_that_was_built_is_found(site: Answers) -> None:
    other = Expectation(questions=EXPECTED.questions, sha256="0" * 64)
    assert list(failures(site, other)) == ["download"]


@pytest.mark.parametrize(("allow", "wrong"), [(False, ["health", "latest date"]), (True, [])])
def test_old_data_are_allowed_only_when_asked(site: Answers, allow: bool, wrong: list[str]) -> None:
    site.answers["/-/healthz"] = json_answer(health(40), 503)
    expected = Expectation(questions=EXPECTED.questions, allow_stale=allow)
    found = failures(site, expected)
    assert list(found) == wrong
    assert all("allow it with --allow-stale" in said for said in found.values())


def test_allowing_old_data_allows_no_other_fault(site: Answers) -> None:
    site.answers["/-/healthz"] = json_answer(health(0, ok=False, error="no chart can be drawn"))
    expected = Expectation(questions=EXPECTED.questions, allow_stale=True)
    assert failures(site, expected) == {"health": "no chart can be drawn"}


def test_an_answer_that_takes_too_long_is_found(site: Answers) -> None:
    expected = Expectation(questions=EXPECTED.questions, slowest=1e-9)
    assert list(failures(site, expected)) == ["response times"]


def test_a_site_that_is_not_there_fails_every_check() -> None:
    results = smoke("http://127.0.0.1:9", EXPECTED)
    assert [result.name for result in results if result.passed] == ["response times"]


def test_the_command_fails_with_the_site(site: Answers, tmp_path: Path) -> None:
    (tmp_path / "canned_queries").mkdir()
    (tmp_path / "canned_queries/share_by_country.sql").write_text("select 1")
    (tmp_path / "data").mkdir()
    arguments = ["smoke", site.url, "--root", str(tmp_path)]
    good = CliRunner().invoke(cli, arguments)
    assert good.exit_code == 0, good.output
    assert "12 checks hold" in good.output
    site.answers["/"] = Answer(500)
    bad = CliRunner().invoke(cli, arguments)
    assert bad.exit_code == 1
    assert "FAILED  pages and headers" in bad.output
    assert "1 of 12 checks failed" in bad.output


class Clock:
    """A clock that only sleeping moves; something happens at a time."""

    def __init__(self, site: Answers, at: float, sha256: str) -> None:
        self.now = 0.0
        self._site, self._at, self._sha256 = site, at, sha256

    def sleep(self, seconds: float) -> None:
        """Let time pass; from a time on, the site serves another database."""
        self.now += seconds
        if self.now >= self._at:
            shown = json_answer([{"name": "census", "hash": self._sha256}])
            self._site.answers["/-/databases.json"] = shown

    def read(self) -> float:
        """Return the time."""
        return self.now


@pytest.mark.parametrize("before", [json_answer([]), Answer(503), Answer(200, b"building")])
def test_waiting_ends_when_the_hash_appears(site: Answers, before: Answer) -> None:
    site.answers["/-/databases.json"] = before
    clock = Clock(site, 45, "b" * 64)
    waited = wait_for_hash(site.url, "b" * 64, 600, 15, sleep=clock.sleep, clock=clock.read)
    assert waited == 45


def test_waiting_ends_with_what_is_served_instead(site: Answers) -> None:
    clock = Clock(site, 999, "b" * 64)
    with pytest.raises(TimeoutError, match=SHA256[:12]):
        wait_for_hash(site.url, "b" * 64, 60, 15, sleep=clock.sleep, clock=clock.read)
    assert clock.now == 60


@pytest.mark.parametrize("wrapped", [False, True])
def test_the_hash_is_read_of_either_datasette(site: Answers, wrapped: bool) -> None:
    listed = [{"name": "census", "hash": SHA256}]
    site.answers["/-/databases.json"] = json_answer({"databases": listed} if wrapped else listed)
    assert live_hash(site.url) == SHA256
    site.answers["/-/databases.json"] = json_answer({"error": "away"})
    assert live_hash(site.url) is None


def test_a_site_that_is_not_there_names_no_hash() -> None:
    assert live_hash("http://127.0.0.1:9") is None
