"""The calendar feed: what was last read of an assessment, so that whoever asks often asks Jira rarely."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from cmmc_jira.core.agenda import agenda, calendar_name
from cmmc_jira.errors import JiraRefused
from cmmc_jira.export.calendar import calendar
from cmmc_jira.service.ports import Clock
from cmmc_jira.service.reconcile import Decided, Reconciler

HELD: Final = timedelta(minutes=15)
MOST: Final = 256


def calendar_of(decided: Decided) -> bytes:
    """Return the calendar of an assessment; one that cannot be evaluated yet has no days."""
    world, wanted = decided.world, decided.desired
    entries = agenda(world, wanted.standing.official, wanted.schedule) if wanted.standing else ()
    return calendar(entries, name=calendar_name(world), assessment_id=world.assessment.id, as_of=world.day)


def reader(reconciler: Reconciler, *, project: str) -> Callable[[str], bytes | None]:
    """Return what reads the calendar of an assessment of a project; None for anything else."""

    def read(assessment: str) -> bytes | None:
        try:
            decided = reconciler.decide(assessment, thorough=False)
        except JiraRefused:
            return None
        return calendar_of(decided) if decided.world.assessment.project == project else None

    return read


@dataclass(slots=True)
class Feed:
    """Calendars by assessment, each read again after 15 minutes; one that cannot be had is not asked for sooner either.

    `read` makes a calendar of an assessment's id or key, or returns None where there is none to be had.
    """

    read: Callable[[str], bytes | None]
    clock: Clock
    _held: dict[str, tuple[datetime, bytes | None]] = field(default_factory=dict, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def of(self, assessment: str) -> bytes | None:
        """Return the calendar of an assessment as it was at most 15 minutes ago; None where there is none.

        Raises:
            JiraUnavailable: Jira is away, and nothing that is fresh enough is held.

        """
        with self._lock:
            now = self.clock.now()
            held = self._held.get(assessment)
            if held is not None and timedelta(0) <= now - held[0] < HELD:
                return held[1]
            content = self.read(assessment)
            while len(self._held) >= MOST:
                self._held.pop(next(iter(self._held)))
            self._held[assessment] = (now, content)
            return content
