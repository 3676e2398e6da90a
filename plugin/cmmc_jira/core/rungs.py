"""Ladders as the policy writes them, read strictly: each rung stands where its clock has a place for it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, TypeVar

from cmmc_rules.calendar import ONE_DAY
from cmmc_rules.ladder import Clock, Condition, Ladder, Role, Run, Rung, Unit, place
from cmmc_rules.source import Spot

Check = Callable[[str, Clock], str | None]
"""Says what is wrong with a template for a clock; None: nothing."""

CONDITIONS: Final[Mapping[Clock, frozenset[Condition]]] = {
    Clock.CONDITIONAL_CLOSEOUT: frozenset(Condition),
    Clock.STATUS_VALIDITY: frozenset({Condition.OUTCOME_NOT_RECORDED}),
    Clock.LEVEL_1_VALIDITY: frozenset({Condition.OUTCOME_NOT_RECORDED}),
}
"""The conditions that can hold while a clock runs; of another one its rung would never be said."""

_OF_ITEMS: Final = frozenset({Role.OWNER, Role.OWNERS_MANAGER})
_OPTIONAL: Final = (*Unit, "when", "repeat_days", "set", "after")
_ID: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FAR: Final = 3660
"""More days than any clock has: ten years."""
_TWO_YEARS: Final = (date(2027, 1, 1) + timedelta(days=number) for number in range(731))
_IN_EVERY_MONTH: Final = 28
_DEADLINES: Final = tuple(day for day in _TWO_YEARS if day.day >= _IN_EVERY_MONTH)
"""Days of a common year and of a leap year from which months back have all the lengths that there are."""

_W = TypeVar("_W", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class _Counted:
    """The clock that a ladder counts to, None where it is not known; its length in days, None where it has none."""

    clock: Clock | None
    length: int | None
    check: Check

    def runs(self, *units: Unit) -> Iterator[Run]:
        """Yield a run of the clock for each deadline that matters to rungs of such units."""
        for deadline in _DEADLINES if Unit.MONTHS_LEFT in units else _DEADLINES[:1]:
            yield Run(deadline - timedelta(days=self.length or 0), deadline)

    def is_after(self, rung: Rung) -> bool:
        """Whether a rung stands after the deadline."""
        return any(place(rung, run) > run.deadline for run in self.runs())


def ladder_in(name: str, spot: Spot, *, lengths: Mapping[Clock, int], check: Check) -> Ladder | None:
    """Return the ladder at a place; None, and a mistake, where its clock is unknown. `lengths` are in days."""
    if not _ID.fullmatch(name):
        spot.wrong(f"{name!r} is no name for a ladder; write small letters, digits and hyphens, a letter first")
    found = spot.mapping(("clock", "rungs"))
    clock = word(found["clock"], Clock) if "clock" in found else None
    counted = _Counted(clock, lengths.get(clock) if clock else None, check)
    spots = found["rungs"].items() if "rungs" in found else ()
    if "rungs" in found and found["rungs"].value == ():
        found["rungs"].wrong("the ladder has no rung; write at least one, or leave the ladder out")
    read = [(row, _rung(row, counted)) for row in spots]
    rungs = [(row, rung) for row, rung in read if rung is not None]
    _ids(rungs)
    _order(rungs, counted)
    _repetitions(rungs, counted)
    return Ladder(name, clock, tuple(rung for _, rung in rungs)) if clock else None


def word(spot: Spot, words: type[_W]) -> _W | None:
    """Return the word at a place; None, and a mistake, if it is not one of these words."""
    try:
        return words(spot.value)
    except ValueError:
        spot.wrong(f"{spot.shown()} is not known here; known are {', '.join(words)}")
        return None


def _rung(spot: Spot, counted: _Counted) -> Rung | None:
    """Return the rung at a place; None where nobody can tell where it stands."""
    found = spot.mapping(("id", "say", "tell"), _OPTIONAL)
    units = [unit for unit in Unit if unit in found]
    if len(units) != 1:
        spot.wrong(f"a rung stands at one of {', '.join(Unit)}; write exactly one")
    say = found["say"].text() if "say" in found else ""
    if say and counted.clock and (wrong := counted.check(say, counted.clock)):
        found["say"].wrong(wrong)
    sets = found["set"].mapping((), ("priority", "label")) if "set" in found else {}
    rung = Rung(
        id=_id(found["id"]) if "id" in found else "",
        unit=units[0] if units else Unit.DAY,
        count=_count(found[units[0]], units[0]) if units else 0,
        say=say,
        tell=_told(found["tell"], counted.clock) if "tell" in found else (),
        when=word(found["when"], Condition) if "when" in found else None,
        repeat_days=_repeat(found["repeat_days"]) if "repeat_days" in found else None,
        priority=sets["priority"].text() if "priority" in sets else None,
        label=_label(sets["label"]) if "label" in sets else None,
    )
    if len(units) != 1 or not _stands(found, rung, counted):
        return None
    return rung


def _stands(found: Mapping[str, Spot], rung: Rung, counted: _Counted) -> bool:
    """Whether the clock has the place at which a rung stands, and the rung means that place; mistakes where not."""
    spot, mistakes = found[rung.unit], len(found[rung.unit].mistakes)
    if counted.clock is None or abs(rung.count) > _FAR:
        return False
    if rung.unit is Unit.DAY and counted.clock is not Clock.CONDITIONAL_CLOSEOUT:
        spot.wrong(f"only {Clock.CONDITIONAL_CLOSEOUT} has numbered days; write days_left or months_left")
        return False
    if counted.length is not None and any(place(rung, run) < run.start for run in counted.runs(rung.unit)):
        spot.wrong(f"this is before day 0: {counted.clock} has {counted.length} days at most; write less")
    after, means = counted.is_after(rung), _flag(found["after"]) if "after" in found else None
    if after and "after" not in found and rung.unit is Unit.DAY:
        spot.wrong(
            f"day {rung.count} is after the deadline, day {counted.length}; write a day up to {counted.length}, or "
            "after: true where that is meant"
        )
    elif means is not None and means is not after:
        where = "after" if after else "before, or on,"
        found["after"].wrong(f"the rung stands {where} the deadline; leave the key out, or move the rung")
    if rung.when:
        _condition(found["when"], rung.when, counted.clock, after=after)
    return len(spot.mistakes) == mistakes


def _condition(spot: Spot, when: Condition, clock: Clock, *, after: bool) -> None:
    """Refuse a condition under which the rung would never be said, or would say what is not true."""
    clocks = [name for name, known in CONDITIONS.items() if when in known]
    if clock not in clocks:
        spot.wrong(f"{when.value!r} never holds for {clock}, only for {', '.join(clocks)}; leave it out")
    elif when is Condition.CLOSEOUT_NOT_BOOKED and after:
        spot.wrong("a closeout is booked up to the deadline, and this rung stands after it; move the rung before it")
    elif when is Condition.OUTCOME_NOT_RECORDED and not after:
        spot.wrong("there is no outcome up to the deadline, and this rung stands there; leave the condition out")


def _ids(rungs: Sequence[tuple[Spot, Rung]]) -> None:
    first: dict[str, int] = {}
    for spot, rung in rungs:
        if rung.id in first:
            spot.wrong(f"the rung {rung.id} stands twice, first on line {first[rung.id]}; give one of them another id")
        first.setdefault(rung.id, spot.line)


def _order(rungs: Sequence[tuple[Spot, Rung]], counted: _Counted) -> None:
    """Refuse rungs that are not reached in their order, whatever the deadline."""
    for (_, before), (spot, rung) in pairwise(rungs):
        late = next(
            (run for run in counted.runs(before.unit, rung.unit) if place(rung, run) <= place(before, run)), None
        )
        if late and Unit.MONTHS_LEFT in (before.unit, rung.unit):
            spot.wrong(
                f"for a deadline of {late.deadline} the rung {rung.id} is reached no later than {before.id}; put them "
                "in order, further apart"
            )
        elif late:
            spot.wrong(f"the rung {rung.id} is reached no later than {before.id}; put them in order")


def _repetitions(rungs: Sequence[tuple[Spot, Rung]], counted: _Counted) -> None:
    """Refuse a rung that never gets to repeat, and one that goes on saying before the deadline what is over after it.

    A rung after the deadline may repeat for ever; one before it is ended by a later one that holds without a condition
    and comes on the day after the deadline at the latest.
    """
    run = next(counted.runs())
    for number, (spot, rung) in enumerate(rungs):
        if rung.repeat_days is None:
            continue
        later = [row for _, row in rungs[number + 1 :]]
        if later and place(rung, run) + timedelta(days=rung.repeat_days) >= place(later[0], run):
            spot.wrong(f"the rung {later[0].id} comes before {rung.id} is repeated; leave out repeat_days")
        elif place(rung, run) <= run.deadline and not any(
            row.when is None and place(row, run) <= run.deadline + ONE_DAY for row in later
        ):
            spot.wrong(
                f"nothing ends the repetitions of {rung.id} at the deadline; add a rung without a condition on the day "
                "after it"
            )


def _id(spot: Spot) -> str:
    text = spot.text()
    if text and not _ID.fullmatch(text):
        spot.wrong(f"{text!r} is no id; write small letters, digits and hyphens, a letter first")
    return text


def _count(spot: Spot, unit: Unit) -> int:
    """Return where a rung stands; only days left are counted below zero, which is after the deadline."""
    value = spot.value
    if not isinstance(value, int) or isinstance(value, bool) or (value < 0 and unit is not Unit.DAYS_LEFT):
        spot.wrong(f"{spot.shown()} is not a whole number of {_things(unit)}; write it in digits")
        return _FAR + 1
    if abs(value) > _FAR:
        spot.wrong(f"{value} is further away than ten years; write less")
    return value


def _things(unit: Unit) -> str:
    return "months" if unit is Unit.MONTHS_LEFT else "days"


def _repeat(spot: Spot) -> int | None:
    days = spot.whole(1)
    if days > _FAR:
        spot.wrong(f"{days} days are longer than ten years; write less")
        return None
    return days


def _told(spot: Spot, clock: Clock | None) -> tuple[Role, ...]:
    rows = spot.items()
    if spot.value == ():
        spot.wrong("the rung tells nobody; name at least one role")
    tell = tuple(role for row in rows if (role := word(row, Role)))
    if clock not in (None, Clock.ITEM_DUE):
        for role in sorted(_OF_ITEMS & set(tell)):
            spot.wrong(f"{role} belongs to an item, and {clock} has none; tell compliance_lead or affirming_official")
    if len(set(tell)) < len(tell):
        spot.wrong("a role stands twice; keep one")
    return tell


def _label(spot: Spot) -> str:
    text = spot.text()
    if " " in text:
        spot.wrong(f"{text!r} has a space, which no label has; write it with a hyphen")
    return text


def _flag(spot: Spot) -> bool | None:
    if isinstance(spot.value, bool):
        return spot.value
    spot.wrong(f"{spot.shown()} is neither true nor false; write after: true, or leave it out")
    return None
