"""Collecting scores from Epoch AI and the arena: whole lists, each a vintage of its own day."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from hub_faults import error, too_many
from hub_server import HubServer
from made_census import ask
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

from build_db import cli
from census.base.csv_files import Problem
from census.base.names import NameDict
from census.channels.capability import CapabilityInput, load_capability, read_capability
from census.channels.collecting import CollectorError, collect_days
from census.channels.collectors.arena import LICENCE, REPOSITORY, Arena
from census.channels.collectors.epoch import PATH, Epoch
from census.channels.score_files import read_score_files
from census.channels.transport import Web
from census.collect.hub_transport import HubSettings
from census.database.declared_tables import schema
from census.database.loading import create_database, load_registry_tables
from census.inputs.registry import load_registry
from census.questions.parameters import ParameterError

ROOT = Path(__file__).resolve().parent.parent
RECORDED = ROOT / "tests/recorded"
EPOCH = (RECORDED / "epoch_eci.csv").read_bytes()
ARENA = json.loads((RECORDED / "arena_text.json").read_text(encoding="utf-8"))
FILE = "text/latest-00000-of-00001.parquet"
NOW = datetime(2026, 10, 8, 4, tzinfo=UTC)
LATER = datetime(2026, 10, 9, 4, tzinfo=UTC)
SOURCES = ("epoch-eci", "arena-text", "arena-text-style-control")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory without a collected list."""
    (tmp_path / "capability").mkdir()
    for name in ("sources.csv", "manifest.csv", "organisations.csv"):
        shutil.copy(ROOT / "data/capability" / name, tmp_path / "capability" / name)
    (tmp_path / "capability/manifest.csv").write_bytes(
        (ROOT / "data/capability/manifest.csv").read_bytes().splitlines(keepends=True)[0]
    )
    return tmp_path


@pytest.fixture
def epoch() -> Iterator[OneFile]:
    """Epoch's file as it was recorded, on loopback."""
    with OneFile(PATH, EPOCH) as running:
        yield running


def from_epoch(data: Path, server: OneFile, now: datetime = NOW, **how: bool) -> tuple[int, int]:
    web = Web("epoch-eci", timeout=5, tries=2, backoff=0, largest=100_000, sleep=lambda _: None)
    taken = collect_days(data, Epoch(web, server.url), now=lambda: now, **how)
    return taken.days, taken.rows


def lists(data: Path) -> dict[date, dict[str, dict[str, str]]]:
    problems: list[Problem] = []
    read = read_score_files(data, SOURCES, problems)
    assert problems == []
    return {file.day: {row["name"]: dict(row) for row in rows} for file, rows in read}


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


Rows = list[dict[str, Any]]


def ranked(rows: Rows) -> Rows:
    """Return rows of an excerpt with the ranks that they have in it, as the whole list has."""
    of_all = [row for row in rows if row["category"] == "overall"]
    for rank, row in enumerate(of_all, start=1):
        row["rank"] = float(rank)
    return rows


def parquet(folder: Path, rows: Rows) -> bytes:
    """Return a Parquet file with rows, of the types of their values."""
    plain, path = folder / "rows.json", folder / "rows.parquet"
    plain.write_text(json.dumps(rows), encoding="utf-8")
    duckdb.sql(
        f"""
        copy (
            select * replace (
                rating::double as rating, vote_count::double as vote_count, rank::double as rank,
                leaderboard_publish_date::varchar as leaderboard_publish_date
            )
            from read_json('{plain}')
        ) to '{path}'
        """
    )
    return path.read_bytes()


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A Hub with the arena's data set as it was recorded."""
    monkeypatch.setenv("HF_HUB_DISABLE_XET", "1")
    with HubServer() as running:
        publish(running, tmp_path, lambda rows: rows)
        running.tags[REPOSITORY] = ["format:parquet", LICENCE]
        yield running


def publish(hub: HubServer, folder: Path, change: Callable[[Rows], Rows]) -> None:
    rows = change(ranked(json.loads(json.dumps(ARENA))))
    hub.add_commit(REPOSITORY, "2026-10-02T10:00:00.000Z", {FILE: parquet(folder, rows)})


def from_arena(data: Path, hub: HubServer, now: datetime = NOW) -> tuple[int, int]:
    settings = HubSettings(hub.url, timeout=5, tries=2, backoff=0, sleep=lambda _: None)
    taken = collect_days(data, Arena(settings, "arena-text", "text"), now=lambda: now)
    return taken.days, taken.rows


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


