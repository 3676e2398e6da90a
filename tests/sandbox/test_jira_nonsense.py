"""Whatever JSON a client sends, the sandbox answers as Jira would: with a refusal, never by breaking."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jira_sandbox.flavour import DATACENTER
from support.caller import Site, fields_of
from support.people import FIELDS

pytestmark = pytest.mark.sends_anything

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-3, 20000)
    | st.text(max_size=4)
    | st.floats(allow_nan=False, allow_infinity=False)
)
NAMES = st.sampled_from(["id", "key", "name", "value", "accountId", "add", "set", "remove", "body", "type", "fields"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2), max_leaves=5
)
WRITES = {
    "issue": ("fields", "update", "properties", "transition"),
    "issue/bulk": ("issueUpdates",),
    "issue/bulkfetch": ("issueIdsOrKeys", "fields", "properties", "expand"),
    "issue/CMMC-1/comment": ("body", "properties"),
    "issue/CMMC-1/transitions": ("transition", "fields", "update"),
    "issueLink": ("type", "inwardIssue", "outwardIssue", "comment"),
    "issueLinkType": ("name", "inward", "outward"),
    "search/jql": ("jql", "fields", "properties", "expand", "maxResults", "nextPageToken", "reconcileIssues"),
    "jql/match": ("jqls", "issueIds"),
    "filter": ("name", "jql"),
    "permissions/check": ("accountId", "globalPermissions", "projectPermissions"),
    "project/CMMC/role/10004": ("user",),
    "component": ("name", "project", "leadAccountId", "assigneeType", "description"),
    "issuetype": ("name", "type", "hierarchyLevel", "description"),
    "field": ("name", "type", "searcherKey", "description"),
    "field/customfield_20004/context": ("name", "projectIds", "issueTypeIds"),
    "field/customfield_20004/context/20004/option": ("options",),
    "screens": ("name", "description"),
    "screens/1/tabs/10000/fields": ("fieldId",),
    "screenscheme": ("name", "screens"),
    "/rest/webhooks/1.0/webhook": ("name", "url", "events", "filters", "secret", "enabled", "excludeBody"),
    "/sandbox/clock": ("now", "days", "seconds", "frozen"),
    "/sandbox/faults": ("call", "when", "status", "rate_limit", "index_lag", "webhooks"),
}
PUTS = {
    "issue/CMMC-1": ("fields", "update", "properties"),
    "issue/CMMC-1/assignee": ("accountId",),
    "issuetypescheme/10000/issuetype": ("issueTypeIds",),
    "issuetypescreenscheme/10000/mapping": ("issueTypeMappings",),
    "fieldconfiguration/10000/fields": ("fieldConfigurationItems",),
    "field/customfield_20004/context/20004/option": ("options",),
}
ON_DATACENTER = {
    ("POST", "issue"): ("fields", "update", "properties", "transition"),
    ("PUT", "issue/CMMC-1/assignee"): ("name",),
    ("POST", "search"): ("jql", "startAt", "maxResults", "fields", "expand", "validateQuery"),
    ("POST", "filter"): ("name", "jql", "description", "favourite"),
    ("PUT", "filter/10000"): ("name", "jql", "description", "favourite"),
    ("POST", "filter/10000/permission"): ("type", "projectId"),
    ("POST", "role"): ("name", "description"),
    ("POST", "project/CMMC/role/10004"): ("user",),
    ("POST", "component"): ("name", "project", "leadUserName", "assigneeType"),
    ("PUT", "issuetypescheme/10000"): ("name", "description", "issueTypeIds", "defaultIssueTypeId"),
    ("POST", "/rest/jira-webhook/1.0/webhooks"): ("name", "url", "events", "configuration", "active"),
    ("PUT", "/rest/jira-webhook/1.0/webhooks/1"): ("name", "url", "events", "configuration", "active"),
}
FORMS = {
    "options": ("field", "add"),
    "context": ("field", "project", "options"),
    "screen": ("name", "fields"),
    "screens": ("project", "issue_types"),
    "required": ("field", "required"),
    "workflow": ("issue_type", "statuses", "transitions"),
    "webhook": ("id", "enabled", "filter"),
    "user": ("name", "active", "captcha"),
}
SYSTEM = ("project", "issuetype", "summary", "description", "labels", "assignee", "priority", "duedate", "components")


@pytest.fixture(scope="module")
def site() -> Site:
    site = Site()
    site.service.create()
    return site


@pytest.fixture(scope="module")
def datacenter() -> Site:
    site = Site(flavour=DATACENTER)
    site.service.create()
    site.service.post("filter", {"name": "mine", "jql": ""})
    hook = {"name": "x", "url": "http://localhost:1/", "events": []}
    assert site.service.post("/rest/jira-webhook/1.0/webhooks", hook).status_code == 201
    return site


few = settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def bodies(keys: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(keys, VALUES)) | VALUES


@pytest.mark.parametrize("path", WRITES)
@few
@given(data=st.data())
def test_a_post_of_anything_is_answered(site: Site, path: str, data: st.DataObject) -> None:
    body = data.draw(bodies(WRITES[path]))
    answer = site.service.post(path, data=None, json=body)
    site.state.faults = type(site.state.faults)()
    assert answer.status_code < 500, (body, answer.text)


@pytest.mark.parametrize("path", PUTS)
@few
@given(data=st.data())
def test_a_put_of_anything_is_answered(site: Site, path: str, data: st.DataObject) -> None:
    body = data.draw(bodies(PUTS[path]))
    answer = site.service.put(path, data=None, json=body)
    assert answer.status_code < 500, (body, answer.text)


@pytest.mark.parametrize(("method", "path"), ON_DATACENTER)
@few
@given(data=st.data())
def test_anything_that_is_sent_to_a_data_center_is_answered(
    datacenter: Site, method: str, path: str, data: st.DataObject
) -> None:
    body = data.draw(bodies(ON_DATACENTER[method, path]))
    answer = datacenter.service(method, path, data=None, json=body)
    assert answer.status_code < 500 or "validateQuery" in answer.text, (body, answer.text)


@pytest.mark.parametrize("form", FORMS)
@few
@given(data=st.data())
def test_any_form_of_the_administrators_pages_is_done_or_refused(
    datacenter: Site, form: str, data: st.DataObject
) -> None:
    known = {
        "field": st.sampled_from(["customfield_20004", "summary"]) | VALUES,
        "project": st.just("CMMC") | VALUES,
        "issue_type": st.just("Task") | VALUES,
        "name": st.just("viewer") | VALUES,
        "id": st.just("1") | VALUES,
    }
    fields = {key: known.get(key, VALUES) for key in FORMS[form]}
    body = data.draw(st.fixed_dictionaries({}, optional=fields) | st.fixed_dictionaries(fields) | VALUES)
    answer = datacenter.service.post("/sandbox/administration", {form: body})
    assert answer.status_code in (200, 400), (body, answer.text)


@pytest.mark.parametrize("name", [*SYSTEM, "parent", "reporter", "environment", *FIELDS])
@few
@given(value=VALUES, verb=st.sampled_from(["add", "set", "remove", "edit"]))
def test_any_value_of_a_field_is_taken_or_refused(site: Site, name: str, value: object, verb: str) -> None:
    for fields, update in (({**fields_of(), name: value}, {}), (fields_of(), {name: [{verb: value}]})):
        answer = site.service.post("issue", {"fields": fields, "update": update})
        assert answer.status_code in (201, 400), (value, answer.text)


@few
@given(text=st.text(max_size=12) | st.text(alphabet="=!<>~()\"' andorin,kbelsproject0CMC-1\\", max_size=20))
def test_any_query_is_answered_or_refused(site: Site, text: str) -> None:
    assert site.service.post("search/jql", {"jql": text}).status_code in (200, 400)
