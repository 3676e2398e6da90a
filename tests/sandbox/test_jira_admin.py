"""What an administrator sets up: issue types, fields with options, screens, schemes, components."""

import pytest

from jira_sandbox.catalogue import TYPES
from jira_sandbox.state import State
from support.caller import Site
from support.people import DANA


@pytest.fixture
def site() -> Site:
    return Site(State())


def project_screen(site: Site) -> tuple[str, str]:
    """The screen on which a new issue type of the project is created, found as an administrator's tool would."""
    (project,) = site.service.get("project/search?keys=CMMC").json()["values"]
    (used,) = site.service.get(f"issuetypescreenscheme/project?projectId={project['id']}").json()["values"]
    scheme = used["issueTypeScreenScheme"]["id"]
    rows = site.service.get(f"issuetypescreenscheme/mapping?issueTypeScreenSchemeId={scheme}").json()["values"]
    (default,) = [row["screenSchemeId"] for row in rows if row["issueTypeId"] == "default"]
    (found,) = site.service.get(f"screenscheme?id={default}").json()["values"]
    screen = str(found["screens"]["default"])
    (tab,) = site.service.get(f"screens/{screen}/tabs").json()
    return screen, str(tab["id"])


def test_a_new_issue_type_belongs_to_the_project_once_its_scheme_has_it(site: Site) -> None:
    made = site.service.post("issuetype", {"name": "Finding", "type": "standard"})
    assert made.status_code == 201
    number = made.json()["id"]
    assert number not in [
        one["id"] for one in site.service.get("issue/createmeta/CMMC/issuetypes").json()["issueTypes"]
    ]
    (used,) = site.service.get("issuetypescheme/project?projectId=10000").json()["values"]
    path = f"issuetypescheme/{used['issueTypeScheme']['id']}/issuetype"
    assert site.service.put(path, {"issueTypeIds": [number]}).status_code == 204
    assert site.service.put(path, {"issueTypeIds": [number]}).status_code == 400
    assert site.service.create(kind="Finding") == "CMMC-1"
    assert site.service.post("issuetype", {"name": "finding"}).status_code == 409


@pytest.mark.parametrize(("kind", "value"), [("select", {"value": "No"}), ("multicheckboxes", [{"value": "No"}])])
def test_a_new_field_works_when_it_has_options_and_is_on_the_screen(site: Site, kind: str, value: object) -> None:
    made = site.service.post(
        "field", {"name": "Eligible", "type": TYPES + kind, "searcherKey": f"{TYPES}multiselectsearcher"}
    )
    assert made.status_code == 201
    number = made.json()["id"]
    assert made.json()["schema"]["custom"] == TYPES + kind
    (context,) = site.service.get(f"field/{number}/context").json()["values"]
    assert (context["isGlobalContext"], context["isAnyIssueType"]) == (True, True)
    options = f"field/{number}/context/{context['id']}/option"
    assert site.service.post(options, {"options": [{"value": "Yes"}, {"value": "No"}]}).status_code == 200
    assert site.service.post(options, {"options": [{"value": "No"}]}).status_code == 400
    assert [one["value"] for one in site.service.get(options).json()["values"]] == ["Yes", "No"]
    screen, tab = project_screen(site)
    fields = f"screens/{screen}/tabs/{tab}/fields"
    assert number in [one["id"] for one in site.service.get(f"screens/{screen}/availableFields").json()]
    assert site.service.post(fields, {"fieldId": number}).json() == {"id": number, "name": "Eligible"}
    again = site.service.post(fields, {"fieldId": number})
    assert again.json()["errorMessages"] == [f"The field with id {number} already exists on the screen."]
    key = site.service.create(**{number: value})
    assert site.service.keys("Eligible = No") == [key]


def test_a_context_of_its_own_decides_where_a_field_applies(site: Site) -> None:
    number = site.service.post("field", {"name": "Kind", "type": f"{TYPES}select"}).json()["id"]
    asked = {"name": "Bugs here", "projectIds": ["10000"], "issueTypeIds": ["10004"]}
    made = site.service.post(f"field/{number}/context", asked)
    assert made.status_code == 201
    site.service.post(f"field/{number}/context/{made.json()['id']}/option", {"options": [{"value": "own"}]})
    for screen in ("10000", "10001"):
        (tab,) = site.service.get(f"screens/{screen}/tabs").json()
        site.service.post(f"screens/{screen}/tabs/{tab['id']}/fields", {"fieldId": number})
    assert site.service.create(kind="Bug", **{number: {"value": "own"}})
    fields = {"project": {"key": "CMMC"}, "issuetype": {"name": "Task"}, "summary": "x", number: {"value": "own"}}
    assert site.service.post("issue", {"fields": fields}).json()["errors"] == {
        number: "Option value 'own' is not valid"
    }
    again = site.service.post(f"field/{number}/context", {**asked, "name": "Again"})
    assert again.status_code == 400


