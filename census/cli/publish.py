"""The commands of the daily round after the build: smoke, commit-day, publish, wait, restore.

Every setting is an option and a variable of the environment, so that a workflow's step is the bare
command.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from census.base.csv_files import Problem
from census.cli.options import (
    F,
    backoff_option,
    dataset_option,
    endpoint_option,
    root_option,
    with_options,
    write_output,
)
from census.database.status import LAST_BUILD, STATUS, read_status, record_build

if TYPE_CHECKING:
    from huggingface_hub import HfApi

    from census.publish.publishing import Target


def _address(_context: click.Context, _option: click.Parameter, value: str | None) -> str:
    """Return the address of a site; end the command if it is missing or not an address."""
    if not value:
        raise click.UsageError("set CENSUS_SITE_URL, or give --url: the address of the live site")
    if not re.fullmatch(r"https?://[^\s/]\S*", value):
        raise click.UsageError(f"--url {value!r} is not an address; it begins with https://")
    return value


url_option = click.option(
    "--url",
    envvar="CENSUS_SITE_URL",
    show_envvar=True,
    callback=_address,
    help="Address of the live site.",
)

HOST_OPTIONS = (
    endpoint_option,
    dataset_option,
    click.option(
        "--space",
        envvar="CENSUS_SPACE",
        show_envvar=True,
        default="",
        help="Space of the site, owner/name; none where the site is deployed in another way.",
    ),
    backoff_option,
)


def host_options(command: F) -> F:
    """Add the options that say where to publish."""
    return with_options(command, HOST_OPTIONS)


@contextmanager
def _host(
    endpoint: str, dataset: str, space: str, backoff: float
) -> Iterator[tuple[HfApi, Target]]:
    """Give the host's client and the target; clear errors for what is missing or refused."""
    from census.publish import hosting, publishing

    target = publishing.make_target(dataset, space)
    if not target.repositories:
        raise click.UsageError("name a dataset, a Space or both: CENSUS_DATASET, CENSUS_SPACE")
    token = os.environ.get("HF_TOKEN")
    if not token:
        raise click.UsageError("HF_TOKEN is not set; publishing needs a token that may write")
    try:
        with hosting.host(endpoint, token, backoff) as api:
            yield api, target
    except publishing.PublishError as error:
        raise click.ClickException(str(error)) from None
    except hosting.FAULTS as error:
        from census.base.printable import printable_line

        raise click.ClickException(printable_line(error, token)) from None


def _echo(text: str) -> None:
    click.echo(text)


@click.command("is-current")
@root_option
@url_option
def is_current_command(root: Path, url: str) -> None:
    """Say whether today's observations are there and the live site has the database of them.

    Writes `current=true` or `current=false` for the later steps of a workflow.
    """
    from census.collect.hub import SOURCE
    from census.publish.live import live_hash, short_hash
    from census.store.observations import path_of, read_manifest

    problems: list[Problem] = []
    today = path_of(SOURCE, datetime.now(UTC).date())
    collected_today = today in [file.path for file in read_manifest(root / "data", problems)]
    record = root / "data" / LAST_BUILD
    built = read_status(record)["sha256"] if record.is_file() else None
    served = live_hash(url)
    current = collected_today and built is not None and built == served
    write_output("current", "true" if current else "false")
    click.echo(f"today's observations: {'there' if collected_today else 'missing'}")
    click.echo(f"last build {short_hash(built)}, the live site serves {short_hash(served)}")
    click.echo("nothing to do" if current else "there is something to do")


