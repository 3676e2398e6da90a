"""What Data Center alone has of the administration: issue type schemes in their own form, where custom fields apply."""

from dataclasses import replace
from typing import Any

from flask import Response, request

from jira_sandbox import permissions, present
from jira_sandbox.flavour import DATACENTER
from jira_sandbox.records import Context, Field, IssueTypeScheme
from jira_sandbox.refusals import Refused, bad_payload
from jira_sandbox.web import Resource, answer, body, caller, listed, number, paged, state, texts, view

datacenter = Resource("datacenter")

_ONLY = (DATACENTER,)


def _admin() -> None:
    permissions.demand_admin(state(), caller())


def _scheme(scheme_id: str) -> IssueTypeScheme:
    _admin()
    found = state().type_schemes.get(scheme_id)
    if found is None:
        raise Refused(404, f"The issue type scheme with id '{scheme_id}' was not found.")
    return found


def _shown(one: IssueTypeScheme, *, types: bool, default: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "expand": "defaultIssueType,issueTypes",
        "self": view().link(f"issuetypescheme/{one.id}"),
        "id": one.id,
        "name": one.name,
        "description": one.description,
    }
    if default and one.default:
        shown["defaultIssueType"] = present.issue_type(view(), state().issue_types[one.default])
    if types:
        shown["issueTypes"] = [present.issue_type(view(), state().issue_types[type_id]) for type_id in one.types]
    return shown


@datacenter.route("/issuetypescheme", "GET", flavours=_ONLY)
def type_schemes() -> Response:
    """All issue type schemes, with their issue types where `expand` asks for them."""
    _admin()
    expand = listed("expand")
    types, default = "schemes.issueTypes" in expand, "schemes.defaultIssueType" in expand
    shown = [_shown(one, types=types, default=default) for one in state().type_schemes.values()]
    return answer({"schemes": shown})


@datacenter.route("/issuetypescheme/<scheme_id>", "GET", flavours=_ONLY)
def type_scheme(scheme_id: str) -> Response:
    """One issue type scheme in full."""
    return answer(_shown(_scheme(scheme_id), types=True, default=True))


@datacenter.route("/issuetypescheme/<scheme_id>", "PUT", flavours=_ONLY)
def edit_type_scheme(scheme_id: str) -> Response:
    """Write an issue type scheme as a whole; what is not named of its issue types is gone from it."""
    found = _scheme(scheme_id)
    asked = body("name", "description", "issueTypeIds", "defaultIssueTypeId")
    types = tuple(texts(asked.get("issueTypeIds")))
    if not types or len(set(types)) < len(types) or any(one not in state().issue_types for one in types):
        raise Refused(400, errors={"issueTypeIds": "The issue types must be named, each once, by ids that exist."})
    default = asked.get("defaultIssueTypeId")
    if default is not None and str(default) not in types:
        raise Refused(400, errors={"defaultIssueTypeId": "The default issue type must be one of the scheme's."})
    name = asked.get("name", found.name)
    if not isinstance(name, str) or not name.strip():
        raise bad_payload()
    changed = replace(
        found,
        name=name,
        description=str(asked.get("description", found.description)),
        types=types,
        default=None if default is None else str(default),
    )
    state().type_schemes[found.id] = changed
    return answer(_shown(changed, types=True, default=True))


@datacenter.route("/issuetypescheme/<scheme_id>/associations", "GET", flavours=_ONLY)
def type_scheme_projects(scheme_id: str) -> Response:
    """The projects that use an issue type scheme."""
    found = _scheme(scheme_id)
    users = [one for one in state().projects.values() if one.type_scheme == found.id]
    return answer([present.project(view(), one) for one in users])


def _contexts(one: Field) -> list[Context]:
    return [context for context in state().contexts.values() if context.field == one.id]


@datacenter.route("/customFields", "GET", flavours=_ONLY)
def custom_fields() -> Response:
    """The custom fields by a part of the name, with the projects and issue types of all their contexts."""
    _admin()
    named = request.args.get("search", "").lower()
    shown = []
    for one in state().fields.values():
        if not one.custom or named not in one.name.lower():
            continue
        contexts = _contexts(one)
        projects = [int(project) for context in contexts for project in context.projects]
        shown.append(
            {
                "id": one.id,
                "numericId": int(one.id.removeprefix("customfield_")),
                "name": one.name,
                "description": one.description,
                "type": one.custom,
                "searcherKey": one.searcher,
                "isAllProjects": any(not context.projects for context in contexts),
                "projectIds": projects,
                "projectsCount": len(projects),
                "issueTypeIds": [issue_type for context in contexts for issue_type in context.types],
                "screensCount": sum(one.id in tab.fields for row in state().screens.values() for tab in row.tabs),
                "isLocked": False,
                "isManaged": False,
            }
        )
    return paged(shown)


@datacenter.route("/customFields/<number_>/options", "GET", flavours=_ONLY)
def custom_field_options(number_: str) -> Response:
    """The options of a custom field in the context that the named projects have; pages are counted from 1."""
    _admin()
    found = state().fields.get(f"customfield_{number_}")
    if found is None or not found.custom:
        raise Refused(404, f"The custom field with id '{number_}' was not found.")
    wanted, named = listed("projectIds"), request.args.get("query", "").lower()
    contexts = _contexts(found)
    own = [context for context in contexts if set(context.projects) & set(wanted)]
    chosen = own or [context for context in contexts if not context.projects]
    options = [one for context in chosen for one in context.options if named in one.value.lower()]
    page, limit = number("page", 1), number("maxResults", 100, most=1000)
    shown = [
        {
            "self": view().link(f"customFieldOption/{one.id}"),
            "id": int(one.id),
            "value": one.value,
            "disabled": one.disabled,
            "childrenIds": [],
        }
        for one in options[max(page - 1, 0) * limit : max(page, 1) * limit]
    ]
    return answer({"total": len(options), "options": shown})
