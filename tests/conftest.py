"""What holds for all tests: examples have no deadline, and exchanges with Jira are held to Atlassian's document."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from support import site
from support.lists import ToDo
from support.openapi import folder
from support.openapi_deviations import WRONG_ON_PURPOSE
from support.openapi_ledger import LEDGER, summary, unused
from support.postgres import PostgresServer

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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Keep what of a test's exchanges with Jira is not as Atlassian's document says."""
    try:
        return (yield)
    finally:
        found = LEDGER.take()
        if item.path.name not in WRONG_ON_PURPOSE:
            LEDGER.differences.update(found)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - a worker of pytest-xdist, which exports no type
    """Add up what a worker has checked."""
    told = getattr(node, "workeroutput", {})
    LEDGER.checked += told.get("exchanges", 0)
    LEDGER.used.update(told.get("deviations", ()))
    LEDGER.differences.update(told.get("differences", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the controller what a worker has checked."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput |= {
            "exchanges": LEDGER.checked,
            "deviations": sorted(LEDGER.used),
            "differences": sorted(LEDGER.differences),
        }


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    """Say how many exchanges were checked, what differed, and in a whole run which deviation had no use."""
    terminalreporter.write_line(summary(LEDGER.checked))
    for one in sorted(LEDGER.differences):
        terminalreporter.write_line(f"Not as the document says: {one}", red=True)
    if exitstatus == pytest.ExitCode.OK and folder() is not None and _whole(config):
        for one in unused(LEDGER.used):
            terminalreporter.write_line(f"No exchange needs the allowed deviation {one}", red=True)


def _whole(config: pytest.Config) -> bool:
    chosen = config.option.keyword or config.option.markexpr or config.option.deselect
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not chosen
