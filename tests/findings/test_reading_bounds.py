"""However a file is made, reading it ends soon and in little memory, with a sentence."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings import workbook
from cmmc_jira.findings.file import MAX_BYTES
from cmmc_jira.findings.table import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from support.findings_files import read, said, xlsx

HEAD = ("Control", "Status")
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def _replaced(content: bytes, parts: dict[str, bytes]) -> bytes:
    """The workbook with these parts of its archive replaced or added."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return out.getvalue()


def _refusal(content: str | bytes, name: str = "file.csv") -> str:
    with pytest.raises(BadFindings) as refused:
        read(content, name)
    (mistake,) = refused.value.mistakes
    return mistake


def test_a_file_over_the_limit_is_refused_before_it_is_looked_at() -> None:
    assert _refusal(b" " * (MAX_BYTES + 1)) == "file.csv: the file has 25 MiB; 25 MiB are read at most"


def test_as_many_rows_as_allowed_are_read_and_not_one_more() -> None:
    rows = [f"3.1.{1 + number % 9},asset {number},MET" for number in range(MAX_ROWS - 1)]
    text = "\n".join(["Control,Asset,Status", *rows])
    assert len(read(text).findings) == MAX_ROWS - 1
    assert _refusal(f"{text}\n3.1.1,last,MET\n") == (
        "file.csv: there are more than 20,000 rows, which no findings file needs; "
        "give the sheet of one assessment alone"
    )


def test_too_many_rows_of_a_workbook_are_refused() -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(1, MAX_ROWS + 2))
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    assert "there are more than 20,000 rows" in _refusal(
        _replaced(xlsx({"A": [HEAD]}), {SHEET: sheet.encode()}), "a.xlsx"
    )


def test_blank_rows_do_not_count() -> None:
    assert said(read("Control,Status\n" + ",\n" * (2 * MAX_ROWS) + "3.1.1,MET\n")) == {"AC.L2-3.1.1": "MET"}


@pytest.mark.parametrize(("columns", "allowed"), [(MAX_COLUMNS, True), (MAX_COLUMNS + 1, False), (300, False)])
def test_columns_are_bounded(columns: int, allowed: bool) -> None:  # noqa: FBT001 - a table's column
    more = ",".join(f"c{number}" for number in range(columns - 2))
    text = f"Control,Status,{more}\n3.1.1,MET\n"
    if allowed:
        assert said(read(text)) == {"AC.L2-3.1.1": "MET"}
    else:
        assert _refusal(text) == (
            "file.csv, row 1: there are more than 200 columns, which no findings file needs; "
            "give a table with one requirement a row"
        )


@pytest.mark.parametrize("length", [MAX_CELL + 1, 200_000])
def test_a_cell_longer_than_a_spreadsheet_holds_is_refused(length: int) -> None:
    assert _refusal(f"Control,Status,Notes\n3.1.1,MET,{'x' * length}\n") == (
        "file.csv, row 2: a cell has more than 32,767 characters, more than a spreadsheet holds; "
        "look for a quotation mark that is not closed"
    )


def test_a_cell_of_the_greatest_length_is_read() -> None:
    (finding,) = read(f"Control,Status,Notes\n3.1.1,MET,{'x' * MAX_CELL}\n").findings
    assert finding.note is not None
    assert len(finding.note) == MAX_CELL


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = _replaced(xlsx({"A": [HEAD, ("3.1.1", "MET")]}), {"xl/media/bomb.xml": b"\0" * (workbook.MAX_UNPACKED + 1)})
    assert len(bomb) < 200_000
    assert "parts of 64 MiB, far more than a findings file" in _refusal(bomb, "a.xlsx")


def test_a_small_file_that_unpacks_to_much_is_refused_below_the_limit_too() -> None:
    bomb = _replaced(xlsx({"A": [HEAD]}), {"xl/media/bomb.xml": b"\0" * (workbook.MAX_UNPACKED // 2)})
    assert "far more than a findings file" in _refusal(bomb, "a.xlsx")


def test_a_workbook_of_very_many_parts_is_refused() -> None:
    parts = {f"xl/media/{number}": b"" for number in range(workbook.MAX_PARTS)}
    assert "far more than a findings file" in _refusal(_replaced(xlsx({"A": [HEAD]}), parts), "a.xlsx")


def test_a_part_that_stands_twice_is_refused() -> None:
    content = BytesIO(xlsx({"A": [HEAD, ("3.1.1", "MET")]}))
    with ZipFile(content, "a") as archive:
        archive.writestr("XL/workbook.xml", b"<workbook/>")
    assert _refusal(content.getvalue(), "a.xlsx") == (
        "a.xlsx: the workbook holds one of its parts twice; save it anew in Excel"
    )


def test_two_workbooks_in_one_file_are_refused() -> None:
    content = xlsx({"A": [HEAD, ("3.1.1", "MET")]})
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with ZipFile(BytesIO(content)) as archive:
        types = archive.read("[Content_Types].xml").decode()
    second = f'<Override PartName="/xl/second.xml" ContentType="{kind}"/></Types>'
    declared = types.replace("</Types>", second).encode()
    assert "the file declares 2 workbooks" in _refusal(_replaced(content, {"[Content_Types].xml": declared}), "a.xlsx")


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE], ids=["expanding", "external"])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_entities_in_a_workbook_are_refused(part: str, declared: str) -> None:
    content = xlsx({"A": [HEAD, ("3.1.1", "MET")]})
    with ZipFile(BytesIO(content)) as archive:
        xml = archive.read(part).decode()
    body = xml.partition("?>")[2] if xml.startswith("<?xml") else xml
    bomb = _replaced(content, {part: f"{declared}{body}".encode()})
    assert _refusal(bomb, "a.xlsx") == (
        "a.xlsx: the workbook's XML declares entities, which Excel never writes; save it anew in Excel"
    )


def test_more_sheets_than_any_book_needs_are_refused() -> None:
    sheets = {f"S{number}": [HEAD] for number in range(workbook.MAX_SHEETS + 1)}
    assert "there are more than 100 sheets" in _refusal(xlsx(sheets), "a.xlsx")


@pytest.mark.parametrize(
    "text",
    [
        "- " * 400_000,
        "a.-" * 400_000,
        '"' * 400_001,
        "|-" * 400_000,
        "| --- " * 100_000 + "\n" + "| --- " * 100_000,
        "[" * 400_000,
        "{" * 400_000,
        "**a" * 20_000 + "\n|-|\n",
        "03.01.01." * 100_000,
        "<" * 400_000,
    ],
    ids=lambda text: text[:6],
)
def test_texts_made_to_be_slow_are_refused(text: str) -> None:
    assert _refusal(text)
