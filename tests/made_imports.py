"""A made file of observations, and the command that imports it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from build_db import cli
from census.base.csv_files import Problem
from census.store.observations import read_manifest, read_observations

HEADER = "model_id,observed_on,downloads_30d,downloads_all_time,likes,created_at,pipeline_tag\n"
ROWS = (
    "Qwen/Qwen3-8B,2026-09-01,100,5000,7,2025-04-27T03:42:21.000Z,text-generation\n"
    "Qwen/Made-Up-For-This-Test,2026-09-01,3,,,2026-08-30,text-generation\n"
    "nobody-knows/this-model,2026-09-01,1,2,3,,\n"
    "Qwen/Qwen3-8B,2026-09-02,110,5010,7,,\n"
)


def run(data: Path, file: Path, *options: str) -> Result:
    arguments = ["import", str(file), "--source", "llmfit", "--data", str(data), *options]
    return CliRunner().invoke(cli, arguments)


def write(folder: Path, text: str, name: str = "counts.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def contents(data: Path) -> dict[str, bytes]:
    return {str(p.relative_to(data)): p.read_bytes() for p in data.rglob("*.csv")}


def imported(data: Path) -> list[tuple[str, str, int | None, int | None]]:
    problems: list[Problem] = []
    files = [
        file
        for file in read_manifest(data, problems)
        if file.source == "llmfit" and file.day.isoformat() >= "2026-09"
    ]
    rows = [
        (file.day.isoformat(), row.model_id, row.downloads_30d, row.downloads_all_time)
        for file in files
        for row in read_observations(data, file, problems)
    ]
    assert problems == []
    return rows


EXPECTED = [
    ("2026-09-01", "Qwen/Made-Up-For-This-Test", 3, None),
    ("2026-09-01", "Qwen/Qwen3-8B", 100, 5000),
    ("2026-09-02", "Qwen/Qwen3-8B", 110, 5010),
]
