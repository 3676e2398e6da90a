"""The clock as the status issue shows it: the plan's days, who moved what, what comes next, the burndown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cmmc_jira.core import citations
from cmmc_jira.core.backplan import Schedule
from cmmc_jira.core.burndown import Burndown, burndown
from cmmc_jira.core.clocks import Known, clock_runs, expired
from cmmc_jira.core.facts import is_ready
from cmmc_jira.core.fields import DUE
from cmmc_jira.core.history import Slip, ready_days, slips
from cmmc_jira.core.identity import STATUS_SUBJECT
from cmmc_jira.core.issues import Actual, Said
from cmmc_jira.core.notices import Coming, Notices
from cmmc_jira.core.remediation import late_due, window_days
from cmmc_jira.core.text import Markup, listed, reference, render
from cmmc_jira.core.world import World
from cmmc_rules.records import Evaluation

_NAMED_AT_MOST: Final = 6
_SLIPS_SHOWN: Final = 10
_WIDTH: Final = 760


@dataclass(frozen=True, slots=True)
class Timing:
    """What time brings: the plan back from the deadline, since when the dates are known, and what is said."""

    schedule: Schedule | None
    since: Known
    notices: Notices


def today_line(official: Evaluation) -> Markup | None:
    """Return where the closeout clock stands on the day; it ages, so it is no reason to write."""
    days, left, of = official.day_number, official.days_remaining, window_days(official)
    if days is None or left is None:
        return None
    if clock_runs(official):
        return Markup(f"On {official.as_of}: day *{days}* of {of}, *{left}* {'day' if left == 1 else 'days'} left.")
    if expired(official):
        return Markup(f"On {official.as_of}: day {days}. The {of} days are over.")
    return None


def picture(world: World, official: Evaluation, timing: Timing) -> Burndown | None:
    """Return the burndown of a closeout clock; none before there is a status issue to attach it to."""
    schedule = timing.schedule
    if schedule is None or official.deadline != schedule.deadline or STATUS_SUBJECT not in world.issues:
        return None
    return burndown(schedule, ready_days(schedule.items, world), world.day)


def section(world: World, official: Evaluation, timing: Timing) -> Mapping[str, object]:
    """Return what the status issue's template shows of time."""
    drawn = picture(world, official, timing)
    clock = timing.schedule is not None and timing.schedule.deadline == official.deadline
    return {
        "plan": _plan(official, timing.schedule) if timing.schedule else [],
        "plan_is_clock": clock,
        "slack": Markup(_slack(timing.schedule)) if timing.schedule and clock else None,
        "by_safe_day": _by_safe_day(world, timing.schedule) if timing.schedule else [],
        "slips": [_slip(row, world) for row in slips(_items(world), world)[:_SLIPS_SHOWN]],
        "next": [_next(row, world) for row in timing.notices.coming],
        "picture": Markup(f"!{drawn.file_name()}|width={_WIDTH}!") if drawn else None,
        "burndown": [
            {"day": row.day, "number": _number(official, row.day), "planned": row.planned, "open": row.open}
            for row in drawn.rows
        ]
        if drawn
        else [],
    }


def _items(world: World) -> Sequence[Actual]:
    return [issue for subject, issue in world.issues.items() if subject != STATUS_SUBJECT]


def _plan(official: Evaluation, schedule: Schedule) -> list[dict[str, object]]:
    rows: list[tuple[str, date | None, str]] = [(name, day, "the plan") for name, day in schedule.milestones()]
    if official.deadline == schedule.deadline:
        rows.append(("Closeout assessment booked", schedule.booked, "as entered"))
        rows.append(("Last day to post the closeout", schedule.deadline, citations.CLOSEOUT_WINDOW))
    else:
        rows.append(("Target reassessment", schedule.deadline, "as entered"))
    dated = [(day, what, basis) for what, day, basis in rows if day]
    return [
        {"what": what, "day": day, "number": _number(official, day), "basis": basis}
        for day, what, basis in sorted(dated, key=lambda row: row[0])
    ]


