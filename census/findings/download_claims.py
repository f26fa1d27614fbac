"""The rules that decide press claims on downloads, draw by draw and within hard bounds."""

from __future__ import annotations

import sqlite3
from datetime import date

import numpy as np

from census.base.days import day_number, iso
from census.base.numbers import day_words, long_count, month_words
from census.base.speech import FIRST_MONTH_SAID, VERY_LIKELY, draws_words, may_say_month
from census.findings.claim_outcomes import (
    FALSE,
    LIKELY_TRUE,
    NO_DATA,
    PARTLY,
    TRUE,
    UNDECIDED,
    Arguments,
    Outcome,
    amount,
    how_often,
    interval_words,
    outcome_by_chance,
    question_address,
)
from census.findings.milestones import in_sentence, when_words
from census.findings.month_figures import scope_end
from census.rollups.drawn_events import (
    Chance,
    Cut,
    Key,
    chance_ahead,
    chance_passed_in_month,
    drawn_key,
    joint_key,
    read_cut,
    when_passed,
)
from census.rollups.drawn_sums import DrawnSums
from census.rollups.keys import SeriesKey
from census.rollups.noise import DRAWS
from census.rollups.summaries import points_of

# The question with the curve of one key of a dimension.
CURVES = {"country": "country_history", "family": "family_history", "lab": "lab_history"}
# A link shows every key that a verdict may have been decided on, not only the largest.
KEYS_SHOWN = "50"


def series_link(arguments: Arguments, **span: str) -> str:
    """Return the address of the downloads that a verdict was decided on, up to its month."""
    return question_address(
        "cumulative_downloads",
        dimension=arguments["dimension"],
        scope=arguments["scope"],
        top=KEYS_SHOWN,
        **span,
    )


def curve_link(arguments: Arguments) -> str:
    """Return the address of the downloads of the one key of a claim, up to its month."""
    month, dimension = arguments["month"], arguments["dimension"]
    if dimension not in CURVES:
        return series_link(arguments, until=month)
    since = min(FIRST_MONTH_SAID, month)
    scope, key = arguments["scope"], {dimension: arguments["key"]}
    return question_address(CURVES[dimension], **key, scope=scope, since=since, until=month)


def decide_ahead(connection: sqlite3.Connection, sums: DrawnSums, arguments: Arguments) -> Outcome:
    """Decide whether one sum of keys had more cumulative downloads than another by a month."""
    cut = read_cut(connection, sums, arguments["scope"], arguments["dimension"])
    month = arguments["month"]
    link = series_link(arguments, until=month)
    column = cut.column(month)
    if column is None or not may_say_month(month):
        return Outcome(NO_DATA, f"The series do not reach {month_words(month)}.", link)
    first, second = (
        joint_key(connection, sums, cut, arguments[argument].split("+"))
        for argument in ("first", "second")
    )
    if first is None or second is None:
        return Outcome(NO_DATA, "One of the two has no downloads in the census.", link)
    evidence = (
        f"By the end of {month_words(month)}: {in_sentence(first.label)} {amount(first, column)},"
        f" {in_sentence(second.label)} {amount(second, column)} downloads."
    )
    return outcome_by_chance(
        chance_ahead(first, second, column), evidence, link, is_hard(first, second, column)
    )


