"""The loop against a real Jira: one issue a finding, whatever happens on the way."""

import json
from collections.abc import Callable
from datetime import date

import pytest

from cmmc_jira.core.changes import Create
from cmmc_jira.core.owners import Component, Owners
from cmmc_jira.errors import CmmcJiraError, JiraRefused, LeaseLost, UnsafePlan
from cmmc_rules.words import Level
from support.site import LAW, Site, points

pytestmark = pytest.mark.usefixtures("flavour")

FLOW, SESSIONS, EXTERNAL = "AC.L2-3.1.3", "AC.L2-3.1.11", "AC.L2-3.1.20"
ALL = [requirement.id for requirement in LAW.requirements(Level.TWO)]
WRITES = ("POST", "PUT", "DELETE")


def ready(*requirements: str, **entered: str) -> tuple[Site, str]:
    site = Site()
    assessment = site.assessment(**entered)
    site.attach(assessment, *requirements)
    return site, assessment


def test_a_findings_file_becomes_issues_and_a_status_that_tells_the_truth() -> None:
    site, _ = ready(FLOW, EXTERNAL, CMMC_Status_Date="2026-03-26")
    site.look()
    assert set(site.remediation()) == {FLOW, EXTERNAL}
    flow = site.remediation()[FLOW]["fields"]
    assert flow["summary"] == "[AC.L2-3.1.3] Control CUI Flow"
    assert flow["description"].startswith("*NOT MET*: AC.L2-3.1.3 Control CUI Flow, 1 point.")
    assert {end["outwardIssue"]["key"] for end in flow["issuelinks"] if "outwardIssue" in end} >= {"CMMC-1"}
    assert site.status_text().startswith("*No CMMC Status*, score *108 of 110*.")
    assert f"[{FLOW}]" not in site.status_text()
    assert site.remediation()[FLOW]["key"] in site.status_text()


def test_110_findings_cost_3_bulk_creates_and_a_second_look_only_reads() -> None:
    site, _ = ready(*ALL)
    seen = len(site.state.requests)
    site.look()
    assert len(site.remediation()) == 110
    assert [path for _, path in site.paths(seen)].count("/rest/api/2/issue/bulk") == 3
    seen = len(site.state.requests)
    decided, _ = site.look()
    assert decided.plan.changes == ()
    asked = {path.removeprefix("/rest/api/2/") for method, path in site.paths(seen) if method in WRITES}
    assert asked <= {"search/jql", "search", "issue/bulkfetch"}


def test_an_edit_on_the_assessment_is_one_write_to_the_status_issue() -> None:
    site, assessment = ready(FLOW)
    site.look()
    site.enter(assessment, CAGE_Codes="1ABC2", Closeout_Booked="2026-08-01")
    seen = len(site.state.requests)
    site.look()
    assert site.since(seen)["PUT"] == 1


def test_a_done_issue_is_ready_and_stays_not_met() -> None:
    site, _ = ready(FLOW, SESSIONS, CMMC_Status_Date="2026-03-26")
    site.look()
    site.person.transition(site.remediation()[FLOW]["id"], "done")
    site.look()
    assert site.status_text().startswith("*Conditional Level 2 (Self)*, score *108 of 110*.")
    assert "1 of 2 NOT MET requirements is ready." in site.status_text()


def test_a_newer_file_replaces_an_older_one_before_posting() -> None:
    site, assessment = ready(FLOW, SESSIONS)
    site.look()
    site.attach(assessment, SESSIONS, EXTERNAL, name="second.csv")
    site.look()
    issues = site.remediation()
    assert set(issues) == {FLOW, SESSIONS, EXTERNAL}
    assert issues[FLOW]["fields"]["status"]["statusCategory"]["key"] == "done"
    comments = [row["body"] for row in issues[FLOW]["fields"]["comment"]["comments"]]
    assert len(comments) == 1
    assert "no longer NOT MET in second.csv" in comments[0]


def test_a_file_that_is_none_gets_one_comment_and_changes_nothing() -> None:
    site, assessment = ready(FLOW)
    site.look()
    site.person.attach(assessment, "report.pdf", b"%PDF-1.7 not a table", "application/pdf")
    site.look()
    site.look()
    comments = [row["body"] for row in site.read("CMMC-1")["fields"]["comment"]["comments"]]
    assert len(comments) == 1
    assert "report.pdf was not read" in comments[0]
    assert set(site.remediation()) == {FLOW}


def test_deleting_what_we_remember_changes_nothing() -> None:
    site, _ = ready(FLOW, SESSIONS)
    site.look()
    before = {raw["id"] for raw in site.remediation().values()}
    del site.state.issues[next(iter(site.state.issues))].properties["cmmc-jira"]
    site.look()
    assert {raw["id"] for raw in site.remediation().values()} == before
    assert site.look()[0].plan.changes == ()


