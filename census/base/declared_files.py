"""A file of data/ declared once: its columns, their rules and what they mean.

A row is a pydantic model whose fields are texts, as the cells of a CSV file are. From the one
declaration come the checks of a build, the documentation of data/ and the JSON schemas for editors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from census.base.csv_files import (
    NUMBER,
    Problem,
    Row,
    check_reference,
    check_unique,
    first_day,
    parse_count,
    parse_day,
    read_rows,
)
from census.base.names import HUB_ID, MODEL_NAME, folded

# So many choices are named in a message; the documentation has all of them.
CHOICES_NAMED = 12

RowRule = Callable[[Row], Iterable[str]]
Order = Callable[[Sequence[Row]], Iterable[tuple[Row, str]]]


class DataRow(BaseModel):
    """A row of a file of data/; a field that may be empty has a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def column(description: str, *, name: str | None = None) -> Any:
    """Declare a column that must be filled; `name` is that in the file where Python has another."""
    return Field(description=description, alias=name)


def optional(description: str, *, name: str | None = None) -> Any:
    """Declare a column that may be empty: unknown, or not for this row."""
    return Field(default="", description=description, alias=name)


@dataclass(frozen=True)
class Checked:
    """What a value must be: `check` raises ValueError with what is wrong, `schema` says it in JSON.

    The reason follows the name of the column: `read_on: '2026' is not a possible date …`.
    """

    check: Callable[[str], object]
    schema: Mapping[str, Any] = field(default_factory=dict, hash=False)
    between: str = ": "

    def __get_pydantic_core_schema__(
        self, source: Any, handler: Callable[[Any], CoreSchema]
    ) -> CoreSchema:
        def checked(text: str) -> str:
            try:
                self.check(text)
            except ValueError as error:
                raise PydanticCustomError(
                    "data", "{reason}", {"reason": f"{self.between}{error}"}
                ) from None
            return text

        return core_schema.no_info_after_validator_function(checked, handler(source))

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(core), **self.schema}


@dataclass(frozen=True)
class Fitting:
    """What a value must be, told without Python; `fault` follows the value in the reason."""

    core: CoreSchema = field(hash=False)
    fault: str
    schema: Mapping[str, Any] = field(hash=False)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: Callable[[Any], CoreSchema]
    ) -> CoreSchema:
        return core_schema.custom_error_schema(
            self.core,
            custom_error_type="data",
            custom_error_message="{fault}",
            custom_error_context={"fault": self.fault},
        )

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", **self.schema}


def one_of(*choices: str) -> Fitting:
    """Return the check of a value that is one of some words: `kind 'firm' is not one of: …`."""
    allowed = list(dict.fromkeys(choices))
    choices_shown = ", ".join(sorted(allowed)[:CHOICES_NAMED])
    core = core_schema.literal_schema(allowed)
    return Fitting(core, f"is not one of: {choices_shown}", {"enum": allowed})


def matching(pattern: re.Pattern[str], fault: str) -> Fitting:
    """Return the check of a value that fits a pattern as a whole; `fault` follows the value."""
    whole = f"^(?:{pattern.pattern})$"
    # Without this, \w and \d match letters and digits of every script.
    ascii_only = "(?-u)" if pattern.flags & re.ASCII else ""
    core = core_schema.str_schema(pattern=f"{ascii_only}{whole}")
    return Fitting(core, fault, {"pattern": whole})


def some_of(*choices: str) -> Checked:
    """Return the check of a value that is one or more of some words between spaces."""
    allowed = frozenset(choices)
    words = "|".join(map(re.escape, choices))

    def check(text: str) -> None:
        for word in text.split():
            if word not in allowed:
                raise ValueError(f"{word!r} is not one of: {', '.join(choices)}")

    return Checked(check, {"pattern": f"^({words})( ({words}))*$"}, between=" ")


def _check_expression(text: str) -> None:
    try:
        re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"{text!r} is broken: {error}") from None


# The kinds of values that several files have.
Day = Annotated[str, Checked(parse_day, {"format": "date"})]
# YYYY, YYYY-MM or YYYY-MM-DD: as exactly as it is documented.
PartialDay = Annotated[str, Checked(first_day, {"pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"})]
Count = Annotated[str, Checked(parse_count, {"pattern": "^[0-9]+$"})]
Number = Annotated[str, matching(NUMBER, "is not a number")]
Address = Annotated[str, matching(re.compile(r"https?://\S+"), "is not an address")]
YesNo = Annotated[str, one_of("yes", "no")]
Expression = Annotated[str, Checked(_check_expression, {"format": "regex"}, between=" ")]
Sha256 = Annotated[str, matching(re.compile(r"[0-9a-f]{64}"), "is not a SHA-256 in hexadecimal")]
ModelName = Annotated[str, matching(MODEL_NAME, "is not a model name")]
HubId = Annotated[
    str, matching(HUB_ID, "is not a value that the Hub gives; leave an unknown one empty")
]


