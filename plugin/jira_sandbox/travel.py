"""Going forward in time: by days, and day by day until somebody comments.

Whoever is attached to the site is let keep up: after each day it must be at rest before the next one begins.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from threading import Event, Thread
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from jira_sandbox.state import State

WAKES, RESTS, MORNING = time(7), time(18), time(9)
MOST_DAYS = 400

End: TypeAlias = Literal["comment", "stopped", "limit", "calendar"]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the site is watched after each day, in looks that are `seconds` apart.

    It is at rest after `quiet` looks in a row at which nothing moves, after `alone` where no webhook is registered;
    after `most` looks time goes on regardless.
    """

    seconds: float = 0.1
    quiet: int = 15
    alone: int = 3
    most: int = 300


PACE = Pace()


@dataclass(slots=True)
class Trip:
    """One way through the days.

    `heard` is the last comment before it began; `end` is None while it goes on, `told` is whether a page has said how
    it ended.
    """

    zone: ZoneInfo
    began: datetime
    heard: tuple[str, str] | None
    days: int = 0
    end: End | None = None
    told: bool = False
    stopped: Event = field(default_factory=Event)


def forward(now: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The instant so many days on: at the same time of day there, or at nine where it is not between seven and six.

    OverflowError where the calendar ends.
    """
    here = now.astimezone(zone)
    hour = here.time() if WAKES <= here.time() <= RESTS else MORNING
    return datetime.combine(here.date() + timedelta(days), hour, tzinfo=zone).astimezone(UTC)


def _in_thread(go: Callable[[], None]) -> None:
    Thread(target=go, name="jira-sandbox-time", daemon=True).start()


class TimeMachine:
    """Goes forward until somebody comments, one trip at a time. `spawn` runs it, `wait` waits between two looks."""

    def __init__(
        self,
        state: State,
        *,
        pace: Pace = PACE,
        spawn: Callable[[Callable[[], None]], None] = _in_thread,
        wait: Callable[[Event, float], bool] = Event.wait,
    ) -> None:
        self.trip: Trip | None = None
        self._state = state
        self._pace = pace
        self._spawn = spawn
        self._wait = wait

    @property
    def under_way(self) -> Trip | None:
        """The trip that goes on now."""
        return self.trip if self.trip is not None and self.trip.end is None else None

    def set_out(self, zone: ZoneInfo) -> bool:
        """Begin to go on day by day in this zone; False where a trip is under way."""
        with self._state.lock:
            if self.under_way is not None:
                return False
            trip = self.trip = Trip(zone, self._state.clock.now(), self._state.last_comment)
        self._spawn(partial(self._go, trip))
        return True

    def stop(self) -> None:
        """Let the trip that is under way end now."""
        with self._state.lock:
            trip = self.under_way
            if trip is not None:
                trip.end = "stopped"
                trip.stopped.set()

    def _go(self, trip: Trip) -> None:
        while trip.end is None:
            self._next_day(trip)
            if trip.end is None:
                self._rest(trip)
                self._listen(trip)

    def _next_day(self, trip: Trip) -> None:
        clock = self._state.clock
        with self._state.lock:
            if trip.end is not None:
                return
            try:
                clock.set(forward(clock.now(), 1, trip.zone))
                trip.days += 1
            except OverflowError:
                trip.end = "calendar"

    def _rest(self, trip: Trip) -> None:
        """Wait until the site is at rest, within bounds."""
        seen, quiet = -1, 0
        for _ in range(self._pace.most):
            if self._wait(trip.stopped, self._pace.seconds):
                return
            with self._state.lock:
                arrived, moving = self._state.arrived, self._moving()
                attached = any(hook.enabled for hook in self._state.webhooks.hooks.values())
            quiet = 0 if moving or arrived != seen else quiet + 1
            seen = arrived
            if quiet >= (self._pace.quiet if attached else self._pace.alone):
                return

    def _moving(self) -> bool:
        return self._state.arrived != self._state.answered or self._state.webhooks.moving()

    def _listen(self, trip: Trip) -> None:
        with self._state.lock:
            if trip.end is None and self._state.last_comment != trip.heard:
                trip.end = "comment"
            elif trip.end is None and trip.days >= MOST_DAYS:
                trip.end = "limit"
