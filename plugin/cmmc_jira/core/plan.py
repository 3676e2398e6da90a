"""The difference between what Jira should hold and what it holds, as a frozen plan. People win."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from cmmc_jira.core.changes import Change, Comment, Create, Link, Remember, SetFields, Transition
from cmmc_jira.core.desired import Desired
from cmmc_jira.core.fields import DESCRIPTION
from cmmc_jira.core.identity import ASSESSMENT_SUBJECT, FROZEN_PROPERTY, PROPERTY, STATUS_SUBJECT, canonical, digest
from cmmc_jira.core.issues import Actual, Category, Kind, Said, Wanted
from cmmc_jira.core.remediation import NOTES_LINE
from cmmc_jira.core.text import TEXT_LIMIT, cut, reference, render
from cmmc_jira.core.world import World

FACTS: Final = ("CMMC Requirement", "CMMC Points", "POA&M Eligible", "POA&M Basis", "Objectives Not Met")
_LOOKING_BACK: Final = "Found above this line, where it would have been overwritten:"
_CLOSES_FREELY: Final = 5
_BY_FINDINGS: Final = ("file/", "findings")
_ORDER: Final = (Remember, Create, Link, Transition, Comment, SetFields)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, sorted: the same world gives the same plan and the same digest."""

    as_of: date
    changes: tuple[Change, ...]

    @property
    def digest(self) -> str:
        """The name of exactly this plan: 16 hexadecimal digits of SHA-256 over canonical JSON."""
        rows = [[type(change).__name__, asdict(change)] for change in self.changes]
        return hashlib.sha256(canonical([self.as_of, rows]).encode()).hexdigest()[:16]

    def counts(self) -> Mapping[str, int]:
        """Return how many changes there are of each kind, by the kind's name."""
        return Counter(type(change).__name__ for change in self.changes)

    def of(self, kind: type[Change]) -> Sequence[Any]:
        """Return the changes of one kind, in order."""
        return [change for change in self.changes if isinstance(change, kind)]

    def needs_a_person(self, world: World, *, requirements: int) -> str | None:
        """Return the sentence that says why a person must look first; None when nobody must.

        More creates than there are requirements and a status issue cannot be right. More than half of the open
        remediation issues closed in one look may be right, but is more often a wrong file; what a recorded closeout
        closes is not counted.
        """
        creates = len(self.of(Create))
        if creates > requirements + 1:
            return f"{creates} issues would be created, more than there are requirements ({requirements})."
        open_ = [i for i in world.issues.values() if i.kind is Kind.REMEDIATION and not i.memory.get("closed")]
        closing = [
            change for change in self.of(Comment) if change.identity.removeprefix("closed/").startswith(_BY_FINDINGS)
        ]
        if len(closing) > max(_CLOSES_FREELY, len(open_) // 2):
            return f"{len(closing)} of {len(open_)} open remediation issues would be closed at once."
        return None


def plan(wanted: Desired, world: World) -> Plan:
    """Return the difference between what Jira should hold and what the world says it holds."""
    changes: list[Change] = list(_frozen(wanted))
    for subject, issue in wanted.issues.items():
        actual = world.issues.get(subject)
        if actual is None:
            changes += [] if issue.closed else [_create(issue, world)]
        elif issue.closed:
            changes += _close(issue, actual)
        else:
            changes += _update(issue, actual, world)
    for double in world.doubles:
        changes += _close_double(double)
    changes += _assessment(wanted.says, world, {change.subject for change in changes if isinstance(change, SetFields)})
    return Plan(world.day, tuple(sorted(changes, key=_place)))


def _place(change: Change) -> tuple[int, bool, str, str]:
    identity = change.identity if isinstance(change, Comment) else getattr(change, "key", "")
    return _ORDER.index(type(change)), change.subject == STATUS_SUBJECT, change.subject, identity


def _frozen(wanted: Desired) -> Iterable[Change]:
    if wanted.frozen is None:
        return
    why = "the initial findings are frozen with the CMMC Status Date" if wanted.frozen else "the date was taken away"
    yield Remember(key=FROZEN_PROPERTY, value=wanted.frozen, why=why)


def _create(issue: Wanted, world: World) -> Create:
    lost = issue.subject in (world.assessment.memory.get("issues") or {})
    others = (ASSESSMENT_SUBJECT, STATUS_SUBJECT) if issue.kind is Kind.REMEDIATION else (ASSESSMENT_SUBJECT,)
    return Create(
        subject=issue.subject,
        kind=issue.kind,
        fields={**issue.facts, **issue.suggestions, DESCRIPTION: cut(issue.description, TEXT_LIMIT)},
        labels=tuple(sorted(issue.labels)),
        links=others,
        memory=_memory(issue, {"assessment": world.assessment.id, "subject": issue.subject}, set_=issue.suggestions),
        why=f"{issue.why}; the issue it had was deleted, or is hidden from us" if lost else issue.why,
    )


def _memory(issue: Wanted, before: Mapping[str, Any], *, set_: Mapping[str, str]) -> dict[str, Any]:
    """Return what to remember of an issue once it is as it should be."""
    memory = {**before, "set": dict(set_), "sent": digest(issue.stable or issue.description)}
    memory.pop("closed", None)
    return {**memory, "facts": issue.recorded} if issue.recorded else memory


def _update(issue: Wanted, actual: Actual, world: World) -> Iterable[Change]:
    after: dict[str, str | None] = {}
    if issue.kind is Kind.REMEDIATION:
        after |= {name: issue.facts.get(name) for name in FACTS if actual.fields.get(name) != issue.facts.get(name)}
    suggested, set_ = _suggestions(issue, actual)
    after |= suggested
    if actual.memory.get("sent") != digest(issue.stable or issue.description):
        after[DESCRIPTION] = _composed(issue, actual, world)
    reopened = actual.memory.get("closed")
    said = tuple(actual.memory.get("said") or ())
    if reopened:
        back = Said(
            identity=f"reopened/{reopened}/{len(said)}",
            body=render("reopened", {"because": f"{issue.why} again."}),
            why=issue.why,
        )
        yield Comment(actual.subject, back.identity, back.body, back.why)
        if actual.category is Category.DONE:
            yield Transition(actual.subject, Category.NEW, issue.why)
        said = (*said, back.identity)
    if after or reopened:
        before = {name: actual.fields.get(name) for name in after if name != DESCRIPTION}
        memory = _memory(issue, actual.memory, set_=set_)
        if DESCRIPTION not in after:
            memory = {**memory, "facts": actual.memory.get("facts", {})} if issue.recorded else memory
        if said:
            memory["said"] = list(said)
        yield SetFields(actual.subject, before, after, memory, issue.why)


def _suggestions(issue: Wanted, actual: Actual) -> tuple[dict[str, str | None], dict[str, str]]:
    """Return the values to set, and all that we have set; what a person changed since we set it stays theirs."""
    last: Mapping[str, str] = actual.memory.get("set") or {}
    set_ = dict(last)
    after: dict[str, str | None] = {}
    for name, value in issue.suggestions.items():
        current = actual.fields.get(name)
        if current != value and current == last.get(name):
            after[name] = value
            set_[name] = value
    return after, set_


def _composed(issue: Wanted, actual: Actual, world: World) -> str:
    """Return our block and below it whatever a person wrote; nothing that somebody typed is lost."""
    if issue.kind is Kind.STATUS:
        return cut(issue.description, TEXT_LIMIT)
    current = actual.fields.get(DESCRIPTION, "")
    block, line, kept = current.partition(NOTES_LINE)
    read = _read_digest(world, actual)
    edited = read is not None and digest(block) != read
    if edited or (not line and current):
        theirs = block if line else current
        kept = f"{kept.rstrip()}\n\n{_LOOKING_BACK}\n\n{theirs.rstrip(' -' + chr(10))}\n"
    whole = issue.description.rstrip() + ("\n" + kept.rstrip() + "\n" if kept.strip() else "\n")
    return whole if len(whole) <= TEXT_LIMIT else current


def _read_digest(world: World, actual: Actual) -> str | None:
    row: Sequence[str] = (world.assessment.memory.get("issues") or {}).get(actual.subject) or ()
    match row:
        case [_, read, sent] if sent == actual.memory.get("sent"):
            return str(read)
    return None


def _close(issue: Wanted, actual: Actual) -> Iterable[Change]:
    before = actual.memory.get("closed")
    if before == issue.closed or (before and issue.closed and issue.closed.startswith(_BY_FINDINGS)):
        return  # a newer file that still says so is no news
    said = list(actual.memory.get("said") or ())
    earlier = sum(identity.startswith(f"closed/{issue.closed}") for identity in said)
    identity = f"closed/{issue.closed}" + (f"/{earlier + 1}" if earlier else "")
    yield Comment(actual.subject, identity, render("closed", {"because": issue.because}), issue.because)
    if actual.category is not Category.DONE:
        yield Transition(actual.subject, Category.DONE, issue.because)
    memory = {**actual.memory, "closed": issue.closed, "said": [*said, identity]}
    yield SetFields(actual.subject, {}, {}, memory, issue.because)


def _close_double(double: Actual) -> Iterable[Change]:
    if double.memory.get("closed"):
        return
    subject, why = f"double/{double.id}", f"another issue already stands for {double.subject}"
    body = render("double", {"kept": reference(double.subject), "subject": double.subject})
    yield Comment(subject, f"double/{double.id}", body, why)
    yield Link(subject, double.subject, "Duplicate", why)
    if double.category is not Category.DONE:
        yield Transition(subject, Category.DONE, why)
    yield SetFields(subject, {}, {}, {**double.memory, "closed": "double"}, why)


def _assessment(says: Iterable[Said], world: World, rewritten: set[str]) -> Iterable[Change]:
    """Return what to say on the assessment issue, and what to remember there: our issues and what Jira made of them."""
    memory = world.assessment.memory
    already = list(memory.get("said") or ())
    new = [said for said in says if said.identity not in already]
    for said in new:
        yield Comment(ASSESSMENT_SUBJECT, said.identity, said.body, said.why)
    value = remembered(world, rewritten)
    if new or already:
        value["said"] = [*already, *(said.identity for said in new)]
    if value != dict(memory) and (memory or value["issues"] or new):
        yield Remember(key=PROPERTY, value=value, why="which issues are ours, and how Jira shows what we wrote")


def remembered(world: World, rewritten: set[str] | frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return what the assessment issue should remember of our issues: id, digest of what is read, of what was sent.

    An issue whose text is rewritten now keeps its old row: what Jira makes of the new text is seen by the next look.
    """
    rows: dict[str, list[str]] = {}
    known = world.assessment.memory.get("issues") or {}
    for subject, actual in sorted(world.issues.items()):
        sent = str(actual.memory.get("sent", ""))
        row = list(known.get(subject) or ())
        if actual.kind is Kind.STATUS:
            rows[subject] = [actual.id]
        elif row[:1] == [actual.id] and (row[2:] == [sent] or subject in rewritten):
            rows[subject] = row
        else:
            block = actual.fields.get(DESCRIPTION, "").partition(NOTES_LINE)[0]
            rows[subject] = [actual.id, digest(block), sent]
    linked = {end.id for end in world.assessment.links}
    unlinked = sorted((issue.id for issue in world.finding_issues if issue.id not in linked), key=int)
    return {"issues": rows, "findings": unlinked} if unlinked else {"issues": rows}
