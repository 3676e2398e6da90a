"""What is said on a day: the rung reached, once for each deadline, to whom it concerns, and nothing in quiet hours."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.core.changes import Comment
from cmmc_jira.core.fields import DUE, PRIORITY
from cmmc_jira.core.issues import Actual, Category
from cmmc_jira.core.owners import Owners
from cmmc_jira.core.plan import Plan
from cmmc_jira.core.policy import Policy
from cmmc_jira.core.world import World
from support.policies import shipped
from support.worlds import carry_out, comments, decide, edit, enter, not_met, world

POSTED = date(2026, 6, 1)
FLOW, ALERT, CHANGE = "AC.L2-3.1.3", "AU.L2-3.3.4", "CM.L2-3.4.3"
POLICY = shipped()
DUE_DAY = date(2026, 9, 1)  # a Tuesday


def at(seen: World, day: date) -> World:
    return replace(seen, day=day)


def live(seen: World, *, policy: Policy = POLICY) -> tuple[World, list[str]]:
    """Return the world after all that follows from it was done, and the names of what was said."""
    said: list[str] = []
    for _ in range(5):
        todo = decide(seen, policy=policy)[1]
        if not todo.changes:
            return seen, said
        said += [f"{change.subject} {change.identity}" for change in todo.of(Comment)]
        seen = carry_out(todo, seen)
    raise AssertionError(todo.changes)


def conditional(*requirements: str, **entered: str) -> World:
    """Return a Conditional self-assessment on day 0, with all that follows done."""
    seen = world(not_met(*requirements), day=POSTED, CMMC_Status_Date="2026-06-01", **entered)
    return live(seen)[0]


def due(seen: World, subject: str, day: date) -> World:
    return edit(seen, subject, Due_Date=day.isoformat())


def plan_of(seen: World, *, policy: Policy = POLICY) -> Plan:
    return decide(seen, policy=policy)[1]


def said(seen: World, *, policy: Policy = POLICY) -> list[str]:
    return [f"{change.subject} {change.identity}" for change in plan_of(seen, policy=policy).of(Comment)]


@pytest.mark.parametrize(
    ("days_left", "rung"),
    [
        (15, None), (14, "due-14"), (13, "due-14"), (8, "due-14"), (7, "due-7"), (5, "due-7"), (4, "due-3"),
        (3, "due-3"),
        (1, "due-1"), (0, "due-1"), (-1, "overdue-1"), (-6, "overdue-1"), (-7, "overdue-7"),
        (-13, "overdue-7"), (-14, "overdue-weekly"), (-20, "overdue-weekly"), (-21, "overdue-weekly/1"),
    ],
)  # fmt: skip
def test_one_rung_of_the_item_ladder_holds_on_each_day(days_left: int, rung: str | None) -> None:
    seen = due(at(conditional(FLOW), DUE_DAY - timedelta(days=60)), FLOW, DUE_DAY)
    seen = live(seen)[0]
    spoken = [name for name in said(at(seen, DUE_DAY - timedelta(days=days_left))) if name.startswith(FLOW)]
    if rung is None:
        assert spoken == []
    else:
        name, _, occurrence = rung.partition("/")
        again = f"/{occurrence}" if occurrence else ""
        assert spoken == [f"{FLOW} item/{name}/{DUE_DAY}{again}"]


def test_a_notice_before_a_holiday_weekend_comes_on_the_business_day_before() -> None:
    seen = live(due(at(conditional(FLOW), date(2026, 8, 26)), FLOW, date(2026, 9, 10)))[0]
    seen = live(at(seen, date(2026, 9, 3)))[0]  # 7 days before
    friday, labor_day = date(2026, 9, 4), date(2026, 9, 7)
    assert said(at(seen, friday - timedelta(days=1))) == []
    assert said(at(seen, friday)) == [f"{FLOW} item/due-3/2026-09-10"]
    assert (date(2026, 9, 10) - labor_day).days == 3


def test_what_was_said_is_not_said_again_and_a_second_look_is_quiet() -> None:
    seen, names = live(due(at(conditional(FLOW), DUE_DAY - timedelta(days=7)), FLOW, DUE_DAY))
    assert f"{FLOW} item/due-7/{DUE_DAY}" in names
    assert plan_of(seen).changes == ()


def test_a_moved_due_date_speaks_again_and_its_slip_is_kept() -> None:
    seen = live(due(at(conditional(FLOW), DUE_DAY - timedelta(days=1)), FLOW, DUE_DAY))[0]
    moved = DUE_DAY + timedelta(days=6)
    seen, names = live(due(seen, FLOW, moved))
    assert f"{FLOW} item/due-7/{moved}" in names
    assert seen.issues[FLOW].memory["keep"]["slips"][-1][:2] == [DUE_DAY.isoformat(), moved.isoformat()]


def test_after_downtime_only_todays_rung_speaks_and_tells_what_was_slept_through() -> None:
    seen = live(due(at(conditional(FLOW), DUE_DAY - timedelta(days=40)), FLOW, DUE_DAY))[0]
    todo = plan_of(at(seen, DUE_DAY - timedelta(days=1)))
    [body] = comments(todo)[FLOW]
    assert "14 days before (2026-08-18), 7 days before (2026-08-25)" in body
    assert "1 day before" not in body


def test_a_rung_that_never_was_due_while_the_date_was_known_was_not_slept_through() -> None:
    seen = due(at(conditional(FLOW), DUE_DAY - timedelta(days=2)), FLOW, DUE_DAY)
    assert "recorded here as said" not in "".join(comments(plan_of(seen)).get(FLOW, []))


@pytest.mark.parametrize(
    ("at_", "speaks"),
    [(time(5, 59), False), (time(6, 0), True), (time(19, 59), True), (time(20, 0), False), (time(0, 0), False)],
)
def test_nothing_is_said_in_quiet_hours(at_: time, speaks: bool) -> None:  # noqa: FBT001
    seen = due(at(conditional(FLOW), DUE_DAY - timedelta(days=7)), FLOW, DUE_DAY)
    spoken = [name for name in said(replace(seen, at=at_)) if name.startswith(f"{FLOW} item/")]
    assert bool(spoken) is speaks


def test_midnight_changes_nothing_and_the_morning_says_what_the_day_brings() -> None:
    entered = date(2026, 9, 2)  # seven days before it the plan has nothing due, which would move the burndown
    seen = live(due(at(conditional(FLOW), entered - timedelta(days=8)), FLOW, entered))[0]
    midnight = replace(seen, day=entered - timedelta(days=7), at=time(0))
    assert plan_of(midnight).changes == ()
    assert said(replace(midnight, at=time(6))) == [f"{FLOW} item/due-7/{entered}"]


def test_an_acknowledgement_silences_an_item_up_to_its_day_and_no_longer() -> None:
    seen = live(due(at(conditional(FLOW), DUE_DAY - timedelta(days=20)), FLOW, DUE_DAY))[0]
    seen = edit(seen, FLOW, Acknowledged_Until="2026-08-26", Acknowledgement_Reason="Waiting for the vendor")
    assert said(at(seen, date(2026, 8, 18))) == []
    assert said(at(seen, date(2026, 8, 26))) == []
    assert said(at(seen, date(2026, 8, 27))) == [f"{FLOW} item/due-7/{DUE_DAY}"]


def test_an_acknowledgement_without_a_reason_silences_nothing_and_never_the_assessment() -> None:
    seen = live(due(at(conditional(FLOW), DUE_DAY - timedelta(days=20)), FLOW, DUE_DAY))[0]
    bare = edit(seen, FLOW, Acknowledged_Until="2026-12-31")
    assert said(at(bare, date(2026, 8, 18))) == [f"{FLOW} item/due-14/{DUE_DAY}"]
    silenced = edit(bare, FLOW, Acknowledgement_Reason="Waiting")
    assert said(at(silenced, date(2026, 7, 1))) == ["status closeout/day-30/2026-11-28"]


def test_an_item_that_is_ready_hears_nothing_more() -> None:
    seen = live(due(at(conditional(FLOW), DUE_DAY - timedelta(days=20)), FLOW, DUE_DAY))[0]
    ready = live(edit(seen, FLOW, category=Category.DONE))[0]
    assert said(at(ready, DUE_DAY + timedelta(days=7))) == ["status closeout/day-90/2026-11-28"]
    assert ready.issues[FLOW].memory["keep"]["ready"] == seen.day.isoformat()


@pytest.mark.parametrize(
    ("day", "rung"),
    [
        (29, "started"), (30, "day-30"), (59, "day-30"), (60, "day-60"), (87, "day-60"), (88, "day-90"),
        (119, "day-90"), (120, "day-120"), (150, "day-150"), (165, "day-165"), (173, "day-173"), (178, "day-173"),
        (179, "day-179"), (180, "day-179"), (181, "day-179"), (182, "expired"), (188, "expired"), (189, "expired/1"),
    ],
)  # fmt: skip
def test_one_rung_of_the_closeout_ladder_holds_on_each_day(day: int, rung: str) -> None:
    seen = conditional(FLOW)  # day 181 is a Sunday: what is true only then is said on Monday, day 182
    seen = replace(
        seen, issues={**seen.issues, "status": replace(seen.issues["status"], memory=_silent(seen.issues["status"]))}
    )
    spoken = [name for name in said(at(seen, POSTED + timedelta(days=day))) if name.startswith("status closeout/")]
    name, _, occurrence = rung.partition("/")
    again = f"/{occurrence}" if occurrence else ""
    assert spoken == [f"status closeout/{name}/2026-11-28{again}"]


def _silent(issue: Actual) -> Mapping[str, object]:
    """Return an issue's memory without what was said on it."""
    return {name: value for name, value in issue.memory.items() if name != "said"}


