"""A service without a token of its own: it asks Jira with the one that the calls of the Forge app bring."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import jwt
import pytest
import responses

from cmmc_jira.adapters.grants import Grants
from cmmc_jira.errors import JiraUnavailable
from cmmc_jira.settings import DEFAULT_JWKS, Forge
from support.forge import API, APP, Called, published, system_token
from support.site import Site

NOW = datetime(2026, 3, 26, 12, tzinfo=UTC)
NO_TOKEN = "There is no token of the Forge app"


@pytest.fixture
def keys() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as remote:
        remote.get(DEFAULT_JWKS, json=published("one"))
        yield remote


@pytest.fixture
def forge(tmp_path: Path, keys: responses.RequestsMock) -> Iterator[Called]:
    called = Called(tmp_path, Forge(APP, "cloud-1"), lent=True)
    yield called
    called.served.service.stop()
    assert len(keys.calls) == 1


def asked(forge: Called) -> int:
    return len(forge.served.state.requests)


def test_nothing_is_claimed_before_a_token_comes_and_then_jira_is_asked_with_it(forge: Called) -> None:
    assert forge.call().status_code == HTTPStatus.ACCEPTED
    engine = forge.served.service.engine
    assert not engine.run_once()
    assert NO_TOKEN in " ".join(forge.ready()["faults"])
    assert asked(forge) == 0
    assert forge.lend(forge.good()).status_code == HTTPStatus.OK  # the same event: known, and yet a token is in it
    assert engine.run_once()
    assert {"/rest/api/2/serverInfo"} <= {row["path"] for row in forge.served.state.requests}


def test_an_assessment_is_worked_in_full_with_nothing_but_the_apps_tokens(
    tmp_path: Path, keys: responses.RequestsMock
) -> None:
    site = Site()
    site.assessment()
    site.attach("CMMC-1", "AC.L2-3.1.3", "AC.L2-3.1.5")
    called = Called(tmp_path, Forge(APP, "cloud-1"), lent=True, state=site.state)
    called.lend(called.good(), path="/hourly")
    called.lend(called.good(jti="a second one, for the rest"))
    for _ in range(9):
        called.served.service.engine.run_once()
    assert set(site.remediation()) == {"AC.L2-3.1.3", "AC.L2-3.1.5"}
    assert called.ready()["parked"] == []
    called.served.service.stop()
    assert len(keys.calls) == 1


def test_readiness_asks_with_the_token_too(forge: Called) -> None:
    forge.lend(forge.good())
    assert forge.ready()["account"] == forge.served.state.service_user().display_name


def test_a_token_that_jira_no_longer_accepts_is_let_go_and_waited_for(forge: Called) -> None:
    refused = system_token(forge.served.service.machine.now() + timedelta(hours=9))
    forge.lend(refused)
    assert "no longer accepts the token" in " ".join(forge.ready()["faults"])
    assert forge.served.service.grants is not None
    assert not forge.served.service.grants.usable()
    forge.lend(forge.good())
    assert forge.served.service.engine.run_once()
    assert asked(forge) > 0
    assert forge.served.service.store.backlog(now=forge.served.service.machine.now()).parked == {}


def test_a_look_whose_token_was_refused_waits_and_is_not_held_against_the_assessment(forge: Called) -> None:
    forge.lend(system_token(forge.served.service.machine.now() + timedelta(hours=9)))
    assert forge.served.service.engine.run_once()
    assert asked(forge) == 0
    assert forge.served.metric('cmmc_jira_looks_total{outcome="waiting"}') == 1


@pytest.mark.parametrize(
    "api",
    [
        "http://api.atlassian.com/ex/jira/cloud-1",
        "https://api.atlassian.com.example.net/ex/jira/cloud-1",
        "https://api.atlassian.com@example.net/ex/jira/cloud-1",
        "https://api.atlassian.com:8443/ex/jira/cloud-1",
        "https://api.stg.atlassian.com/ex/jira/cloud-1",
        "https://169.254.169.254/ex/jira/cloud-1",
        "https://api.atlassian.com/ex/jira/cloud-2",
        "https://api.atlassian.com/ex/jira/../jira/cloud-1",
        "https://api.atlassian.com/ex/jira/cloud-1?x=1",
        "https://api.atlassian.com/ex/confluence/cloud-1",
        "",
    ],
)
def test_no_token_goes_to_an_address_that_is_not_atlassians_for_this_site(forge: Called, api: str) -> None:
    assert forge.lend(forge.good(), api=api).status_code == HTTPStatus.ACCEPTED
    assert not forge.served.service.engine.run_once()
    assert NO_TOKEN in " ".join(forge.ready()["faults"])


def test_the_government_clouds_address_is_atlassians(forge: Called) -> None:
    forge.lend(forge.good(), api="https://api.atlassian-us-gov-mod.com/ex/jira/cloud-1/")
    assert forge.served.service.grants is not None
    assert forge.served.service.grants.current()[0] == "https://api.atlassian-us-gov-mod.com/ex/jira/cloud-1"


def test_the_hourly_call_brings_a_token_and_asks_for_one_look_at_everything_an_hour(forge: Called) -> None:
    for _ in range(2):
        assert forge.lend(forge.good(), path="/hourly").status_code == HTTPStatus.ACCEPTED
    [work] = forge.served.service.store.claim(99, now=forge.served.service.machine.now())
    assert (work.key, work.generation) == ("*", 1)


@pytest.mark.parametrize("path", ["", "/hourly"])
def test_a_token_in_a_call_that_forge_did_not_sign_is_not_taken(forge: Called, path: str) -> None:
    answer = forge.call(token=forge.token(aud="ari:cloud:ecosystem::app/other"), brings=forge.good(), path=path)
    assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert NO_TOKEN in " ".join(forge.ready()["faults"])


def test_a_token_is_in_no_file_log_answer_or_repr(
    forge: Called, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    token = forge.good()
    forge.lend(token)
    forge.served.service.engine.run_once()
    signature = token.rpartition(".")[2]
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and signature.encode() in path.read_bytes()]
    assert signature not in caplog.text
    assert signature not in forge.served.web.get("/readyz").get_data(as_text=True)
    assert signature not in forge.served.web.get("/metrics").get_data(as_text=True)
    assert forge.served.service.grants is not None
    assert signature not in repr(forge.served.service.grants._grant)


def test_with_a_token_of_our_own_the_apps_is_not_kept(tmp_path: Path, keys: responses.RequestsMock) -> None:
    called = Called(tmp_path, Forge(APP, "cloud-1"))
    assert called.lend(system_token(NOW)).status_code == HTTPStatus.ACCEPTED
    assert called.served.service.grants is None
    called.served.service.stop()
    assert len(keys.calls) == 1


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def grants(watch: Watch) -> Grants:
    return Grants(watch)


@pytest.mark.parametrize(("seconds", "usable"), [(-60, False), (60, False), (61, True)])
def test_a_token_is_used_until_a_minute_before_its_end(grants: Grants, seconds: int, usable: bool) -> None:  # noqa: FBT001 - a row of the table
    grants.take(API, system_token(NOW + timedelta(seconds=seconds)))
    assert grants.usable() is usable


def test_a_token_ends_while_nobody_looks(grants: Grants, watch: Watch) -> None:
    grants.take(API, system_token(NOW + timedelta(hours=2)))
    watch.now += timedelta(minutes=118)
    assert grants.usable()
    watch.now += timedelta(minutes=1)
    with pytest.raises(JiraUnavailable, match=NO_TOKEN):
        grants.current()


def test_of_several_tokens_the_one_that_lasts_longest_is_used(grants: Grants) -> None:
    longer, shorter = (system_token(NOW + timedelta(hours=hours)) for hours in (2, 1))
    for token in (longer, shorter):
        grants.take(API, token)
    assert grants.current() == (API, longer)
    grants.drop(shorter)
    assert grants.usable()
    grants.drop(longer)
    assert not grants.usable()
    grants.take(API, shorter)
    assert grants.current() == (API, shorter)


@pytest.mark.parametrize(
    "token",
    [None, "", "x", "a.b.c", "ü.b.c", "x" * 20_000, jwt.encode({"sub": "x"}, "k" * 32, algorithm="HS256")]
    + [jwt.encode({"exp": exp}, "k" * 32, algorithm="HS256") for exp in (True, "soon", None, 1e400, [])],
)
def test_what_does_not_say_when_it_ends_is_not_taken(grants: Grants, token: str | None) -> None:
    grants.take(API, token)
    assert not grants.usable()
