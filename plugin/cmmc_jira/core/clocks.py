"""The clocks that run for an assessment on its day, and the plan back from the one that matters to the items.

A clock runs only from what is recorded: without a posted Conditional status there are no 180 days (32 CFR 170.21(b)).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cmmc_jira.core.backplan import BackPlan, Schedule, schedule
from cmmc_jira.core.facts import is_ready
from cmmc_jira.core.fields import DUE
from cmmc_jira.core.history import kept, persons_due, suggested_due
from cmmc_jira.core.identity import STATUS_SUBJECT
from cmmc_jira.core.issues import Actual, Category
from cmmc_jira.core.world import World
from cmmc_rules.ladder import Clock, Condition, Run
from cmmc_rules.records import Dates, Evaluation
from cmmc_rules.words import Level, Reason


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs, and since when we know of its deadline."""

    clock: Clock
    run: Run
    since: date


@dataclass(frozen=True, slots=True)
class Known:
    """Since when we know the CMMC Status Date and the target reassessment, as kept on the status issue.

    `start` is when any CMMC Status Date was first known: a corrected one is planned from there on too, or correcting
    it would make good whatever is overdue.
    """

    posted: date | None
    posted_since: date
    target: date | None
    target_since: date
    corrected_from: date | None = None
    start: date | None = None

    def keep(self) -> dict[str, Any]:
        """Return what to keep on the status issue."""
        rows = (("posted", self.posted, self.posted_since), ("target", self.target, self.target_since))
        keep: dict[str, Any] = {name: [day.isoformat(), since.isoformat()] for name, day, since in rows if day}
        return {**keep, "start": [self.start.isoformat()] * 2} if self.start else keep


def known(world: World, official: Evaluation) -> Known:
    """Return since when the dates are known, on which clocks rest; what is new is known from today."""
    issue = world.issues.get(STATUS_SUBJECT)
    rows: Mapping[str, Any] = (issue.memory.get("keep") or {}) if issue else {}
    posted, target = official.cmmc_status_date, _still_ahead(target_of(world), official)
    before = _day(rows.get("posted"), 0)
    begun = world.day if rows else _begun(world)
    return Known(
        posted=posted,
        posted_since=_since(rows.get("posted"), posted, begun),
        target=target,
        target_since=_since(rows.get("target"), target, begun),
        corrected_from=before if before and posted and before != posted else None,
        start=_day(rows.get("start"), 0) or _day(rows.get("posted"), 1) or (begun if posted else None),
    )


def _day(row: object, at: int) -> date | None:
    match row:
        case [str(), str()]:
            try:
                return date.fromisoformat(row[at])
            except ValueError:
                return None
    return None


def _since(row: object, day: date | None, otherwise: date) -> date:
    return (_day(row, 1) or otherwise) if day and _day(row, 0) == day else otherwise


def _begun(world: World) -> date:
    """Return since when the items have due dates of ours: what was kept on a status issue can be lost with it."""
    open_ = (issue.memory for issue in world.issues.values() if not issue.memory.get("closed"))
    rows = ((memory.get("keep") or {}).get("ours") for memory in open_)
    return min((day for row in rows if (day := _day(row, 1))), default=world.day)


def _still_ahead(target: date | None, official: Evaluation) -> date | None:
    """Return a target that is later than what was posted, or than the end of a status: an earlier one has had its day.

    While nothing is posted every target counts.
    """
    over = official.deadline if expired(official) else official.cmmc_status_date
    if any(given.code is Reason.STATUS_EXPIRED for given in official.reasons):
        over = official.valid_through
    return None if target and over and target <= over else target


def target_of(world: World) -> date | None:
    """Return the day on which a new assessment is planned, as it is entered."""
    entered = world.assessment.fields.get("Target Reassessment")
    return date.fromisoformat(entered) if entered else None


def booked_of(world: World) -> date | None:
    """Return the day for which the closeout assessment is booked, as it is entered."""
    entered = world.assessment.fields.get("Closeout Booked")
    return date.fromisoformat(entered) if entered else None


def clock_runs(official: Evaluation) -> bool:
    """Whether the closeout clock runs: a posted Conditional status, and nothing else, starts it."""
    return official.posted and official.status.conditional


def expired(official: Evaluation) -> bool:
    """Whether a Conditional status ended because its clock ran out."""
    return any(given.code is Reason.CONDITIONAL_EXPIRED for given in official.reasons)


def planned(
    world: World, official: Evaluation, since: Known, plan: BackPlan, *, closures: Collection[date]
) -> Schedule | None:
    """Return the plan back from the closeout deadline, or from the target reassessment where no status is held."""
    if official.path not in plan.leads or not official.items:
        return None
    points = {item.requirement: item.points for item in official.items}
    counts = clock_runs(official) or (expired(official) and since.target is None)
    if counts and official.deadline and official.cmmc_status_date:
        return schedule(
            points,
            path=official.path,
            start=max(official.cmmc_status_date, since.start or since.posted_since),
            deadline=official.deadline,
            booked=booked_of(world),
            plan=plan,
            closures=closures,
        )
    if since.target is None or (official.posted and official.status.final):
        return None
    return schedule(
        points,
        path=official.path,
        start=since.target_since,
        deadline=since.target,
        booked=None,
        plan=plan,
        closures=closures,
        closeout=False,
    )


