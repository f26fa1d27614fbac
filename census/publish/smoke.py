"""The smoke test of a reachable site: is it complete, fresh, open and fast enough?

It asks over HTTP only, so that it says the same of a site on this machine and of the live one.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any, NamedTuple

import httpx2

from census.database.status import fewer_rows
from census.publish.live import served_databases
from census.site.site import DATABASE, age_in_days

PAGES = ("/", "/questions", "/methodology", "/quality", "/downloads", "/status", f"/{DATABASE}")
CHART = "share_by_country"
PNG = b"\x89PNG\r\n\x1a\n"
SMALLEST_PNG = 2000
TIMEOUT = 60.0
# A cold start of a small container answers within this; a warm site within a tenth of it.
SLOWEST = 10.0
ALLOW_STALE = "if that is as it should be, allow it with --allow-stale or CENSUS_ALLOW_STALE=1"
POLICIES = ("content-security-policy", "referrer-policy", "x-content-type-options")


class SmokeError(Exception):
    """A check of the site failed."""


@dataclass(frozen=True)
class Expectation:
    """The expected state of the site; empty values are not compared.

    `rows` are the least rows a table; `questions` the names of the canned queries; `slowest` the
    most seconds that one answer may take.
    """

    questions: tuple[str, ...]
    rows: Mapping[str, int] = field(default_factory=dict)
    sha256: str = ""
    through: str = ""
    allow_stale: bool = False
    slowest: float = SLOWEST


class CheckResult(NamedTuple):
    """One check: what it found, or why it failed."""

    name: str
    passed: bool
    finding: str


class TestedSite:
    """A client of the tested site that keeps the time of each answer."""

    def __init__(self, url: str, expected: Expectation) -> None:
        self.url = url.rstrip("/")
        self.expected = expected
        self.times: dict[str, float] = {}
        self._client = httpx2.Client(timeout=TIMEOUT, follow_redirects=True)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str, *statuses: int) -> httpx2.Response:
        """Return an answer; raises SmokeError for a status that is not among those (200)."""
        started = time.perf_counter()
        try:
            response = self._client.get(f"{self.url}{path}")
        except httpx2.HTTPError as error:
            raise SmokeError(f"{path}: no answer ({type(error).__name__}: {error})") from None
        self.times[path] = time.perf_counter() - started
        if response.status_code not in (statuses or (200,)):
            raise SmokeError(f"{path}: status {response.status_code}: {response.text[:200]!r}")
        return response

    def json(self, path: str, *statuses: int) -> Any:
        """Return the JSON of an answer."""
        response = self.get(path, *statuses)
        try:
            return response.json()
        except ValueError:
            raise SmokeError(f"{path}: no JSON: {response.text[:200]!r}") from None

    def download(self, path: str) -> tuple[int, str]:
        """Return the bytes and the SHA-256 of a file, read in pieces."""
        digest, size = hashlib.sha256(), 0
        try:
            with self._client.stream("GET", f"{self.url}{path}") as response:
                if response.status_code != 200:
                    raise SmokeError(f"{path}: status {response.status_code}")
                for piece in response.iter_bytes():
                    digest.update(piece)
                    size += len(piece)
        except httpx2.HTTPError as error:
            raise SmokeError(f"{path}: broke off ({type(error).__name__}: {error})") from None
        return size, digest.hexdigest()


def check_health(site: TestedSite) -> str:
    """The site serves, has data, and they are fresh (or may be stale)."""
    site.get("/-/healthz?live=1")
    health = site.json("/-/healthz", 200, 503)
    if not health.get("data_through") or not health.get("models"):
        raise SmokeError(f"no data: {health.get('error', health)}")
    if not health["ok"]:
        reason = str(health.get("error", health))
        if age_in_days(health["data_through"]) <= health["stale_after_days"]:
            raise SmokeError(reason)
        if not site.expected.allow_stale:
            raise SmokeError(f"{reason}; {ALLOW_STALE}")
    return f"{health['models']:,} models, {health['observations']:,} observations"


def check_latest_date(site: TestedSite) -> str:
    """The data end on the day that the build says, not in the future, not too long ago."""
    health = site.json("/-/healthz", 200, 503)
    through = str(health.get("data_through"))
    expected_day = site.expected.through
    if expected_day and through != expected_day:
        raise SmokeError(f"the data end on {through}; the build's end on {expected_day}")
    try:
        age = age_in_days(through)
    except ValueError:
        raise SmokeError(f"{through!r} is not a date") from None
    if date.fromisoformat(through) > datetime.now(UTC).date():
        raise SmokeError(f"the data end on {through}, which is in the future")
    if age > health["stale_after_days"] and not site.expected.allow_stale:
        raise SmokeError(f"the data end on {through}, {age} days ago; {ALLOW_STALE}")
    return through


def check_rows(site: TestedSite) -> str:
    """No table of facts has fewer rows than the last build that was published."""
    tables = site.json(f"/{DATABASE}.json")["tables"]
    counts = {table["name"]: int(table["count"] or 0) for table in tables}
    if fewer := fewer_rows(site.expected.rows, counts):
        raise SmokeError("; ".join(fewer))
    if not site.expected.rows:
        return "nothing recorded to compare with"
    return f"{len(site.expected.rows)} tables not smaller than recorded"


def check_questions(site: TestedSite) -> str:
    """Every canned query answers with JSON rows."""
    faults, empty = [], []
    for name in site.expected.questions:
        try:
            rows = site.json(f"/{DATABASE}/{name}.json?_shape=array")
        except SmokeError as error:
            faults.append(str(error))
            continue
        if not isinstance(rows, list):
            faults.append(f"{name}: {str(rows)[:200]}")
        elif not rows:
            empty.append(name)
    if faults:
        raise SmokeError("; ".join(faults))
    if len(empty) == len(site.expected.questions):
        raise SmokeError("no question has any row")
    empty_words = f"; without rows: {', '.join(empty)}" if empty else ""
    return f"{len(site.expected.questions)} questions{empty_words}"


def check_shares(site: TestedSite) -> str:
    """The shares of every month sum to 100 (to the digits that are shown)."""
    rows = site.json(f"/{DATABASE}/{CHART}.json?_shape=array")
    rows.sort(key=lambda row: str(row["month"]))
    months = 0
    for month, group in groupby(rows, key=lambda row: row["month"]):
        shares = [float(row["share_pct"]) for row in group]
        months += 1
        if abs(sum(shares) - 100) > 0.01 * len(shares):
            raise SmokeError(f"the shares of {month} sum to {sum(shares):.2f}")
    if not months:
        raise SmokeError("no month has a share")
    return f"{months} months"


def check_csv(site: TestedSite) -> str:
    """A question's CSV has a header and rows, for every origin."""
    response = site.get(f"/{DATABASE}/{CHART}.csv")
    lines = response.text.splitlines()
    if len(lines) < 2 or not lines[0].startswith("month,"):
        raise SmokeError(f"no CSV of shares: {response.text[:200]!r}")
    _allow_origin(response, "CSV")
    return f"{len(lines) - 1} rows"


