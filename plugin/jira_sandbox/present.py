"""Records as Jira's JSON."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from jira_sandbox import adf, catalogue, people, seed
from jira_sandbox.clock import stamp
from jira_sandbox.records import (
    Attachment,
    Category,
    Comment,
    Component,
    Field,
    History,
    IssueType,
    Kept,
    LinkType,
    Priority,
    Project,
    Raw,
    Resolution,
    SecurityLevel,
    Status,
    User,
)
from jira_sandbox.state import State

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """Through whose eyes and in which version of the API something is shown."""

    state: State
    user: User | None
    api: int = 2

    def link(self, path: str, **query: object) -> str:
        """An absolute address below `/rest/api/N/`."""
        tail = f"?{urlencode(query)}" if query else ""
        return f"{self.state.base_url}/rest/api/{self.api}/{path}{tail}"

    def rich(self, text: str | None) -> str | Json | None:
        """A rich text: wiki markup in version 2, a document in version 3."""
        return adf.to_document(text) if text is not None and self.api == adf.API else text


def avatars(view: View, kind: str, name: str) -> Json:
    """Addresses of a picture in Jira's four sizes."""
    base = f"{view.state.base_url}/rest/api/2/universal_avatar/view/type/{kind}/avatar/{_quoted(name)}"
    sizes = (("48x48", ""), ("24x24", "?size=small"), ("16x16", "?size=xsmall"), ("32x32", "?size=medium"))
    return {size: base + tail for size, tail in sizes}


@lru_cache(maxsize=512)  # of a few accounts, asked for in every comment and every changelog entry
def _quoted(name: str) -> str:
    return quote(name, safe="")


def user(view: View, found: User) -> Json:
    """An account; the e-mail address only where its owner shows it."""
    known_by = "username" if view.state.datacenter else "accountId"
    name = people.name_of(view.state, found)
    shown: Json = {
        "self": f"{view.link('user')}?{known_by}={_quoted(name)}",
        **people.identity(view.state, found),
        "avatarUrls": avatars(view, "user", name),
        "displayName": found.display_name,
        "active": found.active,
        "timeZone": found.timezone,
    }
    if not view.state.datacenter:
        shown["accountType"] = "atlassian"
    if found.email_visible or found == view.user:
        shown["emailAddress"] = found.email
    return shown


def _user(view: View, account_id: str | None) -> Json | None:
    return user(view, view.state.users[account_id]) if account_id else None


def issue_type(view: View, found: IssueType) -> Json:
    """An issue type."""
    return {
        "self": view.link(f"issuetype/{found.id}"),
        "id": found.id,
        "description": found.description,
        "iconUrl": avatars(view, "issuetype", found.id)["16x16"],
        "name": found.name,
        "subtask": found.level < 0,
        **_only(view, cloud={"hierarchyLevel": found.level}, datacenter={"avatarId": 10300}),
    }


def _only(view: View, *, cloud: Json | None = None, datacenter: Json | None = None) -> Json:
    """What only one flavour says."""
    return (datacenter if view.state.datacenter else cloud) or {}


def category(view: View, found: Category) -> Json:
    """A status category."""
    return {
        "self": view.link(f"statuscategory/{found.id}"),
        "id": found.id,
        "key": found.key,
        "colorName": found.color,
        "name": found.name,
    }


def status(view: View, found: Status) -> Json:
    """A status with its category."""
    kept = next(one for one in seed.CATEGORIES if one.key == found.category)
    return {
        "self": view.link(f"status/{found.id}"),
        "description": found.description,
        "iconUrl": f"{view.state.base_url}/images/icons/statuses/generic.png",
        "name": found.name,
        "id": found.id,
        "statusCategory": category(view, kept),
    }


def priority(view: View, found: Priority, *, full: bool = False) -> Json:
    """A priority, in full or as issues carry it."""
    shown: Json = {
        "self": view.link(f"priority/{found.id}"),
        "iconUrl": f"{view.state.base_url}/images/icons/priorities/{found.name.lower()}.svg",
        "name": found.name,
        "id": found.id,
    }
    if full:
        shown |= {"statusColor": found.color, "description": found.description}
        shown |= _only(view, cloud={"isDefault": found.name == "Medium"})
    return shown


def resolution(view: View, found: Resolution) -> Json:
    """A resolution."""
    return {
        "self": view.link(f"resolution/{found.id}"),
        "id": found.id,
        "description": found.description,
        "name": found.name,
    }


def link_type(view: View, found: LinkType) -> Json:
    """A link type."""
    return {
        "id": found.id,
        "name": found.name,
        "inward": found.inward,
        "outward": found.outward,
        "self": view.link(f"issueLinkType/{found.id}"),
    }


def component(view: View, found: Component, *, full: bool = False) -> Json:
    """A component, in full or as issues carry it."""
    shown: Json = {"self": view.link(f"component/{found.id}"), "id": found.id, "name": found.name}
    if found.description or full:
        shown["description"] = found.description
    if not full:
        return shown
    project = view.state.projects[found.project]
    real = {"COMPONENT_LEAD": found.lead, "PROJECT_LEAD": project.lead}.get(found.assignee_type)
    shown |= {
        "assigneeType": found.assignee_type,
        "realAssigneeType": found.assignee_type,
        "isAssigneeTypeValid": real is not None or found.assignee_type in ("PROJECT_DEFAULT", "UNASSIGNED"),
        "project": project.key,
        "projectId": int(project.id),
        **_only(view, datacenter={"archived": False, "deleted": False}),
    }
    if found.lead:
        shown["lead"] = _user(view, found.lead)
    if real:
        shown |= {"assignee": _user(view, real), "realAssignee": _user(view, real)}
    return shown


