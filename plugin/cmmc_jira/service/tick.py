"""Time: in every hour of the organisation's day, and so when its day begins, everything is to be looked at again.

No deadline has a job of its own. A tick only claims the present hour among all replicas; after any pause the first tick
claims it once, so that nothing missed is replayed. The first claim of a day, or of a process, asks for thorough looks,
which find what no webhook told of; those of the other hours rest on the issues that are known.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from cmmc_jira.core.deliveries import EVERYTHING
from cmmc_jira.service.ports import Clock, Store

STALE: Final = timedelta(seconds=90)


@dataclass(slots=True)
class Tick:
    """What the schedule calls, again and again.

    `here` has the organisation's time, which in a sandbox may be moved; `clock` has the machine's instants.
    """

    store: Store
    clock: Clock
    here: Clock
    ticked: Callable[[], None] = lambda: None
    last: datetime | None = field(default=None, init=False)
    thorough: date | None = field(default=None, init=False)

    def fire(self) -> None:
        """Claim the present hour; whoever is first marks everything.

        It is an hour of the organisation's zone: a day begins with one, and quiet hours end with one, wherever that is.
        An hour that comes twice when the clocks go back is two.
        """
        now, here = self.clock.now(), self.here.local()
        hour = here.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
        thorough = here.date() != self.thorough
        claimed = self.store.claim_slot("hour", hour, key=EVERYTHING, thorough=thorough, now=now)
        if claimed:
            self.thorough = here.date()
            self.store.prune(now=now)
        self.last = now
        if claimed:
            self.ticked()

    def alive(self) -> bool:
        """Whether a tick came in the last 90 seconds."""
        return self.last is not None and self.clock.now() - self.last <= STALE
