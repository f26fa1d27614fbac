"""A Frictionless data package of exported CSV files: what each table and column is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from census.export.table_descriptions import Column, Table

TYPES = {"integer": "integer", "real": "number", "text": "string"}
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


class File(NamedTuple):
    """An exported file: its path in the export, size and SHA-256, and what it is."""

    path: str
    bytes: int
    sha256: str
    what: str


def data_package(
    words: Mapping[str, Any],
    tables: Sequence[Table],
    files: Mapping[str, File],
    sources: Sequence[Mapping[str, Any]],
    info: Mapping[str, str],
) -> dict[str, Any]:
    """Return the description of a data package.

    `files` has the CSV file of each table; `sources` are rows of the table sources.
    """
    names = {table.name for table in tables}
    return {
        "name": "open-model-census",
        "title": words["title"],
        "description": words["description"],
        "version": info["last_observation"],
        "licenses": [LICENCE],
        "sources": [{"title": row["name"], "path": row["url"]} for row in sources],
        "resources": [_resource(table, files[table.name], names) for table in tables],
    }


def _resource(table: Table, file: File, names: set[str]) -> dict[str, Any]:
    keys = [_reference(table, key) for key in table.references if key.table in names]
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
    }
    required = {column.name for column in table.columns if column.required}
    if table.key and set(table.key) <= required:
        schema["primaryKey"] = list(table.key)
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": table.name.replace("_", "-"),
        "type": "table",
        "path": file.path,
        "description": table.description,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": TYPES[column.type]}
    if column.description:
        field["description"] = column.description
    if column.required:
        field["constraints"] = {"required": True}
    return field


def _reference(table: Table, key: Any) -> dict[str, Any]:
    to = "" if key.table == table.name else key.table.replace("_", "-")
    return {"fields": [key.column], "reference": {"resource": to, "fields": [key.target]}}
