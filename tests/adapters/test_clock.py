from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import requests
import responses

from cmmc_jira.adapters.clock import RemoteClock, SystemClock, sandbox_clock
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
    with responses.RequestsMock() as remote:
        asked = remote.get("http://jira.test/sandbox/clock", json={"now": "2026-06-01T09:00:00Z", "frozen": True})
        clock = RemoteClock("http://jira.test", KIRITIMATI)
        instants = [clock.now() for _ in range(20)]
        assert asked.call_count == 1
    assert instants == sorted(instants)


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


def test_the_clock_of_a_sandbox_is_known_by_its_answer() -> None:
    state = peopled()
    clock = sandbox_clock("http://jira.test/", KIRITIMATI, session=session_for(create_app(state)))
    assert clock is not None
    assert clock.today() == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, "{}"),
        (200, "<html>"),
        (200, "[]"),
        (200, "null"),
        (200, '{"now": "2026-06-01T09:00:00Z"}'),
        (200, '{"now": "2026-06-01T09:00:00", "frozen": false}'),
        (200, '{"now": "noon", "frozen": false}'),
        (200, '{"now": 5, "frozen": true}'),
        (302, '{"now": "2026-06-01T09:00:00Z", "frozen": false}'),
        (500, '{"now": "2026-06-01T09:00:00Z", "frozen": false}'),
    ],
)
def test_what_answers_otherwise_is_no_sandbox(status: int, body: str) -> None:
    with responses.RequestsMock() as remote:
        headers = {"Location": "http://127.0.0.1:8081/elsewhere"}
        remote.get("http://127.0.0.1:8080/sandbox/clock", status=status, body=body, headers=headers)
        assert sandbox_clock("http://127.0.0.1:8080", KIRITIMATI) is None


def test_where_nothing_answers_there_is_no_sandbox() -> None:
    assert sandbox_clock("http://127.0.0.1:9", KIRITIMATI) is None