def project(view: View, found: Project, *, full: bool = False) -> Json:
    """A project, in full or as lists and issues carry it."""
    shown: Json = {
        "self": view.link(f"project/{found.id}"),
        "id": found.id,
        "key": found.key,
        "name": found.name,
        "projectTypeKey": "software",
        "avatarUrls": avatars(view, "project", found.id),
        **_only(view, cloud={"simplified": False}),
    }
    if full:
        mine = [one for one in view.state.components.values() if one.project == found.id]
        shown |= {
            "expand": "description,lead,issueTypes,url,projectKeys,permissions,insight",
            "description": found.description,
            "lead": _user(view, found.lead),
            "components": [component(view, one) for one in mine],
            "issueTypes": [issue_type(view, one) for one in view.state.types_of(found)],
            "assigneeType": "UNASSIGNED",
            "versions": [],
            "roles": roles(view, found),
            **_only(
                view,
                cloud={"style": "classic", "isPrivate": False, "properties": {}},
                datacenter={"archived": False},
            ),
        }
    return shown


def roles(view: View, found: Project) -> dict[str, str]:
    """The addresses of a project's roles, by name."""
    return {role.name: view.link(f"project/{found.id}/role/{role.id}") for role in view.state.roles.values()}


def schema(field: Field) -> Json:
    """What kind of values a field takes, in Jira's words."""
    kind = catalogue.KINDS[field.kind]
    shown: Json = {"type": kind.type}
    if kind.items:
        shown["items"] = kind.items
    if field.custom:
        shown |= {"custom": field.custom, "customId": int(field.id.removeprefix("customfield_"))}
    else:
        shown["system"] = field.id
    return shown


def field_details(view: View, found: Field) -> Json:
    """A field as the list of fields has it."""
    return {
        "id": found.id,
        **_only(view, cloud={"key": found.id}),
        "name": found.name,
        "custom": found.custom is not None,
        "orderable": found.id not in catalogue.UNORDERABLE,
        "navigable": found.id not in catalogue.NOT_NAVIGABLE,
        "searchable": bool(catalogue.clause_names(found)),
        "clauseNames": list(catalogue.clause_names(found)),
        "schema": schema(found),
    }


def comment(view: View, issue_id: str, found: Comment, *, properties: bool = False) -> Json:
    """A comment, with its properties where they were asked for."""
    shown: Json = {
        "self": view.link(f"issue/{issue_id}/comment/{found.id}"),
        "id": found.id,
        "author": _user(view, found.author),
        "body": view.rich(found.body),
        "updateAuthor": _user(view, found.update_author),
        "created": stamp(found.created),
        "updated": stamp(found.updated),
        **_only(view, cloud={"jsdPublic": True}),
    }
    if properties:
        shown["properties"] = [{"key": key, "value": value} for key, value in found.properties.items()]
    return shown


def attachment(view: View, found: Attachment) -> Json:
    """A file as issues carry it."""
    return {
        "self": view.link(f"attachment/{found.id}"),
        "id": found.id,
        "filename": found.name,
        "author": _user(view, found.author),
        "created": stamp(found.created),
        "size": found.size,
        "mimeType": found.media_type,
        "content": _content(view, found),
    }


def _content(view: View, found: Attachment) -> str:
    """The address of a file's bytes."""
    if view.state.datacenter:
        return f"{view.state.base_url}/secure/attachment/{found.id}/{quote(found.name, safe='')}"
    return view.link(f"attachment/content/{found.id}")


def history(view: View, found: History) -> Json:
    """One entry of a changelog."""
    return {
        "id": found.id,
        "author": _user(view, found.author),
        "created": stamp(found.created),
        "items": history_items(view, found),
    }


def history_items(view: View, found: History) -> list[Json]:
    """The changed fields of one entry of a changelog."""
    return [
        {
            "field": item.field,
            "fieldtype": item.field_type,
            **_only(view, cloud={"fieldId": item.field_id}),
            "from": item.before,
            "fromString": item.before_text,
            "to": item.after,
            "toString": item.after_text,
        }
        for item in found.items
    ]


def options(view: View, field: Field, ids: Iterable[str]) -> list[Json]:
    """Chosen options of a custom field."""
    known = {
        option.id: option.value
        for context in view.state.contexts.values()
        if context.field == field.id
        for option in context.options
    }
    return [
        {"self": view.link(f"customFieldOption/{one}"), "value": known[one], "id": one} for one in ids if one in known
    ]


def security_level(view: View, found: SecurityLevel) -> Json:
    """A security level."""
    return {
        "self": view.link(f"securitylevel/{found.id}"),
        "id": found.id,
        "name": found.name,
        "description": found.description,
    }


def value(view: View, field: Field, kept: Kept) -> Raw:
    """A stored field value as an issue's JSON carries it."""
    if kept is None:
        return [] if field.kind in ("labels", "components") and not field.custom else None
    show = _VALUES.get(field.kind)
    return kept if show is None else show(view, field, kept)


_VALUES: Mapping[str, Callable[[View, Field, Any], Any]] = {
    "rich": lambda view, _, kept: view.rich(kept),
    "datetime": lambda _, __, kept: stamp(kept),
    "option": lambda view, field, kept: next(iter(options(view, field, (kept,))), None),
    "options": options,
    "user": lambda view, _, kept: _user(view, kept),
    "users": lambda view, _, kept: [_user(view, one) for one in kept],
    "labels": lambda _, __, kept: list(kept),
    "components": lambda view, _, kept: [component(view, view.state.components[one]) for one in kept],
    "priority": lambda view, _, kept: priority(view, view.state.priorities[kept]),
    "resolution": lambda view, _, kept: resolution(view, view.state.resolutions[kept]),
    "security": lambda view, _, kept: security_level(view, view.state.security_levels[kept]),
}
