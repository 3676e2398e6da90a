"""The workers: claim an assessment, look, and finish only the generation that was seen. Safe to kill at any point."""

import contextlib
import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from cmmc_jira.errors import CmmcJiraError, JiraUnavailable, LeaseLost, StoreUnavailable
from cmmc_jira.service.ports import Clock, Exclusive, Store, Work
from cmmc_jira.service.run import RUN

POLL_SECONDS: Final = 1.0
HEARTBEAT_SECONDS: Final = 10.0
DRAIN_SECONDS: Final = 20.0
WORKERS: Final = 4
STALE: Final = timedelta(seconds=90)
STUCK: Final = timedelta(minutes=10)
LEASES: Final = "leases"

Fence = Callable[[], None]
Look = Callable[[Work, Fence], None]
Observe = Callable[[str, float], None]
"""Is told how each look came out (`done`, `waiting`, `failed`, `lost`) and the seconds it took."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds: how long an idle worker sleeps when nothing wakes it, and how often leases are prolonged."""

    poll: float = POLL_SECONDS
    heartbeat: float = HEARTBEAT_SECONDS


@dataclass(slots=True)
class _Flight:
    """A look under way: in which thread, since when, and whether its lease is known to be lost."""

    work: Work
    thread: str
    since: datetime
    lost: threading.Event = field(default_factory=threading.Event)


