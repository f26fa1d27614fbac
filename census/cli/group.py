"""How commands of build_db.py end on bad input: one clear message, status 1, no traceback."""

from __future__ import annotations

import sys

import click

from census.base.csv_files import DataError
from census.base.file_changes import BusyError

# More than this many problems are a fault of the whole file, not something to read line by line.
SHOWN_PROBLEMS = 200


class CensusGroup(click.Group):
    """Commands that end with one clear message for bad input, never a traceback.

    Without a command `build` runs, with the options given.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `build` before options that are not the group's own."""
        if not args or (args[0].startswith("-") and args[0] != "--help"):
            args = ["build", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a fault of the data is printed and ends with status 1."""
        try:
            return super().invoke(ctx)
        except DataError as error:
            for problem in error.problems[:SHOWN_PROBLEMS]:
                click.echo(str(problem), err=True)
            not_shown = len(error.problems) - SHOWN_PROBLEMS
            if not_shown > 0:
                click.echo(f"… and {not_shown} more", err=True)
            click.echo(
                f"{len(error.problems)} problem(s); nothing was changed. Fix them and run again.",
                err=True,
            )
            sys.exit(1)
        except BusyError as error:
            click.echo(str(error), err=True)
            sys.exit(1)
