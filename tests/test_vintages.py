"""Vintages: a data directory that was filled on several days, against builds as of each of them."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from made_census import ask, insert, make_census, pick

from census.building import build
from census.changes import apply, locked
from census.observations import DayOfObservations, Observation, add_days
from census.vintages import RECENT_DAYS, chosen_vintages

ROOT = Path(__file__).parent.parent
POINTS = (
    "select scope, attribution, basis, dimension, key, month, cumulative, cumulative_low,"
    " cumulative_high, monthly, monthly_low, monthly_high, models from series"
)
# What series_as_of does for one key, for all of them at once.
AS_OF = """
    with known as (
        select k.*, p.month, p.cumulative, p.cumulative_low, p.cumulative_high, p.monthly,
            p.monthly_low, p.monthly_high, p.models, '9999' as as_of
        from series_keys as k
        inner join series_points as p on k.id = p.series
        union all
        select k.*, v.month, v.cumulative, v.cumulative_low, v.cumulative_high, v.monthly,
            v.monthly_low, v.monthly_high, v.models, v.as_of
        from series_keys as k
        inner join vintage_points as v on k.id = v.series
        where v.as_of >= ?
    ),

    first as (
        select *, row_number() over (partition by id, month order by as_of) as place
        from known
    )

    select scope, attribution, basis, dimension, key, month, cumulative, cumulative_low,
        cumulative_high, monthly, monthly_low, monthly_high, models
    from first
    where place = 1 and cumulative is not null
"""
VINTAGES = ("2026-05-25", "2026-05-26", "2026-05-27")
MODELS = ("Qwen/Qwen3-8B", "Qwen/Qwen3-1.7B", "meta-llama/Llama-3.2-1B-Instruct",
          "google/gemma-3-4b-it", "mistralai/Mistral-7B-Instruct-v0.2", "openai/gpt-oss-20b",
          "openai/clip-vit-base-patch32", "lmstudio-community/gpt-oss-120b-MLX-8bit")  # fmt: skip


def observed(model: str, number: int, grown: int) -> Observation:
    count = 1_000_000 * (number + 1) + 1_000 * grown
    return Observation(model, None, 50_000 + grown, count, 10)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with observations of three days, retrieved on three days.

    On 25 and 26 May 2026 the day itself was collected, on 27 May one of March from an archive.
    """
    data = tmp_path_factory.mktemp("vintages") / "data"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("observations", "vintages"))
    for day, grown, retrieved in (
        ("2026-05-25", 300, "2026-05-25"),
        ("2026-05-26", 310, "2026-05-26"),
        ("2026-03-10", 100, "2026-05-27"),
    ):
        rows = [observed(model, place, grown) for place, model in enumerate(sorted(MODELS))]
        made = DayOfObservations(
            "hub-stats", date.fromisoformat(day), rows, "made for a test", "", "", retrieved
        )
        with locked(data):
            apply(data, add_days(data, [made]))
    return data


@pytest.fixture(scope="module")
def whole(filled: Path) -> sqlite3.Connection:
    build(filled, filled.parent / "census.db")
    return sqlite3.connect(filled.parent / "census.db")


def test_every_vintage_is_the_build_of_its_day(filled: Path, whole: sqlite3.Connection) -> None:
    for day in VINTAGES:
        target = filled.parent / f"{day}.db"
        build(filled, target, as_of=date.fromisoformat(day))
        built = sqlite3.connect(target).execute(POINTS).fetchall()
        assert built
        known = whole.execute(AS_OF, (day,)).fetchall()
        assert sorted(known, key=repr) == sorted(built, key=repr), day


def test_only_differences_are_kept(whole: sqlite3.Connection) -> None:
    rows = ask(whole, "vintage_days")
    assert pick(rows, "as_of", "files", "last_observation", "through") == [
        ("2026-05-27", 3, "2026-05-26", "2026-05-26"),
        ("2026-05-26", 2, "2026-05-26", "2026-05-26"),
        ("2026-05-25", 1, "2026-05-25", "2026-05-25"),
    ]
    points = whole.execute("select count(*) from series_points").fetchone()[0]
    changed = [row["changed_later"] for row in rows]
    assert changed[0] == 0, "nothing is later than the newest"
    assert 0 < changed[2] < points, "a day more changes May, not the years before"
    counted = whole.execute(
        "select as_of, count(*) from vintage_points group by as_of order by as_of desc"
    ).fetchall()
    assert counted == [(row["as_of"], row["changed_later"]) for row in rows[1:]]


def test_a_vintage_knows_its_own_last_month_only(whole: sqlite3.Connection) -> None:
    def may(day: str) -> tuple[int, int]:
        rows = ask(whole, "series_as_of", as_of=day, scope="hub", since="2026-05")
        return sum(row["downloads"] for row in rows), sum(row["revised_by"] for row in rows)

    # Eight models had 1 to 8 million and 300,000 more each, a day later 310,000.
    first, second = 36 * 10**6 + 8 * 300_000, 36 * 10**6 + 8 * 310_000
    assert may("2026-05-25") == (first, second - first)
    assert may("2026-05-26") == may("2026-05-27") == (second, 0)


def test_the_latest_revision_is_what_the_archive_changed(whole: sqlite3.Connection) -> None:
    rows = ask(whole, "latest_revision", scope="hub", dimension="lab", limit="5000")
    assert {(row["vintage_before"], row["vintage_now"]) for row in rows} == {
        ("2026-05-26", "2026-05-27")
    }
    assert all(row["month"] < "2026-05" for row in rows), "May was known exactly before"
    march = [row for row in rows if row["month"] == "2026-03"]
    assert march
    assert all(row["band_now"] < row["band_before"] for row in march)
    assert all(row["revised_by"] == row["known_now"] - row["known_then"] for row in rows)


