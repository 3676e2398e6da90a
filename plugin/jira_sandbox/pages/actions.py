"""Forms that change something, through the same functions as the REST."""

from collections.abc import Sequence
from typing import Any

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from jira_sandbox import attachments, comments, issues, links, permissions
from jira_sandbox.pages import guard, looks
from jira_sandbox.pages.inputs import texts, to_json
from jira_sandbox.pages.reading import Draft
from jira_sandbox.records import Issue, User
from jira_sandbox.refusals import Refused
from jira_sandbox.state import State


def edit(state: State, user: User, key: str) -> ResponseReturnValue:
    """Set the fields that the form names."""
    found = permissions.visible_issue(state, user, key)
    names, sent = _sent(state)
    body = {"fields": {name: to_json(state, state.fields[name], sent[name]) for name in names}}
    try:
        issues.edit(state, user, found, body)
    except Refused as refused:
        return looks.issue_page(state, user, found, refused=refused, draft=Draft("edit", sent))
    return _back(found)


def transition(state: State, user: User, key: str) -> ResponseReturnValue:
    """Move the issue along its workflow, with the fields of the step's screen that say something."""
    found = permissions.visible_issue(state, user, key)
    names, sent = _sent(state)
    step = request.form.get("transition", "")
    said = [name for name in names if any(sent[name]) or texts(state, state.fields[name], found.values.get(name))]
    body: dict[str, Any] = {"transition": {"id": step}}
    if said:
        body["fields"] = {name: to_json(state, state.fields[name], sent[name]) for name in said}
    try:
        issues.transition(state, user, found, body)
    except Refused as refused:
        return looks.issue_page(state, user, found, refused=refused, draft=Draft(f"transition-{step}", sent))
    return _back(found)


def comment(state: State, user: User, key: str) -> ResponseReturnValue:
    """Add a comment, or show first how it would look."""
    found = permissions.visible_issue(state, user, key)
    body = request.form.get("body", "").replace("\r\n", "\n")
    draft = Draft("comment", {"body": [body]})
    if request.form.get("do") == "preview":
        return looks.issue_page(state, user, found, draft=draft)
    try:
        added = comments.add(state, user, found, {"body": body})
    except Refused as refused:
        return looks.issue_page(state, user, found, refused=refused, draft=draft)
    return _back(found, f"comment-{added.id}")


def attach(state: State, user: User, key: str) -> ResponseReturnValue:
    """Add the files."""
    found = permissions.visible_issue(state, user, key)
    files = [file for file in request.files.getlist("file") if file.filename]
    if not files:
        return looks.issue_page(state, user, found, refused=Refused(400, "Choose a file first."))
    try:
        for file in files:
            name = (file.filename or "").replace("\\", "/").rpartition("/")[2] or "file"
            attachments.add(state, user, state.issues[found.id], name, file.read(), media_type=file.mimetype)
    except Refused as refused:
        return looks.issue_page(state, user, state.issues[found.id], refused=refused)
    return _back(found, "attachments")


def link(state: State, user: User, key: str) -> ResponseReturnValue:
    """Link the issue with another."""
    found = permissions.visible_issue(state, user, key)
    kind, _, way = request.form.get("kind", "").partition(" ")
    end = "inwardIssue" if way == "inward" else "outwardIssue"
    other = request.form.get("other", "").strip()
    try:
        links.add_from(state, user, found, {"type": {"id": kind}, end: {"key": other}})
    except Refused as refused:
        draft = Draft("link", {"kind": [request.form.get("kind", "")], "other": [other]})
        return looks.issue_page(state, user, found, refused=refused, draft=draft)
    return _back(found, "links")


def create(state: State, user: User, key: str) -> ResponseReturnValue:
    """Create an issue and go to it."""
    mine = permissions.visible_project(state, user, key)
    wanted = request.form.get("type", "")
    chosen = next((one for one in state.types_of(mine) if one.id == wanted), None)
    if chosen is None:
        return looks.create_page(state, user, mine, None, refused=Refused(400, "Choose an issue type."))
    _, sent = _sent(state)
    fields: dict[str, Any] = {"project": {"id": mine.id}, "issuetype": {"id": chosen.id}}
    for field in looks.asked_on_create(state, user, mine, chosen):
        said = to_json(state, field, sent.get(field.id, ()))
        if said not in (None, "", []):
            fields[field.id] = said
    try:
        made = issues.create(state, user, {"fields": fields})
    except Refused as refused:
        return looks.create_page(state, user, mine, chosen, refused=refused, draft=Draft("create", sent))
    return _back(made)


def switch(state: State, _: User) -> ResponseReturnValue:
    """Act as another person from now on, and go back to the page."""
    here = request.form.get("here", "")
    response = make_response(redirect(here if guard.is_ours(here) else url_for("pages.projects"), 303))
    chosen = state.users.get(request.form.get("person", ""))
    if chosen is not None:
        response.set_cookie(guard.COOKIE, chosen.account_id, httponly=True, samesite="Lax")
    return response


def _sent(state: State) -> tuple[list[str], dict[str, Sequence[str]]]:
    """The fields that the form names, in its order, and the texts of each."""
    names = [name for name in dict.fromkeys(request.form.getlist("field")) if name in state.fields]
    return names, {name: [text.replace("\r\n", "\n") for text in request.form.getlist(name)] for name in names}


def _back(found: Issue, place: str = "") -> ResponseReturnValue:
    return redirect(url_for("pages.issue", key=found.key, _anchor=place or None), 303)
