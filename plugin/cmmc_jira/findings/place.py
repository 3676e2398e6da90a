"""A value in a document together with the key it stands at, so that every mistake can name its place."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

Word = TypeVar("Word", bound=StrEnum)

SHOWN = 60
YEARS = range(2000, 2200)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
# What other tools call the keys of ours: close spelling alone would not find them.
_MEANT = {
    "as_of": "dates.as_of",
    "assessment_date": "dates.cmmc_status_date",
    "comment": "note",
    "control": "id",
    "control_id": "id",
    "finding": "result",
    "notes": "note",
    "requirement": "id",
    "requirement_id": "id",
    "score": "result",
    "state": "result",
    "status": "result",
    "status_date": "cmmc_status_date",
}


def shown(value: object) -> str:
    """The value as a message quotes it: on one line, cut to a readable length."""
    if isinstance(value, Mapping):
        return "a map"
    if isinstance(value, list):
        return "a list"
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text[: 2 * SHOWN]).split())
    return f"'{line[: SHOWN - 1]}…'" if len(line) > SHOWN else f"'{line}'"


def folded(word: str) -> str:
    """The word in upper case, with hyphens, underscores and runs of space as one space."""
    return re.sub(r"[\s_-]+", " ", word).strip().upper()


@dataclass(frozen=True, slots=True)
class Place:
    """A value, its key (`findings[3].result`), and the list that collects what is wrong with the document.

    Each reading method gives None (or nothing) for a wrong value after having told the mistake.
    """

    value: object
    key: str
    mistakes: list[str]

    def wrong(self, sentence: str) -> None:
        """Tell a mistake at this place."""
        self.mistakes.append(f"{self.key}: {sentence}" if self.key else sentence)

    def at(self, key: str, value: object) -> "Place":
        """A place below this one."""
        name = shown(key)[1:-1]
        return Place(value, f"{self.key}.{name}" if self.key else name, self.mistakes)

    def entries(self) -> dict[str, "Place"]:
        """The entries of a map, in order; those that are null are absent."""
        if not isinstance(self.value, Mapping):
            self.wrong(f"{shown(self.value)} stands where a map of keys and values belongs")
            return {}
        return {str(key): self.at(str(key), value) for key, value in self.value.items() if value is not None}

    def mapping(self, known: Iterable[str]) -> dict[str, "Place"]:
        """The entries under known keys; unknown ones are told, timestamps (`posted_at`) are passed over."""
        entries = self.entries()
        names = tuple(known)
        for key, place in entries.items():
            if key not in names and not key.endswith("_at"):
                place.wrong(f"unknown key{_suggestion(key, names)}")
        return {key: place for key, place in entries.items() if key in names}

    def items(self) -> list["Place"]:
        """The items of a list."""
        if not isinstance(self.value, list | tuple):
            self.wrong(f"{shown(self.value)} stands where a list belongs")
            return []
        return [Place(value, f"{self.key}[{index}]", self.mistakes) for index, value in enumerate(self.value)]

    def text(self) -> str | None:
        """The text; numbers are taken as they are written."""
        if isinstance(self.value, str) or (isinstance(self.value, int | float) and not isinstance(self.value, bool)):
            return str(self.value).strip() or None
        self.wrong(f"{shown(self.value)} stands where a text belongs")
        return None

    def flag(self) -> bool | None:
        """The truth value."""
        if isinstance(self.value, bool):
            return self.value
        if isinstance(self.value, str) and self.value.strip().lower() in _TRUTH:
            return _TRUTH[self.value.strip().lower()]
        self.wrong(f"{shown(self.value)} is neither true nor false")
        return None

    def word(self, words: Iterable[Word]) -> Word | None:
        """The one of these words that is meant, in whatever case it is written."""
        choices = tuple(words)
        meant = folded(self.value) if isinstance(self.value, str) else None
        for choice in choices:
            if meant is not None and meant == folded(choice):
                return choice
        self.wrong(f"{shown(self.value)} is not {either(choices)}")
        return None

    def day(self) -> date | None:
        """The plain calendar date."""
        if type(self.value) is date:
            return self.value
        text = self.value.strip() if isinstance(self.value, str) else ""
        match = _DATE.fullmatch(text)
        if match is None:
            if _DATE.match(text) and text[10:11] in {"T", " "}:
                self.wrong(f"{shown(self.value)} is a point in time; write the plain date, {text[:10]}")
            else:
                self.wrong(f"{shown(self.value)} is not a date; write it as YYYY-MM-DD, such as 2026-03-26")
            return None
        year, month, day = (int(part) for part in match.groups())
        try:
            found = date(year, month, day)
        except ValueError:
            self.wrong(f"there is no day {text} in the calendar; correct the day or the month")
            return None
        if year not in YEARS:
            self.wrong(f"{text} is too far from today to be meant; correct the year")
            return None
        return found


def either(words: Iterable[str]) -> str:
    """The words as a choice: `Self, C3PAO or DIBCAC`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _suggestion(key: str, known: tuple[str, ...]) -> str:
    meant = _MEANT.get(key.lower())
    if meant is not None and (meant in known or "." in meant):
        return f"; did you mean {meant}?"
    close = get_close_matches(key.lower(), known, n=1)
    return f"; did you mean {close[0]}?" if close else f"; the keys here are {', '.join(known)}"
