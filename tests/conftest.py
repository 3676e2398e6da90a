"""What holds for all tests: examples have no deadline, and exchanges with Jira are held to Atlassian's documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from support import site
from support.lists import ToDo
from support.postgres import PostgresServer

pytest_plugins = ["support.openapi_gate", "pytester"]

# How long a machine takes for an example is no property of the product.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server for the tests of this process."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def to_do(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ToDo]:
    """A to-do list without a debounce, once in a SQLite file and once on PostgreSQL."""
    to_do = ToDo(tmp_path, request.getfixturevalue("postgres") if request.param == "postgresql" else None)
    yield to_do
    to_do.close()


@pytest.fixture(params=["cloud", "datacenter"])
def flavour(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each kind of Jira in turn, for every site that the test makes without naming one."""
    site.UNDER_TEST.append(request.param)
    yield request.param
    site.UNDER_TEST.pop()
