"""Published figures beside ours: the rule of the verdict, and what it says of real figures."""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path

import pytest
import sqlite_utils
from made_census import ask, insert, make_census, pick

from census.intervals import Interval
from census.scoreboard import (
    COLUMNS,
    compute,
    load_scoreboard,
    read_scoreboard,
    verdict,
    verdict_on_month,
)
from census.selections import Ours
from census.tables import Problem, Row

LISTED = ("2026-04-01", "https://example.com/list")


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        (Ours(100, 96, 104), "agrees"),
        (Ours(100, 95, 105), "agrees"),
        (Ours(110, 106, 120), "differs"),
        (Ours(90, 80, 94.9), "differs"),
        (Ours(100, 90, 104), "cannot be decided"),
        (Ours(100, 80, 130), "cannot be decided"),
        # A wide band decides nothing, not even where all of it lies elsewhere.
        (Ours(10, 0, 30, wide=True), "cannot be decided"),
        (None, "no data"),
    ],
)
def test_the_verdict_follows_from_the_bounds(ours: Ours | None, expected: str) -> None:
    assert verdict(100, 5, ours) == expected


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (Interval("2025-07", "2025-07", True), "agrees"),
        (Interval("2025-07", "2025-07", False), "cannot be decided"),
        (Interval("2025-05", "2025-09", True), "cannot be decided"),
        (Interval("2025-08", "2025-09", False), "differs"),
        (Interval("2024-01", "2025-06", False), "differs"),
    ],
)
def test_the_verdict_on_a_month(interval: Interval, expected: str) -> None:
    assert verdict_on_month("2025-07", interval) == expected


def row(
    measure: str, dimension: str, key: str, month: str, scope: str = "frontier", since: str = ""
) -> Row:
    values = ("figure", measure, dimension, key, scope, since, month, "5", "percent", "Because.")
    return Row(dict(zip(COLUMNS, values, strict=True)), "scoreboard.csv", 2)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # China 1000 + 300 of 2180 in April, all of it known.
        (row("cumulative", "country", "CN", "2026-04"), Ours(1300, 1300, 1300)),
        (row("share", "country", "CN", "2026-04"), Ours(100 * 1300 / 2180, 59.633, 59.633)),
        (row("cumulative", "country", "CN+FR", "2026-04"), Ours(1400, 1400, 1400)),
        (row("cumulative", "total", "", "2026-04"), Ours(2180, 2180, 2180)),
        # China 730 to 770, the others 540 + 40 + 10 to 660 + 40 + 10.
        (row("cumulative", "country", "CN", "2026-03"), Ours(750, 730, 770)),
        # In December 100 downloads could be 0 to 200: nothing to be quoted.
        (row("cumulative", "total", "", "2025-12"), Ours(100, 0, 200, wide=True)),
        # Of 5-10B in April: Red 1000, Rose 100, Lost 30; Uncounted has no count.
        (row("share_of_bucket", "lab", "red@5-10B", "2026-04"), Ours(88.4956, 88.4956, 88.4956)),
        # A key or a month that is not there, and the unfinished month's own downloads.
        (row("cumulative", "country", "JP", "2026-04"), None),
        (row("cumulative", "country", "CN", "2024-04"), None),
        (row("monthly", "country", "CN", "2026-05"), None),
        (row("growth", "country", "CN", "2026-04"), None),
        (row("derivatives", "country", "CN", "2026-04"), None),
        (row("derivatives_known", "lab", "rose", "2026-04"), None),
        (row("relative_adoption", "model", "Red/One-8B@7", "2026-04"), None),
        (row("relative_adoption", "model", "Red/One-8B@30", "2026-04"), Ours(0.75, 0.5, 1, True)),
        # Of known size, which every model of the frontier has: 1000 + 100 + 30 of 2180.
        (row("share_of_known", "size_bucket", "5-10B", "2026-04"), Ours(51.8349, 51.8349, 51.8349)),
        # The unverified 30 are in the whole of a share, and not in that of the known.
        (row("share_of_known", "country", "CN", "2026-04"), Ours(60.4651, 60.4651, 60.4651)),
        (row("listed", "tracker", "nobody", "2026-04"), None),
        (row("listed_twice", "tracker", "nobody", "2026-04"), None),
        (row("listed_from", "tracker", "nobody+China", "2026-04"), None),
    ],
)
def test_figures_are_computed_from_the_series(given: Row, expected: Ours | None) -> None:
    ours = compute(make_census(), given)
    if expected is None:
        assert ours is None
    else:
        assert ours is not None
        assert ours[:3] == pytest.approx(expected[:3], abs=0.001)
        assert ours.wide == expected.wide


