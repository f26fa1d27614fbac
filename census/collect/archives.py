"""Past days from public archives of the Hub: which files to get, and what is written of them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from huggingface_hub import GitCommitInfo, HfApi
from huggingface_hub.errors import (
    FileMetadataError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RemoteEntryNotFoundError,
)
from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]

from census.base import file_changes
from census.base.csv_files import DataError, Problem
from census.base.names import NameDict
from census.base.printable import printable_line
from census.collect.archive_rows import ArchiveDay, Columns, Flag, read_days, read_flags, spans_of
from census.collect.hub import connected
from census.collect.hub_transport import HubError, HubSettings
from census.inputs import models
from census.inputs.models import ModelMetadata, with_gaps_filled
from census.inputs.registry import Registry, load_registry
from census.store import ledger
from census.store.ledger import LedgerEntry
from census.store.observations import (
    MANIFEST,
    DayOfObservations,
    add_days,
    format_day,
    path_of,
    read_manifest,
)

MODELPULSE = "modelpulse"
HUB_STATS = "hub-stats"
MONTH_FILE = re.compile(r"series/(\d{4})-(\d{2})\.parquet", re.ASCII)
META = "meta.json"
MODELS_FILE = "models.parquet"
# Another run may be collecting; a backfill waits for it.
LOCK_WAIT = 600.0
# So many days are written at once; an interrupted run continues after the last of them.
DAYS_AT_ONCE = 31


class Archive(NamedTuple):
    """A public archive: its dataset repository on the Hub and its names for our columns."""

    repository: str
    columns: Columns


ARCHIVES = {
    MODELPULSE: Archive(
        "modelpulse/model-pulse-data",
        Columns("id", "day", "dl30", "dl_all", "likes", None),
    ),
    HUB_STATS: Archive(
        "cfahlgren1/hub-stats",
        Columns("id", None, "downloads", "downloadsAllTime", "likes", "createdAt"),
    ),
}


class DaySpan(NamedTuple):
    """The days to take; both ends count, None is open. Today is never over, so never taken."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Return whether a day is in the span."""
        before_end = self.last is None or day <= self.last
        return (self.first is None or day >= self.first) and before_end and is_over(day)


def is_over(day: date) -> bool:
    """Return whether a day has ended in UTC."""
    return day < datetime.now(UTC).date()


class Provenance(NamedTuple):
    """Where days come from, for the manifest; times are in UTC."""

    date_basis: str
    source_url: str
    commit: str


@dataclass
class BackfillResult:
    """What a backfill wrote, what existed already, and notes for the person who ran it."""

    days: list[date] = field(default_factory=list)
    existing: int = 0
    rows: int = 0
    unusable: int = 0
    notes: list[str] = field(default_factory=list)


def backfill(
    data: Path,
    source: str,
    settings: HubSettings,
    span: DaySpan,
    announce: Callable[[str], None] = lambda _text: None,
) -> BackfillResult:
    """Add the days of an archive that are not there yet; raises HubError and DataError.

    Days are written as they come, so that an interrupted run can be continued.
    """
    result = BackfillResult()
    if not sys.stderr.isatty():
        disable_progress_bars()
    with connected(settings) as api, _hub_errors(settings):
        if source == MODELPULSE:
            _backfill_months(data, api, span, result, announce)
        else:
            _backfill_revisions(data, api, span, result, announce)
    return result


def backfill_file(
    data: Path, path: Path, source: str, day: date | None, span: DaySpan
) -> BackfillResult:
    """Add the days of a file with an archive's columns; `day` where no column says it."""
    if not path.is_file():
        raise DataError([Problem(str(path), 0, "the file is missing")])
    columns = ARCHIVES[source].columns
    if day is None and columns.day is None:
        columns = columns._replace(day="day")
    basis = "given by the person who added the file" if day else "the file's column of days"
    result = BackfillResult()
    days = read_days(path, columns, _registry(data).namespaces, day)
    _write_days(data, source, days, Provenance(basis, "", ""), span, result)
    return result


@contextmanager
def _hub_errors(settings: HubSettings) -> Iterator[None]:
    try:
        yield
    except (HfHubHTTPError, FileMetadataError) as error:
        raise HubError(printable_line(error, settings.token)) from None
    except LocalEntryNotFoundError as error:
        # The client asks the Hub first and falls back on a local copy, whose error hides the cause.
        raise HubError(printable_line(error.__cause__ or error, settings.token)) from None


def _registry(data: Path) -> Registry:
    problems: list[Problem] = []
    registry = load_registry(data, problems)
    needed = ("namespaces.csv", "labs.csv", "sources.csv", "model_aliases.csv")
    if stopping := [problem for problem in problems if Path(problem.file).name in needed]:
        raise DataError(stopping)
    return registry


