"""The time machine of the pages: forward in time, never back, and day by day until somebody comments."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest

from jira_sandbox import comments
from jira_sandbox.app import create_app
from jira_sandbox.flavour import CLOUD
from jira_sandbox.records import Webhook
from jira_sandbox.state import State
from jira_sandbox.travel import MOST_DAYS, PACE, TimeMachine, forward
from support.browser import Browser, Page
from support.people import DANA, issue, peopled, user

NEW_YORK = ZoneInfo("America/New_York")
Step = Callable[[], None]


@pytest.mark.parametrize(
    ("now", "days", "then"),
    [
        ("2026-06-01T14:00", 1, "2026-06-02T14:00"),
        ("2026-06-01T07:00", 1, "2026-06-02T07:00"),
        ("2026-06-01T18:00", 1, "2026-06-02T18:00"),
        ("2026-06-01T06:59", 1, "2026-06-02T09:00"),
        ("2026-06-01T18:01", 1, "2026-06-02T09:00"),
        ("2026-03-07T12:00", 1, "2026-03-08T12:00"),  # the night on which summer time begins
        ("2026-06-01T12:00", 181, "2026-11-29T12:00"),
    ],
)
def test_days_go_by_at_the_same_time_of_day_or_end_in_the_morning(now: str, days: int, then: str) -> None:
    begun = datetime.fromisoformat(now).replace(tzinfo=NEW_YORK)
    assert forward(begun.astimezone(UTC), days, NEW_YORK) == datetime.fromisoformat(then).replace(tzinfo=NEW_YORK)


class Site:
    """A sandbox at noon of a day in New York, whose time machine runs in the test's own hands."""

    def __init__(self, flavour: str = CLOUD) -> None:
        self.state = peopled(flavour)
        self.state.clock.set(datetime(2026, 6, 1, 16, 0, tzinfo=UTC))
        self.trips: list[Step] = []
        self.at_rest: Step = lambda: None
        self.browser = Browser(create_app(self.state, machine=self._machine))

    def _machine(self, state: State) -> TimeMachine:
        return TimeMachine(state, spawn=self.trips.append, wait=self._wait)

    def _wait(self, stopped: Event, seconds: float) -> bool:
        del seconds
        self.at_rest()
        return stopped.is_set()

    def today(self) -> date:
        return self.state.clock.now().astimezone(NEW_YORK).date()

    def send(self, action: str, address: str = "/projects", *, button: str = "", **entered: str) -> Page:
        """Send the form that goes to an address, the one with this button where there are several."""
        page = self.browser.open(address)
        forms = [form for form in page.soup.find_all("form") if form["action"] == action]
        [form] = [form for form in forms if not button or form.find("button").get_text() == button]
        return self.browser.send(form, entered)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.mark.parametrize(("button", "day"), [("Next day", date(2026, 6, 2)), ("Next week", date(2026, 6, 8))])
def test_a_button_goes_forward_and_comes_back_to_the_page(flavour: str, button: str, day: date) -> None:
    site = Site(flavour)
    page = site.send("/clock/ahead", "/projects/CMMC", button=button)
    assert site.today() == day
    assert "went by" in page.text
    assert page.address == "/projects/CMMC"


def test_a_numbered_day_is_counted_from_a_date_that_an_issue_holds(site: Site) -> None:
    issue(site.state, "Posted", customfield_20003="2026-05-20")
    assert "CMMC-1 Status Date 2026-05-20" in site.browser.open("/projects").all("#clock-since option")
    site.send("/clock/day", number="30", since="2026-05-20")
    assert site.today() == date(2026, 6, 19)


def test_the_pages_do_not_go_back(site: Site) -> None:
    page = site.send("/clock/day", number="2", since="2026-05-20")
    assert site.today() == date(2026, 6, 1)
    assert "only goes forward" in page.text


@pytest.mark.parametrize("number", ["", "x", "-1", "4001", "1" * 5000])
def test_what_is_no_number_of_days_is_refused_in_a_sentence(site: Site, number: str) -> None:
    page = site.send("/clock/day", number=number)
    assert (page.status, site.today()) == (400, date(2026, 6, 1))
    assert "Write a number of days" in page.text


