from datetime import date, datetime

import pytest

from cmmc_jira.findings.days import read_day
from support.findings_files import noticed, read, xlsx


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-26",
        "2026-3-26",
        "2026-03-26 00:00:00",
        "26-Mar-2026",
        "26 March 2026",
        "March 26, 2026",
        "Mar 26th 2026",
    ],
)
def test_a_date_that_means_one_day_is_taken(text: str) -> None:
    assert read_day(text) == date(2026, 3, 26)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("03/04/2024", "can be read in more than one order; write it as YYYY-MM-DD"),
        ("13/07/2024", "can be read in more than one order; write it as YYYY-MM-DD"),
        ("3.4.24", "can be read in more than one order; write it as YYYY-MM-DD"),
        ("2026-02-30", "is no day of the calendar; correct the day or the month"),
        ("30 February 2026", "is no day of the calendar; correct the day or the month"),
        ("Q3 2026", "is no date; write it as YYYY-MM-DD"),
        ("30 Days", "is no date; write it as YYYY-MM-DD"),
        ("[YYYY-MM-DD]", "is no date; write it as YYYY-MM-DD"),
        ("30 February", "is no date; write it as YYYY-MM-DD"),
        ("26 Ma 2026", "is no date; write it as YYYY-MM-DD"),
        ("0000-01-01", "is no day of the calendar; correct the day or the month"),
    ],
)
def test_a_date_is_never_guessed(text: str, why: str) -> None:
    assert read_day(text) == why


def test_a_date_that_cannot_be_read_is_told_with_its_row() -> None:
    file = read("Control,Status,Due\n3.1.1,NOT MET,13/07/2024\n3.1.2,NOT MET,2026-02-30\n3.1.3,NOT MET,2026-05-01\n")
    assert file.due == {"AC.L2-3.1.3": date(2026, 5, 1)}
    assert noticed(file, "DATE_UNREAD") == [
        ("row 2", "the date '13/07/2024' can be read in more than one order; write it as YYYY-MM-DD"),
        ("row 3", "the date '2026-02-30' is no day of the calendar; correct the day or the month"),
    ]


def test_a_real_date_of_a_workbook_is_taken() -> None:
    rows = [
        ("Control", "Status", "Due"),
        ("3.1.1", "NOT MET", datetime.fromisoformat("2026-05-01")),
        ("3.1.2", "NOT MET", date(2026, 5, 2)),
    ]
    file = read(xlsx({"A": rows}), "a.xlsx")
    assert file.due == {"AC.L2-3.1.1": date(2026, 5, 1), "AC.L2-3.1.2": date(2026, 5, 2)}
    assert file.notices == ()
