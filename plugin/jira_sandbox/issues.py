"""Creating, editing, moving along and deleting issues. Every change is in the changelog and goes to the webhooks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jira_sandbox import changelog, comments, drafts, events, forms, links, permissions, values, workflow
from jira_sandbox.drafts import Draft
from jira_sandbox.records import Field, HistoryItem, Issue, IssueType, Kept, Project, Raw, Status, User
from jira_sandbox.refusals import Refused, fields_refused
from jira_sandbox.state import State
from jira_sandbox.values import Place


def create(state: State, user: User, body: Raw, *, api: int = 2, bulk: bool = False) -> Issue:
    """A new issue from `{"fields", "update", "properties", "transition"}`."""
    asked = drafts.details(body)
    fields = dict(asked.get("fields") or {})
    project, issue_type = _target(state, user, fields)
    if not permissions.holds(state, user, "CREATE_ISSUES", project):
        raise Refused(403, "You do not have permission to create issues in this project.")
    place = Place(state, user, project, issue_type, api)
    allowed = [one for one in forms.settable(state, user, project, issue_type, "create") if one.id not in _PLACING]
    rest = {name: raw for name, raw in fields.items() if name not in _PLACING}
    draft = drafts.read(place, {**asked, "fields": rest}, allowed)
    _demand_required(place, allowed, draft)
    links.check(state, user, draft.links)
    for raw in draft.comments:
        comments.check(state, user, project, raw, api)
    issue = _store(place, draft)
    if asked.get("transition") is not None:
        issue = transition(state, user, issue, {"transition": asked["transition"]}, api=api, quiet=True)
    events.issue_created(state, user, issue, bulk=bulk)
    _add_rest(place, issue, draft)
    return state.issues[issue.id]


_PLACING = ("project", "issuetype")


def _target(state: State, user: User, fields: Mapping[str, Any]) -> tuple[Project, IssueType]:
    """The project and issue type that the fields name."""
    errors: dict[str, str] = {}
    named = fields.get("project")
    found: Project | None = None
    if isinstance(named, dict) and ("id" in named or "key" in named):
        found = state.find_project(str(named.get("id", named.get("key"))))
    if found is None or not permissions.holds(state, user, "BROWSE_PROJECTS", found):
        errors["project"] = "Specify a valid project ID or key"
        raise fields_refused(errors)
    named = fields.get("issuetype")
    if not isinstance(named, dict) or not ({"id", "name"} & named.keys()):
        raise fields_refused({"issuetype": "Specify an issue type"})
    for issue_type in state.types_of(found):
        if ("id" in named and issue_type.id == str(named["id"])) or (
            "id" not in named and issue_type.name == named["name"]
        ):
            return found, issue_type
    raise fields_refused({"issuetype": "Specify a valid issue type"})


def _demand_required(place: Place, allowed: Sequence[Field], draft: Draft) -> None:
    """Refuse a create that lacks a field without which such an issue may not be."""
    errors: dict[str, str] = {}
    for field in allowed:
        if field.id in ("reporter", *_PLACING) or not forms.required(place.state, field, place.type):
            continue
        if draft.values.get(field.id) is None:
            errors[field.id] = {
                "summary": "You must specify a summary of the issue.",
                "parent": "Issue type is a sub-task but parent issue key or id not specified.",
            }.get(field.id, f"{field.name} is required.")
    if errors:
        raise fields_refused(errors)


def _store(place: Place, draft: Draft) -> Issue:
    state, now = place.state, place.state.clock.now()
    flow = state.workflow_of(place.project, place.type.id)
    kept = {name: value for name, value in draft.values.items() if value is not None}
    kept.setdefault("priority", "3")
    kept.setdefault("reporter", place.user.account_id)
    issue = Issue(
        id=state.next_id("issue"),
        key=state.next_key(place.project),
        project=place.project.id,
        type=place.type.id,
        status=flow.initial,
        creator=place.user.account_id,
        created=now,
        updated=now,
        values=kept,
        status_changed=now,
        properties=draft.properties,
    )
    state.issues[issue.id] = issue
    state.keys[issue.key] = issue.id
    return issue


def _add_rest(place: Place, issue: Issue, draft: Draft) -> None:
    """What `update` adds to an issue beside field values: comments and links."""
    for raw in draft.comments:
        comments.add(place.state, place.user, place.state.issues[issue.id], raw, api=place.api)
    for raw in draft.links:
        links.add_from(place.state, place.user, place.state.issues[issue.id], raw)


def edit(state: State, user: User, issue: Issue, body: Raw, *, api: int = 2, notify: bool = True) -> Issue:
    """The issue with the changes asked for; `notify` is Jira's `notifyUsers`."""
    asked = drafts.details(body)
    project, issue_type = state.projects[issue.project], state.issue_types[issue.type]
    if asked.get("transition") is not None:
        raise Refused(400, "Use the transitions resource to change the status of an issue.")
    if not permissions.holds(state, user, "EDIT_ISSUES", project):
        raise Refused(403, "You do not have permission to edit issues in this project.")
    if not notify and not (user.admin or permissions.holds(state, user, "ADMINISTER_PROJECTS", project)):
        raise Refused(403, "To discard the user notification either admin or project admin permissions are required.")
    place = Place(state, user, project, issue_type, api, issue.file_names)
    allowed = forms.settable(state, user, project, issue_type, "edit")
    asked, changed_type = _with_type(place, asked)
    draft = drafts.read(place, asked, allowed, before=issue)
    emptied = {
        one.id: f"{one.name} is required."
        for one in allowed
        if one.id in draft.values and draft.values[one.id] is None and forms.required(state, one, issue_type)
    }
    if emptied:
        raise fields_refused(emptied)
    links.check(state, user, draft.links)
    for raw in draft.comments:
        comments.check(state, user, project, raw, api)
    issue = _changed(place, issue, draft.values, changed_type)
    if draft.properties:
        issue = changelog.keep(state, replace(issue, properties={**issue.properties, **draft.properties}))
    _add_rest(place, issue, draft)
    return state.issues[issue.id]


