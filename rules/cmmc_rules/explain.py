"""A requirement, a gate, a clock, a reason code or a rule in plain words, with where it stands and since when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum

from cmmc_rules.explanations import PLACE, CommonError, Note
from cmmc_rules.ids import IdRead, Named, find_named, read_id
from cmmc_rules.law import Law
from cmmc_rules.poam import eligibility
from cmmc_rules.records import Requirement
from cmmc_rules.results import Outcome
from cmmc_rules.rule import Rule
from cmmc_rules.words import Authority, Level, Result


class Kind(StrEnum):
    """What is explained."""

    REQUIREMENT = "requirement"
    GATE = "gate"
    CLOCK = "clock"
    REASON = "reason code"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the law that an explanation rests on.

    `value` is in words, None where the statement has no figure or is not in force yet; `since` is None then too.
    `positions` are what the product holds where the text is silent.
    """

    key: str
    cite: str
    says: str
    value: str | None
    since: date | None
    authority: Authority
    compared: date | None
    positions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """A common error and its answer, with the citation of it."""

    error: str
    answer: str
    cite: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What there is to know about one name: plain words, what to do (may be empty), and the law behind it."""

    kind: Kind
    id: str
    title: str
    words: str
    do: str
    statements: tuple[Statement, ...]
    errors: tuple[Answered, ...]


def explain(text: str, law: Law, day: date) -> Explanation | None:
    """The explanation of what the text names, with the values in force on that day; None if it names nothing.

    Requirements may be written in any spelling; one that two levels share means Level 2, unless it says otherwise.
    """
    name = text.strip()
    notes = law.text.notes
    for kind, told, key in (
        (Kind.REASON, notes.reasons, name.upper().replace("-", "_")),
        (Kind.GATE, notes.gates, name.lower().replace("-", "_")),
        (Kind.CLOCK, notes.clocks, name.lower().replace("-", "_")),
    ):
        if key in told:
            return _note(kind, told[key], law, day)
    if name in law.rules:
        return _rule(law.rules[name], law, day)
    for level in _levels(name):
        named = find_named(name, law.requirements(level, day))
        if isinstance(named, Named):
            return _requirement(named.requirement, law, day)
    return None


def near(text: str, law: Law) -> tuple[str, ...]:
    """The names closest to a text that names nothing, nearest first, at most three."""
    names = {name.casefold(): name for name in explained(law)}
    wanted = text.strip().casefold()
    within = sorted((name for name in names if wanted and wanted in name), key=len)
    found = dict.fromkeys([*get_close_matches(wanted, names, n=3, cutoff=0.6), *within])
    return tuple(names[name] for name in found)[:3]


def explained(law: Law) -> tuple[str, ...]:
    """Every name that `explain` knows: reason codes, gates, clocks, requirements, rules."""
    notes = law.text.notes
    ids = (requirement.id for level in Level for requirement in law.requirements(level))
    return (*notes.reasons, *notes.gates, *notes.clocks, *ids, *law.rules)


def _levels(name: str) -> tuple[Level, ...]:
    """The levels in which to look an id up, the one that it names itself first."""
    read = read_id(name)
    first = Level.TWO
    if isinstance(read, IdRead) and (read.item is not None or read.level is not None):
        first = Level.ONE if read.item is not None else read.level or first
    return (first, *(level for level in (Level.TWO, Level.ONE, Level.THREE) if level is not first))


def _note(kind: Kind, note: Note, law: Law, day: date) -> Explanation:
    return Explanation(
        kind=kind,
        id=note.id,
        title=note.title,
        words=_told(note.means, law, day),
        do=_told(note.do, law, day),
        statements=_statements((law.rules[key] for key in note.rules), day),
        errors=_answered((note.id,), law, day),
    )


def _rule(rule: Rule, law: Law, day: date) -> Explanation:
    return Explanation(
        kind=Kind.RULE,
        id=rule.key,
        title=rule.section,
        words=rule.says,
        do="",
        statements=_statements((rule,), day),
        errors=_answered((rule.key,), law, day),
    )


def _requirement(requirement: Requirement, law: Law, day: date) -> Explanation:
    edition = law.edition(day)
    since = edition.since
    states = (*requirement.variants, None)
    deferred = [eligibility(Outcome(requirement, Result.NOT_MET, state), edition) for state in states]
    return Explanation(
        kind=Kind.REQUIREMENT,
        id=requirement.id,
        title=requirement.name,
        words=requirement.summary,
        do="",
        statements=(
            _own(requirement, requirement.cite, f"It is a requirement of Level {requirement.level}.", None, since),
            _own(requirement, requirement.points_cite, "What it costs when NOT MET.", _points(requirement), since),
            *(_own(requirement, it.citation, f"{it.because}.", _deferrable(it.bar is None), since) for it in deferred),
        ),
        errors=_answered((requirement.id,), law, day),
    )


def _own(requirement: Requirement, cite: str, says: str, value: str | None, since: date) -> Statement:
    return Statement(requirement.id, cite, says, value, since, Authority.REGULATION, None)


def _points(requirement: Requirement) -> str:
    if requirement.variants:
        return ", ".join(f"{_count(points)} ({name})" for name, points in requirement.variants.items())
    return "no points" if requirement.points is None else _count(requirement.points)


def _count(points: int) -> str:
    return f"{points} {'point' if points == 1 else 'points'}"


def _deferrable(eligible: bool) -> str:  # noqa: FBT001 - the one thing it says
    return "may be on the POA&M" if eligible else "may not be on the POA&M"


def _statements(rules: Iterable[Rule], day: date) -> tuple[Statement, ...]:
    found = []
    for rule in rules:
        in_force = bool(rule.values.values) and rule.values.values[0][0] <= day
        found.append(
            Statement(
                key=rule.key,
                cite=rule.cite,
                says=rule.says,
                value=_shown(rule.values.on(day)) if in_force else None,
                since=rule.values.since(day) if in_force else None,
                authority=rule.authority,
                compared=rule.compared,
                positions=tuple(rule.positions.values()),
            )
        )
    return tuple(found)


def _answered(names: Iterable[str], law: Law, day: date) -> tuple[Answered, ...]:
    def cites(common: CommonError) -> str:
        return "; ".join(dict.fromkeys(law.rules[key].cite for key in common.rules))

    return tuple(
        Answered(_told(common.error, law, day), _told(common.answer, law, day), cites(common))
        for common in law.text.notes.errors
        if set(names) & set(common.about)
    )


def _told(text: str, law: Law, day: date) -> str:
    """The text with the value of each rule that it speaks of."""
    return PLACE.sub(lambda place: _shown(law.rules[place[1]].values.on(day)) or "", text)


def _shown(value: object) -> str | None:
    """A value of the law in words: a ratio as 4/5, lists and mappings on one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "; ".join(str(each) for each in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{_plain(name)}: {_shown(each)}" for name, each in value.items())
    return None if value is None else str(value)


def _plain(name: object) -> str:
    return str(name).replace("_", " ")
