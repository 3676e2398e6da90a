"""An Excel workbook as tables, opened only after its archive is known to be small and of its kind."""

import re
import warnings
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from defusedxml import DefusedXmlException
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.table import MAX_COLUMNS, Row, Table, bounded

MAX_PARTS: Final = 2_000
MAX_UNPACKED: Final = 64 * 1024 * 1024
MAX_RATIO: Final = 250
MAX_SHEETS: Final = 100
MAX_SIGNS: Final = 3_000_000
"""Tags and attributes in all parts: a cell has seven, and each costs a hundred times the memory that it is long."""

_LAST_ROW: Final = 1_048_576
_SMALL: Final = 4 * 1024 * 1024
_PIECE: Final = 256 * 1024
_BLOCK: Final = re.compile(rb'\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_DAMAGED: Final = "the workbook is damaged and cannot be opened; open it in Excel, save it anew and give that file"
_ENTITIES: Final = "the workbook's XML declares entities, which Excel never writes; save it anew in Excel"
_ERRORS: Final = (  # whatever zipfile and openpyxl raise for an archive or XML that is not what it should be
    OSError,
    EOFError,
    BadZipFile,
    zlib.error,
    InvalidFileException,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class _Block:
    column: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet; `hidden` is whether a person who opens the book does not see it."""

    table: Table
    hidden: bool


def workbook_sheets(name: str, content: bytes) -> tuple[Sheet, ...]:
    """The worksheets with their rows, dates as YYYY-MM-DD, and merged blocks filled downwards.

    Formulas count by the value that was last saved. `BadFindings` when the book is damaged or passes a bound.
    """
    _check_archive(name, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of extensions that it would not write again
            return tuple(_sheets(name, content))
    except BadFindings:
        raise
    except _ERRORS as error:
        # defusedxml's refusal is a ValueError, which openpyxl wraps in another
        entities = any(isinstance(each, DefusedXmlException) for each in (error, error.__cause__))
        raise BadFindings(f"{name}: {_ENTITIES if entities else _DAMAGED}") from None


def _check_archive(name: str, content: bytes) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            _check_size(name, len(parts), unpacked, packed=len(content))
            signs = sum(_signs(archive, part) for part in parts)
    except BadFindings:
        raise
    except _ERRORS:
        raise BadFindings(f"{name}: {_DAMAGED}") from None
    if signs > MAX_SIGNS:
        raise BadFindings(
            f"{name}: the workbook holds far more cells than a findings file; give its findings sheet alone"
        )
    names = [part.filename.lower() for part in parts]
    if len(set(names)) < len(names):
        raise BadFindings(f"{name}: the workbook holds one of its parts twice; save it anew in Excel")


def _check_size(name: str, parts: int, unpacked: int, *, packed: int) -> None:
    if parts > MAX_PARTS or unpacked > max(_SMALL, min(MAX_UNPACKED, MAX_RATIO * packed)):
        raise BadFindings(
            f"{name}: the workbook unpacks to {parts:,} parts of {unpacked // 1024 // 1024:,} MiB, far more than "
            "a findings file; give its findings sheet alone"
        )


def _signs(archive: ZipFile, part: ZipInfo) -> int:
    """How many tags and attributes a part has; other bytes of these values, as in pictures, hardly matter."""
    with archive.open(part) as opened:
        pieces = iter(lambda: opened.read(_PIECE), b"")
        return sum(piece.count(b"<") + piece.count(b"=") for piece in pieces)


def _sheets(name: str, content: bytes) -> Iterator[Sheet]:
    reader = ExcelReader(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    with reader.archive:
        reader.read()
        parts = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
        sheets = [sheet for sheet in reader.wb.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
        if len(sheets) > MAX_SHEETS:
            raise BadFindings(f"{name}: there are more than {MAX_SHEETS} sheets; give the findings sheet alone")
        for sheet in sheets:
            with reader.archive.open(parts[sheet.title]) as part:
                blocks = _merged(part.read())
            rows = _filled(name, sheet, blocks)
            yield Sheet(Table(sheet.title, bounded(name, rows)), hidden=sheet.sheet_state != "visible")


def _filled(name: str, sheet: ReadOnlyWorksheet, blocks: Mapping[int, list[_Block]]) -> Iterator[Row]:
    """The sheet's rows, with the first cell of each merged block repeated in the rows that it covers.

    A row that holds nothing of its own stays blank: it says nothing of what is merged beside it.
    """
    covering: dict[int, tuple[int, str]] = {}
    for number, values in enumerate(_values(name, sheet), start=1):
        cells = [_text(value) for value in values]
        covering = {column: (bottom, text) for column, (bottom, text) in covering.items() if number <= bottom}
        if any(cells):
            cells.extend([""] * (max(covering, default=-1) + 1 - len(cells)))
            for column, (_bottom, text) in covering.items():
                cells[column] = cells[column] or text
        for block in blocks.get(number, ()):
            covering[block.column] = block.bottom, cells[block.column] if block.column < len(cells) else ""
        yield Row(f"{sheet.title} row {number}", tuple(cells))


def _values(name: str, sheet: ReadOnlyWorksheet) -> Iterator[tuple[object, ...]]:
    sheet.reset_dimensions()  # what the file claims of its own size may be a million columns
    for number, values in enumerate(sheet.values, start=1):
        if number > _LAST_ROW:
            raise BadFindings(f"{name}: the sheet {sheet.title} has rows that no spreadsheet can have; save it anew")
        yield values


def _merged(xml: bytes) -> Mapping[int, list[_Block]]:
    """The merged blocks of more than one row in a sheet's XML, by their first row (openpyxl streams without)."""
    start = xml.rfind(b"<mergeCells") if b"<mergeCells" in xml else xml.rfind(b":mergeCells ")
    blocks: dict[int, list[_Block]] = {}
    for match in _BLOCK.finditer(xml, start) if start >= 0 else ():
        column, top, bottom = column_index_from_string(match[1].decode()) - 1, int(match[2]), int(match[4])
        if bottom > top and column < MAX_COLUMNS:
            blocks.setdefault(top, []).append(_Block(column, bottom))
    return blocks


def _text(value: object) -> str:
    """A cell's value as text: whole numbers without a fraction, dates as YYYY-MM-DD."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return str(value).strip()
