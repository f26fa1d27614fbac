"""What a refused run kept, and how it enters later."""

from __future__ import annotations

from pathlib import Path

import pytest
from hub_data import (
    TUESDAY,
    WEDNESDAY,
    content_of,
    days,
    fill,
    make_data,
    metadata,
    noon,
    observed,
    rows_of,
    run,
)
from hub_faults import error
from hub_server import HubServer

from census.base.csv_files import DataError
from census.collect.collecting import RefusedDayError, accept


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_data(tmp_path)


def test_a_refused_day_can_be_accepted_later_and_the_ledger_says_why(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        hub.fail("author=facebook", error(500), times=2)
        hub.models["Qwen/model-0000"]["downloadsAllTime"] = -7
        hub.models["Qwen/model-0001"]["downloadsAllTime"] = 5000
        with pytest.raises(RefusedDayError) as refused:
            run(data, hub, TUESDAY)
        hub.models["Qwen/model-0000"]["downloadsAllTime"] = 6000
        hub.models["Qwen/model-0001"]["downloadsAllTime"] = 6000
        run(data, hub, WEDNESDAY)
    accepted = accept(data, refused.value.path, "facebook was down", now=noon(WEDNESDAY))
    assert days(data) == [f"hub/2026/2026-05-{day}.csv" for day in (18, 19, 20)]
    tuesday = observed(data, TUESDAY)
    assert accepted.models == len(tuesday) == 18
    assert tuesday["Qwen/model-0000"].downloads_all_time is None
    assert tuesday["Qwen/model-0001"].downloads_all_time == 5000
    # What the Hub said of the models on a later day stays.
    assert {line.seen_on for line in metadata(data).values()} == {"2026-05-20"}
    entry = rows_of(data / "quality_ledger.csv")[0]
    assert (entry["kind"], entry["from"]) == ("accepted", "2026-05-19")
    assert entry["reason"].startswith("facebook was down (was refused: ")
    assert "facebook" in entry["reason"]
    assert (entry["models"], entry["recorded_on"]) == ("18", "2026-05-20")


def test_a_day_that_is_there_cannot_be_accepted_again(data: Path):
    with HubServer() as hub:
        fill(hub)
        run(data, hub)
        hub.fail("author=Qwen", error(500), times=2)
        with pytest.raises(RefusedDayError) as refused:
            run(data, hub, TUESDAY)
        run(data, hub, TUESDAY)
    before = content_of(data)
    with pytest.raises(DataError, match="2026-05-19 exist already"):
        accept(data, refused.value.path, "why not")
    assert content_of(data) == before


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 2}', "<html>", '{"format": 1}'])
def test_only_a_file_that_a_refused_run_kept_is_accepted(data: Path, text: str, tmp_path: Path):
    path = tmp_path / "some.json"
    path.write_text(text)
    with pytest.raises(DataError, match=r"some\.json: not a file that a refused run kept"):
        accept(data, path, "because")


def test_refused_runs_of_one_day_are_all_kept(data: Path):
    kept = []
    with HubServer() as hub:
        fill(hub)
        hub.fail("author=Qwen", error(500))
        for _ in range(2):
            with pytest.raises(RefusedDayError) as refused:
                run(data, hub)
            kept.append(refused.value.path)
    assert [path.name for path in kept] == ["2026-05-18-1.json", "2026-05-18-2.json"]
    assert len(list(kept[0].parent.iterdir())) == 4
