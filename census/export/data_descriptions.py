"""Documents on data/ and the database from their declarations: pages, and schemas for editors."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from census.base.declared_files import DataFile
from census.export.table_descriptions import Table
from census.questions.question_schema import question_schema

HEAD = """# The files of data/

Made by `tools/describe` from the declarations in `census/`; change it there. Every file is CSV with
a header; an empty value is unknown. `docs/schemas/` has the same as JSON schemas of a row.
"""


TABLES_HEAD = """# The tables of census.db

Made by `tools/describe` from `census/database/schema.sql` and the steps of a build in
`census/database/steps.py`; change them there. An empty value is unknown, never zero.
"""


TABLES_OF_METADATA = """    # By tools/describe from census/database/schema.sql; change it there.
    tables:
"""


def describe_metadata(text: str, words: Mapping[str, Any]) -> dict[str, str]:
    """Return metadata.yml with what the schema says of its tables, by its path.

    `text` is what it says now, of which all before the tables stays.
    """
    head, _, _ = text.partition(TABLES_OF_METADATA)
    tables = yaml.safe_dump(dict(words), sort_keys=False, allow_unicode=True, width=88)
    return {"metadata.yml": head + TABLES_OF_METADATA + textwrap.indent(tables, " " * 6)}


def describe_tables(
    tables: Iterable[Table], filled_by: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Return the page on the tables of the database, by its path.

    `filled_by` are by table the steps of a build that fill it, in their order.
    """
    lines = [TABLES_HEAD]
    for table in tables:
        lines += [f"## {table.name}\n", f"{table.description}\n"]
        lines += ["| column | type | filled | what it is |", "| --- | --- | --- | --- |"]
        referred = {
            reference.column: f" (of `{reference.table}`)" for reference in table.references
        }
        for column in table.columns:
            filled = "always" if column.required else ""
            words = f"{column.description}{referred.get(column.name, '')}".replace("|", " or ")
            lines.append(f"| `{column.name}` | {column.type} | {filled} | {words} |")
        lines.append("")
        notes = []
        if table.key:
            notes.append(f"Key: {', '.join(f'`{name}`' for name in table.key)}.")
        if steps := filled_by.get(table.name):
            notes.append(f"Filled by the build's {_listed(steps)}.")
        if notes:
            lines.append(f"{' '.join(notes)}\n")
    return {"docs/tables.md": "\n".join(lines)}


def _listed(steps: Sequence[str]) -> str:
    names = " and ".join(f"*{step}*" for step in steps)
    return f"step {names}" if len(steps) == 1 else f"steps {names}"


def describe_data(files: Iterable[DataFile]) -> dict[str, str]:
    """Return the documents on some files by their path: a page, and a JSON schema each.

    `labs.csv` → `docs/schemas/labs.json`, `channels/names.csv` → `…/channels-names.json`. That of
    the front matter of questions is `docs/schemas/question.json`.
    """
    declared = list(files)
    page = "\n".join([HEAD, *(line for file in declared for line in _described(file))])
    schemas = {schema_path(file): file.json_schema() for file in declared}
    schemas["docs/schemas/question.json"] = question_schema()
    return {
        "docs/data.md": page,
        **{
            path: json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
            for path, schema in schemas.items()
        },
    }


def schema_path(file: DataFile) -> str:
    """Return where the JSON schema of a file's rows is."""
    name = file.path.removesuffix(".csv").replace("/", "-")
    return f"docs/schemas/{name}.json"


def _described(file: DataFile) -> Iterator[str]:
    yield f"## {file.path}\n"
    by = "" if file.written_by == "people" else f" Written by: {file.written_by}."
    yield f"{file.about}{by}\n"
    yield "| column | filled | what it is |"
    yield "| --- | --- | --- |"
    properties = file.json_schema()["properties"]
    for name in file.columns:
        filled = "always" if name in file.required else ""
        words = [properties[name]["description"]]
        if name in file.references:
            words.append(f"(of `{file.references[name]}`)")
        schema = properties[name].get("anyOf", [properties[name]])[0]
        if "enum" in schema:
            words.append(f"({', '.join(schema['enum'])})")
        yield f"| `{name}` | {filled} | {' '.join(words).replace('|', ' or ')} |"
    yield ""
    for key in file.unique:
        yield f"- Every row has another {' with '.join(f'`{name}`' for name in key)}."
    for rule in (*file.rules, *file.orders):
        yield f"- {' '.join(str(rule.__doc__).split())}"
    if file.unique or file.rules or file.orders:
        yield ""