def test_the_next_notice_is_the_day_on_which_somebody_comments(site: Site) -> None:
    about = issue(site.state, "Control CUI flow")

    def speak() -> None:
        if site.today() == date(2026, 6, 5) and not site.state.issues[about.id].comments:
            comments.add(site.state, user(site.state, DANA), site.state.issues[about.id], {"body": "Due soon"})

    site.at_rest = speak
    page = site.send("/clock/notice")
    assert "Time is moving" in page.text
    assert page.one("meta[http-equiv=refresh]")
    site.trips.pop()()
    assert site.today() == date(2026, 6, 5)
    arrived = site.browser.open("/projects")
    assert arrived.all(".note") == ["4 days went by; somebody commented: Dana Whitfield on CMMC-1 ."]
    assert arrived.one(".note a")["href"] == "/browse/CMMC-1#comment-10000"
    assert "went by" not in site.browser.open("/projects").text


def test_no_day_ends_before_the_site_is_at_rest(site: Site) -> None:
    """One that is attached answers a day with a call at the tenth look, and comments ten looks after that call."""
    about, looks = issue(site.state, "Control CUI flow"), 0
    site.state.webhooks.hooks["1"] = Webhook(
        id="1", name="hook", url="http://127.0.0.1:9/", events=(), jql="", exclude_body=False, enabled=True,
        secret=None, updated=site.state.clock.now(), updated_by=DANA,
    )  # fmt: skip

    def answer() -> None:
        nonlocal looks
        looks += 1
        if looks == 10:
            site.state.arrived += 1
        if looks == 30:
            site.state.answered += 1
        if looks == 40:
            comments.add(site.state, user(site.state, DANA), site.state.issues[about.id], {"body": "Due soon"})

    site.at_rest = answer
    site.send("/clock/notice")
    site.trips.pop()()
    assert site.today() == date(2026, 6, 2)


def test_a_site_that_never_rests_is_waited_for_within_bounds(site: Site) -> None:
    site.state.arrived = 1
    stop, looks = site.send("/clock/notice").form("/clock/stop"), 0

    def count() -> None:
        nonlocal looks
        looks += 1
        if looks == 2 * PACE.most:
            site.browser.send(stop, {})

    site.at_rest = count
    site.trips.pop()()
    assert site.today() == date(2026, 6, 3)


def test_a_page_that_was_sent_to_is_not_loaded_again_while_time_moves(site: Site) -> None:
    issue(site.state, "Control CUI flow")
    form = site.browser.open("/browse/CMMC-1").form("/browse/CMMC-1/comment")
    site.send("/clock/notice")
    assert not site.browser.send(form, {"body": "Half a"}, press="preview").soup.select("meta[http-equiv=refresh]")


def test_a_reset_ends_the_trip(site: Site) -> None:
    site.send("/clock/notice")
    assert site.browser.client.post("/sandbox/reset").status_code == 200
    before = site.state.clock.now().date()
    site.trips.pop()()
    assert site.state.clock.now().date() - before < timedelta(days=1)


def test_without_any_comment_the_trip_ends_at_its_limit(site: Site) -> None:
    site.send("/clock/notice")
    site.trips.pop()()
    assert (site.today() - date(2026, 6, 1)).days == MOST_DAYS
    assert f"nobody commented in {MOST_DAYS} days" in site.browser.open("/projects").text


def test_a_trip_can_be_stopped_and_two_at_once_are_refused(site: Site) -> None:
    form = site.browser.open("/projects").form("/clock/notice")
    site.browser.send(form, {})
    assert site.browser.send(form, {}).status == 409
    assert "0 days went by; it was stopped." in site.send("/clock/stop").text
    site.trips.pop()()
    assert site.today() == date(2026, 6, 1)


def test_a_form_from_elsewhere_moves_nothing(site: Site) -> None:
    assert site.browser.client.post("/clock/ahead", data={"days": "1"}).status_code == 403
    assert site.today() == date(2026, 6, 1)