def _backfill_months(
    data: Path, api: HfApi, span: DaySpan, result: BackfillResult, announce: Callable[[str], None]
) -> None:
    """Take the months of Model Pulse's series, and the flags of its meta.json."""
    archive = ARCHIVES[MODELPULSE]
    info = api.dataset_info(archive.repository)
    revision = str(info.sha)
    files = sorted(sibling.rfilename for sibling in info.siblings or ())
    changed = info.last_modified.astimezone(UTC) if info.last_modified else None
    basis = f"the archive's column of days, in its revision of {_time(changed)}"
    namespaces = _registry(data).namespaces
    if META in files:
        with _download(api, archive, META, revision) as path:
            _write_flags(data, path, span, result)
    for file in files:
        match = MONTH_FILE.fullmatch(file)
        if match is None:
            continue
        month = [day for day in _days_of_month(int(match[1]), int(match[2])) if span.holds(day)]
        present, _ = _known_days(data, MODELPULSE)
        if not set(month) - present:
            result.existing += len(month)
            continue
        with _download(api, archive, file, revision) as path:
            url = f"{api.endpoint}/datasets/{archive.repository}/blob/{revision}/{file}"
            days = read_days(path, archive.columns, namespaces)
            _write_days(data, MODELPULSE, days, Provenance(basis, url, revision), span, result)
        announce(f"{file}: {len(result.days)} days added so far")


def _backfill_revisions(
    data: Path, api: HfApi, span: DaySpan, result: BackfillResult, announce: Callable[[str], None]
) -> None:
    """Take the last revision of each day (UTC) of hub-stats that is not there yet."""
    archive = ARCHIVES[HUB_STATS]
    namespaces = _registry(data).namespaces
    commits = api.list_repo_commits(archive.repository, repo_type="dataset")
    for day, commit in sorted(last_of_days(commits).items()):
        if not span.holds(day):
            continue
        present, gaps = _known_days(data, HUB_STATS)
        if day in present or day in gaps:
            result.existing += 1
            continue
        time = _time(commit.created_at.astimezone(UTC))
        url = f"{api.endpoint}/datasets/{archive.repository}/blob/{commit.commit_id}/{MODELS_FILE}"
        basis = f"the day in UTC of the archive's last commit of the day, {time}"
        try:
            with _download(api, archive, MODELS_FILE, commit.commit_id) as path:
                days = read_days(path, archive.columns, namespaces, day)
                source = Provenance(basis, url, commit.commit_id)
                _write_days(data, HUB_STATS, days, source, span, result)
        except RemoteEntryNotFoundError:
            reason = f"revision {commit.commit_id[:12]} has no {MODELS_FILE}"
            _record(data, [_entry("gap", HUB_STATS, day, day, None, reason)])
            result.notes.append(f"{day}: {reason}")
        announce(f"{day}: {len(result.days)} days added so far")


def last_of_days(commits: Iterable[GitCommitInfo]) -> dict[date, GitCommitInfo]:
    """Return the last commit of each day in UTC."""
    last: dict[date, GitCommitInfo] = {}
    for commit in sorted(commits, key=lambda commit_info: commit_info.created_at):
        last[commit.created_at.astimezone(UTC).date()] = commit
    return last


@contextmanager
def _download(api: HfApi, archive: Archive, file: str, revision: str) -> Iterator[Path]:
    """Give a file of a revision, deleted afterwards: one file can have 1.6 GB."""
    with TemporaryDirectory() as folder:
        yield Path(
            api.hf_hub_download(
                archive.repository,
                file,
                repo_type="dataset",
                revision=revision,
                local_dir=folder,
            )
        )


def _write_days(
    data: Path,
    source: str,
    days: Iterable[ArchiveDay],
    provenance: Provenance,
    span: DaySpan,
    result: BackfillResult,
) -> None:
    batch: list[ArchiveDay] = []
    for day in days:
        result.unusable += day.unusable
        if not is_over(day.day):
            result.notes.append(f"{day.day}: is not over yet, so it is not taken")
        elif day.observations and span.holds(day.day):
            batch.append(day)
        if len(batch) == DAYS_AT_ONCE:
            _write_batch(data, source, batch, provenance, result)
            batch = []
    if batch:
        _write_batch(data, source, batch, provenance, result)


