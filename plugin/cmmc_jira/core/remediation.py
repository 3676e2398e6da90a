"""The issue of one NOT MET requirement: its facts, its first values, and what it says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cmmc_jira.core import citations
from cmmc_jira.core.backplan import Safe, Schedule
from cmmc_jira.core.clocks import clock_runs, expired
from cmmc_jira.core.facts import Facts, is_ready
from cmmc_jira.core.fields import ASSIGNEE, DUE, PRIORITY, SUMMARY
from cmmc_jira.core.history import kept, persons_due
from cmmc_jira.core.identity import STATUS_SUBJECT, labels
from cmmc_jira.core.issues import Actual, Kind, Said, Wanted
from cmmc_jira.core.notices import Effect
from cmmc_jira.core.owners import Component, Owners
from cmmc_jira.core.text import (
    LINE_FIELD_LIMIT,
    NOTES_LINE,
    SUMMARY_LIMIT,
    Markup,
    cut,
    escape,
    mention,
    reference,
    render,
)
from cmmc_jira.core.world import World
from cmmc_rules.records import Evaluation, Item, Requirement
from cmmc_rules.words import Level, Path, Status

_NOTE_LIMIT: Final = 2_500
_NOTES_AT_MOST: Final = 5

_CLOSEOUT: Final = {
    Path.SELF: (
        (
            "Your organisation itself, in a closeout self-assessment made in the same manner as the first one, once "
            "every NOT MET item is remediated; its result is posted in SPRS and affirmed"
        ),
        citations.CLOSEOUT_SELF,
    ),
    Path.C3PAO: (
        "An authorized or accredited C3PAO, in a closeout assessment; it posts the result in eMASS",
        citations.CLOSEOUT_C3PAO,
    ),
    Path.DIBCAC: ("DCMA DIBCAC, in a closeout assessment; it posts the result in eMASS", citations.CLOSEOUT_DIBCAC),
}


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who should own an issue: a user id (None: nobody known), and the words that say why."""

    user: str | None
    words: Markup
    why: str


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What the clocks bring to the items' issues: the plan, their due dates, what is said, and what is set with it."""

    schedule: Schedule | None
    dues: Mapping[str, date]
    says: Mapping[str, tuple[Said, ...]]
    effects: Mapping[str, Effect]


def remediation(
    requirement: Requirement,
    item: Item,
    *,
    world: World,
    found: Facts,
    official: Evaluation,
    owners: Owners,
    clockwork: Clockwork,
) -> Wanted:
    """Return the issue that a NOT MET requirement should have."""
    owner = ownership(requirement, world, owners)
    actual = world.issues.get(requirement.id)
    safe = clockwork.schedule.items.get(requirement.id) if clockwork.schedule else None
    due = clockwork.dues.get(requirement.id)
    effect = clockwork.effects.get(requirement.id, Effect())
    notes, pointer = _notes(requirement.id, world, found)
    conditional = official.posted and official.status.conditional
    description = render(
        "remediation",
        {
            "requirement": requirement,
            "item": item,
            "level": int(official.level),
            "notes": notes,
            "pointer": pointer,
            "closes": Markup(_closes(official)),
            "deadline": official.deadline if conditional else None,
            "of": window_days(official),
            "deadline_cite": citations.CLOSEOUT_WINDOW,
            "windows": [Markup(line) for line in windows(official)],
            "safe": safe,
            "due": due,
            "target": clockwork.schedule.deadline if clockwork.schedule and not clock_runs(official) else None,
            "undated": Markup(_undated(item, official)) if safe is None else None,
            "owner": owner.words,
            "notes_line": Markup(NOTES_LINE),
        },
    )
    return Wanted(
        kind=Kind.REMEDIATION,
        subject=requirement.id,
        facts=_facts(requirement, item),
        suggestions={
            **_suggestions(requirement, item, owner),
            **({DUE: due.isoformat()} if due else {}),
            **({PRIORITY: effect.priority} if effect.priority else {}),
        },
        description=description,
        labels=labels(world.assessment.id, requirement.id),
        why=f"{requirement.id} is NOT MET in {world.assessment.key}",
        says=(
            *_late(actual, item, safe, schedule=clockwork.schedule, world=world),
            *clockwork.says.get(requirement.id, ()),
        ),
        marks=effect.labels,
        keep=kept(actual, world, due),
    )


