"""Collecting days of other channels: whole and checked, or refused; never in the Hub's way.

A collector asks one source; what is common to all is here: which days are missing, that every asked
day came, that nothing shrank, and that files are written all together and never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from census.base import file_changes
from census.base.csv_files import Problem
from census.base.printable import printable_line
from census.channels.capability import FOLDER as SCORES_FOLDER
from census.channels.capability import SCORE_SOURCES_FILE
from census.channels.definitions import read_definitions
from census.channels.files import FOLDER, ChannelDay, add_channel_days, read_channel_file
from census.channels.score_files import ScoreDay, add_score_days, read_score_file, same_scores
from census.inputs.registry import load_sources
from census.store.observations import ObservationFile, read_manifest

# What a collector of a list of scores says in place of a channel.
SCORES = "scores"
# So many days are asked for when there is none yet to continue from.
FIRST_DAYS = 30
LOCK_WAIT = 600.0
# A list that lost more than this part of its names, or of their counts, is taken as incomplete.
MOST_LOST = 0.1

Collected = ChannelDay | ScoreDay


class CollectorError(Exception):
    """A source did not answer as it should, or gave what cannot be; nothing was written."""


class Collector(Protocol):
    """What asks one source for whole days, or for what it shows now."""

    @property
    def source(self) -> str:
        """The short name of the source."""

    @property
    def channel(self) -> str:
        """The channel that it counts; `scores` for a list of scores."""

    @property
    def begins(self) -> date | None:
        """The first day that the source has; None where it shows only what is now."""

    @property
    def days_at_once(self) -> int:
        """How many days one request may ask for."""

    @property
    def hint(self) -> str:
        """What would open more of the source, in words, or nothing."""

    def fetch(self, first: date, last: date) -> Mapping[date, Collected]:
        """Return the days from `first` to `last`; raises CollectorError.

        A source that shows only its present values gives one day: the one it names, or today.
        """


class CollectedDays(NamedTuple):
    """What a run added: days and rows, and how many of the days existed already."""

    source: str
    days: int
    rows: int
    existing: int


class CollectedFiles(NamedTuple):
    """Where the days of a collector are kept: its folder of data/, and the files in it.

    `files` are those of the whole channel, `of_source` those of the source; `metric` is the
    channel's, empty for scores.
    """

    data: Path
    metric: str
    files: list[ObservationFile]
    of_source: list[ObservationFile]

    def add(self, days: Sequence[Collected]) -> dict[str, bytes]:
        """Return the files that add days; raises ValueError for what cannot be."""
        counts = [day for day in days if isinstance(day, ChannelDay)]
        scores = [day for day in days if isinstance(day, ScoreDay)]
        if (scores if self.metric else counts) or any(not len(_values(day)) for day in days):
            raise ValueError("a day is of another kind, or has no row")
        if self.metric:
            return add_channel_days(self.data, counts, self.metric, [])
        return add_score_days(self.data, scores, [])

    def values(self, file: ObservationFile) -> dict[str, float]:
        """Return the value of each name in a file."""
        problems: list[Problem] = []
        if self.metric:
            counts = read_channel_file(self.data, file, self.metric, problems)
            values: dict[str, float] = {count.name: count.value for count in counts}
        else:
            rows = read_score_file(self.data, file, problems)
            values = {row["name"]: float(row["value"]) for row in rows}
        _refuse(problems)
        return values


def collect_days(
    data: Path,
    collector: Collector,
    since: date | None = None,
    until: date | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    *,
    accept: bool = False,
) -> CollectedDays:
    """Add the days that are missing up to yesterday, or what is shown now; raises CollectorError.

    Without `since` it continues after the newest day of the channel. Existing days stay as they
    are. If one of the days asked for is missing, none is written; a list that shrank is refused
    unless `accept`.
    """
    moment = clock()
    with file_changes.locked(data, LOCK_WAIT):
        store = _store(data, collector)
        if collector.begins is None:
            days, existing = _present_list(collector, store, moment.date(), accept=accept)
        else:
            yesterday = moment.date() - timedelta(days=1)
            last = min(until or yesterday, yesterday)
            days, existing = _missing(collector, store, collector.begins, since, last)
        days = [day if day.retrieved_at else _retrieved(day, moment) for day in days]
        try:
            changed = store.add(days)
        except ValueError as error:
            raise CollectorError(f"{collector.source}: {error}; nothing was written") from None
        file_changes.apply(data, changed)
    rows = sum(len(_values(day)) for day in days)
    return CollectedDays(collector.source, len(days), rows, existing)


def _store(data: Path, collector: Collector) -> CollectedFiles:
    """Return where the days of a collector are kept; raises CollectorError."""
    problems: list[Problem] = []
    if collector.channel == SCORES:
        score_sources = {row["source"] for row in SCORE_SOURCES_FILE.read(data, problems)}
        files = read_manifest(data, problems, SCORES_FOLDER)
        _refuse(problems)
        if collector.source not in score_sources:
            raise CollectorError(f"{collector.source} is not in {SCORES_FOLDER}/sources.csv")
        files_of_source = [file for file in files if file.source == collector.source]
        return CollectedFiles(data, "", files_of_source, files_of_source)
    sources = {row["source"]: row["channel"] for row in load_sources(data, problems)}
    metric = read_definitions(data, problems).metrics.get(collector.channel)
    files = read_manifest(data, problems, FOLDER)
    _refuse(problems)
    if metric is None or sources.get(collector.source) != collector.channel:
        raise CollectorError(f"{collector.source} is not in sources.csv")
    files = [file for file in files if sources.get(file.source) == collector.channel]
    files_of_source = [file for file in files if file.source == collector.source]
    return CollectedFiles(data, metric, files, files_of_source)


def _missing(
    collector: Collector, store: CollectedFiles, begins: date, since: date | None, last: date
) -> tuple[list[Collected], int]:
    """Return the days to `last` that are missing, and how many are there."""
    present_days = {file.day for file in store.of_source}
    first = max(since or _next_day({file.day for file in store.files}, last), begins)
    wanted_days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    missing = [day for day in wanted_days if day not in present_days]
    days: list[Collected] = []
    for span in spans(missing, collector.days_at_once):
        fetched = _fetch(collector, span[0], span[-1])
        if absent := [day for day in span if day not in fetched]:
            raise CollectorError(
                f"{collector.source}: {len(absent)} of {len(span)} days did not come,"
                f" such as {absent[0]}; nothing was written"
            )
        days += [fetched[day] for day in span]
    return days, len(wanted_days) - len(missing)


def spans(days: Sequence[date], at_once: int) -> Iterator[list[date]]:
    """Yield days in order, in parts whose last is less than `at_once` days after their first."""
    span: list[date] = []
    for day in days:
        if span and (day - span[0]).days >= at_once:
            yield span
            span = []
        span.append(day)
    if span:
        yield span


def _present_list(
    collector: Collector, store: CollectedFiles, today: date, *, accept: bool
) -> tuple[list[Collected], int]:
    """Return a source's present list if it is new, and how many days existed already (0 or 1)."""
    files_by_day = {file.day: file for file in store.of_source}
    if today in files_by_day:
        return [], 1
    fetched = list(_fetch(collector, today, today).values())
    if len(fetched) != 1:
        raise CollectorError(f"{collector.source}: {len(fetched)} days came in place of one")
    (day,) = fetched
    if day.day > today:
        raise CollectorError(f"{collector.source}: its day {day.day} is in the future")
    if day.day in files_by_day:
        return [], 1
    newest = files_by_day[max(files_by_day)] if files_by_day else None
    if newest and isinstance(day, ScoreDay) and day.is_reading:
        problems: list[Problem] = []
        rows = read_score_file(store.data, newest, problems)
        _refuse(problems)
        if same_scores(rows, day):
            return [], 1
    if newest and newest.day > day.day:
        raise CollectorError(f"{collector.source}: its day {day.day} is before {newest.day}")
    if not accept and (reason := _shrinkage(store, day, newest)):
        raise CollectorError(
            f"{collector.source}: {reason}; if that is so, run collect-channels"
            f" {collector.source} --accept"
        )
    return [day], 0


