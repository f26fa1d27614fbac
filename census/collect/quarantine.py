"""The answers of a refused run, kept complete beside the data, with a report to decide by."""

from __future__ import annotations

import itertools
import json
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from census.base.csv_files import DataError, Problem, parse_day
from census.base.names import folded, namespace_of
from census.base.printable import printable_line
from census.collect.hub import Listing, ModelAnswer
from census.store.observations import Observation

FOLDER = "refused"
FORMAT = 1


@dataclass(frozen=True)
class HubAnswers:
    """Everything that one run got from the Hub; `retrieved_at` is in UTC."""

    day: date
    retrieved_at: str
    endpoint: str
    date_basis: str
    listings: list[Listing]
    answers: list[ModelAnswer]


def write_quarantine(
    folder: Path, hub_answers: HubAnswers, reasons: Sequence[str], day_before: Iterable[Observation]
) -> Path:
    """Write a run's answers as `<day>-<n>.json` with a report beside it; return the JSON file."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "format": FORMAT,
        "day": hub_answers.day.isoformat(),
        "retrieved_at": hub_answers.retrieved_at,
        "endpoint": hub_answers.endpoint,
        "date_basis": hub_answers.date_basis,
        "reasons": list(reasons),
        "listings": [asdict(listing) for listing in hub_answers.listings],
        "answers": [answer._asdict() for answer in hub_answers.answers],
    }
    path = _write_new(folder, hub_answers.day.isoformat(), json.dumps(content, indent=1))
    report = report_text(hub_answers, reasons, day_before, path)
    path.with_suffix(".md").write_text(report, encoding="utf-8")
    return path


def _write_new(folder: Path, stem: str, text: str) -> Path:
    """Write `<stem>-<n>.json` with the first free number, whole or not at all."""
    staged = folder / f".{stem}-{os.getpid()}.tmp"
    with staged.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    for number in itertools.count(1):
        path = folder / f"{stem}-{number}.json"
        with suppress(FileExistsError):
            path.hardlink_to(staged)
            break
    staged.unlink()
    return path


def report_text(
    hub_answers: HubAnswers, reasons: Sequence[str], day_before: Iterable[Observation], path: Path
) -> str:
    """Return a report (Markdown) from which a person can decide whether to accept a refused day."""
    models_before = Counter(
        folded(namespace_of(observation.model_id)) for observation in day_before
    )
    rows = [
        f"| {listing.namespace} | {number} | {len(listing.models)} | {_cell(listing.error)} |"
        for listing, number in (
            (listing, models_before[folded(listing.namespace)]) for listing in hub_answers.listings
        )
        if listing.error or len(listing.models) < number
    ]
    statuses = Counter(answer.status or "not answered" for answer in hub_answers.answers)
    total = sum(len(listing.models) for listing in hub_answers.listings)
    return "\n".join(
        [
            f"# Observations of {hub_answers.day.isoformat()} were refused",
            "",
            f"Asked {hub_answers.endpoint} at {hub_answers.retrieved_at}: {total} models in"
            f" {len(hub_answers.listings)} namespaces. Nothing was written to the data.",
            "",
            "## Why",
            "",
            *(f"- {_cell(reason)}" for reason in reasons),
            "",
            "## Namespaces that failed or have fewer models than the day before",
            "",
            "| namespace | the day before | now | error |",
            "| --- | ---: | ---: | --- |",
            *rows,
            "",
            "## Models asked for one by one",
            "",
            *(f"- {status}: {number}" for status, number in sorted(statuses.items())),
            *([] if statuses else ["None."]),
            "",
            "## What to do",
            "",
            "If the fault has passed, collect again on the same day. If the counts above are right",
            "all the same, admit them; models that are missing have no observation on this day:",
            "",
            f"    python build_db.py collect --accept REASON --from {path}",
            "",
        ]
    )


def _cell(text: str) -> str:
    """Return foreign text for one line of Markdown, with all its markup escaped."""
    return (
        printable_line(text).replace("|", "/").replace("<", "‹").replace(">", "›").replace("`", "'")
    )


def read_quarantine(path: Path) -> tuple[HubAnswers, list[str]]:
    """Return the answers of a refused run and the reasons; DataError if it is not such a file."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']!r} is not {FORMAT}")
        hub_answers = HubAnswers(
            day=parse_day(content["day"]),
            retrieved_at=str(content["retrieved_at"]),
            endpoint=str(content["endpoint"]),
            date_basis=str(content["date_basis"]),
            listings=[Listing(**listing) for listing in content["listings"]],
            answers=[ModelAnswer(**answer) for answer in content["answers"]],
        )
        return hub_answers, [str(reason) for reason in content["reasons"]]
    except FileNotFoundError:
        reason = "the file is missing"
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        reason = f"not a file that a refused run kept: {error}"
    raise DataError([Problem(str(path), 0, reason)])
