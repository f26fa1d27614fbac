"""The endpoint for assistants, asked by the SDK's own client and by hostile requests."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from site_client import Client as Site

from census.programs.tool_words import MOST_ROWS

mcp = pytest.importorskip("mcp", reason="the extra mcp is not installed")
httpx2 = pytest.importorskip("httpx2")
from mcp.client.streamable_http import streamable_http_client  # noqa: E402

HOST = "http://localhost"
KINDS = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


class Answer(NamedTuple):
    """What a tool said: parsed, or the words of an error."""

    failed: bool
    text: str

    @property
    def value(self) -> Any:
        assert not self.failed, self.text
        return json.loads(self.text)


class Assistant(NamedTuple):
    """A client of the endpoint, without `async`."""

    site: Site
    http: Any

    def call(self, tool: str, **arguments: Any) -> Answer:
        async def asked() -> Answer:
            transport = streamable_http_client(f"{HOST}/mcp", http_client=self.http)
            async with mcp.Client(transport) as client:
                result = await client.call_tool(tool, arguments)
                return Answer(bool(result.is_error), result.content[0].text)

        return self.site.loop.run_until_complete(asked())

    def tools(self) -> Any:
        async def asked() -> Any:
            transport = streamable_http_client(f"{HOST}/mcp", http_client=self.http)
            async with mcp.Client(transport) as client:
                return await client.list_tools()

        return self.site.loop.run_until_complete(asked())

    def post(self, **options: Any) -> Any:
        return self.site.loop.run_until_complete(self.http.post("/mcp", **options))


@pytest.fixture(scope="module")
def assistant(site: Site) -> Iterator[Assistant]:
    transport = httpx2.ASGITransport(app=site.datasette.app())
    client = httpx2.AsyncClient(transport=transport, base_url=HOST)
    yield Assistant(site, client)
    site.loop.run_until_complete(client.aclose())
    site.loop.run_until_complete(site.datasette._census_mcp[1].close())


def test_there_are_five_tools_and_their_list_is_short(assistant: Assistant) -> None:
    listed = assistant.tools()
    assert [tool.name for tool in listed.tools] == [
        "find_question", "answer", "check_figure", "describe_table", "run_sql",
    ]  # fmt: skip
    assert len(listed.model_dump_json(exclude_none=True)) < 12 * 1024


def test_the_list_of_questions_has_all_and_is_short(assistant: Assistant) -> None:
    answer = assistant.call("find_question")
    assert len(answer.text) < 12 * 1024
    names = {name for theme in answer.value["questions"].values() for name in theme}
    assert names == set(assistant.site.datasette._census_site.questions)


def test_a_question_is_found_by_its_words_with_what_it_takes(assistant: Assistant) -> None:
    answer = assistant.call("find_question", text="share of downloads by country")
    assert len(answer.text) < 12 * 1024
    first = answer.value["questions"][0]
    assert first["name"] == "share_by_country"
    assert set(first["parameters"]["scope"]["allowed"]) == {"frontier", "labs", "hub"}


def test_every_question_asked_without_parameters_gives_the_rows_of_its_page(
    assistant: Assistant,
) -> None:
    for name, question in assistant.site.datasette._census_site.questions.items():
        found = assistant.call("answer", question=name).value
        rows = assistant.site.rows(f"/census/{name}")
        assert found["total_rows"] == len(rows), name
        shown = [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]
        assert len(shown) <= MOST_ROWS
        last = question.over_time(question.defaults())
        part = rows[len(rows) - len(shown) :] if last else rows[: len(shown)]
        for row, expected in zip(shown, part, strict=True):
            for column, value in row.items():
                cut = isinstance(value, str) and value.endswith("…")
                assert cut or value == expected[column], (name, column)
        assert shown or not rows, name


def test_an_answer_has_what_makes_a_number_quotable(assistant: Assistant) -> None:
    found = assistant.call(
        "answer", question="share_by_country", parameters={"scope": "labs", "since": "2026-01"}
    ).value
    assert found["parameters"]["scope"] == "labs"
    assert found["answer"].endswith(".")
    assert found["through"] in found["permalink"] or found["permalink"].startswith(HOST)
    assert assistant.site.get(found["permalink"].removeprefix(HOST)).status_code == 200
    assert found["status"]["scope"] == "labs"
    assert found["status"]["covered_pct"] > 0
    assert {"likely_low_pct", "likely_high_pct", "rests_on"} <= set(found["columns"])
    assert found["citation"].startswith("Open Model Census")


def test_a_figure_is_checked_as_on_the_page(assistant: Assistant) -> None:
    found = assistant.call("check_figure", value="49%", key="China", on="2026-03").value
    page = assistant.site.get("/check.json?value=49%25&key=China&on=2026-03").json()
    assert found["sentence"] == page["sentence"]
    assert found["quote"] == f"{HOST}{page['quote']}"


def test_a_table_is_described(assistant: Assistant) -> None:
    assert "observations" in assistant.call("describe_table").value["tables"]
    columns = assistant.call("describe_table", table="models").value["columns"]
    assert all(columns.values())


def test_sql_has_at_most_200_rows_and_says_how_many_there_are(assistant: Assistant) -> None:
    found = assistant.call("run_sql", sql="select name from models").value
    assert len(found["rows"]) == MOST_ROWS
    (count,) = assistant.call("run_sql", sql="select count(*) from models").value["rows"][0]
    assert found["total_rows"] == count
    assert f"of {count}" in found["rows_shown"]
    given = assistant.call("run_sql", sql="select :a as a", parameters={"a": 3}).value
    assert given["rows"] == [[3]]


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("run_sql", {"sql": "delete from models"}, "SELECT"),
        ("run_sql", {"sql": "select 1; select 2"}, "cannot be run"),
        ("run_sql", {"sql": "attach 'x.db' as x"}, "SELECT"),
        ("run_sql", {"sql": "select * from nowhere"}, "no such table"),
        ("run_sql", {"sql": "select " + "1" * 30_000}, "longer than"),
        ("run_sql", {"sql": 5}, "must be a text"),
        ("run_sql", {"sql": "select 1", "parameters": [1]}, "map names"),
        ("run_sql", {}, "needs sql"),
        ("run_sql", {"sql": "select 1", "as": "root"}, "does not take"),
        ("answer", {"question": "share_by_country", "parameters": {"scope": "x"}}, "frontier"),
        ("answer", {"question": "share_by_country", "parameters": {"x": {}}}, "short text"),
        ("answer", {"question": "../models"}, "no question"),
        ("check_figure", {"value": "x", "key": "CN"}, "a number"),
        ("describe_table", {"table": "sqlite_master"}, "no table"),
        ("drop_table", {}, "no tool"),
    ],
)
def test_what_cannot_be_done_is_said(
    assistant: Assistant, tool: str, arguments: dict[str, Any], said: str
) -> None:
    answer = assistant.call(tool, **arguments)
    assert answer.failed
    assert said in answer.text


def test_a_statement_that_does_not_end_is_ended(assistant: Assistant) -> None:
    endless = "with recursive c(x) as (select 1 union all select x + 1 from c) select sum(x) from c"
    answer = assistant.call("run_sql", sql=endless)
    assert answer.failed
    assert "longer than" in answer.text


def test_a_huge_cell_is_cut(assistant: Assistant) -> None:
    answer = assistant.call("run_sql", sql="select hex(zeroblob(3000000)) as x, 9e999 as y")
    assert len(answer.text) < 3000
    assert answer.value["rows"][0][0].endswith("…")


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_only_post_is_answered(assistant: Assistant, method: str) -> None:
    answer = assistant.site.request(method, "/mcp")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST, OPTIONS"


def test_a_browser_may_ask(assistant: Assistant) -> None:
    asked = assistant.site.request("OPTIONS", "/mcp")
    assert "POST" in asked.headers["access-control-allow-methods"]
    answer = assistant.post(json=INITIALIZE, headers=KINDS)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "mcp-session-id" not in answer.headers


def test_post_stays_refused_elsewhere(assistant: Assistant) -> None:
    for path in ("/", "/mcp/x", "/census", "/-/mcp"):
        assert assistant.site.request("POST", path).status_code == 405


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"x" * 70_000, 413), (b"{bad", 400), (b"[" * 5_000, 400), (b"", 400), (b"null", 400)],
)
def test_a_body_that_is_no_request_is_refused(
    assistant: Assistant, content: bytes, status: int
) -> None:
    assert assistant.post(content=content, headers=KINDS).status_code == status


def test_clients_leave_nothing_behind(assistant: Assistant) -> None:
    def objects() -> int:
        gc.collect()
        return len(gc.get_objects())

    for _ in range(20):
        assert assistant.post(json=INITIALIZE, headers=KINDS).status_code == 200
    before = objects()
    for _ in range(200):
        assistant.post(json=INITIALIZE, headers=KINDS)
    assert objects() - before < 200


def test_it_can_be_switched_off(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CENSUS_MCP", "off")
    answer = assistant.post(json=INITIALIZE, headers=KINDS)
    assert answer.status_code == 404
    assert "switched off" in answer.json()["error"]
