"""The plan back from a deadline: until when each item is safely ready, and when it is due."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from graphlib import CycleError, TopologicalSorter

from cmmc_rules.calendar import business_day_before, business_day_from, is_business_day
from cmmc_rules.records import Requirement
from cmmc_rules.source import Spot, read
from cmmc_rules.words import Path


@dataclass(frozen=True, slots=True)
class Leads:
    """What one path needs between the last item's readiness and the deadline, and before the first due date; days."""

    posting: int
    closeout: int
    validation: int
    buffer: int
    first_due: int


@dataclass(frozen=True, slots=True)
class BackPlan:
    """The policy: leads by path, items that must be ready earlier (days), and items that others rest on.

    `before` maps a requirement to the requirements whose items come before its own.
    """

    leads: Mapping[Path, Leads]
    earlier: Mapping[str, int] = field(default_factory=dict)
    before: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Safe:
    """One item's days: `due` is what we suggest, `last` the last safe day. Both are business days, `due` <= `last`."""

    due: date
    last: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """The plan of one assessment back from its deadline.

    `ready_by` is the last safe day of what has no earlier one; `validated_by` and `decided_by` (go or no-go: the
    closeout assessment begins) follow it; `posted_by` is when the result should be posted. All four are business days,
    but a booked day is as it was entered. `slack` is days between the latest safe begin of the closeout assessment and
    the booked one: negative means booked too late. `closeout` is False where the deadline is the day on which a new
    assessment begins.
    """

    start: date
    deadline: date
    booked: date | None
    ready_by: date
    validated_by: date
    decided_by: date
    posted_by: date
    slack: int | None
    items: Mapping[str, Safe]
    closeout: bool = True

    def milestones(self) -> tuple[tuple[str, date], ...]:
        """Return the plan's days in order, by what should be so on each."""
        rows = (("Last safe day: every item is ready", self.ready_by), ("Checked by ourselves", self.validated_by))
        if not self.closeout:
            return rows
        return (*rows, ("Go or no-go: the closeout assessment begins", self.decided_by), ("Posted", self.posted_by))


