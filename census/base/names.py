"""The one rule by which names of the Hub are compared: not by case, as the Hub itself does.

`qwen/qwen2.5-7b` and `Qwen/Qwen2.5-7B` are one model. A spelling is kept where somebody wrote it
(in observations, in others' lists); what is looked up by it is the same for every spelling.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Generic, TypeVar

Value = TypeVar("Value")

# What the Hub allows in a repository's full name; anything else is not a model.
MODEL_NAME = re.compile(r"[A-Za-z0-9][\w.\-]{0,95}/[A-Za-z0-9._][\w.\-]{0,95}", re.ASCII)
# Before 2024 the Hub had models without a namespace, such as gpt2.
BARE_NAME = re.compile(r"[A-Za-z0-9._][\w.\-]{0,95}", re.ASCII)
HUB_ID = re.compile(r"[0-9a-f]{24}")


def folded(name: str) -> str:
    """Return the form of a name that is equal for two spellings of the same name."""
    return name.lower()


def same_name(first: str, second: str) -> bool:
    """Return whether two names of models or of namespaces are the same."""
    return folded(first) == folded(second)


def namespace_of(model: str) -> str:
    """Return the part of a model's name before the slash, as it is spelled there."""
    return model.split("/", 1)[0]


class NameDict(MutableMapping[str, Value], Generic[Value]):
    """A dict by names: any spelling of a key finds its value; listed is the first spelling."""

    def __init__(self, items: Iterable[tuple[str, Value]] = ()) -> None:
        self._items: dict[str, tuple[str, Value]] = {}
        self.update(items)

    def __getitem__(self, name: str) -> Value:
        return self._items[folded(name)][1]

    def __setitem__(self, name: str, value: Value) -> None:
        spelled, _ = self._items.get(folded(name), (name, None))
        self._items[folded(name)] = (spelled, value)

    def __delitem__(self, name: str) -> None:
        del self._items[folded(name)]

    def __iter__(self) -> Iterator[str]:
        return (spelled for spelled, _ in self._items.values())

    def __len__(self) -> int:
        return len(self._items)


def spellings(names: Iterable[str]) -> NameDict[str]:
    """Return the spelling of each name: the first of those that are given."""
    first_spellings: NameDict[str] = NameDict()
    for name in names:
        first_spellings.setdefault(name, name)
    return first_spellings
