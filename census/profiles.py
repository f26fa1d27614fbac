"""The pages of countries, labs, models and families: what each shows, read from the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from census import profile_rows as sql
from census.charts.figures import Context
from census.numbers import day_words, long_count, percent
from census.profile_rows import Row, answer, one, rows
from census.questions import Question
from census.sentences import lower_first, place, too_wide

KINDS = ("countries", "labs", "models", "families")
# Which question draws the history of which kind, and the parameter that names the one shown.
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
    """One page: its kind and key, its name, its main sentence, and what its template shows."""

    kind: str
    key: str
    name: str
    sentence: str
    path: str
    shown: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Census:
    """What every profile is made from: a database, its questions and how far they go."""

    db: sqlite3.Connection
    questions: Mapping[str, Question]
    context: Context


def profile_path(kind: str, key: str) -> str:
    """Return the address of a profile."""
    return f"/{kind}/{quote(key, safe='/')}"


def find_profile(census: Census, kind: str, key: str) -> Profile | str | None:
    """Return a profile, the address to which a former or misspelt name leads, or None."""
    make = {
        "countries": country_profile,
        "labs": lab_profile,
        "families": family_profile,
        "models": model_profile,
    }[kind]
    found = make(census, key)
    if found is not None:
        return found if found.key == key else found.path
    if kind == "models":
        present = one(census.db, sql.PRESENT_NAME, {"key": key})
        return profile_path("models", present["name"]) if present else None
    return None


def history(census: Census, kind: str, key: str) -> list[Row]:
    """Return downloads, share and place by month, the newest first; nothing without a series."""
    question, parameter = HISTORIES[kind]
    return answer(census.db, census.questions, question, **{parameter: key})[::-1]


def standing(months: Sequence[Row]) -> dict[str, Any]:
    """Return what a page shows of a history: whether there is one, its newest and latest months.

    A month is `sure` where its share may be quoted.
    """
    shown = [
        {
            **month,
            "sure": month["share_pct"] is not None
            and not too_wide(
                {"low_pct": month["share_low_pct"], "high_pct": month["share_high_pct"]}
            ),
        }
        for month in months[:MONTHS_SHOWN]
    ]
    return {"history": bool(months), "now": months[0] if months else None, "months": shown}


def standing_words(now: Row | None, through: str, who: str, among: str) -> str:
    """Return downloads, share and place in a sentence, with what the observations allow.

    A share that could lie anywhere within more than 20 points is not said.
    """
    if now is None:
        return f"There is no counted download of {who} yet: no source gave an all-time count."
    said = (
        f"Up to {day_words(through)}, {who} had {long_count(now['downloads'])} downloads"
        f"{bounds(now['low'], now['high'])}"
    )
    share = {"low_pct": now["share_low_pct"], "high_pct": now["share_high_pct"]}
    known = all(value is not None for value in (*share.values(), now["share_pct"]))
    if known and not too_wide(share):
        said += f", {percent(now['share_pct'])} of all counted"
        low, high = percent(share["low_pct"]), percent(share["high_pct"])
        said += "" if low == high else f" ({low} to {high})"
    return f"{said}: number {now['place']} among {among}." if now["place"] else f"{said}."


def bounds(low: float, high: float) -> str:
    """Return bounds in brackets, nothing where they read the same."""
    first, last = long_count(low), long_count(high)
    return "" if first == last else f" ({first} to {last})"


def country_profile(census: Census, key: str) -> Profile | None:
    """Return the page of a country by ISO code, `XX` for labs without a single base."""
    country = one(census.db, sql.COUNTRY, {"key": key})
    if country is None:
        return None
    code = country["code"]
    labs = answer(census.db, census.questions, "labs_of_country", country=code)
    who = (
        "models by labs that name no single base"
        if code == "XX"
        else f"models by labs from {place({'country': code, 'country_name': country['name']})}"
    )
    months = history(census, "countries", code)
    stands = standing(months)
    named = labs or months
    sentence = standing_words(stands["now"], through(census), who, "countries")
    return Profile(
        "countries",
        code,
        country["name"],
        sentence if named else f"The census knows no lab from {country['name']}.",
        profile_path("countries", code),
        {
            "country": country,
            "labs": labs,
            **stands,
            "top": rows(census.db, sql.TOP, {"country": code}),
            "releases": releases(census, country=code),
            "milestones": milestones(census, "country", code),
        },
    )


def lab_profile(census: Census, key: str) -> Profile | None:
    """Return the page of a lab by its short name."""
    lab = one(census.db, sql.LAB, {"key": key})
    if lab is None:
        return None
    slug = lab["id"]
    stands = standing(history(census, "labs", slug))
    made = one(census.db, sql.MADE_BY_OTHERS, {"lab": slug, "family": None})
    return Profile(
        "labs",
        slug,
        lab["name"],
        standing_words(stands["now"], through(census), f"models by {lab['name']}", "labs"),
        profile_path("labs", slug),
        {
            "lab": lab,
            **stands,
            "claims": rows(census.db, sql.CLAIMS, {"lab": slug}),
            "namespaces": rows(census.db, sql.NAMESPACES, {"lab": slug}),
            "families": rows(census.db, sql.FAMILIES, {"lab": slug}),
            "top": answer(census.db, census.questions, "models_of_lab", lab=slug, limit=ROWS_SHOWN),
            "releases": releases(census, lab=slug),
            "milestones": milestones(census, "lab", slug),
            "made_by_others": made["models"] if made else 0,
            "counts": one(census.db, sql.MODEL_COUNTS, {"lab": slug, "family": None}),
        },
    )


def family_profile(census: Census, key: str) -> Profile | None:
    """Return the page of a model family by its short name."""
    family = one(census.db, sql.FAMILY, {"key": key})
    if family is None:
        return None
    slug = family["id"]
    stands = standing(history(census, "families", slug))
    made = one(census.db, sql.MADE_BY_OTHERS, {"lab": None, "family": slug})
    return Profile(
        "families",
        slug,
        family["name"],
        standing_words(
            stands["now"],
            through(census),
            f"{family['name']} models by {family['lab_name']}",
            "families",
        ),
        profile_path("families", slug),
        {
            "family": family,
            **stands,
            "releases": releases(census, family=slug),
            "built_on": rows(census.db, sql.BASES_OF_FAMILY, {"family": slug}),
            "claims": deciding(census, family["lab"]),
            "top": answer(census.db, census.questions, "models_of_family", family=slug),
            "milestones": milestones(census, "family", slug),
            "made_by_others": made["models"] if made else 0,
            "counts": one(census.db, sql.MODEL_COUNTS, {"lab": None, "family": slug}),
        },
    )


def model_profile(census: Census, key: str) -> Profile | None:
    """Return the page of a model by its present name on the Hub."""
    model = one(census.db, sql.MODEL, {"key": key})
    if model is None:
        return None
    by_id, by_name = {"model": model["id"]}, {"name": model["name"]}
    count = one(census.db, sql.DERIVATIVE_COUNT, by_name)
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
            "parents": rows(census.db, sql.PARENTS, by_id),
            "children": rows(census.db, sql.CHILDREN, by_name),
            "derivatives": rows(census.db, sql.DERIVATIVES, by_name),
            "derivative_count": count["models"] if count else 0,
            "aliases": rows(census.db, sql.ALIASES, by_id),
            "events": rows(census.db, sql.EVENTS, by_id),
            "claims": deciding(census, model["lab"]),
            "fact_sources": rows(
                census.db, sql.FACT_SOURCES, {"slugs": model["metadata_source"] or ""}
            ),
        },
    )


def model_words(model: Row) -> str:
    """Return what is known of a model's downloads in a sentence, each count with its day."""
    said = []
    if model["latest_all_time"] is not None:
        day = day_words(model["latest_all_time_on"])
        said.append(f"{long_count(model['latest_all_time'])} downloads of all time up to {day}")
    if model["latest_30d"] is not None:
        day = day_words(model["latest_30d_on"])
        said.append(f"{long_count(model['latest_30d'])} in the 30 days to {day}")
    if not said:
        return f"No source has given a count of downloads of {model['name']}."
    return f"{model['name']} by {model['lab_name']} had {' and '.join(said)}."


def releases(census: Census, **of: str) -> list[Row]:
    """Return the newest releases of a `lab`, a `country` or a `family`."""
    return rows(census.db, sql.RELEASES, {"lab": None, "country": None, "family": None, **of})


def deciding(census: Census, lab: str) -> list[Row]:
    """Return the origin claims that decide the country of a lab."""
    return [claim for claim in rows(census.db, sql.CLAIMS, {"lab": lab}) if claim["decides"]]


def milestones(census: Census, dimension: str, key: str) -> list[Row]:
    """Return the newest milestones of a country, a lab or a family."""
    return rows(census.db, sql.MILESTONES, {"dimension": dimension, "key": key})


def through(census: Census) -> str:
    """Return the day up to which the default scope is counted."""
    return census.context.through.get("frontier", census.context.data_through)


def scope_words(census: Census) -> str:
    """Return the label of the default scope as it stands in a sentence."""
    parameter = census.questions["country_history"].parameter("scope")
    return lower_first(parameter.label_of("frontier"))
