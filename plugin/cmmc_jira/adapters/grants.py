"""The app's own token that Forge lends with each of its calls: kept in memory only, and only until it expires.

Forge has no address where a backend could ask for one: an hourly call of the app brings the next.
https://developer.atlassian.com/platform/forge/remote/calling-product-apis/#token-expiry
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Final

import jwt

from cmmc_jira.adapters.exchange import Access
from cmmc_jira.errors import JiraUnavailable

MARGIN: Final = timedelta(minutes=1)
"""How long before its end a token is no longer used, so that it does not end within a call."""

NONE_YET: Final = (
    "There is no token of the Forge app now, so Jira cannot be asked: the next event or hourly call of the app brings "
    "one. If none comes within two hours, look whether the app is installed and reaches this service."
)
REFUSED: Final = (
    "Jira no longer accepts the token that the Forge app brought: the next event or hourly call brings another. If "
    "none comes within two hours, look whether the app is still installed."
)
_LONGEST: Final = 16 * 1024

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Grant:
    """Where the site's REST interface is, the token for it, and until when it counts (seconds since 1970)."""

    url: str
    token: str = field(repr=False)
    until: float


class Grants:
    """The token that lasts longest of those that the app's calls brought; safe to share between threads."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = Lock()
        self._grant: _Grant | None = None

    def take(self, url: str | None, token: str | None) -> None:
        """Keep a token that a verified call brought for a verified address; one that is of no use is left.

        The token is another's and opaque: of it only `exp` is read, which Atlassian documents for this.
        """
        until = _until(token)
        if url is None or token is None or until is None:
            _log.warning("forge token=unused address=%s expiry=%s", url is not None, until is not None)
            return
        with self._lock:
            held = self._grant
            if held is None or until >= held.until or not self._lasts(held):
                self._grant = _Grant(url, token, until)

    def usable(self) -> bool:
        """Whether there is a token that has not expired."""
        with self._lock:
            return self._grant is not None and self._lasts(self._grant)

    def current(self) -> tuple[str, str]:
        """Return the address to ask at and the token to ask with.

        Raises:
            JiraUnavailable: there is none that has not expired.

        """
        with self._lock:
            if self._grant is None or not self._lasts(self._grant):
                raise JiraUnavailable(NONE_YET)
            return self._grant.url, self._grant.token

    def drop(self, token: str) -> None:
        """Forget a token that Jira does not accept, unless another has come meanwhile."""
        with self._lock:
            if self._grant is not None and self._grant.token == token:
                self._grant = None

    def _lasts(self, grant: _Grant) -> bool:
        return (self._now() + MARGIN).timestamp() < grant.until


@dataclass(frozen=True, slots=True)
class Lent:
    """The way to Jira by the app's own token: asked for anew before each call, refused as something to wait for."""

    grants: Grants
    ca_bundle: Path | None = None
    timeout: int = 30

    def access(self) -> Access:
        """Return the way that is open now.

        Raises:
            JiraUnavailable: none is: wait for the app's next call.

        """
        url, token = self.grants.current()
        return Access(url, token, ca_bundle=self.ca_bundle, timeout=self.timeout)

    def refused(self, access: Access) -> None:
        """Let go of a token that Jira answered with a 401.

        Raises:
            JiraUnavailable: always: another token will come by itself, and nobody can set one.

        """
        self.grants.drop(access.token)
        raise JiraUnavailable(REFUSED)


def _until(token: str | None) -> float | None:
    """Return when a token expires; None for what is none or does not say so."""
    if token is None or not 0 < len(token) <= _LONGEST or not token.isascii():
        return None
    try:
        claims: Mapping[str, Any] = jwt.decode(token, options={"verify_signature": False, "verify_aud": False})
        until = float(claims["exp"])
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    return until if until < float("inf") else None
