"""Refreshing the list of models: identity is the id, names and aliases follow it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from census.base.csv_files import Row
from census.base.names import NameDict
from census.collect.hub import HubModel, parse_model
from census.collect.model_list import RefreshedModels, alias_file, refresh
from census.inputs.models import ModelMetadata
from census.inputs.registry import Registry
from census.inputs.registry_files import ALIASES_FILE

DAY = "2026-05-20"
IDS = {letter: letter * 24 for letter in "abcdef"}


def listed(name: str, letter: str = "a", **fields: Any) -> HubModel:
    """Return a model as the Hub lists it."""
    raw = {"_id": IDS[letter], "id": name, "tags": [], "downloads": 1, "downloadsAllTime": 2}
    return parse_model({**raw, **fields}, name.split("/")[0], DAY)


def known(name: str, letter: str = "", **fields: Any) -> ModelMetadata:
    """Return a line of models.csv."""
    line = ModelMetadata(name, IDS.get(letter, ""), source="modelpulse", seen_on="2025-01-01")
    return replace(line, **fields)


def registry(
    aliases: dict[str, str] | None = None, retired: dict[str, str] | None = None
) -> Registry:
    """Return a registry of namespaces a to c."""
    rows = NameDict(
        (
            name,
            Row(
                {"namespace": name, "lab": "x", "renamed_to": (retired or {}).get(name, "")}, "", 0
            ),
        )
        for name in ("a", "b", "c")
    )
    named = NameDict(
        (
            alias,
            Row(
                dict(zip(ALIASES_FILE.columns, (alias, name, "old", "https://x"), strict=True)),
                "",
                0,
            ),
        )
        for alias, name in (aliases or {}).items()
    )
    return Registry({}, {}, rows, {}, named, {})


def update(
    lines: list[ModelMetadata],
    models: list[HubModel],
    moved: dict[str, str] | None = None,
    statuses: dict[str, str] | None = None,
    names: Registry | None = None,
) -> RefreshedModels:
    """Refresh on `DAY`."""
    return refresh(lines, models, moved or {}, statuses or {}, names or registry(), DAY)


def aliases(refreshed: RefreshedModels) -> dict[str, str]:
    """Return the aliases after a refresh."""
    return {alias["alias"]: alias["model_id"] for alias in refreshed.aliases}


def names(refreshed: RefreshedModels) -> list[str]:
    """Return the models after a refresh."""
    return [model.model_id for model in refreshed.models]


def test_a_new_model_is_added():
    refreshed = update([], [listed("a/one")])
    assert names(refreshed) == refreshed.new == ["a/one"]
    assert refreshed.models[0].source == "hub"


def test_what_the_hub_does_not_say_stays_as_it_was_known():
    line = known("a/one", pipeline_tag="text-generation", created_at="2024-01-01", parameters=7)
    model = update([line], [listed("a/one", library_name="vllm")]).models[0]
    assert (model.pipeline_tag, model.created_at, model.parameters) == (
        "text-generation",
        "2024-01-01",
        7,
    )
    assert (model.library_name, model.hub_id) == ("vllm", IDS["a"])
    assert (model.source, model.seen_on) == ("hub modelpulse", DAY)


@pytest.mark.parametrize(("tags", "licence"), [([], ""), (None, "mit"), (["license:gpl"], "gpl")])
def test_a_licence_goes_with_the_tags_unless_the_tags_are_unknown(tags: object, licence: str):
    line = known("a/one", license="mit", base_models="merge:b/base")
    model = update([line], [listed("a/one", tags=tags)]).models[0]
    assert model.license == licence
    assert (model.base_models == "") is (tags is not None)


def test_a_renamed_model_is_found_by_its_id():
    refreshed = update([known("a/old", "a", license="mit")], [listed("b/new", tags=None)])
    assert names(refreshed) == ["b/new"]
    assert refreshed.models[0].license == "mit"
    assert refreshed.renamed == {"a/old": "b/new"}
    assert refreshed.new == []
    assert aliases(refreshed) == {"a/old": "b/new"}


def test_a_line_under_the_new_name_and_one_under_the_old_become_one():
    lines = [known("a/old", "a", license="mit"), known("b/new", created_at="2024-01-01")]
    refreshed = update(lines, [listed("b/new", tags=None)])
    assert names(refreshed) == ["b/new"]
    assert (refreshed.models[0].license, refreshed.models[0].created_at) == ("mit", "2024-01-01")


def test_two_models_that_swap_names_keep_their_lines():
    lines = [known("a/one", "a", parameters=1), known("a/two", "b", parameters=2)]
    refreshed = update(lines, [listed("a/two", "a"), listed("a/one", "b")])
    assert {model.model_id: model.parameters for model in refreshed.models} == {
        "a/one": 2,
        "a/two": 1,
    }
    # Each name means the model that has it today.
    assert aliases(refreshed) == {}


def test_a_name_with_another_id_is_a_model_made_anew():
    line = known("a/one", "a", created_at="2023-01-01", license="mit", parameters=5)
    refreshed = update([line], [listed("a/one", "b", createdAt="2026-01-01T00:00:00+00:00")])
    model = refreshed.models[0]
    assert (model.hub_id, model.created_at, model.parameters) == (IDS["b"], "2026-01-01", None)
    assert refreshed.recreated == ["a/one"]


def test_models_that_are_not_listed_get_a_status_and_keep_the_rest():
    lines = [known("a/gone", "a", license="mit", status="listed"), known("a/silent", "b")]
    refreshed = update(lines, [], statuses={"a/gone": "gone"})
    assert [model.status for model in refreshed.models] == ["gone", ""]
    assert (refreshed.models[0].license, refreshed.models[0].seen_on) == ("mit", "2025-01-01")


def test_a_model_that_comes_back_is_listed_again():
    assert update([known("a/one", "a", status="gone")], [listed("a/one")]).models[0].status == (
        "listed"
    )


def test_a_redirected_name_without_an_id_joins_the_model_it_became():
    refreshed = update(
        [known("a/former", parameters=9)], [listed("b/now")], moved={"a/former": "b/now"}
    )
    assert names(refreshed) == ["b/now"]
    assert refreshed.models[0].parameters == 9
    assert refreshed.models[0].source == "hub modelpulse"
    assert aliases(refreshed) == {"a/former": "b/now"}


def test_an_alias_of_a_renamed_model_follows_it():
    names_ = registry({"a/first": "a/second"})
    refreshed = update([known("a/second", "a")], [listed("a/third")], names=names_)
    assert aliases(refreshed) == {"a/first": "a/third", "a/second": "a/third"}


def test_a_model_renamed_back_is_no_alias_of_itself():
    names_ = registry({"a/one": "a/two"})
    refreshed = update([known("a/two", "a")], [listed("a/one")], names=names_)
    assert aliases(refreshed) == {"a/two": "a/one"}


def test_a_model_renamed_in_case_only_is_spelled_anew_and_needs_no_alias():
    refreshed = update(
        [known("a/Model", "a", license="mit"), known("a/other", created_at="2024-01-01")],
        [listed("A/model", "a", tags=None), listed("A/Other", "b", tags=None)],
        moved={"a/Model": "A/model"},
    )
    assert names(refreshed) == ["A/Other", "A/model"]
    assert [model.license for model in refreshed.models] == ["", "mit"]
    assert refreshed.models[0].created_at == "2024-01-01"
    assert refreshed.renamed == aliases(refreshed) == {}
    assert refreshed.new == []


def test_a_retired_namespace_needs_no_alias_for_each_model():
    names_ = registry(retired={"a": "b"})
    refreshed = update(
        [known("a/x", "a"), known("a/y", "b")],
        [listed("b/x"), listed("b/other", "b")],
        names=names_,
    )
    assert aliases(refreshed) == {"a/y": "b/other"}


def test_a_line_of_a_later_day_of_the_hub_stays():
    line = known("a/one", "a", license="mit", source="hub", seen_on="2026-06-01")
    assert update([line], [listed("a/one", tags=["license:gpl"])]).models == [line]


def test_the_alias_file_has_the_registry_columns():
    refreshed = update([known("a/old", "a")], [listed("b/new")])
    assert alias_file(refreshed.aliases).decode().splitlines() == [
        "alias,model_id,reason,source_url",
        f'a/old,b/new,"renamed on the Hub, seen on {DAY}",https://huggingface.co/b/new',
    ]
