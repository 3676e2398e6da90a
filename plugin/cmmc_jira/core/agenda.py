"""The days that an assessment brings, for a calendar: only what is recorded, or follows from it by law or plan."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cmmc_jira.core import citations
from cmmc_jira.core.backplan import Schedule
from cmmc_jira.core.clocks import booked_of, clock_runs, expired, target_of
from cmmc_jira.core.facts import is_ready
from cmmc_jira.core.fields import DUE, SUMMARY
from cmmc_jira.core.world import World
from cmmc_rules.records import Evaluation
from cmmc_rules.words import Reason


@dataclass(frozen=True, slots=True)
class Entry:
    """One day: `name` is the same for the same matter whatever its day, `text` has why and where it stands."""

    name: str
    day: date
    title: str
    text: str


def agenda(world: World, official: Evaluation, schedule: Schedule | None) -> tuple[Entry, ...]:
    """Return the days of an assessment in order; each says of which assessment it is."""
    entries = [*_windows(official), *_clock(world, official, schedule), *_status(world, official)]
    if schedule:
        entries += [*_plan(official, schedule), *_items(world, schedule)]
    target = target_of(world)
    if target and not clock_runs(official):
        entries.append(Entry("target", target, "CMMC target reassessment", "A new assessment is planned for this day."))
    whose = f"{world.assessment.key}, {world.assessment.fields.get(SUMMARY, 'without a summary')}"
    said = (replace(entry, text=f"{entry.text}\nAssessment: {whose}") for entry in entries)
    return tuple(sorted(said, key=lambda entry: (entry.day, entry.name)))


def calendar_name(world: World) -> str:
    """Return the name of an assessment's calendar."""
    return f"CMMC: {world.assessment.fields.get(SUMMARY, world.assessment.key)}"


def _windows(official: Evaluation) -> Iterator[Entry]:
    last, cite = official.reevaluation.last_day, citations.reevaluation(official.level)
    closed = {given.code for given in official.reevaluation.reasons} - {Reason.WINDOW_CLOSED}
    if last and not official.posted and official.items and not closed:
        text = f"Additional evidence may be re-evaluated until this day, if the conditions hold ({cite})."
        yield Entry("reevaluation", last, "CMMC re-evaluation: last day", text)
    appeal = official.appeal
    if appeal.last_day and appeal.timely is None:
        dibcac = "An appeal is made in writing and names the requirements in question"
        other = "The decision of the C3PAO can be taken to the Accreditation Body until this day"
        text = f"{dibcac if appeal.citation == citations.APPEAL_DIBCAC else other} ({appeal.citation})."
        yield Entry("appeal", appeal.last_day, "CMMC appeal: last day", text)


def _clock(world: World, official: Evaluation, schedule: Schedule | None) -> Iterator[Entry]:
    if official.deadline is None or not (clock_runs(official) or expired(official)):
        return
    text = (
        f"The last day on which the result of the closeout can be posted: day {_number(official, official.deadline)} "
        f"({citations.CLOSEOUT_WINDOW}). It is the posting that counts."
    )
    yield Entry("deadline", official.deadline, "CMMC closeout: last day to post", text)
    booked = booked_of(world)
    if booked and clock_runs(official):
        late = schedule is not None and schedule.slack is not None and schedule.slack < 0
        text = "As it is entered on the assessment issue."
        text += " By the plan that is too late to be assessed and posted in time." if late else ""
        yield Entry("booked", booked, "CMMC closeout assessment: booked", text)


def _plan(official: Evaluation, schedule: Schedule) -> Iterator[Entry]:
    for number, (what, day) in enumerate(schedule.milestones()):
        text = f"By the plan back from {_end(schedule)}."
        text += f" Day {_number(official, day)} of the closeout clock." if schedule.closeout else ""
        yield Entry(f"milestone-{number}", day, f"CMMC plan: {what}", text)


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
        yield Entry(f"due-{day}", day, f"CMMC item due: {_short(names)}", f"Due on this day: {', '.join(names)}.")
    for day, names in last.items():
        text = f"What is ready later endangers {_end(schedule)}. Open: {', '.join(names)}."
        yield Entry(f"safe-{day}", day, f"CMMC last safe day: {_short(names)}", text)


def _end(schedule: Schedule) -> str:
    """Return what the plan counts back from."""
    if schedule.closeout:
        return f"the last day to post the closeout, {schedule.deadline} ({citations.CLOSEOUT_WINDOW})"
    return f"the target reassessment on {schedule.deadline}"


def _short(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} items"


def _status(world: World, official: Evaluation) -> Iterator[Entry]:
    posted = world.assessment.fields.get("Closeout Posted")
    if official.closeout_affirmation_required and posted:
        text = f"A new affirmation follows every closeout ({citations.AFFIRMATION_CLOSEOUT}); none is entered."
        yield Entry("closeout-affirmation", date.fromisoformat(posted), "CMMC closeout: affirmation", text)
    held = official.posted and (official.status.conditional or official.status.final)
    if held and official.next_annual_affirmation_due:
        text = f"The affirming official affirms in SPRS ({citations.AFFIRMATION_ANNUAL})"
        text += ", if the status is Final by then." if official.status.conditional else "."
        yield Entry("affirmation", official.next_annual_affirmation_due, "CMMC annual affirmation due", text)
    if official.valid_through:
        cite = citations.validity(official.level, official.path)
        text = (
            f"The last day of {official.status if held else 'the status'} ({cite}). To hold one without a break, the "
            f"next assessment is posted by then: there is no period of grace ({citations.NO_GRACE})."
        )
        yield Entry("valid-through", official.valid_through, "CMMC status: last day", text)
    if official.retain_through:
        cite = citations.retention(official.level, official.path)
        text = f"Artifacts of the assessment are kept through this day ({cite})."
        yield Entry("retention", official.retain_through, "Keep CMMC artifacts through this day", text)


def _number(official: Evaluation, day: date) -> int:
    return (day - official.cmmc_status_date).days if official.cmmc_status_date else 0
