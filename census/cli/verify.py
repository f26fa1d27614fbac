"""The command that checks where a published database comes from: `verify`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from census.cli.options import root_option


@click.command("verify")
@click.argument("url", required=False)
@click.option("--rebuild", is_flag=True, help="Build from data/ too, and compare the bytes.")
@root_option
def verify_command(url: str | None, rebuild: bool, root: Path) -> None:
    """Check that the database at URL, or the one built here, is of this clone's data and code.

    It compares what the site says of its database (hash, hash of the data, commit) with this clone;
    with --rebuild the database is made anew. Check out the commit that the site names first.
    """
    from census.base.files import sha256_of
    from census.database.build import build
    from census.database.provenance import Check, compare, other_makers
    from census.database.status import STATUS, read_status
    from census.publish.watching import WatchError, served_status

    data, database = root / "data", root / "census.db"
    try:
        if url:
            status, digest = served_status(url)
        else:
            status = read_status(root / STATUS)
            digest = sha256_of(database) if database.is_file() else None
    except WatchError as error:
        raise click.ClickException(str(error)) from None
    results = compare(status, data, digest)
    if rebuild:
        with tempfile.TemporaryDirectory() as folder:
            rebuilt_hash = build(data, Path(folder) / "census.db").sha256
        is_same = rebuilt_hash == status["sha256"]
        other_versions = "; ".join(other_makers(status, data))
        explanation = f" (made with {other_versions})" if other_versions and not is_same else ""
        results.append(Check("rebuilt", is_same, f"{rebuilt_hash}{explanation}"))
    for result in results:
        click.echo(f"{'ok' if result.agrees else 'FAILED':<7} {result.name:<9} {result.words}")
    failed = sum(not result.agrees for result in results)
    if failed:
        raise click.ClickException(f"{failed} of {len(results)} do not agree")


COMMANDS = (verify_command,)
