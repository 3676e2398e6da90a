"""Schemes: which issue types a project has, and which screens they show."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import Response

from jira_sandbox import permissions
from jira_sandbox.flavour import CLOUD
from jira_sandbox.records import IssueTypeScheme, IssueTypeScreenScheme, ScreenScheme
from jira_sandbox.refusals import Refused, bad_payload
from jira_sandbox.web import Resource, answer, body, caller, listed, nothing, paged, state, texts

scheme = Resource("scheme")


def _admin() -> None:
    permissions.demand_admin(state(), caller())


def _projects() -> list[str]:
    """The projects that `projectId` names; Jira wants at least one."""
    _admin()
    wanted = listed("projectId")
    if not wanted or not all(one.isdecimal() for one in wanted):
        raise Refused(400, "The projectId query parameter must name projects by their numeric ids.")
    return [one for one in wanted if one in state().projects]


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for scheme_id, project in pairs:
        found.setdefault(scheme_id, []).append(project)
    return found


def _type_scheme(one: IssueTypeScheme) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": one.id, "name": one.name, "description": one.description}
    if one.default:
        shown["defaultIssueTypeId"] = one.default
    return shown | {"isDefault": one.id == next(iter(state().type_schemes))}


@scheme.route("/issuetypescheme", "GET", flavours=(CLOUD,))
def type_schemes() -> Response:
    """All issue type schemes."""
    _admin()
    wanted = listed("id")
    return paged(
        [_type_scheme(one) for one in state().type_schemes.values() if not wanted or one.id in wanted],
    )


@scheme.route("/issuetypescheme/mapping", "GET", flavours=(CLOUD,))
def type_scheme_mapping() -> Response:
    """Which issue types each scheme has."""
    _admin()
    wanted = listed("issueTypeSchemeId")
    shown = [
        {"issueTypeSchemeId": one.id, "issueTypeId": issue_type}
        for one in state().type_schemes.values()
        if not wanted or one.id in wanted
        for issue_type in one.types
    ]
    return paged(shown)


@scheme.route("/issuetypescheme/project", "GET", flavours=(CLOUD,))
def type_schemes_of_projects() -> Response:
    """Which issue type scheme these projects use."""
    found = _grouped((state().projects[one].type_scheme, one) for one in _projects())
    shown = [
        {"issueTypeScheme": _type_scheme(state().type_schemes[one]), "projectIds": projects}
        for one, projects in found.items()
    ]
    return paged(shown)


@scheme.route("/issuetypescheme/<scheme_id>/issuetype", "PUT", flavours=(CLOUD,))
def add_types(scheme_id: str) -> Response:
    """Add issue types to a scheme, and so to its projects."""
    _admin()
    wanted = texts(body("issueTypeIds").get("issueTypeIds"))
    if not wanted:
        raise bad_payload()
    found = state().type_schemes.get(scheme_id)
    if found is None:
        raise Refused(404, f"The issue type scheme with id '{scheme_id}' was not found.")
    unknown = [one for one in wanted if one not in state().issue_types]
    if unknown:
        raise Refused(404, f"These issue types were not found: {', '.join(unknown)}.")
    there = [one for one in wanted if one in found.types]
    if there:
        raise Refused(400, f"These issue types are in the scheme already: {', '.join(there)}.")
    state().add_types(scheme_id, wanted)
    return nothing()


def _screen_scheme(one: ScreenScheme) -> dict[str, Any]:
    screens = {operation: int(screen) for operation, screen in one.screens.items()}
    return {"id": int(one.id), "name": one.name, "description": one.description, "screens": screens}


@scheme.route("/screenscheme", "GET", flavours=(CLOUD,))
def screen_schemes() -> Response:
    """All screen schemes: which screen each operation shows."""
    _admin()
    wanted = listed("id")
    return paged(
        [_screen_scheme(one) for one in state().screen_schemes.values() if not wanted or one.id in wanted],
    )


@scheme.route("/screenscheme", "POST", flavours=(CLOUD,))
def create_screen_scheme() -> Response:
    """Create a screen scheme."""
    _admin()
    asked = body("name", "description", "screens")
    screens = asked.get("screens")
    if not isinstance(asked.get("name"), str) or not isinstance(screens, dict) or "default" not in screens:
        raise bad_payload()
    if screens.keys() - {"default", "create", "edit", "view"}:
        raise bad_payload()
    if any(str(one) not in state().screens for one in screens.values()):
        raise Refused(404, "One of the screens was not found.")
    kept = {operation: str(one) for operation, one in screens.items()}
    made = ScreenScheme(state().next_id("screen scheme"), asked["name"], kept, str(asked.get("description") or ""))
    state().screen_schemes[made.id] = made
    return answer({"id": int(made.id)}, 201)


def _type_screen_scheme(one: IssueTypeScreenScheme) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "description": one.description}


@scheme.route("/issuetypescreenscheme", "GET", flavours=(CLOUD,))
def type_screen_schemes() -> Response:
    """All issue type screen schemes."""
    _admin()
    wanted = listed("id")
    return paged(
        [_type_screen_scheme(one) for one in state().type_screen_schemes.values() if not wanted or one.id in wanted],
    )


@scheme.route("/issuetypescreenscheme/mapping", "GET", flavours=(CLOUD,))
def type_screen_scheme_mapping() -> Response:
    """Which screen scheme each issue type has; `default` stands for the rest."""
    _admin()
    wanted = listed("issueTypeScreenSchemeId")
    shown = [
        {"issueTypeScreenSchemeId": one.id, "issueTypeId": issue_type, "screenSchemeId": screen_scheme}
        for one in state().type_screen_schemes.values()
        if not wanted or one.id in wanted
        for issue_type, screen_scheme in one.mapping.items()
    ]
    return paged(shown)


@scheme.route("/issuetypescreenscheme/project", "GET", flavours=(CLOUD,))
def type_screen_schemes_of_projects() -> Response:
    """Which issue type screen scheme these projects use."""
    found = _grouped((state().projects[one].screen_scheme, one) for one in _projects())
    shown = [
        {"issueTypeScreenScheme": _type_screen_scheme(state().type_screen_schemes[one]), "projectIds": projects}
        for one, projects in found.items()
    ]
    return paged(shown)


@scheme.route("/issuetypescreenscheme/<scheme_id>/mapping", "PUT", flavours=(CLOUD,))
def map_types(scheme_id: str) -> Response:
    """Give issue types screen schemes of their own."""
    _admin()
    found = state().type_screen_schemes.get(scheme_id)
    asked = body("issueTypeMappings").get("issueTypeMappings")
    if not isinstance(asked, list) or not asked:
        raise bad_payload()
    if found is None:
        raise Refused(404, f"The issue type screen scheme with id '{scheme_id}' was not found.")
    added = {str(one["issueTypeId"]): str(one["screenSchemeId"]) for one in asked
             if isinstance(one, dict) and one.keys() == {"issueTypeId", "screenSchemeId"}}  # fmt: skip
    if len(added) != len(asked):
        raise bad_payload()
    if any(one not in state().issue_types for one in added) or any(
        one not in state().screen_schemes for one in added.values()
    ):
        raise Refused(404, "An issue type or a screen scheme was not found.")
    if added.keys() & found.mapping.keys():
        raise Refused(400, "An issue type is mapped in the scheme already.")
    state().type_screen_schemes[found.id] = replace(found, mapping={**found.mapping, **added})
    return nothing()
