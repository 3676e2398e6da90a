"""A sweep in which nothing is due: what it costs where there are many assessments, by the engine's own workers.

`python -m bench.sweep 1000` measures in this process, which holds nothing else, and prints one JSON document; the
sandbox is in another process, so that neither its memory nor its processor time are counted as ours.
"""

import hmac
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep
from typing import Final

import click
import requests

from bench.many import sandbox_with, settings_for
from bench.ready import LATENCY_MS
from bench.receiver import SECRET
from bench.rows import Row
from cmmc_jira.adapters.clock import SystemClock
from cmmc_jira.core.deliveries import EVERYTHING
from cmmc_jira.web.app import create_app
from cmmc_jira.wiring import Service, build

ASSESSMENTS: Final = (100, 1000)
_LOOK_SECONDS: Final = 0.1
_SENT: Final = 100
_WELL: Final = {"200", "download"}


@dataclass(frozen=True, slots=True)
class Sweep:
    """One sweep: requests to Jira, seconds until the last look has ended, and seconds of our processor time."""

    calls: int
    seconds: float
    processor: float


@dataclass(frozen=True, slots=True)
class Swept:
    """Sweeps of so many assessments, and the memory they take at most beyond an idle service's, in megabytes.

    `first` is the first one of a process, which reads the findings files, `thorough` the first one of a day, `known`
    that of every other hour, and `far` a thorough one where each request takes 50 ms longer. `quiet` and `busy` are
    the seconds in which webhooks are answered before and during that one, the middle and the slowest.
    """

    assessments: int
    first: Sweep
    thorough: Sweep
    known: Sweep
    far: Sweep
    megabytes: float
    quiet: tuple[float, float]
    busy: tuple[float, float]


def rows() -> Iterator[Row]:
    """Yield the sweeps of 1,000 assessments beside those of 100, and how both grow."""
    few, many = (measure(assessments) for assessments in ASSESSMENTS)
    for name, one, other in (
        ("first of a process", few.first, many.first),
        ("first of a day", few.thorough, many.thorough),
        ("of every other hour", few.known, many.known),
        (f"of a day, {LATENCY_MS} ms a request", few.far, many.far),
    ):
        yield Row(
            f"sweep, nothing due: {name}",
            _told(many, other),
            _told(few, one),
            other.processor / one.processor,
            goal=f"{other.calls / one.calls:.1f} times the calls; the ratio is of processor time",
            figures={"calls": other.calls, "seconds": other.seconds, "processor": other.processor},
        )
    yield Row("  memory it takes at most", f"{many.megabytes:.0f} MB", f"{few.megabytes:.0f} MB")
    for place, name in enumerate(("middle", "slowest")):
        busy, quiet = many.busy[place], many.quiet[place]
        yield Row(
            f"  a webhook's answer while {many.assessments:,} are dirty, the {name}",
            f"{busy * 1e3:.0f} ms",
            f"{quiet * 1e3:.0f} ms when nothing is",
            busy / quiet,
            figures={"busy_seconds": busy, "quiet_seconds": quiet},
        )


def _told(swept: Swept, one: Sweep) -> str:
    spent = f"{one.seconds:.0f} s, {one.processor:.0f} s of processor"
    return f"{swept.assessments:,} assessments: {one.calls:,} calls, {spent}"


def measure(assessments: int) -> Swept:
    """Return what sweeps of so many assessments cost, measured in a process of its own."""
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "bench.sweep", str(assessments)], check=True, capture_output=True, text=True
    )
    told = json.loads(done.stdout)
    sweeps = {name: Sweep(**told[name]) for name in ("first", "thorough", "known", "far")}
    quiet, busy = tuple(told["quiet"]), tuple(told["busy"])
    return Swept(told["assessments"], **sweeps, megabytes=told["megabytes"], quiet=quiet, busy=busy)


def main() -> None:
    """Measure and print."""
    assessments = int(sys.argv[1])
    with sandbox_with(assessments) as way, TemporaryDirectory() as folder:
        settings = replace(settings_for(way, f"sqlite:///{Path(folder) / 'bench.db'}"), webhook_secrets=(SECRET,))
        service = build(settings, clock=SystemClock(settings.zone), debounce=0)
        service.database.prepare()
        service.jira.fields()
        idle = _megabytes()
        service.engine.start()
        first, thorough, known = (_sweep(service, thorough=each) for each in (True, True, False))
        faults = f"{settings.url}/sandbox/faults"
        requests.post(faults, json={"latency_ms": LATENCY_MS}, timeout=10).raise_for_status()
        sender, busy = Sender(service), list[float]()
        quiet = [sender.send() for _ in range(_SENT)]
        far = _sweep(service, thorough=True, meanwhile=lambda: busy.append(sender.send()))
        service.engine.stop()
        grown = _megabytes() - idle
        swept = Swept(assessments, first, thorough, known, far, grown, _spread(quiet), _spread(busy))
    click.echo(json.dumps(asdict(swept)))


class Sender:
    """Sends signed webhooks of another project, which are stored and mark nothing."""

    def __init__(self, service: Service) -> None:
        self._web = create_app(service).test_client()
        self._number = count()

    def send(self) -> float:
        """Send one, and return the seconds until it was answered."""
        issue = {"id": "1", "key": "OTHER-1", "fields": {"project": {"key": "OTHER"}, "description": "x" * 4000}}
        told = {"timestamp": next(self._number), "webhookEvent": "jira:issue_updated", "issue": issue}
        body = json.dumps(told).encode()
        signature = f"sha256={hmac.digest(SECRET.encode(), body, 'sha256').hex()}"
        begun = perf_counter()
        answer = self._web.post("/webhooks/jira", data=body, headers={"X-Hub-Signature": signature})
        if answer.status_code != HTTPStatus.ACCEPTED:
            raise RuntimeError(f"A webhook was answered {answer.status}.")
        return perf_counter() - begun


def _spread(seconds: Sequence[float]) -> tuple[float, float]:
    return median(seconds), max(seconds)


def _sweep(service: Service, *, thorough: bool, meanwhile: Callable[[], None] = lambda: None) -> Sweep:
    """Mark everything and wait until nothing is left to look at; do something else `meanwhile`, again and again.

    Raises:
        RuntimeError: something was due after all, or went wrong.

    """
    before, began, worked = service.jira.calls(), perf_counter(), process_time()
    service.store.mark(EVERYTHING, thorough=thorough, now=service.machine.now())
    service.engine.wake()
    while service.store.backlog(now=service.machine.now()).dirty:
        answers = service.jira.answers()
        if {method for method, _ in answers} - {"GET", "POST"} or {status for _, status in answers} - _WELL:
            raise RuntimeError(f"Something was due, or went wrong: {answers}")
        meanwhile()
        sleep(_LOOK_SECONDS)
    taken = sum(service.jira.calls().values()) - sum(before.values())
    return Sweep(taken, perf_counter() - began, process_time() - worked)


def _megabytes() -> float:
    """Return the most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
