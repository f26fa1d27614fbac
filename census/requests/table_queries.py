"""Checks of a reader's query of a table before Datasette runs it: filters, sorting, pages.

Datasette 0.65 takes a name in quotes that is not a column for a text, and answers some slips of a
reader as if it had failed itself. A wrong request gets a reason here, and no rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qsl

from datasette.filters import Filters
from datasette.utils import urlsafe_components

from census.questions.parameters import ParameterError
from census.requests.refusals import Refusal, refused_parameter
from census.site.served_tables import ServedTable
from census.site.site import DATABASE, Site

INTEGER = re.compile(r"[0-9]{1,18}")
# What compares numbers: Datasette makes an integer of digits of any script and of any length.
NUMERIC = ("gt", "gte", "lt", "lte")
LISTS = ("in", "notin")
LOOKUPS = tuple(lookup for lookup, _, _ in Filters([]).lookups())
LARGEST = 2**63 - 1
SHAPES = ("arrays", "objects", "object", "array", "arrayfirst")
BOOLEANS = ("on", "off", "true", "false", "1", "0")
# Formats that are files of one result.
FILES = ("csv", "tsv", "xlsx")
# Shapes that are made of rows, which the list of tables has none of.
ROW_SHAPES = ("array", "arrayfirst", "object")
SEARCH_OPTIONS = ("_search", "_searchmode")

Pairs = Sequence[tuple[str, str]]


def refuse(message: str) -> Refusal:
    """Return the refusal of a wrong request for rows."""
    return Refusal(400, "Wrong request", message)


def check_numbers(pairs: Pairs) -> None:
    """Raise a refusal for an option that must be a whole number and is not."""
    for name, value in pairs:
        if name in ("_timelimit", "_facet_size") and value:
            if name == "_facet_size" and value == "max":
                continue
            if not INTEGER.fullmatch(value) or not int(value):
                raise refuse(f"{name}={value!r} is not a whole number above 0")


def check_shape(pairs: Pairs, has_keys: bool) -> None:
    """Raise a refusal for an unknown shape, and for rows by key where a table has no key."""
    options = dict(pairs)
    shape = options.get("_shape") or SHAPES[0]
    if shape not in SHAPES:
        raise refused_parameter(ParameterError("_shape", shape, SHAPES))
    if options.get("_json_infinity", "").lower() not in ("", *BOOLEANS):
        error = ParameterError("_json_infinity", options["_json_infinity"], BOOLEANS)
        raise refused_parameter(error)
    if shape == "object" and not has_keys:
        raise refuse("_shape=object needs a table with a primary key; use _shape=array")


def check_sort(table: ServedTable, pairs: Pairs) -> None:
    """Raise a refusal for sorting by what is not a column, or in both directions."""
    sorts = {name: value for name, value in pairs if name in ("_sort", "_sort_desc") and value}
    rowid = () if table.keys or table.is_view else ("rowid",)
    for name, value in sorts.items():
        if value not in (*table.columns, *rowid):
            reason = f"{name}={value!r} is not a column of {table.name}"
            raise refuse(f"{reason}; its columns: {', '.join(table.columns)}")
    if len(sorts) == 2:
        raise refuse("Use _sort or _sort_desc, not both")


def check_next(table: ServedTable, pairs: Pairs) -> None:
    """Raise a refusal for a next page that no page of this table has named."""
    options = dict(pairs)
    following = options.get("_next")
    if not following:
        return
    if table.is_view:
        fine = bool(INTEGER.fullmatch(following))
    else:
        parts = len(table.keys) or 1
        sorted_too = bool(options.get("_sort") or options.get("_sort_desc"))
        fine = len(urlsafe_components(following)) in (
            (parts, parts + 1) if sorted_too else (parts,)
        )
    if not fine:
        raise refuse(
            f"_next={following!r} is not a page of {table.name}; use the address in next_url"
        )


def check_search(pairs: Pairs) -> None:
    """Raise a refusal for an unknown option of searching."""
    for name, _ in pairs:
        is_known_option = name in SEARCH_OPTIONS or name.startswith("_search_")
        if name.startswith("_search") and not is_known_option:
            raise refuse(f"{name} is not known; search with _search, or _search_COLUMN")


def check_through(site: Site, table: ServedTable, pairs: Pairs) -> None:
    """Raise a refusal for a `_through` that names no table that refers to this one."""
    for name, value in pairs:
        if name == "_through":
            check_one_through(site, table, value)


def check_one_through(site: Site, table: ServedTable, value: str) -> None:
    """Raise a refusal unless a value is a JSON object with a table, its column and a value."""
    try:
        through = json.loads(value)
    except ValueError:
        through = None
    if not isinstance(through, dict) or not {"table", "column", "value"} <= through.keys():
        raise refuse('_through must be JSON like {"table": …, "column": …, "value": …}')
    other = site.tables.get(str(through["table"]))
    if other is None or table.name not in [target for _, target in other.refers_to]:
        raise refuse(f"_through: no table {through['table']!r} refers to {table.name}")
    if through["column"] not in other.columns:
        raise refuse(f"_through: {other.name} has no column {through['column']!r}")
    check_scalar("_through", through["value"])


def check_scalar(name: str, value: Any) -> None:
    """Raise a refusal for a value that no cell can be compared with."""
    if isinstance(value, dict | list):
        raise refuse(f"{name}: {json.dumps(value)} is neither a text nor a number")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise refuse(f"{name}: {value} is larger than any number here")


def filters_of(pairs: Pairs) -> Iterator[tuple[str, str, str, str]]:
    """Yield the filters of a query: their name, column, comparison and value.

    As Datasette reads them, a name that begins with an underscore is a filter if it has two more.
    """
    for name, value in pairs:
        if not (name.startswith("_") and "__" not in name):
            column, lookup, _ = next(Filters([(name, value)]).selections())
            yield name, column, lookup, value


def check_columns(table: ServedTable, pairs: Pairs) -> None:
    """Raise a refusal for a filter on an unknown column, which SQL would compare as a text."""
    columns = {name.casefold() for name in (*table.columns, "rowid")}
    for name, column, lookup, _ in filters_of(pairs):
        if column.casefold() not in columns:
            reason = f"{name!r}: {table.name} has no column {column!r}"
            near = get_close_matches(column, table.columns)
            suggestion = f" (perhaps {' or '.join(near)})" if near else ""
            details = {"parameter": name, "columns": list(table.columns)}
            message = f"{reason}{suggestion}; its columns: {', '.join(table.columns)}"
            raise Refusal(400, "No such column", message, details)
        if lookup not in LOOKUPS:
            reason = f"{name!r}: there is no comparison {lookup!r}; there are {', '.join(LOOKUPS)}"
            raise refuse(reason)


def check_values(pairs: Pairs) -> None:
    """Raise a refusal for a value that a filter cannot compare with."""
    for name, _, lookup, value in filters_of(pairs):
        if lookup in NUMERIC and value.isdigit():
            if not value.isascii():
                raise refuse(f"{name}={value!r} is not a number; use the digits 0 to 9")
            check_scalar(name, int(value))
        if lookup in LISTS and value.startswith("["):
            try:
                list_values = json.loads(value)
            except ValueError as error:
                raise refuse(f"{name}={value!r} is not a list in JSON: {error}") from error
            for list_value in list_values:
                check_scalar(name, list_value)


def check_table(site: Site, table: ServedTable, kind: str, query: str) -> None:
    """Raise a refusal for what cannot be asked of a table or view; `kind` is a format or empty."""
    pairs = parse_qsl(query, keep_blank_values=True)
    check_numbers(pairs)
    check_shape(pairs, kind != "json" or bool(table.keys))
    check_sort(table, pairs)
    check_next(table, pairs)
    check_search(pairs)
    check_through(site, table, pairs)
    check_columns(table, pairs)
    check_values(pairs)


def check_free(kind: str, query: str) -> None:
    """Raise a refusal for what cannot be asked of the database; `kind` is a format or empty."""
    pairs = parse_qsl(query, keep_blank_values=True)
    options = dict(pairs)
    check_numbers(pairs)
    if options.get("sql"):
        check_shape(pairs, kind != "json")
    elif kind in FILES or (kind == "json" and options.get("_shape") in ROW_SHAPES):
        reason = f"/{DATABASE}.{kind} needs sql=select …; each table and question has its own file"
        raise refuse(reason)


def check_row(table: ServedTable, key: str) -> None:
    """Raise a refusal for the address of a row that has not as many parts as the table's key."""
    names = table.keys or ("rowid",)
    if table.is_view:
        raise Refusal(404, "No such row", f"{table.name} is a view, whose rows have no addresses")
    if len(key.split(",")) != len(names):
        parts = f"{len(names)} part{'s' if len(names) > 1 else ''}"
        reason = f"A row of {table.name} is named by {parts}: {','.join(names)}"
        raise Refusal(404, "No such row", reason)
