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
    closeout assessment begins) follow it; `posted_by` is when the result should be posted. `slack` is days between
    the latest safe begin of the closeout assessment and the booked one: negative means booked too late. `closeout` is
    False where the deadline is the day on which a new assessment begins.
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
    decided_by = min(latest, booked) if booked else latest
    ready_by = business_day_before(decided_by - timedelta(days=leads.validation + leads.buffer), closures)
    last = {
        name: business_day_before(ready_by - timedelta(days=plan.earlier.get(name, 0)), closures) for name in points
    }
    first = business_day_from(start + timedelta(days=leads.first_due), closures)
    due = _staggered(ordered(points, plan.before), last, first=first, closures=closures)
    return Schedule(
        start=start,
        deadline=deadline,
        booked=booked,
        ready_by=ready_by,
        validated_by=decided_by - timedelta(days=leads.buffer),
        decided_by=decided_by,
        posted_by=deadline - timedelta(days=leads.posting if closeout else 0),
        slack=(latest - booked).days if booked else None,
        items={name: Safe(due[name], last[name]) for name in points},
        closeout=closeout,
    )


def ordered(points: Mapping[str, int | None], before: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return items in the order of their work: what others rest on, then the heavier, then as they came.

    An item that others rest on comes before them as if it were as heavy as the heaviest of them.
    """
    rests = {name: tuple(first for first in before.get(name, ()) if first in points) for name in points}
    weight = {name: points[name] or 0 for name in points}
    for name in reversed(tuple(TopologicalSorter(rests).static_order())):
        for first in rests[name]:
            weight[first] = max(weight[first], weight[name])
    sorter = TopologicalSorter(rests)
    sorter.prepare()
    came = {name: number for number, name in enumerate(points)}
    open_: list[str] = []
    row: list[str] = []
    while sorter.is_active():
        open_ += sorter.get_ready()
        open_.sort(key=lambda name: (-weight[name], came[name]))
        row.append(open_.pop(0))
        sorter.done(row[-1])
    return tuple(row)


def _staggered(
    names: Sequence[str], last: Mapping[str, date], *, first: date, closures: Collection[date]
) -> Mapping[str, date]:
    """Return a due date for each item in its order, spread evenly over the business days up to the last safe one."""
    if not names:
        return {}
    end = max(last.values())
    days = [day for day in _days(min(first, end), end) if is_business_day(day, closures)]
    steps = max(1, len(names) - 1)
    spread = [days[-1 if len(names) == 1 else number * (len(days) - 1) // steps] for number in range(len(names))]
    due = {name: min(day, last[name]) for name, day in zip(names, spread, strict=True)}
    soonest = end
    for name in reversed(names):  # what comes earlier in the order is never due later
        soonest = due[name] = min(due[name], soonest)
    return due


def _days(begin: date, end: date) -> Iterator[date]:
    return (begin + timedelta(days=number) for number in range((end - begin).days + 1))


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