def running(world: World, official: Evaluation, dates: Dates, since: Known) -> tuple[Running, ...]:
    """Return the clocks of the assessment itself that run on its day."""
    return (*_windows(official, dates, since, world), *_status(world, official, dates, since))


def _windows(official: Evaluation, dates: Dates, since: Known, world: World) -> Iterator[Running]:
    """Yield the windows before the clock; a re-evaluation's runs while only its days can close it."""
    window, end = official.reevaluation, dates.active_assessment_end
    closed = {given.code for given in window.reasons} - {Reason.WINDOW_CLOSED}
    if not official.posted and official.items and window.last_day and end and not closed:
        yield Running(Clock.REEVALUATION, Run(end, window.last_day), world.day)
    appeal = official.appeal
    if appeal.last_day and dates.trigger and appeal.timely is None:
        yield Running(Clock.APPEAL, Run(dates.trigger, appeal.last_day), world.day)
    held = official.posted and (official.status.final or official.status.conditional)
    if since.target and not held and world.assessment.category is not Category.DONE:
        yield Running(Clock.TARGET_REASSESSMENT, Run(since.target_since, since.target), since.target_since)


def _status(world: World, official: Evaluation, dates: Dates, since: Known) -> Iterator[Running]:
    """Yield the clocks of a posted status; one that has run out runs on until somebody records what happened."""
    posted = official.cmmc_status_date
    if posted is None:
        return
    late = bool(dates.closeout_posted and official.deadline and dates.closeout_posted > official.deadline)
    over = expired(official) and not late and not _followed(world, official.deadline)
    if official.deadline and (clock_runs(official) or over):
        holds = {Condition.OUTCOME_NOT_RECORDED}
        if booked_of(world) is None:
            holds.add(Condition.CLOSEOUT_NOT_BOOKED)
        yield Running(Clock.CONDITIONAL_CLOSEOUT, Run(posted, official.deadline, frozenset(holds)), since.posted_since)
    terminated = any(given.code is Reason.CONDITIONAL_TERMINATED_BY_FAILED_CLOSEOUT for given in official.reasons)
    if terminated and dates.closeout_posted and not _followed(world, dates.closeout_posted):
        yield Running(Clock.CLOSEOUT_FAILED, Run(dates.closeout_posted, dates.closeout_posted), world.day)
    if official.closeout_affirmation_required and dates.closeout_posted:
        run = Run(dates.closeout_posted, dates.closeout_posted)
        yield Running(Clock.CLOSEOUT_AFFIRMATION, run, world.day)
    ended = any(given.code is Reason.STATUS_EXPIRED for given in official.reasons)
    if official.status.final and official.level is not Level.ONE and official.next_annual_affirmation_due:
        run = Run(posted, official.next_annual_affirmation_due)
        yield Running(Clock.ANNUAL_AFFIRMATION, run, since.posted_since)
    if official.valid_through and (official.status.final or (ended and not _followed(world, official.valid_through))):
        clock = Clock.LEVEL_1_VALIDITY if official.level is Level.ONE else Clock.STATUS_VALIDITY
        run = Run(posted, official.valid_through, frozenset({Condition.OUTCOME_NOT_RECORDED}))
        yield Running(clock, run, since.posted_since)


def _followed(world: World, end: date | None) -> bool:
    """Whether somebody recorded what follows the end of a status: a later target, or the assessment issue as done."""
    target = target_of(world)
    later = target is not None and end is not None and target > end
    return later or world.assessment.category is Category.DONE


def due_dates(world: World, since: Known, schedule: Schedule | None) -> Mapping[str, date]:
    """Return the due date to suggest for each item of a plan."""
    if schedule is None:
        return {}
    fresh = (since.posted_since if schedule.closeout else since.target_since) == world.day
    return {
        subject: suggested_due(world.issues.get(subject), safe, world.day, fresh=fresh)
        for subject, safe in schedule.items.items()
    }


def item_runs(issue: Actual, safe: date | None, suggested: date | None, *, world: World) -> Running | None:
    """Return the clock of an item's issue: to its due date, at most to its last safe day; None for a ready one.

    Where no person set another date the suggested one counts, an emptied one included: an open item is never silent.
    """
    if is_ready(issue) or issue.memory.get("closed"):
        return None
    entered = issue.fields.get(DUE)
    due = persons_due(issue) or suggested or (date.fromisoformat(entered) if entered else None)
    if due is None:
        return None
    deadline = min(due, safe) if safe else due
    rows = kept(issue, world, suggested)
    row = next((row for row in (rows.get("due"), rows.get("ours")) if _day(row, 0) == due), None)
    known_since = _day(row, 1) or world.day
    return Running(Clock.ITEM_DUE, Run(min(known_since, deadline), deadline), known_since)
