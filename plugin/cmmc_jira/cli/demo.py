"""`cmmc-jira demo`: a Jira sandbox, the service, and everything that follows from a findings file, to watch."""

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from threading import Event
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cmmc_jira.adapters.clock import SystemClock
from cmmc_jira.cli.options import DAY, LEVEL, PATH
from cmmc_jira.cli.output import print_json, print_text, progress, remark
from cmmc_jira.cli.source import name_of, read_source
from cmmc_jira.demo.cast import Cast, load_cast
from cmmc_jira.demo.report import shown
from cmmc_jira.demo.scene import Opened, Summary, begin, end, live
from cmmc_jira.demo.stage import DEBOUNCE_SECONDS, SHORT_DEBOUNCE_SECONDS, Stage, stage
from cmmc_jira.demo.story import Story, samples, told
from cmmc_jira.errors import BadFindings
from cmmc_jira.findings.document import document_in, read_document
from cmmc_jira.findings.reading import read_findings
from cmmc_jira.service.admin import CLOUD
from cmmc_jira.settings import read_calendar
from cmmc_manifests.schema import FLAVOURS
from cmmc_rules.dated import NotInForce
from cmmc_rules.evaluate import evaluate
from cmmc_rules.law import Law, load_law
from cmmc_rules.records import Assessment
from cmmc_rules.words import PATHS_OF_LEVEL, Level, Path

USUAL_PORT: Final = 8090
_LAST_PORT: Final = 65_535
_LAST_DAY: Final = 1_200  # past the three years of a status


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of the first assessment beside its file."""

    level: Level | None
    path: Path | None
    status_date: date | None


@dataclass(frozen=True, slots=True)
class _Play:
    """Who plays, the day on which it begins, how many days are lived after it, and where progress is told."""

    cast: Cast
    start: date
    days: int
    console: Console


@click.command("demo")
@click.option("--findings", "file", metavar="FILE", help="Play this findings file or assessment document instead.")
@click.option("--level", type=LEVEL, help="The CMMC level of the first assessment; by default 2.")
@click.option("--path", type=PATH, help="Who assesses; by default Self, at level 3 DIBCAC.")
@click.option("--status-date", type=DAY, help="The CMMC Status Date; for the sample today, for a file none.")
@click.option(
    "--to-day",
    type=click.IntRange(0, _LAST_DAY),
    metavar="N",
    help="Live through the days up to day N of the closeout clock, with people at work; 181 shows all of it.",
)
@click.option(
    "--flavour",
    type=click.Choice(FLAVOURS),
    default=CLOUD,
    show_default=True,
    help="Which kind of Jira it is played on.",
)
@click.option("--port", type=click.IntRange(0, _LAST_PORT), help=f"The sandbox's port; 0 is any, usual {USUAL_PORT}.")
@click.option("--check", is_flag=True, help="End when nothing is left to do instead of serving on.")
@click.option("--json", "as_json", is_flag=True, help="Print what came of the first assessment as one JSON document.")
def command(  # noqa: PLR0913 - one for each option
    file: str | None,
    *,
    level: Level | None,
    path: Path | None,
    status_date: date | None,
    to_day: int | None,
    flavour: str,
    port: int | None,
    check: bool,
    as_json: bool,
) -> None:
    """Watch the main job on a Jira sandbox, with no account and no server.

    Two invented companies have assessed themselves. Their findings are attached to assessment issues; the service
    hears of it through signed webhooks and makes an issue of each NOT MET requirement and a status issue of each
    assessment. Then the sandbox can be clicked through until Ctrl-C. Nothing of it is kept.

    With --to-day every day from the CMMC Status Date on is lived through: owners finish, slip and ignore, and what is
    said to whom is counted.

    \b
    Examples:
      cmmc-jira demo
      cmmc-jira demo --to-day 181
      cmmc-jira demo --findings findings.csv --status-date 2026-06-01
      cmmc-jira demo --flavour datacenter
      cmmc-jira demo --check --json --port 0
    """  # noqa: D301 - \b is click's mark for lines to keep as they are
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that it, too, clears away what was set up
    zone, closures = read_calendar(os.environ)
    law, today = load_law(), SystemClock(zone).today()
    stories, day = _stories(file, Said(level, path, status_date), law=law, today=today)
    if to_day is not None:
        day = stories[0].posted or day
    play = _Play(load_cast() if file is None else load_cast().anybody(), day or today, to_day or 0, progress())
    setting = partial(
        stage, port=_port(port, check=check), flavour=flavour, zone=zone, closures=closures, say=play.console.print
    )
    with setting(day=play.start, debounce=SHORT_DEBOUNCE_SECONDS if play.days else DEBOUNCE_SECONDS) as scene:
        opened, summaries = _played(scene, stories, play)
        play.console.print(f"Nothing is left to do, {time.monotonic() - begun:.1f} seconds after the start.")
        if as_json:
            print_json(dict(summaries[0].as_json()))
        else:
            print_text(shown(scene.url, opened, summaries))
        if not check:
            if to_day is None:
                remark("To live through the 180 days with people at work: make demo DEMO='--to-day 181'")
            remark(f"Serving at {scene.url}/ until Ctrl-C.")
            _wait()


def _stories(file: str | None, said: Said, *, law: Law, today: date) -> tuple[Sequence[Story], date | None]:
    """Return what is to be played, and the day it is played on where the document names one; all is read beforehand."""
    if file is not None:
        name, content = name_of(file), read_source(file)
        assessment, as_of = _assessment(name, content, said, law=law, today=today)
        if assessment.poam is not None or assessment.closeout is not None:
            remark(f"{name}: what it says of single items (poam, closeout) is for people to enter, and is left out.")
        return (told(name, content, assessment),), as_of
    first, second = samples(today, level=said.level or Level.TWO, path=said.path, posted=said.status_date)
    read = replace(said, level=said.level or Level.TWO, status_date=first.posted)
    _assessment(first.file, first.content, read, law=law, today=today)  # refuses what does not fit, before it starts
    return (first, second), None


def _assessment(name: str, content: bytes, said: Said, *, law: Law, today: date) -> tuple[Assessment, date | None]:
    """Return what the file and the options say together, and the document's own day if it has one."""
    document = document_in(name, content)
    try:
        if document is not None:
            assessment = read_document(
                _completed(document, said),
                law=law,
                as_of=today,
                level=said.level,
                path=said.path,
                status_date=said.status_date,
            )
        else:
            assessment = _of_findings(name, content, said, law=law, today=today)
    except BadFindings as error:
        raise BadFindings(
            mistake if mistake.startswith(name) else f"{name}, {mistake}" for mistake in error.mistakes
        ) from None
    posted, as_of = assessment.dates.cmmc_status_date, assessment.dates.as_of
    if posted is not None and posted > as_of:
        raise BadFindings(
            f"--status-date {posted} lies after {as_of}: it is the day the results were posted, so give that or none."
        )
    try:
        evaluate(assessment, law)
    except NotInForce as error:
        raise BadFindings(f"{name}: {error}") from None
    return assessment, None if as_of == today else as_of


