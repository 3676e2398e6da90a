"""Saved searches."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request

from jira_sandbox import jql, permissions, present
from jira_sandbox.flavour import CLOUD
from jira_sandbox.records import Filter
from jira_sandbox.refusals import Refused
from jira_sandbox.web import Resource, account, answer, body, nothing, paged, state, view

saved_filter = Resource("filter")


@saved_filter.route("/filter", "POST")
def create_filter() -> Response:
    """Save a search; Data Center shares it with nobody yet, whatever the body says."""
    asked = body("name", "description", "jql", "favourite", "sharePermissions", "editPermissions")
    made = _checked(Filter("", "", "", account().account_id), asked)
    saved = replace(
        made,
        id=state().next_id("filter"),
        favourite=bool(asked.get("favourite")),
        shared=() if state().datacenter else _projects(asked.get("sharePermissions") or []),
    )
    state().filters[saved.id] = saved
    return answer(_filter(saved))


@saved_filter.route("/filter/<filter_id>", "GET")
def read_filter(filter_id: str) -> Response:
    """A saved search."""
    return answer(_filter(_visible(filter_id)))


@saved_filter.route("/filter/<filter_id>", "PUT")
def edit_filter(filter_id: str) -> Response:
    """Change a saved search of one's own."""
    asked = body("name", "description", "jql", "favourite", "sharePermissions", "editPermissions")
    saved = _checked(_mine(filter_id), asked)
    if "sharePermissions" in asked and not state().datacenter:
        saved = replace(saved, shared=_projects(asked["sharePermissions"]))
    state().filters[saved.id] = saved
    return answer(_filter(saved))


@saved_filter.route("/filter/<filter_id>", "DELETE")
def delete_filter(filter_id: str) -> Response:
    """Delete a saved search of one's own."""
    del state().filters[_mine(filter_id).id]
    return nothing()


@saved_filter.route("/filter/my", "GET", flavours=(CLOUD,))
def my_filters() -> Response:
    """The saved searches of the account that asks."""
    return answer([_filter(one) for one in state().filters.values() if one.owner == account().account_id])


@saved_filter.route("/filter/search", "GET", flavours=(CLOUD,))
def search_filters() -> Response:
    """The saved searches that the account that asks may see, by a part of the name; most of each only on demand."""
    named, expanded = request.args.get("filterName", "").lower(), request.args.get("expand", "")
    always = {"self", "id", "name"}
    shown = [
        {key: value for key, value in _filter(one).items() if key in always or key in expanded.split(",")}
        for one in state().filters.values()
        if named in one.name.lower() and _may_see(one)
    ]
    return paged(shown)


@saved_filter.route("/filter/favourite", "GET")
def favourite_filters() -> Response:
    """The saved searches that the account that asks has marked."""
    mine = [one for one in state().filters.values() if one.favourite and one.owner == account().account_id]
    return answer([_filter(one) for one in mine])


@saved_filter.route("/filter/<filter_id>/permission", "GET")
def filter_permissions(filter_id: str) -> Response:
    """With whom a saved search is shared."""
    return answer(_permissions(_visible(filter_id)))


@saved_filter.route("/filter/<filter_id>/permission", "POST")
def share_filter(filter_id: str) -> Response:
    """Share a saved search of one's own with a project."""
    saved = _mine(filter_id)
    asked = body("type", "projectId", "groupname", "projectRoleId", "userKey", "accountId", "view", "edit")
    shared = _projects([{"type": asked.get("type"), "project": {"id": asked.get("projectId")}}])
    state().filters[saved.id] = replace(saved, shared=tuple(dict.fromkeys((*saved.shared, *shared))))
    return answer(_permissions(state().filters[saved.id]), 201)


@saved_filter.route("/filter/<filter_id>/favourite", "PUT", "DELETE", flavours=(CLOUD,))
def mark_filter(filter_id: str) -> Response:
    """Mark a saved search, or take the mark away."""
    saved = replace(_visible(filter_id), favourite=request.method == "PUT")
    state().filters[saved.id] = saved
    return answer(_filter(saved))


def _checked(saved: Filter, asked: Mapping[str, Any]) -> Filter:
    name = asked.get("name", saved.name)
    if not isinstance(name, str) or not name.strip():
        raise Refused(400, errors={"filterName": "You must specify a name to save this filter as."})
    others = (one for one in state().filters.values() if one.owner == saved.owner and one.id != saved.id)
    if any(one.name == name for one in others):
        raise Refused(400, errors={"filterName": "Filter with same name already exists."})
    text = str(asked.get("jql", saved.jql))
    jql.parse(text)
    return replace(saved, name=name, jql=text, description=str(asked.get("description", saved.description)))


def _projects(asked: Any) -> tuple[str, ...]:  # noqa: ANN401  JSON as a client sent it
    """The projects with which a filter is to be shared; the sandbox shares with nothing else."""
    shared = []
    for one in asked if isinstance(asked, list) else [None]:
        named = str((one.get("project") or {}).get("id")) if isinstance(one, Mapping) else ""
        if not isinstance(one, Mapping) or one.get("type") != "project" or named not in state().projects:
            raise Refused(400, "The sandbox shares filters with projects only: give each by its type and id.")
        shared.append(named)
    return tuple(shared)


def _may_see(saved: Filter) -> bool:
    if saved.owner == account().account_id:
        return True
    shared = (state().projects[one] for one in saved.shared if one in state().projects)
    return any(permissions.holds(state(), account(), "BROWSE_PROJECTS", one) for one in shared)


def _visible(filter_id: str) -> Filter:
    saved = state().filters.get(filter_id)
    if saved is None or not _may_see(saved):
        raise Refused(
            400,
            "The selected filter is not available to you, perhaps it has been deleted or had its permissions changed.",
        )
    return saved


def _mine(filter_id: str) -> Filter:
    saved = _visible(filter_id)
    if saved.owner != account().account_id:
        raise Refused(400, "You may only change filters that you own.")
    return saved


def _permissions(saved: Filter) -> list[dict[str, Any]]:
    return [
        {"id": 10000 + place, "type": "project", "project": present.project(view(), state().projects[one])}
        for place, one in enumerate(saved.shared)
    ]


def _filter(saved: Filter) -> dict[str, Any]:
    search = "search" if state().datacenter else "search/jql"
    shown = {
        "self": view().link(f"filter/{saved.id}"),
        "id": saved.id,
        "name": saved.name,
        "description": saved.description,
        "owner": present.user(view(), state().user(saved.owner)),
        "jql": saved.jql,
        "viewUrl": f"{state().base_url}/issues/?filter={saved.id}",
        "searchUrl": view().link(search, jql=saved.jql),
        "favourite": saved.favourite,
        "sharePermissions": _permissions(saved),
    }
    return shown if state().datacenter else shown | {"editPermissions": []}