@click.command("smoke")
@root_option
@click.argument("url", required=False)
@click.option("--url", "address_named", default="", help="The same as URL.")
@click.option(
    "--allow-stale",
    envvar="CENSUS_ALLOW_STALE",
    show_envvar=True,
    is_flag=True,
    help="Old data are not a fault: for a rebuild of old data.",
)
@click.option(
    "--slowest",
    type=click.FloatRange(min=0, min_open=True),
    default=10.0,
    show_default=True,
    help="Seconds that one answer may take.",
)
@click.option(
    "--same/--any",
    "same",
    default=True,
    show_default=True,
    help="The site must serve the database that is built here, if one is.",
)
def smoke_command(
    root: Path, url: str | None, address_named: str, allow_stale: bool, slowest: float, same: bool
) -> None:
    """Test the site at URL; without one the built site, served for the time of the test."""
    from contextlib import nullcontext

    from census.publish.live import built_site
    from census.publish.smoke import Expectation, smoke

    record = root / "data" / LAST_BUILD
    status = read_status(root / STATUS) if same and (root / STATUS).is_file() else None
    expected = Expectation(
        questions=tuple(sorted(path.stem for path in (root / "canned_queries").glob("*.sql"))),
        rows=read_status(record)["rows"] if record.is_file() else {},
        sha256=status["sha256"] if status else "",
        through=(status["through"].get("frontier") or "") if status else "",
        allow_stale=allow_stale,
        slowest=slowest,
    )
    address = url or address_named
    try:
        with nullcontext(address) if address else built_site(root) as site:
            results = smoke(site, expected)
    except TimeoutError as error:
        raise click.ClickException(str(error)) from None
    for result in results:
        click.echo(f"{'ok' if result.passed else 'FAILED':<7} {result.name:<18} {result.finding}")
    failed = [result for result in results if not result.passed]
    if failed:
        raise click.ClickException(f"{len(failed)} of {len(results)} checks failed")
    click.echo(f"{len(results)} checks hold for {address or 'the built site'}")


@click.command("record-build")
@root_option
def record_build_command(root: Path) -> None:
    """Write data/last_build.json, with which the next build's row counts are compared."""
    click.echo(f"wrote {record_build(root / 'data', read_status(root / STATUS))}")


@click.command("commit-day")
@root_option
@click.option("--push/--no-push", default=True, show_default=True, help="Push the commit.")
def commit_day_command(root: Path, push: bool) -> None:
    """Commit what was collected, with the record of the build, and push it."""
    from census.base.git import GitError
    from census.publish import committing

    status = read_status(root / STATUS)
    record_build(root / "data", status)
    today = datetime.now(UTC).date()
    try:
        commit = committing.commit_data(root, root / "data", f"Observations of {today}")
        if push:
            committing.push(root)
    except GitError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"committed {commit[:12]}" if commit else "nothing changed in data/")


@click.command("check-token")
@host_options
def check_token_command(**settings: Any) -> None:
    """Say whose token HF_TOKEN is, and whether it may write to both repositories."""
    from census.publish.rehearsing import check_token

    with _host(**settings) as (api, target):
        for line in check_token(api, target):
            click.echo(line)


@click.command("publish")
@click.option("--dry-run", is_flag=True, help="Only say what would be written; nothing is.")
@root_option
@host_options
def publish_command(dry_run: bool, root: Path, **settings: Any) -> None:
    """Publish the built site and the downloads, both or none.

    HF_TOKEN must be a token that may write to both repositories.
    """
    if not dry_run:
        publish_build(root, **settings)
        return
    from census.publish.rehearsing import plan

    with _host(**settings) as (api, target):
        plan(api, root, read_status(root / STATUS), target, _echo)


def publish_build(root: Path, **settings: Any) -> None:
    """Publish what was built in `root` to the repositories that `settings` name."""
    from census.publish import publishing

    with _host(**settings) as (api, target):
        publishing.publish(api, root, read_status(root / STATUS), target, _echo)


@click.command("wait-for-hash")
@root_option
@url_option
@click.option(
    "--seconds",
    envvar="CENSUS_WAIT_SECONDS",
    show_envvar=True,
    type=click.FloatRange(min=0),
    default=1800.0,
    show_default=True,
    help="How long to wait.",
)
@click.option(
    "--interval",
    envvar="CENSUS_WAIT_INTERVAL",
    show_envvar=True,
    type=click.FloatRange(min=0, min_open=True),
    default=15.0,
    show_default=True,
    help="Seconds between two questions.",
)
def wait_for_hash_command(root: Path, url: str, seconds: float, interval: float) -> None:
    """Wait until the live site serves the database that was built here."""
    from census.publish.live import short_hash, wait_for_hash

    built_hash = read_status(root / STATUS)["sha256"]
    try:
        waited = wait_for_hash(url, built_hash, seconds, interval, announce=_echo)
    except TimeoutError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{url} serves {short_hash(built_hash)} after {waited:.0f} s")


