import threading
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cmmc_jira.adapters.schedule import QUARTERS, Schedule
from cmmc_jira.errors import CmmcJiraError, StoreUnavailable


def test_it_ticks_at_once_and_goes_on_after_a_failure() -> None:
    ticks: list[int] = []
    failures: list[CmmcJiraError] = []
    third = threading.Event()

    def fire() -> None:
        ticks.append(len(ticks) + 1)
        if len(ticks) < 3:
            raise StoreUnavailable("The database is away.")
        third.set()

    schedule = Schedule(fire, failed=failures.append, seconds=0.05)
    schedule.start()
    assert ticks
    assert third.wait(10)
    schedule.stop()
    assert [str(failure) for failure in failures] == ["The database is away."] * 2


@pytest.mark.parametrize(
    "zone",
    [
        "America/New_York",
        "America/Havana",
        "America/Santiago",
        "Africa/Cairo",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
    ],
)
def test_every_day_of_a_year_has_a_tick_at_the_instant_when_it_begins(zone: str) -> None:
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        begins = datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
        just_before = begins - timedelta(microseconds=1)
        assert begins.astimezone(ZoneInfo(zone)).date() == day
        assert just_before.astimezone(ZoneInfo(zone)).date() == day - timedelta(days=1)
        assert QUARTERS.get_next_fire_time(None, just_before) == begins


def test_a_tick_is_followed_by_another_one() -> None:
    before = datetime(2026, 11, 1, 3, 50, tzinfo=UTC)
    for hour, minute in ((4, 0), (4, 15), (4, 30), (4, 45), (5, 0), (5, 15)):
        before = QUARTERS.get_next_fire_time(before, before)
        assert (before.hour, before.minute) == (hour, minute)


def test_stopping_what_was_never_started_is_no_fault() -> None:
    schedule = Schedule(lambda: None, failed=lambda _: None)
    schedule.stop()
    schedule.stop()
