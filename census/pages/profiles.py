"""The pages of countries, labs, models and families: their content, read from the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from census.base import speech
from census.base.databases import select_rows
from census.base.numbers import about_day, long_count, short_count
from census.charts.figures import Context
from census.pages import profile_rows as sql
from census.pages.profile_rows import Row, answer, first_row
from census.pages.sentences import lower_first, place
from census.questions.question_files import Question

KINDS = ("countries", "labs", "models", "families")
# The question that draws the history of each kind, and its parameter for the profile's name.
HISTORIES = {
    "countries": ("country_history", "country"),
    "labs": ("lab_history", "lab"),
    "families": ("family_history", "family"),
    "models": ("model_curve", "model"),
}
ROWS_SHOWN = "25"
MONTHS_SHOWN = 6
RELATIONS = {
    "finetune": "fine-tuned from",
    "quantized": "quantised from",
    "merge": "merged from",
    "adapter": "an adapter of",
    "unspecified": "made from",
}
BASES = {
    "headquarters": "headquarters",
    "parent_headquarters": "headquarters of the parent",
    "incorporation": "place of incorporation",
    "founding_location": "place of founding",
}


@dataclass(frozen=True)
class Profile:
    """One page: its kind, key, name and main sentence, and the values for its template."""

    kind: str
    key: str
    name: str
    sentence: str
    path: str
    shown: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ProfileSource:
    """What every profile is made from: a database, its questions and how far they go."""

    db: sqlite3.Connection
    questions: Mapping[str, Question]
    context: Context


def profile_path(kind: str, key: str) -> str:
    """Return the address of a profile."""
    return f"/{kind}/{quote(key, safe='/')}"


def find_profile(census: ProfileSource, kind: str, key: str) -> Profile | str | None:
    """Return a profile, the address to which a former or misspelt name leads, or None."""
    make = {
        "countries": country_profile,
        "labs": lab_profile,
        "families": family_profile,
        "models": model_profile,
    }[kind]
    profile = make(census, key)
    if profile is not None:
        return profile if profile.key == key else profile.path
    if kind == "models":
        present = first_row(census.db, sql.PRESENT_NAME, {"key": key})
        return profile_path("models", present["name"]) if present else None
    return None


@dataclass(frozen=True)
class Standing:
    """The figures of a country, a lab or a family in the default scope.

    `months` are its newest months, the newest first; `recent` its last 30 days, None where no
    source counted it then; `scope` how well the whole scope is known.
    """

    months: Sequence[Row]
    recent: Row | None
    scope: Row

    @property
    def now(self) -> Row | None:
        """The newest month, None without a counted model."""
        return self.months[0] if self.months else None

    @property
    def coverage(self) -> str:
        """In which direction the coverage by weight moves the figures, in words."""
        covered = self.now["covered_pct"] if self.now else None
        return speech.coverage_words(covered, self.scope["covered_pct"])

    def shown(self) -> dict[str, Any]:
        """Return the values that the page's template shows."""
        return {
            "history": bool(self.months),
            "now": self.now,
            "months": [_month(month) for month in self.months],
            "recent": self.recent,
            "coverage": self.coverage,
            "scope_covered_pct": self.scope["covered_pct"],
            "about": self.scope["about"],
        }


def _month(month: Row) -> Row:
    """Return a month with its downloads, share and rank in words, as far as they may be said."""
    certain = speech.is_very_likely(month["p_place"]) and speech.may_say_month(month["month"])
    return {
        **month,
        "count_words": cell_words(month, "downloads", "low", "high"),
        "share_words": cell_words(month, "share_pct", "low_pct", "high_pct"),
        "certain_place": month["place"] if certain else None,
    }


def cell_words(row: Row, value: str, low: str, high: str) -> tuple[str, str] | None:
    """Return the text of a table's cell and, for small letters, its interval.

    `("2.82B", "2.81B to 2.83B")`; the interval is empty where all is counted, and leads where it is
    wide. None where no number may be said.
    """
    month = row.get("month")
    interval = speech.value_of(row, value, low, high)
    share = value.endswith("_pct")
    if interval is None or not speech.may_say(interval, share, month):
        return None
    if share:
        middle, *ends = speech.percent_words(interval)
    else:
        middle, *ends = [
            short_count(end or 0) for end in (interval.middle, interval.low, interval.high)
        ]
    if ends[0] == ends[1]:
        return middle, ""
    span = speech.span_words(*ends)
    if speech.manner(interval, share, month) is speech.Manner.RANGE_FIRST:
        return span, f"middle {middle}"
    return middle, span


