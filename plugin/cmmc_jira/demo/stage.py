"""The stage of the demo: a sandbox on one port, the service on another, the project made ready, people at hand."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any, Final
from zoneinfo import ZoneInfo

import requests
from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from cmmc_jira.adapters.clock import RemoteClock
from cmmc_jira.adapters.exchange import Access, Exchange
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.demo.administrator import administer
from cmmc_jira.demo.person import Person
from cmmc_jira.demo.players import Account
from cmmc_jira.demo.policy import demo_policy
from cmmc_jira.demo.story import LEAD
from cmmc_jira.errors import BadSetting, JiraUnavailable
from cmmc_jira.service import provision
from cmmc_jira.service.admin import CLOUD, Listener
from cmmc_jira.service.reconcile import Reconciler
from cmmc_jira.service.steps import by_hand
from cmmc_jira.settings import Notes, Settings
from cmmc_jira.web.app import create_app
from cmmc_jira.wiring import Service, build, build_admin, build_exchange, build_reconciler
from jira_sandbox.server import Running, serve

HOST: Final = "127.0.0.1"
DEBOUNCE_SECONDS: Final = 0.2
SHORT_DEBOUNCE_SECONDS: Final = 0.05
"""For a demo that lives through days: each waits for two looks, and few events come on one."""

TICK_SECONDS: Final = 0.5
BEGIN_OF_WORK: Final = time(9)
_LOOK_SECONDS: Final = 0.2
_TIMEOUT_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a story is played.

    `watcher` and `judge` read Jira with a client of their own, so that the service's calls are its own alone.
    """

    url: str
    project: str
    service: Service
    clock: RemoteClock
    watcher: JiraClient
    judge: Reconciler
    accounts: Mapping[str, Account]

    @property
    def lead(self) -> Person:
        """The compliance lead, at work."""
        return next(account.person for account in self.accounts.values() if account.email == LEAD)

    def account(self, user: str) -> Account:
        """Return somebody's account by user id."""
        return self.accounts[user]

    def names(self) -> Mapping[str, str]:
        """Return everybody's name by user id."""
        return {user: account.name for user, account in self.accounts.items()}

    def control(self, name: str) -> Any:  # noqa: ANN401  the sandbox's JSON
        """Return what the sandbox says about itself."""
        return _control(self.url, name)

    def set_day(self, day: date) -> None:
        """Make it nine in the morning of a day in the sandbox, which the service then knows at once."""
        _set_day(self.url, day, self.clock)


@contextmanager
def stage(
    *,
    port: int,
    flavour: str = CLOUD,
    zone: ZoneInfo,
    day: date,
    closures: frozenset[date] = frozenset(),
    debounce: float = DEBOUNCE_SECONDS,
    say: Callable[[str], None],
) -> Iterator[Stage]:
    """Set the stage, at nine in the morning of a day, while the context lasts; everything is gone afterwards.

    `flavour` is the kind of Jira: `cloud` or `datacenter`.

    Raises:
        BadSetting: the port is taken.

    """
    with TemporaryDirectory(prefix="cmmc-jira-demo-") as folder, _sandbox(port, flavour) as sandbox:
        kind = "Jira Cloud" if flavour == CLOUD else "Jira Data Center"
        say(f"A sandbox of {kind} answers at {sandbox.url}")
        settings = Settings(
            url=sandbox.url,
            project=sandbox.project,
            user=sandbox.user if flavour == CLOUD else None,  # a personal access token needs none
            token=sandbox.token,
            webhook_secrets=(secrets.token_hex(32),),
            database_url=f"sqlite:///{Path(folder) / 'demo.db'}",
            zone=zone,
            closures=closures,
            notes=Notes.FULL,  # the samples are invented and hold no CUI
        )
        clock, policy = RemoteClock(sandbox.url, zone), demo_policy()
        _set_day(sandbox.url, day, clock)  # before the service's first tick: no later day is then an earlier one
        service = build(settings, clock=clock, policy=policy, debounce=debounce, tick_seconds=TICK_SECONDS)
        with _listening(create_app(service)) as address:
            say(f"The service listens at {address}")
            made = _provision(settings, f"{address}/webhooks/jira")
            say(f"The project {settings.project} is ready: {made} steps of provisioning")
            watcher = JiraClient(build_exchange(settings))
            service.start()
            try:
                yield Stage(
                    url=sandbox.url,
                    project=settings.project,
                    service=service,
                    clock=clock,
                    watcher=watcher,
                    judge=build_reconciler(settings, jira=watcher, clock=clock, policy=policy),
                    accounts=_accounts(sandbox.url, settings.project),
                )
            finally:
                service.stop()


@contextmanager
def _sandbox(port: int, flavour: str) -> Iterator[Running]:
    with ExitStack() as stack:
        try:
            running = stack.enter_context(serve(port, flavour))
        except OSError as error:
            raise BadSetting(
                f"--port {port} cannot be had ({error.strerror or error}): name another one, or 0 for any."
            ) from error
        yield running


@contextmanager
def _listening(app: Flask) -> Iterator[str]:
    """Serve an application on a free port of the loopback; its address."""
    sockets: dict[int, Any] = {}
    server: Any = create_server(app, map=sockets, host=HOST, port=0, threads=4, ident=None)
    stopped = Event()

    def answer() -> None:
        while not stopped.is_set():
            wasyncore.loop(timeout=_LOOK_SECONDS, map=sockets, count=1)

    thread = Thread(target=answer, name="service", daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.effective_port}"
    finally:
        stopped.set()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(sockets, ignore_all=True)


def _provision(settings: Settings, hook: str) -> int:
    """Make the project ready, the webhook included; how many steps that took."""
    admin, listener = build_admin(settings), Listener(hook, settings.webhook_secrets[0])
    present, steps = provision.plan(admin, settings.project, listener)
    provision.provision(admin, present, steps)
    if by_hand(steps):
        administer(settings.url, admin, settings.project)
        present, more = provision.plan(admin, settings.project, listener)
        provision.provision(admin, present, more)
        steps = (*steps, *more)
    return len(steps)


def _accounts(url: str, project: str) -> Mapping[str, Account]:
    """Return everybody in the sandbox, by user id, each with an account of their own."""
    users: list[Mapping[str, Any]] = _control(url, "users")
    return {
        str(row.get("accountId") or row["name"]): Account(
            name=str(row["displayName"]),
            email=str(row["email"]),
            person=Person(JiraClient(Exchange(Access(url, str(row["token"]), user=str(row["user"])))), project),
        )
        for row in users
    }


def _set_day(url: str, day: date, clock: RemoteClock) -> None:
    morning = datetime.combine(day, BEGIN_OF_WORK, tzinfo=clock.zone)
    answer = requests.post(f"{url}/sandbox/clock", json={"now": morning.isoformat()}, timeout=_TIMEOUT_SECONDS)
    answer.raise_for_status()
    clock.refresh()


def _control(url: str, name: str) -> Any:  # noqa: ANN401  the sandbox's JSON
    try:
        answer = requests.get(f"{url}/sandbox/{name}", timeout=_TIMEOUT_SECONDS)
        answer.raise_for_status()
        return answer.json()
    except requests.RequestException as error:
        raise JiraUnavailable(f"The sandbox at {url} does not answer.") from error
