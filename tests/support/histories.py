"""Random histories of a to-do list, step by step in one thread: the same seed gives the same history.

Each worker is a process of its own. It may die, freeze for longer than its lease and go on, or fail; events come twice,
late and in any order. In the end everything is quiet for long enough.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from cmmc_jira.adapters.statements import LEASE_SECONDS
from cmmc_jira.adapters.store import LONGEST_BACKOFF_SECONDS
from cmmc_jira.service.ports import Work
from support.lists import ToDo
from support.record import Record, Run

BURST: Final = 3
"""How many events an assessment has, one soon after the other; then it is silent, so that a missed one shows."""
WORKERS: Final = 4


@dataclass(slots=True)
class Worker:
    """A process with one look under way at most."""

    work: Work | None = None
    run: Run | None = None
    frozen: bool = False
    fenced: bool = False


@dataclass(slots=True)
class History:
    """A history over a list; `record` tells what came of it."""

    to_do: ToDo
    seed: int
    record: Record = field(default_factory=Record)
    workers: list[Worker] = field(default_factory=lambda: [Worker() for _ in range(WORKERS)])
    posted: list[tuple[str, str]] = field(default_factory=list)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  a history, not a secret

    def live(self, steps: int = 200) -> Record:
        """Live through so many steps and then through quiet times."""
        for _ in range(steps):
            self.chance.choice(self._steps())()
        for worker in self.workers:
            worker.frozen = False
        while self.posted:
            self._deliver()
        for _ in range(3):
            self.to_do.clock.move(seconds=LONGEST_BACKOFF_SECONDS)
            for worker in self.workers:
                while self._work(worker, failing=False):
                    pass
        return self.record

    def _steps(self) -> list[Callable[[], object]]:
        worker = self.chance.choice(self.workers)
        return [
            *[self._happen, self._deliver] * 3,
            self._pass,
            self._beat,
            *[lambda: self._work(worker, failing=True)] * 9,
            *[lambda: self._freeze(worker)] * 2,
        ]

    @property
    def _now(self) -> float:
        return self.to_do.clock.instant.timestamp()

    def _happen(self) -> None:
        key = str(self.record.events.total() // BURST)
        self.record.happen(key)
        delivery = (key, f"{key}-{self.record.events[key]}")
        self.posted += [delivery] * self.chance.choice([1, 1, 1, 2])

    def _deliver(self) -> None:
        if self.posted:
            key, name = self.posted.pop(self.chance.randrange(len(self.posted)))
            self.to_do.store.receive(name, received=self.to_do.clock.now(), marks={key: [name]})

    def _pass(self) -> None:
        self.to_do.clock.move(seconds=self.chance.choice([0.1, 2, LEASE_SECONDS / 2, LEASE_SECONDS + 1]))

    def _freeze(self, worker: Worker) -> None:
        worker.frozen = not worker.frozen and self.chance.random() < 1 / 2

    def _beat(self) -> None:
        for worker in self.workers:
            if worker.work is None or worker.run is None or worker.frozen:
                continue
            if self.to_do.store.extend([worker.work], now=self.to_do.clock.now()):
                worker.fenced = True
            else:
                worker.run.leased_until = self._now + LEASE_SECONDS

    def _work(self, worker: Worker, *, failing: bool) -> bool:
        """Do a worker's next step, which is to claim, read, write, finish, or die; False when there is none."""
        store, now = self.to_do.store, self.to_do.clock.now()
        if worker.frozen:
            return False
        if worker.work is None or worker.run is None:
            for worker.work in store.claim(1, now=now):
                until, key = self._now + LEASE_SECONDS, worker.work.key
                worker.run = self.record.begin(key, worker.work.token, leased_until=until, now=self._now)
                worker.fenced = False
            return worker.work is not None
        if failing and self.chance.random() < 1 / 12:
            self._end(worker)
        elif worker.run.read is None:
            self.record.look(worker.run)
        elif not worker.run.over:
            self._write(worker, worker.work, worker.run)
        else:
            store.finish(worker.work, now=now)
            self._end(worker)
        return True

    def _write(self, worker: Worker, work: Work, run: Run) -> None:
        store, now = self.to_do.store, self.to_do.clock.now()
        if worker.fenced or not store.still_mine(work, now=now):
            self._end(worker)
            return
        self.record.write(run)
        run.over = True  # what is left is to say so

    def _end(self, worker: Worker) -> None:
        if worker.run is not None:
            worker.run.over = True
        worker.work = worker.run = None
