"""Projects with their statuses, roles and components."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, request

from jira_sandbox import people, permissions, present
from jira_sandbox.flavour import CLOUD, DATACENTER
from jira_sandbox.records import Component, Project, Role
from jira_sandbox.refusals import Refused, fields_refused
from jira_sandbox.web import Resource, account, answer, body, caller, listed, nothing, paged, state, texts, view

project = Resource("project")

COMPONENT_KEYS = ("name", "description", "assigneeType", "project", "projectId")
LEAD_KEYS = {CLOUD: "leadAccountId", DATACENTER: "leadUserName"}
ASSIGNEE_TYPES = frozenset({"PROJECT_DEFAULT", "COMPONENT_LEAD", "PROJECT_LEAD", "UNASSIGNED"})
NAME_LIMIT = 255


def _visible() -> list[Project]:
    return [one for one in state().projects.values() if permissions.holds(state(), caller(), "BROWSE_PROJECTS", one)]


@project.route("/project", "GET", anonymous=True)
def projects() -> Response:
    """The projects that the caller may see."""
    return answer([present.project(view(), one) for one in _visible()])


@project.route("/project/search", "GET", anonymous=True, flavours=(CLOUD,))
def search_projects() -> Response:
    """Projects by id, key or a part of the name, paged."""
    query, keys, wanted_ids = request.args.get("query", "").lower(), listed("keys"), listed("id")
    found = [
        present.project(view(), one)
        for one in _visible()
        if (query in one.name.lower() or query in one.key.lower())
        and (not keys or one.key in keys)
        and (not wanted_ids or one.id in wanted_ids)
    ]
    return paged(found)


@project.route("/project/<key>", "GET", anonymous=True)
def read_project(key: str) -> Response:
    """One project."""
    return answer(present.project(view(), permissions.visible_project(state(), caller(), key), full=True))


@project.route("/project/<key>/statuses", "GET", anonymous=True)
def project_statuses(key: str) -> Response:
    """The statuses of each issue type of a project."""
    found = permissions.visible_project(state(), caller(), key)
    shown = []
    for one in state().types_of(found):
        statuses = [state().statuses[number] for number in state().workflow_of(found, one.id).statuses]
        shown.append(
            {
                "self": view().link(f"issuetype/{one.id}"),
                "id": one.id,
                "name": one.name,
                "subtask": one.level < 0,
                "statuses": [present.status(view(), status) for status in statuses],
            }
        )
    return answer(shown)


def _administered(key: str) -> Project:
    found = permissions.visible_project(state(), caller(), key)
    if not permissions.holds(state(), caller(), "ADMINISTER_PROJECTS", found) and not account().admin:
        raise Refused(403, "You cannot edit the configuration of this project.")
    return found


def _role(found: Role, of: Project | None = None) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": found.name, "id": int(found.id), "description": found.description}
    if of is None:
        shown["self"] = view().link(f"role/{found.id}")
        return shown
    shown["self"] = view().link(f"project/{of.id}/role/{found.id}")
    shown["actors"] = [
        {
            "id": 10000 + place,
            "displayName": holder.display_name,
            "type": "atlassian-user-role-actor",
            **({"name": holder.name} if state().datacenter else {"actorUser": {"accountId": holder.account_id}}),
        }
        for place, holder in enumerate(map(state().user, of.actors.get(found.id, ())))
    ]
    return shown


@project.route("/role", "GET")
def roles() -> Response:
    """All project roles."""
    permissions.demand_admin(state(), caller())
    return answer([_role(one) for one in state().roles.values()])


@project.route("/role", "POST")
def create_role() -> Response:
    """Create a project role, which nobody holds in any project."""
    permissions.demand_admin(state(), caller())
    asked = body("name", "description")
    name = asked.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Refused(400, "The name of a role must not be empty.")
    if any(one.name.casefold() == name.casefold() for one in state().roles.values()):
        raise Refused(409, f"A project role with the name '{name}' exists already.")
    made = Role(state().next_id("role", start=10200), name, str(asked.get("description") or ""), frozenset())
    state().roles[made.id] = made
    return answer(_role(made))


@project.route("/project/<key>/role", "GET")
def project_roles(key: str) -> Response:
    """The addresses of a project's roles, by name."""
    return answer(present.roles(view(), _administered(key)))


def _known_role(role_id: str) -> Role:
    found = state().roles.get(role_id)
    if found is None:
        raise Refused(404, f"Can not retrieve role actors for role id {role_id}, role does not exist.")
    return found


@project.route("/project/<key>/role/<role_id>", "GET")
def project_role(key: str, role_id: str) -> Response:
    """Who has a role in a project."""
    return answer(_role(_known_role(role_id), _administered(key)))


