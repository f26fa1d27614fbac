"""A stand-in for the Hugging Face Hub: the real client talks to it over loopback.

It speaks the endpoints that the collectors use, in the shapes of the Hub's API, and can be told to
answer wrongly. Give `HubServer.url` to the client as its endpoint (`HF_ENDPOINT`).
"""

from __future__ import annotations

import base64
import hashlib
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from hub_faults import Answer, Fault, json_answer

LIST_FIELDS = frozenset(
    """
    author cardData config createdAt disabled downloads downloadsAllTime evalResults gated gguf
    inference lastModified library_name likes model-index pipeline_tag private safetensors sha
    siblings spaces tags transformersInfo trendingScore
    """.split()  # noqa: SIM905
)
INFO_FIELDS = LIST_FIELDS | {"baseModels", "childrenModelCount", "usedStorage"}
DEFAULT_FIELDS = frozenset(
    """
    likes trendingScore private downloads tags pipeline_tag library_name createdAt
    """.split()  # noqa: SIM905
)
# These are sent whatever `expand` says: fields that a later Hub adds are the tests' business.
UNASKED = "x-"


@dataclass(frozen=True)
class Request:
    """What the client sent."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query as one text, as a rule for a fault matches it."""
        query = "&".join(f"{key}={value}" for key, values in self.query.items() for value in values)
        return f"{self.path}?{query}"


@dataclass(frozen=True)
class Commit:
    """One revision of a dataset repository: its files by path."""

    id: str
    date: str
    files: dict[str, bytes]


Route = Callable[["HubServer", Request, re.Match[str]], Answer]


@dataclass
class Rule:
    """A fault for the requests whose target matches, `times` times (None is always)."""

    pattern: re.Pattern[str]
    fault: Fault
    times: int | None


class HubServer:
    """A Hub on loopback; use it as a context manager and give `url` to the client."""

    def __init__(self, page_size: int = 1000, latency: float = 0.0) -> None:
        self.page_size = page_size
        self.latency = latency
        self.models: dict[str, dict[str, Any]] = {}
        self.renamed: dict[str, str] = {}
        self.hidden: dict[str, str] = {}
        self.repeated_on_next_page: set[str] = set()
        self.authors_in_any_case = False
        self.unlisted: set[str] = set()
        self.datasets: dict[str, list[Commit]] = {}
        self.tags: dict[str, list[str]] = {}
        self.requests: list[Request] = []
        self.rules: list[Rule] = []
        self.routes: list[tuple[str, re.Pattern[str], Route]] = list(ROUTES)
        self.closing = threading.Event()
        self.asked = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.hub = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> HubServer:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def add_model(self, name: str, **fields: Any) -> dict[str, Any]:
        """Add a model with plausible fields and return its record, which tests may change."""
        number = len(self.models) + 1
        record: dict[str, Any] = {
            "_id": f"{number:024x}",
            "id": name,
            "author": name.split("/")[0],
            "createdAt": "2024-09-16T11:55:40.000Z",
            "lastModified": "2025-01-12T02:10:10.000Z",
            "downloads": 100 + number,
            "downloadsAllTime": 1000 + number,
            "likes": 3,
            "private": False,
            "disabled": False,
            "gated": False,
            "pipeline_tag": "text-generation",
            "library_name": "transformers",
            "tags": ["transformers", "safetensors", "license:apache-2.0", "region:us"],
            "safetensors": {"parameters": {"BF16": 7615616512}, "total": 7615616512},
        }
        record.update(fields)
        self.models[name] = record
        return record

    def add_models(self, namespace: str, number: int) -> list[dict[str, Any]]:
        """Add several models of one namespace."""
        return [self.add_model(f"{namespace}/model-{index:04}") for index in range(number)]

    def rename(self, old: str, new: str) -> None:
        """Rename a model: it keeps its `_id`, and the old name redirects."""
        record = self.models.pop(old)
        self.models[new] = {**record, "id": new, "author": new.split("/")[0]}
        self.renamed[old] = new

    def hide(self, name: str, how: str = "gone") -> None:
        """Take a model off the list: `gone`, `private`, `gated` or `disabled`."""
        self.models.pop(name)
        self.hidden[name] = how

    def add_commit(self, dataset: str, date: str, files: dict[str, bytes]) -> Commit:
        """Add a revision of a dataset repository, newer than those before it."""
        commits = self.datasets.setdefault(dataset, [])
        commit = Commit(f"{len(commits) + 1:040x}", date, files)
        commits.append(commit)
        return commit

    def fail(self, pattern: str, fault: Fault, times: int | None = None) -> None:
        """Answer requests whose path and query match with a fault, `times` times or always."""
        self.rules.append(Rule(re.compile(pattern), fault, times))

    def counted(self, pattern: str = "") -> int:
        """Return how many requests matched."""
        return sum(bool(re.search(pattern, request.target)) for request in list(self.requests))

    def answer(self, request: Request) -> Answer:
        """Return the answer to a request, with the first fault that matches."""
        with self._lock:
            self.requests.append(request)
        self.asked.set()
        if self.latency:
            time.sleep(self.latency)
        fault = self._fault_for(request)
        answer = self._route(request)
        # Faults may wait, so they are applied outside the lock.
        return fault(answer) if fault else answer

    def _fault_for(self, request: Request) -> Fault | None:
        with self._lock:
            for rule in self.rules:
                if rule.times != 0 and rule.pattern.search(request.target):
                    rule.times = None if rule.times is None else rule.times - 1
                    return rule.fault
        return None

    def _route(self, request: Request) -> Answer:
        for method, pattern, route in self.routes:
            match = pattern.fullmatch(request.path)
            if match and method == request.method.replace("HEAD", "GET"):
                return route(self, request, match)
        return json_answer({"error": "Not Found"}, 404)


