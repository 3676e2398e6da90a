"""`/issue`: create, read, edit, delete, their metadata, transitions and changelog."""

from typing import Any

from flask import Response, request

from jira_sandbox import forms, issues, permissions, present, present_issue, workflow
from jira_sandbox.flavour import CLOUD
from jira_sandbox.present_issue import Wanted
from jira_sandbox.records import Issue
from jira_sandbox.refusals import Refused
from jira_sandbox.web import (
    Resource,
    account,
    answer,
    body,
    caller,
    flag,
    json_body,
    listed,
    names,
    nothing,
    number,
    paged,
    state,
    view,
)

issue = Resource("issue")


def _issue(id_or_key: str) -> Issue:
    return permissions.visible_issue(state(), caller(), id_or_key)


def wanted() -> Wanted:
    """What the query parameters ask for; without `fields`, all of them."""
    return Wanted(
        fields=listed("fields") or ("*all",),
        properties=listed("properties"),
        expand=frozenset(names(request.args.get("expand"))),
    )


@issue.route("/issue", "POST")
def create() -> Response:
    """Create an issue."""
    made = issues.create(state(), account(), json_body(), api=view().api)
    return answer(created(made), 201)


def created(made: Issue) -> dict[str, Any]:
    """What Jira answers about a new issue."""
    return {"id": made.id, "key": made.key, "self": view().link(f"issue/{made.id}")}


@issue.route("/issue/<key>", "GET", anonymous=True)
def read(key: str) -> Response:
    """One issue."""
    return answer(present_issue.issue(view(), _issue(key), wanted()))


@issue.route("/issue/<key>", "PUT")
def edit(key: str) -> Response:
    """Edit an issue; on Cloud it is answered where `returnIssue` asks for it."""
    _issue(key)
    for override in ("overrideScreenSecurity", "overrideEditableFlag"):
        if flag(override) and not state().datacenter:
            raise Refused(403, f"Only apps with the permission to administer Jira can use '{override}'.")
    changed = issues.edit(
        state(), account(), _issue(key), json_body(), api=view().api, notify=flag("notifyUsers", default=True)
    )
    if flag("returnIssue") and not state().datacenter:
        return answer(present_issue.issue(view(), changed, wanted()))
    return nothing()


@issue.route("/issue/<key>", "DELETE")
def delete(key: str) -> Response:
    """Delete an issue."""
    issues.delete(state(), account(), _issue(key), subtasks=flag("deleteSubtasks"))
    return nothing()


@issue.route("/issue/<key>/assignee", "PUT")
def assign(key: str) -> Response:
    """Assign an issue."""
    project = state().projects[_issue(key).project]
    permissions.demand(
        state(), account(), "ASSIGN_ISSUES", project, "You do not have permission to assign issues in this project."
    )
    issues.assign(state(), account(), _issue(key), body("accountId", "name", "key"))
    return nothing()


@issue.route("/issue/<key>/editmeta", "GET", anonymous=True)
def edit_metadata(key: str) -> Response:
    """Which fields may be edited."""
    return answer({"fields": forms.edit_metadata(view(), _issue(key))})


@issue.route("/issue/createmeta/<project>/issuetypes", "GET")
def create_types(project: str) -> Response:
    """Which issue types may be created in a project."""
    found = permissions.visible_project(state(), caller(), project)
    may = permissions.holds(state(), caller(), "CREATE_ISSUES", found)
    types = [present.issue_type(view(), one) for one in state().types_of(found)] if may else []
    return _metadata("issueTypes", types)


@issue.route("/issue/createmeta/<project>/issuetypes/<issue_type>", "GET")
def create_fields(project: str, issue_type: str) -> Response:
    """Which fields may be set when an issue of this type is created."""
    found = permissions.visible_project(state(), caller(), project)
    chosen = next((one for one in state().types_of(found) if one.id == issue_type), None)
    if chosen is None or not permissions.holds(state(), caller(), "CREATE_ISSUES", found):
        raise Refused(
            400, f"The issue type with id '{issue_type}' does not exist in the project or may not be created."
        )
    fields = forms.create_metadata(view(), found, chosen)
    return _metadata("fields", fields)


def _metadata(noun: str, found: list[dict[str, Any]]) -> Response:
    """A page of a form's description; only Cloud says what it is a page of."""
    start, limit = number("startAt", 0), number("maxResults", 50, most=200)
    shown: dict[str, Any] = {"startAt": start, "maxResults": limit, "total": len(found)}
    if state().datacenter:
        return answer({**shown, "isLast": start + limit >= len(found), "values": found[start : start + limit]})
    return answer({**shown, noun: found[start : start + limit]})


@issue.route("/issue/<key>/transitions", "GET", anonymous=True)
def transitions(key: str) -> Response:
    """Which steps are open."""
    found = _issue(key)
    fields = "transitions.fields" in names(request.args.get("expand"))
    chosen = request.args.get("transitionId")
    shown = [
        workflow.shown(view(), found, step, fields=fields)
        for step in workflow.available(state(), caller(), found)
        if chosen in (None, step.id)
    ]
    return answer({"expand": "transitions", "transitions": shown})


@issue.route("/issue/<key>/transitions", "POST")
def transition(key: str) -> Response:
    """Take a step."""
    issues.transition(state(), account(), _issue(key), json_body(), api=view().api)
    return nothing()


@issue.route("/issue/<key>/changelog", "GET", anonymous=True, flavours=(CLOUD,))
def changelog(key: str) -> Response:
    """The changelog, oldest first."""
    found = _issue(key)
    shown = [present.history(view(), one) for one in found.history]
    return paged(shown, default=100)
