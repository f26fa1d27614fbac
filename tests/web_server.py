"""A web server on loopback whose answers a stand-in gives, and before them the faults of a test."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

# What stands in for one answer: a status, headers and content.
Answer = tuple[int, dict[str, str], bytes]
# A fault is an answer, or changes the one that would be given.
Fault = Answer | Callable[[Answer], Answer]


class WebServer:
    """A source on loopback; `faults` come first, one a request, of those whose path they name."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.faults: list[tuple[str, Fault]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                status, headers, content = server.with_fault(self.path, self.headers)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def fail(self, fault: Fault, path: str = "", times: int = 1) -> None:
        """Let requests whose path has `path` in it meet a fault."""
        self.faults += [(path, fault)] * times

    def with_fault(self, target: str, headers: Any) -> Answer:
        """Return the answer to a request, or the fault that comes first for it."""
        answer = self.answer(target, headers)
        for place, (path, fault) in enumerate(self.faults):
            if path in target:
                del self.faults[place]
                return fault(answer) if callable(fault) else fault
        return answer

    def answer(self, target: str, headers: Any) -> Answer:
        """Return what the source answers to a request; a stand-in says so."""
        return 404, {}, b"not found"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class OneFile(WebServer):
    """A source that is one file at one address."""

    def __init__(self, path: str, content: bytes, kind: str = "text/csv") -> None:
        super().__init__()
        self.path, self.content, self.kind = path, content, kind

    def answer(self, target: str, headers: Any) -> Answer:
        """Return the file."""
        if target != self.path:
            return super().answer(target, headers)
        return 200, {"Content-Type": self.kind}, self.content


def replaced(old: str, new: str, count: int = 1) -> Callable[[Answer], Answer]:
    """Return a fault: the answer with other words in it."""

    def change(answer: Answer) -> Answer:
        status, headers, content = answer
        assert old.encode() in content, f"{old!r} is not in the answer"
        return status, headers, content.replace(old.encode(), new.encode(), count)

    return change


def cut(answer: Answer) -> Answer:
    """Break an answer off after half of it, with the length of the whole."""
    status, headers, content = answer
    return status, {**headers, "Content-Length": str(len(content))}, content[: len(content) // 2]


def ended_early(answer: Answer) -> Answer:
    """End an answer after half of it, as if it were whole."""
    status, headers, content = answer
    return status, headers, content[: len(content) // 2]


PAGE: Answer = (200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><html>wait</html>\n")
BUSY: Answer = (503, {}, b"busy")
TOO_MANY: Answer = (429, {"Retry-After": "0"}, b"{}")
ELSEWHERE: Answer = (302, {"Location": "http://127.0.0.1:1/"}, b"")
FORBIDDEN: Answer = (403, {}, b"no")
