"""Time: every hour, and when a new day begins where the organisation is, everything is to be looked at again.

No deadline has a job of its own. A tick only claims the present hour and day among all replicas; after any pause the
first tick claims both once, so that nothing missed is replayed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final

from cmmc_jira.core.deliveries import EVERYTHING
from cmmc_jira.service.ports import Clock, Store

STALE: Final = timedelta(seconds=90)


@dataclass(slots=True)
class Tick:
    """What the schedule calls, again and again. `days` has the organisation's days, `clock` the machine's instants."""

    store: Store
    clock: Clock
    days: Clock
    ticked: Callable[[], None] = lambda: None
    last: datetime | None = field(default=None, init=False)

    def fire(self) -> None:
        """Claim the present hour and the present day; whoever is first marks everything."""
        now = self.clock.now()
        hour = now.replace(minute=0, second=0, microsecond=0)
        day = datetime.combine(self.days.today(), time(), tzinfo=UTC)
        by_hour = self.store.claim_slot("hour", hour, key=EVERYTHING, now=now)
        by_day = self.store.claim_slot("day", day, key=EVERYTHING, now=now)
        if by_hour:
            self.store.prune(now=now)
        self.last = now
        if by_hour or by_day:
            self.ticked()

    def alive(self) -> bool:
        """Whether a tick came in the last 90 seconds."""
        return self.last is not None and self.clock.now() - self.last <= STALE
