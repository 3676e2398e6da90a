"""The plan back from a deadline: until when each item is safely ready, and when it is due."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

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
    the latest safe begin of the closeout assessment and the booked one: negative means booked too late.
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
    """
