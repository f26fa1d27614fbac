"""Recorded vintages in the database and on the site: offered by day, beside what is known now."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Sequence
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_census import ask, insert, make_census, pick
from site_client import Client

from build_db import cli
from census.base.file_changes import apply, locked
from census.charts.figures import Figure, read_context
from census.charts.question_figure import make_figure
from census.database.build import build
from census.questions.parameters import ParameterError
from census.questions.question_files import (
    QuestionError,
    parse_question,
    read_questions,
    validate,
    with_choices,
)
from census.store.published import published_points
from census.store.recorded_tables import load_recordings
from census.store.recordings import (
    COLUMNS,
    FOLDER,
    RecordedPoint,
    Recording,
    add_recording,
    read_manifest,
)

ROOT = Path(__file__).resolve().parent.parent
DAY = "2026-05-15"
# The last day of the made census.
THROUGH = "2026-05-20"
THEN = "a" * 64
NOW = "b" * 64
MAY = {"dimension": "country", "key": "CN", "month": "2026-05", "measure": "cumulative"}


def recording(day: str, digest: str = THEN, method: str = "As it was made") -> Recording:
    return Recording(f"{day}.csv", day[:10], method, THROUGH, digest, "c" * 64)


def revised(
    points: Sequence[RecordedPoint], downloads: int, through: str = THROUGH
) -> list[RecordedPoint]:
    """Return the points with other downloads of China in May, 50 less to 50 more.

    All points of the month of `through` count up to that day.
    """
    ended = [
        point._replace(through=through) if point.month == through[:7] else point for point in points
    ]
    return [
        point._replace(downloads=downloads, low=downloads - 50, high=downloads + 50)
        if all(getattr(point, name) == value for name, value in MAY.items())
        else point
        for point in ended
    ]


def census_with(*recorded: tuple[Recording, int]) -> sqlite3.Connection:
    """Return the made census with recordings of China's downloads in May."""
    db = make_census()
    file = ("made/a.csv", 1, "2026-05-20", 3, "0" * 64, "label", None, None, "2026-05-20", 0)
    insert(db, "observation_files", [file])
    db.execute("insert into build_info values ('rules_digest', ?)", (NOW,))
    points = list(published_points(db))
    load_recordings(
        db, [(one, revised(points, downloads, one.through)) for one, downloads in recorded]
    )
    return db


def test_recorded_days_are_offered_the_newest_first() -> None:
    db = census_with(
        (recording("2026-05-10"), 1500),
        (recording("2026-05-10-2"), 1510),
        (recording("2026-05-30", method="Made anew"), 1600),
    )
    rows = ask(db, "vintage_days")
    # May's 1600 are what they are now, but with bounds 50 to either side.
    assert pick(rows, "as_of", "files", "changed_later", "kind", "method") == [
        ("2026-05-30", None, 1, "recorded", "Made anew"),
        ("2026-05-10-2", None, 1, "recorded", "As it was made"),
        ("2026-05-10", None, 1, "recorded", "As it was made"),
    ]
    # Without a day the newest one is shown.
    assert pick(ask(db, "series_as_of"), "downloads", "revised_by", key="CN", month="2026-05") == [
        (1600, 0)
    ]
    with pytest.raises(ParameterError, match="allowed: 2026-05-30, 2026-05-10-2, 2026-05-10"):
        ask(db, "series_as_of", as_of="2026-05-20")


