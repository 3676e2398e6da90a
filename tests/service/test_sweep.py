"""What is marked when something may be anywhere, and what a look costs where there are many assessments."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.ports import Work
from cmmc_jira.service.reconcile import Reconciler
from cmmc_jira.service.sweep import sweep
from support.lists import ToDo
from support.site import Site

pytestmark = pytest.mark.usefixtures("flavour")

FLOW, SESSIONS, EXTERNAL = "AC.L2-3.1.3", "AC.L2-3.1.11", "AC.L2-3.1.20"


@pytest.fixture
def to_do(tmp_path: Path) -> Iterator[ToDo]:
    to_do = ToDo(tmp_path)
    yield to_do
    to_do.close()


@pytest.fixture
def site() -> Site:
    """A project with two assessments, each with its issues."""
    site = Site()
    for requirement in (FLOW, SESSIONS):
        assessment = site.assessment()
        site.attach(assessment, requirement)
        site.look(assessment)
    return site


def marked(site: Site, to_do: ToDo, *hints: str, thorough: bool = False) -> dict[str, tuple[bool, tuple[str, ...]]]:
    """Return what a look at everything marks: whether thorough, and with which hints."""
    work = Work("*", 1, 1, 0, hints, thorough)
    jira = site.client()
    sweep(work, jira=jira, store=to_do.store, clock=to_do.clock, project="CMMC", fields=site.fields)
    works = to_do.store.claim(99, now=to_do.clock.now())
    for leased in works:
        to_do.store.finish(leased, now=to_do.clock.now())
    return {leased.key: (leased.thorough, leased.hints) for leased in works}


def assessments(site: Site) -> list[str]:
    found = site.person.search('issuetype = "CMMC Assessment" ORDER BY id', ["issuetype"])
    return [str(issue["id"]) for issue in found]


@pytest.mark.parametrize("thorough", [True, False])
def test_every_assessment_is_marked_as_thoroughly_as_was_asked(site: Site, to_do: ToDo, *, thorough: bool) -> None:
    assert marked(site, to_do, thorough=thorough) == dict.fromkeys(assessments(site), (thorough, ()))


def test_issues_that_name_their_assessment_lead_to_it_alone(site: Site, to_do: ToDo) -> None:
    first, second = assessments(site)
    item = site.remediation()[SESSIONS]["id"]
    assert marked(site, to_do, item, second) == {second: (True, tuple(sorted((item, second))))}
    assert marked(site, to_do, first) == {first: (True, (first,))}
    linked = site.issue("CMMC Finding", Summary="x", CMMC_Requirement=EXTERNAL)
    site.person.link("Relates", linked, first)
    assert set(marked(site, to_do, linked)) == {first}


def test_an_issue_of_ours_that_says_nothing_leads_to_all(site: Site, to_do: ToDo) -> None:
    first, _ = assessments(site)
    assert set(marked(site, to_do, site.issue("CMMC Finding", Summary="x"), first)) == set(assessments(site))


def test_an_issue_that_is_gone_or_is_none_of_ours_leads_nowhere_and_costs_one_reading(site: Site, to_do: ToDo) -> None:
    item = site.remediation()[FLOW]["id"]
    site.delete(item)
    for foreign in (item, site.issue("Task", Summary="y"), "99999"):
        seen = len(site.state.requests)
        assert marked(site, to_do, foreign) == {}
        assert sum("/issue/" in path for _, path in site.paths(seen)) == 1
        assert searches(site, seen) == 0


def test_a_look_at_everything_marks_no_issue_that_is_none_of_ours_because_an_event_named_it(
    site: Site, to_do: ToDo
) -> None:
    assert set(marked(site, to_do, site.issue("Task", Summary="y"), thorough=True)) == set(assessments(site))


def searches(site: Site, seen: int) -> int:
    return sum("/search" in path and "assignable" not in path for _, path in site.paths(seen))


def test_where_there_are_many_assessments_a_look_does_not_go_through_all_of_them(flavour: str) -> None:
    site, by_id = Site(), 1 if flavour == "datacenter" else 0  # it is a search that tells which issues changed
    ids = [site.assessment() for _ in range(230)]
    site.attach(ids[0], FLOW)
    process = site.process()
    costs = []
    site.later()
    for _ in range(3):
        seen = len(site.state.requests)
        process.reconcile(ids[0], fence=lambda: None)
        costs.append(searches(site, seen))
    assert costs == [2 + by_id, 1 + by_id, 1 + by_id]
    assert set(site.remediation()) == {FLOW}
    site.clock.move(seconds=3600)
    seen = len(site.state.requests)
    process.reconcile(ids[0], fence=lambda: None)
    assert searches(site, seen) == 2 + by_id


def test_a_finding_issue_without_a_name_is_of_the_only_assessment_again_when_the_others_are_gone() -> None:
    site = Site()
    first, second = site.assessment(), site.assessment()
    site.issue("CMMC Finding", Summary="x", CMMC_Requirement=EXTERNAL, CMMC_Finding="NOT MET")
    process = site.process()
    process.reconcile(first, fence=lambda: None)
    assert site.remediation() == {}
    site.delete(second)
    site.clock.move(seconds=3600)
    process.reconcile(first, fence=lambda: None)
    assert set(site.remediation()) == {EXTERNAL}


def settled() -> tuple[Site, str, Reconciler]:
    """Return a site with two items and a process that has looked at them twice."""
    site = Site()
    assessment = site.assessment()
    site.attach(assessment, FLOW, SESSIONS)
    process = site.process()
    for thorough in (True, False):
        site.later()
        process.reconcile(assessment, fence=lambda: None, thorough=thorough)
    return site, assessment, process


def asked(site: Site, seen: int) -> list[str]:
    return [path.rpartition("/")[2] for _, path in site.paths(seen)]


def test_a_look_that_rests_on_what_is_known_costs_one_read_and_three_on_data_center(flavour: str) -> None:
    site, assessment, process = settled()
    seen = len(site.state.requests)
    process.reconcile(assessment, fence=lambda: None, thorough=False)
    made = asked(site, seen)
    status = site.of_type("CMMC Status")["status"]["id"]
    assert made == (["bulkfetch"] if flavour == "cloud" else [assessment, "search", status])


def test_an_edit_is_told_by_the_status_issue_after_one_read_and_one_write(flavour: str) -> None:
    site, assessment, process = settled()
    item = site.remediation()[FLOW]["id"]
    site.person.transition(item, "indeterminate")
    seen = len(site.state.requests)
    process.reconcile(assessment, fence=lambda: None, thorough=False, hints=[item])
    status = site.of_type("CMMC Status")["status"]["id"]
    reads = ["bulkfetch"] if flavour == "cloud" else [assessment, "search", item, status]
    assert asked(site, seen)[: len(reads) + 1] == [*reads, status]
    assert site.paths(seen)[len(reads)][0] == "PUT"


def test_what_another_process_made_meanwhile_or_somebody_deleted_is_seen_all_the_same() -> None:
    site, assessment, process = settled()
    site.attach(assessment, FLOW, SESSIONS, EXTERNAL, name="more.csv")
    site.look(assessment)
    gone = site.remediation()[FLOW]["id"]
    site.delete(gone)
    decided, _ = process.reconcile(assessment, fence=lambda: None, thorough=False)
    assert set(decided.world.issues) >= {SESSIONS, EXTERNAL}
    assert set(site.remediation()) == {FLOW, SESSIONS, EXTERNAL}
    assert site.remediation()[FLOW]["id"] != gone


def test_an_assessment_that_is_gone_is_said_to_be_gone() -> None:
    site, assessment, process = settled()
    site.delete(assessment)
    with pytest.raises(JiraRefused, match=f"Issue {assessment} is deleted, or hidden"):
        process.decide(assessment, thorough=False)
