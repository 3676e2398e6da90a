"""Which clocks run is decided by what is recorded, and by nothing else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cmmc_jira.core.clocks import Running, known, running
from cmmc_jira.core.facts import Facts
from cmmc_jira.core.issues import Category
from cmmc_jira.core.world import World
from cmmc_rules.ladder import Clock, Condition
from cmmc_rules.records import Finding
from cmmc_rules.words import Result
from support.worlds import decide, enter, not_met, world

POSTED = date(2026, 6, 1)
ONE_POINTER = not_met("AC.L2-3.1.3")
FIVE_POINTER = not_met("AC.L2-3.1.1")
ALL_MET = [Finding("AC.L2-3.1.1", Result.MET)]
LEVEL_1_MET = [Finding("AC.L1-b.1.i", Result.MET)]


def on(seen: World, day: int) -> World:
    return replace(seen, day=POSTED + timedelta(days=day))


def clocks(seen: World) -> dict[Clock, Running]:
    wanted = decide(seen)[0]
    assert wanted.standing
    assert isinstance(wanted.found, Facts)
    official = wanted.standing.official
    return {row.clock: row for row in running(seen, official, wanted.found.official.dates, known(seen, official))}


def test_no_clock_runs_before_the_results_are_posted() -> None:
    assert clocks(world(ONE_POINTER)) == {}


def test_posting_a_conditional_status_starts_the_clock_on_day_0() -> None:
    run = clocks(world(ONE_POINTER, CMMC_Status_Date="2026-06-01"))[Clock.CONDITIONAL_CLOSEOUT].run
    assert (run.start, run.deadline) == (POSTED, date(2026, 11, 28))


def test_posting_without_a_status_starts_no_clock() -> None:
    assert clocks(world(FIVE_POINTER, CMMC_Status_Date="2026-06-01")) == {}


def test_a_booking_is_a_condition_of_the_clock() -> None:
    seen = world(ONE_POINTER, CMMC_Status_Date="2026-06-01")
    assert Condition.CLOSEOUT_NOT_BOOKED in clocks(seen)[Clock.CONDITIONAL_CLOSEOUT].run.holds
    booked = enter(seen, Closeout_Booked="2026-10-01")
    assert Condition.CLOSEOUT_NOT_BOOKED not in clocks(booked)[Clock.CONDITIONAL_CLOSEOUT].run.holds


@pytest.mark.parametrize("day", [179, 180, 181, 500])
def test_the_closeout_clock_runs_on_after_the_deadline_while_nothing_is_recorded(day: int) -> None:
    seen = on(world(ONE_POINTER, CMMC_Status_Date="2026-06-01"), day)
    assert Clock.CONDITIONAL_CLOSEOUT in clocks(seen)


@pytest.mark.parametrize(("target", "runs"), [("2026-11-28", True), ("2026-11-29", False), ("2026-09-01", True)])
def test_only_a_target_after_the_expiry_says_what_follows_it(target: str, runs: bool) -> None:  # noqa: FBT001
    seen = on(world(ONE_POINTER, CMMC_Status_Date="2026-06-01", Target_Reassessment=target), 181)
    assert (Clock.CONDITIONAL_CLOSEOUT in clocks(seen)) is runs


def test_an_assessment_issue_that_is_done_says_so_after_expiry_and_not_before() -> None:
    seen = world(ONE_POINTER, CMMC_Status_Date="2026-06-01")
    done = replace(seen, assessment=replace(seen.assessment, category=Category.DONE))
    assert Clock.CONDITIONAL_CLOSEOUT in clocks(on(done, 180))
    assert clocks(on(done, 181)) == {}


def test_a_final_status_has_its_affirmation_and_its_end_from_the_posted_date() -> None:
    found = clocks(world(ALL_MET, CMMC_Status_Date="2026-06-01"))
    assert found[Clock.ANNUAL_AFFIRMATION].run.deadline == date(2027, 6, 1)
    assert found[Clock.STATUS_VALIDITY].run.deadline == date(2029, 6, 1)


def test_level_1_has_one_clock_for_its_yearly_assessment_and_affirmation() -> None:
    found = clocks(world(LEVEL_1_MET, CMMC_Level="1", CMMC_Status_Date="2026-06-01"))
    assert set(found) == {Clock.LEVEL_1_VALIDITY}
    assert found[Clock.LEVEL_1_VALIDITY].run.deadline == date(2027, 6, 1)


@pytest.mark.parametrize(
    ("entered", "runs"),
    [
        ({}, True),
        ({"Additional_Evidence": "No"}, False),
        ({"Affects_Other_Requirements": "Yes"}, False),
        ({"Findings_Report_Delivered": "2026-06-01"}, False),
        ({"CMMC_Status_Date": "2026-06-01"}, False),
        ({"Assessment_Path": "Self"}, False),
    ],
)
def test_the_reevaluation_window_of_a_certification_closes_by_its_conditions(
    entered: dict[str, str],
    runs: bool,  # noqa: FBT001
) -> None:
    seen = world(FIVE_POINTER, **{"Assessment_Path": "C3PAO", "Assessment_End_Date": "2026-05-29", **entered})
    assert (Clock.REEVALUATION in clocks(seen)) is runs


def test_an_appeal_runs_until_it_is_filed() -> None:
    seen = world(FIVE_POINTER, Appeal_Route="DIBCAC", Appeal_Trigger="2026-05-20", Assessment_Path="C3PAO")
    assert clocks(seen)[Clock.APPEAL].run.deadline == date(2026, 6, 10)
    assert Clock.APPEAL not in clocks(enter(seen, Appeal_Filed="2026-06-01"))


def test_without_a_status_the_target_reassessment_is_the_clock() -> None:
    seen = world(FIVE_POINTER, CMMC_Status_Date="2026-06-01", Target_Reassessment="2026-12-01")
    assert set(clocks(seen)) == {Clock.TARGET_REASSESSMENT}
    held = world(ONE_POINTER, CMMC_Status_Date="2026-06-01", Target_Reassessment="2026-12-01")
    assert Clock.TARGET_REASSESSMENT not in clocks(held)


@pytest.mark.parametrize(("path", "by", "runs"), [("C3PAO", "C3PAO", True), ("Self", "OSA", False)])
def test_a_posted_closeout_that_leaves_an_item_ends_the_status_at_once_where_emass_takes_one(
    path: str,
    by: str,
    runs: bool,  # noqa: FBT001
) -> None:
    seen = on(world(ONE_POINTER, CMMC_Status_Date="2026-06-01", Assessment_Path=path), 100)
    failed = clocks(enter(seen, Closeout_Posted="2026-09-09", Closeout_By=by))
    assert (Clock.CLOSEOUT_FAILED in failed) is runs
    assert (Clock.CONDITIONAL_CLOSEOUT in failed) is not runs
