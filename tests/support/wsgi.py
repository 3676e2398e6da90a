"""The real HTTP clients against a WSGI application in this process: no port, no thread."""

import io
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from jira_sandbox.gate import FLAVOUR
from support.openapi_ledger import LEDGER
from support.scopes import hold

if TYPE_CHECKING:
    from http.client import HTTPResponse as HTTPClientResponse

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class WSGIAdapter(HTTPAdapter):
    """Sends the requests of a session to a WSGI application, as if over a socket."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self.application = application

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        """The application's answer; a connection that it cuts is a `requests.ConnectionError`."""
        hold(request)
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], None]:
            started.append((status, headers))
            return lambda _: None

        environ = _environ(request)
        try:
            parts = self.application(environ, start_response)
            body = b"".join(parts)
        except ConnectionError as cut:
            raise requests.ConnectionError(cut, request=request) from cut
        status, headers = started[-1]
        response = self.build_response(request, _raw(status, headers, body))
        # Without a flavour no Jira has answered, but what stands before it.
        if isinstance(flavour := environ.get(FLAVOUR), str):
            LEDGER.enter(flavour, request, response)
        return response


def session_for(application: Application) -> requests.Session:
    """A session whose every request goes to the application."""
    session = requests.Session()
    session.trust_env = False
    adapter = WSGIAdapter(application)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _body(request: requests.PreparedRequest) -> bytes:
    body: Any = request.body
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes):
        return body
    return bytes(body.read()) if hasattr(body, "read") else b"".join(body)


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    parts = urlsplit(request.url or "")
    body = _body(request)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path, "latin-1") or "/",
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname,
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc.rpartition("@")[2],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            environ[key] = _text(value)
        elif key not in ("CONTENT_LENGTH", "TRANSFER_ENCODING", "HOST"):
            environ[f"HTTP_{key}"] = _text(value)
    return environ


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


class _Original:
    """What `http.client` keeps of an answer, so that the session finds its cookies."""

    def __init__(self, headers: HTTPHeaderDict) -> None:
        self.msg = self
        self.headers = headers

    def get_all(self, name: str, default: object = None) -> object:
        """All values of a header."""
        return self.headers.getlist(name) or default

    def isclosed(self) -> bool:
        """The body has been read."""
        return True

    def close(self) -> None:
        """Nothing is open."""


def _raw(status: str, headers: list[tuple[str, str]], body: bytes) -> HTTPResponse:
    code, _, reason = status.partition(" ")
    kept = HTTPHeaderDict()
    for name, value in headers:
        kept.add(name, value)
    original = cast("HTTPClientResponse", _Original(kept))
    return HTTPResponse(
        io.BytesIO(body),
        headers=kept,
        status=int(code),
        reason=reason,
        preload_content=False,
        original_response=original,
    )
