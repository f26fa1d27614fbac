"""How new each source must be, by declaration, and how old the figures were, day by day.

data/freshness.csv says of every source how often it is taken in, when it is too old and what
follows; data/ages.csv keeps how new the sources and the figures were on each day of a run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, NamedTuple

from census.base.csv_files import Problem, Row, format_csv
from census.base.declared_files import Count, DataFile, DataRow, Day, column, one_of, optional
from census.base.inserting import blank_to_null, insert_named

FILE = "freshness.csv"
RECORD = "ages.csv"
# What the record calls the published figures, beside the sources.
FIGURES = "figures"
RECORDED_DAYS = 90

# How often a source is taken in. The first two are never stale: nobody promises a next time.
ONCE, ON_REQUEST, DAILY, WEEKLY, MONTHLY = "once", "on request", "daily", "weekly", "monthly"
CADENCES = (ONCE, ON_REQUEST, DAILY, WEEKLY, MONTHLY)
# What follows from a source that is too old: nothing is published, it is said, or it has ended.
BLOCK, WARN, RETIRED = "block", "warn", "retired"
CONSEQUENCES = (BLOCK, WARN, RETIRED)


# The files that name the sources which may be declared.
SOURCE_FILES = "sources.csv or capability/sources.csv"


class FreshnessRow(DataRow):
    """How new a source must be."""

    source: str = column("The source")
    cadence: Annotated[str, one_of(*CADENCES)] = column("How often it is taken in")
    stale_after_days: Count = optional("After how many days it is too old")
    when_stale: Annotated[str, one_of(*CONSEQUENCES)] = optional("What follows then")
    reason: str = column("Why so")


def fits_its_cadence(row: Row) -> Iterator[str]:
    """What is taken in regularly is too old after some days, anything else is never stale."""
    days, consequence = row["stale_after_days"], row["when_stale"]
    if row["cadence"] in (ONCE, ON_REQUEST):
        if days or consequence not in ("", RETIRED):
            yield f"cadence {row['cadence']!r} is never stale; leave the two columns after it empty"
    elif (
        row["cadence"] in CADENCES
        and consequence != RETIRED
        and (not days.strip("0") or not consequence)
    ):
        yield f"cadence {row['cadence']!r} needs stale_after_days, at least 1, and when_stale"


FRESHNESS_FILE = DataFile(
    FILE,
    "How new each source must be, and what follows from one that is too old.",
    FreshnessRow,
    unique=(("source",),),
    references={"source": SOURCE_FILES},
    rules=(fits_its_cadence,),
)


class AgeRow(DataRow):
    """How new something was on the day of a run."""

    day: Day = column("The day of the run")
    what: str = column("The source, or `figures` for what was published")
    through: Day = column("The last day that it had")


RECORD_FILE = DataFile(
    RECORD,
    "How new the sources and the figures were on each day of a run.",
    AgeRow,
    unique=(("day", "what"),),
    written_by="the daily round",
)


class FreshnessInput(NamedTuple):
    """The declarations of the sources and the record of days."""

    declared: list[Row]
    record: list[Row]

    def until(self, day: date) -> FreshnessInput:
        """Return the input without what was recorded after a day."""
        return self._replace(record=[row for row in self.record if row["day"] <= day.isoformat()])


class SourceAge(NamedTuple):
    """A source with its declaration and its last day; None is none yet."""

    source: str
    name: str
    cadence: str
    stale_after_days: int | None
    when_stale: str | None
    reason: str
    last_day: str | None

    def age(self, today: date) -> int | None:
        """Return the number of days since its last day, None without one."""
        return (today - date.fromisoformat(self.last_day)).days if self.last_day else None

    def is_stale(self, today: date) -> bool:
        """Return whether it is older than it declares, or promised and never came."""
        if self.stale_after_days is None or self.when_stale == RETIRED:
            return False
        age = self.age(today)
        return age is None or age > self.stale_after_days

    def state_words(self, today: date) -> str:
        """Return its state in a few words, such as `3 days old, stale after 2 days`."""
        age = self.age(today)
        words = "no day yet" if age is None else f"{age:,} day{'' if age == 1 else 's'} old"
        if self.when_stale == RETIRED:
            return f"{words}, retired"
        if self.stale_after_days is None:
            return f"{words}, taken in {self.cadence}: never stale"
        days = self.stale_after_days
        return f"{words}, stale after {days} day{'' if days == 1 else 's'}"


def read_freshness(data: Path, sources: Iterable[str], problems: list[Problem]) -> FreshnessInput:
    """Read and check both files; `sources` are the names that may be declared.

    A source without a declaration is no fault here: `check` refuses the database of it.
    """
    declared = FRESHNESS_FILE.read(data, problems, {SOURCE_FILES: frozenset(sources)})
    return FreshnessInput(declared, RECORD_FILE.read(data, problems))


def add_to_record(
    record: Iterable[Mapping[str, str]], today: date, through: Mapping[str, str]
) -> bytes:
    """Return the content of data/ages.csv with a day added; `through` are last days by thing.

    The figures of a day are those that readers had when its first run began. Days that are longer
    ago than the record goes are left out.
    """
    first_day = (today - timedelta(days=RECORDED_DAYS - 1)).isoformat()
    through_of = {
        (row["day"], row["what"]): row["through"] for row in record if row["day"] >= first_day
    }
    day = today.isoformat()
    for name, last in through.items():
        if name != FIGURES or (day, name) not in through_of:
            through_of[day, name] = last
    return format_csv(
        RECORD_FILE.columns, ((*key, last) for key, last in sorted(through_of.items()))
    )


# The last day of each source in the database, whatever kind of source it is.
LAST_DAYS = """
    select s.slug, max(f.date)
    from observation_files as f
    inner join sources as s on f.source = s.id
    group by s.slug
    union all
    select s.slug, max(c.counted_on)
    from channel_counts as c
    inner join sources as s on c.source = s.id
    group by s.slug
    union all
    select source, max(as_of)
    from capability_scores
    group by source
"""


def load_freshness(connection: sqlite3.Connection, inputs: FreshnessInput) -> None:
    """Fill both tables; observations, channels and scores must be in the database."""
    last_days = dict(connection.execute(LAST_DAYS).fetchall())
    insert_named(
        connection,
        "source_freshness",
        (
            {**blank_to_null(row), "last_day": last_days.get(row["source"])}
            for row in inputs.declared
        ),
    )
    insert_named(
        connection, "age_record", sorted(inputs.record, key=lambda row: (row["day"], row["what"]))
    )


def read_ages(connection: sqlite3.Connection) -> list[SourceAge]:
    """Return the declared sources of a database, those with the least age allowed first."""
    query = """
        select
            f.source,
            coalesce(s.name, c.name),
            f.cadence,
            f.stale_after_days,
            f.when_stale,
            f.reason,
            f.last_day
        from source_freshness as f
        left join sources as s on f.source = s.slug
        left join capability_sources as c on f.source = c.source
        order by coalesce(f.stale_after_days, 100000), f.last_day desc, f.source
    """
    return [SourceAge(*row) for row in connection.execute(query)]
