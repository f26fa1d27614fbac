"""Comparing a day's list with the day before: what is missing, and what must not be written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from census.base.names import NameDict, folded, namespace_of, same_name, spellings
from census.base.printable import printable_line
from census.collect.hub import HubModel, Listing, ModelAnswer, RawModel, parse_model
from census.inputs.registry import Registry
from census.store.observations import Observation

# A lab's day is refused when at least so many, and more than this share, of its models of the day
# before are missing without explanation.
MISSING_MODELS = 5
MISSING_SHARE = 0.05
# The day is refused when a count is absent for at least this share of the models.
ABSENT_SHARE = 0.1
# For a namespace that lists nothing any more, so many models are asked for by name, to find out
# where they went.
ASKED_OF_VANISHED = 3
# Missing models are asked for in batches of this size: a wrong list is noticed after a few.
BATCH = 16
EXPLAINED = ("gone", "private", "disabled")


class CheckedListings(NamedTuple):
    """The models of a day by id, why the lists cannot be used, and the ids of faulty models.

    A model with an impossible count is kept, with that count unknown.
    """

    models: dict[str, HubModel]
    reasons: list[str]
    faulty: set[str]


class Comparison(NamedTuple):
    """The lists of a day beside the day before.

    `lost` are the models of each namespace that lists nothing any more, `complete` the namespaces
    that were listed whole, `missing` the models by lab that no list has, and `models_per_lab` how
    many models each lab had the day before.
    """

    checked: CheckedListings
    lost: dict[str, list[str]]
    complete: set[str]
    missing: dict[str, list[str]]
    models_per_lab: dict[str, int]


def compare(
    listings: Sequence[Listing], day_before: Sequence[Observation], registry: Registry, day: str
) -> Comparison:
    """Compare the lists of a day (ISO) with the observations of the day before."""
    names = {model.hub_id: model.model_id for model in day_before if model.hub_id}
    checked = check_listings(listings, names, day)
    lost = vanished_models(listings, day_before)
    complete = {listing.namespace for listing in listings if not listing.error} - lost.keys()
    missing = missing_by_lab(day_before, checked.models, complete, registry)
    labs = (registry.lab_of(model.model_id) for model in day_before)
    return Comparison(checked, lost, complete, missing, Counter(lab.slug for lab in labs if lab))


def check_listings(
    listings: Iterable[Listing], names_before: Mapping[str, str], day: str
) -> CheckedListings:
    """Check every model of every list; `names_before` are the names of the day before by id.

    The same model in two lists (it was moved while they were read) counts once, under its new
    name. Models without a valid name or id are left out.
    """
    checked = CheckedListings({}, [], set())
    ids: NameDict[str] = NameDict()
    for listing in listings:
        if listing.error:
            checked.reasons.append(f"{listing.namespace}: {listing.error}")
        faults = []
        for raw in listing.models:
            model, fault = parse_or_mend(raw, listing.namespace, day)
            if fault:
                faults.append(fault)
            if model is None:
                continue
            name, hub_id = model.metadata.model_id, model.metadata.hub_id
            if ids.setdefault(name, hub_id) != hub_id:
                faults.append(f"{listing.namespace}: lists {name} with two ids")
                continue
            if fault:
                checked.faulty.add(hub_id)
            other = checked.models.get(hub_id)
            if other is None or other.metadata.model_id in (name, names_before.get(hub_id)):
                checked.models[hub_id] = model
        if faults:
            others = f" (and {len(faults) - 1} more of this namespace)" if len(faults) > 1 else ""
            checked.reasons.append(f"{faults[0]}{others}")
    return checked


def parse_or_mend(raw: RawModel, namespace: str, day: str) -> tuple[HubModel | None, str]:
    """Return a model and what is wrong with it; its impossible counts become unknown.

    The model is None where its name or id is not valid.
    """
    try:
        return parse_model(raw, namespace, day), ""
    except ValueError as error:
        fault = str(error)
    try:
        return parse_model(raw, namespace, day, lenient=True), fault
    except ValueError:
        return None, fault


def vanished_models(
    listings: Iterable[Listing], day_before: Iterable[Observation]
) -> dict[str, list[str]]:
    """Return the models of the day before of each namespace that lists nothing any more."""
    empty = spellings(
        listing.namespace for listing in listings if not listing.models and not listing.error
    )
    names: dict[str, list[str]] = defaultdict(list)
    for observation in day_before:
        if namespace := empty.get(namespace_of(observation.model_id)):
            names[namespace].append(observation.model_id)
    return dict(names)


def missing_by_lab(
    day_before: Iterable[Observation],
    models: Mapping[str, HubModel],
    complete: set[str],
    registry: Registry,
) -> dict[str, list[str]]:
    """Return the models of the day before that no list has, by the lab of their namespace.

    `complete` are the namespaces that were listed without an error; of the others nothing is
    known. A model whose namespace is no longer registered is not missed.
    """
    names = {folded(model.metadata.model_id) for model in models.values()}
    missing: dict[str, list[str]] = defaultdict(list)
    for observation in day_before:
        lab = registry.lab_of(observation.model_id)
        row = registry.namespaces.get(namespace_of(observation.model_id))
        if lab is None or row is None or (row["renamed_to"] or row["namespace"]) not in complete:
            continue
        name = folded(observation.model_id)
        if not (observation.hub_id in models if observation.hub_id else name in names):
            missing[lab.slug].append(observation.model_id)
    return dict(missing)


def is_explained(answer: ModelAnswer) -> bool:
    """Return whether an answer says why a model is not listed under its name any more.

    An answer with the model under the same name explains nothing: it should be in the list.
    """
    if answer.status in EXPLAINED:
        return True
    return answer.model is not None and not same_name(answer.model["id"], answer.name)


def allowed_missing(models: int) -> int:
    """Return how many of a lab's models may be missing without explanation."""
    return max(MISSING_MODELS - 1, int(models * MISSING_SHARE))


