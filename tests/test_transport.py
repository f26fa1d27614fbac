"""How a source on the web is asked: patience has an end, and so has an answer."""

from __future__ import annotations

import time
from typing import Any

import pytest
from web_server import PAGE, Answer, OneFile, WebServer

from census.channels.collecting import CollectorError
from census.channels.transport import LONGEST_WAIT, NotThereError, Web, read_json, read_text

FILE = "/file.csv"


def web(waits: list[float] | None = None, **how: Any) -> Web:
    sleep = waits.append if waits is not None else lambda _: None
    return Web("made", **{"timeout": 0.5, "tries": 3, "backoff": 1.0, "sleep": sleep, **how})


def test_an_answer_comes_back_as_it_was_read() -> None:
    with OneFile(FILE, b"a,b\n") as server:
        assert web().ask(server.url + FILE, read_text) == "a,b\n"
        with pytest.raises(NotThereError, match="made: it answers 404"):
            web().ask(server.url + "/other", read_text)


def test_waits_double_unless_the_source_says_how_long() -> None:
    waits: list[float] = []
    with OneFile(FILE, b"a,b\n") as server:
        server.fail((503, {}, b""))
        server.fail((429, {"Retry-After": "7"}, b""))
        web(waits).ask(server.url + FILE, read_text)
        server.fail((429, {"Retry-After": "Fri, 27 Nov 2026 04:00:00 GMT"}, b""))
        web(waits).ask(server.url + FILE, read_text)
    assert waits == [1.0, 7.0, 1.0]


def test_what_asks_for_too_long_a_wait_is_not_waited_for() -> None:
    waits: list[float] = []
    with OneFile(FILE, b"a,b\n") as server:
        server.fail((429, {"Retry-After": str(int(LONGEST_WAIT) + 1)}, b""))
        with pytest.raises(CollectorError, match="it answers 429") as caught:
            web(waits).ask(server.url + FILE, read_text)
    assert waits == []
    assert "tried 1 times" in str(caught.value)
    assert server.url + FILE in str(caught.value)


def test_no_connection_is_said_with_the_address() -> None:
    with OneFile(FILE, b"a,b\n") as server:
        gone = server.url + FILE
    waits: list[float] = []
    with pytest.raises(CollectorError, match="made: no answer: ") as caught:
        web(waits).ask(gone, read_text)
    assert gone in str(caught.value)
    assert "tried 3 times" in str(caught.value)
    assert waits == [1.0, 2.0]


class Slow(WebServer):
    """A source that answers after a while."""

    def answer(self, target: str, headers: Any) -> Answer:
        """Answer late."""
        time.sleep(0.6)
        return 200, {}, b"a,b\n"


def test_a_source_that_does_not_answer_in_time_is_left() -> None:
    with Slow() as server, pytest.raises(CollectorError, match="made: no answer"):
        web(timeout=0.2, tries=1).ask(server.url + FILE, read_text)


def test_a_key_goes_to_no_message() -> None:
    key = "sk-made-secret"
    with OneFile(FILE, b"a,b\n") as server:
        server.fail((200, {}, b'{"you": "sk-made-secret"'), times=3)
        with pytest.raises(CollectorError) as caught:
            web(key=key).ask(server.url + FILE, read_json)
        server.fail((401, {}, b""))
        with pytest.raises(CollectorError, match="is the key right"):
            web(key=key).ask(server.url + FILE, read_json)
    assert key not in str(caught.value)
    assert "***" in str(caught.value)
    assert key not in repr(web(key=key))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PAGE[2], "a page instead of CSV"),
        (b"", "the CSV breaks off"),
        (b"a,b", "the CSV breaks off: a,b"),
        (b"a,\xff\n", "not UTF-8 at byte 2"),
    ],
)
def test_what_is_no_csv_is_said(content: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_text(content)


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"<html>", b"\xff"])
def test_what_is_no_json_is_said(content: bytes) -> None:
    with pytest.raises(ValueError, match="the answer is no JSON"):
        read_json(content)
