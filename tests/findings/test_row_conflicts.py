from datetime import date

import pytest

from cmmc_rules.evaluate import evaluate
from cmmc_rules.records import Assessment, Dates
from cmmc_rules.words import Level, Path, Result
from support.findings_files import LAW, codes, noticed, read


def _by_law(text: str) -> Result:
    """What the law makes of the requirement 3.1.2 in the file."""
    file = read(text)
    facts = Assessment(Level.TWO, Path.SELF, file.findings, Dates(as_of=date(2026, 6, 1)), unlisted=Result.MET)
    return evaluate(facts, LAW).results["AC.L2-3.1.2"]


@pytest.mark.parametrize(
    ("rows", "taken", "row", "because"),
    [
        (
            "3.1.2,,MET\n3.1.2,,NOT MET",
            "NOT MET",
            "rows 2 and 3",
            "the rows of AC.L2-3.1.2 disagree: MET and NOT MET; NOT MET counts",
        ),
        (
            "3.1.2,a,NOT MET\n3.1.2,a,MET\n3.1.2,b,MET",
            "NOT MET",
            "rows 2 and 3",
            "the rows of objective a of AC.L2-3.1.2 disagree: MET and NOT MET; NOT MET counts",
        ),
        (
            "3.1.2,,MET\n3.1.2,,",
            "NOT ASSESSED",
            "rows 2 and 3",
            "the rows of AC.L2-3.1.2 disagree: MET and NOT ASSESSED; NOT ASSESSED counts",
        ),
        (
            "3.1.2,,NOT MET\n3.1.2,a,MET\n3.1.2,b,N/A",
            "NOT MET",
            "row 2",
            "AC.L2-3.1.2 is said to be NOT MET, but none of its objectives is; NOT MET counts",
        ),
    ],
)
def test_rows_that_disagree_are_named_and_the_worst_counts(rows: str, taken: str, row: str, because: str) -> None:
    text = f"Control,Objective,Status\n{rows}\n"
    assert noticed(read(text), "CONFLICT") == [(row, because)]
    assert _by_law(text) == taken


def test_a_requirement_that_is_met_with_an_objective_that_is_not_is_not_met() -> None:
    text = "Control,Objective,Status\n3.1.2,,MET\n3.1.2,a,NOT MET\n3.1.2,b,MET\n"
    assert _by_law(text) is Result.NOT_MET


def test_rows_that_repeat_each_other_are_named() -> None:
    file = read("Control,Status\n3.1.2,MET\n3.1.3,MET\n3.1.2,Met\n")
    assert noticed(file, "DUPLICATE_ROWS") == [("rows 2 and 4", "several rows name AC.L2-3.1.2, each with MET")]


def test_assets_may_differ_and_the_worst_counts() -> None:
    text = "Control,Asset,Status\n3.1.2,laptops,MET\n3.1.2,servers,NOT MET\n"
    assert codes(read(text)) == []
    assert _by_law(text) is Result.NOT_MET


def test_rows_without_an_id_belong_to_the_one_above() -> None:
    file = read("Control,Text,Status\n3.1.1,x,MET\n,y,NOT MET\n3.1.2,z,MET\n")
    assert [(finding.requirement, finding.result) for finding in file.findings] == [
        ("AC.L2-3.1.1", "MET"),
        ("AC.L2-3.1.1", "NOT MET"),
        ("AC.L2-3.1.2", "MET"),
    ]
    assert noticed(file, "ROWS_CARRIED") == [
        ("row 3", "these rows name no requirement; they were read as part of the one above them")
    ]


def test_a_row_without_an_id_is_never_given_to_a_requirement_across_a_row_that_was_not_read() -> None:
    file = read("Control,Status\n3.1.1,MET\n3.1.99,MET\n,NOT MET\n3.1.2,MET\n3.1.3,MET\n")
    assert [finding.requirement for finding in file.findings] == ["AC.L2-3.1.1", "AC.L2-3.1.2", "AC.L2-3.1.3"]
    assert [row for row, _because in noticed(file, "ROW_UNREAD")] == ["row 3", "row 4"]


@pytest.mark.parametrize(
    ("written", "because"),
    [
        ("3.13.17", "'3.13.17' does not exist on Level 2"),
        ("AC-2", "'AC-2' is an id of NIST SP 800-53"),
        ("3.1.2e", "'3.1.2e' is written like a requirement of Level 3"),
        ("3.1.1; 3.1.2", "'3.1.1; 3.1.2' names more than one requirement"),
        ("AC", "'AC' names a family of requirements"),
        ("3.1", "'3.1' names a family of requirements"),
        ("AM.4.226", "'AM.4.226' is a practice of CMMC 1.x"),
        ("AU.L2-3.1.1", "'AU.L2-3.1.1' has the letters AU"),
        ("3.1.1[z]", "'3.1.1[z]' names no objective of AC.L2-3.1.1"),
        ("the rest", "'the rest' is no requirement id"),
    ],
)
def test_a_row_that_cannot_be_placed_is_listed_with_its_number_and_why(written: str, because: str) -> None:
    file = read(f"Control,Status,Notes\n3.1.5,MET,x\n{written},NOT MET,secret\n3.1.6,MET,x\n")
    ((row, told),) = noticed(file, "ROW_UNREAD")
    assert row == "row 3"
    assert told.startswith(f"not read: {because}")
    assert len(file.findings) == 2


def test_an_objective_that_does_not_exist_is_listed() -> None:
    file = read("Control,Objective,Status\n3.1.2,a,MET\n3.1.2,z,MET\n3.1.2,3.1.1[a],MET\n3.1.2,b,MET\n")
    assert noticed(file, "ROW_UNREAD") == [
        ("row 3", "not read: AC.L2-3.1.2 has no objective 'z'; look for the right letter"),
        ("row 4", "not read: '3.1.1[a]' is no objective of AC.L2-3.1.2, which stands beside it"),
    ]


def test_as_many_unread_rows_as_read_ones_are_still_a_findings_file() -> None:
    file = read("Control,Status\n3.1.1,MET\nAC-2,MET\n")
    assert len(file.findings) == len(noticed(file, "ROW_UNREAD")) == 1


def test_headings_are_told_together() -> None:
    file = read("Control,Status\nAccess Control,\n3.1.1,MET\nAwareness and Training,\n3.2.1,MET\n")
    assert noticed(file, "ROWS_WITHOUT_STATUS") == [
        ("rows 2 and 4", "these rows name no requirement and no status; they were taken as headings")
    ]


def test_ids_of_another_edition_are_told() -> None:
    file = read("Practice,Status\nAC.1.001,MET\nAC.L1-b.1.ii,MET\n3.1.3,MET\n")
    assert [row for row, _because in noticed(file, "ID_MAPPED")] == ["row 2", "row 3"]
    assert {finding.requirement for finding in file.findings} == {"AC.L2-3.1.1", "AC.L2-3.1.2", "AC.L2-3.1.3"}


def test_a_header_that_is_repeated_on_every_page_is_no_row() -> None:
    file = read("Control,Status\n3.1.1,MET\nControl,Status\n3.1.2,NOT MET\n")
    assert len(file.findings) == 2
    assert file.notices == ()
