"""Epoch AI: the scores of its Capabilities Index, as https://epoch.ai/data/eci_scores.csv has them.

The file is named in the README of epoch-research/eci-public (15b4315f, "Expected ECI scores"). Its
columns are those of the answers kept in IAPS-AI/ECI-Accessibility-Gap (1d87bbc6, of 2025-12-19) and
in ukitako1030/EVAL (1fca0535, pipeline/test/fixtures/epoch-eci/sample.csv, of 2026-10-08). It names
no day: each publication sets all scores anew, so that a list that differs from the last one is a
vintage of the day on which it was read. The scale is fixed by two models.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from census.base.printable import printable_line
from census.channels.collecting import SCORES, Collector
from census.channels.collectors import endpoint
from census.channels.score_files import ScoreDay, as_score, check_score
from census.channels.transport import Web, read_text

SOURCE = "epoch-eci"
ENDPOINT = "https://epoch.ai"
PATH = "/data/eci_scores.csv"
# The columns that are read; others may come and go.
MODEL, SCORE, RELEASED = "Model", "eci", "date"
LOW, HIGH = "eci_ci_low", "eci_ci_high"
ORGANISATION, COUNTRY = "Organization", "Country (of organization)"
ACCESS = "Model accessibility"
COLUMNS = (MODEL, SCORE, LOW, HIGH, RELEASED, ORGANISATION, COUNTRY, ACCESS)
# The two models that set the scale; another value would be another scale.
ANCHORS = {"Claude 3.5 Sonnet": 130.0, "GPT-5": 150.0}
LARGEST_FILE = 4 * 1024 * 1024
MOST_ROWS = 5_000
# A day of release may be that of another time zone.
AHEAD = timedelta(days=1)


def collectors(environ: Mapping[str, str], _: Path) -> Iterator[Collector]:
    """Return the collector, which needs no key."""
    yield Epoch(Web(SOURCE, largest=LARGEST_FILE), endpoint(environ, "epoch", ENDPOINT))


class Epoch(NamedTuple):
    """The one file, as it is now."""

    web: Web
    endpoint: str = ENDPOINT
    source: str = SOURCE
    channel: str = SCORES
    begins: date | None = None
    days_at_once: int = 1
    hint: str = ""

    def fetch(self, first: date, last: date) -> Mapping[date, ScoreDay]:
        """Return the list as it is today; raises CollectorError."""
        url = f"{self.endpoint}{PATH}"
        scores = self.web.ask(url, lambda content: tuple(read_scores(read_text(content), last)))
        basis = "the day of reading: the list names none"
        return {last: ScoreDay(self.source, last, scores, basis, url, "", "", is_reading=True)}


def read_scores(text: str, today: date) -> Iterator[dict[str, str]]:
    """Yield the scores of the file; raises ValueError that names the line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        missing = [column for column in COLUMNS if header.count(column) != 1]
        if missing:
            raise ValueError(
                f"no column {missing[0]!r}; there are {printable_line(','.join(header))}"
            )
        values_by_name: dict[str, float] = {}
        for values in reader:
            try:
                if len(values) != len(header):
                    raise ValueError(f"{len(values)} values; expected {len(header)}")
                score = read_score(dict(zip(header, values, strict=True)), today)
                if score["name"] in values_by_name or len(values_by_name) >= MOST_ROWS:
                    raise ValueError(f"{score['name']} stands twice, or is one row too many")
            except ValueError as error:
                raise ValueError(f"line {reader.line_num}: {error}") from None
            values_by_name[score["name"]] = float(score["value"])
            yield score
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}") from None
    for name, value in ANCHORS.items():
        if values_by_name.get(name) != value:
            stated_value = values_by_name.get(name, "not there")
            raise ValueError(
                f"{name} is {stated_value}: the scale that {value:.0f} for it sets is another"
            )


def read_score(row: Mapping[str, str], today: date) -> dict[str, str]:
    """Return a row in the columns of a file of scores; raises ValueError."""
    as_score(row[SCORE], f"{printable_line(row[MODEL])}: {SCORE}")
    if row[RELEASED] and date.fromisoformat(row[RELEASED]) > today + AHEAD:
        raise ValueError(
            f"{printable_line(row[MODEL])}: the day of release {row[RELEASED]} is to come"
        )
    score = {
        "name": row[MODEL],
        "organisation": row[ORGANISATION],
        "access": row[ACCESS],
        "country": row[COUNTRY],
        "released_on": row[RELEASED],
        "hub_model": "",
        "value": row[SCORE],
        "low": row[LOW],
        "high": row[HIGH],
        "votes": "",
    }
    check_score(score)
    return score
