"""The front matter of a question as a JSON schema, for editors of canned_queries/."""

from __future__ import annotations

from typing import Any

from census.questions.question_files import CHART_KEYS, CHART_KINDS, KEYS, REQUIRED, THEMES

TYPES = {str: "string", int: "integer", bool: "boolean"}


def question_schema() -> dict[str, Any]:
    """Return the JSON schema of a question's front matter, from the keys that its reader knows."""
    filled = {"type": "string", "minLength": 1}
    properties: dict[str, dict[str, Any]] = {
        **{key: {"type": "string"} for key in sorted(KEYS)},
        **dict.fromkeys(REQUIRED, filled),
        "theme": {**filled, "examples": list(THEMES)},
        "parameters": {
            "type": "object",
            "description": "By name; an empty one is that of canned_queries/parameters.yml.",
            "additionalProperties": {"type": ["object", "null"]},
        },
        "limits": {"type": "array", "items": {"type": "object"}},
        "columns": {"type": "object", "additionalProperties": {"type": "string"}},
        "chart": {
            "type": "object",
            "properties": {
                **{key: {"type": TYPES[kind]} for key, kind in CHART_KEYS.items()},
                "kind": {"anyOf": [{"enum": list(CHART_KINDS)}, {"pattern": r"^\{\w+\}$"}]},
            },
            "required": ["kind", "x", "y"],
            "additionalProperties": False,
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The front matter of a question",
        "description": "The YAML between /* and */ at the beginning of a file of canned_queries/.",
        "type": "object",
        "properties": properties,
        "required": list(REQUIRED),
        "additionalProperties": False,
    }
