from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cmmc_jira.adapters.jira_admin import JiraAdmin
from cmmc_jira.adapters.store import LONGEST_BACKOFF_SECONDS
from cmmc_jira.service.admin import Listener
from cmmc_jira.service.vigil import QUARTER, STALE
from cmmc_jira.settings import Role
from cmmc_manifests import schema
from support.clock import FrozenClock
from support.served import Served
from support.site import Site


@pytest.fixture(scope="module")
def provisioned() -> tuple[Site, Callable[[], None]]:
    site = Site()
    spec = schema.webhook("CMMC")
    listener = Listener("http://127.0.0.1:9/webhooks/jira", "a-webhook-secret")
    JiraAdmin(site._exchange()).create_webhook(spec.name, listener, events=tuple(spec.events), jql=spec.filter)
    return site, site.moment()


@pytest.fixture
def site(provisioned: tuple[Site, Callable[[], None]]) -> Site:
    site, back = provisioned
    back()
    return site


@pytest.fixture
def served(tmp_path: Path, site: Site) -> Iterator[Served]:
    served = Served(tmp_path, state=site.state)
    yield served
    served.service.stop()


def started(served: Served) -> Served:
    """A service whose checks have been made once, if not by its own thread then here."""
    served.service.start()
    served.service.vigil.look()
    return served


def faults(served: Served) -> list[str]:
    answer = served.web.get("/readyz")
    found: list[str] = answer.get_json()["faults"]
    assert (answer.status_code == 200) == answer.get_json()["ready"] == (not found)
    return found


def test_a_service_that_runs_is_ready_and_says_who_it_is(served: Served) -> None:
    assert faults(started(served)) == []
    assert served.web.get("/readyz").get_json()["account"] == "Automation Service"


def test_a_service_that_was_not_started_lives_and_is_not_ready(served: Served) -> None:
    assert served.web.get("/healthz").get_json() == {"status": "alive"}
    assert faults(served) == [
        "The workers have not been started: restart the service.",
        "The schedule has not ticked for 90 seconds: restart the service.",
    ]


def test_the_web_side_alone_needs_neither_workers_nor_schedule(tmp_path: Path, site: Site) -> None:
    served = Served(tmp_path, role=Role.WEB, state=site.state)
    assert faults(started(served)) == []
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


def test_the_metrics_count_looks_and_calls_to_jira(tmp_path: Path) -> None:
    served = Served(tmp_path)
    store, now = served.service.store, served.service.machine.now()
    store.mark("10001", now=now)
    assert served.metric("cmmc_jira_dirty") == 1
    assert served.metric("cmmc_jira_last_look_timestamp_seconds") == 0
    served.service.engine.run_once()
    assert served.metric('cmmc_jira_looks_total{outcome="failed"}') == 1
    assert served.metric("cmmc_jira_look_seconds_count") == 1
    assert sum(served.service.jira.calls().values()) == 3
    for asked in ("myself", "field", "serverInfo"):
        route = f'method="GET",route="/rest/api/2/{asked}",status="200"'
        assert served.metric(f"cmmc_jira_calls_total{{{route}}}") == 1
    assert served.metric("cmmc_jira_last_tick_timestamp_seconds") == 0
    assert (served.metric("cmmc_jira_last_look_timestamp_seconds") or 0) > now.timestamp() - 1
    served.service.stop()


def test_the_metrics_hold_neither_token_nor_address(served: Served) -> None:
    served.service.start()
    text = served.web.get("/metrics").get_data(as_text=True)
    assert served.service.settings.token not in text
    assert "jira.test" not in text


def gates(served: Served) -> list[str]:
    """What the checks tell readiness, as if their thread ran, which here makes no look of its own."""
    vigil = served.service.vigil
    vigil.stopping.set()
    vigil.start()
    vigil.stop()
    vigil.stopping.clear()
    return vigil.faults()


def test_a_service_whose_checks_have_not_ended_is_not_ready(served: Served) -> None:
    assert gates(served) == ["The checks have not ended yet: wait a moment."]
    assert gates(served)[0] in faults(served)


def test_what_the_checks_find_is_told_counted_and_gone_when_it_is_mended(served: Served, site: Site) -> None:
    vigil = served.service.vigil
    gates(served)
    before = dict(site.state.denied)
    site.state.denied[site.state.service] = {"LINK_ISSUES"}
    vigil.look()
    [sentence] = vigil.faults()
    assert (
        sentence == 'The service account lacks the permission "Link issues". Grant "Link issues" in CMMC to its role.'
    )
    assert sentence in faults(served)
    assert served.metric("cmmc_jira_check_faults") == served.web.get("/readyz").get_json()["checks"]["faults"] == 1
    site.state.denied.clear()
    site.state.denied.update(before)
    vigil.look()
    assert vigil.faults() == []
    assert served.metric("cmmc_jira_check_faults") == 0
    assert vigil.report
    assert not vigil.report.unlooked, "what the fault made pointless is looked at as soon as it is mended"


def test_a_warning_is_counted_and_does_not_gate(served: Served, site: Site) -> None:
    gates(served)
    site.assessment()
    served.service.vigil.look()
    assert served.service.vigil.faults() == []
    assert (served.metric("cmmc_jira_check_warnings") or 0) >= 1


def test_after_the_first_look_jira_is_asked_only_a_little_and_by_reads(served: Served, site: Site) -> None:
    vigil = served.service.vigil
    vigil.look()
    counted = []
    for _ in range(15):
        seen = len(site.state.requests)
        vigil.look()
        counted.append(len(site.state.requests) - seen)
        written = {path for method, path in site.paths(seen) if method != "GET"}
        assert written <= {"/rest/api/2/search/jql"}
    assert sum(counted) / len(counted) < 12
    assert max(counted) < 24


def test_every_check_is_made_again_within_four_hours(served: Served) -> None:
    vigil = served.service.vigil
    vigil.clock = clock = FrozenClock()
    vigil.look()
    began = clock.instant
    for _ in range(16):
        clock.move(seconds=QUARTER.total_seconds())
        vigil.look()
    assert min(vigil._seen.values()) > began


def test_jira_that_is_away_is_told_by_the_probe_alone_and_looked_at_again_soon(served: Served, site: Site) -> None:
    gates(served)
    site.faults(rate_limit={"every": 1, "retry_after": 600})
    served.service.vigil.look()
    assert served.service.vigil.faults() == []
    report = served.service.vigil.report
    assert report
    assert {each.check for each in report.verdicts if each.passing} == {"jira"}
    [told] = [fault for fault in faults(served) if "slow down" in fault]
    assert told


def test_checks_that_ended_long_ago_do_not_vouch_for_today(served: Served) -> None:
    vigil = served.service.vigil
    gates(served)
    vigil.look()
    vigil.clock = clock = FrozenClock(vigil.clock.now() + STALE)
    clock.move(seconds=1)
    assert vigil.faults() == ["The checks have not been made for half an hour: restart the service."]
    clock.move(seconds=-2)
    assert vigil.faults() == []
