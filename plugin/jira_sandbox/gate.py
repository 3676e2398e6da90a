"""The door to the application: it logs requests, makes faults happen, and lets one request in at a time."""

import json
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from jira_sandbox.clock import stamp
from jira_sandbox.faults import CUT, FailingCall
from jira_sandbox.state import State

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_REASONS = {
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 408: "Request Timeout",
    409: "Conflict", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip


LOGGED = 200_000
"""Requests that the log holds at most; when it is full, the oldest tenth goes."""
FLAVOUR = "jira_sandbox.flavour"
"""The key of a request's environment that tells the server around which kind of Jira has answered."""


class Cut(ConnectionAbortedError):
    """The connection ends without an answer. Raised out of the WSGI application: the server then just closes."""


class Gate:
    """WSGI middleware around the sandbox's application. Faults befall Jira's REST API only, never `/sandbox`."""

    def __init__(
        self, application: "WSGIApplication", state: State, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.application = application
        self.state = state
        self.sleep = sleep

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "")
        environ[FLAVOUR] = self.state.flavour
        if self._internal(path):
            with self.state.lock:
                return self._run(environ)(start_response)
        failing, limited, rest = None, False, path.startswith("/rest/")
        if rest:
            with self.state.lock:
                self.state.arrived += 1
                failing, limited = self.state.faults.arrive()
                latency = self.state.faults.latency_ms
            if latency:
                self.sleep(latency / 1000)
        with self.state.lock:
            try:
                self._host(environ)
                answer = self._answer(environ, failing, limited=limited)
                self._log(environ, answer.status)
            finally:
                self.state.answered += rest
        if answer.status == CUT:
            raise Cut(f"The sandbox cut the connection of {environ['REQUEST_METHOD']} {path} as it was told to.")
        return answer(start_response)

    @staticmethod
    def _internal(path: str) -> bool:
        return path == "/sandbox" or path.startswith("/sandbox/")

    def _host(self, environ: "WSGIEnvironment") -> None:
        """Addresses in answers begin with the host that the client reached us by."""
        self.state.base_url = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST') or environ['SERVER_NAME']}"

    def _answer(self, environ: "WSGIEnvironment", failing: FailingCall | None, *, limited: bool) -> "Answer":
        if failing is not None and failing.when == "before":
            return _failure(failing.status)
        if limited:
            return self._too_many()
        found = self._run(environ)
        return _failure(failing.status) if failing is not None else found

    def _run(self, environ: "WSGIEnvironment") -> "Answer":
        captured: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
            captured.update(status=status, headers=headers)
            return lambda _: None

        body = self.application(environ, start_response)
        try:
            content = b"".join(body)
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
        return Answer(int(captured["status"].split()[0]), captured["status"], captured["headers"], content)

    def _too_many(self) -> "Answer":
        headers = [
            ("Retry-After", str(self.state.faults.retry_after)),
            ("X-RateLimit-Limit", "100"),
            ("X-RateLimit-Remaining", "0"),
        ]
        if self.state.datacenter:
            own = [("X-RateLimit-FillRate", "10"), ("X-RateLimit-Interval-Seconds", "1")]
        else:
            own = [("RateLimit-Reason", "jira-burst-based"), ("X-RateLimit-Reset", stamp(self.state.clock.now()))]
        return _failure(429, "Rate limit exceeded.", [*headers, *own])

    def _log(self, environ: "WSGIEnvironment", status: int | str) -> None:
        requests = self.state.requests
        if len(requests) >= LOGGED:
            del requests[: LOGGED // 10]
        requests.append(
            {
                "method": environ["REQUEST_METHOD"],
                "path": environ.get("PATH_INFO", ""),
                "query": environ.get("QUERY_STRING", ""),
                "status": status,
            }
        )


class Answer:
    """A whole response, held back until the gate lets it out."""

    def __init__(self, status: int | str, line: str, headers: list[tuple[str, str]], content: bytes) -> None:
        self.status = status
        self.line = line
        self.headers = headers
        self.content = content

    def __call__(self, start_response: "StartResponse") -> list[bytes]:
        """Send it."""
        start_response(self.line, self.headers)
        return [self.content]


def _failure(status: int | str, message: str = "The sandbox was told to fail here.",
             headers: Iterable[tuple[str, str]] = ()) -> Answer:  # fmt: skip
    if not isinstance(status, int):
        return Answer(CUT, "", [], b"")
    content = json.dumps({"errorMessages": [message], "errors": {}}).encode()
    own = [("Content-Type", "application/json;charset=UTF-8"), ("Content-Length", str(len(content)))]
    return Answer(status, f"{status} {_REASONS.get(status, 'Error')}", [*own, *headers], content)
