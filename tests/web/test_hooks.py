import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cmmc_jira.core.mapping import ProjectMapping
from cmmc_jira.settings import Role
from cmmc_jira.web.app import create_app
from support.served import Served

ASSESSMENT = {
    "webhookEvent": "jira:issue_updated",
    "issue": {"id": "10001", "fields": {"issuetype": {"name": "CMMC Assessment"}, "project": {"key": "CMMC"}}},
}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path)
    yield served
    served.service.stop()


def test_a_delivery_is_stored_then_known(served: Served) -> None:
    assert served.deliver(ASSESSMENT).status_code == 202
    assert served.deliver(ASSESSMENT).status_code == 200
    assert served.marked() == ["10001"]
    assert served.metric('cmmc_jira_deliveries_total{result="stored"}') == 1
    assert served.metric('cmmc_jira_deliveries_total{result="known"}') == 1


def test_an_assessment_is_known_by_what_the_project_calls_its_type(served: Served) -> None:
    mapped = replace(served.service, mapping=ProjectMapping(issue_types={"assessment": "Audit"}))
    served.web = create_app(mapped).test_client()
    audit = {"id": "10002", "fields": {"issuetype": {"name": "Audit"}, "project": {"key": "CMMC"}}}
    assert served.deliver({"webhookEvent": "jira:issue_updated", "issue": audit}).status_code == 202
    assert served.deliver(ASSESSMENT).status_code == 202
    assert served.marked() == ["10002"]


def test_a_delivery_is_known_by_the_name_that_jira_gives_it(served: Served) -> None:
    name = {"X-Atlassian-Webhook-Identifier": "7f-1"}
    assert served.deliver(ASSESSMENT, headers=name).status_code == 202
    assert served.deliver({**ASSESSMENT, "timestamp": 2}, headers=name).status_code == 200
    assert served.deliver({**ASSESSMENT, "timestamp": 3}, headers={}).status_code == 202


def test_a_bad_signature_is_refused_and_nothing_is_stored(served: Served) -> None:
    answer = served.deliver(ASSESSMENT, secret="another")
    assert answer.status_code == 401
    assert "CMMC_JIRA_WEBHOOK_SECRET" in answer.get_json()["error"]
    assert served.marked() == []
    assert served.metric('cmmc_jira_deliveries_total{result="refused"}') == 1


def test_the_signature_is_over_the_bytes_as_they_came(served: Served) -> None:
    spaced = b' {"webhookEvent":\t"jira:issue_updated" ,"issue":{"id":"10001"}}\n'
    assert served.deliver(spaced).status_code == 202


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"text"', b"1", b"\xff\xfe", b"[" * 100_000, b'{"n": ' + b"9" * 5000 + b"}"]
)
def test_a_body_that_is_no_json_object_is_refused(served: Served, body: bytes) -> None:
    answer = served.deliver(body)
    assert answer.status_code == 400
    assert answer.get_json()["error"].endswith("send the event as Jira does.")
    assert served.marked() == []


@pytest.mark.parametrize(
    ("payload", "marked"),
    [
        ({"webhookEvent": "jira:issue_updated", "issue": "text"}, ["*"]),
        ({"webhookEvent": "jira:issue_updated", "issue": {"id": {"deep": 1}, "fields": []}}, ["*"]),
        ({"webhookEvent": ["jira:issue_updated"], "issue": {"id": "10001", "fields": None}}, ["*"]),
        ({**ASSESSMENT, "changelog": 7}, ["10001"]),
        ({**ASSESSMENT, "user": {"unknown": [1]}, "more": "x" * 10_000}, ["10001"]),
        ({"webhookEvent": "sprint_started", "sprint": {"id": 1}}, []),
    ],
)
def test_a_payload_of_a_strange_shape_is_stored_and_read_as_far_as_it_goes(
    served: Served, payload: dict[str, Any], marked: list[str]
) -> None:
    assert served.deliver(payload).status_code == 202
    assert served.marked() == marked


def test_a_body_of_16_mib_is_read_and_one_byte_more_is_not(served: Served) -> None:
    frame = b'{"webhookEvent": "x", "padding": "%s"}'
    room = 16 * 1024 * 1024 - len(frame % b"")
    assert served.deliver(frame % (b"x" * room)).status_code == 202
    answer = served.deliver(frame % (b"x" * (room + 1)))
    assert answer.status_code == 413
    assert "16 MiB" in answer.get_json()["error"]


def test_when_the_database_is_away_jira_is_asked_to_try_again(tmp_path: Path) -> None:
    folder = tmp_path / "volume"
    folder.mkdir()
    served = Served(folder)
    shutil.rmtree(folder)
    assert served.deliver(ASSESSMENT).status_code == 503
    assert served.metric('cmmc_jira_deliveries_total{result="away"}') == 1
    folder.mkdir()
    assert served.deliver(ASSESSMENT).status_code == 202
    served.service.stop()


def test_nothing_but_storing_is_done_before_the_answer(served: Served) -> None:
    served.deliver(ASSESSMENT)
    assert served.state.requests == []


def test_what_was_sent_is_neither_answered_nor_logged(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    words = b'{"note": "the assessor wrote this'
    for answer in (served.deliver(words), served.deliver(words, secret="another")):
        assert b"assessor" not in answer.data
    assert "assessor" not in caplog.text


def test_a_worker_takes_no_webhooks(tmp_path: Path) -> None:
    served = Served(tmp_path, role=Role.WORKER)
    assert served.deliver(ASSESSMENT).status_code == 404
    assert served.web.get("/healthz").status_code == 200


def test_other_addresses_and_methods_get_a_sentence(served: Served) -> None:
    assert served.web.get("/nothing").get_json() == {"error": "Not Found."}
    assert served.web.get("/webhooks/jira").get_json() == {"error": "Method Not Allowed."}


def test_every_answer_is_hardened(served: Served) -> None:
    for path in ("/healthz", "/nothing", "/metrics"):
        headers = served.web.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert headers["Cache-Control"] == "no-store"


def test_a_fault_of_ours_is_answered_without_a_traceback(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> bytes:
        raise RuntimeError("with words of people")

    monkeypatch.setattr(served.service.metrics, "text", broken)
    answer = served.web.get("/metrics")
    assert (answer.status_code, answer.get_json()) == (500, {"error": "A fault of ours: see the log."})
