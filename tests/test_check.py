"""Is this figure right? The verdicts, the likely slips, and the page and JSON that say them."""

from __future__ import annotations

import re
import sqlite3
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from site_client import ROOT, Client

from census.base.speech import Value
from census.checking.census_figure import CensusFigure
from census.checking.check import WORD_OF_VERDICT, check
from census.checking.figure_to_check import FigureToCheck
from census.checking.verdicts import CLOSE, MATCH, MISMATCH, UNDECIDED, judge
from census.checking.written_numbers import parse_written
from census.site.site import Site, open_site


@pytest.fixture(scope="module")
def checks(census_db: Path) -> Any:
    """A function that checks a figure on the real database."""
    site: Site = open_site(ROOT, census_db)
    connection = sqlite3.connect(f"file:{census_db}?mode=ro", uri=True)
    yield lambda **given: check(connection, site, given)
    connection.close()


@pytest.mark.parametrize(
    ("text", "value", "half", "percent"),
    [
        ("57%", 57, 0.5, True),
        ("56.5 percent", 56.5, 0.05, True),
        ("1.15 billion", 1.15e9, 5e6, False),
        ("942.1M", 942.1e6, 5e4, False),
        ("2 bn", 2e9, 5e8, False),
        ("1,150,000,000", 1.15e9, 5e6, False),
        ("300000000", 3e8, 5e5, False),
        ("123,456", 123456, 0.5, False),
        ("0", 0, 0.5, False),
    ],
)
def test_a_number_is_read_with_the_rounding_it_shows(
    text: str, value: float, half: float, percent: bool
) -> None:
    read = parse_written(text)
    assert read.value == pytest.approx(value)
    assert read.half == pytest.approx(half)
    assert read.percent is percent


