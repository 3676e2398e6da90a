"""A sandbox below a path of another host: Atlassian's gateway for scoped tokens, or a context path of Data Center."""

from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from support.wsgi import Application

OWN_HOST: Final = "example.atlassian.net"
"""What such a site calls itself, wherever it is asked."""


def mounted(site: Application, url: str) -> Application:
    """Return what answers at this address alone, for a site that has a name of its own."""
    there = urlsplit(url)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = (environ["wsgi.url_scheme"], environ["HTTP_HOST"])
        path = environ["PATH_INFO"]
        assert asked == (there.scheme, there.netloc), f"{asked} was asked"
        assert path.startswith(f"{there.path}/"), f"{path} was asked for"
        inner = {"PATH_INFO": path.removeprefix(there.path), "HTTP_HOST": OWN_HOST}
        return site({**environ, **inner}, start_response)

    return application
