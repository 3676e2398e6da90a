"""The site and its accounts: server info, users, permissions."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, request

from jira_sandbox import permissions, present
from jira_sandbox.clock import stamp
from jira_sandbox.records import Project, Raw, User
from jira_sandbox.refusals import Refused, bad_payload
from jira_sandbox.web import Resource, account, answer, body, caller, names, number, state, texts, view

site = Resource("site")

USERS_PAGE = 1000
GDPR = "The query parameter 'username' is not supported in GDPR strict mode."


@site.route("/serverInfo", "GET", anonymous=True)
def server_info() -> Response:
    """What kind of Jira this is; `deploymentType` tells Cloud."""
    return answer(
        {
            "baseUrl": state().base_url,
            "displayUrl": state().base_url,
            "version": "1001.0.0-SNAPSHOT",
            "versionNumbers": [1001, 0, 0],
            "deploymentType": "Cloud",
            "buildNumber": 100300,
            "buildDate": "2026-06-01T00:00:00.000+0000",
            "serverTime": stamp(state().clock.now()),
            "serverTimeZone": "Etc/UTC",
            "scmInfo": "0000000000000000000000000000000000000000",
            "serverTitle": "Jira",
        }
    )


@site.route("/myself", "GET", anonymous=True)
def myself() -> Response:
    """The account that asks; whoever is anonymous learns it here, and by a body of its own kind."""
    if caller() is None:
        sentence = "Client must be authenticated to access this resource."
        raise Refused(401, body={"message": sentence, "status-code": 401})
    found = present.user(view(), account())
    return answer({**found, "locale": "en_US", "expand": "groups,applicationRoles"})


@site.route("/user", "GET")
def user() -> Response:
    """One account, by account id."""
    if "username" in request.args or "key" in request.args:
        raise Refused(400, GDPR)
    account_id = request.args.get("accountId", "")
    found = state().users.get(account_id)
    if found is None:
        raise Refused(404, f"Specified user does not exist or you do not have required permissions ({account_id})")
    return answer(present.user(view(), found))


@site.route("/user/search", "GET", anonymous=True)
def user_search() -> Response:
    """Accounts whose name or e-mail address begins so; nobody, for an anonymous caller."""
    if "query" not in request.args and "accountId" not in request.args:
        raise Refused(
            400, GDPR if "username" in request.args else "One of 'query', 'accountId' or 'property' is needed."
        )
    if not permissions.holds(state(), caller(), "USER_PICKER"):
        return answer([])
    return _users(state().users.values())


@site.route("/users/search", "GET", anonymous=True)
def all_users() -> Response:
    """All accounts; nobody, for an anonymous caller."""
    return _users(state().users.values()) if caller() else answer([])


@site.route("/user/assignable/search", "GET")
def assignable_search() -> Response:
    """Accounts to whom issues of a project, or this issue, can be assigned."""
    project = _place("project")
    if project is None:
        raise Refused(400, "Either 'project', 'issueKey' or 'issueId' is needed.")
    fit = (one for one in state().users.values() if permissions.holds(state(), one, "ASSIGNABLE_USER", project))
    return _users(fit)


def _users(candidates: Iterable[User]) -> Response:
    query, account_id = request.args.get("query", "").lower(), request.args.get("accountId")
    found = [one for one in candidates if one.active and account_id in (None, one.account_id) and _begins(one, query)]
    start, limit = number("startAt", 0), number("maxResults", 50, most=USERS_PAGE)
    return answer([present.user(view(), one) for one in found[start : start + limit]])


def _begins(user: User, query: str) -> bool:
    """Whether a word of the name, the address or the id begins with the query."""
    words = [user.display_name, *user.display_name.split(), user.email, user.account_id]
    return any(word.lower().startswith(query) for word in words)


def _place(*parameters: str) -> Project | None:
    """The project that one of these query parameters names, or the one of the issue that `issueKey`, `issueId` name."""
    arguments = request.args
    if named := next((arguments[one] for one in parameters if arguments.get(one)), None):
        return permissions.visible_project(state(), caller(), named)
    if named := arguments.get("issueKey") or arguments.get("issueId"):
        return state().projects[permissions.visible_issue(state(), caller(), named).project]
    return None


@site.route("/mypermissions", "GET", anonymous=True)
def my_permissions() -> Response:
    """Which of the named permissions the caller holds, there or anywhere."""
    wanted = names(request.args.get("permissions"))
    if not wanted:
        raise Refused(400, "The 'permissions' query parameter is required.")
    known = {**permissions.GLOBAL, **permissions.PROJECT}
    unknown = [one for one in wanted if one not in known]
    if unknown:
        raise Refused(400, f"Unrecognized permission: {', '.join(unknown)}")
    project = _place("projectKey", "projectId")
    shown: dict[str, Any] = {}
    for place, key in enumerate(known):
        if key in wanted:
            name, description = known[key]
            shown[key] = {
                "id": str(place),
                "key": key,
                "name": name,
                "type": "GLOBAL" if key in permissions.GLOBAL else "PROJECT",
                "description": description,
                "havePermission": permissions.holds(state(), caller(), key, project),
            }
    return answer({"permissions": shown})


@site.route("/permissions/check", "POST", anonymous=True)
def check_permissions() -> Response:
    """In which of these projects and issues an account holds these permissions."""
    asked = body("accountId", "globalPermissions", "projectPermissions")
    who = caller()
    if "accountId" in asked and (who is None or asked["accountId"] != who.account_id):
        permissions.demand_admin(state(), who)
        who = state().users.get(str(asked["accountId"]))
    granted = [one for one in texts(asked.get("globalPermissions")) if permissions.holds(state(), who, one)]
    shown: list[dict[str, Any]] = []
    groups = asked.get("projectPermissions") or []
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        raise bad_payload()
    for group in groups:
        shown += [_granted(who, permission, group) for permission in texts(group.get("permissions"))]
    return answer({"globalPermissions": granted, "projectPermissions": shown})


def _granted(who: User | None, permission: str, group: dict[str, Any]) -> dict[str, Any]:
    def held(named: Raw, project_of: Callable[[str], str | None]) -> list[int]:
        found = ((one, project_of(one)) for one in texts(named))
        return [
            int(one)
            for one, project in found
            if project and permissions.holds(state(), who, permission, state().projects[project])
        ]

    def of_issue(one: str) -> str | None:
        return state().issues[one].project if one in state().issues else None

    return {
        "permission": permission,
        "projects": held(group.get("projects"), lambda one: one if one in state().projects else None),
        "issues": held(group.get("issues"), of_issue),
    }
