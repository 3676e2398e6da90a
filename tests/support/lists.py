"""A to-do list in a database of its own, a clock that stands still, and an engine that works in the test's own thread.

On PostgreSQL the server's clock decides, so there it is the server's that stands still.
"""

from datetime import datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.lock import FileLock, NoLock
from cmmc_jira.adapters.store import SqlStore
from cmmc_jira.service.worker import Engine, Look, Observe
from support.clock import NOON, FrozenClock
from support.postgres import PostgresServer

if TYPE_CHECKING:
    from cmmc_jira.service.ports import Exclusive

JIRA: Final = "https://example.atlassian.net"

_NUMBERS: Final = count(1)


class ServerClock(FrozenClock):
    """The clock of a PostgreSQL server, which stands still too; this machine's is years behind."""

    def __init__(self, server: PostgresServer, name: str) -> None:
        super().__init__()
        self._connect = partial(server.connect, name)
        self.connection = self._connect()
        self._set(NOON)

    def now(self) -> datetime:
        return self.instant - timedelta(days=9000)

    def move(self, *, seconds: float = 0, days: int = 0) -> None:
        super().move(seconds=seconds, days=days)
        self._set(self.instant)

    def _set(self, instant: datetime) -> None:
        try:
            self._write(instant)
        except psycopg.OperationalError:  # the server has been away
            self.connection.close()
            self.connection = self._connect()
            self._write(instant)

    def _write(self, instant: datetime) -> None:
        self.connection.execute("UPDATE clock.present SET epoch = %s", [instant.timestamp()])


class ToDo:
    """A store, by default over a SQLite file and else on a server; engines share it and its clock.

    On the server all lists are in one database, each of a Jira of its own.
    """

    def __init__(self, folder: Path, server: PostgresServer | None = None, *, debounce: float = 0) -> None:
        self.clock: FrozenClock
        self.lock: Exclusive
        self.name = JIRA if server is None else f"{JIRA}/{next(_NUMBERS)}"
        if server is None:
            self.clock = FrozenClock()
            self.url = f"sqlite:///{folder / 'list.db'}"
            self.lock = FileLock(folder / "list.db")
        else:
            name = server.moved()
            self.url = server.url(name)
            self.clock = ServerClock(server, name)
            self.lock = NoLock()
        self.database = Database(self.url, patience=0.1)
        if server is None:
            event.listen(self.database._engine, "connect", hasten)
        self.store = SqlStore(self.database, name=self.name, debounce=debounce)

    def engine(self, look: Look, *, observe: Observe = lambda _outcome, _seconds: None, workers: int = 2) -> Engine:
        return Engine(self.store, self.clock, look, right=self.lock, observe=observe, workers=workers)

    def mark(self, *keys: str) -> None:
        self.store.mark(*keys, now=self.clock.now())

    def close(self) -> None:
        self.lock.release()
        self.database.close()
        if isinstance(self.clock, ServerClock):
            self.clock.connection.close()


def hasten(connection: DBAPIConnection, _record: object) -> None:
    """Wait for no disk: the tests' machine may lose what it likes when its power fails."""
    connection.cursor().execute("PRAGMA synchronous=OFF")
