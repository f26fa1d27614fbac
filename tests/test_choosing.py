"""Choosing what is compared: `show` in every format, forms without a script, scales."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
from site_client import Client

from census.questions.chosen_keys import PICTURED

# Questions that compare keys over time, with the dimension of `CN` where it is a choice.
SERIES = {
    "share_by_country": "",
    "cumulative_downloads": "",
    "monthly_downloads": "dimension=country&",
    "share_of_downloads": "dimension=country&",
    "series_as_of": "",
}


def key_column(name: str) -> str:
    """Return the column of the keys."""
    return "country" if name == "share_by_country" else "key"


@pytest.mark.parametrize("name", SERIES)
def test_chosen_keys_win_over_the_largest(site: Client, name: str) -> None:
    column = key_column(name)
    top = "" if name == "share_by_country" else "top=1&"
    rows = site.rows(f"/census/{name}?{SERIES[name]}{top}show=FR~KR~unverified")
    rest = [] if name == "series_as_of" else ["other"]
    assert {row[column] for row in rows} == {"FR", "KR", None, *rest}
    whole = site.rows(f"/census/{name}?{SERIES[name]}{'top=50' if top else ''}")
    known = {(row["month"], row[column]): row for row in whole}
    for row in rows:
        if row[column] != "other":
            assert row == known[row["month"], row[column]]


@pytest.mark.parametrize("measure", ["cumulative", "monthly", "recent"])
def test_chosen_shares_and_the_rest_are_the_whole(site: Client, measure: str) -> None:
    sums: dict[str, float] = defaultdict(float)
    for row in site.rows(f"/census/share_by_country?measure={measure}&show=CN~US"):
        sums[row["through"]] += row["share_pct"]
        assert row["low_pct"] <= row["share_pct"] <= row["high_pct"]
    assert sums
    assert all(abs(whole - 100) < 0.01 for whole in sums.values())


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("form", ["json", "csv", "svg", "vl.json"])
def test_an_unknown_key_is_refused_with_the_nearest(site: Client, name: str, form: str) -> None:
    answer = site.get(f"/census/{name}.{form}?{SERIES[name]}show=CN~Frnce")
    assert answer.status_code == 400
    assert "Frnce" in answer.text
    assert "FR" in answer.text


def test_the_page_of_an_unknown_key_offers_the_choice_with_the_nearest(site: Client) -> None:
    page = site.get("/census/cumulative_downloads?dimension=lab&show=qwenn~meta")
    assert page.status_code == 400
    assert "dimension=lab&amp;show=meta~qwen" in page.text


def test_a_picture_has_twelve_of_many_and_the_files_have_all(site: Client) -> None:
    keys = [row["key"] for row in site.rows("/census/cumulative_downloads?dimension=lab&top=15")]
    chosen = list(dict.fromkeys(key for key in keys if key != "other"))
    query = f"dimension=lab&show={'~'.join(chosen)}"
    rows = site.rows(f"/census/cumulative_downloads?{query}")
    assert {row["key"] for row in rows} == {*chosen, "other"}
    spec = site.get(f"/census/cumulative_downloads.vl.json?{query}").text
    assert f"The picture shows the first {PICTURED} of {len(chosen)} chosen" in spec
    drawn = {
        value["name"]
        for value in site.get(f"/census/cumulative_downloads.vl.json?{query}").json()["concat"][0][
            "layer"
        ][-1]["data"]["values"]
    }
    assert len(drawn) == PICTURED


def test_a_chosen_key_without_rows_is_said(site: Client) -> None:
    names = {row["key"] for row in site.rows("/census/cumulative_downloads?dimension=lab&top=50")}
    labs = site.rows("/census/cumulative_downloads?dimension=lab&scope=hub&show=unsloth")
    assert any(row["key"] == "unsloth" for row in labs)
    assert "unsloth" not in names
    page = site.get("/census/cumulative_downloads?dimension=lab&show=unsloth~qwen")
    assert re.search(r"There are no rows for [^<]*Unsloth", page.text)


def test_a_form_leads_to_a_short_address(site: Client) -> None:
    sent = (
        "_form=country&show=CN&show=US&show=&measure=cumulative&scope=frontier"
        "&attribution=publisher&basis=operating&since=&until=2026-05&step=month&view=lines"
        "&scale=linear"
    )
    answer = site.get(f"/census/share_by_country?{sent}")
    assert answer.status_code == 302
    assert answer.headers["location"] == "/census/share_by_country?show=CN~US&until=2026-05"


def test_keys_of_a_former_dimension_go_with_it(site: Client) -> None:
    sent = "_form=country&dimension=lab&show=CN&show=US"
    answer = site.get(f"/census/cumulative_downloads?{sent}")
    assert answer.headers["location"] == "/census/cumulative_downloads?dimension=lab"


@pytest.mark.parametrize("form", ["json", "csv", "svg"])
def test_files_are_answered_at_a_full_address(site: Client, form: str) -> None:
    full = "show=CN&show=US&measure=cumulative&scope=frontier&since=&until=&step=month"
    answer = site.get(f"/census/share_by_country.{form}?{full}")
    assert answer.status_code == 200


def test_names_and_small_letters_are_understood(site: Client) -> None:
    answer = site.get("/census/share_by_country?show=cn~France")
    assert answer.status_code == 302
    assert answer.headers["location"].endswith("?show=CN~FR")


def test_a_form_offers_keys_to_tick_and_months_to_choose(site: Client) -> None:
    page = site.get("/census/share_by_country?show=FR").text
    assert re.search(r'type="checkbox" name="show" value="FR"[^>]* checked', page)
    assert re.search(r'<select id="choice-since"', page)
    assert '<option value="2026-05">May 2026</option>' in page
    assert 'placeholder="YYYY-MM"' not in page


@pytest.mark.parametrize(
    ("name", "value", "keys"),
    [
        ("openrouter_tokens", "tokens", "CN~US"),
        ("ollama_pulls", "pulls", "CN~unverified"),
        ("modelscope_downloads", "downloads", "qwen~deepseek"),
    ],
)
def test_channels_keep_their_sums(site: Client, name: str, value: str, keys: str) -> None:
    rows, whole = site.rows(f"/census/{name}?show={keys}"), site.rows(f"/census/{name}")
    named = {key if key != "unverified" else None for key in keys.split("~")}
    assert {row["key"] for row in rows} - {"other"} == named
    assert sum(row[value] or 0 for row in rows) == sum(row[value] or 0 for row in whole)


def test_the_best_models_are_those_of_the_countries_chosen(site: Client) -> None:
    rows = site.rows("/census/best_models_by_country?show=FR~KR")
    assert {row["country"] for row in rows} <= {"FR", "KR"}
    assert rows


def test_places_of_chosen_keys_say_among_which_they_are(site: Client) -> None:
    spec = site.get("/census/share_by_country.vl.json?view=ranks&show=US~CN").text
    assert "Ranks are among all," in spec
    rows = {row["through"]: row for row in site.rows("/census/share_by_country?show=US")
            if row["country"] == "US"}  # fmt: skip
    drawn = site.get("/census/share_by_country.vl.json?view=ranks&show=US").json()
    for layer in drawn["concat"][0]["layer"]:
        for value in layer["data"]["values"]:
            if value.get("name") == "United States" and "holds" in value:
                assert value["y"] == rows[value["x"]]["place"]
    alone = site.get("/census/openrouter_tokens.vl.json?view=ranks&show=US~CN").text
    assert "Ranks are only among those chosen" in alone


def test_a_hostile_key_is_text(site: Client) -> None:
    page = site.get("/census/share_by_country?show=%3Cscript%3Ealert(1)%3C/script%3E")
    assert page.status_code == 400
    assert "<script>alert" not in page.text


def test_a_logarithmic_scale_has_no_place_for_nothing(site: Client) -> None:
    spec = site.get("/census/cumulative_downloads.vl.json?scale=log").json()
    plot = spec["concat"][0]
    scales = [
        layer["encoding"]["y"]["scale"]
        for layer in plot["layer"]
        if "scale" in layer.get("encoding", {}).get("y", {})
    ]
    assert all(scale["type"] == "log" and scale["domain"][0] > 0 for scale in scales)
    drawn = [value["y"] for layer in plot["layer"] for value in layer["data"]["values"]
             if value.get("y") is not None]  # fmt: skip
    assert min(drawn) > 0
    refused = site.get("/census/cumulative_downloads.json?scale=log&view=areas")
    assert refused.status_code == 400
    assert "lines, panels" in refused.text


def test_the_same_keys_as_numbers_and_as_shares(site: Client) -> None:
    page = site.get("/census/share_by_country?show=CN~US").text
    assert 'href="/census/cumulative_downloads?show=CN~US"' in page
    back = site.get("/census/monthly_downloads?dimension=lab&show=qwen").text
    assert "share_of_downloads?show=qwen&amp;dimension=lab&amp;measure=monthly" in back
    assert "adoption_curves?lab=qwen" in back


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("/census/releases_by_country_and_month?show=CN~unverified", {"CN", None, "other"}),
        ("/census/releases_by_month?split=size_bucket&show=1-5B", {"1-5B", "other"}),
        ("/census/new_derivatives?show=qwen~llama", {"qwen", "llama", "other"}),
    ],
)
def test_numbers_of_months_keep_their_sums(site: Client, path: str, keys: set[str | None]) -> None:
    column = "country" if "country" in path else "key"
    rows, whole = site.rows(path), site.rows(path.partition("show=")[0].rstrip("?&"))
    assert {row[column] for row in rows} == keys
    assert sum(row["models"] for row in rows) == sum(row["models"] for row in whole)
