"""The number of the day: the leading country's share of all downloads, and what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from census.base import speech
from census.base.numbers import day_words
from census.charts.figures import Context
from census.pages.citations import LICENCE
from census.pages.quotes import key_columns, link, quote_of, reason_not_to_quote
from census.pages.sentences import Row, lower_first, place, share_words
from census.questions.question_files import Question

QUESTION = "ranking_by_country"
# Codes that are not countries: of unverified labs, and of labs that name no single base.
NO_PLACE = (None, "XX")


class NumberOfDay(NamedTuple):
    """A share in percent with its interval, the day that it is of, a sentence and a link.

    `value` and the interval are None where the rules of speech allow no number.
    """

    value: float | None
    low: float | None
    high: float | None
    interval: str
    unit: str
    country: str
    country_name: str
    day: str
    sentence: str
    said: str
    link: str


def number_of_day(
    question: Question, ranking: Sequence[Row], context: Context, digest: str
) -> NumberOfDay | None:
    """Return the number of the day from the rows of the ranking, None where it has no country.

    `question` is the ranking's, asked with its defaults; `digest` is the database's hash.
    """
    row = next((row for row in ranking if row["country"] not in NO_PLACE), None)
    if row is None:
        return None
    values = question.defaults()
    day = str(row["through"])
    value = speech.value_of(row, "share_pct", "low_pct", "high_pct")
    share_said = share_words(row)
    scope = lower_first(question.parameter("scope").label_of(values["scope"]))
    of_all_downloads = f"of all downloads of {scope} from the Hugging Face Hub"
    if value is None or share_said is None or reason_not_to_quote(question, row):
        sentence = (
            f"Up to {day_words(day)}, too little was counted to say in one number whose {scope} the"
            " world downloads."
        )
        return NumberOfDay(
            None, None, None, "", "percent", row["country"], row["country_name"], day, sentence,
            "", f"/census/{question.name}",
        )  # fmt: skip
    subject = f"models by labs from {place(row)}"
    sentence = f"Up to {day_words(day)}, {subject} had {share_said} {of_all_downloads}."
    keys = key_columns(question, ranking)
    quote = quote_of(row, keys, "share_pct", context.last_day(values), digest)
    return NumberOfDay(
        value=value.middle,
        low=value.low,
        high=value.high,
        interval="counted" if value.exact else "90%",
        unit="percent",
        country=row["country"],
        country_name=row["country_name"],
        day=day,
        sentence=sentence,
        said=speech.percent_words(value)[0],
        link=link(question, values, quote),
    )


def as_json(number: NumberOfDay, base: str, frame: str) -> dict[str, Any]:
    """Return the number for programs, with absolute addresses under `base`; `frame` embeds it."""
    return {
        "ok": True,
        **number._asdict(),
        "link": f"{base}{number.link}",
        "embed": frame,
        "licence": LICENCE,
    }
