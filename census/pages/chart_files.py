"""The files of a question: its description as data, and everything in one archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from census.charts.figures import Context
from census.pages.citations import LICENCE, LICENCE_URL, Citation, as_bibtex, as_csl, as_text
from census.questions.question_files import Question

TABLE_FORMATS = ("csv", "json")
# The rows again, for programs that read no CSV with commas; an archive needs them once.
SPREADSHEETS = ("xlsx", "tsv")
CITATIONS = ("citation.txt", "bib", "csl.json")
CHART_FORMATS = ("svg", "png", "vl.json")
METADATA = "metadata.json"

README = """{title}
{line}

{description}

Unit: {unit}. {counted}
Data to {day}. {licence}: {licence_url}

Cite as: {citation}

Files
{files}

Unknown is empty in the CSV file and null in the JSON file, never 0.
The SQL that gave the numbers is in {name}.metadata.json under "sql"; the whole database, to which
its SHA-256 belongs, can be downloaded at {site}.
"""
WHAT = {
    "csv": "the rows, UTF-8 with commas",
    "xlsx": "the rows for Excel, with a sheet of metadata",
    "tsv": "the rows, UTF-8 with tabs",
    "json": "the rows as a JSON array",
    "svg": "the chart, drawn for any size",
    "png": "the chart at twice its plain size",
    "vl.json": "the chart as a Vega-Lite specification, data included",
    METADATA: "definitions, choices, sources, licence, citation, SQL",
}


LABELS = {
    "csv": "CSV",
    "xlsx": "Excel",
    "tsv": "TSV",
    "json": "JSON",
    "svg": "SVG",
    "png": "PNG",
    "vl.json": "Vega-Lite",
    "zip": "All as ZIP",
    METADATA: "Metadata",
}


def file_address(name: str, form: str, query: str) -> str:
    """Return the path of one format of a question; `query` has its `?`, or is empty."""
    shape = "_shape=array" if form == "json" else ""
    separator = "&" if query and shape else ""
    return f"/census/{name}.{form}{query or ('?' if shape else '')}{separator}{shape}"


def listed_files(question: Question, query: str) -> list[dict[str, str]]:
    """Return every file of a question as a page lists it: name, address, and what it is."""
    explanations = {**WHAT, "zip": "everything here, with a README"}
    return [
        {"name": LABELS[form], "address": file_address(question.name, form, query),
         "what": explanations[form]}
        for form in listed_formats(question)
    ]  # fmt: skip


def listed_formats(question: Question) -> tuple[str, ...]:
    """Return the formats of a question in the order of readers' interest."""
    first, *others = formats_of(question)
    return (first, *SPREADSHEETS, *others, "zip")


def question_formats(question: Question) -> tuple[str, ...]:
    """Return every format that a question has an address for."""
    return (*listed_formats(question), *CITATIONS)


def formats_of(question: Question) -> tuple[str, ...]:
    """Return the formats that an archive of a question holds, with those of its chart if any."""
    return (*TABLE_FORMATS, *(CHART_FORMATS if question.chart else ()), METADATA)


def day_of_question(question: Question, values: Mapping[str, str], context: Context) -> str:
    """Return the day up to which a question's figures go."""
    if not question.reads_series:
        return context.of_channel(question.channel, values).last_observation
    return context.last_day(values)


def describe(
    question: Question,
    values: Mapping[str, str],
    cited: Citation,
    sources: Sequence[Mapping[str, Any]],
    notes: Sequence[str],
    links: Mapping[str, str],
) -> dict[str, Any]:
    """Return the description of a question as data: everything needed beside the numbers.

    `notes` is what the chart says under its plot, `links` maps formats to addresses.
    """
    return {
        "name": question.name,
        "title": question.title,
        "description": question.description,
        "theme": question.theme,
        "unit": question.unit_words(values),
        "scope": question.counted_words(values),
        "columns": dict(question.columns),
        "parameters": [
            {
                "name": parameter.name,
                "label": parameter.label,
                "value": values[parameter.name],
                "value_label": parameter.label_of(values[parameter.name]),
                "default": parameter.default,
                "help": parameter.help,
            }
            for parameter in question.parameters
        ],
        "notes": list(notes),
        "data_through": cited.day,
        "database_sha256": cited.hash,
        "url": cited.url,
        "files": dict(links),
        "licence": {"name": LICENCE, "url": LICENCE_URL},
        "sources": [dict(source) for source in sources],
        "citation": {"text": as_text(cited), "bibtex": as_bibtex(cited), "csl": as_csl(cited)},
        "sql": question.sql,
    }


def readme(description: Mapping[str, Any], members: Sequence[str], site: str) -> str:
    """Return the text that explains an archive; `members` are its formats."""
    name = description["name"]
    return README.format(
        title=description["title"],
        line="=" * len(description["title"]),
        description=description["description"],
        unit=description["unit"],
        counted=f"Counted: {description['scope']}." if description["scope"] else "",
        day=description["data_through"],
        licence=description["licence"]["name"],
        licence_url=description["licence"]["url"],
        citation=description["citation"]["text"],
        files="\n".join(f"- {name}.{member}: {WHAT[member]}" for member in members),
        name=name,
        site=site,
    )


def archive(name: str, day: str, files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP archive of files in a folder, dated with the data: the same bytes each time."""
    year, month, number = (int(part) for part in day.split("-"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in files.items():
            entry = zipfile.ZipInfo(f"{name}-{day}/{path}", (year, month, number, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, content)
    return buffer.getvalue()
