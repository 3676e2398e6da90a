"""What waits before it is sent: writes to one issue, endpoints that are to rest, an account whose bucket is empty.

Time is what the test says, and sleeping passes it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmmc_jira.adapters.exchange import Access, Exchange
from cmmc_jira.adapters.headroom import PER_ISSUE, Headroom, earliest
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.errors import JiraUnavailable
from cmmc_rules.law import load_law
from cmmc_rules.words import Level
from support.clock import NOON
from support.site import URL, Site
from support.wsgi import session_for

LIMITS = ((20, 2.0), (100, 30.0))
"""Writes to one issue that Jira Cloud takes within seconds."""
BURST = {"RateLimit-Reason": "jira-burst-based"}


@dataclass
class Stopwatch:
    """Seconds that pass by sleeping alone."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def most_within(sent: Sequence[float], seconds: float) -> int:
    return max(sum(start <= at < start + seconds for at in sent) for start in sent)


@given(st.lists(st.sampled_from((0.0, 0.05, 0.1, 0.25, 2.0)), min_size=60, max_size=300))
def test_however_writes_come_no_issue_gets_more_than_jira_takes(gaps: list[float]) -> None:
    watch, sent = Stopwatch(), list[float]()
    headroom = Headroom(lambda: watch.now)
    for gap in gaps:
        watch.now += gap
        watch.sleep(headroom.writes(["10001"], at_most=60))
        sent.append(watch.now)
    for count, seconds in LIMITS:
        assert most_within(sent, seconds) <= count


def test_a_write_waits_no_longer_than_it_must() -> None:
    for count, seconds in PER_ISSUE:
        spaced = [n * seconds / count for n in range(count)]
        assert earliest(spaced[1:], spaced[-1]) == spaced[-1]
        assert earliest(spaced, spaced[-1]) == pytest.approx(seconds)
        assert earliest(spaced, seconds + 1) == seconds + 1


def test_each_issue_counts_for_itself_and_a_link_for_both() -> None:
    headroom = Headroom(lambda: 0.0)
    assert [headroom.writes(["1"], at_most=9) for _ in range(18)] == [0.0] * 18
    assert headroom.writes(["2"], at_most=9) == 0
    assert headroom.writes(["2", "1"], at_most=9) == 2
    assert headroom.writes(["3"], at_most=9) == 0


def test_a_write_that_would_wait_too_long_is_not_sent_and_not_counted() -> None:
    headroom = Headroom(lambda: 0.0)
    for _ in range(18):
        headroom.writes(["1"], at_most=0)
    assert [headroom.writes(["1"], at_most=1) for _ in range(30)] == [2.0] * 30


def client(site: Site, watch: Stopwatch, *, budget: float) -> JiraClient:
    user = site.state.service_user()
    retry, headroom = Retry(budget=budget, sleep=watch.sleep), Headroom(lambda: watch.now)
    access = Access(URL, user.token, user=user.email)
    return JiraClient(Exchange(access, retry=retry, session=lambda: session_for(site.app), headroom=headroom))


def test_many_comments_on_one_issue_are_said_in_their_time_and_all_of_them_once() -> None:
    site, watch = Site(flavour="cloud"), Stopwatch()
    issue, sent = site.issue("Task", Summary="Much is said"), list[float]()
    jira = client(site, watch, budget=30)
    for number in range(120):
        jira.comment(issue, f"Word {number}")
        sent.append(watch.now)
    assert len(site.person.comments(issue)) == 120
    assert [most_within(sent, seconds) <= count for count, seconds in LIMITS] == [True, True]
    assert watch.now < 1000 + 60


def test_what_would_hold_a_worker_up_is_left_to_the_to_do_list_without_a_call() -> None:
    site, watch = Site(flavour="cloud"), Stopwatch()
    issue, jira = site.issue("Task", Summary="Much is said"), client(site, watch, budget=1)
    for number in range(18):
        jira.comment(issue, f"Word {number}")
    seen = len(site.state.requests)
    with pytest.raises(JiraUnavailable) as away:
        jira.comment(issue, "One more")
    assert (away.value.retry_after, away.value.scope, away.value.ambiguous) == (2.0, "issue", False)
    assert len(site.state.requests) == seen


def test_looks_write_to_no_issue_more_than_a_few_times() -> None:
    site = Site(flavour="cloud")
    assessment = site.assessment(CMMC_Status_Date="2026-05-02")
    rows = [row.id for row in load_law().requirements(Level.TWO)]
    for name, some in (("all.csv", rows), ("fewer.csv", rows[:60]), ("again.csv", rows)):
        site.attach(assessment, *some, name=name)
        seen = len(site.state.requests)
        site.look(assessment)
        asked = [path.partition("/issue/")[2] for method, path in site.paths(seen) if method != "GET"]
        writes = Counter(path.partition("/")[0] for path in asked if path not in {"", "bulk", "bulkfetch"})
        assert max(writes.values()) <= 5


@pytest.mark.parametrize(
    ("status", "headers", "after", "here", "elsewhere"),
    [
        (429, BURST, 7.0, 7.0, 0.0),
        (429, BURST, None, 0.0, 0.0),
        (429, {"RateLimit-Reason": "jira-per-issue-on-write"}, 7.0, 0.0, 0.0),
        (200, {"X-RateLimit-Remaining": "1", "X-RateLimit-Reset": "2026-06-01T12:01Z"}, None, 0.0, 0.0),
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-06-01T12:01Z"}, None, 60.0, 0.0),
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}, None, 0.0, 0.0),
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2026-06-03T12:00Z"}, None, 3600.0, 0.0),
        (
            200,
            {"X-RateLimit-Remaining": "0", "X-RateLimit-FillRate": "10", "X-RateLimit-Interval-Seconds": "5"},
            None,
            5.0,
            5.0,
        ),
    ],
)
def test_what_rests_is_what_the_limit_is_of(
    status: int, headers: Mapping[str, str], after: float | None, here: float, elsewhere: float
) -> None:
    headroom = Headroom(lambda: 0.0)
    dated = {"Date": format_datetime(NOON, usegmt=True), **headers}
    headroom.answered(("POST", "/rest/api/2/issue/bulkfetch"), status, dated, after)
    assert headroom.held(("POST", "/rest/api/2/issue/bulkfetch")) == here
    assert headroom.held(("GET", "/rest/api/2/issue/bulkfetch")) == elsewhere


def test_an_endpoint_that_is_limited_is_left_alone_and_the_others_are_asked() -> None:
    site, watch = Site(flavour="cloud"), Stopwatch()
    issue, jira = site.assessment(), client(site, watch, budget=1)
    jira.myself()
    site.faults(rate_limit={"every": 1, "retry_after": 40})
    with pytest.raises(JiraUnavailable) as first:
        jira.issue(issue, ["summary"])
    assert (first.value.retry_after, first.value.scope) == (40, "endpoint")
    site.faults(rate_limit={"every": 0})
    seen = len(site.state.requests)
    with pytest.raises(JiraUnavailable) as second:
        jira.issue(issue, ["summary"])
    assert (second.value.retry_after, second.value.scope, len(site.state.requests)) == (40, "endpoint", seen)
    assert jira.comments(issue) == []
    watch.now += 40
    assert jira.issue(issue, ["summary"])["id"] == issue
