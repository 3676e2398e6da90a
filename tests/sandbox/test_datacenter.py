"""What Jira Data Center answers otherwise than Cloud, or not at all."""

import pytest

from jira_sandbox import seed
from jira_sandbox.flavour import DATACENTER
from support.caller import Caller, Site, fields_of
from support.people import DANA, VIEWER

FRAMEWORK_404 = {"message": "HTTP 404 Not Found", "status-code": 404}
NOT_AUTHENTICATED = {"message": "Client must be authenticated to access this resource.", "status-code": 401}
NO_CHECK = {"X-Atlassian-Token": "no-check"}


@pytest.fixture
def site() -> Site:
    return Site(flavour=DATACENTER)


def bearer(site: Site, token: str) -> Caller:
    caller = Caller(site.app, None)
    caller.session.headers["Authorization"] = f"Bearer {token}"
    return caller


def test_the_site_says_that_it_is_a_server_of_version_10_3(site: Site) -> None:
    info = site.anonymous.get("serverInfo").json()
    assert (info["deploymentType"], info["versionNumbers"][:2], info["baseUrl"]) == (
        "Server",
        [10, 3],
        "http://jira.test",
    )
    assert info["version"] == ".".join(map(str, info["versionNumbers"]))


def test_people_have_names_and_keys_and_no_account_ids(site: Site) -> None:
    me = site.service.get("myself").json()
    assert (me["name"], me["key"], me["emailAddress"]) == ("service", "JIRAUSER10001", "service@example.com")
    assert "accountId" not in me
    for query in ("username=dana.whitfield", "key=JIRAUSER10004"):
        assert site.service.get(f"user?{query}").json()["displayName"] == "Dana Whitfield"
    assert site.service.get("user?username=nobody").json()["errorMessages"] == [
        "The user named 'nobody' does not exist"
    ]
    assert site.service.get(f"user?accountId={DANA}").status_code == 400


def test_people_are_searched_by_user_name(site: Site) -> None:
    def names(path: str) -> list[str]:
        return [one["name"] for one in site.service.get(path).json()]

    assert names("user/search?username=whit") == ["dana.whitfield"]
    assert len(names("user/search?username=.")) == len(site.state.users)
    assert names("user/assignable/search?project=CMMC&username=dana") == ["dana.whitfield"]
    assert names("user/assignable/search?project=CMMC&username=viewer") == []
    assert len(names("user/assignable/search?project=CMMC&query=dana")) > 1
    assert site.service.get("user/search?query=dana").status_code == 400
    assert site.anonymous.get("user/search?username=dana").status_code == 401


def test_a_token_and_a_password_are_an_account_and_a_header_says_which(site: Site) -> None:
    token = bearer(site, site.state.users[DANA].token).get("myself")
    assert (token.json()["name"], token.headers["X-AUSERNAME"]) == ("dana.whitfield", "dana.whitfield")
    assert site.caller(DANA).get("myself").json()["name"] == "dana.whitfield"
    assert site.anonymous.get("serverInfo").headers["X-AUSERNAME"] == "anonymous"
    user = site.state.users[DANA]
    assert Caller(site.app, (user.email, user.token)).get("myself").status_code == 401


def test_a_wrong_password_is_refused_with_a_page_wherever_it_is_sent(site: Site) -> None:
    wrong = Caller(site.app, ("service", "wrong"))
    for path in ("myself", "serverInfo"):
        answer = wrong.get(path)
        assert (answer.status_code, answer.headers["X-Seraph-LoginReason"]) == (401, "AUTHENTICATED_FAILED")
        assert answer.headers["Content-Type"].startswith("text/html")


def test_a_wrong_token_is_refused_wherever_it_is_sent(site: Site) -> None:
    for path in ("myself", "serverInfo", "project"):
        answer = bearer(site, "wrong").get(path)
        assert (answer.status_code, answer.json()) == (401, NOT_AUTHENTICATED)


