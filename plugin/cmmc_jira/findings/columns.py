"""Which row of a table is its header, and which column is what: suggested from names and content, or as mapped."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from string import ascii_lowercase
from typing import Final

from cmmc_jira.findings.header import column_index, column_letter, column_name, header_at, id_columns, like_id
from cmmc_jira.findings.headings import DEDUCTION, Role, fit, folded_heading
from cmmc_jira.findings.objective import read_letter
from cmmc_jira.findings.place import SHOWN, shown
from cmmc_jira.findings.status_column import Candidate, candidate
from cmmc_jira.findings.table import Row, Table
from cmmc_rules.answers import Notice
from cmmc_rules.ids import IdRead, read_id
from cmmc_rules.words import Result

NONE: Final = "none"
"""What a role is mapped to when no column is to be taken for it."""

OR: Final = " | "
"""Between the names of a column that the tables of one file call differently."""

_LETTERS: Final = re.compile(r"[a-z]+")
_SAMPLE: Final = 400
_LISTED: Final = 20
_BY_NAME: Final = (Role.NOTE, Role.OWNER, Role.DUE, Role.ASSET, Role.VARIANT, Role.POINTS)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is to be read: its header row (None: it has none), the rows below, and the column of each role.

    `notices` say what was chosen among several; `status` is the column of the findings unless the user mapped it.
    """

    table: Table
    header: Row | None
    rows: tuple[Row, ...]
    columns: Mapping[Role, int]
    notices: tuple[Notice, ...] = ()
    status: Candidate | None = None

    def name(self, role: Role) -> str:
        """The name of the role's column as the file has it, empty when it has none."""
        return column_name(self.header, self.columns[role]) if role in self.columns else ""

    @property
    def deducts(self) -> bool:
        """Whether the points are what a row costs, not what its requirement is worth."""
        return DEDUCTION.search(folded_heading(self.name(Role.POINTS))) is not None


@dataclass(frozen=True, slots=True)
class Unfit:
    """Why a table cannot be read as findings: `because` is a sentence, `asks` whether `--map` can settle it.

    `ids` is how many cells looked like ids, `candidates` the columns that were considered for the findings.
    """

    table: Table
    header: Row | None
    because: str
    ids: int = 0
    asks: bool = False
    candidates: tuple[Candidate, ...] = ()


def layout(table: Table, mapping: Mapping[Role, str], words: Mapping[str, Result]) -> Layout | Unfit:
    """How the table is to be read, or why it cannot be."""
    sample = table.rows[:_SAMPLE]
    ids = id_columns(sample, table.width)
    names = [each for name in mapping.values() for each in name.split(OR) if folded_heading(each) != NONE]
    at = header_at(sample, ids, names)
    header = None if at is None else table.rows[at]
    unfit = partial(Unfit, table, header, ids=max(ids.values(), default=0))
    columns, missing = _as_mapped(header, table.width, mapping)
    if missing:
        return unfit(missing, asks=True)
    rows = table.rows[0 if at is None else at + 1 :]
    _take_ids(header, rows[:_SAMPLE], list(ids), columns, table.width)
    if columns.get(Role.ID, -1) < 0:
        return unfit("no column holds requirement ids such as AC.L2-3.1.3 or 3.1.3")
    status: Candidate | None = None
    notices: tuple[Notice, ...] = ()
    if columns.get(Role.STATUS, -1) < 0:
        candidates = _candidates(header, rows[:_SAMPLE], columns, words, table.width)
        status, problem, notices = _chosen(candidates)
        if status is None:
            return unfit(problem, asks=bool(problem), candidates=candidates)
        columns[Role.STATUS] = status.index
    _take_named(header, rows[:_SAMPLE], columns, table.width)
    taken = {role: index for role, index in columns.items() if index >= 0}
    return Layout(table, header, rows, taken, notices, status)


def _as_mapped(header: Row | None, width: int, mapping: Mapping[Role, str]) -> tuple[dict[Role, int], str]:
    """The columns that the mapping names (-1: none is to be taken), or the sentence that says which does not exist."""
    names = [folded_heading(header.cell(index)) if header else "" for index in range(width)]
    columns: dict[Role, int] = {}
    for role, name in mapping.items():
        index = _mapped(name, names)
        if index is None:
            have = ", ".join(shown(column_name(header, each)) for each in range(min(width, _LISTED)))
            return {}, f"no column is called {shown(name)}, as --map {role}= says; the columns are {have}"
        columns[role] = index
    return columns, ""


def _mapped(name: str, names: Sequence[str]) -> int | None:
    """The column that a name means: in the words of the header, as `none`, by its letter, or as one of several."""
    if (wanted := folded_heading(name)) in names and wanted:
        return names.index(wanted)
    if wanted == NONE:
        return -1
    if (index := column_index(name)) is not None and index < len(names):
        return index
    if OR not in name:
        return None
    return next((found for each in name.split(OR) if (found := _mapped(each, names)) is not None), None)


