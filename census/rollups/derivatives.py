"""Models that others made from the labs' models: read, traced to their bases, counted.

A derivative is counted at two depths: for its `direct` parent, and for the `root` that its declared
lineage leads to. A derivative of several bases counts for the lab that all of them share, and
there for the nearest; where they are of different labs it counts once, as `several`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Annotated, NamedTuple

import sqlite_utils

from census.base.csv_files import Problem, Row, parse_count
from census.base.declared_files import Count, DataFile, DataRow, Day, column, one_of, optional
from census.base.inserting import insert_rows
from census.base.names import same_name, spellings
from census.inputs.families import Family, family_of
from census.inputs.lineage import Root, common_root, find_roots, parents_by_model
from census.inputs.registry import Registry

UNSPECIFIED = "unspecified"
BY_NAME = "quantised_by_name"
RELATIONS = ("finetune", "quantized", "merge", "adapter", UNSPECIFIED)
# Words of a model's name that name a format of smaller numbers.
SMALLER = re.compile(
    r"gguf|gptq|awq|exl[23]|bnb|nf4|fp[48]|nvfp4|mxfp4|w[48]a(8|16)|int[48]|[2-8][ -]?bits?",
    re.IGNORECASE,
)
# The ATOM Project counts derivatives with more downloads than this.
FEW_DOWNLOADS = 5
SEVERAL = ("several", "Several bases")
UNREGISTERED = ("", "No registered lab")
NO_FAMILY = ("none", "No named family")
RELATION_LABELS = {
    "finetune": "Fine-tune",
    "quantized": "Quantisation",
    BY_NAME: "Quantisation by its name",
    "merge": "Merge",
    "adapter": "Adapter",
    UNSPECIFIED: "Not specified",
}


class DerivativeRow(DataRow):
    """A model that somebody made from another."""

    child: str = column("The model")
    created_at: Day = optional("Day on which its repository was created")
    relation: Annotated[str, one_of(*RELATIONS)] = column("How it was made")
    parent: str = column("What it was made from")
    downloads: Count = optional("Its downloads of the last 30 days")
    counted_on: Day = optional("The day of that count")
    source: str = column("Who listed it")


def is_made_from_another(row: Row) -> Iterator[str]:
    """A model is not made from itself."""
    if same_name(row["child"], row["parent"]):
        yield "a model is not made from itself"


def counted_on_a_day(row: Row) -> Iterator[str]:
    """Downloads have the day of their count."""
    if row["downloads"] and not row["counted_on"]:
        yield "downloads without counted_on"


DERIVATIVES_FILE = DataFile(
    "derivatives.csv",
    "Models that others made from the labs' models, in a selection of the Hub.",
    DerivativeRow,
    unique=(("child", "parent"),),
    references={"source": "sources.csv"},
    rules=(is_made_from_another, counted_on_a_day),
    written_by="backfill",
)


class Derivative(NamedTuple):
    """What is known of one model made from others, by present names."""

    child: str
    created_at: str
    relation: str
    downloads: int | None
    parents: tuple[str, ...]


class Base(NamedTuple):
    """What a derivative counts as at one depth; `base` None where bases are of several labs."""

    derivative: Derivative
    depth: str
    base: str | None
    steps: int
    lab: str | None
    family: str | None
    country: str | None
    own: bool

    @property
    def counted(self) -> tuple[str, ...]:
        """In which counts it is: `all`, and `yes` with more than `FEW_DOWNLOADS` in 30 days."""
        downloads = self.derivative.downloads
        return ("all", "yes") if downloads is not None and downloads > FEW_DOWNLOADS else ("all",)


def read_derivatives(data: Path, sources: Collection[str], problems: list[Problem]) -> list[Row]:
    """Read and check derivatives.csv."""
    return DERIVATIVES_FILE.read(data, problems, {"sources.csv": sources})


def load_derivatives(
    db: sqlite_utils.Database, rows: Sequence[Row], registry: Registry, families: Sequence[Family]
) -> None:
    """Fill the tables of derivatives from the file and from what the models declare."""
    models = [row["name"] for row in db.table("models").rows]
    listed_names = (
        registry.present_name(row[column]) for column in ("child", "parent") for row in rows
    )
    # As a model is written; else as a listed child, then as a parent that somebody names.
    spelled = spellings([*models, *listed_names])
    insert_rows(db.conn, "derivatives", present_rows(rows, registry, spelled))
    derivatives = gather_derivatives(db, spelled)
    labs = {row["id"]: row["country"] for row in db.table("labs").rows}
    countries = {row["name"]: row["country"] for row in db.table("models").rows}
    bases = list(trace_bases(derivatives, registry, families, countries, labs))
    insert_rows(db.conn, "derived_models", (_derived_row(base) for base in bases))
    _load_months(db, bases)
    _load_bases(db, bases)


def present_rows(
    rows: Iterable[Row], registry: Registry, spelled: Mapping[str, str]
) -> Iterator[tuple[object, ...]]:
    """Yield the file's rows for the table, without what an earlier row says by present names."""
    pairs = set()
    for row in rows:
        child, parent = (
            spelled[registry.present_name(row[column])] for column in ("child", "parent")
        )
        if (child, parent) not in pairs and child != parent:
            pairs.add((child, parent))
            yield (
                child,
                row["relation"],
                parent,
                row["created_at"] or None,
                parse_count(row["downloads"]),
                row["counted_on"] or None,
                row["source"],
            )