def test_an_issue_that_was_deleted_is_made_again() -> None:
    site, _ = ready(FLOW, SESSIONS)
    site.look()
    gone = site.remediation()[FLOW]["id"]
    site.delete(gone)
    decided, _ = site.look()
    [create] = decided.plan.of(Create)
    assert create.why.endswith("the issue it had was deleted, or is hidden from us")
    assert site.remediation()[FLOW]["id"] != gone


def test_owners_come_from_the_policy_and_a_component_stands_for_its_lead() -> None:
    plain = Site()
    people = [user for user in plain.state.users.values() if user.email.endswith("example.com")]
    owners = Owners({FLOW: people[0].email}, {"IR": Component("Response")}, {})
    site = Site(owners=owners)
    assessment = site.assessment()
    site.attach(assessment, FLOW, SESSIONS)
    site.look()
    issues = site.remediation()
    assert issues[FLOW]["fields"]["assignee"]["emailAddress"] == people[0].email
    assert issues[SESSIONS]["fields"]["assignee"] is None
    assert "nobody owns it" in issues[SESSIONS]["fields"]["description"]


def test_a_plan_that_was_shown_is_done_exactly_or_not_at_all() -> None:
    site, assessment = ready(FLOW)
    process = site.process()
    shown = process.decide("CMMC-1").plan.digest
    assert process.confirmed("CMMC-1", shown).plan.digest == shown
    site.attach(assessment, FLOW, SESSIONS, name="newer.csv")
    with pytest.raises(UnsafePlan, match=r"have changed since"):
        process.confirmed("CMMC-1", shown)
    assert site.remediation() == {}


def test_closing_almost_everything_waits_for_a_person_and_the_status_issue_says_so() -> None:
    ids = [requirement.id for requirement in LAW.requirements(Level.TWO) if requirement.points == 1][:12]
    site, assessment = ready(*ids)
    site.look()
    site.attach(assessment, ids[0], name="emptied.csv")
    decided, _ = site.look()
    assert decided.held == "11 of 12 open remediation issues would be closed at once."
    states = {raw["fields"]["status"]["statusCategory"]["key"] for raw in site.remediation().values()}
    assert states == {"new"}
    assert "11 of 12 open remediation issues would be closed at once. Nothing was closed" in site.status_text()
    process = site.process()
    process.do(process.confirmed("CMMC-1", process.decide("CMMC-1").plan.digest), fence=lambda: None)
    states = [raw["fields"]["status"]["statusCategory"]["key"] for raw in site.remediation().values()]
    assert sorted(states) == ["done"] * 11 + ["new"]


def test_an_issue_of_another_type_is_refused_by_name() -> None:
    site = Site()
    site.issue("Task", Summary="x")
    with pytest.raises(JiraRefused, match="CMMC-1 is a Task, not a CMMC Assessment"):
        site.look()


def test_two_issues_with_one_identity_that_we_made_come_to_one() -> None:
    site, _ = ready(FLOW)
    site.look()
    kept = site.remediation()[FLOW]
    twin = site.issue("CMMC Remediation", Summary="twin", CMMC_Requirement=FLOW)
    site.person.edit(twin, fields={"labels": ["cmmc-10000"]}, properties={"cmmc-jira": kept["properties"]["cmmc-jira"]})
    site.look()
    assert site.read(kept["id"])["fields"]["status"]["statusCategory"]["key"] == "new"
    closed = site.read(twin)["fields"]
    assert closed["status"]["statusCategory"]["key"] == "done"
    assert "is the older one and stays" in closed["comment"]["comments"][0]["body"]
    assert site.look()[0].plan.changes == ()


def first_look() -> Site:
    """Return a site whose next look creates, freezes and comments."""
    site, assessment = ready(FLOW, SESSIONS, EXTERNAL, CMMC_Status_Date="2026-03-26")
    site.person.attach(assessment, "report.pdf", b"%PDF-1.7 not a table", "application/pdf")
    return site


def replaced_file() -> Site:
    """Return a site whose next look closes one issue, creates another and rewrites the status."""
    site, assessment = ready(FLOW, SESSIONS)
    site.look()
    site.attach(assessment, SESSIONS, EXTERNAL, name="second.csv")
    return site


def not_met_again() -> Site:
    """Return a site whose next look opens an issue again, with another text than it had."""
    site, assessment = ready(FLOW, SESSIONS)
    site.look()
    site.attach(assessment, SESSIONS, name="second.csv")
    site.look()
    site.attach(assessment, f"{FLOW}[b]", SESSIONS, name="third.csv")
    return site


