"""Connections and transactions: SQLite in one file, or PostgreSQL for several replicas."""

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.elements import ClauseElement

from cmmc_jira.adapters.prepared import Prepared
from cmmc_jira.adapters.schema import make_ready
from cmmc_jira.errors import BadSetting, StoreUnavailable

POOL: Final = 16
PATIENCE_SECONDS: Final = 10.0
SAFE_TO_SHARE: Final = (3, 51, 3)
"""The SQLite from which on processes that write one file cannot damage it (https://sqlite.org/wal.html#walresetbug)."""

_log = logging.getLogger(__name__)
_WRITE_LOCK: Final = threading.RLock()
"""One writer a process: it is faster than SQLite's own waiting, and keeps two connections from checkpointing at once,
which can damage the file before `SAFE_TO_SHARE`."""


class Database:
    """One database. Each transaction is short, and never open across a call to Jira.

    For `patience` seconds a transaction waits for another process to be done with a SQLite file.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE_SECONDS) -> None:
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise BadSetting("CMMC_JIRA_DATABASE_URL is no database address: write sqlite:///file.db.") from error
        self.embedded = parsed.get_backend_name() == "sqlite"
        self.file = Path(parsed.database or "").absolute() if self.embedded else None
        self._engine = _sqlite(url, patience) if self.embedded else _postgresql(url)
        self._writer = self._engine.execution_options(writing=True)
        self._errors = (SQLAlchemyError, OSError, self._engine.dialect.loaded_dbapi.Error)
        self._opening = threading.Lock()
        self._opened: object = None

    def prepared(self, statement: ClauseElement) -> Prepared:
        """Return a statement to be carried out by the driver, within a transaction of ours."""
        return Prepared(statement, self._engine.dialect)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a transaction that only reads."""
        with self._translated():
            self._open()
            with self._engine.begin() as connection:
                yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that writes: on SQLite one at a time, from its beginning."""
        with self._translated(), _WRITE_LOCK if self.embedded else contextlib.nullcontext():
            self._open()
            with self._writer.begin() as connection:
                yield connection

    @contextlib.contextmanager
    def hurrying(self) -> Iterator[Connection]:
        """Open a transaction that writes with prepared statements, which a server gets without waiting for each answer.

        https://www.psycopg.org/psycopg3/docs/advanced/pipeline.html
        """
        if self.embedded:
            with self.writing() as connection:
                yield connection
            return
        with self._translated():
            self._open()
            with self._writer.connect() as connection:
                driver: Any = connection.connection.driver_connection
                with driver.pipeline(), connection.begin():
                    yield connection

    def prepare(self, *, shared: bool = False) -> None:
        """Make the schema or bring it up to date; refuse one that a newer version wrote.

        Where other processes are meant to share a SQLite file, it is logged if they could damage it.

        Raises:
            BadSetting: the database was written by a newer version.
            StoreUnavailable: it is away.

        """
        if shared and self.embedded and sqlite3.sqlite_version_info < SAFE_TO_SHARE:
            safe = ".".join(map(str, SAFE_TO_SHARE))
            _log.warning("sqlite=%s shared=unsafe safe=%s", sqlite3.sqlite_version, safe)
        with self._translated():
            self._open()

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise StoreUnavailable(f"The database is away ({type(error).__name__}): see that it runs.") from error

    def _open(self) -> None:
        """Make the schema where there is none yet; also when somebody deleted the file under a running process."""
        if self._is_open():
            return
        with self._opening:
            if self._is_open():
                return
            self._engine.dispose()
            with self._writer.begin() as connection:
                make_ready(connection)
            self._opened = self._identity()

    def _is_open(self) -> bool:
        return self._opened is not None and self._opened == self._identity()

    def _identity(self) -> object:
        """Return what tells this file from another one at the same path, None without a file; a server is one thing."""
        if self.file is None:
            return "server"
        try:
            stat = self.file.stat()
        except FileNotFoundError:
            return None
        return stat.st_dev, stat.st_ino


def _sqlite(url: str, patience: float) -> Engine:
    """Return an engine for one file on a local disk; an accepted delivery survives a loss of power (`FULL`)."""
    engine = create_engine(
        url,
        connect_args={"isolation_level": None, "timeout": patience},
        paramstyle="named",
        pool_size=POOL,
        pool_timeout=10,
        pool_reset_on_return=None,  # every transaction of ours ends by itself
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _postgresql(url: str) -> Engine:
    """Return an engine for a server; works behind a pooler that hands each transaction another connection."""
    try:
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_size=POOL,
            pool_timeout=10,
            pool_recycle=1800,
            connect_args={
                "options": "-c statement_timeout=10000 -c lock_timeout=5000",
                "prepare_threshold": None,
                "connect_timeout": 5,
            },
        )
    except ModuleNotFoundError as error:
        raise BadSetting("CMMC_JIRA_DATABASE_URL names PostgreSQL: install cmmc-jira[postgres] for it.") from error
