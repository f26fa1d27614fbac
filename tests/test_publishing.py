"""Publishing with the real client to a stand-in host: both or none, and the way back."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hub_faults import error, reset, too_many
from huggingface_hub import HfApi, constants
from huggingface_hub.errors import HfHubHTTPError
from publish_server import TOKEN, PublishServer

from build_db import cli
from census.base.csv_files import DataError
from census.cli.export import export_command
from census.publish import hosting
from census.publish.hosting import Repository, host
from census.publish.publishing import (
    RECORD,
    PublishError,
    check_build,
    files_under,
    gzipped,
    image_parts,
    make_target,
    publish,
    restore,
    restore_to,
)
from census.publish.rehearsing import check_token, plan

ROOT = Path(__file__).parent.parent
DATASET = Repository("dataset", "someone/census")
SPACE = Repository("space", "someone/census-site")
TARGET = make_target(DATASET.name, SPACE.name)


@pytest.fixture(autouse=True)
def plain_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large files by plain HTTP: the stand-in has no Xet storage."""
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)


@pytest.fixture
def hub() -> Iterator[PublishServer]:
    """A stand-in host without repositories."""
    with PublishServer() as server:
        yield server


@pytest.fixture
def api(hub: PublishServer) -> Iterator[HfApi]:
    """The client of the host."""
    with host(hub.url, TOKEN, backoff=0) as client:
        yield client


