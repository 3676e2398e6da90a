"""What an event asks us to look at again."""

from collections.abc import Mapping
from typing import Any

import pytest

from cmmc_jira.core.deliveries import read_delivery, read_forge_delivery
from cmmc_jira.core.mapping import ProjectMapping


def about(
    type_name: str | None = "CMMC Remediation",
    *,
    id_: object = "10007",
    labels: tuple[str, ...] = (),
    project: str | None = "CMMC",
    event: str = "jira:issue_updated",
    changed: tuple[str, ...] = (),
    moved: bool = False,
) -> dict[str, Any]:
    fields: dict[str, Any] = {"labels": list(labels)}
    if type_name is not None:
        fields["issuetype"] = {"name": type_name}
    if project is not None:
        fields["project"] = {"key": project}
    issue = {"id": id_, "key": f"{project or 'CMMC'}-7", "fields": fields}
    items = [{"field": name, "fromString": "OTHERS-1"} for name in changed]
    items += [{"field": "project", "fromString": "CMMC"}, {"field": "Key", "fromString": "CMMC-3"}] if moved else []
    return {"webhookEvent": event, "issue": issue, "changelog": {"items": items}}


def marks(payload: Mapping[str, Any]) -> dict[str, list[str]]:
    return {key: list(ids) for key, ids in read_delivery(payload, project="CMMC").marks.items()}


EVERYTHING = {"*": ["10007"]}
EVERY_ONE = {"*": ["10007", "*"]}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (about("CMMC Assessment"), {"10007": ["10007"]}),
        (about("CMMC Assessment", event="jira:issue_created", id_=10007), {"10007": ["10007"]}),
        (about("CMMC Assessment", event="jira:issue_deleted"), EVERY_ONE),
        (about("CMMC Assessment", project="OTHER"), {}),
        (about("CMMC Remediation", labels=("cmmc", "cmmc-10001", "cmmc-10001-ac.l2-3.1.3")), {"10001": ["10007"]}),
        (about("CMMC Finding", labels=("cmmc-10001",)), {"10001": ["10007", "*"]}),
        (about("CMMC Status", labels=("cmmc-10001",), event="jira:issue_deleted"), {"10001": ["10007"]}),
        (about("CMMC Remediation", labels=("cmmc-10001", "cmmc-10002")), EVERYTHING),
        (about("CMMC Remediation"), EVERYTHING),
        (about("CMMC Finding"), EVERYTHING),
        (about(None), EVERYTHING),
        (about("Bug"), {}),
        (about("CMMC Finding", event="jira:issue_deleted"), EVERY_ONE),
        (about("Bug", event="jira:issue_deleted"), {}),
        (about("Bug", changed=("issuetype",)), EVERY_ONE),
        (about("Bug", changed=("labels",)), EVERY_ONE),
        (about("Bug", labels=("cmmc-10001",)), {"10001": ["10007"]}),
        (about("Bug", project="OTHER"), {}),
        (about("CMMC Remediation", project="OTHER"), {}),
        (about("CMMC Remediation", project="OTHER", labels=("cmmc-10001",)), {}),
        (about("Bug", project="OTHER", changed=("labels", "issuetype")), {}),
        (about("CMMC Remediation", project="OTHER", changed=("project", "Key")), {}),
        (
            about("CMMC Remediation", project="OTHER", labels=("cmmc-10001",), moved=True),
            {"10001": ["10007"]},
        ),
        (about("CMMC Remediation", project="OTHER", moved=True), EVERY_ONE),
        (about("CMMC Assessment", project="OTHER", moved=True), EVERY_ONE),
        (about("CMMC Finding", project=None), EVERYTHING),
    ],
)
def test_an_issue_leads_to_its_assessment_or_to_all_of_them(
    payload: Mapping[str, Any], expected: dict[str, list[str]]
) -> None:
    assert marks(payload) == expected


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (
            {
                "webhookEvent": "comment_created",
                "comment": {"self": "https://jira.example/rest/api/2/issue/10007/comment/10100", "id": "10100"},
            },
            EVERYTHING,
        ),
        ({"webhookEvent": "comment_deleted", "comment": {"self": "https://jira.example/comment/10100"}}, {}),
        (
            {"webhookEvent": "issuelink_created", "issueLink": {"sourceIssueId": 10007, "destinationIssueId": "9"}},
            {"*": ["9", "10007"]},
        ),
        ({"webhookEvent": "attachment_created", "attachment": {"id": "1"}}, {}),
        ({"webhookEvent": "jira:issue_updated", "issue": {"id": "not-a-number"}}, {"*": []}),
        ({"webhookEvent": "jira:issue_updated", "issue": None}, {"*": []}),
    ],
)
def test_an_event_without_an_issue_leads_to_what_it_names_and_one_that_tells_only_of_another_event_nowhere(
    payload: Mapping[str, Any], expected: dict[str, list[str]]
) -> None:
    assert marks(payload) == expected


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"webhookEvent": None},
        {"webhookEvent": "jira:version_released", "version": {"id": "1"}},
        {"webhookEvent": "sprint_started"},
        {"webhookEvent": "user_created"},
        {"webhookEvent": "page_created", "page": {"id": 1}},
        {"webhookEvent": "worklog_created", "worklog": {"issueId": "10007"}},
        {"event": "something else"},
    ],
)
def test_an_event_of_something_else_leads_nowhere(payload: Mapping[str, Any]) -> None:
    assert marks(payload) == {}


