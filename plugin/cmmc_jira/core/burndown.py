"""How the open items go down, beside how the plan has them go down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cmmc_jira.core.backplan import Schedule


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


def burndown(schedule: Schedule, ready: Mapping[str, date | None], day: date) -> Burndown:
    """Return the burndown of items, by the day each became ready (None: it is open), as it stands on a day."""