def test_a_series_as_it_was_recorded() -> None:
    db = census_with((recording("2026-05-10"), 1500), (recording("2026-05-10-2"), 1510))
    names = ("month", "downloads", "low", "high", "downloads_now", "revised_by")

    def china(as_of: str, **given: str) -> list[tuple[object, ...]]:
        return pick(ask(db, "series_as_of", as_of=as_of, **given), *names, key="CN")

    assert china("2026-05-10", since="2026-04") == [
        ("2026-04", 1300, 1300, 1300, 1300, 0),
        ("2026-05", 1500, 1450, 1550, 1600, 100),
    ]
    assert china("2026-05-10-2", since="2026-05") == [("2026-05", 1510, 1460, 1560, 1600, 90)]
    # The monthly series is another one, and labs and the unverified are there too.
    assert china("2026-05-10", since="2026-05", measure="monthly") == [
        ("2026-05", 300, 300, 300, 300, 0)
    ]
    labs = ask(db, "series_as_of", as_of="2026-05-10", dimension="lab", since="2026-05", top="2")
    assert pick(labs, "key", "downloads") == [("red", 1600), ("blue", 900)]
    rows = ask(db, "series_as_of", as_of="2026-05-10", since="2026-05")
    assert pick(rows, "label", "downloads", key=None) == [("Country not established", 50)]


@pytest.mark.parametrize(
    "given",
    [
        {"scope": "labs"},
        {"attribution": "base"},
        {"basis": "incorporation"},
        {"dimension": "family"},
    ],
)
def test_what_was_not_recorded_is_refused(given: dict[str, str]) -> None:
    db = census_with((recording(DAY), 1500))
    with pytest.raises(ParameterError) as refused:
        ask(db, "series_as_of", as_of=DAY, **given)
    ((name, value),) = given.items()
    assert refused.value.name == name
    assert str(refused.value).startswith(
        f"{name}='{value}' is not allowed: as_of={DAY} is a recording of what was published, which"
        " holds the default list, attribution publisher, basis operating, by country, region and"
        " the 30 largest labs; allowed: "
    )


def test_the_latest_revision_says_why() -> None:
    names = ("month", "known_then", "known_now", "revised_by", "band_before", "band_now")

    def revision(*recorded: tuple[Recording, int], **given: str) -> list[tuple[object, ...]]:
        rows = ask(census_with(*recorded), "latest_revision", **given)
        # What came later to the question stands behind the columns that readers know.
        names_of = list(rows[0]) if rows else ["because", "low_then"]
        assert names_of.index("because") + 1 == names_of.index("low_then")
        return pick(rows, *names, "vintage_before", "vintage_now", "because")

    assert revision() == []
    then = ("2026-05", 1500, 1600, 100, 100, 0)
    assert revision((recording(DAY), 1500)) == [(*then, DAY, "2026-05-20", "method")]
    assert revision((recording(DAY, NOW), 1500)) == [(*then, DAY, "2026-05-20", "observations")]
    # It is compared with a recording made since the newest observations, too.
    late = recording("2026-05-30")
    assert revision((late, 1500)) == [(*then, "2026-05-30", "2026-05-30", "method")]
    # The latest of several is the one before.
    assert revision((recording("2026-05-01"), 1400), (recording(DAY), 1500)) == [
        (*then, DAY, "2026-05-20", "method")
    ]
    # Of other scopes nothing was recorded.
    with pytest.raises(ParameterError, match="allowed: frontier"):
        revision((recording(DAY), 1500), scope="labs")


def test_a_month_that_went_on_since_is_no_revision() -> None:
    db = make_census()
    db.execute("insert into build_info values ('rules_digest', ?)", (NOW,))
    early = [
        point._replace(downloads=1000, through="2026-05-10") if point.month == "2026-05" else point
        for point in published_points(db)
    ]
    load_recordings(db, [(recording(DAY)._replace(through="2026-05-10"), early)])
    assert pick(ask(db, "vintage_days"), "changed_later") == [0]
    assert ask(db, "latest_revision") == []
    rows = ask(db, "series_as_of", since="2026-04")
    names = ("month", "downloads", "downloads_now", "revised_by", "through")
    assert pick(rows, *names, key="CN") == [
        ("2026-04", 1300, 1300, 0, "2026-04-30"),
        ("2026-05", 1000, None, None, "2026-05-10"),
    ]