def _shrinkage(store: CollectedFiles, day: Collected, newest: ObservationFile | None) -> str:
    """Say in which way a list is smaller than it was; an empty text where it is not.

    An all-time counter is also compared with the newest day of its channel, whatever source that is
    from: a counter that now counts something else must not be continued.
    """
    values = _values(day)
    if newest:
        values_before = store.values(newest)
        lost_names = values_before.keys() - values.keys()
        if len(lost_names) > MOST_LOST * len(values_before):
            return f"{len(lost_names)} of {len(values_before)} names are gone since {newest.day}"
    last = max(store.files, key=lambda file: file.day, default=None)
    if not store.metric or last is None:
        return ""
    values_before = store.values(last)
    common = values_before.keys() & values.keys()
    total_before, total_now = (
        sum(values_by_name[name] for name in common) for values_by_name in (values_before, values)
    )
    if total_now < (1 - MOST_LOST) * total_before:
        fall = f"from {total_before:,.0f} on {last.day} to {total_now:,.0f}"
        return f"the counts of {len(common)} names fell {fall}"
    return ""


def _fetch(collector: Collector, first: date, last: date) -> Mapping[date, Collected]:
    """Ask a collector; whatever a hostile answer leads to is a CollectorError."""
    try:
        return collector.fetch(first, last)
    except (KeyError, TypeError, ValueError, OSError, RecursionError) as error:
        reason = f"{type(error).__name__}: {printable_line(error)}"
        raise CollectorError(f"{collector.source}: {reason}") from None


def _values(day: Collected) -> Mapping[str, float]:
    if isinstance(day, ScoreDay):
        return day.values
    return {count.name: count.value for count in day.counts}


def _retrieved(day: Collected, moment: datetime) -> Collected:
    return day._replace(retrieved_at=f"{moment:%Y-%m-%dT%H:%M:%SZ}")


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise CollectorError(str(problems[0]))


def _next_day(collected: set[date], last: date) -> date:
    """Return the day after the newest collected one; without any, a month before the last day."""
    if collected:
        return max(collected) + timedelta(days=1)
    return last - timedelta(days=FIRST_DAYS - 1)
