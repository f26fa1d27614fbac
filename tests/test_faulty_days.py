"""Charts shade the days on which many counts were faulty."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from census.charts.faulty_days import FAULTS_NOTE, Fault, clip, joined_faults, read_faults
from census.charts.figures import read_context
from census.charts.question_figure import make_figure
from census.charts.render import Variant, spec_text
from census.questions.question_files import read_questions, validate

ROOT = Path(__file__).parent.parent


@pytest.fixture
def faulty(census_db: Path, tmp_path: Path) -> sqlite3.Connection:
    """The real database with a rollback of many models, one of a few, and a gap of a selection."""
    path = tmp_path / "census.db"
    shutil.copy(census_db, path)
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    insert = (
        "insert into quality_events (kind, source, from_date, to_date, models, what)"
        " values (?, ?, ?, ?, ?, 'made for the test')"
    )
    connection.executemany(
        insert,
        [
            ("rollback", None, "2025-05-06", "2025-05-19", 900),
            ("stall", "hub", "2025-05-18", "2025-05-21", None),
            ("rollback", None, "2025-09-01", "2025-09-02", 2),
            ("gap", "llmfit", "2025-10-01", "2025-10-02", None),
            ("outlier", "hub", "2025-11-01", "2025-11-01", 100),
        ],
    )
    return connection


def test_faults_of_many_models_or_whole_sources_are_one_span_where_they_meet(
    faulty: sqlite3.Connection,
) -> None:
    assert read_faults(faulty) == (Fault("2025-05-06", "2025-05-21"),)


def test_the_bundled_observations_have_no_such_fault(census: sqlite3.Connection) -> None:
    assert read_faults(census) == ()


@pytest.mark.parametrize(
    ("values", "shaded"),
    [({}, 1), ({"since": "2025-06"}, 0), ({"dimension": "family"}, 1)],
)
def test_a_chart_over_time_shades_them_and_says_so(
    faulty: sqlite3.Connection, values: dict[str, str], shaded: int
) -> None:
    question = read_questions(ROOT / "canned_queries")["cumulative_downloads"]
    chosen = validate(question, values)
    rows = faulty.execute(question.sql, chosen).fetchall()
    figure = make_figure(question, chosen, [dict(row) for row in rows], read_context(faulty))
    assert len(figure.faults) == shaded
    assert (FAULTS_NOTE in figure.notes) == bool(shaded)
    spec = json.dumps(json.loads(spec_text(figure, Variant())))
    assert spec.count('"rect"') >= shaded
    assert ('"end": "2025-05-21"' in spec) == bool(shaded)


def test_spans_are_clipped_to_what_is_drawn() -> None:
    faults = joined_faults([Fault("2025-01-05", "2025-01-09"), Fault("2025-01-01", "2025-01-02")])
    assert clip(faults, "2025-01-02", "2025-01-06") == (
        Fault("2025-01-02", "2025-01-02"),
        Fault("2025-01-05", "2025-01-06"),
    )
    assert clip(faults, "2025-02-01", "2025-02-02") == ()
