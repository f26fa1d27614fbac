"""A small copy of the repository: the real registry, few models, one day of observations.

The real rules and documents stay, so that what is built from it is a census like the real one. Of
what is long and counts for little, as scores and recordings, it has the last of each.
"""

from __future__ import annotations

import csv
import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# How the names of the models begin: of three countries, with bases, in several sizes, and somewhat
# more than the hundred of a scope that one day's exact counts take. None is older than September
# 2024: what a build makes is made again for every month.
KEPT = (
    *("Qwen/Qwen2.5-", "Qwen/Qwen3", "deepseek-ai/DeepSeek-R1", "meta-llama/Llama-3.2"),
    *("meta-llama/Llama-3.3", "meta-llama/Llama-4", "mistralai/Mistral-Large-3"),
    *("mistralai/Mistral-Small-", "zai-org/GLM-"),
)
SOURCE = "hubstats-2026-05"
DAY = f"{SOURCE}/2026/2026-05-23.csv"
# Files of data/ whose rows are about models that the small copy does not have.
EMPTIED = ("derivatives.csv", "unregistered.csv", "quality_ledger.csv", "last_build.json")

LONGEST_LIST = "arena-fboulnois.csv"


def rewrite(path: Path, keep: Callable[[dict[str, str]], bool]) -> list[dict[str, str]]:
    """Keep some rows of a CSV file; return them."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = list(reader.fieldnames or [])
        rows = [row for row in reader if keep(row)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return rows


def small_data(target: Path) -> list[dict[str, str]]:
    """Write the small data directory; return its one day of observations."""
    shutil.copytree(
        ROOT / "data", target, ignore=shutil.ignore_patterns("observations", ".lock", ".pending")
    )
    day = target / "observations" / DAY
    day.parent.mkdir(parents=True)
    shutil.copy(ROOT / "data/observations" / DAY, day)
    rows = rewrite(day, lambda row: row["model_id"].startswith(KEPT))
    names = {row["model_id"] for row in rows}
    rewrite(target / "models.csv", lambda row: row["model_id"] in names)
    for name in EMPTIED:
        if name.endswith(".csv"):
            rewrite(target / name, lambda _row: False)
        else:
            (target / name).unlink(missing_ok=True)
    rewrite(target / "peer_models.csv", lambda row: row["model_id"].startswith(KEPT))
    small_channels(target)
    small_scores(target)
    last_recording(target)
    manifest = target / "observations/manifest.csv"
    shutil.copy(ROOT / "data/observations/manifest.csv", manifest)
    digest = hashlib.sha256(day.read_bytes()).hexdigest()
    text = []
    with manifest.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for line in reader:
            if line["path"] == DAY:
                text.append({**line, "rows": str(len(rows)), "sha256": digest})
        columns = list(reader.fieldnames or [])
    with manifest.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(text)
    return rows


def small_channels(target: Path) -> None:
    """Keep of other channels the last day of each source, and the names that need no brand."""
    lines = rewrite(target / "channels/manifest.csv", lambda _row: True)
    last = {line["path"].split("/")[0]: line["path"] for line in lines}
    for line in rewrite(target / "channels/manifest.csv", lambda row: row["path"] in last.values()):
        lines.remove(line)
    for line in lines:
        (target / "channels" / line["path"]).unlink()
    # A brand is looked for among models that the small copy does not have.
    rewrite(target / "channels/names.csv", lambda row: row["basis"] != "rule")


def small_scores(target: Path) -> None:
    """Keep the last day of the longest list of scores."""
    scores = target / "capability" / LONGEST_LIST
    last = max(row["as_of"] for row in rewrite(scores, lambda _row: True))
    rewrite(scores, lambda row: row["as_of"] == last)


def last_recording(target: Path) -> None:
    """Keep the last recording of what was published."""
    manifest = target / "vintages/manifest.csv"
    *earlier, last = rewrite(manifest, lambda _row: True)
    for line in earlier:
        (target / "vintages" / line["file"]).unlink()
    rewrite(manifest, lambda row: row == last)


def small_repository(target: Path) -> list[dict[str, str]]:
    """Copy the repository with the small data and this environment; return its observations."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in listed:
        source = ROOT / name
        if not name.startswith(("data/", "tests/", "benchmarks/")) and source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
    rows = small_data(target / "data")
    environment = target / ".venv"
    environment.mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (environment / part).symlink_to(ROOT / ".venv" / part)
    for stamp in ("site.stamp", "test.stamp"):
        (environment / stamp).touch()
    return rows


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder; return what it says."""
    named = ("-c", "user.name=Tests", "-c", "user.email=tests@example.org")
    done = subprocess.run(
        ["git", *named, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def with_origin(folder: Path, origin: Path) -> None:
    """Make a folder a git repository with one commit, pushed to a bare one."""
    git(folder.parent, "init", "--quiet", "--bare", "--initial-branch=main", str(origin))
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Start")
    git(folder, "remote", "add", "origin", str(origin))
    git(folder, "push", "--quiet", "--set-upstream", "origin", "main")


def fill_hub(hub: Any, rows: list[dict[str, str]]) -> None:
    """Give a stand-in Hub the models of the small data, each with a few more downloads."""
    for number, row in enumerate(rows, start=1):
        hub.add_model(
            row["model_id"],
            _id=row["hub_id"] or f"{number:024x}",
            downloads=1000 + number,
            downloadsAllTime=int(row["downloads_all_time"] or 0) + 1000 + number,
        )
