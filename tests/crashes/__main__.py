"""Die everywhere, on all cores: `python -m crashes`. The exit code is 1 when anything is lost, doubled or restless."""

import argparse
import itertools
import logging
import multiprocessing
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.progress import track

from crashes.points import LAGS, LATE, Point, Retold
from crashes.process import Fate
from crashes.stories import STORIES
from jira_sandbox.flavour import CLOUD, DATACENTER


@dataclass(frozen=True, slots=True)
class Chapter:
    """All crash points of one kind in one story."""

    story: str
    flavour: str
    fate: Fate
    lag: int
    late: int = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Die at each point of each chapter, and print what goes wrong."""
    parser = argparse.ArgumentParser(prog="python -m crashes", description=__doc__)
    parser.add_argument("--stories", nargs="+", default=list(STORIES), choices=list(STORIES))
    parser.add_argument("--flavours", nargs="+", default=[CLOUD, DATACENTER], choices=[CLOUD, DATACENTER])
    parser.add_argument("--lags", nargs="+", type=int, default=list(LAGS), help="by how many looks the index lags")
    asked = parser.parse_args(arguments)
    chapters = [
        Chapter(story, flavour, fate, lag, late)
        for story, flavour, fate, lag in itertools.product(asked.stories, asked.flavours, Fate, asked.lags)
        for late in (LATE if fate is Fate.LATE else (0,))
    ]
    points = wrong = 0
    for chapter, (count, told) in track(_told(chapters), "Chapters", total=len(chapters)):
        points += count
        wrong += len(told)
        for line in told:
            click.echo(f"{chapter.story} on {chapter.flavour}, index {chapter.lag} looks late: {line}")
    click.echo(f"{points} crash points in {len(asked.stories)} stories: {wrong} went wrong.")
    return 1 if wrong else 0


def _told(chapters: Sequence[Chapter]) -> Iterator[tuple[Chapter, tuple[int, list[str]]]]:
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        yield from pool.imap_unordered(tell, chapters)


def tell(chapter: Chapter) -> tuple[Chapter, tuple[int, list[str]]]:
    """Return how many points a chapter has, and a line for each at which something goes wrong."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        retold = Retold(STORIES[chapter.story], chapter.flavour, Path(folder))
        numbers, told = retold.points(chapter.fate), []
        for number in numbers:
            point = Point(number, chapter.fate, chapter.lag, chapter.late)
            wrong = retold.wrong(point)
            if wrong:
                told.append(f"{retold.named(point)}: {'; '.join(wrong[:3])}"[:1000])
    return chapter, (len(numbers), told)


if __name__ == "__main__":
    raise SystemExit(main())
