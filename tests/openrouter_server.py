"""A stand-in for OpenRouter on loopback: its Data API as documented, its exports as recorded.

https://openrouter.ai/docs/api/api-reference/datasets/get-rankings-daily, read on 2026-11-26: a row
is `{"date": "2026-05-11", "model_permaslug": "openai/gpt-4o-2024-05-13", "total_tokens":
"12345678"}`, and `meta` is `{"as_of": "2026-05-12T02:00:00Z", "end_date": "2026-05-11",
"start_date": "2026-04-12", "version": "v1"}`; `other` is last of its day; any valid key opens it.
The exports need none; their manifest is the recorded one with what differs from day to day.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from web_server import Answer, WebServer

KEY = "sk-or-v1-made"
PATH = "/api/v1/datasets/rankings-daily"
EXPORTS = "/api/v1/datasets/exports/rankings-daily/"
NAMES = ("deepseek/deepseek-v4-flash-20260423", "openai/gpt-oss-120b:free", "stealth/ox-alpha")
RECORDED = Path(__file__).resolve().parent / "recorded"
DAY = (RECORDED / "openrouter_day.csv").read_text(encoding="utf-8")
OLDEST = date(2026, 9, 19)
Body = dict[str, Any]


def rows_of(day: date) -> list[Body]:
    """Return the rows of a day, `other` last."""
    tokens = {name: 10**12 + day.toordinal() + place for place, name in enumerate(NAMES)}
    return [
        {"date": day.isoformat(), "model_permaslug": name, "total_tokens": str(value)}
        for name, value in (*tokens.items(), ("other", 10**11))
    ]


class OpenRouterServer(WebServer):
    """OpenRouter on loopback; `newest` is the day of the newest snapshot of its exports."""

    def __init__(self, newest: date = date(2026, 11, 26)) -> None:
        super().__init__()
        self.newest = newest
        self.without: set[date] = set()
        # What the next manifest says otherwise, and what becomes of the next snapshot's rows.
        self.manifest: Body = {}
        self.rows: Callable[[list[list[str]]], object] = lambda _: None

    def answer(self, target: str, headers: Any) -> Answer:
        """Return what OpenRouter answers to a request."""
        parts = urlsplit(target)
        if parts.path.startswith(EXPORTS):
            return self.export(parts.path.removeprefix(EXPORTS))
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
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()

    def export(self, name: str) -> Answer:
        """Return a manifest or a snapshot of the exports."""
        text, _, kind = name.partition(".")
        day = self.newest if text == "latest" else date.fromisoformat(text)
        if not OLDEST <= day <= self.newest or day in self.without:
            return 404, {}, b'{"error": "not found"}'
        content = self.snapshot(day)
        if kind == "csv":
            return 200, {"Content-Type": "text/csv"}, content
        manifest = json.loads((RECORDED / "openrouter_manifest.json").read_text(encoding="utf-8"))
        file = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        manifest |= {"snapshot_date": day.isoformat(), "row_count": content.count(b"\r\n") - 1}
        manifest["files"]["csv"] |= file
        manifest |= self.manifest
        return 200, {"Content-Type": "application/json"}, json.dumps(manifest).encode()

    def snapshot(self, day: date) -> bytes:
        """Return the thirty days before a day, each with the recorded day's rows."""
        header, *recorded = csv.reader(io.StringIO(DAY))
        days = [day - timedelta(days=n) for n in range(30, 0, -1)]
        rows = [[one.isoformat(), *values[1:]] for one in days for values in recorded]
        self.rows(rows)
        out = io.StringIO(newline="")
        csv.writer(out).writerows([header, *rows])
        return out.getvalue().encode()


def changed(change: Callable[[Body], object]) -> Callable[[Answer], Answer]:
    """Return a fault: the answer in JSON with something changed in it."""

    def fault(answer: Answer) -> Answer:
        status, headers, content = answer
        body = json.loads(content)
        change(body)
        return status, headers, json.dumps(body).encode()

    return fault
