import json

import pytest
from flask import Flask

from jira_sandbox import issues
from jira_sandbox.app import create_app
from jira_sandbox.records import Issue, Webhook
from jira_sandbox.state import State
from support.browser import Browser
from support.people import ADMIN, DANA, PRIYA, VIEWER, issue, peopled, ref, user

POSTS = ("edit", "transition", "comment", "attach", "link")


def _peopled(flavour: str) -> State:
    state = peopled(flavour)
    issue(state, "Level 2 self-assessment", description="As it was.")
    issue(state, "Control CUI flow")
    return state


@pytest.fixture
def state(flavour: str) -> State:
    return _peopled(flavour)


@pytest.fixture
def app(state: State) -> Flask:
    return create_app(state)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


def _first(state: State) -> Issue:
    return state.issues["10000"]


def _named(state: State, sent: object) -> object:
    """A value with its people as this flavour names them."""
    if isinstance(sent, list):
        return [_named(state, one) for one in sent]
    return ref(state, sent["person"]) if isinstance(sent, dict) and "person" in sent else sent


@pytest.mark.parametrize(
    ("field", "entered", "sent"),
    [
        ("summary", "  New words ", "New words"),
        ("description", "h2. New\r\n||a||", "h2. New\n||a||"),
        ("assignee", DANA, {"person": DANA}),
        ("reporter", PRIYA, {"person": PRIYA}),
        ("duedate", "2026-09-22", "2026-09-22"),
        ("priority", "1", {"id": "1"}),
        ("labels", "b  a b", ["b", "a", "b"]),
        ("customfield_20001", "AC.L2-3.1.3", "AC.L2-3.1.3"),
        ("customfield_20002", "3.5", 3.5),
        ("customfield_20003", "2026-03-26", "2026-03-26"),
        ("customfield_20004", "041", {"value": "NOT MET"}),
        ("customfield_20005", ["052", "050"], [{"value": "one"}, {"value": "three"}]),
        ("customfield_20006", DANA, {"person": DANA}),
        ("customfield_20007", "_x_", "_x_"),
        ("customfield_20008", "https://x.test", "https://x.test"),
        ("customfield_20009", "2026-06-02T14:30", "2026-06-02T14:30:00.000+0000"),
        ("customfield_20010", [DANA, PRIYA], [{"person": DANA}, {"person": PRIYA}]),
    ],
)
def test_a_form_changes_a_field_as_rest_does(
    state: State, browser: Browser, field: str, entered: str | list[str], sent: object
) -> None:
    form = browser.open("/browse/CMMC-1").form("/browse/CMMC-1/edit", field)
    page = browser.send(form, {field: entered})
    assert (page.status, page.address) == (200, "/browse/CMMC-1")
    twin = _peopled(state.flavour)
    issues.edit(twin, user(twin), _first(twin), {"fields": {field: _named(twin, sent)}})
    assert _first(state) == _first(twin)
    assert _first(state).history[-1].items[0].field_id == field


@pytest.mark.parametrize(
    "field",
    ["description", "assignee", "duedate", "labels", "customfield_20002", "customfield_20004", "customfield_20005"],
)
def test_an_emptied_control_empties_the_field(state: State, browser: Browser, field: str) -> None:
    filled = {
        "assignee": ref(state, DANA),
        "duedate": "2026-09-22",
        "labels": ["a"],
        "customfield_20002": 1,
        "customfield_20004": {"value": "MET"},
        "customfield_20005": [{"value": "one"}],
    }
    issues.edit(state, user(state), _first(state), {"fields": filled})
    form = browser.open("/browse/CMMC-1").form("/browse/CMMC-1/edit", field)
    browser.send(form, {field: []} if field == "customfield_20005" else {field: ""})
    assert field not in _first(state).values


def test_a_form_sent_untouched_changes_nothing(state: State, browser: Browser) -> None:
    fields = {"customfield_20002": 0.1, "customfield_20009": "2026-06-02T14:30:00.000+0000", "labels": ["a", "b"],
              "description": "\\*x\\* \\\\ y\n\n{code}\na\n\nb\n{code}"}  # fmt: skip
    issues.edit(state, user(state), _first(state), {"fields": fields})
    before = _first(state)
    page = browser.open("/browse/CMMC-1")
    for form in page.soup.select('form[action="/browse/CMMC-1/edit"]'):
        browser.send(form, {})
    assert _first(state) == before


