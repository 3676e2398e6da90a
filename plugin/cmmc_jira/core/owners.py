"""Who owns the issue of a requirement: the policy file owners.yaml, read strictly."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from cmmc_jira.errors import BadSetting
from cmmc_rules.records import Requirement

_KEYS: Final = ("requirements", "families", "managers")


@dataclass(frozen=True, slots=True)
class Component:
    """The lead of a component of the Jira project."""

    name: str


Owner = str | Component


@dataclass(frozen=True, slots=True)
class Owners:
    """The policy: a person or a component by requirement id and by family, and each person's manager."""

    requirements: Mapping[str, Owner]
    families: Mapping[str, Owner]
    managers: Mapping[str, str]

    def of(self, requirement: Requirement) -> tuple[Owner | None, str]:
        """Return the owner that the policy names for a requirement, and the line that names it."""
        if requirement.id in self.requirements:
            return self.requirements[requirement.id], f"the policy (owners.yaml, requirement {requirement.id})"
        if requirement.family in self.families:
            return self.families[requirement.family], f"the policy (owners.yaml, family {requirement.family})"
        return None, "the policy (owners.yaml) names nobody for it"

    def people(self) -> frozenset[str]:
        """Return every person that the policy names as an owner, as written."""
        return frozenset(
            owner for owner in (*self.requirements.values(), *self.families.values()) if isinstance(owner, str)
        )

    def components(self) -> frozenset[str]:
        """Return every component whose lead the policy names as an owner."""
        owners = (*self.requirements.values(), *self.families.values())
        return frozenset(owner.name for owner in owners if isinstance(owner, Component))


def read_owners(text: str, *, where: str, requirements: Collection[Requirement]) -> Owners:
    """Return the policy in a YAML text; `where` names the file in what is refused.

    Raises:
        BadSetting: it is no YAML, or names a key, requirement, family or person that cannot be; all are named.

    """
    try:
        data = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise BadSetting(f"{where}{line}: this is not YAML: {getattr(error, 'problem', error)}.") from None
    if not isinstance(data, Mapping):
        raise BadSetting(f"{where}: expected the keys {', '.join(_KEYS)}, found {type(data).__name__}.")
    ids, families = {row.id for row in requirements}, {row.family for row in requirements}
    mistakes = [f"{where}: unknown key {key!s}; known are {', '.join(_KEYS)}." for key in data if key not in _KEYS]
    tables = {key: _table(data.get(key), key, where, mistakes) for key in _KEYS}
    strange = [f"requirements: {key} is no requirement id." for key in tables["requirements"] if key not in ids]
    known = f"known are {', '.join(sorted(families))}"
    strange += [f"families: {key} is no family; {known}." for key in tables["families"] if key not in families]
    bosses = tables["managers"].items()
    strange += [f"managers: {name}: name one person." for name, manager in bosses if not isinstance(manager, str)]
    mistakes += [f"{where}: {sentence}" for sentence in strange]
    owners = {
        key: {name: _owner(value, f"{where}: {key}: {name}", mistakes) for name, value in tables[key].items()}
        for key in ("requirements", "families")
    }
    if mistakes:
        raise BadSetting(mistakes)
    return Owners(owners["requirements"], owners["families"], tables["managers"])


def _table(value: Any, key: str, where: str, mistakes: list[str]) -> dict[str, Any]:  # noqa: ANN401  whatever YAML holds
    if value is None:
        return {}
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return dict(value)
    mistakes.append(f"{where}: {key}: expected lines `name: person`.")
    return {}


def _owner(value: Any, place: str, mistakes: list[str]) -> Owner:  # noqa: ANN401  whatever YAML holds
    if isinstance(value, str) and value.strip():
        return value.strip()
    if isinstance(value, Mapping) and set(value) == {"component"} and isinstance(value["component"], str):
        return Component(value["component"])
    mistakes.append(f"{place}: write a person (name@example.com) or {{component: Name}}.")
    return ""
