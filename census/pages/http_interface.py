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
    "Columns named `country` hold ISO 3166-1 alpha-2 codes; `XX` means distributed, an empty value"
    " not established. Dates are UTC days. Unknown is empty in CSV and null in JSON, never 0.",
    "CSV, and JSON with `_shape=array` or `_shape=arrayfirst`, comes whole or not at all: it is"
    " streamed, and if it fails on the way the transfer breaks off instead of ending normally. In"
    " Datasette's other JSON shapes, `truncated` is true where a result was cut at {rows:,} rows.",
    "A statement may take {seconds:g} seconds to give its first rows, and as long again for each"
    " further thousand rows.",
    "Files have an `ETag`: a request with `If-None-Match` gets 304 as long as nothing has changed."
    " The data change at most once a day.",
    "A wrong request gets 400 with the reason, as JSON where JSON was asked for.",
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
        "All addresses of a question begin alike. Parameters have defaults; a wrong value gets 400"
        " with the values that are allowed, never the rows of the default.",
        (
            AddressExample("/census/share_by_country", "text/html", "the page"),
            AddressExample("/census/share_by_country.csv", CSV, "every row as CSV"),
            AddressExample(
                "/census/share_by_country.xlsx", XLSX, "every row for Excel, with metadata"
            ),
            AddressExample("/census/share_by_country.tsv", TSV, "every row, separated by tabs"),
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
                "the chart as it was published on a day; it never changes, in embeds either",
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
        "Every table and view, with Datasette's filters. CSV, TSV and Excel workbooks have every"
        " row that the filters leave (a workbook at most 500,000 cells);"
        " JSON comes in pages, with the address of the next page in next_url.",
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
        "One select statement in the parameter sql; write :name where a value is to go, and give"
        " it as a parameter of that name. A result of more than a million rows, or one that takes"
        " too long, is refused with 400.",
        (
            AddressExample(f"/census.csv?sql={FREE_SQL}", CSV, "whole, streamed"),
            AddressExample(f"/census.xlsx?sql={FREE_SQL}", XLSX, "as a workbook"),
            AddressExample(f"/census.json?_shape=array&sql={FREE_SQL}", JSON, "whole, streamed"),
            AddressExample(
                f"/census.json?_shape=array&_nl=on&sql={FREE_SQL}",
                "application/x-ndjson",
                "one JSON object per line",
            ),
            AddressExample(
                "/census.json?_shape=arrayfirst&sql=select+id+from+labs+where+country%3D:c&c=FR",
                JSON,
                "the first column, with a value for :c",
            ),
            AddressExample(
                f"/census.json?sql={FREE_SQL}",
                JSON,
                "Datasette's own shape, which may be truncated",
            ),
        ),
    ),
    Section(
        "Variants of CSV",
        "Plain CSV is UTF-8 with commas and one line of headings. Text that begins with =, +, -"
        " or @ is left as it is, and a spreadsheet may take it for a formula.",
        (
            AddressExample(
                "/census/share_by_country.csv?_bom=1",
                CSV,
                "with the byte order mark that Excel needs",
            ),
            AddressExample(
                f"/census.csv?_spreadsheet=1&sql={FORMULAS}",
                CSV,
                "with that mark, and an apostrophe before what would be a formula",
            ),
            AddressExample(
                "/census/share_by_country.csv?_spreadsheet=semicolon",
                CSV,
                "for Excel in languages with a decimal comma: semicolons between values",
            ),
            AddressExample("/census/share_by_country.csv?_header=off", CSV, "without the heading"),
        ),
    ),
    Section(
        "Numbers to quote",
        "Each number has a permanent link that keeps its value; the page behind it says whether"
        " the value still holds.",
        (
            AddressExample(
                "/-/quote/ranking_by_country", "text/html", "the links to the numbers of a question"
            ),
            AddressExample("/-/quote/ranking_by_country.json", JSON, "the same for programs"),
            AddressExample(
                "/-/number.json", JSON, "the number of the day, with interval and sentence"
            ),
            AddressExample("/-/number?_theme=dark", "text/html", "the same to embed"),
        ),
    ),
    Section(
        "Figures to check",
        "Whether a figure agrees with the census: match, close, mismatch or cannot tell. The answer"
        " has our value and its interval, likely slips, similar published figures and a sentence"
        " to print. A figure or claim that the census has checked already is asked for by its"
        " name.",
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
            AddressExample("/check.json", JSON, "the parameters of a check"),
        ),
    ),
    Section(
        "Feeds",
        "In Atom and as JSON Feed. An entry keeps its id for ever.",
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
        "This page in a form for programs, and the census in one text for language models."
        " Assistants that speak MCP (streamable HTTP, without a key or a session) send POST"
        " requests to /mcp: they can find questions, answer them, check figures, describe tables"
        " and run SQL.",
        (
            AddressExample("/openapi.json", JSON, "every question and address, as OpenAPI"),
            AddressExample("/llms.txt", "text/plain", "questions, tables, words and limits"),
        ),
    ),
    Section(
        "For programs that run the site",
        "Whether the site is up, what crawlers may read, and what it has.",
        (
            AddressExample(
                "/-/healthz?live=1", JSON, "whether the site is up, with the day of the data"
            ),
            AddressExample("/robots.txt", "text/plain", "what crawlers may read"),
            AddressExample("/sitemap.xml", "application/xml", "every page"),
            AddressExample(
                "/open-model-census.bib", "application/x-bibtex", "how to cite the census"
            ),
        ),
    ),
)
