"""One process of the service: its to-do list, its engine and its tick are real, its threads are turns."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import requests
from flask import Flask

from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.exchange import Access, Exchange
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.adapters.lock import NoLock
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.adapters.store import SqlStore
from cmmc_jira.core.deliveries import read_delivery
from cmmc_jira.core.policy import Policy
from cmmc_jira.errors import BadDelivery, StoreUnavailable
from cmmc_jira.service.inbox import Inbox, identify
from cmmc_jira.service.look import Looker
from cmmc_jira.service.reconcile import Reconciler
from cmmc_jira.service.tick import Tick
from cmmc_jira.service.worker import Engine
from cmmc_jira.web.schemas import read_payload
from cmmc_jira.wiring import look_for
from cmmc_rules.law import load_law
from jira_sandbox import State
from simulation.turns import Killed, Task, pause
from support.clock import FrozenClock
from support.wsgi import WSGIAdapter

LAW = load_law()
SECRET = "a-secret-of-the-simulation"
PROJECT = "CMMC"
WORKERS = 2
STALL = timedelta(seconds=25)
"""A little less than a lease lasts."""


class Wire(WSGIAdapter):
    """The way to the sandbox: the turn is given back before each call, and after each that may have changed Jira.

    `post` may put a call off, and is told of one that came to Jira so long after its lease was asked for that the lease
    may have ended: the one thing that no lease can prevent.
    """

    def __init__(self, application: Flask, clock: FrozenClock, post: "Post", die: Callable[[], None]) -> None:
        super().__init__(application)
        self._clock = clock
        self._post = post
        self._die = die

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        asked = self._clock.now()
        pause()
        self._post.slow()
        if request.method != "GET":
            if self._clock.now() - asked >= STALL:
                self._post.froze()
            if self._post.late(request):
                raise requests.ReadTimeout(request=request)
        fatal = self._post.fatal(request)
        if fatal != "before":
            response = super().send(request)
        if fatal:
            self._die()
            raise Killed
        if request.method != "GET":
            pause()
        return response


class Post(Protocol):
    """What may happen to a call on its way."""

    def slow(self) -> None:
        """Take long over it, if that was asked for."""

    def froze(self) -> None:
        """Be told of a write that came late."""

    def fatal(self, request: requests.PreparedRequest) -> str:
        """Whether the process that sends this dies `before` or `after` its effect; empty when it lives on."""

    def late(self, request: requests.PreparedRequest) -> bool:
        """Keep a write to let it take effect later, if that was asked for: its sender has given up waiting."""


class Node:
    """A process, from its start until it is killed. Replicas share the file of the to-do list."""

    def __init__(
        self, name: str, *, state: State, app: Flask, clock: FrozenClock, policy: Policy, file: Path,
        post: Post,
    ) -> None:  # fmt: skip
        user = state.service_user()

        def session() -> requests.Session:
            opened = requests.Session()
            opened.trust_env = False
            opened.mount("http://", Wire(app, clock, post, self._die))
            return opened

        def rest(seconds: float) -> None:
            clock.move(seconds=seconds)
            pause()

        access = Access("http://jira.test", user.token, user.email)
        jira = JiraClient(Exchange(access, retry=Retry(budget=6.0, sleep=rest), session=session))
        reconciler = Reconciler(Looker(jira, clock, LAW, policy, "full"), LAW, policy)
        self.name = name
        self.dead = False
        self.database = Database(f"sqlite:///{file}")
        self.store = SqlStore(self.database, name="http://jira.test")
        look = look_for(reconciler, jira=jira, store=self.store, clock=clock, project=PROJECT)
        self.engine = Engine(self.store, clock, look, right=NoLock())
        self.tick = Tick(self.store, clock, clock)
        self.inbox = Inbox(self.store, clock, (SECRET,))
        self.tasks: list[Task] = []

    def work(self, turn: int, pauses: int) -> None:
        """Let one of the workers go on: with the look it is at, or with the next that is due."""
        self.tasks = [task for task in self.tasks if not task.over]
        if len(self.tasks) < WORKERS and turn % WORKERS >= len(self.tasks):
            self.tasks.append(Task(f"{self.name}/{turn}", self._once))
        self.tasks[turn % len(self.tasks)].step(pauses)

    def busy(self) -> bool:
        """Whether a look is under way."""
        return not all(task.over for task in self.tasks)

    def idle(self) -> bool:
        """Let everything under way end, then do all that is due; whether that was nothing."""
        for task in self.tasks:
            task.finish()
        self.tasks = []
        return not self.engine.run_once()

    def beat(self) -> None:
        """Prolong the leases of what runs, as the heartbeat does."""
        self.engine.extend_leases()

    def kill(self) -> None:
        """Die with everything under way."""
        for task in self.tasks:
            task.kill()
        self.database.close()

    def _die(self) -> None:
        self.dead = True

    def _once(self) -> None:
        self.engine.run_once()

    def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        """Take a delivery in, as the web side does; the HTTP status."""
        try:
            self.inbox.verify(body, headers.get("X-Hub-Signature"))
            payload: Mapping[str, Any] = read_payload(body)
            identifier = identify(body, headers.get("X-Atlassian-Webhook-Identifier"))
            new = self.inbox.accept(read_delivery(payload, project=PROJECT), identifier=identifier)
        except BadDelivery as bad:
            return bad.status
        except StoreUnavailable:
            return 503
        return 202 if new else 200
