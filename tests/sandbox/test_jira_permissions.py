"""Who may do what, and how Jira says no."""

import io
from dataclasses import replace

import pytest

from jira_sandbox import seed
from support.caller import Caller, Site, fields_of
from support.flavours import ON_CLOUD
from support.people import DANA, VIEWER

FILE = {"files": {"file": ("a.txt", io.BytesIO(b"x"))}, "headers": {"X-Atlassian-Token": "no-check"}}
HIDDEN = "Issue does not exist or you do not have permission to see it."


@pytest.fixture
def site(flavour: str) -> Site:
    site = Site(flavour=flavour)
    site.service.create()
    site.service.create()
    return site


VIEWERS_REFUSALS = {
    "create": ("POST", "issue", {"fields": fields_of()}, 403),
    "edit": ("PUT", "issue/CMMC-1", {"fields": {"summary": "x"}}, 403),
    "assign": ("PUT", "issue/CMMC-1/assignee", {"accountId": None}, 403),
    "delete": ("DELETE", "issue/CMMC-1", None, 403),
    "comment": ("POST", "issue/CMMC-1/comment", {"body": "x"}, 400),
    "set a property": ("PUT", "issue/CMMC-1/properties/p", {"n": 1}, 403),
    "link": (
        "POST",
        "issueLink",
        {"type": {"name": "Blocks"}, "inwardIssue": {"key": "CMMC-1"}, "outwardIssue": {"key": "CMMC-2"}},
        401,
    ),
    "create a field": ("POST", "field", {"name": "x", "type": "y"}, 400),
    "read screens": ("GET", "screens", None, 403),
    "create an issue type": ("POST", "issuetype", {"name": "x"}, 403),
    "create a link type": ("POST", "issueLinkType", {"name": "x", "inward": "y", "outward": "z"}, 404),
    "create a component": ("POST", "component", {"name": "x", "project": "CMMC"}, 403),
    "read roles": ("GET", "role", None, 403),
}


@pytest.mark.parametrize("deed", VIEWERS_REFUSALS)
def test_who_may_only_look_is_refused_and_nothing_changes(site: Site, deed: str) -> None:
    method, path, body, status = VIEWERS_REFUSALS[deed]
    before = dict(site.state.issues), dict(site.state.links)
    answer = site.caller(VIEWER)(method, path, body)
    assert answer.status_code == status, answer.text
    assert answer.json()["errorMessages"][0]
    assert (dict(site.state.issues), dict(site.state.links)) == before


def test_who_may_only_look_attaches_nothing(site: Site) -> None:
    answer = site.caller(VIEWER).post("issue/CMMC-1/attachments", **FILE)
    assert answer.status_code == 403
    assert not site.state.blobs


@ON_CLOUD
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "issue/CMMC-1", None),
        ("PUT", "issue/CMMC-1", {"fields": {}}),
        ("DELETE", "issue/CMMC-1", None),
        ("GET", "issue/CMMC-1/transitions", None),
        ("GET", "issue/CMMC-1/comment", None),
        ("POST", "issue/CMMC-1/comment", {"body": "x"}),
        ("GET", "issue/CMMC-1/properties/p", None),
        ("GET", "issue/CMMC-1/changelog", None),
    ],
)
def test_a_hidden_issue_is_as_one_that_never_was(site: Site, method: str, path: str, body: object) -> None:
    stranger = site.caller(seed.OUTSIDER)
    answer = stranger(method, path, body)
    assert (answer.status_code, answer.json()) == (404, {"errorMessages": [HIDDEN], "errors": {}})
    missing = site.service(method, path.replace("CMMC-1", "CMMC-99"), body)
    assert (missing.status_code, missing.json()) == (answer.status_code, answer.json())


@ON_CLOUD
def test_a_hidden_project_is_as_one_that_never_was(site: Site) -> None:
    stranger = site.caller(seed.OUTSIDER)
    answer = stranger.get("project/CMMC")
    assert (answer.status_code, answer.json()["errorMessages"]) == (
        404,
        ["No project could be found with key 'CMMC'."],
    )
    assert stranger.get("project").json() == []
    assert stranger.get("project/search").json()["total"] == 0
    assert stranger.get("issuetype").json() == []


def wrong_credentials(site: Site) -> dict[str, Caller]:
    email = site.state.service_user().email
    return {
        "none": site.anonymous,
        "a wrong token": Caller(site.app, (email, "wrong")),
        "somebody else's token": Caller(site.app, (email, site.state.users[DANA].token)),
    }


@ON_CLOUD
@pytest.mark.parametrize("which", ["none", "a wrong token", "somebody else's token"])
def test_bad_credentials_act_as_anonymous_which_only_myself_tells(site: Site, which: str) -> None:
    caller = wrong_credentials(site)[which]
    answer = caller.get("myself")
    assert answer.status_code == 401
    assert answer.json() == {"message": "Client must be authenticated to access this resource.", "status-code": 401}
    assert caller.post("search/jql", {"jql": "project = CMMC"}).json()["issues"] == []
    assert caller.get("project").json() == []
    assert caller.get("issue/CMMC-1").status_code == 404
    assert caller.get("user/search?query=dana").json() == []
    assert caller.get("serverInfo").json()["deploymentType"] == "Cloud"
    assert caller.post("issue", {"fields": fields_of()}).status_code == 401
    assert caller.get("priority").status_code == 401


