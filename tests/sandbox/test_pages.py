import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup, Tag

from jira_sandbox import attachments, comments, issues, links, seed
from jira_sandbox.app import create_app
from jira_sandbox.state import State
from support.browser import Browser, Page
from support.people import DANA, PRIYA, VIEWER, issue, peopled, ref, user

ATTACK = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
PNG = b"\x89PNG\r\n\x1a\n"
ADDRESSES = (
    "/",
    "/projects",
    "/projects/CMMC",
    "/browse/CMMC-1",
    "/browse/CMMC-2",
    "/projects/CMMC/create",
    "/projects/CMMC/create?type=10002",
    "/nowhere",
    "/browse/NONE-1",
)


@pytest.fixture
def state(flavour: str) -> State:
    state = peopled(flavour)
    issue(
        state,
        "Level 2 self-assessment",
        assignee=ref(state, DANA),
        duedate="2026-05-31",
        labels=["cmmc", "blue"],
        priority={"name": "Highest"},
        customfield_20001="AC.L2-3.1.3",
        customfield_20002=3.5,
        customfield_20003="2026-03-26",
        customfield_20004={"value": "NOT MET"},
        customfield_20005=[{"value": "one"}, {"value": "three"}],
        customfield_20006=ref(state, PRIYA),
        customfield_20007="_careful_",
        customfield_20008="https://x.test/a",
    )
    issue(state, "Control CUI flow", kind="Story")
    first, second = state.issues.values()
    attachments.add(state, user(state), first, "map.png", PNG, media_type="image/png")
    text = "h2. Scope\n*The enclave*, see CMMC-2 and !map.png|width=300!"
    issues.edit(state, user(state), state.issues[first.id], {"fields": {"description": text}})
    attachments.add(state, user(state), state.issues[first.id], "notes.html", b"<b>", media_type="text/html")
    mention = state.users[PRIYA].name if state.datacenter else f"accountid:{PRIYA}"
    comments.add(state, user(state, DANA), state.issues[first.id], {"body": f"*Done* with [~{mention}]"})
    links.add(state, user(state), state.link_types["10000"], state.issues[second.id], state.issues[first.id])
    issues.transition(state, user(state, PRIYA), state.issues[second.id], {"transition": {"id": "31"}})
    return state


@pytest.fixture
def browser(state: State) -> Browser:
    return Browser(create_app(state))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_whole_accessible_and_without_script(browser: Browser, address: str) -> None:
    page = browser.open(address)
    soup = page.soup
    assert page.one("html")["lang"] == "en"
    assert page.all("title")[0].endswith("Jira sandbox")
    assert len(soup.select("h1")) == 1
    assert not soup.select("script")
    assert all("alt" in image.attrs for image in soup.select("img"))
    assert all("scope" in cell.attrs for cell in soup.select("th"))
    assert [control for control in soup.select("input, select, textarea") if not _labelled(soup, control)] == []
    names = [found["id"] for found in soup.select("[id]")]
    assert len(names) == len(set(names))


def _labelled(soup: BeautifulSoup, control: Tag) -> bool:
    if control.get("type") == "hidden" or control.find_parent("label") is not None:
        return True
    return bool(control.get("id")) and soup.find("label", attrs={"for": control["id"]}) is not None


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_says_that_it_is_an_emulator_and_what_day_it_is(browser: Browser, address: str) -> None:
    text = browser.open(address).text
    assert "not made by Atlassian" in text
    assert "Sandbox date Mon 2026-06-01 05:00 America/New_York" in text


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_may_load_or_run_anything_foreign(browser: Browser, address: str) -> None:
    headers = browser.open(address).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_projects_are_listed_with_their_counts(browser: Browser) -> None:
    assert [row.split() for row in browser.open("/").all("tbody tr")] == [
        ["C", "CMMC", "CMMC", "DW", "Dana", "Whitfield", "1", "2"]
    ]
    assert browser.open("/projects").all("tbody tr") == browser.open("/").all("tbody tr")


