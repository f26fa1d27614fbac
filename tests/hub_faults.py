"""What the stand-in Hub answers, and the ways in which it can be told to answer wrongly."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Answer:
    """What the server sends; `cut` ends the connection after that many bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    reset: bool = False
    cut: int | None = None


Fault = Callable[[Answer], Answer]


def json_answer(value: object, status: int = 200, **headers: str) -> Answer:
    """Return a JSON answer."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json", **named})


def error(status: int, message: str = "fault on request", **headers: str) -> Fault:
    """Return a fault that answers with an error status, for instance `error(503)`."""
    return lambda _answer: json_answer({"error": message}, status, **headers)


def too_many(seconds: int, with_rate_limit: bool = True) -> Fault:
    """Return the Hub's answer when a window of requests is used up."""
    headers = (
        {
            "RateLimit": f'"api";r=0;t={seconds}',
            "RateLimit_Policy": '"fixed window";"api";q=500;w=300',
        }
        if with_rate_limit
        else {"Retry_After": str(seconds)}
    )
    return error(429, "Too Many Requests", **headers)


def hang(answer: Answer) -> Answer:
    """Never answer (until the server closes)."""
    return replace(answer, hang=True)


def reset(answer: Answer) -> Answer:
    """Drop the connection without an answer."""
    return replace(answer, reset=True)


def cut_json(answer: Answer) -> Answer:
    """Answer with the first half of the JSON, as if it were the whole."""
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def cut_connection(answer: Answer) -> Answer:
    """Announce the whole body, send half of it and drop the connection."""
    return replace(answer, cut=len(answer.body) // 2)


def html_page(answer: Answer) -> Answer:
    """Answer with a web page and status 200, as a captive portal or an error page does."""
    page = b"<!doctype html><html><body><h1>We will be back soon</h1></body></html>"
    return replace(answer, body=page, headers={**answer.headers, "Content-Type": "text/html"})


def hold(until: threading.Event) -> Fault:
    """Return a fault that answers rightly, but not before something has happened."""

    def wait(answer: Answer) -> Answer:
        until.wait()
        return answer

    return wait


def compressed(answer: Answer) -> Answer:
    """Answer rightly, compressed as the Hub does."""
    headers = {**answer.headers, "Content-Encoding": "gzip"}
    return replace(answer, body=gzip.compress(answer.body), headers=headers)


def body(value: object) -> Fault:
    """Return a fault that answers with other JSON and status 200."""
    return lambda answer: replace(answer, body=json.dumps(value).encode())


def without(header: str) -> Fault:
    """Return a fault that leaves out a header."""
    return lambda answer: replace(
        answer, headers={name: text for name, text in answer.headers.items() if name != header}
    )
