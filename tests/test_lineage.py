"""The roots of declared lineages, also of circles and of parents that nobody knows."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from census.database.build import build
from census.inputs.lineage import Root, common_root, find_roots, parents_by_model


@pytest.mark.parametrize(
    ("edges", "roots"),
    [
        ([], [Root("a", 0)]),
        ([("a", "b")], [Root("b", 1)]),
        ([("a", "b"), ("b", "c")], [Root("c", 2)]),
        ([("a", "b"), ("a", "c"), ("c", "d")], [Root("b", 1), Root("d", 2)]),
        ([("a", "a")], [Root("a", 0)]),
        ([("a", "b"), ("b", "a")], [Root("b", 1)]),
        ([("a", "b"), ("b", "c"), ("c", "b")], [Root("b", 1), Root("c", 2)]),
        ([("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")], [Root("d", 3)]),
    ],
)
def test_roots(edges: list[tuple[str, str]], roots: list[Root]) -> None:
    assert find_roots("a", parents_by_model(edges)) == roots


names = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(names, names)), names)
def test_every_model_has_a_root_whatever_it_declares(
    edges: list[tuple[str, str]], model: str
) -> None:
    parents = parents_by_model(edges)
    roots = find_roots(model, parents)
    assert roots
    if not parents.get(model):
        assert roots == [Root(model, 0)]


def test_a_merge_counts_as_the_lab_that_all_its_roots_share() -> None:
    roots = [Root("x/one", 1), Root("x/two", 2)]
    assert common_root(roots, {"x/one": "x", "x/two": "x"}) == Root("x/one", 1)
    assert common_root(roots, {"x/one": "x", "x/two": "y"}) is None
    assert common_root(roots, {"x/one": None, "x/two": None}) is None
    assert common_root(roots[:1], {"x/one": None}) == Root("x/one", 1)


CHILD, SAID = "Qwen/Qwen2.5-7B-Instruct", "finetune:Qwen/Qwen2.5-7B,"


@pytest.fixture(scope="module")
def spelled(few_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A census of data that name Qwen's models in small letters and one's base twice."""
    folder = tmp_path_factory.mktemp("spelled")
    data = Path(shutil.copytree(few_db.parent / "data", folder / "data"))
    models = data / "models.csv"
    text = models.read_text(encoding="utf-8")
    (child,) = (line for line in text.splitlines() if line.startswith(f"{CHILD},"))
    assert SAID in child
    models.write_text(text.replace(SAID, SAID.lower()), encoding="utf-8")
    peers = data / "peer_models.csv"
    listed = peers.read_text(encoding="utf-8")
    assert ",Qwen/Qwen2.5-7B," in listed
    peers.write_text(listed.replace(",Qwen/", ",qwen/"), encoding="utf-8")
    with (data / "base_models.csv").open("a", encoding="utf-8") as file:
        file.write(f"{CHILD},,meta,a document,https://example.org/\n")
    build(data, folder / "census.db")
    with closing(sqlite3.connect(folder / "census.db")) as db:
        yield db


def test_a_base_and_a_listed_model_in_another_case_are_the_same_models(
    spelled: sqlite3.Connection,
) -> None:
    found = spelled.execute(
        """
        select l.parent_name, p.name, m.root, m.root_depth
        from models as m
        inner join lineage as l on l.child = m.id
        inner join models as p on l.parent = p.id
        where m.name = ?
        """,
        (CHILD,),
    ).fetchall()
    peer = spelled.execute(
        """
        select p.name, m.name, d.side
        from peer_models as p
        inner join models as m on p.model = m.id
        left join peer_differences as d on p.tracker = d.tracker and p.model = d.model
        where p.name = 'qwen/Qwen2.5-7B'
        """
    ).fetchall()
    assert peer == [("qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B", None)]
    assert found == [("Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B", 1)]


MADE_BY_OTHERS = [
    # Hugging Face uploaded these; a fine-tune of one counts as the maker's too.
    ("openai-community/gpt2", "openai"),
    # Distilled models name their bases in a README and not on their cards.
    ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", "meta"),
    ("deepseek-ai/DeepSeek-R1-Distill-Qwen-32B", "qwen"),
    # Vicuna 1.3 is of LLaMA, which has no repository of Meta's.
    ("lmsys/vicuna-7b-v1.3", "meta"),
    ("berkeley-nest/Starling-LM-7B-alpha", "mistral"),
]


@pytest.mark.parametrize(("model", "maker"), MADE_BY_OTHERS)
def test_models_that_declare_no_base_count_as_their_makers(
    census: sqlite3.Connection, model: str, maker: str
) -> None:
    sql = "select base_lab from models where name = ?"
    assert census.execute(sql, [model]).fetchall() == [(maker,)]


def test_a_base_from_a_document_carries_its_address(census: sqlite3.Connection) -> None:
    bases = census.execute(
        """
        select l.parent_name, l.source_url like 'https://github.com/deepseek-ai/%'
        from lineage as l
        inner join models as m on l.child = m.id
        where m.name = 'deepseek-ai/DeepSeek-R1-Distill-Llama-8B'
        """
    ).fetchall()
    assert bases == [("meta-llama/Llama-3.1-8B", 1)]


def test_a_card_that_declares_a_base_beats_a_document(spelled: sqlite3.Connection) -> None:
    base = spelled.execute("select base_lab from models where name = ?", [CHILD]).fetchone()
    assert base == ("qwen",)


def test_what_is_made_from_an_upload_of_unknown_origin_has_no_maker(
    census: sqlite3.Connection,
) -> None:
    counted = census.execute(
        """
        select count(*)
        from models as m
        inner join labs as l on m.base_lab = l.id
        where l.role = 'repackager'
        """
    ).fetchone()
    assert counted == (0,)
