"""One exchange with Jira over HTTP: who asks, how the answer is understood, and what is counted."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Protocol

import requests
from atlassian import Jira as Client
from marshmallow import Schema, ValidationError
from urllib3.exceptions import HTTPError

from cmmc_jira.adapters.headroom import Headroom
from cmmc_jira.adapters.refusals import Asked, is_page, is_refusal, refuse, retry_after, unreachable
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.adapters.route import route
from cmmc_jira.adapters.shapes import places
from cmmc_jira.errors import JiraRefused, JiraUnavailable

NO_CHECK: Final = {"X-Atlassian-Token": "no-check", "Accept": "application/json"}
AGENT: Final = f"cmmc-jira/{version('cmmc-jira')}"
"""What Jira's access log says of our requests."""

_CHUNK: Final = 65_536
_LIMIT: Final = "X-RateLimit-"
_LIMITS: Final = ("Limit", "Remaining", "NearLimit")


@dataclass(frozen=True, slots=True)
class Access:
    """Where Jira is and who asks. Without a user the token is a personal access token, sent as a bearer."""

    url: str
    token: str = field(repr=False)
    user: str | None = None
    ca_bundle: Path | None = None
    timeout: int = 30

    @property
    def account(self) -> str:
        """The account's name for sentences."""
        return self.user or "the owner of the token"


class Lender(Protocol):
    """Who knows the way to Jira for as long as it is open."""

    def access(self) -> Access:
        """Return the way that is open now; raises `JiraUnavailable` where none is."""

    def refused(self, access: Access) -> None:
        """Be told that Jira answered 401 to this; may raise what to do about it."""


@dataclass(frozen=True, slots=True)
class Owned:
    """A way to Jira by a token of our own: the same as long as the process lives."""

    way: Access

    def access(self) -> Access:
        """Return it."""
        return self.way

    def refused(self, access: Access) -> None:
        """Leave it to the answer to say what a person must do."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `write` says that it may change Jira: it is then never repeated. `shape` is what it must answer."""

    method: str
    path: str
    doing: str
    shape: Schema | None = None
    write: bool = False
    subject: str = "What was asked for"
    right: str = "Browse projects"
    params: Mapping[str, str | int] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    file: tuple[str, bytes, str] | None = None
    issues: tuple[str, ...] = ()  # which ones it writes to, for Jira's limit of writes to each
    partial: bool = False  # whether a 400 may carry an answer of this shape: of many issues, none was created


