"""The image: its Dockerfile's steps, run in a clean directory and environment, make the site.

No container engine is needed: the steps are few and have no absolute paths.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import yaml
from filelock import FileLock
from small_data import small_repository

from census.base.files import sha256_of
from census.database.status import write_status
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


def environment_of(folder: Path) -> dict[str, str]:
    """Return what the Dockerfile's steps are run with."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    python = programs / "python"
    python.unlink(missing_ok=True)
    python.symlink_to(os.path.realpath(sys.executable))
    # Where packages come from belongs to the machine; everything else is the Dockerfile's.
    environment = {key: value for key, value in os.environ.items() if key.startswith("PIP_")}
    environment["PATH"] = f"{programs}:/usr/bin:/bin"
    for rest in given("ENV"):
        environment.update(dict(pair.split("=", 1) for pair in shlex.split(rest)))
    return environment


def take(steps: list[tuple[str, str]], context: Path, app: Path) -> None:
    """Run COPY and RUN of some steps of the Dockerfile in /app."""
    environment = environment_of(app.parent)
    for name, rest in steps:
        if name == "COPY":
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


def installed(steps: list[tuple[str, str]], shelf: Path) -> Path:
    """Return an /app after the first steps, which follow from the locked packages alone.

    As a container engine keeps its layers, it is kept until these steps or packages change. An
    environment cannot be moved, so that it is made where it stays.
    """
    lock = (ROOT / "requirements.lock").read_bytes()
    made_of = f"{sys.version} {os.path.realpath(sys.executable)} {steps}".encode() + lock
    layer = shelf / f"image-{hashlib.sha256(made_of).hexdigest()[:16]}"
    app, done = layer / "app", layer / "done"
    if not done.exists():
        for old in shelf.glob("image-*/"):
            shutil.rmtree(old)
        app.mkdir(parents=True)
        take(steps, ROOT, app)
        done.touch()
    for path in app.iterdir():
        if path.name != ".venv":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return app


@pytest.fixture(scope="module")
def image(
    few_db: Path, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Path]:
    """Take the Dockerfile's steps on a built site; give what is then in /app."""
    context = tmp_path_factory.mktemp("context")
    small_repository(context)
    for name in ("census.db", "inspect-data.json"):
        shutil.copy(few_db.with_name(name), context)
    mark = sha256_of(few_db)
    write_status(context / "census.db", {}, {}, mark, {}, {})
    # What only a build leaves may be missing there: no charts were drawn.
    (context / "charts").mkdir()
    shelf = pytestconfig.cache.mkdir("census")
    steps = instructions()
    whole = steps.index(("COPY", ". ./"))
    with FileLock(shelf / ".image.lock"):
        app = installed(steps[:whole], shelf)
        take([("COPY", "requirements.lock ./"), *steps[whole:]], context, app)
        yield app


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