def test_a_collected_file_that_was_altered_is_told(data: Path, epoch: OneFile) -> None:
    from_epoch(data, epoch)
    path = data / "capability/epoch-eci/2026/2026-10-08.csv"
    text = path.read_text(encoding="utf-8")
    for old, new, said in (
        ("157.45", "158.45", "altered: its sha256"),
        ("2026-10-08,Kimi", "2026-10-07,Kimi", "as_of '2026-10-07' is not one of: 2026-10-08"),
        ("epoch-eci,2026-10-08,Kimi", "arena-text,2026-10-08,Kimi", "source 'arena-text' is not"),
    ):
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        problems: list[Problem] = []
        read_score_files(data, SOURCES, problems)
        assert any(said in str(problem) for problem in problems), problems
    path.unlink()
    problems = []
    read_score_files(data, SOURCES, problems)
    assert "it is missing" in str(problems[0])


def test_only_the_newest_vintage_is_compared_and_all_are_kept(data: Path, epoch: OneFile) -> None:
    from_epoch(data, epoch)
    # The newer vintage sets everything lower, as a new fit may.
    epoch.content = EPOCH.replace(b"157.45,155.15,160.03", b"140.45,138.15,142.03")
    from_epoch(data, epoch, LATER)
    sources = [row for row in rows_of_sources(data) if row["source"] == "epoch-eci"]
    scores = [row for _, rows in read_score_files(data, SOURCES, []) for row in rows]
    db = sqlite3.connect(":memory:")
    db.executescript(schema())
    load_capability(db, CapabilityInput(sources, [], scores), NameDict())
    kept = "select as_of, value from capability_scores where name = 'Kimi K3' order by as_of"
    assert db.execute(kept).fetchall() == [("2026-10-08", 157.45), ("2026-10-09", 140.45)]
    best = "select name, value, as_of from capability_best where key = 'open' order by day"
    assert db.execute(best).fetchall()[-1] == ("DeepSeek V4 Pro 0813", 155.31, "2026-10-09")


def rows_of_sources(data: Path) -> list[Any]:
    problems: list[Problem] = []
    given = read_capability(data, (), (), problems)
    return given.sources


def test_one_that_fails_does_not_stop_the_others(
    data: Path, epoch: OneFile, hub: HubServer
) -> None:
    where = {
        "CENSUS_EPOCH_ENDPOINT": epoch.url,
        "HF_ENDPOINT": hub.url,
        "CENSUS_HUB_TRIES": "1",
        "CENSUS_HUB_BACKOFF": "0",
        "GITHUB_ACTIONS": "true",
    }
    epoch.fail(FORBIDDEN)
    words = ["collect-channels", "epoch-eci", "arena-text", "arena-text-style-control"]
    result = CliRunner(env=where).invoke(cli, [*words, "--data", str(data)])
    assert result.exit_code == 0
    assert "::warning::epoch-eci: it answers 403" in result.stderr
    assert "arena-text: 1 days added, 9 rows, 0 there already" in result.stdout
    assert "::warning::arena-text-style-control: " in result.stderr
    again = CliRunner(env=where).invoke(cli, [*words, "--strict", "--data", str(data)])
    assert again.exit_code == 1
    assert "epoch-eci: 1 days added, 22 rows" in again.stdout


def test_questions_choose_a_collected_list_once_it_has_scores(
    data: Path, epoch: OneFile, hub: HubServer
) -> None:
    problems: list[Problem] = []
    registry = load_registry(ROOT / "data", problems)
    from_epoch(data, epoch)
    from_arena(data, hub)
    given = read_capability(ROOT / "data", registry.labs, registry.countries, problems)
    scores = [row for _, rows in read_score_files(data, SOURCES, problems) for row in rows]
    assert problems == []
    db = create_database(data / "census.db")
    load_registry_tables(db, registry, NOW.date())
    load_capability(db.conn, given._replace(scores=given.scores + scores), NameDict())
    with pytest.raises(ParameterError):
        ask(db.conn, "best_models_by_country", scores="arena-text-style-control")
    best = ask(db.conn, "best_models_by_country", scores="epoch-eci")
    last = {row["country"]: row["name"] for row in best}
    assert (last["CN"], last["FR"]) == ("Kimi K3", "Mistral Medium 3.5")
    (row,) = ask(db.conn, "capability_gap", scores="arena-text", first="closed", second="open:CN")
    assert (row["first_name"], row["second_name"]) == (
        "gemini-4-argon-high",
        "deepseek-v4.1-flash-max",
    )
    assert (row["day"], row["is_below"], row["intervals"]) == ("2026-10-02", "yes", "yes")
    # The list names no maker of Qwen2.5-Coder-14B, and none is guessed.
    unmapped = """
        select distinct organisation from capability_scores
        where lab is null and country is null and source in ('arena-text', 'epoch-eci')
    """
    assert db.execute(unmapped).fetchall() == [(None,)]