def test_what_jira_refuses_is_said_and_what_was_typed_is_kept(state: State, browser: Browser) -> None:
    before = _first(state)
    form = browser.open("/browse/CMMC-1").form("/browse/CMMC-1/edit", "customfield_20003")
    page = browser.send(form, {"customfield_20003": "30 February"})
    assert page.status == 400
    assert page.all(".banner") == [
        "Jira refused this. Status Date: Operation value must be of the format \"yyyy-MM-dd\": '30 February'"
    ]
    assert page.one("details[open] > form input[name=customfield_20003]")["value"] == "30 February"
    assert _first(state) == before


def test_a_summary_is_needed(state: State, browser: Browser) -> None:
    form = browser.open("/browse/CMMC-1").form("/browse/CMMC-1/edit", "summary")
    page = browser.send(form, {"summary": " "})
    assert page.all(".banner") == ["Jira refused this. Summary: You must specify a summary of the issue."]
    assert _first(state).values["summary"] == "Level 2 self-assessment"


def test_a_button_moves_the_issue_and_webhooks_hear_of_it(state: State, browser: Browser) -> None:
    now = state.clock.now()
    hook = Webhook(
        id="1", name="All", url="http://127.0.0.1/", events=("jira:issue_updated",), jql="", exclude_body=False,
        enabled=True, secret=None, updated=now, updated_by=ADMIN,
    )  # fmt: skip
    state.webhooks.hooks[hook.id] = hook
    page = browser.open("/browse/CMMC-1")
    assert page.all(".bar button") == ["In Progress", "Done"]
    page = browser.send(page.soup.select(".bar form")[1], {})
    assert page.all(".bar > .lozenge") == ["Done"]
    assert state.statuses[_first(state).status].category == "done"
    assert [json.loads(one.body)["issue"]["key"] for one in state.webhooks.queue] == ["CMMC-1"]


def test_a_comment_is_added_by_whom_one_is(state: State, browser: Browser) -> None:
    browser.send(browser.open("/browse/CMMC-1").form("/person"), {"person": DANA})
    page = browser.send(browser.open("/browse/CMMC-1").form("/browse/CMMC-1/comment"), {"body": "*Yes*"}, press="add")
    assert [(one.author, one.body) for one in _first(state).comments] == [(DANA, "*Yes*")]
    assert page.all(".comments article strong") == ["Dana Whitfield", "Yes"]


def test_a_comment_can_be_seen_before_it_is_said(state: State, browser: Browser) -> None:
    form = browser.open("/browse/CMMC-1").form("/browse/CMMC-1/comment")
    page = browser.send(form, {"body": "*Yes*\n* a"}, press="preview")
    assert page.all(".preview strong") == ["Yes"]
    assert page.one("#body").get_text() == "\n*Yes*\n* a"
    assert _first(state).comments == ()


def test_an_empty_comment_is_refused(state: State, browser: Browser) -> None:
    page = browser.send(browser.open("/browse/CMMC-1").form("/browse/CMMC-1/comment"), {"body": " "}, press="add")
    assert page.all(".banner") == ["Jira refused this. Comment: Comment body can not be empty!"]
    assert _first(state).comments == ()


def test_files_are_attached_under_their_own_names(state: State, browser: Browser) -> None:
    form = browser.open("/browse/CMMC-1").form("/browse/CMMC-1/attach")
    page = browser.send(form, {"file": [(b"id,result\n", "findings.csv"), (b"x", "/temp/plan.txt")]})
    assert page.all(".file-text a") == ["plan.txt", "findings.csv"]
    assert [state.blobs[one.id] for one in _first(state).attachments] == [b"id,result\n", b"x"]
    assert _first(state).history[0].items[0].after_text == "findings.csv"


def test_attaching_nothing_is_refused(state: State, browser: Browser) -> None:
    page = browser.send(browser.open("/browse/CMMC-1").form("/browse/CMMC-1/attach"), {})
    assert page.all(".banner") == ["Jira refused this. Choose a file first."]
    assert _first(state).attachments == ()


@pytest.mark.parametrize(
    ("kind", "ends"), [("10000 outward", ("10000", "10001")), ("10000 inward", ("10001", "10000"))]
)
def test_issues_are_linked_in_the_direction_that_was_said(
    state: State, browser: Browser, kind: str, ends: tuple[str, str]
) -> None:
    browser.send(browser.open("/browse/CMMC-1").form("/browse/CMMC-1/link"), {"kind": kind, "other": " cmmc-2 "})
    assert [(one.source, one.destination) for one in state.links.values()] == [ends]


