"""The export: whole, described so that validators agree, put in place at once."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import mlcroissant
import pandas as pd
import pytest
from click.testing import CliRunner
from frictionless import system, validate
from made_census import ask, made_database, make_census

from census.base.csv_files import DataError
from census.base.databases import open_readonly
from census.cli.export import export_command
from census.database.loading import create_database
from census.export.data_package import File
from census.export.export import export, read_index
from census.export.parquet import ask_parquet, open_parquet, write_parquet
from census.export.table_descriptions import read_tables, read_words
from census.export.translation import AS_SQLITE, as_duckdb
from census.questions.question_files import read_questions, with_choices
from census.questions.question_files import validate as checked

ROOT = Path(__file__).resolve().parent.parent
METADATA = ROOT / "metadata.yml"
QUESTIONS = read_questions(ROOT / "canned_queries")
# Questions that leave rows with equal counts, or words in a list, in any order; what is certain.
TIES = {
    "adoption_by_age": ("place", "low"),
    "life_of_a_figure": ("published", "value", "low", "high", "changed_by"),
    "relative_adoption": ("place", "metric_low"),
    "scope_against_peer": ("side", "model", "downloads_all_time"),
}

# Questions that have no row in a census of few models on one day.
OF_THE_REAL = {
    *("attribute_gaps", "coverage_gaps", "derivatives_part", "duplicates_and_aliases"),
    *("new_derivatives", "openrouter_tokens", "publishers_not_registered", "quality_log"),
    *("source_disagreements", "stale_models"),
}


@pytest.fixture
def out(few_export: Path) -> Path:
    """The export of the small database: all documents of the real one, and few models."""
    return few_export


@pytest.fixture
def few(few_db: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the small database."""
    with open_readonly(few_db) as connection:
        yield connection


def test_the_data_package_is_valid(out: Path) -> None:
    report = validate(str(out / "datapackage.json"), limit_rows=2_000)
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])[:10]
    assert len(report.tasks) > 30


def test_a_changed_file_makes_the_data_package_invalid(tmp_path: Path, small_export: Path) -> None:
    shutil.copytree(small_export, tmp_path / "exports")
    package = str(tmp_path / "exports/datapackage.json")
    with system.use_context(trusted=True):
        assert validate(package).valid
        path = tmp_path / "exports/csv/labs.csv"
        path.write_text(path.read_text().replace("US", "ZZ"))
        assert not validate(package, resource_name="labs").valid


def test_what_is_required_follows_the_schema_and_not_the_values_of_a_day(
    census: sqlite3.Connection, tmp_path: Path
) -> None:
    empty = create_database(tmp_path / "empty.db").conn
    words = read_words(METADATA)
    of_today = {table.name: table for table in read_tables(census, words)}
    assert {table.name: table for table in read_tables(empty, words)} == of_today
    required = {column.name: column.required for column in of_today["history"].columns}
    # The counts of a day may all be known, and are unknown on another.
    assert required["model"]
    assert not required["downloads_30d"]
    empty.close()


def test_a_column_that_must_be_filled_is(census: sqlite3.Connection) -> None:
    for table in read_tables(census, read_words(METADATA)):
        for column in table.columns:
            if column.required:
                empty = f"select 1 from \"{table.name}\" where ifnull(\"{column.name}\", '') = ''"
                assert census.execute(empty).fetchone() is None, (table.name, column.name)


def test_croissant_reads_every_table(out: Path, few: sqlite3.Connection) -> None:
    dataset = mlcroissant.Dataset(str(out / "croissant.json"))
    assert not dataset.metadata.ctx.issues.errors
    described = json.loads((out / "croissant.json").read_text())
    assert len(described["recordSet"]) == len(list((out / "csv").iterdir()))
    for name in ("scopes", "sources"):
        records = list(dataset.records(name))
        assert len(records) == few.execute(f'select count(*) from "{name}"').fetchone()[0]


def test_checksums_hold_and_every_file_is_listed(out: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=out, check=True)
    index = read_index(out)
    assert index is not None
    listed = {file["path"] for file in index["files"]}
    found = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert found - listed == {"SHA256SUMS", "index.json"}
    assert listed <= found
    for file in (File(**row) for row in index["files"]):
        assert (out / file.path).stat().st_size == file.bytes


def test_the_database_is_there_whole_and_compressed(out: Path, few_db: Path) -> None:
    whole = few_db.read_bytes()
    assert (out / "census.db").read_bytes() == whole
    assert gzip.decompress((out / "census.db.gz").read_bytes()) == whole
    index = read_index(out)
    assert index is not None
    assert index["database"] == hashlib.sha256(whole).hexdigest()


@pytest.mark.parametrize("kind", ["made", "few"])
def test_every_table_has_the_rows_of_the_database_in_both_formats(
    small_export: Path, out: Path, few_db: Path, kind: str
) -> None:
    """The made census has values that the small one lacks, and the other way round."""
    folder, database = {"made": (small_export, small_export.parent / "census.db"),
                        "few": (out, few_db)}[kind]  # fmt: skip
    duck = open_parquet(folder / "parquet")
    with open_readonly(database) as made:
        for table in read_tables(made, read_words(METADATA)):
            expected = made.execute(table.select).fetchall()
            with (folder / "csv" / f"{table.name}.csv").open(newline="") as file:
                rows = list(csv.reader(file))
            assert rows[0] == [column.name for column in table.columns]
            assert rows[1:] == [["" if v is None else str(v) for v in row] for row in expected]
            assert duck.execute(table.select).fetchall() == expected, table.name


