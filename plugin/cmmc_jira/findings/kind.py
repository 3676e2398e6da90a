"""What bytes are, judged by themselves more than by their name; what is no findings file is refused in a sentence."""

import re
import zlib
from enum import StrEnum
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.markdown import is_markdown

_INSTEAD: Final = "give the findings as an Excel workbook (.xlsx), CSV, JSON or a Markdown table"
_SIGNATURES: Final = (
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a Rich Text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BM\x00", "a picture"),
    (b"RIFF", "a picture or a sound"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"BZh", "a compressed archive"),
    (b"\xfd7zXZ", "a compressed archive"),
    (b"\x28\xb5\x2f\xfd", "a compressed archive"),
    (b"SQLite format 3", "a database"),
    (b"MZ\x90", "a program"),
    (b"\x7fELF", "a program"),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_CONTENT_TYPES: Final = (  # of the main part; the first that fits
    ("ms-excel.sheet.binary", "a binary Excel workbook (.xlsb)", 'save it as "Excel Workbook (.xlsx)"'),
    ("macroenabled", "a workbook with macros (.xlsm)", 'save it as "Excel Workbook (.xlsx)", which has none'),
    ("wordprocessingml", "a Word document", _INSTEAD),
    ("presentationml", "a PowerPoint presentation", _INSTEAD),
    ("visio", "a Visio drawing", _INSTEAD),
)
_JSON: Final = re.compile(r"\{|\[\s*[\[{\"\]]")
_PAGE: Final = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_ROW: Final = re.compile(r"<tr[\s>]", re.IGNORECASE)
_HTML: Final = re.compile(r"<(?:!doctype\s+html|html|head|body|table|tr|td|div|p|meta)\b", re.IGNORECASE)
_KEY: Final = re.compile(r"\s*(?:-\s+)*(?:\"[^\"]+\"|'[^']+'|[\w.\[\]/() -]+?)\s*:(?:\s.*|$)")
_LOOKED_AT: Final = 200
_ITEM: Final = re.compile(r"\s*-(?:\s.*|$)")


class Kind(StrEnum):
    """What a file can be read as."""

    WORKBOOK = "workbook"
    JSON = "JSON"
    YAML = "YAML"
    MARKDOWN = "Markdown"
    CSV = "CSV"


def check_bytes(name: str, content: bytes) -> bool:
    """Whether the bytes are a workbook rather than text; `BadFindings` when they are neither or empty."""
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise BadFindings(f"{name}: the file is empty; {_INSTEAD}")
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            raise BadFindings(f"{name}: this is {what}; {_INSTEAD}")
    if content.startswith(_OLE):
        raise BadFindings(f"{name}: this is {_ole(content)}")
    if not content.startswith(_ZIP):
        return False
    _check_package(name, content)
    return True


def text_kind(name: str, text: str) -> Kind:
    """What a text is to be read as; `BadFindings` for HTML and XML."""
    start = text.lstrip()[:2000]
    suffix = name.lower().rpartition(".")[2]
    if _JSON.match(start) or suffix in {"json", "jsonl"}:
        return Kind.JSON
    if is_markdown(text) and not _PAGE.match(start):
        return Kind.MARKDOWN
    if start.startswith("<") or _ROW.search(text):
        raise BadFindings(f"{name}: this is {_markup(text)}")
    if suffix in {"yaml", "yml"} or _is_yaml(text):
        return Kind.YAML
    return Kind.CSV


def _ole(content: bytes) -> str:
    if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in content:
        return "a workbook or document that is protected with a password; save it without one"
    if b"W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t" in content:
        return f"an old Word document (.doc); {_INSTEAD}"
    return 'an old Excel workbook (.xls) or another Office file of before 2007; save it as "Excel Workbook (.xlsx)"'


def _check_package(name: str, content: bytes) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            mimetype = _part(archive, "mimetype") if "mimetype" in names else b""
            types = _part(archive, "[Content_Types].xml") if "[Content_Types].xml" in names else b""
    except (BadZipFile, zlib.error, OSError, EOFError, ValueError, LookupError, RuntimeError):
        raise BadFindings(
            f"{name}: the file is a damaged workbook or archive; open it in Excel, save it anew and give that file"
        ) from None
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        raise BadFindings(f'{name}: this is an OpenDocument file (.ods or .odt); save it as "Excel Workbook (.xlsx)"')
    declared = types.decode("utf-8", "replace").lower()
    for fragment, what, instead in _CONTENT_TYPES:
        if fragment in declared:
            raise BadFindings(f"{name}: this is {what}; {instead}")
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise BadFindings(f'{name}: this workbook holds macros; save it as "Excel Workbook (.xlsx)", which has none')
    books = declared.count("spreadsheetml.sheet.main+xml") + declared.count("spreadsheetml.template.main+xml")
    if not books:
        raise BadFindings(f"{name}: this is a compressed archive; {_INSTEAD}")
    if books > 1:
        raise BadFindings(
            f"{name}: the file declares {books} workbooks, and only one can be meant; save it anew in Excel"
        )


def _part(archive: ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(1024 * 1024)


def _markup(text: str) -> str:
    if _HTML.search(text):
        return "HTML, whatever its name says; open it in a spreadsheet and save the table as .xlsx or CSV"
    return "XML, as scanners and OSCAL tools write it; give OSCAL results as JSON, or the findings as a table"


def _is_yaml(text: str) -> bool:
    """Whether nearly every line is a key, an item, or indented below one, and none looks like a row of cells."""
    lines = [line[:_LOOKED_AT] for line in text.splitlines()[:_LOOKED_AT] if line.strip() and line.lstrip()[0] != "#"]
    keys = sum(_KEY.match(line) is not None or line.strip() == "---" for line in lines)
    items = sum(_ITEM.match(line) is not None for line in lines)
    indented = sum(line[:1] in " -" for line in lines)
    return bool(keys) and len(lines) > 1 and keys + items + indented >= len(lines) and keys * 3 > len(lines)
