"""Forms without JavaScript: a submitted form is redirected to the short address of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from census.questions.chosen_keys import split_keys
from census.questions.parameters import Parameter
from census.questions.question_files import Question
from census.site.site import complete_query, short_query

# What only a form sends: the dimension of the keys that it offered.
FORM = "_form"
# A list of ticks has so many keys; of more it has the first, and the rest can be named.
TICKS, FIRST_TICKS = 300, 60


class Tick(NamedTuple):
    """A key that a reader can tick."""

    key: str
    label: str
    chosen: bool


def is_form(query: str) -> bool:
    """Return whether a form made a query string."""
    return any(name == FORM for name, _ in parse_qsl(query, keep_blank_values=True))


def without_form(question: Question, query: str) -> str:
    """Return the query string of a form as a reader meant it.

    Keys that were ticked before another dimension was chosen are keys of the former one: they go.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    values = {**question.defaults(), **dict(pairs)}
    offered = values.get(FORM, "")
    stale = {
        parameter.name
        for parameter in question.parameters
        if parameter.pattern == "keys" and parameter.of and values.get(parameter.of) != offered
    }
    defaults = question.defaults()
    # A list that was left at its default says nothing: another choice may fill it.
    return urlencode(
        [
            (name, value)
            for name, value in pairs
            if name != FORM
            and name not in stale
            and (value != defaults.get(name) or name == "show")
        ]
    )


def short_address(question: Question, query: str) -> str:
    """Return the short query string of a form's, with what is not a parameter of the question.

    Raises ParameterError for a value that is not allowed.
    """
    query_of_form = without_form(question, query)
    values, _ = complete_query(question, query_of_form)
    others = [pair for pair in parse_qsl(query_of_form) if pair[0].startswith("_")]
    short = short_query(question, values)
    if not others:
        return short
    return f"{short}{'&' if short else '?'}{urlencode(others)}"


def form_dimension(question: Question, values: Mapping[str, str]) -> str:
    """Return the dimension whose keys a form offers, empty where it offers none."""
    keys = [parameter for parameter in question.parameters if parameter.pattern == "keys"]
    return (values.get(keys[0].of, "") if keys[0].of else keys[0].group) if keys else ""


def ticks(parameter: Parameter, values: Mapping[str, str]) -> list[Tick]:
    """Return the keys that a form offers: those chosen, then all others, the largest first."""
    labels = parameter.keys_for(values)
    ticked = [key for key in split_keys(values[parameter.name]) if key in labels]
    others = [key for key in labels if key not in ticked]
    offered = others if len(labels) <= TICKS else others[:FIRST_TICKS]
    return [Tick(key, labels[key], key in ticked) for key in [*ticked, *offered]]
