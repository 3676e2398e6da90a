"""Jira's administration over REST version 2: the `Admin` port, on Cloud and on Data Center.

Which of them it is Jira itself says, when the first question needs it.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final
from urllib.parse import quote

from cmmc_jira.adapters import admin_shapes as shapes
from cmmc_jira.adapters.admin_cloud import CloudParts
from cmmc_jira.adapters.admin_datacenter import DataCenterParts
from cmmc_jira.adapters.admin_webhooks import Webhooks, form_for
from cmmc_jira.adapters.administration import API, Administration
from cmmc_jira.adapters.exchange import Call, Exchange
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.admin import (
    CLOUD,
    DATACENTER,
    Context,
    Field,
    Filter,
    Host,
    IssueType,
    Listener,
    Project,
    Screen,
    ScreenMapping,
    ScreenScheme,
    TypeScheme,
    Webhook,
)
from cmmc_manifests.schema import FieldSpec, FilterSpec, LinkTypeSpec, RoleSpec

_CUSTOM: Final = "com.atlassian.jira.plugin.system.customfieldtypes:"
_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    "text": ("textfield", "textsearcher"),
    "paragraph": ("textarea", "textsearcher"),
    "number": ("float", "exactnumber"),
    "date": ("datepicker", "daterange"),
    "select": ("select", "multiselectsearcher"),
    "checkboxes": ("multicheckboxes", "multiselectsearcher"),
    "user": ("userpicker", "userpickergroupsearcher"),
}
"""Our words for field types as Jira's type and searcher."""
_FILTERS: Final = "CMMC "


