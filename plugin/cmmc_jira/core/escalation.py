"""What is said as clocks run, to whom, and when it is not said: the policy file escalation.yaml, read strictly."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from cmmc_rules.ladder import Clock, Condition, Ladder, Role, Run, Rung, Unit, place
from cmmc_rules.source import Spot, read

Check = Callable[[str, Clock], str | None]
"""Says what is wrong with a template for a clock; None: nothing."""

_OF_ITEMS: Final = frozenset({Role.OWNER, Role.OWNERS_MANAGER})
_OPTIONAL: Final = (*Unit, "when", "repeat_days", "set", "after")
_MINUTES: Final = 60
_LONG_AGO: Final = date(2000, 1, 1)

_W = TypeVar("_W", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours in which nothing is said; they may go past midnight."""

    begin: time
    end: time

    def hold(self, at: time) -> bool:
        """Whether they hold at this time of day."""
        if self.begin <= self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end


@dataclass(frozen=True, slots=True)
class Escalation:
    """The ladders, at most one for each clock.

    From `digest_at` notices on that one person would get about items on one day they come as one comment on the status
    issue. `texts` are templates of the organisation's own, by name, beside ours and before them.
    """

    ladders: tuple[Ladder, ...]
    quiet: QuietHours | None = None
    digest_at: int = 3
    texts: Mapping[str, str] = field(default_factory=dict)

    def of(self, clock: Clock) -> Ladder | None:
        """Return the ladder of a clock, if it has one."""
        return next((ladder for ladder in self.ladders if ladder.clock is clock), None)


def escalation_in(
    file: str, text: str, mistakes: list[str], *, window: int, check: Check, texts: Mapping[str, str]
) -> Escalation | None:
    """Return the escalation that a YAML text holds; whatever is wrong is added to the mistakes, with file and line.

    `window` is the length of the closeout clock in days, `check` judges templates.
    """
    before = len(mistakes)
    top = read(file, text, mistakes)
    if top is None:
        return None
    found = top.mapping(("ladders",), ("quiet", "digest_at"))
    ladders = []
    if "ladders" in found:
        ladders = [
            _ladder(str(name), spot, window=window, check=check) for name, spot in found["ladders"].entries().items()
        ]
        _once(found["ladders"].entries().values(), ladders)
    quiet = _quiet(found["quiet"]) if "quiet" in found and found["quiet"].value is not None else None
    digest_at = found["digest_at"].whole(2) if "digest_at" in found else 3
    return Escalation(tuple(ladders), quiet, digest_at, texts) if len(mistakes) == before else None


def _once(spots: Iterable[Spot], ladders: Iterable[Ladder]) -> None:
    """Refuse two ladders of one clock: nobody could say which of them should speak."""
    first: dict[Clock, str] = {}
    for spot, ladder in zip(spots, ladders, strict=True):
        if ladder.clock in first:
            spot.wrong(f"the clock {ladder.clock} has a ladder already, {first[ladder.clock]}; make them one")
        first.setdefault(ladder.clock, ladder.id)


def _ladder(name: str, spot: Spot, *, window: int, check: Check) -> Ladder:
    found = spot.mapping(("clock", "rungs"))
    clock = _word(found["clock"], Clock) if "clock" in found else Clock.ITEM_DUE
    spots = found["rungs"].items() if "rungs" in found else ()
    rungs = tuple(_rung(row, clock, window=window, check=check) for row in spots)
    run = Run(_LONG_AGO, _LONG_AGO + timedelta(days=window if clock is Clock.CONDITIONAL_CLOSEOUT else 2 * 365))
    for number, (row, rung) in enumerate(zip(spots, rungs, strict=True)):
        if any(other.id == rung.id for other in rungs[:number]):
            row.wrong(f"the rung {rung.id} stands twice in this ladder; give one of them another id")
        if number and place(rung, run) <= place(rungs[number - 1], run):
            row.wrong(f"the rung {rung.id} is reached no later than {rungs[number - 1].id}; put them in order")
        if rung.repeat_days is not None and number < len(rungs) - 1:
            row.wrong(f"the rung {rung.id} repeats and is not the last; only the last rung may")
    if not rungs and "rungs" in found:
        found["rungs"].wrong("the ladder has no rung; write at least one, or leave the ladder out")
    return Ladder(name, clock, rungs)


