"""The letter of an objective as people write it beside a requirement."""

import re
from typing import Final

from cmmc_rules.ids import IdRead, read_id

_LETTER: Final = re.compile(r"[\[(]?([a-z])[\])]?[.:]?", re.IGNORECASE)
_BEFORE_TEXT: Final = re.compile(
    r"(?:determine if:?\s+)?(?:[\[(]([a-z])[\])]|([a-z])[.)])[.:]?\s+\S.*", re.IGNORECASE | re.DOTALL
)


def read_letter(text: str) -> str | None:
    """The letter in `a`, `[a]`, `a)`, `3.1.1[a]` or `[a] authorized users are identified`, or None."""
    match = _LETTER.fullmatch(text) or _BEFORE_TEXT.fullmatch(text)
    if match:
        return next(letter for letter in match.groups() if letter).lower()
    read = read_id(text)
    return read.letter if isinstance(read, IdRead) else None
