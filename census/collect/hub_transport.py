"""How requests reach the Hub: a time-out on each, and retries that wait as long as it asks for.

huggingface_hub retries some of its requests, with waits that cannot be set, and others not at all,
and sets no time-out. All its requests go through the client that its factory makes: this one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx2
from huggingface_hub.utils import parse_ratelimit_headers  # type: ignore[attr-defined]

from census.base.printable import printable_line

DEFAULT_ENDPOINT = "https://huggingface.co"
API = "/api/"
MODELS = "/api/models"
# The client asks for a list of coding tools for its own statistics; nothing here needs it.
HARNESSES = "/api/agent-harnesses"
PASSING_STATUSES = (408, 429, 500, 502, 503, 504)
UNREACHED = (httpx2.ConnectError, httpx2.ConnectTimeout)
PASSING_ERRORS = (httpx2.TimeoutException, httpx2.NetworkError, httpx2.RemoteProtocolError)
# An answer that trickles in without ever being late by the time-out ends after so many time-outs.
DEADLINE = 8
# The Hub's windows are of 300 seconds; what asks for more than this is not waited for.
LONGEST_WAIT = 330.0


@dataclass(frozen=True)
class HubSettings:
    """Where the Hub is and how patient to be: seconds, except for `tries` and `threads`.

    The wait before the second try is `backoff`, and doubles with each further one.
    """

    endpoint: str = DEFAULT_ENDPOINT
    token: str | None = field(default=None, repr=False)
    timeout: float = 15.0
    tries: int = 5
    backoff: float = 1.0
    threads: int = 8
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)


class HubError(Exception):
    """The Hub did not answer as it should, after all tries."""


class UnreachableError(HubError):
    """No connection to the Hub could be made, after all tries: the network, not an answer."""


def make_client(settings: HubSettings) -> httpx2.Client:
    """Return the HTTP client that huggingface_hub uses for every request."""
    return httpx2.Client(transport=PatientTransport(settings), follow_redirects=True)


class PatientTransport(httpx2.BaseTransport):
    """Sends requests with a time-out and tries again on errors that may pass.

    Answers of the API are read whole here, so that one that breaks off is tried again too; the
    bodies of downloads are left to huggingface_hub, which resumes them.
    """

    def __init__(self, settings: HubSettings) -> None:
        self._settings = settings
        self._inner = httpx2.HTTPTransport()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer; raises HubError when every try met an error that should pass.

        It is an UnreachableError when the last try made no connection.
        """
        if request.url.path == HARNESSES:
            return httpx2.Response(404, request=request)
        # A body that is read from a file is spent by the first try: without this, one broken
        # connection ended every upload of a large file.
        request.read()
        settings = self._settings
        seconds = settings.timeout
        limits = {"connect": seconds, "read": seconds, "write": seconds, "pool": None}
        request.extensions = {**request.extensions, "timeout": limits}
        wait = settings.backoff
        for attempt in range(1, settings.tries + 1):
            asked_wait = None
            kind = HubError
            try:
                response = self._send(request)
            except PASSING_ERRORS as error:
                fault = _reason(error, seconds)
                kind = UnreachableError if isinstance(error, UNREACHED) else HubError
            else:
                fault = fault_of(response, request.url.path)
                if not fault:
                    return response
                asked_wait = wait_of(response)
            pause = wait if asked_wait is None else asked_wait
            if attempt == settings.tries or pause > LONGEST_WAIT:
                break
            settings.sleep(pause)
            wait *= 2
        tried = "once" if attempt == 1 else f"{attempt} times"
        raise kind(f"{printable_line(fault, settings.token)} (tried {tried})")

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        response = self._inner.handle_request(request)
        if not request.url.path.startswith(API) and response.status_code not in PASSING_STATUSES:
            return response
        deadline = time.monotonic() + DEADLINE * self._settings.timeout
        chunks = []
        try:
            for chunk in response.iter_raw():
                chunks.append(chunk)
                if time.monotonic() > deadline:
                    raise httpx2.ReadTimeout("the answer takes too long", request=request)
        finally:
            response.close()
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=httpx2.ByteStream(b"".join(chunks)),
            request=request,
            extensions=response.extensions,
        )


def fault_of(response: httpx2.Response, path: str) -> str:
    """Return the fault of an answer that may be right the next time, "" where there is none.

    A body that is not a list of models is such a fault: pages of proxies and cut answers come
    with status 200.
    """
    status = response.status_code
    if status in PASSING_STATUSES:
        return f"the Hub answers {status} {HTTPStatus(status).phrase}"
    if status == HTTPStatus.OK and path == MODELS:
        try:
            models = json.loads(response.read())
        except ValueError:
            models = None
        if not isinstance(models, list) or not all(isinstance(model, dict) for model in models):
            return f"the response is not a JSON list of models: {response.text[:80]!r}"
    return ""


def wait_of(response: httpx2.Response) -> float | None:
    """Return how many seconds the Hub asks to wait, if it does (RateLimit, then Retry-After)."""
    limit = parse_ratelimit_headers(response.headers)
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS and limit and limit.remaining == 0:
        return float(limit.reset_in_seconds)
    retry_after = response.headers.get("Retry-After", "").strip()
    return float(retry_after) if retry_after.isdecimal() else None


def _reason(error: Exception, seconds: float) -> str:
    if isinstance(error, httpx2.TimeoutException):
        return f"no answer within {seconds:g} seconds"
    return f"the connection broke: {error or type(error).__name__}"
