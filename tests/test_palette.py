"""The colours of charts: readable, told apart, and one for a country everywhere."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from census.charts.palette import (
    COUNTRIES,
    DISTRIBUTED_COLOUR,
    OTHER_COLOUR,
    PAPER,
    UNVERIFIED_COLOUR,
    colours,
    contrast,
    country_colour,
    distance,
    perceived,
    size_order,
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_stands_out_from_the_paper_and_from_the_others(theme: str) -> None:
    chosen = {code: pair[theme] for code, pair in COUNTRIES.items()}
    for code, colour in chosen.items():
        assert contrast(colour, PAPER[theme]) >= 3, code
    for (one, first), (two, second) in combinations(chosen.items(), 2):
        assert distance(first, second) >= 12, (one, two)
    for grey in (UNVERIFIED_COLOUR[theme], DISTRIBUTED_COLOUR[theme]):
        assert contrast(grey, PAPER[theme]) >= 3
        assert all(distance(grey, colour) >= 8 for colour in chosen.values())


def test_a_country_has_one_colour_everywhere() -> None:
    few = colours(["CN", "US"], "country", "light")
    many = colours(["BR", None, "US", "XX", "CN"], "country", "light")
    assert few["CN"] == many["CN"] == COUNTRIES["CN"]["light"]
    assert many[None] == UNVERIFIED_COLOUR["light"]
    assert many["XX"] == DISTRIBUTED_COLOUR["light"]
    assert many["BR"] == country_colour("BR", "light") not in (few["CN"], few["US"])
    assert colours(["China"], "region", "dark")["China"] == COUNTRIES["CN"]["dark"]


def test_small_countries_of_one_chart_are_told_apart() -> None:
    codes = ["CN", "US", "FR", "RU", "TH", "PL", "CZ", "BR", "TW", "SE", "XX", None]
    chosen = colours(codes, "country", "light")
    assert len(set(chosen.values())) == len(codes)
    # Where nothing stands in the way each has the colour that it has elsewhere.
    assert colours(["RU"], "country", "light")["RU"] == country_colour("RU", "light")


SIZES = ["250B+", "<1B", None, "1-5B", "10-50B", "5-10B", "100-250B", "50-100B"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_sizes_have_the_colours_of_one_scale(theme: str) -> None:
    chosen = colours(SIZES, "size_bucket", theme)
    in_order = sorted((size for size in SIZES if size), key=size_order)
    assert in_order[:3] == ["<1B", "1-5B", "5-10B"]
    for size in in_order:
        assert contrast(chosen[size], PAPER[theme]) >= 3, size
    lightness = [perceived(chosen[size], "normal")[0] for size in in_order]
    assert lightness == sorted(lightness, reverse=theme == "light")
    # Sizes touch in a stack, with what is unknown on top of them.
    for one, other in pairwise(in_order):
        assert distance(chosen[one], chosen[other]) >= 12, (one, other)
    assert all(distance(chosen[None], chosen[size]) >= 10 for size in in_order)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_greys_are_told_apart_from_all_that_can_lie_beside_them(theme: str) -> None:
    greys = [UNVERIFIED_COLOUR[theme], DISTRIBUTED_COLOUR[theme], OTHER_COLOUR[theme]]
    for one, other in combinations(greys, 2):
        assert distance(one, other) >= 12
    for colour in COUNTRIES.values():
        assert distance(OTHER_COLOUR[theme], colour[theme]) >= 12


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_only_china_has_the_colour_of_china(theme: str) -> None:
    labs = colours([f"lab-{i}" for i in range(8)], "lab", theme)
    assert not {COUNTRIES["CN"][theme], COUNTRIES["US"][theme]} & set(labs.values())
