"""The HTTP interface as OpenAPI, made from the questions and from what the page /api documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from census.pages.citations import LICENCE, LICENCE_URL
from census.pages.http_interface import JSON, SECTIONS, AddressExample, Section, limits
from census.questions.parameters import INTEGER, MONTH, Parameter
from census.questions.question_files import Question

VERSION = "3.1.0"
# More values than this are not listed: they are the rows of a table.
LISTED = 60
STEM = "/census/"
WRONG = {"description": "A wrong value: the reason, and the values allowed."}


def openapi(
    questions: Mapping[str, Question],
    words: Mapping[str, Any],
    base: str,
    day: str,
    rows: int,
    seconds: float,
) -> dict[str, Any]:
    """Return the description of the interface at an address; `words` are those of metadata.yml.

    `day` is the last day of the data, `rows` and `seconds` are the limits of a reader's SQL.
    """
    paths: dict[str, Any] = {}
    for question in questions.values():
        paths[f"{STEM}{question.name}.json"] = {"get": _question_operation(question)}
    for section in SECTIONS:
        for path, examples in _by_path(section, questions).items():
            paths.setdefault(path, {"get": _example_operation(section, path, examples, questions)})
    return {
        "openapi": VERSION,
        "info": {
            "title": words["title"],
            "version": day,
            "summary": words["description"],
            "description": "\n".join(f"- {limit}" for limit in limits(rows, seconds)),
            "license": {"name": LICENCE, "url": LICENCE_URL},
        },
        "servers": [{"url": base}],
        "tags": [{"name": section.title, "description": section.about} for section in SECTIONS],
        "paths": paths,
    }


def _question_operation(question: Question) -> dict[str, Any]:
    """Return the operation that asks a question for its rows as JSON."""
    row = {name: {"description": words} for name, words in question.columns.items()}
    array = {"type": "array", "items": {"type": "object", "properties": row}}
    shape = {
        "name": "_shape",
        "in": "query",
        "required": True,
        "description": "Rows as a whole array.",
        "schema": {"type": "string", "const": "array"},
    }
    return {
        "operationId": question.name,
        "summary": question.title,
        "description": question.description,
        "tags": [SECTIONS[0].title],
        "parameters": [*map(_parameter, question.parameters), shape],
        "responses": {
            "200": {
                "description": f"Rows, in {question.unit_words(question.defaults())}.",
                "content": {JSON: {"schema": array}},
            },
            "400": WRONG,
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "default": parameter.default}
    description = parameter.help
    if parameter.choices is not None and len(parameter.choices) <= LISTED:
        schema["enum"] = list(parameter.choices)
        labels = (f"{value} ({label})" for value, label in parameter.choices.items() if value)
        description = f"{description} One of: {', '.join(labels)}."
    elif parameter.choices is not None:
        description = (
            f"{description} One of {len(parameter.choices):,} values; a wrong one gets the nearest."
        )
    elif parameter.pattern == "month":
        schema["pattern"] = f"^({MONTH.pattern})?$"
    elif parameter.pattern == "integer":
        schema["pattern"] = f"^{INTEGER.pattern}$"
        description = f"{description} From {parameter.minimum} to {parameter.maximum}."
    return {"name": parameter.name, "in": "query", "description": description, "schema": schema}


def _by_path(section: Section, questions: Iterable[str]) -> dict[str, list[AddressExample]]:
    """Return the examples of a section by their path, a question in it as `{question}`."""
    by_path: dict[str, list[AddressExample]] = {}
    for example in section.examples:
        path = example.path.partition("?")[0]
        head, _, name = path.rpartition("/")
        stem, dot, suffix = name.partition(".")
        if stem in questions:
            path = f"{head}/{{question}}{dot}{suffix}"
        by_path.setdefault(path, []).append(example)
    return by_path


def _example_operation(
    section: Section, path: str, examples: list[AddressExample], questions: Iterable[str]
) -> dict[str, Any]:
    """Return the operation of an address as the examples of the page show it."""
    parameters: dict[str, dict[str, Any]] = {}
    if "{question}" in path:
        names = {"type": "string", "enum": sorted(questions)}
        parameters["question"] = {
            "name": "question",
            "in": "path",
            "required": True,
            "description": "Name of a question, whose parameters this address takes.",
            "schema": names,
        }
    for example in examples:
        for name, value in parse_qsl(example.path.partition("?")[2], keep_blank_values=True):
            parameters.setdefault(
                name,
                {
                    "name": name,
                    "in": "query",
                    "description": f"As in: {example.what}.",
                    "schema": {"type": "string"},
                    "example": value,
                },
            )
    content: dict[str, Any] = {example.content_type: {} for example in examples}
    return {
        "summary": f"{section.title}: {examples[0].what}",
        "description": section.about,
        "tags": [section.title],
        "parameters": list(parameters.values()),
        "responses": {
            "200": {"description": examples[0].what, "content": content},
            "400": WRONG,
        },
    }
