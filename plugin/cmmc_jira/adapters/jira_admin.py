"""Jira Cloud's administration over REST version 2: the `Admin` port on the exchange that the Jira client uses."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from marshmallow import Schema

from cmmc_jira.adapters import admin_shapes as shapes
from cmmc_jira.adapters.exchange import Call, Exchange
from cmmc_jira.errors import JiraRefused
from cmmc_jira.service.admin import (
    Context,
    Field,
    IssueType,
    Listener,
    Project,
    Screen,
    ScreenMapping,
    ScreenScheme,
    TypeScheme,
    Webhook,
)
from cmmc_manifests.schema import FieldSpec, IssueTypeSpec, LinkTypeSpec

_API: Final = "rest/api/2"
_WEBHOOKS: Final = "rest/webhooks/1.0/webhook"
_ISSUE_EVENTS: Final = "issue-related-events-section"
_RIGHT: Final = "Administer Jira"
_PAGE: Final = 100
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


class JiraAdmin:
    """The `Admin` port over HTTP."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def is_administrator(self) -> bool:
        """Whether our account holds the global permission Administer Jira; a token that is wrong is refused first."""
        self._ask(Call("GET", f"{_API}/myself", "say who we are"))
        answer = self._read("mypermissions", "list our permissions", shapes.PERMISSIONS, permissions="ADMINISTER")
        return bool((answer["permissions"].get("ADMINISTER") or {}).get("havePermission"))

    def project(self, key: str) -> Project:
        """Return the project with this key."""
        row = self._ask(
            Call("GET", f"{_API}/project/{quote(key)}", f"read {key}", shapes.PROJECT, subject=f"The project {key}")
        )
        return Project(id=row["id"], key=row["key"], name=row["name"], team_managed=row["simplified"])

    def issue_types(self) -> Sequence[IssueType]:
        """Return all issue types of the site, without those that belong to one team-managed project."""
        rows = self._read("issuetype", "list its issue types", shapes.ISSUE_TYPES)
        return [IssueType(row["id"], row["name"], row["subtask"]) for row in rows if not row["scope"]]

    def type_scheme(self, project: Project) -> TypeScheme:
        """Return the issue type scheme of a project, with every project that uses it."""
        doing = f"read the issue type scheme of {project.key}"
        used = self._pages("issuetypescheme/project", doing, shapes.TYPE_SCHEMES_USED, projectId=project.id)
        scheme = used[0]["issueTypeScheme"]
        types = self._pages("issuetypescheme/mapping", doing, shapes.TYPES_OFFERED, issueTypeSchemeId=scheme["id"])
        shared = self._pages("issuetypescheme", doing, shapes.TYPE_SCHEMES, id=scheme["id"], expand="projects")
        return TypeScheme(
            id=scheme["id"],
            name=scheme["name"],
            types=frozenset(row["issueTypeId"] for row in types),
            projects=frozenset(one["id"] for row in shared for one in (row["projects"] or {}).get("values", ())),
        )

    def fields(self) -> Sequence[Field]:
        """Return all fields of the site, native ones included."""
        rows = self._read("field", "list its fields", shapes.FIELDS)
        return [
            Field(row["id"], row["name"], str(row["schema"].get("type", "")), row["schema"].get("items"))
            for row in rows
            if not row["scope"]
        ]

    def contexts(self, field_id: str, *, options: bool) -> Sequence[Context]:
        """Return the contexts of a custom field, with their options where these are asked for."""
        doing, path = f"read the contexts of {field_id}", f"field/{field_id}/context"
        rows = self._pages(path, doing, shapes.CONTEXTS)
        limited = any(not row["isGlobalContext"] for row in rows)
        projects = self._pages(f"{path}/projectmapping", doing, shapes.CONTEXT_PROJECTS) if limited else []
        return [
            Context(
                id=row["id"],
                everywhere=row["isGlobalContext"],
                projects=frozenset(
                    one["projectId"] for one in projects if one["contextId"] == row["id"] and one["projectId"]
                ),
                options=self._options(field_id, row["id"]) if options else (),
            )
            for row in rows
        ]

    def _options(self, field_id: str, context_id: str) -> tuple[str, ...]:
        path = f"field/{field_id}/context/{context_id}/option"
        rows = self._pages(path, f"read the options of {field_id}", shapes.OPTIONS)
        return tuple(row["value"] for row in rows if not row["disabled"])

    def screen_mapping(self, project: Project) -> ScreenMapping:
        """Return which screen scheme each issue type of a project uses."""
        doing = f"read the screen schemes of {project.key}"
        used = self._pages("issuetypescreenscheme/project", doing, shapes.SCREEN_MAPPINGS_USED, projectId=project.id)
        found = used[0]["issueTypeScreenScheme"]
        rows = self._pages(
            "issuetypescreenscheme/mapping", doing, shapes.SCREEN_MAPPINGS, issueTypeScreenSchemeId=found["id"]
        )
        schemes = {row["issueTypeId"]: row["screenSchemeId"] for row in rows}
        return ScreenMapping(id=found["id"], name=found["name"], schemes=schemes)

    def screen_schemes(self) -> Sequence[ScreenScheme]:
        """Return all screen schemes of the site."""
        rows = self._pages("screenscheme", "list its screen schemes", shapes.SCREEN_SCHEMES)
        return [ScreenScheme(row["id"], row["name"], frozenset(map(str, row["screens"].values()))) for row in rows]

    def screens(self, named: str) -> Mapping[str, str]:
        """Return the id of each screen whose name holds this text, by name."""
        rows = self._pages("screens", "list its screens", shapes.SCREENS, queryString=named)
        return {row["name"]: row["id"] for row in rows if not row["scope"]}

    def screen(self, screen_id: str) -> Screen:
        """Return a screen with its fields."""
        doing, path = f"read screen {screen_id}", f"screens/{screen_id}/tabs"
        name = self._pages("screens", doing, shapes.SCREENS, id=screen_id)[0]["name"]
        tabs = self._read(path, doing, shapes.TABS)
        shown = {row["id"] for tab in tabs for row in self._read(f"{path}/{tab['id']}/fields", doing, shapes.SHOWN)}
        return Screen(screen_id, name, tabs[0]["id"] if tabs else None, frozenset(shown))

    def link_types(self) -> frozenset[str]:
        """Return the names of all link types."""
        answer = self._read("issueLinkType", "list its link types", shapes.LINK_TYPES)
        return frozenset(row["name"] for row in answer["issueLinkTypes"])

    def webhooks(self) -> Sequence[Webhook]:
        """Return all administrators' webhooks."""
        rows = self._ask(Call("GET", _WEBHOOKS, "list its webhooks", shapes.WEBHOOKS, right=_RIGHT))
        return [
            Webhook(
                id=row["self"].rstrip("/").rpartition("/")[2],
                name=row["name"],
                url=row["url"],
                events=frozenset(row["events"]),
                filter=str((row["filters"] or {}).get(_ISSUE_EVENTS) or ""),
                enabled=row["enabled"],
                signed=row["isSigned"],
            )
            for row in rows
        ]

    def create_issue_type(self, spec: IssueTypeSpec) -> str:
        """Create an issue type; its id."""
        return self._make(
            "issuetype",
            f'create the issue type "{spec.name}"',
            {"name": spec.name, "description": spec.says, "type": "standard"},
        )

    def offer_issue_types(self, scheme_id: str, type_ids: Sequence[str]) -> None:
        """Add issue types to an issue type scheme."""
        path = f"{_API}/issuetypescheme/{scheme_id}/issuetype"
        self._write("PUT", path, "add our issue types to the project's scheme", {"issueTypeIds": list(type_ids)})

    def create_field(self, spec: FieldSpec) -> str:
        """Create a custom field, which then applies everywhere; its id."""
        type_, searcher = _TYPES[spec.type]
        body = {
            "name": spec.name,
            "description": spec.says,
            "type": _CUSTOM + type_,
            "searcherKey": _CUSTOM + searcher,
        }
        return self._make("field", f'create the field "{spec.name}"', body)

    def create_context(self, field_id: str, name: str, project_id: str) -> str:
        """Make a field apply to one more project; the context's id."""
        body = {"name": name, "projectIds": [project_id], "issueTypeIds": []}
        return self._make(f"field/{field_id}/context", f"create a context of {field_id}", body)

    def add_options(self, field_id: str, context_id: str, options: Sequence[str]) -> None:
        """Add options to a field in one of its contexts."""
        path = f"{_API}/field/{field_id}/context/{context_id}/option"
        self._write("POST", path, f"add options to {field_id}", {"options": [{"value": option} for option in options]})

    def create_screen(self, name: str, says: str) -> Screen:
        """Create a screen; Jira gives it one tab without fields."""
        id_ = self._make("screens", f'create the screen "{name}"', {"name": name, "description": says})
        return self.screen(id_)

    def show(self, screen: Screen, field_id: str) -> None:
        """Put a field on a screen, at its end."""
        if screen.tab is None:
            raise JiraRefused(f'The screen "{screen.name}" has no tab: give it one, then run this again.')
        path = f"{_API}/screens/{screen.id}/tabs/{screen.tab}/fields"
        self._write("POST", path, f'show {field_id} on the screen "{screen.name}"', {"fieldId": field_id})

    def create_screen_scheme(self, name: str, screen_id: str) -> str:
        """Create a screen scheme with one screen for everything; its id."""
        body = {"name": name, "screens": {"default": int(screen_id)}}
        return self._make("screenscheme", f'create the screen scheme "{name}"', body)

    def use_screen_schemes(self, mapping_id: str, schemes: Mapping[str, str]) -> None:
        """Give issue types, by id, their screen schemes."""
        rows = [{"issueTypeId": type_id, "screenSchemeId": scheme} for type_id, scheme in schemes.items()]
        path = f"{_API}/issuetypescreenscheme/{mapping_id}/mapping"
        self._write("PUT", path, "give our issue types their screens", {"issueTypeMappings": rows})

    def create_link_type(self, spec: LinkTypeSpec) -> None:
        """Create a link type."""
        body = {"name": spec.name, "inward": spec.inward, "outward": spec.outward}
        self._write("POST", f"{_API}/issueLinkType", f'create the link type "{spec.name}"', body)

    def create_webhook(self, name: str, listener: Listener, *, events: Sequence[str], jql: str) -> None:
        """Create a webhook, signed and enabled."""
        self._write("POST", _WEBHOOKS, f"create the webhook to {listener.url}", _webhook(name, listener, events, jql))

    def mend_webhook(self, webhook: Webhook, listener: Listener, *, events: Sequence[str], jql: str) -> None:
        """Make a webhook of ours deliver these events, signed and enabled."""
        body = {**_webhook(webhook.name, listener, events, jql), "enabled": True}
        self._write("PUT", f"{_WEBHOOKS}/{webhook.id}", f"mend the webhook to {listener.url}", body)

    def _read(self, path: str, doing: str, shape: Schema, **params: str) -> Any:  # noqa: ANN401  JSON of the shape
        return self._ask(Call("GET", f"{_API}/{path}", doing, shape, right=_RIGHT, params=params))

    def _pages(self, path: str, doing: str, shape: Schema, **params: str) -> list[Any]:
        """Return the values of every page."""
        found: list[Any] = []
        while True:
            paging = {"startAt": str(len(found)), "maxResults": str(_PAGE)}
            page = self._read(path, doing, shape, **params, **paging)
            found += page["values"]
            if page["isLast"] or not page["values"]:
                return found

    def _make(self, path: str, doing: str, body: Mapping[str, Any]) -> str:
        call = Call("POST", f"{_API}/{path}", doing, shapes.MADE, write=True, right=_RIGHT, body=body)
        made = self._ask(call)
        return str(made["id"])

    def _write(self, method: str, path: str, doing: str, body: Mapping[str, Any]) -> None:
        self._ask(Call(method, path, doing, write=True, right=_RIGHT, body=body))

    def _ask(self, call: Call) -> Any:  # noqa: ANN401  JSON of the call's shape
        return self._exchange.ask(call)


def _webhook(name: str, listener: Listener, events: Sequence[str], jql: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": "Tells the CMMC service where to look again.",
        "url": listener.url,
        "events": list(events),
        "filters": {_ISSUE_EVENTS: jql},
        "excludeBody": False,
        "secret": listener.secret,
    }
