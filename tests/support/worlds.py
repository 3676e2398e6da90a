"""Worlds as a look would see them, built by hand, and a Jira of dictionaries that a plan can be carried out on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from cmmc_jira.core.changes import Attach, Change, Comment, Create, Discard, Remember, SetFields, Transition
from cmmc_jira.core.desired import Desired, desired
from cmmc_jira.core.fields import DESCRIPTION
from cmmc_jira.core.identity import FROZEN_PROPERTY, PROPERTY
from cmmc_jira.core.issues import Actual, Attachment, Category, Kind
from cmmc_jira.core.owners import Owners
from cmmc_jira.core.plan import Plan, plan
from cmmc_jira.core.policy import Policy
from cmmc_jira.core.world import FileRead, World
from cmmc_rules.law import load_law
from cmmc_rules.records import Finding
from cmmc_rules.words import Result
from support.policies import NOBODY, silent

LAW = load_law()
DAY = date(2026, 6, 1)
LEAD = "lead-1"


def file(findings: Sequence[Finding], *, id_: str = "90001", name: str = "findings.csv") -> FileRead:
    """Return an attachment that was read as these findings."""
    return FileRead(Attachment(id_, name, 100, f"2026-05-01T00:00:{id_[-2:]}.000+0000", None), "CSV", tuple(findings))


def not_met(*requirements: str, note: str | None = None) -> list[Finding]:
    """Return findings that say NOT MET of each requirement."""
    return [
        Finding(requirement, Result.NOT_MET, note=note, row=f"row {n}") for n, requirement in enumerate(requirements, 2)
    ]


def world(
    findings: Sequence[Finding] = (), *, day: date = DAY, files: Sequence[FileRead] | None = None, **entered: str
) -> World:
    """Return a Level 2 self-assessment with these findings, all else MET, nothing in Jira yet; `entered` overrides."""
    fields = {
        "Summary": "Enclave",
        "CMMC Level": "2",
        "Assessment Path": "Self",
        "Unlisted Requirements": "MET",
        "Compliance Lead": LEAD,
        **{name.replace("_", " "): value for name, value in entered.items()},
    }
    return World(
        assessment=Actual(
            id="10001",
            key="CMMC-1",
            kind=Kind.ASSESSMENT,
            subject="assessment",
            category=Category.NEW,
            fields={name: value for name, value in fields.items() if value},
            project="CMMC",
        ),
        day=day,
        issues={},
        files=tuple(files) if files is not None else (file(findings),),
        people={LEAD: "Lea Lead"},
        notes="full",
    )


def decide(seen: World, *, owners: Owners = NOBODY, policy: Policy | None = None) -> tuple[Desired, Plan]:
    """Return what a world should be and the plan that makes it so."""
    wanted = desired(seen, LAW, policy or silent(owners))
    return wanted, plan(wanted, seen)


def enter(seen: World, **entered: str | None) -> World:
    """Return the world after a person entered values on the assessment issue; None empties a field."""
    fields = dict(seen.assessment.fields)
    for name, value in entered.items():
        fields.pop(name.replace("_", " "), None)
        if value is not None:
            fields[name.replace("_", " ")] = value
    return replace(seen, assessment=replace(seen.assessment, fields=fields))


def edit(seen: World, subject: str, *, category: Category | None = None, **entered: str | None) -> World:
    """Return the world after a person edited one of our issues."""
    issue = seen.issues[subject]
    fields = {**issue.fields}
    for name, value in entered.items():
        fields.pop(name.replace("_", " "), None)
        if value is not None:
            fields[name.replace("_", " ")] = value
    changed = replace(issue, fields=fields, category=category or issue.category)
    return replace(seen, issues={**seen.issues, subject: changed})


def carry_out(todo: Plan, seen: World) -> World:
    """Return the world after a plan was carried out on it, as Jira would then hold it."""
    issues, assessment = dict(seen.issues), seen.assessment
    for change in todo.changes:
        match change:
            case Create():
                issues[change.subject] = _created(change, len(issues))
            case SetFields():
                issue = issues[change.subject]
                fields = {**issue.fields, **{k: v for k, v in change.after.items() if v is not None}}
                for name, value in change.after.items():
                    if value is None:
                        fields.pop(name, None)
                labels = issue.labels | set(change.labels)
                issues[change.subject] = replace(issue, fields=fields, memory=change.memory, labels=labels)
            case Attach():
                issue = issues[change.subject]
                file_ = Attachment(str(50_000 + len(issue.attachments)), change.name, 1, "", issue.creator)
                issues[change.subject] = replace(issue, attachments=(*issue.attachments, file_))
            case Discard():
                issue = issues[change.subject]
                kept = tuple(file_ for file_ in issue.attachments if file_.id != change.attachment)
                issues[change.subject] = replace(issue, attachments=kept)
            case Transition():
                issues[change.subject] = replace(issues[change.subject], category=change.category)
            case Remember():
                held = {"memory": change.value} if change.key == PROPERTY else {}
                frozen = {"frozen": change.value} if change.key == FROZEN_PROPERTY else {}
                assessment = replace(assessment, **held, **frozen)
    return replace(seen, issues=issues, assessment=assessment)


def _created(change: Create, number: int) -> Actual:
    return Actual(
        id=str(10100 + number),
        key=f"CMMC-{100 + number}",
        kind=change.kind,
        subject=change.subject,
        category=Category.NEW,
        fields=dict(change.fields),
        labels=frozenset(change.labels),
        creator="bot",
        project="CMMC",
        memory=change.memory,
    )


def settle(seen: World) -> World:
    """Return the world after everything that follows from it was done."""
    for _ in range(4):
        todo = decide(seen)[1]
        if not todo.changes:
            return seen
        seen = carry_out(todo, seen)
    raise AssertionError([type(change).__name__ for change in todo.changes])


def comments(todo: Plan) -> Mapping[str, list[str]]:
    """Return what a plan says, by subject."""
    said: dict[str, list[str]] = {}
    for change in todo.of(Comment):
        said.setdefault(change.subject, []).append(change.body)
    return said


def description(seen: World, subject: str) -> str:
    """Return the description of one of our issues."""
    return seen.issues[subject].fields[DESCRIPTION]


def subjects(todo: Plan, kind: type[Change]) -> list[str]:
    """Return the subjects of a plan's changes of one kind."""
    return [change.subject for change in todo.of(kind)]
