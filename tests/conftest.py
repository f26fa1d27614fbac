"""What many tests share: the real database, built once."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from census.database.build import build

ROOT = Path(__file__).parent.parent
# How long an example takes says something of the machine and its load, not of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
pytest_plugins = ["site_client", "browser"]


@pytest.fixture(scope="session")
def data() -> Path:
    """The data directory of the repository, for reading only."""
    return ROOT / "data"


@pytest.fixture
def own_data(tmp_path: Path) -> Path:
    """A copy of the data directory that a test may change."""
    copy = tmp_path / "data"
    shutil.copytree(ROOT / "data", copy)
    return copy


@pytest.fixture(scope="session")
def census_db(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The real database, built once a run from the repository's data, without charts.

    The processes of one run share it: whoever asks first builds it, and the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "site"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            folder.mkdir()
            build(ROOT / "data", folder / "census.db")
    return folder / "census.db"


@pytest.fixture
def census(census_db: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection to the real database."""
    connection = sqlite3.connect(f"file:{census_db}?mode=ro", uri=True)
    yield connection
    connection.close()
