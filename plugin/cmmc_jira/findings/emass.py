"""The DoD CMMC eMASS Level 2 Assessment Results workbook: which of its sheets and columns hold the findings.

Seen: template v3.8 of 2025-08-21, whose version history begins with v3.4; v3.9 writes the scores in upper case.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from cmmc_jira.findings.headings import Role, folded_heading
from cmmc_jira.findings.table import Row, Table
from cmmc_rules.words import Level

OBJECTIVES: Final = "Requirement Objectives"
COLUMNS: Final[Mapping[Role, str]] = {
    Role.ID: "Requirement Number",
    Role.OBJECTIVE: "Objective Number",
    Role.STATUS: "Score",
    Role.NOTE: "Findings",
}
"""By name: the sheet's columns A, B, M and P. The points column is a formula that is wrong in v3.8 and is not read."""

_SHEETS: Final = frozenset({"assessment", "requirements", "requirement objectives"})
_VERSION: Final = re.compile(r"template version\s*([\d.]+)", re.IGNORECASE)
_LEVEL: Final = re.compile(r"cmmc level ([123]) assessment results", re.IGNORECASE)


def is_emass(tables: Sequence[Table]) -> bool:
    """Whether the sheets are those of the workbook, by their names and the header of the one with the objectives."""
    names = {folded_heading(table.name) for table in tables}
    return names >= _SHEETS and any(_has_columns(row) for row in objectives(tables).rows[:20])


def objectives(tables: Sequence[Table]) -> Table:
    """The only sheet that is read: the sheet Example holds findings that somebody made up."""
    return next(table for table in tables if folded_heading(table.name) == folded_heading(OBJECTIVES))


def format_name(tables: Sequence[Table]) -> str:
    """The workbook's name for people, with its version where it says one."""
    version = next((match[1] for text in _titles(tables) if (match := _VERSION.search(text))), None)
    return f"DoD eMASS results workbook{f' v{version}' if version else ''}"


def level(tables: Sequence[Table]) -> Level:
    """The level that the workbook's title names; Level 2 where it was edited away."""
    return next((Level(int(match[1])) for text in _titles(tables) if (match := _LEVEL.search(text))), Level.TWO)


def _titles(tables: Sequence[Table]) -> list[str]:
    return [cell for row in objectives(tables).rows[:5] for cell in row.cells]


def _has_columns(row: Row) -> bool:
    return {folded_heading(name) for name in COLUMNS.values()} <= {folded_heading(cell) for cell in row.cells}
