"""Importing observations: CSV and Parquet, other column names, and all rows or none."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from made_imports import EXPECTED, HEADER, ROWS, contents, imported, run, write
from small_data import small_data

from build_db import cli
from census.collect.importing import IMPORTED_COLUMNS
from census.database.build import build
from census.database.reading import read_input
from census.inputs.models import read_models


def test_the_help_names_every_column_that_is_taken() -> None:
    said = " ".join(CliRunner().invoke(cli, ["import", "--help"]).output.split())
    assert f"ours are {', '.join(IMPORTED_COLUMNS)}." in said


def test_rows_of_registered_namespaces_are_taken_in_and_the_others_counted(
    few_data: Path, tmp_path: Path
) -> None:
    result = run(few_data, write(tmp_path, HEADER + ROWS))
    assert result.exit_code == 0, result.output
    assert "3 observations on 2 days (2026-09-01 to 2026-09-02), 1 new models" in result.output
    assert "left out: 1 rows of a namespace that is not registered" in result.output
    assert imported(few_data) == EXPECTED


def test_a_new_model_enters_and_a_known_one_is_not_overwritten(
    few_data: Path, tmp_path: Path
) -> None:
    before = {model.model_id: model for model in read_models(few_data, [])}
    changed = ROWS.replace("text-generation", "audio-to-audio")
    run(few_data, write(tmp_path, HEADER + changed))
    after = {model.model_id: model for model in read_models(few_data, [])}
    assert after.keys() - before.keys() == {"Qwen/Made-Up-For-This-Test"}
    new = after["Qwen/Made-Up-For-This-Test"]
    assert (new.created_at, new.pipeline_tag, new.source) == (
        "2026-08-30",
        "audio-to-audio",
        "llmfit",
    )
    assert after["Qwen/Qwen3-8B"].pipeline_tag == "text-generation"


def test_a_name_in_another_case_is_the_model_that_it_is(tmp_path: Path) -> None:
    few_data = tmp_path / "data"
    small_data(few_data)
    file = write(tmp_path, HEADER + "qwen/qwen3-8b,2026-09-01,100,5000,7,,\n")
    result = run(few_data, file)
    assert result.exit_code == 0, result.output
    assert "1 observations on 1 days" in result.output
    assert "0 new models" in result.output
    # What the source wrote stays, and the build knows which model it is.
    assert imported(few_data) == [("2026-09-01", "qwen/qwen3-8b", 100, 5000)]
    build(few_data, tmp_path / "census.db")
    with closing(sqlite3.connect(tmp_path / "census.db")) as db:
        counted = db.execute(
            "select m.name, h.downloads_all_time from history as h"
            " inner join models as m on h.model = m.id"
            " inner join snapshots as s on h.day = s.day where s.date = '2026-09-01'"
        ).fetchall()
    assert counted == [("Qwen/Qwen3-8B", 5000)]


def test_a_model_that_is_there_in_two_cases_counts_once_if_both_agree(
    few_data: Path, tmp_path: Path
) -> None:
    twice = "qwen/qwen3-8b,2026-09-01,{},5000,8,,\n"
    before = contents(few_data)
    result = run(few_data, write(tmp_path, HEADER + ROWS + twice.format(101)))
    assert result.exit_code == 1
    assert "appears twice on 2026-09-01, as Qwen/Qwen3-8B with other counts" in result.stderr
    assert contents(few_data) == before
    result = run(few_data, write(tmp_path, HEADER + ROWS + twice.format(100)))
    assert result.exit_code == 0, result.output
    assert "left out: 1 rows that repeat a model in another case" in result.output
    assert imported(few_data) == EXPECTED


def test_gzip_and_parquet_are_read_alike(few_data: Path, tmp_path: Path) -> None:
    plain = write(tmp_path, HEADER + ROWS)
    packed = tmp_path / "counts.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert run(few_data, packed).exit_code == 0
    first = contents(few_data)
    parquet = tmp_path / "counts.parquet"
    duckdb.sql(f"copy (from read_csv('{plain}', all_varchar = false)) to '{parquet}'")
    # The same rows again, from another kind of file: nothing changes.
    result = run(few_data, parquet)
    assert result.exit_code == 0, result.output
    assert contents(few_data) == first


def test_columns_of_other_names_and_a_day_for_the_whole_file(
    few_data: Path, tmp_path: Path
) -> None:
    file = write(tmp_path, "repo,downloads\nQwen/Qwen3-8B,12\n")
    options = ("--column", "model_id=repo", "--column", "downloads_30d=downloads")
    result = run(few_data, file, *options, "--date", "2026-09-03")
    assert result.exit_code == 0, result.output
    assert imported(few_data) == [("2026-09-03", "Qwen/Qwen3-8B", 12, None)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Qwen/Qwen3-8B,2026-09-01,-4,,,,", "downloads_30d: -4 is negative"),
        ("Qwen/Qwen3-8B,2026-09-01,many,,,,", "'many' is not a whole number"),
        ("Qwen/Qwen3-8B,2026-09-01,99999999999999,,,,", "larger than any download count"),
        ("Qwen/Qwen3-8B,2026-02-30,4,,,,", "not a possible date"),
        ("Qwen/Qwen3-8B,2999-01-01,4,,,,", "is in the future"),
        ("Qwen/Qwen3-8B,,4,,,,", "no day"),
        (
            "Qwen/Qwen3-8B,2026-09-01,4,,,,Text Generation",
            "pipeline_tag 'Text Generation' is not a",
        ),
        ("Qwen/Qwen3-8B,2026-09-01,4,,,,24b", "pipeline_tag '24b' is not a"),
        ("<script>/x,2026-09-01,4,,,,", "is not a model name"),
        ("Qwen/Qwen3-8B,2026-09-01,4", "3 values; expected 7"),
        ("Qwen/Qwen3-8B,2026-09-01,4,,,yesterday,", "'yesterday' is not a time in UTC"),
        (ROWS.splitlines()[0], "appears twice on 2026-09-01"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_nothing_is_imported(
    few_data: Path, tmp_path: Path, row: str, said: str
) -> None:
    before = contents(few_data)
    file = write(tmp_path, HEADER + ROWS + row + "\n")
    result = run(few_data, file)
    assert result.exit_code == 1
    assert f"{file}:6: " in result.stderr
    assert said in result.stderr
    assert contents(few_data) == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--source", "unheard-of"), "source 'unheard-of' is not in it"),
        (("--column", "model_id=repo"), "no column 'repo'"),
        (("--column", "model=repo"), "the census has no column 'model'"),
    ],
)
def test_what_cannot_be_imported_at_all_is_told(
    few_data: Path, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    before = contents(few_data)
    result = run(few_data, write(tmp_path, HEADER + ROWS), *options)
    assert result.exit_code == 1
    assert said in result.stderr
    assert contents(few_data) == before


def test_counts_of_another_channel_never_enter_the_hubs_curves(
    few_data: Path, tmp_path: Path
) -> None:
    before = contents(few_data)
    result = run(few_data, write(tmp_path, HEADER + ROWS), "--source", "ollama-gallery")
    assert result.exit_code == 1
    assert "source 'ollama-gallery' is of the channel ollama: only counts of the Hub" in (
        result.stderr
    )
    assert contents(few_data) == before


def test_a_row_without_a_count_is_left_out_and_said(few_data: Path, tmp_path: Path) -> None:
    result = run(few_data, write(tmp_path, HEADER + ROWS + "Qwen/Qwen3-4B,2026-09-01,,,5,,\n"))
    assert result.exit_code == 0, result.output
    assert "left out: 1 rows with neither a 30-day nor an all-time count" in result.output
    assert imported(few_data) == EXPECTED


def test_a_file_of_which_no_row_can_be_taken_in_is_refused(few_data: Path, tmp_path: Path) -> None:
    before = contents(few_data)
    rows = "nobody-knows/this-model,2026-09-01,1,2,3,,\n" * 2 + "Qwen/Qwen3-8B,2026-09-01,,,5,,\n"
    result = run(few_data, write(tmp_path, HEADER + rows))
    assert result.exit_code == 1
    assert "no row to import: 2 of a namespace that is not registered, 1 with neither" in (
        result.stderr
    )
    assert contents(few_data) == before


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("gated", "True", "gated 'true' is not one of: auto, false, manual"),
        ("hub_id", "abc", "hub_id 'abc' is not an id of the Hub"),
        ("license", "MIT License", "license 'MIT License' is not a value that the Hub gives"),
        ("library_name", "<b>", "library_name '<b>' is not a value that the Hub gives"),
        ("parameters", "7B", "parameters '7B' is not a number"),
        ("base_models", "finetune:nothing", "is not a model name"),
        ("last_modified", "2026-02-30", "not a possible date"),
    ],
)
def test_what_a_build_would_refuse_is_not_imported(
    few_data: Path, tmp_path: Path, column: str, value: str, said: str
) -> None:
    before = contents(few_data)
    row = f"Qwen/Made-Up,2026-09-01,4,{value}\n"
    file = write(tmp_path, f"model_id,observed_on,downloads_30d,{column}\n{row}")
    result = run(few_data, file)
    assert result.exit_code == 1
    assert f"{file}:2: " in result.stderr
    assert said in result.stderr
    assert contents(few_data) == before


def test_whatever_is_imported_can_be_built(few_data: Path, tmp_path: Path) -> None:
    text = (
        "model_id,observed_on,downloads_30d,gated,pipeline_tag,parameters\n"
        "Qwen/Made-Up,2026-09-01,4,False,N/A,100000000000000\n"
    )
    result = run(few_data, write(tmp_path, text))
    assert result.exit_code == 0, result.output
    read_input(few_data)
    line = next(one for one in read_models(few_data, []) if one.model_id == "Qwen/Made-Up")
    assert (line.gated, line.pipeline_tag, line.parameters) == ("false", "", 10**14)


def test_empty_lines_are_skipped(few_data: Path, tmp_path: Path) -> None:
    text = "\n" + HEADER + ROWS.replace("\n", "\n\n,,,,,,\n", 2) + "\n"
    result = run(few_data, write(tmp_path, text))
    assert result.exit_code == 0, result.output
    assert imported(few_data) == EXPECTED


@pytest.mark.parametrize(
    ("header", "options", "said"),
    [
        ("model_id,likes,model_id", (), "column 'model_id' is there 2 times"),
        ("model_id,n,n", ("--column", "downloads_30d=n"), "column 'n' is there 2 times"),
        (
            "model_id,n,x",
            ("--column", "downloads_30d=n", "--column", "downloads_all_time=n"),
            "column 'n' would be read as downloads_30d and as downloads_all_time",
        ),
        ("model_id,likes,x", ("--column", "downloads_30d=likes"), "as downloads_30d and as likes"),
    ],
)
def test_a_column_that_could_be_two_things_is_refused(
    few_data: Path, tmp_path: Path, header: str, options: tuple[str, ...], said: str
) -> None:
    before = contents(few_data)
    file = write(tmp_path, f"{header}\nQwen/Qwen3-8B,1,2\n")
    result = run(few_data, file, "--date", "2026-09-01", *options)
    assert result.exit_code == 1
    assert said in result.stderr
    assert contents(few_data) == before


def test_one_of_our_columns_cannot_be_named_twice(few_data: Path, tmp_path: Path) -> None:
    options = ("--column", "model_id=model_id", "--column", "model_id=likes")
    result = run(few_data, write(tmp_path, HEADER + ROWS), *options)
    assert result.exit_code == 2
    assert "'model_id' is named twice" in result.stderr


def test_other_counts_for_a_day_that_is_there_are_refused(few_data: Path, tmp_path: Path) -> None:
    run(few_data, write(tmp_path, HEADER + ROWS))
    before = contents(few_data)
    result = run(few_data, write(tmp_path, HEADER + ROWS.replace("5000", "5001")))
    assert result.exit_code == 1
    assert "observations never change" in result.stderr
    assert contents(few_data) == before


def test_files_that_are_no_table_are_refused(few_data: Path, tmp_path: Path) -> None:
    cut = gzip.compress((HEADER + ROWS * 100).encode())[:-20]
    for name, content in [
        ("x.parquet", b"no parquet"),
        ("x.csv.gz", b"no gzip"),
        ("cut.csv.gz", cut),
        ("x.csv", b""),
        ("blank.csv", b"\n\n"),
    ]:
        path = tmp_path / name
        path.write_bytes(content)
        result = run(few_data, path)
        assert result.exit_code == 1, name
        assert str(path) in result.stderr
    assert run(few_data, tmp_path / "none.csv").exit_code == 1
