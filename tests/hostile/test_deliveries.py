"""Whatever is sent to the webhook's address: it is stored, known or refused with a sentence, and never a fault."""

import hashlib
import hmac
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.served import SECRET, Served

MANY = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
ISSUE = {"id": "10001", "key": "CMMC-1", "fields": {"issuetype": {"name": "CMMC Assessment"}, "labels": ["cmmc-10001"]}}
KEYS = ["webhookEvent", "issue", "id", "key", "fields", "issuetype", "name", "project", "labels", "comment", "self",
        "issueLink", "sourceIssueId", "destinationIssueId", "changelog", "items", "field", "fromString", "attachment",
        "filename", "eventType", "event"]  # fmt: skip
WORDS = st.sampled_from(["jira:issue_updated", "jira:issue_deleted", "comment_created", "issuelink_created",
                         "attachment_created", "CMMC Assessment", "CMMC", "OTHER-1", "cmmc-10001", "cmmc-\u0661",
                         "10001", "\u0661", "9" * 4000, "https://x/issue/7/", "\ud800", "\x00", "*"])  # fmt: skip
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.floats(), st.text(max_size=8), WORDS)
SHAPES = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.lists(below, max_size=3), st.dictionaries(st.sampled_from(KEYS), below, max_size=5), st.just(ISSUE)
    ),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("served"))
    yield served
    served.service.stop()


def held(served: Served, body: bytes) -> int:
    """Return how a signed body is answered; each refusal is one sentence."""
    answer = served.deliver(body)
    assert answer.status_code in {200, 202, 400}
    if answer.status_code == 400:
        assert str(answer.get_json()["error"]).endswith("send the event as Jira does.")
    return answer.status_code


@MANY
@given(body=st.binary(max_size=300))
def test_any_bytes_that_are_signed_are_taken_or_refused(served: Served, body: bytes) -> None:
    held(served, body)


@MANY
@given(payload=st.dictionaries(st.sampled_from(KEYS), SHAPES, min_size=1, max_size=6))
def test_any_json_object_that_is_signed_is_stored_however_it_is_made(served: Served, payload: dict[str, Any]) -> None:
    assert held(served, json.dumps(payload).encode()) in {200, 202}


@MANY
@given(body=st.binary(max_size=100), signature=st.text(st.characters(max_codepoint=255), max_size=90))
def test_nothing_is_taken_of_anything_unsigned(served: Served, body: bytes, signature: str) -> None:
    clean = "".join(each for each in signature if each not in "\r\n\x00")
    answer = served.web.post("/webhooks/jira", data=body, headers={"X-Hub-Signature": clean})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b"[" * 8_000_000, b'{"issue":' + b"[" * 900 + b"]" * 900 + b"}"],
    ids=["objects", "eight million lists", "deep but within what json reads"],
)
def test_a_body_nested_to_any_depth_is_answered(served: Served, body: bytes) -> None:
    assert held(served, body) == (202 if len(body) < 10_000 else 400)


@pytest.mark.parametrize(("parts", "status"), [(200_000, 202), (300_000, 400), (5_000_000, 400)])
def test_a_body_of_very_many_parts_takes_little_memory(served: Served, parts: int, status: int) -> None:
    body = b'{"webhookEvent": "x", "issue": {"fields": {"labels": [' + b"[]," * parts + b"[]]}}}"
    tracemalloc.start()
    assert held(served, body) == status
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * len(body) + 40_000_000


OTHERS: dict[str, dict[str, Any]] = {
    "Confluence": {"event": "page_updated", "timestamp": 1, "userAccountId": "5b", "page": {"id": 65603,
                   "title": "[~admin] {code}", "self": "https://x/wiki/rest/api/content/65603"}},
    "Bitbucket": {"actor": {"type": "user"}, "repository": {"full_name": "a/b"}, "push": {"changes": [{"new": {}}]}},
    "Bitbucket Data Center": {"eventKey": "pr:comment:added", "comment": {"id": 7, "text": "x"}, "pullRequest": {}},
    "Jira Service Management": {"issue": {"id": "10100", "key": "HELP-1", "fields": {"issuetype": {"name": "Incident"},
                                "project": {"key": "HELP"}, "customfield_10010": {"requestType": {}}}}},
    "Tempo": {"webhookEvent": "worklog.created", "worklog": {"tempoWorklogId": 1, "issue": {"id": 10001}}},
    "Jira worklog": {"webhookEvent": "worklog_created", "worklog": {"self": "https://x/issue/10001/worklog/1"}},
    "Jira Software": {"webhookEvent": "board_configuration_changed", "configuration": {"id": 2}},
    "Jira user": {"webhookEvent": "user_deleted", "user": {"accountId": "1", "displayName": "x"}},
    "GitHub": {"action": "opened", "issue": {"id": 1, "number": 2, "labels": [{"id": 3, "name": "bug"}]}},
}  # fmt: skip


@pytest.mark.parametrize("product", OTHERS)
def test_an_event_of_another_product_is_stored_and_asks_for_nothing_of_other_projects(
    served: Served, product: str
) -> None:
    served.marked()
    assert served.deliver(OTHERS[product]).status_code == 202
    assert not set(served.marked()) - {"*", "1"}


def test_every_secret_is_compared_in_constant_time(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []
    compare = hmac.compare_digest

    def noted(one: bytes, other: bytes) -> bool:
        compared.append(one)
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", noted)
    body = b'{"webhookEvent": "x", "n": 1}'
    assert served.deliver(body, secret="another").status_code == 401
    assert compared == [hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest().encode()]


def test_an_older_delivery_that_somebody_sends_again_changes_nothing_even_under_a_new_name(tmp_path: Path) -> None:
    served = Served(tmp_path)
    old = {"webhookEvent": "jira:issue_updated", "issue": ISSUE, "timestamp": 1}
    assert served.deliver(old).status_code == 202
    assert served.deliver(old).status_code == 200
    before = len(served.state.requests)
    assert served.deliver(old, headers={"X-Atlassian-Webhook-Identifier": "made-up"}).status_code == 202
    assert served.marked() == ["10001"]
    assert len(served.state.requests) == before
    served.service.stop()
