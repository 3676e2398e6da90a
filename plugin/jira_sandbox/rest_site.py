"""The site and who asks: server info, the own account, permissions."""

from collections.abc import Callable, Collection
from typing import Any

from flask import Response, request

from jira_sandbox import permissions, present
from jira_sandbox.clock import stamp
from jira_sandbox.flavour import CLOUD
from jira_sandbox.records import Raw, User
from jira_sandbox.refusals import Refused, bad_payload, not_authenticated, unauthenticated
from jira_sandbox.web import Resource, account, answer, body, caller, names, state, texts, view

site = Resource("site")


@site.route("/serverInfo", "GET", anonymous=True)
def server_info() -> Response:
    """What kind of Jira this is; `deploymentType` tells Cloud."""
    caller()  # wrong credentials are refused here too
    shown: dict[str, Any] = {"baseUrl": state().base_url}
    if state().datacenter:
        version = state().version
        shown |= {"version": ".".join(map(str, version)), "versionNumbers": list(version), "deploymentType": "Server"}
        shown |= {"buildNumber": 10030024, "databaseBuildNumber": 10030024}
    else:
        shown |= {"displayUrl": state().base_url, "version": "1001.0.0-SNAPSHOT", "versionNumbers": [1001, 0, 0]}
        shown |= {"deploymentType": "Cloud", "buildNumber": 100300, "serverTimeZone": "Etc/UTC"}
    return answer(
        {
            **shown,
            "buildDate": "2026-06-01T00:00:00.000+0000",
            "serverTime": stamp(state().clock.now()),
            "scmInfo": "0000000000000000000000000000000000000000",
            "serverTitle": "Jira",
        }
    )


@site.route("/myself", "GET", anonymous=True)
def myself() -> Response:
    """The account that asks; whoever is anonymous learns it here, and by a body of its own kind."""
    if caller() is None:
        raise not_authenticated()
    found = present.user(view(), account())
    extra = {"deleted": False, "groups": {"size": 1, "items": []}} if state().datacenter else {}
    return answer({**found, "locale": "en_US", **extra, "expand": "groups,applicationRoles"})


@site.route("/mypermissions", "GET", anonymous=True)
def my_permissions() -> Response:
    """Which permissions the caller holds, there or anywhere: those that are named on Cloud, all on Data Center."""
    known = {**permissions.GLOBAL, **permissions.PROJECT}
    wanted = tuple(known) if state().datacenter else _wanted(known)
    if state().datacenter and caller() is None:
        raise unauthenticated()
    project = permissions.place(state(), caller(), request.args, "projectKey", "projectId")
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


def _wanted(known: Collection[str]) -> tuple[str, ...]:
    """The permissions that the query names; Cloud wants some named, and no others than it knows."""
    wanted = names(request.args.get("permissions"))
    if not wanted:
        raise Refused(400, "The 'permissions' query parameter is required.")
    unknown = [one for one in wanted if one not in known]
    if unknown:
        raise Refused(400, f"Unrecognized permission: {', '.join(unknown)}")
    return wanted


@site.route("/permissions/check", "POST", anonymous=True, flavours=(CLOUD,))
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
