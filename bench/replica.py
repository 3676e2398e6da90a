"""A replica in a process of its own: the service's looks at a sandbox, its to-do list on PostgreSQL.

`python -m bench.replica SETTINGS ASSESSMENT ...` looks at each assessment once, so that it has read their files, and
then does what it is told, a word a line, and answers each with how many looks have ended: `start WORKERS`, `count`,
`stop`.
"""

import json
import logging
import sys
import threading

import click

from bench.many import settings_for
from cmmc_jira.adapters.clock import SystemClock
from cmmc_jira.adapters.lock import NoLock
from cmmc_jira.service.worker import Engine, Rhythm
from cmmc_jira.wiring import Service, build, look_for


class Looks:
    """Counts the looks that ended well."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.ended = 0

    def observe(self, outcome: str, _seconds: float) -> None:
        """Be told of a look."""
        with self._lock:
            self.ended += outcome == "done"


def main() -> None:
    """Do as told until standard input ends."""
    logging.disable()
    settings = settings_for(*json.loads(sys.argv[1]))
    service = build(settings, clock=SystemClock(settings.zone), debounce=0)
    for assessment in sys.argv[2:]:
        service.reconciler.decide(assessment)
    looks, engine = Looks(), _engine(service, Looks(), 1)
    _say(0)
    for line in sys.stdin:
        word, *number = line.split()
        if word == "start":
            engine = _engine(service, looks, int(number[0]))
            engine.start()
        elif word == "stop":
            engine.stop()
        _say(looks.ended)


def _engine(service: Service, looks: Looks, workers: int) -> Engine:
    look = look_for(
        service.reconciler,
        jira=service.jira,
        store=service.store,
        clock=service.machine,
        project=service.settings.project,
    )
    return Engine(
        service.store,
        service.machine,
        look,
        right=NoLock(),
        workers=workers,
        observe=looks.observe,
        rhythm=Rhythm(poll=0.02),
    )


def _say(count: int) -> None:
    click.echo(count)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
