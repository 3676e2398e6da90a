"""Looks a second with 1, 2 and 4 replicas on one PostgreSQL, where each request to Jira takes 50 ms."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from statistics import median
from time import perf_counter, sleep
from typing import Final

import requests

from bench.many import sandbox_with, settings_for
from bench.ready import LATENCY_MS
from bench.rows import Row
from cmmc_jira.adapters.clock import SystemClock
from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.adapters.store import SqlStore
from cmmc_jira.wiring import build_exchange
from support.postgres import PostgresServer

ASSESSMENTS: Final = 40
GOALS: Final = {2: 1.8, 4: 3.4}
_SECONDS: Final = 4.0
_MARK_EVERY: Final = 0.1
_ROUNDS: Final = 3
_WORKERS: Final = (1, 4)


class Replica:
    """One replica, seen from outside."""

    def __init__(self, settings: str, assessments: Sequence[str]) -> None:
        command = [sys.executable, "-m", "bench.replica", settings, *assessments]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)  # noqa: S603  our own module

    def told(self) -> int:
        """Return the next number that it says: how many looks have ended."""
        if self.process.stdout is None:
            raise OSError("no pipe")
        return int(self.process.stdout.readline())

    def tell(self, word: str) -> int:
        """Tell it a word, and return what it says."""
        if self.process.stdin is None:
            raise OSError("no pipe")
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        return self.told()

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.communicate()


class Bench:
    """A sandbox, a PostgreSQL server and four replicas that have read every findings file."""

    def __init__(self, stack: ExitStack) -> None:
        server = PostgresServer(durable=True)
        stack.callback(server.close)
        way = stack.enter_context(sandbox_with(ASSESSMENTS))
        database = server.create()
        settings = settings_for(way, database)
        self.clock = SystemClock(settings.zone)
        self.database = Database(database)
        stack.callback(self.database.close)
        self.database.prepare()
        self.store = SqlStore(self.database, name=settings.url, debounce=0)
        jira = JiraClient(build_exchange(settings))
        found = jira.search(f'project = {settings.project} AND issuetype = "CMMC Assessment"', ["issuetype"])
        self.keys = [str(raw["id"]) for raw in found]
        self.replicas = [Replica(json.dumps([way, database]), self.keys) for _ in range(max(GOALS))]
        for replica in self.replicas:
            stack.callback(replica.close)
        for replica in self.replicas:
            replica.told()
        faults = f"{settings.url}/sandbox/faults"
        requests.post(faults, json={"latency_ms": LATENCY_MS}, timeout=10).raise_for_status()

    def looks(self, count: int, workers: int) -> float:
        """Return how many looks a second so many replicas end while there is always enough to do."""
        some = self.replicas[:count]
        before = sum(replica.tell(f"start {workers}") for replica in some)
        begun = perf_counter()
        while perf_counter() - begun < _SECONDS:
            self.store.mark(*self.keys, thorough=False, now=self.clock.now())
            sleep(_MARK_EVERY)
        after, took = sum(replica.tell("count") for replica in some), perf_counter() - begun
        for replica in some:
            replica.tell("stop")
        return (after - before) / took


def rows() -> Iterator[Row]:
    """Yield looks a second with one worker a replica, which this machine's processors allow, and with four."""
    with ExitStack() as stack:
        bench = Bench(stack)
        for workers in _WORKERS:
            counts = (1, *GOALS)
            rounds = [[bench.looks(count, workers) for count in counts] for _ in range(_ROUNDS)]
            yield from _rows(counts, rounds, workers)


def _rows(counts: Sequence[int], rounds: Sequence[Sequence[float]], workers: int) -> Iterator[Row]:
    a_second = [median(each) for each in zip(*rounds, strict=True)]
    one, *_ = a_second
    crew = "1 worker" if workers == 1 else f"{workers} workers"
    for place, count in enumerate(counts[1:], start=1):
        ratios = sorted(each[place] / each[0] for each in rounds)
        ratio, goal = median(ratios), GOALS[count]
        yield Row(
            f"looks with {count} replicas of {crew}, {LATENCY_MS} ms a call, PostgreSQL",
            f"{a_second[place]:.1f} a second",
            f"{one:.1f} a second, 1 replica",
            ratio,
            (ratios[0], ratios[-1]),
            goal=f"{goal} times" if workers == 1 else "",
            met=ratio >= goal if workers == 1 else None,
            figures={"replicas": count, "workers": workers, "a_second": a_second[place], "one": one},
        )