def test_a_recording_of_what_is_known_now_is_no_revision() -> None:
    db = make_census()
    db.execute("insert into build_info values ('rules_digest', ?)", (NOW,))
    points = list(published_points(db))
    same = recording("2026-05-21", NOW)
    load_recordings(db, [(recording(DAY), revised(points, 1500)), (same, points)])
    assert db.execute("select day, changed_since from recorded_vintages").fetchall() == [
        (DAY, 1),
        ("2026-05-21", 0),
    ]
    # What changed between the two recordings is still told.
    assert pick(ask(db, "latest_revision"), "vintage_before", "known_then", "because") == [
        (DAY, 1500, "method")
    ]


def test_months_and_keys_that_are_known_only_now_are_told() -> None:
    db = make_census()
    db.execute("insert into build_info values ('rules_digest', ?)", (NOW,))
    points = [
        point
        for point in published_points(db)
        if point.month < "2026-05" and point.key not in ("FR", "rose")
    ]
    load_recordings(db, [(recording(DAY)._replace(through="2026-04-30"), points)])
    rows = ask(db, "latest_revision")
    assert pick(rows, "month", "known_then", "known_now", key="CN") == [("2026-05", None, 1600)]
    assert pick(rows, "month", "known_then", "known_now", key="FR") == [
        ("2026-05", None, 150),
        ("2026-04", None, 100),
        ("2026-03", None, 40),
    ]
    # A lab that was not recorded was not among the largest; it may well have been known.
    assert pick(ask(db, "latest_revision", dimension="lab"), "month", key="rose") == []


def test_a_recorded_series_ends_on_its_own_day() -> None:
    """The newest recording ends on 20 May; the one before was counted to the 10th."""
    db = census_with(
        (recording(DAY)._replace(through="2026-05-10"), 1500), (recording("2026-05-20"), 1600)
    )
    context = read_context(db)
    question = with_choices(read_questions(ROOT / "canned_queries")["series_as_of"], db)

    def figure(**given: str) -> Figure:
        values = validate(question, given)
        return make_figure(question, values, ask(db, "series_as_of", **given), context)

    def last(drawn: Figure) -> str:
        return max(point.x for point in drawn.points)

    then, now = figure(as_of=DAY), figure(as_of="2026-05-20")
    assert (last(then), last(now)) == ("2026-05-10", "2026-05-20")
    assert "10 May 2026" in then.notes[-1]
    assert "On 10 May 2026: China 1.5K" in then.alt
    # A month that is counted in part is left out of monthly downloads.
    assert last(figure(as_of=DAY, measure="monthly")) == "2026-04-30"


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ("[{parameter: n}]", "expected a mapping of allowed, because, parameter, values"),
        ("[{parameter: n, values: select 1, because: b, allowed: 3}]", "allowed must map"),
        ("[{parameter: n, values: drop, because: b, allowed: {n: [1]}}]", "a select statement"),
        ("[{parameter: m, values: select 1, because: b, allowed: {n: [1]}}]",
         "not a parameter of this question: m"),
    ],
)  # fmt: skip
def test_a_limit_that_is_wrong_is_named(limits: str, reason: str) -> None:
    text = (
        "/*\ntitle: A\ntheme: B\ndescription: C\nunit: D\nparameters:\n"
        "  n: {label: N, help: H, default: '1', pattern: integer, min: 1, max: 9}\n"
        f"limits: {limits}\n*/\nselect :n\n"
    )
    with pytest.raises(QuestionError, match=reason):
        parse_question("asked.sql", text)


def test_every_row_of_a_recording_comes_through_the_build(
    census: sqlite3.Connection, data: Path
) -> None:
    recordings = read_manifest(data, [])
    assert recordings
    for one in recordings:
        with (data / FOLDER / one.file).open(encoding="utf-8", newline="") as file:
            written = list(csv.reader(file))[1:]
        built = census.execute(
            f"select {', '.join(COLUMNS)} from recorded_points where day = ? order by id",
            (one.day,),
        )
        assert [["" if value is None else str(value) for value in row] for row in built] == written
        assert census.execute(
            "select recorded_on, method, through, rules_digest, sha256 from recorded_vintages"
            " where day = ?",
            (one.day,),
        ).fetchone() == tuple(one[1:])


