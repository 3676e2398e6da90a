"""The one place that chooses concrete parts and puts them together."""

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Final

import requests

from cmmc_jira.adapters.checkup import JiraCheckup
from cmmc_jira.adapters.clock import RemoteClock, SystemClock, sandbox_clock
from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.exchange import Access, Exchange, Lender
from cmmc_jira.adapters.grants import Grants, Lent
from cmmc_jira.adapters.headroom import Headroom
from cmmc_jira.adapters.invocation import Invocations, KeySet
from cmmc_jira.adapters.jira import JiraClient
from cmmc_jira.adapters.jira_admin import JiraAdmin
from cmmc_jira.adapters.lock import FileLock, NoLock
from cmmc_jira.adapters.mapping import read_mapping
from cmmc_jira.adapters.metrics import Metrics
from cmmc_jira.adapters.policy import read_policy
from cmmc_jira.adapters.retry import Retry
from cmmc_jira.adapters.schedule import TICK_SECONDS, Schedule
from cmmc_jira.adapters.stage import JiraStage
from cmmc_jira.adapters.store import DEBOUNCE_SECONDS, SqlStore
from cmmc_jira.core.deliveries import EVERYTHING
from cmmc_jira.core.mapping import ProjectMapping
from cmmc_jira.core.policy import Policy
from cmmc_jira.errors import CmmcJiraError, JiraRefused
from cmmc_jira.service.checks.case import Case, Heard
from cmmc_jira.service.checks.verdict import Grade
from cmmc_jira.service.inbox import Inbox
from cmmc_jira.service.look import Looker
from cmmc_jira.service.ports import Clock, Jira, Store, Work
from cmmc_jira.service.reconcile import Observe, Reconciler
from cmmc_jira.service.sweep import sweep
from cmmc_jira.service.tick import Tick
from cmmc_jira.service.vigil import Vigil
from cmmc_jira.service.worker import POLL_SECONDS, Engine, Fence, Look, Rhythm
from cmmc_jira.settings import Role, Settings, read_settings
from cmmc_rules.law import load_law

PROBE_SECONDS: Final = 5
PATIENCE_SECONDS: Final = 6.0
"""How long a worker waits inside one call: longer waits are the to-do list's, and hold no worker up."""

_log = logging.getLogger(__name__)

Session = Callable[[], requests.Session]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: how long an event waits for others, from tick to tick, and how long an idle worker sleeps."""

    debounce: float
    tick: float
    poll: float


USUAL: Final = Pace(DEBOUNCE_SECONDS, TICK_SECONDS, POLL_SECONDS)
WATCHED: Final = Pace(debounce=0.05, tick=0.25, poll=0.1)
"""Where a sandbox's clock is followed: somebody moves it and then watches."""


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of a running service. `probe` is a client of its own for readiness: brief, and counted apart.

    `clock` has the organisation's time; the to-do list goes by the machine's. `grants` is there where Jira is asked
    with the token that the Forge app's calls bring.
    """

    settings: Settings
    jira: JiraClient
    probe: JiraClient
    store: Store
    clock: Clock
    machine: Clock
    reconciler: Reconciler
    engine: Engine
    tick: Tick
    vigil: Vigil
    schedule: Schedule
    inbox: Inbox
    mapping: ProjectMapping
    invocations: Invocations | None
    grants: Grants | None
    metrics: Metrics
    database: Database
    stopping: threading.Event

    def start(self) -> None:
        """Start what this role runs: workers and schedule, unless it is the web side alone; and the checks beside it.

        Raises:
            BadSetting: the database was written by a newer version.
            StoreUnavailable: the database is away.

        """
        self.database.prepare(shared=self.settings.role is not Role.ALL)
        if self.settings.role is not Role.WEB:
            self.engine.start()
            self.schedule.start()
        self.vigil.start()

    def stop(self) -> None:
        """Stop cleanly: no tick, no claim, then wait for the looks under way and give back the rest."""
        self.stopping.set()
        self.schedule.stop()
        self.engine.stop()
        self.vigil.stop()
        self.database.close()


def settings_of(environ: Mapping[str, str] | None = None, *, serving: bool = False) -> Settings:
    """Return the settings of this process's environment, or of another one.

    Raises:
        BadSetting: one sentence for each mistake.

    """
    return read_settings(os.environ if environ is None else environ, serving=serving)


def clock_for(settings: Settings) -> Clock:
    """Return the clock to go by: a sandbox's own where `CMMC_JIRA_URL` leads to one, else the machine's.

    Only an address on the loopback is asked, so no Jira elsewhere ever is. It is decided once, now: a sandbox that is
    started after the service is not followed.
    """
    followed = sandbox_clock(settings.url, settings.zone) if settings.on_loopback else None
    if followed is not None:
        _log.info("clock=sandbox url=%s", settings.url)
    return followed or SystemClock(settings.zone)


def build_exchange(
    settings: Settings,
    *,
    session: Session = requests.Session,
    retry: Retry | None = None,
    grants: Grants | None = None,
    timeout: int = 30,
) -> Exchange:
    """Return the way to Jira: by our own account's token, or by those of the Forge app."""
    return Exchange(_way(settings, grants, timeout), session=session, retry=retry, headroom=Headroom())


