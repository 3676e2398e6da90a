"""Who may do what: project permissions come from roles, as in Jira's default permission scheme."""

from collections.abc import Mapping

from jira_sandbox.records import Issue, Project, User
from jira_sandbox.refusals import Refused, issue_not_found
from jira_sandbox.state import State

PROJECT: dict[str, tuple[str, str]] = {
    "ADMINISTER_PROJECTS": ("Administer Projects", "Ability to administer a project in Jira."),
    "BROWSE_PROJECTS": ("Browse Projects", "Ability to browse projects and the issues within them."),
    "CREATE_ISSUES": ("Create Issues", "Ability to create issues."),
    "EDIT_ISSUES": ("Edit Issues", "Ability to edit issues."),
    "ASSIGN_ISSUES": ("Assign Issues", "Ability to assign issues to other people."),
    "ASSIGNABLE_USER": ("Assignable User", "Users with this permission may be assigned to issues."),
    "TRANSITION_ISSUES": ("Transition Issues", "Ability to transition issues."),
    "RESOLVE_ISSUES": ("Resolve Issues", "Ability to resolve and reopen issues."),
    "CLOSE_ISSUES": ("Close Issues", "Ability to close issues."),
    "SCHEDULE_ISSUES": ("Schedule Issues", "Ability to view or edit an issue's due date."),
    "MODIFY_REPORTER": ("Modify Reporter", "Ability to modify the reporter when creating or editing an issue."),
    "MOVE_ISSUES": ("Move Issues", "Ability to move issues between projects or between workflows."),
    "DELETE_ISSUES": ("Delete Issues", "Ability to delete issues."),
    "LINK_ISSUES": ("Link Issues", "Ability to link issues together and create linked issues."),
    "ADD_COMMENTS": ("Add Comments", "Ability to comment on issues."),
    "EDIT_OWN_COMMENTS": ("Edit Own Comments", "Ability to edit own comments made on issues."),
    "EDIT_ALL_COMMENTS": ("Edit All Comments", "Ability to edit all comments made on issues."),
    "DELETE_OWN_COMMENTS": ("Delete Own Comments", "Ability to delete own comments made on issues."),
    "DELETE_ALL_COMMENTS": ("Delete All Comments", "Ability to delete all comments made on issues."),
    "CREATE_ATTACHMENTS": ("Create Attachments", "Users with this permission may create attachments."),
    "DELETE_OWN_ATTACHMENTS": ("Delete Own Attachments", "Users with this permission may delete own attachments."),
    "DELETE_ALL_ATTACHMENTS": ("Delete All Attachments", "Users with this permission may delete all attachments."),
}

GLOBAL: dict[str, tuple[str, str]] = {
    "ADMINISTER": ("Administer Jira", "Create and administer projects, issue types, fields, workflows, and schemes."),
    "SYSTEM_ADMIN": ("Jira System Administrators", "Ability to perform all administration functions."),
    "USER_PICKER": ("Browse users and groups", "View and select users or groups from the user picker."),
    "BULK_CHANGE": ("Make bulk changes", "Modify collections of issues at once."),
}


def holds(state: State, user: User | None, permission: str, project: Project | None = None) -> bool:
    """Whether the user has the permission, in that project if it is a project's; anonymous users have none."""
    if user is None or not user.active or permission in state.denied.get(user.account_id, ()):
        return False
    if permission in GLOBAL:
        return user.admin or permission in ("USER_PICKER", "BULK_CHANGE")
    if project is None:
        return any(holds(state, user, permission, one) for one in state.projects.values())
    return any(
        permission in state.roles[role].permissions
        for role, actors in project.actors.items()
        if user.account_id in actors
    )


def sees(state: State, user: User | None, issue: Issue) -> bool:
    """Whether the user may see the issue."""
    return holds(state, user, "BROWSE_PROJECTS", state.projects[issue.project])


def visible_issue(state: State, user: User | None, id_or_key: str) -> Issue:
    """The issue, if it is there and the user may see it; else Jira's refusal.

    Cloud answers 404 either way; Data Center tells what is hidden (403, 401 without an account) from what is not there.
    """
    issue = state.find_issue(id_or_key)
    if issue is None:
        raise Refused(404, "Issue Does Not Exist") if state.datacenter else issue_not_found()
    if not sees(state, user, issue):
        if not state.datacenter:
            raise issue_not_found()
        hidden = "You do not have the permission to see the specified issue."
        raise Refused(403, hidden) if user is not None else Refused(401, hidden, "Login Required")
    return issue


def visible_project(state: State, user: User | None, id_or_key: str) -> Project:
    """The project, if it is there and the user may see it; else Jira's 404."""
    project = state.find_project(id_or_key)
    if project is None or not holds(state, user, "BROWSE_PROJECTS", project):
        noun = "id" if id_or_key.isdecimal() else "key"
        raise Refused(404, f"No project could be found with {noun} '{id_or_key}'.")
    return project


def place(state: State, user: User | None, arguments: Mapping[str, str], *parameters: str) -> Project | None:
    """The project that one of these query parameters names, or that of the issue that `issueKey`, `issueId` name."""
    if wanted := next((arguments[one] for one in parameters if arguments.get(one)), None):
        return visible_project(state, user, wanted)
    if wanted := arguments.get("issueKey") or arguments.get("issueId"):
        return state.projects[visible_issue(state, user, wanted).project]
    return None


def demand(state: State, user: User | None, permission: str, project: Project, sentence: str) -> None:
    """Refuse with 403 and this sentence unless the user holds the permission."""
    if not holds(state, user, permission, project):
        raise Refused(403, sentence)


def demand_admin(state: State, user: User | None) -> None:
    """Refuse whoever is not an administrator: 401 without an account, else 403."""
    if user is None:
        raise Refused(401, "Authentication credentials are incorrect or missing.")
    if not holds(state, user, "ADMINISTER"):
        raise Refused(403, "Only Jira administrators can perform this operation.")
