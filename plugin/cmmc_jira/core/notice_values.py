"""What the template of a notice may use, by name: facts of the assessment, of an item, and where the rule says so.

`templates/README.md` describes each name; a test holds it to this module.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from cmmc_jira.core import citations
from cmmc_jira.core.backplan import Schedule
from cmmc_jira.core.clocks import expired
from cmmc_jira.core.facts import is_ready
from cmmc_jira.core.fields import ASSIGNEE, DUE
from cmmc_jira.core.history import persons_due
from cmmc_jira.core.identity import STATUS_SUBJECT
from cmmc_jira.core.issues import Actual
from cmmc_jira.core.text import reference
from cmmc_jira.core.world import World
from cmmc_rules.ladder import Clock, Run
from cmmc_rules.records import Evaluation, Item
from cmmc_rules.words import Path

_ITEMS_AT_MOST: Final = 10
_PAIR: Final = 2
_CLOSERS: Final = {Path.SELF: "your organisation itself", Path.C3PAO: "a C3PAO", Path.DIBCAC: "DCMA DIBCAC"}
_AWARDS: Final = {
    Path.SELF: "Level 2 (Self) or higher",
    Path.C3PAO: "Level 2 (C3PAO) or higher",
    Path.DIBCAC: "Level 3",
}
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


def item_values(
    item: Item, *, world: World, official: Evaluation, schedule: Schedule | None, run: Run
) -> Mapping[str, object]:
    """Return what a template about an item may use."""
    issue = world.issues.get(item.requirement)
    safe = schedule.items.get(item.requirement) if schedule else None
    return {
        **_common(world, official, schedule, run),
        "requirement": item.requirement,
        "name": item.name,
        "points": item.points,
        "issue": reference(item.requirement),
        "due": run.deadline,
        "due_entered": persons_due(issue) if issue else None,
        "days_overdue": (world.day - run.deadline).days,
        "owner": _name(issue.fields.get(ASSIGNEE) if issue else None, world),
        "may_wait": item.poam_eligible,
        "last_safe_day": safe.last if safe else None,
        "safe_day_passed": bool(safe and safe.last < world.day),
        "instead": _instead(item, official),
    }


def assessment_values(
    clock: Clock, *, world: World, official: Evaluation, schedule: Schedule | None, run: Run
) -> Mapping[str, object]:
    """Return what a template about the assessment may use."""
    del clock  # every clock of the assessment has the same values
    return _common(world, official, schedule, run)


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
        "expired": expired(official),
        "requirements": len(official.results),
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
        "open_of_all": _counted(len(open_), len(official.items)),
        "items": [_row(item, world, schedule) for item in open_[:_ITEMS_AT_MOST]],
        "more": max(0, len(open_) - _ITEMS_AT_MOST),
        "last_safe_day": schedule.ready_by if schedule else None,
        "decided_by": schedule.decided_by if schedule else None,
        "posted_by": schedule.posted_by if schedule else None,
        "booked": schedule.booked if schedule else None,
        "where": "SPRS" if official.path is Path.SELF else "eMASS",
        "closer": _CLOSERS[official.path],
        "award": _AWARDS[official.path],
        "lead": _name(entered.get("Compliance Lead"), world),
        "official": _name(entered.get("Affirming Official"), world),
        "valid_through": official.valid_through,
        "affirmation_due": official.next_annual_affirmation_due,
        "appeal_to": entered.get("Appeal Route"),
        **_cited(official),
    }


def _cited(official: Evaluation) -> Mapping[str, str | None]:
    return {
        "cite_affirmation": citations.AFFIRMATION_ANNUAL,
        "cite_affirmation_content": citations.AFFIRMATION_CONTENT,
        "cite_appeal": official.appeal.citation,
        "cite_appeal_elevation": citations.APPEAL_ELEVATION,
        "cite_closeout": _CLOSEOUT[official.path],
        "cite_closeout_affirmation": citations.AFFIRMATION_CLOSEOUT,
        "cite_current": citations.CURRENT,
        "cite_expiry": _EXPIRY[official.path],
        "cite_level_2_again": citations.LEVEL_2_AGAIN,
        "cite_level_3_twice": citations.AFFIRMATION_LEVEL_3,
        "cite_met": citations.MET,
        "cite_new_assessment": citations.NEW_ASSESSMENT,
        "cite_no_grace": citations.NO_GRACE,
        "cite_no_poam": citations.NO_POAM_LEVEL_1,
        "cite_one_closeout": citations.ONE_CLOSEOUT,
        "cite_one_open": citations.ONE_OPEN,
        "cite_other_c3pao": citations.OTHER_C3PAO,
        "cite_reevaluation": citations.reevaluation(official.level),
        "cite_validity": citations.validity(official.level, official.path),
        "cite_window": citations.CLOSEOUT_WINDOW,
    }


def _instead(item: Item, official: Evaluation) -> str | None:
    """Return what can still make the requirement MET where no closeout can; None while a closeout can."""
    if official.posted and official.status.conditional:
        return None
    if expired(official):
        return f"The Conditional status has expired: what counts now is a new assessment ({citations.NEW_ASSESSMENT})."
    if not item.poam_eligible:
        return (
            f"It may not wait on a POA&M ({item.citation}): it stands in the way of the status until it is found MET, "
            "by a recorded decision or by a new assessment."
        )
    return "No closeout clock runs: it is found MET by a recorded decision or by a new assessment."


def _over(issue: Actual | None, official: Evaluation) -> bool:
    """Whether an item is ready, or was closed out."""
    closed_out = official.posted and official.status.final
    return closed_out or (issue is not None and is_ready(issue))


def _counted(open_: int, all_: int) -> str:
    if all_ == 1:
        return "The one item is open" if open_ else "The one item is ready"
    if open_ in (0, all_):
        return f"{'Both' if all_ == _PAIR else f'All {all_}'} items are {'open' if open_ else 'ready'}"
    return f"{open_} of {all_} items {'is' if open_ == 1 else 'are'} open"


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


def _name(person: str | None, world: World) -> str | None:
    return world.people.get(person, person) if person else None