def decide_passed(connection: sqlite3.Connection, sums: DrawnSums, arguments: Arguments) -> Outcome:
    """Decide whether one key passed another in a month, whether it stayed ahead or not."""
    cut = read_cut(connection, sums, arguments["scope"], arguments["dimension"])
    first, second = (cut.find_key(arguments[argument]) for argument in ("first", "second"))
    link = question_address(
        "milestones_in_order",
        dimension=arguments["dimension"],
        scope=arguments["scope"],
        kind="crossing",
    )
    if first is None or second is None:
        return Outcome(NO_DATA, "One of the two has no downloads in the census.", link)
    names = f"{in_sentence(first.label)} passed {in_sentence(second.label)}"
    when = when_passed(cut, first, second)
    last = day_words(iso(int(cut.days[-1])))
    if when is None:
        evidence = f"Among the counted models the draws do not show that {names} by {last}."
    else:
        span = f"the 90% interval begins on {day_words(iso(when.earliest))}"
        draws_sentence = draws_words(when.p, DRAWS)
        evidence = (
            f"Among the counted models {names} {when_words(when)} ({draws_sentence}; {span})."
        )
        if not when.known_before:
            evidence = (
                f"Among the counted models {in_sentence(first.label)} was ahead of"
                f" {in_sentence(second.label)} {when_words(when)}, since when is open."
            )
    if not may_say_month(arguments["month"]):
        return Outcome(UNDECIDED, f"{evidence} Of earlier months nothing is said.", link)
    after = cut.column(arguments["month"])
    if not after:
        reason = f"{evidence} The series do not reach {month_words(arguments['month'])}."
        return Outcome(NO_DATA, reason, link)
    chance = chance_passed_in_month(cut, first, second, arguments["month"])
    hard = is_hard(first, second, after - 1) or is_hard(first, second, after)
    return outcome_by_chance(chance, evidence, link, hard and chance == (0.0, 0.0))


def decide_led(connection: sqlite3.Connection, sums: DrawnSums, arguments: Arguments) -> Outcome:
    """Decide whether a key had more cumulative downloads than any other in a span of months.

    Nothing is stated of months before `FIRST_MONTH_SAID`, so a claim on a span with such a month
    stays undecided. `note` says what the downloads leave out.
    """
    cut = read_cut(connection, sums, arguments["scope"], arguments["dimension"])
    link = series_link(arguments, since=arguments["since"], until=arguments["until"])
    claimed = cut.find_key(arguments["key"])
    columns = {
        month: column
        for column, month in enumerate(iso(int(day))[:7] for day in cut.days)
        if arguments["since"] <= month <= arguments["until"]
    }
    if claimed is None or not columns:
        return Outcome(NO_DATA, "There are no downloads of it in those months.", link)
    quotable_months = {month: column for month, column in columns.items() if may_say_month(month)}
    if not quotable_months:
        reason = f"Of months before {month_words(FIRST_MONTH_SAID)} nothing is said."
        return Outcome(UNDECIDED, f"{reason} {arguments['note']}.", link)
    chance = chance_of_leading(cut, claimed, list(quotable_months.values()))
    first, last = min(quotable_months), max(quotable_months)
    names = month_words(first) if first == last else f"{month_words(first)} to {month_words(last)}"
    evidence = (
        f"The claim is taken as: of all, {in_sentence(claimed.label)} had the most cumulative"
        f" downloads from {names}. By the end of {month_words(last)} it had"
        f" {amount(claimed, quotable_months[last])}. {arguments['note']}."
    )
    if len(quotable_months) == len(columns):
        return outcome_by_chance(chance, evidence, link)
    evidence += f" Of months before {month_words(FIRST_MONTH_SAID)} nothing is said."
    if chance is None:
        return outcome_by_chance(None, evidence, link)
    evidence += f" In the later ones it holds {how_often(chance.least)}."
    return Outcome(UNDECIDED, evidence, link, chance.least)


def chance_of_leading(cut: Cut, claimed: Key, columns: list[int]) -> Chance | None:
    """Return how probably a key leads in all of some columns, as one event tested in each draw."""
    if not claimed.certain[columns].all():
        return None
    holds, may_hold = (np.ones(len(claimed.draws), dtype=bool) for _ in range(2))
    for other in cut.keys:
        if other.key != claimed.key:
            lead = claimed.draws[:, columns] - other.draws[:, columns]
            holds &= np.all(lead > other.missing, axis=1)
            may_hold &= np.all(lead + claimed.missing > 0, axis=1)
    return Chance(round(float(holds.mean()), 2), round(float(may_hold.mean()), 2))