def test_the_issues_of_a_project_are_listed_open_ones_first(browser: Browser) -> None:
    page = browser.open("/projects/CMMC")
    assert page.all(".cell-key") == ["CMMC-1", "CMMC-2"]
    assert page.all("tbody tr")[0] == (
        "T Task CMMC-1 Level 2 self-assessment To Do DW Dana Whitfield 31 May 2026 Highest"
    )
    assert page.all("time.late") == ["31 May 2026"]
    assert page.all(".found") == ["2 of 2 issues"]
    assert page.all(".tabs a") == ["All 2", "S Story 1", "T Task 1"]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("type=10002", ["CMMC-1"]),
        ("status=10001", ["CMMC-2"]),
        (f"assignee={DANA}", ["CMMC-1"]),
        ("assignee=none", ["CMMC-2"]),
        ("label=blue", ["CMMC-1"]),
        ("label=green", []),
        ("text=cui", ["CMMC-2"]),
        ("text=cmmc-2&type=10001", ["CMMC-2"]),
        ("sort=key&order=desc", ["CMMC-2", "CMMC-1"]),
        ("sort=summary", ["CMMC-2", "CMMC-1"]),
        ("sort=due", ["CMMC-1", "CMMC-2"]),
        ("sort=nonsense&page=-1&order=nonsense", ["CMMC-1", "CMMC-2"]),
        ("page=99999999999999999999", ["CMMC-1", "CMMC-2"]),
    ],
)
def test_the_list_is_filtered_and_sorted_by_the_address(browser: Browser, query: str, keys: list[str]) -> None:
    page = browser.open(f"/projects/CMMC?{query}")
    assert page.status == 200
    assert page.all(".cell-key") == keys


def test_a_long_list_comes_in_pages(state: State, browser: Browser) -> None:
    for number in range(3, 104):
        issue(state, f"Issue {number}")
    first, second = browser.open("/projects/CMMC?sort=key"), browser.open("/projects/CMMC?sort=key&page=2")
    assert len(first.all(".cell-key")) == 100
    assert second.all(".cell-key") == ["CMMC-101", "CMMC-102", "CMMC-103"]
    assert first.one("a[rel=next]")["href"] == "/projects/CMMC?sort=key&page=2"


def _details(page: Page) -> dict[str, str]:
    names = page.all(".detail dt")
    return dict(zip(names, page.all(".detail-value"), strict=True))


def test_an_issue_shows_every_field_with_its_value(browser: Browser) -> None:
    page = browser.open("/browse/CMMC-1")
    assert page.all("title") == ["[CMMC-1] Level 2 self-assessment - Jira sandbox"]
    assert page.all(".crumbs a") == ["Projects", "CMMC", "CMMC-1"]
    details = _details(page)
    assert {name: value for name, value in details.items() if value != "None"} == {
        "Assignee": "DW Dana Whitfield",
        "Reporter": "AL Avery Lindqvist",
        "Priority": "Highest",
        "Labels": "blue cmmc",
        "Due date": "31 May 2026",
        "Reference": "AC.L2-3.1.3",
        "Points": "3.5",
        "Status Date": "26 Mar 2026",
        "Finding": "NOT MET",
        "Conditions": "one three",
        "Lead": "PR Priya Raman",
        "Notes": "careful",
        "Site": "https://x.test/a",
    }
    assert {name for name, value in details.items() if value == "None"} == {
        "Components",
        "Environment",
        "Meeting",
        "Reviewers",
    }


def test_an_issue_shows_its_texts_as_jira_renders_them(browser: Browser) -> None:
    page = browser.open("/browse/CMMC-1")
    rich = page.one(".description .rich")
    assert page.all(".description .rich h2") == ["Scope"]
    assert page.all(".description .rich strong") == ["The enclave"]
    assert [(link["href"], link.get("title")) for link in rich.select("a.issue-key")] == [
        ("/browse/CMMC-2", "Control CUI flow")
    ]
    assert [(image["src"], image["alt"], image["width"]) for image in rich.select("img")] == [
        ("/secure/attachment/10000/map.png", "map.png", "300")
    ]


