"""Saved filters, project roles and issue type schemes, as either flavour lets an administrator make them over REST."""

from typing import Any

import pytest

from jira_sandbox import seed
from support.caller import Caller, Site
from support.flavours import ON_CLOUD, ON_DATACENTER
from support.people import DANA, VIEWER


@pytest.fixture
def site(flavour: str) -> Site:
    return Site(flavour=flavour)


def saved(caller: Caller, name: str = "Open items", **more: object) -> dict[str, Any]:
    answer = caller.post("filter", {"name": name, "jql": "project = CMMC", **more})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_filter_is_saved_changed_and_deleted_by_its_owner(site: Site) -> None:
    made = saved(site.service, description="What is open")
    assert site.ref(site.state.service).items() <= made["owner"].items()
    assert site.service.get(f"filter/{made['id']}").json() == made
    changed = site.service.put(f"filter/{made['id']}", {"name": "Open", "jql": "statusCategory != done"}).json()
    assert (changed["name"], changed["jql"], changed["description"]) == (
        "Open",
        "statusCategory != done",
        "What is open",
    )
    assert site.service.put(f"filter/{made['id']}", {"jql": "nope is"}).status_code == 400
    assert site.service.delete(f"filter/{made['id']}").status_code == 204
    assert site.service.get(f"filter/{made['id']}").status_code == 400


def test_two_filters_of_one_owner_have_two_names(site: Site) -> None:
    saved(site.service)
    again = site.service.post("filter", {"name": "Open items", "jql": ""})
    assert again.json()["errors"] == {"filterName": "Filter with same name already exists."}
    assert saved(site.caller(DANA))["name"] == "Open items"


def test_a_filter_is_its_owners_until_it_is_shared_with_a_project(site: Site) -> None:
    made = saved(site.service)
    path = f"filter/{made['id']}"
    assert site.caller(VIEWER).get(path).status_code == 400
    shared = site.service.post(f"{path}/permission", {"type": "project", "projectId": "10000"})
    assert (shared.status_code, shared.json()[0]["project"]["key"]) == (201, "CMMC")
    assert site.caller(VIEWER).get(path).json()["sharePermissions"] == shared.json()
    assert site.caller(VIEWER).put(path, {"name": "Mine now"}).status_code == 400
    assert site.caller(seed.OUTSIDER).get(path).status_code == 400


def test_the_marked_filters_are_listed_for_who_marked_them(site: Site) -> None:
    made = saved(site.service, favourite=True)
    saved(site.service, "Another")
    assert [one["id"] for one in site.service.get("filter/favourite").json()] == [made["id"]]
    assert site.caller(DANA).get("filter/favourite").json() == []


@ON_CLOUD
def test_a_filter_is_found_by_a_part_of_its_name_with_what_is_asked_for(site: Site) -> None:
    share = [{"type": "project", "project": {"id": "10000"}}]
    made = saved(site.service, sharePermissions=share)
    found = site.caller(VIEWER).get("filter/search?filterName=items&expand=jql").json()["values"]
    assert [(one["id"], one["jql"], "owner" in one) for one in found] == [(made["id"], "project = CMMC", False)]
    assert [one["id"] for one in site.service.get("filter/my").json()] == [made["id"]]


@ON_DATACENTER
def test_a_data_center_searches_no_filters_and_shares_none_at_once(site: Site) -> None:
    made = saved(site.service, sharePermissions=[{"type": "project", "project": {"id": "10000"}}])
    assert made["sharePermissions"] == []
    assert site.service.get("filter/search?filterName=items").status_code == 400
    assert site.service.get("filter/my").status_code == 400


def test_a_role_is_made_once_and_held_by_nobody(site: Site) -> None:
    made = site.service.post("role", {"name": "Affirming Official", "description": "Affirms"})
    assert (made.status_code, made.json()["name"]) == (200, "Affirming Official")
    number = made.json()["id"]
    assert site.service.get(f"project/CMMC/role/{number}").json()["actors"] == []
    assert site.service.post("role", {"name": "affirming official"}).status_code == 409
    assert site.service.post("role", {"name": " "}).status_code == 400
    assert site.caller(DANA).post("role", {"name": "x"}).status_code == 403
    (name,) = site.ref(DANA).values()
    given = site.service.post(f"project/CMMC/role/{number}", {"user": [name]}).json()
    assert [one["displayName"] for one in given["actors"]] == ["Dana Whitfield"]


@ON_DATACENTER
def test_an_issue_type_joins_a_project_when_its_scheme_is_written_with_it(site: Site) -> None:
    made = site.service.post("issuetype", {"name": "CMMC Finding", "type": "standard"}).json()
    schemes = site.service.get("issuetypescheme").json()["schemes"]
    assert "issueTypes" not in schemes[0]
    users = {one["id"]: site.service.get(f"issuetypescheme/{one['id']}/associations").json() for one in schemes}
    (mine,) = [number for number, projects in users.items() if projects]
    scheme = site.service.get(f"issuetypescheme/{mine}").json()
    types = [one["id"] for one in scheme["issueTypes"]]
    assert made["id"] not in types
    body = {"name": scheme["name"], "issueTypeIds": [*types, made["id"]]}
    assert site.service.put(f"issuetypescheme/{mine}", body).status_code == 200
    offered = site.service.get("issue/createmeta/CMMC/issuetypes").json()["values"]
    assert made["id"] in {one["id"] for one in offered}
    assert site.service.put(f"issuetypescheme/{mine}", {**body, "issueTypeIds": ["99"]}).status_code == 400
    assert site.caller(DANA).get("issuetypescheme").status_code == 403


@ON_DATACENTER
def test_where_a_custom_field_applies_and_with_which_options_can_be_read(site: Site) -> None:
    (found,) = site.service.get("customFields?search=finding").json()["values"]
    assert (found["id"], found["isAllProjects"], found["projectIds"]) == ("customfield_20004", True, [])
    options = site.service.get("customFields/20004/options").json()
    assert [one["value"] for one in options["options"]] == ["MET", "NOT MET"]
    own = {"context": {"field": "customfield_20004", "project": "CMMC", "options": ["PARTLY"]}}
    assert site.service.post("/sandbox/administration", own).status_code == 200
    narrow = site.service.get("customFields/20004/options?projectIds=10000").json()
    assert [one["value"] for one in narrow["options"]] == ["PARTLY"]
    assert site.service.get("customFields/1/options").status_code == 404
