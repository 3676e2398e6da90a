"""The file of the to-do list, and the right to work on it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.lock import FileLock
from cmmc_jira.adapters.store import SqlStore
from cmmc_jira.errors import StoreUnavailable
from support.clock import FrozenClock
from support.lists import JIRA


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture
def store(database: Database) -> SqlStore:
    return SqlStore(database, name=JIRA)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


def test_a_file_deleted_under_a_running_service_is_made_anew(store: SqlStore, clock: FrozenClock, file: Path) -> None:
    store.mark("1", now=clock.now())
    for each in file.parent.glob("list.db*"):
        each.unlink()
    assert store.healthy()
    assert store.backlog(now=clock.now()).dirty == 0
    store.mark("2", now=clock.now())
    clock.move(seconds=3)
    assert [work.key for work in store.claim(9, now=clock.now())] == ["2"]
    assert file.exists()


def test_a_database_that_is_away_is_said_to_be(tmp_path: Path, clock: FrozenClock) -> None:
    store = SqlStore(Database(f"sqlite:///{tmp_path / 'missing' / 'list.db'}"), name=JIRA)
    assert not store.healthy()
    with pytest.raises(StoreUnavailable, match="The database is away"):
        store.mark("1", now=clock.now())


def test_an_accepted_delivery_is_on_the_disk_before_the_answer(database: Database, store: SqlStore) -> None:
    assert store.healthy()
    with database.reading() as connection:
        pragmas = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "journal_mode")]
    assert pragmas == [2, "wal"]


def test_one_process_at_a_time_runs_the_work_of_a_file(file: Path) -> None:
    first, second = FileLock(file), FileLock(file)
    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_the_right_to_work_is_not_had_where_nothing_can_be_written(tmp_path: Path) -> None:
    assert not FileLock(tmp_path / "missing" / "list.db").acquire()


@pytest.mark.parametrize(
    ("version", "shared", "told"), [((3, 51, 2), True, True), ((3, 51, 3), True, False), ((3, 40, 1), False, False)]
)
def test_processes_that_could_damage_a_shared_file_are_told_of(
    database: Database,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    version: tuple[int, int, int],
    *,
    shared: bool,
    told: bool,
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    database.prepare(shared=shared)
    assert ("shared=unsafe safe=3.51.3" in caplog.text) is told