def test_after_three_wrong_passwords_an_account_needs_a_captcha_and_its_token_does_not(site: Site) -> None:
    wrong, right = Caller(site.app, ("service", "wrong")), site.service
    assert [wrong.get("myself").status_code for _ in range(2)] == [401, 401]
    assert right.get("myself").status_code == 200
    assert [wrong.get("myself").status_code for _ in range(4)] == [401, 401, 401, 403]
    locked = right.get("myself")
    assert (locked.status_code, locked.headers["X-Seraph-LoginReason"]) == (403, "AUTHENTICATION_DENIED")
    reason = locked.headers["X-Authentication-Denied-Reason"]
    assert reason == "CAPTCHA_CHALLENGE; login-url=http://jira.test/login.jsp"
    assert bearer(site, site.state.service_user().token).get("myself").status_code == 200


def test_who_is_anonymous_learns_it(site: Site) -> None:
    site.service.create()
    assert site.anonymous.get("myself").json() == NOT_AUTHENTICATED
    assert site.anonymous.post("issue", {"fields": fields_of()}).json() == NOT_AUTHENTICATED
    assert site.anonymous.get("project").json() == []
    assert site.anonymous.get("field").status_code == 401
    assert site.anonymous.get("mypermissions").status_code == 401
    hidden = site.anonymous.get("issue/CMMC-1")
    assert (hidden.status_code, hidden.json()["errorMessages"]) == (
        401,
        ["You do not have the permission to see the specified issue.", "Login Required"],
    )
    assert site.anonymous.get("search?jql=").json()["total"] == 0
    assert site.anonymous.get("search?jql=project=CMMC").status_code == 400


def test_a_hidden_issue_is_told_from_one_that_never_was(site: Site) -> None:
    site.service.create()
    stranger = site.caller(seed.OUTSIDER)
    hidden, missing = stranger.get("issue/CMMC-1"), stranger.get("issue/CMMC-2")
    assert (hidden.status_code, hidden.json()["errorMessages"]) == (
        403,
        ["You do not have the permission to see the specified issue."],
    )
    assert (missing.status_code, missing.json()["errorMessages"]) == (404, ["Issue Does Not Exist"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "search/jql"),
        ("GET", "issue/CMMC-1/changelog"),
        ("GET", "attachment/content/1"),
        ("GET", "field/search"),
        ("POST", "field/customfield_20004/context"),
        ("GET", "screenscheme"),
        ("GET", "issuetypescreenscheme"),
        ("POST", "workflows/create"),
        ("GET", "users/search"),
        ("GET", "/rest/api/3/myself"),
        ("GET", "/rest/webhooks/1.0/webhook"),
    ],
)
def test_what_jira_does_not_have_is_not_found(site: Site, method: str, path: str) -> None:
    answer = site.service(method, path)
    assert (answer.status_code, answer.json()) == (404, FRAMEWORK_404)


def test_a_path_of_cloud_that_looks_like_an_issues_or_a_projects_is_taken_for_one(site: Site) -> None:
    assert site.service.post("issue/bulkfetch", {}).status_code == 405
    answer = site.service.get("project/search")
    assert (answer.status_code, answer.json()["errorMessages"]) == (
        404,
        ["No project could be found with key 'search'."],
    )


def test_what_jira_has_and_the_sandbox_has_not_is_501_and_a_sentence(site: Site) -> None:
    answer = site.service.get("issue/CMMC-1/worklog")
    assert (answer.status_code, "COVERAGE.md" in answer.json()["errorMessages"][0]) == (501, True)
    assert site.service.get("/rest/api/latest/issue/CMMC-1/votes").status_code == 501
    assert site.service.put("myself", {}).status_code == 501
    assert site.service.post("screens", {"name": "x"}).status_code == 405


def test_a_search_is_a_window_on_the_whole_list_with_its_total(site: Site) -> None:
    for name in ("one", "two", "three"):
        site.service.create(name)
    asked = {"jql": "project = CMMC ORDER BY key", "startAt": 1, "maxResults": 1, "fields": ["summary"]}
    found = site.service.post("search", asked).json()
    assert (found["startAt"], found["maxResults"], found["total"]) == (1, 1, 3)
    assert [one["fields"] for one in found["issues"]] == [{"summary": "two"}]
    assert "nextPageToken" not in found
    assert "isLast" not in found
    by_query = site.service.get("search", params={**asked, "fields": "summary"})
    assert by_query.json() == found
    none = site.service.post("search", {"jql": "", "maxResults": 0}).json()
    assert (none["total"], none["issues"]) == (3, [])
    shown = site.service.post("search", {"jql": "key = CMMC-1"}).json()["issues"][0]["fields"]
    assert "status" in shown
    assert "comment" not in shown


