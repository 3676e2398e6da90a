"""Issues over REST: what is created, what is refused and in which words, what is remembered."""

from datetime import timedelta
from typing import Any

import pytest

from jira_sandbox.flavour import CLOUD, DATACENTER
from support.caller import Site, fields_of
from support.flavours import ON_CLOUD
from support.people import DANA, PRIYA, VIEWER

OFF_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."


@pytest.fixture
def site(flavour: str) -> Site:
    return Site(flavour=flavour)


def test_a_created_issue_is_read_back_by_id_and_by_key(site: Site) -> None:
    answer = site.service.post("issue", {"fields": fields_of("One", labels=["b", "a"], duedate="2026-07-01")})
    made = answer.json()
    assert (answer.status_code, made["key"]) == (201, "CMMC-1")
    assert made["id"].isdecimal()
    assert made["id"] != made["key"]
    by_id, by_key = site.service.get(f"issue/{made['id']}").json(), site.service.get("issue/CMMC-1").json()
    assert by_id == by_key
    assert by_id["fields"]["labels"] == ["a", "b"]
    assert by_id["fields"]["duedate"] == "2026-07-01"
    assert by_id["fields"]["status"]["statusCategory"]["key"] == "new"
    assert site.ref(site.state.service).items() <= by_id["fields"]["creator"].items()


def test_every_kind_of_value_is_read_back_in_jiras_shape(site: Site) -> None:
    key = site.service.create(
        assignee=site.ref(DANA),
        priority={"name": "Highest"},
        customfield_20001="a line",
        customfield_20002=3,
        customfield_20003="2026-02-28",
        customfield_20004={"value": "NOT MET"},
        customfield_20005=[{"value": "two"}, {"value": "one"}],
        customfield_20006=site.ref(PRIYA),
        customfield_20007="a paragraph",
        customfield_20008="https://example.com/a",
        customfield_20009="2026-06-01T10:00:00.000+0200",
        customfield_20010=[site.ref(DANA), site.ref(PRIYA)],
    )
    fields = site.service.fields(key)
    assert fields["assignee"]["displayName"] == "Dana Whitfield"
    assert fields["priority"]["id"] == "1"
    assert fields["customfield_20001"] == "a line"
    assert fields["customfield_20002"] == 3.0
    assert fields["customfield_20003"] == "2026-02-28"
    assert fields["customfield_20004"]["value"] == "NOT MET"
    assert [one["value"] for one in fields["customfield_20005"]] == ["one", "two"]
    assert site.ref(PRIYA).items() <= fields["customfield_20006"].items()
    assert fields["customfield_20007"] == "a paragraph"
    assert fields["customfield_20008"] == "https://example.com/a"
    assert fields["customfield_20009"] == "2026-06-01T08:00:00.000+0000"
    assert [one["displayName"] for one in fields["customfield_20010"]] == ["Dana Whitfield", "Priya Raman"]


