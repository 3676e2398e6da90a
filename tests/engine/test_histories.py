"""Histories in which nothing may be lost or doubled; and the proof that they would tell."""

from functools import cached_property
from pathlib import Path

import pytest
from sqlalchemy import ColumnElement, Integer, Update, and_, bindparam, true

from cmmc_jira.adapters.statements import Statements
from cmmc_jira.adapters.tables import work
from support.histories import History
from support.lists import ToDo
from support.postgres import PostgresServer
from support.record import Record

SEEDS = range(12)


def lived(
    folder: Path, statements: type[Statements], server: PostgresServer | None = None, *, seeds: range = SEEDS
) -> list[Record]:
    records = []
    for seed in seeds:
        place = folder / str(seed)
        place.mkdir()
        to_do = ToDo(place, server)
        to_do.store._statements = statements(to_do.name, embedded=to_do.database.embedded)
        records.append(History(to_do, seed).live())
        to_do.close()
    return records


class WithoutGeneration(Statements):
    """Covers whatever there is when a look ends, not what it saw."""

    @cached_property
    def finish(self) -> Update:
        return super().finish.values(done=work.c.gen).where(bindparam("seen") > 0)


class WithoutToken(Statements):
    """Takes everybody who ever leased an assessment for the one who has it."""

    @property
    def _of(self) -> ColumnElement[bool]:
        return and_(work.c.key == bindparam("of_key"), bindparam("of_token", type_=Integer) > 0)


class WithoutLease(Statements):
    """Leases what is leased."""

    @property
    def _free(self) -> ColumnElement[bool]:
        return true()


def test_nothing_is_lost_or_doubled_on_sqlite(tmp_path: Path) -> None:
    records = lived(tmp_path, Statements)
    assert [(record.lost(), record.double) for record in records] == [([], [])] * len(SEEDS)
    assert sum(record.finished for record in records) > 5 * len(SEEDS)


def test_nothing_is_lost_or_doubled_on_postgresql(tmp_path: Path, postgres: PostgresServer) -> None:
    records = lived(tmp_path, Statements, postgres, seeds=range(4))
    assert [(record.lost(), record.double) for record in records] == [([], [])] * 4


def test_without_the_generation_events_are_lost(tmp_path: Path) -> None:
    records = lived(tmp_path, WithoutGeneration)
    assert any(record.lost() for record in records)
    assert not any(record.double for record in records)


@pytest.mark.parametrize("statements", [WithoutToken, WithoutLease])
def test_without_the_token_or_the_lease_work_is_doubled(tmp_path: Path, statements: type[Statements]) -> None:
    assert any(record.double for record in lived(tmp_path, statements))
