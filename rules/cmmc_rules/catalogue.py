"""The catalogue of requirements read from its YAML files."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from cmmc_rules.dated import Dated
from cmmc_rules.records import Requirement
from cmmc_rules.source import Spot
from cmmc_rules.words import Level, Variant

T = TypeVar("T")
CATALOGUE = "catalog/"
NO_VARIANTS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Points:
    """What a NOT MET requirement costs: its full value (None: no value), and each variant's where it has some."""

    full: int | None
    variants: Mapping[str, int] = field(default_factory=lambda: NO_VARIANTS)


@dataclass(frozen=True, slots=True)
class Entry:
    """A requirement of the catalogue with its points over time."""

    requirement: Requirement
    points: Dated[Points]

    @property
    def variants(self) -> frozenset[str]:
        """The variants of the requirement that the rule has ever priced."""
        return frozenset(name for _day, points in self.points.values for name in points.variants)

    def on(self, day: date) -> Requirement:
        """The requirement with the points in force on that day. Raises `NotInForce` before the first."""
        points = self.points.on(day)
        return replace(self.requirement, points=points.full, variants=points.variants)


def read_catalogues(tops: Iterable[Spot]) -> tuple[Entry, ...]:
    """The requirements of all catalogue files, in their order; each id stands once and each counterpart exists."""
    entries = [(spot, entry) for top in tops for spot, entry in _catalogue(top)]
    seen: set[str] = set()
    for spot, entry in entries:
        requirement = entry.requirement
        if requirement.id in seen:
            spot.wrong(f"the id {requirement.id} stands twice; keep one of the two")
        seen.add(requirement.id)
        if not requirement.id.startswith(f"{requirement.family}.L{requirement.level}-"):
            spot.wrong(f"the id {requirement.id!r} must begin with {requirement.family}.L{requirement.level}-")
    for spot, entry in entries:
        if entry.requirement.level1 is not None and entry.requirement.level1 not in seen:
            spot.wrong(f"the Level 1 counterpart {entry.requirement.level1!r} does not exist; name one that does")
    return tuple(entry for _spot, entry in entries)


def _catalogue(top: Spot) -> list[tuple[Spot, Entry]]:
    found = top.mapping(("level", "source", "compared", "requirements"))
    if "level" not in found or "requirements" not in found:
        return []
    if found["level"].value not in set(Level):
        found["level"].wrong(f"{found['level'].shown()} is not a level; write 1, 2 or 3")
        return []
    level = Level(found["level"].value)
    return [(spot, _entry(spot, level)) for spot in found["requirements"].items()]


_REQUIRED = ("id", "name", "family", "family_name", "numbers", "points", "objectives", "cite", "summary")
_OPTIONAL = ("names", "designation", "level1")


def _entry(spot: Spot, level: Level) -> Entry:
    found = spot.mapping(_REQUIRED, _OPTIONAL)

    def text(key: str) -> str:
        return found[key].text() if key in found else ""

    def texts(key: str) -> tuple[str, ...]:
        return found[key].texts() if key in found else ()

    points, cite = _points(found["points"]) if "points" in found else (Dated[Points]("", ()), "")
    requirement = Requirement(
        id=text("id"),
        level=level,
        family=text("family"),
        family_name=text("family_name"),
        name=text("name"),
        numbers=texts("numbers"),
        summary=text("summary"),
        points=None,
        points_cite=cite,
        variants=NO_VARIANTS,
        objectives=texts("objectives"),
        level1=text("level1") or None,
        names=texts("names"),
        cite=text("cite"),
        designation=text("designation") or None,
    )
    return Entry(requirement, points)


def _points(spot: Spot) -> tuple[Dated[Points], str]:
    found = spot.mapping(("cite",), ("values", "variants"))
    cite = found["cite"].text() if "cite" in found else ""
    if ("values" in found) == ("variants" in found):
        spot.wrong("the points need either `values` or `variants`; keep one of the two")
        return Dated(cite, ()), cite
    if "values" in found:
        return dated(found["values"], cite, _fixed), cite
    return dated(found["variants"], cite, _priced), cite


def _fixed(spot: Spot) -> Points:
    return Points(None if spot.value is None else spot.whole())


def _priced(spot: Spot) -> Points:
    entries = spot.mapping((), [variant.value for variant in Variant])
    variants = {str(name): entry.whole(least=1) for name, entry in entries.items()}
    return Points(max(variants.values(), default=0), MappingProxyType(variants))


def dated(spot: Spot, name: str, value: Callable[[Spot], T]) -> Dated[T]:
    """The values of a mapping of dates, earliest first."""
    found: list[tuple[date, T]] = []
    for key, entry in spot.entries().items():
        if type(key) is not date:
            entry.wrong(f"{key!r} is not a date; write the day on which the value takes force as YYYY-MM-DD")
            continue
        found.append((key, value(entry)))
    if isinstance(spot.value, Mapping) and not spot.value:
        spot.wrong("there is no value; write the day on which it takes force and the value")
    return Dated(name, tuple(sorted(found, key=lambda each: each[0])))
