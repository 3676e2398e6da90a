"""A WSGI application on a port of this machine, plain or over TLS, and ports at which nobody listens."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import trustme
from werkzeug.serving import WSGIRequestHandler, make_server

from support.wsgi import Application

HERE = "127.0.0.1"


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  werkzeug's signature
        """Say nothing of each request."""


@contextmanager
def listening(application: Application, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve the application while the context lasts; its port."""
    server = make_server(HERE, 0, application, threaded=True, request_handler=_Silent, ssl_context=tls)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certified(*names: str) -> tuple[ssl.SSLContext, trustme.CA]:
    """A server's side of TLS with a certificate for these names, of an authority that nobody knows yet."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context, authority


def bundle_of(authority: trustme.CA, folder: Path) -> Path:
    """A file with the authority's certificate, as CMMC_JIRA_CA_BUNDLE wants it."""
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return file


def unused_port() -> int:
    """A port at which nothing listens, for now."""
    with socket.create_server((HERE, 0)) as taken:
        port: int = taken.getsockname()[1]
    return port
