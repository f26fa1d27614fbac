"""A stand-in for OpenRouter's Data API on loopback, in the shape that its documentation gives.

https://openrouter.ai/docs/api/api-reference/datasets/get-rankings-daily, read on 2026-11-26: a row
is `{"date": "2026-05-11", "model_permaslug": "openai/gpt-4o-2024-05-13", "total_tokens":
"12345678"}`, and `meta` is `{"as_of": "2026-05-12T02:00:00Z", "end_date": "2026-05-11",
"start_date": "2026-04-12", "version": "v1"}`; `other` is last of its day; any valid key opens it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "sk-or-v1-made"
PATH = "/api/v1/datasets/rankings-daily"
NAMES = ("deepseek/deepseek-v4-flash-20260423", "openai/gpt-oss-120b:free", "stealth/ox-alpha")
Body = dict[str, Any]
# What stands in for one answer: a status, headers and content.
Answer = tuple[int, dict[str, str], bytes]


def rows_of(day: date) -> list[Body]:
    """Return the rows of a day, `other` last."""
    tokens = {name: 10**12 + day.toordinal() + place for place, name in enumerate(NAMES)}
    return [
        {"date": day.isoformat(), "model_permaslug": name, "total_tokens": str(value)}
        for name, value in (*tokens.items(), ("other", 10**11))
    ]


class OpenRouterServer:
    """OpenRouter on loopback; `faults` are answered first, one a request."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.faults: list[Answer | Callable[[Body], None]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                status, headers, content = server.answer(self.path, self.headers)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, target: str, headers: Any) -> Answer:
        """Return what OpenRouter answers to a request."""
        parts = urlsplit(target)
        if headers.get("Authorization") != f"Bearer {KEY}":
            return 401, {}, b'{"error": {"code": 401, "message": "Invalid API key"}}'
        if parts.path != PATH:
            return 404, {}, b"{}"
        query = parse_qs(parts.query)
        first, last = (date.fromisoformat(query[name][0]) for name in ("start_date", "end_date"))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        body: Body = {
            "data": [row for day in days for row in rows_of(day)],
            "meta": {"as_of": "2026-11-26T02:00:00Z", "start_date": first.isoformat(),
                     "end_date": last.isoformat(), "version": "v1"},
        }  # fmt: skip
        if self.faults:
            fault = self.faults.pop(0)
            if not callable(fault):
                return fault
            fault(body)
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()

    def __enter__(self) -> OpenRouterServer:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
