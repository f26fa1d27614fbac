"""The arena's text leaderboard, from its own data set on the Hub.

lmarena-ai/leaderboard-dataset (CC BY 4.0), announced at
https://arena.ai/blog/arena-leaderboard-dataset, has for each leaderboard a file `latest`. Its
columns are those of the rows kept in ukitako1030/EVAL (1fca0535,
pipeline/test/fixtures/arena-text/sample.rows.json, of 2026-10-02). Of them the category `overall`
is read; it carries the day of its publication. Every day has its own scale, and so has the
leaderboard with control of style, which is the one that the arena shows first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import duckdb
from huggingface_hub import HfApi, hf_hub_url
from huggingface_hub.errors import FileMetadataError, HfHubHTTPError, LocalEntryNotFoundError
from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]

from census.base.printable import printable_line
from census.channels.collecting import SCORES, Collector, CollectorError
from census.channels.score_files import MOST_VOTES, ScoreDay, as_score, check_score
from census.collect.hub import connected
from census.collect.hub_transport import DEFAULT_ENDPOINT, HubError, HubSettings

REPOSITORY = "lmarena-ai/leaderboard-dataset"
LICENCE = "license:cc-by-4.0"
OVERALL = "overall"
# The source of each leaderboard that is read, by the folder of its file.
LEADERBOARDS = {"arena-text": "text", "arena-text-style-control": "text_style_control"}
COLUMNS = (
    "model_name",
    "organization",
    "license",
    "rating",
    "rating_lower",
    "rating_upper",
    "vote_count",
    "rank",
    "leaderboard_publish_date",
)
CATEGORY = "category"
LARGEST_FILE = 64 * 1024 * 1024
MEMORY = "512MB"
MOST_ROWS = 5_000


def collectors(environ: Mapping[str, str], _: Path) -> Iterator[Collector]:
    """Give a collector for each leaderboard; a token is not needed, and none is used."""
    settings = HubSettings(
        environ.get("HF_ENDPOINT") or DEFAULT_ENDPOINT,
        timeout=float(environ.get("CENSUS_HUB_TIMEOUT") or HubSettings.timeout),
        tries=int(environ.get("CENSUS_HUB_TRIES") or HubSettings.tries),
        backoff=float(environ.get("CENSUS_HUB_BACKOFF") or HubSettings.backoff),
    )
    for source, folder in LEADERBOARDS.items():
        yield Arena(settings, source, folder)


class Arena(NamedTuple):
    """The newest list of one leaderboard."""

    settings: HubSettings
    source: str
    folder: str
    channel: str = SCORES
    begins: date | None = None
    days_at_once: int = 1
    hint: str = ""

    def fetch(self, first: date, last: date) -> Mapping[date, ScoreDay]:
        """Return the newest list, of its own day; raises CollectorError, which names the file."""
        file = f"{self.folder}/latest-00000-of-00001.parquet"
        address = f"{self.settings.endpoint}/datasets/{REPOSITORY}/blob/main/{file}"
        disable_progress_bars()
        try:
            with connected(self.settings) as api, TemporaryDirectory() as folder:
                revision = _revision(api)
                path = _download(api, file, revision, folder)
                day, scores = read_list(_overall(path), last)
        except (
            *(HubError, HfHubHTTPError, LocalEntryNotFoundError, FileMetadataError),
            *(duckdb.Error, ValueError, OSError),
        ) as error:
            reason = printable_line(error) or type(error).__name__
            raise CollectorError(f"{self.source}: {reason} ({address})") from None
        url = address.replace("/blob/main/", f"/blob/{revision}/")
        basis = "stated for each row: the day of publication"
        return {day: ScoreDay(self.source, day, scores, basis, url, revision, "")}


def _revision(api: HfApi) -> str:
    """Return the newest revision of a data set that still has its licence."""
    info = api.dataset_info(REPOSITORY)
    if LICENCE not in (info.tags or ()):
        raise ValueError(f"the data set is not tagged {LICENCE} any more")
    return str(info.sha)


def _download(api: HfApi, file: str, revision: str, folder: str) -> Path:
    """Return a file of a revision, after asking how large it is."""
    url = hf_hub_url(
        REPOSITORY, file, repo_type="dataset", revision=revision, endpoint=api.endpoint
    )
    size = api.get_hf_file_metadata(url=url).size
    if not size or size > LARGEST_FILE:
        raise ValueError(f"the file has {size} bytes; expected 1 to {LARGEST_FILE:,}")
    return Path(
        api.hf_hub_download(
            REPOSITORY, file, repo_type="dataset", revision=revision, local_dir=folder
        )
    )


def _overall(path: Path) -> Sequence[Sequence[Any]]:
    """Return the rows of a file's category `overall`; raises duckdb.Error or ValueError."""
    with duckdb.connect() as duck:
        duck.execute(f"set memory_limit = '{MEMORY}'")
        duck.execute("set threads = 1")
        duck.execute("set autoinstall_known_extensions = false")
        duck.execute("set autoload_known_extensions = false")
        columns = duck.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()
        column_names = {str(row[0]) for row in columns}
        if missing := [column for column in (*COLUMNS, CATEGORY) if column not in column_names]:
            raise ValueError(
                f"no column {missing[0]!r}; there are {', '.join(sorted(column_names))}"
            )
        # The columns are those named above.
        query = f"""
            select {", ".join(COLUMNS)}
            from read_parquet(?)
            where {CATEGORY} = '{OVERALL}'
            limit {MOST_ROWS + 1}
        """  # noqa: S608
        return duck.execute(query, [str(path)]).fetchall()


