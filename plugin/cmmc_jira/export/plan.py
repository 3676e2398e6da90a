"""A plan as a person would want to read it, and as JSON."""

from collections.abc import Iterable, Mapping
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
from cmmc_jira.core.fields import ASSIGNEE, DESCRIPTION, SUMMARY
from cmmc_jira.core.plan import Plan
from cmmc_jira.core.world import World

_HEADINGS: Final[Mapping[type[Change], str]] = {
    Create: "Create",
    SetFields: "Change",
    Transition: "Move",
    Comment: "Comment",
    Link: "Link",
    Attach: "Attach",
    Discard: "Delete",
    Remember: "Remember",
}
_SHORT: Final = 60


def plan_text(plan: Plan, world: World, *, held: str | None = None) -> str:
    """Return a plan as text: what would be done, one line each with why, then the count and the digest."""
    if not plan.changes:
        return f"{world.assessment.key}: nothing to do; Jira holds what it should hold on {plan.as_of}.\n"
    lines = [f"Plan for {world.assessment.key} on {plan.as_of}", ""]
    for kind, heading in _HEADINGS.items():
        changes = plan.of(kind)
        if changes:
            lines += [f"{heading} ({len(changes)})", *(_line(change, world) for change in changes), ""]
    if held:
        lines += [
            f"Needs a person: {held}",
            f"  To do it all the same: `cmmc-jira apply KEY --digest {plan.digest}`.",
            "",
        ]
    counts = ", ".join(f"{count} {_HEADINGS[kind].lower()}" for kind, count in _counted(plan))
    return "\n".join([*lines, f"{len(plan.changes)} changes ({counts}). Digest {plan.digest}.", ""])


def plan_json(plan: Plan, world: World, *, held: str | None = None) -> dict[str, Any]:
    """Return a plan as JSON: every change with its kind, subject, issue key, before, after and why."""
    return {
        "assessment": world.assessment.key,
        "as_of": plan.as_of.isoformat(),
        "digest": plan.digest,
        "needs_a_person": held,
        "changes": [_row(change, world) for change in plan.changes],
    }


def _counted(plan: Plan) -> Iterable[tuple[type[Change], int]]:
    return ((kind, len(plan.of(kind))) for kind in _HEADINGS if plan.of(kind))


def _line(change: Change, world: World) -> str:
    return f"  {_name(change, world):<28} {_what(change, world)}\n  {'':<28} because {change.why}"


def _name(change: Change, world: World) -> str:
    issue = world.issues.get(change.subject)
    if change.subject == "assessment":
        return world.assessment.key
    return f"{change.subject} ({issue.key})" if issue else change.subject


def _what(change: Change, world: World) -> str:
    match change:
        case Create():
            owner = change.fields.get(ASSIGNEE)
            shown = f", owner {world.people.get(owner, owner)}" if owner else ", no owner"
            return f"{change.kind} {change.fields.get(SUMMARY, '')!r}{shown}"
        case SetFields():
            parts = [_field(name, change.before.get(name), value, world) for name, value in change.after.items()]
            parts += [f"label {label}" for label in change.labels]
            return "; ".join(parts) or "what we remember of it"
        case Transition():
            return f"to a status of category {change.category}"
        case Comment():
            return f"once, as {change.identity}"
        case Link():
            return f"{change.type} {change.to}"
        case Attach():
            return f"the picture {change.name}"
        case Discard():
            return f"the superseded picture {change.name}"
        case Remember():
            return f"property {change.key}"


def _field(name: str, before: str | None, after: str | None, world: World) -> str:
    if name == DESCRIPTION:
        return "Description: our block is rewritten"
    if name == ASSIGNEE:
        before, after = world.people.get(before or "", before), world.people.get(after or "", after)
    return f"{name}: {_shown(before)} -> {_shown(after)}"


def _shown(value: str | None) -> str:
    if value is None:
        return "(empty)"
    return value if len(value) <= _SHORT else value[: _SHORT - 1] + "…"


def _row(change: Change, world: World) -> dict[str, Any]:
    issue = world.issues.get(change.subject)
    key = world.assessment.key if change.subject == "assessment" else issue.key if issue else None
    row: dict[str, Any] = {"kind": type(change).__name__, "subject": change.subject, "issue": key, "why": change.why}
    match change:
        case Create():
            row |= {"type": change.kind.value, "fields": dict(change.fields), "labels": list(change.labels)}
        case SetFields():
            row |= {"before": dict(change.before), "after": dict(change.after), "labels": list(change.labels)}
        case Transition():
            row |= {"category": change.category.value}
        case Comment():
            row |= {"identity": change.identity, "body": change.body}
        case Link():
            row |= {"to": change.to, "type": change.type}
        case Attach() | Discard():
            row |= {"name": change.name}
        case Remember():
            row |= {"property": change.key}
    return row
