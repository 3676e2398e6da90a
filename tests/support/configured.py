"""A project that somebody configured otherwise: other names, more fields, another workflow, parents or epics."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from cmmc_jira.adapters.retry import Retry
from cmmc_jira.core.fields import map_fields
from cmmc_jira.core.issues import Kind
from cmmc_jira.core.mapping import ProjectMapping
from cmmc_jira.core.mapping_file import mapping_in
from cmmc_jira.core.owners import Owners
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.checks.verdict import Grade
from cmmc_jira.service.doctor import examine
from cmmc_jira.service.look import Looker
from cmmc_jira.service.ports import NewIssue
from cmmc_jira.service.reconcile import Reconciler
from cmmc_jira.settings import Settings
from cmmc_jira.wiring import Service, build, build_case
from cmmc_rules.words import Level
from jira_sandbox import State
from jira_sandbox.catalogue import EPIC_LINK, TYPES
from jira_sandbox.records import (
    Component,
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
from support.clock import FrozenClock
from support.policies import NOBODY
from support.site import LAW, Site
from support.wsgi import session_for

FLOW, SESSIONS, AUDIT = "AC.L2-3.1.3", "AC.L2-3.1.11", "AU.L2-3.3.4"
ALL = (FLOW, SESSIONS, AUDIT)
DANA = "5f1a2b3c4d5e6f0068a00001"
PRIYA = "5f1a2b3c4d5e6f0068a00002"

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

    def settings(self, folder: Path, mapping: Path | None = None) -> Settings:
        """Return the settings of a process that works in this project."""
        user = self.state.service_user()
        return Settings(
            url="http://jira.test",
            project="CMMC",
            user=None if self.state.datacenter else user.email,
            token=user.token,
            database_url=f"sqlite:///{folder / 'list.db'}",
            mapping=mapping,
        )

    def service(self, folder: Path, text: str) -> Service:
        """Return a service that reads this settings file; nothing runs yet."""
        file = folder / "mapping.yaml"
        file.write_text(text, encoding="utf-8")
        settings = self.settings(folder, file)
        service = build(settings, clock=self.clock, session=partial(session_for, self.app), debounce=0)
        service.database.prepare()
        return service

    def faults_found(self, folder: Path) -> list[str]:
        """Return what doctor says would stop the work; no webhook is looked for."""
        session, clock = partial(session_for, self.app), FrozenClock(self.state.clock.now())
        settings = self.settings(folder)
        case = build_case(settings, clock=clock, machine=clock, session=session, retry=Retry(budget=0))
        found = examine(replace(case, mapping=self.mapping)).verdicts
        faults = [verdict for verdict in found if verdict.grade is Grade.FAULT and verdict.check != "webhook"]
        return [verdict.what for verdict in faults]

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
        state.components[id_] = Component(id_, "10000", part, lead=lead)


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
