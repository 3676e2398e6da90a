"""Only a recorded re-evaluation, appeal or closeout changes the official findings, and only with its date."""

from datetime import date

import pytest

from cmmc_jira.core.changes import Transition
from cmmc_jira.core.issues import Category
from cmmc_jira.core.world import World
from cmmc_rules.records import Finding
from cmmc_rules.words import Result
from support.worlds import comments, decide, description, edit, enter, not_met, settle, world

FLOW, SESSIONS, EXTERNAL = "AC.L2-3.1.3", "AC.L2-3.1.11", "AC.L2-3.1.20"
POSTED = "2026-03-26"


def c3pao(*requirements: str, **entered: str) -> World:
    """Return a certification assessment whose active period ended on 2026-03-13: the window ends on 2026-03-27."""
    entered = {"Assessment_Path": "C3PAO", "Assessment_End_Date": "2026-03-13", **entered}
    return settle(world(not_met(*requirements), **entered))


def decided(seen: World, what: str, on: str | None, finding: str | None = "MET", subject: str = EXTERNAL) -> World:
    return edit(seen, subject, CMMC_Decision=what, CMMC_Decision_Date=on, CMMC_Finding=finding)


@pytest.mark.parametrize(("on", "counts"), [("2026-03-26", True), ("2026-03-27", True), ("2026-03-28", False)])
def test_a_re_evaluation_counts_inside_its_window(on: str, counts: bool) -> None:  # noqa: FBT001
    seen = settle(decided(c3pao(FLOW, EXTERNAL), "re-evaluation", on))
    text = description(seen, "status")
    assert ("Would be Conditional Level 2 (C3PAO)" in text) == counts
    assert ("after its window ended on 2026-03-27" in text) == (not counts)
    assert (seen.issues[EXTERNAL].category is Category.DONE) == counts


def test_a_re_evaluation_after_the_findings_report_does_not_count() -> None:
    seen = c3pao(FLOW, EXTERNAL, Findings_Report_Delivered="2026-03-20")
    assert settle(decided(seen, "re-evaluation", "2026-03-20")).issues[EXTERNAL].category is Category.DONE
    text = description(settle(decided(seen, "re-evaluation", "2026-03-21")), "status")
    assert "after the Findings Report was delivered on 2026-03-20" in text


def test_an_appeal_changes_what_is_frozen_and_closes_the_issue_with_the_reason() -> None:
    seen = c3pao(FLOW, EXTERNAL, CMMC_Status_Date=POSTED)
    assert description(seen, "status").startswith("*No CMMC Status*")
    todo = decide(decided(seen, "appeal", "2026-04-20"))[1]
    assert comments(todo)[EXTERNAL] == ["Closed: AC.L2-3.1.20 is MET by the appeal of 2026-04-20.\n"]
    assert [(change.subject, change.category) for change in todo.of(Transition)] == [(EXTERNAL, Category.DONE)]
    settled = settle(decided(seen, "appeal", "2026-04-20"))
    assert description(settled, "status").startswith("*Conditional Level 2 (C3PAO)*")
    assert settled.assessment.frozen == seen.assessment.frozen


@pytest.mark.parametrize(
    ("on", "finding", "sentence"),
    [
        (None, "MET", "changes nothing while CMMC Decision Date is empty"),
        ("2026-04-20", None, "changes nothing while CMMC Finding is empty"),
        ("2026-06-02", "MET", "which is in the future"),
    ],
)
def test_a_decision_without_its_date_its_finding_or_before_its_day_changes_nothing(
    on: str | None, finding: str | None, sentence: str
) -> None:
    seen = settle(decided(c3pao(FLOW, EXTERNAL, CMMC_Status_Date=POSTED), "appeal", on, finding))
    assert description(seen, "status").startswith("*No CMMC Status*")
    assert sentence in description(seen, "status")


@pytest.mark.parametrize("what", ["re-evaluation", "appeal"])
def test_a_self_assessment_has_neither_re_evaluation_nor_appeal(what: str) -> None:
    seen = settle(world(not_met(FLOW, EXTERNAL), CMMC_Status_Date=POSTED))
    text = description(settle(decided(seen, what, "2026-04-01")), "status")
    assert f"a self-assessment has no {what}" in text
    assert text.startswith("*No CMMC Status*")


