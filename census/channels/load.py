"""Other channels in the build: their files read and checked, their tables filled."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from census.base.csv_files import Problem, Row, check_reference
from census.base.inserting import insert_rows
from census.base.names import NameDict
from census.channels.capability import (
    COLLECTED,
    CapabilityInput,
    check_released,
    load_capability,
    read_capability,
)
from census.channels.counters import Counter, CounterReading, shown_unit
from census.channels.definitions import (
    COUNTER,
    HUB,
    WHOLE,
    Definitions,
    read_definitions,
)
from census.channels.definitions import FILE as CHANNELS
from census.channels.disagreements import Disagreement, disagreements
from census.channels.files import ChannelCount, read_channel_files
from census.channels.names import ChannelName, NameReader, NameRules, read_name_rules
from census.channels.score_files import read_score_files
from census.channels.series import ChannelSum, Keys, LabOrigin, counter_points, daily_points
from census.inputs.families import Family
from census.inputs.registry import Registry
from census.store.observations import ObservationFile

Days = Mapping[str, Mapping[str, int]]


class ChannelInput(NamedTuple):
    """Everything that a build reads of other channels, checked."""

    definitions: Definitions
    rules: NameRules
    files: list[tuple[ObservationFile, list[ChannelCount]]]
    capability: CapabilityInput
    scores: list[tuple[ObservationFile, list[Row]]]

    def until(self, day: date) -> ChannelInput:
        """Return the input without what was retrieved after a day."""
        last = day.isoformat()
        files = [pair for pair in self.files if pair[0].retrieved_at[:10] <= last]
        scores = [pair for pair in self.scores if pair[0].retrieved_at[:10] <= last]
        return self._replace(files=files, scores=scores)


def read_channels(
    data: Path, registry: Registry, models: Sequence[str], problems: list[Problem]
) -> ChannelInput:
    """Read and check data/channels/; faults go to `problems`. `models` are names of Hub models."""
    definitions = read_definitions(data, problems)
    check_reference(registry.sources.values(), "channel", definitions.channels, CHANNELS, problems)
    metrics = {
        source: definitions.metrics[row["channel"]]
        for source, row in registry.sources.items()
        if row["channel"] in definitions.metrics
    }
    rules = read_name_rules(data, definitions.metrics, registry, models, problems)
    files = read_channel_files(data, metrics, problems)
    capability = read_capability(data, registry.labs, registry.countries, problems)
    collected = {row["source"]: row for row in capability.sources if row["kind"] == COLLECTED}
    scores = read_score_files(data, collected, problems)
    for file, rows in scores:
        check_released(collected[file.source], rows, problems)
    return ChannelInput(definitions, rules, files, capability, scores)


def load_channels(
    connection: sqlite3.Connection,
    inputs: ChannelInput,
    registry: Registry,
    models: NameDict[int],
    families: Sequence[Family],
) -> None:
    """Fill the tables of channels; labs, models, families and sources must be there."""
    reader = NameReader(inputs.rules, registry, models, families)
    keys = Keys(_labs(connection), {family.slug: family.name for family in families})
    counts: dict[str, dict[str, dict[str, Mapping[str, int]]]] = defaultdict(dict)
    for file, counts_of_day in inputs.files:
        by_source = counts[registry.sources[file.source]["channel"]]
        values = {count.name: count.value for count in counts_of_day}
        by_source.setdefault(file.source, {})[file.day.isoformat()] = values
    _load_definitions(connection, inputs, registry)
    points: list[ChannelSum] = []
    for channel, row in inputs.definitions.channels.items():
        if channel == HUB or channel not in counts:
            continue
        days_by_source = counts[channel]
        by_preference = sorted(
            days_by_source, key=lambda source: int(registry.sources[source]["preference"])
        )
        counted_names = {
            name for days in days_by_source.values() for day in days.values() for name in day
        }
        names = {name.name: name for name in reader.read(channel, counted_names)}
        ids = _load_names(connection, names.values(), models)
        _load_counts(connection, channel, days_by_source, ids)
        counts_by_day = _preferred_days(days_by_source, by_preference)
        if row["kind"] == COUNTER:
            counters = _counters(counts_by_day, rounded=row["rounded"] == "yes")
            points += counter_points(channel, names, counters, keys, whole=row["lists"] == WHOLE)
            _load_falls(connection, row["name"], by_preference[0], counters)
            _load_disagreements(connection, days_by_source, by_preference)
        else:
            points += daily_points(channel, names, counts_by_day, keys)
    insert_rows(connection, "channel_series", ((None, *point) for point in points))
    scores = inputs.capability.scores + [row for _, rows in inputs.scores for row in rows]
    load_capability(connection, inputs.capability._replace(scores=scores), models)


def _labs(connection: sqlite3.Connection) -> dict[str, LabOrigin]:
    query = """
        select l.id, l.name, l.country, c.name, l.region
        from labs as l
        left join countries as c on l.country = c.code
    """
    return {row[0]: LabOrigin(*row[1:]) for row in connection.execute(query)}


def _load_definitions(
    connection: sqlite3.Connection, inputs: ChannelInput, registry: Registry
) -> None:
    days: dict[str, list[date]] = defaultdict(list)
    for file, _ in inputs.files:
        days[registry.sources[file.source]["channel"]].append(file.day)
    hub = connection.execute("select min(date), max(date) from snapshots").fetchone()
    rows = []
    for number, (channel, row) in enumerate(inputs.definitions.channels.items(), start=1):
        channel_days = days[channel]
        span = (
            (min(channel_days).isoformat(), max(channel_days).isoformat())
            if channel_days
            else (None, None)
        )
        rows.append(
            (
                channel,
                number,
                *(row[c] for c in ("name", "metric", "unit", "kind", "counts", "limits")),
                *(row[c] for c in ("gathering", "url")),
                *(hub if channel == HUB else span),
                None if channel == HUB else len(set(channel_days)),
            )
        )
    insert_rows(connection, "channels", rows)
    insert_rows(
        connection,
        "channels_missing",
        (tuple(row.values()) for row in inputs.definitions.missing),
    )


def _load_names(
    connection: sqlite3.Connection, names: Iterable[ChannelName], models: NameDict[int]
) -> dict[str, int]:
    """Load the names of one channel; return their keys."""
    start = connection.execute("select coalesce(max(id), 0) from channel_names").fetchone()[0]
    ids = {}
    rows = []
    for key, name in enumerate(names, start=start + 1):
        ids[name.name] = key
        rows.append(
            (
                key,
                name.channel,
                name.name,
                name.lab,
                name.maker,
                models[name.model] if name.model else None,
                *name[5:],
            )
        )
    insert_rows(connection, "channel_names", rows)
    return ids


def _load_counts(
    connection: sqlite3.Connection,
    channel: str,
    days_by_source: Mapping[str, Days],
    ids: Mapping[str, int],
) -> None:
    sources = dict(connection.execute("select slug, id from sources").fetchall())
    rows = [
        (channel, ids[name], day, sources[source], value)
        for source, days in days_by_source.items()
        for day, counts_of_day in days.items()
        for name, value in counts_of_day.items()
    ]
    rows.sort()
    insert_rows(connection, "channel_counts", rows)


def _preferred_days(days_by_source: Mapping[str, Days], by_preference: Sequence[str]) -> Days:
    """Return each day's counts, from the first source in `by_preference` that has the day."""
    preferred: dict[str, Mapping[str, int]] = {}
    for source in by_preference:
        for day, counts_of_day in days_by_source[source].items():
            preferred.setdefault(day, counts_of_day)
    return dict(sorted(preferred.items()))


