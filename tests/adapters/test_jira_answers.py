"""Single answers that the sandbox cannot give: proxies, login pages, captchas, cut bodies, redirects."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from cmmc_jira.adapters.exchange import Access, Exchange
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.adapters.transitions import choose, filled
from cmmc_jira.core.issues import Attachment
from cmmc_jira.core.mapping import Way
from cmmc_jira.errors import JiraRefused, JiraUnavailable
from cmmc_jira.service.ports import NewIssue

URL = "https://example.atlassian.net"
API = f"{URL}/rest/api/2"
TOKEN = "the-secret-token"
FILE = Attachment("7", "findings.csv", 3, "2026-06-01", None)
NEW = NewIssue({"summary": "x"}, {})

Call = Callable[[JiraClient], object]


def read(jira: JiraClient) -> object:
    return jira.issue("10001", ["summary"])


def write(jira: JiraClient) -> object:
    return jira.comment("10001", "the words of a finding")


@pytest.fixture
def jira() -> JiraClient:
    access = Access(URL, TOKEN, user="bot@example.com")
    return JiraClient(Exchange(access, retry=Retry(budget=0, sleep=lambda _: None)))


@pytest.fixture
def remote() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as remote:
        remote.get(f"{API}/myself", json={"accountId": "5b", "displayName": "Bot"})
        remote.get(f"{API}/serverInfo", json={"version": "1", "deploymentType": "Cloud", "baseUrl": URL})
        yield remote


def answer(remote: responses.RequestsMock, **kwargs: Any) -> None:  # noqa: ANN401  what `responses` takes
    remote.get(f"{API}/issue/10001", **kwargs)
    remote.post(f"{API}/issue/10001/comment", **kwargs)


SAID = {"errorMessages": ["<b>No</b> way.\n"], "errors": {}}


@pytest.mark.parametrize(
    ("kwargs", "sentence"),
    [
        ({"status": 401}, "does not accept the token of bot@example.com, which is wrong, revoked or expired"),
        ({"status": 200, "json": {}, "headers": {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}}, "wrong, revoked"),
        ({"status": 403, "headers": {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=x"}}, "captcha"),
        ({"status": 401, "headers": {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}}, "captcha"),
        ({"status": 403, "json": SAID}, r"bot@example.com may not .*permission \".*\".*Jira says: No way\)"),
        ({"status": 404, "json": SAID}, "Issue 10001 is deleted, or hidden from bot@example.com"),
        ({"status": 410}, "no longer offers"),
        ({"status": 413}, "too large for Jira"),
        ({"status": 400, "json": SAID}, r"refused \(400\) to .*: No way\."),
        ({"status": 422, "body": "x"}, r"refused \(422\) to .*: it gave no reason\."),
        ({"status": 200, "body": "<html>", "content_type": "text/html"}, None),
        ({"status": 302, "headers": {"Location": "https://evil.example/x?y=1"}}, "redirects to https://evil.example,"),
        ({"status": 301, "headers": {"Location": "/login.jsp"}}, "redirects to another path of itself"),
    ],
)
@pytest.mark.parametrize("call", [read, write])
def test_what_a_person_must_mend_is_said(
    jira: JiraClient, remote: responses.RequestsMock, call: Call, kwargs: dict[str, Any], sentence: str | None
) -> None:
    answer(remote, **kwargs)
    with pytest.raises(JiraRefused, match=sentence or "A page for people came instead") as refused:
        call(jira)
    assert TOKEN not in str(refused.value)
    assert "words of a finding" not in str(refused.value)


@pytest.mark.parametrize(
    ("kwargs", "after", "scope", "ambiguous"),
    [
        ({"status": 429, "headers": {"Retry-After": "7"}}, 7, "site", False),
        ({"status": 429}, None, "site", False),
        (
            {"status": 429, "headers": {"Retry-After": "2", "RateLimit-Reason": "jira-per-issue-on-write"}},
            2,
            "issue",
            False,
        ),
        (
            {"status": 429, "headers": {"Retry-After": "9", "RateLimit-Reason": "jira-burst-based"}},
            9,
            "endpoint",
            False,
        ),
        (
            {"status": 429, "headers": {"Retry-After": "9", "RateLimit-Reason": "jira-quota-tenant-based"}},
            9,
            "site",
            False,
        ),
        ({"status": 503, "headers": {"Retry-After": "30"}}, 30, "site", False),
        ({"status": 503, "headers": {"Retry-After": "999999"}}, 3600, "site", False),
        ({"status": 503, "headers": {"Retry-After": "soon"}}, None, "site", True),
        (
            {
                "status": 503,
                "headers": {
                    "Date": "Mon, 01 Jun 2026 12:00:00 GMT",
                    "Retry-After": "Mon, 01 Jun 2026 12:01:30 GMT",
                },
            },
            90,
            "site",
            False,
        ),
        ({"status": 503, "body": "<html>", "content_type": "text/html"}, None, "site", True),
        ({"status": 500}, None, "site", True),
        ({"status": 504}, None, "site", True),
        ({"status": 409}, None, "issue", False),
        ({"status": 200, "body": '{"id": "1", "ke'}, None, "site", True),
        ({"body": requests.ReadTimeout()}, None, "site", True),
        ({"body": requests.ConnectionError("Connection aborted.")}, None, "site", True),
        ({"body": requests.ConnectTimeout()}, None, "site", False),
    ],
)
def test_what_passes_by_itself_says_how_long_and_whether_it_may_have_taken_effect(
    jira: JiraClient,
    remote: responses.RequestsMock,
    kwargs: dict[str, Any],
    after: float | None,
    scope: str,
    *,
    ambiguous: bool,
) -> None:
    answer(remote, **kwargs)
    with pytest.raises(JiraUnavailable) as reading:
        read(jira)
    assert not reading.value.ambiguous
    with pytest.raises(JiraUnavailable) as writing:
        write(jira)
    assert (writing.value.retry_after, writing.value.scope, writing.value.ambiguous) == (after, scope, ambiguous)


def test_an_answer_without_what_we_depend_on_names_the_place_and_a_write_may_have_happened(
    jira: JiraClient, remote: responses.RequestsMock
) -> None:
    answer(remote, json={"key": "CMMC-1"})
    with pytest.raises(JiraRefused, match="is not understood when asked to read issue 10001: see id"):
        read(jira)
    with pytest.raises(JiraUnavailable) as away:
        write(jira)
    assert away.value.ambiguous


def test_a_bulk_create_that_does_not_say_which_is_ambiguous(jira: JiraClient, remote: responses.RequestsMock) -> None:
    remote.post(f"{API}/issue/bulk", status=201, json={"issues": [{"id": "1", "key": "A-1"}], "errors": []})
    with pytest.raises(JiraUnavailable) as away:
        jira.create([NEW, NEW])
    assert away.value.ambiguous


def test_a_bulk_create_that_is_refused_as_a_whole_is_refused(jira: JiraClient, remote: responses.RequestsMock) -> None:
    remote.post(f"{API}/issue/bulk", status=403, json={"errorMessages": ["No."], "errors": {}})
    with pytest.raises(JiraRefused, match='may not create 2 issues: give it the permission "Create issues"'):
        jira.create([NEW, NEW])


def test_a_field_that_is_not_on_the_screen_is_named_as_people_know_it(
    jira: JiraClient, remote: responses.RequestsMock
) -> None:
    remote.get(f"{API}/field", json=[{"id": "customfield_1", "name": "CMMC Points"}])
    jira.fields()
    said = "Field 'customfield_1' cannot be set. It is not on the appropriate screen, or unknown."
    remote.put(f"{API}/issue/10001", status=400, json={"errorMessages": [], "errors": {"customfield_1": said}})
    with pytest.raises(JiraRefused, match='the field "CMMC Points" is not on the screen: `cmmc-jira provision`'):
        jira.edit("10001", fields={"customfield_1": 1})


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        ({}, {"transition": {"id": "31"}}),
        (
            {"resolution": {"required": True, "allowedValues": [{"name": "Fixed"}, {"name": "Done"}]}},
            {"transition": {"id": "31"}, "fields": {"resolution": {"name": "Done"}}},
        ),
        (
            {"resolution": {"required": False, "allowedValues": [{"name": "Fixed"}]}},
            {"transition": {"id": "31"}, "fields": {"resolution": {"name": "Fixed"}}},
        ),
        ({"c": {"name": "Cause", "required": True, "hasDefaultValue": True}}, {"transition": {"id": "31"}}),
    ],
)
def test_a_resolution_is_sent_only_where_the_screen_has_it(
    jira: JiraClient, remote: responses.RequestsMock, fields: dict[str, Any], sent: dict[str, Any]
) -> None:
    offered = transition("31", fields)
    remote.get(f"{API}/issue/10001/transitions", json={"transitions": [offered]})
    matcher = responses.matchers.json_params_matcher(sent)
    remote.post(f"{API}/issue/10001/transitions", status=204, match=[matcher])
    assert jira.transition("10001", "done") == "Closed"


def transition(id_: str, fields: dict[str, Any]) -> dict[str, Any]:
    status = {"name": "Closed", "statusCategory": {"key": "done"}}
    return {"id": id_, "name": f"Close {id_}", "to": status, "fields": fields}


def test_a_transition_that_demands_what_we_do_not_have_is_passed_over_or_refused(
    jira: JiraClient, remote: responses.RequestsMock
) -> None:
    demanding = transition("31", {"customfield_1": {"name": "Root cause", "required": True}})
    remote.get(f"{API}/issue/10001/transitions", json={"transitions": [demanding]})
    with pytest.raises(JiraRefused, match=r'"Close 31" demands Root cause\. Make the field optional'):
        jira.transition("10001", "done")
    remote.get(f"{API}/issue/10002/transitions", json={"transitions": [demanding, transition("41", {})]})
    matcher = responses.matchers.json_params_matcher({"transition": {"id": "41"}})
    remote.post(f"{API}/issue/10002/transitions", status=204, match=[matcher])
    assert jira.transition("10002", "done") == "Closed"


def step(name: str, to: str, category: str, fields: dict[str, Any] | None = None) -> dict[str, Any]:
    status = {"name": to, "statusCategory": {"key": category}}
    return {"id": str(len(name)), "name": name, "to": status, "fields": fields or {}}


REVIEW = Way(("In Review", "Verified"), {"cause": {"value": "X"}}, {"team": {"value": "Y"}})


@pytest.mark.parametrize(
    ("offered", "taken", "sent", "left"),
    [
        (
            [step("Review", "In Review", "indeterminate"), step("Reject", "Rejected", "done")],
            "Review",
            {},
            ("Verified",),
        ),
        ([step("Review", "In Review", "indeterminate"), step("ok", "VERIFIED", "done")], "ok", {}, ()),
        ([step("verified", "Closed", "done"), step("Reject", "Rejected", "done")], "verified", {}, ()),
        (
            [step("ok", "Verified", "done", {"cause": {"required": False}, "team": {"required": False}})],
            "ok",
            {"fields": {"cause": {"value": "X"}}},
            (),
        ),
        (
            [step("ok", "Verified", "done", {"team": {"required": True}})],
            "ok",
            {"fields": {"team": {"value": "Y"}}},
            (),
        ),
        (
            [step("no", "Verified", "done", {"other": {"required": True}}), step("yes!", "Verified", "done")],
            "yes!",
            {},
            (),
        ),
    ],
)
def test_on_a_way_the_transition_that_gets_furthest_is_taken_with_the_values_for_its_screen(
    offered: list[dict[str, Any]], taken: str, sent: dict[str, Any], left: tuple[str, ...]
) -> None:
    chosen, way = choose(offered, "done", issue_id="10001", way=REVIEW)
    assert (chosen["name"], filled(chosen, way), way.route) == (taken, sent, left)


@pytest.mark.parametrize(
    ("offered", "sentence"),
    [
        ([], 'the mapping leads over "In Review", "Verified" to the category "Done", and Jira offers no transition'),
        ([step("Reject", "Rejected", "done")], 'and Jira offers "Reject" (to "Rejected") from where it is: name the'),
        (
            [step("ok", "Verified", "new")],
            'the mapping ends at "Verified" for done, and the status "Verified" is',
        ),
        (
            [step("ok", "Verified", "done", {"c": {"name": "Cost", "required": True}})],
            '"ok" demands Cost. Make',
        ),
    ],
)
def test_a_way_that_cannot_be_gone_is_told(offered: list[dict[str, Any]], sentence: str) -> None:
    with pytest.raises(JiraRefused) as refused:
        choose(offered, "done", issue_id="10001", way=REVIEW)
    assert sentence in str(refused.value)


def test_a_resolution_that_is_named_stands_for_the_usual_one_and_only_where_it_is_done() -> None:
    way = Way((), {"resolution": {"name": "Fixed"}})
    screen = {"resolution": {"required": True, "allowedValues": [{"name": "Done"}]}}
    assert filled(step("Close", "Closed", "done", screen), way) == {"fields": {"resolution": {"name": "Fixed"}}}
    assert filled(step("Reopen", "Backlog", "new", screen), way) == {}


def test_where_no_transition_leads_there_it_says_so(jira: JiraClient, remote: responses.RequestsMock) -> None:
    remote.get(f"{API}/issue/10001/transitions", json={"transitions": [transition("31", {})]})
    with pytest.raises(JiraRefused, match='no transition leads to a status of the category "To Do"'):
        jira.transition("10001", "new")


def test_an_attachment_is_asked_for_by_id_from_the_configured_jira_alone(
    jira: JiraClient, remote: responses.RequestsMock
) -> None:
    remote.get(f"{API}/attachment/content/7", status=303, headers={"Location": "https://media.example/file"})
    stolen = remote.get("https://media.example/file", body=b"abc")
    with pytest.raises(JiraRefused, match=r"redirects to https://media\.example, and the token is not sent there"):
        jira.attachment(FILE, limit=10)
    assert stolen.call_count == 0


def test_an_attachment_that_comes_short_is_asked_for_again_later(
    jira: JiraClient, remote: responses.RequestsMock
) -> None:
    remote.get(f"{API}/attachment/content/7", body=b"ab")
    with pytest.raises(JiraUnavailable, match="came cut short"):
        jira.attachment(FILE, limit=10)


def test_a_search_that_gives_the_same_page_for_ever_is_stopped(
    jira: JiraClient, remote: responses.RequestsMock
) -> None:
    remote.post(f"{API}/search/jql", json={"issues": [], "nextPageToken": "again"})
    with pytest.raises(JiraUnavailable, match="the same page again"):
        jira.search("project = CMMC", ["summary"])


def data_center(remote: responses.RequestsMock) -> JiraClient:
    """A client of a Jira that says it is Data Center."""
    remote.replace("GET", f"{API}/serverInfo", json={"version": "10.3.0", "deploymentType": "Server", "baseUrl": URL})
    return JiraClient(Exchange(Access(URL, TOKEN), retry=Retry(budget=0)))


def test_data_center_is_searched_by_offset_and_signed_with_a_bearer(remote: responses.RequestsMock) -> None:
    jira = data_center(remote)
    rows = [{"id": str(number), "key": f"A-{number}"} for number in range(3)]
    for start, page in ((0, rows[:2]), (2, rows[2:])):
        matcher = responses.matchers.json_params_matcher({"startAt": start}, strict_match=False)
        remote.post(f"{API}/search", json={"issues": page, "total": 3}, match=[matcher])
    assert jira.site().flavour == "datacenter"
    assert [row["id"] for row in jira.search("project = A", ["summary"])] == ["0", "1", "2"]
    assert remote.calls[-1].request.headers["Authorization"] == f"Bearer {TOKEN}"


def test_what_data_center_hides_is_absent_among_many_and_a_refusal_by_itself(remote: responses.RequestsMock) -> None:
    jira = data_center(remote)
    for id_, status in (("1", 403), ("2", 404), ("3", 200)):
        remote.get(f"{API}/issue/{id_}", json={"id": id_, "key": f"A-{id_}"}, status=status)
    assert [row["id"] for row in jira.issues(["1", "2", "3"], ["summary"])] == ["3"]
    with pytest.raises(JiraRefused, match="may not read issue 1"):
        jira.issue("1", ["summary"])


def test_what_data_center_was_asked_for_is_read_again_with_other_fields_and_after_a_write(
    remote: responses.RequestsMock,
) -> None:
    jira = data_center(remote)
    row = {"id": "7", "key": "A-7", "fields": {"updated": "2026-06-01T12:00:00.000+0000"}}
    reads = remote.get(f"{API}/issue/7", json=row)
    remote.post(f"{API}/search", json={"issues": [row], "total": 1})
    remote.put(f"{API}/issue/7/properties/cmmc-jira", status=200)

    def read(*fields: str) -> int:
        assert [found["id"] for found in jira.issues(["7"], fields)] == ["7"]
        return reads.call_count

    assert [read("summary"), read("summary"), read("duedate"), read("duedate")] == [1, 1, 2, 2]
    jira.set_property("7", "cmmc-jira", {})
    assert [read("duedate"), read("duedate")] == [3, 3]


def test_the_changelog_of_data_center_comes_with_the_issue_and_oldest_first(remote: responses.RequestsMock) -> None:
    jira = data_center(remote)
    rows = [
        {"author": {"name": "dana"}, "created": created, "items": [{"field": "duedate", "to": created[:10]}]}
        for created in ("2026-06-02T00:30:00.000+0100", "2026-06-02T00:00:00.000+0000", "2026-05-02T00:00:00.000-0400")
    ]
    asked = responses.matchers.query_param_matcher({"expand": "changelog"}, strict_match=False)
    remote.get(f"{API}/issue/10001", json={"id": "10001", "changelog": {"histories": rows}}, match=[asked])
    changes = jira.changes("10001")
    assert [change["created"].isoformat() for change in changes] == [
        "2026-05-02T00:00:00-04:00",
        "2026-06-02T00:30:00+01:00",
        "2026-06-02T00:00:00+00:00",
    ]
    assert changes[0]["author"]["name"] == "dana"


def test_a_changelog_whose_instants_cannot_be_read_is_not_understood(
    jira: JiraClient, remote: responses.RequestsMock
) -> None:
    remote.get(f"{API}/issue/10001/changelog", json={"values": [{"created": "yesterday", "items": []}], "total": 1})
    with pytest.raises(JiraRefused, match=r"read the changelog of issue 10001: see values\.0\.created"):
        jira.changes("10001")


def test_groups_that_have_a_role_are_passed_over_on_both_flavours(
    jira: JiraClient, remote: responses.RequestsMock
) -> None:
    remote.get(f"{API}/project/CMMC/role", json={"Managers": f"{API}/project/10000/role/10100"})
    actors = [
        {"type": "atlassian-group-role-actor", "name": "managers"},
        {"type": "atlassian-user-role-actor", "name": "dana", "actorUser": {"accountId": "5b1"}},
        {"type": "atlassian-user-role-actor", "displayName": "Somebody who left"},
    ]
    remote.get(f"{API}/project/CMMC/role/10100", json={"actors": actors})
    assert jira.role_members("CMMC", "Managers") == ("5b1",)
    assert data_center(remote).role_members("CMMC", "Managers") == ("dana",)


def test_an_id_cannot_lead_elsewhere(jira: JiraClient, remote: responses.RequestsMock) -> None:
    remote.get(f"{API}/issue/..%2F..%2Fadmin%3Fx", json={"id": "1", "key": "A-1"})
    assert jira.issue("../../admin?x", ["summary"])["id"] == "1"


def test_a_jira_that_is_not_there_was_not_changed() -> None:
    jira = JiraClient(Exchange(Access("http://127.0.0.1:9", TOKEN), retry=Retry(budget=0)))
    with pytest.raises(JiraUnavailable, match="cannot be reached: check CMMC_JIRA_URL") as away:
        write(jira)
    assert not away.value.ambiguous
    assert jira.answers() == {("POST", "none"): 1}


def test_a_certificate_that_cannot_be_verified_is_for_a_person(
    jira: JiraClient, remote: responses.RequestsMock
) -> None:
    answer(remote, body=requests.exceptions.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"))
    with pytest.raises(JiraRefused, match="CMMC_JIRA_CA_BUNDLE"):
        read(jira)


def test_an_access_does_not_show_its_token(tmp_path: Path) -> None:
    access = Access(URL, TOKEN, user="bot@example.com", ca_bundle=tmp_path)
    assert TOKEN not in repr(access)
    assert Access(URL, TOKEN).account == "the owner of the token"