def test_enthusiasm_alone_changes_nothing() -> None:
    seen = settle(world(not_met(FLOW, SESSIONS), CMMC_Status_Date=POSTED))
    settled = settle(edit(seen, FLOW, category=Category.DONE, CMMC_Finding="MET"))
    assert "score *108 of 110*" in description(settled, "status")


def closed_out(posted: str, by: str = "OSA", *, sessions: str = "MET") -> World:
    seen = settle(world(not_met(FLOW, SESSIONS), CMMC_Status_Date=POSTED, day=date(2026, 10, 1)))
    seen = decided(seen, "closeout", "2026-06-01", "MET", FLOW)
    seen = decided(seen, "closeout", "2026-06-01", sessions, SESSIONS)
    return settle(enter(seen, Closeout_Posted=posted, Closeout_By=by))


def test_a_closeout_posted_complete_and_in_time_makes_the_status_final_and_closes_the_issues() -> None:
    seen = closed_out("2026-09-22")
    assert description(seen, "status").startswith("*Final Level 2 (Self)*, score *110 of 110*")
    assert {seen.issues[subject].category for subject in (FLOW, SESSIONS)} == {Category.DONE}
    assert decide(seen)[1].changes == ()


@pytest.mark.parametrize(
    ("posted", "by", "sessions"),
    [("2026-09-23", "OSA", "MET"), ("2026-09-22", "C3PAO", "MET"), ("2026-09-22", "OSA", "NOT MET")],
)
def test_a_closeout_that_is_late_by_the_wrong_assessor_or_partial_does_not(posted: str, by: str, sessions: str) -> None:
    seen = closed_out(posted, by, sessions=sessions)
    assert description(seen, "status").startswith("*No CMMC Status*")
    assert seen.issues[SESSIONS].category is not Category.DONE


def test_before_it_is_posted_a_closeout_changes_nothing_official() -> None:
    seen = settle(world(not_met(FLOW), CMMC_Status_Date=POSTED))
    settled = settle(decided(seen, "closeout", "2026-06-01", "MET", FLOW))
    assert description(settled, "status").startswith("*Conditional Level 2 (Self)*, score *109 of 110*")


def test_an_item_that_is_not_on_the_poam_costs_the_conditional_status() -> None:
    seen = settle(world(not_met(FLOW, SESSIONS)))
    seen = settle(enter(edit(seen, FLOW, **{"On_POA&M": "No"}), CMMC_Status_Date=POSTED))
    assert description(seen, "status").startswith("*No CMMC Status*")


def test_the_variant_that_a_person_names_before_posting_counts_and_after_posting_does_not() -> None:
    seen = settle(world(not_met("SC.L2-3.13.11")))
    assert "*Would be no CMMC status*" in description(seen, "status")
    named = settle(edit(seen, "SC.L2-3.13.11", CMMC_Variant="employed_not_fips_validated"))
    assert "*Would be Conditional Level 2 (Self)* if posted as it stands, score *107 of 110*" in description(
        named, "status"
    )
    late = settle(enter(seen, CMMC_Status_Date=POSTED))
    late = settle(edit(late, "SC.L2-3.13.11", CMMC_Variant="employed_not_fips_validated"))
    assert description(late, "status").startswith("*No CMMC Status*")


@pytest.mark.parametrize(("day", "overdue"), [(date(2027, 3, 26), False), (date(2027, 3, 27), True)])
def test_an_overdue_affirmation_is_an_alarm_only_where_there_is_a_status_to_affirm(day: date, overdue: bool) -> None:  # noqa: FBT001
    met = settle(world([Finding(FLOW, Result.MET)], CMMC_Status_Date=POSTED, day=day))
    assert ("annual affirmation is overdue" in description(met, "status")) == overdue
    without = settle(world(not_met(EXTERNAL), CMMC_Status_Date=POSTED, day=day))
    assert "annual affirmation is overdue" not in description(without, "status")
