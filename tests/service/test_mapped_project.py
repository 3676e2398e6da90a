"""A project that is configured otherwise in every way is worked in as one of our own making: from issues to quiet."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from cmmc_jira.core.fields import map_fields
from cmmc_jira.core.issues import Category, Kind
from cmmc_jira.core.mapping import ProjectMapping
from cmmc_jira.core.mapping_file import mapping_in
from cmmc_jira.core.owners import Component, Owners
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.look import Looker
from cmmc_jira.service.ports import NewIssue
from cmmc_jira.service.reconcile import Reconciler
from cmmc_manifests.schema import fields as field_specs
from cmmc_rules.words import Level
from jira_sandbox import State
from jira_sandbox.catalogue import EPIC_LINK
from jira_sandbox.records import (
    Component as Part,
)
from jira_sandbox.records import (
    Context,
    Field,
    Option,
    Screen,
    SecurityLevel,
    Status,
    Tab,
    Transition,
    Workflow,
)
from support.policies import NOBODY
from support.site import LAW, Site

FLOW, SESSIONS, AUDIT = "AC.L2-3.1.3", "AC.L2-3.1.11", "AU.L2-3.3.4"
ALL = (FLOW, SESSIONS, AUDIT)
DANA = "5f1a2b3c4d5e6f0068a00001"
PRIYA = "5f1a2b3c4d5e6f0068a00002"
TYPES = "com.atlassian.jira.plugin.system.customfieldtypes:"

RENAMED = """\
issue_types: {assessment: Audit, remediation: Gap, status: Audit status, finding: Observation}
fields:
  CMMC Points: Deduction
  POA&M Basis: customfield_POAM
  CMMC Status Date: Posted on
defaults:
  remediation:
    Team: Compliance
    customfield_20002: [Windows, Linux]
    Effort: 3
    Approver: priya.raman@example.com
  status: {Team: Compliance}
workflow:
  remediation:
    done: [In Review, Verified]
    new: Backlog
    ready: [Verified]
    fields: {Root cause: Configuration}
