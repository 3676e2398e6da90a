"""A sandbox with one assessment, and the ways to it: each request is seen, with when it was answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import requests

from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.demo.person import Person
from cmmc_jira.demo.story import LEAD, OFFICIAL, Story
from cmmc_jira.service import provision
from cmmc_jira.service.reconcile import Reconciler
from cmmc_jira.settings import DEFAULT_ZONE, Notes, Settings
from cmmc_jira.wiring import build_admin, build_exchange, build_reconciler
from cmmc_rules.law import load_law
from cmmc_rules.words import Level
from jira_sandbox.server import Running, serve

LATENCY_MS: Final = 50
_BARRED: Final = ("AC", "CA", "PE")
"""Families with requirements that may never wait, so that an assessment of few items has none of them."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One request that was answered, and when, by the machine's own count of seconds."""

    method: str
    path: str
    at: float


@dataclass(slots=True)
class Seen:
    """What was asked, oldest first."""

    answers: list[Answered] = field(default_factory=list)

    def session(self) -> requests.Session:
        """Return a session whose every answer is seen."""
        session = requests.Session()
        session.hooks["response"].append(self.note)
        return session

    def note(self, response: requests.Response, *_: Any, **__: Any) -> None:  # noqa: ANN401  as requests calls a hook
        """Be told of an answer."""
        method = str(response.request.method)
        self.answers.append(Answered(method, urlsplit(response.url).path, perf_counter()))


@dataclass(frozen=True, slots=True)
class Ready:
    """A project that is ready, on a Jira that may be far away, and one assessment in it, at which nobody has looked."""

    sandbox: Running
    settings: Settings
    assessment: str

    def reconciler(self, seen: Seen) -> Reconciler:
        """Return a reconciler that knows nothing yet, as that of a process that has just begun."""
        jira = JiraClient(build_exchange(self.settings, session=seen.session))
        return build_reconciler(self.settings, jira=jira)

    def distance(self, milliseconds: int) -> None:
        """Let each request take so much longer."""
        faults = f"{self.sandbox.url}/sandbox/faults"
        requests.post(faults, json={"latency_ms": milliseconds}, timeout=10).raise_for_status()


@contextmanager
def ready(items: int) -> Iterator[Ready]:
    """Serve a sandbox with an assessment that has so many NOT MET findings."""
    with serve() as sandbox:
        zone = ZoneInfo(DEFAULT_ZONE)
        settings = Settings(sandbox.url, sandbox.project, sandbox.user, sandbox.token, zone=zone, notes=Notes.FULL)
        admin = build_admin(settings)
        present, steps = provision.plan(admin, settings.project, None)
        provision.provision(admin, present, steps)
        yield Ready(sandbox, settings, _opened(settings, items))


def _opened(settings: Settings, items: int) -> str:
    rows = load_law().requirements(Level.TWO)
    chosen = rows if items >= len(rows) else [r for r in rows if r.points == 1 and r.family not in _BARRED][:items]
    content = "id,status,note\n" + "".join(f"{row.id},NOT MET,Nothing is done.\n" for row in chosen)
    entered = {
        "CMMC Level": "2",
        "Assessment Path": "Self",
        "Unlisted Requirements": "MET",
        "Compliance Lead": LEAD,
        "Affirming Official": OFFICIAL,
    }
    story = Story(f"{items} findings", "findings.csv", content.encode(), entered)
    person = Person(JiraClient(build_exchange(settings)), settings.project)
    id_, _ = person.open(story)
    person.attach(id_, story)
    return id_
