"""Webhooks: what is told, to whom, signed how, and again when."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jira_sandbox.webhooks import EVENTS, OUTCOMES, Delivery, signature
from support.caller import Site
from support.people import DANA, VIEWER
from support.receiver import Receiver

PATH = "/rest/webhooks/1.0/webhook"
SECTION = "issue-related-events-section"


@pytest.fixture
def site() -> Site:
    return Site()


def register(site: Site, **more: object) -> dict[str, Any]:
    body = {"name": "service", "url": "http://127.0.0.1:9/hooks", "events": sorted(EVENTS), "secret": "s3cret", **more}
    answer = site.service.post(PATH, body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_a_file_that_goes_is_told_with_its_entry_of_the_changelog(site: Site) -> None:
    site.service.create("one")
    token = {"X-Atlassian-Token": "no-check"}
    (made,) = site.service.post("issue/CMMC-1/attachments", files={"file": ("a.csv", b"x")}, headers=token).json()
    register(site, events=["attachment_deleted", "jira:issue_updated"])
    assert site.service.delete(f"attachment/{made['id']}").status_code == 204
    receiver = Receiver()
    site.state.webhooks.pump(receiver)
    assert receiver.events() == ["attachment_deleted", "jira:issue_updated"]
    assert receiver.payload(0)["attachment"]["id"] == made["id"]
    (item,) = receiver.payload(1)["changelog"]["items"]
    assert (item["field"], item["from"], item["fromString"], item["to"]) == ("Attachment", made["id"], "a.csv", None)


def test_the_last_attempts_are_remembered_and_no_more(site: Site) -> None:
    register(site)
    receiver = Receiver()
    for _ in range(OUTCOMES + 1):
        site.state.webhooks.fire("jira:issue_created", None, {})
    site.state.webhooks.pump(receiver)
    answer = site.service.get("/sandbox/webhooks").json()
    assert (answer["waiting"], len(answer["outcomes"]), len(receiver.sent)) == (0, OUTCOMES, OUTCOMES + 1)


def test_atlassians_test_vector_is_signed_as_they_say(site: Site) -> None:
    register(site, secret="It's a Secret to Everybody")
    (hook,) = site.state.webhooks.hooks.values()
    delivery = Delivery("id", hook.id, b"Hello World!", site.state.clock.now(), "Primary")
    digest = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    assert signature(hook, delivery)["X-Hub-Signature"] == f"sha256={digest}"
    assert signature(replace(hook, secret=None), delivery) == {}


def test_every_deed_is_told_in_the_shape_that_jira_sends(site: Site) -> None:
    register(site)
    receiver = Receiver()
    site.service.create("one", assignee={"accountId": DANA})
    site.service.create("two")
    site.service.put("issue/CMMC-1", {"fields": {"summary": "new"}})
    site.service.put("issue/CMMC-1/assignee", {"accountId": None})
    site.service.post("issue/CMMC-1/transitions", {"transition": {"id": "31"}})
    site.service.post("issue/CMMC-1/comment", {"body": "hi"})
    ends = {"inwardIssue": {"key": "CMMC-1"}, "outwardIssue": {"key": "CMMC-2"}}
    site.service.post("issueLink", {"type": {"name": "Blocks"}, **ends})
    token = {"X-Atlassian-Token": "no-check"}
    site.service.post("issue/CMMC-1/attachments", files={"file": ("a.csv", b"x")}, headers=token)
    site.service.delete("issue/CMMC-1")
    assert site.state.webhooks.pump(receiver) == 10
    told = {event: receiver.payload(place) for place, event in enumerate(receiver.events())}
    assert receiver.events() == [
        "jira:issue_created", "jira:issue_created", "jira:issue_updated", "jira:issue_updated", "jira:issue_updated",
        "comment_created", "issuelink_created", "attachment_created", "jira:issue_updated", "jira:issue_deleted",
    ]  # fmt: skip
    kinds = [receiver.payload(place).get("issue_event_type_name") for place in range(5)]
    assert kinds == ["issue_created", "issue_created", "issue_updated", "issue_assigned", "issue_generic"]
    edited = receiver.payload(2)
    assert edited["timestamp"] == int(site.state.clock.now().timestamp() * 1000)
    assert edited["user"]["accountId"] == site.state.service
    assert (edited["issue"]["key"], edited["issue"]["fields"]["summary"]) == ("CMMC-1", "new")
    (item,) = edited["changelog"]["items"]
    assert (item["fieldId"], item["fromString"], item["toString"]) == ("summary", "one", "new")
    assert told["comment_created"]["comment"]["body"] == "hi"
    assert told["comment_created"]["issue"]["fields"]["status"]["name"] == "Done"
    assert "user" not in told["comment_created"]
    assert told["issuelink_created"]["issueLink"]["sourceIssueId"] == 10000
    assert told["issuelink_created"]["issueLink"]["destinationIssueId"] == 10001
    assert told["attachment_created"]["attachment"]["filename"] == "a.csv"
    assert "issue" not in told["attachment_created"]
    assert "issue" in told["jira:issue_deleted"]


def test_the_signature_is_over_the_very_bytes(site: Site) -> None:
    register(site, secret="übung")
    receiver = Receiver()
    site.service.create("Zoë's issue")
    site.state.webhooks.pump(receiver)
    ((url, sent, body),) = receiver.sent
    assert url == "http://127.0.0.1:9/hooks"
    assert sent["X-Hub-Signature"] == "sha256=" + hmac.new("übung".encode(), body, hashlib.sha256).hexdigest()


def test_only_the_issues_that_the_filter_finds_are_told_of(site: Site) -> None:
    register(site, filters={SECTION: "project = CMMC AND labels = cmmc"}, events=["jira:issue_created"])
    receiver = Receiver()
    site.service.create("mine", labels=["cmmc"])
    site.service.create("other")
    site.service.put("issue/CMMC-2", {"fields": {"labels": ["cmmc"]}})
    site.state.webhooks.pump(receiver)
    assert [receiver.payload(0)["issue"]["key"], len(receiver.sent)] == ["CMMC-1", 1]


def test_a_webhook_that_is_switched_off_or_gone_hears_nothing(site: Site) -> None:
    made = register(site)
    receiver = Receiver()
    site.service.create()
    number = made["self"].rpartition("/")[2]
    site.service.put(f"{PATH}/{number}", {"enabled": False})
    site.service.create()
    assert site.state.webhooks.pump(receiver) == 0
    assert site.service.delete(f"{PATH}/{number}").status_code == 204
    assert site.service.get(f"{PATH}/{number}").status_code == 404
    assert site.service.get(PATH).json() == []


def test_a_body_can_be_left_out(site: Site) -> None:
    register(site, excludeBody=True)
    receiver = Receiver()
    site.service.create()
    site.state.webhooks.pump(receiver)
    assert receiver.sent[0][2] == b""


def test_bulk_creates_flow_apart(site: Site) -> None:
    register(site)
    receiver = Receiver()
    site.service.create()
    fields = {"project": {"key": "CMMC"}, "issuetype": {"name": "Task"}, "summary": "x"}
    site.service.post("issue/bulk", {"issueUpdates": [{"fields": fields}]})
    site.state.webhooks.pump(receiver)
    assert receiver.header("X-Atlassian-Webhook-Flow") == ["Primary", "Secondary"]


@pytest.mark.parametrize("answer", [408, 409, 425, 429, 500, 503, None])
def test_a_delivery_that_fails_is_tried_five_times_more_under_one_name(site: Site, answer: int | None) -> None:
    register(site)
    site.service.create()
    receiver = Receiver([answer] * 99)
    for _ in range(9):
        site.state.webhooks.pump(receiver)
        site.state.webhooks.pump(receiver)
        site.state.clock.advance(timedelta(minutes=15))
    assert receiver.header("X-Atlassian-Webhook-Retry") == [None, "1", "2", "3", "4", "5"]
    assert len(set(receiver.header("X-Atlassian-Webhook-Identifier"))) == 1
    assert len({body for _, _, body in receiver.sent}) == 1


@pytest.mark.parametrize("answer", [200, 202, 301, 400, 401, 404, 413])
def test_an_answer_that_says_enough_ends_it(site: Site, answer: int) -> None:
    register(site)
    site.service.create()
    receiver = Receiver([answer])
    site.state.webhooks.pump(receiver)
    site.state.clock.advance(timedelta(days=1))
    assert site.state.webhooks.pump(receiver) == 0


def test_the_next_attempt_is_five_to_fifteen_minutes_away(site: Site) -> None:
    register(site)
    site.service.create()
    receiver = Receiver([503])
    site.state.webhooks.pump(receiver)
    site.state.clock.advance(timedelta(seconds=299))
    assert site.state.webhooks.pump(receiver) == 0
    site.state.clock.advance(timedelta(seconds=601))
    assert site.state.webhooks.pump(receiver) == 1


def test_deliveries_are_told_apart_by_name(site: Site) -> None:
    register(site)
    receiver = Receiver()
    site.service.create()
    site.service.create()
    site.state.webhooks.pump(receiver)
    assert len(set(receiver.header("X-Atlassian-Webhook-Identifier"))) == 2


def test_what_is_lost_never_comes(site: Site) -> None:
    register(site)
    site.service.set_fault(webhooks={"lose": 1.0})
    site.service.create()
    receiver = Receiver()
    assert site.state.webhooks.pump(receiver) == 0
    site.service.set_fault()
    site.state.clock.advance(timedelta(days=1))
    assert site.state.webhooks.pump(receiver) == 0
    assert receiver.sent == []


def test_what_is_repeated_comes_twice_under_one_name(site: Site) -> None:
    register(site)
    site.service.set_fault(webhooks={"repeat": 1.0})
    site.service.create()
    receiver = Receiver()
    assert site.state.webhooks.pump(receiver) == 2
    assert len(set(receiver.header("X-Atlassian-Webhook-Identifier"))) == 1


def order(seed: int) -> tuple[list[str], list[str]]:
    site = Site()
    register(site)
    site.service.set_fault(webhooks={"reorder": True, "lose": 0.3, "seed": seed})
    made = [site.service.create() for _ in range(12)]
    receiver = Receiver()
    site.state.webhooks.pump(receiver)
    return made, [receiver.payload(place)["issue"]["key"] for place in range(len(receiver.sent))]


def test_disorder_is_by_chance_and_the_same_for_the_same_seed() -> None:
    made, arrived = order(7)
    assert arrived != [key for key in made if key in arrived]
    assert 0 < len(arrived) < len(made)
    assert order(7) == (made, arrived)
    assert order(8) != (made, arrived)


def test_retries_can_be_made_quick(site: Site) -> None:
    register(site)
    site.service.set_fault(webhooks={"retry_seconds": 2})
    site.service.create()
    receiver = Receiver([500])
    site.state.webhooks.pump(receiver)
    site.state.clock.advance(timedelta(seconds=2))
    assert site.state.webhooks.pump(receiver) == 1


def test_the_secret_is_never_shown_and_stays_when_it_is_not_named(site: Site) -> None:
    made = register(site)
    assert "s3cret" not in site.service.get(PATH).text
    assert made["isSigned"]
    number = made["self"].rpartition("/")[2]
    changed = site.service.put(f"{PATH}/{number}", {"name": "other"}).json()
    assert (changed["name"], changed["url"], changed["isSigned"]) == ("other", made["url"], True)
    assert site.state.webhooks.hooks[number].secret == "s3cret"


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://example.com/hooks"},
        {"url": "ftp://127.0.0.1/hooks"},
        {"url": "http://127.0.0.1.example.com/"},
        {"url": "nonsense"},
        {"name": ""},
        {"events": ["jira:issue_moved"]},
        {"filters": {"other": "x"}},
        {"filters": {SECTION: "nope is"}},
        {"surprise": 1},
    ],
)
def test_a_webhook_that_cannot_be_is_refused(site: Site, wrong: dict[str, object]) -> None:
    body = {"name": "x", "url": "http://localhost:1/", "events": ["jira:issue_created"], **wrong}
    assert site.service.post(PATH, body).status_code == 400
    assert site.service.get(PATH).json() == []


def test_a_host_that_the_server_was_started_with_is_allowed(site: Site) -> None:
    site.state.webhook_hosts = frozenset({"service"})
    register(site, url="http://service:8080/webhooks/jira")


def test_webhooks_are_for_administrators(site: Site) -> None:
    body = {"name": "x", "url": "http://localhost:1/", "events": []}
    assert site.caller(VIEWER).post(PATH, body).status_code == 403
    assert site.anonymous.post(PATH, body).status_code == 401
