"""Collecting scores from the arena: a list, each publication a vintage of its own day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hub_faults import error, too_many
from hub_server import HubServer
from score_servers import (
    FILE,
    LATER,
    SOURCES,
    Rows,
    data_without_lists,
    from_arena,
    lists,
    publish,
    recorded_hub,
)

from census.channels.collecting import CollectorError
from census.channels.collectors.arena import LICENCE, REPOSITORY
from census.channels.score_files import read_score_files


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return data_without_lists(tmp_path)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    monkeypatch.setenv("HF_HUB_DISABLE_XET", "1")
    with recorded_hub(tmp_path) as running:
        yield running


def test_the_recorded_leaderboard_is_of_its_own_day(data: Path, hub: HubServer) -> None:
    assert from_arena(data, hub) == (1, 9)
    ((day, scores),) = lists(data).items()
    assert day == date(2026, 10, 2)
    assert scores["muse-spark-1.2 (xHigh)"]["access"] == "Proprietary"
    assert scores["deepseek-v4-pro"] == {
        "source": "arena-text", "as_of": "2026-10-02", "name": "deepseek-v4-pro",
        "organisation": "deepseek", "access": "MIT", "country": "", "released_on": "",
        "hub_model": "", "value": "1450.9975108009407", "low": "1447.109109414864",
        "high": "1454.8859121870175", "votes": "57478",
    }  # fmt: skip
    ((file, _),) = read_score_files(data, SOURCES, [])
    assert file.commit == "0" * 39 + "1"
    assert file.source_url == f"{hub.url}/datasets/{REPOSITORY}/blob/{file.commit}/{FILE}"


def test_a_new_publication_is_a_new_day_and_the_same_one_nothing(
    data: Path, hub: HubServer, tmp_path: Path
) -> None:
    from_arena(data, hub)
    assert from_arena(data, hub, LATER) == (0, 0)

    def next_day(rows: Rows) -> Rows:
        return [{**row, "leaderboard_publish_date": "2026-10-09"} for row in rows]

    publish(hub, tmp_path, next_day)
    assert from_arena(data, hub, LATER) == (1, 9)
    assert sorted(lists(data)) == [date(2026, 10, 2), date(2026, 10, 9)]
    publish(
        hub, tmp_path, lambda rows: [{**r, "leaderboard_publish_date": "2026-09-01"} for r in rows]
    )
    with pytest.raises(CollectorError, match="its day 2026-09-01 is before 2026-10-09"):
        from_arena(data, hub, datetime(2026, 10, 10, tzinfo=UTC))


@pytest.mark.parametrize("path", [r"^/api/datasets/", r"^/datasets/"])
@pytest.mark.parametrize("fault", [error(503), too_many(0)])
def test_a_passing_fault_of_the_hub_is_tried_again(
    data: Path, hub: HubServer, path: str, fault: Any
) -> None:
    hub.fail(path, fault, times=1)
    assert from_arena(data, hub) == (1, 9)


def first(**fields: Any) -> Callable[[Rows], Rows]:
    return lambda rows: [{**rows[0], **fields}, *rows[1:]]


def without(column: str) -> Callable[[Rows], Rows]:
    return lambda rows: [{k: v for k, v in row.items() if k != column} for row in rows]


NAMED = "gemini-4-argon-high"


OF_ARENA: list[tuple[Callable[[Rows], Rows], str]] = [
    (without("rating_lower"), "no column 'rating_lower'; there are"),
    (without("category"), "no column 'category'"),
    (lambda rows: [*rows[:-1], rows[0], rows[-1]], f"{NAMED} stands twice"),
    (lambda rows: rows[-1:], "0 rows of overall"),
    (first(rating=None), f"{NAMED}: rating 'None' is not a score"),
    (first(rating=-5.0), f"{NAMED}: rating '-5.0' is not a score"),
    (first(rating=1e9), "is not a score from 0 to 10,000"),
    (first(rating=1600.0), f"{NAMED}: the score 1600.0 is not within"),
    (first(rating_upper=None), "rating_upper 'None' is not a score"),
    (first(vote_count=-1.0), "vote_count -1.0 is not a whole number"),
    (first(vote_count=4.5), "vote_count 4.5 is not a whole number"),
    (first(vote_count=1e12), "is not a whole number from 0 to"),
    (first(rank=99.0), "rank 99.0 is not a whole number from 0 to 9"),
    (first(rank=0.0), "rank 0.0 is not from 1"),
    (first(model_name="=cmd()"), "is not the name of a model"),
    (first(model_name=""), "is not the name of a model"),
    (first(leaderboard_publish_date="2026-10-03"), "rows of 2 days of publication"),
    (
        lambda rows: [{**row, "leaderboard_publish_date": "2026-12-01"} for row in rows],
        "the day of publication 2026-12-01 is to come",
    ),
]


@pytest.mark.parametrize(("change", "said"), OF_ARENA)
def test_what_cannot_be_of_the_arena_is_refused(
    data: Path, hub: HubServer, tmp_path: Path, change: Callable[[Rows], Rows], said: str
) -> None:
    publish(hub, tmp_path, change)
    with pytest.raises(CollectorError, match=said) as caught:
        from_arena(data, hub)
    assert str(caught.value).startswith("arena-text: ")
    assert f"{hub.url}/datasets/{REPOSITORY}/blob/main/{FILE}" in str(caught.value)
    assert lists(data) == {}


@pytest.mark.parametrize(
    ("value", "said"), [("nan", "rating 'nan'"), ("inf", "rating 'inf'"), ("-inf", "'-inf'")]
)
def test_no_number_is_no_score(
    data: Path, hub: HubServer, tmp_path: Path, value: str, said: str
) -> None:
    path, out = tmp_path / "rows.parquet", tmp_path / "nan.parquet"
    duckdb.sql(
        f"copy (select * replace ('{value}'::double as rating) from read_parquet('{path}'))"
        f" to '{out}'"
    )
    hub.add_commit(REPOSITORY, "2026-10-03T10:00:00.000Z", {FILE: out.read_bytes()})
    with pytest.raises(CollectorError, match=said):
        from_arena(data, hub)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"<!DOCTYPE html>", "arena-text: "), (b"", "expected 1 to"), (b"PAR1" * 99, "arena-text: ")],
)
def test_a_file_that_is_no_parquet_is_refused(
    data: Path, hub: HubServer, content: bytes, said: str
) -> None:
    hub.add_commit(REPOSITORY, "2026-10-03T10:00:00.000Z", {FILE: content})
    with pytest.raises(CollectorError, match=said):
        from_arena(data, hub)
    assert lists(data) == {}


def test_a_parquet_that_was_cut_is_refused(data: Path, hub: HubServer, tmp_path: Path) -> None:
    content = (tmp_path / "rows.parquet").read_bytes()
    hub.add_commit(REPOSITORY, "2026-10-03T10:00:00.000Z", {FILE: content[: len(content) // 2]})
    with pytest.raises(CollectorError, match="arena-text: "):
        from_arena(data, hub)


def test_another_licence_or_no_file_or_no_data_set_is_refused(data: Path, hub: HubServer) -> None:
    hub.tags[REPOSITORY] = ["license:other"]
    with pytest.raises(CollectorError, match=f"not tagged {LICENCE} any more"):
        from_arena(data, hub)
    hub.tags[REPOSITORY] = [LICENCE]
    hub.add_commit(REPOSITORY, "2026-10-03T10:00:00.000Z", {"README.md": b"moved"})
    with pytest.raises(CollectorError, match="arena-text: "):
        from_arena(data, hub)
    hub.datasets.clear()
    with pytest.raises(CollectorError, match="arena-text: "):
        from_arena(data, hub)