REFUSED: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "an unknown field": ({"nope": 1}, {"nope": OFF_SCREEN.format("nope")}),
    "a field that people never set": ({"status": {"name": "Done"}}, {"status": OFF_SCREEN.format("status")}),
    "no summary": ({"summary": None}, {"summary": "You must specify a summary of the issue."}),
    "a blank summary": ({"summary": "  "}, {"summary": "You must specify a summary of the issue."}),
    "a summary of 256": ({"summary": "x" * 256}, {"summary": "Summary can't exceed 255 characters."}),
    "a summary of two lines": (
        {"summary": "a\nb"},
        {"summary": "The summary is invalid because it contains newline characters."},
    ),
    "a summary that is no text": ({"summary": 5}, {"summary": "Operation value must be a string"}),
    "a description of 32,768": (
        {"description": "x" * 32768},
        {"description": "The entered text is too long. It exceeds the allowed limit of 32,767 characters."},
    ),
    "a description that is a document": (
        {"description": {"type": "doc"}},
        {"description": "Operation value must be a string"},
    ),
    "a line of 256": (
        {"customfield_20001": "x" * 256},
        {"customfield_20001": "The entered text is too long. It exceeds the allowed limit of 255 characters."},
    ),
    "a number as text": ({"customfield_20002": "3"}, {"customfield_20002": "Operation value must be a number"}),
    "a day that is none": (
        {"duedate": "2026-02-30"},
        {"duedate": "Operation value must be of the format \"yyyy-MM-dd\": '2026-02-30'"},
    ),
    "an option by mere text": (
        {"customfield_20004": "MET"},
        {"customfield_20004": "Specify a valid 'id' or 'name' for the option"},
    ),
    "an option that is none": (
        {"customfield_20004": {"value": "Maybe"}},
        {"customfield_20004": "Option value 'Maybe' is not valid"},
    ),
    "options that are no list": (
        {"customfield_20005": {"value": "one"}},
        {"customfield_20005": "data was not an array"},
    ),
    "labels that are no list": ({"labels": "a"}, {"labels": "data was not an array"}),
    "a label with a space": ({"labels": ["a b"]}, {"labels": "The label 'a b' contains spaces which is invalid."}),
    "a priority that is none": ({"priority": {"name": "P1"}}, {"priority": "The priority selected is invalid."}),
    "a component that is none": (
        {"components": [{"name": "VPN"}]},
        {"components": "Component name 'VPN' is not valid"},
    ),
    "a web address that is none": ({"customfield_20008": "example"}, {"customfield_20008": "Not a valid URL"}),
    "no project": ({"project": {"key": "NOPE"}}, {"project": "Specify a valid project ID or key"}),
    "no issue type": ({"issuetype": {"name": "Nope"}}, {"issuetype": "Specify a valid issue type"}),
    "a sub-task without a parent": (
        {"issuetype": {"name": "Sub-task"}},
        {"parent": "Issue type is a sub-task but parent issue key or id not specified."},
    ),
}


PEOPLE_REFUSED: dict[str, dict[str, tuple[object, str]]] = {
    CLOUD: {
        "nobody": ({"accountId": "x"}, "User 'x' does not exist."),
        "by the name of the other flavour": (
            {"name": "dana.whitfield"},
            "'accountId' must be the only user identifying query parameter in GDPR strict mode.",
        ),
        "somebody who may not be": ({"accountId": VIEWER}, "User 'Noor Castellan' cannot be assigned issues."),
        "a mere text": ("dana.whitfield", "data was not an object"),
    },
    DATACENTER: {
        "nobody": ({"name": "x"}, "User 'x' does not exist."),
        "by the name of the other flavour": ({"accountId": DANA}, "expected Object containing a 'name' property"),
        "somebody who may not be": ({"name": "viewer"}, "User 'Noor Castellan' cannot be assigned issues."),
        "a mere text": ("dana.whitfield", "data was not an object"),
    },
}


@pytest.mark.parametrize("case", PEOPLE_REFUSED[CLOUD])
def test_an_assignee_who_cannot_be_one_is_refused_in_jiras_words(site: Site, case: str) -> None:
    assignee, sentence = PEOPLE_REFUSED[site.state.flavour][case]
    answer = site.service.post("issue", {"fields": fields_of(assignee=assignee)})
    assert (answer.status_code, answer.json()["errors"]) == (400, {"assignee": sentence})


@pytest.mark.parametrize("case", REFUSED)
def test_a_create_is_refused_in_jiras_words(site: Site, case: str) -> None:
    fields, errors = REFUSED[case]
    answer = site.service.post("issue", {"fields": {**fields_of(), **fields}})
    assert answer.status_code == 400
    assert answer.json() == {"errorMessages": [], "errors": errors}
    assert not site.state.issues


def test_all_mistakes_are_told_at_once(site: Site) -> None:
    answer = site.service.post("issue", {"fields": fields_of(nope=1, duedate="soon", labels=["a b"])})
    assert answer.json()["errors"].keys() == {"nope", "duedate", "labels"}


def test_texts_at_the_limit_are_taken(site: Site) -> None:
    key = site.service.create("x" * 255, description="y" * 32767, customfield_20001="z" * 255)
    fields = site.service.fields(key)
    assert [len(fields[name]) for name in ("summary", "description", "customfield_20001")] == [255, 32767, 255]


