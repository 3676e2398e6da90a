"""What a look costs on Data Center, which reads issues one by one, and that what is kept of them is never believed
against what others did meanwhile."""

from collections.abc import Callable

import pytest

from cmmc_jira.core.identity import PROPERTY
from cmmc_jira.service.reconcile import Decided, Reconciler
from cmmc_rules.words import Level
from jira_sandbox import seed
from support.site import LAW, Site

FLOW, SESSIONS = "AC.L2-3.1.3", "AC.L2-3.1.11"
ALL = [requirement.id for requirement in LAW.requirements(Level.TWO)]
DANA = seed.PEOPLE[0][0]


def looked_at(*requirements: str, **entered: str) -> tuple[Site, str, Reconciler]:
    """Return a site on Data Center whose assessment a process has brought to quiet."""
    site = Site(flavour="datacenter")
    assessment = site.assessment(**entered)
    site.attach(assessment, *requirements)
    process = site.process()
    site.later()
    look(process)
    site.later()
    return site, assessment, process


def look(process: Reconciler, *hints: str, thorough: bool = False) -> Decided:
    decided, refused = process.reconcile("10000", fence=lambda: None, thorough=thorough, hints=hints)
    assert refused == ()
    return decided


def cost(site: Site, act: Callable[[], object]) -> tuple[int, int]:
    """Return how many issues were read one by one, and how many searches were made."""
    seen = len(site.state.requests)
    act()
    paths = [path for method, path in site.paths(seen) if method == "GET" or path.endswith("/search")]
    return sum("/issue/" in path for path in paths), sum(path.endswith("/search") for path in paths)


def test_a_quiet_look_at_110_issues_reads_two_of_them_by_themselves() -> None:
    site, _, process = looked_at(*ALL)
    assert cost(site, lambda: look(process)) == (2, 2)  # the assessment and the status issue; 100 issues a search
    assert cost(site, lambda: look(process, thorough=True)) == (2, 4)
    assert look(process).plan.changes == ()


def test_an_issue_that_somebody_changed_is_read_by_itself_once() -> None:
    site, _, process = looked_at(FLOW, SESSIONS)
    item = site.remediation()[FLOW]["id"]
    site.client(DANA).transition(item, "done")
    before = cost(site, lambda: look(process))[0]
    assert "1 of 2 NOT MET requirements is ready." in site.status_text()
    assert before > 2
    assert cost(site, lambda: look(process)) == (2, 1)


def test_two_changes_that_bear_one_time_are_both_seen() -> None:
    site, _, process = looked_at(FLOW, SESSIONS)
    site.clock.instant = site.state.clock.now()
    item, ours = site.remediation()[FLOW]["id"], site.client(DANA)
    ours.edit(item, fields={"duedate": "2026-06-30"})
    look(process)
    ours.transition(item, "done")
    look(process)
    assert "1 of 2 NOT MET requirements is ready." in site.status_text()


def test_an_issue_that_an_event_names_is_read_by_itself_whatever_the_index_says() -> None:
    site, _, process = looked_at(FLOW, SESSIONS)
    site.faults(index_lag=100)
    item = site.remediation()[FLOW]["id"]
    site.client(DANA).transition(item, "done")
    look(process)
    assert "1 of 2 NOT MET requirements is ready." not in site.status_text()
    look(process, item)
    assert "1 of 2 NOT MET requirements is ready." in site.status_text()
    assert look(process).plan.changes == ()


def test_what_another_process_made_an_issue_remember_without_a_trace_stands_the_day_after() -> None:
    site, assessment, process = looked_at(FLOW, SESSIONS)
    item = site.remediation()[FLOW]["id"]
    site.client(DANA).transition(item, "done")
    process.decide(assessment, hints=[item])  # this process keeps the issue as it was before the other one wrote
    finished = site.clock.today().isoformat()
    site.look()
    site.clock.move(days=1)
    look(process)
    assert site.remediation()[FLOW]["properties"][PROPERTY]["keep"]["ready"] == finished


def test_once_a_day_everything_is_read_by_itself() -> None:
    site, _, process = looked_at(FLOW, SESSIONS)
    site.clock.move(days=1)
    look(process)
    site.clock.move(days=1)
    assert cost(site, lambda: process.decide("10000", thorough=False))[0] == 4


def test_an_issue_that_is_gone_costs_the_others_one_more_reading_and_is_made_again() -> None:
    site, _, process = looked_at(FLOW, SESSIONS)
    gone = site.remediation()[FLOW]["id"]
    site.delete(gone)
    look(process)
    assert site.remediation()[FLOW]["id"] != gone
    assert cost(site, lambda: look(process)) == (2, 1)


@pytest.mark.parametrize("lag", [1, 3])
def test_an_index_that_lags_in_a_cluster_hides_nothing_that_we_wrote_ourselves(lag: int) -> None:
    site, assessment, process = looked_at(FLOW)
    site.faults(index_lag=lag)
    for name in ("b.csv", "c.csv", "d.csv"):
        site.attach(assessment, FLOW, SESSIONS, name=name)
        look(process, assessment)
        assert look(process).plan.changes == ()
        site.clock.move(seconds=300)
    assert set(site.remediation()) == {FLOW, SESSIONS}
