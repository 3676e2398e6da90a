from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import requests

from cmmc_jira.adapters.clock import RemoteClock, SystemClock
from cmmc_jira.errors import JiraUnavailable
from jira_sandbox.app import create_app
from support.people import peopled
from support.wsgi import session_for

KIRITIMATI, PAGO_PAGO = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")


def test_the_machines_clock_has_utc_instants_and_the_organisations_days() -> None:
    clock = SystemClock(KIRITIMATI)
    assert clock.now().tzinfo is UTC
    assert (SystemClock(KIRITIMATI).today() - SystemClock(PAGO_PAGO).today()).days in {1, 2}


def test_a_sandboxs_clock_is_followed() -> None:
    state = peopled()
    app = create_app(state)
    clock = RemoteClock("http://jira.test/", KIRITIMATI, session=session_for(app))
    assert abs((clock.now() - datetime(2026, 6, 1, 9, tzinfo=UTC)).total_seconds()) < 1
    assert clock.today() == date(2026, 6, 1)
    state.clock.frozen = datetime(2026, 6, 1, 10, tzinfo=UTC)
    fresh = RemoteClock("http://jira.test", KIRITIMATI, session=session_for(app))
    assert fresh.today() == date(2026, 6, 2)


def test_asking_often_costs_one_request() -> None:
    state = peopled()
    clock = RemoteClock("http://jira.test", KIRITIMATI, session=session_for(create_app(state)))
    instants = [clock.now() for _ in range(20)]
    assert instants == sorted(instants)
    assert sum("clock" in str(row["path"]) for row in state.requests) <= 1


def test_a_clock_that_was_moved_is_known_at_once_to_whoever_says_so() -> None:
    state = peopled()
    clock = RemoteClock("http://jira.test", KIRITIMATI, session=session_for(create_app(state)))
    assert clock.today() == date(2026, 6, 1)
    state.clock.frozen = datetime(2026, 6, 9, 9, tzinfo=UTC)
    clock.refresh()
    assert clock.today() == date(2026, 6, 9)


def test_a_sandbox_without_an_answer_is_told() -> None:
    with requests.Session() as session, pytest.raises(JiraUnavailable, match="does not answer: start the sandbox"):
        RemoteClock("http://127.0.0.1:9", KIRITIMATI, session=session).now()
