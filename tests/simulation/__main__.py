"""Tell many histories on all cores: `python -m simulation --seeds 10000`. The exit code is 1 when one goes wrong."""

import argparse
import logging
import multiprocessing
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from rich.progress import track

from simulation.history import Ending, Room, Step, history, shortest, tell, tell_seed

CHUNK: Final = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell the histories, and print each that goes wrong, as short as it can be made."""
    parser = argparse.ArgumentParser(prog="python -m simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many histories")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--told", nargs="+", help="tell this one history again, for example: edit/7 work/12")
    asked = parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)
    if asked.told:
        return _tell_again([_step(word) for word in asked.told])
    rounds: Counter[int] = Counter()
    wrong = 0
    for seed, ending in track(_told(asked.first, asked.seeds), "Histories", total=asked.seeds):
        rounds[ending.rounds] += 1
        if ending.wrong:
            wrong += 1
            _report(seed, ending)
    _say(f"{asked.seeds} histories from seed {asked.first} on: {wrong} went wrong; rounds to rest: {dict(rounds)}.")
    return 1 if wrong else 0


def _told(first: int, seeds: int) -> Iterator[tuple[int, Ending]]:
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        yield from pool.imap_unordered(tell_seed, range(first, first + seeds), chunksize=CHUNK)


def _report(seed: int, ending: Ending) -> None:
    _say(f"Seed {seed} went wrong: {'; '.join(ending.wrong[:3])}.")
    with Room() as room:
        short = shortest(history(seed), room)
        _say(f"  The shortest history that does: --told {' '.join(map(str, short))}")
        _say(f"  It ends so: {'; '.join(tell(short, room).wrong[:3])}.")


def _tell_again(steps: Sequence[Step]) -> int:
    with Room() as room:
        ending = tell(steps, room)
    _say("\n".join(ending.wrong) or f"It comes to rest after {ending.rounds} rounds, and all is well.")
    return 1 if ending.wrong else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _step(word: str) -> Step:
    kind, _, seed = word.partition("/")
    return Step(kind, int(seed))


if __name__ == "__main__":
    raise SystemExit(main())
