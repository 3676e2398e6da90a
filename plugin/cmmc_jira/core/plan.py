"""The difference between what Jira should hold and what it holds, as a frozen plan. People win."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from cmmc_jira.core.changes import (
    Attach,
    Change,
    Comment,
    Create,
    Discard,
    Link,
    Remember,
    SetFields,
    Transition,
)
from cmmc_jira.core.desired import Desired
from cmmc_jira.core.difference import BY_FINDINGS, closed, closed_double, created, updated
from cmmc_jira.core.drift import drift, lost, made_again
from cmmc_jira.core.fields import DESCRIPTION, PRIORITY
from cmmc_jira.core.identities import listed
from cmmc_jira.core.identity import ASSESSMENT_SUBJECT, FROZEN_PROPERTY, PROPERTY, STATUS_SUBJECT, canonical, digest
from cmmc_jira.core.issues import Kind, Said
from cmmc_jira.core.text import NOTES_LINE
from cmmc_jira.core.world import World

_CLOSES_FREELY: Final = 5
_ORDER: Final = (Remember, Create, Link, Transition, Attach, Comment, SetFields, Discard)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, sorted: the same world gives the same plan and the same digest.

    `drift` tells how many things of ours somebody had changed behind our back, by what they are.
    """

    as_of: date
    changes: tuple[Change, ...]
    drift: Mapping[str, int] = field(default_factory=dict)

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
        closes is not counted. More than half of our issues lost at once are more often hidden than deleted.
        """
        creates = len(self.of(Create))
        if creates > requirements + 1:
            return f"{creates} issues would be created, more than there are requirements ({requirements})."
        open_ = [i for i in world.issues.values() if i.kind is Kind.REMEDIATION and not i.memory.get("closed")]
        closing = [
            change for change in self.of(Comment) if change.identity.removeprefix("closed/").startswith(BY_FINDINGS)
        ]
        if len(closing) > max(_CLOSES_FREELY, len(open_) // 2):
            return f"{len(closing)} of {len(open_)} open remediation issues would be closed at once."
        ours, gone = listed(world.assessment), lost(world)
        again = [change for change in self.of(Create) if change.subject in gone]
        if len(again) > max(_CLOSES_FREELY, len(ours) // 2):
            return f"{len(again)} of {len(ours)} issues can no longer be read: deleted, or hidden from us."
        return None


def plan(wanted: Desired, world: World) -> Plan:
    """Return the difference between what Jira should hold and what the world says it holds."""
    changes: list[Change] = list(_frozen(wanted))
    for subject, issue in wanted.issues.items():
        actual = world.issues.get(subject)
        if actual is None:
            changes += [] if issue.closed else [created(issue, world)]
        elif issue.closed:
            changes += closed(issue, actual)
        else:
            changes += updated(issue, actual, world)
    for double in world.doubles:
        changes += closed_double(double, world.issues[double.subject])
    says = (*wanted.says, *made_again(world, {change.subject for change in changes if isinstance(change, Create)}))
    rewritten = {change.subject for change in changes if isinstance(change, SetFields)}
    changes += _assessment(says, world, rewritten, wanted.withheld)
    return Plan(world.day, tuple(sorted(changes, key=_place)), drift(world))


def _place(change: Change) -> tuple[int, bool, str, str]:
    """Return where a change stands: by kind, then by subject, the status issue after the others.

    Of what is remembered the status issue's comes first: it holds the names of what was said there for other issues.
    """
    identity = change.identity if isinstance(change, Comment) else getattr(change, "key", "")
    last = (change.subject == STATUS_SUBJECT) != isinstance(change, SetFields)
    return _ORDER.index(type(change)), last, change.subject, identity


def _frozen(wanted: Desired) -> Iterable[Change]:
    if wanted.frozen is None:
        return
    why = "the initial findings are frozen with the CMMC Status Date" if wanted.frozen else "the date was taken away"
    yield Remember(key=FROZEN_PROPERTY, value=wanted.frozen, why=why)


def _assessment(says: Iterable[Said], world: World, rewritten: set[str], withheld: frozenset[str]) -> Iterable[Change]:
    """Return what to say on the assessment issue, and what to remember there: our issues and what Jira made of them."""
    memory = world.assessment.memory
    already = list(memory.get("said") or ())
    new = [said for said in says if said.identity not in already]
    for said in new:
        yield Comment(ASSESSMENT_SUBJECT, said.identity, said.body, said.why)
    value = remembered(world, rewritten, withheld)
    if new or already:
        value["said"] = [*already, *(said.identity for said in new)]
    if value != dict(memory) and (memory or value["issues"] or new):
        yield Remember(key=PROPERTY, value=value, why="which issues are ours, and how Jira shows what we wrote")


def remembered(
    world: World, rewritten: set[str] | frozenset[str] = frozenset(), withheld: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Return what the assessment issue should remember of each of our issues.

    That is its id, the digests of what is read and of what was sent, and the priority that Jira gave it. An issue
    whose text is rewritten now keeps its old row: what Jira makes of the new text is seen by the next look. Of issues
    that are lost and `withheld` from being made again it stays remembered that they are.
    """
    rows: dict[str, list[str]] = {}
    known = world.assessment.memory.get("issues") or {}
    for subject, actual in sorted(world.issues.items()):
        sent = str(actual.memory.get("sent", ""))
        row = list(known.get(subject) or ())
        priority = row[3:] or ([actual.fields.get(PRIORITY, "")] if row[:1] != [actual.id] else [])
        if actual.kind is Kind.STATUS:
            rows[subject] = [actual.id, "", "", *priority]
        elif row[:1] == [actual.id] and (row[2:3] == [sent] or subject in rewritten):
            rows[subject] = row
        else:
            block = actual.fields.get(DESCRIPTION, "").partition(NOTES_LINE)[0]
            rows[subject] = [actual.id, digest(block), sent, *priority]
    rows |= {subject: list(known[subject]) for subject in withheld if subject in known}
    linked = {end.id for end in world.assessment.links}
    unlinked = sorted((issue.id for issue in world.finding_issues if issue.id not in linked), key=int)
    value: dict[str, Any] = {"assessment": world.assessment.id, "issues": rows}
    return {**value, "findings": unlinked} if unlinked else value