class JiraAdmin:
    """The `Admin` port over HTTP."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._office = Administration(exchange)
        self._account: frozenset[str] = frozenset()

    @cached_property
    def _host(self) -> Host:
        info = self._office.read("serverInfo", "say what it is", shapes.HOST)
        flavour = CLOUD if info["deploymentType"] == "Cloud" else DATACENTER
        version = () if flavour == CLOUD else tuple(info["versionNumbers"])
        return Host(flavour, version, info["baseUrl"].rstrip("/") or self._exchange.access.url)

    @cached_property
    def _parts(self) -> CloudParts | DataCenterParts:
        return DataCenterParts(self._office) if self._host.datacenter else CloudParts(self._office)

    @cached_property
    def _webhooks(self) -> Webhooks:
        return Webhooks(self._office, form_for(self._host))

    def host(self) -> Host:
        """Return which Jira this is."""
        return self._host

    def is_administrator(self) -> bool:
        """Whether our account holds the global permission Administer Jira; a token that is wrong is refused first."""
        who = self._exchange.ask(Call("GET", f"{API}/myself", "say who we are", shapes.WHO))
        self._account = frozenset({who["accountId"], who["name"]} - {""})
        asked = {} if self._host.datacenter else {"permissions": "ADMINISTER"}  # Data Center tells of all of them
        answer = self._office.read("mypermissions", "list our permissions", shapes.PERMISSIONS, **asked)
        return bool((answer["permissions"].get("ADMINISTER") or {}).get("havePermission"))

    def project(self, key: str) -> Project:
        """Return the project with this key."""
        call = Call("GET", f"{API}/project/{quote(key)}", f"read {key}", shapes.PROJECT, subject=f"The project {key}")
        row = self._exchange.ask(call)
        types = frozenset(one["id"] for one in row["issueTypes"])
        return Project(row["id"], row["key"], row["name"], team_managed=row["simplified"], types=types)

    def issue_types(self) -> Sequence[IssueType]:
        """Return all issue types of the site, without those that belong to one team-managed project."""
        rows = self._office.read("issuetype", "list its issue types", shapes.ISSUE_TYPES)
        return [IssueType(row["id"], row["name"], row["subtask"]) for row in rows if not row["scope"]]

    def fields(self) -> Sequence[Field]:
        """Return all fields of the site, native ones included."""
        rows = self._office.read("field", "list its fields", shapes.FIELDS)
        return [
            Field(row["id"], row["name"], str(row["schema"].get("type", "")), row["schema"].get("items"))
            for row in rows
            if not row["scope"]
        ]

    def forms(self, project: Project, type_ids: Sequence[str]) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """Return the forms on which our account creates issues of these types."""
        if not type_ids:
            return {}
        path, doing = f"issue/createmeta/{project.id}/issuetypes", f"read the forms of {project.key}"
        open_ = {row["id"] for row in self._office.rows(path, doing, shapes.FORM_TYPES, "issueTypes")}
        return {id_: self._form(f"{path}/{id_}", doing) for id_ in type_ids if id_ in open_}

    def _form(self, path: str, doing: str) -> Mapping[str, frozenset[str]]:
        rows = self._office.rows(path, doing, shapes.FORM, "fields")
        return {row["fieldId"]: frozenset(_usable(row["allowedValues"] or ())) for row in rows}

    def screens(self) -> Mapping[str, str]:
        """Return the name of each screen of the site by id."""
        rows = self._office.pages("screens", "list its screens", shapes.SCREENS)
        return {row["id"]: row["name"] for row in rows if not row["scope"]}

    def screen(self, screen_id: str, name: str) -> Screen:
        """Return a screen with its fields."""
        doing, path = f'read the screen "{name}"', f"screens/{screen_id}/tabs"
        tabs = self._office.read(path, doing, shapes.TABS)
        read = (self._office.read(f"{path}/{tab['id']}/fields", doing, shapes.SHOWN) for tab in tabs)
        return Screen(
            screen_id, name, tabs[0]["id"] if tabs else None, frozenset(r["id"] for rows in read for r in rows)
        )

    def categories(self, project: Project) -> Mapping[str, frozenset[str]]:
        """Return the status categories that the workflow of each issue type has, by the type's id."""
        rows = self._office.read(
            f"project/{project.id}/statuses", f"read the statuses of {project.key}", shapes.CATEGORIES
        )
        return {row["id"]: frozenset(one["statusCategory"]["key"] for one in row["statuses"]) for row in rows}

    def link_types(self) -> frozenset[str]:
        """Return the names of all link types."""
        answer = self._office.read("issueLinkType", "list its link types", shapes.LINK_TYPES)
        return frozenset(row["name"] for row in answer["issueLinkTypes"])

    def roles(self) -> frozenset[str]:
        """Return the names of all project roles."""
        return frozenset(row["name"] for row in self._office.read("role", "list its project roles", shapes.ROLES))

    def filters(self) -> Sequence[Filter]:
        """Return the saved filters whose names are like ours."""
        return [
            Filter(
                row["id"],
                row["name"],
                shared=bool(row["sharePermissions"]),
                ours=bool(self._account & set((row["owner"] or {}).values())),
            )
            for row in self._parts.filters(_FILTERS)
        ]

    def webhooks(self) -> Sequence[Webhook]:
        """Return all administrators' webhooks."""
        return self._webhooks.all()

    def type_scheme(self, project: Project) -> TypeScheme:
        """Return the issue type scheme of a project, with every project that uses it."""
        return self._parts.type_scheme(project)

    def withheld(self, project: Project) -> frozenset[str]:
        """Return the native fields that forms do not show to our account."""
        return self._parts.withheld(project)

    def contexts(self, fields: Mapping[str, bool], project: Project) -> Mapping[str, Sequence[Context]]:
        """Return the contexts of custom fields, with their options where these are asked for."""
        return self._parts.contexts(fields, project)

    def screen_mapping(self, project: Project) -> ScreenMapping | None:
        """Return which screen scheme each issue type of a project uses; None on Data Center."""
        return self._parts.screen_mapping(project)

    def screen_schemes(self) -> Sequence[ScreenScheme]:
        """Return all screen schemes of the site; none on Data Center."""
        return self._parts.screen_schemes()

    def create_issue_type(self, name: str, says: str) -> str:
        """Create an issue type; its id."""
        body = {"name": name, "description": says, "type": "standard"}
        return self._office.make("issuetype", f'create the issue type "{name}"', body)

    def offer_issue_types(self, scheme: TypeScheme, type_ids: Sequence[str]) -> None:
        """Add issue types to an issue type scheme."""
        self._parts.offer_issue_types(scheme, type_ids)

    def create_field(self, spec: FieldSpec) -> str:
        """Create a custom field, which then applies everywhere; its id."""
        type_, searcher = _TYPES[spec.type]
        body = {"name": spec.name, "description": spec.says, "type": _CUSTOM + type_, "searcherKey": _CUSTOM + searcher}
        return self._office.make("field", f'create the field "{spec.name}"', body)

    def create_context(self, field_id: str, name: str, project_id: str) -> str:
        """Make a field apply to one more project; the context's id."""
        body = {"name": name, "projectIds": [project_id], "issueTypeIds": []}
        return self._office.make(f"field/{field_id}/context", f"create a context of {field_id}", body)

    def add_options(self, field_id: str, context_id: str, options: Sequence[str]) -> None:
        """Add options to a field in one of its contexts."""
        path = f"{API}/field/{field_id}/context/{context_id}/option"
        body = {"options": [{"value": option} for option in options]}
        self._office.write("POST", path, f"add options to {field_id}", body)

    def create_screen(self, name: str, says: str) -> Screen:
        """Create a screen; Jira gives it one tab without fields."""
        id_ = self._office.make("screens", f'create the screen "{name}"', {"name": name, "description": says})
        return self.screen(id_, name)

    def show(self, screen: Screen, field_id: str) -> None:
        """Put a field on a screen, at its end."""
        if screen.tab is None:
            raise JiraRefused(f'The screen "{screen.name}" has no tab: give it one, then run this again.')
        path = f"{API}/screens/{screen.id}/tabs/{screen.tab}/fields"
        self._office.write("POST", path, f'show {field_id} on the screen "{screen.name}"', {"fieldId": field_id})

    def create_screen_scheme(self, name: str, screen_id: str) -> str:
        """Create a screen scheme with one screen for everything; its id."""
        body = {"name": name, "screens": {"default": int(screen_id)}}
        return self._office.make("screenscheme", f'create the screen scheme "{name}"', body)

    def use_screen_schemes(self, mapping_id: str, schemes: Mapping[str, str]) -> None:
        """Give issue types, by id, their screen schemes."""
        rows = [{"issueTypeId": type_id, "screenSchemeId": scheme} for type_id, scheme in schemes.items()]
        path = f"{API}/issuetypescreenscheme/{mapping_id}/mapping"
        self._office.write("PUT", path, "give our issue types their screens", {"issueTypeMappings": rows})

    def create_link_type(self, spec: LinkTypeSpec) -> None:
        """Create a link type."""
        body = {"name": spec.name, "inward": spec.inward, "outward": spec.outward}
        self._office.write("POST", f"{API}/issueLinkType", f'create the link type "{spec.name}"', body)

    def create_role(self, name: str, spec: RoleSpec) -> None:
        """Create a project role that nobody holds."""
        body = {"name": name, "description": spec.says}
        self._office.write("POST", f"{API}/role", f'create the project role "{name}"', body)

    def create_filter(self, spec: FilterSpec, project: Project) -> str:
        """Create a saved filter; its id. On Cloud it is shared with the project at once."""
        return self._parts.create_filter(spec, project)

    def share_filter(self, filter_id: str, project: Project) -> None:
        """Share a saved filter with everybody who may see the project."""
        body = {"type": "project", "projectId": project.id}
        self._office.write("POST", f"{API}/filter/{filter_id}/permission", "share the filter with the project", body)

    def create_webhook(self, name: str, listener: Listener, *, events: Sequence[str], jql: str) -> None:
        """Create a webhook, signed and enabled."""
        self._webhooks.create(name, listener, events=events, jql=jql)

    def mend_webhook(self, webhook: Webhook, listener: Listener, *, events: Sequence[str], jql: str) -> None:
        """Make a webhook of ours deliver these events, signed and enabled."""
        self._webhooks.mend(webhook, listener, events=events, jql=jql)


def _usable(values: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the options that can be chosen; values that are no options have another shape."""
    return [str(one["value"]) for one in values if "value" in one and not one.get("disabled")]