def test_the_recording_of_november_2026_is_that_of_the_series_to_may(
    census: sqlite3.Connection,
) -> None:
    """What was published before the method changed: it stays, whatever is known since."""
    rows = census.execute(
        "select key, month, through, downloads, share_pct from recorded_points"
        " where day = '2026-11-26' and dimension = 'country' and measure = 'cumulative'"
        " and month = '2026-05' and key in ('CN', 'US') order by key"
    ).fetchall()
    assert rows == [
        ("CN", "2026-05", "2026-05-20", 1468709247, 46.1364),
        ("US", "2026-05", "2026-05-20", 1241440635, 38.9972),
    ]


def test_an_altered_recording_stops_the_build(few_data: Path, tmp_path: Path) -> None:
    path = few_data / FOLDER / read_manifest(few_data, [])[0].file
    path.write_bytes(path.read_bytes() + b"\n")
    target = tmp_path / "census.db"
    result = CliRunner().invoke(
        cli, ["build", "--data", str(few_data), "--db", str(target), "--no-charts"]
    )
    assert result.exit_code == 1
    assert f"{path}: altered: its sha256 is not the manifest's; restore it from git" in (
        result.output
    )
    assert not target.exists()


def test_a_build_of_an_earlier_day_has_only_the_recordings_of_then(
    few_data: Path, tmp_path: Path
) -> None:
    copy = few_data
    for day in (date(2999, 1, 1), date(2999, 1, 2)):
        with locked(copy):
            one, files = add_recording(
                copy,
                day,
                published_points(make_census()),
                method="Made for a test",
                through="2026-05-20",
                rules_digest=THEN,
            )
            apply(copy, files)
    build(copy, tmp_path / "census.db", as_of=date(2999, 1, 1))
    with sqlite3.connect(tmp_path / "census.db") as db:
        days = [row[0] for row in db.execute("select day from recorded_vintages order by day")]
    assert days[-1] == "2999-01-01"
    assert one.day == "2999-01-02"


@pytest.mark.parametrize("kind", ["", ".json", ".csv", ".vl.json"])
def test_the_site_answers_400_for_what_was_not_recorded(site: Client, kind: str) -> None:
    response = site.get(f"/census/series_as_of{kind}?as_of=2026-11-26&scope=labs")
    assert response.status_code == 400
    text = unescape(response.text)
    assert "as_of=2026-11-26 is a recording of what was published, which holds the" in text
    if kind == ".json":
        said = json.loads(response.text)
        assert (said["parameter"], said["allowed"]) == ("scope", ["frontier"])
    assert site.get(f"/census/series_as_of{kind}?as_of=2026-11-26").status_code == 200


def test_the_methodology_shows_headlines_before_and_after(
    site: Client, census: sqlite3.Connection, data: Path
) -> None:
    page = unescape(site.get("/methodology").text).replace("\xa0", " ")
    # The snapshot that the first recording ended on, under the day that it was moved to since.
    assert "ended on one snapshot, of 23 May 2026. By weight it held 42%" in page
    section = page[page.index('<h2 id="changes">') :]
    for one in read_manifest(data, []):
        assert f'<a href="/census/series_as_of?as_of={one.day}">{one.day}</a>' in section
        assert one.method in section
    first = section[section.index("2026-11-26") :]
    first = first[: first.index("</tr>")]
    assert "about 20 May 2026" in first
    assert "46.1%" in first
    assert "39.0%" in first
    today = section[section.index("Today") :]
    shares = site.rows("/census/share_by_country")
    last = shares[-1]["month"]
    for key in ("CN", "US"):
        share = next(
            row["share_pct"] for row in shares if (row["month"], row["country"]) == (last, key)
        )
        assert f"{share:.1f}%" in today[: today.index("</tr>")]
    entries = census.execute("select what, kind from changelog").fetchall()
    assert {kind for _, kind in entries} > {"rule"}
    for what, kind in entries:
        assert (what in section) == (kind in ("rule", "method")), what
