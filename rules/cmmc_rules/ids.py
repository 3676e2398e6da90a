"""Requirement ids as people write them: which requirement of a level a text names."""

from collections.abc import Collection
from dataclasses import dataclass

from cmmc_rules.records import Requirement
from cmmc_rules.spelling import IdProblem, IdRead, letters, read_id
from cmmc_rules.words import Level

__all__ = ["IdProblem", "IdRead", "Named", "Unplaced", "find_named", "objective_key", "read_id"]

_FEW = 7  # numbers that are still listed one by one; more of them run without a gap


@dataclass(frozen=True, slots=True)
class Named:
    """The requirement that an id names, and its objectives if the id names only some (keys as in the requirement).

    `remark` says which table stood between, when one did; it is for the person who wrote the id.
    """

    requirement: Requirement
    objectives: tuple[str, ...]
    read: IdRead
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """An id that names no requirement of the level; `because` is a sentence that begins with what was written."""

    problem: IdProblem
    because: str


def find_named(text: str, requirements: Collection[Requirement]) -> Named | Unplaced:
    """The one requirement that the text names among those of one level, or the sentence that says why there is none."""
    read = read_id(text)
    shown = " ".join(text.split())[:60]
    if isinstance(read, IdProblem):
        return Unplaced(read, f"{shown!r} {read}")
    return _placed(read, shown, requirements)


def objective_key(requirement: Requirement, letter: str, number: str | None = None) -> str | None:
    """The requirement's own key of an objective, or None: `f` at Level 2, `3.10.4[a]` at Level 1.

    Without a number, a letter is nobody's where the requirement takes objectives from several numbers.
    """
    numbers = requirement.numbers if number is None else (number,)
    if len(numbers) != 1 or numbers[0] not in requirement.numbers:
        return None
    key = f"{numbers[0]}[{letter}]" if requirement.level is Level.ONE else letter
    return key if key in requirement.objectives else None


def _placed(read: IdRead, shown: str, requirements: Collection[Requirement]) -> Named | Unplaced:
    found = [each for each in requirements if _is_named(each, read)]
    if not found:
        return _nowhere(read, shown, requirements)
    if len(found) > 1:
        names = ", ".join(each.id for each in found)
        return Unplaced(IdProblem.SEVERAL, f"{shown!r} covers {names} on this level; name the one that is meant")
    (requirement,) = found
    if read.level is not None and (read.level is Level.THREE) != (requirement.level is Level.THREE):
        return Unplaced(IdProblem.OTHER_LEVEL, f"{shown!r} contradicts itself; the requirement is {requirement.id}")
    if read.family not in {None, requirement.family}:
        because = (
            f"{shown!r} has the letters {read.family}, but its number is that of {requirement.id}; mend one of them"
        )
        return Unplaced(IdProblem.OTHER_FAMILY, because)
    if other := _entitled(read.title, requirement, requirements):
        because = f"{shown!r} has the number of {requirement.id}, but the name of {other.id}; mend one of them"
        return Unplaced(IdProblem.OTHER_NAME, because)
    objectives = _objectives(requirement, read)
    if objectives is None:
        return Unplaced(
            IdProblem.NO_OBJECTIVE, f"{shown!r} names no objective of {requirement.id}; {_has(requirement)}"
        )
    return Named(requirement, objectives, read, _remark(read, shown, requirement))


def _is_named(requirement: Requirement, read: IdRead) -> bool:
    if read.item is None:
        return read.number in requirement.numbers
    level1 = requirement.id if requirement.level is Level.ONE else requirement.level1
    return level1 is not None and level1.partition("-")[2] == read.item


def _objectives(requirement: Requirement, read: IdRead) -> tuple[str, ...] | None:
    """The objectives that the id names, none for the whole requirement, or None if one of them does not exist."""
    if read.letter:
        key = objective_key(requirement, read.letter, read.number)
        return (key,) if key else None
    if read.number and len(requirement.numbers) > 1:
        return tuple(key for key in requirement.objectives if key.startswith(f"{read.number}["))
    return ()


def _has(requirement: Requirement) -> str:
    if not requirement.objectives:
        return f"Level {requirement.level.value} requirements have none"
    return f"it has {', '.join(requirement.objectives)}"


def _entitled(title: str | None, named: Requirement, requirements: Collection[Requirement]) -> Requirement | None:
    """The other requirement whose name stands behind the id; any other words are taken for a text about this one."""
    if title is None:
        return None
    words = letters(title)
    others = (each for each in requirements if each is not named)
    return next((each for each in others if words in {letters(name) for name in (each.name, *each.names)}), None)


def _nowhere(read: IdRead, shown: str, requirements: Collection[Requirement]) -> Unplaced:
    level = next(iter(requirements)).level
    enhanced = read.number is not None and read.number.endswith("e")
    if read.number and enhanced and level is not Level.THREE:
        letter = "" if read.level is Level.THREE else f"; objective e is written {read.number[:-1]}[e]"
        because = f"{shown!r} is written like a requirement of Level 3, and this is Level {level.value}{letter}"
        return Unplaced(IdProblem.OTHER_LEVEL, because)
    if level is Level.THREE and not enhanced:
        because = f"{shown!r} is no requirement of Level 3; those are written like AC.L3-3.1.2e"
        return Unplaced(IdProblem.OTHER_LEVEL, because)
    revision = ", and Revision 3 of NIST SP 800-171 is not assessed" if read.padded else ""
    because = f"{shown!r} does not exist on Level {level.value}{revision}{_siblings(read.number, requirements)}"
    return Unplaced(IdProblem.UNKNOWN, because)


def _siblings(number: str | None, requirements: Collection[Requirement]) -> str:
    if number is None:
        return "; FAR 52.204-21 has b.1.i to b.1.xv"
    family = number.rpartition(".")[0] + "."
    numbers = [each for requirement in requirements for each in requirement.numbers if each.startswith(family)]
    if not numbers:
        return ""
    listed = ", ".join(numbers) if len(numbers) <= _FEW else f"{numbers[0]} to {numbers[-1]}"
    return f"; its family has {listed}"


def _remark(read: IdRead, shown: str, requirement: Requirement) -> str | None:
    if read.practice:
        return f"{shown!r} is a CMMC 1.x practice; by DoD's mapping it is {read.number}, here {requirement.id}"
    if read.item and requirement.level is Level.TWO:
        return f"{shown!r} is a Level 1 requirement; on Level 2 it is {requirement.id}"
    return None
