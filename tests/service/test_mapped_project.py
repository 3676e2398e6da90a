"""A project that is configured otherwise in every way is worked in as one of our own making: from issues to quiet."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cmmc_jira.core.issues import Category, Kind
from cmmc_jira.core.owners import Component, Owners
from cmmc_jira.errors import JiraRefused
from cmmc_manifests.schema import fields as field_specs
from cmmc_rules.words import Level
from support.configured import (
    ALL,
    AUDIT,
    EPICS,
    FLOW,
    PRIYA,
    RENAMED,
    SESSIONS,
    SHARED,
    SUBTASKS,
    Configured,
    mapping_of,
)
from support.site import LAW


def closed_out(site: Configured, assessment: str) -> None:
    """Enter a closeout in which everything is MET."""
    for requirement in ALL:
        decided = {"CMMC_Decision": "closeout", "CMMC_Decision_Date": "2026-06-20", "CMMC_Finding": "MET"}
        site.enter(site.ours()[requirement]["id"], **decided)
    site.enter(assessment, Closeout_By="OSA", Closeout_Assessed="2026-06-20", Closeout_Posted="2026-06-21")


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
@pytest.mark.parametrize("text", [RENAMED, SHARED, SUBTASKS, EPICS], ids=["renamed", "shared", "sub-tasks", "epics"])
def test_the_whole_story_ends_in_quiet(text: str, flavour: str) -> None:
    site = Configured(text, flavour=flavour)
    assessment = site.assessed(*ALL)
    site.until_quiet()
    assert set(site.ours()) == {*ALL, "status"}
    assert {raw["fields"]["issuetype"]["name"] for raw in site.ours().values()} == {
        site.mapping.type_name("remediation"),
        site.mapping.type_name("status"),
    }
    status = site.ours()["status"]["fields"]["description"]
    assert status.startswith("*Conditional Level 2 (Self)*, score *107 of 110*.")
    assert all(site.ours()[requirement]["key"] in status for requirement in ALL)
    assert site.quiet()
    site.clock.move(days=21)
    closed_out(site, assessment)
    site.until_quiet()
    assert site.ours()["status"]["fields"]["description"].startswith("*Final Level 2 (Self)*")
    done = {requirement: site.ours()[requirement]["fields"]["status"]["name"] for requirement in ALL}
    assert set(done.values()) == {"Verified" if text == RENAMED else "Done"}
    assert site.quiet()


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
@pytest.mark.parametrize("text", [SUBTASKS, EPICS], ids=["sub-tasks", "epics"])
def test_a_parent_or_an_epic_ties_issues_to_their_assessment_and_no_link_does(text: str, flavour: str) -> None:
    site = Configured(text, flavour=flavour)
    site.assessed(FLOW)
    site.until_quiet()
    own = {raw["key"] for raw in site.ours().values()}
    assert {issue.key for issue in site.state.issues.values() if site.parent_of(issue.key) == "CMMC-1"} == own
    assert all(not raw["fields"]["issuelinks"] for raw in site.ours().values())


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
def test_among_several_assessments_a_finding_is_of_the_one_that_is_its_epic(flavour: str) -> None:
    site = Configured("{issue_types: {assessment: Epic}, link: epic}", flavour=flavour)
    site.assessed(FLOW)
    site.assessed(FLOW)
    site.create("CMMC Finding", {"CMMC Requirement": AUDIT, "CMMC Finding": "NOT MET"}, **site.child("CMMC-2"))
    for key in ("CMMC-1", "CMMC-2"):
        assert site.look(key)[1] == ()
        assert site.look(key)[0].plan.changes == ()
    made = [raw["properties"].get("cmmc-jira", {}) for raw in map(site.read, site.state.issues)]
    audit = [memory["assessment"] for memory in made if memory.get("subject") == AUDIT]
    assert audit == [site.read("CMMC-2")["id"]]


@pytest.fixture(scope="module")
def renamed() -> tuple[Configured, Callable[[], None]]:
    site = Configured(RENAMED, owners=Owners({}, {"AU": Component("Logging")}, {}))
    site.assessed(*ALL, posted=None)
    site.until_quiet()
    return site, site.moment()


@pytest.fixture
def site(renamed: tuple[Configured, Callable[[], None]]) -> Configured:
    """Return the renamed project with its issues, as it was before any test."""
    configured, back = renamed
    back()
    return configured


def test_new_issues_have_what_the_project_asks_for(site: Configured) -> None:
    flow, audit, status = (site.ours()[subject] for subject in (FLOW, AUDIT, "status"))
    assert site.value(flow, "Deduction") == 1
    assert site.value(flow, "POA&M Basis").startswith("AC.L2-3.1.3 is worth 1 point")
    assert site.value(flow, "Team")["value"] == "Compliance"
    assert [row["value"] for row in site.value(flow, "Systems")] == ["Linux", "Windows"]
    assert site.value(flow, "Effort") == 3
    assert site.value(flow, "Approver")["accountId"] == PRIYA
    assert site.value(flow, "Security Level")["name"] == "CUI only"
    assert [row["name"] for row in site.value(flow, "Components")] == ["Compliance"]
    assert [row["name"] for row in site.value(audit, "Components")] == ["Logging"]
    assert site.value(status, "Components") == []
    assert {link["type"]["name"] for link in flow["fields"]["issuelinks"]} == {"Blocks"}


def test_what_people_are_told_names_the_fields_as_they_are_called_here(site: Configured) -> None:
    assert "In this Jira CMMC Status Date is Posted on." in site.status()


def test_a_component_that_the_project_gives_has_a_lead_who_owns_it(site: Configured) -> None:
    assert site.ours()[AUDIT]["fields"]["assignee"]["accountId"] == PRIYA


def test_only_the_named_status_says_ready(site: Configured) -> None:
    flow = site.ours()[FLOW]["id"]
    site.person.transition(flow, "done")
    assert site.ours()[FLOW]["fields"]["status"]["name"] == "Rejected"
    site.until_quiet()
    assert "NOT MET requirements is ready" not in site.status()
    site.person.transition(flow, "new")
    site.person.transition(flow, "done", site.fields.way(Kind.REMEDIATION, Category.DONE))
    assert site.ours()[FLOW]["fields"]["status"]["name"] == "Verified"
    assert site.value(site.ours()[FLOW], "Root cause")["value"] == "Configuration"
    site.until_quiet()
    assert "1 of 3 NOT MET requirements is ready." in site.status()


def test_an_issue_that_is_asked_for_again_goes_the_named_way_back(site: Configured) -> None:
    site.attach("CMMC-1", SESSIONS, AUDIT, name="second.csv")
    site.until_quiet()
    assert site.ours()[FLOW]["fields"]["status"]["name"] == "Verified"
    site.attach("CMMC-1", *ALL, name="third.csv")
    site.until_quiet()
    assert site.ours()[FLOW]["fields"]["status"]["name"] == "Backlog"
    assert site.quiet()


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("Team: Compliance\n    ", "", "Team is required."),
        (
            "Approver: priya.raman@example.com",
            "Approver: nobody@example.com",
            "nobody@example.com is nobody who",
        ),
        ("CUI only", "Secret", "The level selected is invalid."),
        ("default: Compliance", "default: Paperwork", "Component name 'Paperwork' is not valid"),
        ("type: Blocks", "type: Hinders", "Hinders"),
    ],
)
def test_what_jira_cannot_take_is_told_and_nothing_is_half_done(before: str, after: str, sentence: str) -> None:
    site = Configured(RENAMED.replace(before, after, 1))
    site.assessed(FLOW)
    with pytest.raises(JiraRefused) as told:
        site.refused()
    assert sentence in str(told.value)
    assert site.ours() == {}


def test_a_way_that_the_workflow_does_not_have_is_told(site: Configured) -> None:
    site.mapping = mapping_of(RENAMED.replace("[In Review, Verified]", "[Verified]"), site.state)
    site.attach("CMMC-1", SESSIONS, AUDIT, name="second.csv")
    _, refused = site.look()
    [told] = refused
    assert 'the mapping leads over "Verified" to the category "Done", and Jira offers "Reject" (to "Rejected")' in told


@pytest.mark.parametrize(("text", "when"), [(EPICS, "before"), (EPICS, "after"), (SUBTASKS, "after")])
def test_no_cut_doubles_what_only_a_parent_ties(text: str, when: str) -> None:
    site = Configured(text)
    site.assessed(*ALL)
    back, seen = site.moment(), len(site.state.requests)
    site.look()
    for failing in range(1, len(site.state.requests) - seen + 1):
        back()
        site.faults(call=failing, when=when, status="cut")
        site.until_quiet()
        assert set(site.ours()) == {*ALL, "status"}, failing


def test_a_batch_that_is_turned_away_gives_no_claim_back_on_what_only_the_index_finds() -> None:
    many = [requirement.id for requirement in LAW.requirements(Level.TWO)][:60]
    site = Configured(EPICS)
    site.assessed(*many)
    back, seen = site.moment(), len(site.state.requests)
    site.look()
    second = [path for _, path in site.paths(seen)].index("/rest/api/2/issue/bulk") + 2
    back()
    site.faults(call=second, when="before", status=429)
    site.faults(index_lag=1)
    site.until_quiet()
    assert set(site.ours()) == {*many, "status"}


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
def test_the_service_finds_the_assessments_of_such_a_project_by_itself(flavour: str, tmp_path: Path) -> None:
    site = Configured(EPICS, flavour=flavour)
    site.assessed(*ALL)
    service = site.service(tmp_path, EPICS)
    service.store.mark("*", now=service.machine.now())
    while service.engine.run_once():
        pass
    service.stop()
    assert set(site.ours()) == {*ALL, "status"}


def test_names_as_shipped_change_nothing() -> None:
    says = [f"{kind.key}: {kind.value}" for kind in Kind]
    names = [f'"{spec.name}": "{spec.name}"' for spec in field_specs()]
    told = f"issue_types: {{{', '.join(says)}}}\nfields: {{{', '.join(names)}}}\nlink: {{type: Relates}}"
    worlds = []
    for text in ("{}", told):
        site = Configured(text)
        site.assessed(*ALL)
        seen = len(site.state.requests)
        site.until_quiet()
        worlds.append((site.paths(seen), {subject: site.values(raw["id"]) for subject, raw in site.ours().items()}))
    assert worlds[0] == worlds[1]
