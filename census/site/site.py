"""What the pages share: the questions resolved against the database, and its addresses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from census.base.databases import open_named_rows, open_readonly
from census.base.files import sha256_of
from census.charts.figures import Context, read_context
from census.questions.chosen_keys import join_keys, split_keys
from census.questions.parameters import ParameterError
from census.questions.question_files import (
    THEMES,
    Question,
    check_names,
    read_questions,
    validate,
    with_choices,
)
from census.questions.vintages import past_questions
from census.site.served_tables import ServedTable, read_tables
from census.site.validators import code_mark
from census.store.freshness import SourceAge, read_ages

# The folder with the questions, the templates and the words of the metadata.
ROOT = Path(__file__).resolve().parents[2]
DATABASE = "census"
OWN_PAGES = (
    "/", "/questions", "/channels", "/methodology", "/quality", "/downloads", "/status",
)  # fmt: skip
# Where a request's scope keeps the checked values of its question.
CHECKED = "census.checked"
# Those and the pages that plugins of their own answer: what search engines should find.
FOUND_PAGES = (*OWN_PAGES, "/check", "/compare", "/fact-check", "/about", "/api")
# The questions that come first in their themes; the others follow by name.
LEADING = (
    "ranking_by_country",
    "share_by_country",
    "cumulative_downloads",
    "monthly_downloads",
    "top_models",
    "share_of_kind",
    "fastest_growing_models",
    "adoption_curves",
    "new_derivatives",
    "origin_sensitivity",
    "published_against_ours",
    "headline_on_channels",
)
# The source that the headlines rest on; how old its days may be, data/freshness.csv says.
HEADLINE_SOURCE = "hub"


class QuestionPath(NamedTuple):
    """Name and format of a question's address; empty is the page, and `vl.json` one format."""

    name: str
    format: str


@dataclass(frozen=True)
class Site:
    """One database with its questions; made once, since a served database never changes."""

    database: Path
    hash: str
    charts: Path
    questions: dict[str, Question] = field(default_factory=dict)
    tables: dict[str, ServedTable] = field(default_factory=dict)
    context: Context = field(default_factory=Context)
    info: dict[str, str] = field(default_factory=dict)
    # The sources, each with its declaration and how new its data are.
    ages: tuple[SourceAge, ...] = ()
    # A hash of the code, which decides the answers together with the data.
    code: str = ""
    # What plugins read of the database once, by its name.
    read_values: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def stale_after_days(self) -> int:
        """The age in days beyond which the site says of its figures that they are stale."""
        declared = [age.stale_after_days for age in self.ages if age.source == HEADLINE_SOURCE]
        return declared[0] or 0 if declared else 0


def open_site(root: Path, database: Path, known_hash: str | None = None) -> Site:
    """Read the questions under `root` and resolve their choices against a database.

    Raises QuestionError if a question is wrong, and sqlite3.Error if the database is.
    """
    with open_named_rows(database) as connection, open_readonly(database) as plain_connection:
        tables = read_tables(plain_connection)
        declared_questions = read_questions(root / "canned_queries")
        questions = {
            name: with_choices(question, plain_connection)
            for name, question in {
                **declared_questions,
                **past_questions(declared_questions),
            }.items()
        }
        check_names(questions, tables)
        info = {
            str(key): str(value) for key, value in connection.execute("select * from build_info")
        }
        context = read_context(plain_connection)
        ages = tuple(read_ages(plain_connection))
    digest = known_hash or sha256_of(database)
    charts = database.parent / "charts" / digest
    code = code_mark(root)
    return Site(database, digest, charts, questions, tables, context, info, ages, code)


def question_path(path: str) -> QuestionPath | None:
    """Return the question and format of a path `/census/NAME[.FORMAT]`, None for any other path."""
    parts = path.strip("/").split("/")
    if len(parts) != 2 or parts[0] != DATABASE:
        return None
    name, _, kind = parts[1].partition(".")
    return QuestionPath(name, kind)


def given_values(
    query: str, several: Collection[str] = ()
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Split a query string into values of parameters and Datasette's own options (`_shape` …).

    Parameters of `several` keys may be given more than once, as ticks of a form are. Raises
    ParameterError for another one that is given twice with different values.
    """
    values: dict[str, str] = {}
    others = []
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name.startswith("_"):
            others.append((name, value))
        elif name in several:
            values[name] = join_keys([*split_keys(values.get(name, "")), *split_keys(value)])
        else:
            if values.get(name, value) != value:
                raise ParameterError(name, f"{values[name]}, {value}", ["one value"])
            values[name] = value
    return values, others


def complete_query(question: Question, query: str) -> tuple[dict[str, str], str]:
    """Return the checked values and the query string with every parameter filled in."""
    several = [parameter.name for parameter in question.parameters if parameter.pattern == "keys"]
    values, others = given_values(query, several)
    checked = validate(question, values)
    return checked, urlencode([*checked.items(), *others])


def checked_values(scope: dict[str, Any], question: Question) -> dict[str, str]:
    """Return a question's values by the query string of a request, checked once a request.

    `scope` is the request's, as ASGI hands it on. Raises ParameterError for a wrong value.
    """
    query = bytes(scope.get("query_string") or b"").decode("latin-1")
    checked = scope.setdefault(CHECKED, {})
    if (question.name, query) not in checked:
        checked[question.name, query], _ = complete_query(question, query)
    return dict(checked[question.name, query])


def short_query(question: Question, values: dict[str, str]) -> str:
    """Return the query string of the values that are not the defaults, with its `?`, or nothing."""
    defaults = question.defaults()
    changed = [(name, value) for name, value in values.items() if value != defaults[name]]
    return f"?{urlencode(changed)}" if changed else ""


def themes(questions: Iterable[Question]) -> dict[str, list[Question]]:
    """Return questions by theme, themes and questions in the order of readers' interest."""
    by_theme: dict[str, list[Question]] = {theme: [] for theme in THEMES}
    order = {name: place for place, name in enumerate(LEADING)}
    for question in sorted(questions, key=lambda other: order.get(other.name, len(order))):
        by_theme.setdefault(question.theme, []).append(question)
    return {theme: members for theme, members in by_theme.items() if members}


def is_own_page(path: str, questions: Iterable[str]) -> bool:
    """Return whether a path is a page of the census, not one of Datasette's own."""
    if path in OWN_PAGES:
        return True
    address = question_path(path)
    return address is not None and not address.format and address.name in questions


def file_mark(path: Path) -> str:
    """Return a short hash of a file's content, for addresses that may be kept for ever."""
    return sha256_of(path)[:12] if path.is_file() else "none"


def age_in_days(data_through: str, today: date | None = None) -> int:
    """Return how many days ago the data end (UTC)."""
    return ((today or datetime.now(UTC).date()) - date.fromisoformat(data_through)).days


def site_of(datasette: Any) -> Site:
    """Return the site that a Datasette serves, made at the first call and kept with it.

    Raises KeyError if no database has the name `census`.
    """
    site: Site | None = getattr(datasette, "_census_site", None)
    if site is None:
        database = datasette.get_database(DATABASE)
        path = Path(database.path)
        site = open_site(ROOT, path, None if database.is_mutable else database.hash)
        datasette._census_site = site
    return site


async def read_once(datasette: Any, name: str, read: Callable[[], Awaitable[Any]]) -> Any:
    """Return the result of `read`, kept with the site, since the database never changes."""
    read_values = site_of(datasette).read_values
    if name not in read_values:
        read_values[name] = await read()
    return read_values[name]
