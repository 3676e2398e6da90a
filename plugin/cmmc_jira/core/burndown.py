"""How the open items go down, beside how the plan has them go down."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from cmmc_jira.core.backplan import Schedule
from cmmc_jira.core.identity import digest

PICTURES: Final = re.compile(r"closeout-burndown-[0-9a-f]{8}\.png")
"""The names of our pictures."""


@dataclass(frozen=True, slots=True)
class Row:
    """One day on which the plan or the work moved: items open at its end; `open` is None for a day to come."""

    day: date
    planned: int
    open: int | None


@dataclass(frozen=True, slots=True)
class Burndown:
    """What the picture and its table show. `milestones` are named days of the plan."""

    start: date
    deadline: date
    milestones: tuple[tuple[str, date], ...]
    rows: tuple[Row, ...]

    def file_name(self) -> str:
        """Return the picture's name, which is another one whenever it shows something else."""
        shown = [self.start, self.deadline, self.milestones, [[row.day, row.planned, row.open] for row in self.rows]]
        return f"closeout-burndown-{digest(shown)[:8]}.png"


def burndown(schedule: Schedule, ready: Mapping[str, date | None], day: date) -> Burndown:
    """Return the burndown of items, by the day each became ready (None: it is open), as it stands on a day.

    It has a row for the start, the deadline, and each day from the start on which the plan or the work moved; what
    was ready, or due, before the start is so from the start.
    """
    due = [max(safe.due, schedule.start) for safe in schedule.items.values()]
    done = [max(when, schedule.start) for when in ready.values() if when]
    moved = {schedule.start, schedule.deadline, *due, *(when for when in done if when <= day)}
    return Burndown(
        start=schedule.start,
        deadline=schedule.deadline,
        milestones=schedule.milestones(),
        rows=tuple(
            Row(
                day=when,
                planned=sum(each > when for each in due),
                open=len(ready) - sum(each <= when for each in done) if when <= day else None,
            )
            for when in sorted(moved)
        ),
    )
