"""Scores of models: read as their publishers gave them, and compared within one scale only."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from made_census import ask

from census.base.csv_files import Problem
from census.channels.capability import read_capability, weights_of

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("access", "weights"),
    [
        ("MIT", "open"),
        ("Open weights (restricted use)", "open"),
        ("Proprietary", "closed"),
        ("API access", "closed"),
        ("", None),
        ("Unknown", None),
    ],
)
def test_open_is_what_the_publisher_calls_so(access: str, weights: str | None) -> None:
    assert weights_of(access) == weights


def test_a_fault_names_file_line_and_reason(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data/capability", tmp_path / "capability")
    path = tmp_path / "capability/epoch-eci-2025-12.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    values = lines[1].split(",")
    lines[1] = ",".join([*values[:8], "high", *values[9:]])
    lines[2] = lines[2].replace("2025-12-19", "2025-13-19", 1)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "capability/arena-history.csv").unlink()
    problems: list[Problem] = []
    read_capability(tmp_path, ["google"], ["US"], problems)
    said = [str(problem).removeprefix(f"{tmp_path}/capability/") for problem in problems]
    assert any(one.startswith("epoch-eci-2025-12.csv:2: value 'high'") for one in said)
    assert any(one.startswith("epoch-eci-2025-12.csv:3: as_of") for one in said)
    assert "arena-history.csv: the file is missing" in said
    assert any("organisations.csv" in one and "is not in labs.csv" in one for one in said)


def test_the_best_of_a_vintage_never_falls(census: sqlite3.Connection) -> None:
    rows = ask(census, "best_models_by_country", scores="epoch-eci-2025-12", top="2")
    for country in ("CN", "US"):
        values = [row["value"] for row in rows if row["country"] == country]
        assert values == sorted(values)
    assert rows[-2]["name"] == "Qwen3-235B-A22B-Thinking (Jul 2025)"


def test_the_gap_to_the_best_closed_model(census: sqlite3.Connection) -> None:
    rows = {row["day"]: row for row in ask(census, "capability_gap")}
    o1 = rows["2024-12-17"]
    assert (o1["first_name"], o1["is_below"], o1["reached_on"], o1["days_until"]) == (
        "o1", "yes", "2025-07-25", 220,
    )  # fmt: skip
    # Intervals that overlap decide nothing, whatever the scores are.
    assert rows["2025-01-20"]["is_below"] == "cannot be told"
    last = rows["2025-11-18"]
    assert (last["first_name"], last["reached_on"]) == ("Gemini 3 Pro", None)


def test_an_arenas_scores_are_compared_on_one_day_only(census: sqlite3.Connection) -> None:
    rows = ask(
        census, "capability_gap", scores="arena-fboulnois", first="open:CN", second="open:US"
    )
    assert len({row["day"] for row in rows}) == len(rows) == 92
    assert {row["reached_on"] for row in rows} == {None}
    assert {row["intervals"] for row in rows} == {"no"}
    last = rows[-1]
    assert (last["first_name"], last["second_name"]) == ("GLM-4.5", "Gemma-3-27B-it")


def test_a_model_is_the_one_that_was_scored(census: sqlite3.Connection) -> None:
    wrong = """
        select s.name from capability_scores as s
        inner join models as m on s.model = m.id
        where s.lab is not null and s.lab <> m.lab
    """
    assert census.execute(wrong).fetchall() == []
    rows = ask(census, "capability_and_downloads", limit="3")
    assert [row["place_by_score"] for row in rows] == [1, 2, 3]
    assert rows[0]["model"] == "Qwen/Qwen3-235B-A22B-Instruct-2507"


def test_gpt_oss_among_the_best_is_said_with_its_interval(census: sqlite3.Connection) -> None:
    rows = ask(census, "press_fact_checks")
    scored = next(row for row in rows if row["rule"] == "scored")
    assert scored["verdict"] == "cannot be decided"
    assert "place 7 of 72 open models" in scored["evidence"]
