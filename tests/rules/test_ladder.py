"""Ladders on any sequence of days: in order, never before it is true, never passed over, for ever where they repeat."""

from collections.abc import Collection
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cmmc_rules.calendar import ONE_DAY, is_business_day
from cmmc_rules.ladder import (
    Clock,
    Condition,
    Ladder,
    Reached,
    Role,
    Run,
    Rung,
    Unit,
    coming,
    passed,
    place,
    reached,
    steps,
)

MONDAY = date(2026, 6, 1)


def rung(name: str, unit: Unit, count: int, *, when: Condition | None = None, repeat_days: int | None = None) -> Rung:
    return Rung(name, unit, count, "text", (Role.COMPLIANCE_LEAD,), when, repeat_days)


def ladder(*rungs: Rung) -> Ladder:
    return Ladder("ladder", Clock.CONDITIONAL_CLOSEOUT, rungs)


@st.composite
def climbs(draw: st.DrawFn) -> tuple[Ladder, Run, frozenset[date]]:
    """Any ladder in order, any run of it, and any closures."""
    start = draw(st.dates(date(2024, 12, 16), date(2034, 12, 31)))
    holds = draw(st.frozensets(st.sampled_from(Condition)))
    run = Run(start, start + timedelta(days=draw(st.integers(0, 400))), holds)
    places = st.one_of(
        st.tuples(st.just(Unit.DAY), st.integers(0, 450)),
        st.tuples(st.just(Unit.DAYS_LEFT), st.integers(-60, 60)),
        st.tuples(st.just(Unit.MONTHS_LEFT), st.integers(0, 12)),
    )
    row = st.tuples(places, st.none() | st.sampled_from(Condition), st.none() | st.integers(1, 40))
    rungs = [
        rung(f"{unit}-{count}", unit, count, when=when, repeat_days=repeat_days)
        for (unit, count), when, repeat_days in draw(
            st.lists(row, min_size=1, max_size=6, unique_by=lambda row: row[0])
        )
    ]
    rungs.sort(key=lambda each: place(each, run))
    around = st.dates(start - timedelta(days=40), run.deadline + timedelta(days=60))
    return ladder(*rungs), run, draw(st.frozensets(around, max_size=10))


def name(step: Reached | None) -> tuple[str, int] | None:
    return (step.rung.id, step.occurrence) if step else None


@given(climbs(), st.lists(st.integers(1, 90), min_size=1, max_size=12))
def test_whatever_the_gaps_each_step_is_reached_in_order_or_passed_and_none_twice(
    climb: tuple[Ladder, Run, frozenset[date]], gaps: list[int]
) -> None:
    rungs, run, closures = climb
    day = run.start - timedelta(days=60)
    seen = list(steps(rungs, run, until=day, closures=closures))
    for gap in gaps:
        before, day = day, day + timedelta(days=gap)
        now = reached(rungs, run, day, closures=closures)
        seen += passed(rungs, run, after=before, day=day, closures=closures)
        if now is not None and now.on > before:
            seen.append(now)
        assert name(now) == name(seen[-1] if seen else None)
    assert seen == list(steps(rungs, run, until=day, closures=closures))
    assert len({name(step) for step in seen}) == len(seen)
    order = [rungs.rungs.index(step.rung) for step in seen]
    assert order == sorted(order)
    assert all(earlier.on <= later.on for earlier, later in pairwise(seen))


@given(climbs(), st.integers(-40, 500))
def test_the_highest_rung_that_is_due_is_the_one_reached(
    climb: tuple[Ladder, Run, frozenset[date]], number: int
) -> None:
    rungs, run, closures = climb
    day = run.start + timedelta(days=number)
    due = [
        each.id
        for each in rungs.rungs
        if (each.when is None or each.when in run.holds) and spoken_on(each, place(each, run), run, closures) <= day
    ]
    now = reached(rungs, run, day, closures=closures)
    assert (now.rung.id if now else None) == (due[-1] if due else None)


def spoken_on(each: Rung, stands: date, run: Run, closures: Collection[date]) -> date:
    """The day on which a rung is said, told another way than the code does it: by trying one day after the other."""
    step = ONE_DAY if stands > run.deadline else -ONE_DAY
    day = stands
    while not is_business_day(day, closures):
        day += step
    if each.unit is Unit.DAY and day < run.start:
        day = run.start
        while not is_business_day(day, closures):
            day += ONE_DAY
    return day


@given(climbs())
def test_nothing_is_said_on_a_closed_day_nor_before_it_is_true(climb: tuple[Ladder, Run, frozenset[date]]) -> None:
    rungs, run, closures = climb
    for step in steps(rungs, run, until=run.deadline + timedelta(days=200), closures=closures):
        stands = place(step.rung, run) + timedelta(days=step.occurrence * (step.rung.repeat_days or 0))
        assert is_business_day(step.on, closures)
        if stands > run.deadline:
            assert step.on >= stands
        if step.rung.unit is Unit.DAY:
            assert step.on >= run.start


@given(climbs(), st.integers(1, 40), st.integers(0, 3000))
def test_a_rung_that_repeats_last_never_falls_silent(
    climb: tuple[Ladder, Run, frozenset[date]], repeat_days: int, number: int
) -> None:
    rungs, run, closures = climb
    last = rung("last", Unit.DAYS_LEFT, -61, repeat_days=repeat_days)
    assume(all(place(each, run) < place(last, run) for each in rungs.rungs))
    day = place(last, run) + timedelta(days=7 + number)
    now = reached(ladder(*rungs.rungs, last), run, day, closures=closures)
    assert now is not None
    assert now.rung == last
    assert day - timedelta(days=repeat_days + 7) < now.on <= day


