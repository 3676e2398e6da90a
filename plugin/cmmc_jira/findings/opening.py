"""A findings file as tables: the reader of each format behind one function."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings import emass, oscal, structured
from cmmc_jira.findings.csv_table import csv_table
from cmmc_jira.findings.document import is_document
from cmmc_jira.findings.encoding import decoded
from cmmc_jira.findings.file import MAX_BYTES
from cmmc_jira.findings.headings import Role, folded_heading
from cmmc_jira.findings.kind import Kind, check_bytes, text_kind
from cmmc_jira.findings.markdown import markdown_tables
from cmmc_jira.findings.table import Table
from cmmc_jira.findings.tree import parse_json, parse_yaml
from cmmc_jira.findings.workbook import workbook_sheets
from cmmc_rules.words import Level

_CISO_ASSISTANT: Final = frozenset({"urn", "assessable", "ref id", "compliance result"})
_MADE_UP: Final = re.compile(r"^(example|sample|demo|instruction|read ?me|glossary|lookup|version history|how to)s?\b")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's tables. `passed_over` are those that are hidden or say that they are examples; `columns` are fixed ones.

    `tree` is the value of a JSON or YAML file.
    """

    format: str
    tables: tuple[Table, ...]
    passed_over: tuple[Table, ...] = ()
    columns: Mapping[Role, str] = field(default_factory=dict)
    level: Level | None = None
    tree: object = None


def opened(name: str, content: bytes) -> Opened:
    """The file's tables; raises `BadFindings` when it is too large, damaged, or no findings file by its very format."""
    if len(content) > MAX_BYTES:
        raise BadFindings(
            f"{name}: the file has {len(content) // 1024 // 1024} MiB; {MAX_BYTES // 1024 // 1024} MiB are read at most"
        )
    if check_bytes(name, content):
        return _book(name, content)
    text = decoded(name, content)
    kind = text_kind(name, text)
    if kind is Kind.MARKDOWN:
        return Opened("Markdown tables", markdown_tables(name, text))
    if kind in {Kind.JSON, Kind.YAML}:
        return _tree(name, kind, parse_json(name, text) if kind is Kind.JSON else parse_yaml(name, text))
    table = csv_table(name, text)
    heads = {folded_heading(cell) for cell in table.rows[0].cells} if table.rows else set()
    return Opened("CISO Assistant CSV" if heads >= _CISO_ASSISTANT else "CSV", (table,))


def _book(name: str, content: bytes) -> Opened:
    sheets = workbook_sheets(name, content)
    tables = tuple(sheet.table for sheet in sheets)
    if emass.is_emass(tables):
        return Opened(
            emass.format_name(tables), (emass.objectives(tables),), columns=emass.COLUMNS, level=emass.level(tables)
        )
    passed_over = tuple(
        sheet.table for sheet in sheets if sheet.hidden or _MADE_UP.search(folded_heading(sheet.table.name))
    )
    return Opened("Excel workbook", tuple(table for table in tables if table not in passed_over), passed_over)


def _tree(name: str, kind: Kind, tree: object) -> Opened:
    if is_document(tree):  # its findings and its closeout rate the same requirements: it is no table
        return Opened(kind.value, (), tree=tree)
    if isinstance(tree, Mapping) and oscal.is_oscal(tree):
        return Opened(f"OSCAL assessment results ({kind})", oscal.tables(name, tree), tree=tree)
    return Opened(kind.value, structured.tables(name, tree), tree=tree)
