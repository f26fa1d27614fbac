"""How new each source must be, by declaration: what is stale says so, wherever anybody looks."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hub_faults import Answer, json_answer
from hub_server import HubServer
from live_site import Issues
from site_client import Client

from build_db import cli
from census.base.csv_files import Problem
from census.database.checks import failed_gates
from census.database.declared_tables import schema
from census.pages.freshness import figures_by_day, record_sentence, source_rows, stale_lines
from census.publish.watching import watch
from census.store.freshness import (
    BLOCK,
    FILE,
    FRESHNESS_FILE,
    RECORD,
    RECORD_FILE,
    WARN,
    FreshnessInput,
    SourceAge,
    add_to_record,
    load_freshness,
    read_ages,
    read_freshness,
)

TODAY = date(2026, 11, 26)
SOURCES = ("hub", "router", "archive")


def read(folder: Path, *lines: str) -> tuple[FreshnessInput, list[str]]:
    """Return the declarations of these lines, and what is wrong with them."""
    (folder / FILE).write_text(
        "\n".join([",".join(FRESHNESS_FILE.columns), *lines]) + "\n", encoding="utf-8"
    )
    (folder / RECORD).write_text(",".join(RECORD_FILE.columns) + "\n", encoding="utf-8")
    problems: list[Problem] = []
    given = read_freshness(folder, SOURCES, problems)
    return given, [str(problem).removeprefix(f"{folder}/") for problem in problems]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("hub,daily,2,block,", "freshness.csv:2: reason is empty"),
        ("nobody,once,,,Why.", "source 'nobody' is not in sources.csv"),
        ("hub,hourly,2,block,Why.", "cadence 'hourly' is not one of"),
        ("hub,daily,,block,Why.", "needs stale_after_days, at least 1, and when_stale"),
        ("hub,daily,0,block,Why.", "needs stale_after_days, at least 1, and when_stale"),
        ("hub,daily,two,block,Why.", "stale_after_days"),
        ("hub,daily,2,,Why.", "needs stale_after_days, at least 1, and when_stale"),
        ("hub,daily,2,shrug,Why.", "when_stale 'shrug' is not one of: block, retired, warn"),
        ("archive,once,9,warn,Why.", "cadence 'once' is never stale"),
    ],
)
def test_a_wrong_declaration_stops_the_build(tmp_path: Path, line: str, fault: str) -> None:
    _, faults = read(tmp_path, line)
    assert len(faults) == 1
    assert fault in faults[0]


def source(cadence: str, limit: int | None, follows: str | None, last: str | None) -> SourceAge:
    return SourceAge("one", "One", cadence, limit, follows, "Why.", last)


@pytest.mark.parametrize(
    ("one", "stale", "said"),
    [
        (source("daily", 2, BLOCK, "2026-11-24"), False, "2 days old, stale after 2 days"),
        (source("daily", 2, BLOCK, "2026-11-23"), True, "3 days old, stale after 2 days"),
        (source("daily", 3, WARN, None), True, "no day yet, stale after 3 days"),
        (source("daily", None, "retired", "2024-01-01"), False, "1,060 days old, retired"),
        (source("once", None, None, "2026-11-25"), False, "1 day old, taken in once: never stale"),
        (source("on request", None, None, None), False, "no day yet, taken in on request: never"),
    ],
)
def test_a_source_is_stale_as_it_declares(one: SourceAge, stale: bool, said: str) -> None:
    assert one.is_stale(TODAY) is stale
    assert one.state_words(TODAY).startswith(said)
    rows = source_rows([one], TODAY)
    lines = [line for follows in (BLOCK, WARN) for line in stale_lines(rows, follows)]
    assert lines == ([f"one: {said}. Why."] if stale else [])


def test_the_last_day_of_a_source_is_taken_from_what_it_counted(tmp_path: Path) -> None:
    db = sqlite3.connect(":memory:")
    db.executescript(schema())
    db.execute("pragma foreign_keys = off")
    row = ("kind", "hub", "MIT", "by", "https://example.org", None)
    for number, slug in enumerate(SOURCES, start=1):
        db.execute(
            "insert into sources values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, slug, slug.title(), *row[:5], number, None),
        )
    for day in ("2026-11-20", "2026-11-25"):
        db.execute(
            "insert into observation_files values (?, 1, ?, 1, '', '', null, null, null, 0)",
            (f"hub/{day}", day),
        )
    db.execute("insert into channel_counts values ('openrouter', 1, '2026-11-22', 2, 5)")
    given, faults = read(
        tmp_path, "archive,once,,,Once.", "hub,daily,2,block,Daily.", "router,daily,3,warn,Key."
    )
    assert faults == []
    load_freshness(db, given)
    assert [(one.name, one.last_day) for one in read_ages(db)] == [
        ("Hub", "2026-11-25"),
        ("Router", "2026-11-22"),
        ("Archive", None),
    ]


def test_a_day_without_a_run_has_the_figures_of_the_day_before() -> None:
    record = [("2026-11-20", "2026-11-19"), ("2026-11-23", "2026-11-20")]
    days = figures_by_day(record, "2026-11-23", TODAY)
    assert [(one.day[8:], one.through[5:], one.age_days, one.ran) for one in days] == [
        ("26", "11-23", 3, False),
        ("25", "11-23", 2, False),
        ("24", "11-23", 1, False),
        ("23", "11-20", 3, True),
        ("22", "11-19", 3, False),
        ("21", "11-19", 2, False),
        ("20", "11-19", 1, True),
    ]
    assert record_sentence(days, 2) == (
        "On 4 of the last 7 days the figures were at most 2 days old;"
        " they were oldest on 2026-11-26, with 3 days."
    )
    assert figures_by_day([], "2026-11-23", TODAY) == []
    old = [("2026-01-01", "2026-01-01"), *record]
    assert len(figures_by_day(old, "2026-11-23", TODAY)) == 90


def test_the_record_keeps_ninety_days_and_what_readers_had_first() -> None:
    record = [
        {"day": "2026-08-28", "what": "hub", "through": "2026-08-28"},
        {"day": "2026-08-29", "what": "hub", "through": "2026-08-29"},
        {"day": "2026-11-26", "what": "figures", "through": "2026-11-24"},
        {"day": "2026-11-26", "what": "hub", "through": "2026-11-25"},
    ]
    content = add_to_record(record, TODAY, {"figures": "2026-11-26", "hub": "2026-11-26"})
    assert content.decode().splitlines() == [
        "day,what,through",
        "2026-08-29,hub,2026-08-29",
        "2026-11-26,figures,2026-11-24",
        "2026-11-26,hub,2026-11-26",
    ]


def run(*arguments: object, **environment: str) -> Result:
    return CliRunner().invoke(cli, [str(one) for one in arguments], env=environment)


def test_the_bundled_sources_are_recorded(own_data: Path) -> None:
    (own_data / RECORD).write_text(",".join(RECORD_FILE.columns) + "\n")
    result = run("record-ages", "--data", own_data, "--date", "2026-11-26")
    assert result.exit_code == 0, result.output
    through = json.loads((own_data / "last_build.json").read_text())["through"]["frontier"]
    assert f"2026-11-26,figures,{through}" in (own_data / RECORD).read_text().splitlines()


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    """A database with three sources: one that blocks, one that warns, one without a declaration."""
    path = tmp_path / "census.db"
    with sqlite3.connect(path) as db:
        db.executescript(schema())
        for number, slug in enumerate(SOURCES, start=1):
            db.execute(
                "insert into sources values (?, ?, ?, 'k', 'hub', 'l', 'a', 'u', ?, null)",
                (number, slug, slug, number),
            )
        today = datetime.now(UTC).date()
        for row in (("hub", 2, BLOCK, 5), ("router", 3, WARN, 9)):
            last = (today - timedelta(days=row[3])).isoformat()
            db.execute(
                "insert into source_freshness values (?, 'daily', ?, ?, 'Why.', ?)",
                (*row[:3], last),
            )
    return path


def test_check_refuses_a_source_that_declares_nothing(declared: Path) -> None:
    (fault,) = [line for line in failed_gates(declared) if line.startswith("sources:")]
    assert fault.endswith("(such as archive)")


def test_a_run_says_what_is_stale_and_stops_where_that_blocks(
    declared: Path, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    actions = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    result = run("freshness", "--db", declared, **actions)
    assert result.exit_code == 1
    assert "::error title=Stale source::hub: 5 days old, stale after 2 days. Why." in result.stdout
    assert "::warning title=Stale source::router: 9 days old" in result.stdout
    assert "- Stale: router: 9 days old" in summary.read_text()
    allowed = run("freshness", "--db", declared, CENSUS_ALLOW_STALE="1", **actions)
    assert allowed.exit_code == 0
    assert "::warning title=Stale source::hub: 5 days old" in allowed.stdout


def ages(*rows: tuple[str, bool, str]) -> dict[str, Any]:
    """Return what a site says of its sources."""
    return {
        "sources": [
            {
                "source": name,
                "stale": stale,
                "when_stale": follows,
                "said": "3 days old",
                "reason": "Why.",
            }
            for name, stale, follows in rows
        ]
    }


class Public(HubServer):
    """A public site that says how old it is."""

    def __init__(self, health: Answer, said: dict[str, Any]) -> None:
        super().__init__()
        self.routes = [
            ("GET", re.compile("/-/healthz"), lambda *_: health),
            ("GET", re.compile(r"/-/freshness\.json"), lambda *_: json_answer(said)),
        ]


WELL = json_answer({"ok": True})
OLD = json_answer({"ok": False, "error": "the data end 9 days ago"}, 503)


def test_the_watcher_tells_old_from_down_from_well() -> None:
    with Public(WELL, ages(("hub", False, BLOCK), ("router", True, WARN))) as site:
        found = watch(site.url, 1, 0)
        assert (found.faults, found.warnings) == ([], ["router: 3 days old. Why."])
    with Public(OLD, ages(("hub", True, BLOCK))) as site:
        assert watch(site.url, 1, 0).faults == [
            "the data end 9 days ago",
            "hub: 3 days old. Why.",
        ]
    with Public(WELL, {"other": 1}) as site:
        assert "an answer of another shape" in watch(site.url, 1, 0).faults[0]
        gone = site.url
    waits: list[float] = []
    assert "no answer" in watch(gone, 3, 7, waits.append).faults[0]
    assert waits == [7, 7]


def test_the_watcher_opens_one_issue_and_closes_it(tmp_path: Path) -> None:
    issues = Issues(tmp_path)
    path = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "CENSUS_WATCH_PAUSE": "0"}
    with Public(OLD, ages(("hub", True, BLOCK))) as site:
        for _ in range(2):
            assert run("watch", "--report", site.url, **path).exit_code == 1
    (issue,) = issues.all()
    assert issue["state"] == "open"
    assert len(issue["texts"]) == 1  # type: ignore[arg-type]
    with Public(WELL, ages(("hub", False, BLOCK))) as site:
        assert run("watch", "--report", site.url, **path).exit_code == 0
    assert [one["state"] for one in issues.all()] == ["closed"]


def test_readers_see_how_new_each_source_is(site: Client) -> None:
    said = site.get("/-/freshness.json")
    assert said.headers["access-control-allow-origin"] == "*"
    by_name = {one["source"]: one for one in said.json()["sources"]}
    assert by_name["hub"]["when_stale"] == BLOCK
    assert by_name["osir-lmts-modelscope"]["last_day"] == "2025-09-16"
    assert by_name["epoch-eci-2026-04"]["stale"] is False
    page = site.get("/status").text
    assert by_name["openrouter"]["reason"].replace("'", "&#39;") in page
    assert "Taken in" in page
