"""Many issues in one call: each stands for itself."""

import pytest

from jira_sandbox import seed
from support.caller import Site, fields_of
from support.flavours import ON_CLOUD


@pytest.fixture
def site(flavour: str) -> Site:
    return Site(flavour=flavour)


def test_what_can_be_created_is_and_the_rest_is_named_by_its_place(site: Site) -> None:
    asked = [{"fields": fields_of("one")}, {"fields": fields_of("two", nope=1)}, {"fields": fields_of("three")}]
    answer = site.service.post("issue/bulk", {"issueUpdates": asked})
    body = answer.json()
    assert answer.status_code == 201
    assert [one["key"] for one in body["issues"]] == ["CMMC-1", "CMMC-2"]
    (error,) = body["errors"]
    assert (error["failedElementNumber"], error["status"]) == (1, 400)
    assert error["elementErrors"]["errors"].keys() == {"nope"}
    assert [one.values["summary"] for one in site.state.issues.values()] == ["one", "three"]


def test_nothing_created_is_400_with_every_place(site: Site) -> None:
    answer = site.service.post("issue/bulk", {"issueUpdates": [{"fields": {}}, {}]})
    assert answer.status_code == 400
    assert [one["failedElementNumber"] for one in answer.json()["errors"]] == [0, 1]
    assert answer.json()["issues"] == []


@pytest.mark.parametrize(("count", "status"), [(50, 201), (51, 400)])
def test_fifty_at_a_time(site: Site, count: int, status: int) -> None:
    answer = site.service.post("issue/bulk", {"issueUpdates": [{"fields": fields_of()}] * count})
    assert answer.status_code == status
    assert len(site.state.issues) == (count if status == 201 else 0)


def test_a_property_and_a_link_come_with_the_create(site: Site) -> None:
    site.service.create("the assessment")
    link = {"add": {"type": {"name": "Relates"}, "outwardIssue": {"key": "CMMC-1"}}}
    one = {
        "fields": fields_of("new"),
        "properties": [{"key": "memory", "value": {"subject": "a"}}],
        "update": {"issuelinks": [link]},
    }
    assert site.service.post("issue/bulk", {"issueUpdates": [one]}).status_code == 201
    issue = site.service.get("issue/CMMC-2?properties=*all").json()
    assert issue["properties"] == {"memory": {"subject": "a"}}
    assert [one["outwardIssue"]["key"] for one in issue["fields"]["issuelinks"]] == ["CMMC-1"]


def test_a_link_to_nowhere_fails_that_create_whole(site: Site) -> None:
    link = {"add": {"type": {"name": "Relates"}, "outwardIssue": {"key": "CMMC-9"}}}
    one = {"fields": fields_of(), "update": {"issuelinks": [link]}}
    answer = site.service.post("issue/bulk", {"issueUpdates": [one]})
    assert answer.json()["errors"][0]["elementErrors"]["errors"].keys() == {"issuelinks"}
    assert not site.state.issues


@ON_CLOUD
def test_issues_are_fetched_by_id_or_key_each_once_and_the_missing_are_named(site: Site) -> None:
    site.service.create("one")
    site.service.create("two")
    site.service.post("issue/CMMC-1/comment", {"body": "x"})
    asked = {"issueIdsOrKeys": ["10000", "CMMC-1", "CMMC-2", "CMMC-7"], "fields": ["summary"]}
    body = site.service.post("issue/bulkfetch", asked).json()
    assert [one["fields"] for one in body["issues"]] == [{"summary": "one"}, {"summary": "two"}]
    assert [one["id"] for one in body["issueErrors"]] == ["CMMC-7"]


@ON_CLOUD
def test_fetching_does_not_wait_for_the_index(site: Site) -> None:
    site.service.set_fault(index_lag=5)
    site.service.create("fresh")
    assert site.service.keys("project = CMMC") == []
    body = site.service.post("issue/bulkfetch", {"issueIdsOrKeys": ["CMMC-1"], "fields": ["summary"]}).json()
    assert body["issues"][0]["fields"]["summary"] == "fresh"


@ON_CLOUD
@pytest.mark.parametrize(("count", "status"), [(100, 200), (101, 400), (0, 400)])
def test_a_hundred_are_fetched_at_a_time(site: Site, count: int, status: int) -> None:
    answer = site.service.post("issue/bulkfetch", {"issueIdsOrKeys": [str(one) for one in range(count)]})
    assert answer.status_code == status


@ON_CLOUD
def test_what_one_may_not_see_is_as_if_it_were_not_there(site: Site) -> None:
    site.service.create()
    body = site.caller(seed.OUTSIDER).post("issue/bulkfetch", {"issueIdsOrKeys": ["CMMC-1"]}).json()
    assert body["issues"] == []
    assert body["issueErrors"][0]["id"] == "CMMC-1"
