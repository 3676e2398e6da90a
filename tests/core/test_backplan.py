"""The plan back from a deadline: the days on which it turns, and what each item is given."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path as File
from typing import Any

import pytest
import yaml

from cmmc_jira.core.backplan import BackPlan, Leads, Schedule, schedule
from cmmc_rules.calendar import is_business_day
from cmmc_rules.law import load_law
from cmmc_rules.words import Level, Path
from support.policies import shipped

LAW = load_law()
PLAN = shipped().backplan
ONE_POINTERS = [row.id for row in LAW.requirements(Level.TWO) if row.points == 1]
POSTED = date(2026, 6, 1)
READY_BY = date(2026, 9, 29)
"""Day 120 of the C3PAO path, a Tuesday."""
CASES: list[dict[str, Any]] = yaml.safe_load((File(__file__).parent / "backplan_days.yaml").read_text("utf-8"))


def planned(
    points: Mapping[str, int | None] | Collection[str],
    *,
    start: date = POSTED,
    deadline: date = POSTED + timedelta(days=180),
    booked: date | None = None,
    plan: BackPlan = PLAN,
) -> Schedule:
    items = points if isinstance(points, Mapping) else dict.fromkeys(points, 1)
    return schedule(items, path=Path.C3PAO, start=start, deadline=deadline, booked=booked, plan=plan)


def due(found: Schedule) -> list[str]:
    """The items in the order of their due dates."""
    return sorted(found.items, key=lambda name: found.items[name].due)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_the_days_of_the_plan(case: dict[str, Any]) -> None:
    found = schedule(
        {"AC.L2-3.1.3": 1},
        path=Path(case["path"]),
        start=case["posted"],
        deadline=case["posted"] + timedelta(days=180),
        booked=case.get("booked"),
        plan=PLAN,
        closures=case.get("closures", ()),
    )
    days = {
        "ready": found.ready_by,
        "validated": found.validated_by,
        "decided": found.decided_by,
        "posted": found.posted_by,
    }
    slack = {"slack": found.slack} if case.get("booked") else {}
    assert {**days, **slack} == case["days"]
    assert found.items["AC.L2-3.1.3"].last == found.ready_by


def test_the_milestones_are_told_in_their_order() -> None:
    days = [day for _, day in planned(ONE_POINTERS[:3]).milestones()]
    assert days == [READY_BY, date(2026, 10, 14), date(2026, 10, 29), date(2026, 11, 18)]


def test_before_a_new_assessment_only_checking_and_buffer_are_needed() -> None:
    target = date(2026, 12, 1)
    found = schedule(
        {"AC.L2-3.1.1": 5},
        path=Path.C3PAO,
        start=POSTED,
        deadline=target,
        booked=date(2026, 7, 1),
        plan=PLAN,
        closeout=False,
    )
    assert (found.ready_by, found.validated_by, found.slack) == (date(2026, 10, 30), date(2026, 11, 16), None)
    assert [name for name, _ in found.milestones()] == ["Last safe day: every item is ready", "Checked by ourselves"]


def test_an_item_alone_is_due_half_way_to_its_last_safe_day() -> None:
    only = planned(["AC.L2-3.1.3"]).items["AC.L2-3.1.3"]
    assert only.last == READY_BY
    assert only.due == date(2026, 8, 10)  # 34 business days after 22 June, and 35 before 29 September


def test_two_items_are_due_on_the_first_and_on_the_last_day() -> None:
    found = planned(["AC.L2-3.1.3", "AC.L2-3.1.4"]).items
    assert [safe.due for safe in found.values()] == [date(2026, 6, 22), READY_BY]


@pytest.mark.parametrize("number", [1, 2, 14, 22])
def test_no_two_items_are_due_on_one_day_while_there_are_days_enough(number: int) -> None:
    found = planned(ONE_POINTERS[:number]).items
    assert len({safe.due for safe in found.values()}) == number


def test_a_whole_catalogue_is_spread_over_all_business_days() -> None:
    points = {row.id: row.points for row in LAW.requirements(Level.TWO)}
    found = planned(points).items
    each = [safe.due for safe in found.values()]
    days = map(date.fromordinal, range(date(2026, 6, 22).toordinal(), READY_BY.toordinal() + 1))
    assert set(each) == {day for day in days if is_business_day(day)}
    assert max(map(each.count, each)) == 2


def test_nothing_is_planned_where_nothing_is_to_be_remediated() -> None:
    assert planned([]).items == {}
    assert planned([]).ready_by == READY_BY


def test_heavier_items_are_due_first_and_equal_ones_as_they_come() -> None:
    assert due(planned({"one": 1, "five": 5, "unscored": None, "three": 3, "other": 1})) == [
        "five",
        "three",
        "one",
        "other",
        "unscored",
    ]


def test_what_others_rest_on_is_due_before_them_however_light_it_is() -> None:
    plan = replace(PLAN, before={"heavy": ("light",), "light": ("lightest",)})
    order = due(planned({"other": 3, "heavy": 5, "light": 1, "lightest": 1}, plan=plan))
    assert order == ["lightest", "light", "heavy", "other"]


def test_what_is_not_at_hand_holds_nothing_up() -> None:
    plan = replace(PLAN, before={"a": ("met already",)})
    assert due(planned({"a": 5, "b": 1}, plan=plan)) == ["a", "b"]


def test_validated_cryptography_must_be_ready_two_weeks_before_the_rest() -> None:
    found = planned({"AC.L2-3.1.3": 1, "SC.L2-3.13.11": 3, "SC.L2-3.13.16": 1}).items
    assert found["SC.L2-3.13.11"].last == date(2026, 9, 15)
    assert found["SC.L2-3.13.16"].last == READY_BY


def test_an_item_that_must_be_ready_early_makes_others_wait_and_not_hurry() -> None:
    plan = replace(PLAN, earlier={ONE_POINTERS[9]: 80})
    found = planned(ONE_POINTERS[:10], plan=plan).items
    assert found[ONE_POINTERS[9]].due <= found[ONE_POINTERS[9]].last == date(2026, 7, 10)
    assert len({safe.due for safe in found.values()}) == 10
    assert max(safe.due for safe in found.values()) == READY_BY


def test_what_an_early_item_rests_on_must_be_ready_as_early() -> None:
    plan = BackPlan(PLAN.leads, {"b": 30}, {"b": ("a",)})
    found = planned({"a": 1, "b": 1, "c": 1}, plan=plan).items
    assert found["a"].last == found["b"].last == date(2026, 8, 28)
    assert found["a"].due <= found["b"].due


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (0, date(2026, 6, 22)),
        (78, date(2026, 9, 8)),
        (110, date(2026, 9, 24)),
        (119, date(2026, 9, 28)),
        (120, READY_BY),
    ],
)
def test_a_plan_that_begins_late_is_spread_over_what_is_left(day: int, first: date) -> None:
    start = POSTED + timedelta(days=day)
    found = planned(ONE_POINTERS[:2], start=start).items.values()
    assert [safe.due for safe in found] == [first, READY_BY]


@pytest.mark.parametrize("day", [121, 170, 180, 181, 400])
def test_what_is_known_only_after_the_last_safe_day_was_due_on_it(day: int) -> None:
    found = planned(ONE_POINTERS[:14], start=POSTED + timedelta(days=day)).items
    assert {safe.due for safe in found.values()} == {READY_BY}


def test_one_item_more_moves_the_others_by_less_than_two_steps() -> None:
    fourteen, fifteen = planned(ONE_POINTERS[:14]).items, planned(ONE_POINTERS[:15]).items
    step = (READY_BY - date(2026, 6, 22)) / 13
    assert all(abs(fifteen[name].due - fourteen[name].due) < 2 * step for name in fourteen)


def test_leads_of_nothing_leave_the_deadline_itself() -> None:
    plan = BackPlan({Path.C3PAO: Leads(0, 0, 0, 0, 0)})
    found = planned(["a", "b"], deadline=date(2026, 11, 30), plan=plan)
    assert found.ready_by == found.validated_by == found.decided_by == found.posted_by == date(2026, 11, 30)
    assert [safe.due for safe in found.items.values()] == [POSTED, date(2026, 11, 30)]
