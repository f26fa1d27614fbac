"""Which models scope `frontier` counts, by rules that are data, and what pipeline tags mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, NamedTuple

from census.base.csv_files import Problem, Row, parse_day
from census.base.declared_files import DataFile, DataRow, Expression, column, one_of, optional
from census.base.names import namespace_of, same_name

# Kinds of rules. Patterns are regular expressions whatever the case, but for `created_since` (a
# date) and `tag` and `relation` (one word).
CREATED_SINCE = "created_since"  # models created before the date are out
OLDER = "older"  # full name: out if the creation date is unknown
NAME = "name"  # found in the part after the slash: out
FULL_NAME = "full_name"  # the whole name: out
LIBRARY = "library"  # the whole library name: out
RELATION = "relation"  # a model with a parent of this relation is out, unless …
PRECISION = "precision"  # … its name says that it is an official precision variant
TAG = "tag"  # a pipeline tag of the scope
KINDS = (CREATED_SINCE, OLDER, NAME, FULL_NAME, LIBRARY, RELATION, PRECISION, TAG)
QUANTIZED = "quantized"


class ScopeRuleRow(DataRow):
    """A rule that says which models are in scope frontier."""

    rule: str = column("Short name of the rule")
    kind: Annotated[str, one_of(*KINDS)] = column(
        "What the pattern is compared with, and whether a model that fits is in or out"
    )
    pattern: str = column(
        "A regular expression in any case; for created_since a date, for tag and relation one word"
    )
    reason: str = column("Why, as it is said of each model that the rule decides")
    source_url: str = column("Where the reason can be read")


SCOPE_RULES_FILE = DataFile(
    "scope_rules.csv",
    "The rules that say which models are in scope frontier.",
    ScopeRuleRow,
    unique=(("rule",),),
)


def spares_some_names(row: Row) -> Iterator[str]:
    """A pattern does not fit every name."""
    try:
        if re.search(row["pattern"], "", re.IGNORECASE) and row["pattern"]:
            yield f"pattern {row['pattern']!r} fits every name"
    except re.error:
        # The check of the column reports a broken pattern.
        return


class TagRow(DataRow):
    """The pipeline tag of models whose own is empty or wrong."""

    pattern: Expression = column("Regular expression that the whole names of the models fit")
    replaces: str = optional("The tags that it replaces, between spaces; empty for no tag")
    pipeline_tag: str = column("The tag that they should have")
    reason: str = column("What the document says, in our own words")
    source_url: str = column("Where it was read")


TAGS_FILE = DataFile(
    "pipeline_tags.csv",
    "Pipeline tags of models whose own is empty or wrong, by documents.",
    TagRow,
    unique=(("pattern", "replaces"),),
    references={"pipeline_tag": "modalities.csv"},
    rules=(spares_some_names,),
)


class ModalityRow(DataRow):
    """What models with a pipeline tag work on."""

    pipeline_tag: str = column("The Hub's pipeline tag")
    modality: str = column("Short name of what such models work on")
    label: str = column("The same as readers see it; one for each modality")


MODALITIES_FILE = DataFile(
    "modalities.csv",
    "What models work on, by their pipeline tag.",
    ModalityRow,
    unique=(("pipeline_tag",),),
)


class ScopeInput(NamedTuple):
    """What the scope needs to know of a model; `pipeline_tag` is already corrected.

    `base_models` are (relation, parent); `lab_role` is None where the namespace has no lab.
    """

    name: str
    pipeline_tag: str
    library_name: str
    created_at: date | None
    base_models: Sequence[tuple[str, str]]
    lab_role: str | None


class ScopeVerdict(NamedTuple):
    """Whether a model is in the scope, and the rule that says so in plain words."""

    in_frontier: bool
    reason: str


class ScopeRule(NamedTuple):
    """One line of scope_rules.csv with its pattern compiled."""

    pattern: re.Pattern[str]
    reason: str


class TagCorrection(NamedTuple):
    """One line of pipeline_tags.csv: the tag of models whose own is one of `replaces`."""

    pattern: re.Pattern[str]
    replaces: frozenset[str]
    pipeline_tag: str
    source_url: str


class Modality(NamedTuple):
    """What a model with a pipeline tag works on."""

    key: str
    label: str


class ScopeRules(NamedTuple):
    """Everything that decides the scope of a model, from data/."""

    created_since: date
    rules: Mapping[str, Sequence[ScopeRule]]
    tags: Mapping[str, str]
    corrections: Sequence[TagCorrection]
    modalities: Mapping[str, Modality]


def load_scope_rules(data: Path, problems: list[Problem]) -> ScopeRules:
    """Read and check scope_rules.csv, pipeline_tags.csv and modalities.csv."""
    modalities = _load_modalities(data, problems)
    rows = SCOPE_RULES_FILE.read(data, problems)
    by_kind: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row)
    created_since = date.min
    if len(by_kind[CREATED_SINCE]) != 1:
        reason = f"expected one rule of kind {CREATED_SINCE}; found {len(by_kind[CREATED_SINCE])}"
        problems.append(Problem(str(data / "scope_rules.csv"), 0, reason))
    for row in by_kind[CREATED_SINCE]:
        try:
            created_since = parse_day(row["pattern"])
        except ValueError as error:
            problems.append(row.problem(f"pattern: {error}"))
    for row in by_kind[TAG]:
        if row["pattern"] not in modalities:
            problems.append(row.problem(f"pattern {row['pattern']!r} is not in modalities.csv"))
    return ScopeRules(
        created_since=created_since,
        rules={
            kind: _compile_rules(by_kind[kind], problems)
            for kind in KINDS
            if kind not in (CREATED_SINCE, TAG)
        },
        tags={row["pattern"]: row["reason"] for row in by_kind[TAG]},
        corrections=_load_corrections(data, modalities, problems),
        modalities=modalities,
    )


def corrected_pipeline_tag(name: str, tag: str, rules: ScopeRules) -> str:
    """Return the pipeline tag of a model: its own, or that of the correction that fits."""
    correction = tag_correction(name, tag, rules)
    return correction.pipeline_tag if correction else tag


def tag_correction(name: str, tag: str, rules: ScopeRules) -> TagCorrection | None:
    """Return the first correction of a model's pipeline tag that fits, None where its own stands.

    A correction replaces only the tags that it names. "" is not a tag.
    """
    return next(
        (
            correction
            for correction in rules.corrections
            if tag in correction.replaces and correction.pattern.fullmatch(name)
        ),
        None,
    )


def modality_of(tag: str, rules: ScopeRules) -> str | None:
    """Return the modality of a corrected pipeline tag; None without a tag or for a new one."""
    modality = rules.modalities.get(tag)
    return modality.key if modality else None


def frontier_verdict(model: ScopeInput, rules: ScopeRules) -> ScopeVerdict:
    """Return whether scope `frontier` counts a model, and why, by the first rule that decides.

    In this order: the publisher is a lab; the model is not too old; nothing in its name, library or
    parents says that it is something else; its pipeline tag is one of the scope. A model of unknown
    age counts unless its name is of an older family.
    """
    reason = (
        _role_reason(model)
        or _age_reason(model, rules)
        or _name_reason(model, rules)
        or _parent_reason(model, rules)
    )
    if reason:
        return ScopeVerdict(False, reason)
    if model.pipeline_tag not in rules.tags:
        tag = model.pipeline_tag
        return ScopeVerdict(False, f"pipeline tag {tag}" if tag else "pipeline tag unknown")
    reason = rules.tags[model.pipeline_tag]
    unknown = "" if model.created_at else "; creation date unknown"
    return ScopeVerdict(True, reason + unknown)


def _role_reason(model: ScopeInput) -> str | None:
    if model.lab_role is None:
        return "its namespace is of no registered lab"
    return None if model.lab_role == "lab" else "uploaded by a repackager"


def _age_reason(model: ScopeInput, rules: ScopeRules) -> str | None:
    if model.created_at is None:
        return _first_reason(rules.rules[OLDER], model.name)
    if model.created_at < rules.created_since:
        return f"created before {rules.created_since}"
    return None


def _name_reason(model: ScopeInput, rules: ScopeRules) -> str | None:
    for rule in rules.rules[FULL_NAME]:
        if rule.pattern.fullmatch(model.name):
            return rule.reason
    if reason := _first_reason(rules.rules[NAME], model.name.rsplit("/", 1)[-1]):
        return reason
    for rule in rules.rules[LIBRARY]:
        if rule.pattern.fullmatch(model.library_name):
            return rule.reason
    return None


def _parent_reason(model: ScopeInput, rules: ScopeRules) -> str | None:
    """Return why a model's parents put it out of the scope.

    A quantised model counts if its parent has the same publisher: then it is an official variant,
    as far as its name does not say a third-party format.
    """
    is_official_variant = (
        _first_reason(rules.rules[PRECISION], model.name.rsplit("/", 1)[-1]) is not None
    )
    namespace = namespace_of(model.name)
    for relation, parent in model.base_models:
        is_same_publisher = same_name(namespace_of(parent), namespace)
        if is_same_publisher and (is_official_variant or relation == QUANTIZED):
            continue
        for rule in rules.rules[RELATION]:
            if rule.pattern.fullmatch(relation):
                return rule.reason
    return None


def _first_reason(rules: Sequence[ScopeRule], text: str) -> str | None:
    return next((rule.reason for rule in rules if rule.pattern.search(text)), None)


def _compile_rules(rows: Sequence[Row], problems: list[Problem]) -> list[ScopeRule]:
    return [
        ScopeRule(pattern, row["reason"])
        for row in rows
        if (pattern := _compile(row, problems)) is not None
    ]


def _compile(row: Row, problems: list[Problem]) -> re.Pattern[str] | None:
    """Return the compiled pattern; one that is broken or fits everything is a fault."""
    try:
        pattern = re.compile(row["pattern"], re.IGNORECASE)
    except re.error as error:
        problems.append(row.problem(f"pattern {row['pattern']!r} is broken: {error}"))
        return None
    if pattern.search(""):
        problems.append(row.problem(f"pattern {row['pattern']!r} fits every name"))
        return None
    return pattern


def _load_corrections(
    data: Path, modalities: Mapping[str, Modality], problems: list[Problem]
) -> list[TagCorrection]:
    corrections = []
    for row in TAGS_FILE.read(data, problems, {"modalities.csv": modalities}):
        # A faulty pattern was already reported with the other faults of its row.
        pattern = _compile(row, [])
        if pattern is not None:
            replaces = frozenset(row["replaces"].split()) or frozenset({""})
            corrections.append(
                TagCorrection(pattern, replaces, row["pipeline_tag"], row["source_url"])
            )
    return corrections


def _load_modalities(data: Path, problems: list[Problem]) -> dict[str, Modality]:
    rows = MODALITIES_FILE.read(data, problems)
    labels: dict[str, str] = {}
    for row in rows:
        if labels.setdefault(row["modality"], row["label"]) != row["label"]:
            problems.append(row.problem(f"modality {row['modality']!r} has another label above"))
    return {row["pipeline_tag"]: Modality(row["modality"], row["label"]) for row in rows}