def test_an_image_is_of_the_newest_file_of_its_name(state: State, browser: Browser) -> None:
    newer = attachments.add(state, user(state), state.issues["10000"], "map.png", PNG, media_type="image/png")
    rich = browser.open("/browse/CMMC-1").one(".description .rich")
    assert [image["src"] for image in rich.select("img")] == [f"/secure/attachment/{newer.id}/map.png"]


def test_an_image_whose_file_comes_later_is_text_for_good_on_cloud_and_shows_on_data_center(
    state: State, browser: Browser
) -> None:
    issues.edit(state, user(state), state.issues["10000"], {"fields": {"description": "!later.png|width=3!"}})
    attachments.add(state, user(state), state.issues["10000"], "later.png", PNG, media_type="image/png")
    page = browser.open("/browse/CMMC-1")
    assert page.all(".description .rich") == ["" if state.datacenter else "!later.png|width=3!"]
    assert len(page.soup.select(".description .rich img")) == state.datacenter


def test_what_is_late_goes_by_the_day_where_the_person_is(state: State, browser: Browser) -> None:
    state.clock.set(datetime(2026, 6, 1, 3, 30, tzinfo=UTC))
    assert browser.open("/projects/CMMC").all("time.late") == []
    browser.client.set_cookie("sandbox_person", seed.SERVICE)
    assert browser.open("/projects/CMMC").all("time.late") == ["31 May 2026"]


def test_an_issue_shows_what_is_linked_said_attached_and_changed(browser: Browser) -> None:
    page = browser.open("/browse/CMMC-1")
    assert page.all("section:has(#links) h3") == ["is blocked by 1"]
    assert page.all(".near") == ["S CMMC-2 Control CUI flow Done"]
    assert page.all(".file-text a") == ["notes.html", "map.png"]
    assert page.all(".comments article") == ["Dana Whitfield 1 Jun 2026, 05:00 EDT Done with @Priya Raman"]
    done = browser.open("/browse/CMMC-2")
    assert done.all(".bar > .lozenge") == ["Done"]
    assert done.all(".resolution") == ["✓ Done"]
    assert "PR Priya Raman 1 Jun 2026, 05:00 EDT" in done.all(".history li")[0]
    assert "resolution - Done" in done.all(".history li")[0]
    assert "status To Do Done" in done.all(".history li")[0]


def test_an_old_key_leads_to_the_present_one(state: State, browser: Browser) -> None:
    first = state.find_issue("CMMC-1")
    assert first is not None
    state.keys["OLD-9"] = first.id
    assert browser.open("/browse/OLD-9").address == "/browse/CMMC-1"
    assert browser.open("/browse/cmmc-1").address == "/browse/CMMC-1"
    assert browser.open("/browse/CMMC").address == "/projects/CMMC"


@pytest.mark.parametrize(
    "address", ["/browse/CMMC-99", "/browse/NONE", "/projects/NONE", "/secure/attachment/1/x", "/x/y", "/browse/"]
)
def test_what_is_not_there_gets_a_page_that_leads_on(browser: Browser, address: str) -> None:
    page = browser.open(address)
    assert page.status == 404
    assert page.all("h1") == ["This page is not here"]
    assert page.soup.select('main a[href="/projects"]')


def test_programs_still_get_json_for_what_is_not_there(state: State, browser: Browser) -> None:
    response = browser.client.get("/rest/api/2/nowhere")
    assert response.is_json
    assert response.status_code == (404 if state.datacenter else 501)


def test_an_image_is_shown_and_any_other_file_is_only_downloaded(browser: Browser) -> None:
    browser.open("/browse/CMMC-1")
    image = browser.client.get("/secure/attachment/10000/map.png")
    assert (image.data, image.mimetype) == (PNG, "image/png")
    assert image.headers["Content-Disposition"].startswith("inline")
    other = browser.client.get("/secure/attachment/10001/notes.html")
    assert (other.data, other.mimetype) == (b"<b>", "application/octet-stream")
    assert other.headers["Content-Disposition"].startswith("attachment")
    assert {image.headers["X-Content-Type-Options"], other.headers["X-Content-Type-Options"]} == {"nosniff"}
    assert "sandbox" in other.headers["Content-Security-Policy"]


