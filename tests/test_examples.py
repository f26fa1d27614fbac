"""The examples for readers: each is run, and gives the numbers of the questions."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import serve, wait_for_origin
from made_census import ask
from site_client import Client

from census.base.databases import open_readonly

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"


def run(*command: str) -> str:
    """Run a program from nowhere special and return what it says; it must end well."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(database: Path, name: str, **values: str) -> list[dict[str, Any]]:
    """Return the rows of a question of a database."""
    with open_readonly(database) as db:
        return ask(db, name, **values)


@pytest.fixture(scope="module")
def origin(census_db: Path) -> Iterator[str]:
    """The site on loopback."""
    server = serve(census_db)
    try:
        yield wait_for_origin(server)
    finally:
        server.terminate()
        server.wait(10)


def test_pandas_gives_the_shares_of_the_question(few_export: Path, few_db: Path) -> None:
    said = run(sys.executable, str(EXAMPLES / "pandas_shares.py"), str(few_export))
    rows = asked(few_db, "share_by_country")
    for row in [row for row in rows if row["month"] == rows[-1]["month"]][:3]:
        line = re.search(rf"{row['country_name']} +([\d.]+) +([\d.]+) +([\d.]+)", said)
        assert line is not None, said
        found = [float(number) for number in line.groups()]
        expected = [row["share_pct"], row["low_pct"], row["high_pct"]]
        assert found == pytest.approx(expected, abs=0.006)


def test_duckdb_gives_the_months_of_the_question(few_export: Path, few_db: Path) -> None:
    said = run(sys.executable, str(EXAMPLES / "duckdb_parquet.py"), str(few_export))
    rows = asked(few_db, "share_by_country", measure="monthly", since="2026-01")
    by_key = {(row["month"], row["country"]): row["downloads"] for row in rows}
    lines = [line.split() for line in said.splitlines()[1:]]
    assert lines
    for month, china, united_states in lines:
        assert int(china.replace(",", "")) == by_key[month, "CN"]
        assert int(united_states.replace(",", "")) == by_key[month, "US"]


def test_sqlite_shows_every_observation(census_db: Path, census: sqlite3.Connection) -> None:
    said = run(sys.executable, str(EXAMPLES / "sqlite_history.py"), str(census_db))
    counted = census.execute("select count(*) from observations where model = 'Qwen/Qwen3-8B'")
    assert len(said.splitlines()) - 1 == counted.fetchone()[0] > 0


def test_curl_reads_a_running_site(origin: str, site: Client) -> None:
    said = run("sh", str(EXAMPLES / "with_curl.sh"), origin)
    largest = site.rows("/census/ranking_by_country")[0]
    assert f",{largest['country_name']}," in said
    assert "Qwen,CN" in said
    assert "\n400\n" in said
    assert "Database SHA-256" in said


def test_a_transfer_that_fails_on_the_way_is_an_error_for_curl(origin: str) -> None:
    broken = (
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 900000)"
        " select case when i < 800000 then i else abs(-9223372036854775808) end as i from n"
    )
    command = ["curl", "--silent", "--fail", "--get", f"{origin}/census.csv"]
    done = subprocess.run(
        [*command, "--data-urlencode", f"sql={broken}"], capture_output=True, check=False
    )
    assert done.returncode != 0
    assert done.stdout.startswith(b"i\r\n1\r\n")
    again = subprocess.run(
        [*command, "--compressed", "--data-urlencode", f"sql={broken}"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert again.returncode != 0


# What these need is in no environment of the tests: docs/checks.md says how they are run.
BY_HAND = (
    "duckdb_http.py", "frictionless_labs.R", "labs_by_country.R", "polars_shares.py",
    "spark_series.py",
)  # fmt: skip


def test_every_example_is_run_here_and_named_in_its_readme() -> None:
    tests = Path(__file__).read_text()
    readme = (EXAMPLES / "README.md").read_text()
    for path in EXAMPLES.iterdir():
        if path.suffix in (".py", ".sh", ".R"):
            assert path.name in tests
            assert f"`{path.name}" in readme
