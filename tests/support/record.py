"""What really happened to each assessment, noted outside of the to-do list; and what was lost or doubled of it.

*Lost* is an assessment whose last event no write has covered. *Double* is a run that begins while another one of the
same assessment runs under a lease that holds, or a write of a run after which another one has begun.
"""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Run:
    """One look: the token it has, until when its lease holds, and which event it has read."""

    key: str
    token: int
    leased_until: float
    read: int | None = None
    over: bool = False


@dataclass(slots=True)
class Record:
    """Counts events, runs and writes of every key; `extra` are finished runs that saw nothing new."""

    events: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    runs: list[Run] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    extra: int = 0
    finished: int = 0

    def happen(self, key: str) -> None:
        """Something changes about an assessment."""
        self.events[key] += 1

    def begin(self, key: str, token: int, *, leased_until: float, now: float) -> Run:
        """A run begins and reads how things are."""
        self.double += [
            f"{key}: run {token} beside run {other.token}"
            for other in self.runs
            if other.key == key and not other.over and other.leased_until > now
        ]
        run = Run(key, token, leased_until)
        self.runs.append(run)
        return run

    def look(self, run: Run) -> None:
        """A run reads how things are."""
        run.read = self.events[run.key]

    def write(self, run: Run) -> None:
        """A run writes what it has read."""
        newest = max(other.token for other in self.runs if other.key == run.key)
        if run.token < newest:
            self.double.append(f"{run.key}: run {run.token} wrote after run {newest} had begun")
        assert run.read is not None
        self.extra += run.read == self.written[run.key]
        self.written[run.key] = run.read
        self.finished += 1

    def lost(self) -> list[str]:
        """Return the assessments whose last event no write has covered."""
        return sorted(key for key, last in self.events.items() if self.written[key] != last)
