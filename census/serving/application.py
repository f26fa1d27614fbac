"""The site as an application for a server of any number of processes; `tools/serve` starts it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from datasette.app import Datasette

HTTPS = "CENSUS_HTTPS"
# The path of another site that this one is under, as in `/open-models/`.
BASE_URL = "CENSUS_BASE_URL"
SECRET = "DATASETTE_SECRET"  # noqa: S105 - the name of a variable
SETTINGS = "settings.json"


def open_site(folder: Path) -> Datasette:
    """Return the Datasette of a built site, set by its files and by the environment.

    `datasette serve --setting` would leave out settings.json as a whole.
    """
    settings: dict[str, Any] = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    if os.environ.get(HTTPS) == "1":
        settings["force_https_urls"] = True
    if os.environ.get(BASE_URL):
        settings["base_url"] = os.environ[BASE_URL]
    secret_setting = {"secret": os.environ[SECRET]} if os.environ.get(SECRET) else {}
    return Datasette([], config_dir=folder, settings=settings, **secret_setting)


def application() -> Any:
    """Return the site in the working directory; it is ready when it says that it has started."""
    datasette = open_site(Path.cwd())
    app = datasette.app()

    async def started(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await datasette.invoke_startup()
        await app(scope, receive, send)

    return started
