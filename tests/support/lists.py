"""A to-do list in a file of its own, and an engine over it that works in the test's own thread."""

from pathlib import Path

from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.lock import FileLock
from cmmc_jira.adapters.store import SqlStore
from cmmc_jira.service.worker import Engine, Look, Observe
from support.clock import FrozenClock


class ToDo:
    """A store over a SQLite file, a clock that stands still, and engines that share both."""

    def __init__(self, folder: Path) -> None:
        self.clock = FrozenClock()
        self.database = Database(f"sqlite:///{folder / 'list.db'}")
        self.store = SqlStore(self.database, name="https://example.atlassian.net", debounce=0)
        self.lock = FileLock(folder / "list.db")

    def engine(self, look: Look, *, observe: Observe = lambda _outcome, _seconds: None, workers: int = 2) -> Engine:
        return Engine(self.store, self.clock, look, right=self.lock, observe=observe, workers=workers)

    def mark(self, *keys: str) -> None:
        self.store.mark(*keys, now=self.clock.now())

    def close(self) -> None:
        self.lock.release()
        self.database.close()
