"""A thousand assessments dirty at once: each gets its turn, little is held, and deliveries are taken in meanwhile."""

import threading
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmmc_jira.service.ports import Work
from cmmc_jira.service.worker import Fence
from support.lists import ToDo
from support.served import Served

MANY = 1_000
KEYS = [str(10_000 + n) for n in range(MANY)]
BUSY = KEYS[0]


@pytest.fixture
def to_do(tmp_path: Path) -> Iterator[ToDo]:
    to_do = ToDo(tmp_path)
    yield to_do
    to_do.close()


def test_no_assessment_is_looked_at_twice_before_all_that_were_dirty_had_their_turn(to_do: ToDo) -> None:
    order: list[str] = []

    def look(work: Work, _: Fence) -> None:
        order.append(work.key)
        to_do.clock.move(seconds=0.01)
        if work.key == BUSY:
            to_do.store.mark(BUSY, now=to_do.clock.now())

    to_do.store.mark(*KEYS, now=to_do.clock.now())
    to_do.clock.move(seconds=3)
    engine = to_do.engine(look)
    for _ in range(MANY + 400):
        to_do.clock.move(seconds=0.01)
        engine.run_once()
    first = {key: order.index(key) for key in KEYS}
    assert set(order) == set(KEYS)
    before = Counter(order[: max(first.values())])
    assert max(count for key, count in before.items() if key != BUSY) == 1
    assert before[BUSY] <= 1 + MANY * 0.02 / 2  # once for each debounce that passed, and never in place of another


def test_a_thousand_marks_take_little_memory_and_no_thread(to_do: ToDo) -> None:
    threads: set[int] = set()

    def look(_: Work, __: Fence) -> None:
        threads.add(threading.active_count())

    engine, idle = to_do.engine(look), threading.active_count()
    tracemalloc.start()
    to_do.store.mark(*KEYS, now=to_do.clock.now())
    to_do.clock.move(seconds=3)
    for _ in range(50):
        assert engine.run_once()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert threads == {idle}
    assert peak < 8_000_000
    assert to_do.store.backlog(now=to_do.clock.now()).dirty == MANY - 50


def test_deliveries_are_taken_in_while_a_thousand_wait_and_every_worker_is_in_a_look(tmp_path: Path) -> None:
    served = Served(tmp_path)
    store, machine = served.service.store, served.service.machine
    store.mark(*KEYS, now=machine.now())
    held = store.claim(4, now=machine.now())  # what the workers are at, which takes as long as Jira likes
    for number in range(50):
        issue = {"id": KEYS[number], "fields": {"issuetype": {"name": "CMMC Assessment"}, "project": {"key": "CMMC"}}}
        payload = {"timestamp": number, "webhookEvent": "jira:issue_updated", "issue": issue}
        assert served.deliver(payload).status_code == 202
    backlog = store.backlog(now=machine.now())
    assert (backlog.dirty, len(held)) == (MANY, 4)
    served.service.stop()