def test_a_booked_closeout_is_not_asked_for() -> None:
    seen = enter(conditional(FLOW), Closeout_Booked="2026-10-15")
    seen = live(seen)[0]
    assert not any(
        "day-30" in name or "day-60" in name
        for day in (30, 60)
        for name in said(at(seen, POSTED + timedelta(days=day)))
    )


def test_the_affirming_official_is_told_where_one_is_entered_else_the_notice_says_that_nobody_is() -> None:
    seen = live(conditional(FLOW, Affirming_Official="official-1"))[0]
    [body] = comments(plan_of(at(seen, POSTED + timedelta(days=150))))["status"]
    assert body.startswith("[~accountid:official-1] [~accountid:lead-1]")
    [body] = comments(plan_of(at(conditional(FLOW), POSTED + timedelta(days=150))))["status"]
    assert "enter Affirming Official on CMMC" in body


def test_a_rung_sets_priority_and_label_once_and_a_person_may_take_them_back() -> None:
    seen = edit(conditional(FLOW), FLOW, Priority=None)
    seen = live(due(at(seen, DUE_DAY - timedelta(days=20)), FLOW, DUE_DAY))[0]
    seen = live(at(seen, DUE_DAY + timedelta(days=7)))[0]
    assert seen.issues[FLOW].fields[PRIORITY] == "High"
    assert seen.issues[FLOW].memory["labels"] == ["cmmc-overdue"]
    lowered = edit(seen, FLOW, Priority="Low")
    assert live(at(lowered, DUE_DAY + timedelta(days=8)))[0].issues[FLOW].fields[PRIORITY] == "Low"


