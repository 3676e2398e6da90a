from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from cmmc_jira.service.tick import Tick
from support.clock import FrozenClock
from support.lists import ToDo


@pytest.fixture
def to_do(tmp_path: Path) -> Iterator[ToDo]:
    to_do = ToDo(tmp_path)
    yield to_do
    to_do.close()


def looks_after(tick: Tick, to_do: ToDo) -> int:
    """How many looks at everything a tick leads to."""
    tick.fire()
    works = to_do.store.claim(9, now=to_do.clock.now())
    for work in works:
        assert work.key == "*"
        to_do.store.finish(work, now=to_do.clock.now())
    return len(works)


def test_every_hour_is_claimed_once(to_do: ToDo) -> None:
    tick = Tick(to_do.store, to_do.clock, to_do.clock)
    assert [looks_after(tick, to_do) for _ in range(3)] == [1, 0, 0]
    to_do.clock.move(seconds=3599)
    assert looks_after(tick, to_do) == 0
    to_do.clock.move(seconds=1)
    assert looks_after(tick, to_do) == 1


def test_of_several_replicas_one_claims_it(to_do: ToDo) -> None:
    ticks = [Tick(to_do.store, to_do.clock, to_do.clock) for _ in range(3)]
    assert [looks_after(tick, to_do) for tick in ticks] == [1, 0, 0]


def test_the_hours_are_those_of_the_organisation(to_do: ToDo) -> None:
    kolkata = FrozenClock(datetime(2026, 6, 1, 18, 29, 59, tzinfo=UTC), "Asia/Kolkata")
    tick = Tick(to_do.store, to_do.clock, kolkata)
    assert [looks_after(tick, to_do) for _ in range(2)] == [1, 0]
    kolkata.move(seconds=1)
    assert kolkata.local().time() == time(0)
    assert [looks_after(tick, to_do) for _ in range(2)] == [1, 0]
    kolkata.move(seconds=1800)
    assert looks_after(tick, to_do) == 0


def test_a_clock_that_is_moved_over_the_end_of_quiet_hours_is_noticed_though_the_machines_stands(to_do: ToDo) -> None:
    here = FrozenClock(datetime(2026, 6, 1, 9, 30, tzinfo=UTC))
    tick = Tick(to_do.store, to_do.clock, here)
    looks_after(tick, to_do)
    here.move(seconds=1800)
    assert here.local().time() == time(6)
    assert looks_after(tick, to_do) == 1


NIGHTS = {
    "no change": ("America/New_York", datetime(2026, 6, 1, 0, tzinfo=UTC)),
    "an hour is missing": ("America/New_York", datetime(2026, 3, 8, 0, tzinfo=UTC)),
    "an hour comes twice": ("America/New_York", datetime(2026, 11, 1, 0, tzinfo=UTC)),
    "midnight is missing": ("Africa/Cairo", datetime(2026, 4, 23, 18, tzinfo=UTC)),
    "midnight comes twice": ("America/Havana", datetime(2026, 10, 31, 18, tzinfo=UTC)),
}


@pytest.mark.parametrize(("zone", "begin"), NIGHTS.values(), ids=NIGHTS)
def test_each_hour_and_each_day_is_looked_at_when_it_begins_and_once(to_do: ToDo, zone: str, begin: datetime) -> None:
    here = FrozenClock(begin, zone)
    tick = Tick(to_do.store, to_do.clock, here)
    looks_after(tick, to_do)
    hours, day, days = 0, here.today(), 0
    for _ in range(48 * 4):
        here.move(seconds=900)
        looks = looks_after(tick, to_do)
        hours += looks
        if here.today() != day:
            assert looks == 1
            day, days = here.today(), days + 1
    assert (hours, days) == (48, 2)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo", "Asia/Kathmandu"])
def test_another_zone_from_one_start_to_the_next_neither_loses_a_day_nor_repeats_an_hour(
    to_do: ToDo, zone: str
) -> None:
    start = datetime(2026, 6, 1, 12, 15, tzinfo=UTC)
    looks_after(Tick(to_do.store, to_do.clock, FrozenClock(start)), to_do)
    here = FrozenClock(start, zone)
    tick = Tick(to_do.store, to_do.clock, here)
    hours = 0
    for _ in range(24 * 4):
        hours += looks_after(tick, to_do)
        here.move(seconds=900)
    assert hours in {24, 25}


def test_the_first_look_of_a_process_and_of_a_day_is_thorough_and_the_others_rest_on_what_is_known(to_do: ToDo) -> None:
    here = FrozenClock(datetime(2026, 6, 1, 20, tzinfo=UTC))
    thorough = []
    for tick in (Tick(to_do.store, to_do.clock, here), Tick(to_do.store, to_do.clock, here)):
        for _ in range(12):
            here.move(seconds=3600)
            tick.fire()
            (work,) = to_do.store.claim(9, now=to_do.clock.now())
            to_do.store.finish(work, now=to_do.clock.now())
            thorough += [here.local().hour] if work.thorough else []
    assert thorough == [17, 0, 5]


def test_a_thorough_look_that_is_still_to_do_stays_one(to_do: ToDo) -> None:
    tick = Tick(to_do.store, to_do.clock, to_do.clock)
    for _ in range(2):
        tick.fire()
        to_do.clock.move(seconds=3600)
    (work,) = to_do.store.claim(9, now=to_do.clock.now())
    assert work.thorough


def test_after_a_week_down_everything_is_looked_at_once(to_do: ToDo) -> None:
    looks_after(Tick(to_do.store, to_do.clock, to_do.clock), to_do)
    to_do.clock.move(days=7)
    tick = Tick(to_do.store, to_do.clock, to_do.clock)
    assert [looks_after(tick, to_do) for _ in range(3)] == [1, 0, 0]


def test_a_clock_set_back_marks_nothing_twice(to_do: ToDo) -> None:
    tick = Tick(to_do.store, to_do.clock, to_do.clock)
    looks_after(tick, to_do)
    to_do.clock.move(seconds=-3600)
    assert looks_after(tick, to_do) == 0
    to_do.clock.move(seconds=3600)
    assert looks_after(tick, to_do) == 0


def test_a_clock_set_back_by_days_is_followed_so_that_a_sandbox_can_be_moved_back(to_do: ToDo) -> None:
    days = FrozenClock(datetime(2026, 11, 24, 14, 0, tzinfo=UTC))
    tick = Tick(to_do.store, to_do.clock, days)
    assert looks_after(tick, to_do) == 1
    days.instant = datetime(2026, 6, 1, 13, 0, tzinfo=UTC)
    assert [looks_after(tick, to_do) for _ in range(2)] == [1, 0]
    days.move(days=1)
    assert [looks_after(tick, to_do) for _ in range(2)] == [1, 0]


def test_a_tick_wakes_the_workers_and_forgets_old_deliveries(to_do: ToDo) -> None:
    woken: list[bool] = []
    tick = Tick(to_do.store, to_do.clock, to_do.clock, ticked=lambda: woken.append(True))
    to_do.store.receive("a", received=to_do.clock.now(), marks={})
    tick.fire()
    tick.fire()
    assert woken == [True]
    to_do.clock.move(days=8)
    tick.fire()
    assert to_do.store.receive("a", received=to_do.clock.now(), marks={})


def test_a_schedule_that_stopped_does_not_look_alive(to_do: ToDo) -> None:
    tick = Tick(to_do.store, to_do.clock, to_do.clock)
    assert not tick.alive()
    tick.fire()
    to_do.clock.move(seconds=90)
    assert tick.alive()
    to_do.clock.move(seconds=1)
    assert not tick.alive()
