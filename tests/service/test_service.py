"""From a webhook to issues in Jira, through every part of the service but its threads."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cmmc_jira.core.issues import Kind
from jira_sandbox.faults import Faults
from support.served import Served
from support.site import Site

pytestmark = pytest.mark.usefixtures("flavour")


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def served(tmp_path: Path, site: Site) -> Iterator[Served]:
    served = Served(tmp_path, state=site.state)
    yield served
    served.service.stop()


def event(id_: str, type_name: str = Kind.ASSESSMENT, *labels: str) -> dict[str, object]:
    fields = {"issuetype": {"name": type_name}, "project": {"key": "CMMC"}, "labels": list(labels)}
    return {"webhookEvent": "jira:issue_updated", "issue": {"id": id_, "fields": fields}}


def settle(served: Served) -> int:
    """Look until nothing is due; how many looks that took."""
    looks = 0
    while served.service.engine.run_once():
        looks += 1
        assert looks < 20
    return looks


def summaries(site: Site) -> list[str]:
    found = site.person.search("project = CMMC AND issuetype != Task ORDER BY id", ["summary"])
    return [str(issue["fields"]["summary"]) for issue in found]


def writes(served: Served) -> int:
    calls = served.service.jira.answers()
    return sum(count for (method, status), count in calls.items() if method == "PUT" or status == "201")


def test_a_webhook_makes_issues_of_findings_and_its_echo_changes_nothing(served: Served, site: Site) -> None:
    id_ = site.assessment()
    site.attach(id_, "AC.L2-3.1.3", "3.1.1")
    assert served.deliver(event(id_)).status_code == 202
    assert settle(served) == 1
    made = summaries(site)
    assert len(made) == 4
    assert sum(summary.startswith("[AC.L2-") for summary in made) == 2
    before = writes(served)
    for number in range(3):
        served.deliver({**event(id_, "CMMC Remediation", "cmmc", f"cmmc-{id_}"), "timestamp": number})
    assert settle(served) == 1
    assert (summaries(site), writes(served)) == (made, before)


def test_a_database_deleted_in_the_middle_changes_nothing(served: Served, site: Site, tmp_path: Path) -> None:
    id_ = site.assessment()
    site.attach(id_, "AC.L2-3.1.3")
    served.deliver(event(id_))
    settle(served)
    made, before = summaries(site), writes(served)
    for file in tmp_path.glob("list.db*"):
        if not file.name.endswith(".engine"):
            file.unlink()
    served.service.tick.fire()
    assert settle(served) == 2
    assert (summaries(site), writes(served)) == (made, before)


def test_a_tick_finds_what_no_webhook_told(served: Served, site: Site) -> None:
    id_ = site.assessment()
    site.attach(id_, "AC.L2-3.1.3")
    served.service.tick.fire()
    assert settle(served) == 2
    assert len(summaries(site)) == 3


def test_when_jira_asks_to_slow_down_the_look_comes_back_and_nothing_exists_twice(served: Served, site: Site) -> None:
    id_ = site.assessment()
    site.attach(id_, "AC.L2-3.1.3")
    site.state.faults.add({"rate_limit": {"every": 1, "retry_after": 60}})
    served.deliver(event(id_))
    assert settle(served) == 1
    machine, store = served.service.machine, served.service.store
    blocked = store.backlog(now=machine.now()).blocked_seconds  # on Cloud one endpoint rests, and not the whole site
    assert 50 < blocked <= 60 if site.state.datacenter else blocked == 0
    assert not store.claim(1, now=machine.now() + timedelta(seconds=50))
    site.state.faults = Faults()
    (work,) = store.claim(1, now=machine.now() + timedelta(seconds=61))
    assert (work.key, work.attempt) == (id_, 0)
    store.release([work])
    site.look(id_)
    assert len(summaries(site)) == 3


def test_an_issue_that_only_claims_to_be_an_assessment_fails_and_is_left_as_it_is(served: Served, site: Site) -> None:
    task = site.issue("Task", Summary="Not one of ours")
    served.deliver(event(task))
    assert settle(served) == 1
    assert served.metric('cmmc_jira_looks_total{outcome="failed"}') == 1
    assert writes(served) == 0
    assert served.service.store.backlog(now=served.service.machine.now()).dirty == 1
