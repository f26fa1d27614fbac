"""Published figures beside ours: the rule of the verdict, and what it says of real figures."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
import sqlite_utils
from made_census import ask, insert, make_census_with_draws, pick
from made_sums import Stated, stated

from census.base.csv_files import Problem, Row
from census.base.inserting import insert_named
from census.findings.our_figures import OurFigure
from census.findings.scoreboard import compute, decide_crossing, load_scoreboard, verdict
from census.findings.scoreboard_rows import COLUMNS, read_scoreboard
from census.rollups.drawn_sums import DrawnSums
from census.rollups.noise import DRAWS

LISTED = ("2026-04-01", "https://example.com/list")
SHARE = {"measure": "share", "scope": "frontier", "dimension": "country"}
SUM = {"measure": "cumulative", "scope": "frontier", "dimension": "country"}
OWN_LIST = {"measure": "listed", "scope": "frontier", "dimension": "tracker"}
WHOLE_HUB = {"measure": "windowed_share", "scope": "hub", "dimension": "country"}
WITHIN_A_LAB = {**WHOLE_HUB, "dimension": "lab"}


def drawn(*parts: tuple[int, float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return draws that have each value so often."""
    values = [value for number, value in parts for _ in range(number)]
    assert len(values) == DRAWS
    return np.array(values)


@pytest.mark.parametrize(
    ("of", "ours", "expected"),
    [
        # Hard bounds decide without any draw.
        (SHARE, OurFigure(100, 96, 104), ("agrees", 1.0)),
        (SHARE, OurFigure(100, 95, 105), ("agrees", 1.0)),
        (SHARE, OurFigure(110, 106, 120), ("differs", 0.0)),
        (SHARE, OurFigure(90, 80, 94.9), ("differs", 0.0)),
        # Between them draws decide from 95 % on; the middle decides nothing.
        (SHARE, OurFigure(100, 90, 104), ("cannot be decided", None)),
        (SHARE, OurFigure(100, 0, 200, drawn((190, 100), (10, 110))), ("agrees", 0.95)),
        (SHARE, OurFigure(100, 0, 200, drawn((189, 100), (11, 110))), ("cannot be decided", 0.94)),
        (SHARE, OurFigure(110, 0, 200, drawn((190, 110), (10, 100))), ("differs", 0.05)),
        (SHARE, OurFigure(110, 0, 200, drawn((188, 110), (12, 100))), ("cannot be decided", 0.06)),
        # A sum of ours is a part of theirs: below it is consistent, above it differs.
        (SUM, OurFigure(80, 70, 90), ("consistent", 1.0)),
        (SUM, OurFigure(80, 0, 200, drawn((190, 80), (10, 110))), ("consistent", 0.95)),
        (SUM, OurFigure(120, 0, 200, drawn((190, 120), (10, 80))), ("differs", 0.05)),
        (SUM, OurFigure(100, 96, 104), ("agrees", 1.0)),
        (SUM, OurFigure(80, 80, math.inf), ("consistent", 1.0)),
        (SUM, OurFigure(120, 120, math.inf), ("differs", 0.0)),
        # A list counted again agrees with itself alone.
        (OWN_LIST, OurFigure(100, 100, 100), ("the same list", 1.0)),
        (OWN_LIST, OurFigure(120, 120, 120), ("differs", 0.0)),
        # The census does not see all of the Hub, but all of a lab.
        (WHOLE_HUB, OurFigure(100, 96, 104), ("not comparable", None)),
        (WITHIN_A_LAB, OurFigure(100, 96, 104), ("agrees", 1.0)),
        (SHARE, None, ("no data", None)),
    ],
)
def test_the_verdict_follows_from_draws_and_bounds(
    of: Mapping[str, str], ours: OurFigure | None, expected: tuple[str, float | None]
) -> None:
    assert verdict(100, 5, ours, of) == expected


def test_a_middle_is_said_only_with_a_narrow_interval() -> None:
    assert OurFigure(100, 100, 100).is_quotable
    assert not OurFigure(100, 99, 101).is_quotable, "hard bounds without draws say nothing"
    assert OurFigure(100, 0, 200, drawn((100, 95), (100, 105))).is_quotable
    assert not OurFigure(100, 0, 200, drawn((100, 85), (100, 110))).is_quotable
    assert OurFigure(50, 0, 100, drawn((100, 41), (100, 60)), share=True).is_quotable
    assert not OurFigure(50, 0, 100, drawn((100, 39), (100, 60)), share=True).is_quotable


def test_draws_on_the_edge_of_a_tolerance_are_within_it() -> None:
    ours = OurFigure(100, 0, 200, drawn((100, 95), (100, 105)))
    chances = [ours.chance(*ends) for ends in ((95, 105), (95, 104), (96, 105), (96, 104))]
    assert chances == [1, 0.5, 0.5, 0]


def test_a_figure_is_said_to_be_counted_or_likely_as_it_is() -> None:
    assert OurFigure(5, 5, 5).value.counted
    likely = OurFigure(100, 0, 200, drawn((100, 95), (100, 105))).value
    assert (likely.likely, likely.low, likely.high) == (True, 95, 105)
    assert not OurFigure(100, 0, 200).value.likely


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
        found = (ours.best, ours.low, ours.high)
        assert found == pytest.approx((expected.best, expected.low, expected.high), abs=0.001)


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
    assert (ours.low, ours.high, ours.best) == (2, 4, 3)
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