def _counters(days: Days, *, rounded: bool) -> dict[str, Counter]:
    readings: dict[str, list[CounterReading]] = defaultdict(list)
    for day, counts_of_day in days.items():
        for name, value in counts_of_day.items():
            readings[name].append(CounterReading(day, value, shown_unit(value) if rounded else 0))
    return {name: Counter(readings_of_name) for name, readings_of_name in sorted(readings.items())}


WHAT_WAS_DONE = {
    "rollback": "the lower counts are set aside: it recovered",
    "correction": "the higher counts before are set aside: it did not recover",
    "undecided": "the lower counts are set aside until it was read often enough",
}


def _load_falls(
    connection: sqlite3.Connection, channel: str, source: str, counters: Mapping[str, Counter]
) -> None:
    insert_rows(
        connection,
        "quality_events",
        (
            (
                None,
                f"channel_{fall.kind}",
                source,
                fall.first,
                fall.last,
                None,
                1,
                f"{channel}, {name}: fell from {fall.before:,} to {fall.after:,};"
                f" {WHAT_WAS_DONE[fall.kind]}",
            )
            for name, counter in counters.items()
            for fall in counter.falls
        ),
    )


def _load_disagreements(
    connection: sqlite3.Connection, days_by_source: Mapping[str, Days], by_preference: Sequence[str]
) -> None:
    events: list[Disagreement] = []
    for place, source in enumerate(by_preference):
        for other in by_preference[place + 1 :]:
            events += disagreements(source, days_by_source[source], other, days_by_source[other])
    insert_rows(
        connection,
        "quality_events",
        (
            (
                None,
                "channel_disagreement",
                event.other,
                event.first,
                event.last,
                None,
                event.names,
                event.words,
            )
            for event in events
        ),
    )
