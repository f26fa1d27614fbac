"""Backfilling from archives: what is taken, what is left, what is said of it, and going on."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from hub_data import days, make_data, metadata, observed, rows_of, settings
from hub_faults import Fault, error, without
from hub_server import HubServer

from census.base.csv_files import DataError
from census.base.file_changes import PENDING
from census.cli.hub import backfill_command
from census.collect.archives import ARCHIVES, BackfillResult, DaySpan, backfill, backfill_file
from census.collect.hub_transport import HubError

PULSE = ARCHIVES["modelpulse"].repository
STATS = ARCHIVES["hub-stats"].repository
ALL = DaySpan()
HOSTILE = "<script>fetch('//evil')</script>"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_data(tmp_path)


def parquet(folder: Path, select: str) -> bytes:
    """Return the Parquet file of a query."""
    path = folder / "made.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"copy ({select}) to '{path}' (format parquet)")
    return path.read_bytes()


def month_file(folder: Path, rows: list[tuple[object, ...]], day_type: str = "date") -> bytes:
    """Return a month of Model Pulse: (id, day, dl30, dl_all, likes)."""
    values = ", ".join(
        "(" + ", ".join("null" if v is None else f"'{v}'" for v in row) + ")" for row in rows
    )
    return parquet(
        folder,
        "select id, day::" + day_type + " as day, dl30::bigint as dl30, dl_all::bigint as dl_all,"
        f" likes::bigint as likes from (values {values}) t(id, day, dl30, dl_all, likes)",
    )


def stats_file(folder: Path, counts: dict[str, int], all_time: bool = True) -> bytes:
    """Return a revision of hub-stats, with an attack in the columns that nobody may read."""
    values = ", ".join(f"('{name}', {count})" for name, count in counts.items())
    extra = 'c * 10 as "downloadsAllTime",' if all_time else ""
    attack = HOSTILE.replace("'", "''")
    return parquet(
        folder,
        f"select n as id, c as downloads, {extra} 1 as likes,"
        f" timestamp '2024-01-02 03:04:05' as \"createdAt\", '{attack}' as \"cardData\","
        f" ['{attack}'] as tags from (values {values}) t(n, c)",
    )


def fill_modelpulse(hub: HubServer, folder: Path) -> None:
    """Give the stand-in Hub two months of Model Pulse."""
    files = {
        "meta.json": json.dumps(
            {
                "skip_days": ["2026-03-31"],
                "partial": {"2026-04-01": 0.43},
                "low_days": [["2026-04-01", "2026-04-03"]],
                "frozen": [{"from": "2026-04-02", "to": "2026-04-03", "note": HOSTILE}],
                "unknown": HOSTILE,
            }
        ).encode(),
        "README.md": HOSTILE.encode(),
        "series/2026-03.parquet": month_file(
            folder,
            [
                ("Qwen/a", "2026-03-30", 10, 100, 1),
                ("Qwen/a", "2026-03-31", 11, 101, 1),
                ("nobody/b", "2026-03-31", 5, 6, 1),
            ],
        ),
        "series/2026-04.parquet": month_file(
            folder,
            [
                ("Qwen/a", "2026-04-01", 12, 102, 1),
                ("zai-org/c", "2026-04-01", 7, None, 0),
            ],
        ),
    }
    hub.add_commit(PULSE, "2026-04-02T05:06:07.000Z", files)


def fill_hub_stats(hub: HubServer, folder: Path) -> None:
    """Give the stand-in Hub three days of hub-stats, one of them with two commits."""
    for date_, counts, all_time in (
        ("2025-01-10T01:00:00.000Z", {"Qwen/a": 1, "nobody/x": 9}, False),
        ("2025-03-01T00:30:00.000Z", {"Qwen/a": 2, "nobody/x": 9}, True),
        ("2025-03-01T23:30:00.000Z", {"Qwen/a": 3, "nobody/x": 9}, True),
        ("2025-03-02T00:10:00.000Z", {"Qwen/a": 4, "zai-org/c": 5, "nobody/x": 9}, True),
    ):
        content = stats_file(folder, counts, all_time)
        hub.add_commit(STATS, date_, {"models.parquet": content})


def run(data: Path, hub: HubServer, archive: str, span: DaySpan = ALL) -> BackfillResult:
    """Backfill with settings that never wait."""
    return backfill(data, archive, settings(hub), span)


def revisions(hub: HubServer) -> set[str]:
    """Return the revisions of which files were asked for."""
    paths = [request.path.split("/") for request in hub.requests]
    return {parts[5] for parts in paths if "resolve" in parts}


def everything(data: Path) -> str:
    """Return all that the data directory holds, as one text."""
    return "".join(path.read_text() for path in data.rglob("*") if path.is_file())


def test_model_pulse_fills_days_and_flags(data: Path, tmp_path: Path):
    with HubServer() as hub:
        fill_modelpulse(hub, tmp_path)
        filled = run(data, hub, "modelpulse")
    assert filled.days == [date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1)]
    april = observed(data, date(2026, 4, 1), "modelpulse")
    assert april["Qwen/a"][2:] == (12, 102, 1)
    assert april["zai-org/c"][2:] == (7, None, 0)
    ledger = [(row["kind"], row["from"], row["to"]) for row in rows_of(data / "quality_ledger.csv")]
    assert ledger == [
        ("skip_day", "2026-03-31", "2026-03-31"),
        ("low_day", "2026-04-01", "2026-04-03"),
        ("partial", "2026-04-01", "2026-04-01"),
        ("frozen", "2026-04-02", "2026-04-03"),
    ]
    assert "(0.43)" in rows_of(data / "quality_ledger.csv")[2]["reason"]


def test_label_commit_and_retrieval_are_kept_apart(data: Path, tmp_path: Path):
    with HubServer() as hub:
        fill_modelpulse(hub, tmp_path)
        fill_hub_stats(hub, tmp_path)
        run(data, hub, "modelpulse")
        run(data, hub, "hub-stats")
    manifest = {row["path"]: row for row in rows_of(data / "observations/manifest.csv")}
    stats = manifest["hub-stats/2025/2025-03-01.csv"]
    assert stats["date_basis"].endswith("last commit of the day, 2025-03-01T23:30:00Z")
    assert stats["commit"] == f"{3:040x}"
    assert stats["commit"] in stats["source_url"]
    pulse = manifest["modelpulse/2026/2026-04-01.csv"]
    assert "revision of 2026-04-02T05:06:07Z" in pulse["date_basis"]
    assert pulse["source_url"].endswith("/series/2026-04.parquet")
    today = datetime.now(UTC).date().isoformat()
    assert {row["retrieved_at"][:10] for row in manifest.values()} <= {today}


def test_hub_stats_takes_the_last_commit_of_each_day(data: Path, tmp_path: Path):
    with HubServer() as hub:
        fill_hub_stats(hub, tmp_path)
        filled = run(data, hub, "hub-stats")
    assert len(filled.days) == 3
    assert observed(data, date(2025, 1, 10), "hub-stats")["Qwen/a"][2:] == (1, None, 1)
    assert observed(data, date(2025, 3, 1), "hub-stats")["Qwen/a"][2:] == (3, 30, 1)
    assert set(observed(data, date(2025, 3, 2), "hub-stats")) == {"Qwen/a", "zai-org/c"}
    assert metadata(data)["Qwen/a"].created_at == "2024-01-02"
    assert hub.counted(f"resolve/{2:040x}/") == 0


def test_many_commits_come_in_pages(data: Path, tmp_path: Path):
    with HubServer() as hub:
        first = datetime(2025, 1, 1, tzinfo=UTC)
        contents = [stats_file(tmp_path, {"Qwen/a": 1 + number}) for number in range(5)]
        for number in range(120):
            moment = first + timedelta(hours=number)
            files = {"models.parquet": contents[number // 24]}
            hub.add_commit(STATS, f"{moment:%Y-%m-%dT%H:%M:%S}.000Z", files)
        filled = run(data, hub, "hub-stats")
    assert filled.days == [date(2025, 1, day) for day in range(1, 6)]
    assert hub.counted("/commits/main") == 3


@pytest.mark.parametrize("archive", ["modelpulse", "hub-stats"])
def test_hostile_content_and_strangers_never_reach_the_data(
    data: Path, tmp_path: Path, archive: str
):
    with HubServer() as hub:
        fill_modelpulse(hub, tmp_path)
        fill_hub_stats(hub, tmp_path)
        run(data, hub, archive)
    text = everything(data)
    assert "script" not in text
    assert "nobody" not in text
    assert "Qwen/a" in text


@pytest.mark.parametrize("archive", ["modelpulse", "hub-stats"])
def test_the_same_backfill_again_changes_nothing(data: Path, tmp_path: Path, archive: str):
    with HubServer() as hub:
        fill_modelpulse(hub, tmp_path)
        fill_hub_stats(hub, tmp_path)
        run(data, hub, archive)
        before = everything(data)
        again = run(data, hub, archive)
    assert everything(data) == before
    assert again.days == []
    assert again.existing >= 3


def test_an_interrupted_backfill_goes_on_where_it_was(data: Path, tmp_path: Path):
    with HubServer() as hub:
        fill_hub_stats(hub, tmp_path)
        hub.fail(f"resolve/{4:040x}/", error(503))
        with pytest.raises(HubError, match="503"):
            run(data, hub, "hub-stats")
        assert len(days(data)) == 2
        hub.rules.clear()
        hub.requests.clear()
        filled = run(data, hub, "hub-stats")
    assert filled.days == [date(2025, 3, 2)]
    assert revisions(hub) == {f"{4:040x}"}


def test_only_the_days_asked_for_are_fetched(data: Path, tmp_path: Path):
    with HubServer() as hub:
        fill_hub_stats(hub, tmp_path)
        run(data, hub, "hub-stats", DaySpan(date(2025, 3, 1), date(2025, 3, 1)))
    assert days(data) == ["hub-stats/2025/2025-03-01.csv"]
    assert revisions(hub) == {f"{3:040x}"}


def test_today_is_not_over_and_not_taken(data: Path, tmp_path: Path):
    today = datetime.now(UTC)
    with HubServer() as hub:
        content = stats_file(tmp_path, {"Qwen/a": 1})
        hub.add_commit(STATS, f"{today:%Y-%m-%dT%H:%M:%S}.000Z", {"models.parquet": content})
        filled = run(data, hub, "hub-stats")
    assert filled.days == []


def test_a_revision_without_the_file_or_with_an_old_one_is_a_gap(data: Path, tmp_path: Path):
    with HubServer() as hub:
        content = stats_file(tmp_path, {"Qwen/a": 1})
        hub.add_commit(STATS, "2025-03-01T10:00:00.000Z", {"models.parquet": content})
        hub.add_commit(STATS, "2025-03-02T10:00:00.000Z", {"models.parquet": content, "x": b""})
        hub.add_commit(STATS, "2025-03-03T10:00:00.000Z", {"README.md": b""})
        filled = run(data, hub, "hub-stats")
        hub.requests.clear()
        run(data, hub, "hub-stats")
    assert filled.days == [date(2025, 3, 1)]
    gaps = [(row["kind"], row["from"]) for row in rows_of(data / "quality_ledger.csv")]
    assert gaps == [("gap", "2025-03-02"), ("gap", "2025-03-03")]
    assert "same counts as on 2025-03-01" in rows_of(data / "quality_ledger.csv")[0]["reason"]
    assert hub.counted("resolve") == 0


@pytest.mark.parametrize("fault", [error(500), without("X-Repo-Commit")])
def test_a_file_that_cannot_be_fetched_is_one_clear_error(
    data: Path, tmp_path: Path, fault: Fault
) -> None:
    with HubServer() as hub:
        fill_modelpulse(hub, tmp_path)
        hub.fail("/resolve/", fault)
        with pytest.raises(HubError):
            run(data, hub, "modelpulse")
    assert days(data) == []


def test_an_archive_that_is_not_there_is_one_clear_error(data: Path):
    with HubServer() as hub, pytest.raises(HubError, match="Repository Not Found"):
        run(data, hub, "modelpulse")
    assert days(data) == []


BAD_ROWS = [
    ("Qwen/ok", "5", "50", "1"),
    ("Qwen/negative", "-1", "50", "1"),
    ("Qwen/huge", "5", "99999999999999999999", "1"),
    ("Qwen/text", "many", "50", "1"),
    ("Qwen/fraction", "1.5", "50", "1"),
    ("Qwen/none", "", "", "1"),
    (f"Qwen/{HOSTILE}".replace("'", ""), "5", "50", "1"),
    ("Qwen/=1+1", "5", "50", "1"),
    ("Qwen/" + "x" * 500, "5", "50", "1"),
    ("Qwen", "5", "50", "1"),
]


def test_rows_that_cannot_be_used_are_counted_and_left_out(data: Path, tmp_path: Path):
    path = tmp_path / "rows.csv"
    lines = [",".join((row[0], "2026-03-01", *row[1:])) for row in BAD_ROWS]
    path.write_text("\n".join(["id,day,dl30,dl_all,likes", *lines, ""]))
    filled = backfill_file(data, path, "modelpulse", None, ALL)
    assert set(observed(data, date(2026, 3, 1), "modelpulse")) == {"Qwen/ok"}
    assert (filled.rows, filled.unusable) == (1, len(BAD_ROWS) - 1)


def test_a_file_of_hub_stats_needs_a_day(data: Path, tmp_path: Path):
    path = tmp_path / "models.parquet"
    path.write_bytes(stats_file(tmp_path, {"Qwen/a": 3}))
    with pytest.raises(DataError, match="no column day"):
        backfill_file(data, path, "hub-stats", None, ALL)
    backfill_file(data, path, "hub-stats", date(2025, 3, 1), ALL)
    assert observed(data, date(2025, 3, 1), "hub-stats")["Qwen/a"][2:] == (3, 30, 1)


@pytest.mark.parametrize("ahead", [0, 1, 40])
def test_a_day_that_is_not_over_is_never_taken(data: Path, tmp_path: Path, ahead: int):
    today = datetime.now(UTC).date()
    day = today + timedelta(days=ahead)
    path = tmp_path / "day.csv"
    path.write_text(f"id,day,dl30,dl_all,likes\nQwen/a,{day},1,2,3\nQwen/a,2026-03-30,1,2,3\n")
    filled = backfill_file(data, path, "modelpulse", None, DaySpan(None, day))
    assert filled.days == [date(2026, 3, 30)]
    assert filled.notes == [f"{day}: is not over yet, so it is not taken"]
    for option in ("--until", "--date"):
        arguments = ["modelpulse", "--data", str(data), "--file", str(path), option, str(day)]
        result = CliRunner().invoke(backfill_command, arguments)
        assert result.exit_code == 2
        assert f"{option} {day} is not over yet" in result.stderr
    assert days(data) == ["modelpulse/2026/2026-03-30.csv"]


def test_two_sources_of_one_day_both_stay(data: Path, tmp_path: Path):
    with HubServer() as hub:
        fill_modelpulse(hub, tmp_path)
        run(data, hub, "modelpulse")
    path = tmp_path / "models.parquet"
    path.write_bytes(stats_file(tmp_path, {"Qwen/a": 999}))
    backfill_file(data, path, "hub-stats", date(2026, 4, 1), ALL)
    assert observed(data, date(2026, 4, 1), "modelpulse")["Qwen/a"].downloads_30d == 12
    assert observed(data, date(2026, 4, 1), "hub-stats")["Qwen/a"].downloads_30d == 999


def test_the_command_says_what_it_did(data: Path, tmp_path: Path):
    with HubServer() as hub:
        fill_modelpulse(hub, tmp_path)
        runner = CliRunner(env={"HF_ENDPOINT": hub.url})
        result = runner.invoke(backfill_command, ["modelpulse", "--data", str(data)])
        wrong = runner.invoke(backfill_command, ["wayback", "--data", str(data)])
    assert result.exit_code == 0, result.output
    assert "modelpulse: 3 days added, 0 there already, 4 observations" in result.output
    assert wrong.exit_code == 2
    assert "modelpulse, hub-stats" in wrong.output
    assert not (data / PENDING).exists()
