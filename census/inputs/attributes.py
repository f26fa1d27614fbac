"""What the rules say of each model: its lab, scope, family, size, roots and countries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from census.base.csv_files import Problem
from census.base.names import NameDict, same_name, spellings
from census.inputs.families import Family, family_of, load_families
from census.inputs.lineage import (
    BaseCorrection,
    Root,
    common_root,
    correction_of,
    find_roots,
    load_base_corrections,
    parents_by_model,
)
from census.inputs.model_licences import FILE as MODEL_LICENCES
from census.inputs.model_licences import ReadLicence, load_model_licences
from census.inputs.models import ModelMetadata, with_gaps_filled
from census.inputs.origins import BASES, OPERATING, claim_on, operating_origin
from census.inputs.registry import Lab, Registry
from census.inputs.scopes import (
    ScopeInput,
    ScopeRules,
    frontier_verdict,
    load_scope_rules,
    modality_of,
    tag_correction,
)
from census.inputs.sizes import (
    PARAMETERS,
    RELEASE_DATES,
    Release,
    Sizes,
    bucket_of,
    load_release_dates,
    load_sizes,
    resolve_parameters,
)


@dataclass(frozen=True)
class Rules:
    """The hand-edited rules about models."""

    scopes: ScopeRules
    families: Sequence[Family]
    sizes: Sizes
    release_dates: NameDict[Release]
    base_corrections: Sequence[BaseCorrection]
    licences: NameDict[ReadLicence]


class CountryOnBasis(NamedTuple):
    """The country of a model for one attribution and basis; `filled` from the operating one."""

    attribution: str
    basis: str
    country: str | None
    filled: bool


class Attributes(NamedTuple):
    """Everything that is derived for one model from data/ without its counts."""

    metadata: ModelMetadata
    lab: Lab
    created: date | None
    released: date | None
    announced: Release | None
    pipeline_tag: str
    pipeline_tag_url: str | None
    modality: str | None
    parameters: int | None
    parameters_from: str | None
    parameters_url: str | None
    licence: str
    licence_url: str | None
    size_bucket: str | None
    family: str | None
    undeclared_base: BaseCorrection | None
    root: Root | None
    base_lab: Lab | None
    base_family: str | None
    in_frontier: bool
    in_labs: bool
    scope_reason: str
    countries: list[CountryOnBasis]

    def country(self, attribution: str) -> str | None:
        """The operating country for one attribution."""
        return next(
            country.country
            for country in self.countries
            if (country.attribution, country.basis) == (attribution, OPERATING)
        )


def load_rules(data: Path, registry: Registry, problems: list[Problem]) -> Rules:
    """Read and check the rules about models."""
    return Rules(
        scopes=load_scope_rules(data, problems),
        families=load_families(data, set(registry.labs), problems),
        sizes=load_sizes(data, registry, problems),
        release_dates=load_release_dates(data, registry, problems),
        base_corrections=load_base_corrections(data, set(registry.labs), problems),
        licences=load_model_licences(data, registry, problems),
    )


def unmatched_corrections(
    rules: Rules, models: Iterable[ModelMetadata], registry: Registry
) -> dict[str, list[str]]:
    """Return for each file its corrections of models that data/models.csv does not have.

    Nobody has observed the models yet, or their names are misspelled: these corrections have no
    effect.
    """
    spelling_of = spellings(registry.present_name(model.model_id) for model in models)
    files: dict[str, Iterable[str]] = {
        PARAMETERS: rules.sizes.corrections,
        RELEASE_DATES: rules.release_dates,
        MODEL_LICENCES: rules.licences,
    }
    unmatched = {
        file: sorted(name for name in corrections if name not in spelling_of)
        for file, corrections in files.items()
    }
    return {file: names for file, names in unmatched.items() if names}


def present_models(
    models: Sequence[ModelMetadata], registry: Registry
) -> tuple[dict[str, ModelMetadata], dict[str, str]]:
    """Return the models by the name that they have today, and the former names with theirs.

    What is known under a former name fills the gaps of the present one, so that a renamed model is
    one model. Models of namespaces that are not registered are left out.
    """
    present: NameDict[ModelMetadata] = NameDict()
    aliases: dict[str, str] = {}
    for model in sorted(
        models, key=lambda model: registry.present_name(model.model_id) != model.model_id
    ):
        name = registry.present_name(model.model_id)
        if registry.lab_of(name) is None:
            continue
        if not same_name(name, model.model_id):
            aliases[model.model_id] = name
        renamed = ModelMetadata(**{**vars(model), "model_id": name})
        present[name] = with_gaps_filled(present.get(name), renamed)
    return dict(sorted(present.items())), aliases


def derive_attributes(
    models: Mapping[str, ModelMetadata], registry: Registry, rules: Rules, today: date
) -> list[Attributes]:
    """Return the attributes of every model, in order of names.

    `today` dates the country of a model without any date of its own.
    """
    undeclared_bases = {
        name: correction
        for name, model in models.items()
        if not model.parents and (correction := correction_of(name, rules.base_corrections))
    }
    declared = [(name, parent) for name, model in models.items() for _, parent in model.parents]
    corrected = [
        (name, correction.base_model)
        for name, correction in undeclared_bases.items()
        if correction.base_model
    ]
    bases = [(name, registry.present_name(parent)) for name, parent in [*declared, *corrected]]
    # A card may write its base in another case.
    spelling_of = spellings([*models, *(parent for _, parent in bases)])
    parents = parents_by_model((name, spelling_of[parent]) for name, parent in bases)

    @cache
    def countries(attribution: str, lab: str | None, day: date) -> list[CountryOnBasis]:
        # Most labs released several models on a day.
        return _countries(attribution, registry.labs[lab] if lab else None, registry, day)

    return [
        _derive(model, undeclared_bases.get(name), parents, registry, rules, today, countries)
        for name, model in models.items()
    ]


def _derive(
    model: ModelMetadata,
    undeclared_base: BaseCorrection | None,
    parents: Mapping[str, Sequence[str]],
    registry: Registry,
    rules: Rules,
    today: date,
    countries: Callable[[str, str | None, date], list[CountryOnBasis]],
) -> Attributes:
    lab = registry.lab_of(model.model_id)
    if lab is None:
        raise LookupError(f"{model.model_id}: its namespace is not registered")
    created = date.fromisoformat(model.created_at) if model.created_at else None
    announced = rules.release_dates.get(model.model_id)
    released = announced.day if announced else created
    correction = tag_correction(model.model_id, model.pipeline_tag, rules.scopes)
    tag = correction.pipeline_tag if correction else model.pipeline_tag
    verdict = frontier_verdict(
        ScopeInput(
            name=model.model_id,
            pipeline_tag=tag,
            library_name=model.library_name,
            created_at=created,
            base_models=model.parents,
            lab_role=lab.role,
        ),
        rules.scopes,
    )
    parameters, parameters_from = resolve_parameters(model.model_id, model.parameters, rules.sizes)
    parameters_correction = rules.sizes.corrections.get(model.model_id)
    # The licence on a card is kept; a document only fills in a missing one.
    read_licence = None if model.license else rules.licences.get(model.model_id)
    root, base_lab = _base(model, parents, registry, rules, lab)
    day = released or today
    return Attributes(
        metadata=model,
        lab=lab,
        created=created,
        released=released,
        announced=announced,
        pipeline_tag=tag,
        pipeline_tag_url=correction.source_url if correction else None,
        modality=modality_of(tag, rules.scopes),
        parameters=parameters,
        parameters_from=parameters_from,
        parameters_url=parameters_correction.source_url if parameters_correction else None,
        licence=read_licence.licence if read_licence else model.license,
        licence_url=read_licence.source_url if read_licence else None,
        size_bucket=bucket_of(parameters, rules.sizes),
        family=family_of(model.model_id, lab.slug, rules.families),
        undeclared_base=undeclared_base,
        root=root,
        base_lab=base_lab,
        base_family=_base_family(root, base_lab, rules),
        in_frontier=verdict.in_frontier,
        in_labs=lab.role == "lab",
        scope_reason=verdict.reason,
        countries=[
            *countries("publisher", lab.slug, day),
            *countries("base", base_lab.slug if base_lab else None, day),
        ],
    )


def _base(
    model: ModelMetadata,
    parents: Mapping[str, Sequence[str]],
    registry: Registry,
    rules: Rules,
    publisher: Lab,
) -> tuple[Root | None, Lab | None]:
    """Return the root that a model counts as in attribution `base`, and that root's lab.

    Where a document says whose weights the root is, it is that lab's. Otherwise a repackager's
    upload without a base has no lab, and so has whatever is made from it: whose weights they are is
    unknown.
    """
    roots = find_roots(model.model_id, parents)
    labs = {root.name: _maker(root.name, registry, rules) for root in roots}
    root = common_root(roots, {name: lab.slug if lab else None for name, lab in labs.items()})
    if root is None:
        return None, publisher if publisher.role == "lab" else None
    return root, labs[root.name]


def _maker(root: str, registry: Registry, rules: Rules) -> Lab | None:
    """Return the lab that made the weights of a root, None if unknown."""
    correction = correction_of(root, rules.base_corrections)
    if correction is not None and correction.base_lab:
        return registry.labs[correction.base_lab]
    lab = registry.lab_of(root)
    return lab if lab is not None and lab.role == "lab" else None


def _base_family(root: Root | None, lab: Lab | None, rules: Rules) -> str | None:
    if root is None or lab is None:
        return None
    return family_of(root.name, lab.slug, rules.families)


def _countries(
    attribution: str, lab: Lab | None, registry: Registry, day: date
) -> list[CountryOnBasis]:
    """Return a lab's country on a day on each basis; without a claim it is the operating one."""
    if lab is None:
        return [CountryOnBasis(attribution, basis, None, filled=False) for basis in BASES]
    claims = registry.claims.get(lab.slug, [])
    operating = operating_origin(lab, claims, day).country
    countries = [CountryOnBasis(attribution, OPERATING, operating, filled=False)]
    for basis in BASES[1:]:
        claim = claim_on(basis, claims, day)
        country = claim.country if claim else None
        filled = country is None
        countries.append(
            CountryOnBasis(attribution, basis, operating if filled else country, filled)
        )
    return countries
