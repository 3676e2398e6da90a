"""The doctor's checks while the service runs: in the background, so that readiness can tell at once what they found.

At the start everything is looked at. From then on, each quarter of an hour, the few checks without which nothing works,
whatever was at fault, and the two that were longest not looked at: so a fault is known soon, what was mended is noticed
soon, and Jira is asked little.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from cmmc_jira.errors import CmmcJiraError
from cmmc_jira.service.checks.case import Case
from cmmc_jira.service.checks.verdict import Grade
from cmmc_jira.service.doctor import CHECKS, VITAL, Report, examine
from cmmc_jira.service.ports import Clock

QUARTER: Final = timedelta(minutes=15)
SOON: Final = timedelta(minutes=1)
"""After a look that Jira's absence spoilt: it says nothing that lasts."""

STALE: Final = 2 * QUARTER
PATIENCE_SECONDS: Final = 5.0
_OTHERS: Final = 2
_NEVER: Final = datetime.min.replace(tzinfo=UTC)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Vigil:
    """Looks again and again until `stopping`; `case` makes a new case for each look, so that nothing is remembered."""

    case: Callable[[], Case]
    clock: Clock
    stopping: threading.Event
    report: Report | None = field(default=None, init=False)
    at: datetime | None = field(default=None, init=False)
    _seen: dict[str, datetime] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def start(self) -> None:
        """Look now and from then on, in a thread of its own."""
        self._thread = threading.Thread(target=self._watch, name="checks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Wait a moment for a look under way; `stopping` has been set."""
        if self._thread is not None:
            self._thread.join(timeout=PATIENCE_SECONDS)

    def look(self) -> None:
        """Look once, and keep what was found."""
        with self._lock:
            try:
                case = self.case()
                again = self._due()
                kept = [each for each in self.report.verdicts if each.check not in again] if self.report else ()
                self.report = examine(case, kept=kept)
            except CmmcJiraError as error:
                _log.warning("checks failed=%s", type(error).__name__)
                return
            self.at = now = self.clock.now()
            self._seen |= dict.fromkeys({each.check for each in self.report.verdicts} & again, now)
            _log.info("checks faults=%d warnings=%d", self.count(Grade.FAULT), self.count(Grade.WARN))

    def faults(self) -> list[str]:
        """Return a sentence for each fault that waits for a person, or that no look has ended for too long."""
        if self._thread is None:
            return []
        if self.report is None or self.at is None:
            return ["The checks have not ended yet: wait a moment."]
        if self.clock.now() - self.at > STALE:
            return ["The checks have not been made for half an hour: restart the service."]
        faults = [each for each in self.report.verdicts if each.grade is Grade.FAULT and not each.passing]
        return [f"{each.what} {each.mend}" for each in faults]

    def count(self, grade: Grade) -> int:
        """Return how many verdicts of a grade the last look had."""
        return sum(each.grade is grade for each in self.report.verdicts) if self.report else 0

    def _due(self) -> set[str]:
        """Return the names of the checks to make now."""
        names = [check.name for check in CHECKS]
        if self.report is None:
            return set(names)
        faulty = {each.check for each in self.report.verdicts if each.grade is Grade.FAULT}
        due = {*(check.name for check in VITAL), *faulty, *self.report.unlooked}
        others = sorted((name for name in names if name not in due), key=lambda name: self._seen.get(name, _NEVER))
        return {*due, *others[:_OTHERS]}

    def _watch(self) -> None:
        while not self.stopping.is_set():
            self.look()
            spoilt = self.report is None or any(each.passing for each in self.report.verdicts)
            self.stopping.wait((SOON if spoilt else QUARTER).total_seconds())
