"""Comments and entity properties of issues and comments."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request

from jira_sandbox import changelog, comments, drafts, permissions, present
from jira_sandbox.records import Issue
from jira_sandbox.refusals import Refused, bad_payload
from jira_sandbox.web import Resource, account, answer, caller, json_body, names, nothing, number, state, view

comment = Resource("comment")


def _issue(id_or_key: str) -> Issue:
    return permissions.visible_issue(state(), caller(), id_or_key)


def _properties() -> bool:
    return "properties" in names(request.args.get("expand"))


def _body() -> Mapping[str, Any]:
    found = json_body()
    if not isinstance(found, dict):
        raise bad_payload()
    return found


@comment.route("/issue/<key>/comment", "GET", anonymous=True)
def comments_of(key: str) -> Response:
    """The comments, oldest first, or newest first with `orderBy=-created`."""
    found = _issue(key)
    order = request.args.get("orderBy", "created")
    if order.lstrip("+-") != "created":
        raise Refused(400, f"'{order}' is no order for comments: use created, +created or -created.")
    kept = list(reversed(found.comments)) if order.startswith("-") else list(found.comments)
    start, limit = number("startAt", 0), number("maxResults", 50 if state().datacenter else 100, most=5000)
    shown = [present.comment(view(), found.id, one, properties=_properties()) for one in kept[start : start + limit]]
    return answer({"startAt": start, "maxResults": limit, "total": len(kept), "comments": shown})


@comment.route("/issue/<key>/comment", "POST")
def add_comment(key: str) -> Response:
    """Add a comment."""
    found = _issue(key)
    added = comments.add(state(), account(), found, _body(), api=view().api)
    return answer(present.comment(view(), found.id, added, properties=_properties()), 201)


@comment.route("/issue/<key>/comment/<comment_id>", "GET", anonymous=True)
def read_comment(key: str, comment_id: str) -> Response:
    """One comment."""
    found = _issue(key)
    return answer(present.comment(view(), found.id, comments.find(found, comment_id), properties=_properties()))


@comment.route("/issue/<key>/comment/<comment_id>", "PUT")
def edit_comment(key: str, comment_id: str) -> Response:
    """Edit a comment."""
    found = _issue(key)
    changed = comments.edit(state(), account(), found, comments.find(found, comment_id), _body(), api=view().api)
    return answer(present.comment(view(), found.id, changed, properties=_properties()))


@comment.route("/issue/<key>/comment/<comment_id>", "DELETE")
def delete_comment(key: str, comment_id: str) -> Response:
    """Delete a comment."""
    found = _issue(key)
    comments.delete(state(), account(), found, comments.find(found, comment_id))
    return nothing()


def _keys(path: str, properties: Mapping[str, Any]) -> Response:
    return answer({"keys": [{"self": view().link(f"{path}/properties/{key}"), "key": key} for key in properties]})


def _value(properties: Mapping[str, Any], key: str) -> Response:
    if key not in properties:
        raise Refused(404, f"The property with key '{key}' does not exist.")
    return answer({"key": key, "value": properties[key]})


def _editable(key: str) -> Issue:
    found = _issue(key)
    permissions.demand(
        state(),
        account(),
        "EDIT_ISSUES",
        state().projects[found.project],
        "You do not have permission to edit issues in this project.",
    )
    return found


@comment.route("/issue/<key>/properties", "GET", anonymous=True)
def issue_properties(key: str) -> Response:
    """The keys of an issue's properties."""
    found = _issue(key)
    return _keys(f"issue/{found.id}", found.properties)


@comment.route("/issue/<key>/properties/<name>", "GET", anonymous=True)
def issue_property(key: str, name: str) -> Response:
    """One property of an issue."""
    return _value(_issue(key).properties, name)


@comment.route("/issue/<key>/properties/<name>", "PUT")
def set_issue_property(key: str, name: str) -> Response:
    """Set a property: 201 where it is new, 200 where it was there."""
    found = _editable(key)
    value = json_body()
    drafts.check_property(name, value)
    changelog.keep(state(), replace(found, properties={**found.properties, name: value}))
    return nothing(200 if name in found.properties else 201)


@comment.route("/issue/<key>/properties/<name>", "DELETE")
def delete_issue_property(key: str, name: str) -> Response:
    """Remove a property."""
    found = _editable(key)
    _value(found.properties, name)
    kept = {one: value for one, value in found.properties.items() if one != name}
    changelog.keep(state(), replace(found, properties=kept))
    return nothing()


@comment.route("/comment/<comment_id>/properties", "GET", anonymous=True)
def comment_properties(comment_id: str) -> Response:
    """The keys of a comment's properties."""
    _, found = comments.locate(state(), caller(), comment_id)
    return _keys(f"comment/{found.id}", found.properties)


@comment.route("/comment/<comment_id>/properties/<name>", "GET", anonymous=True)
def comment_property(comment_id: str, name: str) -> Response:
    """One property of a comment."""
    return _value(comments.locate(state(), caller(), comment_id)[1].properties, name)


@comment.route("/comment/<comment_id>/properties/<name>", "PUT")
def set_comment_property(comment_id: str, name: str) -> Response:
    """Set a property: 201 where it is new, 200 where it was there."""
    issue, found = comments.locate(state(), caller(), comment_id)
    comments.demand_edit(state(), account(), issue, found)
    value = json_body()
    drafts.check_property(name, value)
    comments.store(state(), issue, replace(found, properties={**found.properties, name: value}))
    return nothing(200 if name in found.properties else 201)
