"""The keys that a reader chooses to compare, in one short text such as `CN~US~FR`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

APART = "~"
# What stands for the key that is null: who or what is not known.
UNVERIFIED = "unverified"
# Curves of more keys cannot be told apart in one picture; tables and files have any number.
PICTURED = 12
Groups = Mapping[str, Mapping[str, str]]


def split_keys(value: str) -> list[str]:
    """Return the keys of a text, each once, in its order."""
    return list(dict.fromkeys(key.strip() for key in value.split(APART) if key.strip()))


def join_keys(keys: Iterable[str]) -> str:
    """Return keys as the text that an address has."""
    return APART.join(dict.fromkeys(key for key in keys if key))


def key_name(key: str | None) -> str:
    """Return a key as readers choose it."""
    return UNVERIFIED if key is None or key == "" else key


def read_groups(rows: Iterable[Sequence[Any]]) -> dict[str, dict[str, str]]:
    """Return keys with their labels by dimension, from rows of dimension, key and label."""
    groups: dict[str, dict[str, str]] = {}
    for dimension, key, label in rows:
        groups.setdefault(str(dimension), {}).setdefault(key_name(key), str(label))
    return groups


def drawable_keys(keys: Iterable[str | None], chosen: Sequence[str]) -> list[str | None]:
    """Return the keys among `keys` that a chart draws: the first few that were chosen."""
    present = {key_name(key): key for key in keys}
    return [present[name] for name in chosen if name in present][:PICTURED]
