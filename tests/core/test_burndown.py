"""The burndown: rows where something moved, nothing of days to come, and a name that changes with what is shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.core.backplan import Safe, Schedule
from cmmc_jira.core.burndown import PICTURES, Row, burndown

START = date(2026, 6, 1)
DEADLINE = START + timedelta(days=180)


def on(number: int) -> date:
    return START + timedelta(days=number)


def planned(*due: int) -> Schedule:
    return Schedule(
        start=START,
        deadline=DEADLINE,
        booked=None,
        ready_by=on(120),
        validated_by=on(135),
        decided_by=on(150),
        posted_by=on(170),
        slack=None,
        items={f"item-{n}": Safe(on(day), on(120)) for n, day in enumerate(due)},
    )


def ready(*days: int | None) -> Mapping[str, date | None]:
    return {f"item-{n}": None if day is None else on(day) for n, day in enumerate(days)}


def test_there_is_a_row_for_each_day_on_which_the_plan_or_the_work_moved_and_for_both_ends() -> None:
    found = burndown(planned(30, 30, 60), ready(20, None, 70), on(90))
    assert found.rows == (
        Row(on(0), planned=3, open=3),
        Row(on(20), planned=3, open=2),
        Row(on(30), planned=1, open=2),
        Row(on(60), planned=0, open=2),
        Row(on(70), planned=0, open=1),
        Row(on(180), planned=0, open=None),
    )


@pytest.mark.parametrize(("day", "known"), [(29, None), (30, 1), (31, 1)])
def test_what_is_open_is_known_up_to_the_day_itself_and_never_later(day: int, known: int | None) -> None:
    rows = burndown(planned(30), ready(None), on(day)).rows
    assert [row.open for row in rows] == [1, known, None]


def test_what_was_ready_or_due_before_the_start_is_so_from_the_start() -> None:
    rows = burndown(planned(-5, 40), ready(-20, None), on(0)).rows
    assert rows[0] == Row(START, planned=1, open=1)
    assert [row.day for row in rows] == [on(0), on(40), on(180)]


def test_what_is_ready_only_after_the_deadline_has_its_row_there() -> None:
    rows = burndown(planned(30), ready(185), on(190)).rows
    assert rows[-2:] == (Row(on(180), planned=0, open=1), Row(on(185), planned=0, open=0))


@given(
    days=st.lists(st.integers(0, 200) | st.none(), min_size=2, max_size=2),
    day=st.integers(0, 200),
)
def test_the_picture_is_another_one_only_on_a_day_on_which_something_moved(days: list[int | None], day: int) -> None:
    schedule = planned(30, 60)
    before, after = (burndown(schedule, ready(*days), on(each)) for each in (day - 1, day))
    moved = day in {0, 30, 60, 180} or day in days
    assert (before.file_name() != after.file_name()) == moved


def test_the_name_of_the_picture_follows_everything_that_is_shown() -> None:
    schedule, whole = planned(30, 60), ready(20, None)
    first = burndown(schedule, whole, on(40)).file_name()
    assert PICTURES.fullmatch(first)
    others = {
        burndown(schedule, ready(21, None), on(40)).file_name(),
        burndown(planned(31, 60), whole, on(40)).file_name(),
        burndown(replace(schedule, ready_by=on(119)), whole, on(40)).file_name(),
        burndown(replace(schedule, deadline=on(181)), whole, on(40)).file_name(),
    }
    assert len(others | {first}) == 5
    assert burndown(replace(schedule, slack=3), whole, on(40)).file_name() == first
