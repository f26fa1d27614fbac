"""No naked number: what shows an estimate shows its bounds, its interval and what it rests on.

An estimate is the middle of drawn histories. The columns that hold one are listed here by table, in
one place. A question that reads one shows all that goes with it, or has the reason why it does not;
a new one cannot forget it.
"""

from __future__ import annotations

import re
import sqlite3

import pytest
from made_census import make_census

from census.base.inserting import columns_of
from census.database.declared_tables import SCHEMA, table_words
from census.questions.question_files import FOLDER, Question, read_questions
from census.rollups.summaries import COUNTED_PART

# The middles of drawn histories, by table; views are made of these.
ESTIMATES = {
    "adoption": ("downloads", "ram_tenth", "ram_median"),
    "adoption_references": ("tenth", "median"),
    "concentration": ("value",),
    "curves": ("cumulative", "monthly"),
    "lab_countries": ("downloads",),
    "lab_coverage": ("downloads",),
    "lab_moves": ("points",),
    "left_out_series": ("downloads", "share_pct"),
    "mix_sums": ("downloads", "share_pct"),
    "model_mix": ("downloads",),
    "recent_growth": ("downloads", "had", "growth_pct"),
    "recorded_points": ("downloads", "share_pct"),
    "robustness": ("downloads", "share_pct"),
    "scoreboard": ("ours",),
    "series_days": ("cumulative", "monthly", "cumulative_share_pct", "monthly_share_pct"),
    "series_points": ("cumulative", "monthly", "cumulative_share_pct", "monthly_share_pct"),
}
# Tables with likely intervals of changes, which stand beside the middles of other tables.
OF_CHANGES = {"share_changes"}
# Columns whose words name the estimate, and that are none.
OTHERWISE = {
    ("calibration", "code_digest"),
    ("milestones", "estimate"),
    ("window_lengths", "mean"),
}
# Questions that read an estimate and show none, by what they read it for.
FOR_ITS_ORDER = {
    "modelscope_downloads": "which labs of the Hub are the largest",
    "ollama_pulls": "which labs of the Hub are the largest",
    "openrouter_tokens": "which labs of the Hub are the largest",
}
# Charts of questions with estimates that draw something else.
DRAW_OTHER = {
    "coverage_by_lab": "the part of a count that is certain",
    "headline_on_channels": "what is certain on channels that have no draws",
    "licences_by_country": "numbers of models",
    "openness_by_country": "parts of the models",
    "relative_adoption": "the lowest value that is possible",
}
# Recordings do not say what their figures rested on.
OF_RECORDINGS = {"series_as_of"}
READ = 20


@pytest.fixture(scope="module")
def reads() -> dict[str, tuple[set[tuple[str, str]], list[str]]]:
    """What each question reads, as table and column, and the columns of its answer."""
    made = sqlite3.connect(":memory:", cached_statements=0)
    make_census().backup(made)
    found = {}
    for name, question in read_questions(FOLDER).items():
        read: set[tuple[str, str]] = set()

        def watch(action: int, table: str | None, column: str | None, *_: str | None) -> int:
            if action == READ:
                read.add((str(table), str(column)))  # noqa: B023
            return sqlite3.SQLITE_OK

        made.set_authorizer(watch)
        cursor = made.execute(question.sql, {p.name: p.default or "" for p in question.parameters})
        found[name] = (read, [column[0] for column in cursor.description])
        made.set_authorizer(None)
    return found


def estimating(reads: dict[str, tuple[set[tuple[str, str]], list[str]]]) -> set[str]:
    """Return the questions that read an estimate."""
    middles = {(table, column) for table, columns in ESTIMATES.items() for column in columns}
    return {name for name, (read, _) in reads.items() if read & middles}


def test_every_question_with_an_estimate_shows_what_goes_with_it(
    reads: dict[str, tuple[set[tuple[str, str]], list[str]]],
) -> None:
    showing = estimating(reads) - set(FOR_ITS_ORDER)
    assert len(showing) > 35
    for name in showing:
        columns = reads[name][1]
        # Names can say of which of several values they are: `first_likely_low_points`.
        for end in ("low", "high"):
            likely = [column for column in columns if f"likely_{end}" in column]
            hard = [c for c in columns if re.search(rf"(^|_){end}(_|$)", c) and "likely" not in c]
            assert likely, f"{name} has no likely_{end}"
            assert hard, f"{name} has no hard bound {end}"
        for ground in ("rests_on", "counted_pct", "covered_pct"):
            assert any(ground in column for column in columns), f"{name} has no {ground}"


def test_every_chart_of_an_estimate_draws_its_interval(
    reads: dict[str, tuple[set[tuple[str, str]], list[str]]],
) -> None:
    questions = read_questions(FOLDER)
    charts = {name for name in estimating(reads) - set(FOR_ITS_ORDER) if questions[name].chart}
    assert set(DRAW_OTHER) <= charts
    for name in charts - set(DRAW_OTHER):
        chart = chart_of(questions[name])
        assert {"likely_low", "likely_high"} <= {*chart}, f"{name} draws no interval"
        assert "rests_on" in chart or name in OF_RECORDINGS, f"{name} does not say how firm it is"
        assert {chart["likely_low"], chart["likely_high"]} <= {*reads[name][1]}


def chart_of(question: Question) -> dict[str, str]:
    assert question.chart is not None
    return dict(question.chart)


def test_the_reasons_are_of_questions_that_have_an_estimate(
    reads: dict[str, tuple[set[tuple[str, str]], list[str]]],
) -> None:
    assert {*FOR_ITS_ORDER, *DRAW_OTHER, *OF_RECORDINGS} <= estimating(reads)


def test_every_table_with_an_estimate_has_its_interval() -> None:
    made = make_census()
    words = table_words()
    for table, of_table in words.items():
        columns = columns_of(made, table)
        likely = [name for name in columns if "likely_low" in name]
        told = [
            column
            for column, said in of_table["columns"].items()
            if re.match("Estimate|.*the middle of (the|its)", said)
            and (table, column) not in OTHERWISE
        ]
        assert likely or not told, f"{table} has an estimate ({told}) and no interval"
        view = made.execute("select type from sqlite_master where name = ?", (table,)).fetchone()
        if likely and view[0] == "table":
            assert table in ESTIMATES or table in OF_CHANGES, f"{table} is not listed here"
    for table, middles in ESTIMATES.items():
        assert {*middles} <= {*words[table]["columns"]}, table


def test_what_is_counted_is_decided_by_one_part_everywhere() -> None:
    files = [SCHEMA, *sorted(FOLDER.glob("*.sql"))]
    rule = re.compile(r"(\w+\.)?(\w*counted\w*) >= (\S+) \* (\w+\.)?\w+")
    parts = {
        (file.name, float(part))
        for file in files
        for _, _, part, _ in rule.findall(file.read_text(encoding="utf-8"))
    }
    assert (SCHEMA.name, COUNTED_PART) in parts
    assert [found for found in sorted(parts) if found[1] != COUNTED_PART] == []
