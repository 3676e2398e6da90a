"""Ladders: what is said as a deadline comes near and passes, and the one rung that holds on a day.

A ladder is policy, not law. It is level-triggered: asked on any day, it gives the rung reached by then, so that whoever
slept through some days says what holds now and nothing twice.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count, zip_longest

from cmmc_rules import keys
from cmmc_rules.calendar import business_day_before, business_day_from, months_before
from cmmc_rules.law import Edition
from cmmc_rules.words import Level


class Clock(StrEnum):
    """What a ladder counts to."""

    ITEM_DUE = "item_due"
    CONDITIONAL_CLOSEOUT = "conditional_closeout"
    CLOSEOUT_FAILED = "closeout_failed"
    CLOSEOUT_AFFIRMATION = "closeout_affirmation"
    REEVALUATION = "reevaluation"
    APPEAL = "appeal"
    ANNUAL_AFFIRMATION = "annual_affirmation"
    STATUS_VALIDITY = "status_validity"
    LEVEL_1_VALIDITY = "level_1_validity"
    TARGET_REASSESSMENT = "target_reassessment"


class Role(StrEnum):
    """Who may be told, in the order in which the next one up is told where nobody is known."""

    OWNER = "owner"
    OWNERS_MANAGER = "owners_manager"
    COMPLIANCE_LEAD = "compliance_lead"
    AFFIRMING_OFFICIAL = "affirming_official"


class Condition(StrEnum):
    """What must hold beside the day for a rung to be reached."""

    CLOSEOUT_NOT_BOOKED = "closeout not booked"
    OUTCOME_NOT_RECORDED = "outcome not recorded"


class Unit(StrEnum):
    """How a rung's place is counted: days since the clock's start, days or months left until its deadline."""

    DAY = "day"
    DAYS_LEFT = "days_left"
    MONTHS_LEFT = "months_left"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: where it stands (`count` in `unit`; days left are negative after the deadline), what it says to whom.

    `say` names a template; `repeat_days` says it again every so many days; `priority` and `label` are set with it.
    """

    id: str
    unit: Unit
    count: int
    say: str
    tell: tuple[Role, ...]
    when: Condition | None = None
    repeat_days: int | None = None
    priority: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs of one clock, in the order in which they are reached."""

    id: str
    clock: Clock
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A clock that runs: day 0, the deadline (still a good day), and the conditions that hold."""

    start: date
    deadline: date
    holds: frozenset[Condition] = frozenset()


@dataclass(frozen=True, slots=True)
class Reached:
    """A rung at its `occurrence` (0 the first), and the day on which it is said."""

    rung: Rung
    occurrence: int
    on: date

    def identity(self, ladder: str, deadline: date) -> str:
        """Return the name for ever of this step towards this deadline; `ladder` may name what it is about, too."""
        again = f"/{self.occurrence}" if self.occurrence else ""
        return f"{ladder}/{self.rung.id}/{deadline}{again}"


def lengths(edition: Edition) -> Mapping[Clock, int]:
    """Return the most days that a clock has from its start to its deadline, for each clock whose length is law.

    What follows from the posting of a closeout is due with it: those clocks have no day before their deadline
    (32 CFR 170.22(a)(3)(iv) for the affirmation).
    """
    valid = {level: edition[paths.valid_years].value for (level, _path), paths in keys.PATHS.items()}
    leap = 366
    return {
        Clock.CONDITIONAL_CLOSEOUT: edition[keys.CLOSEOUT_DAYS].value,
        Clock.CLOSEOUT_FAILED: 0,
        Clock.CLOSEOUT_AFFIRMATION: 0,
        Clock.ANNUAL_AFFIRMATION: edition[keys.AFFIRMATION_YEARS].value * leap,
        Clock.STATUS_VALIDITY: max(years for level, years in valid.items() if level is not Level.ONE) * leap,
        Clock.LEVEL_1_VALIDITY: valid[Level.ONE] * leap,
    }


def place(rung: Rung, run: Run) -> date:
    """Return the calendar day on which a rung stands, before any weekend moves its notice.

    What lies beyond the calendar's first or last day stands on that day: people enter deadlines in the year 9999.
    """
    try:
        if rung.unit is Unit.DAY:
            return run.start + timedelta(days=rung.count)
        if rung.unit is Unit.MONTHS_LEFT:
            return months_before(run.deadline, rung.count)
        return run.deadline - timedelta(days=rung.count)
    except (OverflowError, ValueError):
        return date.min if rung.unit is not Unit.DAY and rung.count > 0 else date.max


def said_on(rung: Rung, day: date, run: Run, closures: Collection[date] = ()) -> date:
    """Return the business day on which a rung that stands on a day is said.

    Up to the deadline it is the business day before, after it the business day after: nothing is announced before it
    is true. For the same reason a numbered day is never said before day 0.
    """
    if day > run.deadline:
        return business_day_from(day, closures)
    before = business_day_before(day, closures)
    return business_day_from(day, closures) if rung.unit is Unit.DAY and before < run.start else before


def steps(ladder: Ladder, run: Run, *, until: date, closures: Collection[date] = ()) -> Iterator[Reached]:
    """Yield what the ladder says up to a day, in order, each on the day it is said.

    A repeating rung goes on until the day on which the next one is said. No step comes before the one before it.
    """
    rungs = [rung for rung in ladder.rungs if rung.when is None or rung.when in run.holds]
    firsts = [said_on(rung, place(rung, run), run, closures) for rung in rungs]
    latest = date.min
    for rung, following in zip_longest(rungs, firsts[1:]):
        for step in _said(rung, run, closures):
            if following is not None and step.occurrence and step.on >= following:
                break
            latest = max(latest, step.on)
            if latest > until:
                return
            yield Reached(rung, step.occurrence, latest)


def _said(rung: Rung, run: Run, closures: Collection[date]) -> Iterator[Reached]:
    """Yield a rung and its repetitions, up to the last day of the calendar."""
    stands = place(rung, run)
    for occurrence in count():
        yield Reached(rung, occurrence, said_on(rung, stands, run, closures))
        if rung.repeat_days is None or (date.max - stands).days < rung.repeat_days:
            return
        stands += timedelta(days=rung.repeat_days)


def reached(ladder: Ladder, run: Run, day: date, *, closures: Collection[date] = ()) -> Reached | None:
    """Return the one step that holds on a day: the last one reached by then; None before the first."""
    last = deque(steps(ladder, run, until=day, closures=closures), maxlen=1)
    return last[0] if last else None


def passed(ladder: Ladder, run: Run, *, after: date, day: date, closures: Collection[date] = ()) -> tuple[Reached, ...]:
    """Return the steps before the one reached on a day that were to be said after another day: what may be slept."""
    earlier = tuple(steps(ladder, run, until=day, closures=closures))[:-1]
    return tuple(step for step in earlier if step.on > after)


def coming(ladder: Ladder, run: Run, *, day: date, closures: Collection[date] = ()) -> Iterator[Reached]:
    """Yield the steps that are said later than a day, in order; as good as without end where the last rung repeats."""
    return (step for step in steps(ladder, run, until=date.max, closures=closures) if step.on > day)
