"""The HTTP interface as its page documents it: each kind of address with an example that works."""

from __future__ import annotations

from typing import NamedTuple

FREE_SQL = "select+country%2C+count(*)+as+models+from+models+group+by+country"
FORMULAS = "select+name+from+labs+limit+3"


class AddressExample(NamedTuple):
    """An address that answers 200 on any census, and what it answers with."""

    path: str
    content_type: str
    what: str


class Section(NamedTuple):
    """A part of the interface: its heading, what it does, examples."""

    title: str
    about: str
    examples: tuple[AddressExample, ...]


LIMITS = (
    "Columns `country` hold ISO 3166-1 alpha-2 codes, `XX` is distributed, empty is not"
    " established. Dates are UTC days. Unknown is empty in CSV and null in JSON, never 0.",
    "A CSV file, and JSON with `_shape=array` or `_shape=arrayfirst`, is whole or refused: it is"
    " streamed, and where it fails on the way the transfer breaks off instead of ending. In"
    " Datasette's other JSON shapes `truncated` is true where a result was cut at {rows:,} rows.",
    "A statement may take {seconds:g} seconds to begin, and as long again for each further thousand"
    " rows.",
    "Files have an `ETag`; ask again with `If-None-Match` and get 304 while nothing changed. The"
    " data change at most once a day.",
    "Errors are 400 with the reason, as JSON where JSON was asked for.",
)


def limits(rows: int, seconds: float) -> list[str]:
    """Return the rules of all addresses in words, with the limits `rows` and `seconds`."""
    return [limit.format(rows=rows, seconds=seconds) for limit in LIMITS]