def gather_derivatives(db: sqlite_utils.Database, spelled: Mapping[str, str]) -> list[Derivative]:
    """Return every derivative once, with all its parents, in order of names.

    Counts and dates of the newest source win; what a registered model declares is added.
    """
    query = """
        select child, relation, parent_name, created_at, downloads_30d, counted_on
        from derivatives
        union all
        select m.name, l.relation, l.parent_name, m.created_at, m.latest_30d, m.latest_30d_on
        from lineage as l
        inner join models as m on l.child = m.id
        order by 1, 6, 3
    """
    derivatives: dict[str, Derivative] = {}
    for child, relation, declared_parent, created, downloads, _ in db.execute(query):
        parent = spelled.get(declared_parent, declared_parent)
        earlier = derivatives.get(child)
        parents = earlier.parents if earlier else ()
        derivatives[child] = Derivative(
            child,
            created or (earlier.created_at if earlier else ""),
            stronger(earlier.relation if earlier else UNSPECIFIED, relation),
            downloads if downloads is not None else (earlier.downloads if earlier else None),
            parents if parent in parents else (*parents, parent),
        )
    return [named_relation(derivatives[child]) for child in sorted(derivatives)]


def stronger(first: str, second: str) -> str:
    """Return which of two stated relations of a model counts: a merge before anything else."""
    order = ("merge", "adapter", "quantized", "finetune", UNSPECIFIED)
    return min(first, second, key=order.index)


def named_relation(derivative: Derivative) -> Derivative:
    """Return the derivative, as a quantisation by its name if only the name says so."""
    name = derivative.child.rsplit("/", 1)[-1]
    if derivative.relation == UNSPECIFIED and SMALLER.search(name):
        return derivative._replace(relation=BY_NAME)
    return derivative


def trace_bases(
    derivatives: Sequence[Derivative],
    registry: Registry,
    families: Sequence[Family],
    countries: Mapping[str, str | None],
    lab_countries: Mapping[str, str | None],
) -> Iterator[Base]:
    """Yield the base that each derivative counts for at each depth.

    `countries` are those of models at their release, `lab_countries` those of labs today, for bases
    that are not among the models.
    """
    parents = parents_by_model((d.child, parent) for d in derivatives for parent in d.parents)
    for derivative in derivatives:
        direct = sorted(Root(name, 1) for name in derivative.parents)
        for depth, roots in (("direct", direct), ("root", find_roots(derivative.child, parents))):
            lab_of = {root.name: _slug(registry, root.name) for root in roots}
            chosen = common_root(roots, lab_of)
            lab = lab_of[chosen.name] if chosen else None
            yield Base(
                derivative,
                depth,
                chosen.name if chosen else None,
                chosen.depth if chosen else roots[0].depth,
                lab,
                family_of(chosen.name, lab, families) if chosen and lab else None,
                countries.get(chosen.name, lab_countries.get(lab)) if chosen and lab else None,
                own=lab is not None and lab == _slug(registry, derivative.child),
            )


def _slug(registry: Registry, name: str) -> str | None:
    lab = registry.lab_of(name)
    return lab.slug if lab else None


def _derived_row(base: Base) -> tuple[object, ...]:
    return (
        base.derivative.child,
        base.depth,
        base.derivative.created_at[:7] or None,
        base.derivative.relation,
        base.derivative.downloads,
        len(base.derivative.parents),
        base.base,
        base.steps,
        base.lab,
        base.family,
        base.country,
        int(base.own),
        int(base.base is None),
    )


def _load_months(db: sqlite_utils.Database, bases: Sequence[Base]) -> None:
    names = {
        "lab": {row["id"]: row["name"] for row in db.table("labs").rows},
        "family": {row["id"]: row["name"] for row in db.table("families").rows},
        "country": {row["code"]: row["name"] for row in db.table("countries").rows},
        "relation": RELATION_LABELS,
    }
    counts: Counter[tuple[str, ...]] = Counter()
    for base in bases:
        month = base.derivative.created_at[:7]
        if not month:
            continue
        for counted, (split, labels) in product(base.counted, names.items()):
            head = (base.derivative.relation, str(int(base.own)), counted, month)
            counts[(base.depth, split, *head, *_key(base, split, labels))] += 1
    insert_rows(
        db.conn,
        "derivative_months",
        (
            (depth, split, relation, int(own), counted, month, key, label, models)
            for (depth, split, relation, own, counted, month, key, label), models in sorted(
                counts.items()
            )
        ),
    )


def _key(base: Base, split: str, labels: Mapping[str, str]) -> tuple[str, str]:
    """Return key and label of a derivative in a split; lab and country can be unknown."""
    if split == "relation":
        return base.derivative.relation, labels[base.derivative.relation]
    if base.base is None:
        return SEVERAL
    if base.lab is None:
        return UNREGISTERED
    key = {"lab": base.lab, "family": base.family, "country": base.country}[split]
    if key is None:
        return NO_FAMILY if split == "family" else ("unverified", "Country not established")
    return key, labels[key]


def _load_bases(db: sqlite_utils.Database, bases: Sequence[Base]) -> None:
    cells: dict[tuple[str, str, str], list[Base]] = defaultdict(list)
    for base in bases:
        if base.base is not None and base.lab is not None:
            for counted in base.counted:
                cells[base.depth, counted, base.base].append(base)
    db.table("derivative_bases").insert_all(
        {
            "depth": depth,
            "downloaded": downloaded,
            "base": name,
            "lab": members[0].lab,
            "family": members[0].family,
            "country": members[0].country,
            "models": len(members),
            "by_others": sum(not member.own for member in members),
            **{
                column: sum(member.derivative.relation == relation for member in members)
                for column, relation in (
                    ("finetunes", "finetune"),
                    ("quantisations", "quantized"),
                    ("quantised_by_name", BY_NAME),
                    ("merges", "merge"),
                    ("adapters", "adapter"),
                    ("unspecified", UNSPECIFIED),
                )
            },
        }
        for (depth, downloaded, name), members in sorted(cells.items())
    )
