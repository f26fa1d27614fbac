"""The tools of assistants: their names, descriptions and arguments."""

from __future__ import annotations

from typing import Any, NamedTuple

from census.checking.figure_to_check import DIMENSIONS, MEASURES, SCOPES

# A tool answers with this many rows at most, and says how many there are.
MOST_ROWS = 200
LONGEST_TEXT = 400
LONGEST_SQL = 20_000
INSTRUCTIONS = (
    "The Open Model Census counts downloads of open AI models from the Hugging Face Hub by country,"
    " lab, family and model. Find a question, then answer it; use SQL where no question fits. Say"
    " each number with its day, its scope and its interval, and cite the permalink. Where"
    " rests_on is bounds, say no number. Downloads are counted by a model's maker, not its user."
)


class ToolWords(NamedTuple):
    """A tool: its name, what it does, and its arguments as JSON Schema properties."""

    name: str
    description: str
    properties: dict[str, dict[str, Any]]
    required: tuple[str, ...] = ()

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the arguments."""
        return {
            "type": "object",
            "properties": self.properties,
            "required": list(self.required),
            "additionalProperties": False,
        }


def _text(description: str, **properties: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **properties}


TOOLS = (
    ToolWords(
        "find_question",
        "Find questions that the census answers, with their parameters and the values allowed."
        " Without text: the list of all.",
        {"text": _text("What it is about, as in 'share of China by month'.")},
    ),
    ToolWords(
        "answer",
        f"Answer a question by name: a sentence, rows (at most {MOST_ROWS}, with the total), the"
        " interval columns, how far the data go and how well they are covered, a citation and a"
        " permanent link. Parameters left out have their defaults.",
        {
            "question": _text("Name of a question, as find_question gives it."),
            "parameters": {
                "type": "object",
                "description": 'Values by name, as in {"scope": "labs"}.',
                "additionalProperties": {"type": ["string", "integer"]},
            },
        },
        ("question",),
    ),
    ToolWords(
        "check_figure",
        "Check a figure from an article: match, close, mismatch or cannot tell, with our value, its"
        " interval, likely slips, published figures that it resembles and a sentence to print.",
        {
            "value": _text("As it is written: 57%, 1.15 billion."),
            "key": _text("Name or code: CN, China, qwen, Qwen/Qwen3-8B."),
            "dimension": _text("What the key is; country by default.", enum=list(DIMENSIONS)),
            "measure": _text("What is counted; share by default.", enum=list(MEASURES)),
            "on": _text("Month YYYY-MM or day YYYY-MM-DD; the last day by default."),
            "scope": _text("Models counted; frontier by default.", enum=list(SCOPES)),
        },
        ("value", "key"),
    ),
    ToolWords(
        "describe_table",
        "Describe a table: its columns with their meaning. Without a name: the list of tables.",
        {"table": _text("Name of a table.")},
    ),
    ToolWords(
        "run_sql",
        "Run one select statement of SQLite on the census, with the limits of everyone's SQL."
        f" At most {MOST_ROWS} rows come back; aggregate rather than list.",
        {
            "sql": _text("A select statement; values as :name.", maxLength=LONGEST_SQL),
            "parameters": {
                "type": "object",
                "description": "Values by name.",
                "additionalProperties": {"type": ["string", "number", "null"]},
            },
        },
        ("sql",),
    ),
)