@ON_CLOUD
def test_a_field_that_is_required_must_be_given(site: Site) -> None:
    path = "fieldconfiguration/10000/fields"
    item = {"id": "customfield_20001", "isRequired": True}
    assert site.service.put(path, {"fieldConfigurationItems": [item]}).status_code == 204
    answer = site.service.post("issue", {"fields": fields_of()})
    assert answer.json()["errors"] == {"customfield_20001": "Reference is required."}
    meta = site.service.get("issue/createmeta/CMMC/issuetypes/10002").json()["fields"]
    assert {field["fieldId"] for field in meta if field["required"]} == {
        "summary", "issuetype", "project", "reporter", "customfield_20001",
    }  # fmt: skip
    key = site.service.create(customfield_20001="given")
    emptied = site.service.put(f"issue/{key}", {"fields": {"customfield_20001": None}})
    assert emptied.json()["errors"] == {"customfield_20001": "Reference is required."}


def test_a_field_off_the_screen_fails_the_whole_create_and_the_create_metadata_say_so_before(site: Site) -> None:
    tab = site.state.screens["10000"].tabs[0].id
    assert site.service.delete(f"screens/10000/tabs/{tab}/fields/customfield_20001").status_code == 204
    noun = "values" if site.state.datacenter else "fields"
    meta = site.service.get("issue/createmeta/CMMC/issuetypes/10002").json()[noun]
    assert "customfield_20001" not in {field["fieldId"] for field in meta}
    answer = site.service.post("issue", {"fields": fields_of(customfield_20001="x")})
    assert answer.json()["errors"] == {"customfield_20001": OFF_SCREEN.format("customfield_20001")}
    assert site.service.create(kind="Bug", customfield_20001="bugs have a screen of their own")


@ON_CLOUD
def test_rich_text_is_read_back_in_jiras_spelling_and_stays_so(site: Site) -> None:
    key = site.service.create(description="h1. A\n\n\n* x\n|a|b|")
    kept = site.service.fields(key)["description"]
    assert kept != "h1. A\n\n\n* x\n|a|b|"
    site.service.put(f"issue/{key}", {"fields": {"description": kept}})
    assert site.service.fields(key)["description"] == kept
    assert site.service.history(key) == []


def test_an_edit_is_in_the_changelog_with_ids_and_texts(site: Site) -> None:
    key = site.service.create("Old", assignee=site.ref(DANA))
    body = {"fields": {"summary": "New", "assignee": site.ref(PRIYA), "customfield_20004": {"value": "MET"}}}
    assert site.service.put(f"issue/{key}", body).status_code == 204
    (entry,) = site.service.history(key)
    assert site.ref(site.state.service).items() <= entry["author"].items()
    people = ("JIRAUSER10004", "JIRAUSER10005") if site.state.datacenter else (DANA, PRIYA)
    items = {item["field"]: item for item in entry["items"]}
    assert (items["summary"]["fromString"], items["summary"]["toString"]) == ("Old", "New")
    assert (items["assignee"]["from"], items["assignee"]["to"]) == people
    assert items["assignee"]["toString"] == "Priya Raman"
    assert (items["Finding"]["fieldtype"], items["Finding"]["toString"]) == ("custom", "MET")


def test_a_due_date_is_a_day_and_an_instant_in_the_changelog(site: Site) -> None:
    key = site.service.create(duedate="2026-07-01")
    for body in ({"fields": {"duedate": "2026-08-03"}}, {"update": {"duedate": [{"set": None}]}}):
        assert site.service.put(f"issue/{key}", body).status_code == 204
    moved, cleared = (entry["items"][0] for entry in site.service.history(key))
    assert (moved["field"], moved["from"], moved["to"]) == ("duedate", "2026-07-01", "2026-08-03")
    assert (moved["fromString"], moved["toString"]) == ("2026-07-01 00:00:00.0", "2026-08-03 00:00:00.0")
    assert (cleared["from"], cleared["to"], cleared["toString"]) == ("2026-08-03", None, None)