def test_many_notices_to_one_person_on_one_day_come_as_one_on_the_status_issue() -> None:
    seen = at(conditional(FLOW, ALERT, CHANGE), DUE_DAY - timedelta(days=20))
    for subject in (FLOW, ALERT, CHANGE):
        seen = due(seen, subject, DUE_DAY)
    seen = live(seen)[0]
    later, names = live(at(seen, DUE_DAY - timedelta(days=14)))
    [name] = [name for name in names if "item/" in name or "digest" in name]
    assert name.startswith("status digest/lead-1/")
    assert live(later)[1] == []
    [body] = comments(plan_of(at(seen, DUE_DAY - timedelta(days=14))))["status"][-1:]
    assert all(subject in body for subject in (FLOW, ALERT, CHANGE))


def test_below_that_number_each_issue_has_its_own() -> None:
    seen = at(conditional(FLOW, ALERT), DUE_DAY - timedelta(days=20))
    seen = live(due(due(seen, FLOW, DUE_DAY), ALERT, DUE_DAY))[0]
    names = [name for name in said(at(seen, DUE_DAY - timedelta(days=14))) if "closeout/" not in name]
    assert names == [f"{FLOW} item/due-14/{DUE_DAY}", f"{ALERT} item/due-14/{DUE_DAY}"]


