"""The report for people: the status first, then why, then what to do next, each statement with its citation."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cmmc_jira.export.evaluation import as_json
from cmmc_jira.export.report import report
from cmmc_jira.findings.document import read_document
from cmmc_rules.answers import Notice
from cmmc_rules.evaluate import evaluate
from cmmc_rules.law import load_law
from cmmc_rules.records import Evaluation

GOLDENS = Path(__file__).parent / "goldens"
POSTED = "2026-03-26"


def evaluated(**document: object) -> Evaluation:
    law = load_law()
    whole = {"level": 2, "path": "Self", "unlisted": "MET", **document}
    return evaluate(read_document(whole, law=law, as_of=date(2026, 6, 1)), law)


def not_met(*ids: str) -> list[dict[str, str]]:
    return [{"id": each, "result": "NOT MET"} for each in ids]


CASES = {
    "Final Level 2 (Self): score 110 of 110": {"dates": {"cmmc_status_date": POSTED}},
    "Conditional Level 2 (Self): score 109 of 110": {
        "findings": not_met("3.1.3"),
        "dates": {"cmmc_status_date": POSTED},
    },
    "Would be Conditional Level 2 (Self): score 109 of 110": {"findings": not_met("3.1.3")},
    "Would be no CMMC Status: score 105 of 110": {"findings": not_met("3.1.1")},
    "No CMMC Status (SPRS shows: No CMMC Score): no score": {
        "context": {"ssp_present": False},
        "dates": {"cmmc_status_date": POSTED},
    },
    "Undetermined: 109 of 110 requirements are not assessed": {
        "unlisted": "NOT ASSESSED",
        "findings": not_met("3.1.3"),
    },
    "Undetermined: 1 of 110 requirements is not assessed; score 105 at worst, 110 at best": {
        "findings": [{"id": "3.1.1", "result": "NOT ASSESSED"}],
    },
    "Would be no CMMC Status: 1 of 15 requirements NOT MET": {"level": 1, "findings": not_met("3.10.4")},
    "Would be Final Level 1 (Self): every requirement MET": {"level": 1},
    "No CMMC Status: score 109 of 110": {
        "findings": not_met("3.1.3"),
        "dates": {"cmmc_status_date": POSTED, "as_of": "2026-09-23"},
    },
}


@pytest.mark.parametrize(("headline", "document"), CASES.items())
def test_the_status_stands_first_then_why_then_what_to_do_next(headline: str, document: dict[str, object]) -> None:
    lines = report(evaluated(**document)).splitlines()
    assert lines[0] == headline
    heads = [line.split(":")[0] for line in lines[1:] if line and not line.startswith(" ")]
    known = ["WHY", "NOT MET", "NEXT", "REMARKS"]
    assert heads == [head for head in known if head in heads]
    assert {"WHY", "NEXT"} <= set(heads)


@pytest.mark.parametrize("document", CASES.values())
def test_a_line_fits_and_no_citation_is_torn(document: dict[str, object]) -> None:
    lines = report(evaluated(**document)).splitlines()
    assert max(map(len, lines)) <= 100
    assert not [line for line in lines if line.endswith(("32 CFR", "(32"))]


@pytest.mark.parametrize("document", [{"findings": not_met("3.1.3")}, {"findings": not_met("3.1.1")}, {"level": 1}])
def test_before_posting_nothing_is_said_to_be_a_status(document: dict[str, object]) -> None:
    text = report(evaluated(**document))
    assert text.startswith("Would be ")
    assert "no status yet and no clock runs (32 CFR 170.4)" in text.replace("\n  ", " ")
    assert "days left" not in text
    assert "Valid through" not in text


def test_each_reason_and_each_gate_that_fails_is_named_with_its_citation() -> None:
    evaluation = evaluated(findings=not_met("3.1.1", "3.1.20"), poam=[])
    words = " ".join(report(evaluation).split())
    for reason in evaluation.reasons:
        assert reason.code in words
        assert reason.citation in words
    for gate in evaluation.gates:
        assert gate.citation in words


def test_what_may_not_be_deferred_stands_before_what_may() -> None:
    text = report(evaluated(findings=not_met("3.1.3", "3.14.1")))
    assert text.index("May NOT be on a POA&M") < text.index("SI.L2-3.14.1  ") < text.index("AC.L2-3.1.3   ")


def test_a_conditional_status_says_who_closes_it_and_until_when() -> None:
    text = report(evaluated(path="C3PAO", findings=not_met("3.1.3"), dates={"cmmc_status_date": POSTED}))
    assert "Closeout to be posted by 2026-09-22: day 67, 113 days left (32 CFR 170.21(b))" in text
    assert "have a C3PAO make the closeout assessment" in text


@pytest.mark.parametrize(
    ("filed", "said"), [(None, "none is recorded"), ("2026-04-22", "filed in time"), ("2026-04-23", "filed too late")]
)
def test_the_last_day_to_appeal_is_told_and_whether_it_was_kept(filed: str | None, said: str) -> None:
    dates = {"trigger": "2026-04-01", "filed": filed}
    text = report(evaluated(dates=dates, context={"route": "DIBCAC"}))
    assert f"Last day to appeal 2026-04-22: {said} (32 CFR 170.7(b))" in text


def test_a_status_that_is_over_was_valid() -> None:
    over = report(evaluated(dates={"cmmc_status_date": POSTED, "as_of": "2029-03-27"}))
    assert "Was valid through 2029-03-26" in over


def test_after_the_closeout_nothing_reads_as_still_open() -> None:
    text = report(
        evaluated(
            findings=not_met("3.1.3"),
            closeout={"by": "OSA", "results": {"3.1.3": "MET"}},
            dates={"cmmc_status_date": POSTED, "closeout_posted": "2026-05-01"},
        )
    )
    assert text.startswith("Final Level 2 (Self): score 110 of 110")
    assert "NOT MET in the initial assessment, MET since: 1 of 110" in text
    assert "Have the affirming official affirm the closeout" in text


def test_remarks_come_last_and_long_lists_of_them_are_cut_with_where_the_rest_is() -> None:
    notices = tuple(Notice("UNREAD", f"'x{number}' is no id", row=f"row {number}") for number in range(1, 41))
    text = report(replace(evaluated(), notices=notices))
    assert "  1. Check the remarks below (40)" in text
    assert text.rstrip().endswith("- and 15 more: --json lists them all")
    assert "  - row 25: 'x25' is no id\n" in text


def test_nothing_that_was_typed_reaches_the_terminal_as_a_control_character() -> None:
    text = report(replace(evaluated(), notices=(Notice("UNREAD", "a\x1b[2Jb\x07c\r\nd"),)))
    assert all(each.isprintable() or each == "\n" for each in text)


def test_the_report_of_the_pair_reads_as_a_person_has_read_it() -> None:
    document = json.loads((GOLDENS / "conditional.assessment.json").read_text(encoding="utf-8"))
    evaluation = evaluated(**document)
    assert report(evaluation) == (GOLDENS / "conditional.report.txt").read_text(encoding="utf-8")
    assert as_json(evaluation)["status"] in report(evaluation)
