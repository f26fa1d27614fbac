"""The files of data/ as they are declared: what is wrong with a row, and what is made of it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import jsonschema
import pytest

from census.base.csv_files import Problem, Row, read_rows
from census.base.declared_files import (
    Count,
    DataFile,
    DataRow,
    Day,
    Expression,
    Number,
    PartialDay,
    YesNo,
    column,
    faults_of,
    matching,
    one_of,
    optional,
    some_of,
)
from census.database.data_files import DATA_FILES
from census.database.declared_tables import schema, table_words
from census.database.steps import filled_by
from census.export.data_descriptions import (
    describe_data,
    describe_metadata,
    describe_tables,
    schema_path,
)
from census.export.table_descriptions import read_tables, read_words
from census.questions.question_files import FOLDER, FRONT_MATTER, load_yaml
from census.questions.question_schema import question_schema

ROOT = Path(__file__).resolve().parent.parent


class MadeRow(DataRow):
    """A row with every kind of value."""

    slug: Annotated[str, matching(re.compile(r"[a-z\d]+", re.ASCII), "is not a slug")] = column("A")
    kind: Annotated[str, one_of("big", "small")] = column("B")
    from_: Day = optional("C", name="from")
    about: PartialDay = optional("D")
    count: Count = optional("E")
    value: Number = optional("F")
    sure: YesNo = optional("G")
    pattern: Expression = optional("H")
    places: Annotated[str, some_of("home", "charts")] = optional("I")
    other: str = optional("J")


def big_is_counted(row: Row) -> Iterator[str]:
    """What is big has a count."""
    if row["kind"] == "big" and not row["count"]:
        yield "big without a count"


MADE = DataFile(
    "made.csv",
    "A made file.",
    MadeRow,
    unique=(("slug",),),
    references={"other": "made.csv"},
    rules=(big_is_counted,),
)
SOUND = {"slug": "a1", "kind": "small"}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"slug": ""}, "slug is empty"),
        ({"slug": "A1"}, "slug 'A1' is not a slug"),
        # Digits of other scripts are not those of a slug, nor is a slug the beginning of a line.
        ({"slug": "a٣"}, "slug 'a٣' is not a slug"),
        ({"slug": "a1\n"}, "slug 'a1\\n' is not a slug"),
        ({"kind": ""}, "kind is empty"),
        ({"kind": "Big"}, "kind 'Big' is not one of: big, small"),
        ({"from": "2026-02-30"}, "from: '2026-02-30' is not a possible date (YYYY-MM-DD)"),
        ({"about": "2026-13"}, "about: '2026-13-01' is not a possible date (YYYY-MM-DD)"),
        ({"count": "-1"}, "count: -1 is negative"),
        ({"count": "1.5"}, "count: '1.5' is not a whole number"),
        ({"value": "1_000"}, "value '1_000' is not a number"),
        ({"sure": "maybe"}, "sure 'maybe' is not one of: no, yes"),
        ({"places": "home attic"}, "places 'attic' is not one of: home, charts"),
    ],
)
def test_a_wrong_value_is_told_with_its_column(changed: dict[str, str], reason: str) -> None:
    assert faults_of(MadeRow, SOUND) == []
    assert faults_of(MadeRow, {**SOUND, **changed}) == [reason]


def test_a_broken_expression_is_told() -> None:
    (fault,) = faults_of(MadeRow, {**SOUND, "pattern": "("})
    assert fault.startswith("pattern '(' is broken: ")


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    lines = [
        ",".join(MADE.columns),
        "a,small,2026-01-01,2026,5,1.5,yes,a|b,home charts,b",
        "a,big,,,,,,,,",
        "B,huge,,,x,,,,,nobody",
        "c,small",
    ]
    (tmp_path / "made.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    problems: list[Problem] = []
    rows = MADE.read(tmp_path, problems, {"made.csv": {"a", "b"}})
    assert [row["slug"] for row in rows] == ["a", "a", "B"]
    assert {(problem.line, problem.reason) for problem in problems} == {
        (3, "duplicate of line 2: a"),
        (3, "big without a count"),
        (4, "slug 'B' is not a slug"),
        (4, "kind 'huge' is not one of: big, small"),
        (4, "count: 'x' is not a whole number"),
        (4, "other 'nobody' is not in made.csv"),
        (5, "2 values; expected 10"),
    }
    assert {problem.file for problem in problems} == {str(tmp_path / "made.csv")}


def test_what_a_file_refers_to_must_be_given(tmp_path: Path) -> None:
    (tmp_path / "made.csv").write_text(",".join(MADE.columns) + "\n", encoding="utf-8")
    with pytest.raises(LookupError, match=r"other refers to made\.csv"):
        MADE.read(tmp_path, [])


def test_a_schema_says_what_a_build_says() -> None:
    schema = MADE.json_schema()
    validator = jsonschema.Draft202012Validator(schema)
    empty = dict.fromkeys(MADE.columns, "")
    assert schema["required"] == ["slug", "kind"]
    assert validator.is_valid({**empty, **SOUND})
    for changed in ({"slug": "A1"}, {"kind": "huge"}, {"kind": ""}, {"sure": "maybe"},
                    {"places": "attic"}, {"unknown": "x"}):  # fmt: skip
        assert not validator.is_valid({**empty, **SOUND, **changed}), changed


def test_every_file_of_the_data_is_declared() -> None:
    declared = {file.path for file in DATA_FILES}
    found = {str(path.relative_to(ROOT / "data")) for path in (ROOT / "data").glob("*.csv")}
    for folder in ("channels", "observations"):
        # Days of observations are many and large, and read by code of their own.
        found |= {f"{folder}/{path.name}" for path in (ROOT / "data" / folder).glob("*.csv")}
    of_folders = ("capability/", "vintages/")
    assert {path for path in declared if not path.startswith(of_folders)} == found


def test_every_column_and_rule_is_explained() -> None:
    for file in DATA_FILES:
        assert file.row.__doc__ not in (None, DataRow.__doc__), file.path
        for name, one in file.row.model_fields.items():
            assert one.description, f"{file.path}: {name}"
        assert all(rule.__doc__ for rule in file.rules), file.path
        assert set(file.references) <= set(file.columns), file.path
        targets = {name for files in file.references.values() for name in files.split(" or ")}
        assert targets <= {other.path for other in DATA_FILES}, file.path


@pytest.mark.parametrize("file", DATA_FILES, ids=lambda file: file.path)
def test_rows_of_the_data_fit_their_schema(file: DataFile) -> None:
    one_of_several = {"SOURCE.csv": "epoch-*.csv", "DAY.csv": "2*.csv"}.get(Path(file.path).name)
    path = ROOT / "data" / file.path
    paths = sorted(path.parent.glob(one_of_several)) if one_of_several else [path]
    assert paths
    validator = jsonschema.Draft202012Validator(file.json_schema())
    for path in paths:
        problems: list[Problem] = []
        for row in read_rows(path, file.columns, problems)[:50]:
            errors = [error.message for error in validator.iter_errors(dict(row))]
            assert errors == [], f"{path.name}:{row.line}"
        assert problems == []


def test_the_documents_are_those_of_the_declarations() -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(schema())
    metadata = ROOT / "metadata.yml"
    tables = read_tables(connection, read_words(metadata))
    documents = {
        **describe_data(DATA_FILES),
        **describe_tables(tables, filled_by()),
        **describe_metadata(metadata.read_text(encoding="utf-8"), table_words()),
    }
    for path, text in documents.items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, f"{path}: run tools/describe"
    kept = {f"docs/schemas/{path.name}" for path in (ROOT / "docs/schemas").glob("*.json")}
    assert kept == set(documents) - {"docs/data.md", "docs/tables.md", "metadata.yml"}
    assert {schema_path(file) for file in DATA_FILES} < set(documents)


MADE_TABLES = """
--: Things that were made.
--: label: name
create table things (
    --: Its number, which is
    --: that of this build
    id integer primary key,
    -- Told apart by its name.
    name text not null unique,
    --: How many there are
    "rows" integer
) strict;

