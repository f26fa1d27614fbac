"""Questions asked of the exported Parquet in Spark SQL: row by row what SQLite answers.

`make test-spark` runs it in an environment of its own; it is no part of `make test`, for PySpark is
half a gigabyte and needs a Java of the system.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from made_census import make_census
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from census.collect.whole_hub import counts_select, registry_rows, statements, whole_hub
from census.export.export import export
from census.export.translation import as_spark
from census.inputs.registry import load_registry
from census.inputs.sizes import load_sizes
from census.questions.parameters import ParameterError
from census.questions.question_files import (
    Question,
    QuestionError,
    placeholders,
    read_questions,
    validate,
    with_choices,
)

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = read_questions(ROOT / "canned_queries")
# On series, on observations, on models and on days: with values that are not the defaults.
ASKED = [
    ("share_by_country", {"measure": "monthly", "scope": "hub", "since": "2026-02"}),
    ("model_history", {"model": "Red/One-8B"}),
    ("labs_of_country", {"country": "US"}),
    ("top_models", {"measure": "30-day"}),
]
# Of a few the made census has no choices; all others are asked at their defaults.
LEAST_ASKED = 80


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """A session on this machine, which leaves the months in the folders' names as text."""
    builder = SparkSession.builder.master("local[2]").appName("census")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.sql.ansi.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    """The made census in a file, with observations of one model by two sources."""
    path = tmp_path_factory.mktemp("made") / "census.db"
    database = sqlite3.connect(path)
    make_census().backup(database)
    for number, slug in ((1, "first"), (2, "second")):
        database.execute(
            "insert or ignore into sources"
            " values (?, ?, ?, 'import', 'hub', 'l', 'a', 'u', ?, null)",
            (number, slug, slug, number),
        )
    for day in (20_000, 20_030):
        text = str(date.fromordinal(date(1970, 1, 1).toordinal() + day))
        database.execute("insert or ignore into snapshots values (?, ?, 2, 1)", (day, text))
        for source, ever in ((1, None), (2, day)):
            database.execute(
                "insert or ignore into history values (?, 1, ?, ?, ?, 5)",
                (day, source, day // 3, ever),
            )
    database.commit()
    return database


@pytest.fixture(scope="session")
def parquet(
    made: sqlite3.Connection, spark: SparkSession, tmp_path_factory: pytest.TempPathFactory
) -> SparkSession:
    """The session with a view for each exported table."""
    out = tmp_path_factory.mktemp("exported") / "exports"
    (path,) = [row[2] for row in made.execute("pragma database_list")]
    export(Path(path), out, ROOT / "metadata.yml")
    known = set()
    for entry in sorted((out / "parquet").iterdir()):
        known.add(entry.stem)
        spark.read.parquet(str(entry)).createOrReplaceTempView(entry.stem)
    views = "select name, sql from sqlite_master where type = 'view' order by rowid"
    for name, sql in made.execute(views):
        if name not in known:
            body = re.sub(r"^create view \w+ as", "", sql, flags=re.IGNORECASE)
            spark.sql(as_spark(body)).createOrReplaceTempView(name)
    return spark


def plain(rows: Any) -> list[list[Any]]:
    """Return rows as lists; the last digits of a float are each engine's own.

    What SQLite calculates as floats, Spark may as decimals; and where a column has texts and
    numbers in turns, as in profiles, Spark makes texts of all.
    """
    return [[plain_value(value) for value in row] for row in rows]


def plain_value(value: Any) -> Any:
    """Return a number as a float of twelve digits, also one in a text: `"3.0"` and 3 → 3.0."""
    if isinstance(value, bool | None):
        return value
    try:
        return float(f"{float(value):.12g}")
    except ValueError:
        return value


def answers(
    parquet: SparkSession, made: sqlite3.Connection, question: Question, values: dict[str, str]
) -> tuple[list[list[Any]], list[list[Any]]]:
    """Return the rows of Spark and those of SQLite."""
    used = {key: values[key] for key in placeholders(question.sql)}
    found = parquet.sql(as_spark(question.sql), args=used).collect()
    return plain(found), plain(made.execute(question.sql, values).fetchall())


@pytest.mark.parametrize(("name", "given"), ASKED)
def test_spark_answers_as_sqlite_does(
    parquet: SparkSession, made: sqlite3.Connection, name: str, given: dict[str, str]
) -> None:
    question = with_choices(QUESTIONS[name], made)
    found, expected = answers(parquet, made, question, validate(question, given))
    assert expected
    assert found == expected


def test_spark_answers_every_question_at_its_defaults(
    parquet: SparkSession, made: sqlite3.Connection
) -> None:
    asked, faults = 0, {}
    for name, declared in QUESTIONS.items():
        try:
            question = with_choices(declared, made)
            values = validate(question, {})
        except (ParameterError, QuestionError):
            continue
        asked += 1
        try:
            found, expected = answers(parquet, made, question, values)
        except PySparkException as error:
            faults[name] = str(error)[:200]
            continue
        if found != expected:
            faults[name] = "other rows"
    assert faults == {}
    assert asked >= LEAST_ASKED


def test_the_whole_hub_is_added_up_by_the_same_sql(spark: SparkSession, tmp_path: Path) -> None:
    path = tmp_path / "models.parquet"
    duckdb.execute(
        "copy (select * from (values ('Qwen/A-8B', 600, 6000, {'total': 8000000000::bigint}),"
        " ('bartowski/A-GGUF', 50, null, null), ('someone/Fine', 200, 40, null),"
        " ('gpt2', 20, 500, {'total': 124000000::bigint}))"
        ' as t (id, downloads, "downloadsAllTime", safetensors))'
        f" to '{path}' (format parquet)"
    )
    day = date(2026, 11, 25)
    problems: list[Any] = []
    registry = load_registry(ROOT / "data", problems)
    frame = spark.read.parquet(str(path))
    types = dict(frame.dtypes)
    select = counts_select(types, load_sizes(ROOT / "data", registry, problems).buckets, day)
    frame.createOrReplaceTempView("listed")
    spark.sql(f"select {select} from listed").createOrReplaceTempView("counts")
    spark.createDataFrame(
        registry_rows(registry, day),
        "namespace string, lab string, standing string, country string",
    ).createOrReplaceTempView("registry")
    spark.sql("select distinct lab, country from registry").createOrReplaceTempView("labs")
    sql = statements()
    spark.sql(sql["cells"]).createOrReplaceTempView("cells")
    found = [[str(row[0]), *row[1:]] for row in spark.sql(sql["totals"]).collect()]
    publishers = [row["namespace"] for row in spark.sql(sql["publishers"]).collect()]
    totals, largest = whole_hub(ROOT / "data", [path], day)
    assert plain(found) == plain(totals)
    assert publishers == [one.key for one in largest]