def decide_reached(
    connection: sqlite3.Connection, sums: DrawnSums, arguments: Arguments
) -> Outcome:
    """Decide whether a key had at least so many cumulative downloads by a month.

    Others count more models than the census has, so a smaller number in the census does not make
    the claim false.
    """
    cut = read_cut(connection, sums, arguments["scope"], arguments["dimension"])
    month, number = arguments["month"], int(arguments["number"])
    link = curve_link(arguments)
    claimed, column = cut.find_key(arguments["key"]), cut.column(month)
    if claimed is None or column is None or not may_say_month(month):
        return Outcome(NO_DATA, f"The series say nothing of it by {month_words(month)}.", link)
    evidence = (
        f"By the end of {month_words(month)} the models of the census have"
        f" {amount(claimed, column)} downloads for {claimed.label}, of {long_count(number)} that"
        " are claimed."
    )
    if claimed.low[column] >= number:
        return Outcome(TRUE, evidence, link, 1.0)
    p = (
        float(np.round(np.mean(claimed.draws[:, column] >= number), 2))
        if claimed.certain[column]
        else None
    )
    if p is not None and p >= VERY_LIKELY:
        return Outcome(LIKELY_TRUE, f"{evidence} It holds {how_often(p)}.", link, p)
    return Outcome(UNDECIDED, f"{evidence} Others, which it does not observe, may count.", link, p)


def decide_modalities(
    connection: sqlite3.Connection, sums: DrawnSums, arguments: Arguments
) -> Outcome:
    """Decide whether a lab has the most downloads within each modality of a scope.

    Modalities follow the tasks of the Hub. `open` names what the data do not tell apart, which
    leaves the claim partly open at best.
    """
    query = """
        select m.modality, m.lab, l.name, m.id, m.at_least
        from models as m
        inner join labs as l on l.id = m.lab
        where m.in_frontier = 1 and m.modality is not null
        order by m.modality, m.lab
    """
    last_day = scope_end(connection, "frontier")
    cut = read_cut(connection, sums, "frontier", "modality")
    labs: dict[str, dict[str, list[int]]] = {}
    names: dict[str, str] = {}
    least: dict[int, int] = {}
    for modality, lab, name, model, at_least in connection.execute(query):
        labs.setdefault(modality, {}).setdefault(lab, []).append(model)
        names[lab] = name
        least[model] = at_least or 0
    link = question_address("top_models", scope="frontier")
    column = len(cut.days) - 1
    statements, leading, undecided = [], 0, 0
    for modality, models_by_lab in labs.items():
        keys = [
            drawn_key(sums, least, SeriesKey(lab, names[lab], tuple(models)), [sums_column])
            for lab, models in models_by_lab.items()
            if sums.counted(models)
            for sums_column in [sums.columns(int(cut.days[column]))[-1]]
        ]
        if not keys:
            continue
        first = max(keys, key=lambda key: float(np.median(key.draws)))
        chance = _chance_of_leading_all(first, keys)
        if chance is None or chance.least < VERY_LIKELY:
            undecided += first.key == arguments["lab"] or chance is None
            statements.append(f"{modality}: who comes first cannot be told")
            continue
        leading += first.key == arguments["lab"]
        statements.append(f"{modality}: {first.label}, {amount(first, 0)}")
    evidence = (
        f"Most downloads up to {day_words(str(last_day))} by task on the Hub:"
        f" {'; '.join(statements)}."
        " A model that takes pictures and answers in text is vision-language; any-to-any are those"
        f" few that also give out pictures or sound. Not told apart: {arguments['open']}."
        " Downloads do not say what a model is chosen for."
    )
    if not statements:
        return Outcome(NO_DATA, "No model of the scope has a modality.", link)
    if undecided:
        return Outcome(UNDECIDED, evidence, link)
    return Outcome(PARTLY if leading else FALSE, evidence, link)


def _chance_of_leading_all(first: Key, keys: list[Key]) -> Chance | None:
    if not first.certain[0]:
        return None
    is_ahead = np.ones(len(first.draws), dtype=bool)
    for key in keys:
        if key is not first:
            is_ahead &= first.draws[:, 0] > key.draws[:, 0] + key.missing
    part = round(float(is_ahead.mean()), 2)
    return Chance(part, part)


