"""Answers that carry their clause: nothing is said about the law without where it stands and because of what."""

from dataclasses import dataclass

from cmmc_rules.words import Gate, Reason


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """Whether one gate holds; `held` is None while requirements that are not assessed could still decide it."""

    gate: Gate
    held: bool | None
    citation: str
    because: str


@dataclass(frozen=True, slots=True)
class ReasonGiven:
    """One reason code that applies, with the requirement it is about, if it is about one."""

    code: Reason
    requirement: str | None
    citation: str
    because: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know that has no reason code: conflicts, unread rows, confirmed readings.

    `row` is the place in the file (a row number, a key), where there is one.
    """

    code: str
    because: str
    requirement: str | None = None
    citation: str | None = None
    row: str | None = None
