"""/mcp: tools for assistants, where the extra `mcp` is installed and CENSUS_MCP is not off."""

from __future__ import annotations

import asyncio
import os
from importlib.util import find_spec
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import Request

from census.programs.tools import Tools
from census.requests.methods import MCP_PATH, check_mcp_method
from census.requests.refusals import Refusal, refuse
from census.site.addresses import site_path
from census.site.base_path import site_address
from census.site.site import DATABASE, ROOT, site_of

SWITCH = "CENSUS_MCP"
OFF = "The endpoint for assistants is switched off on this site; /llms.txt says what else there is."


def is_on() -> bool:
    """Return whether the endpoint is there: the extra is installed and nobody switched it off."""
    return os.environ.get(SWITCH, "").lower() != "off" and find_spec("mcp") is not None


def endpoint_of(datasette: Any) -> Any:
    """Return the endpoint of a site in the loop that runs, made at the first call."""
    # Not at the top: the SDK takes half a second to load, and is not part of a site without it.
    from census.programs.mcp_endpoint import Endpoint

    loop = asyncio.get_running_loop()
    loop_and_endpoint = getattr(datasette, "_census_mcp", None)
    if loop_and_endpoint is None or loop_and_endpoint[0] is not loop:
        has_census = DATABASE in datasette.databases
        version = site_of(datasette).context.last_observation if has_census else ""
        loop_and_endpoint = (loop, Endpoint(Tools(datasette, ROOT), version))
        datasette._census_mcp = loop_and_endpoint
    return loop_and_endpoint[1]


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Answer the endpoint's address, and leave all others alone."""

    def wrap(app: Any) -> Any:
        async def answered(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if scope["type"] != "http" or site_path(datasette, scope) != MCP_PATH:
                await app(scope, receive, send)
                return
            try:
                if not is_on():
                    raise Refusal(404, "Switched off", OFF)
                check_mcp_method(scope["method"])
            except Refusal as refusal:
                await refuse(datasette, f"{MCP_PATH}.json", refusal, send)
                return
            address = site_address(datasette, Request(scope, None))
            await endpoint_of(datasette).handle(
                {**scope, "census_base": address}, receive, open_to_all(send)
            )

        return answered

    return wrap


def open_to_all(send: Any) -> Any:
    """Return a `send` whose answers scripts of other origins may read."""

    async def opened(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            headers = [*event.get("headers", []), (b"access-control-allow-origin", b"*")]
            event = {**event, "headers": headers}
        await send(event)

    return opened
