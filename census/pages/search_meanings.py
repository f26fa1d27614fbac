"""What a reader means by a search: synonyms, misspellings, comparisons such as `a versus b`."""

from __future__ import annotations

import difflib
import math
import re
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from census.questions.question_files import Question

WORD = re.compile(r"[^\W_]+", re.UNICODE)
VERSUS = re.compile(r"\s+(?:vs\.?|versus|against|or|compared (?:to|with))\s+", re.IGNORECASE)
# Words that readers use, and what the census calls it.
SAME = {
    "license": "licence",
    "licenses": "licence",
    "licensing": "licence",
    "licences": "licence",
    "organisation": "lab",
    "organization": "lab",
    "company": "lab",
    "companies": "lab",
    "labs": "lab",
    "nation": "country",
    "nations": "country",
    "countries": "country",
    "finetune": "derivative",
    "finetunes": "derivative",
    "derivatives": "derivative",
    "trend": "month",
    "growth": "growing",
    "popular": "downloads",
    "popularity": "downloads",
    "usage": "downloads",
}
# Other names of countries, in small letters.
COUNTRIES = {
    "usa": "US",
    "us": "US",
    "u.s.": "US",
    "america": "US",
    "american": "US",
    "uk": "GB",
    "britain": "GB",
    "british": "GB",
    "england": "GB",
    "chinese": "CN",
    "prc": "CN",
    "french": "FR",
    "german": "DE",
    "korea": "KR",
    "korean": "KR",
    "japanese": "JP",
    "uae": "AE",
    "emirates": "AE",
    "swiss": "CH",
    "israeli": "IL",
    "indian": "IN",
    "canadian": "CA",
    "russian": "RU",
}
# Pages and prepared questions, by the words that lead to them: all words of one entry must be said.
PAGES: tuple[tuple[tuple[str, ...], str, str, str], ...] = (
    (("api",), "The HTTP interface", "/api", "Every figure for programs"),
    (("feed",), "Feeds", "/downloads", "What is new, as Atom and JSON feeds"),
    (("rss",), "Feeds", "/downloads", "What is new, as Atom and JSON feeds"),
    (("alert",), "Feeds", "/downloads", "What is new, as Atom and JSON feeds"),
    (("download",), "Downloads", "/downloads", "The whole census as files"),
    (("csv",), "Downloads", "/downloads", "The whole census as files"),
    (("parquet",), "Downloads", "/downloads", "The whole census as files"),
    (("method",), "How the census counts", "/methodology", "Rules, estimate and limits"),
    (("uncertainty",), "How the census counts", "/methodology", "Intervals and bounds"),
    (("correct",), "Correct a country", "/about", "How to correct what is wrong"),
    (("compare",), "Side by side", "/compare", "Labs, families, countries or models"),
    *(
        ((word,), "Other channels", "/channels", "ModelScope, Ollama and OpenRouter")
        for word in ("channel", "ollama", "openrouter", "modelscope", "token", "pull")
    ),
    (("sql",), "Tables", "/census", "The database, with SQL"),
    (("share",), "Shares of countries over time", "/census/share_by_country",
     "Of all downloads"),
    (("ranking",), "Countries ranked", "/census/ranking_by_country", "By downloads"),
    (("status",), "Status", "/status", "How old the data are"),
    (("quality",), "Data quality", "/quality", "What was observed, and what was set aside"),
    (("small", "model"), "Sizes of models over time",
     "/census/share_of_downloads?dimension=size_bucket", "From under 1B parameters up"),
    (("size",), "Sizes of models over time",
     "/census/share_of_downloads?dimension=size_bucket", "From under 1B parameters up"),
    *(
        ((word,), f"{name} models, most downloaded", f"/census/top_models?task={task}",
         "By all-time downloads")
        for word, name, task in (
            ("image", "Image-making", "image"), ("picture", "Image-making", "image"),
            ("diffusion", "Image-making", "image"), ("embedding", "Embedding", "embedding"),
            ("embedder", "Embedding", "embedding"), ("speech", "Speech and audio", "speech"),
            ("audio", "Speech and audio", "speech"), ("voice", "Speech and audio", "speech"),
            ("video", "Video-making", "video"), ("vision", "Vision-language", "vision-language"),
            ("multimodal", "Vision-language", "vision-language"),
            ("language", "Language", "language"),
        )
    ),
    (("licence",), "Licences by country", "/census/licences_by_country", "What may be used"),
    (("open", "source"), "Openness by country", "/census/openness_by_country",
     "What licences allow"),
)  # fmt: skip
NAMES = """
select name from models
union all
select name from labs
union all
select name from families
union all
select name from countries
"""
# How alike two words must be for one to be a slip of the other, 0 to 1.
ALIKE = 0.75
# And so many times commoner, if the other is there at all.
COMMONER = 10
# Being ten times commoner weighs as much as so much more of likeness: `quen` is Qwen, not a queen.
TENFOLD = 0.1
SHORTEST = 4


