"""Our figures beside published ones, computed from the series and the lists."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence

import pytest
import sqlite_utils
from made_census import ask, insert, make_census_with_draws, pick
from made_sums import Stated, stated

from census.base.csv_files import Row
from census.base.inserting import insert_named
from census.findings.our_figures import OurFigure
from census.findings.scoreboard import compute, decide_crossing, load_scoreboard
from census.findings.scoreboard_rows import COLUMNS
from census.rollups.drawn_sums import DrawnSums

LISTED = ("2026-04-01", "https://example.com/list")
Made = tuple[sqlite3.Connection, DrawnSums]
Draws = Sequence[tuple[int, float]]


def made() -> Made:
    db, downloads, draws = make_census_with_draws()
    return db, DrawnSums(downloads, draws)


def row(
    measure: str,
    dimension: str,
    key: str,
    month: str,
    scope: str = "frontier",
    since: str = "",
    **beside: str,
) -> Row:
    given = {
        **dict.fromkeys(COLUMNS, ""),
        **{"figure": "figure", "measure": measure, "dimension": dimension, "key": key},
        **{"scope": scope, "since": since, "month": month, "tolerance": "5"},
        **{"tolerance_unit": "percent", "reason": "Because."},
        **beside,
    }
    return Row(given, "scoreboard.csv", 2)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # China 1000 + 300 of 2180 in April, all of it known.
        (row("cumulative", "country", "CN", "2026-04"), OurFigure(1300, 1300, 1300)),
        (row("share", "country", "CN", "2026-04"), OurFigure(100 * 1300 / 2180, 59.633, 59.633)),
        (row("cumulative", "country", "CN+FR", "2026-04"), OurFigure(1400, 1400, 1400)),
        (row("cumulative", "total", "", "2026-04"), OurFigure(2180, 2180, 2180)),
        # China 730 to 770, the others 540 + 40 + 10 to 660 + 40 + 10.
        (row("cumulative", "country", "CN", "2026-03"), OurFigure(750, 730, 770)),
        # In December 100 downloads could be 0 to 200: nothing to be quoted.
        (row("cumulative", "total", "", "2025-12"), OurFigure(100, 0, 200)),
        # Of 5-10B in April: Red 1000, Rose 100, Lost 30; Uncounted has no count.
        (
            row("share_of_bucket", "lab", "red", "2026-04", part="5-10B"),
            OurFigure(88.4956, 88.4956, 88.4956),
        ),
        # By their publishers: what others made of Red's models is not Red's.
        (row("cumulative", "lab", "red", "2026-04", "hub"), OurFigure(2700, 2700, 2700)),
        # A key or a month that is not there, and the unfinished month's own downloads.
        (row("cumulative", "country", "JP", "2026-04"), None),
        (row("cumulative", "country", "CN", "2024-04"), None),
        (row("monthly", "country", "CN", "2026-05"), None),
        (row("growth", "country", "CN", "2026-04"), None),
        # In April China had 400 and 130 to 170, Blue 50 to 150 and 40 to 60, Rose 60, Lost 20.
        (row("monthly", "country", "CN", "2026-04"), OurFigure(550, 530, 570)),
        (row("monthly", "total", "", "2026-04"), OurFigure(780, 700, 860)),
        # Blue 300 to 520 in February, the others 340 to 360: its least beside their most.
        (
            row("share", "lab", "blue", "2026-02"),
            OurFigure(53.9474, 100 * 300 / 660, 100 * 520 / 860),
        ),
        # Of 1-5B in March: Vision-3B 90 to 110, One-1B 130 to 170.
        (
            row("share_of_bucket", "lab", "blue", "2026-03", part="1-5B"),
            OurFigure(40, 100 * 90 / 260, 100 * 110 / 240),
        ),
        # Red has no model of 50-100B, and of 5-10B nobody had one in December.
        (row("share_of_bucket", "lab", "red", "2025-12", part="50-100B"), OurFigure(0, 0, 0)),
        (row("share_of_bucket", "lab", "red", "2025-12", part="5-10B"), None),
        (row("derivatives", "country", "CN", "2026-04"), None),
        (row("derivatives_known", "lab", "rose", "2026-04"), None),
        (row("relative_adoption", "model", "Red/One-8B", "2026-04", number="7"), None),
        (
            row("relative_adoption", "model", "Red/One-8B", "2026-04", number="30"),
            OurFigure(0.75, 0.5, 1),
        ),
        # Where too little is known of the ten largest, nothing limits a ratio.
        (
            row("relative_adoption", "model", "red/one-8b", "2026-04", number="90"),
            OurFigure(1, 0.8, math.inf),
        ),
        # Made from Red's models in any number of steps, and those whose names say GGUF.
        (row("derivatives_known", "lab", "red", "2026-04"), OurFigure(5, 5, math.inf)),
        (row("derivatives_known", "lab", "red", "2026-04", part="gguf"), OurFigure(2, 2, math.inf)),
        # Directly from the model.
        (row("derivatives_known", "model", "Red/One-8B", "2026-04"), OurFigure(3, 3, math.inf)),
        # Downloaded ones: in February all by roots of China, in March one of several bases.
        (row("derivatives", "country", "CN", "2026-02"), OurFigure(100, 0, 100)),
        (row("derivatives", "region", "China", "2026-02"), OurFigure(100, 0, 100)),
        (row("derivatives", "country", "CN+several", "2026-03"), OurFigure(100, 0, 100)),
        (row("derivatives", "region", "China", "2026-03"), OurFigure(0, 0, 100)),
        # Of known size, which every model of the frontier has: 1000 + 100 + 30 of 2180.
        (
            row("share_of_known", "size_bucket", "5-10B", "2026-04"),
            OurFigure(51.8349, 51.8349, 51.8349),
        ),
        # The unverified 30 are in the whole of a share, and not in that of the known.
        (row("share_of_known", "country", "CN", "2026-04"), OurFigure(60.4651, 60.4651, 60.4651)),
        (row("listed", "tracker", "nobody", "2026-04"), None),
        (row("listed_twice", "tracker", "nobody", "2026-04"), None),
        (row("listed_from", "tracker", "nobody", "2026-04", part="China"), None),
    ],
)
def test_figures_are_computed_from_the_series(given: Row, expected: OurFigure | None) -> None:
    ours = compute(*made(), given)
    if expected is None:
        assert ours is None
    else:
        assert ours is not None
        found = (ours.middle, ours.low, ours.high)
        assert found == pytest.approx((expected.middle, expected.low, expected.high), abs=0.001)


@pytest.mark.parametrize(
    ("month", "versus", "expected"),
    [
        # At the end of February China was ahead in 20 % of the draws, at that of March in all but
        # a few with what Uncounted may have.
        ("2026-01", "US", ("differs", 0.0)),
        ("2026-02", "US", ("cannot be decided", 0.2)),
        ("2026-03", "US", ("cannot be decided", 1.0)),
        ("2026-04", "US", ("differs", 0.0)),
        # France had nothing before March.
        ("2026-01", "FR", ("agrees", 1.0)),
        ("2026-02", "FR", ("differs", 0.0)),
        ("2026-03", "JP", ("no data", None)),
        # Nobody had anything.
        ("2024-03", "US", ("differs", 0.0)),
    ],
)
def test_a_month_of_a_crossing(month: str, versus: str, expected: tuple[str, float | None]) -> None:
    given = row("crossing", "country", "CN", month, versus=versus)
    said, _, p = decide_crossing(*made(), given)
    assert (said, p) == expected


def test_a_window_of_the_whole_hub_is_decided_by_both_of_its_ends() -> None:
    """The publisher does not say on which day of April its window ends.

    Red had 1,140 to 1,160 in March and April, and 470 to 530 in March alone.
    """
    db, sums = made()
    rest = (None, "secondary", None, "https://example.com", None)
    published = (
        ("below both", 100.0),
        ("of April's end", 1150.0),
        ("above both", 100_000.0),
    )
    for figure, value in published:
        head = (figure, "Peer", figure, "x", "lab", "red", None, value, "downloads", "2026-04")
        insert(db, "published_figures", [(*head, *rest)])
    rows = [
        Row(
            {**row("windowed", "lab", "red", "2026-04", "hub", "2026-03"), "figure": figure}, "f", 2
        )
        for figure, _ in published
    ]
    load_scoreboard(sqlite_utils.Database(db), rows, sums)
    found = {
        figure: (said, low, high)
        for figure, said, low, high in db.execute(
            "select figure, verdict, ours_low, ours_high from scoreboard"
        )
    }
    assert found["below both"] == ("differs", 1140, 1160)
    assert found["above both"] == ("consistent", 1140, 1160)
    # At its end it would agree, and be less at its beginning: only what holds of both is said.
    assert found["of April's end"] == ("cannot be decided", 470, 1160)


YEARS = ("2025-03-31", "2026-03-31")


def grown(then: Draws, now: float, *, windowed: bool = True) -> Made:
    """Return a census of one Chinese model with draws of a year ago and one count of now."""
    histories = [(number, (value, now)) for number, value in then]
    low, high = min(value for _, value in then), max(value for _, value in then)
    made = stated(Stated("Red/One", histories, windowed=windowed), ends=YEARS)
    key = ("frontier", "publisher", "operating", "country", "CN", "China")
    made[0].execute("insert into series_keys values (1, ?, ?, ?, ?, ?, ?)", key)
    for through, least, most in ((YEARS[0], low, high), (YEARS[1], now, now)):
        values = {"series": 1, "month": through[:7], "through": through, "models": 1}
        for measure in ("cumulative", "monthly"):
            values |= {measure: least, f"{measure}_low": least, f"{measure}_high": most}
        values |= dict.fromkeys(("cumulative_counted", "monthly_counted", "carried"), 0)
        values |= dict.fromkeys(("covered", "coverable"), 0)
        insert_named(made[0], "series_points", [values])
    return made


def test_growth_is_that_of_a_year() -> None:
    asked = row("growth", "country", "CN", "2026-03")
    ours = compute(*grown([(100, 10), (100, 20)], 40), asked)
    assert ours is not None
    assert (ours.low, ours.high, ours.middle) == (2, 4, 3)
    assert ours.chance(2, 3) == 0.5
    # Where a year ago may not be said, bounds alone speak of it.
    unsure = compute(*grown([(100, 10), (100, 20)], 40, windowed=False), asked)
    assert unsure is not None
    assert (unsure.low, unsure.high, unsure.draws) == (2, 4, None)
    # What may have been nothing has grown by any number.
    assert compute(*grown([(100, 0), (100, 20)], 40), asked) is None
    assert compute(*grown([(200, 10)], 40), row("growth", "country", "CN", "2025-03")) is None


def test_only_shares_are_in_percent() -> None:
    census = made()
    shares = [
        compute(*census, row(measure, "country", "CN", "2026-03"))
        for measure in ("share", "share_of_known", "cumulative", "monthly")
    ]
    assert [one.share for one in shares if one is not None] == [True, True, False, False]


def test_a_window_without_any_download_at_its_earlier_end_is_undecided() -> None:
    """The model came in March: a window that may have ended in February has none of it."""
    db, downloads, draws = make_census_with_draws()
    figure = ("late", "Peer", "new", "downloads", None, None, None, 10.0, "downloads",
              "2026-04-01", None, "primary", "P", "https://example.com", None)  # fmt: skip
    insert(db, "published_figures", [figure])
    asked = row("windowed", "model", "Lost/Thing-8B", "2026-03", "hub", "2026-02", figure="late")
    load_scoreboard(sqlite_utils.Database(db), [asked], DrawnSums(downloads, draws))
    stored = "select verdict, p, ours_low, tolerance from scoreboard"
    assert db.execute(stored).fetchall() == [("cannot be decided", None, None, 0.5)]


def peers() -> Made:
    """Return the made census with a list of five names, one of them a former name."""
    db, sums = made()
    listed = [
        ("Red/One-8B", 1),
        ("RedOld/One-8B", 1),
        ("Blue/One-70B", 3),
        ("Rose/Small-8B", 5),
        ("Nobody/Model", None),
    ]
    insert(
        db,
        "peer_models",
        [("atom", name, model, *LISTED) for name, model in listed],
    )
    return db, sums


def test_a_list_is_counted_again() -> None:
    db, sums = peers()
    for measure, part, expected in (
        ("listed", "", OurFigure(5, 5, 5)),
        ("listed_twice", "", OurFigure(1, 1, 1)),
        # Nobody may be from anywhere.
        ("listed_from", "China", OurFigure(2, 2, 3)),
        ("listed_from", "Europe", OurFigure(1, 1, 2)),
        ("listed_from", "Unverified", OurFigure(0, 0, 1)),
    ):
        given = row(measure, "tracker", "atom", "2026-04", part=part)
        assert compute(db, sums, given) == expected


def test_counts_of_thirty_days_are_added_on_their_own_day_only() -> None:
    db, sums = made()
    insert(db, "snapshots", [(20500, "2026-02-16", 3, 3), (20593, "2026-05-20", 3, 3)])
    source = (2, "b", "B", "import", "hub", "CC0", "B", "https://example.com", 2, None)
    insert(db, "sources", [source])
    history = [
        (20500, 1, 1, 70, None, None), (20593, 1, 1, 400, 1200, 30), (20593, 1, 2, 390, 1150, 30),
        (20593, 2, 2, 150, 400, 4), (20593, 3, 1, 150, 700, 70),
    ]  # fmt: skip
    insert(db, "history", history)
    # One-8B by the preferred source and One-1B; Embed was there and not counted.
    some = compute(db, sums, row("downloads_30d", "lab", "red", "2026-05", day="2026-05-20"))
    words = "at least 550 of 2 of 3 models"
    assert some == OurFigure(550, 550, math.inf, words=words)
    insert(db, "history", [(20593, 8, 1, 130, 1500, 10)])
    whole = compute(db, sums, row("downloads_30d", "lab", "red", "2026-05", day="2026-05-20"))
    assert whole == OurFigure(680, 680, 680)
    assert (
        compute(db, sums, row("downloads_30d", "lab", "red", "2026-02", day="2026-02-17")) is None
    )


def test_the_question_shows_no_estimate_that_is_too_uncertain() -> None:
    db, sums = made()
    figures = [
        ("sure", "Peer", "sure", "x", "country", "CN", None, 1310.0, "downloads", "2026-04"),
        ("wide", "Peer", "wide", "x", None, None, None, 90.0, "downloads", "2025-12"),
        ("when", "Peer", "when", "crossing", "country", "CN", None, 1.0, "event", "2026-01"),
        ("open", "Peer", "open", "x", "lab", "red", None, 5000.0, "downloads", "2026-08"),
        ("never", "Peer", "never", "x", None, None, None, 7.0, "tokens", "2026-01"),
    ]
    blank = dict.fromkeys(COLUMNS, "")
    rest = (None, "secondary", None, "https://example.com", None)
    insert(db, "published_figures", [(*figure, *rest) for figure in figures])
    rows = [
        Row({**row("cumulative", "country", "CN", "2026-04"), "figure": "sure"}, "f", 2),
        Row({**row("cumulative", "total", "", "2025-12"), "figure": "wide"}, "f", 3),
        Row({**row("crossing", "country", "CN", "2026-01", versus="US"), "figure": "when"}, "f", 4),
        Row(
            {
                **row("windowed", "lab", "red", "2026-08", "labs", since="2026-01"),
                "figure": "open",
            },
            "f",
            5,
        ),
        Row({**blank, "figure": "never", "measure": "none", "reason": "Tokens."}, "f", 6),
    ]
    load_scoreboard(sqlite_utils.Database(db), rows, sums)
    shown = ask(db, "published_against_ours")
    assert pick(shown, "ours", "difference", "verdict", what="sure") == [(1300, -10, "agrees")]
    assert pick(shown, "ours", "ours_low", "ours_high", "verdict", what="wide") == [
        (None, 0, 200, "cannot be decided")
    ]
    stored = db.execute("select key from scoreboard where figure = 'when'").fetchall()
    assert stored == [("CN>US",)]
    # By the bounds in February or March; January is too early.
    assert pick(shown, "ours_in_words", "verdict", what="when") == [("by 27 March 2026", "differs")]
    # From January to 20 May, and the window ends in August: 1200 + 400 + 500 of Embed at least.
    assert pick(shown, "ours", "ours_low", "ours_high", "ours_in_words", "since", what="open") == [
        (None, 2100, None, "at least 2,100 to 20 May 2026, where the series ends", "2026-01")
    ]
    # What is not computed comes last and says why.
    assert pick(shown[-1:], "what", "verdict", "reason", "scope", "month") == [
        ("never", "not computed", "Tokens.", None, None)
    ]
    assert len(ask(db, "published_against_ours", verdict="agrees")) == 1
