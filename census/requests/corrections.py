"""Corrections of names and values that a question does not have: by case, or the nearest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from census.questions.chosen_keys import APART, join_keys, split_keys
from census.questions.parameters import Parameter, ParameterError
from census.questions.question_files import Question, validate

# Values that are offered in place of a wrong one.
OFFERED = 8
# Two names are near each other if they share at least this part of their groups of three letters.
NEAR = 0.2


def same_but_case(given_name: str, names: Iterable[str]) -> str | None:
    """Return the only name that differs from the wanted one in case alone, else None."""
    matches = {name for name in names if name.casefold() == given_name.casefold()}
    return matches.pop() if len(matches) == 1 else None


def meant_value(parameter: Parameter, value: str) -> str:
    """Return a value corrected by case or by its label, else unchanged."""
    choices = parameter.choices or {}
    if value in choices or not value:
        return value
    if (corrected := same_but_case(value, choices)) is not None:
        return corrected
    label = same_but_case(value, choices.values())
    labelled = [choice for choice, words in choices.items() if words == label]
    return labelled[0] if label is not None and len(labelled) == 1 else value


def meant_keys(parameter: Parameter, value: str, values: Mapping[str, str]) -> str:
    """Return keys corrected by case or by label."""
    with_keys = replace(parameter, choices=parameter.keys_for(values))
    keys = split_keys(value)
    corrected_keys = [meant_value(with_keys, key) for key in keys]
    return value if corrected_keys == keys else join_keys(corrected_keys)


def corrected_query(question: Question, query: str) -> str | None:
    """Return a query string with names and values in their right case, None if they are right."""
    parameters = {parameter.name: parameter for parameter in question.parameters}
    pairs = parse_qsl(query, keep_blank_values=True)
    corrected_pairs = []
    for name, value in pairs:
        corrected_name = name
        if name not in parameters and not name.startswith("_"):
            corrected_name = same_but_case(name, parameters) or name
        named_parameter = parameters.get(corrected_name)
        corrected_pairs.append(
            (corrected_name, meant_value(named_parameter, value) if named_parameter else value)
        )
    values = {**question.defaults(), **dict(corrected_pairs)}
    corrected_pairs = [
        (name, meant_keys(parameters[name], value, values))
        if name in parameters and parameters[name].pattern == "keys"
        else (name, value)
        for name, value in corrected_pairs
    ]
    return urlencode(corrected_pairs) if corrected_pairs != pairs else None


def usable_values(question: Question, query: str) -> dict[str, str]:
    """Return the values of a query string that a question can use together; others are left out."""
    parameters = {parameter.name: parameter for parameter in question.parameters}
    usable: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        try:
            several = parameters[name].pattern == "keys" and usable.get(name)
            usable[name] = parameters[name].check(
                join_keys([*split_keys(usable[name]), *split_keys(value)]) if several else value
            )
        except (KeyError, ParameterError):
            continue
    for _ in range(len(usable) + query.count(APART)):
        try:
            validate(question, usable)
            return usable
        except ParameterError as error:
            # A value that does not go with another may be the default's.
            if error.others:
                usable[error.name] = join_keys(error.others)
                continue
            usable.pop(error.name, None) or usable.popitem()
    return usable


def letters(name: str) -> frozenset[str]:
    """Return the letters of a name, three by three."""
    text = f" {name.casefold()} "
    return frozenset(text[place : place + 3] for place in range(len(text) - 2))


def nearest(given_name: str, choices: Mapping[str, str]) -> list[str]:
    """Return the choices that are nearest to what is wanted: that contain it, or that look alike.

    `choices` map values to labels; both are compared.
    """
    folded = given_name.casefold()
    if not folded:
        return []
    inside = [value for value, label in choices.items()
              if value and (folded in value.casefold() or folded in label.casefold())]  # fmt: skip
    if inside:
        return sorted(inside, key=lambda value: (len(value), value))[:OFFERED]
    own_letters = letters(given_name)
    alike = []
    for value, label in choices.items():
        for name in {value, label}:
            other = letters(name)
            likeness = len(own_letters & other) / len(own_letters | other)
            if value and likeness >= NEAR:
                alike.append((-likeness, value))
    return list(dict.fromkeys(value for _, value in sorted(alike)))[:OFFERED]
