"""The command that tests the estimate on counts that it does not see: `calibrate`."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import click

from census.cli.options import data_option

if TYPE_CHECKING:
    from census.database.reading import Input
    from census.rollups.calibration import Calibration
    from census.rollups.hidden_counts import Evidence

# The table may be this much older than the last observation.
OLDEST_DAYS = 31


@click.command("calibrate")
@data_option
@click.option(
    "--truth",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A CSV of daily counts to thin instead; nothing is written to data/.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the results here as JSON.",
)
@click.option(
    "--if-needed",
    is_flag=True,
    help="Only if the estimate's code is other than the table's, or the table over a month old.",
)
def calibrate_command(
    data: Path, truth: Path | None, json_file: Path | None, if_needed: bool
) -> None:
    """Hide known counts and say how often the intervals hold them.

    Each monthly crawl and each source is hidden in turn, and the earlier of two all-time counts.
    The results go to data/calibration.csv, which publishing needs.
    """
    from census.base.csv_files import DataError, Problem
    from census.database.reading import read_input
    from census.rollups.calibration import calibrate_on_truth, faults
    from census.rollups.evidence import method_of, read_truth

    inputs = read_input(data)
    if if_needed and _is_fresh(inputs):
        click.echo("data/calibration.csv is of this code and recent enough")
        return
    method = method_of(inputs.window_lengths)
    if truth is not None:
        problems: list[Problem] = []
        models = read_truth(truth, problems)
        if problems:
            raise DataError(problems)
        results = calibrate_on_truth(models, method)
    else:
        results = _calibrate(data, inputs)
    for line in _lines(results):
        click.echo(line)
    for fault in faults(results):
        click.echo(f"does not hold: {fault}")
    if json_file is not None:
        json_file.write_text(json.dumps([_plain(result) for result in results], indent=2) + "\n")


def _is_fresh(inputs: Input) -> bool:
    """Return whether the table is of the present code and of recent observations."""
    from datetime import date

    from census.store.rules_digest import estimate_digest

    if not inputs.calibration:
        return False
    row = inputs.calibration[0]
    age = (inputs.last_day - date.fromisoformat(row.last_observation)).days
    return row.code_digest == estimate_digest() and age <= OLDEST_DAYS


def _calibrate(data: Path, inputs: Input) -> list[Calibration]:
    """Run the tests on the models of scope frontier and write the table."""
    from census.base import file_changes
    from census.base.files import sha256_of
    from census.rollups.calibration import calibrate
    from census.rollups.calibration_table import FILE, calibration_rows, format_calibration
    from census.rollups.evidence import crawling_source, earlier_day, method_of
    from census.store.observations import MANIFEST
    from census.store.rules_digest import estimate_digest

    models = _evidence(inputs)
    method = method_of(inputs.window_lengths)
    results = calibrate(models, crawling_source(models) or "", earlier_day(models) or 0, method)
    digest = sha256_of(data / MANIFEST)
    rows = calibration_rows(results, inputs.last_day.isoformat(), digest, estimate_digest())
    with file_changes.locked(data):
        file_changes.apply(data, {FILE: format_calibration(rows)})
    return results


def _evidence(inputs: Input) -> list[Evidence]:
    """Return the observations of the models, from a database in memory without series."""
    import sqlite_utils

    from census.database.declared_tables import schema
    from census.database.steps import load_observed
    from census.rollups.evidence import read_evidence

    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(schema())
        observed = load_observed(sqlite_utils.Database(connection), inputs, lambda _name: None)
        return read_evidence(connection, observed.unusable_days, observed.created)
    finally:
        connection.close()


def _lines(results: list[Calibration]) -> list[str]:
    """Return the results as a table of text."""
    from census.rollups.calibration_table import worst_words

    wide = max(len(result.test) for result in results)
    lines = [
        f"{'test':{wide}}  {'level':28} {'cases':>6} {'50 %':>6} {'80 %':>6} {'90 %':>6} width"
    ]
    for result in results:
        rates = (result.inside_50, result.inside_80, result.inside_90, result.median_width)
        rates_text = " ".join(f"{'' if rate is None else rate:>6}" for rate in rates)
        lines.append(f"{result.test:{wide}}  {result.level:28} {result.cases:>6} {rates_text}")
        if result.worst is not None:
            lines.append(f"{'':{wide}}  worst: {worst_words(result.worst)}")
    return lines


def _plain(result: Calibration) -> dict[str, object]:
    worst = result.worst._asdict() if result.worst else None
    return {**result._asdict(), "worst": worst}


COMMANDS = (calibrate_command,)