@ON_CLOUD
def test_a_changelog_comes_in_pages_oldest_first_and_within_an_issue_newest_first(site: Site) -> None:
    key = site.service.create()
    for name in ("one", "two", "three"):
        site.service.put(f"issue/{key}", {"fields": {"summary": name}})
    page = site.service.get(f"issue/{key}/changelog", params={"startAt": 1, "maxResults": 1}).json()
    assert (page["total"], page["isLast"], page["values"][0]["items"][0]["toString"]) == (3, False, "two")
    assert site.service.session.get(page["nextPage"]).json()["isLast"]
    within = site.service.get(f"issue/{key}", params={"expand": "changelog", "fields": "summary"}).json()["changelog"]
    assert [entry["items"][0]["toString"] for entry in within["histories"]] == ["three", "two", "one"]


def test_labels_come_and_go_beside_those_that_are_there(site: Site) -> None:
    key = site.service.create(labels=["a", "b"])
    body = {"update": {"labels": [{"add": "c"}, {"remove": "a"}], "priority": [{"set": {"name": "Highest"}}]}}
    assert site.service.put(f"issue/{key}", body).status_code == 204
    fields = site.service.fields(key)
    assert (fields["labels"], fields["priority"]["name"]) == (["b", "c"], "Highest")


def test_an_edit_that_changes_nothing_leaves_no_trace(site: Site) -> None:
    key = site.service.create("Same", labels=["a"])
    before = site.service.get(f"issue/{key}").json()
    site.state.clock.advance(timedelta(minutes=1))
    site.service.put(f"issue/{key}", {"fields": {"summary": "Same", "labels": ["a"]}})
    assert site.service.get(f"issue/{key}").json() == before


def test_update_adds_and_removes_single_values(site: Site) -> None:
    key = site.service.create(labels=["a", "b"])
    body = {"update": {"labels": [{"add": "c"}, {"remove": "a"}], "comment": [{"add": {"body": "done so"}}]}}
    assert site.service.put(f"issue/{key}", body).status_code == 204
    fields = site.service.fields(key)
    assert fields["labels"] == ["b", "c"]
    assert [comment["body"] for comment in fields["comment"]["comments"]] == ["done so"]


def test_a_field_may_not_be_in_fields_and_update_at_once(site: Site) -> None:
    key = site.service.create()
    answer = site.service.put(f"issue/{key}", {"fields": {"labels": []}, "update": {"labels": [{"add": "x"}]}})
    assert answer.status_code == 400
    assert "labels" in answer.json()["errors"]


def test_an_operation_that_a_field_does_not_know_is_refused(site: Site) -> None:
    key = site.service.create()
    answer = site.service.put(f"issue/{key}", {"update": {"summary": [{"add": "x"}]}})
    assert "does not support operation 'add'" in answer.json()["errors"]["summary"]


@ON_CLOUD
def test_an_edit_answers_the_issue_where_it_is_asked_to(site: Site) -> None:
    key = site.service.create("Old")
    answer = site.service.put(f"issue/{key}?returnIssue=true", {"fields": {"summary": "New"}})
    assert answer.status_code == 200
    assert answer.json()["fields"]["summary"] == "New"


def test_an_edit_sets_properties_beside_fields(site: Site) -> None:
    key = site.service.create()
    body = {"fields": {"summary": "x"}, "properties": [{"key": "memory", "value": {"n": 1}}]}
    assert site.service.put(f"issue/{key}", body).status_code == 204
    assert site.service.get(f"issue/{key}?properties=memory").json()["properties"] == {"memory": {"n": 1}}


def test_users_can_be_left_unnotified_by_administrators_only(site: Site) -> None:
    key = site.service.create()
    change = {"fields": {"summary": "x"}}
    assert site.service.put(f"issue/{key}?notifyUsers=false", change).status_code == 204
    answer = site.caller(DANA).put(f"issue/{key}?notifyUsers=false", {"fields": {"summary": "y"}})
    assert answer.status_code == 403
    assert answer.json()["errorMessages"] == [
        "To discard the user notification either admin or project admin permissions are required."
    ]
    assert site.service.fields(key)["summary"] == "x"


def test_keys_that_jira_does_not_know_are_refused_beside_fields(site: Site) -> None:
    answer = site.service.post("issue", {"fields": fields_of(), "feilds": {}})
    assert answer.status_code == 400
    assert answer.json()["errorMessages"][0].startswith("Invalid request payload.")


