"""The parameters of a question: their names, the values allowed, the error for a wrong value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from census.questions.chosen_keys import APART, join_keys, read_groups, split_keys

KEYS = {
    "label", "default", "help", "choices", "optional", "pattern", "min", "max", "of", "group",
    "offered",
}  # fmt: skip
LIMIT_KEYS = {"parameter", "values", "because", "allowed"}
PATTERNS = ("month", "integer", "text", "keys")
# Of the whole text: SQL would read a line's end or the digits of another script otherwise.
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
INTEGER = re.compile(r"-?[0-9]{1,9}")
SELECT = re.compile(r"^\s*(select|with)\s", re.IGNORECASE)
# An error page names this many of the values allowed, and says how many more there are.
SHOWN = 60


class ParameterError(ValueError):
    """A value is not allowed; `allowed` lists what is, in words or values, `because` says why.

    `labels` are the words for the values, where these are a list of names. Where the value is one
    of several in a text, `others` are the rest of them.
    """

    def __init__(
        self,
        name: str,
        value: str,
        allowed: Sequence[str],
        unknown: bool = False,
        because: str = "",
        labels: Mapping[str, str] | None = None,
        others: Sequence[str] | None = None,
    ) -> None:
        self.name = name
        self.value = value
        self.allowed = list(allowed)
        self.unknown = unknown
        self.labels = dict(labels or {})
        self.others = None if others is None else list(others)
        values = [repr(choice) if choice == "" else choice for choice in self.allowed]
        values_shown = ", ".join(values[:SHOWN]) or "(none)"
        if len(values) > SHOWN:
            values_shown += f" and {len(values) - SHOWN} more"
        if unknown:
            message = f"unknown parameter {name!r}; parameters of this question: {values_shown}"
        else:
            reason = f": {because}" if because else ""
            message = f"{name}={value!r} is not allowed{reason}; allowed: {values_shown}"
        super().__init__(message)


@dataclass(frozen=True)
class Parameter:
    """One parameter; `choices` maps value to label, None where any value of the pattern goes.

    Of pattern `keys` are several keys in one text: `groups` has those that there are by dimension,
    which is `group`, or the value of the parameter `of`. `offered` are months to choose from; any
    other month is fine as well.
    """

    name: str
    label: str
    default: str
    help: str
    choices: dict[str, str] | None = None
    choices_sql: str | None = None
    optional: str | None = None
    pattern: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    of: str = ""
    group: str = ""
    groups: dict[str, dict[str, str]] | None = None
    offered_sql: str | None = None
    offered: tuple[str, ...] = ()

    def allowed(self) -> list[str]:
        """Return the values allowed, or one phrase that describes them."""
        if self.choices is not None:
            return list(self.choices)
        if self.pattern == "month":
            return ["a month as YYYY-MM, or nothing for all"]
        if self.pattern == "integer":
            return [f"a whole number from {self.minimum} to {self.maximum}"]
        if self.pattern == "keys":
            return [f"keys with {APART} between them"]
        return ["any text"]

    def check(self, value: str) -> str:
        """Return the value if it is allowed; raises ParameterError."""
        if self.choices is not None:
            fine = value in self.choices
        elif self.pattern == "month":
            fine = value == "" or bool(MONTH.fullmatch(value))
        elif self.pattern == "integer":
            fine = bool(INTEGER.fullmatch(value)) and self.within(int(value))
        else:
            fine = True
        if not fine:
            raise ParameterError(self.name, value, self.allowed(), labels=self.choices)
        return value

    def keys_for(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return the keys that can be chosen with the other values, with their labels."""
        dimension = values.get(self.of, "") if self.of else self.group
        return (self.groups or {}).get(dimension, {})

    def check_keys(self, values: Mapping[str, str]) -> str:
        """Return the chosen keys as an address has them; raises ParameterError for an unknown one.

        `values` are those of all parameters.
        """
        keys = split_keys(values[self.name])
        allowed = self.keys_for(values)
        for key in keys:
            if key not in allowed:
                others = [other for other in keys if other in allowed]
                raise ParameterError(self.name, key, list(allowed), labels=allowed, others=others)
        return join_keys(keys)

    def within(self, number: int) -> bool:
        """Return whether a number lies between the bounds, both of which count."""
        above = self.minimum is None or number >= self.minimum
        return above and (self.maximum is None or number <= self.maximum)

    def label_of(self, value: str) -> str:
        """Return the words for a value; for several keys those of each."""
        if self.pattern == "keys":
            groups = (self.groups or {}).values()
            return ", ".join(
                next((keys[key] for keys in groups if key in keys), key)
                for key in split_keys(value)
            )
        return (self.choices or {}).get(value, value)

    def with_rows(self, rows: Iterable[Sequence[Any]]) -> Parameter:
        """Return the parameter with the choices that its SQL returned (value, label).

        Without a default of its own the first row is the default. A table that is empty yet leaves
        one choice, nothing, so that its question answers without rows. ValueError where a default
        is declared that is not among the rows. Rows of keys are (dimension, key, label).
        """
        if self.pattern == "keys":
            return replace(self, groups=read_groups(rows))
        choices = {} if self.optional is None else {"": self.optional}
        for row in rows:
            choices.setdefault(str(row[0]), str(row[-1]))
        if not choices:
            choices = {"": "nothing yet"}
        default = self.default
        if default == "" and self.optional is None and choices:
            default = next(iter(choices))
        if default not in choices:
            raise ValueError(f"default {default!r} is not among the choices")
        return replace(self, choices=choices, default=default)


