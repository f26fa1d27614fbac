"""Whole files of any question, table or SQL, streamed; or a refusal, never a part.

Datasette ends a result at `max_returned_rows` without a word in `.csv` and `.json?_shape=array`.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from datasette import hookimpl
from datasette.plugins import pm
from datasette.utils import InvalidSql, tilde_decode, validate_sql_select
from datasette.utils.asgi import Request

from census.base.databases import connect_readonly
from census.cache.in_the_making import until_disconnected
from census.export.table_descriptions import read_words
from census.export.whole_files import (
    SHAPES,
    Limits,
    RefusedResultError,
    Statement,
    StatementResult,
    csv_pieces,
    file_name,
    json_pieces,
    question_statement,
    spreadsheet_separator,
    switch,
)
from census.pages.chart_files import day_of_question
from census.pages.citations import Citation
from census.questions.parameters import ParameterError
from census.questions.question_files import Question
from census.requests.lanes import READING, GoneError, Reading
from census.requests.refusals import refusal_of, refuse
from census.serving.workbooks import Line, about_question, about_sql, about_table, make_workbook
from census.site.addresses import site_path
from census.site.site import DATABASE, ROOT, complete_query, site_of
from census.site.validators import is_known, mark_of

PATH = re.compile(rf"/{DATABASE}(?:/(?P<name>[^/]+))?\.(?P<format>csv|tsv|xlsx|json)")
TYPES = {
    "csv": b"text/csv; charset=utf-8",
    "tsv": b"text/tab-separated-values; charset=utf-8",
    "xlsx": b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": b"application/json; charset=utf-8",
    "lines": b"application/x-ndjson; charset=utf-8",
}
SWITCHES = ("_bom", "_nl")
# Files that are read at once; another one waits for a piece, not for the end.
READERS = 4
LIMIT = re.compile(r"\s+limit \d+\s*$", re.IGNORECASE)


class WholeFile(NamedTuple):
    """A requested file: its statement, format, options and name."""

    statement: Statement
    format: str
    options: dict[str, str]
    name: str
    choices: dict[str, str]
    day: str
    # What a workbook says of itself, for how it is cited.
    about: Callable[[Citation], list[Line]]


def free_statement(sql: str, values: dict[str, str]) -> Statement:
    """Return the statement of a reader's SQL; raises RefusedResultError unless it selects."""
    try:
        validate_sql_select(sql)
    except InvalidSql as error:
        raise RefusedResultError(str(error)) from error
    return Statement(sql.strip().rstrip(";"), values)


async def labelled(datasette: Any, table: str, sql: str) -> str:
    """Return a table's statement with the label of each foreign key behind its column."""
    database = datasette.get_database(DATABASE)
    labels = {}
    for key in await database.foreign_keys_for_table(table):
        label = await database.label_column_for_table(key["other_table"])
        if label:
            labels[key["column"]] = (key["other_table"], key["other_column"], label)
    columns = []
    for column in await database.table_columns(table):
        columns.append(f'q."{column}"')
        if column in labels:
            other, other_key, label = labels[column]
            label_of = (
                f'select o."{label}" from "{other}" as o where o."{other_key}" = q."{column}"'  # noqa: S608
            )
            columns.append(f'({label_of}) as "{column}_label"')
    return f"select {', '.join(columns)} from ({sql}) as q"  # noqa: S608


async def table_statement(datasette: Any, name: str, query: str) -> Statement | None:
    """Return the statement behind a table's or view's page without its limit, None if unknown."""
    options = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != "_size"]
    options += [("_size", "1"), ("_nocount", "1"), ("_nofacet", "1"), ("_extra", "query")]
    answer = await datasette.client.get(f"/{DATABASE}/{name}.json?{urlencode(options)}")
    if answer.status_code != 200 or "query" not in answer.json():
        return None
    query_of_page = answer.json()["query"]
    sql = LIMIT.sub("", query_of_page["sql"])
    if ("_labels", "on") in options:
        sql = await labelled(datasette, tilde_decode(name), sql)
    return Statement(
        sql, query_of_page["params"], trusted=not any(key == "_where" for key, _ in options)
    )


def question_file(datasette: Any, question: Question, query: str, kind: str) -> WholeFile:
    """Return the file of a question; raises ParameterError."""
    values, completed = complete_query(question, query)
    context = site_of(datasette).context
    defaults = question.defaults()
    return WholeFile(
        question_statement(question, values),
        kind,
        {key: value for key, value in parse_qsl(completed) if key.startswith("_")},
        question.name,
        {key: value for key, value in values.items() if value != defaults[key]},
        day_of_question(question, values, context),
        lambda cited: about_question(question, values, cited),
    )


