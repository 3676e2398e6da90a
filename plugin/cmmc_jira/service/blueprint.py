"""What a project must hold, in the words of its own Jira: the manifests, with a project's own names in their place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from cmmc_jira.core.issues import Kind
from cmmc_jira.core.jql import quoted
from cmmc_jira.core.mapping import AS_SHIPPED, ProjectMapping, Tie
from cmmc_manifests import schema
from cmmc_manifests.schema import FieldSpec, FilterSpec, LinkTypeSpec, RoleSpec, WebhookSpec

_FINDING = "CMMC Finding"


@dataclass(frozen=True, slots=True)
class TypeWanted:
    """An issue type by its name in this Jira, with the fields of its screens: native ones by id, ours by name.

    `child` says that it may be a sub-task type, because the project ties our issues to their parent.
    """

    name: str
    says: str
    native: tuple[str, ...]
    ours: tuple[str, ...]
    child: bool = False


@dataclass(frozen=True, slots=True)
class Blueprint:
    """All that a project must hold, by its key. `fields` are named as this Jira names them: by a name, or by an id."""

    project: str
    types: tuple[TypeWanted, ...]
    fields: tuple[FieldSpec, ...]
    link_types: tuple[LinkTypeSpec, ...]
    roles: Mapping[str, RoleSpec]
    filters: tuple[FilterSpec, ...]
    webhook: WebhookSpec


def blueprint(project: str, *, mapping: ProjectMapping = AS_SHIPPED, manager_role: str | None = None) -> Blueprint:
    """Return what the project with this key must hold; `manager_role` is the project role that the policy names."""
    fields = tuple(replace(spec, name=mapping.field_name(spec.name)) for spec in schema.fields())
    named = {"manager_role": manager_role}
    return Blueprint(
        project=project,
        types=_types(fields, mapping),
        fields=fields,
        link_types=tuple(replace(spec, name=mapping.link_type) for spec in schema.link_types()),
        roles={name: spec for spec in schema.roles() if (name := named.get(spec.policy))},
        filters=schema.filters(
            project,
            remediation=quoted(mapping.type_name(Kind.REMEDIATION.key)),
            finding=_clause(mapping.field_name(_FINDING)),
            ready=_ready(mapping),
        ),
        webhook=schema.webhook(project),
    )


def _clause(field: str) -> str:
    """Return how JQL names a field: `cf[10077]` where it is known by its id."""
    number = field.removeprefix("customfield_")
    return f"cf[{number}]" if number.isdecimal() else quoted(field)


def _ready(mapping: ProjectMapping) -> str:
    """Return the JQL for work that is ready for closeout."""
    statuses = ", ".join(quoted(status) for status in sorted(mapping.workflow_of(Kind.REMEDIATION).ready))
    return f"status in ({statuses})" if statuses else "statusCategory = Done"


def _types(fields: Iterable[FieldSpec], mapping: ProjectMapping) -> tuple[TypeWanted, ...]:
    """Return the issue types; where a project has one type for several of ours, its screens show what they all need."""
    found: dict[str, TypeWanted] = {}
    for spec in schema.issue_types():
        name = mapping.type_name(spec.key)
        ours = tuple(row.name for row in fields if spec.key in row.used_on)
        child = mapping.tie is Tie.PARENT and spec.key != Kind.ASSESSMENT.key
        there = found.get(name, TypeWanted(name, spec.says, (), (), child))
        native, more = (*there.native, *spec.also), (*there.ours, *ours)
        found[name] = replace(there, native=tuple(dict.fromkeys(native)), ours=tuple(dict.fromkeys(more)))
    return tuple(found.values())
