"""Two things timed in turns, so that noise of the machine falls on both, and the median of their ratios."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Compared:
    """Seconds a call of ours and of the plain thing (medians of the rounds), and their ratio with its spread."""

    ours: float
    plain: float
    ratio: float
    least: float
    most: float


def seconds(action: Callable[[], object], times: int) -> float:
    """Return the seconds that one call takes, on average over this many."""
    begun = perf_counter()
    for _ in range(times):
        action()
    return (perf_counter() - begun) / times


def compared(ours: Callable[[], float], plain: Callable[[], float], *, rounds: int) -> Compared:
    """Return how two measurements, in any unit, compare over rounds in which each is taken once."""
    pairs = [(ours(), plain()) for _ in range(rounds)]
    ratios = sorted(one / other for one, other in pairs)
    return Compared(
        ours=median(one for one, _ in pairs),
        plain=median(other for _, other in pairs),
        ratio=median(ratios),
        least=ratios[0],
        most=ratios[-1],
    )
