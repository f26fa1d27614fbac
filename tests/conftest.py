"""What many tests share: the real database, built once."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy
import pytest
from filelock import FileLock
from hypothesis import settings

from census.base.databases import open_readonly
from census.base.files import sha256_of
from census.database.build import build

ROOT = Path(__file__).parent.parent
# How long an example takes says something of the machine and its load, not of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
pytest_plugins = ["site_client", "browser"]


# Files whose tests take long whatever changes: exports of everything, kills, images, whole days.
SLOW = ("daily_round", "exports", "image", "kill", "publishing", "site_none")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make quick` leaves out: tests in a browser, and those that take long."""
    for item in items:
        assert isinstance(item, pytest.Function)
        if {"browser", "page"} & set(item.fixturenames) or any(
            item.path.stem == f"test_{name}" for name in SLOW
        ):
            item.add_marker(pytest.mark.slow)


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


def content_mark() -> str:
    """Return a digest of all that a build follows from: data, code, SQLite and numpy."""
    digest = hashlib.sha256(f"{sqlite3.sqlite_version} {numpy.__version__}".encode())
    for path in sorted([*(ROOT / "data").rglob("*"), *(ROOT / "census").rglob("*")]):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(f"{path.relative_to(ROOT)} {sha256_of(path)}".encode())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def census_db(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """The real database, built from the repository's data without charts, once a content.

    Whoever asks first builds it into pytest's cache, and others wait; it is taken from there as
    long as neither data nor code changed. Every process has a copy of its own.
    """
    shelf = pytestconfig.cache.mkdir("census")
    built = shelf / content_mark()
    folder = tmp_path_factory.mktemp("site")
    with FileLock(shelf / ".lock"):
        if not built.exists():
            for old in shelf.glob("*/"):
                shutil.rmtree(old)
            made = Path(tempfile.mkdtemp(dir=shelf))
            build(ROOT / "data", made / "census.db")
            made.rename(built)
        shutil.copytree(built, folder, dirs_exist_ok=True)
    return folder / "census.db"


@pytest.fixture
def census(census_db: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection to the real database."""
    with open_readonly(census_db) as connection:
        yield connection
