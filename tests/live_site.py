"""What stands in for the live site: it serves whatever the newest revision of the Space is."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from hub_faults import json_answer
from hub_server import Answer, HubServer, Request
from stored_versions import Version

ROOT = Path(__file__).resolve().parent.parent


class DeployedSite:
    """A container host: each revision of a Space is unpacked and run in place of the last one."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None

    def deploy(self, kind: str, _name: str, version: Version) -> None:
        """Run a revision of the Space."""
        if kind != "space" or "tools/serve" not in version.files:
            return
        self.stop()
        app = self._folder / version.id[:12]
        shutil.rmtree(app, ignore_errors=True)
        for path, blob in version.files.items():
            (app / path).parent.mkdir(parents=True, exist_ok=True)
            (app / path).write_bytes(blob.content)
        (app / ".venv").mkdir()
        for part in ("bin", "lib", "pyvenv.cfg"):
            (app / ".venv" / part).symlink_to(ROOT / ".venv" / part)
        # The Hub's git keeps no mode that an upload could set: the script is started by its shell.
        self._server = subprocess.Popen(
            ["/bin/sh", "tools/serve"],
            cwd=app,
            env={**os.environ, "PORT": str(self.port), "HOST": "127.0.0.1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        """End what runs."""
        if self._server is not None:
            os.killpg(self._server.pid, signal.SIGTERM)
            self._server.wait()
            self._server = None


class NamedHash:
    """A site that only says which database it serves; `stuck` is one that takes no new version."""

    def __init__(self, hub: HubServer) -> None:
        self.content = b""
        self.stuck = False
        hub.routes.insert(0, ("GET", re.compile(r"/live/-/databases\.json"), self.answer))
        self.url = f"{hub.url}/live"

    def deploy(self, kind: str, _name: str, version: Version) -> None:
        """Take a revision of the Space, unless it is stuck."""
        if kind == "space" and not self.stuck and "census.db" in version.files:
            self.content = version.files["census.db"].content

    def answer(self, _hub: HubServer, _request: Request, _match: object) -> Answer:
        """GET /-/databases.json."""
        return json_answer([{"name": "census", "hash": self.hash}])

    @property
    def hash(self) -> str:
        """The hash of the database that is served."""
        return hashlib.sha256(self.content).hexdigest()


GH = '''#!{python}
"""A stand-in for GitHub's command line: issues in a JSON file."""
import json, pathlib, sys
store = pathlib.Path({store!r})
issues = json.loads(store.read_text()) if store.exists() else []
words = sys.argv[1:]
option = lambda name: words[words.index(name) + 1] if name in words else ""
body = sys.stdin.read() if option("--body-file") == "-" else ""
if words[:2] == ["issue", "list"]:
    found = [i for i in issues if i["state"] == option("--state")]
    print(json.dumps([dict(number=i["number"], title=i["title"]) for i in found]))
elif words[:2] == ["issue", "create"]:
    issues.append(dict(number=len(issues) + 1, title=option("--title"), state="open", texts=[body]))
elif words[:2] == ["issue", "comment"]:
    issues[int(words[2]) - 1]["texts"].append(body)
elif words[:2] == ["issue", "close"]:
    issues[int(words[2]) - 1]["state"] = "closed"
else:
    sys.exit("not known: " + " ".join(words))
store.write_text(json.dumps(issues))
'''


class Issues:
    """The issues that the stand-in for `gh` keeps."""

    def __init__(self, folder: Path) -> None:
        self._store = folder / "issues.json"
        program = folder / "bin/gh"
        program.parent.mkdir(exist_ok=True)
        python = ROOT / ".venv/bin/python"
        program.write_text(GH.format(python=python, store=str(self._store)))
        program.chmod(0o755)

    def all(self) -> list[dict[str, object]]:
        """Return every issue."""
        found: list[dict[str, object]] = (
            json.loads(self._store.read_text()) if self._store.exists() else []
        )
        return found
