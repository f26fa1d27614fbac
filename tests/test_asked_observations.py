"""Questions that show models, observations and what is known of their quality, as they are."""

from __future__ import annotations

import sqlite3

import pytest
from made_census import ask, insert, make_census, only, pick

OTHER_SOURCE = (2, "other", "Other source", "import", "hub", "CC0", "Nobody", "https://example.com",
                2, None)  # fmt: skip
DAYS = ((20500, "2026-02-16"), (20530, "2026-03-18"), (20593, "2026-05-20"))


@pytest.fixture(scope="module")
def made() -> sqlite3.Connection:
    """The made census with two sources' observations of three days, and what was noted of them."""
    db = make_census()
    insert(db, "sources", [OTHER_SOURCE])
    insert(db, "snapshots", [(day, date, 2, 2) for day, date in DAYS])
    history = [
        (20500, 1, 1, 200, None, 3),
        (20530, 1, 1, 250, None, None),
        (20593, 1, 1, 400, 1200, 30),
        (20593, 1, 2, 390, 1150, 30),
        (20593, 3, 1, 150, 700, 70),
        (20593, 3, 2, 150, 700, 70),
        (20593, 9, 1, 60, None, 3),
    ]
    insert(db, "history", history)
    files = [
        ("made/a.csv", 1, "2026-02-16", 1),
        ("made/b.csv", 1, "2026-03-18", 1),
        ("made/c.csv", 1, "2026-05-20", 3),
        ("other/a.csv", 2, "2026-05-20", 2),
    ]
    insert(
        db,
        "observation_files",
        [(*file, "0" * 64, "label", None, None, "2026-05-21", 0) for file in files],
    )
    events = [
        (1, "outlier", "made", "2026-05-20", "2026-05-20", 9, 1, "60 downloads stand out"),
        (2, "skip_day", "other", "2026-05-20", "2026-05-20", None, None, "a bad day"),
    ]
    insert(db, "quality_events", events)
    entries = [
        (1, "2026-05-01", "rule", "A rule.", "So.", None, None, None, None, None, None),
        (2, "2026-05-02", "tag", "A tag.", "So.", "Share", 40.0, 41.5, 1.5, None, None),
    ]
    insert(db, "changelog", entries)
    return db


def test_top_models_of_all_time_and_of_thirty_days(made: sqlite3.Connection) -> None:
    rows = ask(made, "top_models", limit="3")
    assert pick(rows, "place", "model", "country_name", "downloads", "counted_on") == [
        (1, "Red/One-8B", "China", 1200, "2026-05-20"),
        (2, "Blue/One-70B", "United States", 700, "2026-05-20"),
        (3, "Red/One-1B", "China", 400, "2026-05-20"),
    ]
    recent = ask(made, "top_models", measure="30-day")
    assert pick(recent, "downloads", "noted", model="Blue/Uncounted-7B") == [
        (60, "60 downloads stand out")
    ]
    assert pick(recent, "noted", model="Red/One-8B") == [None]
    # Whoever asks for all time is told nothing of a 30-day count.
    assert {row["noted"] for row in ask(made, "top_models", scope="hub")} == {None}
    assert pick(ask(made, "top_models", country="FR"), "model") == ["Rose/Small-8B"]


def test_what_is_unknown_of_the_most_downloaded_models(made: sqlite3.Connection) -> None:
    rows = ask(made, "attribute_gaps", scope="hub")
    known = made.execute("select name, licence, parameters, family from models").fetchall()
    gaps = {row["model"]: row["missing"].split(", ") for row in rows}
    for name, licence, parameters, family in known:
        if name in gaps:
            assert ("licence" in gaps[name]) == (licence is None)
            assert ("size" in gaps[name]) == (parameters is None)
            assert ("family" in gaps[name]) == (family is None)
        else:
            assert None not in (licence, parameters, family) or name not in counted(made)
    assert gaps


def counted(db: sqlite3.Connection) -> set[str]:
    """Return the models with an all-time count."""
    rows = db.execute("select name from models where latest_all_time is not null")
    return {name for (name,) in rows}