class Exchange:
    """Sends calls to one Jira: one client and one session a thread, no redirect followed, every request counted.

    `session` makes a new `requests.Session`, so that tests can mount the sandbox on it. A way that is lent may change
    from call to call. Without `headroom` nothing waits before it is sent.
    """

    def __init__(
        self,
        access: Access | Lender,
        *,
        retry: Retry | None = None,
        session: Callable[[], requests.Session] = requests.Session,
        headroom: Headroom | None = None,
    ) -> None:
        self._headroom = headroom
        self._lender: Lender = Owned(access) if isinstance(access, Access) else access
        self.names: Mapping[str, str] = {}
        self._retry = retry or Retry()
        self._session = session
        self._local = threading.local()
        self._lock = threading.Lock()
        self._counted: Counter[tuple[str, str, str]] = Counter()
        self._limits: Mapping[str, str] = {}

    @property
    def access(self) -> Access:
        """The way to Jira that is open now; raises `JiraUnavailable` where none is."""
        return self._lender.access()

    def counted(self) -> Mapping[tuple[str, str, str], int]:
        """Return how many requests were sent, by method, route and status of the answer (`none` without one)."""
        with self._lock:
            return dict(self._counted)

    def limits(self) -> Mapping[str, str]:
        """Return what the last answer that told of a rate limit said, by the ends of its `X-RateLimit-` headers."""
        return self._limits

    def ask(self, call: Call) -> Any:  # noqa: ANN401  JSON, of the call's shape
        """Return what Jira answers, in the call's shape; None for an empty answer."""
        return (self._retry.write if call.write else self._retry.read)(lambda: self._once(call))

    def download(self, path: str, *, asked: Asked, limit: int) -> bytes:
        """Return the bytes at a path of this Jira, read in pieces and never more than `limit`."""
        return self._retry.read(lambda: self._download(path, asked, limit))

    def _client(self, access: Access) -> Client:
        """Return this thread's client for this way; a session that has another token in it is not used again."""
        client = getattr(self._local, "client", None)
        if client is None or self._local.access != access:
            if client is not None:
                client.close()
            session = self._session()
            session.headers["User-Agent"] = AGENT
            if access.ca_bundle is not None:
                session.verify = str(access.ca_bundle)
            client = Client(
                access.url,
                session=session,
                timeout=access.timeout,
                api_version="2",
                backoff_and_retry=False,  # it would post again after a read timeout, without limit
                retry_with_header=False,  # it would sleep for up to half an hour inside this thread
                username=access.user,
                password=access.token if access.user else None,
                token=None if access.user else access.token,
            )
            self._local.client, self._local.access = client, access
        return client

    def _paced(self, method: str, path: str, doing: str, issues: Sequence[str] = ()) -> None:
        """Wait until Jira's limits allow a request; where that is too long for one call, leave it to the to-do list."""
        if self._headroom is None:
            return
        wait, scope = self._headroom.held((method, route(path))), "endpoint"
        if wait <= self._retry.budget and (spaced := self._headroom.writes(issues, at_most=self._retry.budget)) > wait:
            wait, scope = spaced, "issue"
        if wait > self._retry.budget:
            raise JiraUnavailable(f"Jira's limits do not allow to {doing} yet.", retry_after=wait, scope=scope)
        if wait > 0:
            self._retry.sleep(wait)

    def _told(self, method: str, path: str, response: requests.Response) -> None:
        """Note what an answer says of Jira's limits."""
        if self._headroom is not None:
            endpoint, status = (method, route(path)), response.status_code
            self._headroom.answered(endpoint, status, response.headers, retry_after(response))
        self._limits = {
            name: response.headers[_LIMIT + name] for name in _LIMITS if _LIMIT + name in response.headers
        } or self._limits

    def _once(self, call: Call) -> Any:  # noqa: ANN401  JSON
        access = self.access
        self._paced(call.method, call.path, call.doing, call.issues)
        asked = Asked(call.doing, access.account, call.subject, call.right, write=call.write)
        try:
            response: requests.Response = self._client(access).request(
                call.method,
                call.path,
                params=dict(call.params) or None,
                data=None if call.body is None else dict(call.body),
                files=None if call.file is None else {"file": call.file},
                headers=None if call.file is None else dict(NO_CHECK),
                advanced_mode=True,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            self._count(call.method, call.path, "none")
            raise unreachable(error, asked) from None  # its text may hold the address with what was asked
        self._count(call.method, call.path, str(response.status_code))
        self._told(call.method, call.path, response)
        if call.partial and response.status_code == HTTPStatus.BAD_REQUEST and "failedElementNumber" in response.text:
            return self._understood(response, call)
        self._refuse(response, asked, access)
        return self._understood(response, call)

    def _refuse(self, response: requests.Response, asked: Asked, access: Access) -> None:
        """Raise what an answer means that is not what was asked for; do nothing of one that is."""
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            self._lender.refused(access)
        if is_refusal(response):
            refuse(response, asked, self.names)

    def _understood(self, response: requests.Response, call: Call) -> Any:  # noqa: ANN401  JSON
        if is_page(response):
            raise JiraRefused(
                "A page for people came instead of Jira's answer, probably a login page: check that CMMC_JIRA_URL is "
                "Jira's own address and that its REST interface is not behind a single sign-on.",
                status=response.status_code,
            )
        if call.shape is None:
            return None
        try:
            return call.shape.load(response.json())
        except ValidationError as error:
            mistake = f"Jira's answer is not understood when asked to {call.doing}: see {places(error)}."
            if not call.write:
                raise JiraRefused(mistake, status=response.status_code) from None
            raise JiraUnavailable(mistake, ambiguous=True) from None
        except ValueError:
            raise JiraUnavailable(
                f"Jira's answer was cut short when asked to {call.doing}.", ambiguous=call.write
            ) from None

    def _download(self, path: str, asked: Asked, limit: int) -> bytes:
        access = self.access
        self._paced("GET", path, asked.doing)
        session: requests.Session = self._client(access).session
        self._count("GET", path, "download")
        try:
            with session.get(
                f"{access.url}/{path}",
                stream=True,
                allow_redirects=False,
                timeout=access.timeout,
                verify=session.verify,  # unless it is named here, REQUESTS_CA_BUNDLE wins over the session's own
            ) as response:
                self._told("GET", path, response)
                self._refuse(response, asked, access)
                content = bytearray()
                for piece in response.iter_content(_CHUNK):
                    content += piece
                    if len(content) > limit:
                        raise JiraRefused(f"{asked.subject} is larger than {limit} bytes: attach a smaller file.")
                return bytes(content)
        except (requests.RequestException, HTTPError) as error:
            raise unreachable(error, asked) from None

    def _count(self, method: str, path: str, status: str) -> None:
        with self._lock:
            self._counted[(method, route(path), status)] += 1