def _completed(document: object, said: Said) -> object:
    """Return the document with the usual level and path where neither it nor an option names them."""
    if not isinstance(document, dict):
        return document
    level = said.level or document.get("level", Level.TWO.value)
    path = said.path or document.get("path", _usual_path(level))
    return {**document, "level": document.get("level", level), "path": document.get("path", path)}


def _of_findings(name: str, content: bytes, said: Said, *, law: Law, today: date) -> Assessment:
    read = read_findings(name, content, law=law, level=said.level)
    level = said.level or read.level or Level.TWO
    path = said.path or read.path or _usual_path(level)
    assessment = read_document({}, law=law, as_of=today, level=level, path=path, status_date=said.status_date)
    return replace(assessment, findings=read.findings, notices=read.notices)


def _usual_path(level: object) -> Path:
    return next((PATHS_OF_LEVEL[row][0] for row in Level if str(row.value) == str(level)), Path.SELF)


def _port(port: int | None, *, check: bool) -> int:
    if port is not None:
        return port
    return 0 if check else USUAL_PORT


def _played(scene: Stage, stories: Sequence[Story], play: _Play) -> tuple[list[Opened], list[Summary]]:
    console = play.console
    opened = []
    for story in stories:
        with console.status(story.summary):
            opened.append(begin(scene, story, say=console.print))
    if play.days:
        _lived(scene, opened, play)
    return opened, [end(scene, one, days=play.days) for one in opened]


def _lived(scene: Stage, opened: Sequence[Opened], play: _Play) -> None:
    """Live through the days and show how far they are."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=play.console, transient=True) as bar:
        task = bar.add_task("", total=play.days)

        def tell(day: date, number: int, done: Sequence[str]) -> None:
            bar.update(task, advance=1, description=f"Day {number} of {play.days}, {day}")
            for sentence in done:
                bar.console.print(f"Day {number}, {day}: {sentence}")

        live(scene, opened, play.cast, start=play.start, days=play.days, tell=tell)


def _wait() -> None:
    """Wait for Ctrl-C or SIGTERM, either of which is the usual end."""
    with suppress(KeyboardInterrupt):
        Event().wait()
