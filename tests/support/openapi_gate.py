"""A plugin of pytest: a test whose exchanges with Jira are not as Atlassian's document says has failed."""

from collections.abc import Generator
from typing import Any

import pytest

from support.openapi_documents import folder
from support.openapi_ledger import LEDGER

Step = Generator[None, object, object]
ANYTHING = "sends_anything"


def pytest_configure(config: pytest.Config) -> None:
    """Let tests that send random bodies say so: then answers alone are held to the documents."""
    config.addinivalue_line("markers", f"{ANYTHING}: its requests may be wrong, and be taken all the same.")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Step:
    """Hold the fixtures' exchanges to the documents."""
    return (yield from _held(item, "setup"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Step:
    """Hold the test's exchanges to the documents."""
    return (yield from _held(item, "call"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Step:
    """Hold the exchanges of what is put away to the documents."""
    return (yield from _held(item, "teardown"))


def _held(item: pytest.Item, when: str) -> Step:
    """A test that fails by itself says so itself, and names its offences beside."""
    anything = item.get_closest_marker(ANYTHING) is not None
    try:
        done = yield
    except BaseException:
        if found := LEDGER.take(requests=not anything):
            item.add_report_section(when, "not as Atlassian's document says", "\n".join(found))
        raise
    if found := LEDGER.take(requests=not anything):
        pytest.fail("Not as Atlassian's document says:\n" + "\n".join(found), pytrace=False)
    return done


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - a worker of pytest-xdist, which exports no type
    """Add up what a worker has checked."""
    told = getattr(node, "workeroutput", {})
    LEDGER.add(told.get("exchanges", {}), told.get("deviations", ()))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the controller what a worker has checked; fail a whole run for an allowed deviation that it never needed."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput |= {"exchanges": dict(LEDGER.checked), "deviations": sorted(LEDGER.used)}
    elif session.exitstatus == pytest.ExitCode.OK and _idle(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config) -> None:
    """Say how many exchanges were checked, and after a whole run which allowed deviation had no use."""
    terminalreporter.write_line(LEDGER.summary())
    if exitstatus == pytest.ExitCode.OK:
        for one in _idle(config):
            terminalreporter.write_line(f"FAILED: no exchange needs the allowed deviation {one}", red=True)


def _idle(config: pytest.Config) -> list[str]:
    """What was allowed for nothing; nobody can tell after a run of some of the tests."""
    option = config.option
    some = option.keyword or option.markexpr or option.deselect or option.ignore or option.ignore_glob
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not some and not option.collectonly
    return LEDGER.unused() if whole and folder() is not None else []
