"""The one door for findings files: what a file is, what it says, and what of it could not be placed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings import levels, points, remarks, suggestions
from cmmc_jira.findings.agreement import disagreements
from cmmc_jira.findings.columns import NONE, OR, Layout, Unfit, layout
from cmmc_jira.findings.document import document_file, is_document
from cmmc_jira.findings.file import FindingsFile
from cmmc_jira.findings.headings import Role, folded_heading
from cmmc_jira.findings.marks import with_marks
from cmmc_jira.findings.opening import Opened, opened
from cmmc_jira.findings.place import shown
from cmmc_jira.findings.placing import check_placed
from cmmc_jira.findings.profile import Profile
from cmmc_jira.findings.refusals import foreign, refusal
from cmmc_jira.findings.rows import Stated, Unread, statements
from cmmc_jira.findings.several import several
from cmmc_jira.findings.table import Table
from cmmc_rules.answers import Notice
from cmmc_rules.law import Law
from cmmc_rules.words import Level, Result


@dataclass(frozen=True, slots=True)
class _Read:
    """One table as it was read; `headings` are the places of rows that hold a title."""

    layout: Layout
    stated: tuple[Stated, ...]
    unread: tuple[Unread, ...]
    headings: tuple[str, ...]


def read_findings(
    name: str,
    content: bytes,
    *,
    law: Law,
    level: Level | None,
    mapping: Mapping[str, str] | None = None,
    words: Mapping[str, Result] | None = None,
) -> FindingsFile:
    """What a findings file of any known format says; `BadFindings` when it is none, each mistake in one sentence.

    `name` is for messages, the content decides. Without a `level` the ids decide; those that fit Level 1 as well as
    Level 2 are read as Level 2's, and the file's own level stays None. `mapping` says which column is what (`status`:
    "Implementation State"; `sheet` picks a sheet) and counts more than what is found, `words` what status words mean.
    """
    profile = Profile.of(mapping or {}, words or {})
    file = opened(name, content)
    digest = sha256(content).hexdigest()
    if is_document(file.tree):
        return document_file(name, file.tree, law=law, level=level, digest=digest)
    layouts, notices = _layouts(name, file, profile)
    own = file.level or levels.level_of(levels.reads(layouts), law)
    read = [_read(each, law, level or own or Level.TWO, profile.words) for each in layouts]
    check_placed(
        name, [each for table in read for each in table.unread], [row for table in read for row in table.stated]
    )
    if (sentence := several([(each.layout, each.stated) for each in read])) is not None:
        raise BadFindings(f"{name}: {sentence}")
    findings = tuple(row.finding for each in read for row in each.stated)
    owners, due, doubts = suggestions.owners_and_days([row for each in read for row in each.stated])
    return FindingsFile(
        format=file.format,
        level=own,
        path=None,
        findings=findings,
        notices=(*notices, *_remarks(read), *doubts, *disagreements(findings)),
        columns=_columns(layouts),
        owners=owners,
        due=due,
        digest=digest,
    )


def _layouts(name: str, file: Opened, profile: Profile) -> tuple[list[Layout], list[Notice]]:
    """The tables that hold findings, and what to say of those that were left out."""
    tables, passed_over = _wanted(name, file, profile.sheet)
    roles = {**file.columns, **profile.columns}
    several_tables = len(tables) > 1
    tried = [
        _tried(table, roles, profile.words) if several_tables else layout(with_marks(table), roles, profile.words)
        for table in tables
    ]
    fitting = [each for each in tried if isinstance(each, Layout) and foreign(each) is None]
    if not fitting:
        sentences = [sentence for each in tried if isinstance(each, Layout) and (sentence := foreign(each))]
        unfit = [each for each in tried if isinstance(each, Unfit)]
        raise BadFindings(f"{name}: {sentences[0] if sentences else refusal(unfit)}")
    _check_mapped(name, fitting, profile)
    for each in tried:
        if isinstance(each, Unfit) and each.asks and not profile.columns:
            raise BadFindings(
                f"{name}, {each.table.name}: {each.because}" if each.table.name else f"{name}: {each.because}"
            )
    notices = [notice for each in fitting for notice in each.notices]
    skipped = [each.table.name for each in tried if each not in fitting and (isinstance(each, Layout) or each.ids)]
    skipped += [table.name for table in passed_over if isinstance(layout(table, roles, profile.words), Layout)]
    notices += [Notice("SHEET_NOT_READ", _left_out(each, passed_over), row=each) for each in skipped if each]
    return fitting, notices


def _tried(table: Table, roles: Mapping[Role, str], words: Mapping[str, Result]) -> Layout | Unfit:
    """How one table of several is to be read: it need not have every column that is mapped."""
    needed: Mapping[Role, str] = {role: name for role, name in roles.items() if role in {Role.ID, Role.STATUS}}
    found = layout(with_marks(table), roles, words)
    return found if isinstance(found, Layout) else layout(found.table, needed, words)


def _check_mapped(name: str, fitting: Sequence[Layout], profile: Profile) -> None:
    """Refuse a column that was asked for and that no table has."""
    mistakes = [
        f"{name}: no table has a column called {shown(column)}, as --map {role}= says"
        for role, column in profile.columns.items()
        if folded_heading(column) != NONE and not any(role in each.columns for each in fitting)
    ]
    if mistakes:
        raise BadFindings(mistakes)


def _wanted(name: str, file: Opened, sheet: str | None) -> tuple[Sequence[Table], Sequence[Table]]:
    if sheet is None:
        if not file.tables:
            raise BadFindings(
                f"{name}: nothing in it holds requirement ids such as AC.L2-3.1.3 or 3.1.3; give a table or list with "
                "one requirement a row and its status"
            )
        return file.tables, file.passed_over
    every = (*file.tables, *file.passed_over)
    found = [table for table in every if folded_heading(table.name) == folded_heading(sheet)]
    if not found:
        names = ", ".join(shown(table.name) for table in every if table.name) or "none that has a name"
        raise BadFindings(f"{name}: no sheet is called {shown(sheet)}, as --map sheet= says; the sheets are {names}")
    return found, ()


def _left_out(sheet: str, passed_over: Sequence[Table]) -> str:
    if any(table.name == sheet for table in passed_over):
        return f'the sheet {shown(sheet)} is hidden or an example and was not read; --map sheet="{sheet}" reads it'
    return f"the sheet {shown(sheet)} names requirements but holds no findings, so it was not read"


def _read(found: Layout, law: Law, level: Level, words: Mapping[str, Result]) -> _Read:
    rows = tuple(statements(found, law.requirements(level), words))
    return _Read(
        found,
        tuple(row for row in rows if isinstance(row, Stated)),
        tuple(row for row in rows if isinstance(row, Unread)),
        tuple(row for row in rows if isinstance(row, str)),
    )


def _remarks(read: Sequence[_Read]) -> Iterable[Notice]:
    stated = [row for each in read for row in each.stated]
    yield from remarks.unread_rows(row for each in read for row in each.unread)
    yield from remarks.status_words(stated)
    yield from remarks.carried(stated)
    yield from remarks.ids(stated)
    yield from remarks.headings([place for each in read for place in each.headings])
    yield from remarks.blank(stated)
    for each in read:
        yield from points.points(each.layout, each.stated)
    yield from points.totals(each.layout for each in read)
    yield from points.patterns(stated)


def _columns(layouts: Sequence[Layout]) -> Mapping[str, str]:
    """The column of each role by its name, as a mapping takes it; several names where the tables differ."""
    names = {role: dict.fromkeys(each.name(role) for each in layouts if role in each.columns) for role in Role}
    return {role.value: OR.join(found) for role, found in names.items() if found}
