"""The engine in one thread, step by step; and with its threads, where only threads can show it."""

import threading
from pathlib import Path

import pytest

from cmmc_jira.adapters.lock import FileLock
from cmmc_jira.adapters.statements import LEASE_SECONDS
from cmmc_jira.adapters.store import LONGEST_BACKOFF_SECONDS
from cmmc_jira.errors import JiraRefused, JiraUnavailable, LeaseLost, StoreUnavailable
from cmmc_jira.service.ports import Work
from cmmc_jira.service.worker import Engine, Fence
from support.lists import ToDo


class Looks:
    """A look that does as told, and notes what it was given and how it came out."""

    def __init__(self, *failures: Exception) -> None:
        self.seen: list[Work] = []
        self.outcomes: list[str] = []
        self.failures = list(failures)

    def __call__(self, work: Work, fence: Fence) -> None:
        fence()
        self.seen.append(work)
        if self.failures:
            raise self.failures.pop(0)

    def observe(self, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        self.outcomes.append(outcome)


def engine_of(to_do: ToDo, looks: Looks) -> Engine:
    return to_do.engine(looks, observe=looks.observe)


def test_what_is_due_is_looked_at_once(to_do: ToDo) -> None:
    looks = Looks()
    engine = engine_of(to_do, looks)
    assert not engine.run_once()
    to_do.mark("1")
    assert engine.run_once()
    assert not engine.run_once()
    assert ([work.key for work in looks.seen], looks.outcomes) == (["1"], ["done"])
    assert engine.looked() == to_do.clock.now()


def test_an_event_during_a_look_is_looked_at_again(to_do: ToDo) -> None:
    seen: list[int] = []

    def look(work: Work, _fence: Fence) -> None:
        seen.append(work.generation)
        if len(seen) == 1:
            to_do.mark("1")

    engine = to_do.engine(look)
    to_do.mark("1")
    assert [engine.run_once() for _ in range(3)] == [True, True, False]
    assert seen == [1, 2]


def test_a_look_that_lost_its_lease_writes_nothing_more_and_finishes_nothing(to_do: ToDo) -> None:
    written: list[str] = []

    def look(work: Work, fence: Fence) -> None:
        if not written:
            fence()
            written.append(work.key)
            to_do.clock.move(seconds=LEASE_SECONDS + 1)
            to_do.store.claim(1, now=to_do.clock.now())
        fence()
        written.append("more")

    outcomes: list[str] = []
    engine = to_do.engine(look, observe=lambda outcome, _: outcomes.append(outcome))
    to_do.mark("1")
    engine.run_once()
    assert (written, outcomes) == (["1"], ["lost"])
    assert to_do.store.backlog(now=to_do.clock.now()).dirty == 1


def test_a_look_that_ended_after_its_lease_was_taken_does_not_count(to_do: ToDo) -> None:
    def look(_work: Work, _fence: Fence) -> None:
        to_do.clock.move(seconds=LEASE_SECONDS + 1)
        to_do.store.claim(1, now=to_do.clock.now())

    outcomes: list[str] = []
    to_do.mark("1")
    to_do.engine(look, observe=lambda outcome, _: outcomes.append(outcome)).run_once()
    assert outcomes == ["lost"]
    assert to_do.store.backlog(now=to_do.clock.now()).dirty == 1


def test_the_heartbeat_keeps_what_runs_and_tells_what_was_lost(to_do: ToDo) -> None:
    def look(work: Work, fence: Fence) -> None:
        for _ in range(5):
            to_do.clock.move(seconds=LEASE_SECONDS - 5)
            engine.extend_leases()
            fence()
        to_do.store.release([work])
        engine.extend_leases()
        with pytest.raises(LeaseLost):
            fence()
        raise LeaseLost("Another worker has it.")

    outcomes: list[str] = []
    engine = to_do.engine(look, observe=lambda outcome, _: outcomes.append(outcome))
    to_do.mark("1")
    engine.run_once()
    assert outcomes == ["lost"]


def test_a_claim_that_never_ran_is_not_kept_alive(to_do: ToDo) -> None:
    engine = engine_of(to_do, Looks())
    engine.run_once()
    to_do.mark("1")
    (lost,) = to_do.store.claim(1, now=to_do.clock.now())
    to_do.clock.move(seconds=LEASE_SECONDS + 1)
    engine.extend_leases()
    assert not to_do.store.still_mine(lost, now=to_do.clock.now())
    assert engine.run_once()


def test_when_jira_asks_to_wait_everything_waits_that_long(to_do: ToDo) -> None:
    looks = Looks(JiraUnavailable("Slow down.", retry_after=60))
    engine = engine_of(to_do, looks)
    to_do.mark("1", "2")
    assert engine.run_once()
    assert not engine.run_once()
    to_do.clock.move(seconds=61)
    assert engine.run_once()
    assert engine.run_once()
    assert looks.outcomes == ["waiting", "done", "done"]


@pytest.mark.parametrize("failure", [JiraRefused("The field is not on the screen."), RuntimeError("secret words")])
def test_what_keeps_failing_is_parked_with_a_reason_and_starves_nothing(to_do: ToDo, failure: Exception) -> None:
    looks = Looks(*[failure] * 10)
    engine = engine_of(to_do, looks)
    to_do.mark("1")
    for _ in range(10):
        to_do.clock.move(seconds=LONGEST_BACKOFF_SECONDS)
        assert engine.run_once()
    to_do.mark("2")
    assert engine.run_once()
    assert looks.seen[-1].key == "2"
    (reason,) = to_do.store.backlog(now=to_do.clock.now()).parked.values()
    assert reason in {"The field is not on the screen.", "A fault of ours (RuntimeError): see the log."}


def test_a_fault_is_logged_by_kind_and_place_without_its_words(to_do: ToDo, caplog: pytest.LogCaptureFixture) -> None:
    engine = engine_of(to_do, Looks(RuntimeError("the assessor's note")))
    to_do.mark("1")
    engine.run_once()
    assert "fault=RuntimeError at=test_worker.py:" in caplog.text
    assert "note" not in caplog.text


def test_when_the_database_is_away_the_look_comes_back_by_itself(to_do: ToDo) -> None:
    looks = Looks(StoreUnavailable("The database is away."))
    engine = engine_of(to_do, looks)
    to_do.mark("1")
    assert engine.run_once()
    assert not engine.run_once()
    to_do.clock.move(seconds=LEASE_SECONDS + 1)
    assert engine.run_once()
    assert looks.outcomes == ["failed", "done"]


def test_a_second_process_on_the_same_file_only_marks_until_the_first_is_gone(tmp_path: Path) -> None:
    to_do, looks = ToDo(tmp_path), Looks()
    engine_of(to_do, looks).run_once()
    other_lock = FileLock(Path(str(to_do.database.file)))
    other = Engine(to_do.store, to_do.clock, looks, right=other_lock)
    to_do.mark("1")
    (abandoned,) = to_do.store.claim(1, now=to_do.clock.now())
    assert not other.run_once()
    assert not other.works()
    to_do.lock.release()
    assert other.run_once()
    assert looks.seen[0].token == abandoned.token + 1
    other_lock.release()
    to_do.close()


def test_stopping_waits_for_the_look_under_way_and_claims_nothing_more(to_do: ToDo) -> None:
    started, go_on = threading.Event(), threading.Event()
    ended: list[str] = []

    def look(work: Work, _fence: Fence) -> None:
        started.set()
        assert go_on.wait(10)
        ended.append(work.key)

    engine = to_do.engine(look, workers=1)
    to_do.mark("1", "2")
    engine.start()
    assert started.wait(10)
    stopper = threading.Thread(target=engine.stop)
    stopper.start()
    go_on.set()
    stopper.join(20)
    assert len(ended) == 1
    assert to_do.store.backlog(now=to_do.clock.now()).dirty == 1


def test_who_has_stopped_leaves_the_work_of_the_file_to_another_process(tmp_path: Path) -> None:
    to_do = ToDo(tmp_path)
    engine = engine_of(to_do, Looks())
    engine.run_once()
    engine.stop()
    other = FileLock(Path(str(to_do.database.file)))
    assert other.acquire()
    other.release()
    to_do.close()


def test_a_look_that_does_not_end_in_time_gives_its_lease_back(to_do: ToDo) -> None:
    started, go_on = threading.Event(), threading.Event()

    def look(_work: Work, _fence: Fence) -> None:
        started.set()
        go_on.wait(10)

    engine = to_do.engine(look, workers=1)
    to_do.mark("1")
    engine.start()
    assert started.wait(10)
    engine.stop(drain=0)
    assert [work.key for work in to_do.store.claim(1, now=to_do.clock.now())] == ["1"]
    go_on.set()
    engine.stop()


def test_threads_wake_for_what_arrives_and_a_silent_one_is_told_of(to_do: ToDo) -> None:
    looked = threading.Event()
    engine = to_do.engine(lambda _work, _fence: looked.set())
    assert engine.faults() == ["The workers have not been started"]
    engine.start()
    try:
        assert engine.faults() == []
        to_do.mark("1")
        engine.wake()
        assert looked.wait(10)
    finally:
        engine.stop()
    assert {fault.partition(" ")[0] for fault in engine.faults()} == {"worker-1", "worker-2", "leases"}


def test_a_worker_that_is_at_one_look_for_ten_minutes_is_stuck(to_do: ToDo) -> None:
    started, go_on = threading.Event(), threading.Event()

    def look(_work: Work, _fence: Fence) -> None:
        started.set()
        go_on.wait(10)

    engine = to_do.engine(look, workers=1)
    to_do.mark("1")
    engine.start()
    assert started.wait(10)
    try:
        to_do.clock.move(seconds=80)
        assert engine.faults() == []
        to_do.clock.move(seconds=601)
        assert "worker-1 is stuck in a look" in engine.faults()
    finally:
        go_on.set()
        engine.stop()
