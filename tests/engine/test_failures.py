"""What happens when the database, the disk or a thread fails at the worst moment."""

import resource
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.lock import NoLock
from cmmc_jira.adapters.statements import LEASE_SECONDS
from cmmc_jira.adapters.store import SqlStore
from cmmc_jira.errors import JiraUnavailable, StoreUnavailable
from cmmc_jira.service.ports import Work
from cmmc_jira.service.worker import Engine, Fence, Rhythm
from support.clock import NOON
from support.lists import ToDo
from support.postgres import PostgresServer


@pytest.fixture
def replica(tmp_path: Path, postgres: PostgresServer) -> Iterator[ToDo]:
    replica = ToDo(tmp_path, postgres)
    yield replica
    replica.close()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[ToDo]:
    file = ToDo(tmp_path)
    file.database.prepare()
    yield file
    file.close()


def nothing(_work: Work, _fence: Fence) -> None:
    """Look at nothing."""


def test_a_server_that_is_away_is_said_to_be_and_everything_goes_on_when_it_is_back(
    replica: ToDo, postgres: PostgresServer
) -> None:
    engine, store, now = replica.engine(nothing), replica.store, replica.clock.now()
    replica.mark("1")
    (held,) = store.claim(1, now=now)
    with postgres.away():
        for act in (
            engine.run_once,
            lambda: store.extend([held], now=now),
            lambda: store.finish(held, now=now),
            lambda: store.receive("a", received=now, marks={"2": []}),
        ):
            with pytest.raises(StoreUnavailable, match="The database is away"):
                act()
        assert not store.healthy()
    assert store.receive("a", received=now, marks={"2": []})
    assert engine.run_once()
    assert store.finish(held, now=now)
    assert not engine.run_once()


def test_no_worker_is_lost_to_a_server_that_was_away(replica: ToDo, postgres: PostgresServer) -> None:
    both = threading.Barrier(3)
    rhythm = Rhythm(poll=0.02, heartbeat=0.02)

    def look(_work: Work, _fence: Fence) -> None:
        both.wait(30)

    engine = Engine(replica.store, replica.clock, look, right=NoLock(), workers=2, rhythm=rhythm)
    engine.start()
    try:
        with postgres.away():
            engine.wake()
        replica.mark("1", "2")
        engine.wake()
        both.wait(30)
    finally:
        engine.stop()
    assert replica.store.backlog(now=replica.clock.now()).dirty == 0


def test_a_look_that_ends_while_the_server_is_away_comes_back_after_its_lease(
    replica: ToDo, postgres: PostgresServer
) -> None:
    outcomes: list[str] = []
    with ExitStack() as stack:

        def look(_work: Work, _fence: Fence) -> None:
            stack.enter_context(postgres.away())

        engine = replica.engine(look, observe=lambda outcome, _: outcomes.append(outcome))
        replica.mark("1")
        assert engine.run_once()
    after = replica.engine(nothing, observe=lambda outcome, _: outcomes.append(outcome))
    assert not after.run_once()
    replica.clock.move(seconds=LEASE_SECONDS + 1)
    assert after.run_once()
    assert outcomes == ["failed", "done"]


def test_a_fence_that_cannot_be_asked_lets_nothing_be_written(replica: ToDo, postgres: PostgresServer) -> None:
    written: list[str] = []

    def look(work: Work, fence: Fence) -> None:
        with postgres.away():
            fence()
            written.append(work.key)

    replica.mark("1")
    assert replica.engine(look).run_once()
    assert written == []


def test_whatever_a_claim_runs_into_the_workers_go_on_and_one_that_does_not_is_told_of(to_do: ToDo) -> None:
    looked = threading.Event()

    class Broken(SqlStore):
        faults = 3

        def claim(self, limit: int, *, now: datetime) -> Sequence[Work]:
            if self.faults:
                Broken.faults -= 1
                raise RuntimeError("no connection is free")
            return super().claim(limit, now=now)

    store = Broken(to_do.database, name=to_do.name, debounce=0)
    rhythm = Rhythm(poll=0.02)
    engine = Engine(store, to_do.clock, lambda _work, _fence: looked.set(), right=NoLock(), workers=1, rhythm=rhythm)
    to_do.mark("1")
    engine.start()
    try:
        assert looked.wait(10)
    finally:
        engine.stop()
    assert Broken.faults == 0
    to_do.clock.move(seconds=91)
    assert "worker-1 does not work" in engine.faults()


