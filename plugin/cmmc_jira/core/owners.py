"""Who owns the issue of a requirement: the policy file owners.yaml, read strictly."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from cmmc_jira.errors import BadSetting, sentences
from cmmc_rules.records import Requirement
from cmmc_rules.source import Spot, read

_TABLES: Final = ("requirements", "families", "managers")
_KEYS: Final = (*_TABLES, "manager_role")


@dataclass(frozen=True, slots=True)
class Component:
    """The lead of a component of the Jira project."""

    name: str


Owner = str | Component


@dataclass(frozen=True, slots=True)
class Owners:
    """The policy: a person or a component by requirement id and by family, and each person's manager.

    `manager_role` names a project role whose members stand in where no manager is named for a person.
    """

    requirements: Mapping[str, Owner]
    families: Mapping[str, Owner]
    managers: Mapping[str, str]
    manager_role: str | None = None

    def of(self, requirement: Requirement) -> tuple[Owner | None, str]:
        """Return the owner that the policy names for a requirement, and the line that names it."""
        if requirement.id in self.requirements:
            return self.requirements[requirement.id], f"the policy (owners.yaml, requirement {requirement.id})"
        if requirement.family in self.families:
            return self.families[requirement.family], f"the policy (owners.yaml, family {requirement.family})"
        return None, "the policy (owners.yaml) names nobody for it"

    def people(self) -> frozenset[str]:
        """Return every person that the policy names, as written: owners, and who manages whom."""
        owners = (*self.requirements.values(), *self.families.values(), *self.managers, *self.managers.values())
        return frozenset(owner for owner in owners if isinstance(owner, str))

    def components(self) -> frozenset[str]:
        """Return every component whose lead the policy names as an owner."""
        owners = (*self.requirements.values(), *self.families.values())
        return frozenset(owner.name for owner in owners if isinstance(owner, Component))


def owners_in(file: str, text: str, mistakes: list[str], *, requirements: Collection[Requirement]) -> Owners | None:
    """Return the owners that a YAML text names; whatever is wrong is added to the mistakes, with file and line."""
    before = len(mistakes)
    top = read(file, text, mistakes)
    if top is None:
        return None
    found = top.mapping((), _KEYS)
    tables = {key: _table(found[key]) if key in found else {} for key in _TABLES}
    ids, families = {row.id for row in requirements}, {row.family for row in requirements}
    for name, spot in tables["requirements"].items():
        if name not in ids:
            spot.wrong(f"{name} is no requirement id; write it as AC.L2-3.1.3")
    for name, spot in tables["families"].items():
        if name not in families:
            spot.wrong(f"{name} is no family; known are {', '.join(sorted(families))}")
    owners = {key: {name: _owner(spot) for name, spot in tables[key].items()} for key in _TABLES[:2]}
    managers = {name: _manager(name, spot) for name, spot in tables["managers"].items()}
    role = found["manager_role"].text() if "manager_role" in found else None
    if len(mistakes) > before:
        return None
    return Owners(owners["requirements"], owners["families"], managers, role)


def read_owners(text: str, *, where: str, requirements: Collection[Requirement]) -> Owners:
    """Return the policy in a YAML text; `where` names the file in what is refused.

    Raises:
        BadSetting: it is no YAML, or names a key, requirement, family or person that cannot be; all are named.

    """
    mistakes: list[str] = []
    owners = owners_in(where, text, mistakes, requirements=requirements)
    if owners is None:
        raise BadSetting(sentences(mistakes))
    return owners


def _table(spot: Spot) -> Mapping[str, Spot]:
    """Return the lines of a table; one that is there and empty has none."""
    if spot.value is None:
        return {}
    return {str(name): row for name, row in spot.entries().items()}


def _manager(owner: str, spot: Spot) -> str:
    if not isinstance(spot.value, str) or not spot.value.strip():
        spot.wrong("name one person (name@example.com)")
        return ""
    manager = spot.value.strip()
    if manager == owner:
        spot.wrong(f"{owner} cannot hear of it as their own manager; name another person, or take the line out")
    return manager


def _owner(spot: Spot) -> Owner:
    if isinstance(spot.value, str) and spot.value.strip():
        return spot.value.strip()
    if isinstance(spot.value, Mapping) and set(spot.value) == {"component"}:
        return Component(spot.value["component"].text())
    spot.wrong("write a person (name@example.com) or {component: Name}")
    return ""
