from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.workbook import workbook_sheets
from support.findings_files import noticed, read, said, saved, workbook, xlsx

HEAD = ("Control", "Status")


def _with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The workbook with one part of its archive replaced or added."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, part)
    return out.getvalue()


def test_cells_are_text_as_people_see_them() -> None:
    row = ("3.1.1", 3, 3.5, True, date(2026, 3, 26), None, " spaced ", "=1+1")
    (sheet,) = workbook_sheets("a.xlsx", xlsx({"A": [row]}))
    assert sheet.table.rows[0].cells == ("3.1.1", "3", "3.5", "TRUE", "2026-03-26", "", "spaced")
    assert sheet.table.rows[0].place == "A row 1"


def test_a_requirement_merged_over_its_objectives_counts_for_each_of_them() -> None:
    book = workbook(
        {
            "A": [
                ("Control", "Objective", "Status"),
                ("3.1.2", "a", "MET"),
                (None, "b", "NOT MET"),
                ("3.1.3", "a", "MET"),
            ]
        }
    )
    book.worksheets[0].merge_cells("A2:A3")
    assert said(read(saved(book), "a.xlsx")) == {
        "AC.L2-3.1.2[a]": "MET",
        "AC.L2-3.1.2[b]": "NOT MET",
        "AC.L2-3.1.3[a]": "MET",
    }


def test_a_status_merged_over_objectives_counts_for_each_of_them() -> None:
    book = workbook(
        {"A": [("Control", "Objective", "Status"), ("3.1.2", "a", "MET"), (None, "b", None), ("3.1.3", "a", "NOT MET")]}
    )
    book.worksheets[0].merge_cells("A2:A3")
    book.worksheets[0].merge_cells("C2:C3")
    assert said(read(saved(book), "a.xlsx")) == {
        "AC.L2-3.1.2[a]": "MET",
        "AC.L2-3.1.2[b]": "MET",
        "AC.L2-3.1.3[a]": "NOT MET",
    }


def test_without_the_merge_silence_is_not_assessed() -> None:
    rows = [("Control", "Objective", "Status"), ("3.1.2", "a", "MET"), (None, "b", None)]
    assert said(read(xlsx({"A": rows}), "a.xlsx"))["AC.L2-3.1.2[b]"] == "NOT ASSESSED"


def test_a_merged_block_says_nothing_in_rows_that_are_blank() -> None:
    book = workbook({"A": [HEAD, ("3.1.2", "MET"), (None, None), ("3.1.3", "MET")]})
    book.worksheets[0].merge_cells("A2:A3")
    assert said(read(saved(book), "a.xlsx")) == {"AC.L2-3.1.2": "MET", "AC.L2-3.1.3": "MET"}


def test_a_merge_of_the_whole_sheet_costs_nothing() -> None:
    book = workbook({"A": [HEAD, ("3.1.2", "MET"), ("3.1.3", "NOT MET")]})
    content = saved(book)
    sheet = "xl/worksheets/sheet1.xml"
    with ZipFile(BytesIO(content)) as archive:
        xml = archive.read(sheet).decode()
    block = '<mergeCells count="1"><mergeCell ref="D1:XFD1048576"/></mergeCells>'
    merged = _with_part(content, sheet, xml.replace("</sheetData>", f"</sheetData>{block}").encode())
    assert said(read(merged, "a.xlsx")) == {"AC.L2-3.1.2": "MET", "AC.L2-3.1.3": "NOT MET"}


def test_the_dimensions_that_a_sheet_claims_are_not_believed() -> None:
    content = xlsx({"A": [HEAD, ("3.1.2", "MET")]})
    with ZipFile(BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    claimed = xml.replace('<dimension ref="A1:B2"', '<dimension ref="A1:XFD1048576"')
    assert claimed != xml
    assert said(read(_with_part(content, "xl/worksheets/sheet1.xml", claimed.encode()), "a.xlsx")) == {
        "AC.L2-3.1.2": "MET"
    }


def test_a_row_number_that_no_sheet_has_is_refused() -> None:
    content = xlsx({"A": [HEAD, ("3.1.2", "MET")]})
    with ZipFile(BytesIO(content)) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    far = xml.replace('<row r="2"', '<row r="2000000000"').replace('r="A2"', 'r="A2000000000"')
    with pytest.raises(BadFindings, match=r"a\.xlsx: the sheet A has rows that no spreadsheet can have"):
        read(_with_part(content, "xl/worksheets/sheet1.xml", far.encode()), "a.xlsx")


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_not_read_unless_it_is_asked_for(state: str) -> None:
    book = workbook({"Results": [HEAD, ("3.1.1", "MET")], "Old": [HEAD, ("3.1.1", "NOT MET")]})
    book["Old"].sheet_state = state
    file = read(saved(book), "a.xlsx")
    assert said(file) == {"AC.L2-3.1.1": "MET"}
    assert noticed(file, "SHEET_NOT_READ") == [
        ("Old", "the sheet 'Old' is hidden or an example and was not read; --map sheet=\"Old\" reads it")
    ]
    assert said(read(saved(book), "a.xlsx", mapping={"sheet": "old"})) == {"AC.L2-3.1.1": "NOT MET"}


@pytest.mark.parametrize("title", ["Example", "Sample data", "Instructions", "Examples (made up)"])
def test_an_example_sheet_is_not_read(title: str) -> None:
    content = xlsx({title: [HEAD, ("3.1.1", "NOT MET")], "Results": [HEAD, ("3.1.1", "MET")]})
    assert said(read(content, "a.xlsx")) == {"AC.L2-3.1.1": "MET"}


def test_an_id_that_a_spreadsheet_made_a_date_of_is_told() -> None:
    rows = [HEAD, (date(2001, 3, 1), "MET"), ("3.1.2", "MET"), ("3.1.3", "MET")]
    assert noticed(read(xlsx({"A": rows}), "a.xlsx"), "ROW_UNREAD") == [
        (
            "A row 2",
            "not read: '2001-03-01' is a date, which a spreadsheet may have made of an id; format the column as text",
        )
    ]


def test_a_formula_error_is_no_status() -> None:
    assert said(read(xlsx({"A": [HEAD, ("3.1.1", "#N/A"), ("3.1.2", "N/A")]}), "a.xlsx")) == {
        "AC.L2-3.1.1": "NOT ASSESSED",
        "AC.L2-3.1.2": "N/A",
    }


def test_a_sheet_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(BadFindings, match=r"no sheet is called 'B', as --map sheet= says; the sheets are 'A'"):
        read(xlsx({"A": [HEAD, ("3.1.1", "MET")]}), "a.xlsx", mapping={"sheet": "B"})
