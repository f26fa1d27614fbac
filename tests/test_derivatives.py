"""Derivatives: facts read and checked, kinds told, bases found at both depths."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from made_census import made_registry, make_census

from census.base.csv_files import Problem, Row
from census.base.names import spellings
from census.rollups.derivatives import (
    DERIVATIVES_FILE,
    Derivative,
    named_relation,
    present_rows,
    read_derivatives,
    stronger,
    trace_bases,
)


def made(child: str, *parents: str, relation: str = "finetune") -> Derivative:
    return Derivative(child, "2026-01-01", relation, 10, parents)


def bases_of(*derivatives: Derivative) -> dict[tuple[str, str], tuple[str | None, str | None, int]]:
    """Return base, lab and steps by child and depth, in the registry of the made census."""
    return {
        (base.derivative.child, base.depth): (base.base, base.lab, base.steps)
        for base in trace_bases(derivatives, made_registry(), [], {}, {})
    }


def test_a_chain_has_another_base_at_each_depth() -> None:
    found = bases_of(made("A/x", "B/y"), made("B/y", "Red/One-8B"))
    assert found["A/x", "direct"] == ("B/y", None, 1)
    assert found["A/x", "root"] == ("Red/One-8B", "red", 2)
    assert found["B/y", "root"] == ("Red/One-8B", "red", 1)


def test_parents_of_one_lab_count_as_the_nearest_and_of_two_as_several() -> None:
    found = bases_of(
        made("A/one", "Red/One-8B", "Red/One-1B"), made("A/two", "Red/One-8B", "Blue/One-70B")
    )
    assert found["A/one", "root"] == ("Red/One-1B", "red", 1)
    assert found["A/two", "root"] == (None, None, 1)


def test_a_parent_of_no_registered_lab_makes_several_bases_unknown() -> None:
    found = bases_of(made("A/x", "Red/One-8B", "Nobody/y"))
    assert found["A/x", "direct"] == (None, None, 1)


def test_a_circle_ends() -> None:
    found = bases_of(made("A/x", "A/y"), made("A/y", "A/x"))
    assert found["A/x", "root"] == ("A/y", None, 1)


@pytest.mark.parametrize(
    ("name", "relation"),
    [
        ("A/Fine-GGUF", "quantised_by_name"),
        ("A/fine-4bit", "quantised_by_name"),
        ("A/fine-AWQ", "quantised_by_name"),
        ("A/fine-8b", "unspecified"),
        ("gguf/fine", "unspecified"),
    ],
)
def test_a_name_can_tell_a_quantisation(name: str, relation: str) -> None:
    assert named_relation(made(name, "B/y", relation="unspecified")).relation == relation


def test_a_stated_kind_wins_over_the_name() -> None:
    assert named_relation(made("A/x-GGUF", "B/y", relation="merge")).relation == "merge"


def test_a_merge_wins_over_other_kinds() -> None:
    assert stronger("finetune", "merge") == "merge"
    assert stronger("unspecified", "finetune") == "finetune"


def test_faults_of_the_file_are_told_with_their_line(tmp_path: Path) -> None:
    lines = [
        ",".join(DERIVATIVES_FILE.columns),
        "A/x,2026-01-01,finetune,Red/One-8B,5,2026-05-20,made",
        "A/x,2026-01-01,finetune,Red/One-8B,5,2026-05-20,made",
        "A/y,2026-13-01,clone,A/y,-1,,nobody",
    ]
    (tmp_path / "derivatives.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    problems: list[Problem] = []
    read_derivatives(tmp_path, ["made"], problems)
    told = {(problem.line, problem.reason.split(":")[0]) for problem in problems}
    assert (3, "duplicate of line 2") in told
    reasons = " ".join(problem.reason for problem in problems if problem.line == 4)
    for word in ("clone", "2026-13-01", "nobody", "itself", "negative"):
        assert word in reasons


def test_the_bundled_file_is_sorted_and_whole(data: Path) -> None:
    problems: list[Problem] = []
    rows = read_derivatives(data, ["hubstats-2026-05", "radar"], problems)
    assert problems == []
    keys = [(row["child"], row["parent"]) for row in rows]
    assert keys == sorted(keys)


def test_a_former_name_counts_as_the_present_one() -> None:
    db = make_census()
    query = "select base, steps from derived_models where child = 'Dan/Adapter'"
    assert db.execute(query).fetchall() == [("Red/One-8B", 1), ("Red/One-8B", 1)]


def test_a_name_in_another_case_is_the_same_model() -> None:
    rows = [
        Row(
            dict.fromkeys(DERIVATIVES_FILE.columns, "") | {"child": child, "parent": parent}, "f", 2
        )
        for child, parent in (
            ("Dan/Copy", "red/one-8b"),
            ("dan/copy", "Red/One-8B"),
            ("Eve/Copy", "DAN/COPY"),
            ("Eve/Other", "nobody/Base"),
            ("Eve/Third", "Nobody/base"),
        )
    ]
    listed = (row[column] for column in ("child", "parent") for row in rows)
    spelled = spellings(["Red/One-8B", *listed])
    found = [(row[0], row[2]) for row in present_rows(rows, made_registry(), spelled)]
    assert found == [
        ("Dan/Copy", "Red/One-8B"),
        ("Eve/Copy", "Dan/Copy"),
        ("Eve/Other", "nobody/Base"),
        ("Eve/Third", "nobody/Base"),
    ]


def test_real_names_differ_by_more_than_case(census: sqlite3.Connection) -> None:
    for table, column in (
        ("models", "name"),
        ("derived_models", "child"),
        ("namespaces", "namespace"),
    ):
        names = [name for (name,) in census.execute(f"select distinct {column} from {table}")]
        assert len({name.lower() for name in names}) == len(names), table
    # A card that writes its base in small letters counts for the base all the same.
    known = {name.lower(): name for (name,) in census.execute("select name from models")}
    written = {name for (name,) in census.execute("select distinct parent_name from derivatives")}
    assert {name for name in written if known.get(name.lower(), name) != name} == set()
    assert written & set(known.values())
