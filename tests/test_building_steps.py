"""The steps of a build do what they declare: which tables each fills and reads, in which order."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from pathlib import Path

import pytest
import sqlite_utils
from small_data import ROOT, SOURCE, rewrite, small_data

from census.base.inserting import insert_rows
from census.database.building import Building
from census.database.declared_tables import schema
from census.database.reading import read_input
from census.database.steps import STEPS, Step

# What an authorizer of SQLite is told.
READ = 20
WRITES = (9, 18, 23)


def empty() -> sqlite3.Connection:
    """Return the tables without rows; each statement is compiled anew whenever it is run."""
    connection = sqlite3.connect(":memory:", cached_statements=0)
    connection.executescript(schema())
    return connection


def tables(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("select name from sqlite_master where type = 'table'")
    return {name for (name,) in rows if not name.startswith("sqlite_")}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[set[str], set[str]]]:
    """What each step of a small build really fills, and really reads beside that."""
    data = tmp_path_factory.mktemp("steps") / "data"
    small_data(data)
    # Some rows of what the small data leave out, so that every table is filled.
    model = next(iter(rewrite(data / "models.csv", lambda _row: True)))["model_id"]
    with (data / "model_aliases.csv").open("a", encoding="utf-8") as file:
        file.write(f"Qwen/Of-Old,{model},Made for a test.,https://example.com\n")
    for name in ("derivatives.csv", "unregistered.csv"):
        lines = (ROOT / "data" / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (data / name).write_text("".join(lines[:40]), encoding="utf-8")
    (data / "ages.csv").write_text("day,what,through\n2026-05-24,hub,2026-05-23\n")
    with (data / "quality_ledger.csv").open("a", encoding="utf-8") as file:
        file.write(f"accepted,{SOURCE},2026-05-23,2026-05-23,,Looked at.,2026-05-24\n")
    given = read_input(data)
    connection = empty()
    known = tables(connection)
    found: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    at = [""]

    def watch(action: int, table: str | None, *_: str | None) -> int:
        if table in known and (action == READ or action in WRITES):
            found[at[0]][action == READ].add(str(table))
        return sqlite3.SQLITE_OK

    connection.set_authorizer(watch)
    building = Building(sqlite_utils.Database(connection), given)
    *filling, last = STEPS
    for step in filling:
        at[0] = step.name
        step.run(building)
    # The last step fills no table; packing the file writes all of them again.
    connection.set_authorizer(None)
    last.run(building)
    connection.close()
    return {name: (filled, read - filled) for name, (filled, read) in found.items()}


# What the small data give no occasion for: counters of other channels that fall or disagree.
SELDOM = {"channels": {"quality_events"}}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_fills_and_reads_what_it_declares(
    seen: dict[str, tuple[set[str], set[str]]], step: Step
) -> None:
    filled, read = seen.get(step.name, (set(), set()))
    assert set(step.fills) - SELDOM.get(step.name, set()) == filled
    assert set(step.reads) == read


def test_steps_come_after_those_that_they_rest_on() -> None:
    connection = empty()
    there: set[str] = set()
    for step in STEPS:
        rests_on = {
            target
            for table in step.fills
            for (target,) in connection.execute(
                'select "table" from pragma_foreign_key_list(?)', (table,)
            )
        }
        missing = ({*step.reads} | rests_on) - there - {*step.fills}
        assert not missing, f"{step.name} comes before what fills {', '.join(sorted(missing))}"
        there |= {*step.fills}
    assert there == tables(connection)


def test_every_step_has_a_name_of_its_own() -> None:
    assert len({step.name for step in STEPS}) == len(STEPS)


def test_a_row_has_a_value_for_every_column_of_the_schema(tmp_path: Path) -> None:
    connection = empty()
    insert_rows(connection, "countries", [("CN", "China", "China")])
    for row in (("FR", "France"), ("FR", "France", "Europe", "more")):
        with pytest.raises(sqlite3.ProgrammingError):
            insert_rows(connection, "countries", [row])
    with pytest.raises(LookupError, match="no table provinces"):
        insert_rows(connection, "provinces", [("a",)])
    assert connection.execute("select * from countries").fetchall() == [("CN", "China", "China")]