def _rung(spot: Spot, clock: Clock, *, window: int, check: Check) -> Rung:
    found = spot.mapping(("id", "say", "tell"), _OPTIONAL)
    units = [unit for unit in Unit if unit in found]
    if len(units) != 1:
        spot.wrong(f"a rung stands at one of {', '.join(Unit)}; write exactly one")
    unit = units[0] if units else Unit.DAY
    count = _count(found[unit], unit, clock, window=window, after="after" in found) if units else 0
    say = found["say"].text() if "say" in found else ""
    tell = tuple(_word(row, Role) for row in found["tell"].items()) if "tell" in found else ()
    _told(found, tell, clock)
    if say and (wrong := check(say, clock)):
        found["say"].wrong(wrong)
    sets = found["set"].mapping((), ("priority", "label")) if "set" in found else {}
    return Rung(
        id=found["id"].text() if "id" in found else "",
        unit=unit,
        count=count,
        say=say,
        tell=tell,
        when=_word(found["when"], Condition) if "when" in found else None,
        repeat_days=found["repeat_days"].whole(1) if "repeat_days" in found else None,
        priority=sets["priority"].text() if "priority" in sets else None,
        label=_label(sets["label"]) if "label" in sets else None,
    )


def _count(spot: Spot, unit: Unit, clock: Clock, *, window: int, after: bool) -> int:
    """Return where a rung stands, and refuse a place that its clock does not have."""
    value = spot.value
    if not isinstance(value, int) or isinstance(value, bool) or (value < 0 and unit is not Unit.DAYS_LEFT):
        spot.wrong(f"{spot.shown()} is not a whole number of days or months; write it in digits")
        return 0
    if clock is not Clock.CONDITIONAL_CLOSEOUT:
        if unit is Unit.DAY:
            spot.wrong(f"only {Clock.CONDITIONAL_CLOSEOUT} has numbered days; write days_left or months_left")
        return value
    if unit is Unit.DAY and value > window and not after:
        spot.wrong(
            f"day {value} lies after the deadline, day {window}; write after: true where that is meant, or a day up "
            f"to {window}"
        )
    if unit is Unit.DAY and value <= window and after:
        spot.wrong(f"day {value} is not after the deadline, day {window}; leave out after: true")
    if unit is Unit.DAYS_LEFT and value > window:
        spot.wrong(f"{value} days before the deadline is before day 0; the clock has {window} days")
    return value


def _told(found: Mapping[str, Spot], tell: tuple[Role, ...], clock: Clock) -> None:
    if "tell" not in found:
        return
    if not tell:
        found["tell"].wrong("the rung tells nobody; name at least one role")
    if clock is not Clock.ITEM_DUE:
        for role in sorted(_OF_ITEMS & set(tell)):
            found["tell"].wrong(f"{role} belongs to an item, and {clock} has none; tell compliance_lead or above")
    if len(set(tell)) < len(tell):
        found["tell"].wrong("a role stands twice; keep one")


def _label(spot: Spot) -> str:
    text = spot.text()
    if " " in text:
        spot.wrong(f"{text!r} has a space, which no label has; write it with a hyphen")
    return text


def _quiet(spot: Spot) -> QuietHours:
    found = spot.mapping(("begin", "end"))
    begin, end = (_time(found[name]) if name in found else time() for name in ("begin", "end"))
    if begin == end:
        spot.wrong("the hours begin when they end, so nothing would ever be said; leave them out, or move one")
    return QuietHours(begin, end)


def _time(spot: Spot) -> time:
    """Return a time of day. YAML reads 20:00 without quotes as a number to the base of sixty, which is understood."""
    value = spot.value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 24 * _MINUTES:
        return time(*divmod(value, _MINUTES))
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        spot.wrong(f'{spot.shown()} is no time of day; write it as "20:00"')
        return time()


def _word(spot: Spot, words: type[_W]) -> _W:
    try:
        return words(spot.value)
    except ValueError:
        spot.wrong(f"{spot.shown()} is not known here; known are {', '.join(words)}")
        return next(iter(words))
