"""Transitions: which are open, what they ask for, what they leave behind."""

from dataclasses import replace

import pytest

from jira_sandbox.records import Status, Transition, Workflow
from support.caller import Site
from support.people import DANA, VIEWER


@pytest.fixture
def site(flavour: str) -> Site:
    return Site(flavour=flavour)


def strict(site: Site) -> None:
    """Bugs go one way only, through a review that asks for a resolution."""
    state = site.state
    state.statuses["10010"] = Status("10010", "In Review", "indeterminate")
    state.workflows["Strict"] = Workflow(
        "Strict",
        "10000",
        ("10000", "10010", "10001"),
        (
            Transition("11", "Send to review", "10010", frozenset({"10000"})),
            Transition("21", "Close", "10001", frozenset({"10010"}), screen="3", required=frozenset({"resolution"})),
        ),
    )
    project = state.projects["10000"]
    state.projects["10000"] = replace(project, workflows={**project.workflows, "10004": "Strict"})


def steps(site: Site, key: str) -> dict[str, str]:
    found = site.service.get(f"issue/{key}/transitions").json()["transitions"]
    return {step["name"]: step["to"]["statusCategory"]["key"] for step in found}


def test_the_default_workflow_leads_from_everywhere_to_everywhere(site: Site) -> None:
    key = site.service.create()
    assert steps(site, key) == {"To Do": "new", "In Progress": "indeterminate", "Done": "done"}


def test_done_sets_the_resolution_and_leaving_it_takes_it_away(site: Site) -> None:
    key = site.service.create()
    assert site.service.post(f"issue/{key}/transitions", {"transition": {"id": "31"}}).status_code == 204
    done = site.service.fields(key)
    assert (done["status"]["name"], done["resolution"]["name"]) == ("Done", "Done")
    assert done["resolutiondate"] == "2026-06-01T09:00:00.000+0000"
    site.service.post(f"issue/{key}/transitions", {"transition": {"id": "11"}})
    again = site.service.fields(key)
    assert (again["status"]["name"], again["resolution"], again["resolutiondate"]) == ("To Do", None, None)
    entries = site.service.history(key)
    moves = [(item["fromString"], item["toString"]) for entry in entries for item in entry["items"]]
    assert moves == [(None, "Done"), ("To Do", "Done"), ("Done", None), ("Done", "To Do")]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"transition": {"id": "99"}}, "Transition id '99' is not valid for this issue."),
        ({"transition": {"id": "Done"}}, "'transition' identifier must be an integer"),
        ({"transition": {"name": "Done"}}, "Missing 'transition' identifier"),
        ({}, "Missing 'transition' identifier"),
    ],
)
def test_a_step_that_is_none_is_refused(site: Site, body: dict[str, object], sentence: str) -> None:
    key = site.service.create()
    answer = site.service.post(f"issue/{key}/transitions", body)
    assert (answer.status_code, answer.json()["errorMessages"]) == (400, [sentence])


def test_a_step_from_another_status_is_not_open(site: Site) -> None:
    strict(site)
    key = site.service.create(kind="Bug")
    assert steps(site, key) == {"Send to review": "indeterminate"}
    answer = site.service.post(f"issue/{key}/transitions", {"transition": {"id": "21"}})
    assert answer.json()["errorMessages"] == ["Transition id '21' is not valid for this issue."]


def test_a_steps_screen_tells_and_takes_its_fields(site: Site) -> None:
    strict(site)
    key = site.service.create(kind="Bug")
    site.service.post(f"issue/{key}/transitions", {"transition": {"id": "11"}})
    (step,) = site.service.get(f"issue/{key}/transitions?expand=transitions.fields").json()["transitions"]
    assert step["fields"]["resolution"]["required"]
    assert "Duplicate" in [one["name"] for one in step["fields"]["resolution"]["allowedValues"]]
    bare = site.service.post(f"issue/{key}/transitions", {"transition": {"id": "21"}})
    assert bare.json()["errors"] == {"resolution": "Resolution is required."}
    body = {"transition": {"id": "21"}, "fields": {"resolution": {"name": "Duplicate"}}}
    assert site.service.post(f"issue/{key}/transitions", body).status_code == 204
    assert site.service.fields(key)["resolution"]["name"] == "Duplicate"


def test_a_field_that_is_not_on_the_steps_screen_is_refused(site: Site) -> None:
    key = site.service.create()
    body = {"transition": {"id": "31"}, "fields": {"resolution": {"name": "Done"}}}
    answer = site.service.post(f"issue/{key}/transitions", body)
    assert answer.status_code == 400
    assert answer.json()["errors"] == {
        "resolution": "Field 'resolution' cannot be set. It is not on the appropriate screen, or unknown."
    }
    assert site.service.fields(key)["status"]["name"] == "To Do"


def test_a_step_may_carry_a_comment(site: Site) -> None:
    key = site.service.create()
    body = {"transition": {"id": "21"}, "update": {"comment": [{"add": {"body": "on it"}}]}}
    assert site.service.post(f"issue/{key}/transitions", body).status_code == 204
    assert site.service.get(f"issue/{key}/comment").json()["comments"][0]["body"] == "on it"


def test_who_may_not_transition_is_offered_no_step(site: Site) -> None:
    key = site.service.create()
    viewer = site.caller(VIEWER)
    assert viewer.get(f"issue/{key}/transitions").json()["transitions"] == []
    answer = viewer.post(f"issue/{key}/transitions", {"transition": {"id": "31"}})
    assert answer.status_code == 400
    assert site.caller(DANA).post(f"issue/{key}/transitions", {"transition": {"id": "31"}}).status_code == 204


def test_the_statuses_of_a_project_are_those_of_its_workflows(site: Site) -> None:
    strict(site)
    found = {one["name"]: one["statuses"] for one in site.service.get("project/CMMC/statuses").json()}
    assert [one["name"] for one in found["Task"]] == ["To Do", "In Progress", "Done"]
    assert [one["name"] for one in found["Bug"]] == ["To Do", "In Review", "Done"]
