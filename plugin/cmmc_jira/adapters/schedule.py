"""APScheduler, for time only: in memory, in every replica, and harmless there."""

from collections.abc import Callable
from datetime import UTC
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from cmmc_jira.errors import CmmcJiraError

TICK_SECONDS: Final = 30.0


class Schedule:
    """Calls `fire` at once and then every so many seconds; a tick that comes late still comes, and only once."""

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
        self._scheduler.add_job(self._tick, IntervalTrigger(seconds=self._seconds), id="tick")
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