class Vocabulary(NamedTuple):
    """The words of all names and titles by their first letter, and how often each is there."""

    words: Mapping[str, Mapping[str, int]]

    def weight(self, word: str) -> int:
        """Return how often a word occurs, or one that begins with it."""
        words_by_start = self.words.get(word[:1], {})
        return sum(
            number for known_word, number in words_by_start.items() if known_word.startswith(word)
        )

    def nearest(self, word: str) -> str | None:
        """Return the word that was meant by one that is not there, or hardly ever.

        None without one near that is there far more often.
        """
        least = COMMONER * self.weight(word)
        if len(word) < SHORTEST:
            return None
        near: list[tuple[float, str]] = []
        for first in {word[0], word[1]}:
            for known_word, number in self.words.get(first, {}).items():
                if number > least and abs(len(known_word) - len(word)) <= 2:
                    matcher = difflib.SequenceMatcher(None, word, known_word)
                    if matcher.quick_ratio() >= ALIKE and (likeness := matcher.ratio()) >= ALIKE:
                        near.append((likeness + TENFOLD * math.log10(number), known_word))
        return max(near)[1] if near else None


def read_vocabulary(db: sqlite3.Connection, questions: Mapping[str, Question]) -> Vocabulary:
    """Return the words of names of models, labs, families and countries, and of titles."""
    texts = [str(row[0]) for row in db.execute(NAMES)]
    texts += [
        f"{question.title} {question.theme} {question.name.replace('_', ' ')}"
        for question in questions.values()
    ]
    by_letter: dict[str, dict[str, int]] = {}
    for text in texts:
        for word in WORD.findall(text.casefold()):
            if len(word) >= SHORTEST and not word.isdigit():
                of_letter = by_letter.setdefault(word[0], {})
                of_letter[word] = of_letter.get(word, 0) + 1
    return Vocabulary(by_letter)


def corrected(text: str, vocabulary: Vocabulary) -> str | None:
    """Return a text with misspellings corrected, None where there are none."""
    corrected_text = text
    for word in dict.fromkeys(WORD.findall(text)):
        near = vocabulary.nearest(word.casefold())
        if near is not None:
            corrected_text = re.sub(rf"\b{re.escape(word)}\b", near, corrected_text)
    return corrected_text if corrected_text != text else None


def same_words(words: Sequence[str]) -> list[str]:
    """Return words in the census's spelling: `license` becomes `licence`."""
    return [SAME.get(word.casefold(), word) for word in words]


def meant_country(text: str) -> str | None:
    """Return the code of a country by another name of it that a text is, or has as a word.

    None for other texts; `us` among other words is not a country.
    """
    small = text.strip().casefold()
    if small in COUNTRIES:
        return COUNTRIES[small]
    codes = [COUNTRIES[word] for word in WORD.findall(small) if word != "us" and word in COUNTRIES]
    return codes[0] if codes else None


def meant_pages(words: Collection[str]) -> list[tuple[str, str, str]]:
    """Return name, address and a few words of the pages that a search means, each once."""
    small = [word.casefold() for word in same_words([*words])]
    forms = {*small, *(word.removesuffix("s") for word in small)}
    pages: dict[str, tuple[str, str, str]] = {}
    for page_words, name, path, about in PAGES:
        if all(any(form == word or (len(form) > 3 and word.startswith(form)) for form in forms)
               for word in page_words):  # fmt: skip
            pages.setdefault(path, (name, path, about))
    return list(pages.values())


def versus(text: str) -> list[str]:
    """Return the two or more names that a text compares, nothing for other texts."""
    parts = [part.strip() for part in VERSUS.split(text.strip())]
    return parts if len(parts) > 1 and all(parts) else []
