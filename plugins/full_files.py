"""/exports: the files of `build_db.py export`, listed and served; /census.db: the database."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datasette import Forbidden, NotFound, Response, hookimpl

from census.cache.ranges import send_stored
from census.export.export import read_index
from census.serving.framing import page_response
from census.site.site import DATABASE, site_of
from census.site.validators import is_known

TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".db": "application/vnd.sqlite3",
    ".gz": "application/gzip",
    ".csv": "text/csv; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".json": "application/json; charset=utf-8",
}
PLAIN = ("SHA256SUMS", "index.json")
OPEN = {"cache-control": "public, max-age=3600", "access-control-allow-origin": "*"}


def folder_of(datasette: Any) -> Path:
    """Return where the exports of the served database are."""
    return site_of(datasette).database.parent / "exports"


def full_files(datasette: Any) -> dict[str, Any] | None:
    """Return the export, with whether it is of the served database; None without an export."""
    if DATABASE not in datasette.databases:
        return None
    index = read_index(folder_of(datasette))
    if index is None:
        return None
    return {**index, "current": index["database"] == site_of(datasette).hash}


def grouped(files: list[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Return files by kind, in the order of readers' interest; months of a table as one."""
    groups: dict[str, list[Mapping[str, Any]]] = {"Whole": [], "CSV": [], "Parquet": []}
    for file in files:
        folder = file["path"].split("/")[0]
        name = {"csv": "CSV", "parquet": "Parquet"}.get(folder, "Whole")
        groups[name].append(file)
    return groups


async def page(datasette: Any, request: Any) -> Any:
    """Answer the page that lists the files."""
    export = full_files(datasette)
    context = {"found": export, "groups": grouped(export["files"]) if export else {}}
    return await page_response(datasette, request, "exports.html", context)


async def send_known_file(
    request: Any, receive: Any, send: Any, path: Path, kind: str, headers: Mapping[str, str]
) -> None:
    """Send a file in whole or in part, or say that the client has it."""
    mark = headers.get("etag", "")
    if mark and is_known(request.headers.get("if-none-match", ""), mark):
        await Response("", status=304, headers=dict(headers)).asgi_send(send)
        return
    await send_stored(request, receive, send, path, kind, headers)


async def file(datasette: Any, request: Any, receive: Any, send: Any) -> None:
    """Send one file; only what the export itself lists is there."""
    path = request.url_vars["path"]
    export = full_files(datasette)
    files = {entry["path"]: entry for entry in export["files"]} if export else {}
    if path not in files and not (export and path in PLAIN):
        raise NotFound("There is no such file; /exports lists all files")
    kind = TYPES.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "text/plain"
    mark = {"etag": f'"{files[path]["sha256"]}"'} if path in files else {}
    await send_known_file(
        request, receive, send, folder_of(datasette) / path, kind, {**OPEN, **mark}
    )


async def database_file(datasette: Any, request: Any, receive: Any, send: Any) -> None:
    """Send the database that is served; one that may change is given to nobody."""
    if DATABASE not in datasette.databases:
        raise NotFound("There is no database")
    served = datasette.get_database(DATABASE)
    if served.is_mutable or not datasette.setting("allow_download"):
        raise Forbidden("Database download is forbidden")
    headers = {
        "access-control-allow-origin": "*",
        "content-disposition": f'attachment; filename="{DATABASE}.db"',
        "etag": f'"{served.hash}"',
    }
    await send_known_file(
        request, receive, send, Path(served.path), "application/octet-stream", headers
    )


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """The page and the files under it, and the database."""
    return [
        (r"^/exports/?\Z", page),
        (r"^/exports/(?P<path>[A-Za-z0-9_.=/-]+)\Z", file),
        (rf"^/{DATABASE}\.db\Z", database_file),
    ]


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Let the page of downloads say what there is."""
    env.globals["full_files"] = lambda: full_files(datasette)
    env.filters["file_size"] = file_size


def file_size(size: int) -> str:
    """Return a size as readers write it: 950 B, 12.3 KB, 4.7 MB."""
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size} B"
