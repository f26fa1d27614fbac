"""Collecting scores from Epoch AI: a list, each state of it a vintage of the day it was seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from score_servers import (
    EPOCH,
    LATER,
    NOW,
    data_without_lists,
    from_epoch,
    lists,
    recorded_epoch,
)
from web_server import (
    BUSY,
    ELSEWHERE,
    FORBIDDEN,
    PAGE,
    TOO_MANY,
    Answer,
    Fault,
    OneFile,
    cut,
    ended_early,
    replaced,
)

from census.channels.collecting import CollectorError
from census.channels.collectors.epoch import PATH


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return data_without_lists(tmp_path)


@pytest.fixture
def epoch() -> Iterator[OneFile]:
    with recorded_epoch() as running:
        yield running


def test_the_recorded_list_is_a_vintage(data: Path, epoch: OneFile) -> None:
    assert from_epoch(data, epoch) == (1, 22)
    ((day, scores),) = lists(data).items()
    assert day == NOW.date()
    assert scores["Kimi K3"] == {
        "source": "epoch-eci", "as_of": "2026-10-08", "name": "Kimi K3",
        "organisation": "Moonshot", "access": "Open weights (non-commercial)",
        "country": "China", "released_on": "2026-07-16", "hub_model": "",
        "value": "157.45", "low": "155.15", "high": "160.03", "votes": "",
    }  # fmt: skip
    assert scores["GPT-5"]["low"] == ""
    assert scores["Qwen2.5-Coder-14B"]["organisation"] == ""


def test_the_same_list_seen_again_writes_nothing(data: Path, epoch: OneFile) -> None:
    from_epoch(data, epoch)
    asked = len(epoch.asked)
    assert from_epoch(data, epoch) == (0, 0)
    assert len(epoch.asked) == asked
    assert from_epoch(data, epoch, LATER) == (0, 0)
    assert len(epoch.asked) == asked + 1
    epoch.content = EPOCH.replace(b"157.45", b"157.46")
    assert from_epoch(data, epoch, LATER) == (1, 22)
    first, second = (lists(data)[now.date()]["Kimi K3"]["value"] for now in (NOW, LATER))
    assert (first, second) == ("157.45", "157.46")


def test_columns_may_be_added_and_reordered(data: Path, epoch: OneFile) -> None:
    lines = EPOCH.decode().splitlines()
    epoch.content = "\n".join(f"{n},{line}" for n, line in enumerate(lines)).encode() + b"\n"
    assert from_epoch(data, epoch) == (1, 22)


@pytest.mark.parametrize("fault", [BUSY, TOO_MANY, PAGE, cut, ended_early])
def test_a_passing_fault_of_epoch_is_tried_again(data: Path, epoch: OneFile, fault: Fault) -> None:
    epoch.fail(fault)
    assert from_epoch(data, epoch) == (1, 22)


def twice(answer: Answer) -> Answer:
    status, headers, content = answer
    return status, headers, content + content.splitlines(keepends=True)[3]


OF_EPOCH: list[tuple[Fault, str]] = [
    (replaced("Model,", "Name,"), "no column 'Model'; there are Name,"),
    (replaced("eci_ci_low", "eci"), "no column 'eci'"),
    (replaced("Kimi K3,Kimi K3,157.45,", "Kimi K3,157.45,"), "line 4: 10 values; expected 11"),
    (twice, "line 24: Kimi K3 stands twice"),
    (replaced("157.45", "NaN"), "line 4: Kimi K3: eci 'NaN' is not a score from 0 to 10,000"),
    (replaced("157.45", "inf"), "eci 'inf' is not a score"),
    (replaced("157.45", "-157.45"), "eci '-157.45' is not a score"),
    (replaced("157.45", "1e9"), "eci '1e9' is not a score"),
    (replaced("157.45", "157450000"), "eci '157450000' is not a score"),
    (replaced("157.45", ""), "eci '' is not a score"),
    (replaced("155.15", "158.15"), "line 4: Kimi K3: the score 157.45 is not within 158.15 to"),
    (replaced("155.15", ""), "an interval needs both ends"),
    (replaced("2026-07-16", "2027-07-16"), "the day of release 2027-07-16 is to come"),
    (replaced("2026-07-16", "July 2026"), "Invalid isoformat"),
    (replaced("Kimi K3,", "=1+1,"), "'=1.1' is not the name of a model"),
    (replaced("Kimi K3,", '"Kimi\nK3",'), "is not the name of a model"),
    (replaced("Kimi K3,", '"Kimi K3,'), "line 18: "),
    (replaced("GPT-5,GPT-5,150.0", "GPT-5,GPT-5,151.0"), "GPT-5 is 151.0: the scale"),
    (replaced("Claude 3.5 Sonnet", "Claude 3.5 Sonnets"), "Claude 3.5 Sonnet is not there"),
    ((200, {}, b"Model\xff\n"), "not UTF-8 at byte 5"),
    ((200, {}, b"a" * 100_001), "the answer is too large"),
    (ELSEWHERE, "it answers 302"),
    (FORBIDDEN, "it answers 403"),
]


@pytest.mark.parametrize(("fault", "said"), OF_EPOCH)
def test_what_cannot_be_of_epoch_is_refused(
    data: Path, epoch: OneFile, fault: Fault, said: str
) -> None:
    epoch.fail(fault)
    with pytest.raises(CollectorError, match=said) as caught:
        from_epoch(data, epoch)
    assert str(caught.value).startswith("epoch-eci: ")
    assert f"{epoch.url}{PATH}" in str(caught.value)
    assert lists(data) == {}


def test_a_list_that_lost_models_is_refused_until_it_is_accepted(
    data: Path, epoch: OneFile
) -> None:
    from_epoch(data, epoch)
    epoch.content = b"".join(EPOCH.splitlines(keepends=True)[:-3])
    with pytest.raises(CollectorError, match="3 of 22 names are gone since 2026-10-08"):
        from_epoch(data, epoch, LATER)
    assert from_epoch(data, epoch, LATER, accept=True) == (1, 19)