def _way(settings: Settings, grants: Grants | None, timeout: int) -> Access | Lender:
    if grants is not None:
        return Lent(grants, ca_bundle=settings.ca_bundle, timeout=timeout)
    return Access(settings.url, settings.token, user=settings.user, ca_bundle=settings.ca_bundle, timeout=timeout)


def build_admin(settings: Settings) -> JiraAdmin:
    """Return what makes a Jira project ready."""
    return JiraAdmin(build_exchange(settings))


def project_words(settings: Settings) -> tuple[ProjectMapping, str | None]:
    """Return what the project calls by other names than we do, and the project role that the policy names for managers.

    Raises:
        BadSetting: the mapping or the policy says what cannot be.

    """
    law = load_law()
    return read_mapping(settings.mapping, law), read_policy(settings.policy, law).owners.manager_role


def build_case(
    settings: Settings,
    *,
    clock: Clock | None = None,
    machine: Clock | None = None,
    session: Session = requests.Session,
    retry: Retry | None = None,
    grants: Grants | None = None,
    policy: Policy | None = None,
    webhook_url: str | None = None,
) -> Case:
    """Return what the doctor looks at; it waits briefly, since it only tells how things stand now."""
    retry = retry or Retry(budget=PATIENCE_SECONDS)
    exchange = build_exchange(settings, session=session, retry=retry, grants=grants)
    jira, law = JiraClient(exchange), load_law()
    return Case(
        project=settings.project,
        url=settings.url,
        user=settings.user,
        jira=jira,
        checkup=JiraCheckup(exchange, jira),
        stage=JiraStage(exchange),
        admin=JiraAdmin(exchange),
        clock=clock or clock_for(settings),
        machine=machine or SystemClock(settings.zone),
        law=law,
        policy=lambda: policy or read_policy(settings.policy, law),
        prepare=partial(_prepare, settings.database_url),
        heard=partial(_heard, settings),
        mapping=read_mapping(settings.mapping, law),
        by_forge=settings.forge is not None,
        webhook_url=webhook_url,
        webhook_secrets=settings.webhook_secrets,
        calendar_token=settings.calendar_token,
    )


def _heard(settings: Settings) -> Heard:
    """Return what the database knows of deliveries, and close it again."""
    database = Database(settings.database_url)
    try:
        return SqlStore(database, name=settings.url).heard()
    finally:
        database.close()


@contextmanager
def opened_list(settings: Settings) -> Iterator[SqlStore]:
    """Open the to-do list beside the service that works on it."""
    database = Database(settings.database_url)
    try:
        yield SqlStore(database, name=settings.url)
    finally:
        database.close()


def _prepare(url: str) -> None:
    """Open a database and close it again."""
    database = Database(url)
    try:
        database.prepare()
    finally:
        database.close()


