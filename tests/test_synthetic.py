"""The synthetic census: labelled, of the size asked for, fit for every question."""

from __future__ import annotations

import sqlite3
import sys
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from bench_large import variations  # noqa: E402
from synthetic import LABEL, SyntheticModel, counted, make_database  # noqa: E402

from census.inputs.models import ModelMetadata  # noqa: E402
from census.questions.question_files import read_questions, validate, with_choices  # noqa: E402

MODELS, DAYS = 120, 30


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("synthetic") / "synthetic.db"
    make_database(path, MODELS, DAYS)
    return sqlite3.connect(path)


def test_it_has_the_size_asked_for_and_says_what_it_is(synthetic: sqlite3.Connection) -> None:
    assert synthetic.execute("select count(*) from models").fetchone() == (MODELS,)
    days, rows = synthetic.execute("select count(*), sum(observations) from snapshots").fetchone()
    assert days == DAYS
    assert rows == synthetic.execute("select count(*) from history").fetchone()[0] > MODELS * 20
    info = dict(synthetic.execute("select key, value from build_info").fetchall())
    assert info["synthetic"] == LABEL
    named = synthetic.execute("select count(*) from sources where name not like 'SYNTHETIC%'")
    assert named.fetchone() == (0,)


def test_made_up_counts_never_fall() -> None:
    fields = dict.fromkeys(ModelMetadata.__dataclass_fields__, "")
    model = SyntheticModel(ModelMetadata(**{**fields, "parameters": 1}), date(2026, 1, 1), 7)
    counts = [counted(model, age) for age in range(400)]
    assert counts[0] == 0
    assert counts == sorted(counts)


def test_every_question_answers_whatever_is_asked(synthetic: sqlite3.Connection) -> None:
    answered = 0
    for question in read_questions(ROOT / "canned_queries").values():
        asked = with_choices(question, synthetic)
        for given in variations(asked):
            synthetic.execute(asked.sql, validate(asked, given)).fetchall()
            answered += 1
    assert answered > 100
