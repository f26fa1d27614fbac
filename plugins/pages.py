"""The values of the census's pages: numbers of the day, questions by theme, formatted cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from datasette import hookimpl
from markupsafe import Markup, escape

from census.base import numbers, speech
from census.charts.question_figure import make_figure
from census.pages import sentences
from census.pages.answers import answer
from census.pages.chart_files import day_of_question, listed_files
from census.pages.citations import as_bibtex, as_text, cite_question
from census.pages.left_out_words import ROWS as LEFT_OUT_ROWS
from census.pages.left_out_words import left_out_effects, left_out_sentence
from census.pages.method import (
    CALIBRATION,
    CHANGES,
    COUNTS,
    HEADLINES,
    LESSON,
    LESSON_VALUES,
    REASONS,
    SCOPES,
    SIZES,
    WINDOWS,
    calibration_words,
    lesson_words,
    method_numbers,
)
from census.pages.news import (
    certain_movers,
    headline_countries,
    last_week,
    latest_changes,
    latest_milestones,
    scope_words,
)
from census.pages.profiles import cell_words
from census.pages.result_tables import result_table
from census.questions.chosen_keys import key_name, split_keys
from census.questions.question_files import Question
from census.requests.forms import form_dimension, ticks
from census.serving.framing import page_response
from census.serving.switching import switches
from census.site.base_path import absolute_address
from census.site.queries import notices, question_rows, statement_rows
from census.site.question_facts import question_vars
from census.site.site import (
    DATABASE,
    OWN_PAGES,
    ROOT,
    checked_values,
    file_mark,
    is_own_page,
    question_path,
    read_once,
    short_query,
    site_of,
    themes,
)

LABS_SHOWN = "15"
# Columns whose values have pages; some hold the names of labs, which are not addresses.
LINKS = {
    "model": re.compile(r"[^/\s]+/[^/\s]+"),
    "lab": re.compile(r"[a-z0-9][a-z0-9-]*"),
}
PLAIN_NUMBERS = ("day",)
UPSTREAM = """
select name, licence, attribution, url, channel from sources
where id in (select source from observation_files)
    or channel in (select channel from channels where days > 0)
