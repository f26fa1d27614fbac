"""A checked figure in sentences that can be printed: ours first, then what becomes of theirs."""

from __future__ import annotations

from census.base import speech
from census.base.numbers import day_words, long_count, month_end, month_words, ordinal
from census.checking.asked import Asked
from census.checking.measured import Measured
from census.checking.verdicts import CLOSE, MATCH, MISMATCH, UNDECIDED, Verdict
from census.findings.milestones import capital, named
from census.rollups.noise import DRAWS

PLURALS = {"country": "countries", "region": "regions", "lab": "labs", "family": "families"}
OF_SCOPE = {
    "frontier": "language and vision-language models",
    "labs": "models of labs, of every kind",
    "hub": "models of registered publishers, of every kind",
}
SOURCE = "Source: Open Model Census, data to {day}."
# A country is that of the makers; the most usual misreading is that of users.
MAKERS = (
    "Downloads are counted by the country of the models' makers. They do not say where the models"
    " are used."
)


def subject_words(asked: Asked) -> str:
    """Return whose models a figure is of, as a sentence begins with it."""
    if asked.dimension in ("country", "region"):
        return f"models from {named(asked.label)}"
    if asked.dimension == "lab":
        return f"models of {asked.label}"
    return f"{asked.label} models" if asked.dimension == "family" else asked.label


def ours_words(asked: Asked, ours: Measured | None) -> str:
    """Return the census's figure as a sentence, empty where it may not be said.

    Of a count that may not be said the least is, where that is more than nothing.
    """
    if ours is None or not speech.may_say_month(ours.month):
        return ""
    share = asked.share
    if asked.measure == "rank":
        if ours.value.low is None or ours.place_p is None:
            return ""
        sure = speech.draws_words(ours.place_p, DRAWS)
        place = ordinal(int(ours.value.middle))
        of = PLURALS[asked.dimension]
        return _sentence(asked, ours, f"were {place} among {of} ({sure}) by all downloads")
    if asked.measure == "models":
        known = f"the census knew {long_count(ours.value.middle)} {subject_words(asked)}"
        return f"{_when(asked, ours)} {known} ({OF_SCOPE[asked.scope]})."
    said = (
        speech.share_words(ours.value, ours.month)
        if share
        else speech.count_words(ours.value, long_count, ours.month)
    )
    if said is None:
        if share or not ours.low:
            return ""
        said = f"at least {long_count(ours.low)}"
    of = {
        "share": "of all downloads",
        "share_monthly": "of the month's downloads",
        "share_recent": "of the downloads of those 30 days",
    }.get(asked.measure, "downloads")
    return _sentence(asked, ours, f"had {said} {of}")


def _sentence(asked: Asked, ours: Measured, predicate: str) -> str:
    scope = "" if asked.dimension == "model" else f" ({OF_SCOPE[asked.scope]})"
    said = f"{subject_words(asked)} {predicate} from the Hugging Face Hub{scope}"
    return f"{_when(asked, ours)} {said}."


def _when(asked: Asked, ours: Measured) -> str:
    """Return the time of our figure: the end of a month, a day, a month, or 30 days."""
    whole = ours.through == month_end(ours.month)
    if asked.measure in ("recent", "share_recent"):
        return f"In the 30 days to {day_words(ours.through)}"
    if asked.measure in ("monthly", "share_monthly"):
        month = month_words(ours.month)
        return f"In {month}" if whole else f"In {month}, to {day_words(ours.through)},"
    if whole:
        return f"By the end of {month_words(ours.month)}"
    return f"By {day_words(ours.through)}"


def verdict_words(asked: Asked, verdict: Verdict) -> str:
    """Return what becomes of the asked figure, as a sentence."""
    said = {
        MATCH: f"The figure {asked.text} agrees with this.",
        CLOSE: f"The figure {asked.text} is close to this.",
        MISMATCH: f"The figure {asked.text} does not agree with this.",
        UNDECIDED: f"Whether {asked.text} is right cannot be told from the census.",
    }
    return f"{said[verdict.word]} {verdict.reason}"


def printable(asked: Asked, ours: Measured | None, verdict: Verdict, through: str) -> str:
    """Return sentences that can be printed, with their source and day."""
    figure = ours_words(asked, ours)
    if not figure:
        return f"{verdict_words(asked, verdict)} {SOURCE.format(day=day_words(through))}"
    said = f"{figure} {verdict_words(asked, verdict)} {SOURCE.format(day=day_words(through))}"
    return capital(said)