security: {remediation: CUI only}
components: {default: Compliance, families: {AU: Logging}}
link: {type: Blocks}
"""
SHARED = "issue_types: {remediation: Task, status: Task}"
SUBTASKS = "issue_types: {assessment: Story, remediation: Sub-task, status: Sub-task}\nlink: parent"
EPICS = "issue_types: {assessment: Epic, remediation: Story, status: Task}\nlink: epic"


def mapping_of(text: str, state: State) -> ProjectMapping:
    mistakes: list[str] = []
    basis = next(field.id for field in state.fields.values() if field.name == "POA&M Basis")
    families = {requirement.family for requirement in LAW.requirements(Level.TWO)}
    mapping = mapping_in("mapping.yaml", text.replace("customfield_POAM", basis), mistakes, families=families)
    assert mapping, mistakes
    return mapping


class Configured(Site):
    """A project that somebody configured otherwise, and the settings file that says how."""

    def __init__(self, text: str, *, flavour: str = "cloud", owners: Owners = NOBODY) -> None:
        super().__init__(flavour=flavour, owners=owners)
        arrange(self.state)
        self.mapping = mapping_of(text, self.state)
        rename(self.state, self.mapping)
        self.person = self.client()
        self.fields = map_fields(self.person.fields(), flavour=flavour, mapping=self.mapping)

    def process(self) -> Reconciler:
        looker = Looker(self.client(), self.clock, LAW, self.policy, self.notes, self.mapping)
        return Reconciler(looker, LAW, self.policy)

    def assessed(self, *requirements: str, posted: str | None = "2026-03-26") -> str:
        """Create an assessment with these NOT MET, as a person would; its id."""
        entered = {"CMMC Level": "2", "Assessment Path": "Self", "Unlisted Requirements": "MET"}
        id_ = self.create(self.mapping.type_name("assessment"), {**entered, "CMMC Status Date": posted})
        self.attach(id_, *requirements)
        return id_

    def create(self, type_name: str, values: Mapping[str, str | None], **also: object) -> str:
        """Create an issue as a person would, who gives what the project asks for; its id."""
        fields = {
            **self.fields.write({"Summary": "Enclave", **values}),
            "project": {"key": "CMMC"},
            "issuetype": {"name": type_name},
            "customfield_20001": {"value": "Compliance"},
            **also,
        }
        [made] = self.person.create([NewIssue(fields, {})])
        assert made.id, made.refused
        return made.id

    def child(self, key: str) -> Mapping[str, object]:
        """Return what names the parent or epic of an issue here."""
        return {self.fields.parent_id: {"key": key} if self.fields.parent_id == "parent" else key}

    def parent_of(self, key: str) -> str | None:
        """Return the key of an issue's parent or epic."""
        held = self.person.issue(key, [self.fields.parent_id])["fields"].get(self.fields.parent_id)
        return held["key"] if isinstance(held, Mapping) else held

    def ours(self) -> Mapping[str, Mapping[str, Any]]:
        """Return every issue that the service made, by subject; two of one subject are an error."""
        found: dict[str, Mapping[str, Any]] = {}
        for issue in self.state.issues.values():
            raw = self.read(issue.key)
            subject = raw["properties"].get("cmmc-jira", {}).get("subject")
            assert subject not in found, f"two issues for {subject}"
            found |= {subject: raw} if subject else {}
        return found

    def refused(self) -> None:
        """Look, and raise what Jira refused as a worker does."""
        _, told = self.look()
        if told:
            raise JiraRefused("\n".join(told))

    def quiet(self) -> bool:
        """Whether a look by a new process neither plans nor writes."""
        seen = len(self.state.requests)
        decided, refused = self.look()
        writes = {path for method, path in self.paths(seen) if method != "GET"}
        return (
            not decided.plan.changes
            and not refused
            and not {p for p in writes if "bulkfetch" not in p and "search" not in p}
        )

    def status(self) -> str:
        """Return what the status issue says."""
        return str(self.ours()["status"]["fields"]["description"])

    def value(self, raw: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401  whatever the field holds
        """Return what an issue holds in the field of this name."""
        [id_] = [field.id for field in self.state.fields.values() if field.name == name]
        return self.person.issue(raw["id"], [id_])["fields"][id_]


def arrange(state: State) -> None:
    """Give the project what an administrator gave it: fields, a security level, components, a workflow."""
    for number, (name, kind, custom) in enumerate(
        [("Team", "option", "select"), ("Systems", "options", "multicheckboxes"), ("Effort", "number", "float"),
         ("Approver", "user", "userpicker"), ("Root cause", "option", "select")], start=20001,
    ):  # fmt: skip
        field = Field(f"customfield_{number}", name, kind, TYPES + custom)
        choices = {"Team": ["Compliance"], "Systems": ["Linux", "Windows"], "Root cause": ["Configuration"]}
        options = tuple(Option(f"{number}{at}", value) for at, value in enumerate(choices.get(name, [])))
        state.fields[field.id] = field
        state.contexts[field.id] = Context(field.id, field.id, name, options=options)
    if state.datacenter:
        state.fields["customfield_20006"] = Field("customfield_20006", "Epic Link", "epic", EPIC_LINK)
        state.contexts["customfield_20006"] = Context("customfield_20006", "customfield_20006", "Epic Link")
    state.security_levels["10100"] = SecurityLevel("10100", "CUI only")
    for id_, part, lead in (("10200", "Compliance", DANA), ("10201", "Logging", PRIYA)):
        state.components[id_] = Part(id_, "10000", part, lead=lead)


def rename(state: State, mapping: ProjectMapping) -> None:
    """Let the project be as the settings file says: types and fields by its names, its workflow, its screens."""
    ours = {mapping_key.value: mapping.type_name(mapping_key.key) for mapping_key in Kind}
    there = {row.name for row in state.issue_types.values()}
    for id_, row in list(state.issue_types.items()):
        if ours.get(row.name, row.name) not in there:
            state.issue_types[id_] = replace(row, name=ours[row.name])
    state.workflows["Reviewed"] = reviewed(state)
    project = state.projects["10000"]
    gaps = {id_: "Reviewed" for id_, row in state.issue_types.items() if row.name == "Gap"}
    state.projects["10000"] = replace(project, workflows={**project.workflows, **gaps})
    for id_, field in list(state.fields.items()):
        if mapping.field_name(field.name) != id_:
            state.fields[id_] = replace(field, name=mapping.field_name(field.name))
    every = (id_ for id_, field in state.fields.items() if field.custom and field.name != "Root cause")
    more = ("parent", "security", "components", "duedate", "issuelinks", *every)
    for id_, screen in list(state.screens.items()):
        [tab] = screen.tabs
        state.screens[id_] = replace(screen, tabs=(replace(tab, fields=tuple(dict.fromkeys((*tab.fields, *more)))),))
    verify = Tab("20000", "Field Tab", ("customfield_20005", "resolution"))
    state.screens["20000"] = Screen("20000", "Verify", tabs=(verify,))
    state.required |= {"customfield_20001"} if gaps else set()


def reviewed(state: State) -> Workflow:
    """Return a workflow with other names, two ways to be done, and a field that the right one demands."""
    for id_, name, category in (
        ("30001", "Backlog", "new"), ("30002", "In Review", "indeterminate"),
        ("30003", "Verified", "done"), ("30004", "Rejected", "done"),
    ):  # fmt: skip
        state.statuses[id_] = Status(id_, name, category)
    back, review, verified, rejected = "30001", "30002", "30003", "30004"
    steps = (
        Transition("11", "Reject", rejected),
        Transition("21", "Ask for review", review, frozenset({back})),
        Transition("31", "Verify", verified, frozenset({review}), "20000", frozenset({"customfield_20005"})),
        Transition("41", "Reopen", back, frozenset({verified, rejected})),
    )
    return Workflow("Reviewed", back, (back, review, verified, rejected), steps)


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


@pytest.mark.parametrize("text", [SUBTASKS, EPICS], ids=["sub-tasks", "epics"])
@pytest.mark.parametrize("when", ["before", "after"])
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
