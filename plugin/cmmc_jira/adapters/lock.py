"""The right to run the work of a SQLite file: a lock on a file beside it, freed by the system when its holder dies."""

import contextlib
import sqlite3
import threading
from pathlib import Path


class FileLock:
    """An exclusive lock on `<file>.engine`, held through a transaction that is never committed."""

    def __init__(self, file: Path) -> None:
        self._file = file.with_name(f"{file.name}.engine")
        self._held: sqlite3.Connection | None = None
        self._lock = threading.Lock()

    def acquire(self) -> bool:
        """Whether this process has the right, now; never waits."""
        with self._lock:
            if self._held is not None:
                return True
            connection = None
            try:
                connection = sqlite3.connect(self._file, timeout=0, isolation_level=None, check_same_thread=False)
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error:
                if connection is not None:
                    connection.close()
                return False
            self._held = connection
            return True

    def release(self) -> None:
        """Give the right up."""
        with self._lock:
            if self._held is not None:
                with contextlib.suppress(sqlite3.Error):
                    self._held.rollback()
                self._held.close()
                self._held = None


class NoLock:
    """The right to run work of a server database: every replica has it, leases decide."""

    def acquire(self) -> bool:
        """Whether this process has the right: always."""
        return True

    def release(self) -> None:
        """Give nothing up."""
