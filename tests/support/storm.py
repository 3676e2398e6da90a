"""A storm: replicas under load are killed at random, and PostgreSQL with them; then it is counted what was lost.

`python -m support.storm` (make storm) prints a table. Each assessment has one burst of events and is then silent, so
that one missed event shows. Deliveries are repeated until one is accepted, as Jira repeats them, and some come twice.
"""

import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.table import Table

from support.nodes import Node
from support.postgres import PostgresServer
from support.record import Record
from support.witness import Witness

POSTERS: Final = 3
GAP: Final = 0.08
DRAIN_SECONDS: Final = 60.0
CRASH_EVERY: Final = 2.5


@dataclass(slots=True)
class Storm:
    """One storm: how many replicas, for how long, and whether PostgreSQL crashes too."""

    url: str
    replicas: int
    kills: int
    folder: Path
    crash: Callable[[], None] | None = None
    seed: int = 0
    crashes: int = 0
    killed: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    nodes: list[Node] = field(default_factory=list)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  a storm, not a secret

    def rage(self) -> Record:
        """Rage until so many kills, wait until everything is quiet, and return what happened."""
        witness = Witness(self.folder / "witness")
        self.nodes = [Node(self.url, witness.path) for _ in range(self.replicas)]
        threads = [threading.Thread(target=self._post, args=(witness, number)) for number in range(POSTERS)]
        if self.crash is not None:
            threads.append(threading.Thread(target=self._crash, args=(self.crash,)))
        for thread in threads:
            thread.start()
        try:
            while self.killed < self.kills:
                self._kill(witness)
        finally:
            self.over.set()
            for thread in threads:
                thread.join()
        deadline = time.monotonic() + DRAIN_SECONDS
        while witness.open() and time.monotonic() < deadline:
            time.sleep(0.1)
        for node in self.nodes:
            node.kill()
        witness.close()
        return witness.record

    def _kill(self, witness: Witness) -> None:
        number = self.chance.randrange(self.replicas)
        self.nodes[number].port()
        time.sleep(self.chance.uniform(0.1, 1.0))
        self.nodes[number].kill()
        self.killed += 1
        self.nodes[number] = Node(self.url, witness.path)

    def _crash(self, crash: Callable[[], None]) -> None:
        while not self.over.wait(CRASH_EVERY):
            crash()
            self.crashes += 1

    def _post(self, witness: Witness, number: int) -> None:
        chance = random.Random(f"{self.seed}/{number}")  # noqa: S311  a storm, not a secret
        burst = 0
        while not self.over.is_set():
            burst += 1
            key = f"{number}{burst:05}"
            for event in range(chance.randint(2, 6)):
                witness.happen(key)
                for _ in range(2 if chance.random() < 1 / 10 else 1):
                    while not chance.choice(self.nodes).post(key, f"{key}-{event}"):
                        time.sleep(0.05)
                time.sleep(chance.expovariate(1 / GAP))


@contextmanager
def place(database: str, folder: Path) -> Iterator[tuple[str, PostgresServer | None]]:
    """Give the address of a new database, and its server where it has one."""
    if database == "SQLite":
        yield f"sqlite:///{folder / 'list.db'}", None
        return
    server = PostgresServer()
    try:
        yield server.create(), server
    finally:
        server.close()


def main() -> None:
    """Rage on each database with each number of replicas; end with 1 where anything was lost or doubled."""
    table = Table(
        "database", "replicas", "kill -9", "crashes", "keys / events", "lost", "double", "extra", "runs a key"
    )
    wrong = 0
    for database, replicas, kills, crashing in (
        ("SQLite", 1, 60, False),
        ("PostgreSQL", 1, 40, False),
        ("PostgreSQL", 2, 60, False),
        ("PostgreSQL", 4, 60, False),
        ("PostgreSQL", 2, 30, True),
    ):
        with TemporaryDirectory() as name, place(database, Path(name)) as (url, server):
            crash = server.crash if server is not None and crashing else None
            storm = Storm(url, replicas, kills, Path(name), crash)
            record = storm.rage()
        lost, double, events = record.lost(), record.double, record.events
        wrong += len(lost) + len(double)
        table.add_row(
            database,
            str(replicas),
            str(storm.killed),
            str(storm.crashes),
            f"{len(events)} / {events.total()}",
            str(len(lost)),
            str(len(double)),
            f"{record.extra / max(record.finished, 1):.0%}",
            f"{record.finished / max(len(events), 1):.1f}",
        )
    Console(width=120).print(table)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
