"""The one door through which time enters."""

import time
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from threading import Lock
from zoneinfo import ZoneInfo

import requests

from cmmc_jira.errors import JiraUnavailable

_FRESH_SECONDS = 0.25
_TIMEOUT_SECONDS = 5.0


class SystemClock:
    """The machine's clock, with days in the organisation's zone."""

    __slots__ = ("zone",)

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)  # noqa: TID251  this is the door

    def today(self) -> date:
        """Return the present day in the organisation's zone."""
        return self.local().date()

    def local(self) -> datetime:
        """Return the present instant in the organisation's zone."""
        return self.now().astimezone(self.zone)


class RemoteClock:
    """A sandbox's clock, followed: `url` is the sandbox's own, and time may be moved there.

    What it said is held for a quarter of a second and carried on by the machine's monotonic clock, so that asking often
    costs nothing and a moved clock is noticed at once as people measure it.
    """

    __slots__ = ("_asked", "_lock", "_said", "_session", "url", "zone")

    def __init__(self, url: str, zone: ZoneInfo, *, session: requests.Session | None = None) -> None:
        self.zone = zone
        self._session = session or _direct()
        self.url = f"{url.rstrip('/')}/sandbox/clock"
        self._lock = Lock()
        self._said: datetime | None = None
        self._asked = 0.0

    def now(self) -> datetime:
        """Return the sandbox's present instant in UTC."""
        with self._lock:
            passed = time.monotonic() - self._asked
            if self._said is None or passed > _FRESH_SECONDS:
                self._said, passed = self._ask(), 0.0
                self._asked = time.monotonic()
            return self._said + timedelta(seconds=passed)

    def today(self) -> date:
        """Return the sandbox's present day in the organisation's zone."""
        return self.local().date()

    def local(self) -> datetime:
        """Return the sandbox's present instant in the organisation's zone."""
        return self.now().astimezone(self.zone)

    def refresh(self) -> None:
        """Ask anew at the next question: for whoever has moved the clock and does not want to wait."""
        with self._lock:
            self._said = None

    def _ask(self) -> datetime:
        try:
            return _said(self._session, self.url)
        except (requests.RequestException, LookupError, TypeError, ValueError) as error:
            raise JiraUnavailable(
                f"The sandbox's clock at {self.url} does not answer: start the sandbox, or leave its clock alone."
            ) from error


def sandbox_clock(url: str, zone: ZoneInfo, *, session: requests.Session | None = None) -> RemoteClock | None:
    """Return the clock of the sandbox at this address; None where something else answers, or nothing does.

    It is asked once, without credentials, and no redirect is followed.
    """
    session = session or _direct()
    clock = RemoteClock(url, zone, session=session)
    try:
        _said(session, clock.url)
    except (requests.RequestException, LookupError, TypeError, ValueError):
        session.close()
        return None
    return clock


def _direct() -> requests.Session:
    """Return a session that goes where it is sent: through no proxy and with nobody's credentials."""
    session = requests.Session()
    session.trust_env = False
    return session


def _said(session: requests.Session, url: str) -> datetime:
    """Return the instant at a sandbox, from an answer such as only a sandbox gives."""
    answer = session.get(url, timeout=_TIMEOUT_SECONDS, allow_redirects=False)
    told = answer.json() if answer.status_code == HTTPStatus.OK else {}
    if not isinstance(told["frozen"], bool):
        raise TypeError("no sandbox says that")
    instant = datetime.fromisoformat(told["now"])
    if instant.tzinfo is None:
        raise ValueError("an instant without its zone")
    return instant.astimezone(UTC)
