"""What Jira should hold, and the difference to what it holds: people win, quiet means quiet."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.core.changes import Comment, Create, Link, Remember, SetFields, Transition
from cmmc_jira.core.fields import DESCRIPTION
from cmmc_jira.core.identity import FROZEN_PROPERTY
from cmmc_jira.core.issues import Actual, Category, Kind
from cmmc_jira.core.owners import Owners
from cmmc_jira.core.plan import Plan
from cmmc_jira.core.remediation import NOTES_LINE
from cmmc_rules.records import Finding
from cmmc_rules.words import Level, Result
from support.worlds import (
    DAY,
    LAW,
    LEAD,
    carry_out,
    comments,
    decide,
    description,
    edit,
    enter,
    file,
    not_met,
    settle,
    subjects,
    world,
)

FLOW, SESSIONS, EXTERNAL, LIMIT = "AC.L2-3.1.3", "AC.L2-3.1.11", "AC.L2-3.1.20", "AC.L2-3.1.1"
POSTED = "2026-03-26"


def test_each_not_met_requirement_gets_one_issue_and_the_assessment_one_status_issue() -> None:
    todo = decide(world(not_met(FLOW, EXTERNAL)))[1]
    assert subjects(todo, Create) == [EXTERNAL, FLOW, "status"]
    flow = next(change for change in todo.of(Create) if change.subject == FLOW)
    assert flow.fields["Summary"] == "[AC.L2-3.1.3] Control CUI Flow"
    assert flow.fields["CMMC Points"] == "1"
    assert flow.fields["POA&M Eligible"] == "Yes"
    assert flow.fields["POA&M Basis"].endswith("(32 CFR 170.21(a)(2)(ii))")
    assert flow.fields["Assignee"] == LEAD
    assert flow.labels == ("cmmc", "cmmc-10001", "cmmc-10001-ac.l2-3.1.3")
    barred = next(change for change in todo.of(Create) if change.subject == EXTERNAL)
    assert barred.fields["POA&M Eligible"] == "No"
    assert "170.21(a)(2)(iii)" in barred.fields["POA&M Basis"]


def test_quiet_means_quiet() -> None:
    seen = settle(world(not_met(FLOW, SESSIONS)))
    assert decide(seen)[1].changes == ()


def test_a_later_day_alone_is_nothing_to_write_about() -> None:
    seen = settle(world(not_met(FLOW), CMMC_Status_Date=POSTED))
    assert decide(replace(seen, day=date(2026, 6, 2)))[1].changes == ()


def test_the_same_world_gives_the_same_plan_and_digest() -> None:
    one = decide(world(not_met(FLOW, SESSIONS, EXTERNAL)))[1]
    two = decide(world(list(reversed(not_met(FLOW, SESSIONS, EXTERNAL)))))[1]
    assert subjects(one, Create) == subjects(two, Create)
    assert decide(world(not_met(FLOW, SESSIONS, EXTERNAL)))[1].digest == one.digest
    assert decide(world(not_met(FLOW, SESSIONS)))[1].digest != one.digest


@pytest.mark.parametrize(
    ("field", "value"), [("Assignee", "ada"), ("Summary", "Our own words"), ("CMMC Variant", "not_employed")]
)
def test_a_value_that_a_person_set_stays(field: str, value: str) -> None:
    seen = edit(settle(world(not_met(FLOW))), FLOW, **{field: value})
    settled = settle(seen)
    assert settled.issues[FLOW].fields[field] == value


def test_an_assignee_that_a_person_took_away_stays_away() -> None:
    seen = settle(edit(settle(world(not_met(FLOW))), FLOW, Assignee=None))
    assert "Assignee" not in seen.issues[FLOW].fields


def test_a_policy_that_names_another_owner_moves_only_what_nobody_touched() -> None:
    seen = settle(world(not_met(FLOW, SESSIONS)))
    seen = edit(seen, SESSIONS, Assignee="somebody")
    owners = Owners({}, {"AC": "bob@example.com"}, {})
    todo = decide(replace(seen, owners={"bob@example.com": "bob"}), owners=owners)[1]
    moved = {change.subject: change.after.get("Assignee") for change in todo.of(SetFields)}
    assert moved[FLOW] == "bob"
    assert moved.get(SESSIONS) is None


@pytest.mark.parametrize(
    ("field", "value"), [("CMMC Points", "0"), ("POA&M Eligible", "No"), ("CMMC Requirement", "AC.L2-3.1.4")]
)
def test_a_fact_that_a_person_changed_is_restored(field: str, value: str) -> None:
    seen = settle(world(not_met(FLOW)))
    right = seen.issues[FLOW].fields[field]
    assert settle(edit(seen, FLOW, **{field: value})).issues[FLOW].fields[field] == right


def test_notes_below_the_line_stay_when_our_block_is_rewritten() -> None:
    seen = settle(world(not_met(FLOW)))
    text = description(seen, FLOW)
    seen = edit(seen, FLOW, Description=f"{text}\nAsked the firewall team, answer on Monday.")
    seen = settle(replace(seen, files=(file([Finding(FLOW, objectives={"b": Result.NOT_MET})], id_="90002"),)))
    text = description(seen, FLOW)
    assert "Objectives not met: b." in text
    assert text.index(NOTES_LINE) < text.index("Asked the firewall team")


def test_what_a_person_wrote_into_our_block_is_kept_below_the_line() -> None:
    seen = settle(world(not_met(FLOW)))
    seen = edit(seen, FLOW, Description="Rewritten by hand: " + description(seen, FLOW))
    seen = settle(replace(seen, files=(file([Finding(FLOW, objectives={"b": Result.NOT_MET})], id_="90002"),)))
    ours, _, kept = description(seen, FLOW).partition(NOTES_LINE)
    assert "Rewritten by hand" not in ours
    assert "Rewritten by hand" in kept


def test_a_description_without_our_line_is_kept_whole() -> None:
    seen = edit(settle(world(not_met(FLOW))), FLOW, Description="All mine.")
    seen = settle(replace(seen, files=(file([Finding(FLOW, objectives={"b": Result.NOT_MET})], id_="90002"),)))
    assert description(seen, FLOW).partition(NOTES_LINE)[2].strip().endswith("All mine.")


def test_done_is_ready_and_not_met_stays() -> None:
    seen = settle(world(not_met(FLOW, SESSIONS), CMMC_Status_Date=POSTED))
    seen = settle(edit(seen, FLOW, category=Category.DONE))
    assert "*Conditional Level 2 (Self)*, score *108 of 110*." in description(seen, "status")
    assert "1 of 2 NOT MET requirements is ready. It would then be" in description(seen, "status")
    assert seen.issues[FLOW].category is Category.DONE


def test_before_posting_the_file_decides_and_an_issue_no_longer_asked_for_closes_with_the_reason() -> None:
    seen = settle(world(not_met(FLOW, SESSIONS)))
    seen = replace(seen, files=(file(not_met(SESSIONS), id_="90002", name="second.csv"),))
    todo = decide(seen)[1]
    assert [(change.subject, change.category) for change in todo.of(Transition)] == [(FLOW, Category.DONE)]
    assert comments(todo) == {FLOW: ["Closed: AC.L2-3.1.3 is no longer NOT MET in second.csv.\n"]}
    assert decide(settle(seen))[1].changes == ()


def test_a_requirement_that_is_not_met_again_opens_its_issue_again() -> None:
    seen = settle(world(not_met(FLOW, SESSIONS)))
    seen = settle(replace(seen, files=(file(not_met(SESSIONS), id_="90002"),)))
    seen = replace(seen, files=(file(not_met(FLOW, SESSIONS), id_="90003"),))
    todo = decide(seen)[1]
    assert subjects(todo, Create) == []
    assert [(change.subject, change.category) for change in todo.of(Transition)] == [(FLOW, Category.NEW)]
    again = carry_out(todo, seen)
    assert decide(again)[1].of(SetFields) == [], "the first writing of the status issue was right already"
    assert decide(settle(seen))[1].changes == ()


def test_a_requirement_that_a_new_file_does_not_name_is_not_assessed_and_its_issue_stays() -> None:
    seen = settle(world(not_met(FLOW), Unlisted_Requirements="NOT ASSESSED"))
    seen = replace(seen, files=(file(not_met(SESSIONS), id_="90002"),))
    todo = decide(seen)[1]
    assert todo.of(Transition) == []
    assert subjects(todo, Create) == [SESSIONS]


def test_after_posting_a_new_file_changes_only_the_projection() -> None:
    seen = settle(world(not_met(FLOW, SESSIONS), CMMC_Status_Date=POSTED))
    seen = replace(seen, files=(file(not_met(SESSIONS, LIMIT), id_="90002"),))
    settled = settle(seen)
    assert set(settled.issues) == {FLOW, SESSIONS, "status"}
    text = description(settled, "status")
    assert "*Conditional Level 2 (Self)*, score *108 of 110*." in text
    assert "Entered after posting: AC.L2-3.1.1 NOT MET." in text
    assert "Entered after posting: AC.L2-3.1.3 no longer NOT MET." in text


def test_the_frozen_findings_are_written_before_anything_else_and_the_status_issue_names_them() -> None:
    seen = world(not_met(FLOW), CMMC_Status_Date=POSTED)
    todo = decide(seen)[1]
    assert isinstance(todo.changes[0], Remember)
    [record] = [change.value for change in todo.of(Remember) if change.key == FROZEN_PROPERTY]
    assert f"initial findings frozen as {record['digest']}" in description(settle(seen), "status")
    assert todo.of(Comment) == []


def test_incomplete_findings_are_not_frozen_and_the_complete_ones_that_follow_are() -> None:
    seen = settle(world(not_met(FLOW), CMMC_Status_Date=POSTED, Unlisted_Requirements="NOT ASSESSED"))
    assert seen.assessment.frozen == {}
    assert "the findings are incomplete" in description(seen, "status")
    seen = settle(enter(seen, Unlisted_Requirements="MET"))
    assert seen.assessment.frozen["digest"]
    assert description(seen, "status").startswith("*Conditional Level 2 (Self)*")


@pytest.mark.parametrize(("day", "counted"), [(date(2026, 9, 22), "day 180 of 180"), (date(2026, 9, 23), None)])
def test_the_days_are_counted_while_the_clock_runs_and_not_after(day: date, counted: str | None) -> None:
    text = description(settle(world(not_met(FLOW), CMMC_Status_Date=POSTED, day=day)), "status")
    assert ("day 18" in text.rpartition("As of")[2]) == bool(counted)
    assert counted is None or counted in text
    assert text.startswith("*Conditional Level 2 (Self)*" if counted else "*No CMMC Status*")
    assert "If what is ready were accepted" not in text


def test_a_date_before_any_findings_freezes_nothing() -> None:
    seen = settle(world(files=(), CMMC_Status_Date=POSTED))
    assert seen.assessment.frozen == {}
    assert description(seen, "status").startswith("*Undetermined*")


def test_a_date_in_the_future_is_said_and_counts_as_none() -> None:
    seen = settle(world(not_met(FLOW), CMMC_Status_Date="2026-06-02"))
    assert seen.assessment.frozen == {}
    text = description(seen, "status")
    assert text.startswith("*Would be Conditional Level 2 (Self)* if posted as it stands")
    assert "is in the future" in text
    assert settle(replace(seen, day=date(2026, 6, 2))).assessment.frozen["digest"]


def test_a_date_that_is_taken_away_thaws_the_findings_and_the_next_date_freezes_the_present_ones() -> None:
    seen = settle(world(not_met(FLOW), CMMC_Status_Date=POSTED))
    first = seen.assessment.frozen["digest"]
    seen = settle(enter(seen, CMMC_Status_Date=None))
    assert seen.assessment.frozen == {}
    seen = replace(seen, files=(file(not_met(SESSIONS), id_="90002"),))
    seen = settle(enter(seen, CMMC_Status_Date=POSTED))
    assert seen.assessment.frozen["digest"] != first
    assert "CMMC-1" not in description(seen, SESSIONS)


def test_frozen_findings_that_were_tampered_with_are_not_believed() -> None:
    seen = settle(world(not_met(FLOW), CMMC_Status_Date=POSTED))
    broken = {**seen.assessment.frozen, "findings": {}}
    wanted, _ = decide(replace(seen, assessment=replace(seen.assessment, frozen=broken)))
    assert set(wanted.issues) == {"status"}
    assert wanted.issues["status"].description.startswith("*Undetermined*")


@pytest.mark.parametrize(
    ("entered", "sentence"),
    [
        ({"CMMC_Level": ""}, "Enter the CMMC Level on CMMC-1"),
        ({"Assessment_Path": ""}, "Enter the Assessment Path on CMMC-1"),
        ({"Assessment_Path": "DIBCAC"}, "does not fit CMMC Level 2"),
        ({"CMMC_Level": "1", "Assessment_Path": "C3PAO"}, "does not fit CMMC Level 1"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_else_is_touched(entered: dict[str, str], sentence: str) -> None:
    todo = decide(world(not_met(FLOW), **entered))[1]
    assert subjects(todo, Create) == ["status"]
    assert sentence in todo.of(Create)[0].fields[DESCRIPTION]


def test_a_refused_file_gets_one_comment_and_the_older_good_one_counts() -> None:
    bad = replace(file([], id_="90002", name="scan.pdf"), refused="This is a PDF.\nGive a CSV.")
    seen = world(files=(bad, file(not_met(FLOW))))
    todo = decide(seen)[1]
    assert subjects(todo, Create) == [FLOW, "status"]
    said = comments(todo)["assessment"]
    assert len(said) == 1
    assert "scan.pdf" in said[0]
    assert "* Give a CSV." in said[0]
    assert decide(settle(seen))[1].changes == ()


def test_a_picture_on_the_assessment_is_nobodys_findings_file() -> None:
    picture = replace(file([], id_="90002", name="network.PNG"), refused="This is a picture.")
    assert comments(decide(world(files=(picture, file(not_met(FLOW)))))[1]) == {}


def test_notes_are_copied_only_where_that_is_wanted() -> None:
    seen = world(not_met(FLOW, note="The {color:red}firewall{color} has no rule."))
    assert r"\{color:red\}firewall" in decide(seen)[0].issues[FLOW].description
    hidden = decide(replace(seen, notes="pointer"))[0].issues[FLOW].description
    assert "firewall" not in hidden
    assert "The assessor's words are in findings.csv, row 2" in hidden


def test_a_very_long_note_is_cut_with_a_pointer_and_jira_never_refuses_it() -> None:
    notes = [Finding(FLOW, Result.NOT_MET, note="|*" * 20_000, row=f"row {n}") for n in range(9)]
    text = decide(world(notes))[0].issues[FLOW].description
    assert len(text) <= 32_767
    assert "the rest is in findings.csv" in text


def test_the_file_of_another_issue_with_our_identity_is_closed_with_a_link_and_a_reason() -> None:
    seen = settle(world(not_met(FLOW)))
    twin = replace(seen.issues[FLOW], id="10999", key="CMMC-999")
    todo = decide(replace(seen, doubles=(twin,)))[1]
    assert [(change.subject, change.to) for change in todo.of(Link)] == [("double/10999", FLOW)]
    assert [change.subject for change in todo.of(Transition)] == ["double/10999"]
    done = replace(twin, memory={**twin.memory, "closed": "double"})
    assert decide(replace(seen, doubles=(done,)))[1].changes == ()


def test_closing_most_of_the_open_issues_at_once_needs_a_person() -> None:
    one_pointers = [r.id for r in LAW.requirements(Level.TWO) if r.points == 1][:14]
    seen = settle(world(not_met(*one_pointers)))
    half = decide(replace(seen, files=(file(not_met(*one_pointers[:7]), id_="90002"),)))[1]
    more = decide(replace(seen, files=(file(not_met(*one_pointers[:6]), id_="90002"),)))[1]
    assert half.needs_a_person(seen, requirements=110) is None
    assert more.needs_a_person(seen, requirements=110) == "8 of 14 open remediation issues would be closed at once."


def test_more_issues_than_requirements_need_a_person() -> None:
    create = decide(world(not_met(FLOW)))[1].of(Create)[0]
    many = Plan(DAY, tuple(replace(create, subject=str(n)) for n in range(112)))
    assert many.needs_a_person(world(), requirements=110) is not None
    assert Plan(DAY, many.changes[:111]).needs_a_person(world(), requirements=110) is None


def test_a_finding_issue_counts_and_a_disagreement_with_the_file_is_shown() -> None:
    def finding_issue(id_: str, requirement: str, result: str) -> Actual:
        fields = {"CMMC Requirement": requirement, "CMMC Finding": result}
        return Actual(id_, f"CMMC-{id_}", Kind.FINDING, requirement, Category.NEW, fields)

    seen = world([Finding(FLOW, Result.MET, row="row 2")])
    seen = replace(
        seen, finding_issues=(finding_issue("201", "3.1.3", "NOT MET"), finding_issue("202", "9.9.9", "MET"))
    )
    wanted, todo = decide(seen)
    assert subjects(todo, Create) == [FLOW, "status"]
    text = wanted.issues["status"].description
    assert "disagree on AC.L2-3.1.3; NOT MET counts" in text
    assert "CMMC-202: CMMC Requirement: '9.9.9'" in text


@given(st.lists(st.sampled_from([r.id for r in LAW.requirements(Level.TWO)]), max_size=40, unique=True), st.booleans())
def test_whatever_is_not_met_the_second_look_is_quiet(requirements: list[str], posted: bool) -> None:  # noqa: FBT001
    seen = world(not_met(*requirements), CMMC_Status_Date=POSTED if posted else "")
    settled = settle(seen)
    assert set(settled.issues) == {*requirements, "status"}
    assert decide(carry_out(decide(settled)[1], settled))[1].changes == ()