order by preference, id
"""
# Where the figures beside the Hub's come from: the sources of other channels, and lists of scores.
GATHERED = """
select s.name, c.name as what, s.kind, s.licence, s.url, f.last_day, c.place, s.preference
from sources as s
inner join channels as c on s.channel = c.channel
left join source_freshness as f on s.slug = f.source
where s.channel <> 'hub'
union all
select s.name, 'Scores', s.kind, s.licence, s.url, f.last_day, 1000, 0
from capability_sources as s
left join source_freshness as f on s.source = f.source
order by place, preference, name
"""


def cell(value: Any, column: str) -> Any:
    """Return one cell of a result: thousands apart, addresses and names of models as links."""
    if value is None or value == "":
        return Markup('<span class="empty">–</span>')
    if isinstance(value, int) and column not in PLAIN_NUMBERS:
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.2f}"
    text = str(value)
    if re.match(r"^https?://", text):
        return Markup('<a href="{}" rel="noopener">source</a>').format(text)
    if column in LINKS and LINKS[column].fullmatch(text):
        return Markup('<a href="/{}s/{}">{}</a>').format(column, quote(text), text)
    return escape(text)


def has_words(question: Question, text: str) -> bool:
    """Return whether a question has all words of a text in its title, theme or description."""
    words_of_question = f"{question.title} {question.theme} {question.description}".lower()
    return all(word in words_of_question for word in text.lower().split())


def any_words(questions: Iterable[Question], text: str) -> bool:
    """Return whether any of some questions has all words of a text."""
    return any(has_words(question, text) for question in questions)


def missing(question: Question, values: dict[str, str], rows: list[Any]) -> list[str]:
    """Return the labels of chosen keys that have no row with the other choices."""
    labels = []
    for parameter in question.parameters:
        if parameter.pattern == "keys" and question.chart:
            column = question.chart["key"]
            present = {key_name(row[column]) for row in rows}
            choices = parameter.keys_for(values)
            labels += [choices[k] for k in split_keys(values[parameter.name]) if k not in present]
    return labels


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    """Give every template the helpers that it needs, error pages too."""

    def asset(name: str) -> str:
        """Return the address of a file of static/ that changes when its content does."""
        return f"/static/{name}?v={file_mark(ROOT / 'static' / name)}"

    def census_info() -> dict[str, str]:
        """Return the facts of the build, empty without a database."""
        return site_of(datasette).info if DATABASE in datasette.databases else {}

    env.globals.update(
        asset=asset,
        census_info=census_info,
        result_table=result_table,
        ticks=ticks,
        missing=missing,
        has_words=has_words,
        any_words=any_words,
    )
    env.filters.update(
        cell=cell,
        about_day=numbers.about_day,
        day_words=numbers.day_words,
        first_sentence=sentences.first_sentence,
        long_count=numbers.long_count,
        month_words=numbers.month_words,
        short_count=numbers.short_count,
        percent=numbers.percent,
    )


async def home(datasette: Any) -> dict[str, Any]:
    """Return the numbers of the home page, each from a question that readers can open."""
    site = site_of(datasette)
    ranking = await question_rows(datasette, "ranking_by_country")
    scopes = site.questions["ranking_by_country"].parameter("scope").choices or {}
    ends = {row["scope"]: row for row in await statement_rows(datasette, SCOPES)}
    default = site.questions["ranking_by_country"].defaults()["scope"]
    leader = next((row for row in ranking if row["country"] not in (None, "XX")), None)
    moved = (
        left_out_effects(await statement_rows(datasette, LEFT_OUT_ROWS, country=leader["country"]))
        if leader
        else []
    )
    others = [
        {"words": words, "largest_only": ends[scope]["largest_only"]}
        for scope, label in scopes.items()
        if scope != default
        and (
            words := scope_words(
                label,
                await question_rows(datasette, "ranking_by_country", scope=scope),
                headline_countries(ranking),
            )
        )
    ]
    return {
        "headline": sentences.headline(ranking, scopes[default]),
        "notices": await notices(datasette, "home"),
        "end": ends[default],
        "other_scopes": others,
        "moves": moved,
        "moves_words": left_out_sentence(leader["country_name"], moved) if leader else "",
        "labs": [
            {
                **lab,
                "share_words": cell_words(lab, "share_pct", "low_pct", "high_pct"),
                "count_words": cell_words(lab, "downloads", "low", "high"),
            }
            for lab in await question_rows(datasette, "ranking_by_lab", limit=LABS_SHOWN)
        ],
        "understated": speech.UNDERSTATED,
        "overstated": speech.OVERSTATED,
        "milestones": latest_milestones(await question_rows(datasette, "milestones_in_order")),
        "week": last_week(
            await question_rows(datasette, "newest_models", limit="5000"),
            site.context.last_observation,
        ),
        "movers": certain_movers(
            await question_rows(datasette, "fastest_growing_models", days="7")
        ),
        "changes": latest_changes(await question_rows(datasette, "changes_of_the_data")),
    }


async def answers_of(datasette: Any) -> dict[str, str]:
    """Return the answer of each charted question at its defaults."""
    site = site_of(datasette)
    answers = {}
    for name, question in site.questions.items():
        if question.chart is not None:
            figure = make_figure(
                question, question.defaults(), await question_rows(datasette, name), site.context
            )
            answers[name] = answer(question, question.defaults(), figure)
    return answers


async def method(datasette: Any) -> dict[str, Any]:
    """Return the values of the method's page: thresholds of the code, numbers of the database."""
    questions = site_of(datasette).questions
    calibration = await statement_rows(datasette, CALIBRATION)
    return {
        "notices": await notices(datasette, "methodology"),
        "scopes": await statement_rows(datasette, SCOPES),
        "reasons": await statement_rows(datasette, REASONS),
        "sizes": await statement_rows(datasette, SIZES),
        "method": method_numbers(),
        "counts": (await statement_rows(datasette, COUNTS))[0],
        "windows": await statement_rows(datasette, WINDOWS),
        "lesson": lesson_words(await statement_rows(datasette, LESSON, **LESSON_VALUES)),
        "calibration": calibration,
        "calibration_words": calibration_words(calibration),
        "headlines": await statement_rows(datasette, HEADLINES),
        "changes": await statement_rows(datasette, CHANGES),
        "parameters": {p.name: p for q in questions.values() for p in q.parameters},
    }


