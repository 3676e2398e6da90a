"""Ladders: what is said as a deadline comes near and passes, and the one rung that holds on a day.

A ladder is policy, not law. It is level-triggered: asked on any day, it gives the rung reached by then, so that whoever
slept through some days says what holds now and nothing twice.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cmmc_rules.calendar import business_day_before, business_day_from, months_before


class Clock(StrEnum):
    """What a ladder counts to."""

    ITEM_DUE = "item_due"
    CONDITIONAL_CLOSEOUT = "conditional_closeout"
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


def place(rung: Rung, run: Run) -> date:
    """Return the calendar day on which a rung stands, before any weekend moves its notice."""
    if rung.unit is Unit.DAY:
        return run.start + timedelta(days=rung.count)
    if rung.unit is Unit.MONTHS_LEFT:
        return months_before(run.deadline, rung.count)
    return run.deadline - timedelta(days=rung.count)


def steps(ladder: Ladder, run: Run, *, until: date, closures: Collection[date] = ()) -> Iterator[Reached]:
    """Yield what the ladder says up to a day, in order, each on the day it is said.

    A notice before the deadline, or on it, moves to the business day before; one after it to the business day after:
    nothing is announced before it is true. A repeating rung goes on until the next rung that stands later.
    """
    rungs = [rung for rung in ladder.rungs if rung.when is None or rung.when in run.holds]
    for number, rung in enumerate(rungs):
        following = said_on(place(rungs[number + 1], run), run, closures) if rungs[number + 1 :] else date.max
        stands, occurrence = place(rung, run), 0
        while (on := said_on(stands, run, closures)) <= until and (occurrence == 0 or on < following):
            yield Reached(rung, occurrence, on)
            if rung.repeat_days is None:
                break
            stands, occurrence = stands + timedelta(days=rung.repeat_days), occurrence + 1


def said_on(day: date, run: Run, closures: Collection[date] = ()) -> date:
    """Return the business day on which something that stands on a day is said."""
    if day > run.deadline:
        return business_day_from(day, closures)
    return business_day_before(day, closures)


def reached(ladder: Ladder, run: Run, day: date, *, closures: Collection[date] = ()) -> Reached | None:
    """Return the one step that holds on a day: the last one reached by then; None before the first."""
    last = None
    for last in steps(ladder, run, until=day, closures=closures):  # noqa: B007  the last one is what is wanted
        pass
    return last


def passed(ladder: Ladder, run: Run, *, after: date, day: date, closures: Collection[date] = ()) -> tuple[Reached, ...]:
    """Return the steps before the one reached on a day that were to be said after another day: what may be slept."""
    return tuple(step for step in list(steps(ladder, run, until=day, closures=closures))[:-1] if step.on > after)


def coming(ladder: Ladder, run: Run, *, day: date, closures: Collection[date] = ()) -> Iterator[Reached]:
    """Yield the steps that are said later than a day, in order; without end where the last rung repeats."""
    return (step for step in steps(ladder, run, until=date.max, closures=closures) if step.on > day)
