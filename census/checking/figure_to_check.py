"""The figure that a reader wants checked: of whom, what, when and how much."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from census.charts.figures import Context
from census.checking.written_numbers import EXAMPLES, WrittenNumber, parse_written
from census.questions.parameters import ParameterError
from census.requests.corrections import nearest

MEASURES = {
    "share": "share of all downloads ever",
    "share_monthly": "share of the downloads in a month",
    "share_recent": "share of the downloads of 30 days",
    "cumulative": "downloads ever",
    "monthly": "downloads in a month",
    "recent": "downloads of 30 days",
    "rank": "place by downloads ever",
    "models": "models",
}
DIMENSIONS = {
    "country": "country",
    "region": "region",
    "lab": "lab",
    "family": "model family",
    "model": "model",
}
SCOPES = ("frontier", "labs", "hub")
# A model has counts of its own; its part in all others' is nobody's figure.
OF_MODELS = ("cumulative", "monthly", "recent")
SHARES = ("share", "share_monthly", "share_recent")
NAMES = ("dimension", "key", "measure", "on", "value", "scope", "as_of")
DEFAULTS = {
    "dimension": "country",
    "measure": "share",
    "on": "",
    "scope": "frontier",
    "as_of": "",
}
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
# The Hub's counts begin with the models of 2022.
FIRST_MONTH = "2022-11"
DAY_ALLOWED = ["a month as YYYY-MM", "a day as YYYY-MM-DD", "nothing for the last day"]
# Names of countries that people write and no standard has.
SPOKEN = {"usa": "US", "u.s.": "US", "america": "US", "uk": "GB", "britain": "GB", "korea": "KR"}
KEYS = {
    "country": "select code, name from countries",
    "region": "select region, region from countries group by region",
    "lab": "select id, name from labs",
    "family": "select id, name from families",
}
MODELS = """
select m.name
from models as m
where
    m.name = :key collate nocase
    or m.id = (select a.model from model_aliases as a where a.alias = :key collate nocase)
limit 1
"""
LIKE_MODELS = """
select name
from models
where name like :like escape '\\'
order by latest_all_time desc nulls last
limit 8
"""


class FigureToCheck(NamedTuple):
    """A figure to check; `month` is that of `on`, which is a month or a day."""

    dimension: str
    key: str
    label: str
    measure: str
    on: str
    written: WrittenNumber
    text: str
    scope: str
    as_of: str

    @property
    def month(self) -> str:
        """The month of the date."""
        return self.on[:7]

    @property
    def share(self) -> bool:
        """Whether the figure is in percent."""
        return self.measure in SHARES


def read_figure(
    connection: sqlite3.Connection, context: Context, values: Mapping[str, str]
) -> FigureToCheck:
    """Return the figure that the values of a request name; raises ParameterError."""
    for name in values:
        if name not in NAMES:
            raise ParameterError(name, values[name], NAMES, unknown=True)
    complete = {**DEFAULTS, **{name: value.strip() for name, value in values.items()}}
    dimension = _choice("dimension", complete["dimension"], DIMENSIONS)
    measures = OF_MODELS if dimension == "model" else tuple(MEASURES)
    measure = _choice("measure", complete["measure"], measures)
    scope = _choice("scope", complete["scope"], SCOPES)
    key, label = find_key(connection, dimension, complete.get("key", ""))
    text = complete.get("value", "")
    written = _number(text, measure)
    on = complete["on"] or (context.last_day({"scope": scope}) or "")
    as_of = complete["as_of"]
    if as_of:
        _check_day("as_of", as_of, ["a day as YYYY-MM-DD, or nothing"])
    _check_on(on)
    return FigureToCheck(dimension, key, label, measure, on, written, text, scope, as_of)


def find_key(connection: sqlite3.Connection, dimension: str, name: str) -> tuple[str, str]:
    """Return the key and the name of a subject, by either; raises ParameterError.

    Upper and lower case are the same. The error for an unknown name lists the nearest ones.
    """
    if dimension == "model":
        return _find_model(connection, name)
    names = {str(key): str(label) for key, label in connection.execute(KEYS[dimension])}
    folded = SPOKEN.get(name.casefold(), name).casefold()
    exact = [key for key in names if key.casefold() == folded]
    labelled = [key for key, label in names.items() if label.casefold() == folded]
    # One lab or family can be called what another has as its key: the key decides.
    matching = exact or labelled
    if len(matching) != 1:
        nearest_names = nearest(name, names) or sorted(matching)
        raise ParameterError(
            "key", name, nearest_names or [f"a {DIMENSIONS[dimension]} of the census"]
        )
    return matching[0], names[matching[0]]


def _find_model(connection: sqlite3.Connection, name_given: str) -> tuple[str, str]:
    row = connection.execute(MODELS, {"key": name_given}).fetchone()
    if row is None:
        text = name_given.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        similar_names = [name for (name,) in connection.execute(LIKE_MODELS, {"like": f"%{text}%"})]
        raise ParameterError(
            "key", name_given, similar_names or ["a full name, as in Qwen/Qwen3-8B"]
        )
    return row[0], row[0]


def _choice(name: str, value: str, allowed: Mapping[str, str] | tuple[str, ...]) -> str:
    if value not in allowed:
        raise ParameterError(name, value, list(allowed))
    return value


def _number(text: str, measure: str) -> WrittenNumber:
    try:
        written = parse_written(text)
    except ValueError:
        raise ParameterError("value", text, [f"a number, as in {', '.join(EXAMPLES)}"]) from None
    if measure in SHARES and written.value > 100:
        raise ParameterError("value", text, ["a share from 0 to 100%"])
    if written.percent and measure not in SHARES:
        reason = f"measure={measure} is not a share"
        raise ParameterError("value", text, ["a number without %"], because=reason)
    return written


def _check_on(on: str) -> None:
    if MONTH.fullmatch(on):
        if on < FIRST_MONTH:
            raise ParameterError("on", on, [f"a month from {FIRST_MONTH} on"])
        return
    _check_day("on", on, DAY_ALLOWED)
    if on[:7] < FIRST_MONTH:
        raise ParameterError("on", on, [f"a day from {FIRST_MONTH} on"])


def _check_day(name: str, value: str, allowed: list[str]) -> None:
    try:
        if len(value) != len("2026-05-20"):
            raise ValueError
        date.fromisoformat(value)
    except ValueError:
        raise ParameterError(name, value, allowed) from None
