"""Databases of every version, brought up to the present one."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.schema import STEPS
from cmmc_jira.adapters.store import SqlStore
from cmmc_jira.adapters.tables import REVISION, metadata
from cmmc_jira.errors import BadSetting
from support.clock import NOON
from support.postgres import PostgresServer


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'list.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.create()


def alembic(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    config.attributes["connection"] = connection
    return config


def run(url: str, *statements: str, to: str = "") -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        if to:
            command.upgrade(alembic(connection), to)
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def differences(url: str) -> list[object]:
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        found = compare_metadata(context, metadata)
    engine.dispose()
    return list(found)


def made(url: str) -> None:
    database = Database(url)
    try:
        database.prepare()
    finally:
        database.close()


def test_the_tables_name_the_last_step() -> None:
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


def test_a_new_database_is_as_all_steps_together_leave_it(url: str) -> None:
    run(url, to="head")
    assert differences(url) == []


def test_a_new_database_is_made_as_the_tables_say(url: str) -> None:
    made(url)
    assert differences(url) == []


def test_a_database_of_the_first_version_is_upgraded_and_keeps_what_is_to_be_done(url: str) -> None:
    run(
        url,
        "DROP TABLE alembic_version",
        "INSERT INTO work (site, key, gen, done, due, first_marked) VALUES ('a Jira', '10001', 3, 2, 0, 0)",
        "INSERT INTO delivery (site, id, received) VALUES ('a Jira', 'a', 0)",
        to="0001",
    )
    database = Database(url)
    store = SqlStore(database, name="a Jira")
    assert [(work.key, work.generation) for work in store.claim(9, now=NOON)] == [("10001", 3)]
    assert not store.receive("a", received=NOON, marks={})
    database.close()
    assert differences(url) == []


def test_a_step_can_be_taken_back(url: str) -> None:
    made(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        command.downgrade(alembic(connection), "0001")
    engine.dispose()
    made(url)
    assert differences(url) == []


def test_a_database_that_a_newer_version_wrote_is_refused(url: str) -> None:
    made(url)
    run(url, "UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(BadSetting, match=rf"newer version of this program \(schema 0099, this one knows {REVISION}\)"):
        made(url)


def test_a_program_from_before_the_steps_refuses_what_they_left(url: str) -> None:
    made(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version FROM schema_version")).scalar_one() > 1
    engine.dispose()


def test_replicas_that_start_at_once_on_a_new_database_make_it_once(postgres: PostgresServer) -> None:
    url = postgres.create()
    begin = threading.Barrier(4)

    def start(_: int) -> None:
        begin.wait(10)
        made(url)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(start, range(4)))
    assert differences(url) == []
