"""Which of several status-like columns holds the findings."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from cmmc_jira.findings.headings import is_of_other_things, status_rank
from cmmc_jira.findings.statuses import Reading, folded_word, is_decision, is_plan_state, read_status
from cmmc_rules.words import Result

_PLAIN: Final = frozenset(
    {"MET", "NOTMET", "NA", "NOTAPPLICABLE", "SATISFIED", "NOTSATISFIED", "OTHERTHANSATISFIED"}
    | {"COMPLIANT", "NONCOMPLIANT", "NOTCOMPLIANT"}
)
_NUMBER: Final = re.compile(r"[-+]?\d+(?:[.,]\d+)?%?")
_NEARLY_ALL: Final = 0.8
_LONGEST_WORD: Final = 40
_WORST_RANK: Final = (99, 0)


class Vocabulary(IntEnum):
    """What words a column speaks in; the first two say findings."""

    FINDINGS = 0
    OTHER_WORDS = 1
    NOT_ASSESSED = 2
    BLANK = 3
    UNKNOWN = 4
    PLAN = 5
    NUMBERS = 6
    PROSE = 7


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that may hold the findings; `rank` is its name's, `readings` what its cells say."""

    index: int
    name: str
    rank: tuple[int, int] | None
    vocabulary: Vocabulary
    readings: tuple[Reading | None, ...]
    sure: bool

    @property
    def eligible(self) -> bool:
        """Whether it may be taken without being asked for: by its name, or by what nearly all of its cells say."""
        if self.vocabulary >= Vocabulary.PLAN:
            return False
        return self.rank is not None or (self.sure and not is_of_other_things(self.name))

    @property
    def doubtful(self) -> bool:
        """Whether a person may have meant it instead of the chosen one: by its name, if it holds more than marks."""
        return self.rank is not None and self.vocabulary is not Vocabulary.BLANK and read_status(self.name) is None

    @property
    def order(self) -> tuple[int, tuple[int, int]]:
        """The surest candidate is least; those that are equal cannot be told apart."""
        words = 0 if self.vocabulary is Vocabulary.OTHER_WORDS else self.vocabulary.value
        return words, self.rank or _WORST_RANK


def candidate(index: int, name: str, cells: Sequence[str], words: Mapping[str, Result]) -> Candidate:
    """The column as a candidate; `cells` are those of the rows that name a requirement."""
    filled = [cell for cell in cells if cell]
    readings = tuple(read_status(cell, words) for cell in cells)
    known = [reading for cell, reading in zip(cells, readings, strict=True) if cell and reading is not None]
    vocabulary = _vocabulary(filled, known)
    return Candidate(
        index=index,
        name=name,
        rank=status_rank(name),
        vocabulary=vocabulary,
        readings=readings,
        sure=vocabulary is Vocabulary.FINDINGS and len(known) >= _NEARLY_ALL * len(filled),
    )


def _vocabulary(filled: Sequence[str], known: Sequence[Reading]) -> Vocabulary:
    if not filled:
        return Vocabulary.BLANK
    if all(_NUMBER.fullmatch(cell) for cell in filled) and not known:
        return Vocabulary.NUMBERS
    if any(folded_word(cell) in _PLAIN for cell in filled):
        return Vocabulary.FINDINGS
    if len(known) < len(filled) and all(is_plan_state(cell) for cell in filled):
        return Vocabulary.PLAN
    if known:
        assessed = any(reading.result is not Result.NOT_ASSESSED for reading in known)
        return Vocabulary.OTHER_WORDS if assessed else Vocabulary.NOT_ASSESSED
    short = all(len(cell) <= _LONGEST_WORD for cell in filled)
    return Vocabulary.UNKNOWN if short and not all(is_decision(cell) for cell in filled) else Vocabulary.PROSE