def check_chart(site: TestedSite) -> str:
    """A chart is a PNG file of some size."""
    response = site.get(f"/{DATABASE}/{CHART}.png")
    if not response.content.startswith(PNG) or len(response.content) < SMALLEST_PNG:
        raise SmokeError(f"no PNG: {len(response.content)} bytes of {_type(response)}")
    return f"{len(response.content):,} bytes"


def check_embed(site: TestedSite) -> str:
    """An embed is a page that other sites may frame, with the chart in it."""
    response = site.get(f"/-/embed/{CHART}")
    text = response.text
    if "html" not in _type(response) or not ("<img" in text or "<svg" in text):
        raise SmokeError(f"no page with a chart: {text[:200]!r}")
    if "x-frame-options" in response.headers:
        raise SmokeError("x-frame-options keeps other sites from framing it")
    return f"{len(response.content):,} bytes"


def check_cors(site: TestedSite) -> str:
    """JSON may be read from every origin, and the header is sent once."""
    response = site.get(f"/{DATABASE}/{CHART}.json?_shape=array")
    _allow_origin(response, "JSON")
    return "every origin may read JSON"


def check_policies(site: TestedSite) -> str:
    """Pages of the census come with the headers that protect readers."""
    for path in PAGES:
        response = site.get(path)
        missing = [name for name in POLICIES if path == "/" and name not in response.headers]
        if missing:
            raise SmokeError(f"/ comes without {', '.join(missing)}")
    return f"{len(PAGES)} pages"


def check_download(site: TestedSite) -> str:
    """The database can be downloaded, and is the one that the site names and the build made."""
    databases = served_databases(site.json("/-/databases.json"))
    if list(databases) != [DATABASE]:
        raise SmokeError(f"the databases are {', '.join(databases) or 'none'}; expected {DATABASE}")
    size, digest = site.download(f"/{DATABASE}.db")
    if digest != databases[DATABASE]:
        raise SmokeError(f"the file's hash is {digest}; the site names {databases[DATABASE]}")
    if site.expected.sha256 and digest != site.expected.sha256:
        raise SmokeError(f"the file's hash is {digest}; the build's is {site.expected.sha256}")
    return f"{size:,} bytes, {digest[:12]}"


def check_times(site: TestedSite) -> str:
    """No answer took too long; names the slowest."""
    slowest = sorted(site.times.items(), key=lambda item: -item[1])
    text = ", ".join(f"{path} {seconds:.2f} s" for path, seconds in slowest[:3])
    if slowest and slowest[0][1] > site.expected.slowest:
        raise SmokeError(f"slower than {site.expected.slowest:g} s: {text}")
    return f"slowest: {text}"


def _allow_origin(response: httpx2.Response, name: str) -> None:
    values = response.headers.get_list("access-control-allow-origin")
    if values != ["*"]:
        raise SmokeError(f"{name}: access-control-allow-origin is {values}; expected one *")


def _type(response: httpx2.Response) -> str:
    return str(response.headers.get("content-type", "no type"))


# The check of times comes last, since it looks at the times of all the other requests.
CHECKS: Mapping[str, Callable[[TestedSite], str]] = {
    "health": check_health,
    "latest date": check_latest_date,
    "row counts": check_rows,
    "questions": check_questions,
    "shares": check_shares,
    "csv": check_csv,
    "chart": check_chart,
    "embed": check_embed,
    "cors": check_cors,
    "pages and headers": check_policies,
    "download": check_download,
    "response times": check_times,
}


def smoke(url: str, expected: Expectation, names: Iterable[str] = CHECKS) -> list[CheckResult]:
    """Return the results of the checks, all of them, whether or not one fails."""
    site = TestedSite(url, expected)
    results = []
    try:
        for name in names:
            try:
                results.append(CheckResult(name, True, CHECKS[name](site)))
            except SmokeError as error:
                results.append(CheckResult(name, False, str(error)))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                finding = f"an answer of another shape ({type(error).__name__}: {error})"
                results.append(CheckResult(name, False, finding))
    finally:
        site.close()
    return results