def test_a_delivery_whose_marks_could_not_be_stored_is_not_known_when_it_comes_again(to_do: ToDo) -> None:
    now, hinted = to_do.clock.now(), to_do.store._hinted
    to_do.store._hinted = to_do.database.prepared(to_do.store._statements.deliver)  # asks for other values
    with pytest.raises(StoreUnavailable):
        to_do.store.receive("a", received=now, marks={"1": []})
    to_do.store._hinted = hinted
    assert to_do.store.claim(9, now=now) == []
    assert to_do.store.receive("a", received=now, marks={"1": []})


def test_an_hour_whose_marks_could_not_be_stored_is_claimed_again(to_do: ToDo) -> None:
    now, hinted = to_do.clock.now(), to_do.store._hinted
    to_do.store._hinted = to_do.database.prepared(to_do.store._statements.deliver)  # asks for other values
    with pytest.raises(StoreUnavailable):
        to_do.store.claim_slot("hour", NOON, key="*", now=now)
    to_do.store._hinted = hinted
    assert to_do.store.claim_slot("hour", NOON, key="*", now=now)
    assert [work.key for work in to_do.store.claim(9, now=now)] == ["*"]


def test_of_replicas_that_claim_an_hour_at_once_one_gets_it(replica: ToDo) -> None:
    begin = threading.Barrier(8)

    def claim(_: int) -> bool:
        begin.wait(10)
        return replica.store.claim_slot("hour", NOON, key="*", now=replica.clock.now())

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(claim, range(8))) == [False] * 7 + [True]


def test_deliveries_that_come_at_once_are_each_stored_once_and_answered_for_themselves(to_do: ToDo) -> None:
    begin = threading.Barrier(16)

    def receive(number: int) -> bool:
        begin.wait(10)
        id_ = str(number // 2)
        return to_do.store.receive(id_, received=to_do.clock.now(), marks={str(number % 3): [id_]})

    with ThreadPoolExecutor(16) as threads:
        stored = list(threads.map(receive, range(16)))
    assert [sum(stored[pair : pair + 2]) for pair in range(0, 16, 2)] == [1] * 8
    hints = {hint for work in to_do.store.claim(9, now=to_do.clock.now()) for hint in work.hints}
    assert hints == {str(number) for number in range(8)}


def test_deliveries_that_come_at_once_are_all_refused_when_none_could_be_stored(file: ToDo) -> None:
    begin = threading.Barrier(8)

    def receive(number: int) -> str:
        begin.wait(10)
        try:
            file.store.receive(str(number), received=file.clock.now(), marks={"1": []})
        except StoreUnavailable:
            return "away"
        return "stored"

    with busy(file), ThreadPoolExecutor(8) as threads:
        assert list(threads.map(receive, range(8))) == ["away"] * 8
    assert file.store.claim(9, now=file.clock.now()) == []


def test_what_jira_asked_to_wait_for_survives_a_restart(to_do: ToDo) -> None:
    def look(_work: Work, _fence: Fence) -> None:
        raise JiraUnavailable("Slow down.", retry_after=60)

    to_do.mark("1", "2")
    assert to_do.engine(look).run_once()
    database = Database(to_do.url)
    again = SqlStore(database, name=to_do.name)
    to_do.clock.move(seconds=59)
    assert again.claim(9, now=to_do.clock.now()) == []
    to_do.clock.move(seconds=2)
    assert len(again.claim(9, now=to_do.clock.now())) == 2
    database.close()


@contextmanager
def busy(file: ToDo) -> Iterator[None]:
    """Let another process write to the file and not come to an end."""
    other = sqlite3.connect(str(file.database.file), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def test_a_file_that_another_process_does_not_let_go_of_is_away_until_it_does(file: ToDo) -> None:
    now = file.clock.now()
    with busy(file), pytest.raises(StoreUnavailable):
        file.store.receive("a", received=now, marks={"1": []})
    assert file.store.receive("a", received=now, marks={"1": []})


def test_a_full_disk_refuses_deliveries_and_keeps_what_was_accepted(file: ToDo) -> None:
    now = file.clock.now()
    assert file.store.receive("a", received=now, marks={"1": []})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        with pytest.raises(StoreUnavailable):
            file.store.receive("b", received=now, marks={"2": []})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not file.store.receive("a", received=now, marks={"1": []})
    assert file.store.receive("b", received=now, marks={"2": []})
    assert [work.key for work in file.store.claim(9, now=now)] == ["1", "2"]


def test_a_file_that_may_only_be_read_refuses_deliveries(file: ToDo) -> None:
    with file.database.reading() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    with pytest.raises(StoreUnavailable):
        file.store.receive("a", received=file.clock.now(), marks={"1": []})
