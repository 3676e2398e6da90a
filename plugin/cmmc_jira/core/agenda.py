"""The days that an assessment brings, for a calendar: only what is recorded, or follows from it by law or plan."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cmmc_jira.core import citations
from cmmc_jira.core.backplan import Schedule
from cmmc_jira.core.clocks import booked_of, clock_runs, target_of
from cmmc_jira.core.facts import is_ready
from cmmc_jira.core.fields import DUE, SUMMARY
from cmmc_jira.core.world import World
from cmmc_rules.records import Evaluation
from cmmc_rules.words import Level, Path


@dataclass(frozen=True, slots=True)
class Entry:
    """One day: `name` is the same for the same matter whatever its day, `text` has why and where it stands."""

    name: str
    day: date
    title: str
    text: str


def agenda(world: World, official: Evaluation, schedule: Schedule | None) -> tuple[Entry, ...]:
    """Return the days of an assessment in order."""
    entries = [*_windows(official), *_clock(world, official, schedule), *_status(official)]
    if schedule:
        entries += [*_plan(official, schedule), *_items(world, schedule)]
    target = target_of(world)
    if target and not clock_runs(official):
        entries.append(Entry("target", target, "Target reassessment", "The day on which a new assessment is planned."))
    return tuple(sorted(entries, key=lambda entry: (entry.day, entry.name)))


def calendar_name(world: World) -> str:
    """Return the name of an assessment's calendar."""
    return f"CMMC: {world.assessment.fields.get(SUMMARY, world.assessment.key)}"


def _windows(official: Evaluation) -> Iterator[Entry]:
    last, cite = official.reevaluation.last_day, citations.REEVALUATION_2
    if official.level is Level.THREE:
        cite = citations.REEVALUATION_3
    if last and not official.posted and official.items:
        text = f"Additional evidence may be re-evaluated until this day, if the conditions hold ({cite})."
        yield Entry("reevaluation", last, "Last day of re-evaluation", text)
    appeal = official.appeal
    if appeal.last_day and appeal.timely is None:
        text = f"An appeal is made in writing and names the requirements in question ({appeal.citation})."
        yield Entry("appeal", appeal.last_day, "Last day to appeal", text)


def _clock(world: World, official: Evaluation, schedule: Schedule | None) -> Iterator[Entry]:
    if official.deadline is None:
        return
    text = (
        f"The result of the closeout must be posted by this day, day {_number(official, official.deadline)} "
        f"({citations.CLOSEOUT_WINDOW}). It is the posting that counts."
    )
    yield Entry("deadline", official.deadline, "CMMC closeout: last day to post", text)
    booked = booked_of(world)
    if booked and clock_runs(official):
        late = schedule is not None and schedule.slack is not None and schedule.slack < 0
        text = "As it is entered on the assessment issue."
        text += " By the plan that is too late to be assessed and posted in time." if late else ""
        yield Entry("booked", booked, "Closeout assessment booked", text)


def _plan(official: Evaluation, schedule: Schedule) -> Iterator[Entry]:
    for number, (what, day) in enumerate(schedule.milestones()):
        counted = f" Day {_number(official, day)} of the closeout clock." if schedule.closeout else ""
        yield Entry(f"milestone-{number}", day, what, f"By the plan back from {schedule.deadline}.{counted}")


def _items(world: World, schedule: Schedule) -> Iterator[Entry]:
    """Yield each day on which open items are due, and each day that is the last safe one of some, with their names."""
    due: defaultdict[date, list[str]] = defaultdict(list)
    last: defaultdict[date, list[str]] = defaultdict(list)
    for subject, safe in schedule.items.items():
        issue = world.issues.get(subject)
        if issue and (is_ready(issue) or issue.memory.get("closed")):
            continue
        entered = issue.fields.get(DUE) if issue else None
        name = f"{subject} ({issue.key})" if issue else subject
        due[date.fromisoformat(entered) if entered else safe.due].append(name)
        last[safe.last].append(name)
    for day, names in due.items():
        yield Entry(f"due-{day}", day, f"Due: {_short(names)}", f"Due on this day: {', '.join(names)}.")
    for day, names in last.items():
        yield Entry(f"safe-{day}", day, f"Last safe day: {_short(names)}", f"Open: {', '.join(names)}.")


def _short(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} items"


def _status(official: Evaluation) -> Iterator[Entry]:
    held = official.posted and (official.status.conditional or official.status.final)
    if held and official.next_annual_affirmation_due:
        text = f"The affirming official affirms in SPRS ({citations.AFFIRMATION_ANNUAL})."
        yield Entry("affirmation", official.next_annual_affirmation_due, "CMMC annual affirmation due", text)
    if official.valid_through:
        cite = _VALIDITY[official.level, official.path]
        text = f"The last day of {official.status if held else 'the status'} ({cite}); there is no period of grace."
        yield Entry("valid-through", official.valid_through, "CMMC status: last day", text)
    if official.retain_through:
        text = f"Artifacts of the assessment are kept through this day ({_RETENTION[official.level, official.path]})."
        yield Entry("retention", official.retain_through, "Keep CMMC artifacts through this day", text)


_VALIDITY = {
    (Level.ONE, Path.SELF): citations.VALIDITY_1,
    (Level.TWO, Path.SELF): citations.VALIDITY_2_SELF,
    (Level.TWO, Path.C3PAO): citations.VALIDITY_2_C3PAO,
    (Level.THREE, Path.DIBCAC): citations.VALIDITY_3,
}
_RETENTION = {
    (Level.ONE, Path.SELF): citations.RETENTION_1,
    (Level.TWO, Path.SELF): citations.RETENTION_2_SELF,
    (Level.TWO, Path.C3PAO): citations.RETENTION_2_C3PAO,
    (Level.THREE, Path.DIBCAC): citations.RETENTION_3,
}


def _number(official: Evaluation, day: date) -> int:
    return (day - official.cmmc_status_date).days if official.cmmc_status_date else 0
