"""Other channels: names, counters, sums and files, each by what a reader would miss."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.base import file_changes
from census.base.csv_files import Problem
from census.channels.counters import Counter, CounterReading, shown_unit
from census.channels.disagreements import disagreements
from census.channels.files import ChannelCount, ChannelDay, add_channel_days, read_channel_files
from census.channels.names import ChannelName
from census.channels.series import ChannelSum, Keys, LabOrigin, counter_points, daily_points
from census.database.declared_tables import schema
from census.store.observations import format_manifest

METRIC = {"made": "pulls_all_time"}
LABS = {
    "red": LabOrigin("Red Lab", "CN", "China", "China"),
    "blue": LabOrigin("Blue Lab", "US", "United States", "United States"),
}


def keys() -> Keys:
    return Keys(LABS, {})


def name(text: str, lab: str | None, weights: str | None = None) -> ChannelName:
    return ChannelName("made", text, lab, None, None, None, weights, None, None, None)


def point(points: list[ChannelSum], key: str | None, **where: object) -> ChannelSum:
    found = [p for p in points if p.key == key and all(getattr(p, k) == where[k] for k in where)]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("value", "unit"),
    [(999, 0), (1_234, 0), (17_700, 100), (987_654, 0), (1_200_000, 100_000), (1_234_567, 0)],
)
def test_a_page_rounds_to_the_step_that_its_words_have(value: int, unit: int) -> None:
    assert shown_unit(value) == unit


def test_a_rounded_counter_is_bounded_by_both_kinds_of_rounding_and_by_later_days() -> None:
    counter = Counter(
        [
            CounterReading("2026-01-01", 1_200_000, 100_000),
            CounterReading("2026-01-31", 1_200_000, 100_000),
        ]
    )
    assert counter.level("2025-12-31") is None
    assert counter.level("2026-01-10") == (1_200_000, 1_100_000, 1_300_000)
    assert counter.level("2026-02-01") == (1_200_000, 1_100_000, None)


def test_between_two_readings_a_counter_is_between_them() -> None:
    counter = Counter([CounterReading("2026-01-01", 100, 0), CounterReading("2026-03-01", 150, 0)])
    assert counter.level("2026-02-01") == (100, 100, 150)


def readings(*values: int) -> list[CounterReading]:
    return [
        CounterReading(f"2026-01-{day:02}", value, 0) for day, value in enumerate(values, start=1)
    ]


def test_a_fall_that_recovers_is_set_aside() -> None:
    counter = Counter(readings(100, 0, 0, 110))
    assert [(fall.kind, fall.first, fall.last) for fall in counter.falls] == [
        ("rollback", "2026-01-02", "2026-01-03")
    ]
    assert counter.level("2026-01-02") == (100, 100, 110)


def test_a_fall_that_lasts_takes_back_the_counts_before_it() -> None:
    counter = Counter(readings(100, 170, *range(101, 110)))
    assert [fall.kind for fall in counter.falls] == ["correction"]
    assert counter.level("2026-01-02") == (100, 100, 101)
    assert counter.level("2026-01-11") == (109, 109, 109)


def test_a_new_fall_is_undecided_and_the_last_good_count_stands() -> None:
    counter = Counter(readings(100, 60, 61))
    assert [fall.kind for fall in counter.falls] == ["undecided"]
    assert counter.level("2026-01-03") == (100, 100, None)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=25))
def test_a_cleaned_counter_never_falls_and_holds_its_bounds(values: list[int]) -> None:
    counter = Counter(readings(*values))
    levels = [
        level for day in range(1, len(values) + 1) if (level := counter.level(f"2026-01-{day:02}"))
    ]
    for level in levels:
        assert level.low <= level.value <= (level.value if level.high is None else level.high)
    assert [level.low for level in levels] == sorted(level.low for level in levels)


def test_shares_of_counters_are_bounded_by_every_others_rounding() -> None:
    names = {"a": name("a", "red"), "b": name("b", "blue")}
    counters = {
        "a": Counter([CounterReading("2026-01-31", 3_000_000, 100_000)]),
        "b": Counter([CounterReading("2026-01-31", 1_000_000, 100_000)]),
    }
    points = list(counter_points("made", names, counters, keys(), whole=True))
    china = point(points, "CN", dimension="country")
    assert (china.value, china.low, china.high) == (3_000_000, 2_900_000, 3_100_000)
    assert china.share_pct == 75
    assert china.low_pct == pytest.approx(100 * 2.9 / (2.9 + 1.1))
    assert china.high_pct == pytest.approx(100 * 3.1 / (3.1 + 0.9))


def test_a_name_that_leaves_the_list_leaves_the_sums_of_later_months() -> None:
    names = {"a": name("a", "red"), "b": name("b", "red")}
    counters = {
        "a": Counter([CounterReading("2026-01-31", 10, 0)]),
        "b": Counter([CounterReading("2026-01-31", 5, 0), CounterReading("2026-02-28", 6, 0)]),
    }
    points = list(counter_points("made", names, counters, keys(), whole=True))
    sums = {p.month: (p.value, p.names) for p in points if p.dimension == "lab"}
    assert sums == {"2026-01": (15, 2), "2026-02": (6, 1)}


def test_a_list_of_some_makers_has_no_shares_and_each_ends_on_its_own_day() -> None:
    names = {"a": name("a", "red"), "b": name("b", "blue")}
    counters = {
        "a": Counter([CounterReading("2026-01-10", 10, 0)]),
        "b": Counter([CounterReading("2026-01-20", 5, 0)]),
    }
    points = list(counter_points("made", names, counters, keys(), whole=False))
    red = point(points, "red", dimension="lab")
    assert (red.through, red.value, red.share_pct) == ("2026-01-10", 10, None)
    assert point(points, "blue", dimension="lab").through == "2026-01-20"


def days(amounts: Mapping[str, int], first: date, number: int) -> dict[str, dict[str, int]]:
    return {
        date.fromordinal(first.toordinal() + day).isoformat(): dict(amounts)
        for day in range(number)
    }


def test_what_a_router_does_not_list_bounds_every_share() -> None:
    names = {
        "red/x": name("red/x", "red", "open"),
        "blue/y": name("blue/y", "blue", "closed"),
        "who/z": name("who/z", None),
        "other": name("other", None),
    }
    of_day = {"red/x": 50, "blue/y": 30, "who/z": 10, "other": 10}
    points = list(daily_points("made", names, days(of_day, date(2026, 1, 1), 8), keys()))
    week = [p for p in points if p.step == "week"]
    assert {p.through for p in week} == {"2026-01-08"}
    red = point(week, "red", dimension="lab", weights="all")
    assert (red.value, red.low, red.high, red.days) == (350, 350, 420, 7)
    assert (red.share_pct, red.low_pct, red.high_pct) == (50, 50, 60)
    other = point(week, "other", dimension="lab", weights="all")
    assert (other.share_pct, other.low_pct, other.high_pct) == (10, 10, 10)
    within_open = point(week, "red", dimension="lab", weights="open")
    assert within_open.share_pct == 100
    # Of what is not listed or not stated, all could be open and another lab's.
    assert within_open.low_pct == pytest.approx(100 * 350 / 490)
    assert point(week, None, dimension="weights").label == "Not stated"
    month = point(points, "red", dimension="lab", weights="all", step="month")
    assert (month.value, month.days) == (400, 8)


def test_a_week_with_a_missing_day_is_not_given() -> None:
    names = {"red/x": name("red/x", "red")}
    there = days({"red/x": 1}, date(2026, 1, 1), 14)
    del there["2026-01-03"]
    points = daily_points("made", names, there, keys())
    assert {p.through for p in points if p.step == "week"} == {"2026-01-14"}


def test_two_sources_are_compared_by_stretches_of_days() -> None:
    days = {f"2026-01-0{day}": {"a": 100, "b": 200} for day in (1, 2, 3, 4)}
    others = {
        "2026-01-01": {"a": 94, "b": 199},
        "2026-01-02": {"a": 90, "b": 150},
        "2026-01-03": {"a": 99, "b": 200},
        "2026-01-04": {"a": 50},
        "2026-01-05": {"a": 1},
    }
    first, last = disagreements("first", days, "second", others)
    assert (first.first, first.last, first.names, first.counts) == (
        "2026-01-01",
        "2026-01-02",
        2,
        3,
    )
    assert "3 of 4 counts differ by over 5%" in first.words
    assert "the most b: 150 against 200" in first.words
    assert (last.first, last.last, last.compared) == ("2026-01-04", "2026-01-04", 1)


@pytest.fixture
def channel_data(tmp_path: Path) -> Path:
    """A data directory with one file of a channel."""
    (tmp_path / "channels").mkdir()
    (tmp_path / "channels/manifest.csv").write_bytes(format_manifest([]))
    counts = (ChannelCount("a", "pulls_all_time", 5), ChannelCount("b", "pulls_all_time", 7))
    day = ChannelDay("made", date(2026, 1, 2), counts, "stated", "https://e.org", "", "2026-01-03")
    file_changes.apply(tmp_path, add_channel_days(tmp_path, [day], "pulls_all_time", []))
    return tmp_path


def test_a_day_comes_back_as_it_was_written(channel_data: Path) -> None:
    problems: list[Problem] = []
    ((file, counts),) = read_channel_files(channel_data, METRIC, problems)
    assert problems == []
    assert (file.day, [count[::2] for count in counts]) == (date(2026, 1, 2), [("a", 5), ("b", 7)])


def test_a_day_that_is_there_never_changes(channel_data: Path) -> None:
    again = ChannelDay(
        "made", date(2026, 1, 2), (ChannelCount("a", "pulls_all_time", 9),), "s", "u", "", ""
    )
    assert add_channel_days(channel_data, [again], "pulls_all_time", []) == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("a,pulls", "a,tokens", "altered: its sha256"),
        (",5", ",-5", "is not a whole number"),
        (",5", ",5.5", "is not a whole number"),
        (",5", ",", "is not a whole number"),
        (",5", ",5,6", "4 values; expected 3"),
        ("a,pulls_all_time", "a,tokens", "this channel counts pulls_all_time"),
        ("a,pulls", "c,pulls", "b is repeated or not in order"),
        ("a,pulls", '"=1+1",pulls', "is not the name of a model"),
        ("name,", "model,", "columns must be name,metric,value"),
    ],
)
def test_a_file_that_was_altered_is_refused_with_the_reason(
    channel_data: Path, old: str, new: str, said: str
) -> None:
    path = channel_data / "channels/made/2026/2026-01-02.csv"
    path.write_text(path.read_text().replace(old, new, 1))
    problems: list[Problem] = []
    read_channel_files(channel_data, METRIC, problems)
    assert any(said in problem.reason and problem.file == str(path) for problem in problems)


def test_a_missing_file_is_refused(channel_data: Path) -> None:
    (channel_data / "channels/made/2026/2026-01-02.csv").unlink()
    problems: list[Problem] = []
    read_channel_files(channel_data, METRIC, problems)
    assert "it is missing" in problems[0].reason


@pytest.fixture
def two_channels() -> sqlite3.Connection:
    """The empty tables with a source and a name of each of two channels."""
    db = sqlite3.connect(":memory:")
    db.executescript(schema())
    db.execute("pragma foreign_keys = on")
    for number, channel in enumerate(("hub", "ollama", "openrouter"), start=1):
        row = (number, channel, channel, "import", channel, "MIT", "w", "https://e.org", number, "")
        db.execute(f"insert into sources values ({', '.join('?' * 10)})", row)
        shown = (channel, number, *"nmu", "counter", *"clgu", None, None, None)
        db.execute(f"insert into channels values ({', '.join('?' * 13)})", shown)
        db.execute(
            "insert into channel_names (id, channel, name) values (?, ?, 'x')", (number, channel)
        )
    return db


@pytest.mark.parametrize(
    ("channel", "key", "source"), [("ollama", 3, 2), ("ollama", 2, 3), ("openrouter", 2, 2)]
)
def test_no_count_can_be_of_two_channels(
    two_channels: sqlite3.Connection, channel: str, key: int, source: int
) -> None:
    insert = "insert into channel_counts values (?, ?, '2026-01-01', ?, 1)"
    two_channels.execute(insert, ("ollama", 2, 2))
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        two_channels.execute(insert, (channel, key, source))


def test_no_day_of_another_channel_is_a_day_of_the_hubs_observations(
    two_channels: sqlite3.Connection,
) -> None:
    insert = "insert into observation_files values (?, ?, '2026-01-01', 1, 's', 'b', '', '', '', 0)"
    two_channels.execute(insert, ("hub/x", 1))
    with pytest.raises(sqlite3.IntegrityError, match="only counts of the Hub"):
        two_channels.execute(insert, ("ollama/x", 2))


def test_the_series_are_the_sums_of_their_sources(census: sqlite3.Connection) -> None:
    """Figures that anybody can read off the last files."""
    query = """
        select label, value
        from channel_series
        where channel = ? and dimension = 'lab' and weights = 'all' and month = ? and step = 'month'
        order by value desc
        limit 3
    """
    ollama = [(row[0], round(row[1] / 1e6)) for row in census.execute(query, ("ollama", "2026-08"))]
    assert ollama == [("Meta", 250), ("Qwen", 160), ("Google", 111)]
    modelscope = dict(census.execute(query, ("modelscope", "2024-11")).fetchall())
    assert modelscope["Qwen"] == 12_787_217


def test_a_scope_of_a_sum_is_one_channel(census: sqlite3.Connection) -> None:
    rows = census.execute(
        """
        select s.channel, sum(s.value), (
            select sum(value) from channel_counts as c
            where c.channel = s.channel and substr(c.counted_on, 1, 7) = '2026-07'
        )
        from channel_series as s
        where s.channel = 'openrouter'
            and s.dimension = 'lab' and s.weights = 'all' and s.step = 'month'
            and s.month = '2026-07'
        """
    ).fetchall()
    assert [(channel, total) for channel, total, _ in rows] == [("openrouter", rows[0][2])]


def test_every_name_with_a_lab_says_how_that_is_known(census: sqlite3.Connection) -> None:
    query = "select name from channel_names where (lab is null) <> (basis is null)"
    assert census.execute(query).fetchall() == []
    documents = "select name from channel_names where basis = 'document' and source_url is null"
    assert census.execute(documents).fetchall() == []
