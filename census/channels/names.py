"""Which lab a name on a channel belongs to: by repository, written rule or document, or unknown.

Nothing is guessed: a name that none of these covers has no lab and is shown with its downloads.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

from census.base.csv_files import Problem, Row
from census.base.declared_files import DataFile, DataRow, Day, column, one_of, optional
from census.base.names import NameDict, folded, namespace_of
from census.inputs.families import Family, family_of
from census.inputs.registry import Registry

FILE = "channels/names.csv"
WEIGHTS_FILE = "channels/weights.csv"
RULE = "rule"
DOCUMENT = "document"
REPOSITORY = "repository"
NAMESPACE = "namespace"
OPEN = "open"
CLOSED = "closed"
# The row of all names before a slash: `ZhipuAI/*`.
WHOLE_NAMESPACE = "/*"
ANY_END = "*"
# What a router adds to a model's name: the day of a snapshot, and a variant such as `:free`.
SNAPSHOT = re.compile(r"-20\d{6}$", re.ASCII)
# A router's name for all models that it does not list.
OTHER = "other"


class NameRow(DataRow):
    """Whose the models of a name on a channel are."""

    channel: str = column("The channel")
    name: str = column("A name there, or all names before a slash: `ZhipuAI/*`")
    lab: str = optional("The lab that makes it")
    maker: str = optional("Who makes it where that is not a lab of the census")
    brand: str = optional("What the names of the lab's models begin with, for a rule")
    basis: Annotated[str, one_of(RULE, DOCUMENT)] = optional("How the lab is known")
    says: str = optional("What the document says, in our own words")
    source_url: str = optional("Where it was read")
    read_on: Day = optional("The day on which it was read")


NAMES_FILE = DataFile(
    FILE,
    "Whose the models on other channels are, by brands and documents.",
    NameRow,
    unique=(("channel", "name"),),
    references={"channel": "channels/channels.csv", "lab": "labs.csv"},
)


class WeightsRow(DataRow):
    """Whether anybody can download the weights of a model on a channel."""

    channel: str = column("The channel")
    name: str = column("The model's name there")
    weights: Annotated[str, one_of(OPEN, CLOSED)] = column("Whether its weights are open")
    says: str = column("What the document says, in our own words")
    source_url: str = column("Where it was read")
    read_on: Day = column("The day on which it was read")


WEIGHTS_OF_NAMES_FILE = DataFile(
    WEIGHTS_FILE,
    "Which models on other channels have open weights, by documents.",
    WeightsRow,
    unique=(("channel", "name"),),
    references={"channel": "channels/channels.csv"},
)


class ChannelName(NamedTuple):
    """A name on a channel and its lab; `basis` None means that no document was read.

    `maker` is who makes it where that is not a lab of the census. `model` is a Hub model's name.
    `weights` is `open` or `closed` where that is known.
    """

    channel: str
    name: str
    lab: str | None
    maker: str | None
    model: str | None
    family: str | None
    weights: str | None
    basis: str | None
    says: str | None
    source_url: str | None


class NameRules(NamedTuple):
    """The rows of names.csv and weights.csv."""

    names: list[Row]
    weights: list[Row]


def read_name_rules(
    data: Path,
    channels: Collection[str],
    registry: Registry,
    models: Sequence[str],
    problems: list[Problem],
) -> NameRules:
    """Read and check the rules; `models` are the names of the Hub's models.

    A rule names the brand that the name begins with and the lab's own models bear on the Hub; a
    document has its words, address and day of reading.
    """
    keys = {"channels/channels.csv": channels, "labs.csv": registry.labs}
    rows = NAMES_FILE.read(data, problems, keys)
    repositories: dict[str, set[str]] = defaultdict(set)
    for model in models:
        if lab := registry.lab_of(model):
            repositories[lab.slug].add(_letters(model.partition("/")[2]))
    for row in rows:
        problems.extend(_name_problems(row, repositories))
    weights = WEIGHTS_OF_NAMES_FILE.read(data, problems, keys)
    return NameRules(rows, weights)


def _name_problems(row: Row, repositories: Mapping[str, set[str]]) -> list[Problem]:
    problems = []
    if bool(row["lab"]) != bool(row["basis"]):
        problems.append(row.problem("a lab needs a basis, and a basis a lab"))
    if row["basis"] == DOCUMENT:
        document_columns = ("says", "source_url", "read_on")
        problems += [
            row.problem(f"a document has no {column}; without one nothing was read")
            for column in document_columns
            if not row[column]
        ]
    if row["basis"] == RULE:
        brand = _letters(row["brand"])
        name = _letters(row["name"].partition("/")[2] or row["name"])
        if not brand or not (name.startswith(brand) or row["name"].endswith(WHOLE_NAMESPACE)):
            problems.append(row.problem(f"the name does not begin with the brand {row['brand']!r}"))
        elif not any(brand in repository for repository in repositories[row["lab"]]):
            reason = f"no model of {row['lab']} on the Hub bears the brand {row['brand']!r}"
            problems.append(row.problem(reason))
    return problems


def _letters(text: str) -> str:
    """Return the letters and digits of a name: `Llama-3.1` -> `llama31`."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


