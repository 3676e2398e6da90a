"""What is to be said today as clocks run, to whom and where; and what will be said next."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from operator import attrgetter
from typing import Final

from cmmc_jira.core.backplan import Schedule
from cmmc_jira.core.clocks import Known, Running, item_runs, running
from cmmc_jira.core.facts import Facts, is_ready
from cmmc_jira.core.identity import STATUS_SUBJECT
from cmmc_jira.core.identity import digest as name_of
from cmmc_jira.core.issues import Actual, Said
from cmmc_jira.core.notice_text import compose, digest
from cmmc_jira.core.notice_values import assessment_values, item_values
from cmmc_jira.core.policy import Policy
from cmmc_jira.core.roles import Told, told
from cmmc_jira.core.world import World
from cmmc_rules.calendar import ONE_DAY
from cmmc_rules.ladder import Clock, Condition, Ladder, Reached, Unit, coming, passed, reached
from cmmc_rules.records import Evaluation, Item

_AHEAD: Final = 5
_SLEPT_AT_MOST: Final = 3
_CLOCKS: Final = {
    Clock.ITEM_DUE: "Due date",
    Clock.CONDITIONAL_CLOSEOUT: "Closeout clock",
    Clock.CLOSEOUT_FAILED: "Failed closeout",
    Clock.CLOSEOUT_AFFIRMATION: "Affirmation of the closeout",
    Clock.REEVALUATION: "End of re-evaluation",
    Clock.APPEAL: "End of the appeal period",
    Clock.ANNUAL_AFFIRMATION: "Annual affirmation",
    Clock.STATUS_VALIDITY: "End of the status",
    Clock.LEVEL_1_VALIDITY: "End of the Level 1 status",
    Clock.TARGET_REASSESSMENT: "Target reassessment",
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What the rungs that are reached set on an issue: a priority, and labels."""

    priority: str | None = None
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Coming:
    """A notice to come: the day, what it is about (subjects), what it says, and to whom (user ids)."""

    day: date
    subjects: tuple[str, ...]
    rung: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notices:
    """What is to be said now and what is set with it, by subject, and the next ones in order."""

    says: Mapping[str, tuple[Said, ...]]
    effects: Mapping[str, Effect]
    coming: tuple[Coming, ...]


@dataclass(frozen=True, slots=True)
class _Climb:
    """One ladder being climbed: what it is about, its clock, and whom its rungs are about to tell."""

    subject: str
    ladder: Ladder
    clock: Running
    issue: Actual
    item: Item | None
    silent: bool

    def identity(self, step: Reached) -> str:
        return step.identity(self.ladder.id, self.clock.run.deadline)


