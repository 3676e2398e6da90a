"""What each ladder that ships says on which day, case by case; the cases stand in tests/law/ladder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from cmmc_rules.calendar import ONE_DAY
from cmmc_rules.ladder import Clock, Condition, Ladder, Run, lengths, reached
from cmmc_rules.law import load_law
from support.policies import shipped

FOLDER = Path(__file__).parents[1] / "law" / "ladder"
LADDERS: Mapping[str, Ladder] = {ladder.id: ladder for ladder in shipped().escalation.ladders}


@dataclass(frozen=True)
class Case:
    """One sentence about a ladder, and the step that holds on each of its days (None: none yet)."""

    sentence: str
    ladder: str
    run: Run
    closures: frozenset[date]
    days: Mapping[date, str | None]


def cases() -> Iterator[Case]:
    for file in sorted(FOLDER.glob("*.yaml")):
        found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        for case in found["cases"]:
            row = {"holds": [], "closures": [], **found, **case}
            holds = frozenset(Condition(each) for each in row["holds"])
            run = Run(row["start"], row["deadline"], holds)
            yield Case(f"{file.stem}: {case['case']}", row["ladder"], run, frozenset(row["closures"]), row["days"])


CASES = list(cases())


def holding(case: Case, day: date) -> str | None:
    """The step that holds on a day, as a case writes it: `rung`, or `rung/occurrence`."""
    step = reached(LADDERS[case.ladder], case.run, day, closures=case.closures)
    if step is None:
        return None
    return f"{step.rung.id}/{step.occurrence}" if step.occurrence else step.rung.id


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_the_ladder_says(case: Case) -> None:
    assert {day: holding(case, day) for day in case.days} == dict(case.days)


def test_each_rung_that_ships_is_looked_at_on_the_day_before_the_day_and_the_day_after() -> None:
    looked_at = {
        (case.ladder, step)
        for case in CASES
        for day, step in case.days.items()
        if day + ONE_DAY in case.days and case.days.get(day - ONE_DAY, step) != step
    }
    assert {(ladder.id, rung.id) for ladder in LADDERS.values() for rung in ladder.rungs} <= looked_at


def test_every_clock_has_a_ladder_and_the_closeout_s_is_as_long_as_the_law_says() -> None:
    assert {ladder.clock for ladder in LADDERS.values()} == set(Clock)
    days = lengths(load_law().edition())
    assert days[Clock.CONDITIONAL_CLOSEOUT] == 180
    for case in CASES:
        clock = LADDERS[case.ladder].clock
        length = (case.run.deadline - case.run.start).days
        assert length <= days.get(clock, length)
        assert clock is not Clock.CONDITIONAL_CLOSEOUT or length == days[clock]


def test_every_ladder_that_repeats_speaks_for_ever_after_its_deadline() -> None:
    repeating = {ladder.clock for ladder in LADDERS.values() if ladder.rungs[-1].repeat_days}
    assert repeating == set(Clock) - {Clock.REEVALUATION, Clock.APPEAL}