@given(climbs(), st.integers(-60, 500), st.integers(0, 20))
def test_what_is_to_come_is_what_will_have_been_said(
    climb: tuple[Ladder, Run, frozenset[date]], number: int, further: int
) -> None:
    rungs, run, closures = climb
    day = run.start + timedelta(days=number)
    so_far = list(steps(rungs, run, until=day, closures=closures))
    ahead = list(islice(coming(rungs, run, day=day, closures=closures), further))
    assert all(step.on > day for step in ahead)
    if ahead:
        by_then = list(steps(rungs, run, until=ahead[-1].on, closures=closures))
        assert by_then[: len(so_far) + len(ahead)] == [*so_far, *ahead]


def test_what_is_to_come_ends_where_nothing_repeats() -> None:
    rungs = ladder(rung("a", Unit.DAY, 0), rung("b", Unit.DAYS_LEFT, 1), rung("c", Unit.DAYS_LEFT, -1))
    run = Run(MONDAY, date(2026, 6, 30))
    assert [(step.rung.id, step.on) for step in coming(rungs, run, day=MONDAY)] == [
        ("b", date(2026, 6, 29)),
        ("c", date(2026, 7, 1)),
    ]


def test_of_two_rungs_that_are_said_on_one_day_the_later_one_is_reached() -> None:
    rungs = ladder(rung("saturday", Unit.DAYS_LEFT, 3), rung("sunday", Unit.DAYS_LEFT, 2))
    run = Run(MONDAY, date(2026, 6, 30))  # a Tuesday
    friday = date(2026, 6, 26)
    assert [(step.rung.id, step.on) for step in steps(rungs, run, until=friday)] == [
        ("saturday", friday),
        ("sunday", friday),
    ]
    assert name(reached(rungs, run, friday)) == ("sunday", 0)
    assert name(reached(rungs, run, friday - ONE_DAY)) is None


def test_a_last_day_that_is_closed_is_told_before_it_and_its_end_after_it() -> None:
    rungs = ladder(rung("last-day", Unit.DAYS_LEFT, 0), rung("ended", Unit.DAYS_LEFT, -1))
    saturday = date(2026, 6, 27)
    assert [step.on for step in coming(rungs, Run(MONDAY, saturday), day=MONDAY)] == [
        date(2026, 6, 26),
        date(2026, 6, 29),
    ]


def test_no_step_is_said_before_the_one_before_it() -> None:
    rungs = ladder(rung("day-0", Unit.DAY, 0), rung("left-179", Unit.DAYS_LEFT, 179))
    saturday = date(2026, 6, 6)
    run = Run(saturday, saturday + timedelta(days=180))
    assert [step.on for step in coming(rungs, run, day=MONDAY)] == [date(2026, 6, 8), date(2026, 6, 8)]


def test_a_repetition_ends_with_the_next_rung_and_goes_on_where_its_condition_does_not_hold() -> None:
    rungs = ladder(
        rung("weekly", Unit.DAY, 0, repeat_days=7),
        rung("final", Unit.DAY, 21, when=Condition.CLOSEOUT_NOT_BOOKED, repeat_days=1),
    )
    holds = Run(MONDAY, MONDAY + timedelta(days=180), frozenset({Condition.CLOSEOUT_NOT_BOOKED}))
    names = [name(step) for step in steps(rungs, holds, until=MONDAY + timedelta(days=22))]
    assert names == [("weekly", 0), ("weekly", 1), ("weekly", 2), ("final", 0), ("final", 1)]
    booked = Run(holds.start, holds.deadline)
    assert name(reached(rungs, booked, MONDAY + timedelta(days=29))) == ("weekly", 4)


def test_what_may_have_been_slept_through_is_what_came_between() -> None:
    rungs = ladder(*(rung(f"day-{number}", Unit.DAY, number) for number in (0, 1, 2, 3)))
    run = Run(MONDAY, MONDAY + timedelta(days=180))
    wednesday, thursday = MONDAY + timedelta(days=2), MONDAY + timedelta(days=3)
    assert [step.rung.id for step in passed(rungs, run, after=MONDAY, day=thursday)] == ["day-1", "day-2"]
    assert passed(rungs, run, after=wednesday, day=thursday) == ()
    assert passed(rungs, run, after=date.min, day=MONDAY - ONE_DAY) == ()


def test_a_step_has_one_name_for_each_deadline_and_occurrence() -> None:
    step = Reached(rung("overdue", Unit.DAYS_LEFT, -1, repeat_days=7), 0, MONDAY)
    again = Reached(step.rung, 2, MONDAY)
    assert step.identity("item", MONDAY) == "item/overdue/2026-06-01"
    assert again.identity("item", MONDAY) == "item/overdue/2026-06-01/2"


@pytest.mark.parametrize("deadline", [date.min, date.min + ONE_DAY, date.max - ONE_DAY, date.max])
def test_a_deadline_at_the_end_of_the_calendar_is_a_deadline_like_any_other(deadline: date) -> None:
    rungs = ladder(
        rung("month", Unit.MONTHS_LEFT, 1),
        rung("week", Unit.DAYS_LEFT, 7),
        rung("over", Unit.DAYS_LEFT, -1),
        rung("weekly", Unit.DAYS_LEFT, -14, repeat_days=7),
    )
    run = Run(deadline, deadline)
    now = reached(rungs, run, MONDAY)
    assert (now.rung.id if now else None) == ("weekly" if deadline < MONDAY else None)
    assert all(step.on > MONDAY for step in islice(coming(rungs, run, day=MONDAY), 10))
    last = list(islice(coming(rungs, run, day=date.max - timedelta(days=30)), 50))
    assert [step.on for step in last] == sorted(step.on for step in last)