def test_a_link_to_nowhere_is_refused(state: State, browser: Browser) -> None:
    form = browser.open("/browse/CMMC-1").form("/browse/CMMC-1/link")
    page = browser.send(form, {"kind": "10000 inward", "other": "CMMC-9"})
    assert page.status == 404
    assert "issue does not exist" in page.all(".banner")[0].lower()
    assert page.one("#link-other")["value"] == "CMMC-9"
    assert not state.links


def test_an_issue_is_created_from_its_form(state: State, browser: Browser) -> None:
    page = browser.open("/projects/CMMC/create")
    assert "Task" in page.all(".choices strong")
    form = browser.open("/projects/CMMC/create?type=10002").form("/projects/CMMC/create")
    page = browser.send(form, {"summary": "A new one", "labels": "x", "customfield_20003": "2026-06-01"})
    assert page.address == "/browse/CMMC-3"
    made = state.issues["10002"]
    assert made.type == "10002"
    assert made.values == {
        "summary": "A new one",
        "labels": ("x",),
        "priority": "3",
        "reporter": ADMIN,
        "customfield_20003": "2026-06-01",
    }


def test_a_refused_creation_keeps_what_was_typed(state: State, browser: Browser) -> None:
    form = browser.open("/projects/CMMC/create?type=10002").form("/projects/CMMC/create")
    page = browser.send(form, {"summary": "", "customfield_20001": "AC.L2-3.1.3"})
    assert page.all(".banner") == ["Jira refused this. Summary: You must specify a summary of the issue."]
    assert page.one("#create-customfield_20001")["value"] == "AC.L2-3.1.3"
    assert len(state.issues) == 2


@pytest.mark.parametrize("token", [None, "", "guessed", "gu\u00e9ssed"])
@pytest.mark.parametrize("action", POSTS)
def test_a_form_of_another_site_is_refused(state: State, browser: Browser, action: str, token: str | None) -> None:
    before = dict(state.issues)
    data = {
        "field": "summary",
        "summary": "x",
        "transition": "31",
        "body": "x",
        "kind": "10000 inward",
        "other": "CMMC-2",
    }
    response = browser.client.post(
        f"/browse/CMMC-1/{action}", data=data if token is None else {**data, "form_token": token}
    )
    assert response.status_code == 403
    assert state.issues == before


@pytest.mark.parametrize("action", ["/projects/CMMC/create", "/person"])
def test_no_other_site_creates_or_switches(state: State, browser: Browser, action: str) -> None:
    response = browser.client.post(action, data={"type": "10002", "field": "summary", "summary": "x", "person": DANA})
    assert response.status_code == 403
    assert "Set-Cookie" not in response.headers
    assert len(state.issues) == 2


def test_a_form_of_an_earlier_run_is_refused_with_what_to_do(state: State, browser: Browser) -> None:
    form = browser.open("/browse/CMMC-1").form("/browse/CMMC-1/edit", "summary")
    page = Browser(create_app(state)).send(form, {"summary": "x"})
    assert page.status == 403
    assert "Load the page again" in page.text
    assert _first(state).values["summary"] == "Level 2 self-assessment"


def test_switching_the_person_stays_on_the_page(browser: Browser) -> None:
    page = browser.open("/projects/CMMC?sort=key")
    page = browser.send(page.form("/person"), {"person": VIEWER})
    assert page.address == "/projects/CMMC?sort=key"
    assert page.all("#person option[selected]") == ["Noor Castellan"]


@pytest.mark.parametrize("here", ["//evil.test", "https://evil.test", "/\\evil.test", "", "javascript:alert(1)"])
def test_switching_the_person_leads_nowhere_else(browser: Browser, here: str) -> None:
    form = browser.open("/").form("/person")
    assert browser.send(form, {"person": DANA, "here": here}).address == "/projects"


def test_an_unknown_person_is_the_administrator(browser: Browser) -> None:
    browser.client.set_cookie("sandbox_person", "nobody")
    assert browser.open("/").all("#person option[selected]") == ["Avery Lindqvist"]


def test_who_may_not_change_an_issue_is_refused_even_with_a_form(state: State, browser: Browser) -> None:
    form = browser.open("/browse/CMMC-1").form("/browse/CMMC-1/edit", "summary")
    browser.client.set_cookie("sandbox_person", VIEWER)
    page = browser.send(form, {"summary": "x"})
    assert page.status == 403
    assert "You do not have permission to edit issues in this project." in page.all(".banner")[0]
    assert _first(state).values["summary"] == "Level 2 self-assessment"