@pytest.mark.parametrize(
    "text", ["", "abc", "-5%", "1e9", "5 apples", "1..2", "nan", "٣", "9" * 60]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a (number|unit)"):
        parse_written(text)


def asked(text: str, measure: str = "share", on: str = "2026-03") -> FigureToCheck:
    return FigureToCheck(
        "country", "CN", "China", measure, on, parse_written(text), text, "frontier", ""
    )


def ours(
    middle: float,
    interval: tuple[float | None, float | None],
    bounds: tuple[float, float],
    month: str = "2026-03",
    covered: float = 99.0,
    counted: bool = False,
) -> CensusFigure:
    value = Value(middle, *interval, likely=not counted, counted=counted)
    return CensusFigure(value, *bounds, f"{month}-28", month, covered)


@pytest.mark.parametrize(
    ("text", "measured", "word"),
    [
        ("49%", ours(49, (48, 50), (38, 63)), MATCH),
        ("50.4%", ours(49, (48, 50), (38, 63)), CLOSE),
        ("52%", ours(49, (48, 50), (38, 63)), CLOSE),
        ("47.6%", ours(49, (48, 50), (38, 63)), CLOSE),
        ("56.5%", ours(49, (48, 50), (38, 63)), UNDECIDED),
        ("64%", ours(49, (48, 50), (38, 63)), MISMATCH),
        ("63.4%", ours(49, (48, 50), (38, 63)), MISMATCH),
        ("63%", ours(49, (48, 50), (38, 63)), UNDECIDED),
        # What is counted, and its rounding.
        ("57%", ours(57.0126, (57.0126, 57.0126), (57.0126, 57.0126), counted=True), MATCH),
        ("59%", ours(57.0126, (57.0126, 57.0126), (57.0126, 57.0126), counted=True), CLOSE),
        ("59.1%", ours(57.0126, (57.0126, 57.0126), (57.0126, 57.0126), counted=True), MISMATCH),
        # An interval that no sentence says decides nothing; the bounds still do.
        ("49%", ours(49, (30, 60), (10, 80)), UNDECIDED),
        ("81%", ours(49, (30, 60), (10, 80)), MISMATCH),
        ("49%", ours(49, (None, None), (10, 80)), UNDECIDED),
        # Bounds from above hold for the counted models; where others weigh, more can be true.
        ("64%", ours(49, (48, 50), (38, 63), covered=60), UNDECIDED),
        ("30%", ours(49, (48, 50), (38, 63), covered=60), MISMATCH),
        # Nothing is said of the first months, whatever the bounds.
        ("99%", ours(10, (9, 11), (5, 20), month="2024-08"), UNDECIDED),
        ("49%", None, UNDECIDED),
    ],
)
def test_the_four_words(text: str, measured: CensusFigure | None, word: str) -> None:
    assert judge(asked(text), measured).word == word


def test_a_count_is_close_within_five_percent_of_the_end_of_the_interval() -> None:
    measured = ours(100e6, (98e6, 102e6), (50e6, 200e6))
    words = {
        text: judge(asked(text, "cumulative"), measured).word
        for text in ("107 million", "107.2 million", "93.2 million", "92.9 million")
    }
    assert list(words.values()) == [CLOSE, UNDECIDED, CLOSE, UNDECIDED]


def test_no_sentence_says_a_number_that_may_not_be_said(checks: Any) -> None:
    found = checks(key="CN", value="270 million", measure="cumulative", on="2024-12")
    assert found["ours"]["value"] is None
    assert found["quote"] is None
    assert "at least" in found["sentence"]
    early = checks(key="CN", value="12%", on="2023-12")
    assert early["verdict"] == UNDECIDED
    assert early["ours"]["said"] == ""
    assert early["slips"] == []


def test_a_matching_figure_has_its_sentence_and_its_link(checks: Any, site: Client) -> None:
    found = checks(key="China", value="49%", on="2026-03")
    assert found["verdict"] == MATCH
    assert found["slips"] == []
    assert "By the end of March 2026 models from China had 49%" in found["sentence"]
    page = site.get(found["quote"])
    assert page.status_code == 200
    assert "Unchanged" in page.text


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"key": "CN", "value": "49%", "on": "2025-03"}, "year"),
        ({"key": "CN", "value": "19%"}, "scope"),
        ({"key": "CN", "value": "3.5 million", "measure": "cumulative"}, "million for billion"),
        ({"key": "Qwen/Qwen3-8B", "dimension": "model", "value": "13.5 million",
          "measure": "cumulative"}, "measure"),
    ],
)  # fmt: skip
def test_a_slip_is_found_and_is_right_where_it_leads(
    checks: Any, given: dict[str, str], kind: str
) -> None:
    found = checks(**given)
    assert found["verdict"] in (MISMATCH, UNDECIDED)
    slip = next(one for one in found["slips"] if one["kind"] == kind)
    assert checks(**slip["values"])["verdict"] == MATCH


def test_the_maker_is_not_the_user(checks: Any) -> None:
    assert "do not say where the models are used" in checks(key="CN", value="57%")["caution"]
    assert checks(key="qwen", dimension="lab", value="5%")["caution"] == ""


def test_each_published_figure_gives_the_verdict_of_the_scoreboard(
    checks: Any, census: sqlite3.Connection
) -> None:
    rows = census.execute("select figure, verdict from scoreboard").fetchall()
    assert rows
    for figure, verdict in rows:
        found = checks(figure=figure)
        assert found["scoreboard"] == verdict, figure
        assert found["verdict"] == WORD_OF_VERDICT.get(verdict, UNDECIDED), figure


def test_each_press_claim_gives_the_verdict_of_the_fact_check(
    checks: Any, census: sqlite3.Connection
) -> None:
    rows = census.execute("select claim_id, verdict from fact_checks").fetchall()
    assert rows
    for claim, verdict in rows:
        assert verdict in checks(claim=claim)["scoreboard"], claim


