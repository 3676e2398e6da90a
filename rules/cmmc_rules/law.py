"""The whole law as loaded, with its digest, and each edition of it: the figures and requirements of one period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, TypeVar

from cmmc_rules import keys
from cmmc_rules.catalogue import CATALOGUE
from cmmc_rules.dated import NotInForce
from cmmc_rules.load import LawText, read_law
from cmmc_rules.records import Requirement
from cmmc_rules.rule import Figure, Key, Rule
from cmmc_rules.words import Level

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """The law in force from `since` until the next edition: what one evaluation needs, looked up beforehand."""

    since: date
    figures: Mapping[str, Figure[Any]]
    catalogue: Mapping[Level, Mapping[str, Requirement]]

    def __getitem__(self, key: Key[T]) -> Figure[T]:
        """The figure under this key. Raises `NotInForce` if it had no value yet."""
        try:
            return self.figures[key.name]
        except KeyError:
            raise NotInForce(f"{key.name} was not in force on {self.since}.") from None


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """Everything that the law says, over time. `digest` names this text of it."""

    text: LawText
    editions: tuple[Edition, ...]
    digest: str

    @property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule by its key."""
        return self.text.rules

    @property
    def citations(self) -> frozenset[str]:
        """Every citation that the law gives, of rules, requirements and paragraphs of requirements."""
        paragraphs = (
            cite
            for edition in self.editions
            for key in keys.NEVER_DEFERRED.values()
            for cite in edition[key].value.values()
        )
        entries = (entry.requirement for entry in self.text.entries)
        own = (cite for requirement in entries for cite in (requirement.cite, requirement.points_cite))
        return frozenset({*(rule.cite for rule in self.rules.values()), *own, *paragraphs})

    def edition(self, day: date | None = None) -> Edition:
        """The law in force on that day, or the latest one. Raises `NotInForce` before the first."""
        for edition in reversed(self.editions):
            if day is None or edition.since <= day:
                return edition
        raise NotInForce(
            f"32 CFR Part 170 was not in force on {day}; it takes force on {self.editions[0].since}. "
            "Give a CMMC Status Date, or a day to evaluate for, from then on."
        )

    def requirements(self, level: Level, day: date | None = None) -> tuple[Requirement, ...]:
        """The requirements of a level in catalogue order, as of that day or of the latest edition."""
        return tuple(self.edition(day).catalogue[level].values())

    def requirement(self, requirement_id: str, day: date | None = None) -> Requirement:
        """The requirement with this official id. Raises `KeyError` if there is none."""
        edition = self.edition(day)
        for level in Level:
            if requirement_id in edition.catalogue[level]:
                return edition.catalogue[level][requirement_id]
        raise KeyError(requirement_id)


def law_from(texts: Mapping[str, str]) -> Law:
    """The law that these files hold, by name below `regulation/`. Raises `BadLaw` with every mistake."""
    digest = sha256()
    for name in sorted(texts):
        digest.update(f"{name}\n{texts[name]}\n".encode())
    text = read_law(texts)
    days = {day for rule in text.rules.values() if rule.key in _COMPUTED for day, _value in rule.values.values}
    days |= {day for entry in text.entries for day, _points in entry.points.values}
    return Law(text, tuple(_edition(text, day) for day in sorted(days)), digest.hexdigest())


@cache
def load_law() -> Law:
    """The law that ships with this version. Raises `BadLaw` if it is not well-formed."""
    return law_from(texts())


def texts() -> Mapping[str, str]:
    """The files of the law that ships with this version, by name below `regulation/`.

    Beside the catalogues of the levels, their folder holds tables of other identifiers, which are not law.
    """
    found = _below(files("cmmc_rules") / "regulation", "")
    return {name: text for name, text in found if not name.startswith(CATALOGUE) or "/level-" in name}


_COMPUTED = frozenset(key.name for key in keys.ALL)


def _below(folder: Traversable, prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for child in folder.iterdir():
        if child.is_dir():
            found.extend(_below(child, f"{prefix}{child.name}/"))
        elif child.name.endswith(".yaml"):
            found.append((f"{prefix}{child.name}", child.read_text(encoding="utf-8")))
    return found


def _edition(text: LawText, day: date) -> Edition:
    figures = {
        name: Figure(rule.cite, rule.values.on(day))
        for name, rule in text.rules.items()
        if name in _COMPUTED and rule.values.values[0][0] <= day
    }
    catalogue: dict[Level, dict[str, Requirement]] = {level: {} for level in Level}
    for entry in text.entries:
        if entry.points.values[0][0] <= day:
            requirement = entry.on(day)
            catalogue[requirement.level][requirement.id] = requirement
    return Edition(day, MappingProxyType(figures), MappingProxyType(catalogue))
