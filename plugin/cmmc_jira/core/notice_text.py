"""The words of a notice: mentions, the rung's template filled in, what was slept through, who could not be told."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Final

from cmmc_jira.core import citations
from cmmc_jira.core.backplan import Safe, Schedule
from cmmc_jira.core.issues import Actual, Category, Kind
from cmmc_jira.core.notice_values import assessment_values, item_values
from cmmc_jira.core.roles import Told
from cmmc_jira.core.text import Markup, complaint, escape, mention, render
from cmmc_jira.core.world import World
from cmmc_rules.ladder import Clock, Run
from cmmc_rules.records import Appeal, Evaluation, Item, Reevaluation
from cmmc_rules.words import PATHS_OF_LEVEL, Level, Path, Result, Status

_WINDOW: Final = timedelta(days=180)
_DAYS_LEFT: Final = (60, 1, 0, -1, -14)
_NOBODY_TOLD: Final = "Nobody is mentioned here, because nobody is known."


def compose(
    say: str, values: Mapping[str, object], told: Told, *, world: World, slept: Sequence[str], texts: Mapping[str, str]
) -> Markup:
    """Return the comment that a rung makes: `slept` are the steps that nobody was awake to say, in words."""
    body = render(f"notices/{say}", values, own=texts, name=say)
    missed = [f"Not recorded here as said on its day: {', '.join(slept)}."] if slept else []
    nobody = [] if told.people else [_NOBODY_TOLD]
    return _comment(told.people, body, [*missed, *nobody, *told.notes], world)


def digest(person: str, rows: Sequence[Mapping[str, object]], *, world: World, notes: Sequence[str] = ()) -> Markup:
    """Return the comment on the status issue that stands for several notices to one person.

    `rows` are the values of items, each with what was `slept` through, in words.
    """
    values = {"rows": rows, "count": len(rows), "today": world.day, "assessment": world.assessment.key}
    return _comment((person,), render("notices/digest", values), notes, world)


def _comment(people: Sequence[str], body: str, remarks: Sequence[str], world: World) -> Markup:
    mentions = " ".join(mention(person, world.flavour) for person in people)
    below = "\n".join(f"_{escape(remark)}_" for remark in remarks)
    return Markup("\n\n".join(part for part in (mentions, body.strip(), below) if part) + "\n")


def check(say: str, clock: Clock, texts: Mapping[str, str]) -> str | None:
    """Return what is wrong with the template of a rung for its clock; None when it can be filled in."""
    return _complaint(say, clock, texts.get(say))


@cache
def _complaint(say: str, clock: Clock, text: str | None) -> str | None:
    return complaint(f"notices/{say}", _samples(clock), own={} if text is None else {say: text}, name=say)


@cache
def _samples(clock: Clock) -> Sequence[Mapping[str, object]]:
    """Return values such as a template of this clock is filled with, to try it out: each path, before and after."""
    return [
        _sample(clock, level, path, days_left, planned=planned)
        for level, paths in PATHS_OF_LEVEL.items()
        for path in paths
        for days_left in _DAYS_LEFT
        for planned in (True, False)
    ]


def _sample(clock: Clock, level: Level, path: Path, days_left: int, *, planned: bool) -> Mapping[str, object]:
    start = date(2026, 6, 1)
    day = start + _WINDOW - timedelta(days=days_left)
    item = Item("AC.L2-3.1.3", "Control CUI Flow", 1, poam_eligible=planned, objectives_not_met=(), variant=None,
                citation=citations.CLOSEOUT_WINDOW, because="It is worth 1 point")  # fmt: skip
    entered = {"Compliance Lead": "lead", "Affirming Official": "official"} if planned else {}
    issue = Actual("1", "CMMC-1", Kind.ASSESSMENT, "assessment", Category.NEW, entered)
    world = World(assessment=issue, day=day, issues={})
    official = _sample_evaluation(level, path, start, day, item)
    run = Run(start, start + _WINDOW)
    plan = Schedule(start, run.deadline, day, day, day, day, day, 1, {item.requirement: Safe(day, day)})
    schedule = plan if planned else None
    if clock is Clock.ITEM_DUE:
        return item_values(item, world=world, official=official, schedule=schedule, run=run)
    return assessment_values(clock, world=world, official=official, schedule=schedule, run=run)


def _sample_evaluation(level: Level, path: Path, start: date, day: date, item: Item) -> Evaluation:
    status = next((each for each in Status if each.conditional and path in each), Status.NONE)
    deadline = start + _WINDOW
    return Evaluation(
        level=level, path=path, as_of=day, posted=True, score=109, max_score=110, min_conditional_score=88,
        score_at_worst=None, score_at_best=None, status=status, sprs_status_type=None,
        conditional_eligible=True, gates=(), reasons=(), notices=(), items=(item,), not_assessed=(),
        results={item.requirement: Result.NOT_MET}, cmmc_status_date=start, deadline=deadline,
        day_number=(day - start).days, days_remaining=(deadline - day).days, valid_through=None,
        next_annual_affirmation_due=start.replace(year=2027), affirmation_current=True,
        closeout_affirmation_required=False, retain_through=None, hashing_required=False,
        reevaluation=Reevaluation(open=False, last_day=None), appeal=Appeal(last_day=None, timely=None),
    )  # fmt: skip
