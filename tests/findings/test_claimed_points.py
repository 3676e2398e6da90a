import pytest

from support.findings_files import codes, noticed, read


def test_points_that_are_the_laws_need_no_word() -> None:
    file = read("Control,Weight,Status\n3.1.1,5,MET\n3.1.3,1,NOT MET\n3.13.11,3,NOT MET\n3.5.3,5,MET\n3.12.4,7,MET\n")
    assert codes(file) == []


def test_points_that_differ_are_told_once_for_each_requirement() -> None:
    file = read("Control,Objective,Point Value,Status\n3.1.1,a,3,MET\n3.1.1,b,3,MET\n3.1.3,a,-1,MET\n3.13.11,a,1,MET\n")
    assert noticed(file, "POINTS_DIFFER") == [
        ("row 2", "the file gives AC.L2-3.1.1 3 points; by the rule it has 5"),
        ("row 5", "the file gives SC.L2-3.13.11 1 point; by the rule it has 3 or 5"),
    ]


def test_deductions_are_compared_with_the_status_beside_them() -> None:
    text = "Control,Points Deducted,Status\n3.1.1,0,MET\n3.1.2,-5,NOT MET\n3.1.3,1,MET\n3.1.4,0,NOT MET\n3.1.5,3,N/A\n"
    assert [row for row, _because in noticed(read(text), "POINTS_DIFFER")] == ["row 4", "row 5", "row 6"]


def test_points_of_level_1_are_none() -> None:
    assert codes(read("Control,Weight,Status\nAC.L1-b.1.i,5,MET\n")) == []


@pytest.mark.parametrize(
    "row",
    [
        "SPRS Score,85,",
        "Total Score: 85,,",
        "Overall SPRS score = 85,,",
        ",,\nFinal Score,,85",
        "Total score,85 / 110,",
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_a_score_of_the_file_is_told_and_not_taken(row: str, above: bool) -> None:  # noqa: FBT001 - a table's column
    rows = "Control,Status,Notes\n3.1.1,MET,\n3.1.2,NOT MET,\n"
    file = read(f"{row}\n{rows}" if above else f"{rows}{row}\n")
    assert [because for _row, because in noticed(file, "SCORE_NOT_TAKEN")] == [
        "the file says that its score is 85; a score is never taken, but computed from the findings"
    ]
    assert len(file.findings) == 2