def list_models(hub: HubServer, request: Request, match: re.Match[str]) -> Answer:
    """GET /api/models: one page, and a link to the next."""
    query = request.query
    fields = set(query.get("expand", ())) | set(query.get("expand[]", ()))
    if unknown := fields - LIST_FIELDS:
        return json_answer({"error": f"Invalid expand: {sorted(unknown)}"}, 400)
    authors = query.get("author")
    listed = [name for name in hub.models if name not in hub.unlisted]
    spelled: Callable[[str], str] = str.lower if hub.authors_in_any_case else str
    wanted = {spelled(author) for author in authors or ()}
    names = [name for name in listed if not authors or spelled(name.split("/")[0]) in wanted]
    if query.get("sort") == ["downloads"]:
        names.sort(key=lambda name: -int(hub.models[name]["downloads"]))
    start = int(base64.b64decode(query["cursor"][0])) if "cursor" in query else 0
    size = min(int(query.get("limit", [str(hub.page_size)])[0]), hub.page_size)
    page = names[start : start + size]
    if start:
        page = [name for name in names[:start] if name in hub.repeated_on_next_page] + page
    answer = json_answer([expanded(hub.models[name], fields or DEFAULT_FIELDS) for name in page])
    if start + size < len(names):
        cursor = base64.b64encode(str(start + size).encode()).decode()
        kept = [(key, value) for key, values in query.items() for value in values]
        pairs = [(key, value) for key, value in kept if key != "cursor"] + [("cursor", cursor)]
        text = "&".join(f"{quote(key)}={quote(value)}" for key, value in pairs)
        answer.headers["Link"] = f'<{hub.url}/api/models?{text}>; rel="next"'
    return answer


