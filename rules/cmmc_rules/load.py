"""The law's YAML read into rules and requirements; whatever does not fit is refused with its file, line and key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from cmmc_rules import keys, kinds
from cmmc_rules.catalogue import CATALOGUE, Entry, dated, read_catalogues
from cmmc_rules.dated import Dated
from cmmc_rules.explanations import FOLDER, Notes, read_notes
from cmmc_rules.rule import Key, Rule
from cmmc_rules.source import Spot, read
from cmmc_rules.words import Authority

READERS: Mapping[str, Key[Any]] = MappingProxyType({key.name: key for key in keys.ALL})


class BadLaw(Exception):
    """The law that ships with the product is not well-formed: ours to mend. One sentence per mistake."""

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(mistakes))


@dataclass(frozen=True, slots=True)
class LawText:
    """What the files say: requirements in catalogue order, rules by key, and explanations."""

    entries: tuple[Entry, ...]
    rules: Mapping[str, Rule]
    notes: Notes


def read_law(files: Mapping[str, str]) -> LawText:
    """The law that these files hold; their folder says what they are. Raises `BadLaw` with every mistake."""
    mistakes: list[str] = []
    spots = {name: spot for name in sorted(files) if (spot := read(name, files[name], mistakes))}
    if len(spots) < len(files):
        raise BadLaw(mistakes)  # what else is wrong shows only once every file can be read
    entries = read_catalogues(spot for name, spot in spots.items() if name.startswith(CATALOGUE))
    ids = {entry.requirement.id: entry.variants for entry in entries}
    rules: dict[str, Rule] = {}
    for name, spot in spots.items():
        if not name.startswith((CATALOGUE, FOLDER)):
            rules.update(_section(spot, _prefix(name), ids))
    notes = read_notes(spots, rules, ids)
    mistakes.extend(
        f"{_home(key.name, files)}: the key {key.name!r} is missing, and the evaluation needs it; add it"
        for key in keys.ALL
        if key.name not in rules
    )
    if mistakes:
        raise BadLaw(mistakes)
    return LawText(entries, MappingProxyType(rules), notes)


def _prefix(name: str) -> str:
    """What a file's keys begin with: `170.21` for `32-cfr-170/170.21-poam.yaml`."""
    return name.rpartition("/")[2].removesuffix(".yaml").partition("-")[0]


def _home(key: str, files: Mapping[str, str]) -> str:
    homes = [name for name in files if key.startswith(f"{_prefix(name)}.")]
    return homes[0] if homes else "no file"


def _section(top: Spot, prefix: str, ids: kinds.Ids) -> dict[str, Rule]:
    head = ("section", "source", "compared", "authority")
    groups = {name: spot for name, spot in top.entries().items() if name not in head}
    found = top.mapping(head, list(groups))
    if any(name not in found for name in head):
        return {}
    defaults = _Head(
        section=found["section"].text(),
        source=found["source"].text(),
        compared=found["compared"].day(),
        authority=_authority(found["authority"]),
    )
    return {
        (key := f"{prefix}.{group}.{name}"): _rule(spot, key, defaults, ids)
        for group, entries in groups.items()
        for name, spot in entries.entries().items()
    }


@dataclass(frozen=True, slots=True)
class _Head:
    section: str
    source: str
    compared: date
    authority: Authority


def _rule(spot: Spot, key: str, head: _Head, ids: kinds.Ids) -> Rule:
    found = spot.mapping(("cite", "says", "values"), ("authority", "positions"))
    kind: kinds.Kind[Any] = READERS[key].kind if key in READERS else kinds.statement
    cite = found["cite"].text() if "cite" in found else ""
    return Rule(
        key=key,
        section=head.section,
        source=head.source,
        compared=head.compared,
        cite=cite,
        says=found["says"].text() if "says" in found else "",
        authority=_authority(found["authority"]) if "authority" in found else head.authority,
        positions=_positions(found["positions"]) if "positions" in found else MappingProxyType({}),
        values=dated(found["values"], cite, lambda value: kind(value, ids)) if "values" in found else Dated(cite, ()),
    )


def _authority(spot: Spot) -> Authority:
    return kinds.word(Authority)(spot, {})


def _positions(spot: Spot) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for number, entry in spot.entries().items():
        if not isinstance(number, int):
            entry.wrong(f"{number!r} is not the number of a position; write one that the README of the rules lists")
            continue
        found[number] = entry.text()
    return MappingProxyType(found)