class Engine:
    """Runs looks for what the store leases to it. Nothing is started before `start`.

    `run_once` does one step in the caller's thread, so that tests need no threads. While it is not `able` to ask Jira
    nothing is claimed, so that no look is tried in vain.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        look: Look,
        *,
        right: Exclusive,
        able: Callable[[], bool] = lambda: True,
        workers: int = WORKERS,
        observe: Observe = lambda _outcome, _seconds: None,
        rhythm: Rhythm = Rhythm(),
    ) -> None:
        self._store = store
        self._clock = clock
        self._look = look
        self._right = right
        self._able = able
        self._observe = observe
        self._rhythm = rhythm
        self._count = workers
        self._lock = threading.Lock()
        self._flights: dict[tuple[str, int], _Flight] = {}
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._awake = threading.Condition()
        self._arrivals = 0
        self._threads: list[threading.Thread] = []
        self._beats: dict[str, datetime] = {}
        self._had_right = False
        self._looked: datetime | None = None

    def start(self) -> None:
        """Start the workers and the heartbeat of their leases."""
        names = [f"worker-{n + 1}" for n in range(self._count)]
        self._threads = [threading.Thread(target=self._work, args=(name,), name=name, daemon=True) for name in names]
        self._threads.append(threading.Thread(target=self._keep_leases, name=LEASES, daemon=True))
        for thread in self._threads:
            self._beat(thread.name)
            thread.start()

    def stop(self, *, drain: float = DRAIN_SECONDS) -> None:
        """Claim nothing more, wait for what runs, give the leases of what does not end back, and give up the right."""
        self._stopping.set()
        self.wake()
        deadline = time.monotonic() + drain
        for thread in self._threads:
            if thread.name == LEASES:  # the last one: what still runs needs its lease until then
                self._ended.set()
            thread.join(max(0.0, deadline - time.monotonic()))
        with contextlib.suppress(StoreUnavailable):
            self._store.release([flight.work for flight in self._in_flight()])
        self._right.release()

    def wake(self) -> None:
        """Let an idle worker look for work now."""
        with self._awake:
            self._arrivals += 1
            self._awake.notify_all()

    def faults(self) -> Sequence[str]:
        """Return what is wrong: nothing started, or a thread dead, silent for 90 seconds, ten minutes at one look."""
        if not self._threads:
            return ["The workers have not been started"]
        now = self._clock.now()
        with self._lock:
            busy = {flight.thread: flight.since for flight in self._flights.values()}
            beats = dict(self._beats)
        return [
            f"{thread.name} {'is stuck in a look' if thread.name in busy else 'does not work'}"
            for thread in self._threads
            if not thread.is_alive()
            or now - busy.get(thread.name, now) > STUCK
            or (thread.name not in busy and now - beats[thread.name] > STALE)
        ]

    def looked(self) -> datetime | None:
        """When a look last came to its end."""
        return self._looked

    def works(self) -> bool:
        """Whether this process has the right to work; another one may have it on the same file."""
        return self._had_right

    def run_once(self) -> bool:
        """Claim one assessment and look at it; False when nothing is due or can be done, or it is another's to do."""
        if not self._may_work() or not self._able():
            return False
        claimed = self._store.claim(1, now=self._clock.now())
        for work in claimed:
            self._run(work)
        return bool(claimed)

    def extend_leases(self) -> None:
        """Prolong the leases of what really runs, and of nothing else; tell each run that lost its own."""
        flights = {(flight.work.key, flight.work.token): flight for flight in self._in_flight()}
        for lost in self._store.extend([flight.work for flight in flights.values()], now=self._clock.now()):
            flights[lost.key, lost.token].lost.set()

    def _may_work(self) -> bool:
        with self._lock:
            has = self._right.acquire()
            if has and not self._had_right:
                self._store.take_over()
            self._had_right = has
        return has

    def _run(self, work: Work) -> None:
        flight = _Flight(work, threading.current_thread().name, self._clock.now())
        with self._lock:
            self._flights[work.key, work.token] = flight
        started = time.monotonic()
        run = RUN.set(f"{work.key}/{work.generation}/{work.token}")
        try:
            outcome = self._outcome(flight)
        finally:
            with self._lock:
                del self._flights[work.key, work.token]
        seconds = time.monotonic() - started
        self._looked = self._clock.now()
        self._observe(outcome, seconds)
        _log.info("look key=%s outcome=%s attempt=%d seconds=%.3f", work.key, outcome, work.attempt, seconds)
        RUN.reset(run)

    def _outcome(self, flight: _Flight) -> str:
        work = flight.work
        try:
            self._look(work, lambda: self._fence(flight))
            return "done" if self._store.finish(work, now=self._clock.now()) else "lost"
        except LeaseLost:
            return "lost"
        except StoreUnavailable:
            _log.warning("look key=%s database=away", work.key)
            return "failed"  # nothing can be written down: the lease runs out and the look comes back
        except JiraUnavailable as error:
            _log.warning("look key=%s jira=away retry_after=%s scope=%s", work.key, error.retry_after, error.scope)
            with contextlib.suppress(StoreUnavailable):
                after, scope, now = error.retry_after, error.scope, self._clock.now()
                self._store.wait(work, after=after, scope=scope, error=str(error), now=now)
            return "waiting"
        except CmmcJiraError as error:
            self._failed(work, str(error))
            return "failed"
        except Exception as error:  # noqa: BLE001  the top of a run: one broken look must not end the worker
            self._failed(work, f"A fault of ours ({type(error).__name__}): see the log.")
            _log.error("look key=%s fault=%s at=%s", work.key, type(error).__name__, place(error))
            return "failed"

    def _failed(self, work: Work, error: str) -> None:
        with contextlib.suppress(StoreUnavailable):
            self._store.retry(work, error=error, now=self._clock.now())

    def _fence(self, flight: _Flight) -> None:
        """Raise unless the lease still holds; asked before each write to Jira."""
        if flight.lost.is_set() or not self._store.still_mine(flight.work, now=self._clock.now()):
            raise LeaseLost(f"Another worker has taken over the look at {flight.work.key}.")

    def _work(self, name: str) -> None:
        while not self._stopping.is_set():
            arrivals = self._arrivals
            worked = False
            try:
                worked = self.run_once()
                self._beat(name)
            except StoreUnavailable:
                _log.warning("claim database=away")
            except Exception as error:  # noqa: BLE001  whatever it is, the loop goes on and readiness tells
                _log.error("claim fault=%s at=%s", type(error).__name__, place(error))
            if not worked:
                with self._awake:
                    self._awake.wait_for(partial(self._woken, arrivals), self._rhythm.poll)

    def _woken(self, arrivals: int) -> bool:
        return self._stopping.is_set() or self._arrivals != arrivals

    def _keep_leases(self) -> None:
        while not self._ended.wait(self._rhythm.heartbeat):
            try:
                self.extend_leases()
                self._beat(LEASES)
            except StoreUnavailable:
                _log.warning("heartbeat database=away")
            except Exception as error:  # noqa: BLE001  whatever it is, the loop goes on and readiness tells
                _log.error("heartbeat fault=%s at=%s", type(error).__name__, place(error))

    def _beat(self, name: str) -> None:
        with self._lock:
            self._beats[name] = self._clock.now()

    def _in_flight(self) -> list[_Flight]:
        with self._lock:
            return list(self._flights.values())


def place(error: BaseException) -> str:
    """Return where an error was raised, as file and line: a message or a traceback could hold what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "unknown"