def ask_missing(
    missing: Mapping[str, Sequence[str]],
    models_per_lab: Mapping[str, int],
    ask: Callable[[Sequence[str]], Sequence[ModelAnswer]],
) -> list[ModelAnswer]:
    """Ask for each missing model by name, until it is certain that a lab's list is wrong."""
    answers: list[ModelAnswer] = []
    for lab, names in missing.items():
        unexplained = 0
        for start in range(0, len(names), BATCH):
            batch = ask(names[start : start + BATCH])
            answers += batch
            unexplained += sum(not is_explained(answer) for answer in batch)
            if unexplained > allowed_missing(models_per_lab[lab]):
                break
    return answers


def missing_reasons(
    missing: Mapping[str, Sequence[str]],
    models_per_lab: Mapping[str, int],
    answers: Iterable[ModelAnswer],
    registry: Registry,
) -> list[str]:
    """Return the labs of which too many models are missing without explanation."""
    explained = {answer.name for answer in answers if is_explained(answer)}
    reasons = []
    for lab, names in missing.items():
        unexplained = [name for name in names if name not in explained]
        if len(unexplained) <= allowed_missing(models_per_lab[lab]):
            continue
        namespaces = ", ".join(sorted({namespace_of(name) for name in unexplained}))
        reasons.append(
            f"{namespaces}: {len(unexplained)} of the {models_per_lab[lab]} models of"
            f" {registry.labs[lab].name} of the day before are missing without explanation,"
            f" for example {unexplained[0]}"
        )
    return reasons


def vanished_reasons(
    lost: Mapping[str, Sequence[str]], answers: Iterable[ModelAnswer]
) -> list[str]:
    """Return a reason for each namespace that lists nothing any more, with where its models are."""
    by_name = {answer.name: answer for answer in answers}
    reasons = []
    for namespace, names in lost.items():
        whereabouts = []
        for name in names[:ASKED_OF_VANISHED]:
            answer = by_name.get(name)
            if answer and answer.model and answer.model["id"] != name:
                whereabouts.append(f"{name} is now {printable_line(answer.model['id'])}")
            elif answer and answer.status in EXPLAINED:
                whereabouts.append(f"{name} is {answer.status}")
        whereabouts_words = f" ({'; '.join(whereabouts)})" if whereabouts else ""
        reasons.append(
            f"{namespace}: lists no model; it had {len(names)} the day before{whereabouts_words}."
            f" If it was renamed, fill renamed_to in namespaces.csv and add the new name; if only"
            f" its case changed, correct its spelling there"
        )
    return reasons


def absent_reasons(models: Iterable[HubModel]) -> list[str]:
    """Return a reason for each count that is absent for too many models of the day."""
    observations = [model.observation for model in models]
    reasons = []
    for column in ("downloads_30d", "downloads_all_time"):
        absent = [
            observation.model_id
            for observation in observations
            if getattr(observation, column) is None
        ]
        if absent and len(absent) >= ABSENT_SHARE * len(observations):
            worst, number = Counter(namespace_of(name) for name in absent).most_common(1)[0]
            reasons.append(
                f"{worst}: {column} is absent for {len(absent)} of all {len(observations)} models,"
                f" {number} of them of {worst}"
            )
    return reasons


def fallen_counts(
    day_before: Iterable[Observation], models: Mapping[str, HubModel]
) -> list[tuple[str, int, int]]:
    """Return the models whose all-time count is lower than the day before, largest fall first."""
    rows = []
    for observation in day_before:
        model = models.get(observation.hub_id or "")
        if model is None or observation.downloads_all_time is None:
            continue
        count = model.observation.downloads_all_time
        if count is not None and count < observation.downloads_all_time:
            rows.append((model.observation.model_id, observation.downloads_all_time, count))
    return sorted(rows, key=lambda fall: (fall[2] - fall[1], fall[0]))
