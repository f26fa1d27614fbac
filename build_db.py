"""The command line of the Open Model Census: `python build_db.py` builds census.db from data/."""

from __future__ import annotations

import click

from census.cli import (
    build,
    calibrate,
    channels,
    compacting,
    export,
    freshness,
    hub,
    importing,
    publish,
    record,
    releasing,
    verify,
    whole_hub,
)
from census.cli.group import CensusGroup

MODULES = (
    *(build, importing, hub, channels, whole_hub, compacting, calibrate, record),
    *(publish, export, releasing, freshness, verify),
)


@click.group(cls=CensusGroup)
def cli() -> None:
    """Build the Open Model Census and keep its data; `build` is what runs without a command."""


for module in MODULES:
    for command in module.COMMANDS:
        cli.add_command(command)


if __name__ == "__main__":
    cli()
