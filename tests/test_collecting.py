"""A day's run: what is written, what becomes of models that move or go, what the command says."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hub_data import (
    MONDAY,
    NAMESPACES,
    TUESDAY,
    WEDNESDAY,
    content_of,
    days,
    fill,
    make_data,
    metadata,
    noon,
    observed,
    register,
    rows_of,
    run,
    settings,
)
from hub_faults import error, hold
from hub_server import HubServer

from census.base.csv_files import DataError
from census.base.file_changes import BusyError
from census.collect.collecting import TODAY, RefusedDayError, accept, collect


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_data(tmp_path)


def test_writes_the_day_the_models_and_the_manifest(data: Path):
    with HubServer() as hub:
        fill(hub)
        hub.add_model("Qwen/new", downloads=5, downloadsAllTime=7, likes=0)
        collected = run(data, hub)
    assert (collected.written, collected.models, len(collected.new)) == (True, 25, 25)
    assert observed(data, MONDAY)["Qwen/new"][2:] == (5, 7, 0)
    assert days(data) == ["hub/2026/2026-05-18.csv"]
    manifest = rows_of(data / "observations/manifest.csv")[0]
    assert manifest["date_basis"] == TODAY
    assert manifest["source_url"] == f"{hub.url}/api/models"
    assert manifest["retrieved_at"] == "2026-05-18T12:00:00Z"
    line = metadata(data)["Qwen/new"]
    assert (line.status, line.source, line.seen_on) == ("listed", "hub", "2026-05-18")
    assert (line.license, line.parameters) == ("apache-2.0", 7615616512)


def test_needs_one_request_a_namespace_and_page(tmp_path: Path):
    owners = {f"org-{number}": "lab" for number in range(120)}
    data = make_data(tmp_path, owners)
    with HubServer() as hub:
        fill(hub, 21, owners)
        run(data, hub)
        first = len(hub.requests)
        run(data, hub, TUESDAY)
        second = len(hub.requests) - first
    assert len(observed(data, TUESDAY)) == 2520
    assert max(first, second) < 150


def test_retired_namespaces_are_not_asked_for(data: Path):
    register(data, {**NAMESPACES, "THUDM": "zhipu"}, {"THUDM": "zai-org"})
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
    assert hub.counted("author=THUDM") == 0
    assert hub.counted("author=zai-org") == 1


def test_the_same_day_again_changes_nothing_and_asks_nothing(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        before, asked = content_of(data), len(hub.requests)
        hub.models["Qwen/model-0000"]["downloads"] = 9
        again = run(data, hub)
    assert not again.written
    assert content_of(data) == before
    assert len(hub.requests) == asked


def test_a_day_is_replaced_with_a_reason_only_and_the_ledger_says_so(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        hub.models["Qwen/model-0000"]["downloads"] = 9
        run(data, hub, replace="the Hub counted wrongly until noon")
    assert observed(data, MONDAY)["Qwen/model-0000"].downloads_30d == 9
    entry = rows_of(data / "quality_ledger.csv")[0]
    assert (entry["kind"], entry["from"], entry["to"]) == ("replaced", "2026-05-18", "2026-05-18")
    assert (entry["models"], entry["reason"]) == ("24", "the Hub counted wrongly until noon")


def test_a_replaced_day_is_compared_with_the_day_before_it_and_not_with_itself(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        for number in range(10):
            hub.add_model(f"Qwen/mistaken-{number}")
        run(data, hub, TUESDAY)
        for number in range(10):
            del hub.models[f"Qwen/mistaken-{number}"]
        run(data, hub, TUESDAY, replace="ten models were listed by mistake")
    assert len(observed(data, TUESDAY)) == 24


def test_the_next_day_appends(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        monday = content_of(data)["observations/hub/2026/2026-05-18.csv"]
        hub.models["Qwen/model-0000"]["downloadsAllTime"] += 50
        hub.add_model("Qwen/brand-new")
        tuesday = run(data, hub, TUESDAY)
    assert days(data) == ["hub/2026/2026-05-18.csv", "hub/2026/2026-05-19.csv"]
    assert content_of(data)["observations/hub/2026/2026-05-18.csv"] == monday
    assert tuesday.new == ["Qwen/brand-new"]


def test_a_day_before_the_newest_is_not_faked(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub, TUESDAY)
        asked = len(hub.requests)
        with pytest.raises(DataError, match="cannot collect 2026-05-18: the Hub gives today's"):
            run(data, hub)
    assert len(hub.requests) == asked


def test_a_day_that_is_not_the_day_of_asking_says_so(data: Path):
    with HubServer() as hub:
        fill(hub)
        collect(data, settings(hub), MONDAY, now=noon(WEDNESDAY))
    assert "asked on 2026-05-20" in rows_of(data / "observations/manifest.csv")[0]["date_basis"]


def test_a_namespace_renamed_in_the_registry_keeps_its_models_and_their_history(data: Path):
    with HubServer() as hub:
        fill(hub, 3)
        run(data, hub)
        for name in [name for name in hub.models if name.startswith("zai-org/")]:
            hub.rename(name, name.replace("zai-org", "z-ai"))
        register(data, {**NAMESPACES, "z-ai": "zhipu"}, {"zai-org": "z-ai"})
        collected = run(data, hub, TUESDAY)
    assert collected.renamed["zai-org/model-0000"] == "z-ai/model-0000"
    ids = {name: row.hub_id for name, row in observed(data, MONDAY).items()}
    assert observed(data, TUESDAY)["z-ai/model-0000"].hub_id == ids["zai-org/model-0000"]
    assert "zai-org/model-0000" not in metadata(data)
    # The namespace's own row says it for all of them.
    assert rows_of(data / "model_aliases.csv") == []


@pytest.mark.parametrize(("how", "status"), [("gone", "gone"), ("disabled", "disabled")])
def test_models_that_are_explained_get_a_status_and_no_observation(
    data: Path, how: str, status: str
):
    with HubServer() as hub:
        fill(hub, 9)
        run(data, hub)
        names = [f"Qwen/model-000{number}" for number in range(8)]
        for name in names:
            hub.hide(name, how)
        collected = run(data, hub, TUESDAY)
    assert collected.unlisted == dict.fromkeys(names, status)
    assert not set(names) & set(observed(data, TUESDAY))
    assert {metadata(data)[name].status for name in names} == {status}
    assert metadata(data)["Qwen/model-0008"].status == "listed"


def test_a_private_or_gated_model_gets_a_status_never_a_zero(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        hub.hide("Qwen/model-0000", "private-listed")
        hub.hide("Qwen/model-0001", "gated")
        run(data, hub, TUESDAY)
    assert metadata(data)["Qwen/model-0000"].status == "private"
    assert metadata(data)["Qwen/model-0001"].status == "private"
    assert "Qwen/model-0000" not in observed(data, TUESDAY)
    assert 0 not in {row.downloads_30d for row in observed(data, TUESDAY).values()}


def test_a_renamed_model_keeps_its_line_and_its_old_name_becomes_an_alias(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        asked = len(hub.requests)
        hub.rename("facebook/model-0000", "meta-llama/opt")
        collected = run(data, hub, TUESDAY)
    assert collected.renamed == {"facebook/model-0000": "meta-llama/opt"}
    alias = rows_of(data / "model_aliases.csv")[0]
    assert (alias["alias"], alias["model_id"]) == ("facebook/model-0000", "meta-llama/opt")
    assert alias["source_url"] == "https://huggingface.co/meta-llama/opt"
    assert "facebook/model-0000" not in metadata(data)
    assert metadata(data)["meta-llama/opt"].status == "listed"
    # The id explains it; nobody has to be asked.
    assert len(hub.requests) - asked == len(NAMESPACES)


def test_a_model_that_moved_to_an_unregistered_namespace_is_gone_from_ours(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        hub.rename("Qwen/model-0000", "somebody/model")
        run(data, hub, TUESDAY)
    assert metadata(data)["Qwen/model-0000"].status == "gone"
    assert "somebody/model" not in observed(data, TUESDAY)


def test_a_model_that_moves_between_two_lists_counts_once_under_its_new_name(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        old = hub.models["facebook/model-0000"]
        hub.add_model("meta-llama/opt", _id=old["_id"])
        run(data, hub, TUESDAY)
        hub.models["Qwen/moved"] = {**hub.models["zai-org/model-0001"], "id": "Qwen/moved"}
        run(data, hub, WEDNESDAY)
    assert "facebook/model-0000" not in observed(data, TUESDAY)
    assert "meta-llama/opt" in observed(data, TUESDAY)
    assert "zai-org/model-0001" not in observed(data, WEDNESDAY)
    assert "Qwen/moved" in observed(data, WEDNESDAY)


def test_counts_that_fall_are_written_and_flagged(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        for name, count in (("Qwen/model-0000", 1), ("Qwen/model-0001", 990)):
            hub.models[name]["downloadsAllTime"] = count
        hub.models["Qwen/model-0002"]["downloads"] = 0
        collected = run(data, hub, TUESDAY)
    assert collected.falls == 2
    assert observed(data, TUESDAY)["Qwen/model-0000"].downloads_all_time == 1
    assert observed(data, TUESDAY)["Qwen/model-0002"].downloads_30d == 0
    entries = rows_of(data / "quality_ledger.csv")
    assert [(entry["kind"], entry["from"], entry["models"]) for entry in entries] == [
        ("fall", "2026-05-19", "2")
    ]
    assert "Qwen/model-0000: 1001 to 1" in entries[0]["reason"]


def test_unknown_extra_fields_are_ignored(data: Path):
    with HubServer() as hub:
        fill(hub)
        hub.models["Qwen/model-0000"].update({"x-new": {"deep": [1]}, "x-downloads": -5})
        run(data, hub)
    assert len(observed(data, MONDAY)) == 24


def test_two_runs_at_once_cannot_both_write(data: Path):
    answered = threading.Event()
    with HubServer() as hub, ThreadPoolExecutor(1) as pool:
        fill(hub)
        hub.fail("author=Qwen", hold(answered))
        first = pool.submit(run, data, hub)
        hub.asked.wait()
        with pytest.raises(BusyError, match="another run"):
            run(data, hub)
        answered.set()
        assert first.result().written
    assert days(data) == ["hub/2026/2026-05-18.csv"]
    assert hub.counted("author=Qwen") == 1


def test_models_that_no_list_has_are_asked_for_a_few_a_day(data: Path):
    columns = "model_id,hub_id,created_at,last_modified,pipeline_tag,library_name,license,gated"
    columns += ",parameters,base_models,status,source,seen_on"
    lines = [f"Qwen/old-{number:02},,,,,,,,,,,modelpulse,2025-01-01" for number in range(30)]
    moved = "zai-org/former,,2023-01-01,,,,,,,,,modelpulse,2025-01-01"
    (data / "models.csv").write_text("\n".join([columns, *lines, moved, ""]))
    with HubServer() as hub:
        fill(hub)
        hub.renamed["zai-org/former"] = "zai-org/model-0003"
        run(data, hub)
        assert hub.counted("/api/models/Qwen") == 20
        run(data, hub, TUESDAY)
        run(data, hub, WEDNESDAY)
    assert hub.counted("/api/models/Qwen") == 30
    assert {metadata(data)[f"Qwen/old-{number:02}"].status for number in range(30)} == {"gone"}
    assert rows_of(data / "model_aliases.csv")[0]["alias"] == "zai-org/former"
    assert "modelpulse" in metadata(data)["zai-org/model-0003"].source


def rename_case(hub: HubServer) -> None:
    """Rename the namespace Qwen to qwen, with all its models."""
    for name in [name for name in hub.models if name.startswith("Qwen/")]:
        hub.rename(name, name.replace("Qwen/", "qwen/"))


def test_a_namespace_renamed_in_case_only_is_collected_where_the_hub_lists_it(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        rename_case(hub)
        hub.authors_in_any_case = True
        collected = run(data, hub, TUESDAY)
    assert (collected.models, collected.new, collected.renamed) == (24, [], {})
    assert "qwen/model-0000" in observed(data, TUESDAY)
    assert "qwen/model-0000" in metadata(data)
    assert "Qwen/model-0000" not in metadata(data)
    assert rows_of(data / "model_aliases.csv") == []


def test_a_namespace_renamed_in_case_only_can_be_written_down(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        rename_case(hub)
        said = "Qwen/model-0000 is now qwen/model-0000.*if only its case changed, correct its"
        with pytest.raises(RefusedDayError, match=said):
            run(data, hub, TUESDAY)
        register(
            data, {("qwen" if name == "Qwen" else name): NAMESPACES[name] for name in NAMESPACES}
        )
        collected = run(data, hub, TUESDAY)
    assert (collected.models, collected.new, collected.unlisted) == (24, [], {})
    assert "qwen/model-0000" in observed(data, TUESDAY)
    assert len(metadata(data)) == 24
    assert rows_of(data / "model_aliases.csv") == []


def test_a_day_that_has_not_come_is_refused_and_blocks_nothing(data: Path):
    with HubServer() as hub:
        fill(hub)
        with pytest.raises(DataError, match="2026-05-19 is in the future; today is 2026-05-18"):
            collect(data, settings(hub), TUESDAY, now=noon(MONDAY))
        assert hub.requests == []
        assert days(data) == []
        run(data, hub, MONDAY)
    assert days(data) == ["hub/2026/2026-05-18.csv"]


def test_a_refused_day_that_has_not_come_is_not_admitted(data: Path):
    with HubServer() as hub:
        fill(hub)
        hub.fail("author=Qwen", error(500))
        with pytest.raises(RefusedDayError) as refused:
            run(data, hub, TUESDAY)
    with pytest.raises(DataError, match="is in the future"):
        accept(data, refused.value.path, "sound", now=noon(MONDAY))
    assert days(data) == []
