"""Errors of pages and files: status 4xx or 5xx by whose fault it is, in the format asked for."""

from __future__ import annotations

import sqlite3
import sys
import traceback
from typing import Any

from datasette import hookimpl
from datasette.database import QueryInterrupted
from datasette.plugins import pm
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

from census.requests.refusals import Refusal, refusal_of, refusal_response
from census.site.addresses import question_of, site_path
from census.site.site import DATABASE, site_of

TOO_LONG = (
    "The query takes longer than this site allows. Narrow it, or download the whole database and"
    " run it there."
)
# Messages of Datasette for unknown addresses that tell a reader nothing.
UNSAID = ("", "404", "Database not found")
# A question of the census takes milliseconds: it is the machine that is busy, not the reader wrong.
BUSY = "This site is too busy just now. Try again in a few seconds."
RETRY_AFTER_S = "5"
DATASETTES_OWN = "datasette.handle_exception"
FAILED = "This site could not answer because of an error of its own, which is in its log."


def refusal_of_datasette(error: Exception) -> Refusal | None:
    """Return the refusal that an error of Datasette's means, None for other errors.

    Those without a status are readers' mistakes too, to which Datasette gives status 500.
    """
    if isinstance(error, Base400):
        message = str(error.args[0]) if error.args else ""
        message = "There is no such page" if message in UNSAID else message
        return Refusal(error.status, f"Error {error.status}", message)
    # Its one message in HTML, with the statement in a text area.
    if isinstance(error, DatasetteError) and error.message_is_html:
        return Refusal(400, "SQL Interrupted", TOO_LONG)
    if isinstance(error, DatasetteError):
        status = 400 if error.status == 500 else error.status
        return Refusal(status, error.title or f"Error {status}", error.message, error.error_dict)
    return None


def of_sql(path: str, error: Exception) -> Refusal | None:
    """Return the refusal of a statement that cannot be run, None for other errors."""
    readers = path.startswith((f"/{DATABASE}/", f"/{DATABASE}.")) or path == f"/{DATABASE}"
    if readers and isinstance(error, sqlite3.Error | OverflowError):
        return Refusal(400, "Invalid SQL", f"The query cannot be run: {error}")
    return None


def too_busy(datasette: Any, path: str, error: Exception) -> Refusal | None:
    """Return the refusal of a question that took too long, None for what a reader wrote."""
    stopped = isinstance(error, QueryInterrupted) or (
        isinstance(error, DatasetteError) and error.message_is_html
    )
    if not stopped or DATABASE not in datasette.databases:
        return None
    if path.startswith(f"/{DATABASE}") and not question_of(site_of(datasette), path):
        return None
    return Refusal(503, "Busy", BUSY, headers={"retry-after": RETRY_AFTER_S})


@hookimpl
def startup() -> None:
    """Take out Datasette's own answer to errors, which it makes beside ours for nothing.

    Where the package `rich` is installed it also prints every error with all values that were in
    memory, and keeps everybody waiting for many seconds.
    """
    if pm.has_plugin(DATASETTES_OWN):
        pm.unregister(name=DATASETTES_OWN)


# First, because Datasette takes the first answer.
@hookimpl(tryfirst=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """Answer an error: 4xx for what the reader can put right, 500 with a line in the log if not."""

    async def answered() -> Any:
        path = site_path(datasette, request.scope)
        refusal = (
            refusal_of(exception)
            or too_busy(datasette, path, exception)
            or refusal_of_datasette(exception)
            or of_sql(path, exception)
        )
        if refusal is None:
            traceback.print_exception(exception, file=sys.stderr)
            refusal = Refusal(500, "Error 500", FAILED)
        return await refusal_response(datasette, path, refusal)

    return answered


@hookimpl
def forbidden(datasette: Any, request: Any, message: str) -> Any:
    """Answer what nobody may do here."""

    async def answered() -> Any:
        path = site_path(datasette, request.scope)
        return await refusal_response(datasette, path, Refusal(403, "Forbidden", message))

    return answered
