"""The options that several commands share, each declared once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

ROOT = Path(__file__).resolve().parents[2]
DAY = click.DateTime(["%Y-%m-%d"])
F = TypeVar("F", bound=Callable[..., Any])

data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    default=ROOT / "data",
    show_default="data",
    help="Directory of the hand-edited data and the observations.",
)
db_option = click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=ROOT / "census.db",
    show_default="census.db",
    help="The database file.",
)
root_option = click.option(
    "--root",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    default=ROOT,
    show_default="this repository",
    help="The directory with the built site and data/.",
)
endpoint_option = click.option(
    "--endpoint",
    envvar="HF_ENDPOINT",
    show_envvar=True,
    default="https://huggingface.co",
    show_default=True,
    help="Address of the Hub.",
)
backoff_option = click.option(
    "--backoff",
    envvar="CENSUS_HUB_BACKOFF",
    show_envvar=True,
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    help="Seconds before the second try; they double with each further one.",
)
dataset_option = click.option(
    "--dataset",
    envvar="CENSUS_DATASET",
    show_envvar=True,
    default="",
    help="Dataset repository on the Hugging Face Hub, owner/name.",
)


def with_options(command: F, options: Iterable[Callable[[F], F]]) -> F:
    """Add options to a command; its help lists them in their order."""
    for option in reversed(list(options)):
        command = option(command)
    return command


def write_output(name: str, value: str) -> None:
    """Pass a value to the later steps of a workflow."""
    if path := os.environ.get("GITHUB_OUTPUT"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{name}={value}\n")
