"""Which fields a person may set where, and how Jira describes them (createmeta, editmeta, transition screens)."""

from typing import Any

from jira_sandbox import catalogue, permissions, present
from jira_sandbox.present import Json, View
from jira_sandbox.records import Field, Issue, IssueType, Project, Screen, User
from jira_sandbox.state import State

_RIGHTS = {
    "assignee": "ASSIGN_ISSUES",
    "duedate": "SCHEDULE_ISSUES",
    "reporter": "MODIFY_REPORTER",
    "issuelinks": "LINK_ISSUES",
}
_ALWAYS_REQUIRED = frozenset({"summary", "issuetype", "project", "reporter"})


def settable(state: State, user: User | None, project: Project, issue_type: IssueType, operation: str) -> list[Field]:
    """The fields that the user may set by an operation (`create`, `edit`), in the screen's order."""
    found = [
        field
        for field in on_screen(state, state.screen_of(project, issue_type.id, operation))
        if _applies(state, user, project, issue_type, field)
    ]
    if operation == "create":
        found += [state.fields["project"]]
        if issue_type.level < 0 and state.fields["parent"] not in found:
            found.append(state.fields["parent"])
    return found


def on_screen(state: State, screen: Screen) -> list[Field]:
    """The fields of a screen in order."""
    return [state.fields[name] for tab in screen.tabs for name in tab.fields if name in state.fields]


def _applies(state: State, user: User | None, project: Project, issue_type: IssueType, field: Field) -> bool:
    right = _RIGHTS.get(field.id)
    if right and not permissions.holds(state, user, right, project):
        return False
    return not field.custom or state.context_of(field, project, issue_type.id) is not None


def required(state: State, field: Field, issue_type: IssueType) -> bool:
    """Whether an issue of this type may not be without the field."""
    if field.id == "parent":
        return issue_type.level < 0
    return field.id in _ALWAYS_REQUIRED or field.id in state.required


def metadata(view: View, project: Project, issue_type: IssueType, field: Field, *, needed: bool | None = None) -> Json:
    """How Jira describes a field on a form."""
    kind = catalogue.KINDS[field.kind]
    shown: Json = {
        "required": required(view.state, field, issue_type) if needed is None else needed,
        "schema": present.schema(field),
        "name": field.name,
        **({"fieldId": field.id} if view.state.datacenter else {"key": field.id}),
        "hasDefaultValue": field.id in ("priority", "reporter"),
        "operations": list(kind.operations or ("set",)),
    }
    if field.kind in ("user", "users"):
        shown["autoCompleteUrl"] = view.link("user/search") + ("?username=" if view.state.datacenter else "?query=")
    if field.kind == "labels":
        shown["autoCompleteUrl"] = f"{view.state.base_url}/rest/api/1.0/labels/suggest?query="
    values = _allowed(view, project, issue_type, field)
    if values is not None:
        shown["allowedValues"] = values
    if field.id == "priority":
        shown["defaultValue"] = present.priority(view, view.state.priorities["3"])
    return shown


def _allowed(view: View, project: Project, issue_type: IssueType, field: Field) -> list[Any] | None:
    state = view.state
    match field.kind:
        case "option" | "options":
            context = state.context_of(field, project, issue_type.id)
            usable = [one.id for one in context.options if not one.disabled] if context else []
            return present.options(view, field, usable)
        case "priority":
            return [present.priority(view, one) for one in state.priorities.values()]
        case "resolution":
            return [present.resolution(view, one) for one in state.resolutions.values()]
        case "components":
            mine = [one for one in state.components.values() if one.project == project.id]
            return [present.component(view, one) for one in mine]
        case "security":
            return [present.security_level(view, one) for one in state.security_levels.values()]
        case "issuetype":
            return [present.issue_type(view, issue_type)]
        case "project":
            return [present.project(view, project)]
        case _:
            return None


def create_metadata(view: View, project: Project, issue_type: IssueType) -> list[Json]:
    """The fields of the create form, as createmeta lists them."""
    return [
        {**metadata(view, project, issue_type, field), "fieldId": field.id}
        for field in settable(view.state, view.user, project, issue_type, "create")
    ]


def edit_metadata(view: View, found: Issue) -> Json:
    """The fields that the viewer may edit, by id, as editmeta has them; the comment is always among them."""
    state = view.state
    project, issue_type = state.projects[found.project], state.issue_types[found.type]
    if not permissions.holds(state, view.user, "EDIT_ISSUES", project):
        return {}
    fields = settable(state, view.user, project, issue_type, "edit")
    if permissions.holds(state, view.user, "ADD_COMMENTS", project):
        fields.append(state.fields["comment"])
    return {field.id: metadata(view, project, issue_type, field) for field in fields}