def test_a_bearer_token_is_an_account(site: Site) -> None:
    caller = Caller(site.app, None)
    caller.session.headers["Authorization"] = f"Bearer {site.state.users[DANA].token}"
    assert caller.get("myself").json()["displayName"] == "Dana Whitfield"


def test_an_inactive_account_is_anonymous(site: Site) -> None:
    dana = site.state.users[DANA]
    site.state.users[DANA] = replace(dana, active=False)
    assert site.caller(DANA).get("myself").status_code == 401


@ON_CLOUD
def test_permissions_are_told_for_the_place_that_is_asked_about(site: Site) -> None:
    asked = "mypermissions?projectKey=CMMC&permissions=BROWSE_PROJECTS,EDIT_ISSUES,ADMINISTER"
    told = {
        who: {key: row["havePermission"] for key, row in caller.get(asked).json()["permissions"].items()}
        for who, caller in {"service": site.service, "viewer": site.caller(VIEWER), "dana": site.caller(DANA)}.items()
    }
    assert told["service"] == {"BROWSE_PROJECTS": True, "EDIT_ISSUES": True, "ADMINISTER": True}
    assert told["dana"] == {"BROWSE_PROJECTS": True, "EDIT_ISSUES": True, "ADMINISTER": False}
    assert told["viewer"] == {"BROWSE_PROJECTS": True, "EDIT_ISSUES": False, "ADMINISTER": False}
    assert site.caller(seed.OUTSIDER).get(asked).status_code == 404
    assert site.service.get("mypermissions").status_code == 400
    assert site.service.get("mypermissions?permissions=FLY").status_code == 400


@ON_CLOUD
def test_permissions_of_others_are_for_administrators(site: Site) -> None:
    group = {"permissions": ["EDIT_ISSUES", "BROWSE_PROJECTS"], "projects": [10000], "issues": [10000, 7]}
    asked = {"accountId": VIEWER, "globalPermissions": ["ADMINISTER"], "projectPermissions": [group]}
    assert site.service.post("permissions/check", asked).json() == {
        "globalPermissions": [],
        "projectPermissions": [
            {"permission": "EDIT_ISSUES", "projects": [], "issues": []},
            {"permission": "BROWSE_PROJECTS", "projects": [10000], "issues": [10000]},
        ],
    }
    assert site.caller(DANA).post("permissions/check", asked).status_code == 403


def test_a_single_permission_can_be_taken_away(site: Site) -> None:
    site.state.denied[site.state.service] = {"CREATE_ATTACHMENTS"}
    assert site.service.post("issue/CMMC-1/attachments", **FILE).status_code == 403
    assert site.service.post("issue/CMMC-1/comment", {"body": "x"}).status_code == 201


@pytest.mark.parametrize(
    ("permission", "field", "value"),
    [
        ("ASSIGN_ISSUES", "assignee", DANA),
        ("SCHEDULE_ISSUES", "duedate", "2026-07-01"),
        ("MODIFY_REPORTER", "reporter", DANA),
    ],
)
def test_a_field_with_a_permission_of_its_own_is_off_the_screen_without_it(
    site: Site, permission: str, field: str, value: str
) -> None:
    sent = site.ref(value) if value == DANA else value
    assert site.service.put("issue/CMMC-1", {"fields": {field: sent}}).status_code == 204
    site.state.denied[site.state.service] = {permission}
    answer = site.service.put("issue/CMMC-1", {"fields": {field: sent}})
    assert answer.json()["errors"] == {
        field: f"Field '{field}' cannot be set. It is not on the appropriate screen, or unknown."
    }
    assert field not in site.service.get("issue/CMMC-1/editmeta").json()["fields"]


@ON_CLOUD
def test_people_are_found_by_the_beginnings_of_names_and_addresses(site: Site) -> None:
    def names(path: str) -> list[str]:
        return [one["displayName"] for one in site.service.get(path).json()]

    assert names("user/search?query=whit") == ["Dana Whitfield"]
    assert names("user/search?query=dana.whitfield@example.com") == ["Dana Whitfield"]
    assert names("user/assignable/search?project=CMMC&query=noor") == []
    assert names("user/assignable/search?issueKey=CMMC-1&query=ingrid") == ["Ingrid Solberg"]
    assert names(f"user/assignable/search?project=CMMC&accountId={DANA}") == ["Dana Whitfield"]
    assert site.service.get("user/search?username=dana").status_code == 400
    assert site.service.get("user/assignable/search?query=dana").status_code == 400


@ON_CLOUD
def test_some_hide_their_address_and_are_found_by_it_all_the_same(site: Site) -> None:
    (leila,) = site.service.get("user/search?query=leila.hakimi@example.com").json()
    assert leila["displayName"] == "Leila Hakimi"
    assert "emailAddress" not in leila
    assert site.caller(seed.HIDES_EMAIL).get("myself").json()["emailAddress"] == "leila.hakimi@example.com"


def test_a_role_is_given_and_taken(site: Site) -> None:
    stranger = site.caller(seed.OUTSIDER)
    (name,) = site.ref(seed.OUTSIDER).values()
    given = site.service.post("project/CMMC/role/10004", {"user": [name]})
    assert [one["displayName"] for one in given.json()["actors"]] == ["Noor Castellan", "Jonas Feld"]
    assert stranger.get("issue/CMMC-1").status_code == 200
    assert site.service.delete(f"project/CMMC/role/10004?user={name}").status_code == 204
    assert stranger.get("issue/CMMC-1").status_code == (403 if site.state.datacenter else 404)
    assert site.service.get("project/CMMC/role").json().keys() == {"Administrators", "Members", "Viewers"}
