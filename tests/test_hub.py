"""Listing the Hub with the real client: what comes back, and what every fault is called."""

from __future__ import annotations

import pytest
from hub_data import settings
from hub_faults import (
    Fault,
    body,
    compressed,
    cut_connection,
    cut_json,
    error,
    hang,
    html_page,
    reset,
    too_many,
)
from hub_server import HubServer

from census.base.csv_files import LARGEST_COUNT
from census.base.printable import printable_line
from census.collect.hub import ask_model, connected, list_namespace, list_namespaces, parse_model
from census.collect.hub_transport import HubSettings

DAY = "2026-05-20"
TOKEN = "hf_notARealToken0123456789"
RAW = {
    "_id": "66e6d06401e2adb00b0be996",
    "id": "Qwen/Qwen2.5-7B",
    "createdAt": "2024-09-15T12:00:00+00:00",
    "lastModified": "2024-09-25T12:00:00+00:00",
    "downloads": 10,
    "downloadsAllTime": 20,
    "likes": 3,
    "pipeline_tag": "text-generation",
    "library_name": "transformers",
    "tags": ["license:apache-2.0"],
    "gated": "auto",
    "private": False,
    "disabled": False,
    "parameters": 7615616512,
}


def test_lists_every_page_once():
    with HubServer(page_size=10) as hub:
        hub.add_models("Qwen", 25)
        hub.add_models("zai-org", 3)
        with connected(settings(hub)) as api:
            listing = list_namespace(api, "Qwen")
    assert listing.error == ""
    assert [model["id"] for model in listing.models] == [f"Qwen/model-{n:04}" for n in range(25)]
    assert hub.counted("author=Qwen") == 3


def test_asks_for_the_counts_but_not_for_card_data():
    with HubServer() as hub:
        hub.add_model("Qwen/one", cardData={"license": "<script>alert(1)</script>"})
        with connected(settings(hub)) as api:
            model = list_namespace(api, "Qwen").models[0]
    assert model["downloadsAllTime"] == 1001
    assert "cardData" not in str(model)
    assert "downloadsAllTime" in hub.requests[-1].query["expand"]
    assert "cardData" not in hub.requests[-1].query["expand"]


def test_a_model_on_two_pages_is_listed_once():
    with HubServer(page_size=4) as hub:
        hub.add_models("Qwen", 6)
        hub.repeated_on_next_page.add("Qwen/model-0001")
        with connected(settings(hub)) as api:
            listing = list_namespace(api, "Qwen")
    assert len(listing.models) == 6


def test_a_namespace_that_the_hub_does_not_know_is_empty_and_a_404_is_an_error():
    with HubServer() as hub, connected(settings(hub)) as api:
        empty = list_namespace(api, "nobody")
        hub.fail("author=nobody", error(404, "Not Found"))
        unknown = list_namespace(api, "nobody")
    assert (empty.models, empty.error) == ([], "")
    assert "404" in unknown.error


FAULTS: list[tuple[str, Fault, str]] = [
    ("429", too_many(1), "429 Too Many Requests"),
    ("500", error(500), "500 Internal Server Error"),
    ("503", error(503), "503 Service Unavailable"),
    ("reset", reset, "the connection broke"),
    ("cut connection", cut_connection, "the connection broke"),
    ("cut JSON", cut_json, "not a JSON list of models"),
    ("HTML", html_page, "not a JSON list of models: '<!doctype html>"),
    ("object", body({"error": "no"}), "not a JSON list of models"),
    ("numbers", body([1, 2]), "not a JSON list of models"),
    ("null", body(None), "not a JSON list of models"),
]


@pytest.mark.parametrize(("fault", "said"), [row[1:] for row in FAULTS], ids=[r[0] for r in FAULTS])
def test_a_fault_is_tried_again_and_then_named(fault: Fault, said: str):
    waits: list[float] = []
    with HubServer() as hub:
        hub.add_models("Qwen", 2)
        hub.fail("author=Qwen", fault)
        with connected(settings(hub, tries=3, sleep=waits.append)) as api:
            listing = list_namespace(api, "Qwen")
    assert said in listing.error
    assert "tried 3 times" in listing.error
    assert hub.counted("author=Qwen") == 3
    assert len(waits) == 2


