"""Headroom: how long a request waits, so that Jira does not have to turn it away.

Each limit has its scope: writes to one issue, one endpoint by one method, and on Data Center the account.
https://developer.atlassian.com/cloud/jira/platform/build-an-app-that-respects-rate-limits/
https://confluence.atlassian.com/adminjiraserver/improving-instance-stability-with-rate-limiting-983794911.html
"""

import threading
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import monotonic
from typing import Final

PER_ISSUE: Final = ((18, 2.0), (95, 30.0))
"""Writes to one issue within seconds. Jira Cloud allows 20 and 100; what is sent evenly may arrive closer together."""
BURST: Final = "jira-burst-based"
LONGEST_HOLD: Final = 3600.0

_LONGEST: Final = max(seconds for _, seconds in PER_ISSUE)
_SWEPT_AT: Final = 1_000
_ACCOUNT: Final = ("", "")
"""In place of an endpoint: everything that our account asks."""

Endpoint = tuple[str, str]
"""A method and a route."""


def earliest(sent: Sequence[float], now: float) -> float:
    """Return when one more write may be sent to an issue that was written at these instants, which are in order."""
    return max([now, *(sent[-count] + seconds for count, seconds in PER_ISSUE if len(sent) >= count)])


class Headroom:
    """Remembers what was sent and what Jira said of its limits; safe to share between threads.

    One process writes to an assessment's issues at a time, so that each counts for itself. `now` is in seconds.
    """

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._sent: dict[str, list[float]] = {}
        self._held: dict[Endpoint, float] = {}

    def held(self, endpoint: Endpoint) -> float:
        """Return for how many seconds Jira wants nothing of this endpoint, or of our account."""
        with self._lock:
            now = self._now()
            return max(0.0, *(self._held.get(scope, now) - now for scope in (endpoint, _ACCOUNT)))

    def writes(self, issues: Sequence[str], *, at_most: float) -> float:
        """Return the seconds after which a write to these issues may be sent, which it is then taken to be.

        Where that is longer than `at_most` it is not sent.
        """
        if not issues:
            return 0.0
        with self._lock:
            now = self._now()
            start = max(earliest(self._sent.get(issue, ()), now) for issue in issues)
            if start - now <= at_most:
                for issue in issues:
                    sent = self._sent.setdefault(issue, [])
                    del sent[: bisect_right(sent, now - _LONGEST)]
                    sent.append(start)
                self._sweep(now)
            return start - now

    def answered(self, endpoint: Endpoint, status: int, headers: Mapping[str, str], after: float | None) -> None:
        """Be told of an answer; `after` is its `Retry-After`.

        An endpoint that answers 429 rests as long as Jira says, and one with nothing left until its limit is reset.
        Data Center fills the bucket of an account by some tokens in each interval, and always says what is left.
        """
        hold, scope = 0.0, endpoint
        if status == HTTPStatus.TOO_MANY_REQUESTS and headers.get("RateLimit-Reason") == BURST:
            hold = after or 0.0
        elif headers.get("X-RateLimit-Remaining", "").strip() == "0":
            hold = _reset(headers)
            if "X-RateLimit-FillRate" in headers:
                hold, scope = _number(headers.get("X-RateLimit-Interval-Seconds")), _ACCOUNT
        if hold > 0:
            with self._lock:
                until = self._now() + min(hold, LONGEST_HOLD)
                self._held[scope] = max(until, self._held.get(scope, until))

    def _sweep(self, now: float) -> None:
        """Forget issues that nothing was sent to for long; there are never many that something was."""
        if len(self._sent) > _SWEPT_AT:
            self._sent = {issue: sent for issue, sent in self._sent.items() if sent[-1] > now - _LONGEST}


def _reset(headers: Mapping[str, str]) -> float:
    """Return the seconds until a limit is reset, by Jira's own clock; 0 where it does not say."""
    with suppress(ValueError, TypeError):
        sent = parsedate_to_datetime(headers.get("Date", ""))
        return (datetime.fromisoformat(headers.get("X-RateLimit-Reset", "")) - sent).total_seconds()
    return 0.0


def _number(text: str | None) -> float:
    with suppress(ValueError):
        return float(text or 0)
    return 0.0