def test_models_in_no_series(made: sqlite3.Connection) -> None:
    rows = ask(made, "coverage_gaps")
    named = ("model", "country_name", "downloads_30d", "counted_on", "noted")
    assert pick(rows, *named) == [
        ("Blue/Uncounted-7B", "United States", 60, "2026-05-20", "60 downloads stand out")
    ]
    assert ask(made, "coverage_gaps", country="CN") == []


def test_the_observations_of_a_model(made: sqlite3.Connection) -> None:
    rows = ask(made, "model_history", model="Red/One-8B")
    assert pick(rows, "date", "source", "downloads_30d", "downloads_all_time", "likes") == [
        ("2026-02-16", "made", 200, None, 3),
        ("2026-03-18", "made", 250, None, None),
        ("2026-05-20", "made", 400, 1200, 30),
        ("2026-05-20", "other", 390, 1150, 30),
    ]


def test_the_curve_of_a_model(made: sqlite3.Connection) -> None:
    rows = ask(made, "model_curve", model="Red/One-1B")
    named = ("month", "downloads", "low", "high", "in_month", "in_month_low", "in_month_high")
    assert pick(rows, *named)[:2] == [
        ("2026-02", 50, 40, 60, 50, 40, 60),
        ("2026-03", 150, 130, 170, 100, 70, 130),
    ]
    assert pick(rows[-1:], "date", "method") == [("2026-05-20", "observed")]


def test_models_of_a_lab(made: sqlite3.Connection) -> None:
    rows = ask(made, "models_of_lab", lab="red")
    assert pick(rows, "model", "downloads_all_time", "downloads_30d", "in_frontier") == [
        ("Red/Embed", 1500, 130, 0),
        ("Red/One-8B", 1200, 400, 1),
        ("Red/One-1B", 400, 150, 1),
    ]


def test_days_and_models_observed(made: sqlite3.Connection) -> None:
    rows = ask(made, "coverage")
    named = ("month", "source", "days", "first_day", "observations", "most_models_in_a_day")
    assert pick(rows, *named) == [
        ("2026-02", "made", 1, "2026-02-16", 1, 1),
        ("2026-03", "made", 1, "2026-03-18", 1, 1),
        ("2026-05", "made", 1, "2026-05-20", 3, 3),
        ("2026-05", "other", 1, "2026-05-20", 2, 2),
    ]
    assert len(ask(made, "coverage", since="2026-03", until="2026-04")) == 1


def test_where_sources_disagree(made: sqlite3.Connection) -> None:
    rows = ask(made, "source_disagreements")
    # Both have the same counts of One-70B.
    assert pick(rows, "model", "first_all_time", "second_all_time", "difference") == [
        ("Red/One-8B", 1200, 1150, 50)
    ]
    # A newer day on which they agree does not hide it.
    db = make_census()
    insert(db, "sources", [OTHER_SOURCE])
    days = ((20500, "2026-02-16", 100), (20501, "2026-02-17", 200), (20502, "2026-02-18", 200))
    for day, date, second in days:
        insert(db, "snapshots", [(day, date, 2, 1)])
        insert(db, "history", [(day, 1, 1, 200, None, 3), (day, 1, 2, second, None, 3)])
        for source in (1, 2):
            path = f"{source}/{date}.csv"
            file = (path, source, date, 1, "0" * 64, "label", None, None, "2026-05-21", 0)
            insert(db, "observation_files", [file])
    assert pick(ask(db, "source_disagreements"), "date", "difference") == [("2026-02-16", 100)]
    assert ask(db, "source_disagreements", day="2026-02-18") == []


def test_what_was_noted(made: sqlite3.Connection) -> None:
    rows = ask(made, "quality_log")
    assert pick(rows, "kind", "source", "model", "what") == [
        ("outlier", "made", "Blue/Uncounted-7B", "60 downloads stand out"),
        ("skip_day", "other", None, "a bad day"),
    ]
    assert len(ask(made, "quality_log", kind="outlier")) == 1


