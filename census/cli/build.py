"""The commands that make the database and check it: `build` and `check`."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path

import click

from census.base.csv_files import DataError, Problem
from census.cli.options import DAY, data_option, db_option

# Steps of a build; drawing the charts is one more.
STEPS = 8
SHOWN_MODELS = 3


@click.command("build")
@data_option
@db_option
@click.option("--as-of", type=DAY, help="Use only observations retrieved by this day.")
@click.option("--charts/--no-charts", default=True, help="Draw the charts of the default pages.")
def build_command(data: Path, db: Path, as_of: datetime | None, charts: bool) -> None:
    """Build the database from data/, offline; the old one stays if anything is wrong."""
    from census.database.build import build
    from census.database.provenance import provenance
    from census.database.status import StepTimes, write_status

    started = time.perf_counter()
    times = StepTimes()
    steps = STEPS + charts
    with click.progressbar(length=steps, label="Building", file=sys.stderr) as bar:

        def announce(name: str) -> None:
            times.begin(name)
            bar.label = name.ljust(34)
            # The bar counts finished steps: a step has finished when the next begins.
            bar.update(int(bar.pos < times.begun - 1))

        summary = build(data, db, as_of.date() if as_of else None, announce)
        if charts:
            from census.charts.render import prebuild  # vl-convert takes a second to load

            announce("Drawing the charts")
            prebuild(db, db.parent / "charts")
        bar.update(1)
    origin = provenance(data)
    write_status(db, summary.rows, summary.through, summary.sha256, times.seconds(), origin)
    for table, rows in summary.rows.items():
        click.echo(f"{table:<20} {rows:>10,}")
    for scope, through in summary.through.items():
        click.echo(f"scope {scope:<14} {through or 'no series':>10}")
    for name, models in summary.unmatched.items():
        examples = ", ".join(models[:SHOWN_MODELS])
        click.echo(
            f"{name}: {len(models)} rows correct no model of models.csv, such as {examples};"
            " all are in the weekly review",
            err=True,
        )
    click.echo(f"sha256 {summary.sha256}")
    click.echo(f"built {db.name} in {time.perf_counter() - started:.1f} s")


@click.command("check")
@db_option
def check_command(db: Path) -> None:
    """Check what must hold of a database before it is published."""
    from census.database.checks import failed_checks, failed_gates

    if not db.is_file():
        raise DataError([Problem(str(db), 0, "the database is missing; build it first")])
    failures = failed_checks(db) + failed_gates(db)
    if failures:
        raise DataError([Problem(db.name, 0, failure) for failure in failures])
    click.echo(f"{db.name}: every check holds")


COMMANDS = (build_command, check_command)