@dataclass(frozen=True, slots=True)
class _Notice:
    """A step that is to be said now."""

    climb: _Climb
    step: Reached
    told: Told
    slept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Speaker:
    """All that is needed to say something: the world, what the law says of it, and the policy."""

    world: World
    found: Facts
    official: Evaluation
    schedule: Schedule | None
    dues: Mapping[str, date]
    since: Known
    policy: Policy
    closures: Collection[date]

    def notices(self) -> Notices:
        """Return what is to be said on the world's day, nothing of it for the second time."""
        climbs = list(self._climbs())
        quiet = self.policy.escalation.quiet
        resting = quiet is not None and quiet.hold(self.world.at)
        ahead = tuple(islice(self._coming(climbs, resting=resting), _AHEAD))
        if resting:
            return Notices({}, {}, ahead)
        due = [notice for climb in climbs if not climb.silent and (notice := self._due(climb))]
        effects: dict[str, Effect] = {}
        for climb in climbs:
            if not climb.silent:
                effects[climb.subject] = self._effect(climb, effects.get(climb.subject, Effect()))
        return Notices(self._says(due), effects, ahead)

    def _climbs(self) -> Iterator[_Climb]:
        status = self.world.issues.get(STATUS_SUBJECT)
        for clock in running(self.world, self.official, self.found.official.dates, self.since):
            ladder = self.policy.escalation.of(clock.clock)
            if ladder and status:
                yield _Climb(STATUS_SUBJECT, ladder, clock, status, item=None, silent=False)
        for item in self.official.items:
            issue = self.world.issues.get(item.requirement)
            if issue is None or (self.official.posted and self.official.status.final):
                continue
            safe = self.schedule.items.get(item.requirement) if self.schedule else None
            clock_ = item_runs(issue, safe.last if safe else None, self.dues.get(item.requirement), world=self.world)
            ladder = self.policy.escalation.of(clock_.clock) if clock_ else None
            if clock_ and ladder:
                yield _Climb(item.requirement, ladder, clock_, issue, item, silent=acknowledged(issue, self.world.day))

    def _due(self, climb: _Climb) -> _Notice | None:
        """Return the step that is reached and not yet said."""
        run, day = climb.clock.run, self.world.day
        step = reached(climb.ladder, run, day, closures=self.closures)
        if step is None or self._said(climb, step) or _chosen_after(climb, step):
            return None
        slept = _named(self._slept(climb, step))
        issue = climb.issue if climb.item else None
        people = told(step.rung.tell, issue=issue, world=self.world, owners=self.policy.owners)
        if step.occurrence:
            people = Told(people.people)  # whom nobody knows was said the first time
        return _Notice(climb, step, people, slept)

    def _slept(self, climb: _Climb, step: Reached) -> Sequence[Reached]:
        """Return the steps since the last one that was said; of two that fall on one day only the later one counts."""
        run, since = climb.clock.run, max(climb.clock.since, _silent_through(climb.issue, self.world.day))
        missed: list[Reached] = []
        for row in passed(climb.ladder, run, after=since, day=self.world.day, closures=self.closures):
            if row.rung.when is Condition.CLOSEOUT_NOT_BOOKED:
                continue  # whether it was booked on that day is not recorded
            if missed and missed[-1].on == row.on:
                missed.pop()
            missed = [] if self._said(climb, row) else [*missed, row]
        return [row for row in missed if row.on < step.on]

    def _said(self, climb: _Climb, step: Reached) -> bool:
        identity = climb.identity(step)
        return identity in said_of(climb.issue) or f"{climb.subject}/{identity}" in self._said_on_status()

    def _said_on_status(self) -> Collection[str]:
        status = self.world.issues.get(STATUS_SUBJECT)
        return said_of(status) if status else ()

    def _effect(self, climb: _Climb, before: Effect) -> Effect:
        run = climb.clock.run
        step = reached(climb.ladder, run, self.world.day, closures=self.closures)
        if step is None:
            return before
        earlier = passed(climb.ladder, run, after=date.min, day=self.world.day, closures=self.closures)
        rungs = [*(row.rung for row in earlier), step.rung]
        priority = next((rung.priority for rung in reversed(rungs) if rung.priority), before.priority)
        return Effect(priority, before.labels | {rung.label for rung in rungs if rung.label})

    def _says(self, due: Sequence[_Notice]) -> Mapping[str, tuple[Said, ...]]:
        """Return the comments by subject; whoever would get many about items gets them as one."""
        about_items = [notice for notice in due if notice.climb.item]
        counts = Counter(person for notice in about_items for person in notice.told.people)
        digests = STATUS_SUBJECT in self.world.issues
        many = sorted(who for who, count in counts.items() if digests and count >= self.policy.escalation.digest_at)
        says: defaultdict[str, list[Said]] = defaultdict(list)
        for notice in due:
            rest = tuple(person for person in notice.told.people if person not in many or not notice.climb.item)
            if rest or not notice.told.people:
                says[notice.climb.subject].append(self._one(notice, Told(rest, notice.told.notes)))
        for person in many:
            says[STATUS_SUBJECT].append(self._digest(person, about_items))
        return {subject: tuple(rows) for subject, rows in says.items()}

    def _one(self, notice: _Notice, people: Told) -> Said:
        body = compose(
            notice.step.rung.say,
            self._values(notice.climb),
            people,
            world=self.world,
            slept=notice.slept,
            texts=self.policy.escalation.texts,
        )
        identity = notice.climb.identity(notice.step)
        why = f"{words(notice.step)}: the ladder {notice.climb.ladder.id}, rung {notice.step.rung.id}"
        return Said(identity, body, why)

    def _digest(self, person: str, about_items: Iterable[_Notice]) -> Said:
        mine = [notice for notice in about_items if person in notice.told.people]
        rows = [{**self._values(notice.climb), "rung": words(notice.step), "slept": notice.slept} for notice in mine]
        notes = tuple(dict.fromkeys(note for notice in mine for note in notice.told.notes))
        also = tuple(f"{notice.climb.subject}/{notice.climb.identity(notice.step)}" for notice in mine)
        # Named by what it says: said on two days for want of memory it is one, and what joins it later is not lost.
        identity = f"digest/{person}/{name_of(sorted(also))}"
        why = f"{len(mine)} notices to one person on one day come as one"
        return Said(identity, digest(person, rows, world=self.world, notes=notes), why, also)

    def _values(self, climb: _Climb) -> Mapping[str, object]:
        run = climb.clock.run
        if climb.item:
            return item_values(climb.item, world=self.world, official=self.official, schedule=self.schedule, run=run)
        return assessment_values(
            climb.clock.clock, world=self.world, official=self.official, schedule=self.schedule, run=run
        )

    def _coming(self, climbs: Iterable[_Climb], *, resting: bool) -> Iterator[Coming]:
        """Yield the notices to come in order; those of one rung on one day come as one row."""
        streams = [self._ahead(climb, resting=resting) for climb in climbs]
        rows: list[Coming] = []
        for row in heapq.merge(*streams, key=lambda row: (row.day, row.rung)):
            if rows and (rows[-1].day, rows[-1].rung) != (row.day, row.rung):
                yield _joined(rows)
                rows = []
            rows.append(row)
        if rows:
            yield _joined(rows)

    def _ahead(self, climb: _Climb, *, resting: bool) -> Iterator[Coming]:
        """Yield the steps to come; of a silenced item, what holds once it is silent no more, and those after.

        In quiet hours what is to be said on this day still is to come.
        """
        run, day = climb.clock.run, self.world.day
        awake = _acknowledged_until(climb.issue) if climb.silent else None
        if awake is not None or resting:
            day = awake + ONE_DAY if awake is not None else day
            step = reached(climb.ladder, run, day, closures=self.closures)
            if step is not None and not self._said(climb, step):
                yield self._row(climb, step, day)
        ahead = coming(climb.ladder, run, day=day, closures=self.closures)
        for on, steps in groupby(ahead, key=attrgetter("on")):
            *_, last = steps  # of two that fall on one day only the later one is said
            yield self._row(climb, last, on)

    def _row(self, climb: _Climb, step: Reached, day: date) -> Coming:
        issue = climb.issue if climb.item else None
        people = told(step.rung.tell, issue=issue, world=self.world, owners=self.policy.owners)
        return Coming(day, (climb.subject,), f"{_CLOCKS[climb.clock.clock]}: {words(step)}", people.people)


