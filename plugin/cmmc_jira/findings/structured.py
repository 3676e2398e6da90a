"""JSON and YAML that tools write: the list or map in it whose ids match, wherever it stands, as a table."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cmmc_jira.errors import BadFindings
from cmmc_jira.findings import status_column
from cmmc_jira.findings.table import Row, Table, bounded
from cmmc_rules.ids import IdProblem, IdRead, read_id

REQUIREMENT = "Requirement"
OBJECTIVE = "Objective"
STATUS = "Status"
VALUE = "Value"
_LETTER = re.compile(r"[\[(]?[a-z][\])]?", re.IGNORECASE)
_ENOUGH = 0.5
_DEEPEST = 3
_MOST_COLUMNS = 100

Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One object of a list or map: its place, its own id, its scalars by key, and the objectives below it."""

    place: str
    fields: Fields
    below: tuple["_Entry", ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A list or map that may hold findings: its key, the column of its ids, and the column that reads as a status."""

    key: str
    entries: tuple[_Entry, ...]
    id_column: str
    status_column: str | None


def tables(name: str, tree: object) -> tuple[Table, ...]:
    """The findings that a JSON or YAML value holds, as one table with a header row; none where no ids are found.

    Lists that rate different requirements (one per family, say) are put together. Raises `BadFindings` when two of
    them rate the same requirement: then they are several assessments, and nobody can say which one is meant.
    """
    found = list(_candidates("", tree))
    rated = [each for each in found if each.status_column]
    _refuse_several(name, rated)
    if not found:
        return ()
    return (_table(name, rated or found[:1]),)


def _candidates(key: str, tree: object) -> Iterator[_Candidate]:
    if (found := _candidate(key, tree)) is not None:
        yield found
    elif isinstance(tree, Mapping):
        for name, value in tree.items():
            yield from _candidates(f"{key}.{name}" if key else str(name), value)
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _candidates(f"{key}[{index}]", value)


def _candidate(key: str, tree: object) -> _Candidate | None:
    if isinstance(tree, list):
        named = [(f"{key}[{index}]", value) for index, value in enumerate(tree)]
        entries = [
            _entry(place, value) if isinstance(value, Mapping) else _bare(place, value) for place, value in named
        ]
        id_column = _column(entries, _is_id)
    elif isinstance(tree, Mapping) and _share(map(str, tree), _is_id) > _ENOUGH:
        entries = [_keyed(f"{key}[{name}]" if key else str(name), str(name), value) for name, value in tree.items()]
        id_column = REQUIREMENT
    else:
        return None
    if id_column is None:
        return None
    every = [each for entry in entries for each in (entry, *entry.below)]
    return _Candidate(key, tuple(entries), id_column, _status_column(every, id_column))


def _keyed(place: str, name: str, value: object) -> _Entry:
    """An entry of a map from ids: to a status, or to an object."""
    if isinstance(value, Mapping):
        entry = _entry(place, {other: each for other, each in value.items() if str(other) != REQUIREMENT})
        return _Entry(place, {REQUIREMENT: name, **entry.fields}, entry.below)
    return _Entry(place, {REQUIREMENT: name, STATUS: _text(value) or ""})


def _entry(place: str, value: Mapping[str, Any]) -> _Entry:
    fields: Fields = {}
    below: list[_Entry] = []
    for key, each in value.items():
        objectives = list(_objectives(f"{place}.{key}", each))
        below.extend(objectives)
        if not objectives:
            fields.update(_flat(str(key), each, _DEEPEST))
    return _Entry(place, fields, tuple(below))


def _bare(place: str, value: object) -> _Entry:
    """An item that is no object: it is kept, so that it can be listed as unread."""
    text = _text(value)
    return _Entry(place, {VALUE: text} if text else {})


def _flat(key: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        if depth:
            for name, each in value.items():
                yield from _flat(f"{key}.{name}", each, depth - 1)
    elif (text := _text(value)) is not None:
        yield key, text


def _text(value: object) -> str | None:
    """A scalar, or a list of scalars, as the text of one cell."""
    if value is None or isinstance(value, Mapping):
        return None
    if isinstance(value, list):
        texts = [_text(each) for each in value if not isinstance(each, Mapping | list)]
        return "; ".join(text for text in texts if text) or None
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _objectives(place: str, value: object) -> Iterator[_Entry]:
    """The objectives that a value below a requirement rates: a map from letters, or a list of objects with letters."""
    if isinstance(value, Mapping) and value and all(_is_objective(str(key)) for key in value):
        for letter, each in value.items():
            own = _entry(place, each).fields if isinstance(each, Mapping) else {STATUS: _text(each) or ""}
            yield _Entry(f"{place}.{letter}", {**own, OBJECTIVE: str(letter)})
    elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        entries = [_entry(f"{place}[{index}]", each) for index, each in enumerate(value)]
        column = _column(entries, _is_objective)
        for entry in entries if column else ():
            renamed = {OBJECTIVE if key == column else key: text for key, text in entry.fields.items()}
            yield _Entry(entry.place, renamed)


def _is_id(text: str) -> bool:
    """Whether the text is some catalogue's id; that it is the wrong catalogue's is told when the rows are placed."""
    read = read_id(text)
    return isinstance(read, IdRead) or read in {IdProblem.SP_800_53, IdProblem.REV_3, IdProblem.CMMC_1}


def _is_objective(text: str) -> bool:
    if _LETTER.fullmatch(text.strip()):
        return True
    read = read_id(text)
    return isinstance(read, IdRead) and read.letter is not None


def _share(texts: Iterable[str], holds: Callable[[str], bool]) -> float:
    said = list(texts)
    return sum(map(holds, said)) / len(said) if said else 0.0


def _column(entries: Sequence[_Entry], holds: Callable[[str], bool]) -> str | None:
    """The key under which most entries have a value of a kind; the first such key if there are several."""
    if not entries:
        return None
    said = Counter(key for entry in entries for key in entry.fields)
    shares = {
        key: sum(holds(entry.fields[key]) for entry in entries if key in entry.fields) / len(entries)
        for key, count in said.items()
        if count > _ENOUGH * len(entries)
    }
    best = max(shares, key=lambda key: shares[key], default=None)
    return best if best is not None and shares[best] > _ENOUGH else None


def _status_column(entries: Sequence[_Entry], id_column: str) -> str | None:
    """The key under which the entries are rated, chosen as among the columns of a table."""
    keys = dict.fromkeys(key for entry in entries for key in entry.fields if key not in {id_column, OBJECTIVE})
    choices = (
        status_column.candidate(index, key, [entry.fields.get(key, "") for entry in entries], {})
        for index, key in enumerate(keys)
    )
    best = min((choice for choice in choices if choice.eligible), key=lambda choice: choice.order, default=None)
    return best.name if best else None


def _refuse_several(name: str, candidates: Sequence[_Candidate]) -> None:
    seen: dict[tuple[str | None, str | None], str] = {}
    for candidate in candidates:
        rated = {_identity(row[candidate.id_column], row.get(OBJECTIVE, "")) for _place, row in _rows(candidate)}
        twice = next((seen[each] for each in rated if each in seen), None)
        if twice is not None:
            raise BadFindings(
                f"{name}: {twice or 'the top'} and {candidate.key or 'the top'} rate the same requirements, so this "
                "holds several assessments; give each one in a file of its own"
            )
        seen |= dict.fromkeys(rated, candidate.key)


def _identity(text: str, objective: str) -> tuple[str | None, str | None]:
    read = read_id(text)
    letter = objective.strip("[]() ").lower() or None
    return (read.number or read.item, read.letter or letter) if isinstance(read, IdRead) else (text, letter)


def _rows(candidate: _Candidate) -> Iterator[tuple[str, Fields]]:
    """Each row with its place: requirements, and the objectives below them with what the requirement says of itself."""
    for entry in candidate.entries:
        status = candidate.status_column
        if not entry.fields.get(candidate.id_column):
            if entry.fields:
                yield entry.place, {candidate.id_column: "", **entry.fields}
            continue
        if not entry.below or (status and entry.fields.get(status)):
            yield entry.place, entry.fields
        above = {key: text for key, text in entry.fields.items() if key != status}
        own = _status_column(entry.below, OBJECTIVE)
        for each in entry.below:
            fields = {(status or STATUS) if key == own else key: text for key, text in each.fields.items()}
            yield each.place, {**above, **fields}


def _table(name: str, candidates: Sequence[_Candidate]) -> Table:
    """The candidates' rows under one header, their columns of ids and of statuses named as in the first one."""
    first = candidates[0]
    rows: list[tuple[str, Fields]] = []
    for candidate in candidates:
        names = {candidate.id_column: first.id_column}
        if candidate.status_column and first.status_column:
            names[candidate.status_column] = first.status_column
        rows.extend(
            (place, {names.get(key, key): text for key, text in row.items()}) for place, row in _rows(candidate)
        )
    usual = Counter(key for _place, row in rows for key in row)
    lead = [first.id_column, OBJECTIVE, first.status_column]
    columns = [key for key in lead if key is not None and key in usual]
    columns += [key for key, _count in usual.most_common(_MOST_COLUMNS) if key not in columns]
    header = Row(first.key or "keys", tuple(columns))
    body = (Row(place, tuple(row.get(key, "") for key in columns)) for place, row in rows)
    return Table("", bounded(name, (header, *body)))
