"""Two clients that know nothing of the sandbox work against it unchanged."""

import io
from typing import Any

import pytest
from atlassian import Jira
from jira import JIRA, JIRAError
from requests import HTTPError

from support.caller import URL, Site
from support.people import DANA
from support.wsgi import WSGIAdapter, session_for


@pytest.fixture
def site(flavour: str) -> Site:
    return Site(flavour=flavour)


@pytest.fixture
def atlassian(site: Site) -> Jira:
    user = site.state.service_user()
    session = session_for(site.app)
    if site.state.datacenter:
        return Jira(URL, token=user.token, cloud=False, api_version="2", session=session)
    return Jira(URL, username=user.email, password=user.token, cloud=True, api_version="2", session=session)


@pytest.fixture
def independent(site: Site) -> JIRA:
    user = site.state.service_user()
    how: dict[str, Any] = (
        {"token_auth": user.token} if site.state.datacenter else {"basic_auth": (user.email, user.token)}
    )
    client = JIRA(URL, get_server_info=False, max_retries=0, **how)
    client._session.mount(URL, WSGIAdapter(site.app))
    client.deploymentType = client.server_info()["deploymentType"]
    return client


FIELDS = {"project": {"key": "CMMC"}, "issuetype": {"name": "Task"}, "summary": "By a client"}


def test_atlassian_python_api_does_all_it_is_asked(site: Site, atlassian: Jira) -> None:
    assert site.ref(site.state.service).items() <= atlassian.myself().items()
    key = atlassian.create_issue(FIELDS)["key"]
    other = atlassian.create_issues([{"fields": FIELDS}])["issues"][0]["key"]
    atlassian.update_issue_field(key, {"labels": ["x"], "assignee": site.ref(DANA)})
    assert atlassian.issue(key)["fields"]["assignee"]["displayName"] == "Dana Whitfield"
    ask = atlassian.jql if site.state.datacenter else atlassian.enhanced_jql
    assert [one["key"] for one in ask("labels = x", fields="summary")["issues"]] == [key]
    done = next(one for one in atlassian.get_issue_transitions(key) if one["name"] == "Done")
    atlassian.set_issue_status_by_transition_id(key, done["id"])
    assert atlassian.get_issue_status(key) == "Done"
    atlassian.issue_add_comment(key, "said")
    assert atlassian.issue_get_comments(key)["comments"][0]["body"] == "said"
    atlassian.add_attachment_object(key, io.BytesIO(b"a,b"))
    (file,) = atlassian.issue(key)["fields"]["attachment"]
    assert (file["size"], atlassian.get_attachment_content(file["id"])) == (3, b"a,b")
    link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": key}, "outwardIssue": {"key": other}}
    atlassian.create_issue_link(link)
    assert len(atlassian.issue(other)["fields"]["issuelinks"]) == 1
    atlassian.put(f"rest/api/2/issue/{key}/properties/memory", data={"n": 1})
    assert atlassian.get(f"rest/api/2/issue/{key}/properties/memory")["value"] == {"n": 1}
    with pytest.raises(HTTPError) as refused:
        atlassian.update_issue_field(key, {"nope": 1})
    assert refused.value.response.status_code == 400


def test_jira_does_all_it_is_asked(site: Site, independent: JIRA) -> None:
    assert site.ref(site.state.service).items() <= independent.myself().items()
    issue = independent.create_issue(fields=FIELDS)
    other = independent.create_issues([FIELDS])[0]["issue"]
    issue.update(fields={"summary": "Changed", "labels": ["x"]})
    (name,) = site.ref(DANA).values()
    independent.assign_issue(issue, name)
    found = independent.search_issues("labels = x", maxResults=10)
    assert [(one.key, one.fields.summary) for one in found] == [(issue.key, "Changed")]
    independent.transition_issue(issue, "Done")
    assert independent.issue(issue.key).fields.status.name == "Done"
    comment = independent.add_comment(issue, "said")
    assert [one.body for one in independent.comments(issue)] == [comment.body]
    file = independent.add_attachment(issue, io.BytesIO(b"a,b"), filename="a.csv")
    assert independent.attachment(file.id).get() == b"a,b"
    independent.create_issue_link("Blocks", issue.key, other.key)
    assert [one.inwardIssue.key for one in independent.issue(other.key).fields.issuelinks] == [issue.key]
    independent.add_issue_property(issue.key, "memory", {"n": 1})
    assert independent.issue_property(issue.key, "memory").value.n == 1
    assert {field["id"] for field in independent.fields()} >= {"summary", "customfield_20001"}
    with pytest.raises(JIRAError) as refused:
        independent.issue("CMMC-99")
    assert refused.value.status_code == 404
