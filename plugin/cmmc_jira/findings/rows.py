"""The rows of a table as findings, and what of them could not be placed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cmmc_jira.findings.columns import Layout
from cmmc_jira.findings.headings import Role
from cmmc_jira.findings.objective import read_letter
from cmmc_jira.findings.place import shown
from cmmc_jira.findings.statuses import Reading, read_status
from cmmc_jira.findings.table import Row
from cmmc_rules.ids import IdProblem, IdRead, Named, Unplaced, find_named, objective_key, read_id
from cmmc_rules.records import Finding, Requirement
from cmmc_rules.words import Result

FIPS: Final = "3.13.11"
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_UNNAMED: Final = frozenset({IdProblem.NOT_AN_ID, IdProblem.FAMILY})


@dataclass(frozen=True, slots=True)
class Stated:
    """A row that was placed: its finding, the status as it stands there, and the cells kept beside the finding.

    `reading` is None when the status word is not known. `carried` is whether the row names no requirement and was
    read as part of the one above. `remark` is what the id's reader has to say.
    """

    finding: Finding
    requirement: Requirement
    word: str
    reading: Reading | None
    owner: str = ""
    due: str = ""
    points: str = ""
    carried: bool = False
    padded: bool = False
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that names nothing that can be assessed: its place, what is wrong, and the sentence that says so."""

    place: str
    problem: IdProblem
    because: str
    padded: bool = False


def statements(
    layout: Layout, requirements: Sequence[Requirement], words: Mapping[str, Result]
) -> Iterator[Stated | Unread | str]:
    """Each row as what it states, as unread, or as the place of a heading; repeated headers are passed over.

    A row without an id belongs to the requirement above it when it has an objective, an asset or a status.
    """
    above: Named | None = None
    for row in layout.rows:
        if layout.header is not None and row.cells == layout.header.cells:
            continue
        cells = {role: row.cell(index) for role, index in layout.columns.items()}
        said = [cells.get(role, "") for role in (Role.ID, Role.OBJECTIVE, Role.STATUS, Role.ASSET)]
        if not any(said):
            continue
        named, carried = _named(cells, above, requirements)
        if isinstance(named, Named):
            above = named
            yield _stated(row, cells, named, words, carried=carried)
        elif named.problem not in _UNNAMED or not _is_blank(cells[Role.STATUS]):
            above = None if cells[Role.ID] else above
            yield _unread(row, cells, named)
        else:
            above = None
            yield row.place


def _is_blank(status: str) -> bool:
    """Whether a status says nothing that could be lost: it is empty, or says that nothing was assessed."""
    reading = read_status(status)
    return reading is not None and reading.result is Result.NOT_ASSESSED


def _named(
    cells: Mapping[Role, str], above: Named | None, requirements: Sequence[Requirement]
) -> tuple[Named | Unplaced, bool]:
    """What the row's id and objective name together, and whether the requirement is the one of the row above."""
    text, objective = cells[Role.ID], cells.get(Role.OBJECTIVE, "")
    carried = False
    if text:
        named = find_named(text, requirements)
    elif isinstance(read_id(objective), IdRead):
        return find_named(objective, requirements), False
    elif above is not None:
        named, carried = Named(above.requirement, (), above.read), True
    else:
        named = Unplaced(IdProblem.NOT_AN_ID, "the row has a status but names no requirement")
    if isinstance(named, Unplaced) or not objective:
        return named, carried
    return _with_objective(named, objective, requirements), carried


def _with_objective(named: Named, objective: str, requirements: Sequence[Requirement]) -> Named | Unplaced:
    read = read_id(objective)
    if isinstance(read, IdRead):
        other = find_named(objective, requirements)
        if isinstance(other, Named) and other.requirement.id != named.requirement.id:
            because = f"{shown(objective)} is no objective of {named.requirement.id}, which stands beside it"
            return Unplaced(IdProblem.NO_OBJECTIVE, because)
        return other
    letter = read_letter(objective)
    if letter is None:
        return named
    key = objective_key(named.requirement, letter, named.read.number)
    if key is None and named.requirement.numbers == (named.read.number,):
        key = objective_key(named.requirement, letter)
    if key is None:
        because = f"{named.requirement.id} has no objective {shown(letter)}; look for the right letter"
        return Unplaced(IdProblem.NO_OBJECTIVE, because)
    return Named(named.requirement, (key,), named.read, named.remark)


def _stated(row: Row, cells: Mapping[Role, str], named: Named, words: Mapping[str, Result], *, carried: bool) -> Stated:
    word = cells[Role.STATUS]
    reading = read_status(word, words)
    result = reading.result if reading else Result.NOT_ASSESSED
    finding = Finding(
        requirement=named.requirement.id,
        result=None if named.objectives else result,
        objectives=dict.fromkeys(named.objectives, result),
        variant=_variant(cells.get(Role.VARIANT, ""), named.requirement, reading),
        asset=cells.get(Role.ASSET) or None,
        note=cells.get(Role.NOTE) or None,
        row=row.place,
    )
    return Stated(
        finding=finding,
        requirement=named.requirement,
        word=word,
        reading=reading,
        owner=cells.get(Role.OWNER, ""),
        due=cells.get(Role.DUE, ""),
        points=cells.get(Role.POINTS, ""),
        carried=carried,
        padded=named.read.padded,
        remark=named.remark,
    )


def _variant(said: str, requirement: Requirement, reading: Reading | None) -> str | None:
    if said:
        return "_".join(said.lower().replace("-", " ").replace("_", " ").split())
    if reading is not None and FIPS in requirement.numbers:
        return reading.variant
    return None


def _unread(row: Row, cells: Mapping[Role, str], named: Unplaced) -> Unread:
    text = cells[Role.ID]
    read = read_id(text)
    because = named.because
    if _DATE.match(text):
        because = f"{shown(text)} is a date, which a spreadsheet may have made of an id; format the column as text"
    return Unread(row.place, named.problem, because, padded=isinstance(read, IdRead) and read.padded)
