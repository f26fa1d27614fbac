"""Links from a comparison to the same keys as absolute numbers, as shares or since release."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from census.questions.parameters import ParameterError
from census.questions.question_files import Question, validate


class Way(NamedTuple):
    """A question that shows the same keys in another way, with the values of its parameters."""

    label: str
    question: str
    values: Mapping[str, str]


ABSOLUTE, SHARE, SINCE = "Absolute", "Share", "Since release"


def ways_of(name: str, values: Mapping[str, str]) -> list[Way]:
    """Return the ways in which what a question compares can be shown; none for most questions."""
    dimension = values.get("dimension", "country")
    measure = "monthly" if name == "monthly_downloads" else values.get("measure", "cumulative")
    if name not in ("cumulative_downloads", "monthly_downloads", "share_of_downloads",
                    "share_by_country") or measure == "recent":  # fmt: skip
        return []
    absolute_question = f"{measure}_downloads"
    ways = [Way(ABSOLUTE, absolute_question, {"dimension": dimension})]
    if dimension == "country":
        ways.append(Way(SHARE, "share_by_country", {"measure": measure}))
    else:
        ways.append(Way(SHARE, "share_of_downloads", {"dimension": dimension, "measure": measure}))
    chosen = values.get("show", "")
    if dimension in ("lab", "family", "country") and chosen and "~" not in chosen:
        ways.append(Way(SINCE, "adoption_curves", {dimension: chosen}))
    return ways


def switches(
    questions: Mapping[str, Question], question: Question, values: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the links between the ways to show a comparison: label, address, whether it is here.

    Choices that both questions have are kept, in a short address.
    """
    links = []
    for way in ways_of(question.name, values):
        other = questions.get(way.question)
        if other is None:
            continue
        defaults = other.defaults()
        kept_values = {
            name: value
            for name, value in values.items()
            if name in defaults
            and value != question.defaults()[name]
            and not (name == "show" and way.label == SINCE)
        }
        try:
            checked = validate(other, {**kept_values, **way.values})
        except ParameterError:
            continue
        changed = [(name, value) for name, value in checked.items() if value != defaults[name]]
        query = f"?{urlencode(changed)}" if changed else ""
        is_shown = way.question == question.name or (
            way.label == SHARE and question.name.startswith("share")
        )
        links.append(
            {"label": way.label, "address": f"/census/{other.name}{query}", "here": is_shown}
        )
    return links if len(links) > 1 else []