def _with_type(place: Place, asked: Mapping[str, Any]) -> tuple[Mapping[str, Any], IssueType | None]:
    """The request without its issue type, and that issue type: it may change where the workflow stays the same."""
    fields = dict(asked.get("fields") or {})
    if "issuetype" not in fields:
        return asked, None
    _, wanted = _target(place.state, place.user, {"project": {"id": place.project.id}, **fields})
    state, project = place.state, place.project
    if wanted.level != place.type.level or state.workflow_of(project, wanted.id) != state.workflow_of(
        project, place.type.id
    ):
        raise fields_refused({"issuetype": "The issue type selected is invalid."})
    del fields["issuetype"]
    return {**asked, "fields": fields}, wanted


def _changed(place: Place, issue: Issue, new: Mapping[str, Any], changed_type: IssueType | None = None) -> Issue:
    """The issue with these values; nothing happens where nothing differs."""
    state = place.state
    items: list[HistoryItem] = []
    if changed_type is not None and changed_type.id != issue.type:
        old = state.issue_types[issue.type]
        items.append(HistoryItem("issuetype", "issuetype", old.id, old.name, changed_type.id, changed_type.name))
        issue = replace(issue, type=changed_type.id)
    items += _items(state, issue, new)
    if not items:
        return issue
    kept = {name: value for name, value in {**issue.values, **new}.items() if value is not None}
    issue = changelog.record(state, place.user, replace(issue, values=kept), items)
    events.issue_updated(state, place.user, issue, _event(items))
    return issue


def _event(items: Sequence[HistoryItem]) -> str:
    return "issue_assigned" if {item.field_id for item in items} == {"assignee"} else "issue_updated"


def _items(state: State, issue: Issue, new: Mapping[str, Any]) -> list[HistoryItem]:
    found: list[HistoryItem] = []
    for name, after in new.items():
        before, field = issue.values.get(name), state.fields[name]
        if before == after:
            continue
        (old_id, old), (new_id, text) = (_logged(state, field, value) for value in (before, after))
        shown_as = field.name if field.custom else field.id
        found.append(HistoryItem(shown_as, name, old_id, old, new_id, text, "custom" if field.custom else "jira"))
    return found


