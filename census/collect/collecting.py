"""One day's run: ask the Hub, compare with the day before, write the day whole or keep it aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from huggingface_hub import HfApi

from census.base import file_changes
from census.base.csv_files import DataError, Problem
from census.base.names import folded, namespace_of, same_name, spellings
from census.collect import model_list
from census.collect.comparing import (
    ASKED_OF_VANISHED,
    EXPLAINED,
    Comparison,
    absent_reasons,
    ask_missing,
    compare,
    fallen_counts,
    missing_reasons,
    parse_or_mend,
    vanished_reasons,
)
from census.collect.hub import (
    SOURCE,
    HubModel,
    Listing,
    ModelAnswer,
    ask_models,
    connected,
    list_namespaces,
)
from census.collect.hub_transport import HubSettings
from census.collect.quarantine import FOLDER, HubAnswers, read_quarantine, write_quarantine
from census.inputs import models
from census.inputs.models import ModelMetadata
from census.inputs.registry import Registry, load_registry
from census.store import ledger
from census.store.ledger import LedgerEntry
from census.store.observations import (
    MANIFEST,
    DayOfObservations,
    Observation,
    ObservationFile,
    add_days,
    path_of,
    read_manifest,
    read_observations,
)

# A fault in any other file of data/ must not cost a day.
NEEDED = (
    "labs.csv",
    "namespaces.csv",
    "sources.csv",
    "model_aliases.csv",
    models.FILE,
    ledger.FILE,
    Path(MANIFEST).name,
)
# A run asks for so many of the models in data/models.csv that no list has and it did not ask for.
ASKED_OF_UNSEEN = 20
TODAY = "the day in UTC on which the Hub was asked"


class RefusedDayError(Exception):
    """A day was not written; `reasons` name namespaces, `path` is the file with the answers."""

    def __init__(self, day: date, reasons: Sequence[str], path: Path) -> None:
        lines = "\n".join(f"  {reason}" for reason in reasons)
        super().__init__(
            f"the observations of {day} are refused, and nothing was written:\n{lines}\n"
            f"What was received is kept in {path}; read {path.with_suffix('.md').name} beside it"
        )
        self.reasons = list(reasons)
        self.path = path


@dataclass
class Collected:
    """What a run wrote; nothing when the day was there already."""

    day: date
    written: bool = False
    models: int = 0
    new: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    unlisted: dict[str, str] = field(default_factory=dict)
    falls: int = 0
    empty: list[str] = field(default_factory=list)


class State(NamedTuple):
    """The data directory as a run finds it; `day_before` are the observations of that day."""

    registry: Registry
    models: list[ModelMetadata]
    files: dict[str, ObservationFile]
    ledger: list[LedgerEntry]
    day_before: list[Observation]
    namespaces: list[str]


def collect(
    data: Path,
    settings: HubSettings,
    day: date | None = None,
    *,
    replace: str = "",
    aside: Path | None = None,
    now: datetime | None = None,
    on_listing: Callable[[Listing], None] = lambda _listing: None,
) -> Collected:
    """Ask the Hub for every registered namespace and write the day, whole or not at all.

    A day that is there already stays as it is, unless `replace` gives a reason. Raises
    RefusedDayError when the answers cannot be trusted (they are then kept in `aside`),
    UnreachableError when there is no network, DataError when the data directory cannot be read,
    and BusyError when another run is at work.
    """
    now = now or datetime.now(UTC)
    day = day or now.date()
    _check_come(day, now, data)
    with file_changes.locked(data):
        state = read_state(data, day)
        if path_of(SOURCE, day) in state.files and not replace:
            return Collected(day)
        _check_order(data, day, state.files, replace)
        with connected(settings) as api:
            hub_answers, comparison = receive(api, settings, state, day, now, on_listing)
        checked, reasons = judge(state.registry, hub_answers, comparison)
        if reasons:
            path = write_quarantine(
                aside or data.parent / FOLDER, hub_answers, reasons, state.day_before
            )
            raise RefusedDayError(day, reasons, path)
        notes = [_note("replaced", day, len(checked), replace, now)] if replace else []
        return _write(data, state, hub_answers, checked, notes, now)


def accept(
    data: Path, path: Path, reason: str, *, replace: str = "", now: datetime | None = None
) -> Collected:
    """Admit what a refused run kept as the observations of its day, and record the exception.

    Impossible counts become unknown, and missing models get no observation. Raises
    DataError when the file is none of ours, or its day is there already and is not to be replaced.
    """
    now = now or datetime.now(UTC)
    with file_changes.locked(data):
        hub_answers, reasons = read_quarantine(path)
        _check_come(hub_answers.day, now, path)
        state = read_state(data, hub_answers.day)
        if path_of(SOURCE, hub_answers.day) in state.files and not replace:
            fault = f"the observations of {hub_answers.day} exist already; see --replace"
            raise DataError([Problem(str(path), 0, fault)])
        day = hub_answers.day.isoformat()
        comparison = compare(hub_answers.listings, state.day_before, state.registry, day)
        checked, _ = judge(state.registry, hub_answers, comparison)
        if not checked:
            raise DataError([Problem(str(path), 0, "it has no model with a count")])
        others = f" and {len(reasons) - 1} more" if len(reasons) > 1 else ""
        full_reason = f"{reason} (was refused: {reasons[0] if reasons else 'unknown'}{others})"
        notes = [_note("accepted", hub_answers.day, len(checked), full_reason, now)]
        if replace:
            notes.append(_note("replaced", hub_answers.day, len(checked), replace, now))
        return _write(data, state, hub_answers, checked, notes, now)


def read_state(data: Path, day: date) -> State:
    """Read what a run needs of the data directory; raises DataError."""
    problems: list[Problem] = []
    registry = load_registry(data, problems)
    if SOURCE not in registry.sources:
        problems.append(Problem(str(data / "sources.csv"), 0, f"source {SOURCE!r} is not in it"))
    known_models = models.read_models(data, problems) if (data / models.FILE).is_file() else []
    files = read_manifest(data, problems) if (data / MANIFEST).is_file() else []
    entries: list[LedgerEntry] = []
    if (data / ledger.FILE).is_file():
        entries = ledger.read_ledger(data, registry.sources, problems)
    earlier = [file for file in files if file.source == SOURCE and file.day < day]
    day_before: list[Observation] = []
    if earlier:
        day_before = read_observations(data, max(earlier, key=lambda file: file.day), problems)
    needed_files = (*NEEDED, *(Path(file.path).name for file in earlier))
    if stopping := [problem for problem in problems if Path(problem.file).name in needed_files]:
        raise DataError(stopping)
    namespaces = sorted(name for name, row in registry.namespaces.items() if not row["renamed_to"])
    by_path = {file.path: file for file in files}
    return State(registry, known_models, by_path, entries, day_before, namespaces)


def _check_come(day: date, now: datetime, file: Path) -> None:
    """Raise DataError for a future day: after it, no earlier day could be collected."""
    if day > now.astimezone(UTC).date():
        reason = f"{day} is in the future; today is {now.astimezone(UTC).date()} (UTC)"
        raise DataError([Problem(str(file), 0, reason)])


def _check_order(data: Path, day: date, files: dict[str, ObservationFile], replace: str) -> None:
    """Raise DataError for a day before the newest: the Hub says what counts are now only."""
    newest = max((file.day for file in files.values() if file.source == SOURCE), default=day)
    if day < newest and not replace:
        reason = (
            f"cannot collect {day}: the Hub gives today's counts only, and {newest} is already"
            " collected"
        )
        raise DataError([Problem(str(data / MANIFEST), 0, reason)])


def receive(
    api: HfApi,
    settings: HubSettings,
    state: State,
    day: date,
    now: datetime,
    on_listing: Callable[[Listing], None],
) -> tuple[HubAnswers, Comparison]:
    """Ask the Hub for the lists, and by name for models of the day before that no list has."""

    def ask(names: Sequence[str]) -> list[ModelAnswer]:
        return ask_models(api, names, settings.threads)

    listings = list_namespaces(api, state.namespaces, settings.threads, on_listing)
    comparison = compare(listings, state.day_before, state.registry, day.isoformat())
    answers = ask_missing(comparison.missing, comparison.models_per_lab, ask)
    answers += ask(
        [name for names in comparison.lost.values() for name in names[:ASKED_OF_VANISHED]]
    )
    answers += ask(_unseen(state, comparison, answers))
    basis = TODAY
    if day != now.date():
        basis = f"given by the person who ran it; the Hub was asked on {now.date()}"
    hub_answers = HubAnswers(
        day=day,
        retrieved_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        endpoint=settings.endpoint,
        date_basis=basis,
        listings=listings,
        answers=answers,
    )
    return hub_answers, comparison


def judge(
    registry: Registry, hub_answers: HubAnswers, comparison: Comparison
) -> tuple[dict[str, HubModel], list[str]]:
    """Return the models of a day by id, and the reasons against writing it."""
    models = dict(comparison.checked.models)
    reasons = [
        *comparison.checked.reasons,
        *vanished_reasons(comparison.lost, hub_answers.answers),
        *missing_reasons(
            comparison.missing, comparison.models_per_lab, hub_answers.answers, registry
        ),
    ]
    spelling_of = spellings(comparison.complete)
    for answer in hub_answers.answers:
        # The list left the model out, but the Hub has it: its counts are as good as the others.
        if answer.status == "listed" and answer.model is not None:
            namespace = spelling_of.get(namespace_of(str(answer.model["id"])), "")
            if namespace in comparison.complete and answer.model["_id"] not in models:
                model, fault = parse_or_mend(answer.model, namespace, hub_answers.day.isoformat())
                reasons += [fault] if fault else []
                if model is not None:
                    models[model.metadata.hub_id] = model
    faulty = comparison.checked.faulty
    reasons += absent_reasons(model for hub_id, model in models.items() if hub_id not in faulty)
    if not models and not reasons:
        reasons.append(f"no model in any of the {len(hub_answers.listings)} namespaces")
    return models, reasons


def _unseen(state: State, comparison: Comparison, answers: Sequence[ModelAnswer]) -> list[str]:
    """Return some models that no list has although data/models.csv says listed or nothing."""
    present = comparison.checked.models
    names = {folded(model.metadata.model_id) for model in present.values()}
    names |= {folded(answer.name) for answer in answers}
    unseen = [
        model.model_id
        for model in state.models
        if model.status in ("", "listed")
        and folded(model.model_id) not in names
        and model.hub_id not in present
        and namespace_of(state.registry.present_name(model.model_id)) in comparison.complete
    ]
    return unseen[:ASKED_OF_UNSEEN]


def _note(kind: str, day: date, number: int, reason: str, now: datetime) -> LedgerEntry:
    return LedgerEntry(
        kind, SOURCE, day.isoformat(), day.isoformat(), number, reason, now.date().isoformat()
    )


def _write(
    data: Path,
    state: State,
    hub_answers: HubAnswers,
    checked: dict[str, HubModel],
    notes: list[LedgerEntry],
    now: datetime,
) -> Collected:
    day = hub_answers.day
    lower_counts = fallen_counts(state.day_before, checked)
    if lower_counts:
        name, old, new = lower_counts[0]
        reason = f"all-time counts lower than the day before, most of all {name}: {old} to {new}"
        notes = [*notes, _note("fall", day, len(lower_counts), reason, now)]
    moved, statuses = _outcomes(state, hub_answers)
    refreshed = model_list.refresh(
        state.models, list(checked.values()), moved, statuses, state.registry, day.isoformat()
    )
    observations = [
        model.observation
        for model in checked.values()
        if any(count is not None for count in model.observation[2:])
    ]
    day_observations = DayOfObservations(
        source=SOURCE,
        day=day,
        observations=observations,
        date_basis=hub_answers.date_basis,
        source_url=f"{hub_answers.endpoint}/api/models",
        commit="",
        retrieved_at=hub_answers.retrieved_at,
    )
    # The manifest comes last: with it the day counts.
    files = {
        models.FILE: models.format_models(refreshed.models),
        model_list.ALIAS_FILE: model_list.alias_file(refreshed.aliases),
        ledger.FILE: ledger.format_ledger([*state.ledger, *notes]),
        **add_days(data, [day_observations], replace=lambda _path: True),
    }
    file_changes.apply(data, files)
    return Collected(
        day=day,
        written=True,
        models=len(observations),
        new=refreshed.new,
        renamed=refreshed.renamed,
        unlisted=statuses,
        falls=len(lower_counts),
        empty=[listing.namespace for listing in hub_answers.listings if not listing.models],
    )


def _outcomes(state: State, hub_answers: HubAnswers) -> tuple[dict[str, str], dict[str, str]]:
    """Return the new names of models that moved, and the statuses of those that are not listed.

    A model that moved to a namespace that is not registered has the status of one that is gone.
    """
    moved: dict[str, str] = {}
    statuses: dict[str, str] = {}
    present = spellings(state.namespaces)
    for answer in hub_answers.answers:
        if answer.status in EXPLAINED:
            statuses[answer.name] = answer.status
        elif answer.model is not None and not same_name(answer.model["id"], answer.name):
            if namespace_of(str(answer.model["id"])) in present:
                moved[answer.name] = str(answer.model["id"])
            else:
                statuses[answer.name] = "gone"
    return moved, statuses