def test_who_may_not_see_a_project_sees_nothing_of_it(state: State, browser: Browser) -> None:
    outsider = next(value for value, name in _persons(browser) if name == "Jonas Feld")
    browser.client.set_cookie("sandbox_person", outsider)
    assert "no project that Jonas Feld may see" in browser.open("/").text
    for address in ("/projects/CMMC", "/browse/CMMC-1", "/secure/attachment/10000/map.png"):
        assert browser.open(address).status in ((403, 404) if state.datacenter else (404,))
        assert "self-assessment" not in browser.open(address).text


def test_who_may_only_look_gets_no_forms_to_change_anything(browser: Browser) -> None:
    browser.client.set_cookie("sandbox_person", VIEWER)
    page = browser.open("/browse/CMMC-1")
    assert page.status == 200
    assert {form["action"] for form in page.soup.select("main form")} == set()


def _persons(browser: Browser) -> list[tuple[str, str]]:
    return [(str(one["value"]), one.get_text()) for one in browser.open("/").soup.select("#person option")]


@pytest.fixture
def attacked(state: State) -> State:
    """The site with an attack in every text that a person can type."""
    state.users[DANA] = replace(state.users[DANA], display_name=ATTACK)
    state.projects = {number: replace(one, name=ATTACK, description=ATTACK) for number, one in state.projects.items()}
    state.statuses = {number: replace(one, name=ATTACK) for number, one in state.statuses.items()}
    state.issue_types = {
        number: replace(one, name=ATTACK, description=ATTACK) for number, one in state.issue_types.items()
    }
    state.link_types = {number: replace(one, inward=ATTACK, outward=ATTACK) for number, one in state.link_types.items()}
    state.fields["customfield_20001"] = replace(
        state.fields["customfield_20001"], name=f"Reference {ATTACK}", description=ATTACK
    )
    state.contexts["20004"] = replace(
        state.contexts["20004"],
        options=tuple(replace(one, value=ATTACK) for one in state.contexts["20004"].options),
    )
    first = state.issues["10000"]
    changes = {
        "summary": ATTACK,
        "description": f"{ATTACK}\n[x|javascript:alert(1)] {{color:{ATTACK}}}x{{color}}",
        "labels": [ATTACK.replace(" ", "_")],
        "customfield_20001": ATTACK,
        "customfield_20007": f"{{noformat}}{ATTACK}{{noformat}}",
        "customfield_20008": f"javascript://x.test/%0a{ATTACK.replace(' ', '_')}",
    }
    issues.edit(state, user(state), first, {"fields": changes})
    comments.add(state, user(state, DANA), state.issues[first.id], {"body": f"{ATTACK} [~accountid:{DANA}]"})
    attachments.add(state, user(state), state.issues[first.id], f"{ATTACK}.png", PNG, media_type="image/png")
    return state


@pytest.mark.parametrize("address", [*ADDRESSES, f"/projects/CMMC?text={ATTACK}&label={ATTACK}&sort={ATTACK}"])
def test_nothing_that_people_type_becomes_markup(attacked: State, address: str) -> None:
    page = Browser(create_app(attacked)).open(address)
    assert page.status in {200, 404}
    for found in page.soup.select("*"):
        assert found.name not in {"script", "iframe", "object", "embed", "base", "style"}
        assert not [name for name in found.attrs if name.startswith("on")]
        for name in ("href", "src", "action"):
            assert not re.match(r"\s*(javascript|data|vbscript):", str(found.get(name, "")), re.IGNORECASE)
    if address == "/browse/CMMC-1":
        assert page.all("h1") == [ATTACK]
        assert page.text.count("<script>alert(1)</script>") >= 10


def test_a_character_that_cannot_be_sent_breaks_no_page(state: State, browser: Browser) -> None:
    state.issues["10000"] = replace(state.issues["10000"], values={"summary": "a\ud800b", "description": "\ud800"})
    assert browser.open("/browse/CMMC-1").status == 200
    assert browser.open("/projects/CMMC").status == 200
