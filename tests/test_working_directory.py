"""Nothing depends on the directory in which a command is run."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from census.base.databases import open_named_rows
from census.charts.render import default_figures
from census.questions.question_files import QuestionError, read_questions

ROOT = Path(__file__).resolve().parent.parent
CODE = [ROOT / "build_db.py", *(ROOT / "census").rglob("*.py"), *(ROOT / "plugins").glob("*.py")]


def test_charts_are_of_the_questions_of_the_repository_everywhere(
    census_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with open_named_rows(census_db) as database:
        name, figure, _ = next(default_figures(database))
    assert name in read_questions(ROOT / "canned_queries")
    assert figure.title


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="no such folder"):
        read_questions(tmp_path / "canned_queries")


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_default_is_a_relative_path(path: Path) -> None:
    """A default such as Path("data") is another folder in every directory."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    defaults = [
        default
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for default in (*function.args.defaults, *function.args.kw_defaults)
    ]
    relative = [
        ast.unparse(default)
        for default in defaults
        if isinstance(default, ast.Call) and ast.unparse(default.func) in ("Path", "pathlib.Path")
    ]
    assert relative == []
