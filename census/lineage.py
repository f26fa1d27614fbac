"""Which models a model is made from, back to the roots of its declared lineage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

Parents = Mapping[str, Sequence[str]]


class Root(NamedTuple):
    """A model without a declared base, and how many steps back it is (a direct parent is 1)."""

    name: str
    depth: int


def find_roots(model: str, parents: Parents) -> list[Root]:
    """Return the roots of a model's declared lineage, nearest first, then by name.

    A model that declares no base is its own root at depth 0. A parent that nothing is known of is a
    root. A model is followed once, so a circle of models that declare each other ends there; when
    a lineage is nothing but a circle, its members are the roots.
    """
    roots: dict[str, int] = {}
    seen = {model: 0}
    level = [model]
    while level:
        following: list[str] = []
        for name in level:
            bases = [base for base in parents.get(name, ()) if base != name]
            if not bases:
                roots.setdefault(name, seen[name])
            for base in bases:
                if base not in seen:
                    seen[base] = seen[name] + 1
                    following.append(base)
        level = following
    if not roots:
        others = {name: depth for name, depth in seen.items() if name != model}
        roots = others or {model: 0}
    return sorted((Root(*item) for item in roots.items()), key=lambda root: (root.depth, root.name))


def common_root(roots: Sequence[Root], lab_of: Mapping[str, str | None]) -> Root | None:
    """Return the root that a model counts as in attribution `base`, or None if roots disagree.

    Several roots of one lab (a merge of a lab's own models) count as the nearest of them. Roots of
    different labs, or several of no registered lab, have no common lab: such a model stays with
    its publisher.
    """
    if len(roots) == 1:
        return roots[0]
    labs = {lab_of.get(root.name) for root in roots}
    return roots[0] if len(labs) == 1 and None not in labs else None


def parents_by_model(edges: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the parents of each model from (model, parent) pairs, each parent once, in order."""
    parents: dict[str, list[str]] = {}
    for model, parent in edges:
        known = parents.setdefault(model, [])
        if parent not in known and parent != model:
            known.append(parent)
    return parents
