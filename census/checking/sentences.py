"""A checked figure in sentences that can be printed: ours first, then the verdict on theirs."""

from __future__ import annotations

from census.base import speech
from census.base.numbers import day_words, long_count, month_end, month_words, ordinal
from census.checking.census_figure import CensusFigure
from census.checking.figure_to_check import FigureToCheck
from census.checking.verdicts import CLOSE, MATCH, MISMATCH, UNDECIDED, Verdict
from census.findings.milestones import capital, in_sentence
from census.rollups.noise import DRAWS

PLURALS = {"country": "countries", "region": "regions", "lab": "labs", "family": "families"}
OF_SCOPE = {
    "frontier": "language and vision-language models",
    "labs": "models of labs, of every kind",
    "hub": "models of registered publishers, of every kind",
}
SOURCE = "Source: Open Model Census, data to {day}."
# Readers most often take a country for that of the users; it is that of the makers.
MAKERS = (
    "Downloads are counted by the country of the models' makers. They do not say where the models"
    " are used."
)


def subject_words(figure: FigureToCheck) -> str:
    """Return whose models a figure is of, as a sentence begins with it."""
    if figure.dimension in ("country", "region"):
        return f"models from {in_sentence(figure.label)}"
    if figure.dimension == "lab":
        return f"models of {figure.label}"
    return f"{figure.label} models" if figure.dimension == "family" else figure.label


def census_words(figure: FigureToCheck, ours: CensusFigure | None) -> str:
    """Return the census's figure as a sentence, empty where it may not be said.

    Of a count that may not be said, the hard lower bound is given unless it is 0.
    """
    if ours is None or not speech.may_say_month(ours.month):
        return ""
    share = figure.share
    if figure.measure == "rank":
        if ours.value.low is None or ours.place_p is None:
            return ""
        certainty = speech.draws_words(ours.place_p, DRAWS)
        place = ordinal(int(ours.value.middle))
        unit_words = PLURALS[figure.dimension]
        return _sentence(
            figure, ours, f"were {place} among {unit_words} ({certainty}) by all downloads"
        )
    if figure.measure == "models":
        model_words = f"the census knew {long_count(ours.value.middle)} {subject_words(figure)}"
        return f"{_when(figure, ours)} {model_words} ({OF_SCOPE[figure.scope]})."
    amount = (
        speech.share_words(ours.value, ours.month)
        if share
        else speech.count_words(ours.value, long_count, ours.month)
    )
    if amount is None:
        if share or not ours.low:
            return ""
        amount = f"at least {long_count(ours.low)}"
    unit_words = {
        "share": "of all downloads",
        "share_monthly": "of the month's downloads",
        "share_recent": "of the downloads of those 30 days",
    }.get(figure.measure, "downloads")
    return _sentence(figure, ours, f"had {amount} {unit_words}")


def _sentence(figure: FigureToCheck, ours: CensusFigure, predicate: str) -> str:
    scope = "" if figure.dimension == "model" else f" ({OF_SCOPE[figure.scope]})"
    statement = f"{subject_words(figure)} {predicate} from the Hugging Face Hub{scope}"
    return f"{_when(figure, ours)} {statement}."


def _when(figure: FigureToCheck, ours: CensusFigure) -> str:
    """Return the time of our figure: the end of a month, a day, a month, or 30 days."""
    is_whole_month = ours.through == month_end(ours.month)
    if figure.measure in ("recent", "share_recent"):
        return f"In the 30 days to {day_words(ours.through)}"
    if figure.measure in ("monthly", "share_monthly"):
        month = month_words(ours.month)
        return f"In {month}" if is_whole_month else f"In {month}, to {day_words(ours.through)},"
    if is_whole_month:
        return f"By the end of {month_words(ours.month)}"
    return f"By {day_words(ours.through)}"


def verdict_words(figure: FigureToCheck, verdict: Verdict) -> str:
    """Return the verdict on a figure as a sentence."""
    sentences = {
        MATCH: f"The figure {figure.text} agrees with this.",
        CLOSE: f"The figure {figure.text} is close to this.",
        MISMATCH: f"The figure {figure.text} does not agree with this.",
        UNDECIDED: f"Whether {figure.text} is right cannot be told from the census.",
    }
    return f"{sentences[verdict.word]} {verdict.reason}"


def printable(
    figure: FigureToCheck, ours: CensusFigure | None, verdict: Verdict, through: str
) -> str:
    """Return sentences that can be printed, with their source and day."""
    ours_sentence = census_words(figure, ours)
    if not ours_sentence:
        return f"{verdict_words(figure, verdict)} {SOURCE.format(day=day_words(through))}"
    sentences = (
        f"{ours_sentence} {verdict_words(figure, verdict)} {SOURCE.format(day=day_words(through))}"
    )
    return capital(sentences)
