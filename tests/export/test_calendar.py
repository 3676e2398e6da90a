"""The calendar of an assessment: its days as all-day events that a calendar program can read back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from cmmc_jira.core.agenda import Entry, agenda
from cmmc_jira.core.issues import Category
from cmmc_jira.core.world import World
from cmmc_jira.export.calendar import calendar
from support.policies import shipped
from support.worlds import carry_out, decide, edit, enter, not_met, world

POLICY = shipped()
FLOW, ALERT = "AC.L2-3.1.3", "AU.L2-3.3.4"


def entries(seen: World) -> dict[str, Entry]:
    wanted = decide(seen, policy=POLICY)[0]
    assert wanted.standing
    return {entry.name: entry for entry in agenda(seen, wanted.standing.official, wanted.schedule)}


def done(seen: World) -> World:
    for _ in range(4):
        seen = carry_out(decide(seen, policy=POLICY)[1], seen)
    return seen


def test_before_posting_there_is_no_clock_to_enter() -> None:
    found = entries(world(not_met(FLOW)))
    assert found == {}


def test_a_posted_conditional_status_has_its_deadline_its_plan_and_its_items() -> None:
    found = entries(done(world(not_met(FLOW, ALERT), CMMC_Status_Date="2026-06-01", Closeout_Booked="2026-10-15")))
    assert found["deadline"].day == date(2026, 11, 28)
    assert "32 CFR 170.21(b)" in found["deadline"].text
    assert found["booked"].day == date(2026, 10, 15)
    assert [name for name in found if name.startswith("milestone-")] == [f"milestone-{n}" for n in range(4)]
    assert any(name.startswith("due-") and FLOW in entry.text for name, entry in found.items())
    assert found["affirmation"].day == date(2027, 6, 1)
    assert found["retention"].day == date(2032, 6, 1)


def test_every_day_says_of_which_assessment_it_is_and_on_what_it_rests() -> None:
    found = entries(done(world(not_met(FLOW, ALERT), CMMC_Status_Date="2026-06-01", Closeout_Booked="2026-10-15")))
    assert all(entry.text.endswith("\nAssessment: CMMC-1, Enclave") for entry in found.values())
    assert all(entry.title.startswith(("CMMC ", "Keep CMMC ")) for entry in found.values())
    without = {name for name, entry in found.items() if "32 CFR" not in entry.text}
    assert without == {"booked", *(name for name in found if name.startswith("due-"))}


def test_days_that_several_items_share_are_one_entry() -> None:
    found = entries(done(world(not_met(FLOW, ALERT), CMMC_Status_Date="2026-06-01")))
    (safe,) = (entry for name, entry in found.items() if name.startswith("safe-"))
    assert safe.title == "CMMC last safe day: 2 items"
    assert FLOW in safe.text
    assert ALERT in safe.text


def test_an_annual_affirmation_of_a_conditional_status_is_no_certainty() -> None:
    found = entries(world(not_met(FLOW), CMMC_Status_Date="2026-06-01"))
    assert "if the status is Final by then" in found["affirmation"].text


def closed_out(**entered: str) -> World:
    seen = done(world(not_met(FLOW), CMMC_Status_Date="2026-06-01"))
    seen = enter(seen, Closeout_Posted="2026-08-03", Closeout_Assessed="2026-08-01", Closeout_By="OSA", **entered)
    item = {"CMMC_Finding": "MET", "CMMC_Decision": "closeout", "CMMC_Decision_Date": "2026-08-01"}
    return replace(edit(seen, FLOW, category=Category.DONE, **item), day=date(2026, 8, 10))


def test_after_the_closeout_no_clock_is_left_but_its_affirmation_until_that_is_entered() -> None:
    found = entries(closed_out())
    assert found["closeout-affirmation"].day == date(2026, 8, 3)
    assert "32 CFR 170.22(a)(3)(iv)" in found["closeout-affirmation"].text
    assert found["valid-through"].day == date(2029, 6, 1)
    assert "Final Level 2 (Self)" in found["valid-through"].text
    assert found["affirmation"].day == date(2027, 6, 1)
    assert "if the status" not in found["affirmation"].text
    assert set(found) == {"closeout-affirmation", "valid-through", "affirmation", "retention"}
    assert "closeout-affirmation" not in entries(closed_out(Closeout_Affirmed_On="2026-08-04"))


@pytest.mark.parametrize(("day", "held"), [(date(2026, 11, 28), True), (date(2026, 11, 29), False)])
def test_the_deadline_stays_when_it_has_passed_and_nothing_is_promised_of_a_status_that_ended(
    day: date, *, held: bool
) -> None:
    found = entries(replace(world(not_met(FLOW), CMMC_Status_Date="2026-06-01"), day=day))
    assert found["deadline"].day == date(2026, 11, 28)
    assert ("affirmation" in found) == held


def test_a_window_that_the_report_has_closed_is_no_day_to_wait_for() -> None:
    seen = world(not_met(FLOW), Assessment_Path="C3PAO", Assessment_End_Date="2026-05-29")
    assert "reevaluation" in entries(seen)
    assert "reevaluation" not in entries(enter(seen, Findings_Report_Delivered="2026-06-01"))


def test_a_persons_due_date_counts_and_what_is_ready_is_left_out() -> None:
    seen = done(world(not_met(FLOW, ALERT), CMMC_Status_Date="2026-06-01"))
    seen = edit(edit(seen, FLOW, Due_Date="2026-07-15"), ALERT, category=Category.DONE)
    found = entries(seen)
    assert found["due-2026-07-15"].title == f"CMMC item due: {FLOW} ({seen.issues[FLOW].key})"
    assert not any(ALERT in entry.text for entry in found.values())


def test_without_a_status_the_target_is_the_day_that_counts() -> None:
    seen = done(enter(world(not_met("AC.L2-3.1.1"), CMMC_Status_Date="2026-06-01"), Target_Reassessment="2026-12-01"))
    found = entries(seen)
    assert found["target"].day == date(2026, 12, 1)
    assert "deadline" not in found


def test_windows_are_entered_while_they_matter() -> None:
    seen = world(
        not_met(FLOW), Assessment_Path="C3PAO", Assessment_End_Date="2026-05-29", Appeal_Route="DIBCAC",
        Appeal_Trigger="2026-05-29",
    )  # fmt: skip
    assert {name: entry.day for name, entry in entries(seen).items()} == {
        "reevaluation": date(2026, 6, 12),
        "appeal": date(2026, 6, 19),
    }
    assert "appeal" not in entries(enter(seen, Appeal_Filed="2026-06-01"))


def test_the_file_can_be_read_back_and_says_what_was_put_in() -> None:
    rows = [
        Entry("deadline", date(2026, 11, 28), "Last, day; \\ of it", "Long words " * 30 + "\nand a line"),
        Entry("safe", date(2028, 2, 29), "Leap", "x"),
    ]
    content = calendar(rows, name="CMMC: Enclave", assessment_id="10001", as_of=date(2026, 6, 1))
    assert content == calendar(rows, name="CMMC: Enclave", assessment_id="10001", as_of=date(2026, 6, 1))
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    read = Calendar.from_ical(content)
    events = read.walk("VEVENT")
    assert [event["UID"] for event in events] == ["10001/deadline@cmmc-jira", "10001/safe@cmmc-jira"]
    assert [event.decoded("DTSTART") for event in events] == [row.day for row in rows]
    assert [event.decoded("DTEND") for event in events] == [row.day + timedelta(days=1) for row in rows]
    assert [str(event["SUMMARY"]) for event in events] == [row.title for row in rows]
    assert str(events[0]["DESCRIPTION"]) == rows[0].text
    assert (read["VERSION"], read["X-WR-CALNAME"]) == ("2.0", "CMMC: Enclave")


def test_the_last_day_of_the_calendar_can_be_written() -> None:
    content = calendar([Entry("target", date.max, "Far", "x")], name="x", assessment_id="1", as_of=date(2026, 6, 1))
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event.decoded("DTSTART") == date.max


def test_the_same_matter_keeps_its_name_when_its_day_moves() -> None:
    seen = world(not_met(FLOW), CMMC_Status_Date="2026-06-01")
    before, after = entries(seen), entries(replace(enter(seen, CMMC_Status_Date="2026-05-20"), day=date(2026, 6, 2)))
    assert before["deadline"].day != after["deadline"].day