@click.command("restore")
@root_option
@click.option("--to", "revision", default="", help="A revision, with --dataset or --space.")
@click.option("--list", "show_revisions", is_flag=True, help="Show the newest revisions.")
@host_options
def restore_command(root: Path, revision: str, show_revisions: bool, **settings: Any) -> None:
    """Return to what was there before the last publication, or to a revision with --to."""
    from census.publish import hosting, publishing

    with _host(**settings) as (api, target):
        if show_revisions:
            for repository in target.repositories:
                for version in hosting.revisions(api, repository):
                    day = version.date[:16]
                    click.echo(f"{repository.kind:<8} {version.id} {day} {version.title}")
        elif revision:
            if len(target.repositories) != 1:
                raise click.UsageError(
                    "--to restores one repository; leave the other out with --dataset '' or"
                    " --space ''"
                )
            publishing.restore_to(api, target.repositories[0], revision, _echo)
        elif not publishing.restore(api, root, _echo):
            click.echo("nothing was published here; nothing to restore")


@click.command("tag-release")
@click.option("--month", help="The release's name; the present month by default.")
@root_option
@host_options
def tag_release_command(root: Path, month: str | None, **settings: Any) -> None:
    """Give the published dataset a dated name that lasts, such as 2026-11."""
    from census.publish import hosting

    name = month or datetime.now(UTC).strftime("%Y-%m")
    with _host(**settings) as (api, target):
        if target.dataset is None:
            raise click.UsageError("name a dataset: CENSUS_DATASET")
        hosting.tag(api, target.dataset, name)
        click.echo(f"{target.dataset}: {name}")


@click.command("report-failure")
@root_option
@click.option("--steps", envvar="CENSUS_STEPS", default="", help="GitHub's JSON of the steps.")
def report_failure_command(root: Path, steps: str) -> None:
    """Open an issue with the failed step and the log's end, or update the open one."""
    from census.publish import reporting

    secrets = [os.environ.get(name, "") for name in ("HF_TOKEN", "GH_TOKEN", "GITHUB_TOKEN")]
    log = reporting.log_end(root / "run.log", secrets)
    body = reporting.failure_body(reporting.failed_steps(steps), log, os.environ)
    _reported(lambda: reporting.report(reporting.FAILURE_TITLE, body))


@click.command("report-success")
def report_success_command() -> None:
    """Close the issue that a failure opened, if one is open."""
    from census.publish import reporting

    body = f"The daily update works again. {reporting.run_url(os.environ)}".strip()
    _reported(lambda: reporting.close_report(reporting.FAILURE_TITLE, body) or "no issue is open")


@click.command("report-review")
@click.argument("report", type=click.Path(dir_okay=False, exists=True, path_type=Path))
def report_review_command(report: Path) -> None:
    """Put the weekly review into its issue."""
    from census.publish import reporting

    text = reporting.clean(report.read_text(encoding="utf-8"))[: reporting.SHOWN_CHARACTERS]
    _reported(lambda: reporting.report(reporting.REVIEW_TITLE, text))


def _reported(send_report: Callable[[], str]) -> None:
    from census.publish.reporting import ReportError

    try:
        click.echo(send_report())
    except ReportError as error:
        raise click.ClickException(str(error)) from None


COMMANDS = (
    is_current_command,
    smoke_command,
    record_build_command,
    commit_day_command,
    check_token_command,
    publish_command,
    wait_for_hash_command,
    restore_command,
    tag_release_command,
    report_failure_command,
    report_success_command,
    report_review_command,
)