def test_a_corrected_status_date_is_spoken_of_once_and_everything_follows() -> None:
    seen, names = live(enter(at(conditional(FLOW), POSTED + timedelta(days=10)), CMMC_Status_Date="2026-05-20"))
    assert "status clock/2026-06-01/2026-05-20" in names
    assert "2026-11-16" in seen.issues["status"].fields["Description"]
    assert live(seen)[1] == []


def test_a_due_date_after_the_last_safe_day_is_answered_once_and_stays() -> None:
    seen, names = live(due(conditional(FLOW), FLOW, date(2026, 11, 20)))
    assert [name for name in names if name.startswith(f"{FLOW} late/")] == [f"{FLOW} late/2026-11-20"]
    assert seen.issues[FLOW].fields[DUE] == "2026-11-20"
    assert "Due after the last safe day: AC.L2-3.1.3" in seen.issues["status"].fields["Description"]
    assert live(seen)[1] == []


def test_a_persons_earlier_due_date_stays_without_a_word() -> None:
    seen, names = live(due(conditional(FLOW), FLOW, date(2026, 8, 3)))
    assert names == []
    assert seen.issues[FLOW].fields[DUE] == "2026-08-03"


def test_without_a_conditional_status_nothing_is_due_and_nothing_is_said_but_a_target_gives_dates() -> None:
    barred = world(not_met("AC.L2-3.1.1", FLOW), day=POSTED, CMMC_Status_Date="2026-06-01")
    seen, names = live(barred)
    assert names == []
    assert all(DUE not in issue.fields for issue in seen.issues.values())
    planned, _ = live(enter(seen, Target_Reassessment="2026-12-01"))
    assert all(issue.fields[DUE] < "2026-12-01" for name, issue in planned.issues.items() if name != "status")


def test_expiry_moves_no_due_date() -> None:
    seen = live(at(conditional(FLOW, ALERT), POSTED + timedelta(days=180)))[0]
    seen = live(edit(seen, ALERT, category=Category.DONE))[0]
    before = [seen.issues[subject].fields[DUE] for subject in (FLOW, ALERT)]
    expired = live(enter(at(seen, POSTED + timedelta(days=182)), Closeout_Booked="2026-10-01"))[0]
    assert [expired.issues[subject].fields[DUE] for subject in (FLOW, ALERT)] == before


def test_expiry_is_said_every_week_until_somebody_records_what_follows() -> None:
    seen = live(at(conditional(FLOW), POSTED + timedelta(days=182)))[0]
    week = at(seen, POSTED + timedelta(days=189))
    assert "status closeout/expired/2026-11-28/1" in said(week)
    recorded = live(enter(week, Target_Reassessment="2027-03-01"))[0]
    later = said(at(recorded, POSTED + timedelta(days=203)))
    assert not any("closeout/" in name for name in later)


MANAGED = shipped(Owners({}, {}, {"ada@example.com": "bo@example.com"}))


