"""The command that adds up the whole Hub: `whole-hub`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from census.cli.options import DAY, data_option

SHOWN = 12


@click.command("whole-hub")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--date", "day", type=DAY, help="The day of the files, where no column says it.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="CSV file to write.")
@data_option
def whole_hub_command(
    files: tuple[Path, ...], day: datetime | None, out: Path | None, data: Path
) -> None:
    """Add up Parquet FILES of the whole Hub: by country, lab, size and unregistered publisher.

    One day (columns as in hub-stats) or daily series (as in Model Pulse). The scope is the whole
    Hub: every model that the files list, registered or not. 2 GB of memory are enough for any
    number of rows.
    """
    from census.base.csv_files import format_csv
    from census.base.files import write_whole
    from census.collect.whole_hub import COLUMNS, sentence, whole_hub

    totals, publishers = whole_hub(data, files, day.date() if day else None)
    if out:
        write_whole(out, format_csv(COLUMNS, [*totals, *publishers]))
        click.echo(f"wrote {out}: {len(totals) + len(publishers):,} rows")
    last = totals[-1].day
    click.echo(sentence(totals))
    totals_shown = [
        total
        for total in totals
        if total.day == last and total.dimension in ("standing", "country")
    ]
    for total in [*totals_shown, *publishers[:SHOWN]]:
        share = total.share_30d_pct if total.share_30d_pct is not None else total.share_all_time_pct
        percent = "–" if share is None else f"{share:.2f} %"
        click.echo(f"{total.dimension:<22} {total.key:<28} {total.models:>10,} models {percent:>9}")


COMMANDS = (whole_hub_command,)
