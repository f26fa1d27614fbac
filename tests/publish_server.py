"""A stand-in for the Hub's repositories: the real client publishes to it over loopback.

It takes what huggingface_hub sends to make repositories, to upload files and to commit, keeps every
revision, and tells a listener of each. A large file is given as the Hub gives it: by a redirect to
its storage, with the pointer to Xet beside it. Xet itself is not spoken: whoever follows such a
pointer is refused and told so, with the file's name. Run with HF_HUB_DISABLE_XET=1.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import duckdb
from hub_faults import Answer, json_answer
from hub_server import ROUTES as ARCHIVE_ROUTES
from hub_server import HubServer, Request
from stored_versions import MAIN, Blob, Stored, Version

LARGE = (".db", ".gz", ".parquet", ".png")
TOKEN = "hf_standInToken0123456789"
NAME = r"([^/]+/[^/]+)"
KIND = r"(dataset|space)s"


class PublishServer(HubServer):
    """A Hub that also stores repositories; `committed` is told of each new revision."""

    def __init__(self) -> None:
        super().__init__()
        self.stored: dict[tuple[str, str], Stored] = {}
        self.moved: dict[str, str] = {}
        self.token_role = "fineGrained"
        # Storage is another host than the Hub, to which no token goes.
        self.storage = self.url.replace("127.0.0.1", "localhost") + "/storage"
        self.large: dict[str, bytes] = {}
        self.committed: list[Callable[[str, str, Version], None]] = []
        routes = [(method, re.compile(pattern), route) for method, pattern, route in ROUTES]
        self.routes = [*routes, *self.routes]  # type: ignore[list-item]

    def _route(self, request: Request) -> Answer:
        """Answer for archives as a Hub that nobody publishes to; redirect what was renamed."""
        match = re.match(rf"(?:/api)?/{KIND}/{NAME}(?=/|$|\.git)", request.path)
        if match and match[2] in self.moved:
            target = request.target.replace(match[2], self.moved[match[2]], 1).rstrip("?")
            return Answer(307, b"", {"Location": f"{self.url}{target}"})
        if match and match[2] in self.datasets:
            for method, pattern, route in ARCHIVE_ROUTES:
                found = pattern.fullmatch(request.path)
                if found and method == request.method.replace("HEAD", "GET"):
                    return self.redirected(route(self, request, found))
        return super()._route(request)

    def redirected(self, answer: Answer) -> Answer:
        """Return a redirect to storage in place of a large file of an archive."""
        digest = hashlib.sha256(answer.body).hexdigest()
        if digest not in self.large:
            return answer
        linked = {
            "Location": f"{self.storage}/{digest}",
            "X-Linked-Etag": f'"{digest}"',
            "X-Linked-Size": str(len(answer.body)),
        }
        return Answer(302, b"", {**answer.headers, **linked})

    def add_archive(self, pulse: str, stats: str, rows: list[dict[str, str]], folder: Path) -> None:
        """Add both archives, with the two days before today of models with these all-time counts.

        Their files are large ones: they come by a redirect to storage.
        """
        today = datetime.now(UTC).date()
        days = [today - timedelta(days=back) for back in (2, 1)]
        months: dict[str, list[str]] = {}
        for number, day in enumerate(days):
            values = [
                (row["model_id"], number * 10 + 50, int(row["downloads_all_time"] or 0) + number)
                for row in rows
            ]
            sql = ", ".join(f"('{name}', {recent}, {ever})" for name, recent, ever in values)
            months.setdefault(f"{day:%Y-%m}", []).append(
                f"select id, date '{day}' as day, a as dl30, b as dl_all, 1::bigint as likes"
                f" from (values {sql}) as t (id, a, b)"
            )
            whole = (
                'select id, a as downloads, b as "downloadsAllTime", 1::bigint as likes,'
                " timestamp '2024-01-02 03:04:05' as \"createdAt\""
                f" from (values {sql}) as t (id, a, b)"
            )
            made = self.parquet(folder, whole)
            self.add_commit(stats, f"{day}T23:30:00.000Z", {"models.parquet": made})
        files = {
            f"series/{month}.parquet": self.parquet(folder, " union all ".join(selects))
            for month, selects in months.items()
        }
        self.add_commit(pulse, f"{today}T01:00:00.000Z", files)

    def parquet(self, folder: Path, select: str) -> bytes:
        """Return the Parquet file of a query, which storage has from now on."""
        path = folder / "made.parquet"
        with duckdb.connect() as connection:
            connection.execute(f"copy ({select}) to '{path}' (format parquet)")
        content = path.read_bytes()
        self.large[hashlib.sha256(content).hexdigest()] = content
        return content

    def repository(self, kind: str, name: str) -> Stored:
        """Return a repository that must be there."""
        return self.stored[kind, name]

    def contents(self, kind: str, name: str) -> dict[str, bytes]:
        """Return the files of the newest revision."""
        return {path: blob.content for path, blob in self.repository(kind, name).head.files.items()}


def refused(request: Request) -> Answer | None:
    """Return the answer to a request that may not write."""
    if request.headers.get("authorization") == f"Bearer {TOKEN}":
        return None
    return json_answer({"error": "You don't have the rights"}, 403)


def missing() -> Answer:
    """Return the answer for a repository that is not there."""
    return json_answer({"error": "Repository not found"}, 404, X_Error_Code="RepoNotFound")


def validate_yaml(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """POST /api/validate-yaml: a front matter that names a licence is fine."""
    content = json.loads(request.body)["content"]
    if not content.startswith("---\n") or "\nlicense:" not in content:
        return json_answer({"errors": [{"message": "license is missing"}], "warnings": []}, 400)
    return json_answer({"errors": [], "warnings": []})


def create(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """POST /api/repos/create: a repository with the one file that the Hub writes."""
    if answer := refused(request):
        return answer
    asked = json.loads(request.body)
    kind, name = asked.get("type", "model"), f"{asked['organization']}/{asked['name']}"
    if (kind, name) in hub.stored:
        return json_answer({"error": "exists"}, 409)
    first = Version(revision_id(kind, name, 0), "initial commit", {})
    first.files[".gitattributes"] = Blob(b"*.db filter=lfs\n", False)
    hub.stored[kind, name] = Stored([first], made_as=asked)
    return json_answer({"url": f"{hub.url}/{kind}s/{name}", "name": name})


def revision_id(kind: str, name: str, number: int) -> str:
    """Return the id of a repository's revision by its number."""
    return hashlib.sha1(f"{kind} {name} {number}".encode()).hexdigest()


