"""The canned queries: one SQL file a question, its front matter read, checked and applied.

A file of canned_queries/ begins with a block comment that holds YAML:

    /*
    title: Downloads by country
    theme: Countries
    description: What it counts, and what it does not say.
    unit: downloads
    parameters:
      scope:            # empty: as in canned_queries/parameters.yml
      top: {label: Keys, default: "8", pattern: integer, min: 1, max: 50}
    */
    select ...
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from census.questions.parameters import Limit, Parameter, ParameterError, read_limit, read_parameter

FRONT_MATTER = re.compile(r"\A/\*\n(?P<yaml>.*?)\n\*/\n(?P<sql>.*)\Z", re.DOTALL)
NAME = re.compile(r"[a-z][a-z0-9_]*")
# Text in quotes and comments is not a place for a parameter; what is left of `:name` is one.
QUOTED = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
TEMPLATE = re.compile(r"\{(\w+)\}")
PLACEHOLDER = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")
# The same language read by libyaml, ten times as fast, where PyYAML was built with it.
SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Themes in the order of readers' interest; the last are housekeeping.
THEMES = (
    "Countries", "Labs", "Models", "Adoption", "Derivatives", "Channels", "Capability", "Origins",
    "Comparisons",
    "Milestones", "Concentration", "Profiles", "Coverage", "Revisions",
)  # fmt: skip
REQUIRED = ("title", "theme", "description", "unit")
KEYS = {
    *REQUIRED, "scope", "channel", "chosen", "answer", "parameters", "limits", "chart", "columns",
}  # fmt: skip
# Ranked kinds draw each row as a bar, a dot or a place, with its value. Series are keys over
# months; all their kinds can be drawn from the same rows. Stacked kinds draw a whole, with undrawn
# keys added up as `Other`.
RANKED = ("bars", "dots", "map")
SERIES = ("lines", "areas", "ranks", "panels")
STACKED = ("areas", "columns", "shares")
OVER_TIME = (*SERIES, "curve", "columns", "shares")
# Curves of one thing, or of several that share no whole: each is judged by its own bounds.
CURVES = ("curve", "ages")
CHART_KINDS = (*RANKED, *OVER_TIME, "ages", "grid")
CHART_KEYS = {
    "kind": str, "x": str, "y": str, "key": str, "label": str, "low": str, "high": str,
    "dimension": str, "unit": str, "title": str, "drawn": int, "markers": str, "points": str,
    "colour": str, "date": str, "note": str, "height": int, "published": str, "percent": bool,
    "monthly": bool, "scale": str, "rows": str, "of": str,
    # Of estimates: their intervals, what they rest on, and the day that each row goes to.
    "likely_low": str, "likely_high": str, "half_low": str, "half_high": str, "rests_on": str,
    "counted": str, "covered": str, "through": str, "place": str, "p_place": str,
    # Of counts of single days: whether one stands in doubt, and who counted.
    "flagged": str, "source": str,
}  # fmt: skip
# A question that reads none of these shows observations, which can go on after the series end.
SERIES_TABLES = re.compile(r"\b(series(_\w+)?|scopes|curves)\b")
SHARED_FILE = "parameters.yml"
# The questions of this repository, wherever a command is run.
FOLDER = Path(__file__).resolve().parents[2] / "canned_queries"


class QuestionError(Exception):
    """A question cannot be used; the message names the file and the reason."""


@dataclass(frozen=True)
class Question:
    """One canned query as its file declares it."""

    name: str
    file: str
    title: str
    theme: str
    description: str
    unit: str
    sql: str
    scope: str = ""
    # The channel whose figures it shows, `all` for several side by side; empty is the Hub.
    channel: str = ""
    # What is counted where a reader has chosen the keys, which win over other choices.
    chosen: str = ""
    answer: str = ""
    parameters: tuple[Parameter, ...] = ()
    limits: tuple[Limit, ...] = ()
    chart: Mapping[str, Any] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def reads_series(self) -> bool:
        """Whether the figures end with a scope's series, not with the last observation."""
        return not self.channel and bool(SERIES_TABLES.search(self.sql))

    def defaults(self) -> dict[str, str]:
        """Return the value that each parameter has when nobody gives one."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    def parameter(self, name: str) -> Parameter:
        """Return a parameter by name; raises KeyError."""
        return {parameter.name: parameter for parameter in self.parameters}[name]

    def describe(self, text: str, values: Mapping[str, str]) -> str:
        """Return `text` with each `{parameter}` replaced by the label of its value.

        What stands for no choice (`All countries`) and what a scope is called have a capital letter
        at the beginning only.
        """
        labels = {p.name: p.label_of(values.get(p.name, p.default)) for p in self.parameters}
        small = {
            p.name for p in self.parameters if p.name == "scope" or labels[p.name] == p.optional
        }

        def label(part: re.Match[str]) -> str:
            words = labels.get(part[1], part[0])
            return words[:1].lower() + words[1:] if part[1] in small and part.start() else words

        words = TEMPLATE.sub(label, text)
        # A measure's label is of a month; with rows by week or day it is of one of these.
        step = values.get("step") if "step" in labels else None
        if step in ("week", "day"):
            words = words.replace("downloads in the month", f"downloads in the {step}")
        return words

    def unit_words(self, values: Mapping[str, str]) -> str:
        """Return the unit of the rows, which may name the labels of parameters."""
        return self.describe(self.unit, values)

    def counted_words(self, values: Mapping[str, str]) -> str:
        """Say in words what is counted with the values of the parameters."""
        scope = self.chosen if self.chosen and values.get("show") else self.scope
        return self.describe(scope, values)

    def chart_for(self, values: Mapping[str, str]) -> dict[str, Any]:
        """Return the chart as values of parameters make it; KeyError if none is declared.

        A chart may take its kind or its dimension from a parameter (`kind: "{view}"`); its title
        and its note name the parameters' labels.
        """
        if self.chart is None:
            raise KeyError(self.name)
        texts = {**self.defaults(), **values}
        return {
            key: value
            if not isinstance(value, str)
            else self.describe(value, values)
            if key in ("title", "note")
            else TEMPLATE.sub(lambda part: texts.get(part[1], part[0]), value)
            for key, value in self.chart.items()
        }

    def subject(self, values: Mapping[str, str]) -> str:
        """Return the figure's subject for sentences: the chart's title, which is no question."""
        return str(self.chart_for(values).get("title", self.title)) if self.chart else self.title

    def drawing_parameters(self) -> list[Parameter]:
        """Return the parameters that decide how the chart is drawn, and nothing else."""
        in_kind = set(TEMPLATE.findall(str(self.chart["kind"]))) if self.chart else set()
        used_names = placeholders(self.sql)
        return [p for p in self.parameters if p.name in in_kind and p.name not in used_names]

    def over_time(self, values: Mapping[str, str]) -> bool:
        """Return whether the rows go over time, the newest last, as the chart declares."""
        return self.chart is not None and self.chart_for(values)["kind"] in OVER_TIME


def placeholders(sql: str) -> set[str]:
    """Return the names of the parameters that a statement uses."""
    return set(PLACEHOLDER.findall(QUOTED.sub(" ", sql)))


def read_questions(folder: Path) -> dict[str, Question]:
    """Read every question of a folder, sorted by name; raises QuestionError at the first fault.

    A folder that is not there is a fault: no questions would mean no charts, and no error.
    """
    if not folder.is_dir():
        raise QuestionError(f"{folder}: there is no such folder of questions")
    shared_path = folder / SHARED_FILE
    shared = load_yaml(shared_path.read_text(), SHARED_FILE) if shared_path.is_file() else {}
    questions = {}
    for path in sorted(folder.glob("*.sql")):
        questions[path.stem] = parse_question(path.name, path.read_text(encoding="utf-8"), shared)
    return questions


def load_yaml(text: str, file: str) -> dict[str, Any]:
    """Parse a YAML mapping; raises QuestionError."""
    try:
        loaded = yaml.load(text, Loader=SAFE_LOADER)  # noqa: S506
    except yaml.YAMLError as error:
        raise QuestionError(f"{file}: broken YAML: {error}") from error
    if not isinstance(loaded, dict):
        raise QuestionError(f"{file}: the front matter is not a mapping")
    return loaded


def parse_question(file: str, text: str, shared: Mapping[str, Any] | None = None) -> Question:
    """Return the question of one file's text; raises QuestionError with file and reason.

    `shared` holds definitions of parameters that several questions have: a parameter declared
    empty is the shared one, a parameter declared in part is the shared one with those changes.
    """
    matched = FRONT_MATTER.match(text)
    if matched is None:
        raise QuestionError(f"{file}: must begin with front matter between `/*` and `*/` lines")
    front = load_yaml(matched["yaml"], file)
    name = file.removesuffix(".sql")
    if not NAME.fullmatch(name):
        raise QuestionError(f"{file}: the name must be small letters, digits and underscores")
    if unknown := sorted(set(front) - KEYS):
        raise QuestionError(
            f"{file}: unknown keys: {', '.join(unknown)} (known: {', '.join(sorted(KEYS))})"
        )
    for key in REQUIRED:
        if not isinstance(front.get(key), str) or not front[key].strip():
            raise QuestionError(f"{file}: {key} is missing")
    sql = matched["sql"].strip()
    if not sql:
        raise QuestionError(f"{file}: there is no SQL after the front matter")
    drawn = front["chart"] if isinstance(front.get("chart"), dict) else {}
    parameters = read_parameters(file, sql, drawn, front.get("parameters"), shared or {})
    return Question(
        name=name,
        file=file,
        title=front["title"].strip(),
        theme=front["theme"].strip(),
        description=front["description"].strip(),
        unit=front["unit"].strip(),
        scope=str(front.get("scope") or "").strip(),
        channel=str(front.get("channel") or "").strip(),
        chosen=str(front.get("chosen") or "").strip(),
        answer=str(front.get("answer") or "").strip(),
        sql=sql,
        parameters=parameters,
        limits=read_limits(file, front.get("limits"), parameters),
        chart=read_chart(file, front.get("chart"), parameters),
        columns={str(k): str(v).strip() for k, v in (front.get("columns") or {}).items()},
    )


def read_parameters(
    file: str, sql: str, chart: Mapping[str, Any], declared: Any, shared: Mapping[str, Any]
) -> tuple[Parameter, ...]:
    """Return the declared parameters, which must be exactly those that SQL and chart use."""
    declared = declared or {}
    if not isinstance(declared, dict):
        raise QuestionError(f"{file}: parameters is not a mapping")
    parameters = []
    for name, definition in declared.items():
        base = shared.get(name, {})
        if definition is None and not base:
            raise QuestionError(f"{file}: parameter {name} is empty and not in {SHARED_FILE}")
        try:
            parameters.append(read_parameter(name, {**base, **(definition or {})}))
        except ValueError as error:
            raise QuestionError(f"{file}: parameter {name}: {error}") from error
    used_names = placeholders(sql)
    of_chart = set(TEMPLATE.findall(f"{chart.get('kind', '')} {chart.get('scale', '')}"))
    if idle := sorted(set(declared) - used_names - of_chart):
        raise QuestionError(f"{file}: parameter not used in the SQL: {', '.join(idle)}")
    if undeclared := sorted((used_names | of_chart) - set(declared)):
        raise QuestionError(f"{file}: used in the SQL but not declared: {', '.join(undeclared)}")
    return tuple(parameters)


def read_limits(file: str, declared: Any, parameters: Iterable[Parameter]) -> tuple[Limit, ...]:
    """Return the declared limits of parameters by others."""
    names = [parameter.name for parameter in parameters]
    try:
        return tuple(read_limit(limit, names) for limit in declared or [])
    except (TypeError, ValueError) as error:
        raise QuestionError(f"{file}: limits: {error}") from error


def read_chart(
    file: str, declared: Any, parameters: Iterable[Parameter]
) -> Mapping[str, Any] | None:
    """Return a checked chart declaration, or None.

    A kind that is a parameter, as in `kind: "{view}"`, may be any of the parameter's choices.
    """
    if declared is None:
        return None
    wrong = QuestionError(f"{file}: chart kind must be one of: {', '.join(CHART_KINDS)}")
    if not isinstance(declared, dict):
        raise wrong
    kind = str(declared.get("kind"))
    parameter_name = TEMPLATE.fullmatch(kind)
    choices = {p.name: list(p.choices or {}) for p in parameters}
    kinds = choices.get(parameter_name[1], []) if parameter_name else [kind]
    if not kinds or not set(kinds) <= set(CHART_KINDS):
        raise wrong
    for key, value in declared.items():
        if key not in CHART_KEYS:
            keys = ", ".join(sorted(CHART_KEYS))
            raise QuestionError(f"{file}: unknown chart key: {key} (known: {keys})")
        if not isinstance(value, CHART_KEYS[key]):
            raise QuestionError(f"{file}: chart {key} must be {CHART_KEYS[key].__name__}")
    for key in ("x", "y"):
        if key not in declared:
            raise QuestionError(f"{file}: chart {key} is missing")
    return dict(declared)


def with_choices(question: Question, database: sqlite3.Connection) -> Question:
    """Return the question with choices that are SQL read from a database.

    Raises QuestionError where the SQL fails or the default is not among what it returns.
    """
    parameters = []
    for parameter in question.parameters:
        if parameter.choices_sql:
            try:
                rows = database.execute(parameter.choices_sql).fetchall()
                parameters.append(parameter.with_rows(rows))
            except (sqlite3.Error, ValueError) as error:
                location = f"{question.file}: parameter {parameter.name}"
                raise QuestionError(f"{location}: choices: {error}") from error
        elif parameter.offered_sql:
            months = database.execute(parameter.offered_sql).fetchall()
            parameters.append(replace(parameter, offered=tuple(str(row[0]) for row in months)))
        else:
            parameters.append(parameter)
    try:
        limits = tuple(
            limit.with_rows(database.execute(limit.values_sql)) for limit in question.limits
        )
    except sqlite3.Error as error:
        raise QuestionError(f"{question.file}: limits: {error}") from error
    return replace(question, parameters=tuple(parameters), limits=limits)


def validate(question: Question, choices: Mapping[str, str]) -> dict[str, str]:
    """Return the value of each parameter: the given one, checked, or the default.

    Raises ParameterError naming what is allowed, also for a name that the question does not have:
    a misspelt parameter must not be answered by the rows of the default.
    """
    names = {parameter.name for parameter in question.parameters}
    for name in choices:
        if name not in names:
            raise ParameterError(name, choices[name], sorted(names), unknown=True)
    values = {
        parameter.name: parameter.check(choices[parameter.name])
        if parameter.name in choices
        else parameter.default
        for parameter in question.parameters
    }
    for parameter in question.parameters:
        if parameter.pattern == "keys":
            values[parameter.name] = parameter.check_keys(values)
    for limit in question.limits:
        limit.fill(values, choices)
    for limit in question.limits:
        limit.check(values)
    return values


def check_names(questions: Iterable[str], tables: Iterable[str]) -> None:
    """Raise QuestionError if a question has the name of a table or view, which it would hide."""
    if hidden := sorted(set(questions) & set(tables)):
        raise QuestionError(f"{hidden[0]}.sql: a table or view has this name")
