"""The search: bounded, paged, lagging on demand."""

import pytest

from jira_sandbox import seed
from support.caller import Site


@pytest.fixture
def site() -> Site:
    return Site()


def test_only_ids_are_answered_unless_fields_are_asked_for(site: Site) -> None:
    site.service.create()
    assert site.service.post("search/jql", {"jql": "project = CMMC"}).json() == {
        "issues": [{"id": "10000"}],
        "isLast": True,
    }


def test_get_and_post_find_the_same(site: Site) -> None:
    site.service.create("One", labels=["x"])
    site.service.put("issue/CMMC-1/properties/memory", {"n": 1})
    by_post = site.service.post(
        "search/jql", {"jql": "labels = x", "fields": ["summary", "labels"], "properties": ["memory"]}
    )
    by_get = site.service.get("search/jql?jql=labels%20%3D%20x&fields=summary&fields=labels&properties=memory")
    assert by_post.json() == by_get.json()
    assert by_post.json()["issues"][0]["properties"] == {"memory": {"n": 1}}


def test_pages_are_followed_by_token_to_the_last(site: Site) -> None:
    for number in range(5):
        site.service.create(str(number))
    asked: dict[str, object] = {"jql": "project = CMMC ORDER BY key", "fields": ["summary"], "maxResults": 2}
    seen: list[str] = []
    for _ in range(3):
        page = site.service.post("search/jql", asked).json()
        seen += [issue["fields"]["summary"] for issue in page["issues"]]
        assert page["isLast"] is ("nextPageToken" not in page)
        asked["nextPageToken"] = page.get("nextPageToken")
    assert seen == ["0", "1", "2", "3", "4"]
    assert page["isLast"]
    assert "total" not in page


def test_a_token_continues_its_own_query_only(site: Site) -> None:
    for _ in range(2):
        site.service.create()
    page = site.service.post("search/jql", {"jql": "project = CMMC", "maxResults": 1}).json()
    other = {"jql": "project = CMMC ORDER BY key", "nextPageToken": page["nextPageToken"]}
    assert site.service.post("search/jql", other).status_code == 400


@pytest.mark.parametrize("jql", ["", "ORDER BY created DESC"])
def test_an_unbounded_query_is_refused(site: Site, jql: str) -> None:
    answer = site.service.post("search/jql", {"jql": jql})
    assert answer.status_code == 400
    assert answer.json()["errorMessages"] == [
        "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
    ]


def test_the_old_search_is_gone(site: Site) -> None:
    for answer in (site.service.post("search", {"jql": "project = CMMC"}), site.service.get("search?jql=x")):
        assert answer.status_code == 410
        assert "/rest/api/3/search/jql" in answer.json()["errorMessages"][0]


def test_keys_that_the_search_does_not_know_are_refused(site: Site) -> None:
    assert site.service.post("search/jql", {"jql": "project = CMMC", "startAt": 0}).status_code == 400


@pytest.mark.parametrize("lag", [1, 3])
def test_a_change_is_found_after_as_many_looks_as_the_index_lags(site: Site, lag: int) -> None:
    site.service.create("old")
    site.service.set_fault(index_lag=lag)
    site.service.create("new")
    site.service.put("issue/CMMC-1", {"fields": {"labels": ["touched"]}})
    for _ in range(lag):
        assert site.service.keys("project = CMMC") == ["CMMC-1"]
    assert site.service.keys("project = CMMC ORDER BY key") == ["CMMC-1", "CMMC-2"]
    assert site.service.keys("labels = touched") == ["CMMC-1"]


def test_what_the_lagging_index_holds_is_how_the_issue_was(site: Site) -> None:
    site.service.create("old")
    site.service.set_fault(index_lag=1)
    site.service.put("issue/CMMC-1", {"fields": {"summary": "new"}})
    found = site.service.post("search/jql", {"jql": "project = CMMC", "fields": ["summary"]}).json()["issues"]
    assert found[0]["fields"]["summary"] == "old"
    assert site.service.fields("CMMC-1")["summary"] == "new"


def test_reconciled_issues_count_as_they_are_now(site: Site) -> None:
    site.service.create("a", labels=["x"])
    site.service.set_fault(index_lag=9)
    site.service.create("b", labels=["x"])
    site.service.put("issue/CMMC-1", {"fields": {"labels": []}})
    asked: dict[str, object] = {"jql": "labels = x", "fields": ["summary"]}
    stale = site.service.post("search/jql", asked).json()["issues"]
    fresh = site.service.post("search/jql", {**asked, "reconcileIssues": [10000, 10001]}).json()["issues"]
    assert [one["key"] for one in stale] == ["CMMC-1"]
    assert [one["key"] for one in fresh] == ["CMMC-2"]


@pytest.mark.parametrize("ids", [["CMMC-1"], list(range(51))])
def test_reconciled_are_at_most_fifty_numeric_ids(site: Site, ids: list[object]) -> None:
    answer = site.service.post("search/jql", {"jql": "project = CMMC", "reconcileIssues": ids})
    assert answer.status_code == 400


def test_deleted_issues_are_not_found_even_by_a_lagging_index(site: Site) -> None:
    site.service.create()
    site.service.set_fault(index_lag=3)
    site.service.delete("issue/CMMC-1")
    assert site.service.keys("project = CMMC") == []


def test_an_anonymous_search_is_empty_and_a_strangers_finds_no_project(site: Site) -> None:
    site.service.create()
    answer = site.anonymous.post("search/jql", {"jql": "project = CMMC"})
    assert (answer.status_code, answer.json()) == (200, {"issues": [], "isLast": True})
    stranger = site.caller(seed.OUTSIDER)
    refused = stranger.post("search/jql", {"jql": "project = CMMC"})
    assert refused.json()["errorMessages"] == ["The value 'CMMC' does not exist for the field 'project'."]
    assert stranger.keys("summary ~ issue") == []


def test_queries_are_matched_against_issues_as_they_are_now(site: Site) -> None:
    site.service.create(labels=["x"])
    site.service.create()
    site.service.set_fault(index_lag=5)
    body = {"issueIds": [10000, 10001, 99], "jqls": ["labels = x", "project = CMMC", "nope = 1"]}
    matches = site.service.post("jql/match", body).json()["matches"]
    assert [one["matchedIssues"] for one in matches] == [[10000], [10000, 10001], []]
    assert matches[2]["errors"] == ["Field 'nope' does not exist or you do not have permission to view it."]


def test_a_saved_filter_keeps_its_query_and_names_are_used_once(site: Site) -> None:
    made = site.service.post("filter", {"name": "Open", "jql": "project = CMMC"}).json()
    assert site.service.get(f"filter/{made['id']}").json()["jql"] == "project = CMMC"
    again = site.service.post("filter", {"name": "Open", "jql": "project = CMMC"})
    assert again.json()["errors"] == {"filterName": "Filter with same name already exists."}
