"""Which models a model is made from, back to the roots of its declared lineage."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from census.base.csv_files import Problem, Row
from census.base.declared_files import DataFile, DataRow, Expression, column, optional

Parents = Mapping[str, Sequence[str]]


class BaseModelRow(DataRow):
    """What a document says of the base of models whose cards declare none."""

    pattern: Expression = column("Regular expression that the whole names of the models fit")
    base_model: str = optional("The repository that they are made from")
    base_lab: str = optional("The lab of weights that have no repository of their own")
    reason: str = column("What the document says, in our own words")
    source_url: str = column("Where it was read")


def one_base(row: Row) -> Iterator[str]:
    """Either a model or a lab is the base."""
    if bool(row["base_model"]) == bool(row["base_lab"]):
        yield "needs either base_model or base_lab, not both and not neither"


BASES_FILE = DataFile(
    "base_models.csv",
    "The bases of models whose cards declare none, by documents.",
    BaseModelRow,
    unique=(("pattern",),),
    references={"base_lab": "labs.csv"},
    rules=(one_base,),
)


class BaseCorrection(NamedTuple):
    """What a document says of the models whose full name fits: their base, or whose weights.

    `base_model` is a repository, `base_lab` the lab of weights that have no repository of its own;
    one of the two is "".
    """

    pattern: re.Pattern[str]
    base_model: str
    base_lab: str
    source_url: str


class Root(NamedTuple):
    """A model without a declared base, and how many steps back it is (a direct parent is 1)."""

    name: str
    depth: int


def find_roots(model: str, parents: Parents) -> list[Root]:
    """Return the roots of a model's declared lineage, nearest first, then by name.

    A model that declares no base is its own root at depth 0. A parent without a known base is a
    root. Each model is followed once, so a circle of models that declare each other ends; where a
    lineage is only a circle, its members are the roots.
    """
    roots: dict[str, int] = {}
    depths = {model: 0}
    level = [model]
    while level:
        next_level: list[str] = []
        for name in level:
            bases = [base for base in parents.get(name, ()) if base != name]
            if not bases:
                roots.setdefault(name, depths[name])
            for base in bases:
                if base not in depths:
                    depths[base] = depths[name] + 1
                    next_level.append(base)
        level = next_level
    if not roots:
        others = {name: depth for name, depth in depths.items() if name != model}
        roots = others or {model: 0}
    return sorted((Root(*item) for item in roots.items()), key=lambda root: (root.depth, root.name))


def load_base_corrections(
    data: Path, labs: Collection[str], problems: list[Problem]
) -> list[BaseCorrection]:
    """Read and check base_models.csv: the bases of models whose cards declare none."""
    corrections = []
    for row in BASES_FILE.read(data, problems, {"labs.csv": labs}):
        try:
            pattern = re.compile(row["pattern"], re.IGNORECASE)
        except re.error:
            continue
        corrections.append(
            BaseCorrection(pattern, row["base_model"], row["base_lab"], row["source_url"])
        )
    return corrections


def correction_of(model: str, corrections: Sequence[BaseCorrection]) -> BaseCorrection | None:
    """Return the first correction that a model's full name fits, or None."""
    return next(
        (correction for correction in corrections if correction.pattern.fullmatch(model)), None
    )


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
        parents_of_model = parents.setdefault(model, [])
        if parent not in parents_of_model and parent != model:
            parents_of_model.append(parent)
    return parents
