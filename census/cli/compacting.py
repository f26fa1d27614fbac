"""The command that puts old days of observations together: `compact`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from census.cli.options import DAY, data_option


@click.command("compact")
@click.option("--date", "day", type=DAY, help="The day of today; in UTC by default.")
@data_option
def compact_command(day: datetime | None, data: Path) -> None:
    """Put days of observations older than 90 days together, one Parquet file a source and month.

    Each month is read back and compared, day by day, with the SHA-256 of the manifest before its
    CSV files go; the manifest stays as it is. Commit the change alone, and have it reviewed.
    """
    from census.store.compaction import compact

    months = compact(data, day.date() if day else datetime.now(UTC).date())
    for month in months:
        click.echo(
            f"{month.path}: {month.days} days, {month.rows:,} rows,"
            f" {month.bytes_before:,} bytes in CSV files, {month.bytes_now:,} now"
        )
    if not months:
        click.echo("no month has become old enough")


COMMANDS = (compact_command,)