def decide_unpassed(
    connection: sqlite3.Connection, sums: DrawnSums, arguments: Arguments
) -> Outcome:
    """Decide whether no family of some regions has more cumulative downloads than one family."""
    cut = read_cut(connection, sums, "frontier", "family")
    link = series_link({"dimension": "family", "scope": "frontier"})
    claimed, column = cut.find_key(arguments["family"]), len(cut.days) - 1
    if claimed is None:
        return Outcome(NO_DATA, "There are no downloads of the family.", link)
    regions = arguments["regions"].split("+")
    families_of_regions = families_of(connection, regions)
    rivals = [key for key in cut.keys if key.key in families_of_regions and key.key != claimed.key]
    day = day_words(iso(int(cut.days[column])))
    largest = "; ".join(f"{key.label} {amount(key, column)}" for key in rivals[:3]) or "none"
    evidence = (
        f"All downloads up to {day}: {claimed.label} {amount(claimed, column)}; the largest others"
        f" of {' and '.join(regions)}: {largest}."
    )
    if not claimed.certain[column]:
        return outcome_by_chance(None, evidence, link)
    holds = np.ones(len(claimed.draws), dtype=bool)
    for key in rivals:
        holds &= claimed.draws[:, column] >= key.draws[:, column] + key.missing
    part = round(float(holds.mean()), 2)
    unpassed = all(claimed.low[column] >= key.high[column] + key.missing for key in rivals)
    passed_by = any(key.low[column] > claimed.high[column] + claimed.missing for key in rivals)
    return outcome_by_chance(Chance(part, part), evidence, link, unpassed or passed_by)


def families_of(connection: sqlite3.Connection, regions: list[str]) -> set[str]:
    query = "select f.id, l.region from families as f inner join labs as l on l.id = f.lab"
    return {family for family, region in connection.execute(query) if region in regions}


def decide_rank(connection: sqlite3.Connection, sums: DrawnSums, arguments: Arguments) -> Outcome:
    """Say where models stand among the counted ones of their size, which does not measure quality.

    A place is said only where 95 % of the draws have it.
    """
    query = """
        select m.id, m.name, m.size_bucket
        from models as m
        where m.in_frontier = 1 and m.size_bucket is not null
    """
    models = connection.execute(query).fetchall()
    last_day = str(scope_end(connection, "frontier"))
    day = day_number(date.fromisoformat(last_day))
    statements = []
    names = arguments["models"].split(",")
    for name in names:
        row = next((row for row in models if row[1] == name), None)
        if row is None or not sums.counted([row[0]]):
            statements.append(f"{name} has no cumulative count")
            continue
        model_draws = sums.on([row[0]], day)
        models_of_size = [
            other[0] for other in models if other[2] == row[2] and sums.counted([other[0]])
        ]
        above = sum(
            (sums.on([other], day) > model_draws).astype(int)
            for other in models_of_size
            if other != row[0]
        )
        count = points_of(model_draws[:, None])
        span = interval_words(float(count.low[0]), float(count.high[0]))
        place, draws = np.unique(above, return_counts=True)
        place_sentence = "its place cannot be told"
        if draws.max() >= VERY_LIKELY * len(model_draws):
            place_sentence = f"place {int(place[draws.argmax()]) + 1}"
        statements.append(
            f"{name}: {span} downloads up to {day_words(str(last_day))}, {place_sentence} of"
            f" {len(models_of_size)} counted models of {row[2]}"
        )
    evidence = f"{'; '.join(statements)}. Downloads say nothing of quality or of what is to come."
    return Outcome(UNDECIDED, evidence, question_address("model_curve", model=names[0]))


def is_hard(first: Key, second: Key, column: int) -> bool:
    """Return whether hard bounds alone say which of two is ahead."""
    return bool(
        first.low[column] > second.high[column] + second.missing
        or first.high[column] + first.missing <= second.low[column]
    )
