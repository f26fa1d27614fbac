"""What a reader asks of a figure: of whom, what, when and how much, checked against the census."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from census.charts.figures import Context
from census.checking.written import EXAMPLES, Written, read_written
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


class Asked(NamedTuple):
    """A figure to check; `month` is that of `on`, which is a month or a day."""

    dimension: str
    key: str
    label: str
    measure: str
    on: str
    written: Written
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


def read_asked(connection: sqlite3.Connection, context: Context, given: Mapping[str, str]) -> Asked:
    """Return the figure that some values ask to check; raises ParameterError."""
    for name in given:
        if name not in NAMES:
            raise ParameterError(name, given[name], NAMES, unknown=True)
    values = {**DEFAULTS, **{name: value.strip() for name, value in given.items()}}
    dimension = _choice("dimension", values["dimension"], DIMENSIONS)
    measures = OF_MODELS if dimension == "model" else tuple(MEASURES)
    measure = _choice("measure", values["measure"], measures)
    scope = _choice("scope", values["scope"], SCOPES)
    key, label = find_key(connection, dimension, values.get("key", ""))
    text = values.get("value", "")
    written = _number(text, measure)
    on = values["on"] or (context.last_day({"scope": scope}) or "")
    as_of = values["as_of"]
    if as_of:
        _check_day("as_of", as_of, ["a day as YYYY-MM-DD, or nothing"])
    _check_on(on)
    return Asked(dimension, key, label, measure, on, written, text, scope, as_of)


def find_key(connection: sqlite3.Connection, dimension: str, wanted: str) -> tuple[str, str]:
    """Return the key and the name of a subject, by either; raises ParameterError.

    Case does not count. Of a name that is not known the nearest are in the error.
    """
    if dimension == "model":
        return _find_model(connection, wanted)
    names = {str(key): str(label) for key, label in connection.execute(KEYS[dimension])}
    folded = SPOKEN.get(wanted.casefold(), wanted).casefold()
    exact = [key for key in names if key.casefold() == folded]
    named = [key for key, label in names.items() if label.casefold() == folded]
    # One lab or family can be called what another has as its key: the key decides.
    found = exact or named
    if len(found) != 1:
        near = nearest(wanted, names) or sorted(found)
        raise ParameterError("key", wanted, near or [f"a {DIMENSIONS[dimension]} of the census"])
    return found[0], names[found[0]]


def _find_model(connection: sqlite3.Connection, wanted: str) -> tuple[str, str]:
    row = connection.execute(MODELS, {"key": wanted}).fetchone()
    if row is None:
        text = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        like = [name for (name,) in connection.execute(LIKE_MODELS, {"like": f"%{text}%"})]
        raise ParameterError("key", wanted, like or ["a full name, as in Qwen/Qwen3-8B"])
    return row[0], row[0]


def _choice(name: str, value: str, allowed: Mapping[str, str] | tuple[str, ...]) -> str:
    if value not in allowed:
        raise ParameterError(name, value, list(allowed))
    return value


def _number(text: str, measure: str) -> Written:
    try:
        written = read_written(text)
    except ValueError:
        raise ParameterError("value", text, [f"a number, as in {', '.join(EXAMPLES)}"]) from None
    if measure in SHARES and written.value > 100:
        raise ParameterError("value", text, ["a share from 0 to 100%"])
    if written.percent and measure not in SHARES:
        said = f"measure={measure} is not a share"
        raise ParameterError("value", text, ["a number without %"], because=said)
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
