"""Webhooks of Jira Data Center 10: signed by their configuration, sent once, told as servers tell."""

import hashlib
import hmac
from datetime import timedelta
from typing import Any

import pytest

from jira_sandbox.flavour import DATACENTER
from jira_sandbox.webhooks import EVENTS
from support.caller import Site
from support.people import VIEWER
from support.receiver import Receiver

PATH = "/rest/jira-webhook/1.0/webhooks"


@pytest.fixture
def site() -> Site:
    return Site(flavour=DATACENTER)


def register(site: Site, **more: object) -> dict[str, Any]:
    body = {
        "id": None,
        "name": "service",
        "url": "http://127.0.0.1:9/hooks",
        "events": sorted(EVENTS),
        "active": True,
        "scopeType": "global",
        "configuration": {"SECRET": "s3cret", "EXCLUDE_BODY": "false"},
        **more,
    }
    answer = site.service.post(PATH, body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def sent(site: Site, *answers: int | None) -> Receiver:
    receiver = Receiver(list(answers))
    site.state.webhooks.pump(receiver)
    return receiver


def test_a_webhook_is_listed_without_its_secret(site: Site) -> None:
    made = register(site)
    assert site.service.get(PATH).json() == [made]
    assert site.service.get(f"{PATH}/{made['id']}").json() == made
    assert (made["id"], made["active"], made["configuration"]) == (1, True, {"EXCLUDE_BODY": "false"})
    assert site.service.delete(f"{PATH}/1").status_code == 204
    assert site.service.get(f"{PATH}/1").status_code == 404
    assert site.service.get(PATH).json() == []


def test_the_configurations_secret_signs_the_very_bytes_and_no_header_is_clouds(site: Site) -> None:
    register(site)
    site.service.create("Zoë's issue")
    ((url, headers, body),) = sent(site).sent
    assert url == "http://127.0.0.1:9/hooks"
    assert headers["X-Hub-Signature"] == "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert not [name for name in headers if name.startswith("X-Atlassian-Webhook")]


def test_the_form_of_jira_9_is_ignored_without_a_word(site: Site) -> None:
    filters = {"issue-related-events-section": "labels = cmmc"}
    register(site, secret="s3cret", filters=filters, excludeBody=True, configuration={})
    site.service.create()
    receiver = sent(site)
    assert receiver.payload()["issue"]["key"] == "CMMC-1"
    assert receiver.header("X-Hub-Signature") == [None]


def test_a_delivery_that_fails_is_not_tried_again(site: Site) -> None:
    register(site)
    site.service.create()
    assert len(sent(site, 503).sent) == 1
    site.state.clock.advance(timedelta(days=1))
    assert sent(site).sent == []
    assert site.service.get("/sandbox/webhooks").json()["waiting"] == 0


def test_an_edit_writes_the_whole_webhook(site: Site) -> None:
    made = register(site)
    changed = {**made, "active": False, "configuration": {"EXCLUDE_BODY": "true"}}
    answer = site.service.put(f"{PATH}/1", changed)
    assert answer.status_code == 200
    site.service.create()
    assert sent(site).sent == []
    site.service.put(f"{PATH}/1", {**changed, "active": True})
    site.service.create()
    ((_, headers, body),) = sent(site).sent
    assert (body, "X-Hub-Signature" in headers) == (b"", False)


def test_a_filter_is_entered_on_the_page_and_outlives_an_edit(site: Site) -> None:
    made = register(site, events=["jira:issue_created"])
    form = {"webhook": {"id": made["id"], "filter": "labels = cmmc"}}
    assert site.service.post("/sandbox/administration", form).status_code == 200
    site.service.put(f"{PATH}/1", made)
    site.service.create("mine", labels=["cmmc"])
    site.service.create("other")
    receiver = sent(site)
    assert [receiver.payload(place)["issue"]["key"] for place in range(len(receiver.sent))] == ["CMMC-1"]


def test_every_deed_is_told_as_servers_tell_it(site: Site) -> None:
    register(site)
    site.service.create("one", assignee={"name": "dana.whitfield"})
    site.service.put("issue/CMMC-1/assignee", {"name": None})
    site.service.post("issue/CMMC-1/comment", {"body": "hi"})
    site.service.delete("issue/CMMC-1/comment/10000")
    receiver = sent(site)
    assert receiver.events() == [
        "jira:issue_created", "jira:issue_updated", "comment_created", "jira:issue_updated", "comment_deleted",
        "jira:issue_updated",
    ]  # fmt: skip
    told = [receiver.payload(place) for place in range(len(receiver.sent))]
    kinds = [one.get("issue_event_type_name") for one in told]
    assert kinds == ["issue_created", "issue_assigned", None, "issue_commented", None, "issue_comment_deleted"]
    assert (told[0]["user"]["name"], "accountId" in told[0]["user"]) == ("service", False)
    assert told[0]["issue"]["fields"]["assignee"]["key"] == "JIRAUSER10004"
    (item,) = told[1]["changelog"]["items"]
    assert (item["field"], item["from"], item["to"], "fieldId" in item) == ("assignee", "JIRAUSER10004", None, False)
    assert "issue" not in told[2]
    assert told[2]["comment"]["self"] == "http://jira.test/rest/api/2/issue/10000/comment/10000"
    assert told[3]["comment"]["body"] == "hi"
    assert told[3]["issue"]["fields"]["comment"]["total"] == 1


def test_a_link_is_told_by_ids_alone(site: Site) -> None:
    site.service.create()
    site.service.create()
    register(site, events=["issuelink_created"])
    ends = {"inwardIssue": {"key": "CMMC-1"}, "outwardIssue": {"key": "CMMC-2"}}
    site.service.post("issueLink", {"type": {"name": "Blocks"}, **ends})
    told = sent(site).payload()["issueLink"]
    assert (told["sourceIssueId"], told["destinationIssueId"]) == (10000, 10001)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"url": "http://example.com/hooks"},
        {"events": ["jira:issue_moved"]},
        {"configuration": "s3cret"},
        {"configuration": {"SECRET": 5}},
    ],
)
def test_a_webhook_that_cannot_be_is_refused(site: Site, wrong: dict[str, object]) -> None:
    body = {"name": "x", "url": "http://localhost:1/", "events": ["jira:issue_created"], **wrong}
    assert site.service.post(PATH, body).status_code == 400
    assert site.service.get(PATH).json() == []


def test_webhooks_are_for_administrators(site: Site) -> None:
    assert site.caller(VIEWER).get(PATH).status_code == 403
    assert site.anonymous.get(PATH).status_code == 401
