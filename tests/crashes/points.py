"""One story's end, told again for each crash point until nothing is left to be cut off."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from requests import PreparedRequest

from cmmc_jira.adapters.database import Database
from crashes.held import differences, held
from crashes.process import COMMIT, Course, Dead, Fate, Process, reads
from crashes.stories import Story, align
from support.wsgi import WSGIAdapter

LAGS: Final = range(6)
LATE: Final = (3, 20, 60)
STEP: Final = timedelta(seconds=10)
STEPS_AT_MOST: Final = 90


@dataclass(frozen=True, slots=True)
class Point:
    """What befalls the process at its n-th outside effect; the index lags by `lag` looks, a late effect by seconds."""

    number: int
    fate: Fate
    lag: int = 0
    late: int = 0


class Retold:
    """A story, and what its end leaves in Jira when nothing happens on the way."""

    def __init__(self, story: Story, flavour: str, folder: Path) -> None:
        self.site = story(flavour)
        self._file = folder / "list.db"
        self._empty = folder / "empty.db"
        self._make_empty()
        self.site.state.requests.clear()
        align(self.site)
        self._back = self.site.moment()
        self.effects, self.wanted = self._undisturbed()

    def _make_empty(self) -> None:
        database = Database(f"sqlite:///{self._empty}")
        database.prepare()
        database.close()

    def points(self, fate: Fate, *, lasting: bool = False) -> Sequence[int]:
        """Return the numbers of the effects at which this may befall the process, or of those that change anything.

        Only calls that change Jira take effect late.
        """
        only = lasting or fate is Fate.LATE
        return [
            number
            for number, effect in enumerate(self.effects, 1)
            if not (only and reads(effect)) and not (fate is Fate.LATE and effect == COMMIT)
        ]

    def named(self, point: Point) -> str:
        """Return a point in words."""
        return f"it {point.fate} effect {point.number}, {self.effects[point.number - 1]}"

    def _undisturbed(self) -> tuple[Sequence[str], dict[str, object]]:
        course = Course()
        self._begin_again(0)
        self._go_on(course)
        wanted, wrong = dict(held(self.site.state)), self._disquiet()
        assert not wrong, wrong
        return tuple(course.effects), wanted

    def wrong(self, point: Point) -> list[str]:
        """Return what is not as it is when nothing happens: lost, doubled, different, or not quiet afterwards."""
        self._begin_again(point.lag)
        course = Course(point.number, point.fate)
        self._go_on(course, late=timedelta(seconds=point.late))
        assert len(course.effects) >= point.number, "the process did not come that far"
        if point.fate is Fate.LATE:
            self._disquiet()
        return [*differences(self.wanted, held(self.site.state)), *self._disquiet()]

    def _begin_again(self, lag: int) -> None:
        self._back()
        self.site.state.faults.index_lag = lag
        for file in self._file.parent.glob(f"{self._file.name}*"):
            file.unlink()
        shutil.copy(self._empty, self._file)

    def _go_on(self, course: Course, late: timedelta = timedelta()) -> None:
        """Let a process work, a new one after its death, until nothing is dirty and all that is late has come."""
        process = Process(self.site, self._file, course)
        due = None
        for _ in range(STEPS_AT_MOST):
            try:
                process.work()
            except Dead:
                process.end()
                process = Process(self.site, self._file, Course())
                continue
            now = self.site.clock.now()
            if course.late and due is None:
                due = now + late
            if due and now >= due:
                self._arrive(course.late)
            if not course.late and not process.store.backlog(now=now).dirty:
                process.end()
                return
            self._pass(min(STEP, due - now) if due and due > now else STEP)
        raise AssertionError("what is dirty stays dirty")

    def _pass(self, time: timedelta) -> None:
        self.site.clock.instant += time
        align(self.site)

    def _arrive(self, late: list[PreparedRequest]) -> None:
        while late:
            WSGIAdapter(self.site.app).send(late.pop())

    def _disquiet(self) -> list[str]:
        """Return what a new process still writes when the next hour comes."""
        self._pass(timedelta(hours=1))
        seen = len(self.site.state.requests)
        self._go_on(Course())
        calls = [f"{row['method']} {row['path']}" for row in self.site.state.requests[seen:]]
        return [f"the next look is not quiet: {call}" for call in calls if not reads(call)]
