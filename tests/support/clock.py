"""A clock that stands still until a test moves it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


class FrozenClock:
    """Stands at `instant`, with days in `zone`."""

    def __init__(self, instant: datetime = NOON, zone: str = "America/New_York") -> None:
        self.instant = instant
        self.zone = ZoneInfo(zone)

    def now(self) -> datetime:
        return self.instant

    def today(self) -> date:
        return self.instant.astimezone(self.zone).date()

    def local(self) -> datetime:
        return self.instant.astimezone(self.zone)

    def move(self, *, seconds: float = 0, days: int = 0) -> None:
        self.instant += timedelta(seconds=seconds, days=days)