def test_the_numbers_of_published_figures_never_contradict_the_scoreboard(
    checks: Any, census: sqlite3.Connection
) -> None:
    """Typed into the form as they were published they name themselves, with one verdict."""
    rows = census.execute(
        """
        select s.figure, s.dimension, s.key, s.measure, s.month, s.scope, s.published, s.verdict
        from scoreboard as s
        where s.measure in ('cumulative', 'share', 'monthly')
            and s.dimension in ('country', 'region', 'lab', 'family')
            and instr(s.key, '+') = 0
        """
    ).fetchall()
    assert len(rows) >= 15
    for figure, dimension, key, measure, month, scope, value, verdict in rows:
        text = f"{value:g}%" if measure == "share" else f"{value:.0f}"
        found = checks(
            dimension=dimension, key=key, measure=measure, on=month, scope=scope, value=text
        )
        assert figure in {row["figure"] for row in found["resembles"]}, figure
        assert found["scoreboard"] == verdict, figure
        if verdict == "differs":
            assert found["verdict"] not in (MATCH, CLOSE), figure
        if verdict in ("agrees", "consistent"):
            assert found["verdict"] != MISMATCH, figure


def test_the_recording_of_the_time_is_marked(checks: Any, census: sqlite3.Connection) -> None:
    (first,) = census.execute("select min(recorded_on) from recorded_vintages").fetchone()
    found = checks(key="CN", value="49%", on="2026-03", as_of=first)
    assert sum(row["of_the_time"] for row in found["vintages"]) == 1
    before = checks(key="CN", value="49%", on="2026-03", as_of="2026-01-01")
    assert not any(row["of_the_time"] for row in before["vintages"])


def test_recordings_of_one_day_are_told_apart_and_a_point_is_no_range(site: Client) -> None:
    page = site.get("/check?dimension=lab&key=qwen&value=1.5+billion&measure=cumulative").text
    said = page[page.index("said about it before") :].partition("</ul>")[0]
    recordings = re.findall(r"<li>(Recorded on .*?)[:<]", said)
    assert len(recordings) > 1
    assert len(set(recordings)) == len(recordings)
    assert not re.search(r">([^<>]+) to \1<", page)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"key": "Germny", "value": "1%"}, "DE"),
        ({"key": "CN", "value": "many"}, "57%"),
        ({"key": "CN", "value": "101%"}, "0 to 100"),
        ({"key": "CN", "value": "5%", "measure": "rank"}, "without %"),
        ({"key": "CN", "value": "5%", "on": "2026-13"}, "YYYY-MM"),
        ({"key": "CN", "value": "5%", "on": "2026-02-30"}, "YYYY-MM-DD"),
        ({"key": "CN", "value": "5%", "on": "1999-01"}, "2022-11"),
        ({"key": "CN", "value": "5%", "scope": "all"}, "frontier"),
        ({"key": "CN", "value": "5%", "colour": "red"}, "measure"),
        ({"key": "Qwen3-8B", "dimension": "model", "measure": "recent", "value": "5"},
         "Qwen/Qwen3-8B"),
        ({"key": "Qwen/Qwen3-8B", "dimension": "model", "value": "5%"}, "cumulative"),
        ({"key": "CN'; drop table models; --", "value": "5%"}, "country"),
        ({"figure": "no-such-figure"}, "published_figures"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_answered_by_400_with_what_is_allowed(
    site: Client, given: dict[str, str], named: str
) -> None:
    answer = site.get(f"/check.json?{urlencode(given)}")
    assert answer.status_code == 400
    assert named in answer.json()["error"]
    page = site.get(f"/check?{urlencode(given)}")
    assert page.status_code == 400
    assert 'role="alert"' in page.text


def test_the_page_says_what_the_json_says(site: Client) -> None:
    query = urlencode({"key": "CN", "value": "56.5%", "on": "2026-03"})
    found = site.get(f"/check.json?{query}")
    assert found.headers["access-control-allow-origin"] == "*"
    page = unescape(site.get(f"/check?{query}").text)
    answer = found.json()
    assert answer["sentence"] in page
    assert answer["reason"] in page
    for row in answer["resembles"]:
        assert row["verdict"] in page
        assert site.get(f"/check?figure={row['figure']}").status_code == 200
    assert 'value="56.5%"' in page


def test_the_form_stands_alone(site: Client) -> None:
    page = site.get("/check")
    assert page.status_code == 200
    assert 'name="value"' in page.text
    assert site.get("/check.json").json()["parameters"]