def _logged(state: State, field: Field, value: Kept) -> tuple[str | None, str | None]:
    """A value as a changelog has it; Jira writes the due date as an instant there."""
    number, text = values.shown(state, field, value)
    return number, f"{text} 00:00:00.0" if text and field.id == "duedate" else text


def transition(state: State, user: User, issue: Issue, body: Raw, *, api: int = 2, quiet: bool = False) -> Issue:
    """The issue one step further in its workflow, with the fields of the step's screen."""
    asked = drafts.details(body)
    step = workflow.chosen(state, user, issue, asked.get("transition"))
    project, issue_type = state.projects[issue.project], state.issue_types[issue.type]
    place = Place(state, user, project, issue_type, api, issue.file_names)
    allowed = workflow.screen_fields(state, step)
    draft = drafts.read(place, asked, allowed, before=issue)
    missing = {
        name: f"{state.fields[name].name} is required."
        for name in sorted(step.required)
        if draft.values.get(name, issue.values.get(name)) is None
    }
    if missing:
        raise fields_refused(missing)
    for raw in draft.comments:
        comments.check(state, user, project, raw, api)
    before, after = state.statuses[issue.status], state.statuses[step.to]
    new = dict(draft.values)
    if step.resolution:
        new["resolution"] = step.resolution
    elif after.category != "done" and issue.values.get("resolution"):
        new["resolution"] = None
    items = _items(state, issue, new)
    if before != after:
        items.append(HistoryItem("status", "status", before.id, before.name, after.id, after.name))
    moved = _moved(state, issue, after, new)
    issue = changelog.record(state, user, moved, items) if items else moved
    if not quiet:
        events.issue_updated(state, user, issue, "issue_generic")
        _add_rest(place, issue, draft)
    return state.issues[issue.id]


def _moved(state: State, issue: Issue, after: Status, new: Mapping[str, Any]) -> Issue:
    now = state.clock.now()
    kept = {name: value for name, value in {**issue.values, **new}.items() if value is not None}
    category = state.statuses[issue.status].category
    resolved = (issue.resolved or now) if kept.get("resolution") else None
    changed = issue.status_changed if category == after.category else now
    return changelog.keep(
        state, replace(issue, status=after.id, values=kept, resolved=resolved, status_changed=changed)
    )


def delete(state: State, user: User, issue: Issue, *, subtasks: bool = False) -> None:
    """Remove the issue with everything on it, and its sub-tasks where that was asked for."""
    project = state.projects[issue.project]
    permissions.demand(
        state, user, "DELETE_ISSUES", project, "You do not have permission to delete issues in this project."
    )
    children = [one for one in state.subtasks_of(issue.id) if state.issue_types[one.type].level < 0]
    if children and not subtasks:
        raise Refused(
            400,
            f"The issue '{issue.key}' has subtasks. You must specify the 'deleteSubtasks' parameter to "
            "delete this issue and all its subtasks.",
        )
    for child in children:
        delete(state, user, child)
    events.issue_deleted(state, user, issue)
    for link in state.links_of(issue.id):
        del state.links[link.id]
    for orphan in state.subtasks_of(issue.id):
        changelog.keep(
            state, replace(orphan, values={name: kept for name, kept in orphan.values.items() if name != "parent"})
        )
    for attachment in issue.attachments:
        state.blobs.pop(attachment.id, None)
    del state.issues[issue.id]


def assign(state: State, user: User, issue: Issue, raw: Raw) -> Issue:
    """The issue assigned to `{"accountId": …}`, to nobody where that is null."""
    project, issue_type = state.projects[issue.project], state.issue_types[issue.type]
    place = Place(state, user, project, issue_type)
    try:
        assignee = values.parse(place, state.fields["assignee"], raw)
    except values.BadValue as bad:
        raise fields_refused({"assignee": str(bad)}) from None
    return _changed(place, issue, {"assignee": assignee})
