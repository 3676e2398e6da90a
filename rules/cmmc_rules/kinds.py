"""What kinds of value the law's figures are, and how each is read from its place in a YAML file."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias, TypeVar

from cmmc_rules.source import Spot
from cmmc_rules.words import Assessor, Path, Status

T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)
Ids: TypeAlias = Mapping[str, Collection[str]]  # the requirements of the catalogue, each with its variants
Kind: TypeAlias = Callable[[Spot, Ids], T]

_EXACT = re.compile(r"([1-9][0-9]*)/([1-9][0-9]*)")


def nothing(spot: Spot, _ids: Ids) -> None:
    """A statement without a figure: null."""
    if spot.value is not None:
        spot.wrong(f"{spot.shown()} stands where the law gives no figure; write null")


def ratio(spot: Spot, _ids: Ids) -> Fraction:
    """An exact share of one, written as "4/5"."""
    match = _EXACT.fullmatch(spot.value) if isinstance(spot.value, str) else None
    if match and (found := Fraction(spot.value)) <= 1:
        return found
    spot.wrong(f'{spot.shown()} is not an exact ratio of at most one; write a fraction in quotes, such as "4/5"')
    return Fraction(1)


def count(spot: Spot, _ids: Ids) -> int:
    """A whole number that is not negative: points, days, years."""
    return spot.whole()


def flag(spot: Spot, _ids: Ids) -> bool:
    """Whether something is so."""
    if isinstance(spot.value, bool):
        return spot.value
    spot.wrong(f"{spot.shown()} is neither true nor false; write one of them, without quotes")
    return False


def word(words: type[Word]) -> Kind[Word]:
    """One of these words."""

    def read(spot: Spot, _ids: Ids) -> Word:
        for each in words:
            if spot.value == each:
                return each
        spot.wrong(f"{spot.shown()} is not known here; write one of {', '.join(words)}")
        return next(iter(words))

    return read


status: Kind[Status] = word(Status)
assessor: Kind[Assessor] = word(Assessor)


def requirement(spot: Spot, ids: Ids) -> str:
    """The id of a requirement in the catalogue."""
    return _known(spot, spot.text(), ids)


def cites(spot: Spot, ids: Ids) -> Mapping[str, str]:
    """Requirements, each with its own paragraph."""
    return {_known(entry, key, ids): entry.text() for key, entry in spot.entries().items()}


def variants(spot: Spot, ids: Ids) -> Mapping[str, str]:
    """Requirements, each with one of its variants."""
    found: dict[str, str] = {}
    for key, entry in spot.entries().items():
        known = ids.get(_known(entry, key, ids), ())
        if known and entry.value not in known:
            entry.wrong(f"{key} has no variant {entry.shown()}; write one of {', '.join(sorted(known))}")
        found[key] = entry.text()
    return found


def conditions(spot: Spot, ids: Ids) -> Mapping[str, bool]:
    """Conditions by name, each with the answer that it needs."""
    return {str(key): flag(entry, ids) for key, entry in spot.entries().items()}


def paths(spot: Spot, ids: Ids) -> Mapping[Path, bool]:
    """Whether something is so, for every path."""
    found = spot.mapping([path.value for path in Path])
    return {path: flag(found[path], ids) for path in Path if path in found}


def statement(spot: Spot, ids: Ids) -> object:
    """Any figure that is only told, never computed with: null, a scalar, a list or a mapping of scalars."""
    if isinstance(spot.value, tuple):
        return spot.texts()
    if isinstance(spot.value, Mapping):
        return {str(key): statement(entry, ids) for key, entry in spot.value.items()}
    if spot.value is None or isinstance(spot.value, bool | int | str | date):
        return spot.value
    spot.wrong(f'{spot.shown()} is not exact; write a whole number, or a fraction in quotes, such as "4/5"')
    return None


def _known(spot: Spot, text: object, ids: Ids) -> str:
    if text not in ids:
        near = get_close_matches(str(text), ids, n=1, cutoff=0.8)
        mend = f"did you mean {near[0]}?" if near else "write an id of the catalogue, such as AC.L2-3.1.3"
        spot.wrong(f"the catalogue has no requirement {text!r}; {mend}")
    return str(text)
