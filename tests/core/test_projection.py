"""What the status issue says of things entered later, and what it says once nothing is open any more."""

from dataclasses import replace

from cmmc_jira.core.changes import Comment, SetFields
from cmmc_jira.core.issues import Actual, Category, Kind
from cmmc_jira.core.world import World
from cmmc_rules.records import Finding
from cmmc_rules.words import Result
from support.worlds import carry_out, comments, decide, description, edit, enter, file, not_met, settle, world

FLOW, SESSIONS, EXTERNAL, LIMIT = "AC.L2-3.1.3", "AC.L2-3.1.11", "AC.L2-3.1.20", "AC.L2-3.1.1"
POSTED = "2026-03-26"


def closed_out() -> World:
    """Return a world in which the closeout of one item has just been entered."""
    seen = settle(world(not_met(FLOW), CMMC_Status_Date=POSTED))
    seen = edit(seen, FLOW, CMMC_Decision="closeout", CMMC_Finding="MET", CMMC_Decision_Date="2026-05-20")
    return enter(seen, Closeout_Posted="2026-05-20", Closeout_By="OSA")


def test_the_status_issue_is_written_once_for_a_closeout_and_says_what_changed() -> None:
    seen = closed_out()
    seen = carry_out(decide(seen)[1], seen)
    again = decide(seen)[1]
    assert "status" not in [change.subject for change in again.of(SetFields)]
    text = description(seen, "status")
    assert "Status: Conditional Level 2 (Self), now Final Level 2 (Self)" in text
    assert "|closed out|" in text
    assert "are ready" not in text


def test_what_is_entered_after_a_final_status_is_told_and_changes_only_the_projection() -> None:
    seen = settle(closed_out())
    assert "Entered after posting" not in description(seen, "status")
    seen = settle(replace(seen, files=(*seen.files, file(not_met(LIMIT), id_="90002"))[::-1]))
    text = description(seen, "status")
    assert text.startswith("*Final Level 2 (Self)*, score *110 of 110*.")
    assert "Entered after posting: AC.L2-3.1.1 NOT MET." in text
    assert "With what was entered after posting, a new assessment with these findings would be no CMMC status" in text


def test_the_projection_says_when_it_rests_on_what_was_entered_later() -> None:
    seen = settle(world(not_met(FLOW, SESSIONS), CMMC_Status_Date=POSTED))
    seen = settle(replace(seen, files=(file(not_met(FLOW, SESSIONS, LIMIT), id_="90002"),)))
    assert (
        "0 of 2 NOT MET requirements are ready. With what was entered after posting, it would be no CMMC status"
        in description(seen, "status")
    )
    seen = settle(edit(seen, FLOW, category=Category.DONE))
    assert (
        "1 of 2 NOT MET requirements is ready. With what was entered after posting, it would then be no CMMC status"
        in description(seen, "status")
    )


def test_a_newer_file_that_still_says_met_is_no_news_to_a_closed_issue() -> None:
    seen = settle(world(not_met(FLOW, SESSIONS)))
    seen = settle(replace(seen, files=(file(not_met(SESSIONS), id_="90002"),)))
    todo = decide(replace(seen, files=(file(not_met(SESSIONS), id_="90003"),)))[1]
    assert todo.of(Comment) == []


def test_an_issue_that_closes_because_of_a_finding_issue_names_it() -> None:
    finding = Actual("77", "CMMC-77", Kind.FINDING, "", Category.NEW, {"CMMC Requirement": FLOW})
    not_yet, met = (replace(finding, fields={**finding.fields, "CMMC Finding": value}) for value in ("NOT MET", "MET"))
    seen = settle(replace(world([Finding(SESSIONS, Result.MET)]), finding_issues=(not_yet,)))
    todo = decide(replace(seen, finding_issues=(met,)))[1]
    assert comments(todo)[FLOW] == ["Closed: AC.L2-3.1.3 is no longer NOT MET in CMMC-77.\n"]


def test_a_window_whose_last_day_is_unknown_is_named_without_one() -> None:
    seen = settle(world(not_met(EXTERNAL), Assessment_Path="C3PAO"))
    text = description(seen, "status")
    assert "None" not in text
    assert "may be re-evaluated (32 CFR 170.17(c)(2))" in text


def test_one_of_a_thing_is_told_as_one() -> None:
    open_ = settle(world(not_met(FLOW), CMMC_Status_Date=POSTED))
    assert "# Remediate the open item;" in description(open_, "status")
    nearly = settle(world([Finding(FLOW, Result.NOT_ASSESSED)]))
    text = description(nearly, "status")
    assert text.startswith("*Undetermined*: 1 requirement is not assessed")
    assert "# Assess the requirement that no finding settles" in text
