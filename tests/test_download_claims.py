"""Press claims on downloads, decided on stated draws: ties, hard bounds, and what is unknown."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import pytest
from made_sums import Stated, stated

from census.findings.claim_outcomes import Outcome
from census.findings.claim_rules import RULES
from census.findings.claims import parse_arguments
from census.rollups.drawn_sums import DrawnSums

Made = tuple[sqlite3.Connection, DrawnSums]


def decide(made: Made, kind: str, arguments: str) -> Outcome:
    return RULES[kind].decide(*made, parse_arguments(arguments))


def always(*values: float) -> Sequence[tuple[int, Sequence[float]]]:
    return [(200, values)]


PASSED = "scope=frontier; dimension=country; first=CN; second=US; month={}"
LED = "scope=frontier; dimension=country; key={}; since={}; until={}; note=More is"
US = Stated("Blue/One", always(50, 50, 50, 50))


AHEAD_SINCE_JANUARY = (15, 65, 66, 67)


@pytest.mark.parametrize(
    ("draws", "low", "high", "month", "verdict"),
    [
        # Who was ahead for sure at the end of January did not pass in February.
        (AHEAD_SINCE_JANUARY, [10, 60, 40, 40], [20, 70, 70, 70], "2026-02", "false"),
        # Nor who was behind for sure at its end.
        ((10, 20, 40, 40), [10, 20, 40, 40], [90, 90, 50, 70], "2026-02", "false"),
        # Where bounds leave it open draws decide: in all it passed in January.
        (AHEAD_SINCE_JANUARY, [10, 20, 40, 40], [90] * 4, "2026-02", "very likely false"),
        (AHEAD_SINCE_JANUARY, [10, 20, 40, 40], [40, 90, 90, 90], "2026-01", "very likely true"),
        # One end that is sure makes the other one no surer.
        (AHEAD_SINCE_JANUARY, [10, 60, 40, 40], [40, 90, 90, 90], "2026-01", "very likely true"),
    ],
)
def test_bounds_decide_whether_somebody_passed_only_where_they_leave_nothing_open(
    draws: Sequence[float], low: list[float], high: list[float], month: str, verdict: str
) -> None:
    made = stated(Stated("Red/One", always(*draws), low, high), US)
    assert decide(made, "passed", PASSED.format(month)).verdict == verdict


def test_what_no_draws_show_is_said_of_the_whole_series() -> None:
    made = stated(Stated("Red/One", always(1, 2, 3, 4)), US)
    said = decide(made, "passed", PASSED.format("2026-03")).evidence
    assert "do not show that China passed the United States by 31 March 2026" in said


def test_the_last_month_of_a_claim_counts() -> None:
    made = stated(Stated("Red/One", always(60, 60, 60, 40)), US)
    assert decide(made, "led", LED.format("CN", "2025-12", "2026-02")).verdict == "very likely true"
    assert (
        decide(made, "led", LED.format("CN", "2026-03", "2026-03")).verdict == "very likely false"
    )
    outcome = decide(made, "led", LED.format("CN", "2025-12", "2026-03"))
    assert (outcome.verdict, outcome.p) == ("very likely false", 0.0)
    assert "from December 2025 to March 2026" in outcome.evidence


EARLY = ("2024-07-31", "2024-08-31", "2024-09-30", "2024-10-31")


@pytest.mark.parametrize(
    ("windowed", "words", "p"),
    [
        (True, "In the later ones it holds in 200 of 200 draws.", 1.0),
        (False, "Too little is counted to estimate it.", None),
    ],
)
def test_of_the_months_before_september_2024_nothing_is_said(
    windowed: bool, words: str, p: float | None
) -> None:
    open_ = Stated("Red/One", always(60, 60, 60, 60), [0] * 4, [90] * 4, windowed=windowed)
    made = stated(open_, US, ends=EARLY)
    outcome = decide(made, "led", LED.format("CN", "2024-07", "2024-10"))
    assert (outcome.verdict, outcome.p) == ("cannot be decided", p)
    assert "Of months before September 2024 nothing is said." in outcome.evidence
    assert words in outcome.evidence
    alone = decide(made, "led", LED.format("CN", "2024-07", "2024-08"))
    assert (alone.verdict, alone.p) == ("cannot be decided", None)


@pytest.mark.parametrize(("ahead", "verdict"), [(190, "very likely true"), (189, "cannot be")])
def test_what_holds_in_95_of_100_draws_is_very_likely(ahead: int, verdict: str) -> None:
    draws = [(ahead, [60.0] * 4), (200 - ahead, [40.0] * 4)]
    made = stated(Stated("Red/One", draws), US)
    outcome = decide(made, "led", LED.format("CN", "2026-03", "2026-03"))
    assert outcome.verdict.startswith(verdict)
    reached = "scope=frontier; dimension=country; key=CN; month=2026-03; number=60"
    assert decide(made, "reached", reached).verdict.startswith(verdict)
    rank = decide(made, "rank", "models=Red/One").evidence
    assert ("place 1 of 2" in rank) == (ahead == 190)
    assert ("its place cannot be told" in rank) == (ahead == 189)


def test_a_probability_has_two_places() -> None:
    made = stated(Stated("Red/One", [(61, [60.0] * 4), (139, [40.0] * 4)]), US)
    assert decide(made, "led", LED.format("CN", "2026-03", "2026-03")).p in (0.3, 0.31)


def test_what_has_been_reached_for_sure_is_true() -> None:
    made = stated(Stated("Red/One", always(1, 2, 3, 4), [1, 2, 3, 4], [9, 9, 9, 9]))
    reached = "scope=frontier; dimension=country; key=CN; month=2026-03; number={}"
    outcome = decide(made, "reached", reached.format(4))
    assert (outcome.verdict, outcome.p) == ("true", 1.0)
    # Others may have counted more.
    outcome = decide(made, "reached", reached.format(5))
    assert (outcome.verdict, outcome.p) == ("cannot be decided", 0.0)


MODALITIES = "lab=red; open=speed"


def test_modalities_are_those_of_counted_models_of_the_scope() -> None:
    made = stated(
        Stated("Red/One", always(1, 2, 3, 90)),
        Stated("Red/Other", always(1, 2, 3, 90), modality=None),
        Stated("Red/Embed", always(1, 2, 3, 90), modality="embedding", scope="labs"),
        Stated("Blue/Seen", always(1, 2, 3, 80), modality="vision"),
        Stated("Rose/Heard", modality="audio", at_least=5),
    )
    outcome = decide(made, "modalities", MODALITIES)
    assert outcome.verdict == "partly true"
    assert "by task on the Hub: text: Red Lab, 90; vision: Blue Lab, 80." in outcome.evidence


@pytest.mark.parametrize(
    ("others", "verdict", "words"),
    [
        ([Stated("Blue/One", always(1, 2, 3, 80))], "partly true", "text: Red Lab, 90"),
        # Level is not ahead.
        ([Stated("Blue/One", always(1, 2, 3, 90))], "", "text: who comes first cannot be told"),
        # What the other must have beside its counts closes the gap.
        (
            [Stated("Blue/One", always(1, 2, 3, 80)), Stated("Blue/Two", at_least=10)],
            "cannot be decided",
            "text: who comes first cannot be told",
        ),
        (
            [Stated("Blue/One", always(1, 2, 3, 80)), Stated("Blue/Two", at_least=9)],
            "partly true",
            "text: Red Lab, 90",
        ),
        ([Stated("Blue/One", always(1, 2, 3, 99))], "false", "text: Blue Lab, 99"),
        # Whoever else cannot be told leaves a claim about Red false.
        (
            [Stated("Blue/One", [(180, [1, 2, 3, 99]), (20, [1, 2, 3, 4])])],
            "false",
            "text: who comes first cannot be told",
        ),
        # But where its downloads may not be said nobody knows that it is not Red.
        (
            [Stated("Blue/One", always(1, 2, 3, 99), [0] * 4, [100] * 4, windowed=False)],
            "cannot be decided",
            "text: who comes first cannot be told",
        ),
    ],
)
def test_a_lab_leads_a_modality_where_it_is_ahead_in_most_draws(
    others: list[Stated], verdict: str, words: str
) -> None:
    made = stated(Stated("Red/One", always(1, 2, 3, 90)), *others)
    outcome = decide(made, "modalities", MODALITIES)
    assert words in outcome.evidence
    assert not verdict or outcome.verdict == verdict


FAMILIES = [(f"b{number}", f"B {number}", "blue") for number in range(1, 5)]
UNPASSED = "family=red-one; regions=United States"


def rivals(*most: float) -> list[Stated]:
    return [
        Stated(f"Blue/{number}", always(0, 0, 0, count), family=f"b{number}")
        for number, count in enumerate(most, start=1)
    ]


@pytest.mark.parametrize(
    ("others", "verdict", "p"),
    [
        (rivals(90, 80, 70, 60), "true", 1.0),
        (rivals(91), "false", 0.0),
        # Hard bounds that overlap decide nothing; draws may.
        ([rivals(80)[0]._replace(high=[0, 0, 0, 91])], "very likely true", 1.0),
        ([rivals(99)[0]._replace(low=[0, 0, 0, 90])], "very likely false", 0.0),
        # What a rival's models without a count have at the least is its own.
        ([*rivals(80), Stated("Blue/U", at_least=10, family="b1")], "true", 1.0),
        ([*rivals(80), Stated("Blue/U", at_least=11, family="b1")], "very likely false", 0.0),
        # And what the family's own have keeps it from being passed for sure.
        ([*rivals(99), Stated("Red/U", at_least=9, family="red-one")], "very likely false", 0.0),
        ([*rivals(99), Stated("Red/U", at_least=8, family="red-one")], "false", 0.0),
    ],
)
def test_a_family_is_unpassed_where_none_has_more(
    others: list[Stated], verdict: str, p: float
) -> None:
    made = stated(Stated("Red/One", always(0, 0, 0, 90), family="red-one"), *others,
                  families=FAMILIES)  # fmt: skip
    outcome = decide(made, "unpassed", UNPASSED)
    assert (outcome.verdict, outcome.p) == (verdict, p)


def test_the_three_largest_rivals_are_named() -> None:
    made = stated(Stated("Red/One", always(0, 0, 0, 90), family="red-one"),
                  *rivals(9, 8, 7, 6), families=FAMILIES)  # fmt: skip
    said = decide(made, "unpassed", UNPASSED).evidence
    assert "Red One 90; the largest others of United States: B 1 9; B 2 8; B 3 7." in said
    alone = stated(Stated("Red/One", always(0, 0, 0, 90), family="red-one"))
    assert "of United States: none." in decide(alone, "unpassed", UNPASSED).evidence


def test_a_place_is_one_more_than_those_with_more_downloads_of_the_same_size() -> None:
    made = stated(
        Stated("Red/One", always(0, 0, 0, 90)),
        Stated("Red/Two", always(0, 0, 0, 90)),
        Stated("Blue/One", always(0, 0, 0, 99)),
        Stated("Blue/Two", always(0, 0, 0, 99), bucket="1-5B"),
        Stated("Blue/Three", at_least=7),
    )
    said = decide(made, "rank", "models=Blue/Three,Red/One,Red/None,Red/Two,Blue/One").evidence
    assert said.split(". ")[0].split("; ") == [
        "Blue/Three has no cumulative count",
        "Red/One: 90 downloads up to 31 March 2026, place 2 of 3 counted models of 5-10B",
        "Red/None has no cumulative count",
        "Red/Two: 90 downloads up to 31 March 2026, place 2 of 3 counted models of 5-10B",
        "Blue/One: 99 downloads up to 31 March 2026, place 1 of 3 counted models of 5-10B",
    ]
