"""Questions on derivatives: shares of new ones, counts by lab, kinds, what a model became."""

from __future__ import annotations

import sqlite3

import pytest
from made_census import ask, make_census, only, pick


@pytest.fixture(scope="module")
def made() -> sqlite3.Connection:
    return make_census()


def test_only_downloaded_derivatives_count_by_default(made: sqlite3.Connection) -> None:
    rows = ask(made, "new_derivatives", at_least="1")
    # February: Ann/Fine, Ann/Fine-GGUF and Packer's; in March only the merge of two labs' models.
    assert pick(rows, "month", "key", "models", "share_pct") == [
        ("2026-02", "red-one", 3, 100.0),
        ("2026-03", "several", 1, 100.0),
    ]


@pytest.mark.parametrize(
    ("split", "key"), [("family", "red-one"), ("lab", "red"), ("country", "CN")]
)
def test_all_derivatives_by_root(made: sqlite3.Connection, split: str, key: str) -> None:
    rows = ask(made, "new_derivatives", at_least="1", split=split, downloaded="all")
    assert pick(rows, "key", "models", "share_pct", "of_month", month="2026-03") == [
        (key, 2, 66.67, 3),
        ("several", 1, 33.33, 3),
    ]


def test_months_with_few_are_left_out(made: sqlite3.Connection) -> None:
    assert ask(made, "new_derivatives") == []
    rows = ask(made, "new_derivatives", at_least="3")
    assert pick(rows, "month", "of_month") == [("2026-02", 3)]


def test_direct_parents_of_nobody_registered_are_named_so(made: sqlite3.Connection) -> None:
    rows = ask(made, "new_derivatives", at_least="1", depth="direct", split="lab", downloaded="all")
    # Ann/Fine-GGUF names Ann/Fine, whose publisher is not a registered lab.
    assert pick(rows, "key", "models", month="2026-02") == [("red", 2), ("", 1)]


@pytest.mark.parametrize(
    ("relation", "models"),
    [("finetune", 1), ("quantized", 1), ("quantised_by_name", 1), ("merge", 2), ("adapter", 1)],
)
def test_kinds_apart(made: sqlite3.Connection, relation: str, models: int) -> None:
    rows = ask(made, "new_derivatives", at_least="1", relation=relation, downloaded="all")
    assert sum(row["models"] for row in rows) == models
    kinds = ask(made, "derivative_kinds", downloaded="all")
    assert sum(pick(kinds, "models", kind=relation)) == models


def test_derivatives_by_lab(made: sqlite3.Connection) -> None:
    root = ask(made, "derivatives_by_lab", downloaded="all")
    kinds = ("finetunes", "quantisations", "quantised_by_name", "merges", "adapters")
    assert pick(root, "lab", "models", "by_others", *kinds) == [("red", 5, 5, 1, 1, 1, 1, 1)]
    direct = ask(made, "derivatives_by_lab", downloaded="all", depth="direct")
    assert pick(direct, "lab", "models", *kinds) == [("red", 4, 1, 1, 0, 1, 1)]


def test_most_derived_models(made: sqlite3.Connection) -> None:
    rows = ask(made, "most_derived_models", downloaded="all")
    # Of the parents of one lab's merge the first by name counts.
    assert pick(rows, "base", "models") == [("Red/One-8B", 3), ("Red/One-1B", 1)]


def test_derivatives_of_model(made: sqlite3.Connection) -> None:
    rows = ask(made, "derivatives_of_model", base="Red/One-8B")
    assert pick(rows, "child", "kind", "steps", "downloads_30d") == [
        ("Packer/One-8B-GGUF", "quantized", 1, 130),
        ("Ann/Fine", "finetune", 1, 100),
        ("Ann/Fine-GGUF", "quantised_by_name", 2, 10),
        ("Dan/Adapter", "adapter", 1, None),
    ]


def test_the_bundled_derivatives_count_once(census: sqlite3.Connection) -> None:
    for depth in ("direct", "root"):
        rows = ask(
            census,
            "new_derivatives",
            depth=depth,
            downloaded="all",
            since="",
            top="50",
            at_least="1",
        )
        query = "select count(*) from derived_models where depth = ? and month is not null"
        assert sum(row["models"] for row in rows) == census.execute(query, (depth,)).fetchone()[0]


def test_the_bundled_lab_with_most_derivatives(census: sqlite3.Connection) -> None:
    root = ask(census, "derivatives_by_lab", limit="5000")
    direct = ask(census, "derivatives_by_lab", depth="direct", limit="5000")
    assert root[0]["lab"] == "qwen"
    # What was made from what was made from Qwen counts only by the root.
    assert root[0]["models"] > only(pick(direct, "models", lab="qwen"))
    for row in root:
        kinds = ("finetunes", "quantisations", "quantised_by_name", "merges", "adapters")
        assert sum(row[kind] for kind in kinds) + row["unspecified"] == row["models"]
        assert row["by_others"] <= row["models"]


def test_the_bundled_kinds_and_bases(census: sqlite3.Connection) -> None:
    kinds = ask(census, "derivative_kinds", downloaded="all", since="")
    merges = sum(pick(kinds, "models", kind="merge"))
    query = "select count(distinct child) from derivatives where relation = 'merge'"
    assert merges >= census.execute(query).fetchone()[0] > 500
    top = ask(census, "most_derived_models")[0]
    listed = ask(census, "derivatives_of_model", base=top["base"], depth="direct", limit="5000")
    assert sum((row["downloads_30d"] or 0) > 5 for row in listed) == top["models"]


def test_downloads_are_told_apart_by_who_names_the_base(made: sqlite3.Connection) -> None:
    # Packer's card names Red/One-8B, with 400 downloads of 4,600.
    said = ("named_by", "models", "downloads", "share_pct")
    rows = ask(made, "bases_named", scope="hub")
    assert pick(rows, *said) == [("card", 1, 400, 8.7), ("nobody", 7, 4200, 91.3)]
    assert pick(ask(made, "bases_named"), *said) == [("nobody", 6, 2700, 100.0)]
    made.execute("savepoint before")
    made.execute(
        "insert into lineage values (4, 'finetune', 'Red/One-8B', 1, 'https://example.org/paper')"
    )
    rows = ask(made, "bases_named")
    made.execute("rollback to before")
    assert pick(rows, *said) == [("document", 1, 200, 7.41), ("nobody", 5, 2500, 92.59)]