async def find_file(datasette: Any, path: str, query: str) -> WholeFile | None:
    """Return the whole file that a path asks for, None where Datasette should answer.

    Raises ParameterError and RefusedResultError.
    """
    matched = PATH.fullmatch(path)
    if matched is None or DATABASE not in datasette.databases:
        return None
    name, kind = matched["name"], matched["format"]
    options = dict(parse_qsl(query, keep_blank_values=True))
    for option in SWITCHES:
        switch(options, option)
    spreadsheet_separator(options)
    # The other shapes say `truncated`; a page of a table says `next`.
    if kind == "json" and options.get("_shape") not in SHAPES:
        return None
    site = site_of(datasette)
    if name in site.questions:
        return question_file(datasette, site.questions[name], query, kind)
    day = site.context.last_observation
    if name is None:
        if not options.get("sql") or not datasette.setting("default_allow_sql"):
            return None
        values = {key: value for key, value in options.items() if key != "sql"}
        mark = hashlib.sha256(query.encode()).hexdigest()[:8]
        statement = free_statement(options["sql"], values)
        sql = options["sql"]
        return WholeFile(
            statement,
            kind,
            options,
            f"query-{mark}",
            {},
            day,
            lambda cited: about_sql(sql, cited),
        )
    page = "_next" in options or options.get("_size", "max") != "max"
    if kind == "json" or (kind == "csv" and page):
        return None
    if page:
        wrong = next(option for option in ("_next", "_size") if option in options)
        raise ParameterError(wrong, options[wrong], ["nothing: this format has every row"])
    table_sql = await table_statement(datasette, name, query)
    choices = {k: v for k, v in options.items() if not k.startswith("_")}
    if table_sql is None:
        return None
    words = read_words(ROOT / "metadata.yml")["tables"].get(tilde_decode(name), {})
    return WholeFile(
        table_sql,
        kind,
        options,
        tilde_decode(name),
        choices,
        day,
        lambda cited: about_table(tilde_decode(name), words, cited),
    )


def open_result(datasette: Any, statement: Statement, reading: Reading) -> StatementResult:
    """Open a result on a connection of its own; raises RefusedResultError and GoneError."""
    database = datasette.get_database(DATABASE)
    connection = connect_readonly(Path(database.path), any_thread=True)
    pm.hook.prepare_connection(conn=connection, database=DATABASE, datasette=datasette)
    limits = Limits(datasette.setting("sql_time_limit_ms") / 1000)
    try:
        opened: StatementResult = reading.run(
            connection, StatementResult, connection, statement, limits
        )
    except GoneError:
        connection.close()
        raise
    return opened


def pieces_of(file: WholeFile, result: StatementResult) -> Iterator[bytes]:
    """Return the pieces of a file in its format; raises ParameterError for a wrong option."""
    if file.format in ("csv", "tsv"):
        spreadsheet = spreadsheet_separator(file.options)
        tabs = file.format == "tsv"
        return csv_pieces(
            result,
            bom=switch(file.options, "_bom"),
            spreadsheet=bool(spreadsheet),
            heading=file.options.get("_header") != "off",
            separator="\t" if tabs else spreadsheet or ",",
        )
    return json_pieces(result, file.options["_shape"], switch(file.options, "_nl"))


def book_pieces(
    datasette: Any, scope: dict[str, Any], file: WholeFile, result: StatementResult
) -> Iterator[bytes]:
    """Return a workbook as the one piece that it is made of; raises RefusedResultError."""
    query = scope["query_string"].decode("latin-1")
    path = site_path(datasette, scope) + (f"?{query}" if query else "")
    url = datasette.absolute_url(Request(scope, None), datasette.urls.path(path))
    cited = Citation("", "", file.day, url, site_of(datasette).hash)
    try:
        return iter([make_workbook(result, file.about(cited), file.day)])
    except sqlite3.Error as error:
        raise RefusedResultError(f"The query cannot be run: {error}") from error


def decisive_texts(datasette: Any, scope: dict[str, Any], file: WholeFile) -> Iterator[str]:
    """Yield everything that decides the bytes of a file: data, code, address."""
    site = site_of(datasette)
    yield from (site.hash, site.code, sqlite3.sqlite_version, str(scope["path"]))
    yield scope["query_string"].decode("latin-1")
    # A workbook says where it comes from, and its statement can be of another table's page.
    yield datasette.absolute_url(Request(scope, None), "/")
    yield file.statement.sql


