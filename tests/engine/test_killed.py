"""Processes that die at the worst moments, or freeze: nothing is lost and nothing is done twice."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.store import SqlStore
from support.clock import NOON
from support.lists import JIRA
from support.node import POINTS
from support.nodes import Node
from support.postgres import PostgresServer
from support.witness import Witness

PATIENCE = 30.0


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    witness = Witness(tmp_path / "witness")
    yield witness
    witness.close()


def until(condition: Callable[[], object]) -> None:
    """Wait for what another process does."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def dirty(url: str) -> int:
    database = Database(url)
    try:
        return SqlStore(database, name=JIRA).backlog(now=NOON).dirty
    finally:
        database.close()


def survive(witness: Witness, url: str, point: str) -> None:
    """Let one process die at a point and another one go on."""
    with ExitStack() as stack:
        mortal = Node(url, witness.path, point)
        stack.callback(mortal.kill)
        witness.happen("1")
        accepted = mortal.post("1", "a")
        assert mortal.process.wait(PATIENCE) == -signal.SIGKILL
        assert accepted or point == "after the mark"
        second = Node(url, witness.path)
        stack.callback(second.kill)
        if not accepted:
            assert second.post("1", "a")
        until(lambda: not witness.open() and not dirty(url))
    assert (witness.record.lost(), witness.record.double) == ([], [])
    assert witness.record.finished == (2 if point == "after the write" else 1)


@pytest.mark.parametrize("point", POINTS)
def test_a_process_on_a_file_killed_at_any_point_loses_and_doubles_nothing(
    witness: Witness, tmp_path: Path, point: str
) -> None:
    survive(witness, f"sqlite:///{tmp_path / 'list.db'}", point)


@pytest.mark.parametrize("point", ["after the mark", "after the claim", "after the write"])
def test_a_replica_killed_at_any_point_loses_and_doubles_nothing(
    witness: Witness, postgres: PostgresServer, point: str
) -> None:
    survive(witness, postgres.create(), point)


def test_a_process_that_wakes_up_after_its_lease_writes_nothing_more(
    witness: Witness, postgres: PostgresServer
) -> None:
    url = postgres.create()
    with ExitStack() as stack:
        frozen = Node(url, witness.path)
        stack.callback(frozen.kill)
        for number in range(20):
            witness.happen(str(number))
            assert frozen.post(str(number), f"{number}")
        until(lambda: any(not run.over for run in witness.record.runs))
        frozen.process.send_signal(signal.SIGSTOP)
        begun = len(witness.record.runs)
        other = Node(url, witness.path)
        stack.callback(other.kill)
        until(lambda: not witness.record.lost())
        assert len(witness.record.runs) > begun
        frozen.process.send_signal(signal.SIGCONT)
        until(lambda: not witness.open())
    assert [told for told in witness.record.double if "wrote" in told] == []