def test_changes_of_the_data(made: sqlite3.Connection) -> None:
    rows = ask(made, "changes_of_the_data")
    assert pick(rows, "number", "kind", "points") == [(2, "tag", 1.5), (1, "rule", None)]
    assert pick(ask(made, "changes_of_the_data", kind="rule"), "number") == [1]


def test_how_far_each_scope_goes(made: sqlite3.Connection) -> None:
    assert pick(ask(made, "series_status"), "scope", "through", "models", "models_with_counts") == [
        ("frontier", "2026-05-20", 7, 6),
        ("labs", "2026-05-20", 8, 7),
        ("hub", "2026-05-20", 9, 8),
    ]


def test_the_real_top_models_are_those_of_the_source(census: sqlite3.Connection) -> None:
    first = ask(census, "top_models", limit="1")[0]
    assert (first["model"], first["downloads"], first["counted_on"]) == (
        "Qwen/Qwen3-VL-2B-Instruct", 215_506_974, "2026-09-05",
    )  # fmt: skip
    # A count that stands out is shown as it was stated, and is marked.
    recent = ask(census, "top_models", measure="30-day", scope="hub", limit="3000")
    flagged = only([row for row in recent if row["flagged"] and row["downloads"] > 12_000_000])
    assert flagged["model"] == "unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF"
    assert flagged["noted"].startswith("12,740,836 downloads in 30 days stand out")
    gaps = ask(census, "coverage_gaps", limit="5000")
    status = {row["scope"]: row for row in ask(census, "series_status")}["frontier"]
    assert len(gaps) == status["models"] - status["models_with_counts"]


def test_the_real_history_and_curve_of_a_model(census: sqlite3.Connection) -> None:
    rows = ask(census, "model_history", model="Qwen/Qwen2.5-1.5B-Instruct")
    assert pick(rows, "downloads_30d", "downloads_all_time", "likes", date="2026-05-23") == [
        (14_521_153, 175_467_860, 704)
    ]
    curve = ask(census, "model_curve", model="Qwen/Qwen2.5-1.5B-Instruct")
    assert (curve[-1]["date"], curve[-1]["downloads"]) == ("2026-09-05", 214_816_482)
    # On 23 May it had 175,467,860, so at the end of the month at least that.
    (low,) = pick(curve, "low", month="2026-05")
    assert 175_467_860 <= low < 214_816_482
    assert ask(census, "models_of_lab", lab="qwen")[0]["model"] == "Qwen/Qwen3-VL-2B-Instruct"


def test_real_likes_that_were_not_fetched_are_unknown(census: sqlite3.Connection) -> None:
    """A batch that writes 0 for nine models in ten did not count their likes."""
    rows = ask(census, "model_history", model="Qwen/Qwen2.5-1.5B-Instruct")
    assert set(pick(rows, "likes", source="llmfit", date="2026-05-10")) == {None}
    assert set(pick(rows, "likes", source="llmfit", date="2026-03-21")) == {642}
    falls = census.execute(
        """
        select count(*)
        from history as h
        inner join snapshots as s on h.day = s.day
        inner join sources as o on h.source = o.id
        where o.slug = 'llmfit' and s.date >= '2026-04-01' and h.likes = 0
        """
    ).fetchone()
    assert falls == (0,)
    noted = ask(census, "quality_log", kind="no_likes")
    assert pick(noted, "source", "from_date", "to_date") == [("llmfit", "2026-04-01", "2026-05-10")]


def test_the_real_coverage_is_that_of_the_manifest(census: sqlite3.Connection) -> None:
    rows = ask(census, "coverage")
    (observations,) = census.execute('select sum("rows") from observation_files').fetchone()
    assert sum(row["observations"] for row in rows) == observations
    may = only([row for row in rows if row["source"] == "hubstats-2026-05"])
    assert (may["first_day"], may["observations"]) == ("2026-05-23", 1001)
    kinds = {row["kind"] for row in ask(census, "quality_log")}
    assert {"outlier", "skip_day", "no_likes"} <= kinds


