"""The whole Hub added up: each model once a dimension, and what is not registered known."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from build_db import cli
from census.base.csv_files import DataError
from census.collect.whole_hub import Total, sentence, whole_hub

DAY = date(2026, 11, 25)
# Name, 30 days, all time, parameters: two of a lab in China (one under a former name of its
# namespace, in another case), one of a repackager, one of nobody who is registered, and old names.
ONE_DAY = """
    select * from (values
        ('Qwen/Qwen3-8B', 600, 6000, 8000000000),
        ('thudm/GLM-4-9B', 100, 1000, 9000000000),
        ('bartowski/Qwen3-8B-GGUF', 50, 500, null),
        ('someone/Fine', 200, null, 300000000),
        ('another/Thing', 30, 2000, null),
        ('gpt2', 20, 500, 124000000)
    ) as t (id, downloads, "downloadsAllTime", total)
"""


def parquet(path: Path, select: str) -> Path:
    """Write rows as a Parquet file."""
    with duckdb.connect() as duck:
        duck.execute(f"copy ({select}) to '{path}' (format parquet)")
    return path


@pytest.fixture
def one_day(tmp_path: Path) -> Path:
    """A file of the whole Hub on one day, with sizes as the archive has them."""
    select = (
        'select id, downloads, "downloadsAllTime", case when total > 0 then'
        f" {{'total': total::bigint}} end as safetensors, 'x' as \"cardData\" from ({ONE_DAY})"
    )
    return parquet(tmp_path / "models.parquet", select)


def by_key(totals: list[Total], dimension: str) -> dict[str, Total]:
    return {one.key: one for one in totals if one.dimension == dimension}


def test_every_dimension_adds_up_to_the_whole_hub(data: Path, one_day: Path) -> None:
    totals, _ = whole_hub(data, [one_day], DAY)
    for dimension in ("standing", "country", "lab", "size"):
        rows = by_key(totals, dimension).values()
        assert sum(one.models for one in rows) == 6
        assert sum(one.downloads_30d or 0 for one in rows) == 1000
        assert sum(one.downloads_all_time or 0 for one in rows) == 10_000
        assert sum(one.share_30d_pct or 0 for one in rows) == pytest.approx(100)


def test_what_is_not_registered_is_known(data: Path, one_day: Path) -> None:
    totals, publishers = whole_hub(data, [one_day], DAY)
    standing = by_key(totals, "standing")
    assert {key: one.downloads_30d for key, one in standing.items()} == {
        "lab": 700,
        "repackager": 50,
        "not registered": 250,
    }
    assert by_key(totals, "country")["CN"].share_30d_pct == pytest.approx(70)
    assert by_key(totals, "lab")["zai"].downloads_all_time == 1000
    # A count that nobody knows is none: one of the three has no all-time count.
    assert standing["not registered"].models_all_time == 2
    assert [(one.key, one.share_30d_pct) for one in publishers] == [
        ("someone", 20.0),
        ("another", 3.0),
        ("", 2.0),
    ]
    assert sentence(totals) == (
        "2026-11-25, whole Hub: every model that the files list, registered or not: of 6 models"
        " 3 are not registered, with 25.0 % of the downloads of 30 days and 25.0 % of the downloads"
        " of all time."
    )


def test_sizes_are_what_the_files_say_and_else_unknown(data: Path, one_day: Path) -> None:
    totals, _ = whole_hub(data, [one_day], DAY)
    assert {key: one.models for key, one in by_key(totals, "size").items()} == {
        "<1B": 2,
        "5-10B": 2,
        "unknown": 2,
    }


def test_a_series_has_totals_of_each_day(data: Path, tmp_path: Path) -> None:
    files = [
        parquet(
            tmp_path / f"{day}.parquet",
            f"select id, date '2026-11-{day}' as day, downloads * {times} as dl30,"
            f' "downloadsAllTime" as dl_all from ({ONE_DAY})',
        )
        for day, times in ((24, 1), (25, 2))
    ]
    totals, publishers = whole_hub(data, files)
    rows = [one for one in totals if one.key == "not registered" and one.dimension == "standing"]
    assert [(one.day, one.downloads_30d) for one in rows] == [
        ("2026-11-24", 250),
        ("2026-11-25", 500),
    ]
    # Publishers are those of the last day.
    assert publishers[0][:6] == ("2026-11-25", "unregistered publisher", "someone", 1, 1, 400)


@pytest.mark.parametrize(
    ("select", "day", "fault"),
    [
        ("select 1 as other", DAY, "no column has a model's name"),
        ("select 'a/b' as id", DAY, "no column has a count of downloads"),
        ("select 'a/b' as id, 5 as downloads", None, "give the day with --date"),
        ("select 'a/b' as id, 5 as downloads limit 0", DAY, "the files have no rows"),
    ],
)
def test_a_file_of_something_else_is_refused(
    data: Path, tmp_path: Path, select: str, day: date | None, fault: str
) -> None:
    with pytest.raises(DataError, match=fault):
        whole_hub(data, [parquet(tmp_path / "x.parquet", select)], day)


def test_the_command_writes_all_and_names_the_scope(
    data: Path, one_day: Path, tmp_path: Path
) -> None:
    out = tmp_path / "totals.csv"
    given = ["whole-hub", str(one_day), "--date", "2026-11-25", "--out", str(out)]
    result = CliRunner().invoke(cli, given)
    assert result.exit_code == 0, result.output
    assert "whole Hub: every model that the files list" in result.output
    rows = list(csv.DictReader(out.open()))
    assert {row["dimension"] for row in rows} == {
        *("standing", "country", "lab", "size", "unregistered publisher"),
    }
    text = tmp_path / "text.parquet"
    text.write_text("no Parquet")
    broken = CliRunner().invoke(cli, ["whole-hub", str(text), str(tmp_path / "none.parquet")])
    assert broken.exit_code == 1
    assert "none.parquet: the file is missing" in broken.output
    assert "cannot be read" in CliRunner().invoke(cli, ["whole-hub", str(text)]).output