def read_standing(census: ProfileSource, dimension: str, key: str) -> Standing:
    """Return the months and the newest figures of a key of a dimension, in the default scope."""
    dimension_and_key = {"dimension": dimension, "key": key}
    scope = first_row(census.db, sql.SCOPE, {}) or {"covered_pct": None, "through": None}
    about = first_row(census.db, sql.ABOUT, {"day": scope["through"]}) or {"about": 0}
    return Standing(
        select_rows(census.db, sql.MONTHS, {**dimension_and_key, "months": MONTHS_SHOWN}),
        first_row(census.db, sql.RECENT, dimension_and_key),
        {**scope, **about},
    )


def standing_words(standing: Standing, name: str, among: str) -> str:
    """Return downloads, share and place in a sentence, as far as they may be said.

    A count without a narrow interval is told by its hard lower bound, as "at least".
    """
    now = standing.now
    if now is None:
        return f"No downloads of {name} are counted yet: no source gave an all-time count."
    count = speech.value_of(now, "downloads", "low", "high")
    count_text = (count and speech.count_words(count, long_count)) or (
        f"at least {long_count(now['low'])}"
    )
    day = about_day(now["through"], standing.scope["about"])
    sentence = f"Up to {day}, {name} had {count_text} downloads"
    share = speech.value_of(now, "share_pct", "low_pct", "high_pct")
    share_text = share and speech.share_words(share)
    if share_text:
        sentence += f", {share_text} of all counted"
    if now["place"] and speech.is_very_likely(now["p_place"]):
        sentence += f": number {now['place']} among {among}"
    return f"{sentence}."


def country_profile(census: ProfileSource, key: str) -> Profile | None:
    """Return the page of a country by ISO code, `XX` for labs without a single base."""
    country = first_row(census.db, sql.COUNTRY, {"key": key})
    if country is None:
        return None
    code = country["code"]
    labs = answer(census.db, census.questions, "labs_of_country", country=code)
    scope_of_sentence = (
        "models by labs that name no single base"
        if code == "XX"
        else f"models by labs from {place({'country': code, 'country_name': country['name']})}"
    )
    stands = read_standing(census, "country", code)
    has_labs = labs or stands.months
    sentence = standing_words(stands, scope_of_sentence, "countries")
    return Profile(
        "countries",
        code,
        country["name"],
        sentence if has_labs else f"The census has no lab from {country['name']}.",
        profile_path("countries", code),
        {
            "country": country,
            "labs": labs,
            **stands.shown(),
            "top": select_rows(census.db, sql.TOP, {"country": code}),
            "releases": releases(census, country=code),
            "milestones": milestones(census, "country", code),
        },
    )


def lab_profile(census: ProfileSource, key: str) -> Profile | None:
    """Return the page of a lab by its short name."""
    lab = first_row(census.db, sql.LAB, {"key": key})
    if lab is None:
        return None
    slug = lab["id"]
    stands = read_standing(census, "lab", slug)
    derived = first_row(census.db, sql.MADE_BY_OTHERS, {"lab": slug, "family": None})
    return Profile(
        "labs",
        slug,
        lab["name"],
        standing_words(stands, f"models by {lab['name']}", "labs"),
        profile_path("labs", slug),
        {
            "lab": lab,
            **stands.shown(),
            "claims": select_rows(census.db, sql.CLAIMS, {"lab": slug}),
            "namespaces": select_rows(census.db, sql.NAMESPACES, {"lab": slug}),
            "families": select_rows(census.db, sql.FAMILIES, {"lab": slug}),
            "top": answer(census.db, census.questions, "models_of_lab", lab=slug, limit=ROWS_SHOWN),
            "releases": releases(census, lab=slug),
            "milestones": milestones(census, "lab", slug),
            "made_by_others": derived["models"] if derived else 0,
            "counts": first_row(census.db, sql.MODEL_COUNTS, {"lab": slug, "family": None}),
            "on_channels": answer(census.db, census.questions, "labs_on_channels", lab=slug),
        },
    )