def test_a_search_gives_no_properties(site: Site) -> None:
    answer = site.service.post("search", {"jql": "project = CMMC", "properties": ["memory"]})
    assert answer.status_code == 400


def test_people_in_jql_are_named_by_user_name(site: Site) -> None:
    key = site.service.create(assignee={"name": "dana.whitfield"})
    assert site.service.keys("assignee = dana.whitfield") == [key]
    assert site.caller(DANA).keys("assignee = currentUser()") == [key]
    assert site.service.search(f"assignee = '{DANA}'").status_code == 400


def test_an_issue_is_found_at_once(site: Site) -> None:
    site.service.create(labels=["new"])
    assert site.service.keys("labels = new") == ["CMMC-1"]
    site.service.set_fault(index_lag=1)
    site.service.put("issue/CMMC-1", {"fields": {"labels": []}})
    assert site.service.keys("labels = new") == ["CMMC-1"]


def test_a_create_sets_properties_and_links_at_once(site: Site) -> None:
    site.service.create()
    link = {"add": {"type": {"name": "Relates"}, "outwardIssue": {"key": "CMMC-1"}}}
    body = {
        "fields": fields_of(reporter={"name": "dana.whitfield"}),
        "properties": [{"key": "memory", "value": {"n": 1}}],
        "update": {"issuelinks": [link]},
    }
    assert site.service.post("issue", body).status_code == 201
    made = site.service.get("issue/CMMC-2?properties=memory").json()
    assert made["properties"] == {"memory": {"n": 1}}
    assert [one["outwardIssue"]["key"] for one in made["fields"]["issuelinks"]] == ["CMMC-1"]
    assert made["fields"]["reporter"]["name"] == "dana.whitfield"


def test_an_assignee_is_set_by_name_and_taken_by_null(site: Site) -> None:
    key = site.service.create()
    assert site.service.put(f"issue/{key}/assignee", {"name": "dana.whitfield"}).status_code == 204
    assert site.service.fields(key)["assignee"]["key"] == "JIRAUSER10004"
    assert site.service.put(f"issue/{key}/assignee", {"name": None}).status_code == 204
    assert site.service.fields(key)["assignee"] is None


def test_the_create_metadata_come_as_values(site: Site) -> None:
    types = site.service.get("issue/createmeta/CMMC/issuetypes?maxResults=2").json()
    assert (types["total"], types["isLast"], len(types["values"])) == (5, False, 2)
    assert "issueTypes" not in types
    fields = site.service.get("issue/createmeta/CMMC/issuetypes/10002").json()["values"]
    assert {"project", "summary", "issuetype"} <= {one["fieldId"] for one in fields}
    assert "parent" not in {one["fieldId"] for one in fields}
    subtask = site.service.get("issue/createmeta/CMMC/issuetypes/10003").json()["values"]
    assert [one["required"] for one in subtask if one["fieldId"] == "parent"] == [True]
    assert site.service.get("issue/createmeta/CMMC/issuetypes/99").status_code == 400


def test_only_a_sub_task_has_a_parent(site: Site) -> None:
    epic = site.service.create(kind="Epic")
    refused = site.service.post("issue", {"fields": fields_of(parent={"key": epic})})
    assert "cannot be set" in refused.json()["errors"]["parent"]


