"""The tools over MCP: stateless streamable HTTP, one answer a request, no sessions."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from census.programs.tool_words import INSTRUCTIONS, TOOLS
from census.programs.tools import ToolError, Tools

NAME = "open-model-census"
# A request holds one statement and some names: anything larger than this is refused.
MOST_BYTES = 64 * 1024
# Where a request's scope carries the address that the site is asked under.
BASE = "census_base"


class Endpoint:
    """The endpoint of one event loop; `handle` is an ASGI application."""

    def __init__(self, tools: Tools, version: str) -> None:
        self._tools = tools
        server: Any = Server(
            NAME,
            version=version,
            instructions=INSTRUCTIONS,
            on_list_tools=self._list,
            on_call_tool=self._call,
        )
        # Without `stateless` a session would be kept for every client that ever connects.
        self._manager = StreamableHTTPSessionManager(
            server, json_response=True, stateless=True, max_request_body_size=MOST_BYTES
        )
        self._ready = asyncio.Event()
        # The manager's tasks belong to the task that enters it, which no request may be.
        self._running = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        async with self._manager.run():
            self._ready.set()
            await asyncio.Event().wait()

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        await self._ready.wait()
        await self._manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        """End what runs."""
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running

    async def _list(self, _context: Any, _params: Any) -> types.ListToolsResult:
        return types.ListToolsResult(
            tools=[
                types.Tool(name=tool.name, description=tool.description, input_schema=tool.schema)
                for tool in TOOLS
            ]
        )

    async def _call(self, context: Any, params: Any) -> types.CallToolResult:
        scope = context.request.scope if context.request is not None else {}
        try:
            result = await self._tools.call(
                params.name, params.arguments or {}, scope.get(BASE, "")
            )
        except ToolError as error:
            return _result(str(error), is_error=True)
        return _result(json.dumps(result, ensure_ascii=False, separators=(",", ":")))


def _result(text: str, is_error: bool = False) -> types.CallToolResult:
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], is_error=is_error
    )
