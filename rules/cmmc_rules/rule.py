"""A statement of the law with where it stands, and a figure of it on one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from cmmc_rules.dated import Dated
from cmmc_rules.kinds import Kind
from cmmc_rules.words import Authority

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Key(Generic[T]):
    """The name of a figure that the functions of the law compute with, and what kind of value it is."""

    name: str
    kind: Kind[T]


@dataclass(frozen=True, slots=True)
class Rule:
    """One statement of the law: where it stands, what it says in our words, and its values over time.

    `compared` is the day of the text that a person last compared it with. `positions` are what the product holds where
    the text is silent, by the number they have in the README of the rules.
    """

    key: str
    section: str
    source: str
    compared: date
    cite: str
    says: str
    authority: Authority
    positions: Mapping[int, str]
    values: Dated[Any]


@dataclass(frozen=True, slots=True)
class Figure(Generic[T]):
    """A value of the law on one day, and where it stands."""

    cite: str
    value: T
