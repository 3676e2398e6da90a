"""Files that hold more than one assessment, of which nobody can say which is meant."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from cmmc_jira.findings.columns import Layout
from cmmc_jira.findings.header import column_name
from cmmc_jira.findings.headings import Role, folded_heading
from cmmc_jira.findings.place import SHOWN, shown
from cmmc_jira.findings.rows import Stated

_ASSESSMENT: Final = re.compile(
    r"^(assessment|audit|engagement)( id| name| title| uid| no| number| run)?$"
    r"|^(organi[sz]ation|company|client|customer|tenant|osc|osa|contractor)( name)?$"
)

Key = tuple[str, frozenset[str]]


def several(read: Sequence[tuple[Layout, Sequence[Stated]]]) -> str | None:
    """The sentence that refuses tables that rate the same requirements, or a column that names several assessments."""
    for layout, stated in read:
        if (sentence := _by_column(layout, stated)) is not None:
            return sentence
    seen: list[tuple[Layout, set[Key]]] = []
    for layout, stated in read:
        keys = _keys(stated)
        for other, others in seen:
            if 2 * len(keys & others) > min(len(keys), len(others)):
                names = f"{shown(other.table.name)} and {shown(layout.table.name)}"
                return (
                    f"the tables {names} rate the same requirements, so the file holds several assessments; "
                    f'say which one is meant with --map sheet="{layout.table.name[:SHOWN]}"'
                )
        seen.append((layout, keys))
    return None


def _by_column(layout: Layout, stated: Sequence[Stated]) -> str | None:
    rows = {row.place: row for row in layout.rows}
    taken = set(layout.columns.values()) - {layout.columns.get(Role.ASSET)}
    for index in range(layout.table.width if layout.header else 0):
        name = column_name(layout.header, index)
        if index in taken or not _ASSESSMENT.search(folded_heading(name)):
            continue
        groups: dict[str, set[Key]] = {}
        for each in stated:
            value = rows[each.finding.row or ""].cell(index)
            if value:
                groups.setdefault(value, set()).update(_keys([each]))
        if _overlap(groups.values()):
            values = ", ".join(shown(value) for value in sorted(groups)[:5])
            return (
                f"the column {shown(name)} names several assessments ({values}) that rate the same requirements; "
                "give the rows of one alone"
            )
    return None


def _keys(stated: Iterable[Stated]) -> set[Key]:
    return {(each.finding.requirement, frozenset(each.finding.objectives)) for each in stated}


def _overlap(groups: Iterable[set[Key]]) -> bool:
    seen: set[Key] = set()
    for group in groups:
        if seen & group:
            return True
        seen |= group
    return False