def test_options_can_be_renamed_and_disabled(site: Site) -> None:
    number = site.service.post("field", {"name": "Kind", "type": f"{TYPES}select"}).json()["id"]
    (context,) = site.service.get(f"field/{number}/context").json()["values"]
    options = f"field/{number}/context/{context['id']}/option"
    made = site.service.post(options, {"options": [{"value": "A"}, {"value": "B"}]}).json()["options"]
    screen, tab = project_screen(site)
    site.service.post(f"screens/{screen}/tabs/{tab}/fields", {"fieldId": number})
    key = site.service.create(**{number: {"value": "A"}})
    changes = [{"id": made[0]["id"], "value": "Alpha"}, {"id": made[1]["id"], "disabled": True}]
    assert site.service.put(options, {"options": changes}).status_code == 200
    assert site.service.fields(key)[number]["value"] == "Alpha"
    refused = site.service.put(f"issue/{key}", {"fields": {number: {"value": "B"}}})
    assert refused.json()["errors"] == {number: "Option value 'B' is not valid"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "", "type": f"{TYPES}select"},
        {"name": "x", "type": "select"},
        {"name": "x", "type": f"{TYPES}cascadingselect"},
        {"name": "x", "type": f"{TYPES}select", "searcherKey": f"{TYPES}textsearcher"},
        {"name": "x", "type": f"{TYPES}select", "options": []},
    ],
)
def test_a_field_that_cannot_be_is_refused(site: Site, wrong: object) -> None:
    assert site.service.post("field", wrong).status_code == 400
    assert all(not field["custom"] for field in site.service.get("field").json())


def test_an_issue_type_can_have_a_screen_of_its_own(site: Site) -> None:
    screen = site.service.post("screens", {"name": "Findings"}).json()["id"]
    (tab,) = site.service.get(f"screens/{screen}/tabs").json()
    for field in ("summary", "issuetype"):
        site.service.post(f"screens/{screen}/tabs/{tab['id']}/fields", {"fieldId": field})
    scheme = site.service.post("screenscheme", {"name": "Findings", "screens": {"default": screen}}).json()["id"]
    mapping = [{"issueTypeId": "10001", "screenSchemeId": str(scheme)}]
    assert site.service.put("issuetypescreenscheme/10000/mapping", {"issueTypeMappings": mapping}).status_code == 204
    fields = site.service.get("issue/createmeta/CMMC/issuetypes/10001").json()["fields"]
    assert {field["fieldId"] for field in fields} == {"summary", "issuetype", "project"}
    assert site.service.create(kind="Story")
    refused = site.service.post(
        "issue",
        {"fields": {"project": {"key": "CMMC"}, "issuetype": {"name": "Story"}, "summary": "x", "labels": ["a"]}},
    )
    assert refused.json()["errors"].keys() == {"labels"}


def test_components_are_created_with_leads_and_leave_issues_when_they_go(site: Site) -> None:
    asked = {"name": "VPN", "project": "CMMC", "leadAccountId": DANA, "assigneeType": "COMPONENT_LEAD"}
    made = site.service.post("component", asked)
    assert made.status_code == 201
    assert made.json()["lead"]["displayName"] == made.json()["realAssignee"]["displayName"] == "Dana Whitfield"
    assert site.service.post("component", asked).status_code == 400
    key = site.service.create(components=[{"name": "VPN"}])
    assert site.service.keys("component = vpn") == [key]
    assert (
        site.service.put(f"component/{made.json()['id']}", {"name": "Remote access"}).json()["name"] == "Remote access"
    )
    assert [one["name"] for one in site.service.get("project/CMMC/components").json()] == ["Remote access"]
    assert site.service.delete(f"component/{made.json()['id']}").status_code == 204
    assert site.service.fields(key)["components"] == []


def test_lists_come_in_pages_that_point_to_the_next(site: Site) -> None:
    first = site.service.get("issuetypescheme/mapping?issueTypeSchemeId=10001&maxResults=3").json()
    assert (len(first["values"]), first["total"], first["isLast"]) == (3, 5, False)
    second = site.service.session.get(first["nextPage"]).json()
    assert (len(second["values"]), second["isLast"]) == (2, True)
    assert "nextPage" not in second


def test_the_words_of_a_new_site_are_jiras_own(site: Site) -> None:
    def names(path: str) -> list[str]:
        return [one["name"] for one in site.service.get(path).json()]

    assert names("priority") == ["Highest", "High", "Medium", "Low", "Lowest"]
    assert names("status") == ["To Do", "In Progress", "Done"]
    assert names("issuetype") == ["Epic", "Story", "Task", "Sub-task", "Bug"]
    assert [one["key"] for one in site.service.get("statuscategory").json()] == [
        "undefined", "new", "indeterminate", "done",
    ]  # fmt: skip
    kinds = site.service.get("issueLinkType").json()["issueLinkTypes"]
    assert [one["name"] for one in kinds] == ["Blocks", "Cloners", "Duplicate", "Relates"]
    assert site.service.get("project/CMMC").json()["style"] == "classic"
    assert site.service.get("project/CMMC").json()["id"].isdecimal()
