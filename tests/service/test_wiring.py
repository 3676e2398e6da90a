"""Which clock a process goes by."""

import logging
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import responses

from cmmc_jira.adapters.clock import RemoteClock, SystemClock
from cmmc_jira.settings import Settings
from cmmc_jira.wiring import build_reconciler, clock_for

SANDBOX = {"now": "2026-06-01T03:00:00Z", "frozen": False}


def settings(url: str) -> Settings:
    return Settings(url, "CMMC", "bot@example.com", "the-token", zone=ZoneInfo("America/New_York"))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080/jira"])
def test_a_sandbox_on_the_loopback_has_its_own_time_and_the_log_says_so(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with responses.RequestsMock() as remote:
        asked = remote.get(f"{url}/sandbox/clock", json=SANDBOX)
        clock = clock_for(settings(url))
        assert clock.today() == date(2026, 5, 31)
        assert clock.local().utcoffset() == datetime(2026, 6, 1, tzinfo=clock.local().tzinfo).utcoffset()
        assert all("Authorization" not in call.request.headers for call in asked.calls)
    assert isinstance(clock, RemoteClock)
    assert [record.getMessage() for record in caplog.records] == [f"clock=sandbox url={url}"]


def test_a_jira_on_the_loopback_that_is_no_sandbox_goes_by_the_machines_time() -> None:
    with responses.RequestsMock() as remote:
        remote.get("http://localhost:8080/sandbox/clock", status=404)
        assert isinstance(clock_for(settings("http://localhost:8080")), SystemClock)


def test_a_jira_elsewhere_is_never_asked_for_its_clock() -> None:
    with responses.RequestsMock():  # which refuses every request
        assert isinstance(clock_for(settings("https://example.atlassian.net")), SystemClock)


def test_every_command_that_looks_goes_by_that_clock() -> None:
    with responses.RequestsMock() as remote:
        remote.get("http://127.0.0.1:8080/sandbox/clock", json=SANDBOX)
        looker = build_reconciler(settings("http://127.0.0.1:8080")).looker
        assert looker.clock.now().date() == datetime(2026, 6, 1, tzinfo=UTC).date()
