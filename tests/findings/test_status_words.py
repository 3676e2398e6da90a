import pytest

from cmmc_jira.findings.statuses import Reading, is_decision, is_plan_state, read_status
from cmmc_rules.words import Result, Variant
from support.findings_files import noticed, read, said

PLAIN = {
    Result.MET: (
        "MET, Met, FULLY_IMPLEMENTED, Demonstrated, Compliant, Satisfied, Pass, passed, Yes, C, "
        "I, ✅, ✔, ✔️, ☑️, 🟢, ✅ Met, fully-met"
    ),
    Result.NOT_MET: (
        "NOT MET, not_met, NotMet, Not Met -3, Not Met -5, Other Than Satisfied, not-satisfied, Non-Compliant, "
        "non_compliant, NC, NI, GAP, Not Implemented, No, Fail, Failed, ❌, ✗, 🔴, ❌ Not Met"
    ),
    Result.NA: "N/A, NA, n.a., n/a, Not Applicable, not_applicable, ⬜, 🚫",
    Result.NOT_ASSESSED: (
        "NOT ASSESSED, not_assessed, Not Started, In Progress, Pending, REVIEW, Unreviewed, Unsure, TBD, ?, ❓, -"
    ),
}
CONFIRMED = {
    Result.MET: "Inherited, 🔄, Alternative implementation, MET (enduring exception), Enduring Exception",
    Result.NOT_MET: (
        "Partial, Partially Met, partially_compliant, Partially Implemented, Partially Satisfied, PI, 🔶, Planned, 📋, "
        "In POA&M, On POA&M, Remediation in progress, Not Met - see the plan, NOT MET (POA&M), Failed: no evidence"
    ),
}


def _each(table: dict[Result, str]) -> list[tuple[Result, str]]:
    return [(result, word) for result, words in table.items() for word in words.split(", ")]


@pytest.mark.parametrize(("result", "word"), _each(PLAIN))
def test_a_plain_word_is_read_without_asking(result: Result, word: str) -> None:
    reading = read_status(word)
    assert reading is not None
    assert (reading.result, reading.confirm) == (result, None)


@pytest.mark.parametrize(("result", "word"), _each(CONFIRMED))
def test_a_word_that_needs_a_decision_is_read_and_asked_about(result: Result, word: str) -> None:
    reading = read_status(word)
    assert reading is not None
    assert reading.result is result
    assert reading.confirm


@pytest.mark.parametrize(
    "word",
    [
        "Mostly done",
        "Risk Accepted",
        "Temporary Exception",
        "Out of scope",
        "Shared",
        "Partial responsibility",
        "High",
        "Open",
        "Closed",
        "Completed",
        "Met (partially)",
        "❌ Met",
        "✅ Not Met",
        "3",
        "#N/A",
        "#REF!",
    ],
)
def test_what_is_no_finding_is_not_guessed(word: str) -> None:
    assert read_status(word) is None


def test_a_blank_is_not_assessed() -> None:
    assert read_status("") == read_status("  ") == Reading(Result.NOT_ASSESSED)


def test_states_of_a_plan_and_decisions_are_told_apart() -> None:
    assert is_plan_state("Pending validation")
    assert is_plan_state("Closed (Not Applicable)")
    assert not is_plan_state("MET")
    assert is_decision("Risk Accepted")
    assert not is_decision("NOT MET")


def test_the_workbooks_numbers_set_the_variant_of_fips_encryption_and_of_nothing_else() -> None:
    file = read("Control,Score\n3.13.11,Not Met -3\n3.5.3,Not Met -5\n3.1.1,Not Met -3\n")
    assert [finding.variant for finding in file.findings] == [Variant.EMPLOYED_NOT_FIPS_VALIDATED, None, None]
    file = read("Control,Score\n3.13.11,NOT MET -5\n")
    assert [finding.variant for finding in file.findings] == [Variant.NOT_EMPLOYED]


def test_an_unknown_word_is_not_assessed_and_listed_once_with_all_its_rows() -> None:
    file = read("Control,Status\n3.1.1,Mostly done\n3.1.2,MET\n3.1.3,mostly-done\n3.1.4,MOSTLY DONE\n")
    assert said(file)["AC.L2-3.1.1"] == "NOT ASSESSED"
    ((row, because),) = noticed(file, "STATUS_UNKNOWN")
    assert row == "rows 2, 4 and 5"
    assert because.startswith("'Mostly done' is no status word that is known here, so these 3 rows are not assessed")
    assert '--map "word:Mostly done=MET"' in because


def test_a_settled_word_is_taken_without_asking() -> None:
    words = {"mostly done": Result.NOT_MET, "Inherited": Result.NOT_MET, "MET": Result.NA}
    file = read("Control,Status\n3.1.1,Mostly Done\n3.1.2,Inherited\n3.1.3,Met\n", words=words)
    assert said(file) == {"AC.L2-3.1.1": "NOT MET", "AC.L2-3.1.2": "NOT MET", "AC.L2-3.1.3": "N/A"}
    assert file.notices == ()


def test_a_confirmed_reading_names_its_rows_and_the_reason() -> None:
    ((row, because),) = noticed(read("Control,Status\n3.1.1,Partial\n3.1.2,Partial\n3.1.3,MET\n"), "CONFIRM_READING")
    assert row == "rows 2 and 3"
    assert because.startswith("'Partial' was read as NOT MET: there is no partial credit (32 CFR 170.24(b))")


def test_a_decision_in_the_status_column_is_explained() -> None:
    ((_row, because),) = noticed(read("Control,Status\n3.1.1,Risk Accepted\n3.1.2,MET\n"), "STATUS_UNKNOWN")
    assert "a decision, a share of responsibility or a severity is no finding" in because


def test_a_long_word_is_cut() -> None:
    word = "x" * 300
    ((_row, because),) = noticed(read(f"Control,Status\n3.1.1,{word}\n3.1.2,MET\n"), "STATUS_UNKNOWN")
    assert "x" * 61 not in because