def _late(
    actual: Actual | None, item: Item, safe: Safe | None, *, schedule: Schedule | None, world: World
) -> tuple[Said, ...]:
    """Return the one answer to a person's due date that lies after the last safe day; the date stays theirs."""
    entered = late_due(actual, safe)
    if actual is None or safe is None or schedule is None or entered is None:
        return ()
    if schedule.deadline < world.day:
        return ()  # a plan that is over is kept by no date
    body = render(
        "notices/late-date",
        {
            "requirement": item.requirement,
            "due": entered,
            "last_safe_day": safe.last,
            "deadline": schedule.deadline,
            "status": reference(STATUS_SUBJECT),
        },
    )
    owner = actual.fields.get(ASSIGNEE)
    to = f"{mention(owner, world.flavour)}\n\n" if owner else ""
    return (Said(f"late/{entered}", Markup(to + body), f"the due date {entered} is after the last safe day"),)


def late_due(actual: Actual | None, safe: Safe | None) -> date | None:
    """Return an open item's due date that a person set and that lies after its last safe day."""
    if actual is None or safe is None or is_ready(actual) or not persons_due(actual):
        return None
    entered = date.fromisoformat(actual.fields[DUE])
    return entered if entered > safe.last else None


def _undated(item: Item, official: Evaluation) -> str:
    """Return why an issue has no date by the plan, and what gives it one."""
    if official.level is Level.ONE or not item.poam_eligible:
        return (
            "None by the closeout clock: it may not wait on a POA&M, so it stands in the way of the status until a new "
            "assessment finds it MET. Enter Target Reassessment on the assessment issue to give it a date."
        )
    if official.posted:
        return "None: no closeout clock runs. Enter Target Reassessment on the assessment issue to give it a date."
    return "None yet: the closeout clock starts when the results are posted and the status is Conditional."


def windows(official: Evaluation) -> list[str]:
    """Return until when an open appeal may go on, with its clause; nothing where no appeal period runs."""
    appeal = official.appeal
    if appeal.last_day is None or appeal.last_day < official.as_of or appeal.timely is not None:
        return []
    return [f"The finding may be appealed until *{appeal.last_day}* ({appeal.citation})."]


def window_days(official: Evaluation) -> int | None:
    """Return the length of the closeout clock in days, where one runs."""
    if official.deadline is None or official.cmmc_status_date is None:
        return None
    return (official.deadline - official.cmmc_status_date).days


def no_longer(requirement: Requirement, *, world: World, closed: str, because: str) -> Wanted:
    """Return the issue of a requirement that is no longer NOT MET: closed by what `closed` names, with the reason."""
    return Wanted(
        kind=Kind.REMEDIATION,
        subject=requirement.id,
        facts={"CMMC Requirement": requirement.id},
        labels=labels(world.assessment.id, requirement.id),
        closed=closed,
        because=because,
        why=because,
    )


def _facts(requirement: Requirement, item: Item) -> dict[str, str]:
    facts = {
        "CMMC Requirement": requirement.id,
        "POA&M Eligible": "Yes" if item.poam_eligible else "No",
        "POA&M Basis": cut(f"{item.because} ({item.citation})", LINE_FIELD_LIMIT),
    }
    if item.points is not None:
        facts["CMMC Points"] = str(item.points)
    if item.objectives_not_met:
        facts["Objectives Not Met"] = cut(", ".join(item.objectives_not_met), LINE_FIELD_LIMIT)
    return facts


def _suggestions(requirement: Requirement, item: Item, owner: Ownership) -> dict[str, str]:
    suggestions = {SUMMARY: cut(f"[{requirement.id}] {requirement.name}", SUMMARY_LIMIT), "CMMC Finding": "NOT MET"}
    if owner.user:
        suggestions[ASSIGNEE] = owner.user
    if item.variant:
        suggestions["CMMC Variant"] = item.variant
    return suggestions


