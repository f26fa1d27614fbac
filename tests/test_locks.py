"""The locks: each has what setup.cfg asks for, so that an environment made of it alone works."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg")
PINNED = re.compile(r"^([a-z0-9.-]+)==([^ ;\\]+)", re.MULTILINE)
# The file of each lock, and what it is made of beside what the site needs.
LOCKS = {
    "requirements.lock": ["mcp"],
    "requirements-test.lock": ["mcp", "test"],
    "requirements-spark.lock": ["spark"],
}


def named(text: str) -> set[str]:
    """Return the packages of a list of requirements, as the index writes their names."""
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_every_package_that_is_asked_for(lock: str) -> None:
    wanted = named(SETUP["options"]["install_requires"].strip())
    for extra in LOCKS[lock]:
        wanted |= named(SETUP["options.extras_require"][extra].strip())
    assert len(wanted) > 10
    assert wanted <= named((ROOT / lock).read_text(encoding="utf-8"))


def test_what_is_tested_is_what_is_served() -> None:
    versions = {
        lock: dict(PINNED.findall((ROOT / lock).read_text(encoding="utf-8"))) for lock in LOCKS
    }
    tested = versions.pop("requirements-test.lock")
    for lock, pinned in versions.items():
        apart = {
            name: (version, tested[name])
            for name, version in pinned.items()
            if tested.get(name, version) != version
        }
        assert apart == {}, lock