def read_list(
    rows: Sequence[Sequence[Any]], today: date
) -> tuple[date, tuple[dict[str, str], ...]]:
    """Return the day and the scores of a list; raises ValueError that names the model."""
    if not 0 < len(rows) <= MOST_ROWS:
        raise ValueError(f"{len(rows)} rows of {OVERALL}; expected 1 to {MOST_ROWS}")
    days = {row[-1] for row in rows}
    if len(days) != 1:
        first = printable_line(min(map(str, days)))
        raise ValueError(f"rows of {len(days)} days of publication, such as {first}")
    day = date.fromisoformat(str(days.pop()))
    if day > today:
        raise ValueError(f"the day of publication {day} is to come")
    scores: dict[str, dict[str, str]] = {}
    for row in rows:
        score = read_score(row, len(rows))
        if score["name"] in scores:
            raise ValueError(f"{score['name']} stands twice")
        scores[score["name"]] = score
    return day, tuple(scores.values())


def read_score(row: Sequence[Any], rows_in_list: int) -> dict[str, str]:
    """Return a row in the columns of a file of scores; raises ValueError."""
    name, organisation, licence, rating, low, high, votes, rank, _ = row
    if not isinstance(name, str):
        raise ValueError(f"a row without the name of a model: {printable_line(row)}")
    score = {
        "name": name,
        "organisation": str(organisation or ""),
        "access": str(licence or ""),
        "country": "",
        "released_on": "",
        "hub_model": "",
        "value": _number(rating, f"{printable_line(name)}: rating"),
        "low": _number(low, f"{printable_line(name)}: rating_lower"),
        "high": _number(high, f"{printable_line(name)}: rating_upper"),
        "votes": str(_whole(votes, MOST_VOTES, f"{printable_line(name)}: vote_count")),
    }
    if _whole(rank, rows_in_list, f"{printable_line(name)}: rank") < 1:
        raise ValueError(f"{printable_line(name)}: rank {rank} is not from 1 to {rows_in_list}")
    check_score(score)
    return score


def _number(value: Any, name: str) -> str:
    as_score(value, name)
    return repr(float(value))


def _whole(value: Any, largest: int, name: str) -> int:
    """Return a whole number, which the file may write as 5.0; raises ValueError for any other."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} {printable_line(value)} is not a number")
    if value != int(value) or not 0 <= value <= largest:
        raise ValueError(
            f"{name} {printable_line(value)} is not a whole number from 0 to {largest:,}"
        )
    return int(value)