@project.route("/project/<key>/role/<role_id>", "POST")
def add_actors(key: str, role_id: str) -> Response:
    """Give a role in a project to accounts."""
    found, role = _administered(key), _known_role(role_id)
    names = texts(body("user", "group", "groupId").get("user"))
    if not names:
        raise Refused(400, "The sandbox has no groups: name accounts in 'user'.")
    added: list[str] = []
    for name in names:
        account = people.named(state(), name)
        if account is None:
            raise Refused(404, f"We can't find '{name}' in any accessible user directory.")
        added.append(account.account_id)
    actors = {**found.actors, role.id: tuple(dict.fromkeys((*found.actors.get(role.id, ()), *added)))}
    state().projects[found.id] = replace(found, actors=actors)
    return answer(_role(role, state().projects[found.id]))


@project.route("/project/<key>/role/<role_id>", "DELETE")
def remove_actor(key: str, role_id: str) -> Response:
    """Take a role in a project from an account."""
    found, role = _administered(key), _known_role(role_id)
    name = request.args.get("user", "")
    gone = people.named(state(), name)
    if gone is None or gone.account_id not in found.actors.get(role.id, ()):
        raise Refused(404, f"'{name}' does not have the role {role.name} in this project.")
    kept = tuple(one for one in found.actors[role.id] if one != gone.account_id)
    state().projects[found.id] = replace(found, actors={**found.actors, role.id: kept})
    return nothing()


@project.route("/project/<key>/components", "GET", anonymous=True)
def components(key: str) -> Response:
    """The components of a project."""
    found = permissions.visible_project(state(), caller(), key)
    mine = [one for one in state().components.values() if one.project == found.id]
    return answer([present.component(view(), one, full=True) for one in mine])


@project.route("/component", "POST")
def create_component() -> Response:
    """Create a component."""
    asked = body(*COMPONENT_KEYS, LEAD_KEYS[state().flavour])
    named = asked.get("project") or asked.get("projectId")
    if named is None:
        raise fields_refused({"project": "The project must be specified."})
    found = _administered(str(named))
    kept = _checked(Component(state().next_id("component"), found.id, ""), asked)
    state().components[kept.id] = kept
    return answer(present.component(view(), kept, full=True), 201)


def _checked(component: Component, asked: Mapping[str, Any]) -> Component:
    """The component with what was asked for, or Jira's refusal."""
    name = str(asked.get("name", component.name)).strip()
    if not name or len(name) > NAME_LIMIT:
        raise fields_refused({"name": f"The component name must be from 1 to {NAME_LIMIT} characters long."})
    for other in state().components.values():
        if other.project == component.project and other.name.lower() == name.lower() and other.id != component.id:
            raise fields_refused({"name": f"A component with the name {name} already exists in this project."})
    key, lead = LEAD_KEYS[state().flavour], component.lead
    if key in asked:
        named = people.named(state(), str(asked[key])) if asked[key] else None
        if asked[key] and named is None:
            raise fields_refused({key: f"The user {asked[key]} does not exist."})
        lead = named.account_id if named else None
    assignee = asked.get("assigneeType", component.assignee_type)
    if str(assignee) not in ASSIGNEE_TYPES:
        raise fields_refused({"assigneeType": f"The assignee type must be one of {', '.join(sorted(ASSIGNEE_TYPES))}."})
    text = str(asked.get("description", component.description))
    return replace(component, name=name, lead=lead, assignee_type=assignee, description=text)


def _component(component_id: str) -> Component:
    found = state().components.get(component_id)
    if found is None:
        raise Refused(404, f"The component with id {component_id} does not exist.")
    permissions.visible_project(state(), caller(), found.project)
    return found


@project.route("/component/<component_id>", "GET", anonymous=True)
def read_component(component_id: str) -> Response:
    """One component."""
    return answer(present.component(view(), _component(component_id), full=True))


@project.route("/component/<component_id>", "PUT")
def edit_component(component_id: str) -> Response:
    """Change a component."""
    found = _component(component_id)
    _administered(found.project)
    kept = _checked(found, body(*COMPONENT_KEYS, LEAD_KEYS[state().flavour]))
    state().components[kept.id] = kept
    return answer(present.component(view(), kept, full=True))


@project.route("/component/<component_id>", "DELETE")
def delete_component(component_id: str) -> Response:
    """Delete a component; issues lose it."""
    found = _component(component_id)
    _administered(found.project)
    if request.args.get("moveIssuesTo"):
        raise Refused(501, "The sandbox does not move issues to another component.")
    del state().components[found.id]
    for issue in list(state().issues.values()):
        held = issue.values.get("components", ())
        if found.id in held:
            values = {**issue.values, "components": tuple(one for one in held if one != found.id)}
            state().issues[issue.id] = replace(issue, values=values)
    return nothing()