def test_a_files_address_is_among_the_pages_and_wants_somebody_signed_in(site: Site) -> None:
    key = site.service.create()
    files = {"file": ("a plan.txt", b"of action")}
    (made,) = site.service.post(f"issue/{key}/attachments", files=files, headers=NO_CHECK).json()
    assert made["content"] == f"http://jira.test/secure/attachment/{made['id']}/a%20plan.txt"
    assert site.service.session.get(made["content"]).content == b"of action"
    assert bearer(site, "sandbox-service").session.get(made["content"]).content == b"of action"
    assert bearer(site, "wrong").session.get(made["content"]).status_code == 401
    assert site.caller(seed.OUTSIDER).session.get(made["content"]).status_code == 404
    away = site.anonymous.session.get(made["content"], allow_redirects=False)
    assert (away.status_code, away.headers["Location"].partition("?")[0]) == (302, "/login.jsp")


def test_a_limited_rate_is_told_in_data_centers_headers(site: Site) -> None:
    site.service.set_fault(rate_limit={"every": 1, "retry_after": 3})
    answer = site.service.get("myself")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert "X-RateLimit-FillRate" in answer.headers
    assert "RateLimit-Reason" not in answer.headers


def test_rich_text_is_kept_as_it_was_written(site: Site) -> None:
    text = "h1. A\r\n\n\n* x [~dana.whitfield]\n|a|b| {color:red}c{color}  "
    key = site.service.create(description=text)
    assert site.service.fields(key)["description"] == text
    site.service.post(f"issue/{key}/comment", {"body": text})
    assert site.service.fields(key)["comment"]["comments"][0]["body"] == text


def test_an_issue_tells_its_changelog_oldest_first_without_ids_of_fields(site: Site) -> None:
    key = site.service.create("one")
    for name in ("two", "three"):
        site.service.put(f"issue/{key}", {"fields": {"summary": name}})
    told = site.service.get(f"issue/{key}?expand=changelog").json()["changelog"]
    assert [entry["items"][0]["toString"] for entry in told["histories"]] == ["two", "three"]
    assert "fieldId" not in told["histories"][0]["items"][0]


def test_all_permissions_are_told_whatever_is_asked_for(site: Site) -> None:
    told = site.caller(VIEWER).get("mypermissions?projectKey=CMMC&permissions=BROWSE_PROJECTS").json()["permissions"]
    assert (told["BROWSE_PROJECTS"]["havePermission"], told["EDIT_ISSUES"]["havePermission"]) == (True, False)
    assert site.service.get("mypermissions?permissions=FLY").status_code == 200


def test_a_roles_actors_and_a_components_lead_have_user_names(site: Site) -> None:
    given = site.service.post("project/CMMC/role/10004", {"user": ["outsider"]}).json()
    assert [(one["type"], one["name"]) for one in given["actors"]] == [
        ("atlassian-user-role-actor", "viewer"),
        ("atlassian-user-role-actor", "outsider"),
    ]
    assert site.service.post("project/CMMC/role/10004", {"user": [DANA]}).status_code == 404
    made = site.service.post("component", {"name": "VPN", "project": "CMMC", "leadUserName": "dana.whitfield"})
    assert made.json()["lead"]["name"] == "dana.whitfield"


def test_nothing_tells_what_only_cloud_tells(site: Site) -> None:
    key = site.service.create()
    comment = site.service.post(f"issue/{key}/comment", {"body": "x"}).json()
    assert comment.keys() == {"self", "id", "author", "body", "updateAuthor", "created", "updated"}
    step = site.service.get(f"issue/{key}/transitions").json()["transitions"][0]
    assert step.keys() == {"id", "name", "to"}
    project = site.service.get("project/CMMC").json()
    assert not project.keys() & {"simplified", "style", "isPrivate", "properties"}
    assert "isDefault" not in site.service.get("priority").json()[0]
    assert comment["author"].keys() == {
        "self", "key", "name", "emailAddress", "avatarUrls", "displayName", "active", "timeZone",
    }  # fmt: skip


def test_fields_and_types_have_no_keys_and_levels(site: Site) -> None:
    fields = {one["id"]: one for one in site.service.get("field").json()}
    assert "key" not in fields["summary"]
    assert not fields.keys() & {"statusCategory", "statuscategorychangedate"}
    key = site.service.create()
    assert site.service.keys("statusCategory = new") == [key]
    assert "hierarchyLevel" not in site.service.get("issuetype").json()[0]
    assert "statusCategory" not in site.service.fields(key)