def test_faults_name_file_line_and_reason(tmp_path: Path) -> None:
    lines = [
        "known,cumulative,country,CN,,,,,frontier,,2026-03,0,percent,Because.",
        "other,cumulative,country,CN,,,,,frontier,,2026-03,5,percent,Because.",
        "known,guess,planet,CN,,,,,all,,2026,-1,furlongs,",
        "a,none,country,,,,,,,,2026-03,,units,Because.",
        "b,windowed,lab,red,,blue,,,frontier,2026-01,2026-03,5,percent,Because.",
        "c,windowed,lab,red,,,,,frontier,,2026-03,5,percent,Because.",
        "d,share,lab,red,,,,,frontier,2026-01,2026-03,5,percent,Because.",
        "e,share,names,Red/*,,,,,frontier,,2026-03,5,percent,Because.",
        "f,relative_adoption,model,Red/One-8B,,,,,frontier,,2026-03,5,percent,Because.",
        "g,share,lab,red,,>70B,,,frontier,,2026-03,5,percent,Because.",
        "h,downloads_30d,lab,red,,,,2026-02-30,frontier,,2026-03,5,percent,Because.",
        "i,windowed,country,CN,,sized,,,frontier,2026-01,2026-03,5,percent,Because.",
    ]
    (tmp_path / "scoreboard.csv").write_text("\n".join([",".join(COLUMNS), *lines]) + "\n")
    problems: list[Problem] = []
    read_scoreboard(tmp_path, {"known", "forgotten", *"abcdefghi"}, problems)
    reasons = [(problem.line, problem.reason) for problem in problems]
    assert min(line for line, _ in reasons if line) == 3
    assert (3, "figure 'other' is not in published_figures.csv") in reasons
    faults = (
        "duplicate",
        "reason is empty",
        "measure 'guess'",
        "dimension 'planet'",
        "scope 'all'",
        "tolerance_unit 'furlongs'",
        "-1 is negative",
    )
    for words in faults:
        assert any(line == 4 and words in reason for line, reason in reasons), words
    assert reasons[-1] == (0, "figure 'forgotten' of published_figures.csv has no row")
    for line, words in (
        (5, "not computed, and yet has dimension, month, tolerance_unit"),
        (6, "part 'blue' is not sized or of the form >70B"),
        (7, "since '' is not YYYY-MM"),
        (8, "since is only for windowed and windowed_share"),
        (9, "names are only for cumulative and windowed"),
        (10, "number is empty; relative_adoption needs it"),
        (11, "part is not for share"),
        (12, "not a possible date"),
        (13, "part 'sized' is only for a lab"),
    ):
        assert [reason for found, reason in reasons if found == line] == [
            next(reason for _, reason in reasons if words in reason)
        ], words


def test_real_figures_have_a_verdict_that_follows_from_what_is_stored(
    census: sqlite3.Connection,
) -> None:
    """Each verdict on an interval, from the columns alone; a crossing has no interval."""
    rows = census.execute(
        "select figure, measure, verdict, published, tolerance, ours, ours_low, ours_high,"
        " ours_likely_low, ours_likely_high, p, reason from scoreboard"
    ).fetchall()
    (published,) = census.execute("select count(*) from published_figures").fetchone()
    assert len(rows) == published
    assert sum(row[2] != "not computed" for row in rows) >= 60
    for figure, measure, said, value, tolerance, ours, low, high, first, last, p, reason in rows:
        assert reason
        if said in ("not computed", "no data"):
            assert (ours, low, high, p) == (None, None, None, None), figure
            continue
        if measure == "crossing":
            assert said != "agrees" or p >= 0.95
            continue
        least, most = value - tolerance, value + tolerance
        # The interval of 90 % where draws decide, else the hard bounds.
        one, other = (low, high) if first is None else (first, last)
        if said == "agrees":
            assert p >= 0.95, figure
            assert least <= other, figure
            assert one <= most, figure
        elif said == "consistent":
            assert p >= 0.95, figure
            assert one <= most, figure
        elif said == "differs":
            assert p <= 0.05, figure
            assert one > most or (other is not None and other < least), figure
        elif said == "the same list":
            assert least <= low == high <= most, figure
        elif said == "not comparable":
            assert p is None, figure
        else:
            assert said == "cannot be decided", figure
            assert p is None or 0.05 < p < 0.95, figure
        if ours is not None:
            assert low <= one <= ours <= other <= high, figure


def test_a_list_that_is_counted_again_agrees_with_nobody(census: sqlite3.Connection) -> None:
    rows = census.execute("select figure, published, ours, verdict from scoreboard").fetchall()
    found = {figure: values for figure, *values in rows}
    for figure, count in (
        ("atom-models-2026-08-17", 1772),
        ("atom-models-china-2026-08-17", 970),
        ("atom-models-europe-2026-08-17", 63),
        ("atom-renamed-twice-2025-12-30", 93),
    ):
        assert found[figure] == [count, count, "the same list"]


def test_real_shares_of_the_whole_hub_are_not_compared(census: sqlite3.Connection) -> None:
    said = dict(census.execute("select figure, verdict from scoreboard").fetchall())
    for figure in ("eoi-china-share", "hf-spring-us-share", "hf-share-under-1b"):
        assert said[figure] == "not comparable"
    assert said["hf-above-70b-minimax"] == "agrees"


def test_a_window_whose_last_day_is_not_stated_is_decided_by_both_ends(
    census: sqlite3.Connection,
) -> None:
    """Hugging Face counts January to August 2026 and does not say to which day of August."""
    query = "select verdict, ours, ours_low, ours_high from scoreboard where figure = ?"
    said, ours, low, high = census.execute(query, ["hf-qwen-2026"]).fetchone()
    assert (said, ours) == ("cannot be decided", None)
    assert low < 2_061_000_000 < high