def read_parameter(name: str, declared: dict[str, Any]) -> Parameter:
    """Return a parameter from its declaration; raises ValueError with the reason."""
    if unknown := sorted(set(declared) - KEYS):
        raise ValueError(f"unknown keys: {', '.join(unknown)}")
    for key in ("label", "help"):
        if not isinstance(declared.get(key), str) or not declared[key].strip():
            raise ValueError(f"{key} is missing")
    pattern = declared.get("pattern")
    if pattern is not None and pattern not in PATTERNS:
        raise ValueError(f"pattern must be one of: {', '.join(PATTERNS)}")
    choices, sql = read_choices(declared.get("choices"), declared.get("optional"))
    if choices is None and sql is None and pattern is None:
        raise ValueError("choices or pattern is missing")
    if pattern == "integer" and not {"min", "max"} <= set(declared):
        raise ValueError("an integer needs min and max")
    if "default" not in declared and sql is None:
        raise ValueError("default is missing")
    if pattern == "keys" and (
        sql is None or bool(declared.get("of")) == bool(declared.get("group"))
    ):
        raise ValueError("keys need choices as a select statement, and of or group")
    parameter = Parameter(
        name=name,
        label=declared["label"].strip(),
        default=str(declared.get("default", "")),
        help=declared["help"].strip(),
        choices=choices,
        choices_sql=sql,
        optional=declared.get("optional"),
        pattern=pattern,
        minimum=declared.get("min"),
        maximum=declared.get("max"),
        of=str(declared.get("of") or ""),
        group=str(declared.get("group") or ""),
        offered_sql=declared.get("offered"),
    )
    try:
        if sql is None:
            parameter.check(parameter.default)
    except ParameterError as error:
        raise ValueError(f"the default is not among the choices: {error}") from error
    return parameter


def read_choices(declared: Any, optional: Any) -> tuple[dict[str, str] | None, str | None]:
    """Return choices as value to label, or the SQL that reads them; at most one of the two."""
    if declared is None:
        return None, None
    if isinstance(declared, str):
        if not SELECT.match(declared):
            raise ValueError("choices as text must be a select statement")
        return None, declared
    choices = {} if optional is None else {"": str(optional)}
    if isinstance(declared, dict):
        choices.update({str(value): str(label) for value, label in declared.items()})
    elif isinstance(declared, list):
        choices.update({str(value): str(value) for value in declared})
    else:
        raise ValueError("choices must be a list, a mapping or a select statement")
    return choices, None


@dataclass(frozen=True)
class Limit:
    """What other parameters may be while `parameter` has one of the values that `values_sql` reads.

    `because` says in words what such a value holds; `allowed` are values by parameter. One that
    `fills` gives a parameter that nobody has given the first value allowed.
    """

    parameter: str
    values_sql: str
    because: str
    allowed: dict[str, list[str]]
    values: frozenset[str] = frozenset()
    fills: bool = False

    def with_rows(self, rows: Iterable[Sequence[Any]]) -> Limit:
        """Return the limit with the values that its SQL returned."""
        return replace(self, values=frozenset(str(row[0]) for row in rows))

    def fill(self, values: dict[str, str], chosen: Mapping[str, str]) -> None:
        """Replace a default that is not allowed by the first value that is."""
        if self.fills and values[self.parameter] in self.values:
            for name, allowed in self.allowed.items():
                if name not in chosen and values[name] not in allowed:
                    values[name] = allowed[0]

    def check(self, chosen: Mapping[str, str]) -> None:
        """Raise ParameterError for the first value that does not go with the limiting one."""
        value = chosen[self.parameter]
        if value in self.values:
            because = f"{self.parameter}={value} {self.because}"
            for name, allowed in self.allowed.items():
                if chosen[name] not in allowed:
                    raise ParameterError(name, chosen[name], allowed, because=because)


def read_limit(declared: Any, names: Iterable[str]) -> Limit:
    """Return a limit from its declaration; `names` are the question's parameters.

    Raises ValueError with the reason.
    """
    if not isinstance(declared, dict) or set(declared) - {"fills"} != LIMIT_KEYS:
        raise ValueError(f"expected a mapping of {', '.join(sorted(LIMIT_KEYS))}")
    allowed = declared["allowed"]
    if not isinstance(allowed, dict) or not all(
        isinstance(choices, list) for choices in allowed.values()
    ):
        raise ValueError("allowed must map parameters to lists of values")
    if unknown := sorted({declared["parameter"], *allowed} - set(names)):
        raise ValueError(f"not a parameter of this question: {', '.join(map(str, unknown))}")
    if not SELECT.match(str(declared["values"])):
        raise ValueError("values must be a select statement")
    return Limit(
        parameter=declared["parameter"],
        values_sql=declared["values"],
        because=str(declared["because"]).strip(),
        allowed={name: [str(value) for value in values] for name, values in allowed.items()},
        fills=bool(declared.get("fills")),
    )
