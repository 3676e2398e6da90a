"""APScheduler, for time only: in memory, in every replica, and harmless there.

Two triggers call one function, which decides what is due. The interval bounds how late anything is noticed. The quarter
hours meet the very beginning of every hour and day of every zone, for all zones lie quarters of an hour apart. They are
counted in UTC, where no hour is missing and none comes twice: told the zone, `CronTrigger` passes over the midnight
after the clocks went forward, and stays at one for ever where midnight comes twice (3.11.3).
"""

from collections.abc import Callable
from datetime import UTC
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from cmmc_jira.errors import CmmcJiraError

TICK_SECONDS: Final = 30.0
QUARTERS: Final = CronTrigger(minute="*/15", second=0, timezone=UTC)


class Schedule:
    """Calls `fire` at once, then every so many seconds and every quarter of an hour.

    A tick that comes late still comes, however late; of several that were missed one comes; and none runs beside
    itself.
    """

    def __init__(
        self, fire: Callable[[], None], *, failed: Callable[[CmmcJiraError], None], seconds: float = TICK_SECONDS
    ) -> None:
        self._fire = fire
        self._failed = failed
        self._seconds = seconds
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Tick now, and go on ticking in a thread of its own."""
        self._scheduler.add_job(self._tick, IntervalTrigger(seconds=self._seconds), id="interval")
        self._scheduler.add_job(self._tick, QUARTERS, id="quarters")
        self._scheduler.start()
        self._tick()

    def stop(self) -> None:
        """Tick no more; does not wait for a tick under way."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _tick(self) -> None:
        try:
            self._fire()
        except CmmcJiraError as error:
            self._failed(error)