def info(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """GET /api/KIND/NAME: the newest revision, or the one asked for."""
    stored = hub.stored.get((match[1], match[2]))
    version = stored.at(match[3] or MAIN) if stored else None
    if version is None:
        return missing()
    shown = {"_id": "e" * 24, "id": match[2], "sha": version.id, "private": False, "tags": []}
    return json_answer({**shown, "siblings": [{"rfilename": path} for path in version.files]})


def preupload(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """POST preupload: which files go to large-file storage, and what is there already."""
    if answer := refused(request):
        return answer
    if (match[1], match[2]) not in hub.stored:
        return missing()
    head = hub.repository(match[1], match[2]).head
    files = []
    for asked in json.loads(request.body)["files"]:
        path, there = asked["path"], head.files.get(asked["path"])
        mode = "lfs" if path.endswith(LARGE) else "regular"
        oid = (there.sha256 if there.large else there.oid) if there else None
        files.append({"path": path, "uploadMode": mode, "shouldIgnore": False, "oid": oid})
    return json_answer({"files": files})


def batch(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """POST objects/batch: where to put each large file that is not there yet."""
    if answer := refused(request):
        return answer
    objects = []
    for one in json.loads(request.body)["objects"]:
        entry = {"oid": one["oid"], "size": one["size"]}
        if one["oid"] not in hub.large:
            entry["actions"] = {"upload": {"href": f"{hub.url}/storage/{one['oid']}"}}
        objects.append(entry)
    return json_answer({"transfer": "basic", "objects": objects})


def store(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """PUT /storage/SHA256: the content of a large file."""
    if hashlib.sha256(request.body).hexdigest() != match[1]:
        return json_answer({"error": "wrong hash"}, 400)
    hub.large[match[1]] = request.body
    return Answer(200)


def commit(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """POST commit: a new revision, unless the newest one is not the parent that was named."""
    if answer := refused(request):
        return answer
    stored = hub.stored.get((match[1], match[2]))
    if stored is None:
        return missing()
    lines = [json.loads(line) for line in request.body.splitlines()]
    header = lines[0]["value"]
    if header.get("parentCommit", stored.head.id) != stored.head.id:
        return json_answer({"error": "A commit has happened since"}, 412)
    files = dict(stored.head.files)
    for line in lines[1:]:
        value, path = line["value"], line["value"]["path"]
        if line["key"] == "file":
            files[path] = Blob(base64.b64decode(value["content"]), False)
        elif line["key"] == "lfsFile":
            if value["oid"] not in hub.large:
                return json_answer({"error": f"{path} was not uploaded"}, 400)
            files[path] = Blob(hub.large[value["oid"]], True)
        else:
            del files[path]
    number = len(stored.versions)
    version = Version(revision_id(match[1], match[2], number), header["summary"], files)
    stored.versions.append(version)
    for listener in hub.committed:
        listener(match[1], match[2], version)
    address = f"{hub.url}/{match[1]}s/{match[2]}/commit/{version.id}"
    return json_answer({"success": True, "commitOid": version.id, "commitUrl": address})


def entry(path: str, blob: Blob) -> dict[str, object]:
    """Return how the Hub describes a file."""
    size = len(blob.content)
    shown: dict[str, object] = {"type": "file", "path": path, "size": size, "oid": blob.oid}
    if blob.large:
        shown["lfs"] = {"oid": blob.sha256, "size": size, "pointerSize": 130}
    return shown


def tree(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """GET tree: every file of a revision."""
    stored = hub.stored.get((match[1], match[2]))
    version = stored.at(match[3]) if stored else None
    if version is None:
        return missing()
    return json_answer([entry(path, blob) for path, blob in version.files.items()])


def paths_info(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """POST paths-info: some files of a revision."""
    version = hub.repository(match[1], match[2]).at(match[3])
    if version is None:
        return missing()
    asked = parse_qs(request.body.decode())["paths"]
    return json_answer(
        [entry(path, version.files[path]) for path in asked if path in version.files]
    )


def commits(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """GET commits: the newest first."""
    stored = hub.stored.get((match[1], match[2]))
    if stored is None:
        return missing()
    day = "2026-11-23T04:00:00.000Z"
    return json_answer(
        [
            {"id": one.id, "title": one.title, "message": "", "date": day, "authors": []}
            for one in reversed(stored.versions)
        ]
    )


def tag(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """POST tag: a name for a revision, once."""
    if answer := refused(request):
        return answer
    stored = hub.repository(match[1], match[2])
    name = json.loads(request.body)["tag"]
    if name in stored.tags:
        return json_answer({"error": "tag exists"}, 409)
    stored.tags[name] = stored.head.id
    return json_answer({})


def resolve(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """GET resolve: the content of a file, a large one by a redirect to its storage."""
    stored = hub.stored.get((match[1], match[2]))
    version = stored.at(match[3]) if stored else None
    if version is None or match[4] not in version.files:
        return json_answer({"error": "no entry"}, 404, X_Error_Code="EntryNotFound")
    blob = version.files[match[4]]
    named = {"X-Repo-Commit": version.id, "ETag": f'"{blob.oid}"'}
    if not blob.large:
        return Answer(200, blob.content, named)
    token = f"{hub.url}/api/{match[1]}s/{match[2]}/xet-read-token/{version.id}?path={match[4]}"
    linked = {
        "Location": f"{hub.storage}/{blob.sha256}",
        "X-Linked-Etag": f'"{blob.sha256}"',
        "X-Linked-Size": str(len(blob.content)),
        "X-Xet-Hash": blob.sha256,
        "X-Xet-Refresh-Route": token,
        "Link": f'<{token}>; rel="xet-auth"',
    }
    return Answer(302, b"", {**named, **linked})


def fetch(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """GET /storage/SHA256: a large file, whole or from a byte on."""
    content = hub.large.get(match[1])
    if content is None:
        return json_answer({"error": "no such object"}, 404)
    asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
    start = int(asked[1]) if asked else 0
    span = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if asked else {}
    return Answer(206 if asked else 200, content[start:], {**span, "ETag": f'"{match[1]}"'})


def xet_token(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """GET xet-read-token, xet-write-token: refused, with the name of the file where it is said."""
    named = request.query.get("path", [f"{match[1]} {match[2]}"])[0]
    reason = f"{named} is a pointer to Xet, which is not spoken here: set HF_HUB_DISABLE_XET=1"
    return json_answer({"error": reason}, 400, X_Error_Message=reason)


def whoami(hub: PublishServer, request: Request, match: re.Match[str]) -> Answer:
    """GET /api/whoami-v2: whose token it is and what it may do."""
    if refused(request):
        return json_answer({"error": "Invalid username or password."}, 401)
    user = {"_id": "f" * 24, "type": "user", "name": "someone"}
    scoped = [{"entity": user, "permissions": ["repo.content.read", "repo.write"]}]
    token = {"displayName": "census", "role": hub.token_role, "createdAt": "2026-11-01T00:00:00Z"}
    if hub.token_role == "fineGrained":
        token["fineGrained"] = {"canReadGatedRepos": False, "global": [], "scoped": scoped}
    return json_answer({**user, "orgs": [], "auth": {"type": "access_token", "accessToken": token}})


ROUTES = [
    ("GET", r"/api/whoami-v2", whoami),
    ("POST", r"/api/validate-yaml", validate_yaml),
    ("POST", r"/api/repos/create", create),
    ("GET", rf"/api/{KIND}/{NAME}(?:/revision/([^/]+))?", info),
    ("POST", rf"/api/{KIND}/{NAME}/preupload/[^/]+", preupload),
    ("POST", rf"/{KIND}/{NAME}\.git/info/lfs/objects/batch", batch),
    ("PUT", r"/storage/([0-9a-f]{64})", store),
    ("GET", r"/storage/([0-9a-f]{64})", fetch),
    ("GET", rf"/api/{KIND}/{NAME}/xet-(?:read|write)-token/[^/]+", xet_token),
    ("POST", rf"/api/{KIND}/{NAME}/commit/[^/]+", commit),
    ("GET", rf"/api/{KIND}/{NAME}/tree/([^/]+)", tree),
    ("POST", rf"/api/{KIND}/{NAME}/paths-info/([^/]+)", paths_info),
    ("GET", rf"/api/{KIND}/{NAME}/commits/[^/]+", commits),
    ("POST", rf"/api/{KIND}/{NAME}/tag/[^/]+", tag),
    ("GET", rf"/{KIND}/{NAME}/resolve/([^/]+)/(.+)", resolve),
]