@dataclass(frozen=True)
class DataFile:
    """One file of data/: `path` within it, what it is, its rows and what holds between them.

    `unique` are sets of columns that no two rows share; `has_hub_names` says that they are names of
    the Hub, which are the same in any case. `references` give for a column the file that must have
    its value as a key. A rule yields what is wrong with a row beside its single values, an order
    the rows that do not follow those before them and why; both say in their docstring what they ask
    for. `written_by` is the command that writes the file, `people` where nobody does.
    """

    path: str
    about: str
    row: type[DataRow]
    unique: tuple[tuple[str, ...], ...] = ()
    has_hub_names: bool = False
    references: Mapping[str, str] = field(default_factory=dict, hash=False)
    rules: tuple[RowRule, ...] = ()
    orders: tuple[Order, ...] = ()
    written_by: str = "people"

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return tuple(field.alias or name for name, field in self.row.model_fields.items())

    @cached_property
    def required(self) -> frozenset[str]:
        """The columns that must be filled."""
        fields = self.row.model_fields.items()
        return frozenset(field.alias or name for name, field in fields if field.is_required())

    def read(
        self,
        data: Path,
        problems: list[Problem],
        keys: Mapping[str, Collection[str]] | None = None,
        path: str = "",
    ) -> list[Row]:
        """Return the rows of the file in a data directory; every fault goes to `problems`.

        `keys` are those of the files that it refers to, by file. `path` is that of one of several
        files with these rows. The readable rows are returned even if there are faults.
        """
        rows = read_rows(data / (path or self.path), self.columns, problems)
        self.check(rows, problems, keys)
        return rows

    def check(
        self,
        rows: Sequence[Row],
        problems: list[Problem],
        keys: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """Add every fault of some rows to `problems`, as `read` does."""
        for columns in self.unique:
            check_unique(rows, columns, problems, folded if self.has_hub_names else str)
        for name, file in self.references.items():
            if keys is None or file not in keys:
                raise LookupError(f"{self.path}: {name} refers to {file}, whose keys are not given")
            check_reference(rows, name, keys[file], file, problems)
        problems.extend(
            rows[place].problem(fault) for place, fault in faults_of_rows(self.row, rows)
        )
        for row in rows:
            for rule in self.rules:
                problems.extend(map(row.problem, rule(row)))
        for order in self.orders:
            problems.extend(row.problem(fault) for row, fault in order(rows))

    def json_schema(self) -> dict[str, Any]:
        """Return the JSON schema of a row; an empty value of a column that may be empty fits it."""
        schema = self.row.model_json_schema(by_alias=True)
        for name, value in schema["properties"].items():
            value.pop("title", None)
            value.pop("default", None)
            if name not in self.required:
                description = value.pop("description")
                schema["properties"][name] = {
                    "description": description,
                    "anyOf": [value, {"const": ""}],
                }
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **schema,
            "title": f"A row of data/{self.path}",
            "description": self.about,
        }


def faults_of_rows(
    row: type[DataRow], rows: Sequence[Mapping[str, str]]
) -> Iterator[tuple[int, str]]:
    """Yield the place of a row and what is wrong with one of its values; an empty one is unknown.

    All rows are checked at once: 11,000 of thirteen values take a tenth of a second.
    """
    filled = [{name: text for name, text in values.items() if text} for values in rows]
    try:
        _adapter(row).validate_python(filled)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=True):
            place, *name = fault["loc"]
            yield int(place), _words(".".join(map(str, name)), fault)


def faults_of(row: type[DataRow], values: Mapping[str, str]) -> list[str]:
    """Return the faults of one row's values, a sentence each."""
    return [fault for _, fault in faults_of_rows(row, [values])]


def _words(name: str, fault: Any) -> str:
    if fault["type"] == "missing":
        return f"{name} is empty"
    if fault["type"] == "data":
        reason = fault["ctx"].get("reason")
        return f"{name}{reason}" if reason else f"{name} {fault['input']!r} {fault['ctx']['fault']}"
    return f"{name}: {fault['msg']}"


@cache
def _adapter(row: type[DataRow]) -> TypeAdapter[list[DataRow]]:
    return TypeAdapter(list[row])  # type: ignore[valid-type]