def test_the_event_and_its_issue_are_named_for_diagnosis() -> None:
    delivery = read_delivery(about(), project="CMMC")
    assert (delivery.event, delivery.issue_id) == ("jira:issue_updated", "10007")


FORGE_ISSUE = {"id": "10007", "fields": {"issuetype": {"name": "CMMC Finding"}, "project": {"key": "CMMC"}}}


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"eventType": "avi:jira:updated:issue", "issue": FORGE_ISSUE}, EVERYTHING),
        ({"eventType": "avi:jira:deleted:issue", "issue": about("CMMC Assessment")["issue"]}, EVERY_ONE),
        ({"eventType": "avi:jira:created:issue", "issue": about("CMMC Assessment")["issue"]}, {"10007": ["10007"]}),
        ({"eventType": "avi:jira:commented:issue", "issue": FORGE_ISSUE}, EVERYTHING),
        (
            {"eventType": "avi:jira:created:issuelink", "sourceIssueId": 10007, "destinationIssueId": "9"},
            {"*": ["9", "10007"]},
        ),
        (
            {
                "eventType": "avi:jira:created:attachment",
                "attachment": {"issueId": "10007", "fileName": "findings.csv"},
            },
            EVERYTHING,
        ),
        (
            {
                "eventType": "avi:jira:deleted:attachment",
                "attachment": {"issueId": "10007", "fileName": "closeout-burndown-0123abcd.png"},
            },
            {},
        ),
        ({"eventType": "avi:forge:installed:app"}, {"*": []}),
        ({"eventType": "avi:jira:viewed:issue", "issue": FORGE_ISSUE}, {}),
        ({}, {}),
    ],
)
def test_an_event_that_forge_brings_leads_where_a_webhook_would(
    payload: Mapping[str, Any], expected: dict[str, list[str]]
) -> None:
    read = read_forge_delivery(payload, project="CMMC").marks
    assert {key: list(ids) for key, ids in read.items()} == expected


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (about("Audit"), {"10007": ["10007"]}),
        (about("CMMC Assessment"), {}),
        (about("Observation"), EVERYTHING),
        (about("Observation", labels=("cmmc-10001",)), {"10001": ["10007", "*"]}),
        (about("Task", labels=("cmmc-10001",)), {"10001": ["10007"]}),
        (about("Task"), {}),
        (about("Task", changed=("labels",)), EVERY_ONE),
    ],
)
def test_types_are_known_by_what_the_project_calls_them_and_a_shared_one_by_our_label(
    payload: Mapping[str, Any], expected: Mapping[str, list[str]]
) -> None:
    names = {"assessment": "Audit", "remediation": "Task", "status": "Task", "finding": "Observation"}
    read = read_delivery(payload, project="CMMC", mapping=ProjectMapping(issue_types=names))
    assert {key: list(ids) for key, ids in read.marks.items()} == expected
