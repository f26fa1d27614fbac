"""A day's lists beside the day before, rule by rule: what is missing, explained, absent, fallen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hub_data import make_data

from census.base.csv_files import Problem
from census.collect.comparing import (
    BATCH,
    absent_reasons,
    allowed_missing,
    ask_missing,
    check_listings,
    compare,
    fallen_counts,
    is_explained,
    missing_by_lab,
    missing_reasons,
    vanished_models,
    vanished_reasons,
)
from census.collect.hub import HubModel, Listing, ModelAnswer
from census.inputs.registry import Registry, load_registry
from census.store.observations import Observation

DAY = "2026-05-19"
OWNERS = {"Qwen": "qwen", "QwenLM": "qwen", "zai-org": "zhipu"}


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """Two labs, one of them with two namespaces."""
    problems: list[Problem] = []
    found = load_registry(make_data(tmp_path, OWNERS), problems)
    assert problems == []
    return found


def id_of(number: int) -> str:
    """Return an id of the Hub."""
    return f"{number:024x}"


def raw(name: str, number: int, **counts: Any) -> dict[str, Any]:
    """Return a model as the Hub lists it."""
    return {"id": name, "_id": id_of(number), "downloads": 1, "downloadsAllTime": 2, **counts}


def seen(name: str, number: int | None, all_time: int | None = 2) -> Observation:
    """Return an observation of the day before."""
    return Observation(name, None if number is None else id_of(number), 1, all_time, 0)


def models_of(*listed: dict[str, Any]) -> dict[str, HubModel]:
    """Return the checked models of lists without a fault."""
    spaces = dict.fromkeys(str(one["id"]).split("/")[0] for one in listed)
    listings = [
        Listing(space, [one for one in listed if one["id"].startswith(f"{space}/")])
        for space in spaces
    ]
    checked = check_listings(listings, {}, DAY)
    assert checked.reasons == []
    return checked.models


def test_a_model_moved_while_the_lists_were_read_has_its_new_name() -> None:
    old, new = raw("Qwen/a", 1), raw("QwenLM/a", 1)
    for listings in (
        [Listing("Qwen", [old]), Listing("QwenLM", [new])],
        [Listing("QwenLM", [new]), Listing("Qwen", [old])],
    ):
        checked = check_listings(listings, {id_of(1): "Qwen/a"}, DAY)
        assert [model.metadata.model_id for model in checked.models.values()] == ["QwenLM/a"]
        assert checked.reasons == []


def test_of_two_new_names_the_first_is_kept() -> None:
    listings = [Listing("Qwen", [raw("Qwen/b", 1)]), Listing("QwenLM", [raw("QwenLM/c", 1)])]
    checked = check_listings(listings, {id_of(1): "zai-org/a"}, DAY)
    assert [model.metadata.model_id for model in checked.models.values()] == ["Qwen/b"]


def test_a_name_with_two_ids_is_a_fault_and_the_first_stays() -> None:
    listed = [raw("Qwen/a", 1), raw("Qwen/a", 2), raw("Qwen/b", 3)]
    checked = check_listings([Listing("Qwen", listed)], {}, DAY)
    assert checked.reasons == ["Qwen: lists Qwen/a with two ids"]
    assert list(checked.models) == [id_of(1), id_of(3)]
    assert checked.faulty == set()


def test_faults_of_a_namespace_are_one_reason_that_counts_the_others() -> None:
    listed = [raw("Qwen/a", 1, downloads=-1), raw("Qwen/b", 2, downloads="many"), {"id": "x y"}]
    checked = check_listings([Listing("Qwen", listed)], {}, DAY)
    (reason,) = checked.reasons
    assert reason.startswith("Qwen: Qwen/a: downloads: ")
    assert reason.endswith(" (and 2 more of this namespace)")
    assert checked.faulty == {id_of(1), id_of(2)}
    assert checked.models[id_of(1)].observation.downloads_30d is None
    assert checked.models[id_of(1)].observation.downloads_all_time == 2


def test_two_faults_of_a_namespace_are_one_and_one_more() -> None:
    listed = [raw("Qwen/a", 1, downloads=-1), raw("Qwen/b", 2, downloads=-1)]
    (reason,) = check_listings([Listing("Qwen", listed)], {}, DAY).reasons
    assert reason.endswith(" (and 1 more of this namespace)")


def test_a_list_with_an_error_is_a_reason_and_not_complete(registry: Registry) -> None:
    listings = [Listing("Qwen", [], "500"), Listing("QwenLM", []), Listing("zai-org", [])]
    before = [seen("Qwen/a", 1), seen("QwenLM/b", 2), seen("qwenlm/c", 3), seen("gone/d", 4)]
    compared = compare(listings, before, registry, DAY)
    assert compared.checked.reasons == ["Qwen: 500"]
    # Nothing was listed of zai-org the day before either.
    assert compared.lost == {"QwenLM": ["QwenLM/b", "qwenlm/c"]}
    assert compared.complete == {"zai-org"}
    assert compared.missing == {}
    assert compared.models_per_lab == {"qwen": 3}


def test_a_namespace_that_lists_something_or_failed_has_not_vanished() -> None:
    before = [seen("Qwen/a", 1), seen("QwenLM/b", 2), seen("zai-org/c", 3)]
    listings = [Listing("Qwen", [raw("Qwen/z", 9)]), Listing("QwenLM", [], "429")]
    assert vanished_models([*listings, Listing("zai-org")], before) == {"zai-org": ["zai-org/c"]}


def test_models_are_missed_by_their_id_and_without_one_by_their_name(registry: Registry) -> None:
    models = models_of(raw("Qwen/new-name", 1), raw("Qwen/KEPT", 2))
    before = [
        seen("Qwen/old-name", 1),
        seen("Qwen/kept", None),
        seen("Qwen/other", None),
        # Its id is another one today, so it is another model under the same name.
        seen("Qwen/kept", 3),
    ]
    before[:0] = [seen("zai-org/not-listed", 4), seen("unregistered/model", 5)]
    assert missing_by_lab(before, models, {"Qwen"}, registry) == {
        "qwen": ["Qwen/other", "Qwen/kept"]
    }


@pytest.mark.parametrize(
    ("models", "allowed"), [(0, 4), (12, 4), (99, 4), (100, 5), (119, 5), (120, 6)]
)
def test_four_models_or_five_percent_may_be_missing(models: int, allowed: int) -> None:
    assert allowed_missing(models) == allowed


@pytest.mark.parametrize(
    ("answer", "explained"),
    [
        (ModelAnswer("Qwen/a", "gone"), True),
        (ModelAnswer("Qwen/a", "private"), True),
        (ModelAnswer("Qwen/a", "disabled"), True),
        (ModelAnswer("Qwen/a", "", note="no answer"), False),
        (ModelAnswer("Qwen/a", "listed", raw("Qwen/A", 1)), False),
        (ModelAnswer("Qwen/a", "listed", raw("QwenLM/a", 1)), True),
    ],
)
def test_what_explains_that_a_model_is_missing(answer: ModelAnswer, explained: bool) -> None:
    assert is_explained(answer) is explained


def test_models_are_asked_for_until_it_is_certain_that_a_list_is_wrong() -> None:
    asked: list[Sequence[str]] = []

    def ask(names: Sequence[str]) -> list[ModelAnswer]:
        asked.append(names)
        # The first four are still there: as many as may be missing.
        return [ModelAnswer(name, "" if int(name[-2:]) < 4 else "gone") for name in names]

    names = [f"Qwen/{number:02}" for number in range(2 * BATCH + 1)]
    answers = ask_missing({"qwen": names}, {"qwen": 50}, ask)
    assert [len(batch) for batch in asked] == [BATCH, BATCH, 1]
    assert [answer.name for answer in answers] == names

    def deny(names: Sequence[str]) -> list[ModelAnswer]:
        asked.append(names)
        return [ModelAnswer(name, "") for name in names]

    asked.clear()
    answers = ask_missing({"qwen": names, "zhipu": ["zai-org/a"]}, {"qwen": 50, "zhipu": 9}, deny)
    assert [len(batch) for batch in asked] == [BATCH, 1]
    assert answers[-1].name == "zai-org/a"


def test_labs_with_more_missing_than_allowed_are_told_with_their_namespaces(
    registry: Registry,
) -> None:
    names = [f"Qwen/{number}" for number in range(4)] + ["QwenLM/x", "QwenLM/y"]
    missing = {"zhipu": ["zai-org/a", "zai-org/b", "zai-org/c", "zai-org/d"], "qwen": names}
    answers = [ModelAnswer("Qwen/0", "gone"), ModelAnswer("Qwen/1", "", note="no answer")]
    assert missing_reasons(missing, {"qwen": 50, "zhipu": 4}, answers, registry) == [
        "Qwen, QwenLM: 5 of the 50 models of Qwen of the day before are missing without"
        " explanation, for example Qwen/1"
    ]
    answers.append(ModelAnswer("Qwen/2", "private"))
    assert missing_reasons(missing, {"qwen": 50, "zhipu": 4}, answers, registry) == []


def test_a_vanished_namespace_says_where_its_first_models_are() -> None:
    names = ["a/1", "a/2", "a/3", "a/4"]
    answers = [
        ModelAnswer("a/1", "listed", raw("b/1", 1)),
        ModelAnswer("a/2", "listed", raw("a/2", 2)),
        ModelAnswer("a/3", "gone"),
        ModelAnswer("a/4", "gone"),
    ]
    (reason,) = vanished_reasons({"a": names}, answers)
    assert reason.startswith(
        "a: lists no model; it had 4 the day before (a/1 is now b/1; a/3 is gone). If it was"
    )
    (unasked,) = vanished_reasons({"a": names}, [ModelAnswer("a/1", "", note="no answer")])
    assert "the day before. If it was renamed" in unasked


@pytest.mark.parametrize(("absent", "worst"), [(1, "zai-org"), (3, "Qwen")])
def test_counts_absent_for_a_tenth_are_told_with_the_worst_namespace(
    absent: int, worst: str
) -> None:
    listed = [raw(f"Qwen/{number}", number) for number in range(9)] + [raw("zai-org/z", 99)]
    for one in listed[-absent:]:
        one["downloads"] = None
    (reason,) = absent_reasons(models_of(*listed).values())
    assert reason.startswith(f"{worst}: downloads_30d is absent for {absent} of all 10 models")


def test_counts_absent_for_less_than_a_tenth_are_none_of_a_reason() -> None:
    listed = [raw(f"Qwen/{number}", number) for number in range(11)]
    listed[0]["downloadsAllTime"] = None
    assert absent_reasons(models_of(*listed).values()) == []
    assert absent_reasons([]) == []


def test_falls_are_of_known_counts_alone_the_largest_first() -> None:
    models = models_of(
        raw("Qwen/a", 1, downloadsAllTime=90),
        raw("Qwen/b", 2, downloadsAllTime=950),
        raw("Qwen/same", 3, downloadsAllTime=7),
        raw("Qwen/unknown", 4, downloadsAllTime=None),
        raw("Qwen/c", 5, downloadsAllTime=90),
        raw("Qwen/not-known-before", 6, downloadsAllTime=1),
    )
    before = [
        seen("Qwen/c", 5, 100),
        seen("Qwen/a", 1, 100),
        seen("Qwen/old", 2, 1000),
        seen("Qwen/same", 3, 7),
        seen("Qwen/unknown", 4, 100),
    ]
    before[:0] = [seen("Qwen/no-id", None, 100), seen("Qwen/not-known-before", 6, None)]
    assert fallen_counts(before, models) == [
        ("Qwen/b", 1000, 950),
        ("Qwen/a", 100, 90),
        ("Qwen/c", 100, 90),
    ]