def test_the_real_sources_agree_where_they_overlap(census: sqlite3.Connection) -> None:
    overlapping = [
        day
        for (day,) in census.execute(
            "select date from observation_files group by date having count(distinct source) > 1"
        )
    ]
    assert overlapping
    for day in overlapping:
        for row in ask(census, "source_disagreements", day=day):
            assert row["difference"] > 0
            assert row["first_source"] != row["second_source"]
    # By default the newest day on which they differ; of a batch that is off something is noted.
    rows = ask(census, "source_disagreements")
    assert {row["date"] for row in rows} == {max(overlapping)}
    assert ask(census, "source_disagreements", day="2026-04-08")
    assert pick(ask(census, "quality_log", kind="skip_day"), "from_date") == ["2026-04-08"]


# 30-day counts up to each day by a source that rounds them to three digits, beside those of a
# snapshot with both counts.
BESIDE = """
    select
        s.model,
        t.day - s.day as later,
        t.downloads_30d as rounded,
        s.downloads_30d as exact,
        s.downloads_all_time - s.downloads_30d as before_window,
        s.day - julianday(m.created_at) + julianday('1970-01-01') as age
    from history as s
    inner join history as t on s.model = t.model
    inner join models as m on s.model = m.id
    where
        s.source = (select id from sources where slug = ?)
        and t.source = (select id from sources where slug = 'trend-archive')
        and t.downloads_30d > 0
    order by s.model, t.day
"""


def to_three_digits(count: int) -> int:
    unit = 10 ** max(0, len(str(count)) - 3)
    return round(count / unit) * unit


def test_the_snapshot_without_a_day_has_the_counts_of_the_day_it_stands_under(
    census: sqlite3.Connection,
) -> None:
    """Its file says no day: on that day, and on no other, another source has the same counts."""
    equal: dict[int, list[bool]] = {}
    for _, later, rounded, exact, *_ in census.execute(BESIDE, ("hubstats-2026-05",)):
        if abs(later) <= 10:
            equal.setdefault(later, []).append(rounded == to_three_digits(exact))
    assert len(equal[0]) == 4
    assert [later for later, found in equal.items() if all(found) and len(found) > 1] == [0]


@pytest.mark.parametrize("source", ["hubstats-2026-05", "hub-snapshot-2026-09-05"])
def test_windows_begin_when_young_models_had_what_is_not_in_them(
    census: sqlite3.Connection, source: str
) -> None:
    """Until it is a month old, a model's 30-day count is its whole count."""
    begins: dict[int, tuple[int, int]] = {}
    counted: dict[int, tuple[int, int]] = {}
    for model, later, rounded, _, outside, age in census.execute(BESIDE, (source,)):
        if outside < 10_000 or not 31 < age < 50 or age + later > 28:
            continue
        # Of a counter that starts late, which jumps, nothing can be told.
        if model in counted and counted[model][1] < outside <= rounded < 2 * counted[model][1]:
            begins.setdefault(model, (counted[model][0], later))
        counted[model] = (later, rounded)
    # Each begins between two days that follow each other.
    days = [(-begin, -first) for first, begin in begins.values() if begin - first == 1]
    (day,) = census.execute(
        "select max(f.date) from observation_files as f "
        " where f.source = (select id from sources where slug = ?)",
        (source,),
    ).fetchone()
    shortest, longest = census.execute(
        "select shortest, longest from window_lengths where ? between coalesce(first_day, '') and"
        " coalesce(last_day, '9')",
        (day,),
    ).fetchone()
    assert len(days) > 1
    assert all(shortest <= most and least <= longest for least, most in days), days


def test_the_real_changes_are_those_of_the_file(census: sqlite3.Connection) -> None:
    rows = ask(census, "changes_of_the_data")
    assert [row["number"] for row in rows] == list(range(len(rows), 0, -1))
    assert all(row["reason"] for row in rows)
