"""Whatever is inside a findings file: reading it ends soon, in bounded memory, with a sentence."""

import tracemalloc
from io import BytesIO
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings import workbook
from cmmc_jira.findings.table import MAX_TEXT
from support.findings_files import read, xlsx

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET, STYLES, BOOK, STRINGS = (
    "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "xl/sharedStrings.xml"
)  # fmt: skip
TOO_MANY = "the workbook holds far more cells than a findings file"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def with_part(part: str, xml: str) -> bytes:
    """Return a workbook with this part, and with bytes in it that do not pack, so that its ratio looks innocent."""
    out = BytesIO()
    with ZipFile(BytesIO(xlsx({"A": [("Control", "Status")]}))) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        new.writestr(part, xml)
        new.writestr("xl/media/picture", Random(1).randbytes(300_000))  # noqa: S311  no secret
    return out.getvalue()


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


MANY = workbook.MAX_SIGNS + 1
BOMBS = {
    "cells in one row": (SHEET, sheet('<row r="1">' + "<c/>" * MANY + "</row>")),
    "rows": (SHEET, sheet("<row/>" * MANY)),
    "strange elements": (SHEET, sheet("<z/>" * MANY)),
    "styles": (STYLES, f'<styleSheet xmlns="{MAIN}">' + "<a/>" * MANY + "</styleSheet>"),
    "nested styles": (STYLES, "<a>" * MANY + "</a>" * MANY),
    "attributes": (STYLES, "<a " + " ".join(f'b{n}=""' for n in range(MANY)) + "/>"),
    "names": (BOOK, "<workbook>" + "<n/>" * MANY + "</workbook>"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_workbook_of_millions_of_cells_or_tags_is_refused_before_it_is_parsed(bomb: str) -> None:
    content = with_part(*BOMBS[bomb])
    assert len(content) < 12_000_000
    tracemalloc.start()
    with pytest.raises(BadFindings, match=TOO_MANY):
        read(content, "a.xlsx")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


def test_as_many_cells_as_a_large_findings_file_has_are_read() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"><v>{n}</v></c></row>' for n in range(1, 1_000))
    with pytest.raises(BadFindings, match="no column holds requirement ids"):
        read(with_part(SHEET, sheet(rows)), "a.xlsx")


def test_one_long_text_in_every_cell_is_refused() -> None:
    cells = "".join(f'<c t="s"><v>{n}</v></c>' for n in (3, 4, *[5] * 60))
    head = "".join(f'<c t="s"><v>{n}</v></c>' for n in (0, 1, *[2] * 60))
    texts = ("Control", "Status", "Notes", "3.1.1", "MET", "a " * 16_000)
    strings = "".join(f"<si><t>{text}</t></si>" for text in texts)
    packed = BytesIO(with_part(SHEET, sheet(f"<row>{head}</row>" + f"<row>{cells}</row>" * 2_000)))
    out = BytesIO()
    with ZipFile(packed) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            declared = f'<Override PartName="/{STRINGS}" ContentType="{KIND}"/></Types>'.encode()
            part = old.read(name)
            if name != STRINGS:
                new.writestr(name, part.replace(b"</Types>", declared) if name.startswith("[") else part)
        new.writestr(STRINGS, f'<sst xmlns="{MAIN}">{strings}</sst>')
    with pytest.raises(BadFindings, match=f"more than {MAX_TEXT:,} characters"):
        read(out.getvalue(), "a.xlsx")


@pytest.mark.parametrize("unit", ["[],", "{},", '"",', "1,", "[1],"])
def test_json_of_millions_of_values_is_refused_before_it_is_parsed(unit: str) -> None:
    text = "[" + unit * 3_000_000 + "0]"
    tracemalloc.start()
    with pytest.raises(BadFindings, match="more than 200,000 values"):
        read(text, "a.json")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * len(text)


def test_json_with_a_note_full_of_commas_is_read() -> None:
    note = "a, b, [c], " * 2_000
    found = read(f'[{{"id": "3.1.1", "status": "NOT MET", "note": "{note}"}}]', "a.json")
    assert [finding.note for finding in found.findings] == [note.strip()]
