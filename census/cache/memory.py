"""Whole answers in memory, within a bound; those asked for repeatedly stay longest."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import NamedTuple

MOST_BYTES = 64 * 2**20
# The part of the bytes for answers that were asked for more than once. The others have the rest, so
# that a crawler's many addresses push out each other and not the pages that everybody reads.
PROVEN = 0.75
# What an answer takes beside its bytes: names, tuples, its place in the table.
OVERHEAD = 2000

Headers = tuple[tuple[bytes, bytes], ...]


class KeptAnswer(NamedTuple):
    """One answer as it is sent: status, headers, bytes, and its ETag where it has one."""

    status: int
    headers: Headers
    body: bytes
    mark: str

    @property
    def size(self) -> int:
        """How many bytes of memory it takes, about."""
        return len(self.body) + OVERHEAD


class AnswerMemory:
    """Answers under keys, never more than `most` bytes of them."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._once: OrderedDict[Hashable, KeptAnswer] = OrderedDict()
        self._again: OrderedDict[Hashable, KeptAnswer] = OrderedDict()
        self._size_once = 0
        self._size_again = 0

    @property
    def size(self) -> int:
        """How many bytes all answers take, about."""
        return self._size_once + self._size_again

    def __len__(self) -> int:
        return len(self._once) + len(self._again)

    def get(self, key: Hashable) -> KeptAnswer | None:
        """Return the answer under a key and mark it as asked for repeatedly."""
        answer = self._again.get(key)
        if answer is not None:
            self._again.move_to_end(key)
            return answer
        answer = self._once.pop(key, None)
        if answer is not None:
            self._size_once -= answer.size
            self._again[key] = answer
            self._size_again += answer.size
            self._step_down()
        return answer

    def put(self, key: Hashable, answer: KeptAnswer) -> None:
        """Keep an answer in place of the least recently used ones of its kind."""
        self.drop(key)
        self._once[key] = answer
        self._size_once += answer.size
        while self.size > self._most and self._once:
            _, oldest = self._once.popitem(last=False)
            self._size_once -= oldest.size

    def drop(self, key: Hashable) -> None:
        """Forget the answer under a key, if there is one."""
        if (answer := self._once.pop(key, None)) is not None:
            self._size_once -= answer.size
        if (answer := self._again.pop(key, None)) is not None:
            self._size_again -= answer.size

    def clear(self) -> None:
        """Forget everything."""
        self._once.clear()
        self._again.clear()
        self._size_once = self._size_again = 0

    def _step_down(self) -> None:
        """Move the oldest answers asked for repeatedly back among those asked for once."""
        while self._size_again > PROVEN * self._most:
            key, answer = self._again.popitem(last=False)
            self._size_again -= answer.size
            self._once[key] = answer
            self._size_once += answer.size