def peers() -> sqlite3.Connection:
    """Return the made census with a list of five names, one of them a former name."""
    db = make_census()
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
    return db


def test_a_list_is_counted_again() -> None:
    db = peers()
    assert compute(db, row("listed", "tracker", "atom", "2026-04")) == Ours(5, 5, 5)
    assert compute(db, row("listed_twice", "tracker", "atom", "2026-04")) == Ours(1, 1, 1)
    # Nobody may be from anywhere.
    assert compute(db, row("listed_from", "tracker", "atom+China", "2026-04")) == Ours(2, 2, 3)
    assert compute(db, row("listed_from", "tracker", "atom+Europe", "2026-04")) == Ours(1, 1, 2)
    assert compute(db, row("listed_from", "tracker", "atom+Unverified", "2026-04")) == Ours(0, 0, 1)


def test_counts_of_thirty_days_are_added_on_their_own_day_only() -> None:
    db = make_census()
    insert(db, "snapshots", [(20500, "2026-02-16", 3, 3), (20593, "2026-05-20", 3, 3)])
    source = (2, "b", "B", "import", "hub", "CC0", "B", "https://example.com", 2, None)
    insert(db, "sources", [source])
    history = [
        (20500, 1, 1, 70, None, None), (20593, 1, 1, 400, 1200, 30), (20593, 1, 2, 390, 1150, 30),
        (20593, 2, 2, 150, 400, 4), (20593, 3, 1, 150, 700, 70),
    ]  # fmt: skip
    insert(db, "history", history)
    # One-8B by the preferred source and One-1B; Embed was there and not counted.
    some = compute(db, row("downloads_30d", "lab", "red@2026-05-20", "2026-05"))
    words = "at least 550 of 2 of 3 models"
    assert some == Ours(550, 550, math.inf, wide=True, words=words)
    insert(db, "history", [(20593, 8, 1, 130, 1500, 10)])
    whole = compute(db, row("downloads_30d", "lab", "red@2026-05-20", "2026-05"))
    assert whole == Ours(680, 680, 680)
    assert compute(db, row("downloads_30d", "lab", "red@2026-02-17", "2026-02")) is None


