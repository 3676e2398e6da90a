"""Histories in virtual time come to rest as they must; and the harness sees it when what holds them is taken away."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.service.look import Looker
from cmmc_jira.service.worker import Engine
from simulation.history import Room, history, shortest, tell

EACH = 10


@pytest.fixture
def room() -> Iterator[Path]:
    logging.disable(logging.CRITICAL)
    with Room() as folder:
        yield folder
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("first", range(0, 120, EACH))
def test_whatever_happens_each_thing_is_there_once_and_true_and_then_all_is_quiet(first: int, room: Path) -> None:
    wrong = {seed: tell(history(seed), room).wrong for seed in range(first, first + EACH)}
    assert {seed: ending for seed, ending in wrong.items() if ending} == {}


def test_the_same_seed_is_the_same_history(room: Path) -> None:
    assert history(7) == history(7)
    assert tell(history(7), room) == tell(history(7), room)


def found(room: Path, words: str, *, first: Sequence[int]) -> bool:
    """Whether a history goes wrong in these words: of these seeds, or else of any up to 300."""
    return any(words in each for seed in (*first, *range(300)) for each in tell(history(seed), room).wrong)


def test_it_is_seen_when_a_claim_that_was_left_open_is_not_waited_for(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Looker, "_settled", lambda *_args, **_kwargs: None)
    assert found(room, "issues were made for", first=(69,))


def test_it_is_seen_when_what_was_said_is_not_looked_for(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JiraClient, "comments", lambda *_: [])
    assert found(room, "was said 2 times", first=(69, 61))


def test_it_is_seen_when_a_worker_does_not_ask_whether_it_still_has_the_lease(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "_fence", lambda *_: None)
    assert found(room, "issues were made for", first=(24, 34))


def test_a_history_that_goes_wrong_is_made_shorter(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JiraClient, "comments", lambda *_: [])
    long = next(history(seed) for seed in (69, 61, *range(300)) if tell(history(seed), room).wrong)
    short = shortest(long, room)
    assert len(short) < len(long) // 2
    assert tell(short, room).wrong
