"""The one place that decides whether a call is tried again, and after how long."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential_jitter

from cmmc_jira.errors import JiraUnavailable

FIRST_SECONDS: Final = 2.0
LAST_SECONDS: Final = 30.0

_T = TypeVar("_T")
_backed_off = wait_exponential_jitter(multiplier=FIRST_SECONDS, max=LAST_SECONDS, jitter=FIRST_SECONDS)


@dataclass(frozen=True, slots=True)
class Retry:
    """Tries again while Jira asks for patience: after `Retry-After`, else after 2 to 30 seconds with jitter.

    `budget` bounds, in seconds, what one call may wait in all; when the next wait would exceed it the failure is
    passed on, so that whoever owns the work can let go of it and come back later.
    """

    budget: float = 20.0
    sleep: Callable[[float], None] = time.sleep

    def read(self, attempt: Callable[[], _T]) -> _T:
        """Return what the attempt returns; only for calls that change nothing in Jira."""
        retrying = Retrying(
            retry=retry_if_exception_type(JiraUnavailable),
            wait=_wait,
            stop=self._exhausted,
            sleep=self.sleep,
            reraise=True,
        )
        return retrying(attempt)

    def write(self, attempt: Callable[[], _T]) -> _T:
        """Return what the attempt returns, tried once: Jira has no idempotency keys, so a write is never repeated."""
        return attempt()

    def _exhausted(self, state: RetryCallState) -> bool:
        waited = state.idle_for + state.upcoming_sleep
        return waited > self.budget or (state.seconds_since_start or 0.0) > self.budget


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, JiraUnavailable) and error.retry_after is not None:
        return error.retry_after
    return _backed_off(state)
