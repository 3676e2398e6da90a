"""Every crash point: a process dies, or gets no answer, at each outside effect, and another one goes on.

Here at each call that may change Jira and at each commit: between them Jira and the to-do list stay as they are. `make
crash` dies at the reads too, with an index that lags by each number of looks. Making a project ready has its own crash
points in test_provision.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from crashes.points import LAGS, LATE, Point, Retold
from crashes.process import Fate
from crashes.stories import STORIES
from jira_sandbox.flavour import CLOUD, DATACENTER

SHORT = [name for name in STORIES if name != "first_look_at_110"]


@pytest.fixture(autouse=True)
def silent() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def wrong(retold: Retold, fate: Fate, numbers: Iterator[int]) -> dict[str, list[str]]:
    """Return what goes wrong at which point; from point to point the index lags by more, and late is later."""
    points = [Point(number, fate, number % len(LAGS), LATE[number % len(LATE)]) for number in numbers]
    return {retold.named(point): told for point in points if (told := retold.wrong(point))}


@pytest.mark.parametrize("fate", Fate)
@pytest.mark.parametrize("name", SHORT)
def test_wherever_a_process_is_cut_off_another_leaves_what_an_undisturbed_one_leaves(
    name: str, fate: Fate, tmp_path: Path
) -> None:
    retold = Retold(STORIES[name], CLOUD, tmp_path)
    numbers = retold.points(fate, lasting=True)
    assert len(numbers) >= 4
    assert wrong(retold, fate, iter(numbers)) == {}


@pytest.mark.parametrize("fate", [Fate.BEFORE, Fate.LATE])
def test_so_it_is_on_data_center(fate: Fate, tmp_path: Path) -> None:
    retold = Retold(STORIES["replaced"], DATACENTER, tmp_path)
    assert wrong(retold, fate, iter(retold.points(fate, lasting=True))) == {}


@pytest.mark.parametrize("fate", [Fate.AFTER, Fate.UNANSWERED, Fate.LATE])
def test_so_it_is_while_110_issues_are_created_50_a_call(fate: Fate, tmp_path: Path) -> None:
    retold = Retold(STORIES["first_look_at_110"], CLOUD, tmp_path)
    creates = [number for number, effect in enumerate(retold.effects, 1) if effect.endswith(("/issue/bulk", "/issue"))]
    assert len(creates) == 4
    whole = range(creates[0] - 2, len(retold.effects) + 1)
    numbers = [n for n in retold.points(fate, lasting=True) if n in (whole if fate is Fate.AFTER else creates)]
    assert wrong(retold, fate, iter(numbers)) == {}
