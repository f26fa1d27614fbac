"""The map of the repository in README.md names what is there: packages, commands, dependencies."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from build_db import cli

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
PACKAGES = sorted(path.parent.name for path in (ROOT / "census").glob("*/__init__.py"))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_on_the_map_and_says_what_it_holds(package: str) -> None:
    assert f"| `census/{package}` |" in README
    text = (ROOT / "census" / package / "__init__.py").read_text(encoding="utf-8")
    assert text.startswith('"""')


def test_no_module_stands_outside_of_a_stage() -> None:
    assert [path.name for path in (ROOT / "census").glob("*.py")] == ["__init__.py"]


def test_the_map_lists_the_packages_in_the_order_of_the_contract() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    layers = config["importlinter:contract:stages"]["layers"].split()
    stages = [name for name in layers if name != "|"]
    assert sorted(stages) == PACKAGES
    places = {name: README.index(f"| `census/{name}` |") for name in stages}
    ranks = {}
    for rank, line in enumerate(config["importlinter:contract:stages"]["layers"].splitlines()):
        ranks.update({name.strip(): -rank for name in line.split("|") if name.strip()})
    for name in stages:
        for other in stages:
            if ranks[name] < ranks[other]:
                assert places[name] < places[other], f"{name} comes before {other}"


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_is_documented(name: str) -> None:
    assert f"build_db.py {name}" in README or f"`{name}`" in README or f"`{name}`" in RUNBOOK
    command = cli.commands[name]
    assert isinstance(command, click.Command)
    assert command.help