class NameReader:
    """Reads names of channels by the rules, the registry and the Hub's models."""

    def __init__(
        self,
        rules: NameRules,
        registry: Registry,
        models: Iterable[str],
        families: Sequence[Family],
    ) -> None:
        self._rows = {(row["channel"], folded(row["name"])): row for row in rules.names}
        self._weights = sorted(rules.weights, key=lambda row: len(row["name"]), reverse=True)
        self._registry = registry
        self._families = families
        self._models = NameDict((name, name) for name in models)
        self._repositories_of_lab: dict[str, NameDict[str]] = defaultdict(NameDict)
        for name in self._models:
            if lab := registry.lab_of(name):
                self._repositories_of_lab[lab.slug][name.partition("/")[2]] = name

    def read(self, channel: str, names: Iterable[str]) -> list[ChannelName]:
        """Return the names of one channel with the models they are, in order of names.

        Where two snapshots of a router have the name of one repository, only the first is matched.
        """
        channel_names = []
        bare_name_of_model: dict[str, str] = {}
        for name in sorted(names):
            channel_name = self._read(channel, name)
            bare = name.partition(":")[0]
            if (
                channel_name.model
                and bare_name_of_model.setdefault(channel_name.model, bare) != bare
            ):
                channel_name = channel_name._replace(model=None, weights=None)
            channel_names.append(
                channel_name._replace(
                    weights=channel_name.weights or self._weights_of(channel, name)
                )
            )
        return channel_names

    def _read(self, channel: str, name: str) -> ChannelName:
        unknown = ChannelName(channel, name, None, None, None, None, None, None, None, None)
        row = self._rows.get((channel, folded(name)))
        model: str | None = None
        basis: str | None
        says: str | None
        url: str | None
        if row is None and "/" in name:
            model = self._models.get(name)
            if model is None or self._registry.lab_of(model) is None:
                model = None
                row = self._rows.get((channel, folded(f"{namespace_of(name)}{WHOLE_NAMESPACE}")))
        if model:
            lab = self._registry.lab_of(model)
            basis, says, url = REPOSITORY, "the same repository on the Hub", None
        elif row:
            lab = self._registry.labs.get(row["lab"])
            basis, says, url = row["basis"] or None, row["says"] or None, row["source_url"] or None
            if row["basis"] == RULE and not says:
                says = f"its name begins with {row['brand']}, as the lab's own models do on the Hub"
            unknown = unknown._replace(maker=row["maker"] or None)
        else:
            lab = self._registry.lab_of(name) if "/" in name else None
            basis = NAMESPACE if lab else None
            says = "the namespace is the lab's on the Hub, too" if lab else None
            url = None
        if lab is None:
            return unknown._replace(says=says, source_url=url)
        repository = name.rpartition("/")[2]
        if model is None and "/" in name:
            bare = SNAPSHOT.sub("", repository.partition(":")[0])
            model = self._repositories_of_lab[lab.slug].get(bare)
        return unknown._replace(
            lab=lab.slug,
            model=model,
            family=family_of(model or f"{lab.slug}/{repository}", lab.slug, self._families),
            weights=OPEN if model else None,
            basis=basis,
            says=says,
            source_url=url,
        )

    def _weights_of(self, channel: str, name: str) -> str | None:
        for row in self._weights:
            pattern = row["name"]
            begins = pattern.endswith(ANY_END) and name.startswith(pattern.removesuffix(ANY_END))
            if row["channel"] == channel and (begins or pattern == name.partition(":")[0]):
                return row["weights"]
        return None