def test_long_tables_are_cut_by_month(out: Path, few: sqlite3.Connection) -> None:
    for name, month in (("observations", "substr(date, 1, 7)"), ("series", "month")):
        months = {row[0] for row in few.execute(f"select distinct {month} from {name}")}
        folders = {path.name for path in (out / "parquet" / name).iterdir()}
        assert folders == {f"month={one}" for one in months}
        latest = out / "parquet" / name / f"month={max(months)}" / "part-0.parquet"
        counted = duckdb.execute(f"select count(*) from '{latest}'").fetchall()[0]
        expected = few.execute(f"select count(*) from {name} where {month} = '{max(months)}'")
        assert counted == expected.fetchone()


def settled(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> list[list[Any]]:
    """Return some columns of rows; a column of one type in DuckDB may have several in SQLite."""

    def plain(value: Any) -> Any:
        try:
            # The last digits of a rounded float are each engine's own.
            return float(f"{float(value):.12g}")
        except (TypeError, ValueError):
            return value

    return [[plain(row[column]) for column in columns] for row in rows]


def hold_alike(duck: duckdb.DuckDBPyConnection, db: sqlite3.Connection, name: str) -> None:
    """Check that a question has rows, and the same ones in both engines."""
    question = with_choices(QUESTIONS[name], db)
    values = checked(question, {})
    cursor = db.execute(question.sql, values)
    names = [column[0] for column in cursor.description]
    expected = [dict(zip(names, row, strict=True)) for row in cursor]
    assert expected, f"{name} is one of OF_THE_REAL: the small census has no row for it"
    found = ask_parquet(duck, question, values)
    assert len(found) == len(expected)
    certain = TIES.get(name, tuple(names))
    assert settled(found, certain) == settled(expected, certain)


@pytest.fixture(scope="module")
def parquet(few_export: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The Parquet files of the small census as tables."""
    with open_parquet(few_export / "parquet") as duck:
        yield duck


@pytest.mark.parametrize("name", sorted(QUESTIONS.keys() - OF_THE_REAL))
def test_questions_give_the_same_numbers_on_parquet(
    parquet: duckdb.DuckDBPyConnection, few: sqlite3.Connection, name: str
) -> None:
    hold_alike(parquet, few, name)


def test_questions_of_what_few_models_lack_do_so_on_parquet_of_the_real_tables(
    census: sqlite3.Connection, tmp_path: Path
) -> None:
    asked = " ".join(QUESTIONS[name].sql for name in OF_THE_REAL)
    empty = create_database(tmp_path / "empty.db").conn
    files = tmp_path / "parquet"
    files.mkdir()
    with duckdb.connect() as duck:
        for table in read_tables(census, read_words(METADATA)):
            named = re.search(rf"\b{table.name}\b", asked)
            write_parquet(census if named else empty, table, files, duck)
    with open_parquet(files) as duck:
        for name in sorted(OF_THE_REAL):
            hold_alike(duck, census, name)
    empty.close()


def test_sql_is_put_into_duckdbs_words() -> None:
    sql = """
        -- The order of the join is fixed for SQLite.
        select
            iif(t.a is u.b, ':a is b', t.d) as chosen,
            date('2026-05-20', '-' || :n || ' days') as day,
            date('2026-05-20', 'start of month', '-1 day') as last,
            cast('1-5B' as integer) + cast('' as integer) + cast(3.7 as integer) as number
        from t as t
        cross join u as u on t.id = u.id
        where :on = t.x and t.d is null and t.e is not t.f
    """
    duck = duckdb.connect()
    duck.execute(AS_SQLITE)
    duck.execute("create table t as select 1 as id, 2 as a, 'x' as x, null as d, 1 as e, null as f")
    duck.execute("create table u as select 1 as id, 2 as b")
    assert duck.execute(as_duckdb(sql), {"on": "x", "n": 20}).fetchall() == [
        (":a is b", "2026-04-30", "2026-04-30", 4)
    ]


def test_pandas_reads_the_files(out: Path, few: sqlite3.Connection) -> None:
    models = pd.read_csv(out / "csv" / "models.csv", keep_default_na=False, na_values=[""])
    total = few.execute("select count(*), sum(latest_all_time) from models").fetchone()
    assert (len(models), int(models["latest_all_time"].sum())) == total
    series = duckdb.sql(f"from '{out}/parquet/series/*/*.parquet'").df()
    assert len(series) == few.execute("select count(*) from series").fetchone()[0]


def test_a_new_export_takes_the_old_ones_place_and_has_the_same_bytes(
    tmp_path: Path, small_export: Path
) -> None:
    database = small_export.parent / "census.db"
    out = tmp_path / "exports"
    shutil.copytree(small_export, out)
    (out / "csv" / "of_an_older_schema.csv").write_text("a\n")
    export(database, out, METADATA)
    sums = (small_export / "SHA256SUMS").read_bytes()
    assert (out / "SHA256SUMS").read_bytes() == sums
    assert not (out / "csv" / "of_an_older_schema.csv").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    database = made_database(tmp_path / "census.db")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    with pytest.raises(DataError, match="no export wrote"):
        export(database, tmp_path / "mine", METADATA)
    assert (tmp_path / "mine" / "letter.txt").read_text() == "mine"
    with pytest.raises(DataError, match="missing"):
        export(tmp_path / "none.db", tmp_path / "out", METADATA)


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    database = made_database(tmp_path / "census.db")
    options = ["--db", str(database), "--out", str(tmp_path / "out"), "--url", "https://x.example"]
    done = CliRunner().invoke(export_command, options)
    assert done.exit_code == 0, done.output
    assert "files" in done.output
    described = json.loads((tmp_path / "out" / "croissant.json").read_text())
    assert described["url"] == "https://x.example"
    share = ask_parquet(
        open_parquet(tmp_path / "out" / "parquet"),
        QUESTIONS["share_by_country"],
        QUESTIONS["share_by_country"].defaults(),
    )
    assert share == ask(make_census(), "share_by_country")
