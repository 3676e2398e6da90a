"""What an administrator does on Jira's pages, done by the sandbox's control, on both flavours."""

from typing import Any

import pytest

from jira_sandbox.catalogue import TYPES
from support.caller import Caller, Site, fields_of
from support.people import DANA


@pytest.fixture
def site(flavour: str) -> Site:
    return Site(flavour=flavour)


def form(site: Site, **asked: object) -> None:
    answer = site.anonymous.post("/sandbox/administration", asked)
    assert (answer.status_code, answer.json()) == (200, {}), answer.text


def new_field(site: Site, kind: str = "select") -> str:
    answer = site.service.post("field", {"name": "Variant", "type": TYPES + kind})
    assert answer.status_code == 201
    return str(answer.json()["id"])


def create_form(site: Site, issue_type: str = "10002") -> dict[str, dict[str, Any]]:
    page = site.service.get(f"issue/createmeta/CMMC/issuetypes/{issue_type}?maxResults=200").json()
    return {one["fieldId"]: one for one in page["values" if site.state.datacenter else "fields"]}


def test_a_new_field_takes_the_options_it_is_given_once_it_is_on_the_screen(site: Site) -> None:
    field = new_field(site)
    form(site, options={"field": field, "add": ["A", "B"]})
    form(site, screen={"name": "CMMC: Software Development Default Issue Screen", "fields": [field]})
    assert [one["value"] for one in create_form(site)[field]["allowedValues"]] == ["A", "B"]
    key = site.service.create(**{field: {"value": "B"}})
    assert site.service.fields(key)[field]["value"] == "B"


def test_a_context_gives_a_project_options_of_its_own(site: Site) -> None:
    form(site, context={"field": "customfield_20004", "project": "CMMC", "options": ["PARTLY"]})
    assert [one["value"] for one in create_form(site)["customfield_20004"]["allowedValues"]] == ["PARTLY"]
    assert site.service.post("issue", {"fields": fields_of(customfield_20004={"value": "MET"})}).status_code == 400


def test_an_issue_type_shows_the_screen_that_it_is_given(site: Site) -> None:
    form(site, screen={"name": "Short", "fields": ["summary", "issuetype"]})
    form(site, screens={"project": "CMMC", "issue_types": {"Story": "Short"}})
    assert "description" not in create_form(site, "10001")
    assert "description" in create_form(site, "10002")
    refused = site.service.post("issue", {"fields": fields_of(kind="Story", description="x")})
    assert "cannot be set" in refused.json()["errors"]["description"]


def test_a_field_is_required_until_it_is_not(site: Site) -> None:
    form(site, required={"field": "customfield_20001", "required": True})
    assert create_form(site)["customfield_20001"]["required"]
    refused = site.service.post("issue", {"fields": fields_of()})
    assert refused.json()["errors"] == {"customfield_20001": "Reference is required."}
    form(site, required={"field": "customfield_20001", "required": False})
    site.service.create()


WORKFLOW = {
    "issue_type": "Task",
    "statuses": [
        {"name": "Draft", "category": "new"},
        {"name": "In Progress", "category": "indeterminate"},
        {"name": "Closed", "category": "done"},
    ],
    "transitions": [
        {"name": "Begin", "from": ["Draft"], "to": "In Progress"},
        {"name": "Close", "to": "Closed", "required": ["resolution"]},
    ],
}


def test_an_issue_type_follows_the_workflow_that_it_is_given(site: Site) -> None:
    form(site, workflow=WORKFLOW)
    key = site.service.create()
    status = site.service.fields(key)["status"]
    assert (status["name"], status["statusCategory"]["key"]) == ("Draft", "new")
    steps = {
        one["name"]: one
        for one in site.service.get(f"issue/{key}/transitions?expand=transitions.fields").json()["transitions"]
    }
    assert steps.keys() == {"Begin", "Close"}
    assert steps["Close"]["fields"]["resolution"]["required"]
    close = {"transition": {"id": steps["Close"]["id"]}}
    assert site.service.post(f"issue/{key}/transitions", close).status_code == 400
    done = {**close, "fields": {"resolution": {"name": "Done"}}}
    assert site.service.post(f"issue/{key}/transitions", done).status_code == 204
    assert site.service.fields(key)["status"]["statusCategory"]["key"] == "done"
    again = site.service.get(f"issue/{key}/transitions").json()["transitions"]
    assert [one["name"] for one in again] == ["Close"]
    bug = site.service.create(kind="Bug")
    assert site.service.fields(bug)["status"]["name"] == "To Do"


def test_an_account_is_active_until_it_is_not(site: Site) -> None:
    (name,) = site.ref(DANA).values()
    form(site, user={"name": name, "active": False})
    assert site.caller(DANA).get("myself").status_code == 401
    refused = site.service.post("issue", {"fields": fields_of(assignee=site.ref(DANA))})
    assert refused.status_code == 400
    form(site, user={"name": name, "active": True})
    assert site.caller(DANA).get("myself").status_code == 200


def test_a_captcha_locks_the_password_and_not_the_token_and_is_known_on_data_center_only(site: Site) -> None:
    (name,) = site.ref(site.state.service).values()
    form(site, user={"name": name, "captcha": True})
    assert site.service.get("myself").status_code == (403 if site.state.datacenter else 200)
    bearer = Caller(site.app, None)
    bearer.session.headers["Authorization"] = f"Bearer {site.state.service_user().token}"
    assert bearer.get("myself").status_code == 200
    form(site, user={"name": name, "captcha": False})
    assert site.service.get("myself").status_code == 200


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({}, "Give exactly one of options or context"),
        ({"required": {}, "user": {}}, "Give exactly one of"),
        ({"fly": {}}, "Give exactly one of"),
        ({"user": []}, "The value of user must be an object."),
        ({"user": {"active": True}}, "The object of user holds name"),
        ({"user": {"name": "nobody", "active": True}}, "There is no account 'nobody'."),
        ({"options": {"field": "customfield_1", "add": ["A"]}}, "There is no custom field 'customfield_1'."),
        ({"options": {"field": "customfield_20001", "add": ["A"]}}, "takes no options"),
        ({"options": {"field": "customfield_20004", "add": ["MET"]}}, "has MET already"),
        ({"context": {"field": "customfield_20004", "project": "NOPE"}}, "There is no project 'NOPE'."),
        ({"screen": {"name": "x", "fields": ["nope"]}}, "fields that exist: nope"),
        ({"screens": {"project": "CMMC", "issue_types": {"Task": "Nope"}}}, "There is no screen 'Nope'."),
        ({"screens": {"project": "CMMC", "issue_types": {"Nope": "Default Screen"}}}, "There is no issue type 'Nope'."),
        ({"webhook": {"id": 1, "enabled": False}}, "There is no webhook 1."),
        ({"workflow": {**WORKFLOW, "statuses": [{"name": "x", "category": "late"}]}}, "one of the categories"),
        ({"workflow": {**WORKFLOW, "transitions": [{"name": "x", "to": "Nope"}]}}, "that is not there"),
    ],
)
def test_a_form_that_cannot_be_is_refused_in_a_sentence_and_nothing_is_done(
    site: Site, asked: dict[str, object], sentence: str
) -> None:
    before = dict(site.state.statuses), dict(site.state.screens), dict(site.state.screen_schemes)
    answer = site.anonymous.post("/sandbox/administration", asked)
    assert answer.status_code == 400
    assert sentence in answer.json()["errorMessages"][0]
    assert (site.state.statuses, site.state.screens, site.state.screen_schemes) == before
