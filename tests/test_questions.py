"""Reading and checking of question files, without a server."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from census.questions.parameters import ParameterError
from census.questions.question_files import (
    QuestionError,
    check_names,
    parse_question,
    placeholders,
    read_questions,
    validate,
    with_choices,
)

FOLDER = Path(__file__).resolve().parent.parent / "canned_queries"
PARAMETER = "{label: Rows, help: How many., default: '5', pattern: integer, min: 1, max: 9}"


def text(front: str = "", sql: str = "select :n as n", parameters: str = PARAMETER) -> str:
    """Return the text of a question file with one parameter, `n`."""
    lines = [
        "title: A title",
        "theme: Models",
        "description: Some words.",
        "unit: models",
        f"parameters: {{n: {parameters}}}",
        front,
    ]
    return "/*\n" + "\n".join(line for line in lines if line) + f"\n*/\n{sql}\n"


def test_what_is_of_a_week_is_not_called_a_months() -> None:
    question = read_questions(FOLDER)["share_by_country"]
    for step in ("month", "week", "day"):
        values = {**question.defaults(), "measure": "monthly", "step": step}
        assert f"downloads in the {step}," in question.counted_words(values)
        assert question.subject(values) == f"Share of downloads in the {step} by country"


def test_what_stands_for_no_choice_has_a_capital_at_the_beginning_alone() -> None:
    question = read_questions(FOLDER)["ollama_pulls"]
    said = question.describe("{labs}: pulls of {labs}", {**question.defaults(), "labs": ""})
    assert said == "All labs: pulls of all labs"


def test_a_question_is_read_with_its_parameters() -> None:
    question = parse_question("few.sql", text())
    assert (question.name, question.title, question.unit) == ("few", "A title", "models")
    assert question.defaults() == {"n": "5"}
    assert question.sql == "select :n as n"


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("select 1", "must begin with front matter"),
        (text().replace("title: A title\n", ""), "title is missing"),
        (text().replace("Some words.", "''"), "description is missing"),
        (text().replace("unit: models\n", ""), "unit is missing"),
        (text("colour: red"), "unknown keys: colour"),
        (text("title: [broken"), "broken YAML"),
        (text(sql="select 1"), "parameter not used in the SQL: n"),
        (text(sql="select :n, :m"), "used in the SQL but not declared: m"),
        (text(sql=""), "there is no SQL"),
        (text("chart: {kind: pie, x: a, y: b}"), "chart kind must be one of"),
        (text("chart: {kind: '{n}', x: a, y: b}"), "chart kind must be one of"),
        (text("chart: {kind: '{m}', x: a, y: b}"), "used in the SQL but not declared: m"),
        (text("chart: {kind: bars, x: a}"), "chart y is missing"),
        (text("chart: {kind: bars, x: a, y: b, drawn: many}"), "chart drawn must be int"),
        (text("chart: {kind: bars, x: a, y: b, size: 3}"), "unknown chart key: size"),
        (text(parameters=PARAMETER.replace("'5'", "'50'")), "default is not among the choices"),
        (text(parameters=PARAMETER.replace("Rows", "''")), "label is missing"),
        (text(parameters=PARAMETER.replace("integer", "colour")), "pattern must be one of"),
        (text(parameters=PARAMETER.replace(", max: 9", "")), "an integer needs min and max"),
        (text(parameters="{label: L, help: H, default: c, choices: [a, b]}"), "among the choices"),
        (text(parameters="{label: L, help: H, default: a, choices: drop table x}"), "select"),
    ],
)
def test_a_fault_names_the_file_and_the_reason(broken: str, reason: str) -> None:
    with pytest.raises(QuestionError, match=r"^few\.sql: ") as caught:
        parse_question("few.sql", broken)
    assert reason in str(caught.value)


def test_a_parameter_can_choose_how_the_chart_is_drawn() -> None:
    drawn = "{label: Drawn as, help: How., default: lines, choices: [lines, panels]}"
    front = "chart: {kind: '{n}', x: month, y: b, title: 'As {n}'}"
    question = parse_question("few.sql", text(front, "select 1", drawn))
    assert question.chart_for({})["kind"] == "lines"
    assert question.chart_for({"n": "panels"})["kind"] == "panels"
    assert question.chart_for({"n": "panels"})["title"] == "As panels"
    assert question.over_time({"n": "panels"})
    with pytest.raises(ParameterError, match="allowed: lines, panels"):
        validate(question, {"n": "pie"})


def test_a_shared_parameter_is_taken_over_and_can_be_changed() -> None:
    shared = {"n": {"label": "Rows", "help": "How many.", "default": "5", "pattern": "integer",
                    "min": 1, "max": 9}}  # fmt: skip
    taken = parse_question("few.sql", text(parameters=""), shared)
    changed = parse_question("few.sql", text(parameters="{default: '7'}"), shared)
    assert (taken.defaults(), changed.defaults()) == ({"n": "5"}, {"n": "7"})
    with pytest.raises(QuestionError, match=r"not in parameters\.yml"):
        parse_question("few.sql", text(parameters=""))


def test_text_and_comments_hold_no_parameters() -> None:
    sql = "select ':no', x::int, :yes -- :neither\n/* :nor this */ from t where a = 'it''s :not'"
    assert placeholders(sql) == {"yes"}


@pytest.mark.parametrize("value", ["0", "10", "", "five", "1.5", "1 ", "-3"])
def test_a_number_out_of_bounds_is_refused_with_the_bounds(value: str) -> None:
    question = parse_question("few.sql", text())
    with pytest.raises(ParameterError, match="a whole number from 1 to 9"):
        validate(question, {"n": value})


def test_bounds_themselves_are_allowed_and_the_default_is_filled_in() -> None:
    question = parse_question("few.sql", text())
    assert [validate(question, {"n": n})["n"] for n in ("1", "9")] == ["1", "9"]
    assert validate(question, {}) == {"n": "5"}


def test_a_misspelt_parameter_is_refused_with_the_right_names() -> None:
    with pytest.raises(ParameterError, match="parameters of this question: n"):
        validate(parse_question("few.sql", text()), {"m": "1"})


@pytest.mark.parametrize("value", ["2025-13", "2025-1", "2025", "25-01", "2025-01-01", "x"])
def test_a_month_must_be_a_month(value: str) -> None:
    month = "{label: L, help: H, default: '', pattern: month}"
    question = parse_question("few.sql", text(parameters=month))
    assert validate(question, {"n": "2025-12"}) == {"n": "2025-12"}
    with pytest.raises(ParameterError, match="YYYY-MM"):
        validate(question, {"n": value})


def test_choices_come_from_the_database_and_the_first_is_the_default() -> None:
    sql = "{label: L, help: H, choices: 'select a, b from t order by a desc'}"
    database = sqlite3.connect(":memory:")
    database.executescript("create table t(a, b); insert into t values('x', 'X'), ('y', 'Y')")
    question = with_choices(parse_question("few.sql", text(parameters=sql)), database)
    assert question.parameters[0].choices == {"y": "Y", "x": "X"}
    assert validate(question, {}) == {"n": "y"}
    with pytest.raises(ParameterError, match="y, x"):
        validate(question, {"n": "z"})


def test_a_default_that_the_database_does_not_have_is_a_fault() -> None:
    sql = "{label: L, help: H, default: q, choices: select a from t}"
    database = sqlite3.connect(":memory:")
    database.executescript("create table t(a); insert into t values('x')")
    with pytest.raises(QuestionError, match=r"few\.sql: parameter n: .*'q' is not among"):
        with_choices(parse_question("few.sql", text(parameters=sql)), database)


def test_an_empty_table_leaves_the_choice_of_nothing() -> None:
    sql = "{label: L, help: H, choices: select a from t}"
    database = sqlite3.connect(":memory:")
    database.execute("create table t(a)")
    question = with_choices(parse_question("few.sql", text(parameters=sql)), database)
    assert validate(question, {}) == {"n": ""}
    with pytest.raises(ParameterError):
        validate(question, {"n": "x"})


def test_a_question_may_not_hide_a_table() -> None:
    with pytest.raises(QuestionError, match="labs"):
        check_names(["labs", "others"], ["labs", "models"])


def test_every_file_of_the_project_is_a_question_with_words_for_its_columns(
    census_db: Path,
) -> None:
    database = sqlite3.connect(census_db)
    questions = read_questions(FOLDER)
    assert {"share_by_country", "cumulative_downloads", "series_status"} <= set(questions)
    for name, declared in questions.items():
        question = with_choices(declared, database)
        columns = [
            column[0]
            for column in database.execute(question.sql, validate(question, {})).description
        ]
        assert list(question.columns) == columns, name