create view named as
select
    t.name,
    case
        when t."rows" > 1 then t."rows"
    --: In words
    end as more
from things as t;
"""


def test_words_on_tables_are_read_from_the_lines_above_them() -> None:
    assert table_words(MADE_TABLES) == {
        "things": {
            "description": "Things that were made.",
            "label_column": "name",
            "columns": {
                "id": "Its number, which is that of this build",
                "rows": "How many there are",
            },
        },
        "named": {"description": "", "columns": {"more": "In words"}},
    }
    nowhere = MADE_TABLES.replace(") strict;", "    --: What is this?\n) strict;")
    with pytest.raises(ValueError, match=r"schema\.sql:13: words on what is no table or column"):
        table_words(nowhere)


def test_the_words_are_no_part_of_the_statements() -> None:
    assert not [line for line in schema().splitlines() if line.lstrip().startswith("--:")]
    connection = sqlite3.connect(":memory:")
    connection.executescript(schema())
    for name, words in table_words().items():
        columns = [row[1] for row in connection.execute(f'pragma table_xinfo("{name}")')]
        assert list(words["columns"]) == columns, name
        assert words["description"], name


def test_every_question_fits_the_schema_of_its_front_matter() -> None:
    validator = jsonschema.Draft202012Validator(question_schema())
    found: dict[str, Any] = {}
    for path in FOLDER.glob("*.sql"):
        matched = FRONT_MATTER.match(path.read_text(encoding="utf-8"))
        assert matched
        front = load_yaml(matched["yaml"], path.name)
        # As an editor has it: what is no text in YAML is what JSON has for it.
        found[path.name] = [e.message for e in validator.iter_errors(json.loads(json.dumps(front)))]
    assert not {name: errors for name, errors in found.items() if errors}
    assert not validator.is_valid({"title": "T", "theme": "Labs", "description": "D"})