def test_a_manager_is_told_of_an_item_that_stays_overdue() -> None:
    seen = replace(conditional(FLOW), owners={"ada@example.com": "ada-1", "bo@example.com": "bo-1"})
    seen = edit(due(at(seen, DUE_DAY - timedelta(days=20)), FLOW, DUE_DAY), FLOW, Assignee="ada-1")
    seen = live(seen, policy=MANAGED)[0]
    [body] = comments(plan_of(at(seen, DUE_DAY + timedelta(days=7)), policy=MANAGED))[FLOW]
    assert body.startswith("[~accountid:bo-1] [~accountid:ada-1]")


@given(
    gaps=st.lists(st.integers(0, 25), min_size=5, max_size=25),
    moves=st.lists(st.tuples(st.integers(0, 24), st.integers(-20, 60)), max_size=4),
    hours=st.lists(st.sampled_from([time(3), time(9), time(23)]), min_size=25, max_size=25),
)
def test_whatever_the_days_and_edits_each_rung_speaks_once_and_a_breach_is_never_passed_over(
    gaps: list[int], moves: list[tuple[int, int]], hours: list[time]
) -> None:
    seen, heard = conditional(FLOW, ALERT), list[str]()
    for turn, gap in enumerate(gaps):
        seen = replace(seen, day=seen.day + timedelta(days=gap), at=hours[turn])
        for when, days in moves:
            if when == turn:
                seen = due(seen, FLOW, seen.day + timedelta(days=days))
        seen, names = live(seen)
        heard += names
        last = decide(seen, policy=POLICY)[0].schedule
        ours = seen.issues[ALERT].fields[DUE]
        assert last is None or ours <= last.items[ALERT].last.isoformat()
    assert len(heard) == len(set(heard))
    awake = replace(seen, day=seen.day + timedelta(days=400), at=time(9))
    closing = live(awake)[1]
    overdue = [name for name in closing if "overdue" in name or "digest" in name]
    assert overdue, closing
    assert any("closeout/expired" in name for name in closing)


def test_a_booking_moves_what_is_still_to_come_and_leaves_what_is_over() -> None:
    seen = conditional(FLOW, ALERT, CHANGE)
    before = {subject: seen.issues[subject].fields[DUE] for subject in (FLOW, ALERT, CHANGE)}
    assert before[FLOW] < before[ALERT] < before[CHANGE]
    overdue = date.fromisoformat(before[FLOW]) + timedelta(days=3)
    seen = live(edit(at(seen, overdue), ALERT, category=Category.DONE))[0]
    booked, names = live(enter(seen, Closeout_Booked="2026-10-01"))
    after = {subject: booked.issues[subject].fields[DUE] for subject in before}
    assert (after[FLOW], after[ALERT]) == (before[FLOW], before[ALERT])
    assert after[CHANGE] < before[CHANGE]
    assert names == []


def test_a_due_date_that_the_plan_moved_has_slept_through_nothing() -> None:
    seen = conditional(FLOW, ALERT)
    planned = date.fromisoformat(seen.issues[ALERT].fields[DUE])
    booked = live(enter(at(seen, planned - timedelta(days=30)), Closeout_Booked="2026-11-10"))[0]
    moved = date.fromisoformat(booked.issues[ALERT].fields[DUE])
    spoken = comments(plan_of(at(booked, moved - timedelta(days=3)))).get(ALERT, [])
    assert spoken
    assert not any(f"({day})" in body for body in spoken for day in (moved - timedelta(days=n) for n in range(31, 99)))


def test_who_just_moved_a_date_is_not_reminded_of_it_at_once() -> None:
    seen = live(due(at(conditional(FLOW), DUE_DAY - timedelta(days=1)), FLOW, DUE_DAY))[0]
    seen, names = live(due(seen, FLOW, DUE_DAY + timedelta(days=10)))  # 11 days ahead, between 14 and 7
    assert names == []
    assert f"{FLOW} item/due-7/2026-09-11" in said(at(seen, date(2026, 9, 4)))