def _take_ids(
    header: Row | None, rows: Sequence[Row], ids: Sequence[int], columns: dict[Role, int], width: int
) -> None:
    """Take the columns of requirements and objectives: an id with a letter is an objective's."""
    whole: dict[int, int] = {}
    lettered: dict[int, int] = {}
    for index in (each for each in ids if each not in columns.values()):
        reads = [read for row in rows if isinstance(read := read_id(row.cell(index)), IdRead)]
        letters = sum(read.letter is not None for read in reads)
        (lettered if letters * 2 > len(reads) else whole)[index] = len(reads)

    def best(counts: Mapping[int, int], role: Role) -> int | None:
        def order(index: int) -> tuple[int, int, int]:
            rank = fit(role, column_name(header, index))
            return -counts[index], 99 if rank is None else rank, index

        return min(counts, key=order, default=None)

    if Role.ID not in columns and (taken := best(whole or lettered, Role.ID)) is not None:
        columns[Role.ID] = taken
        lettered.pop(taken, None)
    if Role.OBJECTIVE not in columns and (taken := best(lettered, Role.OBJECTIVE)) is not None:
        columns[Role.OBJECTIVE] = taken
    if Role.OBJECTIVE not in columns and (taken := _lettered(header, rows, columns, width)) is not None:
        columns[Role.OBJECTIVE] = taken


def _lettered(header: Row | None, rows: Sequence[Row], columns: Mapping[Role, int], width: int) -> int | None:
    """A column of letters that is named as the objective's, or else one that counts a, b, c for each requirement."""
    free = [index for index in range(width) if index not in columns.values()]
    for index in free:
        cells = [cell for row in rows if (cell := row.cell(index))]
        letters = sum(read_letter(cell) is not None for cell in cells)
        if fit(Role.OBJECTIVE, column_name(header, index)) is not None and letters * 2 > len(cells):
            return index
    return next((index for index in free if _counts(rows, columns.get(Role.ID, -1), index)), None)


def _counts(rows: Sequence[Row], ids: int, index: int) -> bool:
    """Whether the column holds nothing but small letters in their order, nearly always from a on and without a gap.

    Large ones may be the names of assets, and so may letters that run equally far for every requirement.
    """
    letters: dict[str, str] = {}
    name = ""
    for row in rows:
        name = row.cell(ids) or name
        if cell := row.cell(index).strip("[]()."):
            letters[name] = letters.get(name, "") + (cell if len(cell) == 1 else " ")
    runs = letters.values()
    in_order = all(run == "".join(sorted(set(run))) and _LETTERS.fullmatch(run) for run in runs)
    whole = sum(run == ascii_lowercase[: len(run)] for run in runs)
    return in_order and len({len(run) for run in runs}) > 1 and whole * 10 >= len(runs) * 9


def _candidates(
    header: Row | None, rows: Sequence[Row], columns: Mapping[Role, int], words: Mapping[str, Result], width: int
) -> tuple[Candidate, ...]:
    keys = [columns[role] for role in (Role.ID, Role.OBJECTIVE) if role in columns]
    data = [row for row in rows if any(like_id(row.cell(key)) or read_letter(row.cell(key)) for key in keys)]
    free = [index for index in range(width) if index not in columns.values()]
    return tuple(
        candidate(index, column_name(header, index), [row.cell(index) for row in data], words) for index in free
    )


def _chosen(candidates: Sequence[Candidate]) -> tuple[Candidate | None, str, tuple[Notice, ...]]:
    """The column of the findings, or None with the sentence that asks which one, and what to say of the others."""
    eligible = sorted((each for each in candidates if each.eligible), key=lambda each: each.order)
    if not eligible:
        return None, "", ()
    best = eligible[0]
    equal = [each for each in eligible if each.order == best.order]
    if any(each.readings != best.readings for each in equal):
        alike = len({each.name for each in equal}) < len(equal)
        told = [column_letter(each.index) if alike else _named(each) for each in equal]
        names = ", ".join(map(shown, told))
        ask = f'the columns {names} could each hold the findings; say which with --map status="{told[0]}"'
        return None, ask, ()
    others = [each for each in eligible[len(equal) :] if each.readings != best.readings and each.doubtful]
    if not others:
        return best, "", ()
    names = ", ".join(shown(each.name) for each in others)
    because = (
        f"the findings were read from the column {shown(best.name)}; {names} could be meant too: "
        f'--map status="{_named(others[0])}" reads that one instead'
    )
    return best, "", (Notice("COLUMN_CHOSEN", because),)


def _named(candidate: Candidate) -> str:
    """The column as an option names it: a long name would be cut, so its letter."""
    return candidate.name if len(candidate.name) <= SHOWN else column_letter(candidate.index)


def _take_named(header: Row | None, rows: Sequence[Row], columns: dict[Role, int], width: int) -> None:
    """Take the columns whose names say what they are; a column of points holds numbers too."""
    for role in _BY_NAME:
        if role in columns or header is None:
            continue
        free = [index for index in range(width) if index not in columns.values()]
        ranks = {index: rank for index in free if (rank := fit(role, header.cell(index))) is not None}
        if role is Role.POINTS:
            ranks = {index: rank for index, rank in ranks.items() if _numeric(rows, index)}
        if ranks:
            columns[role] = min(ranks, key=lambda index: (ranks[index], index))


def _numeric(rows: Sequence[Row], index: int) -> bool:
    cells = [cell for row in rows if (cell := row.cell(index))]
    return sum(re.fullmatch(r"[-+]?\d{1,3}(\.0+)?", cell) is not None for cell in cells) * 2 > len(cells)
