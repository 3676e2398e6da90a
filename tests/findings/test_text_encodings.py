import codecs

import pytest

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.csv_table import csv_table
from cmmc_jira.findings.encoding import decoded
from support.findings_files import read, said

TEXT = "Control,Status,Notes\n3.1.1,MET,Prüfung “ok” – fertig\n3.1.2,NOT MET,é\n"  # noqa: RUF001 - what Excel writes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-32"])
def test_every_encoding_that_spreadsheets_write_gives_the_same(encoding: str) -> None:
    file = read(TEXT.encode(encoding))
    assert said(file) == {"AC.L2-3.1.1": "MET", "AC.L2-3.1.2": "NOT MET"}
    assert [finding.note for finding in file.findings] == ["Prüfung “ok” – fertig", "é"]  # noqa: RUF001


def test_big_endian_text_is_read_by_its_mark() -> None:
    assert decoded("a.csv", codecs.BOM_UTF16_BE + "3.1.1".encode("utf-16-be")) == "3.1.1"


def test_a_mark_that_lies_is_told_with_the_byte() -> None:
    with pytest.raises(BadFindings, match=r"a\.csv: byte 2 is not what the file's own mark promises \(UTF-16\)"):
        decoded("a.csv", codecs.BOM_UTF16_LE + b"\x00\xd8a")


@pytest.mark.parametrize("content", [b"3.1.1,\x00\x00MET\n", b"a\x01\x02\x03\x04\x05b", b"caf\xe9 \x81\x8d\n"])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    with pytest.raises(BadFindings, match="this is no text that can be read"):
        decoded("a.csv", content)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_do_not_matter(ending: str) -> None:
    assert said(read(ending.join(["Control,Status", "3.1.1,MET", "3.1.2,NOT MET", ""]))) == {
        "AC.L2-3.1.1": "MET",
        "AC.L2-3.1.2": "NOT MET",
    }


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    table = csv_table("a.csv", 'Control,Notes\n\n"3.1.1","one\ntwo"\n3.1.2,x\n')
    assert [row.place for row in table.rows] == ["row 1", "row 3", "row 4"]


def test_commas_in_notes_do_not_make_the_delimiter() -> None:
    file = read("Control;Status;Notes\n3.1.1;MET;a, b, c\n3.1.2;NOT MET;d, e, f\n")
    assert [finding.note for finding in file.findings] == ["a, b, c", "d, e, f"]


def test_a_quotation_mark_that_is_never_closed_names_its_row() -> None:
    with pytest.raises(BadFindings, match=r"a\.csv, row 3: a quotation mark opens here and is never closed"):
        read('Control,Status,Notes\n3.1.1,MET,ok\n3.1.2,NOT MET,"never\n3.1.3,MET,x\n', "a.csv")


def test_quotation_marks_inside_a_cell_are_kept() -> None:
    (finding,) = read('Control,Status,Notes\n3.1.1,MET,the 19" rack\n').findings
    assert finding.note == 'the 19" rack'
