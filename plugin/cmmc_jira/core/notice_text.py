"""The words of a notice: mentions, the rung's template filled in, what was slept through, who could not be told.

`templates/README.md` lists what a template may use.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from cmmc_jira.core import citations
from cmmc_jira.core.backplan import Schedule
from cmmc_jira.core.facts import is_ready
from cmmc_jira.core.fields import ASSIGNEE, DUE
from cmmc_jira.core.identity import STATUS_SUBJECT
from cmmc_jira.core.issues import Actual, Category, Kind
from cmmc_jira.core.roles import Told
from cmmc_jira.core.text import Markup, complaint, escape, mention, reference, render
from cmmc_jira.core.world import World
from cmmc_rules.ladder import Clock, Run
from cmmc_rules.records import Appeal, Evaluation, Item, Reevaluation
from cmmc_rules.words import Level, Path, Status

_ITEMS_AT_MOST: Final = 10
_NOBODY: Final = "nobody yet"
_CLOSERS: Final = {Path.SELF: "your organisation itself", Path.C3PAO: "a C3PAO", Path.DIBCAC: "DCMA DIBCAC"}
_EXPIRY: Final = {
    Path.SELF: citations.EXPIRY_SELF,
    Path.C3PAO: citations.EXPIRY_C3PAO,
    Path.DIBCAC: citations.EXPIRY_DIBCAC,
}
_CLOSEOUT: Final = {
    Path.SELF: citations.CLOSEOUT_SELF,
    Path.C3PAO: citations.CLOSEOUT_C3PAO,
    Path.DIBCAC: citations.CLOSEOUT_DIBCAC,
}


def compose(
    say: str, values: Mapping[str, object], told: Told, *, world: World, slept: Sequence[str], texts: Mapping[str, str]
) -> Markup:
    """Return the comment that a rung makes: `slept` are the steps that nobody was awake to say, in words."""
    parts = [" ".join(mention(person, world.flavour) for person in told.people)]
    parts.append(render(f"notices/{say}", values, own=texts, name=say).strip())
    if slept:
        parts.append(f"_Not said on its day, because nothing was running: {', '.join(slept)}._")
    parts += [f"_{escape(note)}_" for note in told.notes]
    return Markup("\n\n".join(part for part in parts if part) + "\n")


def check(say: str, clock: Clock, texts: Mapping[str, str]) -> str | None:
    """Return what is wrong with the template of a rung for its clock; None when it can be filled in."""
    return complaint(f"notices/{say}", _sample(clock), own=texts, name=say)


def item_values(
    item: Item, *, world: World, official: Evaluation, schedule: Schedule | None, run: Run
) -> Mapping[str, object]:
    """Return what a template about an item may use."""
    issue = world.issues.get(item.requirement)
    safe = schedule.items.get(item.requirement) if schedule else None
    entered = issue.fields.get(DUE) if issue else None
    return {
        **_common(world, official, schedule, run),
        "requirement": item.requirement,
        "name": item.name,
        "points": item.points,
        "issue": reference(item.requirement),
        "due": run.deadline,
        "due_entered": date.fromisoformat(entered) if entered else None,
        "days_overdue": (world.day - run.deadline).days,
        "owner": _name(issue.fields.get(ASSIGNEE) if issue else None, world),
        "may_wait": item.poam_eligible,
        "safe_day_passed": bool(safe and safe.last < world.day),
    }


def assessment_values(
    clock: Clock, *, world: World, official: Evaluation, schedule: Schedule | None, run: Run
) -> Mapping[str, object]:
    """Return what a template about the assessment may use."""
    del clock  # every clock of the assessment has the same values
    return _common(world, official, schedule, run)


def digest(person: str, rows: Sequence[Mapping[str, object]], *, world: World) -> Markup:
    """Return the comment on the status issue that stands for several notices to one person; `rows` are item values."""
    body = render("notices/digest", {"rows": rows, "count": len(rows), "today": world.day})
    return Markup(f"{mention(person, world.flavour)}\n\n{body}")


def _common(world: World, official: Evaluation, schedule: Schedule | None, run: Run) -> dict[str, Any]:
    conditional = official.posted and official.status.conditional
    open_ = [item for item in official.items if not _over(world.issues.get(item.requirement), official)]
    entered = world.assessment.fields
    return {
        "assessment": world.assessment.key,
        "status_issue": reference(STATUS_SUBJECT),
        "level": int(official.level),
        "path": official.path.value,
        "status": official.status.value,
        "conditional": conditional,
        "today": world.day,
        "start": run.start,
        "deadline": run.deadline,
        "days_left": (run.deadline - world.day).days,
        "day_number": (world.day - run.start).days,
        "window": (run.deadline - run.start).days,
        "status_date": official.cmmc_status_date,
        "closeout_deadline": official.deadline if conditional else None,
        "closeout_days_left": official.days_remaining if conditional else None,
        "open": len(open_),
        "ready": len(official.items) - len(open_),
        "items": [_row(item, world, schedule) for item in open_[:_ITEMS_AT_MOST]],
        "more": max(0, len(open_) - _ITEMS_AT_MOST),
        "last_safe_day": schedule.ready_by if schedule else None,
        "decided_by": schedule.decided_by if schedule else None,
        "posted_by": schedule.posted_by if schedule else None,
        "booked": schedule.booked if schedule else None,
        "where": "SPRS" if official.path is Path.SELF else "eMASS",
        "closer": _CLOSERS[official.path],
        "lead": _name(entered.get("Compliance Lead"), world),
        "official": _name(entered.get("Affirming Official"), world),
        "valid_through": official.valid_through,
        "affirmation_due": official.next_annual_affirmation_due,
        "appeal_route": official.appeal.citation,
        "cite_window": citations.CLOSEOUT_WINDOW,
        "cite_closeout": _CLOSEOUT[official.path],
        "cite_expiry": _EXPIRY[official.path],
        "cite_one_closeout": citations.ONE_CLOSEOUT,
        "cite_new_assessment": citations.NEW_ASSESSMENT,
        "cite_affirmation": citations.AFFIRMATION_ANNUAL,
        "cite_closeout_affirmation": citations.AFFIRMATION_CLOSEOUT,
        "cite_level_3_twice": citations.AFFIRMATION_LEVEL_3,
        "cite_current": citations.CURRENT,
        "cite_validity": _validity(official),
        "cite_no_grace": citations.NO_GRACE,
        "cite_reevaluation": (citations.REEVALUATION_3 if official.level is Level.THREE else citations.REEVALUATION_2),
    }


def _validity(official: Evaluation) -> str:
    return {
        (Level.ONE, Path.SELF): citations.VALIDITY_1,
        (Level.TWO, Path.SELF): citations.VALIDITY_2_SELF,
        (Level.TWO, Path.C3PAO): citations.VALIDITY_2_C3PAO,
        (Level.THREE, Path.DIBCAC): citations.VALIDITY_3,
    }[official.level, official.path]


def _over(issue: Actual | None, official: Evaluation) -> bool:
    """Whether an item is ready, or was closed out."""
    closed_out = official.posted and official.status.final
    return closed_out or (issue is not None and is_ready(issue))


def _row(item: Item, world: World, schedule: Schedule | None) -> dict[str, object]:
    issue = world.issues.get(item.requirement)
    safe = schedule.items.get(item.requirement) if schedule else None
    due = issue.fields.get(DUE) if issue else None
    return {
        "requirement": item.requirement,
        "name": item.name,
        "issue": reference(item.requirement),
        "owner": _name(issue.fields.get(ASSIGNEE) if issue else None, world),
        "due": date.fromisoformat(due) if due else safe.due if safe else None,
    }


def _name(person: str | None, world: World) -> str:
    return world.people.get(person, person) if person else _NOBODY


def _sample(clock: Clock) -> Mapping[str, object]:
    """Return values such as a template of this clock is filled with, to try it out."""
    day = date(2026, 6, 1)
    issue = Actual("1", "CMMC-1", Kind.ASSESSMENT, "assessment", Category.NEW, {})
    item = Item("AC.L2-3.1.3", "Control CUI Flow", 1, poam_eligible=True, objectives_not_met=(), variant=None,
                citation=citations.CLOSEOUT_WINDOW, because="It is worth 1 point")  # fmt: skip
    world = World(assessment=issue, day=day, issues={})
    official = _sample_evaluation(day, item)
    run = Run(day, day + timedelta(days=180))
    if clock is Clock.ITEM_DUE:
        return item_values(item, world=world, official=official, schedule=None, run=run)
    return assessment_values(clock, world=world, official=official, schedule=None, run=run)


def _sample_evaluation(day: date, item: Item) -> Evaluation:
    return Evaluation(
        level=Level.TWO, path=Path.SELF, as_of=day, posted=True, score=109, max_score=110, min_conditional_score=88,
        score_at_worst=None, score_at_best=None, status=Status.CONDITIONAL_2_SELF, sprs_status_type=None,
        conditional_eligible=True, gates=(), reasons=(), notices=(), items=(item,), not_assessed=(), results={},
        cmmc_status_date=day, deadline=day + timedelta(days=180), day_number=0, days_remaining=180, valid_through=None,
        next_annual_affirmation_due=day.replace(year=2027), affirmation_current=True,
        closeout_affirmation_required=False, retain_through=None, hashing_required=False,
        reevaluation=Reevaluation(open=False, last_day=None), appeal=Appeal(last_day=None, timely=None),
    )  # fmt: skip
