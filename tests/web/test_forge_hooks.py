"""Calls of the Forge app, with keys made here and a key set that `responses` answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
import responses
from cryptography.hazmat.primitives.asymmetric import rsa

from cmmc_jira.adapters.invocation import KeySet
from cmmc_jira.errors import KeysUnavailable
from cmmc_jira.settings import DEFAULT_JWKS, Forge
from support.forge import APP, CREATED, Called, published

OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def keys() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as remote:
        remote.get(DEFAULT_JWKS, json=published("one"))
        yield remote


@pytest.fixture
def forge(tmp_path: Path, keys: responses.RequestsMock) -> Iterator[Called]:
    called = Called(tmp_path, Forge(APP, "cloud-1", "in-1"))
    yield called
    called.served.service.stop()
    assert len(keys.calls) <= 1


def test_a_call_is_stored_and_a_retry_under_another_token_is_known(forge: Called) -> None:
    assert forge.call().status_code == 202
    assert forge.call(token=forge.token(jti="another")).status_code == 200
    assert forge.served.marked() == ["10001"]
    assert forge.served.metric('cmmc_jira_deliveries_total{result="stored"}') == 1


def test_an_event_within_an_envelope_is_read_too(forge: Called) -> None:
    assert forge.call({"event": CREATED, "context": {}}).status_code == 202
    assert forge.served.marked() == ["10001"]


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"key": OTHER}, "did not sign"),
        ({"kid": "two"}, "a key that Forge does not have"),
        ({"key": "k" * 32, "algorithm": "HS256"}, "did not sign"),
        ({"iss": "somebody"}, "did not sign"),
        ({"aud": "ari:cloud:ecosystem::app/other"}, "CMMC_JIRA_FORGE_APP"),
        ({"exp": 1}, "too old"),
        ({"nbf": 9_999_999_999}, "from the future"),
        ({"iat": 9_999_999_999}, "from the future"),
        ({"exp": None}, "did not sign"),
        ({"iat": None}, "did not sign"),
        ({"aud": None}, "did not sign"),
        ({"context": {"cloudId": "cloud-2"}}, "CMMC_JIRA_FORGE_CLOUD_ID"),
        ({"context": None}, "CMMC_JIRA_FORGE_CLOUD_ID"),
        ({"context": "cloud-1", "app": 1}, "CMMC_JIRA_FORGE_CLOUD_ID"),
        ({"app": {"id": APP, "installationId": "ari:cloud:ecosystem::installation/in-2"}}, "FORGE_INSTALLATION"),
        ({"app": {"id": APP}}, "FORGE_INSTALLATION"),
    ],
)
def test_a_call_that_is_not_of_our_app_on_our_site_now_is_refused(
    forge: Called, claims: dict[str, Any], said: str
) -> None:
    answer = forge.call(token=forge.token(**claims))
    assert answer.status_code == 401
    assert said in answer.get_json()["error"]
    assert forge.served.marked() == []
    assert forge.served.metric('cmmc_jira_deliveries_total{result="refused"}') == 1


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 20_000, jwt.encode({}, "", algorithm="none")])
def test_what_is_no_token_is_refused(forge: Called, token: str) -> None:
    assert forge.call(token=token).status_code == 401
    assert forge.served.web.post("/webhooks/forge", json=CREATED).status_code == 401


def test_the_site_is_known_by_its_rest_address_where_the_context_is_left_out(forge: Called) -> None:
    app = {"apiBaseUrl": "https://api.atlassian.com/ex/jira/cloud-1", "installationId": "in-1"}
    assert forge.call(token=forge.token(context=None, app=app)).status_code == 202


@pytest.mark.parametrize(("body", "status"), [(b"", 400), (b"[]", 400), (b"x" * (16 * 1024 * 1024 + 1), 413)])
def test_a_body_is_bounded_and_a_json_object(forge: Called, body: bytes, status: int) -> None:
    assert forge.call(body).status_code == status


def test_without_an_app_there_is_no_such_address(tmp_path: Path) -> None:
    called = Called(tmp_path, None)
    assert called.call().status_code == 404
    called.served.service.stop()


def test_while_the_keys_cannot_be_read_forge_is_asked_to_try_again(tmp_path: Path) -> None:
    called = Called(tmp_path, Forge(APP, "cloud-1"))
    with responses.RequestsMock() as remote:
        remote.get(DEFAULT_JWKS, status=502)
        assert called.call().status_code == 503
        assert called.call().status_code == 503
        assert len(remote.calls) == 1
    assert called.served.metric('cmmc_jira_deliveries_total{result="away"}') == 2
    called.served.service.stop()


class Machine:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_new_key_is_found_and_an_unknown_one_is_looked_up_once_a_minute(keys: responses.RequestsMock) -> None:
    machine = Machine()
    held = KeySet(DEFAULT_JWKS, session=requests.Session(), monotonic=machine)
    assert held.key("one") is not None
    keys.replace("GET", DEFAULT_JWKS, json=published("two"))
    assert [held.key("two"), held.key("three")] == [None, None]
    assert len(keys.calls) == 1
    machine.seconds = 60.0
    assert held.key("two") is not None
    assert held.key("one") is None
    assert len(keys.calls) == 2


def test_keys_are_read_again_each_hour_and_outlive_an_outage_of_a_day(keys: responses.RequestsMock) -> None:
    machine = Machine()
    held = KeySet(DEFAULT_JWKS, session=requests.Session(), monotonic=machine)
    held.key("one")
    keys.replace("GET", DEFAULT_JWKS, body=requests.ConnectionError())
    machine.seconds = 3600.0
    assert held.key("one") is not None
    assert len(keys.calls) == 1
    machine.seconds = 86_400.0
    assert held.key("one") is not None
    assert len(keys.calls) == 2
    machine.seconds = 86_401.0
    with pytest.raises(KeysUnavailable, match="CMMC_JIRA_FORGE_JWKS_URL"):
        held.key("one")


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"keys": 1}', b'{"keys": [1]}', b'{"keys": []}', b"[" * 9999]
)
def test_what_is_no_key_set_gives_no_keys(keys: responses.RequestsMock, body: bytes) -> None:
    keys.replace("GET", DEFAULT_JWKS, body=body)
    with pytest.raises(KeysUnavailable):
        KeySet(DEFAULT_JWKS, session=requests.Session()).key("one")
