"""The score of an assessment and its bounds while requirements are not assessed (32 CFR 170.24(c))."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from cmmc_rules import keys
from cmmc_rules.law import Edition
from cmmc_rules.results import Outcome
from cmmc_rules.words import Level, Result


@dataclass(frozen=True, slots=True)
class Score:
    """Points at best (whatever is not assessed were MET) and at worst (NOT MET at full value), of `most`.

    `least_conditional` is the least score with which a Conditional status is possible.
    """

    best: int
    worst: int
    most: int
    least_conditional: int


def score(outcomes: Sequence[Outcome], level: Level, edition: Edition) -> Score | None:
    """The points of these outcomes; None where there are none to give.

    Level 1 has no points (32 CFR 170.24(c)(1)). At Level 2 nothing is scored unless the SSP requirement is MET
    (32 CFR 170.24(c)(2)(i)(B)(5)).
    """
    if level is Level.ONE:
        return None
    if level is Level.TWO and plan(outcomes, edition).result is not Result.MET:
        return None
    best = best_points(outcomes, level, edition)
    open_points = sum(each.requirement.points or 0 for each in outcomes if each.result is Result.NOT_ASSESSED)
    return Score(
        best=best,
        worst=best - open_points,
        most=most_points(level, edition),
        least_conditional=least_conditional(level, edition),
    )


def best_points(outcomes: Sequence[Outcome], level: Level, edition: Edition) -> int:
    """The points of Level 2 or 3 that are left if whatever is not assessed turns out MET, the SSP included."""
    lost = sum(each.points or 0 for each in outcomes if each.result is Result.NOT_MET)
    return most_points(level, edition) - lost


def most_points(level: Level, edition: Edition) -> int:
    """The score of Level 2 or 3 when every requirement is MET."""
    return edition[keys.MOST_2 if level is Level.TWO else keys.MOST_3].value


def least_conditional(level: Level, edition: Edition) -> int:
    """The least whole score of Level 2 or 3 that reaches the ratio of 32 CFR 170.21(a)(2)(i) or (3)(i)."""
    return ceil(edition[keys.LEAST_RATIO[level]].value * most_points(level, edition))


def plan(outcomes: Sequence[Outcome], edition: Edition) -> Outcome:
    """The outcome of the requirement to have a system security plan."""
    name = edition[keys.SSP].value
    return next(each for each in outcomes if each.requirement.id == name)
