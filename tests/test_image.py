"""The image: its Dockerfile's steps, run in a clean directory and environment, make the site.

No container engine is needed: the steps are few and have no absolute paths.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
import yaml
from small_data import small_repository

from census.publish.live import built_site
from census.publish.publishing import files_under, image_parts

ROOT = Path(__file__).resolve().parent.parent
DIGEST = re.compile(r"python:3\.\d+\.\d+-slim-trixie@sha256:[0-9a-f]{64}")


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions: name and arguments."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" ", 1) for line in lines if line and not line.startswith("#")]
    return [(name, rest) for name, rest in pairs]


def given(name: str) -> list[str]:
    """Return the arguments of every instruction with this name."""
    return [rest for found, rest in instructions() if found == name]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run COPY and RUN of the Dockerfile on a built site; return what is then in /app."""
    folder = tmp_path_factory.mktemp("image")
    context, app = folder / "context", folder / "app"
    context.mkdir()
    app.mkdir()
    small_repository(context)
    build = [sys.executable, "build_db.py", "--no-charts"]
    subprocess.run(build, cwd=context, check=True, capture_output=True)
    # What only a build leaves may be missing there: no charts were drawn.
    (context / "charts").mkdir(exist_ok=True)
    programs = folder / "programs"
    programs.mkdir()
    (programs / "python").symlink_to(os.path.realpath(sys.executable))
    # Where packages come from belongs to the machine; everything else is the Dockerfile's.
    environment = {key: value for key, value in os.environ.items() if key.startswith("PIP_")}
    environment["PATH"] = f"{programs}:/usr/bin:/bin"
    for name, rest in instructions():
        if name == "ENV":
            environment.update(dict(pair.split("=", 1) for pair in shlex.split(rest)))
        elif name == "COPY":
            sources = rest.split()[:-1]
            wanted = image_parts(context) if sources == ["."] else sources
            for part in wanted:
                for path in files_under(context / part):
                    target = app / path.relative_to(context)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(path, target)
        # The first step installs a package of the system, which is the machine's.
        elif name == "RUN" and rest not in given("RUN")[:1]:
            done = subprocess.run(
                ["sh", "-euc", rest],
                cwd=app,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{rest}\n{done.stdout}\n{done.stderr}"
    return app


def test_the_image_serves_the_site_that_was_built(image: Path) -> None:
    built = json.loads((image / "status.json").read_text())["sha256"]
    with built_site(image) as url:
        assert httpx2.get(f"{url}/-/healthz?live=1").status_code == 200
        (served,) = httpx2.get(f"{url}/-/databases.json").json()
        assert served["hash"] == built
        assert served["is_mutable"] is False
        page = httpx2.get(f"{url}/")
        assert page.status_code == 200
        assert "content-security-policy" in page.headers
        settings = httpx2.get(f"{url}/-/settings.json").json()
    wanted = json.loads((ROOT / "settings.json").read_text())
    assert {key: settings[key] for key in wanted} == wanted


def test_the_image_holds_no_tests_data_or_secrets(image: Path) -> None:
    found = {path.name for path in image.iterdir() if path.suffix != ".egg-info"}
    assert found == {
        *(part.split("/")[0] for part in image_parts(ROOT) if part not in ("charts", "exports")),
        ".venv",
    }
    assert (image / "census.db").stat().st_mode & 0o222 == 0


def test_the_image_has_a_font_for_names_in_chinese() -> None:
    assert "fonts-wqy-microhei" in given("RUN")[0]


def test_the_base_is_pinned_by_digest() -> None:
    (base,) = given("FROM")
    assert DIGEST.fullmatch(base)


def test_dependencies_are_locked_with_hashes() -> None:
    installs = [run for run in given("RUN") if "pip install" in run]
    assert len(installs) == 2
    assert "--require-hashes -r requirements.lock" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]


def test_it_runs_as_nobody_and_is_kept_by_whether_it_serves() -> None:
    assert given("USER") == ["1000:1000"]
    (health,) = given("HEALTHCHECK")
    assert "/-/healthz?live=1" in health
    names = [name for name, _ in instructions()]
    assert names.index("USER") > max(at for at, name in enumerate(names) if name == "RUN")


def test_the_image_runs_what_make_serve_runs() -> None:
    (command,) = given("CMD")[-1:]
    assert json.loads(command) == ["sh", "tools/serve"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(
        r"^serve: free-port build\n\tPORT=\$\(PORT\) tools/serve$", makefile, re.MULTILINE
    )


def test_the_space_listens_where_the_image_does() -> None:
    front = (ROOT / "docs/cards/space.md").read_text(encoding="utf-8").split("---")[1]
    port = yaml.safe_load(front)["app_port"]
    assert given("EXPOSE") == [str(port)]
    assert f"PORT={port}" in given("ENV")[0]