def _chosen_after(climb: _Climb, step: Reached) -> bool:
    """Whether an item's due date was chosen only after the day of this reminder: who just chose it needs none."""
    before = step.on <= climb.clock.run.deadline
    return climb.item is not None and before and step.on < climb.clock.since


def _joined(rows: Sequence[Coming]) -> Coming:
    subjects = tuple(dict.fromkeys(subject for row in rows for subject in row.subjects))
    people = tuple(dict.fromkeys(person for row in rows for person in row.people))
    return Coming(rows[0].day, subjects, rows[0].rung, people)


def words(step: Reached) -> str:
    """Return where a step stands, in words."""
    rung = step.rung
    further = step.occurrence * (rung.repeat_days or 0)
    if rung.unit is Unit.DAY:
        return f"day {rung.count + further}"
    count = abs(rung.count - further)
    if rung.unit is Unit.MONTHS_LEFT:
        return f"{count} months before"
    if rung.count == 0:
        return "the last day"
    return f"{count} day{'' if count == 1 else 's'} {'before' if rung.count > 0 else 'after'}"


def _named(slept: Sequence[Reached]) -> tuple[str, ...]:
    """Return steps in words, of many only the last ones: a comment has an end, and a long sleep has not."""
    more = len(slept) - _SLEPT_AT_MOST
    latest = tuple(f"{words(row)} ({row.on})" for row in slept[-_SLEPT_AT_MOST:])
    return (f"{more} earlier {'one' if more == 1 else 'ones'}", *latest) if more > 0 else latest


def _silent_through(issue: Actual, day: date) -> date:
    """Return the last day by which nothing was to be said on an issue: it was not there, ready, or acknowledged."""
    created = date.fromisoformat(issue.created[:10]) if issue.created else date.min
    if (issue.memory.get("keep") or {}).get("ready") and not is_ready(issue):
        return day  # it is seen open again just now
    return max(created, _acknowledged_until(issue) or date.min)


def said_of(issue: Actual) -> Collection[str]:
    """Return the names of what was said on an issue."""
    return frozenset(issue.memory.get("said") or ())


def acknowledged(issue: Actual, day: date) -> bool:
    """Whether somebody silenced an item's notices, with a reason, and the end of it has not passed."""
    until = _acknowledged_until(issue)
    return until is not None and day <= until


def _acknowledged_until(issue: Actual) -> date | None:
    until, reason = issue.fields.get("Acknowledged Until"), issue.fields.get("Acknowledgement Reason", "").strip()
    return date.fromisoformat(until) if until and reason else None