def status_of(content: bytes) -> dict[str, Any]:
    """Return a status for a database with this content."""
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "through": {"frontier": "2026-11-23"},
        "rows": {"models": 1234, "history": 56789},
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A directory that looks like a built site."""
    for part in image_parts(ROOT):
        if part in ("charts", "exports", "census.db", "inspect-data.json", "status.json"):
            continue
        path = tmp_path / part
        path.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            path /= "file.txt"
            path.parent.mkdir()
        path.write_text(f"{part}\n")
    (tmp_path / "census/__pycache__").mkdir()
    (tmp_path / "census/__pycache__/site.pyc").write_bytes(b"0")
    for name in ("Dockerfile", ".dockerignore", "docs/cards/space.md", "docs/cards/dataset.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "data/observations/hub/2026").mkdir(parents=True)
    (tmp_path / "data/observations/hub/2026/2026-11-23.csv").write_text("model_id\nQwen/A\n")
    (tmp_path / "data/.lock").write_text("")
    rebuild(tmp_path, b"first database")
    return tmp_path


def rebuild(root: Path, content: bytes) -> dict[str, Any]:
    """Put another database into the site; return its status."""
    status = status_of(content)
    (root / "census.db").write_bytes(content)
    (root / "inspect-data.json").write_text(json.dumps({"census": {"hash": status["sha256"]}}))
    (root / "status.json").write_text(json.dumps(status))
    (root / "charts" / status["sha256"]).mkdir(parents=True, exist_ok=True)
    (root / "charts" / status["sha256"] / "chart.svg").write_text("<svg/>")
    return status


def quiet(_text: str) -> None:
    """Say nothing."""


def test_both_repositories_are_made_and_filled(hub: PublishServer, api: HfApi, root: Path) -> None:
    status = status_of(b"first database")
    publish(api, root, status, TARGET, quiet)
    data, site = hub.contents(*DATASET), hub.contents(*SPACE)
    assert data["census.db"] == site["census.db"] == b"first database"
    assert gzip.decompress(data["census.db.gz"]) == b"first database"
    assert "data/observations/hub/2026/2026-11-23.csv" in data
    assert b"sdk: docker" in site["README.md"]
    assert b"1,234 models" in data["README.md"]
    assert hub.repository(*SPACE).made_as["sdk"] == "docker"
    assert hub.repository(*DATASET).head.files["census.db"].large
    wrong = [path for path in {*data, *site} if "__pycache__" in path or path == "data/.lock"]
    assert wrong == []


def test_the_site_gets_exactly_what_the_image_needs(
    hub: PublishServer, api: HfApi, root: Path
) -> None:
    publish(api, root, status_of(b"first database"), TARGET, quiet)
    tops = {path.split("/")[0] for path in hub.contents(*SPACE)}
    own = {"Dockerfile", ".dockerignore", ".gitattributes", "README.md"}
    assert tops == {part.split("/")[0] for part in image_parts(ROOT)} - {"exports"} | own


def test_exports_go_along_when_they_are_there(hub: PublishServer, api: HfApi, root: Path) -> None:
    (root / "exports").mkdir()
    (root / "exports/labs.csv").write_text("lab\nqwen\n")
    publish(api, root, status_of(b"first database"), TARGET, quiet)
    assert hub.contents(*DATASET)["exports/labs.csv"] == b"lab\nqwen\n"
    assert hub.contents(*SPACE)["exports/labs.csv"] == b"lab\nqwen\n"


def test_a_later_version_replaces_the_files(hub: PublishServer, api: HfApi, root: Path) -> None:
    publish(api, root, status_of(b"first database"), TARGET, quiet)
    (root / "data/observations/hub/2026/2026-11-23.csv").rename(root / "data/moved.csv")
    second = rebuild(root, b"second database")
    publish(api, root, second, TARGET, quiet)
    data, site = hub.contents(*DATASET), hub.contents(*SPACE)
    assert "data/moved.csv" in data
    assert "data/observations/hub/2026/2026-11-23.csv" not in data
    assert [path for path in site if path.startswith("charts/")] == [
        f"charts/{second['sha256']}/chart.svg"
    ]
    assert hub.repository(*SPACE).head.title.endswith(second["sha256"][:12])


def test_a_failure_half_way_takes_back_what_was_shown(
    hub: PublishServer, api: HfApi, root: Path
) -> None:
    publish(api, root, status_of(b"first database"), TARGET, quiet)
    before = hub.contents(*DATASET), hub.contents(*SPACE)
    hub.fail(r"^/api/spaces/.*/commit/", error(500), times=hosting.TRIES)
    with pytest.raises(PublishError, match="half-way") as caught:
        publish(api, root, rebuild(root, b"second database"), TARGET, quiet)
    assert "is as it was before" in str(caught.value)
    assert (hub.contents(*DATASET), hub.contents(*SPACE)) == before
    assert len(hub.repository(*DATASET).versions) == 4


def test_a_failed_upload_shows_nothing(hub: PublishServer, api: HfApi, root: Path) -> None:
    publish(api, root, status_of(b"first database"), TARGET, quiet)
    hub.fail(r"^/storage/", error(500))
    with pytest.raises(PublishError, match="nothing was published"):
        publish(api, root, rebuild(root, b"second database"), TARGET, quiet)
    assert len(hub.repository(*DATASET).versions) == len(hub.repository(*SPACE).versions) == 2


def test_a_host_that_leaves_files_out_is_not_believed(
    hub: PublishServer, api: HfApi, root: Path
) -> None:
    publish(api, root, status_of(b"first database"), TARGET, quiet)
    before = hub.contents(*SPACE)
    second = rebuild(root, b"second database")
    hub.committed.append(
        lambda kind, _name, version: kind == "space" and version.files.pop("settings.json", None)
    )
    with pytest.raises(PublishError, match=r"left out settings\.json"):
        publish(api, root, second, TARGET, quiet)
    hub.committed.clear()
    assert before["census.db"] == hub.contents(*SPACE)["census.db"]


def test_restore_returns_to_what_was_there(hub: PublishServer, api: HfApi, root: Path) -> None:
    publish(api, root, status_of(b"first database"), TARGET, quiet)
    before = hub.contents(*DATASET), hub.contents(*SPACE)
    publish(api, root, rebuild(root, b"second database"), TARGET, quiet)
    uploads = hub.counted(r"^/storage/")
    assert restore(api, root, quiet)
    assert (hub.contents(*DATASET), hub.contents(*SPACE)) == before
    assert hub.counted(r"^/storage/") == uploads
    assert not (root / RECORD).exists()
    assert not restore(api, root, quiet)


def test_restore_to_a_revision_and_the_list_of_them(
    hub: PublishServer, api: HfApi, root: Path
) -> None:
    for content in (b"first database", b"second database", b"third database"):
        publish(api, root, rebuild(root, content), TARGET, quiet)
    shown = hosting.revisions(api, SPACE)
    assert [one.title.split(", ")[0] for one in shown[:3]] == ["Data through 2026-11-23"] * 3
    restore_to(api, SPACE, shown[2].id, quiet)
    assert hub.contents(*SPACE)["census.db"] == b"first database"
    with pytest.raises(PublishError, match="not restored"):
        restore_to(api, SPACE, "f" * 40, quiet)


def test_somebody_else_s_commit_is_not_overwritten(
    hub: PublishServer, api: HfApi, root: Path
) -> None:
    old = hosting.ensure_repository(api, SPACE)
    hosting.commit(api, SPACE, hosting.stage(api, SPACE, {"a": b"1"}, old), "first", old)
    late = hosting.stage(api, SPACE, {"a": b"2"}, old)
    with pytest.raises(HfHubHTTPError, match="412"):
        hosting.commit(api, SPACE, late, "late", old)
    assert hub.contents(*SPACE)["a"] == b"1"


def test_a_token_that_may_not_write_is_refused_and_never_shown(
    hub: PublishServer, root: Path
) -> None:
    wrong = "hf_aTokenThatMayNotWrite99"
    with host(hub.url, wrong, backoff=0) as api, pytest.raises(PublishError) as caught:
        publish(api, root, status_of(b"first database"), TARGET, quiet)
    assert "403" in str(caught.value)
    assert wrong not in str(caught.value)
    assert hub.stored == {}


def test_only_one_build_is_published(root: Path) -> None:
    (root / "census.db").write_bytes(b"another database")
    with pytest.raises(DataError, match="build again"):
        check_build(root, status_of(b"first database"))


def test_a_tag_is_given_once(hub: PublishServer, api: HfApi, root: Path) -> None:
    publish(api, root, status_of(b"first database"), TARGET, quiet)
    hosting.tag(api, DATASET, "2026-11")
    hosting.tag(api, DATASET, "2026-11")
    assert hub.repository(*DATASET).tags == {"2026-11": hub.repository(*DATASET).head.id}


def test_a_dry_run_says_what_would_be_written_and_writes_nothing(
    hub: PublishServer, api: HfApi, root: Path
) -> None:
    said: list[str] = []
    plan(api, root, status_of(b"first database"), TARGET, said.append)
    assert [line.split(";")[0] for line in said] == [
        f"{DATASET}: would be made",
        f"{SPACE}: would be made",
    ]
    assert hub.stored == {}
    publish(api, root, status_of(b"first database"), TARGET, quiet)
    (root / "data/observations/hub/2026/2026-11-23.csv").rename(root / "data/moved.csv")
    plan(api, root, status_of(b"first database"), TARGET, said.append)
    assert said[2].endswith("1 names that are new, 1 that would go")
    assert len(hub.repository(*DATASET).versions) == 2


def test_a_token_is_checked_before_anything_is_made(hub: PublishServer, api: HfApi) -> None:
    assert check_token(api, TARGET)[1:] == [
        f"it may write to {DATASET}",
        f"it may write to {SPACE}",
    ]
    with pytest.raises(PublishError, match="may not write to space other/site"):
        check_token(api, make_target(DATASET.name, "other/site"))
    hub.token_role = "write"
    assert "a fine-grained one would be safer" in check_token(api, TARGET)[-1]
    hub.token_role = "read"
    with pytest.raises(PublishError, match="may not write to dataset someone/census and space"):
        check_token(api, TARGET)
    wrong = CliRunner(env={"HF_TOKEN": "hf_wrong000000", "HF_ENDPOINT": hub.url})
    refused = wrong.invoke(cli, ["check-token", "--dataset", DATASET.name])
    assert refused.exit_code == 1
    assert "Invalid user token" in refused.output
    assert "hf_wrong" not in refused.output


def test_a_large_file_is_fetched_from_its_storage_and_never_over_xet(
    hub: PublishServer, api: HfApi, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(api, root, status_of(b"first database"), TARGET, quiet)
    hub.moved["someone/before"] = DATASET.name
    for name in (DATASET.name, "someone/before"):
        where = tmp_path / name.replace("/", "-")
        path = api.hf_hub_download(name, "census.db", repo_type="dataset", local_dir=where)
        assert Path(path).read_bytes() == b"first database"
    # Whoever speaks Xet all the same is told so, with the file's name.
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", False)
    with pytest.raises(HfHubHTTPError, match=r"census\.db is a pointer to Xet"):
        api.hf_hub_download(
            DATASET.name, "census.db", repo_type="dataset", local_dir=tmp_path / "xet"
        )


def test_every_call_that_publishing_makes_is_answered_by_the_stand_in(
    hub: PublishServer, api: HfApi, root: Path
) -> None:
    source = "".join(
        (ROOT / "census/publish" / name).read_text() for name in ("hosting.py", "rehearsing.py")
    )
    calls = set(re.findall(r"\bapi\.([a-z_]+)\(", source))
    made: set[str] = set()

    class Watched:
        """The client, which notes what it is asked for."""

        token = TOKEN

        def __getattr__(self, name: str) -> Any:
            made.add(name)
            return getattr(api, name)

    client: Any = Watched()
    check_token(client, TARGET)
    publish(client, root, status_of(b"first database"), TARGET, quiet)
    publish(client, root, rebuild(root, b"second database"), TARGET, quiet)
    restore(client, root, quiet)
    hosting.revisions(client, SPACE)
    hosting.tag(client, DATASET, "2026-11")
    assert calls == made


def test_a_busy_host_is_asked_again(hub: PublishServer, api: HfApi, root: Path) -> None:
    hub.latency = 0.01
    hub.fail("/preupload/", too_many(0), times=1)
    hub.fail("/info/lfs/", error(503), times=1)
    hub.fail("/storage/", reset, times=1)
    publish(api, root, status_of(b"first database"), TARGET, quiet)
    assert hub.contents(*SPACE)["census.db"] == b"first database"


def test_packing_is_the_same_every_time() -> None:
    assert gzipped(b"census") == gzipped(b"census")
    assert gzip.decompress(gzipped(b"census")) == b"census"


def test_the_image_has_every_part_of_the_site() -> None:
    parts = image_parts(ROOT)
    for name in ("plugins", "templates", "static", "canned_queries", "metadata.yml", "census.db"):
        assert name in parts
    assert not any(part.startswith(("data", ".git", "tests")) for part in parts)
    assert not any("__pycache__" in path.parts for path in files_under(ROOT / "census"))


def test_an_export_is_published_with_its_database_in_one_commit(
    hub: PublishServer, root: Path, small_export: Path
) -> None:
    rebuild(root, (small_export.parent / "census.db").read_bytes())
    runner = CliRunner(env={"HF_TOKEN": TOKEN, "HF_ENDPOINT": hub.url})
    where = ["--db", str(root / "census.db"), "--publish", "--dataset", DATASET.name]
    elsewhere = runner.invoke(export_command, [*where, "--out", str(root / "other")])
    assert elsewhere.exit_code == 2
    assert "beside the database" in elsewhere.output
    result = runner.invoke(export_command, [*where, "--out", str(root / "exports")])
    assert result.exit_code == 0, result.output
    assert TOKEN not in result.output
    published = hub.contents(*DATASET)
    for path in ("census.db", "README.md", "exports/datapackage.json", "exports/SHA256SUMS"):
        assert path in published
    assert published["exports/SHA256SUMS"] == (root / "exports/SHA256SUMS").read_bytes()
    titles = [version.title for version in hub.repository(*DATASET).versions]
    assert len([title for title in titles if title.startswith("Data through")]) == 1
