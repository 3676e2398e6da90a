"""The to-do list on SQLite and on PostgreSQL, which must not differ."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.statements import LEASE_SECONDS
from cmmc_jira.adapters.store import DEBOUNCE_SECONDS, LONGEST_BACKOFF_SECONDS, SqlStore, backoff
from cmmc_jira.service.ports import Work
from support.clock import NOON, FrozenClock
from support.lists import ToDo
from support.postgres import PostgresServer


@pytest.fixture(params=["sqlite", "postgresql"])
def listed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ToDo]:
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    listed = ToDo(tmp_path, server, debounce=DEBOUNCE_SECONDS)
    yield listed
    listed.close()


@pytest.fixture
def store(listed: ToDo) -> SqlStore:
    return listed.store


@pytest.fixture
def clock(listed: ToDo) -> FrozenClock:
    return listed.clock


def claimed(store: SqlStore, clock: FrozenClock, limit: int = 10) -> list[Work]:
    return list(store.claim(limit, now=clock.now()))


def fail(store: SqlStore, clock: FrozenClock, work: Work) -> None:
    store.retry(work, error="It failed.", now=clock.now())


def test_what_is_marked_is_leased_once_after_the_debounce(store: SqlStore, clock: FrozenClock) -> None:
    store.mark("1", now=clock.now())
    clock.move(seconds=1.9)
    assert claimed(store, clock) == []
    clock.move(seconds=0.2)
    assert [work.key for work in claimed(store, clock)] == ["1"]
    assert claimed(store, clock) == []


def test_a_look_is_thorough_unless_every_mark_since_the_last_one_says_that_what_is_known_is_enough(
    store: SqlStore, clock: FrozenClock
) -> None:
    looks = []
    for marks in ((False,), (False, True), (True, False), (False, False)):
        for thorough in marks:
            store.mark("1", thorough=thorough, now=clock.now())
        clock.move(seconds=5)
        (work,) = claimed(store, clock)
        assert work.hints == ()
        store.finish(work, now=clock.now())
        clock.move(seconds=5)
        looks.append(work.thorough)
    assert looks == [False, True, True, False]


def test_a_slot_asks_for_as_thorough_a_look_as_it_is_claimed_for(store: SqlStore, clock: FrozenClock) -> None:
    for hour, thorough in enumerate((False, True)):
        slot = clock.now() + timedelta(hours=hour)
        assert store.claim_slot("hour", slot, key="*", thorough=thorough, now=clock.now())
        clock.move(seconds=5)
        (work,) = claimed(store, clock)
        assert work.thorough is thorough
        store.finish(work, now=clock.now())
        clock.move(seconds=5)


def test_a_hundred_events_make_one_look(store: SqlStore, clock: FrozenClock) -> None:
    for number in range(100):
        store.receive(f"delivery-{number}", received=clock.now(), marks={"1": [str(number)]})
        clock.move(seconds=0.01)
    clock.move(seconds=2)
    (work,) = claimed(store, clock)
    assert len(work.hints) == 100
    assert store.finish(work, now=clock.now())
    clock.move(days=1)
    assert claimed(store, clock) == []


def test_a_stream_of_events_does_not_put_a_look_off(store: SqlStore, clock: FrozenClock) -> None:
    for _ in range(3):
        store.mark("1", now=clock.now())
        clock.move(seconds=1)
    assert [work.key for work in claimed(store, clock)] == ["1"]


def test_an_event_during_a_look_makes_another_one(store: SqlStore, clock: FrozenClock) -> None:
    store.mark("1", hints=["10"], thorough=False, now=clock.now())
    clock.move(seconds=3)
    (first,) = claimed(store, clock)
    store.mark("1", hints=["11"], thorough=False, now=clock.now())
    assert store.finish(first, now=clock.now())
    clock.move(seconds=3)
    (second,) = claimed(store, clock)
    assert (first.hints, second.hints) == (("10",), ("11",))
    assert store.finish(second, now=clock.now())
    clock.move(days=1)
    assert claimed(store, clock) == []


@pytest.mark.parametrize(
    ("marks", "thorough"),
    [
        ([["10"]], False),
        ([["10", "*"]], True),
        ([["10"], ["11"]], False),
        ([[]], True),
        ([["10"], []], True),
        ([[], ["10"]], True),
    ],
)
def test_a_look_is_thorough_unless_every_mark_named_what_changed(
    store: SqlStore, clock: FrozenClock, marks: list[list[str]], *, thorough: bool
) -> None:
    for number, hints in enumerate(marks):
        store.receive(str(number), received=clock.now(), marks={"1": hints})
    clock.move(seconds=3)
    (work,) = claimed(store, clock)
    assert work.thorough is thorough
    assert work.hints == tuple(sorted({hint for hints in marks for hint in hints} - {"*"}))


def test_a_delivery_that_came_before_marks_nothing(store: SqlStore, clock: FrozenClock) -> None:
    assert store.receive("a", received=clock.now(), marks={"1": []})
    clock.move(seconds=3)
    (work,) = claimed(store, clock)
    store.finish(work, now=clock.now())
    assert not store.receive("a", received=clock.now(), marks={"1": []})
    clock.move(days=1)
    assert claimed(store, clock) == []


def test_deliveries_are_forgotten_after_seven_days_and_not_before(store: SqlStore, clock: FrozenClock) -> None:
    store.receive("a", received=clock.now(), marks={})
    clock.move(days=7)
    assert store.prune(now=clock.now()) == 0
    clock.move(seconds=1)
    assert store.prune(now=clock.now()) == 1
    assert store.receive("a", received=clock.now(), marks={})


def test_a_lease_that_ran_out_is_taken_by_another_and_fences_the_first(store: SqlStore, clock: FrozenClock) -> None:
    store.mark("1", now=clock.now())
    clock.move(seconds=3)
    (mine,) = claimed(store, clock)
    assert store.still_mine(mine, now=clock.now())
    clock.move(seconds=LEASE_SECONDS + 0.1)
    (other,) = claimed(store, clock)
    assert not store.still_mine(mine, now=clock.now())
    assert store.extend([mine, other], now=clock.now()) == [mine]
    assert not store.finish(mine, now=clock.now())
    fail(store, clock, mine)
    assert store.still_mine(other, now=clock.now())
    assert store.finish(other, now=clock.now())


def test_a_lease_about_to_end_does_not_allow_a_write(store: SqlStore, clock: FrozenClock) -> None:
    store.mark("1", now=clock.now())
    clock.move(seconds=3)
    (mine,) = claimed(store, clock)
    clock.move(seconds=LEASE_SECONDS - 2)
    assert not store.still_mine(mine, now=clock.now())
    assert store.extend([mine], now=clock.now()) == []
    assert store.still_mine(mine, now=clock.now())


def test_a_released_lease_is_free_at_once(store: SqlStore, clock: FrozenClock) -> None:
    store.mark("1", now=clock.now())
    clock.move(seconds=3)
    (mine,) = claimed(store, clock)
    store.release([mine])
    assert not store.still_mine(mine, now=clock.now())
    assert store.extend([mine], now=clock.now()) == [mine]
    assert [work.key for work in claimed(store, clock)] == ["1"]


def test_the_one_process_on_a_file_frees_every_lease_when_it_takes_over_and_a_replica_none(
    listed: ToDo, store: SqlStore, clock: FrozenClock
) -> None:
    store.mark("1", "2", now=clock.now())
    clock.move(seconds=3)
    assert len(claimed(store, clock)) == 2
    store.take_over()
    assert len(claimed(store, clock)) == (2 if listed.database.embedded else 0)


def test_the_longest_waiting_comes_first(store: SqlStore, clock: FrozenClock) -> None:
    for key in ("3", "1", "2"):
        store.mark(key, now=clock.now())
        clock.move(seconds=1)
    clock.move(seconds=3)
    assert [claimed(store, clock, limit=1)[0].key for _ in range(3)] == ["3", "1", "2"]


def test_of_many_that_are_to_be_looked_at_none_waits_for_one_that_changes_all_the_time(
    store: SqlStore, clock: FrozenClock
) -> None:
    others = [str(number) for number in range(200)]
    store.mark("busy", *others, now=clock.now())
    clock.move(seconds=3)
    looked: list[str] = []
    while not set(others) <= set(looked):
        for work in claimed(store, clock, limit=4):
            store.mark("busy", now=clock.now())
            looked.append(work.key)
            assert store.finish(work, now=clock.now())
        clock.move(seconds=0.1)
    assert looked.count("busy") <= 1
    clock.move(seconds=3)
    assert [work.key for work in claimed(store, clock)] == ["busy"]


def test_what_fails_comes_back_later_and_is_parked_after_ten_attempts(store: SqlStore, clock: FrozenClock) -> None:
    store.mark("1", now=clock.now())
    for attempt in range(10):
        clock.move(seconds=LONGEST_BACKOFF_SECONDS)
        assert store.backlog(now=clock.now()).parked == {}
        (work,) = claimed(store, clock)
        assert work.attempt == attempt
        fail(store, clock, work)
        assert claimed(store, clock) == []
    clock.move(days=365)
    assert claimed(store, clock) == []
    backlog = store.backlog(now=clock.now())
    assert (backlog.dirty, backlog.parked) == (0, {"1": "It failed."})


def test_an_event_gives_what_is_parked_another_try_and_success_clears_it(store: SqlStore, clock: FrozenClock) -> None:
    store.mark("1", now=clock.now())
    for _ in range(10):
        clock.move(seconds=LONGEST_BACKOFF_SECONDS)
        fail(store, clock, claimed(store, clock)[0])
    store.mark("1", now=clock.now())
    clock.move(seconds=3)
    fail(store, clock, claimed(store, clock)[0])
    clock.move(days=1)
    assert claimed(store, clock) == []
    store.mark("1", now=clock.now())
    clock.move(seconds=3)
    assert store.finish(claimed(store, clock)[0], now=clock.now())
    assert store.backlog(now=clock.now()).parked == {}


def test_what_is_unparked_by_hand_is_looked_at_now_thoroughly_with_all_its_attempts(
    store: SqlStore, clock: FrozenClock
) -> None:
    store.mark("1", "2", hints=["10"], thorough=False, now=clock.now())
    for _ in range(10):
        clock.move(seconds=LONGEST_BACKOFF_SECONDS)
        for work in claimed(store, clock):
            fail(store, clock, work)
    assert store.unpark("1", "3", now=clock.now()) == ["1"]
    assert set(store.backlog(now=clock.now()).parked) == {"2"}
    (work,) = claimed(store, clock)
    assert (work.key, work.attempt, work.hints, work.thorough) == ("1", 0, ("10",), True)
    assert store.unpark("1", now=clock.now()) == []
    fail(store, clock, work)
    assert set(store.backlog(now=clock.now()).parked) == {"2"}


def test_while_jira_is_away_nothing_is_parked(store: SqlStore, clock: FrozenClock) -> None:
    store.mark("1", now=clock.now())
    for _ in range(30):
        clock.move(seconds=LONGEST_BACKOFF_SECONDS)
        (work,) = claimed(store, clock)
        store.wait(work, after=None, scope="site", error="Away.", now=clock.now())
        assert claimed(store, clock) == []
    assert store.backlog(now=clock.now()).parked == {}


def test_when_jira_asks_to_wait_everything_waits_and_no_attempt_is_used(store: SqlStore, clock: FrozenClock) -> None:
    store.mark("1", "2", now=clock.now())
    clock.move(seconds=3)
    (first,) = claimed(store, clock, limit=1)
    store.wait(first, after=60, scope="site", error="Slow down.", now=clock.now())
    store.mark("1", "2", "3", now=clock.now())
    clock.move(seconds=59)
    assert claimed(store, clock) == []
    assert store.backlog(now=clock.now()).blocked_seconds == pytest.approx(1)
    clock.move(seconds=2)
    assert [(work.key, work.attempt) for work in claimed(store, clock)] == [("1", 0), ("2", 0), ("3", 0)]


def test_a_shorter_wait_does_not_end_a_longer_one(store: SqlStore, clock: FrozenClock) -> None:
    store.mark("1", "2", now=clock.now())
    clock.move(seconds=3)
    one, two = claimed(store, clock)
    store.wait(one, after=60, scope="site", error="", now=clock.now())
    store.wait(two, after=1, scope="site", error="", now=clock.now())
    clock.move(seconds=59)
    assert claimed(store, clock) == []


def test_a_wait_for_one_issue_holds_back_that_one_alone_and_no_event_shortens_it(
    store: SqlStore, clock: FrozenClock
) -> None:
    store.mark("1", "2", now=clock.now())
    clock.move(seconds=3)
    one, two = claimed(store, clock)
    store.finish(two, now=clock.now())
    store.wait(one, after=60, scope="issue", error="", now=clock.now())
    store.mark("1", "2", now=clock.now())
    clock.move(seconds=50)
    assert [work.key for work in claimed(store, clock)] == ["2"]
    clock.move(seconds=11)
    assert [work.key for work in claimed(store, clock)] == ["1"]


def test_a_wait_for_one_jira_does_not_hold_back_another(listed: ToDo, store: SqlStore, clock: FrozenClock) -> None:
    other = SqlStore(listed.database, name="https://other.atlassian.net")
    store.mark("1", now=clock.now())
    other.mark("1", now=clock.now())
    clock.move(seconds=3)
    store.wait(claimed(store, clock)[0], after=60, scope="site", error="", now=clock.now())
    assert [work.key for work in claimed(other, clock)] == ["1"]


def test_a_slot_is_claimed_once_and_marks_with_it(store: SqlStore, clock: FrozenClock) -> None:
    assert store.claim_slot("hour", clock.now(), key="*", now=clock.now())
    assert not store.claim_slot("hour", clock.now(), key="*", now=clock.now())
    assert not store.claim_slot("hour", clock.now() - timedelta(hours=1), key="*", now=clock.now())
    assert store.claim_slot("hour", clock.now() + timedelta(hours=1), key="*", now=clock.now())
    clock.move(seconds=3)
    (work,) = claimed(store, clock)
    assert (work.key, work.thorough) == ("*", True)


def test_the_backlog_tells_how_long_the_oldest_waits(store: SqlStore, clock: FrozenClock) -> None:
    assert store.backlog(now=clock.now()).dirty == 0
    store.mark("1", now=clock.now())
    clock.move(seconds=30)
    store.mark("1", "2", now=clock.now())
    backlog = store.backlog(now=clock.now())
    assert (backlog.dirty, backlog.oldest_seconds) == (2, 30)


def test_backing_off_grows_with_jitter_and_has_an_end() -> None:
    for attempt in range(1, 40):
        waits = [backoff(attempt) for _ in range(50)]
        assert 1 <= min(waits) <= max(waits) <= min(2 * 2**attempt, LONGEST_BACKOFF_SECONDS)
        assert len(set(waits)) > 1


def test_on_postgresql_the_servers_clock_decides_whatever_a_replica_believes(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    listed = ToDo(tmp_path, postgres)
    store, server = listed.store, listed.clock
    ahead, behind = server.instant + timedelta(days=1), server.instant - timedelta(days=1)
    store.receive("a", received=ahead, marks={"1": []})
    store.receive("b", received=behind, marks={"2": []})
    works = store.claim(9, now=behind)
    assert [work.key for work in works] == ["1", "2"]
    assert all(store.still_mine(work, now=ahead) for work in works)
    assert store.claim(9, now=ahead) == []
    server.move(seconds=LEASE_SECONDS + 1)
    assert [work.key for work in store.claim(9, now=behind)] == ["1", "2"]
    assert store.prune(now=ahead + timedelta(days=90)) == 0
    listed.close()


def test_two_replicas_that_claim_at_once_never_lease_the_same_and_together_everything(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    listed = ToDo(tmp_path, postgres)
    keys = [str(number) for number in range(40)]
    listed.store.mark(*keys, now=NOON)
    databases = [Database(listed.url) for _ in range(2)]
    stores = [SqlStore(database, name=listed.name) for database in databases]
    begin = threading.Barrier(8)

    def claim(store: SqlStore) -> list[str]:
        begin.wait(10)
        return [work.key for _ in range(10) for work in store.claim(2, now=NOON)]

    with ThreadPoolExecutor(8) as threads:
        leased = [key for keys in threads.map(claim, stores * 4) for key in keys]
    assert sorted(leased) == sorted(keys)
    for database in databases:
        database.close()
    listed.close()