def _write_batch(
    data: Path,
    source: str,
    batch: Sequence[ArchiveDay],
    provenance: Provenance,
    result: BackfillResult,
) -> None:
    """Write some days at once, with the models that are new; existing days stay as they are."""
    now = _time(datetime.now(UTC))
    with file_changes.locked(data, LOCK_WAIT):
        problems: list[Problem] = []
        known_files = read_manifest(data, problems) if (data / MANIFEST).is_file() else []
        known_models = models.read_models(data, problems) if (data / models.FILE).is_file() else []
        if problems:
            raise DataError(problems)
        present = {file.path for file in known_files}
        # A commit of hub-stats with the same file holds the counts of an earlier day, not its own.
        contents = {file.sha256: file for file in known_files if file.source == source == HUB_STATS}
        lines = NameDict((model.model_id, model) for model in known_models)
        new_days: list[DayOfObservations] = []
        gaps: list[LedgerEntry] = []
        for day in batch:
            if path_of(source, day.day) in present:
                result.existing += 1
                continue
            same_file = contents.get(sha256(format_day(day.observations)).hexdigest())
            if same_file is not None:
                reason = f"the archive's file has the same counts as on {same_file.day}"
                gaps.append(_entry("gap", source, day.day, day.day, None, reason))
                result.notes.append(f"{day.day}: {reason}")
                continue
            new_days.append(
                DayOfObservations(source, day.day, day.observations, *provenance, retrieved_at=now)
            )
            for observation in day.observations:
                line = ModelMetadata(
                    model_id=observation.model_id,
                    created_at=day.created.get(observation.model_id, ""),
                    source=source,
                    seen_on=day.day.isoformat(),
                )
                lines[line.model_id] = with_gaps_filled(lines.get(line.model_id), line)
        files = add_days(data, new_days)
        if list(lines.values()) != known_models:
            files = {models.FILE: models.format_models(lines.values()), **files}
        files = {**_ledger_file(data, gaps), **files}
        if files:
            file_changes.apply(data, files)
    result.days += [day.day for day in new_days]
    result.rows += sum(len(day.observations) for day in new_days)


def _known_days(data: Path, source: str) -> tuple[set[date], set[date]]:
    """Return the days that a source has, and those that the ledger notes as gaps."""
    problems: list[Problem] = []
    files = read_manifest(data, problems) if (data / MANIFEST).is_file() else []
    gaps: set[date] = set()
    if (data / ledger.FILE).is_file():
        for entry in ledger.read_ledger(data, [source], []):
            if entry.kind == "gap" and entry.source == source:
                first, last = date.fromisoformat(entry.first), date.fromisoformat(entry.last)
                gaps |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    if problems:
        raise DataError(problems)
    return {file.day for file in files if file.source == source}, gaps


def _write_flags(data: Path, path: Path, span: DaySpan, result: BackfillResult) -> None:
    """Enter the archive's own flags of days in the span into the ledger."""
    try:
        meta: object = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        meta = None
    flags, unclear = read_flags(meta)
    result.notes += unclear
    _record(data, [entry for flag in flags for entry in _flag_entries(flag, span)])


def _flag_entries(flag: Flag, span: DaySpan) -> Iterator[LedgerEntry]:
    value = f" ({flag.value})" if flag.value else ""
    reason = f"flagged as {flag.kind} in the archive's {META}{value}"
    days = (flag.first + timedelta(days=n) for n in range((flag.last - flag.first).days + 1))
    for first, last in spans_of(day for day in days if span.holds(day)):
        yield _entry(flag.kind, MODELPULSE, first, last, flag.models, reason)


def _record(data: Path, entries: Sequence[LedgerEntry]) -> None:
    with file_changes.locked(data, LOCK_WAIT):
        if files := _ledger_file(data, entries):
            file_changes.apply(data, files)


def _ledger_file(data: Path, entries: Sequence[LedgerEntry]) -> dict[str, bytes]:
    """Return the ledger with the new ones of `entries`; an empty dictionary if none is new."""
    problems: list[Problem] = []
    entries_before: list[LedgerEntry] = []
    if (data / ledger.FILE).is_file():
        entries_before = ledger.read_ledger(data, _registry(data).sources, problems)
    if problems:
        raise DataError(problems)
    entries_recorded = {entry._replace(recorded_on="") for entry in entries_before}
    new = [entry for entry in entries if entry._replace(recorded_on="") not in entries_recorded]
    return {ledger.FILE: ledger.format_ledger([*entries_before, *new])} if new else {}


def _entry(
    kind: str, source: str, first: date, last: date, number: int | None, reason: str
) -> LedgerEntry:
    today = datetime.now(UTC).date().isoformat()
    return LedgerEntry(kind, source, first.isoformat(), last.isoformat(), number, reason, today)


def _time(time: datetime | None) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ") if time else "an unknown time"


def _days_of_month(year: int, month: int) -> list[date]:
    first = date(year, month, 1)
    return [day for n in range(31) if (day := first + timedelta(days=n)).month == month]
