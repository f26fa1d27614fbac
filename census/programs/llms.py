"""/llms.txt: the census in one text for language models, questions first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from census.pages.http_interface import SECTIONS, limits
from census.pages.sentences import first_sentence
from census.questions.question_files import Question
from census.site.site import themes

# Parameters and columns whose descriptions say what the census means by its words.
WORDS_OF = "share_by_country"
SPOKEN = ("measure", "scope", "attribution", "basis")
COLUMNS = (
    "rests_on",
    "low_pct",
    "likely_low_pct",
    "covered_pct",
    "through",
    "p_place",
)


def llms_text(
    questions: Mapping[str, Question],
    words: Mapping[str, Any],
    base: str,
    day: str,
    rows: int,
    seconds: float,
) -> str:
    """Return the text for an address; `words` are those of metadata.yml."""
    lines = [
        f"# {words['title']}",
        "",
        f"> {words['description']} Data to {day}, CC BY 4.0.",
        "",
        "Every number has a day, a scope and an interval: say them with it. A value that is empty"
        " is unknown, never zero. Downloads are counted by the maker of a model, not by its user.",
        "",
    ]
    for theme, questions_of_theme in themes(questions.values()).items():
        lines += [f"## Questions: {theme}", ""]
        lines += [_question_line(question, base) for question in questions_of_theme] + [""]
    lines += ["## Tables", ""]
    tables = words["tables"]
    lines += [
        f"- [{name}]({base}/census/{name}): {' '.join(table['description'].split())}"
        for name, table in tables.items()
    ]
    lines += ["", "## Words", "", *_words(questions[WORDS_OF]), "", "## Limits", ""]
    lines += [f"- {limit}" for limit in limits(rows, seconds)]
    lines += ["", "## Addresses", ""]
    for section in SECTIONS:
        example = section.examples[0]
        lines.append(f"- {section.title}: {section.about} Example: {base}{example.path}")
    lines.append(f"- All of it as OpenAPI: {base}/openapi.json; for people: {base}/api")
    return "\n".join(lines) + "\n"


def _question_line(question: Question, base: str) -> str:
    names = ", ".join(parameter.name for parameter in question.parameters)
    takes = f" Parameters: {names}." if names else ""
    sentence = first_sentence(question.description)
    address = f"{base}/census/{question.name}"
    return f"- [{question.title}]({address}.json?_shape=array): {sentence}{takes}"


def _words(question: Question) -> list[str]:
    lines = []
    for name in SPOKEN:
        parameter = question.parameter(name)
        choices = parameter.choices or {}
        labels = "; ".join(f"{value}: {label}" for value, label in choices.items())
        lines.append(f"- {name}: {parameter.help} {labels}.")
    return [*lines, *(f"- {name}: {question.columns[name]}" for name in COLUMNS)]
