"""What many tests share: the real database, built once."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy
import pytest
from filelock import FileLock
from hypothesis import settings
from made_census import made_database
from small_data import small_data

from census.base.databases import open_readonly
from census.base.files import sha256_of
from census.database.build import build
from census.export.export import export

ROOT = Path(__file__).parent.parent
# How long an example takes says something of the machine and its load, not of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
pytest_plugins = ["site_client", "browser"]


# Files whose tests take long whatever changes: exports of everything, kills, images, whole days.
SLOW = (
    *("compaction", "daily_round", "examples", "exports", "image", "kill", "publishing"),
    "site_none",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make quick` leaves out, a browser's tests and long ones, and order the files."""
    for item in items:
        assert isinstance(item, pytest.Function)
        if "browser" in item.fixturenames or any(item.path.stem == f"test_{name}" for name in SLOW):
            item.add_marker(pytest.mark.slow)
    items.sort(key=_turn(items))


def _turn(items: list[pytest.Item]) -> Callable[[pytest.Item], tuple[bool, bool, bool]]:
    """Return the order of files: the real database is built while others need none.

    Files that take long begin before the others, so that no process is left with one at the end.
    """
    real = {item.path for item in items if "built_once" in getattr(item, "fixturenames", ())}
    long = {item.path for item in items if item.get_closest_marker("slow")}
    builder = min(real - long, default=None)
    return lambda item: (item.path != builder, item.path in real, item.path not in long)


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


def content_mark(*others: str) -> str:
    """Return a digest of all that a build follows from: data, code, SQLite and numpy.

    `others` are further files and folders of the repository that something follows from.
    """
    digest = hashlib.sha256(f"{sqlite3.sqlite_version} {numpy.__version__}".encode())
    for name in ("data", "census", *others):
        whole = ROOT / name
        for path in sorted(whole.rglob("*")) if whole.is_dir() else [whole]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(ROOT)} {sha256_of(path)}".encode())
    return digest.hexdigest()[:16]


def made_once(config: pytest.Config, kind: str, mark: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that is made once a content, for all processes and later runs; read only.

    `make` fills a new folder. Whoever asks first makes it in pytest's cache, and others wait; those
    of another content go.
    """
    shelf = config.cache.mkdir("census")
    made = shelf / f"{kind}-{mark}"
    with FileLock(shelf / f".{kind}.lock"):
        if not made.exists():
            for old in shelf.glob(f"{kind}-*/"):
                shutil.rmtree(old)
            unfinished = Path(tempfile.mkdtemp(dir=shelf))
            make(unfinished)
            unfinished.rename(made)
    return made


@pytest.fixture(scope="session")
def built_once(pytestconfig: pytest.Config) -> Path:
    """The folder of the real database, built from the repository's data without charts."""

    def make(folder: Path) -> None:
        build(ROOT / "data", folder / "census.db")

    return made_once(pytestconfig, "site", content_mark(), make)


@pytest.fixture(scope="session")
def census_db(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real database; every process has a copy of its own."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(built_once, folder, dirs_exist_ok=True)
    return folder / "census.db"


@pytest.fixture(scope="session")
def few_db(pytestconfig: pytest.Config) -> Path:
    """A database like the real one with few models and one day of observations; read only."""

    def make(folder: Path) -> None:
        small_data(folder / "data")
        build(folder / "data", folder / "census.db")

    mark = content_mark("tests/small_data.py")
    return made_once(pytestconfig, "few", mark, make) / "census.db"


@pytest.fixture
def few_data(few_db: Path, tmp_path: Path) -> Path:
    """A copy of the data that the small database is of, which a test may change."""
    return Path(shutil.copytree(few_db.parent / "data", tmp_path / "data"))


@pytest.fixture(scope="session")
def few_export(few_db: Path, pytestconfig: pytest.Config) -> Path:
    """The export of the small database, for reading only."""

    def make(folder: Path) -> None:
        export(few_db, folder / "exports", ROOT / "metadata.yml")

    mark = content_mark("metadata.yml", "canned_queries", "tests/small_data.py")
    return made_once(pytestconfig, "exports", mark, make) / "exports"


@pytest.fixture(scope="session")
def small_export(pytestconfig: pytest.Config) -> Path:
    """The export of the made census with its database beside it, for reading only."""

    def make(folder: Path) -> None:
        database = made_database(folder / "census.db")
        export(database, folder / "exports", ROOT / "metadata.yml")

    mark = content_mark(
        *("metadata.yml", "canned_queries"),
        *("tests/made_census.py", "tests/made_registry.py", "tests/made_rows.py"),
    )
    return made_once(pytestconfig, "small", mark, make) / "exports"


@pytest.fixture
def census(census_db: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection to the real database."""
    with open_readonly(census_db) as connection:
        yield connection
