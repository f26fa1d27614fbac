"""What refuses a day: what the message says, what is kept, and that nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hub_data import (
    MONDAY,
    TUESDAY,
    content_of,
    days,
    fill,
    make_data,
    noon,
    observed,
    run,
    settings,
)
from hub_faults import Fault, body, cut_json, error, hang, html_page, reset, too_many
from hub_server import HubServer

from census.base.csv_files import DataError
from census.collect.collecting import RefusedDayError, collect

HOSTILE = (
    "<script>alert(1)</script>",
    "=HYPERLINK(0)",
    "'; drop table models; --",
    "a\x00\x1b[2J\r\nb",
    "x" * 100_000,
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_data(tmp_path)


FAULTS: list[tuple[str, Fault, str]] = [
    ("429", too_many(1), "429 Too Many Requests"),
    ("500", error(500), "500 Internal Server Error"),
    ("404", error(404), "404"),
    ("hang", hang, "no answer within 0.05 seconds"),
    ("reset", reset, "the connection broke"),
    ("cut JSON", cut_json, "the response is not a JSON list of models"),
    ("HTML", html_page, "the response is not a JSON list of models"),
    ("object", body({"models": []}), "the response is not a JSON list of models"),
    ("texts", body(["Qwen/one"]), "the response is not a JSON list of models"),
    ("no id", body([{"downloads": 1}]), "the response is not a JSON list of models"),
    ("bad date", body([{"id": "Qwen/a", "createdAt": 5}]), "the response is not a JSON list"),
]


@pytest.mark.parametrize(("fault", "said"), [row[1:] for row in FAULTS], ids=[r[0] for r in FAULTS])
def test_a_namespace_that_fails_refuses_the_day_and_keeps_the_rest(
    data: Path, fault: Fault, said: str
):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        before = content_of(data)
        hub.fail("author=Qwen", fault)
        with pytest.raises(RefusedDayError) as refused:
            run_quickly(data, hub)
    assert len(refused.value.reasons) == 1
    assert refused.value.reasons[0].startswith("Qwen: ")
    assert said in refused.value.reasons[0]
    assert content_of(data) == before
    kept = json.loads(refused.value.path.read_text())
    assert {one["namespace"]: len(one["models"]) for one in kept["listings"]} == {
        "Qwen": 0,
        "facebook": 6,
        "meta-llama": 6,
        "zai-org": 6,
    }
    report = refused.value.path.with_suffix(".md").read_text()
    assert "| Qwen | 6 | 0 |" in report
    assert f"--from {refused.value.path}" in report


def run_quickly(data: Path, hub: HubServer) -> None:
    """Collect Tuesday with a short time-out."""
    collect(data, settings(hub, timeout=0.05), now=noon(TUESDAY))


def test_a_namespace_that_vanishes_refuses_the_day_and_says_where_it_went(data: Path):
    with HubServer() as hub:
        fill(hub, 3)
        run(data, hub)
        for name in [name for name in hub.models if name.startswith("zai-org/")]:
            hub.rename(name, name.replace("zai-org", "z-ai"))
        with pytest.raises(RefusedDayError) as refused:
            run(data, hub, TUESDAY)
    reason = refused.value.reasons[0]
    assert reason.startswith("zai-org: lists no model; it had 3 the day before")
    assert "zai-org/model-0000 is now z-ai/model-0000" in reason
    assert "fill renamed_to in namespaces.csv" in reason


def take_off_the_list(hub: HubServer, namespace: str, number: int) -> list[str]:
    """Leave models out of the lists that the Hub still has."""
    names = [name for name in hub.models if name.startswith(f"{namespace}/")][:number]
    for name in names:
        hub.unlisted.add(name)
    return names


@pytest.mark.parametrize(
    ("models", "missing", "refused"),
    [(12, 4, False), (12, 5, True), (100, 5, False), (100, 6, True), (4, 3, False)],
)
def test_models_missing_without_explanation_refuse_the_day_from_five_and_five_percent_on(
    tmp_path: Path, models: int, missing: int, refused: bool
):
    data = make_data(tmp_path, {"Qwen": "qwen", "zai-org": "zhipu"})
    with HubServer() as hub:
        fill(hub, models, {"Qwen": "qwen", "zai-org": "zhipu"})
        run(data, hub)
        before = content_of(data)
        names = take_off_the_list(hub, "Qwen", missing)
        if refused:
            with pytest.raises(RefusedDayError) as raised:
                run(data, hub, TUESDAY)
            assert raised.value.reasons == [
                f"Qwen: {missing} of the {models} models of Qwen of the day before are missing"
                f" without explanation, for example {names[0]}"
            ]
            assert content_of(data) == before
        else:
            run(data, hub, TUESDAY)
            # The Hub has them when asked singly, so their counts are known.
            assert set(names) <= set(observed(data, TUESDAY))


def test_a_third_missing_is_noticed_without_asking_for_all_of_them(tmp_path: Path):
    data = make_data(tmp_path, {"Qwen": "qwen"})
    with HubServer() as hub:
        fill(hub, 300, {"Qwen": "qwen"})
        run(data, hub)
        take_off_the_list(hub, "Qwen", 100)
        asked = len(hub.requests)
        with pytest.raises(RefusedDayError, match="100 of the 300 models of Qwen"):
            run(data, hub, TUESDAY)
    assert len(hub.requests) - asked < 60


@pytest.mark.parametrize(("absent", "refused"), [(2, False), (3, True)])
@pytest.mark.parametrize("field", ["downloads", "downloadsAllTime"])
def test_counts_absent_for_a_tenth_of_the_models_refuse_the_day(
    data: Path, field: str, absent: int, refused: bool
):
    with HubServer() as hub:
        fill(hub)
        for number in range(absent):
            hub.models[f"Qwen/model-000{number}"][field] = None
        if refused:
            with pytest.raises(RefusedDayError, match=f"Qwen: .* is absent for {absent} of all 24"):
                run(data, hub)
            assert days(data) == []
        else:
            run(data, hub)
            assert None in observed(data, MONDAY)["Qwen/model-0000"]
            assert 0 not in observed(data, MONDAY)["Qwen/model-0000"]


@pytest.mark.parametrize("value", [-1, 10**30, "many", 1.5, True, [], "=1+1"])
def test_a_count_that_cannot_be_one_refuses_the_day(data: Path, value: object):
    with HubServer() as hub:
        fill(hub)
        hub.models["Qwen/model-0003"]["downloadsAllTime"] = value
        with pytest.raises(
            RefusedDayError, match="Qwen: Qwen/model-0003: downloadsAllTime: "
        ) as raised:
            run(data, hub)
    kept = json.loads(raised.value.path.read_text())
    listing = next(one for one in kept["listings"] if one["namespace"] == "Qwen")
    assert listing["models"][3]["downloadsAllTime"] == value


def test_many_impossible_counts_are_one_reason_and_not_missing_models_too(data: Path):
    with HubServer() as hub:
        fill(hub, 9)
        run(data, hub)
        for number in range(7):
            hub.models[f"Qwen/model-000{number}"]["downloads"] = "many"
        with pytest.raises(RefusedDayError) as refused:
            run(data, hub, TUESDAY)
    assert refused.value.reasons == [
        "Qwen: Qwen/model-0000: downloads: 'many' is not a whole number"
        " (and 6 more of this namespace)"
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=["html", "formula", "sql", "control", "long"])
def test_hostile_texts_do_not_reach_the_data(data: Path, text: str):
    with HubServer() as hub:
        fill(hub)
        record = hub.models["Qwen/model-0000"]
        record.update({"pipeline_tag": text, "library_name": text, "gated": text})
        record["tags"] = [text, f"license:{text}", f"base_model:finetune:{text}"]
        run(data, hub)
        everything = b"".join(content_of(data).values()).decode()
        assert text not in everything
        assert "script" not in everything
        hub.models[f"Qwen/{text}"] = {**record, "_id": "e" * 24, "id": f"Qwen/{text}"}
        before = content_of(data)
        with pytest.raises(RefusedDayError, match=r"Qwen: id .* is not a model name") as raised:
            run(data, hub, TUESDAY)
    assert content_of(data) == before
    report = raised.value.path.with_suffix(".md").read_text()
    assert "<script>" not in report
    assert len(str(raised.value)) < 2000


def test_every_reason_is_named_at_once(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        hub.fail("author=Qwen", error(500))
        hub.fail("author=meta-llama", html_page)
        hub.models["zai-org/model-0000"]["likes"] = -3
        with pytest.raises(RefusedDayError) as refused:
            run(data, hub, TUESDAY)
    assert [reason.split(":")[0] for reason in refused.value.reasons] == [
        "Qwen",
        "meta-llama",
        "zai-org",
    ]


def test_a_hub_without_any_model_refuses_the_first_day(data: Path):
    with HubServer() as hub, pytest.raises(RefusedDayError, match="no model in any of the 4"):
        run(data, hub)


def test_an_altered_day_before_stops_the_run(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        path = data / "observations/hub/2026/2026-05-18.csv"
        path.write_text(path.read_text().replace(",101,", ",1,"))
        with pytest.raises(DataError, match=r"2026-05-18\.csv: altered"):
            run(data, hub, TUESDAY)


def test_a_fault_in_an_origin_claim_does_not_cost_a_day_but_one_in_the_namespaces_does(data: Path):
    (data / "origin_claims.csv").write_text("nonsense\n")
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        (data / "namespaces.csv").write_text("nonsense\n")
        with pytest.raises(DataError, match=r"namespaces\.csv:1: columns are nonsense"):
            run(data, hub, TUESDAY)
