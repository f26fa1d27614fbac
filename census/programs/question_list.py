"""Questions as a program finds them: by words, with parameters and the values that they allow."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from census.pages.sentences import first_sentence
from census.questions.parameters import Parameter
from census.questions.question_files import Question
from census.requests.corrections import nearest
from census.site.site import LEADING

FOUND = 6
# A long answer fills an assistant's context: after this many letters questions are only named.
MOST_LETTERS = 10_000
# A list of values longer than this is not given; a wrong value names the nearest.
LISTED = 24
WORD = re.compile(r"[^\W_]{2,}")
# Words that every description has.
COMMON = {"of", "by", "in", "on", "the", "and", "for", "to", "or", "as", "at", "is", "are", "which"}
# How much a word counts by where it stands.
WEIGHTS = (("name", 3), ("title", 3), ("description", 1))


def list_questions(questions: Mapping[str, Question]) -> dict[str, Any]:
    """Return every question by theme, with its title."""
    themes: dict[str, dict[str, str]] = {}
    for question in questions.values():
        themes.setdefault(question.theme, {})[question.name] = question.title
    return {"questions": themes}


def find_questions(questions: Mapping[str, Question], text: str) -> dict[str, Any]:
    """Return the questions that match a text, the best first, with their parameters."""
    words = {word.lower() for word in WORD.findall(text)} - COMMON
    scores = {name: _score(question, words) for name, question in questions.items()}
    best = sorted((name for name in scores if scores[name]), key=lambda name: _rank(scores, name))
    if not best:
        labels = {name: question.title for name, question in questions.items()}
        return {"questions": [], "nearest": nearest(text, labels)}
    described: list[dict[str, Any]] = []
    letters = 0
    for name in best[:FOUND]:
        entry = _described(questions[name])
        letters += len(json.dumps(entry, ensure_ascii=False))
        if described and letters > MOST_LETTERS:
            break
        described.append(entry)
    return {"questions": described, "others": best[len(described) : FOUND]}


def _rank(scores: Mapping[str, int], name: str) -> tuple[int, int, int, str]:
    """Return the sort key of a question: score, then leading its theme, then a short name."""
    lead = LEADING.index(name) if name in LEADING else len(LEADING)
    return -scores[name], lead, len(name), name


def _score(question: Question, words: set[str]) -> int:
    score = 0
    for field, weight in WEIGHTS:
        text = str(getattr(question, field)).lower().replace("_", " ")
        score += weight * sum(word in text for word in words)
    return score


def _described(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "title": question.title,
        "about": first_sentence(question.description),
        "unit": question.unit_words(question.defaults()),
        "parameters": {parameter.name: _allowed(parameter) for parameter in question.parameters},
    }


def _allowed(parameter: Parameter) -> dict[str, Any]:
    description: dict[str, Any] = {"default": parameter.default, "help": parameter.help}
    if parameter.choices is None:
        description["allowed"] = parameter.allowed()
    elif len(parameter.choices) <= LISTED:
        description["allowed"] = parameter.choices
    else:
        some = list(parameter.choices)[:LISTED]
        description["allowed"] = (
            f"one of {len(parameter.choices):,} values, as in {', '.join(some[:5])}"
        )
    return description
