"""What each channel counts, in whose words, and what its figures cannot say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from census.base.csv_files import Problem, Row
from census.base.declared_files import DataFile, DataRow, YesNo, column, matching, one_of

FILE = "channels/channels.csv"
MISSING_FILE = "channels/missing.csv"
OWNERS = "channels/owners.csv"
OWNER = re.compile(r"[A-Za-z0-9][\w.\-]{0,95}", re.ASCII)
HUB = "hub"
# All-time counts of a name, which never fall, or amounts of one day, which can be added up.
COUNTER = "counter"
DAILY = "daily"
# Whether a channel's sources list all its names, or only those of some makers.
WHOLE = "all names"
SELECTED = "some makers"


class ChannelRow(DataRow):
    """A channel: where models are fetched or used."""

    channel: str = column("Short name")
    name: str = column("The channel's name")
    metric: str = column("What is counted, by its short name")
    unit: str = column("What is counted, in words")
    kind: Annotated[str, one_of(COUNTER, DAILY)] = column(
        "counter (of all time, which never falls) or daily (amounts that can be added up)"
    )
    lists: Annotated[str, one_of(WHOLE, SELECTED)] = column("Whether sources list every name")
    rounded: YesNo = column("Whether the counts are rounded")
    counts: str = column("What a count is")
    limits: str = column("What it does not say")
    gathering: str = column("How it is gathered")
    url: str = column("Where the channel is")


CHANNELS_FILE = DataFile(
    FILE,
    "The channels, what each counts and what that does not say.",
    ChannelRow,
    unique=(("channel",),),
)


class MissingRow(DataRow):
    """A channel that the census does not have."""

    name: str = column("The channel")
    counts: str = column("What is used or fetched there")
    why: str = column("Why it is not here")
    bias: str = column("Whom that favours")


MISSING_CHANNELS_FILE = DataFile(
    MISSING_FILE,
    "Channels that the census does not have, and why.",
    MissingRow,
    unique=(("name",),),
)


class OwnerRow(DataRow):
    """A maker whose models are collected on a channel that lists some makers."""

    channel: str = column("The channel")
    owner: Annotated[str, matching(OWNER, "is not a name before a slash")] = column(
        "The maker's name there, the part of a model's name before the slash"
    )
    says: str = column("Why it is on the list")


OWNERS_FILE = DataFile(
    OWNERS,
    "The makers whose models are collected on a channel of which nobody lists every name.",
    OwnerRow,
    unique=(("channel", "owner"),),
    references={"channel": FILE},
)


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
    rows = CHANNELS_FILE.read(data, problems)
    missing = MISSING_CHANNELS_FILE.read(data, problems)
    if (data / OWNERS).is_file():
        OWNERS_FILE.read(data, problems, {FILE: {row["channel"] for row in rows}})
    return Definitions({row["channel"]: row for row in rows}, missing)
