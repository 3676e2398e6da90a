"""What an item's issue remembers of its days: the due date a person set, how often it slipped, when it became ready."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cmmc_jira.core.backplan import Safe
from cmmc_jira.core.facts import is_ready
from cmmc_jira.core.fields import DUE
from cmmc_jira.core.issues import Actual
from cmmc_jira.core.world import World

_SLIPS_AT_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Slip:
    """A due date that somebody moved later: from when to when, by whom (a user id, where known), on which day."""

    subject: str
    before: date
    after: date
    by: str | None
    on: date


def suggested_due(issue: Actual | None, safe: Safe, day: date, *, fresh: bool) -> date:
    """Return the due date to suggest for an item: as planned, unless the one that we set has had its time.

    What is ready keeps its date, and a date that has passed is not moved on by a plan that changes, or nothing would
    ever be overdue; nor does a change of plan make anything overdue that was not, while its last safe day is to come.
    Only a clock that is `fresh`, known since this day, begins anew.
    """
    set_ = (issue.memory.get("set") or {}).get(DUE) if issue else None
    if issue is None or set_ is None or fresh:
        return safe.due
    ours = date.fromisoformat(set_)
    if is_ready(issue) or issue.memory.get("closed") or ours < day:
        return ours
    return safe.due if safe.due >= day else min(ours, safe.last)


def kept(issue: Actual | None, world: World, suggested: date | None = None) -> dict[str, Any]:
    """Return what to keep on an item's issue as its world has it now; `suggested` is the due date of ours."""
    keep: dict[str, Any] = {}
    before = _before(issue) if issue else {}
    if suggested:
        row = before.get("ours")
        known = isinstance(row, list) and row[:1] == [suggested.isoformat()]
        keep["ours"] = row if known else [suggested.isoformat(), world.day.isoformat()]
    if issue is None:
        return keep
    entered, slips = issue.fields.get(DUE), list(before.get("slips") or ())
    last, ours = known_due(issue), (issue.memory.get("set") or {}).get(DUE)
    if entered and entered != last:
        keep["due"] = [entered, world.day.isoformat()]
        if last and entered > last:
            move = world.moves.get(issue.subject)
            on = move.on if move else world.day
            slips.append([last, entered, move.by if move else None, on.isoformat()])
    elif entered and entered != ours and before.get("due"):
        keep["due"] = before["due"]
    if slips:
        keep["slips"] = slips[-_SLIPS_AT_MOST:]
    if is_ready(issue):
        keep["ready"] = before.get("ready") or world.day.isoformat()
    return keep


def known_due(issue: Actual) -> str | None:
    """Return the due date as we last knew it: as a person had set it, or as we had."""
    row = _before(issue).get("due")
    return row[0] if isinstance(row, list) and row else (issue.memory.get("set") or {}).get(DUE)


def persons_due(issue: Actual) -> date | None:
    """Return the due date on an issue where it is not the one that we set."""
    entered = issue.fields.get(DUE)
    return date.fromisoformat(entered) if entered and entered != (issue.memory.get("set") or {}).get(DUE) else None


def slips(issues: Iterable[Actual], world: World) -> Sequence[Slip]:
    """Return every due date that was moved later, the latest first."""
    found = [
        Slip(issue.subject, date.fromisoformat(was), date.fromisoformat(is_), by, date.fromisoformat(on))
        for issue in issues
        for was, is_, by, on in kept(issue, world).get("slips", ())
    ]
    return sorted(found, key=lambda slip: (slip.on, slip.subject), reverse=True)


def ready_days(subjects: Iterable[str], world: World) -> Mapping[str, date | None]:
    """Return the day on which each item was first seen ready; None for an open one."""
    days: dict[str, date | None] = {}
    for subject in subjects:
        day = kept(world.issues.get(subject), world).get("ready")
        days[subject] = date.fromisoformat(day) if day else None
    return days


def _before(issue: Actual) -> Mapping[str, Any]:
    keep = issue.memory.get("keep")
    return keep if isinstance(keep, Mapping) else {}