async def page_vars(datasette: Any, path: str) -> dict[str, Any]:
    """Return the values that one of the census's own pages shows."""
    questions = site_of(datasette).questions
    if path == "/":
        return await home(datasette)
    if path == "/questions":
        return {"themes": themes(questions.values()), "answers": await answers_of(datasette)}
    if path == "/methodology":
        return await method(datasette)
    if path == "/channels":
        return {
            "channels": await question_rows(datasette, "channel_coverage"),
            "on_channels": await question_rows(datasette, "labs_on_channels"),
            "holds": await question_rows(datasette, "headline_on_channels"),
            "gathered": await statement_rows(datasette, GATHERED),
            "missing_channels": await question_rows(datasette, "channels_that_are_missing"),
            "channel_questions": themes(questions.values()).get("Channels", []),
        }
    if path == "/quality":
        return {
            "status": await statement_rows(datasette, SCOPES),
            "events": await statement_rows(
                datasette,
                "select kind, count(*) as events, min(from_date) as first_day,"
                " max(to_date) as last_day from quality_events group by kind order by kind",
            ),
            "coverage": themes(questions.values()).get("Coverage", []),
        }
    return {"questions": list(questions.values())}


async def upstream(datasette: Any) -> list[dict[str, Any]]:
    """Return the sources of the observations, which every page names."""
    return await statement_rows(datasette, UPSTREAM)


@hookimpl
def extra_template_vars(datasette: Any, request: Any) -> Any:
    """Fill the census's own pages and the pages of questions."""

    async def add() -> dict[str, Any]:
        if request is None or DATABASE not in datasette.databases:
            return {}
        site = site_of(datasette)
        is_own = is_own_page(request.path, site.questions)
        sources = await read_once(datasette, "upstream", lambda: upstream(datasette))
        common: dict[str, Any] = {"own": is_own, "upstream": sources}
        if not is_own:
            return common
        if request.path in OWN_PAGES:
            return {**common, **await page_vars(datasette, request.path)}
        address = question_path(request.path)
        question = site.questions[address.name if address else ""]
        values = checked_values(request.scope, question)
        changed = short_query(question, values)
        facts = await question_vars(datasette, question, values)
        url = absolute_address(datasette, request, f"/{DATABASE}/{question.name}{changed}")
        day = day_of_question(question, values, site.context)
        cited = cite_question(question, values, day, url, site.hash)
        return {
            **common,
            **facts,
            "question": question,
            "values": values,
            "form_dimension": form_dimension(question, values),
            "switches": switches(site.questions, question, values),
            "series": question.over_time(values),
            "changed": changed,
            "files": listed_files(question, changed),
            "citation": {"text": as_text(cited), "bibtex": as_bibtex(cited)},
            "scope_words": question.counted_words(values),
        }

    return add


async def home_page(datasette: Any, request: Any) -> Any:
    """Answer the home page.

    Datasette's own view asks about the permissions of every table first, which takes far longer
    than the page.
    """
    return await page_response(datasette, request, "index.html", {})


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    """The home page; /.json stays Datasette's."""
    return [(r"^/\Z", home_page)]
