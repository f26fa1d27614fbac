"""What each channel counts, in whose words, and what its figures cannot say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from census.base.csv_files import Problem, Row, check_choice, check_filled, check_unique, read_rows

FILE = "channels/channels.csv"
COLUMNS = (
    "channel",
    "name",
    "metric",
    "unit",
    "kind",
    "lists",
    "rounded",
    "counts",
    "limits",
    "gathering",
    "url",
)
MISSING_FILE = "channels/missing.csv"
MISSING_COLUMNS = ("name", "counts", "why", "bias")
HUB = "hub"
# All-time counts of a name, which never fall, or amounts of one day, which can be added up.
COUNTER = "counter"
DAILY = "daily"
# Whether sources list every name of the channel, or those of some makers only.
WHOLE = "all names"
SELECTED = "some makers"


class Definitions(NamedTuple):
    """The rows of channels.csv by channel, and those of missing.csv."""

    channels: Mapping[str, Row]
    missing: list[Row]

    @property
    def metrics(self) -> dict[str, str]:
        """The metric that each channel beside the Hub counts."""
        return {name: row["metric"] for name, row in self.channels.items() if name != HUB}


def read_definitions(data: Path, problems: list[Problem]) -> Definitions:
    """Read and check the definitions; faults go to `problems`."""
    rows = read_rows(data / FILE, COLUMNS, problems)
    check_unique(rows, ["channel"], problems)
    check_filled(rows, COLUMNS, problems)
    check_choice(rows, "kind", (COUNTER, DAILY), problems)
    check_choice(rows, "lists", (WHOLE, SELECTED), problems)
    check_choice(rows, "rounded", ("yes", "no"), problems)
    missing = read_rows(data / MISSING_FILE, MISSING_COLUMNS, problems)
    check_unique(missing, ["name"], problems)
    check_filled(missing, MISSING_COLUMNS, problems)
    return Definitions({row["channel"]: row for row in rows}, missing)
