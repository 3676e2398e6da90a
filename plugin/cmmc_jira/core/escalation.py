"""What is said as clocks run, to whom, and when it is not said: the policy file escalation.yaml, read strictly."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from difflib import get_close_matches
from typing import Final

from cmmc_jira.core.rungs import Check, ladder_in
from cmmc_rules.ladder import Clock, Ladder
from cmmc_rules.source import Spot, read

DIGEST_AT: Final = 3
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_DAY: Final = 24 * 60
_HOUR: Final = 60


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
    file: str,
    text: str,
    mistakes: list[str],
    *,
    lengths: Mapping[Clock, int],
    check: Check,
    texts: Mapping[str, str],
) -> Escalation | None:
    """Return the escalation that a YAML text holds; whatever is wrong is added to the mistakes, with file and line.

    `lengths` are the days of the clocks whose length is law, `check` judges templates, `texts` are the organisation's.
    """
    before = len(mistakes)
    top = read(file, text, mistakes)
    if top is None:
        return None
    found = top.mapping(("ladders",), ("quiet", "digest_at"))
    spots = found["ladders"].entries() if "ladders" in found else {}
    seen: set[tuple[str, Clock]] = set()

    def check_once(say: str, clock: Clock) -> str | None:
        """Judge each text once for each clock, so that it is not refused again by every rung that says it."""
        if (say, clock) in seen:
            return None
        seen.add((say, clock))
        return check(say, clock)

    ladders = [ladder_in(str(name), spot, lengths=lengths, check=check_once) for name, spot in spots.items()]
    _one_each(spots.values(), ladders)
    quiet = _quiet(found["quiet"]) if "quiet" in found and found["quiet"].value is not None else None
    digest_at = found["digest_at"].whole(2) if "digest_at" in found else DIGEST_AT
    if ladders and None not in ladders:
        mistakes += _unsaid(texts, {say for say, _ in seen})
    if len(mistakes) > before:
        return None
    return Escalation(tuple(ladder for ladder in ladders if ladder), quiet, digest_at, texts)


def _one_each(spots: Iterable[Spot], ladders: Iterable[Ladder | None]) -> None:
    """Refuse two ladders of one clock: nobody could say which of them should speak."""
    first: dict[Clock, str] = {}
    for spot, ladder in zip(spots, ladders, strict=True):
        if ladder and ladder.clock in first:
            spot.wrong(f"the clock {ladder.clock} has a ladder already, {first[ladder.clock]}; make them one")
        elif ladder:
            first[ladder.clock] = ladder.id


def _unsaid(texts: Iterable[str], said: Iterable[str]) -> list[str]:
    """Return a mistake for each text of the organisation's own that no rung says: it would be passed over silently."""
    known = sorted(said)
    mistakes = []
    for name in sorted(set(texts) - set(known)):
        near = get_close_matches(name, known, n=1)
        mend = f"did you mean {near[0]}?" if near else f"rungs say {', '.join(known)}"
        mistakes.append(f"templates/{name}.wiki: no rung says {name!r}; {mend}")
    return mistakes


def _quiet(spot: Spot) -> QuietHours:
    found = spot.mapping(("begin", "end"))
    begin, end = (_time(found[name]) if name in found else None for name in ("begin", "end"))
    if begin is None or end is None:
        return QuietHours(time(), time())
    if _DAY - (_minutes(end) - _minutes(begin)) % _DAY < _HOUR or begin == end:
        spot.wrong("these hours leave less than one hour to speak in; move one of them, or leave both out")
    return QuietHours(begin, end)


def _minutes(at: time) -> int:
    return at.hour * _HOUR + at.minute


def _time(spot: Spot) -> time | None:
    """Return a time of day. Without quotes YAML reads 20:00 as 1200, which might be meant for noon."""
    found = _TIME.fullmatch(spot.value) if isinstance(spot.value, str) else None
    if found:
        return time(int(found[1]), int(found[2]))
    spot.wrong(f'{spot.shown()} is no time of day; write it in quotes, as "20:00"')
    return None
