"""One line of the table: a figure of ours, what stands beside it, and how the two compare."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, as people read it, and `figures` for programs; seconds unless a name says otherwise.

    `ratio` is the median of the rounds, `spread` its least and most; `met` is whether the goal is, where there is one.
    """

    what: str
    ours: str
    beside: str = ""
    ratio: float | None = None
    spread: tuple[float, float] | None = None
    goal: str = ""
    met: bool | None = None
    figures: Mapping[str, float] = field(default_factory=dict)

    def compared(self) -> str:
        """Return the ratio with its spread, for the table."""
        if self.ratio is None:
            return ""
        least, most = self.spread or (self.ratio, self.ratio)
        return _short(self.ratio) if least == most else f"{_short(self.ratio)}; {_short(least)} to {_short(most)}"

    def told(self) -> str:
        """Return the goal, and whether it is met."""
        return self.goal if self.met is None else f"{self.goal}: {'met' if self.met else 'MISSED'}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}" if value >= 10 else f"{value:.2f}"  # noqa: PLR2004  places