@pytest.mark.parametrize("fault", [row[1] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_that_passes_leaves_no_trace(fault: Fault):
    with HubServer() as hub:
        hub.add_models("Qwen", 2)
        hub.fail("author=Qwen", fault, times=1)
        with connected(settings(hub)) as api:
            listing = list_namespace(api, "Qwen")
    assert listing.error == ""
    assert len(listing.models) == 2


def test_compressed_answers_are_read():
    with HubServer(page_size=2) as hub:
        hub.add_models("Qwen", 5)
        hub.fail("author=Qwen", compressed)
        with connected(settings(hub)) as api:
            listing = list_namespace(api, "Qwen")
    assert listing.error == ""
    assert len(listing.models) == 5


def test_a_hub_that_never_answers_is_left_after_the_time_out():
    with HubServer() as hub:
        hub.fail("author=Qwen", hang)
        with connected(settings(hub, timeout=0.05, tries=2)) as api:
            listing = list_namespace(api, "Qwen")
    assert listing.error == "no answer within 0.05 seconds (tried 2 times)"


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        (too_many(7), [7.0, 7.0]),
        (too_many(9, with_rate_limit=False), [9.0, 9.0]),
        (error(503, Retry_After="4"), [4.0, 4.0]),
        (error(503), [0.5, 1.0]),
        (too_many(4000), []),
    ],
    ids=["RateLimit", "Retry-After", "503 with Retry-After", "back-off", "too long"],
)
def test_waits_as_long_as_the_hub_asks_and_backs_off_otherwise(fault: Fault, waits: list[float]):
    waited: list[float] = []
    with HubServer() as hub:
        hub.fail("author=Qwen", fault)
        with connected(settings(hub, tries=3, backoff=0.5, sleep=waited.append)) as api:
            assert list_namespace(api, "Qwen").error
    assert waited == waits


def test_what_was_listed_before_the_error_is_kept():
    with HubServer(page_size=10) as hub:
        hub.add_models("Qwen", 25)
        hub.fail("cursor=", error(502))
        with connected(settings(hub)) as api:
            listing = list_namespace(api, "Qwen")
    assert len(listing.models) == 10
    assert "502" in listing.error


def test_one_namespace_that_fails_does_not_stop_the_others():
    seen = []
    with HubServer() as hub:
        for name in ("a", "b", "c"):
            hub.add_models(name, 2)
        hub.fail("author=b", error(500))
        with connected(settings(hub)) as api:
            listings = list_namespaces(api, ["a", "b", "c"], 3, seen.append)
    assert [bool(listing.error) for listing in listings] == [False, True, False]
    assert sorted(listing.namespace for listing in seen) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("how", "status", "note"),
    [
        ("gone", "gone", ""),
        ("private", "gone", ""),
        ("private-listed", "private", ""),
        ("gated", "private", "shown only to those who were granted access"),
        ("disabled", "disabled", ""),
    ],
)
def test_a_model_that_is_not_shown_has_a_status_and_no_counts(how: str, status: str, note: str):
    with HubServer() as hub:
        hub.add_model("Qwen/one")
        hub.hide("Qwen/one", how)
        with connected(settings(hub)) as api:
            answer = ask_model(api, "Qwen/one")
        with connected(settings(hub, token=TOKEN)) as api:
            with_token = ask_model(api, "Qwen/one")
    assert answer == ("Qwen/one", status, None, note)
    assert with_token == answer


def test_a_renamed_model_answers_with_its_name_of_today():
    with HubServer() as hub:
        hub.add_model("THUDM/glm")
        hub.rename("THUDM/glm", "zai-org/glm")
        with connected(settings(hub)) as api:
            answer = ask_model(api, "THUDM/glm")
    assert answer.status == "listed"
    assert answer.model is not None
    assert answer.model["id"] == "zai-org/glm"


def test_a_model_that_cannot_be_asked_for_has_no_status():
    with HubServer() as hub:
        hub.fail("/api/models/Qwen/one", error(500))
        with connected(settings(hub)) as api:
            answer = ask_model(api, "Qwen/one")
    assert answer.status == ""
    assert "500" in answer.note


def test_private_models_that_a_token_shows_are_not_kept():
    with HubServer() as hub:
        hub.add_model("Qwen/open")
        hub.add_model("Qwen/secret", private=True)
        with connected(settings(hub, token=TOKEN)) as api:
            listing = list_namespace(api, "Qwen")
    assert [model["id"] for model in listing.models] == ["Qwen/open"]


def test_the_token_is_sent_and_never_shown():
    with HubServer() as hub:
        hub.add_model("Qwen/one")
        quick = settings(hub, token=TOKEN)
        with connected(quick) as api:
            list_namespace(api, "Qwen")
            sent = hub.requests[-1].headers["authorization"]
            hub.fail("author=Qwen", error(400, f"bad token {TOKEN}"))
            refused = list_namespace(api, "Qwen")
    assert sent == f"Bearer {TOKEN}"
    assert "Bad request" in refused.error
    assert "***" in refused.error
    assert TOKEN not in refused.error + repr(quick) + str(quick)