def test_today_is_untouched_by_its_vintages(filled: Path, whole: sqlite3.Connection) -> None:
    """Curves, scopes and the rest are those of the whole data, whatever was rebuilt for a while."""
    target = filled.parent / f"{VINTAGES[-1]}.db"
    build(filled, target, as_of=date.fromisoformat(VINTAGES[-1]))
    other = sqlite3.connect(target)
    for table in ("curves", "scopes", "series_points", "history", "milestones", "lab_countries"):
        query = f"select * from {table}"
        assert whole.execute(query).fetchall() == other.execute(query).fetchall(), table


def test_kept_are_the_ends_of_months_and_the_last_thirty_days() -> None:
    newest = date(2026, 11, 23)
    every = [(newest - timedelta(days=back)).isoformat() for back in range(100)]
    kept = chosen_vintages([*every, *every])
    assert kept[:RECENT_DAYS] == every[:RECENT_DAYS]
    assert kept[RECENT_DAYS:] == ["2026-09-30", "2026-08-31"]
    assert chosen_vintages(["2026-11-23", "2025-02-01", "2025-02-14"]) == [
        "2026-11-23",
        "2025-02-14",
    ]
    assert chosen_vintages([]) == []


@pytest.fixture
def made() -> sqlite3.Connection:
    """The made census with two earlier vintages of China's cumulative downloads."""
    db = make_census()
    key = db.execute(
        "select id from series_keys where scope = 'frontier' and attribution = 'publisher'"
        " and basis = 'operating' and dimension = 'country' and key = 'CN'"
    ).fetchone()[0]
    insert(
        db,
        "vintages",
        [
            ("2026-05-20", 3, 30, "2026-05-20", "2026-05-20", 0),
            ("2026-05-10", 2, 20, "2026-05-10", "2026-05-10", 2),
            ("2026-04-30", 1, 10, "2026-04-30", "2026-04-30", 2),
        ],
    )
    insert(
        db,
        "vintage_points",
        [
            # April was 1200 (1100 to 1400) at first and 1250 (1200 to 1300) later; it is 1300.
            (key, "2026-04", "2026-04-30", 1200, 1100, 1400, 450, 350, 650, 2),
            (key, "2026-04", "2026-05-10", 1250, 1200, 1300, 500, 450, 550, 2),
            # May was not known at first, then 1500; it is 1600.
            (key, "2026-05", "2026-04-30", None, None, None, None, None, None, None),
            (key, "2026-05", "2026-05-10", 1500, 1500, 1500, 250, 250, 250, 2),
        ],
    )
    return db


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-05-20", [("2026-04", 1300, 1300, 1300, 0), ("2026-05", 1600, 1600, 1600, 0)]),
        ("2026-05-10", [("2026-04", 1250, 1200, 1300, 50), ("2026-05", 1500, 1500, 1500, 100)]),
        ("2026-04-30", [("2026-04", 1200, 1100, 1400, 100)]),
    ],
)
def test_a_series_as_of_a_day(
    made: sqlite3.Connection, as_of: str, expected: list[tuple[str, int, int, int, int]]
) -> None:
    rows = ask(made, "series_as_of", as_of=as_of, since="2026-04")
    assert pick(rows, "month", "downloads", "low", "high", "revised_by", key="CN") == expected
    monthly = ask(made, "series_as_of", as_of=as_of, since="2026-04", until="2026-04",
                  measure="monthly")  # fmt: skip
    # China had 1000 + 300 less 600 + 150 in April.
    then = {"2026-05-20": 550, "2026-05-10": 500, "2026-04-30": 450}[as_of]
    assert pick(monthly, "downloads", "revised_by", key="CN") == [(then, 550 - then)]
    # The others never changed.
    assert pick(rows, "month", "downloads", key="FR") == [("2026-04", 100), ("2026-05", 150)]


def test_the_latest_revision_of_the_made_census(made: sqlite3.Connection) -> None:
    rows = ask(made, "latest_revision")
    assert pick(rows, "month", "known_then", "known_now", "revised_by", "revised_pct") == [
        ("2026-05", 1500, 1600, 100, 6.6667),
        ("2026-04", 1250, 1300, 50, 4.0),
    ]


def test_the_days_of_the_made_census(made: sqlite3.Connection) -> None:
    rows = ask(made, "vintage_days")
    assert pick(rows, "as_of", "files", "observations", "changed_later") == [
        ("2026-05-20", 3, 30, 0),
        ("2026-05-10", 2, 20, 2),
        ("2026-04-30", 1, 10, 2),
    ]


def test_the_real_census_knows_today_as_its_newest_vintage(census: sqlite3.Connection) -> None:
    day, changed, through = census.execute(
        "select as_of, changed_later, through from vintages order by as_of desc"
    ).fetchone()
    assert changed == 0
    assert (
        through
        == census.execute("select through from scopes where scope = 'frontier'").fetchone()[0]
    )
    shown = [row["as_of"] for row in ask(census, "vintage_days") if row["kind"] == "recomputed"]
    rows = ask(census, "series_as_of")
    assert rows
    # A recording of the newest day takes its place; the older ones may have known other numbers.
    assert shown[:1] != [day] or all(row["revised_by"] == 0 for row in rows)