def schedule(
    points: Mapping[str, int | None],
    *,
    path: Path,
    start: date,
    deadline: date,
    booked: date | None,
    plan: BackPlan,
    closures: Collection[date] = (),
    closeout: bool = True,
) -> Schedule:
    """Return the plan for items, by their points; `start` is the day from which work can go on.

    Without `closeout` the deadline is the day a new assessment begins: neither closeout nor posting come before it.
    A booking that is too late moves nothing later.
    """
    leads = plan.leads[path]
    latest = deadline - timedelta(days=leads.posting + leads.closeout if closeout else 0)
    booked = booked if closeout else None
    begin = min(latest, booked) if booked else latest
    ready_by = business_day_before(begin - timedelta(days=leads.validation + leads.buffer), closures)
    followers = _followers(points, plan.before)
    last = _last(followers, {name: ready_by - timedelta(days=plan.earlier.get(name, 0)) for name in points}, closures)
    # Work that has little time left has its first due date at the latest half-way.
    first = start + timedelta(days=min(leads.first_due, max(0, (ready_by - start).days // 2)))
    due = _staggered(points, followers, last, _spread(len(points), first, max(last.values(), default=first), closures))
    return Schedule(
        start=start,
        deadline=deadline,
        booked=booked,
        ready_by=ready_by,
        validated_by=business_day_before(begin - timedelta(days=leads.buffer), closures),
        decided_by=booked if booked == begin else business_day_before(begin, closures),
        posted_by=business_day_before(deadline - timedelta(days=leads.posting if closeout else 0), closures),
        slack=(latest - booked).days if booked else None,
        items={name: Safe(due[name], last[name]) for name in points},
        closeout=closeout,
    )


def _followers(names: Collection[str], before: Mapping[str, tuple[str, ...]]) -> Mapping[str, Sequence[str]]:
    """Return for each item at hand the items at hand that rest on it; what those rest on comes after them."""
    rests = {name: [each for each in names if name in before.get(each, ())] for name in names}
    return {name: rests[name] for name in TopologicalSorter(rests).static_order()}


def _last(
    followers: Mapping[str, Sequence[str]], wanted: Mapping[str, date], closures: Collection[date]
) -> Mapping[str, date]:
    """Return each item's last safe day: a business day, and none later than that of an item that rests on it."""
    last: dict[str, date] = {}
    for name, rest in followers.items():
        last[name] = min(business_day_before(wanted[name], closures), *(last[each] for each in rest), date.max)
    return last


def _spread(number: int, first: date, end: date, closures: Collection[date]) -> Sequence[date]:
    """Return as many business days, spread evenly from the first to the end; one alone lies half-way.

    Half-way leaves an item as much time to slip as it has for the work, and nothing else asks for the days.
    """
    first = min(business_day_from(first, closures), end)
    days = [day for day in _days(first, end) if is_business_day(day, closures)]
    if number == 1:
        return [days[(len(days) - 1) // 2]]
    return [days[at * (len(days) - 1) // (number - 1)] for at in range(number)]


def _days(begin: date, end: date) -> Iterator[date]:
    return (begin + timedelta(days=number) for number in range((end - begin).days + 1))


def _staggered(
    points: Mapping[str, int | None],
    followers: Mapping[str, Sequence[str]],
    last: Mapping[str, date],
    spread: Sequence[date],
) -> Mapping[str, date]:
    """Return a due date for each item: what others rest on before them, then the heavier, then as they come.

    The days are given away from the last one back, each to the lightest item on which nothing rests that is still
    without a day: so an item whose last safe day is early takes an early day, and others make room for it. One item
    more moves the others by about one step of the spread.
    """
    came = {name: number for number, name in enumerate(points)}
    sorter = TopologicalSorter(followers)
    sorter.prepare()
    free: set[str] = set()
    due: dict[str, date] = {}
    for day in reversed(spread):
        free.update(sorter.get_ready())
        name = max(free, key=lambda each: (min(last[each], day), -(points[each] or 0), came[each]))
        free.remove(name)
        sorter.done(name)
        due[name] = min(last[name], day)
    return due


def backplan_in(
    file: str, text: str, mistakes: list[str], *, requirements: Collection[Requirement], window: int
) -> BackPlan | None:
    """Return the plan that a YAML text holds; whatever is wrong is added to the mistakes, with file and line.

    `window` is the length of the closeout clock in days.
    """
    before = len(mistakes)
    top = read(file, text, mistakes)
    if top is None:
        return None
    ids = {row.id for row in requirements}
    found = top.mapping(("paths",), ("earlier", "before"))
    paths = found["paths"].mapping(tuple(Path)) if "paths" in found else {}
    leads = {path: _leads(paths[path], window) for path in Path if path in paths}
    earlier = {
        name: spot.whole(1) for name, spot in _by_requirement(found.get("earlier"), ids) if _fits(spot, leads, window)
    }
    rests = {name: _names(spot, ids) for name, spot in _by_requirement(found.get("before"), ids)}
    try:
        tuple(TopologicalSorter(rests).static_order())
    except CycleError as error:
        found["before"].wrong(f"{' -> '.join(error.args[1])} goes round in a circle; take one of them out")
    return BackPlan(leads, earlier, rests) if len(mistakes) == before else None


def _leads(spot: Spot, window: int) -> Leads:
    names = tuple(field_.name for field_ in fields(Leads))
    found = spot.mapping(names)
    days = {name: found[name].whole() if name in found else 0 for name in names}
    total = sum(days.values())
    if total >= window:
        spot.wrong(
            f"{' + '.join(f'{name} {count}' for name, count in days.items())} = {total} days leave none of the "
            f"{window} days of the closeout clock for the work; shorten them"
        )
    return Leads(**days)


def _by_requirement(spot: Spot | None, ids: Collection[str]) -> Iterator[tuple[str, Spot]]:
    """Yield the lines of a table by requirement; one that is there and empty has none."""
    if spot is None or spot.value is None:
        return
    for name, row in spot.entries().items():
        if name not in ids:
            row.wrong(f"{name} is no requirement id; write it as AC.L2-3.1.3")
        yield str(name), row


def _names(spot: Spot, ids: Collection[str]) -> tuple[str, ...]:
    names = spot.texts()
    for name in names:
        if name not in ids:
            spot.wrong(f"{name} is no requirement id; write it as AC.L2-3.1.3")
    return names


def _fits(spot: Spot, leads: Mapping[Path, Leads], window: int) -> bool:
    """Whether so many days earlier still leave a day for the work on every path; a mistake where they do not."""
    days = spot.value
    if not isinstance(days, int):
        return True
    for path, lead in leads.items():
        room = window - lead.posting - lead.closeout - lead.validation - lead.buffer - lead.first_due
        if days >= room > 0:
            spot.wrong(f"{days} days earlier leave none for the work on path {path}; write less than {room}")
            return False
    return True