def test_a_body_that_is_no_json_is_refused(site: Site) -> None:
    answer = site.service.post("issue", data="{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["errorMessages"] == ["There was an error parsing JSON. Check that your request body is valid."]
    assert site.service.post("issue", data="x=1").status_code == 415


def test_a_deleted_issue_is_gone_and_its_key_never_comes_back(site: Site) -> None:
    key = site.service.create()
    assert site.service.delete(f"issue/{key}").status_code == 204
    assert site.service.get(f"issue/{key}").status_code == 404
    assert site.service.create() == "CMMC-2"


def test_an_issue_with_subtasks_goes_only_with_them(site: Site) -> None:
    parent = site.service.create()
    child = site.service.create(kind="Sub-task", parent={"key": parent})
    assert site.service.fields(child)["parent"]["key"] == parent
    assert [one["key"] for one in site.service.fields(parent)["subtasks"]] == [child]
    assert site.service.delete(f"issue/{parent}").status_code == 400
    assert site.service.delete(f"issue/{parent}?deleteSubtasks=true").status_code == 204
    assert not site.state.issues


@ON_CLOUD
def test_a_parent_must_be_one_level_up(site: Site) -> None:
    epic = site.service.create(kind="Epic")
    task = site.service.create(parent={"key": epic})
    assert site.service.fields(task)["parent"]["key"] == epic
    answer = site.service.post("issue", {"fields": fields_of(parent={"key": task})})
    assert "hierarchy" in answer.json()["errors"]["parent"]


def test_only_the_fields_that_are_asked_for_are_answered(site: Site) -> None:
    key = site.service.create(description="x")
    issue = site.service.get(f"issue/{key}?fields=summary,status").json()
    assert issue["fields"].keys() == {"summary", "status"}
    without = site.service.get(f"issue/{key}?fields=-description").json()["fields"]
    assert "description" not in without
    assert "summary" in without
    assert "comment" not in site.service.get(f"issue/{key}?fields=*navigable").json()["fields"]


def test_extras_come_when_they_are_asked_for(site: Site) -> None:
    key = site.service.create(description="*bold*")
    extras = "names,schema,transitions,editmeta,changelog,renderedFields"
    issue = site.service.get(f"issue/{key}?expand={extras}").json()
    assert issue["names"]["customfield_20004"] == "Finding"
    assert issue["schema"]["customfield_20004"]["type"] == "option"
    assert [step["name"] for step in issue["transitions"]] == ["To Do", "In Progress", "Done"]
    assert [one["value"] for one in issue["editmeta"]["fields"]["customfield_20004"]["allowedValues"]] == [
        "MET",
        "NOT MET",
    ]
    assert issue["changelog"]["total"] == 0
    assert issue["renderedFields"]["description"] == "<p><strong>bold</strong></p>"
    assert extras.split(",", maxsplit=1)[0] not in site.service.get(f"issue/{key}").json()


@ON_CLOUD
def test_version_3_takes_and_gives_documents(site: Site) -> None:
    text = {"type": "text", "text": "hello"}
    document = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [text]}]}
    answer = site.service.post("/rest/api/3/issue", {"fields": fields_of(description=document)})
    key = answer.json()["key"]
    assert site.service.get(f"/rest/api/3/issue/{key}").json()["fields"]["description"] == document
    assert site.service.fields(key)["description"] == "hello"
    refused = site.service.post("/rest/api/3/issue", {"fields": fields_of(description="hello")})
    assert "Atlassian Document" in refused.json()["errors"]["description"]


def test_what_the_sandbox_does_not_have_is_501_and_a_sentence(site: Site) -> None:
    answer = site.service.get("issue/CMMC-1/worklog")
    assert answer.status_code == 501
    assert answer.json()["errorMessages"] == [
        "The sandbox does not answer GET /rest/api/2/issue/CMMC-1/worklog; COVERAGE.md lists what it answers."
    ]


@ON_CLOUD
def test_what_cloud_may_have_or_not_is_501_alike(site: Site) -> None:
    assert site.service.delete("myself").status_code == 501
    assert site.service.get("nowhere").status_code == 501
