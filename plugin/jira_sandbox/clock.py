"""The sandbox's own clock: real time with an offset, or standing still where a test wants it to."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

YEARS = range(1980, 2200)
"""What a test or a demo can want; dates near the ends of the calendar would break in other places."""


@dataclass(slots=True)
class Clock:
    """Tells the sandbox's time. `frozen` is the instant it stands at, or None while it runs."""

    offset: timedelta = timedelta()
    frozen: datetime | None = None

    def now(self) -> datetime:
        """The present instant in UTC."""
        return self.frozen if self.frozen is not None else _real() + self.offset

    def set(self, instant: datetime) -> None:
        """Make it this instant now; the clock goes on running, or goes on standing. OverflowError out of `YEARS`."""
        if instant.year not in YEARS:
            raise OverflowError(f"The sandbox's clock knows the years {YEARS[0]} to {YEARS[-1]} only.")
        instant = instant.astimezone(UTC)
        if self.frozen is not None:
            self.frozen = instant
        else:
            self.offset = instant - _real()

    def advance(self, span: timedelta) -> None:
        """Move the clock forward, or back with a negative span."""
        self.set(self.now() + span)

    def stop(self) -> None:
        """Stand still at the present instant."""
        self.frozen = self.now()

    def run(self) -> None:
        """Run on from the instant the clock stands at."""
        if self.frozen is not None:
            instant, self.frozen = self.frozen, None
            self.set(instant)

    def reset(self) -> None:
        """Go back to real time."""
        self.offset, self.frozen = timedelta(), None


def _real() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the sandbox is a world of its own and this is its one door for time


def stamp(instant: datetime) -> str:
    """An instant as Jira writes it: 2026-06-01T09:00:00.000+0000."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}" + instant.strftime("%z")
