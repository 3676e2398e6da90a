"""Requirement ids as people write them: which requirement of a level a text names."""

from collections.abc import Collection
from dataclasses import dataclass

from cmmc_rules.records import Requirement
from cmmc_rules.spelling import IdProblem, IdRead, letters, read_id
from cmmc_rules.words import Level

__all__ = ["IdProblem", "IdRead", "Named", "Unplaced", "find_named", "objective_key", "read_id"]


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
        return _nowhere(read, shown, next(iter(requirements)).level)
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
    if read.title and letters(read.title) not in {letters(name) for name in (requirement.name, *requirement.names)}:
        because = f"{shown!r} is followed by words that are not the name of {requirement.id}, {requirement.name}"
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


def _nowhere(read: IdRead, shown: str, level: Level) -> Unplaced:
    enhanced = bool(read.number and read.number.endswith("e"))
    if level is not Level.THREE and enhanced:
        letter = f"; an objective is written {read.number[:-1]}[e]" if read.number else ""
        return Unplaced(IdProblem.OTHER_LEVEL, f"{shown!r} is written like a requirement of Level 3{letter}")
    if level is Level.THREE and not enhanced:
        because = f"{shown!r} is not written like a requirement of Level 3, such as AC.L3-3.1.2e"
        return Unplaced(IdProblem.OTHER_LEVEL, because)
    revision = "; in Revision 3 there may be one, and CMMC assesses Revision 2" if read.padded else ""
    return Unplaced(IdProblem.UNKNOWN, f"{shown!r} is none of the requirements of Level {level.value}{revision}")


def _remark(read: IdRead, shown: str, requirement: Requirement) -> str | None:
    if read.practice:
        return f"{shown!r} is a CMMC 1.x practice; DoD's mapping of December 2021 makes it {requirement.id}"
    if read.item and requirement.level is Level.TWO:
        return f"{shown!r} is a Level 1 requirement; on Level 2 it is {requirement.id}"
    return None
