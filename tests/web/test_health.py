from collections.abc import Iterator
from pathlib import Path

import pytest

from cmmc_jira.adapters.store import LONGEST_BACKOFF_SECONDS
from cmmc_jira.settings import Role
from support.served import Served


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    served.service.stop()


def faults(served: Served) -> list[str]:
    answer = served.web.get("/readyz")
    found: list[str] = answer.get_json()["faults"]
    assert (answer.status_code == 200) == answer.get_json()["ready"] == (not found)
    return found


def test_a_service_that_runs_is_ready_and_says_who_it_is(served: Served) -> None:
    served.service.start()
    assert faults(served) == []
    assert served.web.get("/readyz").get_json()["account"] == "Automation Service"


def test_a_service_that_was_not_started_lives_and_is_not_ready(served: Served) -> None:
    assert served.web.get("/healthz").get_json() == {"status": "alive"}
    assert faults(served) == [
        "The workers have not been started: restart the service.",
        "The schedule has not ticked for 90 seconds: restart the service.",
    ]


def test_the_web_side_alone_needs_neither_workers_nor_schedule(tmp_path: Path) -> None:
    served = Served(tmp_path, role=Role.WEB)
    served.service.start()
    assert faults(served) == []
    served.service.stop()


def test_a_token_that_jira_does_not_accept_is_told_and_not_shown(tmp_path: Path) -> None:
    served = Served(tmp_path, role=Role.WEB, token="a-wrong-token")
    (fault,) = faults(served)
    assert "does not accept the token of service@example.com" in fault
    assert "a-wrong-token" not in fault
    served.service.stop()


def test_a_project_that_does_not_exist_is_told(tmp_path: Path) -> None:
    served = Served(tmp_path, role=Role.WEB, project="NOPE")
    assert faults(served) == ["Project NOPE is deleted, or hidden from service@example.com."]
    served.service.stop()


def test_jira_is_asked_once_however_often_somebody_looks_and_it_does_not_count_as_work(served: Served) -> None:
    served.service.start()
    for _ in range(5):
        served.web.get("/readyz")
    assert sum(row["path"].endswith("/myself") for row in served.state.requests) <= 2
    assert served.service.probe.calls() == {"GET": 2}


def test_a_service_that_stops_is_no_longer_ready(served: Served) -> None:
    served.service.start()
    served.service.stopping.set()
    assert "The service is stopping." in faults(served)


def test_what_is_parked_is_told_with_its_reason_and_does_not_take_the_service_down(tmp_path: Path) -> None:
    served = Served(tmp_path, role=Role.WEB)
    store, now = served.service.store, served.service.machine.now()
    store.mark("10001", now=now)
    for attempt in range(10):
        later = now.fromtimestamp(now.timestamp() + (attempt + 1) * LONGEST_BACKOFF_SECONDS, tz=now.tzinfo)
        (work,) = store.claim(1, now=later)
        store.retry(work, error="The field is not on the screen.", now=later)
    answer = served.web.get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json()["parked"] == [{"assessment": "10001", "because": "The field is not on the screen."}]
    assert (served.metric("cmmc_jira_parked"), served.metric("cmmc_jira_dirty")) == (1, 0)
    served.service.stop()


def test_a_database_that_is_away_is_told_and_the_metrics_still_come(tmp_path: Path) -> None:
    served = Served(tmp_path / "missing", role=Role.WEB)
    assert any(fault.startswith("The database is away") for fault in faults(served))
    assert served.metric("cmmc_jira_database_up") == 0


def test_the_metrics_count_looks_and_calls_to_jira(served: Served) -> None:
    store, now = served.service.store, served.service.machine.now()
    store.mark("10001", now=now)
    assert served.metric("cmmc_jira_dirty") == 1
    assert served.metric("cmmc_jira_last_look_timestamp_seconds") == 0
    served.service.engine.run_once()
    assert served.metric('cmmc_jira_looks_total{outcome="failed"}') == 1
    assert served.metric("cmmc_jira_look_seconds_count") == 1
    assert served.metric('cmmc_jira_calls_total{method="GET",status="200"}') == sum(
        served.service.jira.calls().values()
    )
    assert (served.metric("cmmc_jira_last_look_timestamp_seconds") or 0) > now.timestamp() - 1


def test_the_metrics_hold_neither_token_nor_address(served: Served) -> None:
    served.service.start()
    text = served.web.get("/metrics").get_data(as_text=True)
    assert served.service.settings.token not in text
    assert "jira.test" not in text
