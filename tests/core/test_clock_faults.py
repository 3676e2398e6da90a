"""What a clock does when people or accidents take from it what it rests on: it neither jumps, nor doubles, nor lies."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from cmmc_jira.core.changes import Comment
from cmmc_jira.core.fields import DUE
from cmmc_jira.core.identity import STATUS_SUBJECT
from cmmc_jira.core.issues import Category
from cmmc_jira.core.policy import Policy
from cmmc_jira.core.text import TEXT_LIMIT
from cmmc_jira.core.world import World
from support.policies import shipped
from support.worlds import LAW, carry_out, decide, description, edit, enter, not_met, world

POSTED = date(2026, 6, 1)
DAY_75 = date(2026, 8, 15)
EXPIRED_AND_SAID = date(2026, 11, 30)
FLOW, ALERT, CHANGE, EXTERNAL = "AC.L2-3.1.3", "AU.L2-3.3.4", "CM.L2-3.4.3", "AC.L2-3.1.9"
POLICY = shipped()


def live(seen: World, *, policy: Policy = POLICY) -> tuple[World, list[Comment]]:
    """Return the world after all that follows from it was done, and what was said."""
    said: list[Comment] = []
    for _ in range(5):
        todo = decide(seen, policy=policy)[1]
        if not todo.changes:
            return seen, said
        said += todo.of(Comment)
        seen = carry_out(todo, seen)
    raise AssertionError(todo.changes)


def conditional(*requirements: str) -> World:
    return live(world(not_met(*requirements), day=POSTED, CMMC_Status_Date=POSTED.isoformat()))[0]


def on(seen: World, day: date) -> World:
    return live(replace(seen, day=day))[0]


def dues(seen: World) -> Mapping[str, str]:
    return {subject: issue.fields[DUE] for subject, issue in seen.issues.items() if subject != STATUS_SUBJECT}


def without_status(seen: World) -> World:
    issues = {subject: issue for subject, issue in seen.issues.items() if subject != STATUS_SUBJECT}
    return replace(seen, issues=issues)


def test_a_level_that_was_empty_for_a_while_moves_no_due_date() -> None:
    seen = on(conditional(FLOW, ALERT, CHANGE), DAY_75)
    empty = live(enter(seen, CMMC_Level=None))[0]
    assert description(empty, STATUS_SUBJECT).startswith("*Undetermined*")
    assert dues(live(enter(empty, CMMC_Level="2"))[0]) == dues(seen)


def test_a_status_issue_that_was_deleted_takes_no_due_date_with_it() -> None:
    seen = on(conditional(FLOW, ALERT, CHANGE), DAY_75)
    again = live(without_status(seen))[0]
    assert STATUS_SUBJECT in again.issues
    assert dues(again) == dues(seen)


def test_a_new_status_issue_says_todays_rung_and_does_not_claim_that_the_earlier_ones_were_not_said() -> None:
    seen = on(conditional(FLOW, ALERT, CHANGE), DAY_75)
    todo = decide(without_status(seen), policy=POLICY)[1]
    seen = carry_out(todo, without_status(seen))
    status = replace(seen.issues[STATUS_SUBJECT], created="2026-08-15T09:00:00.000+0000")
    said = live(replace(seen, issues={**seen.issues, STATUS_SUBJECT: status}))[1]
    [notice] = [comment for comment in said if comment.subject == STATUS_SUBJECT]
    assert notice.identity == "closeout/day-60/2026-11-28"
    assert "Not said on its day" not in notice.body


@pytest.mark.parametrize("target", ["2026-05-28", "2026-11-28"])
def test_a_target_reassessment_from_before_the_end_of_a_status_is_none_for_after_it(target: str) -> None:
    seen = live(world(not_met(FLOW, ALERT), day=date(2026, 5, 1), Target_Reassessment=target))[0]
    seen = live(enter(replace(seen, day=POSTED), CMMC_Status_Date=POSTED.isoformat()))[0]
    seen = on(seen, date(2026, 11, 27))
    said = live(replace(seen, day=EXPIRED_AND_SAID))[1]
    assert "closeout/expired/2026-11-28" in [comment.identity for comment in said]
    assert not [comment.identity for comment in said if comment.identity.startswith("target/")]
    deadlines = {comment.identity.split("/")[2] for comment in said if comment.subject in {FLOW, ALERT}}
    assert deadlines <= set(dues(seen).values())


def test_a_target_reassessment_after_the_end_of_a_status_gives_its_items_new_days() -> None:
    seen = on(conditional(FLOW, ALERT), EXPIRED_AND_SAID)
    seen = live(enter(seen, Target_Reassessment="2027-03-01"))[0]
    assert all("2026-11-30" < due < "2027-03-01" for due in dues(seen).values())


def test_after_months_of_sleep_with_every_requirement_open_what_is_said_still_fits_a_comment() -> None:
    every = [requirement.id for requirement in LAW.requirements(2)]
    seen = live(world(not_met(*every), day=POSTED, CMMC_Status_Date="2026-06-01", Target_Reassessment="2026-12-01"))[0]
    for subject in every:
        seen = edit(seen, subject, Due_Date="2026-07-06")
    seen = live(seen)[0]
    said = decide(replace(seen, day=POSTED + timedelta(days=200)), policy=POLICY)[1].of(Comment)
    [comment] = [comment for comment in said if comment.identity.startswith("digest/")]
    assert "earlier ones, " in comment.body
    assert len(comment.body) < TEXT_LIMIT


def test_what_two_people_are_told_together_is_remembered_once() -> None:
    seen = conditional(FLOW, ALERT, CHANGE)
    for subject in (FLOW, ALERT, CHANGE):
        seen = edit(seen, subject, Due_Date="2026-07-06", Assignee="owner-1")
    seen = on(seen, date(2026, 7, 3))
    seen, said = live(replace(seen, day=date(2026, 7, 7)))
    assert len([comment for comment in said if comment.identity.startswith("digest/")]) == 2
    remembered = seen.issues[STATUS_SUBJECT].memory["said"]
    assert len(remembered) == len(set(remembered))


def test_a_digest_waits_for_its_status_issue_and_is_not_lost_meanwhile() -> None:
    seen = conditional(FLOW, ALERT, CHANGE)
    owners = {FLOW: "owner-1", ALERT: "owner-2", CHANGE: "owner-3"}
    for subject, owner in owners.items():
        seen = edit(seen, subject, Due_Date="2026-07-06", Assignee=owner)
    seen = on(seen, date(2026, 7, 3))
    said = live(without_status(replace(seen, day=date(2026, 7, 7))))[1]
    for subject in owners:
        told = [comment.body for comment in said if subject in comment.body and "lead-1" in comment.body]
        assert told, f"the compliance lead never heard that {subject} is overdue"


def three_due_and_a_fourth_later() -> World:
    seen = conditional(FLOW, ALERT, CHANGE, EXTERNAL)
    for subject in (FLOW, ALERT, CHANGE):
        seen = edit(seen, subject, Due_Date="2026-08-03")
    return on(edit(seen, EXTERNAL, Due_Date="2026-09-15"), date(2026, 7, 18))


def test_a_digest_that_was_said_and_not_remembered_is_found_again_a_day_later() -> None:
    seen = replace(three_due_and_a_fourth_later(), day=date(2026, 7, 20))
    names = [
        [comment.identity for comment in decide(replace(seen, day=day), policy=POLICY)[1].of(Comment)]
        for day in (date(2026, 7, 20), date(2026, 7, 21))
    ]
    assert len(names[0]) == 1
    assert names[0] == names[1]


def test_an_item_that_joins_a_digest_that_was_said_and_not_remembered_is_not_lost() -> None:
    seen = replace(three_due_and_a_fourth_later(), day=date(2026, 7, 20))
    [before] = decide(seen, policy=POLICY)[1].of(Comment)
    joined = edit(seen, EXTERNAL, Due_Date="2026-08-03")
    [after] = decide(joined, policy=POLICY)[1].of(Comment)
    assert EXTERNAL in after.body
    assert after.identity != before.identity


def test_what_an_acknowledgement_silenced_is_not_called_slept() -> None:
    seen = on(edit(conditional(FLOW), FLOW, Due_Date="2026-08-03"), date(2026, 7, 20))
    seen = on(edit(seen, FLOW, Acknowledged_Until="2026-08-01", Acknowledgement_Reason="waits"), date(2026, 7, 28))
    [notice] = [said for said in live(replace(seen, day=date(2026, 8, 3)))[1] if said.subject == FLOW]
    assert notice.identity == "item/due-1/2026-08-03"
    assert "Not said on its day" not in notice.body


def test_what_an_item_had_no_need_of_while_it_was_ready_is_not_called_slept() -> None:
    seen = on(edit(conditional(FLOW), FLOW, Due_Date="2026-08-03"), date(2026, 6, 10))
    seen = on(edit(seen, FLOW, category=Category.DONE), date(2026, 7, 30))
    seen = edit(replace(seen, day=date(2026, 8, 9)), FLOW, category=Category.NEW)
    [notice] = [said for said in live(seen)[1] if said.subject == FLOW]
    assert notice.identity == "item/overdue-1/2026-08-03"
    assert "Not said on its day" not in notice.body


def test_a_booking_that_was_taken_back_does_not_call_slept_what_it_had_stopped() -> None:
    seen = live(enter(conditional(FLOW), Closeout_Booked="2026-10-20"))[0]
    seen = on(on(seen, date(2026, 7, 1)), date(2026, 8, 1))
    said = live(enter(replace(seen, day=DAY_75), Closeout_Booked=None))[1]
    [notice] = [comment for comment in said if comment.identity.startswith("closeout/")]
    assert notice.identity == "closeout/day-60/2026-11-28"
    assert "Not said on its day" not in notice.body


def test_a_new_due_date_after_the_status_ended_is_not_held_against_the_plan_that_ended_with_it() -> None:
    seen = on(conditional(FLOW), EXPIRED_AND_SAID)
    seen, said = live(edit(seen, FLOW, Due_Date="2027-01-15"))
    assert not [comment.identity for comment in said if comment.identity.startswith("late/")]
    assert "Due after the last safe day" not in description(seen, STATUS_SUBJECT)
    assert dues(seen) == {FLOW: "2027-01-15"}


@pytest.mark.parametrize(("path", "by", "result"), [("Self", "OSA", "NOT MET"), ("C3PAO", "OSA", "MET")])
def test_a_closeout_that_closed_nothing_out_does_not_silence_the_expiry(path: str, by: str, result: str) -> None:
    seen = world(not_met(FLOW), day=POSTED, CMMC_Status_Date=POSTED.isoformat(), Assessment_Path=path)
    seen = on(live(seen)[0], date(2026, 10, 1))
    decided = {"CMMC_Finding": result, "CMMC_Decision": "closeout", "CMMC_Decision_Date": "2026-10-01"}
    seen = live(enter(edit(seen, FLOW, **decided), Closeout_Posted="2026-10-01", Closeout_By=by))[0]
    said = live(replace(on(seen, date(2026, 11, 27)), day=EXPIRED_AND_SAID))[1]
    assert "closeout/expired/2026-11-28" in [comment.identity for comment in said]


def test_a_closeout_recorded_as_posted_late_says_what_happened() -> None:
    seen = on(conditional(FLOW), EXPIRED_AND_SAID)
    seen = enter(replace(seen, day=date(2026, 12, 7)), Closeout_Posted="2026-12-03", Closeout_By="OSA")
    said = live(seen)[1]
    assert not [comment.identity for comment in said if comment.identity.startswith("closeout/")]
