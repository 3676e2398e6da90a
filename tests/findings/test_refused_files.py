"""What is no findings file is refused in one sentence: what it looks like, and what to give instead."""

import gzip
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from cmmc_jira.errors import BadFindings
from support.findings_files import read, xlsx

HEAD = ("Control", "Status")
BOOK = xlsx({"A": [HEAD, ("3.1.1", "MET")]})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _archive(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _package(kind: str, *more: str) -> bytes:
    types = f'<Types xmlns="x"><Override PartName="/main.xml" ContentType="application/vnd.{kind}.main+xml"/></Types>'
    return _archive({"[Content_Types].xml": types.encode(), **dict.fromkeys(more, b"x")})


BYTES = {
    "an empty file": (b"", "the file is empty"),
    "a file of spaces": (b" \r\n\t", "the file is empty"),
    "a byte order mark alone": (b"\xef\xbb\xbf", "the file is empty"),
    "a PDF": (b"%PDF-1.7\n...", "this is a PDF document; give the findings as"),
    "a Word document": (_package("openxmlformats-officedocument.wordprocessingml.document"), "this is a Word document"),
    "a presentation": (_package("openxmlformats-officedocument.presentationml.presentation"), "this is a PowerPoint"),
    "a binary workbook": (_package("ms-excel.sheet.binary.macroEnabled"), "this is a binary Excel workbook (.xlsb)"),
    "a workbook with macros": (_package("ms-excel.sheet.macroEnabled"), "this is a workbook with macros (.xlsm)"),
    "macros in a plain workbook": (
        _package("openxmlformats-officedocument.spreadsheetml.sheet", "xl/vbaProject.bin"),
        "this workbook holds macros",
    ),
    "OpenDocument": (
        _archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        "this is an OpenDocument file (.ods or .odt)",
    ),
    "a zip archive": (_archive({"a.csv": b"3.1.1,MET"}), "this is a compressed archive"),
    "a gzip archive": (gzip.compress(b"3.1.1,MET"), "this is a compressed archive"),
    "an old workbook": (OLE + b"\0" * 600, "this is an old Excel workbook (.xls)"),
    "a book with a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
    "an old Word document": (OLE + "WordDocument".encode("utf-16-le"), "this is an old Word document (.doc)"),
    "a picture": (b"\x89PNG\r\n\x1a\n....", "this is a picture"),
    "a workbook with a damaged part": (BOOK[:4000] + b"\0" * 40 + BOOK[4040:], "damaged"),
    "a truncated workbook": (BOOK[: len(BOOK) // 2], "damaged"),
    "a workbook without its sheet": (_package("openxmlformats-officedocument.spreadsheetml.sheet"), "damaged"),
    "bytes": (bytes(range(256)) * 4, "this is no text that can be read"),
    "an HTML page": (b"<!DOCTYPE html><html><body><table><tr><td>3.1.1</td></tr></table>", "this is HTML"),
    "HTML that is called a workbook": (b"<html><table><tr><td>3.1.1</td><td>MET</td></tr></table>", "this is HTML"),
    "an HTML table in prose": (b"# Title\n\n<table>\n<tr><td>3.1.1</td></tr></table>", "this is HTML"),
    "XML": (b'<?xml version="1.0"?><Benchmark/>', "this is XML, as scanners and OSCAL tools write it"),
    "prose": (
        b"# Assessment report\n\nWe found that 3.1.1 is met, and that the rest is not.\n",
        "no column holds requirement ids such as AC.L2-3.1.3 or 3.1.3",
    ),
    "JSON of something else": (b'{"a": [1, 2]}', "nothing in it holds requirement ids"),
}

TABLES = {
    "a catalogue": (
        "Control,Family,Text\n3.1.1,AC,Limit access\n3.1.2,AC,Limit functions\n",
        "this looks like a catalogue of requirements: no column says whether they are met; add a column Status",
    ),
    "a POA&M of FedRAMP": (
        (
            "POAM ID,Controls,Weakness Name,Point of Contact,Scheduled Completion Date,Status\n"
            "1,3.1.1,x,Ana,2026-05-01,Open\n"
        ),
        "this looks like a POA&M, which says nothing of the requirements that are not on it",
    ),
    "a POA&M of NIST": (
        (
            "Weakness or Deficiency,Requirement,Responsible Office,Resources Estimate,Milestones,Status\n"
            "No MFA,3.5.3,IT,funded,x,Ongoing\n"
        ),
        "this looks like a POA&M",
    ),
    "a POA&M of eMASS": (
        (
            "POA&M Item ID,Control Vulnerability Description,Controls / APs,POA&M Status,Milestone Description\n"
            "7,x,3.1.1,Ongoing,y\n"
        ),
        "this looks like a POA&M",
    ),
    "a POA&M whose states are words of findings too": (
        "Requirement,Weakness,Milestones,Status\n3.1.1,x,y,Planned\n3.1.2,x,y,In Progress\n",
        "this looks like a POA&M",
    ),
    "states of a POA&M under a plain header": (
        "Control,Status\n3.1.1,Open\n3.1.2,Closed\n3.1.3,Completed\n",
        "the column 'Status' holds the states of a POA&M, which are no findings",
    ),
    "a risk register": (
        "Risk ID,Control,Likelihood,Impact,Risk Owner\nR1,3.1.1,High,Low,Ana\n",
        "this looks like a risk register",
    ),
    "a scanner's export": (
        "Plugin ID,CVE,CVSS,Severity,Host,Port\n1234,CVE-2024-1,9.8,High,10.0.0.1,443\n",
        "this looks like a scanner's export",
    ),
    "a responsibility matrix": (
        "Control,Customer Responsibility,Provider Responsibility\n3.1.1,Shared,Shared\n3.1.2,Customer,None\n",
        "this looks like a shared responsibility matrix",
    ),
    "a list of improvement actions": (
        "Improvement action,Points achieved,Category\nEnable MFA,0/10,Identity\n",
        "this looks like a list of improvement actions",
    ),
    "a maturity only": (
        "Control,Score\n3.1.1,3\n3.1.2,5\n",
        "the column 'Score' holds numbers, such as a maturity, and none says MET or NOT MET",
    ),
    "ids of 800-53": (
        "Control,Status\nAC-2,MET\nAC-3,NOT MET\nIA-5,MET\n3.1.1,MET\n",
        "its ids are those of NIST SP 800-53, which CMMC does not assess (row 2: 'AC-2'",
    ),
    "ids of Revision 3": (
        "Control,Status\n03.01.01,MET\n03.01.02,MET\n03.01.01.c.01,MET\n03.15.01,NOT MET\n",
        "its ids are those of NIST SP 800-171 Revision 3, and CMMC assesses Revision 2 (row 4:",
    ),
    "practices of CMMC 1.x that are gone": (
        "Practice,Status\nAC.1.001,MET\nAM.4.226,MET\nRE.5.140,NOT MET\n",
        "its ids are CMMC 1.x practices that have no counterpart now",
    ),
    "several requirements in a row": (
        "Controls,Status\n3.1.1; 3.1.2,MET\n3.3.1-3.3.9,MET\n",
        "its rows name several requirements each",
    ),
    "families": (
        "Family,Status\nAC,MET\nAT,NOT MET\nAU,MET\n",
        "no column holds requirement ids",
    ),
    "ids that do not exist": (
        "Control,Status\n3.1.99,MET\n3.13.17,MET\n3.1.1,MET\n",
        "2 of 3 rows could not be placed, more than were read: row 2: '3.1.99'",
    ),
    "two assessments in a column": (
        "Assessment,Control,Status\n2024,3.1.1,MET\n2025,3.1.1,NOT MET\n",
        "the column 'Assessment' names several assessments ('2024', '2025') that rate the same requirements",
    ),
    "two statuses that nothing tells apart": (
        "Control,2024 Status,2025 Status\n3.1.1,MET,NOT MET\n3.1.2,MET,MET\n",
        (
            "the columns '2024 Status', '2025 Status' could each hold the findings; say which with --map "
            'status="2024 Status"'
        ),
    ),
    "two columns of one name": (
        "Control,Status,Status\n3.1.1,MET,NOT MET\n",
        "the columns 'column B', 'column C' could each hold the findings; say which with --map status=\"column B\"",
    ),
    "a column for each system": (
        "Control,Laptops,Servers\n3.1.1,MET,NOT MET\n3.1.2,MET,MET\n",
        "the columns 'Laptops', 'Servers' could each hold the findings",
    ),
}


def _refusal(content: str | bytes, name: str = "file.csv") -> str:
    with pytest.raises(BadFindings) as refused:
        read(content, name)
    (mistake,) = refused.value.mistakes
    return mistake


@pytest.mark.parametrize(("content", "words"), BYTES.values(), ids=BYTES)
@pytest.mark.parametrize("name", ["file.xlsx", "file.csv", "file"])
def test_bytes_that_are_no_findings_file_are_refused_whatever_their_name(name: str, content: bytes, words: str) -> None:
    sentence = _refusal(content, name)
    assert sentence.startswith(f"{name}: ")
    assert words in sentence


@pytest.mark.parametrize(("text", "words"), TABLES.values(), ids=TABLES)
def test_a_table_that_holds_no_findings_is_refused(text: str, words: str) -> None:
    assert _refusal(text).startswith(f"file.csv: {words}")


@pytest.mark.parametrize(("text", "words"), TABLES.values(), ids=TABLES)
def test_the_same_table_in_a_workbook_is_refused_too(text: str, words: str) -> None:
    rows = [line.split(",") for line in text.splitlines()]
    sentence = _refusal(xlsx({"Sheet1": rows}), "file.xlsx")
    assert words.partition(" (row")[0].partition(": row")[0] in sentence


def test_two_sheets_that_rate_the_same_requirements_are_two_assessments() -> None:
    sheets = {"2024": [HEAD, ("3.1.1", "MET")], "2025": [HEAD, ("3.1.1", "NOT MET")]}
    assert _refusal(xlsx(sheets)) == (
        "file.csv: the tables '2024' and '2025' rate the same requirements, so the file holds several assessments; "
        'say which one is meant with --map sheet="2025"'
    )
    assert [finding.result for finding in read(xlsx(sheets), mapping={"sheet": "2025"}).findings] == ["NOT MET"]


def test_the_option_that_the_refusal_names_settles_it() -> None:
    text = TABLES["two statuses that nothing tells apart"][0]
    assert [finding.result for finding in read(text, mapping={"status": "2025 Status"}).findings] == ["NOT MET", "MET"]


def test_a_column_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(
        BadFindings, match=r"no column is called 'State', as --map status= says; the columns are 'Control', 'Status'"
    ):
        read("Control,Status\n3.1.1,MET\n", mapping={"status": "State"})


def test_the_text_of_notes_never_stands_in_a_message() -> None:
    secret = "the vault is under the stairs"
    rows = "".join(f"AC-{number},MET,{secret}\n" for number in range(2, 9))
    with pytest.raises(BadFindings) as refused:
        read(f"Control,Status,Notes\n{rows}")
    assert secret not in str(refused.value)
    file = read(
        f"Control,Status,Notes\n3.1.1,odd,{secret}\n3.1.1,MET,{secret}\nAC-2,MET,{secret}\n,MET,{secret}\n3.1.2,MET,x\n"
    )
    assert len(file.notices) > 2
    assert all(secret not in notice.because for notice in file.notices)
