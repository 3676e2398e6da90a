"""The 181 days of the sample as its people hear them: a transcript that a person has read, and what holds in it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from cmmc_jira.demo.proof import Heard
from support.lived import Day, Life, live_through, transcript

GOLDEN = Path(__file__).parents[1] / "goldens" / "lived-through-181-days.txt"
DAY_0 = date(2026, 6, 2)
DAYS = 181


@pytest.fixture(scope="module")
def life() -> Life:
    return Life(DAY_0)


@pytest.fixture(scope="module")
def lived(life: Life) -> Sequence[Day]:
    return live_through(life, DAYS)


@pytest.fixture(scope="module")
def heard(life: Life, lived: Sequence[Day]) -> Sequence[Heard]:
    assert len(lived) == DAYS + 1
    return life.proof().heard


def test_the_days_go_as_they_were_read(life: Life, lived: Sequence[Day], tmp_path: Path) -> None:
    text = "\n".join(transcript(life, lived))
    new = tmp_path / GOLDEN.name
    new.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8"), f"Read {new}; if it is right, it is the golden."


def test_on_data_center_the_days_go_the_same_way(life: Life, lived: Sequence[Day]) -> None:
    days = 40
    other = Life(DAY_0, "datacenter")
    assert [(day.changed, day.done) for day in live_through(other, days)] == [
        (day.changed, day.done) for day in lived[: days + 1]
    ]
    end = other.day + timedelta(days=1)
    assert _said(other, end) == _said(life, end)


def _said(life: Life, end: date) -> list[tuple[date, str, str, tuple[str, ...]]]:
    """Return on which day what was said to whom before a day."""
    heard = ((comment.at.astimezone(life.site.clock.zone).date(), comment) for comment in life.proof().heard)
    return [
        (day, comment.key, comment.identity, tuple(life.names[person] for person in comment.people))
        for day, comment in heard
        if day < end
    ]


def test_nothing_is_said_twice_and_nothing_stays_to_be_done(life: Life, heard: Sequence[Heard]) -> None:
    assert max(Counter((comment.subject, comment.identity) for comment in heard).values()) == 1
    assert life.proof().duplicates == 0
    assert not life.site.process().decide(life.id).plan.changes


def test_nobody_hears_more_than_three_comments_on_a_day(heard: Sequence[Heard]) -> None:
    told = Counter((comment.at.date(), person) for comment in heard for person in comment.people)
    assert max(told.values()) <= 3


def test_an_item_that_stays_open_after_its_date_is_spoken_of_every_week(heard: Sequence[Heard]) -> None:
    about = [comment for comment in heard if comment.subject == "PE.L2-3.10.6"]
    days = [comment.at.date() for comment in about if "overdue" in comment.identity]
    assert days[-1] >= DAY_0 + timedelta(days=DAYS - 8)
    assert max(later - earlier for earlier, later in pairwise(days)) <= timedelta(days=9)


def test_a_quiet_day_writes_nothing(life: Life, lived: Sequence[Day]) -> None:
    assert lived
    seen = len(life.site.state.requests)
    life.look()
    assert {(method, path.rpartition("/")[2]) for method, path in life.site.paths(seen)} <= {
        ("GET", life.id), ("POST", "jql"), ("POST", "bulkfetch"),
    }  # fmt: skip