def build_reconciler(
    settings: Settings,
    *,
    jira: Jira | None = None,
    clock: Clock | None = None,
    policy: Policy | None = None,
    observe: Observe = lambda _outcome, _plan: None,
) -> Reconciler:
    """Return the loop that looks, decides and does, for this Jira and this policy."""
    law = load_law()
    policy = policy or read_policy(settings.policy, law)
    looker = Looker(
        jira=jira or JiraClient(build_exchange(settings)),
        clock=clock or clock_for(settings),
        law=law,
        policy=policy,
        notes=settings.notes,
        mapping=read_mapping(settings.mapping, law),
        project=settings.project,
    )
    return Reconciler(looker, law, policy, settings.closures, observe)


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    policy: Policy | None = None,
    session: Session = requests.Session,
    debounce: float | None = None,
    tick_seconds: float | None = None,
) -> Service:
    """Return a service; nothing runs before its `start`.

    `clock` says what time it is for the organisation, by default the one of `clock_for`. `debounce` and `tick_seconds`
    stand in for those of the pace.
    """
    machine = SystemClock(settings.zone)
    clock = clock or clock_for(settings)
    pace = WATCHED if isinstance(clock, RemoteClock) else USUAL
    stopping = threading.Event()
    patience = Retry(budget=PATIENCE_SECONDS, sleep=partial(_rest, stopping))
    grants = Grants(machine.now) if settings.lent else None
    way = partial(build_exchange, settings, session=session, grants=grants)
    jira, probe = JiraClient(way(retry=patience)), JiraClient(way(retry=Retry(budget=0), timeout=PROBE_SECONDS))
    database = Database(settings.database_url)
    store = SqlStore(database, name=settings.url, debounce=pace.debounce if debounce is None else debounce)
    policy = policy or read_policy(settings.policy, load_law())
    metrics = Metrics([(ladder.id, rung.id) for ladder in policy.escalation.ladders for rung in ladder.rungs])
    reconciler = build_reconciler(settings, jira=jira, clock=clock, policy=policy, observe=metrics.planned)
    look = timed(look_for(reconciler, jira=jira, store=store, clock=machine, project=settings.project), metrics.covered)
    right = NoLock() if database.file is None else FileLock(database.file)
    able = grants.usable if grants is not None else lambda: True
    engine = Engine(store, machine, look, right=right, able=able, observe=metrics.looked, rhythm=Rhythm(poll=pace.poll))
    case = partial(build_case, settings, clock=clock, machine=machine, session=session, retry=patience, grants=grants)
    vigil = Vigil(partial(case, policy=policy), machine, stopping)
    metrics.watch_checks(lambda: (vigil.count(Grade.FAULT), vigil.count(Grade.WARN), vigil.at))
    tick = Tick(store, machine, clock, ticked=engine.wake)
    metrics.watch(
        backlog=lambda: store.backlog(now=machine.now()),
        routes=jira.routes,
        looked=engine.looked,
        ticked=lambda: tick.last,
    )
    return Service(
        settings=settings,
        jira=jira,
        probe=probe,
        store=store,
        clock=clock,
        machine=machine,
        reconciler=reconciler,
        engine=engine,
        tick=tick,
        vigil=vigil,
        schedule=Schedule(tick.fire, failed=_tick_failed, seconds=tick_seconds or pace.tick),
        inbox=Inbox(store, machine, settings.webhook_secrets, engine.wake),
        mapping=reconciler.looker.mapping,
        invocations=invocations_for(settings),
        grants=grants,
        metrics=metrics,
        database=database,
        stopping=stopping,
    )


def invocations_for(settings: Settings) -> Invocations | None:
    """Return what verifies the calls of the Forge app; None where no app is configured."""
    forge = settings.forge
    if forge is None:
        return None
    keys = KeySet(forge.jwks_url, session=requests.Session(), ca_bundle=settings.ca_bundle)
    return Invocations(keys, app=forge.app, cloud_id=forge.cloud_id, installation=forge.installation)


def look_for(reconciler: Reconciler, *, jira: Jira, store: Store, clock: Clock, project: str) -> Look:
    """Return what a worker does with what it leased: reconcile one assessment, or mark each of the project.

    A look that failed before is thorough, whatever the events said, and asks for the site's fields anew: an
    administrator may have mended them meanwhile.
    """

    def look(work: Work, fence: Fence) -> None:
        if work.attempt:
            jira.forget_fields()
        if work.key == EVERYTHING:
            fields = reconciler.looker.fields()
            sweep(work, jira=jira, store=store, clock=clock, project=project, fields=fields)
            return
        thorough = work.thorough or work.attempt > 0
        _, refused = reconciler.reconcile(work.key, fence=fence, thorough=thorough, hints=work.hints)
        if refused:
            raise JiraRefused("\n".join(refused))

    return look


def timed(look: Look, covered: Callable[[Work, float], None]) -> Look:
    """Return a look that tells how many seconds it took, where it did all that it should."""

    def look_in_time(work: Work, fence: Fence) -> None:
        begun = monotonic()
        look(work, fence)
        covered(work, monotonic() - begun)

    return look_in_time


def _rest(stopping: threading.Event, seconds: float) -> None:
    stopping.wait(seconds)


def _tick_failed(error: CmmcJiraError) -> None:
    _log.warning("tick failed=%s", type(error).__name__)