def family_profile(census: ProfileSource, key: str) -> Profile | None:
    """Return the page of a model family by its short name."""
    family = first_row(census.db, sql.FAMILY, {"key": key})
    if family is None:
        return None
    slug = family["id"]
    stands = read_standing(census, "family", slug)
    derived = first_row(census.db, sql.MADE_BY_OTHERS, {"lab": None, "family": slug})
    return Profile(
        "families",
        slug,
        family["name"],
        standing_words(stands, f"{family['name']} models by {family['lab_name']}", "families"),
        profile_path("families", slug),
        {
            "family": family,
            **stands.shown(),
            "releases": releases(census, family=slug),
            "built_on": select_rows(census.db, sql.BASES_OF_FAMILY, {"family": slug}),
            "claims": deciding_claims(census, family["lab"]),
            "top": answer(census.db, census.questions, "models_of_family", family=slug),
            "milestones": milestones(census, "family", slug),
            "made_by_others": derived["models"] if derived else 0,
            "counts": first_row(census.db, sql.MODEL_COUNTS, {"lab": None, "family": slug}),
            "on_channels": answer(census.db, census.questions, "families_on_channels", family=slug),
        },
    )


def model_profile(census: ProfileSource, key: str) -> Profile | None:
    """Return the page of a model by its present name on the Hub."""
    model = first_row(census.db, sql.MODEL, {"key": key})
    if model is None:
        return None
    by_id, by_name = {"model": model["id"]}, {"name": model["name"]}
    count = first_row(census.db, sql.DERIVATIVE_COUNT, by_name)
    return Profile(
        "models",
        model["name"],
        model["name"],
        model_words(model),
        profile_path("models", model["name"]),
        {
            "model": model,
            "history": bool(
                answer(census.db, census.questions, "model_curve", model=model["name"])
            ),
            "observed": bool(
                answer(census.db, census.questions, "model_history", model=model["name"])
            ),
            "parents": select_rows(census.db, sql.PARENTS, by_id),
            "children": select_rows(census.db, sql.CHILDREN, by_name),
            "derivatives": select_rows(census.db, sql.DERIVATIVES, by_name),
            "derivative_count": count["models"] if count else 0,
            "aliases": select_rows(census.db, sql.ALIASES, by_id),
            "events": select_rows(census.db, sql.EVENTS, by_id),
            "claims": deciding_claims(census, model["lab"]),
            "fact_sources": select_rows(
                census.db, sql.FACT_SOURCES, {"slugs": model["metadata_source"] or ""}
            ),
        },
    )


def model_words(model: Row) -> str:
    """Return a sentence about a model's counts of downloads, each with its day."""
    counts = []
    if model["latest_all_time"] is not None:
        day = about_day(model["latest_all_time_on"], model["all_time_about"])
        counts.append(f"{long_count(model['latest_all_time'])} downloads of all time up to {day}")
    elif model["at_least"]:
        day = about_day(model["last_day"], 0)
        counts.append(f"at least {long_count(model['at_least'])} downloads of all time by {day}")
    if model["latest_30d"] is not None:
        day = about_day(model["latest_30d_on"], model["recent_about"])
        counts.append(f"{long_count(model['latest_30d'])} in the 30 days to {day}")
    if not counts:
        return f"No source has given a count of downloads for {model['name']}."
    return f"{model['name']} by {model['lab_name']} had {' and '.join(counts)}."


def releases(census: ProfileSource, **filters: str) -> list[Row]:
    """Return the newest releases of a `lab`, a `country` or a `family`."""
    return select_rows(
        census.db, sql.RELEASES, {"lab": None, "country": None, "family": None, **filters}
    )


def deciding_claims(census: ProfileSource, lab: str) -> list[Row]:
    """Return the origin claims that decide the country of a lab."""
    return [claim for claim in select_rows(census.db, sql.CLAIMS, {"lab": lab}) if claim["decides"]]


def milestones(census: ProfileSource, dimension: str, key: str) -> list[Row]:
    """Return the newest milestones of a country, a lab or a family."""
    return select_rows(census.db, sql.MILESTONES, {"dimension": dimension, "key": key})


def scope_words(census: ProfileSource) -> str:
    """Return the label of the default scope as it stands in a sentence."""
    parameter = census.questions["country_history"].parameter("scope")
    return lower_first(parameter.label_of("frontier"))
