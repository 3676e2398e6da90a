"""What a project calls by other names than we do, and what it asks of every issue that is created in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from cmmc_jira.core.issues import Category, Kind

LINK_TYPE: Final = "Relates"


class Tie(StrEnum):
    """What ties our issues to their assessment: a link, the parent (of sub-tasks too), or the epic."""

    LINK = "link"
    PARENT = "parent"
    EPIC = "epic"


@dataclass(frozen=True, slots=True)
class Workflow:
    """How the issues of one type are moved.

    `routes` names, by status category, the statuses (or transitions) on the way there, the last one where to end;
    where none is named, the first transition that leads to the category is taken. `ready` are the statuses that count
    as ready for closeout (in lower case); with none named it is every status of the category done. `fields` answers
    the screens of transitions.
    """

    routes: Mapping[Category, tuple[str, ...]] = field(default_factory=dict)
    ready: frozenset[str] = frozenset()
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """How to get an issue to a status: the names on the way, and values by field id for the screens it meets.

    `values` go onto every screen that shows their field, `needed` only where the screen demands it.
    """

    route: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    needed: Mapping[str, Any] = field(default_factory=dict)


STRAIGHT: Final = Way()


@dataclass(frozen=True, slots=True)
class ProjectMapping:
    """A project's configuration where it differs from what the manifests describe; as shipped it says nothing.

    Issue types are keyed as in the manifests (`assessment`, `remediation`, `status`, `finding`), fields by our names.
    `defaults` are values of fields that are not ours, by issue type; `security` names the security level of new issues
    by issue type. `component` is what new remediation issues get, `components` the same by requirement family. `where`
    names the file in what is refused.
    """

    issue_types: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    workflow: Mapping[str, Workflow] = field(default_factory=dict)
    security: Mapping[str, str] = field(default_factory=dict)
    component: str | None = None
    components: Mapping[str, str] = field(default_factory=dict)
    tie: Tie = Tie.LINK
    link_type: str = LINK_TYPE
    where: str = ""

    def type_name(self, key: str) -> str:
        """Return what this Jira calls the issue type that the manifests know by this key."""
        return self.issue_types.get(key) or Kind.of(key).value

    def field_name(self, name: str) -> str:
        """Return what this Jira calls a field of ours: a name, or an id such as `customfield_10077`."""
        return self.fields.get(name, name)

    def type_names(self) -> Mapping[str, Kind]:
        """Return our issue types by what this Jira calls them; of two that share a type, the first one."""
        names: dict[str, Kind] = {}
        for kind in Kind:
            names.setdefault(self.type_name(kind.key), kind)
        return names

    def shares_status(self) -> bool:
        """Whether remediation and status issues are of one type here."""
        return self.type_name(Kind.STATUS.key) == self.type_name(Kind.REMEDIATION.key)

    def component_of(self, requirement: str) -> str | None:
        """Return the component that the new issue of a requirement (`AC.L2-3.1.3`) gets, if any."""
        return self.components.get(requirement.partition(".")[0], self.component)

    def workflow_of(self, kind: Kind) -> Workflow:
        """Return how issues of this kind are moved."""
        return self.workflow.get(kind.key, Workflow())


AS_SHIPPED: Final = ProjectMapping()
