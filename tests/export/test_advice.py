"""What to do next: the step that an assessment calls for is there, and one that it does not call for is not."""

from datetime import date

import pytest

from cmmc_jira.export.advice import MOST_NAMED, advice, named
from cmmc_jira.findings.document import read_document
from cmmc_rules.evaluate import evaluate
from cmmc_rules.law import load_law

POSTED = {"cmmc_status_date": "2026-03-26"}


def steps(**document: object) -> str:
    law = load_law()
    whole = {"level": 2, "path": "C3PAO", "unlisted": "MET", **document}
    return "\n".join(advice(evaluate(read_document(whole, law=law, as_of=date(2026, 6, 1)), law)))


def not_met(*ids: str) -> list[dict[str, str]]:
    return [{"id": each, "result": "NOT MET"} for each in ids]


REEVALUATION = {
    "findings": not_met("3.1.1"),
    "dates": {"active_assessment_end": "2026-05-29"},
    "context": {"additional_evidence_available": True, "affects_other_requirements": False},
}


@pytest.mark.parametrize(
    ("document", "step"),
    [
        (REEVALUATION, "may still be re-evaluated until 2026-06-12"),
        ({"findings": not_met("3.13.11")}, "Say which variant holds for SC.L2-3.13.11"),
        ({"findings": not_met("3.1.1", "3.1.3")}, "Remediate what may not be deferred (1): AC.L2-3.1.1."),
        ({"findings": not_met("3.1.3", "3.1.1"), "poam": []}, "Put on the POA&M, or remediate (1): AC.L2-3.1.3."),
        ({"findings": not_met(*(f"3.1.{n}" for n in (1, 2, 12, 13, 18)))}, "Raise the score by 3 points or more"),
        ({"context": {"ssp_present": False}}, "Complete the system security plan first"),
        ({"findings": not_met("3.1.3")}, "Have the C3PAO post the result to eMASS"),
        ({"findings": not_met("3.1.3"), "path": "Self"}, "Enter the result in SPRS"),
        ({"findings": not_met("3.1.3"), "dates": POSTED}, "it must be posted by 2026-09-22"),
        ({"dates": POSTED}, "Affirm by 2027-03-26"),
        (
            {"dates": {**POSTED, "as_of": "2027-03-27"}},
            "no affirmation is recorded that covers 2027-03-26",
        ),
        ({"dates": {**POSTED, "as_of": "2029-03-27"}}, "this status was good through 2029-03-26"),
        ({"dates": {**POSTED, "as_of": "2026-09-23"}, "findings": not_met("3.1.3")}, "no later closeout revives"),
        ({"context": {"scope_changed": True}, "dates": POSTED}, "the scope is not the one that was assessed"),
        ({"level": 3, "path": "DIBCAC", "dates": POSTED}, "Hold a Final Level 2 (C3PAO) status on this scope"),
        ({"unlisted": "NOT ASSESSED"}, "Assess what no finding names (110)"),
    ],
)
def test_a_step_that_is_called_for_is_there_and_only_then(document: dict[str, object], step: str) -> None:
    assert step in steps(**document)
    assert step not in steps(path="Self", findings=not_met("3.1.5"))


def test_after_the_window_nothing_is_re_evaluated() -> None:
    after = {**REEVALUATION, "dates": {"active_assessment_end": "2026-05-29", "as_of": "2026-06-13"}}
    assert "re-evaluated" not in steps(**after)


def test_where_nothing_is_not_met_nothing_is_re_evaluated() -> None:
    assert "re-evaluated" not in steps(**{**REEVALUATION, "findings": []})


def test_a_status_that_is_over_is_not_affirmed() -> None:
    assert "affirm in SPRS" not in steps(dates={**POSTED, "as_of": "2029-03-27"})


def test_an_assessment_of_another_scope_is_not_posted() -> None:
    assert "Have the C3PAO post" not in steps(findings=not_met("3.1.3"), context={"scope_changed": True})


def test_ids_are_all_named_while_they_are_few() -> None:
    few = [f"x{number}" for number in range(MOST_NAMED)]
    assert named(few) == ", ".join(few)
    assert named([*few, "y", "z"]) == f"{', '.join(few)} and 2 more"
