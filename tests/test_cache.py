"""Answers in memory: within a bound, and what many read outlives what is read once."""

from __future__ import annotations

import random

import pytest

from census.cache.codings import CODINGS, Encoder, decoded, encoded
from census.cache.memory import OVERHEAD, AnswerMemory, KeptAnswer


def answer(size: int, name: str = "") -> KeptAnswer:
    """Return an answer that takes some bytes."""
    return KeptAnswer(200, (), b"x" * (size - OVERHEAD), name)


def test_the_bound_holds_whatever_is_kept_and_asked_for() -> None:
    kept = AnswerMemory(most=50 * OVERHEAD)
    chance = random.Random(7)
    for _ in range(5000):
        key = chance.randrange(200)
        found = kept.get(key)
        if found is None:
            kept.put(key, answer(OVERHEAD + chance.randrange(5 * OVERHEAD), str(key)))
        else:
            assert found.mark == str(key)
        assert kept.size <= 50 * OVERHEAD
    assert len(kept) > 5
    kept.clear()
    assert (kept.size, len(kept), kept.get(1)) == (0, 0, None)


def test_ever_new_addresses_push_out_each_other_and_not_what_is_read_again() -> None:
    kept = AnswerMemory(most=40 * OVERHEAD)
    for name in range(10):
        kept.put(name, answer(OVERHEAD, str(name)))
    assert all(kept.get(name) for name in range(10))
    for name in range(100, 10_000):
        kept.put(name, answer(OVERHEAD))
    assert [kept.get(name) is not None for name in range(10)] == [True] * 10
    assert kept.get(9_999) is not None
    assert kept.get(100) is None


def test_an_answer_that_is_made_anew_is_counted_once() -> None:
    kept = AnswerMemory()
    for _ in range(3):
        kept.put("key", answer(9000))
    assert kept.size == 9000
    kept.drop("key")
    assert kept.size == 0


@pytest.mark.parametrize("coding", CODINGS)
def test_bytes_come_out_of_a_coding_as_they_went_in(coding: str) -> None:
    body = bytes(random.Random(3).choices(b"abcdef\n", k=300_000))
    assert decoded(coding, encoded(coding, body)) == body
    encoder = Encoder(coding)
    pieces = [body[start : start + 7000] for start in range(0, len(body), 7000)]
    sent = [encoder.piece(piece, last=False) for piece in pieces]
    assert decoded(coding, b"".join([*sent, encoder.piece(b"", last=True)])) == body
    assert decoded("", encoded("", body)) == body
