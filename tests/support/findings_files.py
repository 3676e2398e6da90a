"""Findings files made for tests, and short ways to read them."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook

from cmmc_jira.findings.file import FindingsFile
from cmmc_jira.findings.reading import read_findings
from cmmc_rules.law import load_law
from cmmc_rules.words import Level, Result

LAW = load_law()


def read(
    content: str | bytes,
    name: str = "findings.csv",
    *,
    level: Level | None = None,
    mapping: Mapping[str, str] | None = None,
    words: Mapping[str, Result] | None = None,
) -> FindingsFile:
    """What the file says."""
    raw = content.encode() if isinstance(content, str) else content
    return read_findings(name, raw, law=LAW, level=level, mapping=mapping, words=words)


def said(file: FindingsFile) -> dict[str, str]:
    """What the file says of each requirement, and of each objective as `AC.L2-3.1.1[a]`; several rows with a slash."""
    found: dict[str, list[str]] = {}
    for finding in file.findings:
        if finding.result is not None:
            found.setdefault(finding.requirement, []).append(finding.result)
        for letter, result in finding.objectives.items():
            found.setdefault(f"{finding.requirement}[{letter}]", []).append(result)
    return {key: "/".join(sorted(results)) for key, results in found.items()}


def codes(file: FindingsFile) -> list[str]:
    """The codes of the file's notices, in order."""
    return [notice.code for notice in file.notices]


def noticed(file: FindingsFile, code: str) -> list[tuple[str | None, str]]:
    """Row and words of the notices with this code."""
    return [(notice.row, notice.because) for notice in file.notices if notice.code == code]


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> Workbook:
    """A workbook with these sheets and rows."""
    book = Workbook()
    for index, (title, rows) in enumerate(sheets.items()):
        sheet = book.worksheets[0] if index == 0 else book.create_sheet()
        sheet.title = title
        for row in rows:
            sheet.append(list(row))
    return book


def saved(book: Workbook) -> bytes:
    """The workbook's bytes."""
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def xlsx(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """The bytes of a workbook with these sheets and rows."""
    return saved(workbook(sheets))
