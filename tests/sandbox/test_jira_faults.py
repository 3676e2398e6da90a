"""What goes wrong on demand, and the sandbox's other controls."""

from datetime import UTC, datetime

import pytest
import requests

from jira_sandbox import gate
from support.caller import Site, fields_of


@pytest.fixture
def site() -> Site:
    return Site()


def create(site: Site) -> requests.Response:
    return site.service.post("issue", {"fields": fields_of()})


@pytest.mark.parametrize(("when", "effects"), [("before", 2), ("after", 3)])
@pytest.mark.parametrize("status", [500, 503, 429])
def test_the_nth_call_from_now_fails_before_or_after_its_effect(
    site: Site, when: str, effects: int, status: int
) -> None:
    site.service.get("myself")
    site.service.set_fault(call=2, when=when, status=status)
    assert [create(site).status_code for _ in range(3)] == [201, status, 201]
    assert len(site.state.issues) == effects


@pytest.mark.parametrize(("when", "effects"), [("before", 0), ("after", 1)])
def test_a_cut_connection_gives_no_answer(site: Site, when: str, effects: int) -> None:
    site.service.set_fault(call=1, when=when, status="cut")
    with pytest.raises(requests.ConnectionError):
        create(site)
    assert len(site.state.issues) == effects
    assert site.service.get("/sandbox/requests").json()[-1]["status"] == "cut"


def test_several_failing_calls_can_wait(site: Site) -> None:
    site.service.set_fault(call=1, status=502)
    site.service.set_fault(call=3, status=503)
    assert [create(site).status_code for _ in range(4)] == [502, 201, 503, 201]


def test_controls_and_pages_are_no_calls(site: Site) -> None:
    site.service.set_fault(call=1, status=500)
    assert site.service.get("/sandbox/clock").status_code == 200
    assert site.service.get("/projects").status_code == 200
    assert site.service.get("myself").status_code == 500


def test_the_rate_limit_says_how_long_to_wait(site: Site) -> None:
    site.service.set_fault(rate_limit={"every": 3, "retry_after": 7})
    answers = [create(site) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [201, 201, 429, 201, 201, 429]
    assert answers[2].headers["Retry-After"] == "7"
    assert answers[2].headers["RateLimit-Reason"] == "jira-burst-based"
    assert len(site.state.issues) == 4


def test_latency_makes_every_call_wait(site: Site) -> None:
    site.service.set_fault(latency_ms=250)
    site.service.get("myself")
    site.service.get("/sandbox/clock")
    assert site.slept == [0.25]


def test_an_empty_fault_clears_them_all(site: Site) -> None:
    site.service.set_fault(call=1, status=500)
    site.service.set_fault(rate_limit={"every": 1}, latency_ms=5, index_lag=4)
    site.service.set_fault()
    assert create(site).status_code == 201
    assert site.service.keys("project = CMMC") == ["CMMC-1"]
    assert site.slept == []


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"calls": 1}, "There is no fault ['calls']"),
        ({"call": 0}, "call must be a whole number from 1 on, not 0."),
        ({"call": "1"}, "call must be a whole number from 1 on, not '1'."),
        ({"call": 1, "when": "during"}, 'when must be "before" or "after", not \'during\'.'),
        ({"call": 1, "status": 200}, 'status must be "cut" or a number from 400 to 599, not 200.'),
        ({"index_lag": -1}, "index_lag must be a whole number from 0 on, not -1."),
        ({"rate_limit": 3}, "rate_limit must be an object with every, retry_after, not 3."),
        ({"webhooks": {"lose": 2}}, "webhooks.lose must be a share from 0 to 1, not 2."),
    ],
)
def test_a_fault_that_is_none_is_refused_with_what_would_be(site: Site, fault: object, sentence: str) -> None:
    answer = site.service.post("/sandbox/faults", fault)
    assert answer.status_code == 400
    assert answer.json()["errorMessages"][0].startswith(sentence)
    assert create(site).status_code == 201


def test_every_request_is_logged_but_the_controls(site: Site) -> None:
    create(site)
    site.service.get("issue/CMMC-1?fields=summary")
    site.service.get("issue/CMMC-9")
    site.service.get("/browse/CMMC-1")
    logged = site.service.get("/sandbox/requests").json()
    assert [(one["method"], one["path"], one["status"]) for one in logged] == [
        ("POST", "/rest/api/2/issue", 201),
        ("GET", "/rest/api/2/issue/CMMC-1", 200),
        ("GET", "/rest/api/2/issue/CMMC-9", 404),
        ("GET", "/browse/CMMC-1", 200),
    ]


def test_a_full_log_forgets_its_oldest_tenth(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LOGGED", 20)
    for number in range(21):
        site.service.get(f"issue/CMMC-{number}")
    paths = [row["path"] for row in site.service.get("/sandbox/requests").json()]
    assert (len(paths), paths[0]) == (19, "/rest/api/2/issue/CMMC-2")
    assert paths[-1] == "/rest/api/2/issue/CMMC-20"


def test_a_reset_goes_back_to_the_beginning(site: Site) -> None:
    create(site)
    hook = {"name": "x", "url": "http://localhost:1/", "events": ["jira:issue_created"]}
    site.service.post("/rest/webhooks/1.0/webhook", hook)
    site.service.set_fault(call=2, status=500)
    assert site.service.post("/sandbox/reset").status_code == 200
    assert site.service.get("/sandbox/requests").json() == []
    assert create(site).json()["key"] == "CMMC-1"
    assert site.service.get("/rest/webhooks/1.0/webhook").json() == []
    assert site.service.get("myself").status_code == 200


def test_the_clock_can_be_set_moved_and_stopped(site: Site) -> None:
    def now() -> str:
        return str(site.service.get("/sandbox/clock").json()["now"])

    assert now() == "2026-06-01T09:00:00Z"
    site.service.post("/sandbox/clock", {"days": 1})
    assert now() == "2026-06-02T09:00:00Z"
    site.service.post("/sandbox/clock", {"seconds": -60})
    assert now() == "2026-06-02T08:59:00Z"
    told = site.service.post("/sandbox/clock", {"now": "2027-01-10T12:00:00-05:00"}).json()
    assert told == {"now": "2027-01-10T17:00:00Z", "frozen": True}
    create(site)
    assert site.service.fields("CMMC-1")["created"] == "2027-01-10T17:00:00.000+0000"
    assert not site.service.post("/sandbox/clock", {"frozen": False}).json()["frozen"]
    assert datetime.fromisoformat(now()) > datetime(2027, 1, 10, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"day": 1},
        {"now": "soon"},
        {"days": "1"},
        {"days": True},
        {"days": 1e9},
        {"days": 99999},
        {"now": "0001-01-01T00:00:00+23:00"},
        [1],
    ],
)
def test_a_clock_setting_that_is_none_is_refused(site: Site, wrong: object) -> None:
    assert site.service.post("/sandbox/clock", wrong).status_code == 400
    assert site.service.get("/sandbox/clock").json()["now"] == "2026-06-01T09:00:00Z"


def test_the_accounts_are_listed_with_their_tokens(site: Site) -> None:
    accounts = {one["displayName"]: one for one in site.service.get("/sandbox/users").json()}
    assert len(accounts) == 12
    assert accounts["Avery Lindqvist"]["admin"]
    assert not accounts["Dana Whitfield"]["admin"]
