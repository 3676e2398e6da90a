"""The calendar feed spares Jira: what is held is not read again, what is away is left alone, and there is an end."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from cmmc_jira.errors import JiraUnavailable
from cmmc_jira.service.feed import MOST, Feed
from support.clock import FrozenClock


class Calendars:
    """What Jira would give, and what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.missing: set[str] = set()
        self.away: JiraUnavailable | None = None

    def read(self, assessment: str) -> bytes | None:
        self.asked.append(assessment)
        if self.away:
            raise self.away
        return None if assessment in self.missing else f"{assessment} {len(self.asked)}".encode()


@pytest.fixture
def jira() -> Calendars:
    return Calendars()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def feed(jira: Calendars, clock: FrozenClock) -> Feed:
    return Feed(jira.read, clock, "CMMC")


@pytest.mark.parametrize(("seconds", "asked"), [(0, 1), (899, 1), (900, 2), (901, 2), (-1, 2)])
def test_a_calendar_is_read_again_after_fifteen_minutes(
    jira: Calendars, clock: FrozenClock, feed: Feed, seconds: int, asked: int
) -> None:
    feed.of("CMMC-1")
    clock.move(seconds=seconds)
    assert feed.of("CMMC-1") == f"CMMC-1 {asked}".encode()
    assert len(jira.asked) == asked


def test_what_is_not_there_is_not_asked_for_again_either(jira: Calendars, feed: Feed) -> None:
    jira.missing.add("CMMC-9")
    assert [feed.of("CMMC-9") for _ in range(3)] == [None, None, None]
    assert jira.asked == ["CMMC-9"]


@pytest.mark.parametrize("name", ["OTHER-1", "cmmc-1", "CMMC-", "-1", "CMMC-1 ", "../CMMC-1", "1" * 19, "x" * 9999, ""])
def test_what_cannot_be_an_assessment_of_the_project_is_never_asked_for(jira: Calendars, feed: Feed, name: str) -> None:
    assert feed.of(name) is None
    assert jira.asked == []


@pytest.mark.parametrize(("named", "seconds"), [(None, 60), (300.0, 300)])
def test_a_jira_that_is_away_is_left_alone_for_as_long_as_it_asks(
    jira: Calendars, clock: FrozenClock, feed: Feed, named: float | None, seconds: int
) -> None:
    jira.away = JiraUnavailable("away", retry_after=named)
    with pytest.raises(JiraUnavailable):
        feed.of("CMMC-1")
    clock.move(seconds=seconds - 1)
    with pytest.raises(JiraUnavailable) as wait:
        feed.of("CMMC-2")
    assert wait.value.retry_after == 1
    assert jira.asked == ["CMMC-1"]
    clock.move(seconds=1)
    jira.away = None
    assert feed.of("CMMC-2") == b"CMMC-2 2"


def test_what_is_held_is_given_while_jira_is_away(jira: Calendars, feed: Feed) -> None:
    feed.of("CMMC-1")
    jira.away = JiraUnavailable("away")
    with pytest.raises(JiraUnavailable):
        feed.of("CMMC-2")
    assert feed.of("CMMC-1") == b"CMMC-1 1"


def test_one_assessment_that_is_not_settled_holds_up_no_other(jira: Calendars, feed: Feed) -> None:
    jira.away = JiraUnavailable("an interrupted create", retry_after=120, scope="10000")
    with pytest.raises(JiraUnavailable):
        feed.of("CMMC-1")
    jira.away = None
    assert feed.of("CMMC-2") == b"CMMC-2 2"


def test_whoever_goes_through_all_numbers_comes_to_an_end_and_the_next_quarter_of_an_hour_begins_anew(
    jira: Calendars, clock: FrozenClock, feed: Feed
) -> None:
    for number in range(MOST):
        feed.of(str(number))
    with pytest.raises(JiraUnavailable) as wait:
        feed.of(str(MOST))
    assert wait.value.retry_after == 900
    assert len(jira.asked) == MOST
    assert feed.of("0") == b"0 1"
    clock.move(seconds=900)
    assert feed.of(str(MOST)) is not None


def test_many_who_ask_at_once_are_served_by_one_reading(clock: FrozenClock) -> None:
    begun, go_on, asked = Event(), Event(), []

    def read(assessment: str) -> bytes:
        asked.append(assessment)
        begun.set()
        assert go_on.wait(5)
        return b"days"

    feed = Feed(read, clock, "CMMC")
    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(feed.of, "CMMC-1") for _ in range(4)]
        assert begun.wait(5)
        go_on.set()
        assert [answer.result(5) for answer in answers] == [b"days"] * 4
    assert asked == ["CMMC-1"]
