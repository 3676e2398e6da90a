"""What is said as clocks run, to whom, and when it is not said: the policy file escalation.yaml, read strictly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from cmmc_rules.ladder import Clock, Ladder


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