def expanded(record: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """Return the fields asked for, with `_id` and `id`, which always come."""
    wanted = {*fields, "_id", "id"}
    return {key: value for key, value in record.items() if key in wanted or key.startswith(UNASKED)}


def model_info(hub: HubServer, request: Request, match: re.Match[str]) -> Answer:
    """GET /api/models/ORG/NAME, redirecting from a former name."""
    name = match[1]
    if name in hub.renamed:
        query = request.target.partition("?")[2]
        return Answer(307, b"", {"Location": f"/api/models/{hub.renamed[name]}?{query}"})
    if name in hub.models:
        fields = set(request.query.get("expand", ())) or INFO_FIELDS
        return json_answer(expanded(hub.models[name], fields))
    how = hub.hidden.get(name, "gone")
    if how == "disabled":
        message = "Access to this resource is disabled."
        return json_answer({"error": message}, 403, X_Error_Message=message)
    if how == "gated":
        return json_answer({"error": "restricted"}, 403, X_Error_Code="GatedRepo")
    if how == "private-listed":
        return json_answer({"_id": "0" * 24, "id": name, "private": True})
    if "authorization" in request.headers:
        return json_answer({"error": "Repository not found"}, 404, X_Error_Code="RepoNotFound")
    message = "Invalid username or password."
    return json_answer({"error": message}, 401, X_Error_Message=message)


def harnesses(hub: HubServer, request: Request, match: re.Match[str]) -> Answer:
    """GET /api/agent-harnesses, which the client asks for by itself."""
    return json_answer({"standardEnvVars": [], "harnesses": {}})


def dataset_info(hub: HubServer, request: Request, match: re.Match[str]) -> Answer:
    """GET /api/datasets/ORG/NAME: the newest revision and its files."""
    commit = find_commit(hub, match[1], match[2] or "main")
    if commit is None:
        return json_answer({"error": "not found"}, 404, X_Error_Code="RepoNotFound")
    return json_answer(
        {
            "_id": "f" * 24,
            "id": match[1],
            "author": match[1].split("/")[0],
            "sha": commit.id,
            "lastModified": commit.date,
            "private": False,
            "gated": False,
            "disabled": False,
            "downloads": 1,
            "likes": 1,
            "tags": hub.tags.get(match[1], []),
            "siblings": [{"rfilename": path} for path in commit.files],
        }
    )


def list_commits(hub: HubServer, request: Request, match: re.Match[str]) -> Answer:
    """GET /api/datasets/ORG/NAME/commits/main: newest first, in pages of 50."""
    commits = hub.datasets.get(match[1], [])[::-1]
    page = int(request.query.get("p", ["0"])[0])
    shown = commits[page * 50 : page * 50 + 50]
    answer = json_answer(
        [
            {"id": one.id, "title": "update", "message": "", "date": one.date, "authors": []}
            for one in shown
        ]
    )
    if len(commits) > page * 50 + 50:
        answer.headers["Link"] = f'<{hub.url}{request.path}?p={page + 1}>; rel="next"'
    return answer


def resolve(hub: HubServer, request: Request, match: re.Match[str]) -> Answer:
    """GET or HEAD /datasets/ORG/NAME/resolve/REV/PATH, with ranges."""
    commit = find_commit(hub, match[1], match[2])
    if commit is None:
        return json_answer({"error": "no revision"}, 404, X_Error_Code="RevisionNotFound")
    content = commit.files.get(match[3])
    named = {"X-Repo-Commit": commit.id, "Accept-Ranges": "bytes"}
    if content is None:
        answer = json_answer({"error": "no entry"}, 404, X_Error_Code="EntryNotFound")
        return replace(answer, headers={**answer.headers, **named})
    headers = {**named, "ETag": f'"{hashlib.sha256(content).hexdigest()}"'}
    asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
    if asked:
        start = int(asked[1])
        span = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return Answer(206, content[start:], {**headers, "Content-Range": span})
    return Answer(200, content, headers)


def find_commit(hub: HubServer, dataset: str, revision: str) -> Commit | None:
    """Return a revision by its id, or the newest for `main`."""
    commits = hub.datasets.get(dataset, [])
    if revision == "main":
        return commits[-1] if commits else None
    return next((commit for commit in commits if commit.id == revision), None)


NAME = r"([^/]+/[^/]+)"
ROUTES: list[tuple[str, re.Pattern[str], Route]] = [
    ("GET", re.compile(r"/api/models"), list_models),
    ("GET", re.compile(rf"/api/models/{NAME}"), model_info),
    ("GET", re.compile(r"/api/agent-harnesses"), harnesses),
    ("GET", re.compile(rf"/api/datasets/{NAME}(?:/revision/([^/]+))?"), dataset_info),
    ("GET", re.compile(rf"/api/datasets/{NAME}/commits/[^/]+"), list_commits),
    ("GET", re.compile(rf"/datasets/{NAME}/resolve/([^/]+)/(.+)"), resolve),
]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    hub: HubServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that time out or are killed leave broken connections behind."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            path=parts.path,
            query=parse_qs(parts.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length) if length else b"",
        )
        self._send(self.server.hub.answer(request))

    do_HEAD = do_POST = do_PUT = do_DELETE = do_GET

    def _send(self, answer: Answer) -> None:
        if answer.hang:
            self.server.hub.closing.wait()
        if answer.hang or answer.reset:
            # Linger 0 makes the close a reset of the connection.
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body if answer.cut is None else answer.body[: answer.cut])
        if answer.cut is not None:
            self.wfile.flush()
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the requests are counted, not printed."""
