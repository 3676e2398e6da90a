"""The cast: what people do while the demo's days pass, read strictly from cast.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib.resources import files
from itertools import chain
from typing import Any, Final, TypeVar

import yaml

from cmmc_jira.errors import BadSetting
from cmmc_rules.ladder import Role

_KEYS: Final = ("parts", "turns", "people", "items", "assessment")
_E = TypeVar("_E", bound=StrEnum)


class Do(StrEnum):
    """What somebody may do in Jira."""

    FINISH = "finish"
    POSTPONE = "postpone"
    ACKNOWLEDGE = "acknowledge"
    BOOK = "book"
    COMMENT = "comment"


_TAKE_DAYS: Final = frozenset({Do.POSTPONE, Do.ACKNOWLEDGE, Do.BOOK})
_ABOUT_ITEMS: Final = frozenset({Do.FINISH, Do.POSTPONE, Do.ACKNOWLEDGE, Do.COMMENT})
_ABOUT_THE_ASSESSMENT: Final = frozenset({Do.BOOK, Do.COMMENT})


@dataclass(frozen=True, slots=True)
class Act:
    """What is done, and what is said with it.

    `at` is days left until the item's due date, or, about the assessment, the day of its clock; `who` acts there. What
    takes `days` reaches that many days from the due date (postpone) or from the day it is done (acknowledge, book).
    """

    do: Do
    at: int
    days: int = 0
    says: str = ""
    who: Role | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays which part: by item, else by person, else the next of `turns`."""

    parts: Mapping[str, tuple[Act, ...]]
    turns: tuple[str, ...]
    people: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    assessment: tuple[Act, ...] = ()

    def part(self, item: str, *, owner: str, place: int) -> tuple[Act, ...]:
        """Return what the owner (an e-mail address) does with an item, the `place`-th of its assessment."""
        name = self.items.get(item) or self.people.get(owner) or self.turns[place % len(self.turns)]
        return self.parts[name]

    def anybody(self) -> "Cast":
        """Return the cast for an assessment that it was not written for: nobody is known, everybody takes turns."""
        return replace(self, people={}, items={})


def load_cast() -> Cast:
    """Return the cast that ships with the package."""
    return read_cast((files("cmmc_jira.demo") / "cast.yaml").read_text(encoding="utf-8"), where="cast.yaml")


def read_cast(text: str, *, where: str) -> Cast:
    """Return the cast in a YAML text; `where` names the file in what is refused.

    Raises:
        BadSetting: it is no YAML, or something in it cannot be; all is named.

    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise BadSetting(f"{where}{line}: this is not YAML: {getattr(error, 'problem', error)}.") from None
    reader = _Reader()
    cast = reader.cast(data)
    if reader.mistakes:
        raise BadSetting(f"{where}: {sentence}" for sentence in reader.mistakes)
    return cast


class _Reader:
    """Reads what YAML holds and notes every mistake on the way."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def cast(self, data: object) -> Cast:
        table = self._table(data, "the file")
        self.mistakes += [f"unknown key {key}; known are {', '.join(_KEYS)}." for key in table if key not in _KEYS]
        parts = {
            name: tuple(self._item_act(row, f"parts: {name}") for row in self._rows(rows, f"parts: {name}"))
            for name, rows in self._table(table.get("parts"), "parts").items()
        }
        turns = tuple(str(name) for name in self._rows(table.get("turns"), "turns"))
        if not turns:
            self.mistakes.append("turns: name at least one part.")
        people, items = (self._table(table.get(key) or {}, key) for key in ("people", "items"))
        named = chain(
            (("turns", name) for name in turns),
            ((f"people: {who}", name) for who, name in people.items()),
            ((f"items: {item}", name) for item, name in items.items()),
        )
        known = ", ".join(parts)
        self.mistakes += [
            f"{place}: there is no part {name!r}; there are {known}." for place, name in named if name not in parts
        ]
        rows = self._rows(table.get("assessment") or [], "assessment")
        return Cast(parts, turns, people, items, tuple(self._assessment_act(row) for row in rows))

    def _item_act(self, row: object, place: str) -> Act:
        return self._act(row, place, at="days_left", may=_ABOUT_ITEMS, who=False)

    def _assessment_act(self, row: object) -> Act:
        return self._act(row, "assessment", at="day", may=_ABOUT_THE_ASSESSMENT, who=True)

    def _act(self, row: object, place: str, *, at: str, may: frozenset[Do], who: bool) -> Act:
        values = self._table(row, place)
        allowed = [at, "do", "days", "says", *(["who"] if who else [])]
        self.mistakes += [
            f"{place}: unknown key {key}; known are {', '.join(allowed)}." for key in values if key not in allowed
        ]
        do = self._one_of(sorted(may), values.get("do"), f"{place}: do")
        days = self._number(values.get("days"), f"{place}: days") if do in _TAKE_DAYS or "days" in values else 0
        if days and do not in _TAKE_DAYS:
            self.mistakes.append(f"{place}: {do} takes no days.")
        return Act(
            do=do,
            at=self._number(values.get(at), f"{place}: {at}"),
            days=days,
            says=str(values.get("says") or ""),
            who=self._one_of(list(Role), values.get("who"), f"{place}: who") if who else None,
        )

    def _one_of(self, known: list[_E], value: object, place: str) -> _E:
        for each in known:
            if each == value:
                return each
        self.mistakes.append(f"{place}: {value!r} is none of {', '.join(known)}.")
        return known[0]

    def _number(self, value: object, place: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.mistakes.append(f"{place}: expected a whole number, found {value!r}.")
        return 0

    def _table(self, value: object, place: str) -> dict[str, Any]:
        if isinstance(value, Mapping):
            return {str(key): each for key, each in value.items()}
        self.mistakes.append(f"{place}: expected lines `name: value`, found {value!r}.")
        return {}

    def _rows(self, value: object, place: str) -> list[Any]:
        if isinstance(value, list):
            return value
        self.mistakes.append(f"{place}: expected a list, found {value!r}.")
        return []
