"""Dates as people write them in tables: taken when they can mean one day only, never guessed."""

import re
from datetime import date
from typing import Final

_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{2}:\d{2}.*)?")
_NAMED: Final = re.compile(r"(\d{1,2})[ .-]+([a-z]{3,9})\.?[ ,-]+(\d{4})", re.IGNORECASE)
_NAMED_FIRST: Final = re.compile(r"([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})", re.IGNORECASE)
_SLASHED: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_MONTHS: Final = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905 - reads best
)


def read_day(text: str) -> date | str:
    """The day, or the end of a sentence that says why the text is none."""
    text = text.strip()
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if (match := _NAMED.fullmatch(text)) and (month := _month(match[2])):
        return _day(int(match[3]), month, int(match[1]))
    if (match := _NAMED_FIRST.fullmatch(text)) and (month := _month(match[1])):
        return _day(int(match[3]), month, int(match[2]))
    if _SLASHED.fullmatch(text):
        return "can be read in more than one order; write it as YYYY-MM-DD"
    return "is no date; write it as YYYY-MM-DD"


def _day(year: int, month: int, day: int) -> date | str:
    try:
        return date(year, month, day)
    except ValueError:
        return "is no day of the calendar; correct the day or the month"


def _month(word: str) -> int:
    found = [at for at, month in enumerate(_MONTHS, start=1) if month.startswith(word.lower())]
    return found[0] if len(found) == 1 else 0
