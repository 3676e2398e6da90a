"""A process of the service that may die, or stay without an answer, at any one of its outside effects."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import requests
from sqlalchemy import Connection, event

from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.exchange import Access, Exchange
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.adapters.lock import FileLock
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.adapters.store import SqlStore
from cmmc_jira.errors import StoreUnavailable
from cmmc_jira.service.look import Looker
from cmmc_jira.service.reconcile import Reconciler
from cmmc_jira.service.tick import Tick
from cmmc_jira.service.worker import Engine
from cmmc_jira.wiring import look_for
from support.lists import hasten
from support.site import LAW, URL, Site
from support.wsgi import Application, WSGIAdapter

PROJECT: Final = "CMMC"
COMMIT: Final = "commit"
_READING_POSTS: Final = ("/search", "/search/jql", "/issue/bulkfetch")


class Dead(BaseException):
    """The process has died: nothing of ours may catch it."""


class Fate(StrEnum):
    """What befalls a process at one of its outside effects."""

    BEFORE = "dies before"
    AFTER = "dies after"
    UNANSWERED = "gets no answer to"
    LATE = "gives up on, before it takes effect, "


@dataclass(slots=True)
class Course:
    """The outside effects of a process so far, each call to Jira and each commit, and what befalls it at one of them.

    `late` are the calls that its sender has given up on and that have still to take effect.
    """

    at: int = 0
    fate: Fate = Fate.BEFORE
    effects: list[str] = field(default_factory=list)
    late: list[requests.PreparedRequest] = field(default_factory=list)

    def next(self, effect: str) -> Fate | None:
        """Count an effect that is about to come; what befalls the process at it."""
        self.effects.append(effect)
        return self.fate if len(self.effects) == self.at else None


def reads(effect: str) -> bool:
    """Whether an effect is a call that only reads."""
    return effect.startswith("GET ") or effect.endswith(_READING_POSTS)


class Wire(WSGIAdapter):
    """The way to the sandbox, on which a process may die."""

    def __init__(self, application: Application, course: Course) -> None:
        super().__init__(application)
        self._course = course

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        """The sandbox's answer, unless the process dies of the call or gives up on it."""
        call = f"{request.method} {urlsplit(str(request.url)).path}"
        fate = self._course.next(call)
        if fate is Fate.BEFORE:
            raise Dead
        if fate is Fate.LATE and not reads(call):
            self._course.late.append(request.copy())
            raise requests.ReadTimeout(request=request)
        response = super().send(request)
        if fate is Fate.AFTER:
            raise Dead
        if fate is not None:
            raise requests.ReadTimeout(request=request)
        return response


class MortalDatabase(Database):
    """A database before or after whose commit the process may die, or which may not say that it has committed."""

    def __init__(self, url: str, course: Course) -> None:
        super().__init__(url)
        self._course = course
        event.listen(self._engine, "connect", hasten)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open a transaction that writes."""
        with super().writing() as connection:
            yield connection
            fate = self._course.next(COMMIT)
            if fate is Fate.BEFORE:
                raise Dead
        if fate is Fate.AFTER:
            raise Dead
        if fate is not None:
            raise StoreUnavailable("The connection was lost while the database committed.")


class Process:
    """The service from its start to its death: the real to-do list, engine and tick, without a thread."""

    def __init__(self, site: Site, file: Path, course: Course) -> None:
        user = site.state.service_user()

        def session() -> requests.Session:
            opened = requests.Session()
            opened.trust_env = False
            opened.mount("http://", Wire(site.app, course))
            return opened

        access = Access(URL, user.token, user=None if site.state.datacenter else user.email)
        jira = JiraClient(Exchange(access, retry=Retry(sleep=lambda _: None, budget=0), session=session))
        looker = Looker(jira, site.clock, LAW, site.policy, site.notes, project=PROJECT)
        self.database = MortalDatabase(f"sqlite:///{file}", course)
        self.store = SqlStore(self.database, name=URL, debounce=0)
        look = look_for(
            Reconciler(looker, LAW, site.policy), jira=jira, store=self.store, clock=site.clock, project=PROJECT
        )
        self._right = FileLock(file)
        self._engine = Engine(self.store, site.clock, look, right=self._right)
        self._tick = Tick(self.store, site.clock, site.clock)

    def work(self) -> None:
        """Do what is due now: the tick, then look after look until none is left."""
        with contextlib.suppress(StoreUnavailable):
            self._tick.fire()
        with contextlib.suppress(StoreUnavailable):
            while self._engine.run_once():
                pass

    def end(self) -> None:
        """Be no more, as the system sees it: its lock and its connections are gone."""
        self._right.release()
        self.database.close()