def _number(official: Evaluation, day: date) -> int | None:
    if official.cmmc_status_date is None or official.day_number is None:
        return None
    return (day - official.cmmc_status_date).days


def _slack(schedule: Schedule) -> str:
    if schedule.booked is None or schedule.slack is None:
        return "The closeout assessment is *not booked*. Enter Closeout Booked on the assessment issue."
    days = abs(schedule.slack)
    count = f"{days} {'day' if days == 1 else 'days'}"
    if schedule.slack < 0:
        return f"(!) The closeout assessment is booked *{count} too late* to be assessed and posted as planned."
    return f"The booked closeout assessment leaves {count} beside what assessing and posting need by the plan."


def _by_safe_day(world: World, schedule: Schedule) -> list[dict[str, object]]:
    """Return the open items by last safe day, each day's earliest due date first."""
    rows: defaultdict[date, list[tuple[str, str]]] = defaultdict(list)
    for subject, safe in schedule.items.items():
        issue = world.issues.get(subject)
        if issue is None or not (is_ready(issue) or issue.memory.get("closed")):
            due = (issue.fields.get(DUE) if issue else None) or safe.due.isoformat()
            rows[safe.last].append((due, subject))
    return [
        {
            "day": day,
            "count": len(items),
            "issues": Markup(", ".join(f"{reference(subject)} (due {due})" for due, subject in sorted(items))),
        }
        for day, items in sorted(rows.items())
    ]


def _slip(slip: Slip, world: World) -> dict[str, object]:
    return {
        "issue": reference(slip.subject),
        "before": slip.before,
        "after": slip.after,
        "by": world.people.get(slip.by, slip.by) if slip.by else "not known",
        "on": slip.on,
    }


def _next(row: Coming, world: World) -> dict[str, object]:
    refs = [reference(subject) for subject in row.subjects if subject != STATUS_SUBJECT]
    more = f" and {len(refs) - _NAMED_AT_MOST} more" if len(refs) > _NAMED_AT_MOST else ""
    names = [world.people.get(person, person) for person in row.people]
    return {
        "day": row.day,
        "what": row.rung,
        "about": Markup(", ".join(refs[:_NAMED_AT_MOST]) + more) if refs else "the assessment",
        "people": listed(names) if names else "nobody is known",
    }


def risks(world: World, official: Evaluation, timing: Timing) -> Iterator[str]:
    """Yield what endangers the deadline, one sentence each."""
    schedule = timing.schedule
    if schedule is None or schedule.deadline < world.day:
        return
    late, past = [], []
    for subject, safe in schedule.items.items():
        issue = world.issues.get(subject)
        if late_due(issue, safe):
            late.append(subject)
        if issue and not is_ready(issue) and not issue.memory.get("closed") and safe.last < world.day:
            past.append(subject)
    if late:
        yield f"Due after the last safe day: {listed(late)}. The plan does not hold with these dates."
    if past and (clock_runs(official) or not official.posted):
        yield f"Open after the last safe day: {listed(past)}. What is left of the time is the plan's reserve."


def corrected(world: World, official: Evaluation, timing: Timing) -> tuple[Said, ...]:
    """Return the one comment on a CMMC Status Date that was corrected while a clock ran: everything follows."""
    before, after = timing.since.corrected_from, timing.since.posted
    if before is None or after is None or official.deadline is None:
        return ()
    body = render(
        "notices/corrected",
        {
            "before": before,
            "after": after,
            "deadline": official.deadline if clock_runs(official) else None,
            "ready_by": timing.schedule.ready_by if timing.schedule else None,
            "assessment": world.assessment.key,
            "citation": citations.STATUS_DATE,
        },
    )
    name = f"clock/{before}/{after}"
    issue = world.issues.get(STATUS_SUBJECT)
    again = sum(said.startswith(name) for said in issue.memory.get("said") or ()) if issue else 0
    return (Said(f"{name}/{again + 1}" if again else name, body, "the CMMC Status Date was corrected"),)
