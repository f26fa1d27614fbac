"""Issues about failures: what they say, what they never say; and the day's commit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_data import git

from census.base.git import GitError
from census.publish.committing import commit_data, push
from census.publish.reporting import (
    SHOWN_CHARACTERS,
    SHOWN_LINES,
    clean,
    failed_steps,
    failure_body,
    fenced,
    log_end,
    run_url,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words", "plain words"),
        ("token hf_abcDEF1234567890 used", "token *** used"),
        ("ghs_0123456789abcdef", "***"),
        ("github_pat_11ABC_def", "***"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\x00b\tc", "ab\tc"),
        ("my own secret", "my own ***"),
    ],
)
def test_tokens_and_control_characters_are_cut_out(text: str, expected: str) -> None:
    assert clean(text, ["secret", ""]) == expected


@pytest.mark.parametrize("text", ["plain", "```\n@everyone\n```", "`````"])
def test_nothing_in_a_log_can_leave_its_block(text: str) -> None:
    fence = fenced(text).split("text\n", 1)[0]
    assert set(fence) == {"`"}
    assert fence not in text
    assert fenced(text).endswith(f"\n{fence}")


def test_a_log_s_end_is_short(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    log.write_text("".join(f"line {number} {'x' * 2000}\n" for number in range(500)))
    shown = log_end(log)
    assert len(shown) <= SHOWN_CHARACTERS
    assert shown.splitlines()[-1].startswith("line 499")
    assert len(shown.splitlines()) <= SHOWN_LINES
    assert log_end(tmp_path / "none.log") == ""


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ('{"a": {"outcome": "success"}, "b": {"outcome": "failure"}}', ["b"]),
        ("", []),
        ("no JSON", []),
        ("[1]", []),
    ],
)
def test_failed_steps_are_named(steps: str, expected: list[str]) -> None:
    assert failed_steps(steps) == expected


def test_the_issue_says_what_where_and_that_nothing_new_is_shown() -> None:
    environment = {
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "a/b",
        "GITHUB_RUN_ID": "7",
    }
    body = failure_body(["collect"], "the end", environment)
    assert "`collect`" in body
    assert "https://github.com/a/b/actions/runs/7" in body
    assert "the end" in body
    assert run_url({}) == ""


@pytest.fixture
def two_clones(tmp_path: Path) -> tuple[Path, Path]:
    """Two clones of one repository with a data directory."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "origin.git")
    clones = []
    for name in ("ours", "theirs"):
        git(tmp_path, "clone", "--quiet", "origin.git", name)
        clones.append(tmp_path / name)
    ours, theirs = clones
    (ours / "data").mkdir()
    (ours / "data/a.csv").write_text("a\n1\n")
    git(ours, "switch", "--quiet", "--create", "main")
    git(ours, "add", ".")
    git(ours, "commit", "--quiet", "--message", "Start")
    git(ours, "push", "--quiet", "origin", "main")
    git(theirs, "pull", "--quiet", "origin", "main")
    return ours, theirs


def test_only_the_data_directory_is_committed(two_clones: tuple[Path, Path]) -> None:
    ours, _ = two_clones
    (ours / "data/b.csv").write_text("b\n")
    (ours / "elsewhere.txt").write_text("not data\n")
    made = commit_data(ours, ours / "data", "A day")
    assert git(ours, "show", "--name-only", "--format=", made) == "data/b.csv"
    assert commit_data(ours, ours / "data", "A day") == ""


def test_what_others_pushed_meanwhile_stays(two_clones: tuple[Path, Path]) -> None:
    ours, theirs = two_clones
    (theirs / "README.md").write_text("theirs\n")
    git(theirs, "add", ".")
    git(theirs, "commit", "--quiet", "--message", "Theirs")
    git(theirs, "push", "--quiet", "origin", "main")
    (ours / "data/b.csv").write_text("b\n")
    commit_data(ours, ours / "data", "Ours")
    push(ours)
    assert git(ours, "log", "--format=%s", "origin/main").splitlines() == [
        "Ours",
        "Theirs",
        "Start",
    ]


def test_a_conflict_is_refused_and_nothing_is_lost(two_clones: tuple[Path, Path]) -> None:
    ours, theirs = two_clones
    for clone, text in ((theirs, "a\n2\n"), (ours, "a\n3\n")):
        (clone / "data/a.csv").write_text(text)
    commit_data(theirs, theirs / "data", "Theirs")
    push(theirs)
    commit_data(ours, ours / "data", "Ours")
    with pytest.raises(GitError, match="rebase"):
        push(ours)
    assert (ours / "data/a.csv").read_text() == "a\n3\n"
    assert git(ours, "status", "--porcelain") == ""
    assert json.dumps(git(ours, "log", "--format=%s", "origin/main")) == '"Theirs\\nStart"'
