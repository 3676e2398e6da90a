"""Histories: made from a seed, told until they rest, and made shorter while they still go wrong."""

import logging
import random
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulation.truth import quiet, untruths
from simulation.world import Step, World

WEIGHTS: Final = {
    "edit": 26, "work": 50, "deliver": 8, "tick": 5, "beat": 4, "wait": 12, "days": 5, "fault": 10, "heal": 3,
    "slow_down": 3, "put_off": 9, "kill": 3, "doom": 12, "lose_database": 1,
}  # fmt: skip
BEGINNINGS: Final = ((), ("with_issues",), ("with_status",))
UNTOLD: Final = ("days", "lose_database", "fault")
SHORTEST, LONGEST = 15, 60


@dataclass(frozen=True, slots=True)
class Ending:
    """How a history ended: what was not as it must be, and how many rounds it took to come to rest."""

    wrong: tuple[str, ...]
    rounds: int = 0


def history(seed: int) -> tuple[Step, ...]:
    """Return the history of a seed: where it begins, then whatever chance brings; in each fourth Jira is honest."""
    chance = random.Random(seed)  # noqa: S311 - a history must be repeatable, not unguessable
    honest = seed % 4 == 0
    weights = {kind: weight for kind, weight in WEIGHTS.items() if not honest or kind not in UNTOLD}
    kinds = chance.choices(list(weights), list(weights.values()), k=chance.randint(SHORTEST, LONGEST))
    begin = [*chance.choice(BEGINNINGS), *(["be_honest"] if honest else [])]
    return tuple(Step(kind, chance.randrange(1_000_000)) for kind in (*begin, *kinds))


def tell(steps: Sequence[Step], folder: Path) -> Ending:
    """Let a history happen and come to rest; what broke on the way is wrong too."""
    random.seed(0)  # backing off takes its jitter from here
    world = World(folder)
    try:
        for step in steps:
            world.take(step)
        world.heal()
        unheard = _unheard(world) if world.honest else []
        rounds = world.settle()
        return Ending((*unheard, *untruths(world)), rounds)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what went wrong
        return Ending((f"{type(error).__name__}: {error}",))
    finally:
        world.close()


def _unheard(world: World) -> list[str]:
    """Return what Jira told of and nobody acted on, before the schedule looks at everything again."""
    day = world.site.clock.today()
    world.hear()
    return [f"unheard: {each}" for each in quiet(world)] if world.site.clock.today() == day else []


def shortest(steps: Sequence[Step], folder: Path) -> tuple[Step, ...]:
    """Return as short a history as can be found that still goes wrong: pieces are left out, ever smaller ones."""
    kept = tuple(steps)
    size = max(1, len(kept) // 2)
    while True:
        at, found = 0, False
        while at < len(kept):
            fewer = kept[:at] + kept[at + size :]
            if tell(fewer, folder).wrong:
                kept, found = fewer, True
            else:
                at += size
        if size == 1 and not found:
            return kept
        size = max(1, size // 2)


class Room:
    """A folder for the to-do list, in memory where the system has such a place: nothing in it outlives the history."""

    def __enter__(self) -> Path:
        memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
        self._folder = tempfile.mkdtemp(prefix="cmmc-jira-", dir=memory if memory.is_dir() else None)
        return Path(self._folder)

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def tell_seed(seed: int) -> tuple[int, Ending]:
    """Let the history of a seed happen in a room of its own; the seed and the ending."""
    logging.disable(logging.CRITICAL)  # what a history does to the service is meant to fail
    with Room() as room:
        return seed, tell(history(seed), room)
