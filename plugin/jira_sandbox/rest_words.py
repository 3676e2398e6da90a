"""The words of a site: issue types, statuses, priorities, resolutions."""

from flask import Response, request

from jira_sandbox import permissions, present, seed
from jira_sandbox.flavour import CLOUD
from jira_sandbox.records import IssueType
from jira_sandbox.refusals import Refused, bad_payload
from jira_sandbox.web import Resource, answer, body, caller, state, view

words = Resource("words")

NAME_LIMIT = 60
LEVELS = {"standard": 0, "subtask": -1}


def _seen() -> list[IssueType]:
    """The issue types that the caller may see: all for an administrator, else those of visible projects."""
    if permissions.holds(state(), caller(), "ADMINISTER"):
        return list(state().issue_types.values())
    visible = (one for one in state().projects.values() if permissions.holds(state(), caller(), "BROWSE_PROJECTS", one))
    mine = {issue_type.id for project in visible for issue_type in state().types_of(project)}
    return [one for one in state().issue_types.values() if one.id in mine]


@words.route("/issuetype", "GET", anonymous=True)
def issue_types() -> Response:
    """All issue types that the caller may see."""
    return answer([present.issue_type(view(), one) for one in _seen()])


@words.route("/issuetype", "POST")
def create_issue_type() -> Response:
    """Create an issue type; it joins the default issue type scheme only."""
    permissions.demand_admin(state(), caller())
    asked = body("name", "description", "type", "hierarchyLevel")
    name = asked.get("name")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= NAME_LIMIT:
        raise Refused(400, errors={"name": f"The issue type name must be from 1 to {NAME_LIMIT} characters long."})
    level = asked.get("hierarchyLevel", LEVELS.get(str(asked.get("type", "standard"))))
    if level not in (0, -1):
        raise bad_payload()
    if any(one.name.lower() == name.strip().lower() for one in state().issue_types.values()):
        raise Refused(409, errors={"name": "An issue type with this name already exists."})
    made = IssueType(state().next_id("issue type"), name.strip(), str(asked.get("description", "")), level)
    state().issue_types[made.id] = made
    state().add_types(next(iter(state().type_schemes)), [made.id])
    return answer(present.issue_type(view(), made), 201)


@words.route("/issuetype/project", "GET", anonymous=True, flavours=(CLOUD,))
def types_of_project() -> Response:
    """The issue types of a project."""
    found = permissions.visible_project(state(), caller(), request.args.get("projectId", ""))
    return answer([present.issue_type(view(), one) for one in state().types_of(found)])


@words.route("/issuetype/<type_id>", "GET", anonymous=True)
def read_issue_type(type_id: str) -> Response:
    """One issue type."""
    for one in _seen():
        if one.id == type_id:
            return answer(present.issue_type(view(), one))
    raise Refused(404, f"Issue type with id {type_id} doesn't exist.")


@words.route("/priority", "GET")
def priorities() -> Response:
    """The priorities, highest first."""
    return answer([present.priority(view(), one, full=True) for one in state().priorities.values()])


@words.route("/resolution", "GET")
def resolutions() -> Response:
    """The resolutions."""
    return answer([present.resolution(view(), one) for one in state().resolutions.values()])


@words.route("/status", "GET")
def statuses() -> Response:
    """The statuses of all workflows."""
    return answer([present.status(view(), one) for one in state().statuses.values()])


@words.route("/status/<id_or_name>", "GET")
def status(id_or_name: str) -> Response:
    """One status, by id or name."""
    for one in state().statuses.values():
        if id_or_name in (one.id, one.name):
            return answer(present.status(view(), one))
    raise Refused(404, f"The status with id '{id_or_name}' does not exist")


@words.route("/statuscategory", "GET")
def categories() -> Response:
    """The status categories."""
    return answer([present.category(view(), one) for one in seed.CATEGORIES])
