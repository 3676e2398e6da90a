import json
from typing import Any

import pytest
import requests

from support.openapi import Document
from support.openapi_deviations import ALLOWED, Deviation

BODY = {"type": "object", "properties": {"name": {"type": "string"}}, "additionalProperties": False}
JSON = {"application/json": {"schema": BODY}}
DOCUMENT = Document(
    {
        "openapi": "3.0.1",
        "info": {"title": "Things", "version": "1"},
        "paths": {
            "/rest/api/2/thing/{id}": {
                "put": {
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
                        {"name": "expand", "in": "query", "schema": {"type": "string"}},
                    ],
                    "requestBody": {"content": JSON},
                    "responses": {
                        "200": {"description": "ok", "content": JSON},
                        "400": {"description": "refused", "content": JSON},
                    },
                }
            }
        },
    }
)


def offences(path: str, sent: object, status: int, answered: object, method: str = "PUT") -> list[str]:
    request = requests.Request(method, f"http://jira.test{path}", json=sent).prepare()
    response = requests.Response()
    response.status_code = status
    response.headers["Content-Type"] = "application/json"
    response._content = json.dumps(answered).encode()
    return [*DOCUMENT.request_offences(request), *DOCUMENT.response_offences(request, response)]


def test_an_exchange_that_is_as_the_document_says_has_no_offence() -> None:
    assert offences("/rest/api/2/thing/1?expand=all", {"name": "a"}, 200, {"name": "b"}) == []


@pytest.mark.parametrize(
    ("path", "sent", "status", "answered", "said"),
    [
        ("/rest/api/2/thing/1", {"name": 1}, 200, {}, 'request: name: type "string"'),
        ("/rest/api/2/thing/one", {"name": "a"}, 200, {}, "request: Path parameter error: id"),
        ("/rest/api/2/thing/1?more=1", {"name": "a"}, 200, {}, "request: query parameter more is not documented"),
        ("/rest/api/2/thing/1", {}, 200, {"name": None}, 'response 200: name: type "string"'),
        ("/rest/api/2/thing/1", {}, 400, {"name": 1}, 'response 400: name: type "string"'),
        ("/rest/api/2/thing/1", {}, 409, {}, "response 409: not documented"),
    ],
)
def test_what_differs_is_said_without_its_value(path: str, sent: Any, status: int, answered: Any, said: str) -> None:  # noqa: ANN401 - any JSON
    assert said in offences(path, sent, status, answered)


@pytest.mark.parametrize(("method", "path"), [("PUT", "/rest/api/2/things"), ("DELETE", "/rest/api/2/thing/1")])
def test_an_operation_that_the_document_does_not_have_is_an_offence(method: str, path: str) -> None:
    assert "response 200: no such operation" in offences(path, {}, 200, {}, method)


def test_a_deviation_covers_its_own_operation_only() -> None:
    one = Deviation("Things*", "PUT", "/rest/api/2/thing/*", "response 20?: *", "A reason.")
    assert one.covers("Things 1", "PUT", "/rest/api/2/thing/{id}", "response 201: not documented")
    assert not one.covers("Things 1", "POST", "/rest/api/2/thing/{id}", "response 201: not documented")
    assert not one.covers("Things 1", "PUT", "/other", "response 201: not documented")
    assert not one.covers("Things 1", "PUT", "/rest/api/2/thing/{id}", "request: body")
    assert not one.covers("Other 1", "PUT", "/rest/api/2/thing/{id}", "response 201: not documented")


def test_every_allowed_deviation_has_a_reason_and_is_listed_once() -> None:
    assert all(one.reason.endswith(".") for one in ALLOWED)
    places = [str(one) for one in ALLOWED]
    assert len(set(places)) == len(places)