def held(site: Site) -> dict[str, object]:
    """Return what Jira holds, without what differs from run to run."""
    issues = {
        subject: (
            raw["fields"]["status"]["statusCategory"]["key"],
            raw["fields"]["description"],
            sorted(comment["body"] for comment in raw["fields"]["comment"]["comments"]),
        )
        for subject, raw in site.remediation().items()
    }
    comments = [row["body"] for row in site.read("CMMC-1")["fields"]["comment"]["comments"]]
    return {
        **issues,
        "status": site.status_text().partition("h3. What changed")[0],
        "assessment": comments,
        "frozen": site.frozen("CMMC-1"),
    }


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("story", [first_look, replaced_file, not_met_again])
def test_a_call_that_fails_at_any_point_leaves_what_an_undisturbed_look_leaves(
    story: Callable[[], Site], when: str, flavour: str
) -> None:
    site = story()
    begin_again, seen = site.moment(), len(site.state.requests)
    site.look()
    calls, wanted = len(site.state.requests) - seen, held(site)
    assert calls > 5
    for failing in points(calls, when, flavour):
        begin_again()
        site.faults(call=failing, when=when, status="cut" if failing % 2 else 503)
        site.until_quiet()
        assert held(site) == wanted, failing


def test_a_lost_lease_stops_the_run_before_the_next_write() -> None:
    site, _ = ready(FLOW, SESSIONS)
    allowed = iter([True, True])

    def fence() -> None:
        if not next(allowed, False):
            raise LeaseLost("another worker has it")

    with pytest.raises(LeaseLost):
        site.process().reconcile("CMMC-1", fence=fence)
    site.until_quiet()
    assert set(site.remediation()) == {FLOW, SESSIONS}


@pytest.mark.parametrize("lag", [1, 3, 5])
def test_an_index_that_lags_never_makes_a_second_issue(lag: int) -> None:
    site, assessment = ready(FLOW, SESSIONS)
    site.faults(index_lag=lag)
    for name in ("b.csv", "c.csv", "d.csv"):
        site.look()
        site.attach(assessment, FLOW, SESSIONS, EXTERNAL, name=name)
    site.look()
    assert set(site.remediation()) == {FLOW, SESSIONS, EXTERNAL}


def test_what_jira_refuses_becomes_a_sentence_and_the_rest_is_done() -> None:
    owners = Owners({FLOW: "nobody@nowhere.example"}, {}, {})
    site = Site(owners=owners)
    site.attach(site.assessment(), FLOW)
    site.look()
    assert "names nobody@nowhere.example, who cannot be assigned" in site.remediation()[FLOW]["fields"]["description"]


def test_errors_are_of_our_tree() -> None:
    site = Site()
    with pytest.raises(CmmcJiraError, match="CMMC-99"):
        site.look("CMMC-99")


def finding_issue(site: Site, requirement: str, result: str, **more: str) -> str:
    return site.issue("CMMC Finding", Summary=requirement, CMMC_Requirement=requirement, CMMC_Finding=result, **more)


def test_finding_issues_of_the_only_assessment_count_without_a_link_on_every_look() -> None:
    site, _ = ready(FLOW)
    finding_issue(site, EXTERNAL, "NOT MET")
    site.look()
    assert set(site.remediation()) == {FLOW, EXTERNAL}
    decided, _ = site.process().reconcile("CMMC-1", fence=lambda: None, thorough=False)
    assert decided.plan.changes == ()


def test_with_two_assessments_a_finding_issue_counts_where_it_is_linked() -> None:
    site, first = ready(FLOW)
    second = site.assessment()
    site.attach(second, FLOW)
    linked = finding_issue(site, EXTERNAL, "NOT MET")
    finding_issue(site, SESSIONS, "NOT MET")
    site.person.link("Relates", linked, first)
    first_plan, second_plan = (site.process().decide(id_).plan for id_ in (first, second))
    assert [change.subject for change in first_plan.of(Create)] == [EXTERNAL, FLOW, "status"]
    assert [change.subject for change in second_plan.of(Create)] == [FLOW, "status"]


def test_an_assessment_document_says_what_its_silence_means_and_status_agrees_with_evaluate() -> None:
    site = Site()
    assessment = site.issue("CMMC Assessment", Summary="Enclave", CMMC_Status_Date="2026-03-26")
    document = {
        "level": 2,
        "path": "C3PAO",
        "unlisted": "MET",
        "findings": [{"id": FLOW, "result": "NOT MET"}],
    }
    site.person.attach(assessment, "assessment.json", json.dumps(document).encode(), "application/json")
    decided, _ = site.look()
    assert decided.desired.standing is not None
    official = decided.desired.standing.official
    assert (official.status, official.score) == ("Conditional Level 2 (C3PAO)", 109)
    assert official.deadline == date(2026, 9, 22)


def test_a_field_that_the_screen_lacks_is_told_in_a_sentence_and_no_issue_is_made() -> None:
    site, _ = ready(FLOW, SESSIONS)
    points = site.fields.ids["CMMC Points"]
    site.take_off_screens(points)
    _, refused = site.look()
    assert any("CMMC Points" in sentence and "screen" in sentence for sentence in refused)
    assert site.remediation() == {}
    assert site.of_type("CMMC Status") == {}