def test_without_a_token_none_is_sent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with HubServer() as hub, connected(settings(hub)) as api:
        list_namespace(api, "Qwen")
    assert "authorization" not in hub.requests[-1].headers


def test_nothing_but_the_lists_is_asked_for():
    with HubServer() as hub, connected(settings(hub)) as api:
        list_namespace(api, "Qwen")
    assert [request.path for request in hub.requests] == ["/api/models"]


def test_errors_are_shown_in_one_short_printable_line():
    text = printable_line("a\x1b[31m\n\tb" + "x" * 1000)
    assert text.startswith("a [31m b")
    assert len(text) <= 301


def test_parses_a_model():
    model = parse_model(
        {
            **RAW,
            "tags": [
                "license:apache-2.0",
                "base_model:Qwen/Base",
                "base_model:finetune:Qwen/Base",
                "base_model:Qwen/Other",
                "base_model:Qwen/Qwen2.5-7B",
            ],
        },
        "Qwen",
        DAY,
    )
    assert model.observation == ("Qwen/Qwen2.5-7B", "66e6d06401e2adb00b0be996", 10, 20, 3)
    assert model.metadata.base_models == "finetune:Qwen/Base unspecified:Qwen/Other"
    assert model.metadata.license == "apache-2.0"
    assert (model.metadata.created_at, model.metadata.seen_on) == ("2024-09-15", DAY)
    assert (model.metadata.gated, model.metadata.status) == ("auto", "listed")
    assert model.metadata.parameters == 7615616512


@pytest.mark.parametrize("field", ["downloads", "downloadsAllTime", "likes"])
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (-1, "-1 is negative"),
        (LARGEST_COUNT + 1, "larger than any count"),
        (10**400, "401 digits"),
        ("12", "'12' is not a whole number"),
        ("=HYPERLINK(1)", "is not a whole number"),
        (1.5, "1.5 is not a whole number"),
        (True, "True is not a whole number"),
        ([1], "is not a whole number"),
    ],
)
def test_a_count_that_is_none_is_an_error_with_its_place(field: str, value: object, reason: str):
    with pytest.raises(ValueError, match=f"Qwen: Qwen/Qwen2.5-7B: {field}: .*{reason}"):
        parse_model({**RAW, field: value}, "Qwen", DAY)
    lenient = parse_model({**RAW, field: value}, "Qwen", DAY, lenient=True)
    assert None in lenient.observation


def test_an_absent_count_is_unknown_and_never_zero():
    model = parse_model({**RAW, "downloads": None, "downloadsAllTime": None}, "Qwen", DAY)
    assert model.observation[2:] == (None, None, 3)


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>/x",
        "Qwen/'; drop table models; --",
        "Qwen/=cmd|' /C calc'!A0",
        "Qwen/" + "x" * 500,
        "Qwen/a\x00b",
        "Qwen/a\nb",
        "Qwen",
        "",
        None,
        7,
    ],
)
def test_a_hostile_name_is_no_model(name: object):
    with pytest.raises(ValueError, match=r"Qwen: id .* is not a model name"):
        parse_model({**RAW, "id": name}, "Qwen", DAY)


def test_a_model_of_another_namespace_is_an_error_that_says_what_to_do():
    with pytest.raises(ValueError, match=r"THUDM: lists Qwen/.*fill renamed_to"):
        parse_model(RAW, "THUDM", DAY)


@pytest.mark.parametrize("hub_id", ["", None, 7, "not-an-id", "66e6d06401e2adb00b0be99g"])
def test_a_model_without_an_id_of_the_hub_is_an_error(hub_id: object):
    with pytest.raises(ValueError, match="is not an id of the Hub"):
        parse_model({**RAW, "_id": hub_id}, "Qwen", DAY)


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "=1+1", "'; drop table x; --", "a\x00b", "x" * 5000, 7, None],
)
def test_hostile_texts_are_unknown(text: object):
    model = parse_model(
        {
            **RAW,
            "pipeline_tag": text,
            "library_name": text,
            "gated": text,
            "createdAt": text,
            "tags": [text, f"license:{text}", f"base_model:{text}", f"base_model:merge:{text}"],
            "parameters": text,
        },
        "Qwen",
        DAY,
    ).metadata
    assert (model.pipeline_tag, model.library_name, model.gated) == ("", "", "")
    assert (model.created_at, model.base_models) == ("", "")
    assert model.license in ("", "7")
    assert model.parameters in (None, 7)


def test_settings_do_not_show_the_token():
    assert TOKEN not in repr(HubSettings(token=TOKEN))