CSV = "text/csv"
JSON = "application/json"
TSV = "text/tab-separated-values"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SECTIONS = (
    Section(
        "Questions",
        "Each question has one stem for everything. Parameters have defaults; a wrong value is"
        " answered by 400 with the values allowed, never by the default's rows.",
        (
            AddressExample("/census/share_by_country", "text/html", "the page"),
            AddressExample("/census/share_by_country.csv", CSV, "every row as CSV"),
            AddressExample(
                "/census/share_by_country.xlsx", XLSX, "every row for Excel, with metadata"
            ),
            AddressExample("/census/share_by_country.tsv", TSV, "every row, with tabs"),
            AddressExample(
                "/census/share_by_country.json?_shape=array", JSON, "every row as a JSON array"
            ),
            AddressExample(
                "/census/share_by_country.csv?measure=monthly&scope=labs",
                CSV,
                "with other values; all formats take them",
            ),
            AddressExample(
                "/census/share_by_country.csv?_as_of=2026-11-26",
                CSV,
                "as it was published on a day: shares, cumulative and monthly downloads, rankings",
            ),
            AddressExample("/census/share_by_country.svg", "image/svg+xml", "the chart"),
            AddressExample(
                "/census/share_by_country.svg?_as_of=2026-11-26",
                "image/svg+xml",
                "the chart as it was published on a day; it stays so, in embeds too",
            ),
            AddressExample(
                "/census/share_by_country.png?_theme=dark&_size=narrow",
                "image/png",
                "the chart, dark and narrow",
            ),
            AddressExample(
                "/census/share_by_country.vl.json", JSON, "the chart's Vega-Lite source"
            ),
            AddressExample(
                "/census/share_by_country.metadata.json",
                JSON,
                "definitions, choices, sources, licence, citation, SQL",
            ),
            AddressExample(
                "/census/share_by_country.zip", "application/zip", "all of these in one file"
            ),
            AddressExample("/census/share_by_country.bib", "application/x-bibtex", "BibTeX"),
            AddressExample(
                "/census/share_by_country.csl.json",
                "application/vnd.citationstyles.csl+json",
                "CSL-JSON, for Zotero and pandoc",
            ),
            AddressExample(
                "/census/share_by_country.citation.txt", "text/plain", "a citation as text"
            ),
        ),
    ),
    Section(
        "Tables",
        "Every table and view, with Datasette's filters. CSV, TSV and workbooks have every row"
        " that the filters leave (a workbook at most 500,000 cells);"
        " JSON comes in pages, with the address of the next in next_url.",
        (
            AddressExample("/census/models.csv?lab=qwen", CSV, "filtered"),
            AddressExample("/census/models.xlsx?lab=qwen", XLSX, "as a workbook"),
            AddressExample(
                "/census/models.csv?lab=qwen&_labels=on", CSV, "with the names behind codes"
            ),
            AddressExample(
                "/census/labs.json?_size=5&_shape=objects", JSON, "five rows, and next_url"
            ),
            AddressExample("/census.db", "application/octet-stream", "the whole database, SQLite"),
        ),
    ),
    Section(
        "SQL of your own",
        "One select statement in sql, with :name for values that follow as parameters. A result of"
        " more than a million rows, or one that takes too long, is refused with 400.",
        (
            AddressExample(f"/census.csv?sql={FREE_SQL}", CSV, "whole, streamed"),
            AddressExample(f"/census.xlsx?sql={FREE_SQL}", XLSX, "as a workbook"),
            AddressExample(f"/census.json?_shape=array&sql={FREE_SQL}", JSON, "whole, streamed"),
            AddressExample(
                f"/census.json?_shape=array&_nl=on&sql={FREE_SQL}",
                "application/x-ndjson",
                "one JSON object a line",
            ),
            AddressExample(
                "/census.json?_shape=arrayfirst&sql=select+id+from+labs+where+country%3D:c&c=FR",
                JSON,
                "the first column, with a value",
            ),
            AddressExample(
                f"/census.json?sql={FREE_SQL}", JSON, "Datasette's shape, see truncated"
            ),
        ),
    ),
    Section(
        "Variants of CSV",
        "Plain CSV is UTF-8 with commas and a heading and nothing else. A text that begins with =,"
        " +, - or @ stands in it as it is, and a spreadsheet may run it as a formula.",
        (
            AddressExample(
                "/census/share_by_country.csv?_bom=1", CSV, "with the mark that Excel needs"
            ),
            AddressExample(
                f"/census.csv?_spreadsheet=1&sql={FORMULAS}",
                CSV,
                "with that mark, and an apostrophe before what would be a formula",
            ),
            AddressExample(
                "/census/share_by_country.csv?_spreadsheet=semicolon",
                CSV,
                "for Excel where numbers have a decimal comma: semicolons between values",
            ),
            AddressExample("/census/share_by_country.csv?_header=off", CSV, "without the heading"),
        ),
    ),
    Section(
        "Numbers to quote",
        "Each number has a permanent link with the value as it was; the page says whether it"
        " still is.",
        (
            AddressExample("/-/quote/ranking_by_country", "text/html", "the links of a question"),
            AddressExample("/-/quote/ranking_by_country.json", JSON, "the same for programs"),
            AddressExample(
                "/-/number.json", JSON, "the number of the day, with interval and sentence"
            ),
            AddressExample("/-/number?_theme=dark", "text/html", "the same to embed"),
        ),
    ),
    Section(
        "Figures to check",
        "Whether a figure agrees with the census: match, close, mismatch or cannot tell, with our"
        " value, its interval, likely slips, published figures that it resembles and a sentence to"
        " print. A figure or claim that the census has checked already is asked by its name.",
        (
            AddressExample(
                "/check?key=CN&value=49%25&on=2026-03", "text/html", "the form and the answer"
            ),
            AddressExample(
                "/check.json?key=CN&value=49%25&on=2026-03", JSON, "the same for programs"
            ),
            AddressExample(
                "/check.json?dimension=lab&key=qwen&measure=cumulative&value=1.5+billion",
                JSON,
                "downloads of a lab",
            ),
            AddressExample("/check.json", JSON, "what a check takes"),
        ),
    ),
    Section(
        "Following",
        "Atom and JSON Feed; an entry keeps its id for ever.",
        (
            AddressExample("/feeds/milestones.atom", "application/atom+xml", "milestones"),
            AddressExample(
                "/feeds/changes.atom", "application/atom+xml", "changes and corrections"
            ),
            AddressExample(
                "/feeds/models.json", "application/feed+json", "new models of tracked labs"
            ),
            AddressExample(
                "/feeds/quality.json", "application/feed+json", "events of data quality"
            ),
        ),
    ),
    Section(
        "Descriptions for programs",
        "This page for programs, and the census in one text for language models. Assistants that"
        " speak MCP (streamable HTTP, without a key or a session) ask by POST at /mcp: they find"
        " questions, answer them, check figures, describe tables and run SQL.",
        (
            AddressExample("/openapi.json", JSON, "every question and address, as OpenAPI"),
            AddressExample("/llms.txt", "text/plain", "questions, tables, words and limits"),
        ),
    ),
    Section(
        "For programs that run the site",
        "Whether it serves, whom it lets in, what it has.",
        (
            AddressExample(
                "/-/healthz?live=1", JSON, "whether it serves, with the day of the data"
            ),
            AddressExample("/robots.txt", "text/plain", "what crawlers may read"),
            AddressExample("/sitemap.xml", "application/xml", "every page"),
            AddressExample(
                "/open-model-census.bib", "application/x-bibtex", "how to cite the census"
            ),
        ),
    ),
)
