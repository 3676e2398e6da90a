"""A replica as a process: the real store and engine, a way in for deliveries, and looks that tell a witness.

`python -m support.node DATABASE WITNESS [POINT]` prints its port. At the named point it kills itself.
"""

import logging
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import click
from waitress.server import create_server

from cmmc_jira.adapters.clock import SystemClock
from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.lock import FileLock, NoLock
from cmmc_jira.adapters.store import SqlStore
from cmmc_jira.errors import JiraUnavailable, StoreUnavailable
from cmmc_jira.service.ports import Work
from cmmc_jira.service.worker import Engine, Fence, Rhythm
from support.lists import JIRA
from support.witness import Telling

LEASE: Final = 2.0
DEBOUNCE: Final = 0.05
SLOWEST: Final = 0.06
POINTS: Final = ("after the mark", "after the claim", "during the look", "after the write", "after the finish")


def die(point: str) -> None:
    """End this process as `kill -9` does, where it was told to die at this point."""
    if sys.argv[3:] == [point]:
        os.kill(os.getpid(), signal.SIGKILL)


class MortalStore(SqlStore):
    """A store whose process may die at once after a transaction."""

    def receive(self, delivery_id: str, *, received: datetime, marks: Mapping[str, Sequence[str]]) -> bool:
        new = super().receive(delivery_id, received=received, marks=marks)
        die("after the mark")
        return new

    def claim(self, limit: int, *, now: datetime) -> Sequence[Work]:
        works = super().claim(limit, now=now)
        if works:
            die("after the claim")
        return works

    def finish(self, work: Work, *, now: datetime) -> bool:
        finished = super().finish(work, now=now)
        die("after the finish")
        return finished


def look_through(telling: Telling) -> Callable[[Work, Fence], None]:
    """Return a look that reads and writes at the witness, now and then told to wait."""

    def look(work: Work, fence: Fence) -> None:
        telling.tell(what="begin", key=work.key, token=work.token)
        try:
            telling.tell(what="look")
            time.sleep(random.uniform(0, SLOWEST))  # noqa: S311  how long Jira takes
            if random.random() < 1 / 20:  # noqa: S311  how often Jira says so
                raise JiraUnavailable("Slow down.", retry_after=0.3, scope="issue")
            die("during the look")
            fence()
            telling.tell(what="write")
            die("after the write")
        finally:
            telling.tell(what="end")

    return look


def way_in(store: SqlStore, clock: SystemClock, engine: Engine) -> Callable[..., Iterable[bytes]]:
    """Return the least that takes deliveries: a POST to /KEY/IDENTIFIER."""

    def application(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        _, key, name = environ["PATH_INFO"].split("/")
        try:
            store.receive(name, received=clock.now(), marks={key: [name]})
            status = "202 Accepted"
            engine.wake()
        except StoreUnavailable:
            status = "503 Service Unavailable"
        start_response(status, [("Content-Length", "0")])
        return [b""]

    return application


def main() -> None:
    """Run until it is killed, or told to stop."""
    logging.disable()
    database = Database(sys.argv[1])
    clock = SystemClock(ZoneInfo("UTC"))
    store = MortalStore(database, name=JIRA, debounce=DEBOUNCE, lease=LEASE)
    right = NoLock() if database.file is None else FileLock(database.file)
    rhythm = Rhythm(poll=0.05, heartbeat=LEASE / 3)
    engine = Engine(store, clock, look_through(Telling(sys.argv[2])), right=right, rhythm=rhythm)
    server = create_server(way_in(store, clock, engine), listen="127.0.0.1:0", threads=4)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    engine.start()
    click.echo(server.effective_port)
    sys.stdout.flush()
    try:
        server.run()
    finally:
        engine.stop()


if __name__ == "__main__":
    main()