def ownership(requirement: Requirement, world: World, owners: Owners) -> Ownership:
    """Return who should own a requirement's issue: the policy's person, or the compliance lead, and why."""
    named, line = owners.of(requirement)
    user = world.leads.get(named.name) if isinstance(named, Component) else world.owners.get(named) if named else None
    if user:
        return Ownership(user, Markup(f"Set by {escape(line)}. Whoever you assign instead stays."), line)
    lead = world.assessment.fields.get("Compliance Lead")
    who = f"the lead of component {named.name}" if isinstance(named, Component) else named
    trouble = f"{line} names {who}, who cannot be assigned in this project" if named else line
    opening = escape(trouble[0].upper() + trouble[1:])
    if lead:
        words = f"{opening}, so the compliance lead owns it until somebody is assigned."
        return Ownership(lead, Markup(words), f"{trouble}: compliance lead")
    words = f"{opening}, and {escape(world.assessment.key)} names no Compliance Lead: nobody owns it."
    return Ownership(None, Markup(words), f"{trouble}; no compliance lead")


def _notes(requirement_id: str, world: World, found: Facts) -> tuple[Sequence[Markup], str | None]:
    """Return the assessors' notes to show, and where the ones that are not shown can be found."""
    source = found.source
    if source is None or (found.record is not None and found.record.get("source") != source.attachment.id):
        source = next(
            (file for file in world.files if found.record and file.attachment.id == found.record.get("source")), None
        )
    if source is None:
        return (), None
    rows = [row for row in source.findings if row.requirement == requirement_id and row.note]
    if not rows:
        return (), None
    places = _places(row.row for row in rows)
    pointer = f"{source.attachment.name}{places}"
    if world.notes != "full":
        return (), pointer
    rest = f"… (the rest is in {pointer})"
    shown = [escape(cut(row.note or "", _NOTE_LIMIT, pointer=rest)) for row in rows[:_NOTES_AT_MOST]]
    return shown, pointer if len(rows) > _NOTES_AT_MOST else None


def _places(rows: Iterable[str | None]) -> str:
    named = [row for row in rows if row]
    if not named:
        return ""
    more = f" and {len(named) - _NOTES_AT_MOST} more" if len(named) > _NOTES_AT_MOST else ""
    return ", " + ", ".join(named[:_NOTES_AT_MOST]) + more


def _closes(official: Evaluation) -> str:
    """Return what closes an issue on this path and who decides that (32 CFR 170.21(b))."""
    if official.level is Level.ONE:
        return (
            "Level 1 has no POA&M: fix it, assess all Level 1 requirements again and post that result "
            f"({citations.NO_POAM_LEVEL_1})."
        )
    if official.posted and official.status.conditional:
        words, cite = _CLOSEOUT[official.path]
        return f"{words} ({cite}). No re-evaluation exists in a closeout."
    if official.posted and official.status is not Status.UNDETERMINED:
        ended = f" ({citations.NEW_ASSESSMENT})" if expired(official) else ""
        return f"There is no Conditional status to close out. Fix it; a new assessment decides{ended}."
    return _before_posting(official)


def _before_posting(official: Evaluation) -> str:
    words, cite = _CLOSEOUT[official.path]
    opening = "What was posted is not known in full yet" if official.posted else "Nothing is posted yet"
    later = f"After posting, if the status is Conditional: {words[0].lower()}{words[1:]} ({cite})."
    if official.path is Path.SELF:
        return (
            f"{opening}: when it is implemented and the evidence is final, your assessor records MET in the "
            f"findings, and this issue closes by itself.\n{later}"
        )
    window = official.reevaluation
    cite = citations.reevaluation(official.level)
    until = f" until {window.last_day}" if window.last_day else ""
    state = f"It may be re-evaluated{until}" if window.open else "The re-evaluation window is not open"
    return f"{opening}. {state} ({cite}); the assessor decides.\n{later}"
