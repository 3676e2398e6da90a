"""The calendar feed: what was last read of an assessment, so that whoever asks often asks Jira rarely."""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from cmmc_jira.core.agenda import agenda, calendar_name
from cmmc_jira.errors import JiraRefused, JiraUnavailable
from cmmc_jira.export.calendar import calendar
from cmmc_jira.service.ports import Clock
from cmmc_jira.service.reconcile import Decided, Reconciler

HELD: Final = timedelta(minutes=15)
MOST: Final = 512
"""So many calendars are held, and so many are read from Jira in those 15 minutes."""
AWAY: Final = timedelta(seconds=60)
_BUSY_SECONDS: Final = 5
_NAME: Final = re.compile(r"(?:(?P<project>[A-Z][A-Z0-9_]*)-)?[0-9]{1,18}")


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
    """Calendars of a project by assessment, each read again after 15 minutes, one at a time.

    `read` makes a calendar of an assessment's id or key, or returns None where there is none to be had, which is held
    too. Whoever waits for another's reading waits 5 seconds at most: the threads are the webhooks' as well.
    """

    read: Callable[[str], bytes | None]
    clock: Clock
    project: str
    _held: dict[str, tuple[datetime, bytes | None]] = field(default_factory=dict, init=False)
    _read_at: deque[datetime] = field(default_factory=lambda: deque(maxlen=MOST), init=False)
    _away: tuple[datetime, timedelta] | None = field(default=None, init=False)
    _reading: Lock = field(default_factory=Lock, init=False)

    def of(self, assessment: str) -> bytes | None:
        """Return the calendar of an assessment as it was at most 15 minutes ago; None where there is none.

        Raises:
            JiraUnavailable: Jira is away or was asked enough, and nothing that is fresh enough is held.

        """
        name = _NAME.fullmatch(assessment)
        if name is None or name["project"] not in (None, self.project):
            return None
        held = self._fresh(assessment)
        if held is None:
            if not self._reading.acquire(timeout=_BUSY_SECONDS):
                raise JiraUnavailable("Another calendar is being read.", retry_after=AWAY.total_seconds())
            try:
                held = self._fresh(assessment) or self._renewed(assessment)
            finally:
                self._reading.release()
        return held[1]

    def _fresh(self, assessment: str) -> tuple[datetime, bytes | None] | None:
        held = self._held.get(assessment)
        return held if held and timedelta(0) <= self.clock.now() - held[0] < HELD else None

    def _renewed(self, assessment: str) -> tuple[datetime, bytes | None]:
        now = self.clock.now()
        self._patient(now)
        self._read_at.append(now)
        try:
            content = self.read(assessment)
        except JiraUnavailable as away:
            if away.scope == "site":
                self._away = (now, AWAY if away.retry_after is None else timedelta(seconds=away.retry_after))
            raise
        self._held.pop(assessment, None)
        while len(self._held) >= MOST:
            self._held.pop(next(iter(self._held)))
        self._held[assessment] = (now, content)
        return self._held[assessment]

    def _patient(self, now: datetime) -> None:
        """Ask nothing of a Jira that is away, or that was asked enough."""
        waits = [self._away] if self._away else []
        if len(self._read_at) == MOST:
            waits.append((self._read_at[0], HELD))
        for since, length in waits:
            if timedelta(0) <= now - since < length:
                raise JiraUnavailable(
                    "Jira is left alone for a while.", retry_after=(since + length - now).total_seconds()
                )