def headers_of(datasette: Any, file: WholeFile, mark: str) -> list[tuple[bytes, bytes]]:
    """Return the headers of a whole file."""
    lines = file.format == "json" and switch(file.options, "_nl")
    name = file_name(file.name, file.choices, file.day, "jsonl" if lines else file.format)
    how = "attachment" if file.format != "json" or "_dl" in file.options else "inline"
    return [
        (b"content-type", TYPES["lines" if lines else file.format]),
        (b"content-disposition", f'{how}; filename="{name}"'.encode()),
        (b"cache-control", f"public, max-age={datasette.setting('default_cache_ttl')}".encode()),
        (b"access-control-allow-origin", b"*"),
        (b"access-control-expose-headers", b"content-disposition, etag, link"),
        (b"etag", mark.encode()),
    ]


async def deliver(
    datasette: Any, pieces: Iterator[bytes], hung_up: asyncio.Future[None], send: Any
) -> None:
    """Send the pieces one by one until the end, or until the reader hangs up."""
    while not hung_up.done():
        piece = await in_thread(datasette, next, pieces, None)
        has_more = piece is not None
        await send({"type": "http.response.body", "body": piece or b"", "more_body": has_more})
        if not has_more:
            return


def readers() -> ThreadPoolExecutor:
    """Return the threads that read files, made at the first one."""
    pool: ThreadPoolExecutor | None = getattr(readers, "kept", None)
    if pool is None:
        pool = ThreadPoolExecutor(READERS, thread_name_prefix="whole-files")
        readers.kept = pool  # type: ignore[attr-defined]
    return pool


async def in_thread(datasette: Any, work: Callable[..., Any], *arguments: Any) -> Any:
    """Do work in a thread that reads files, or in the lane of readers' own SQL."""
    pool = readers() if READING.get() is None else datasette.executor
    return await asyncio.get_running_loop().run_in_executor(pool, work, *arguments)


async def answer(datasette: Any, scope: dict[str, Any], receive: Any, send: Any) -> bool:
    """Answer a request for a whole file; False where it is none."""
    path = site_path(datasette, scope)
    try:
        file = await find_file(datasette, path, scope["query_string"].decode("latin-1"))
        if file is None:
            return False
        await send_file(datasette, scope, file, receive, send)
    except (ParameterError, RefusedResultError) as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        await refuse(datasette, path, refusal, send)
    return True


async def send_file(
    datasette: Any, scope: dict[str, Any], file: WholeFile, receive: Any, send: Any
) -> None:
    """Send a whole file, or 304; raises RefusedResultError before the first byte."""
    mark = mark_of(decisive_texts(datasette, scope, file))
    headers = headers_of(datasette, file, mark)
    if is_known(dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1"), mark):
        without_type = [pair for pair in headers if pair[0] != b"content-type"]
        await send({"type": "http.response.start", "status": 304, "headers": without_type})
        await send({"type": "http.response.body", "body": b""})
        return
    reading = READING.get() or Reading()
    hung_up = asyncio.ensure_future(until_disconnected(receive))
    hung_up.add_done_callback(lambda _: reading.leave())
    try:
        with suppress(GoneError):
            await send_result(datasette, scope, file, reading, hung_up, headers, send)
    finally:
        hung_up.cancel()
        with suppress(asyncio.CancelledError):
            await hung_up


async def send_result(
    datasette: Any,
    scope: dict[str, Any],
    file: WholeFile,
    reading: Reading,
    hung_up: asyncio.Future[None],
    headers: list[tuple[bytes, bytes]],
    send: Any,
) -> None:
    """Run a statement and send what it gives; raises RefusedResultError before the first byte."""
    result = await in_thread(datasette, open_result, datasette, file.statement, reading)
    hung_up.add_done_callback(lambda _: result.stop())
    try:
        pieces = (
            await in_thread(datasette, book_pieces, datasette, scope, file, result)
            if file.format == "xlsx"
            else pieces_of(file, result)
        )
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
        else:
            await deliver(datasette, pieces, hung_up, send)
    finally:
        result.close()


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Answer whole files before Datasette does; everything else is Datasette's."""

    def wrap(app: Any) -> Any:
        async def whole(scope: dict[str, Any], receive: Any, send: Any) -> None:
            is_read = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
            if not is_read or not await answer(datasette, scope, receive, send):
                await app(scope, receive, send)

        return whole

    return wrap