def test_the_question_shows_no_estimate_that_is_too_uncertain() -> None:
    db = make_census()
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
        Row({**row("crossing", "country", "CN>US", "2026-01"), "figure": "when"}, "f", 4),
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
    load_scoreboard(sqlite_utils.Database(db), rows)
    shown = ask(db, "published_against_ours")
    assert pick(shown, "ours", "difference", "verdict", what="sure") == [(1300, -10, "agrees")]
    assert pick(shown, "ours", "ours_low", "ours_high", "verdict", what="wide") == [
        (None, 0, 200, "cannot be decided")
    ]
    # By the bounds in February or March; January is too early.
    assert pick(shown, "ours_in_words", "verdict", what="when") == [("by March 2026", "differs")]
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
        "known,cumulative,country,CN,frontier,,2026-03,5,percent,Because.",
        "other,cumulative,country,CN,frontier,,2026-03,5,percent,Because.",
        "known,guess,planet,CN,all,,2026,-1,furlongs,",
        "a,none,,,,,2026-03,,,Because.",
        "b,windowed,lab,red@blue,frontier,2026-01,2026-03,5,percent,Because.",
        "c,windowed,lab,red,frontier,,2026-03,5,percent,Because.",
        "d,share,lab,red,frontier,2026-01,2026-03,5,percent,Because.",
        "e,share,names,Red/*,frontier,,2026-03,5,percent,Because.",
        "f,relative_adoption,model,Red/One-8B,frontier,,2026-03,5,percent,Because.",
    ]
    (tmp_path / "scoreboard.csv").write_text("\n".join([",".join(COLUMNS), *lines]) + "\n")
    problems: list[Problem] = []
    read_scoreboard(tmp_path, {"known", "forgotten", *"abcdef"}, problems)
    reasons = [(problem.line, problem.reason) for problem in problems]
    assert (3, "figure 'other' is not in published_figures.csv") in reasons
    faults = (
        "duplicate",
        "reason is empty",
        "measure 'guess'",
        "dimension 'planet'",
        "scope 'all'",
        "tolerance_unit 'furlongs'",
        "-1 is negative",
        "month '2026'",
    )
    for words in faults:
        assert any(line == 4 and words in reason for line, reason in reasons), words
    assert reasons[-1] == (0, "figure 'forgotten' of published_figures.csv has no row")
    for line, words in (
        (5, "not computed, and yet has month"),
        (6, "after @ stands sized or >70B"),
        (7, "since '' is not YYYY-MM"),
        (8, "since is only for windowed and windowed_share"),
        (9, "names are only for cumulative and windowed"),
        (10, "key 'Red/One-8B' is none of relative_adoption"),
    ):
        assert [reason for found, reason in reasons if found == line] == [
            next(reason for _, reason in reasons if words in reason)
        ], words


def test_real_figures_have_a_verdict_that_follows_from_their_bounds(
    census: sqlite3.Connection,
) -> None:
    rows = ask(census, "published_against_ours")
    (published,) = census.execute("select count(*) from published_figures").fetchone()
    assert len(rows) == published
    computed = [row for row in rows if row["verdict"] != "not computed"]
    assert len(computed) >= 60
    for shown in rows:
        assert shown["reason"]
    for shown in computed:
        low, high = shown["ours_low"], shown["ours_high"]
        least = shown["published"] - shown["tolerance"]
        most = shown["published"] + shown["tolerance"]
        if shown["verdict"] == "agrees" and low is not None:
            assert least <= low <= high <= most
        if shown["verdict"] == "differs" and low is not None:
            assert high < least or low > most
        if shown["verdict"] == "no data":
            assert (shown["ours"], low, high) == (None, None, None)


def test_real_lists_are_counted_again(census: sqlite3.Connection) -> None:
    rows = ask(census, "published_against_ours", verdict="agrees")
    values = {row["what"]: (row["published"], row["ours"]) for row in rows}
    assert values["models on the list"] == (1772, 1772)
    assert values["models on the list in its bucket china"] == (970, 970)
    twice = next(value for what, value in values.items() if "former and the present" in what)
    assert twice == (93, 93)


def test_real_figures_of_windows_ages_and_ranks_have_bounds(census: sqlite3.Connection) -> None:
    rows = {row["what"]: row for row in ask(census, "published_against_ours")}
    # Qwen had 1,233,993,595 on 2026-05-20 and at most 855,393,101 at the end of 2025.
    qwen = rows["downloads of all Qwen repositories from January to August 2026"]
    assert (qwen["ours"], qwen["ours_low"], qwen["ours_high"]) == (None, 378_600_494, None)
    assert qwen["verdict"] == "cannot be decided"
    nvidia = rows["downloads of NVIDIA from August 2025 to March 2026"]
    assert 0 < nvidia["ours_low"] < nvidia["ours_high"] < 30_700_000
    oss = rows[next(what for what in rows if what.startswith("downloads of gpt-oss-120b at day 7"))]
    # Nothing was counted near its release, nor near that of the models that it is compared with.
    assert (oss["ours"], oss["ours_low"], oss["ours_high"]) == (None, 0, None)
    following = rows[next(what for what in rows if "eight organisations" in what)]
    assert 0 < following["ours_low"] < 71_200_000 < following["ours_high"]
