"""The to-do list in SQL: marks with a generation, leases with a fence token. Each method is one short transaction.

Dirty is `gen <> done`. A mark adds one to `gen`; a claim notes the `gen` it saw and adds one to `token`; a finish sets
`done` to the noted `gen`, and only if the token is still its own. So an event during a look makes the row dirty again,
and a worker that wakes up after its lease changes nothing.
"""

import os
import platform
import random
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, text

from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.statements import KNOWN, NEVER, PARKED_AFTER, THOROUGH, Statements
from cmmc_jira.errors import StoreUnavailable
from cmmc_jira.service.checks.case import Heard
from cmmc_jira.service.ports import Backlog, Work

DEBOUNCE_SECONDS: Final = 2.0
FIRST_BACKOFF_SECONDS: Final = 2.0
LONGEST_BACKOFF_SECONDS: Final = 900.0
KEEP_DELIVERIES: Final = timedelta(days=7)

_LONGEST_ERROR: Final = 1000


class SqlStore:
    """The `Store` port over SQLAlchemy Core; `name` tells one Jira from another in a shared database."""

    def __init__(self, database: Database, *, name: str, debounce: float = DEBOUNCE_SECONDS) -> None:
        self._database = database
        self._statements = Statements(name, embedded=database.embedded)
        self._debounce = debounce
        self._owner = f"{platform.node()}/{os.getpid()}/{secrets.token_hex(4)}"

    def receive(self, delivery_id: str, *, received: datetime, marks: Mapping[str, Sequence[str]]) -> bool:
        """Store a delivery and mark its assessments; False when it was stored before."""
        with self._database.writing() as connection:
            if connection.execute(self._statements.deliver(delivery_id, received)).first() is None:
                return False
            for key in sorted(marks):
                self._mark(connection, key, marks[key], received, thorough=not marks[key])
        return True

    def mark(self, *keys: str, hints: Sequence[str] = (), thorough: bool = True, now: datetime) -> None:
        """Mark assessments as to be looked at; in one order always, so that two marks never wait for each other."""
        with self._database.writing() as connection:
            for key in sorted(set(keys)):
                self._mark(connection, key, hints, now, thorough=thorough)

    def _mark(self, connection: Connection, key: str, hints: Sequence[str], now: datetime, *, thorough: bool) -> None:
        instant = self._statements.now(now)
        generation = connection.execute(self._statements.mark(key, instant, self._debounce)).scalar_one()
        issues = sorted({*hints, THOROUGH if thorough else KNOWN})
        connection.execute(self._statements.hints(key, issues, generation))

    def claim(self, limit: int, *, now: datetime) -> Sequence[Work]:
        """Lease up to this many assessments that are due, the longest waiting first."""
        hints: dict[str, set[str]] = {}
        with self._database.writing() as connection:
            claim = self._statements.claim(limit, self._owner, self._statements.now(now))
            leased = connection.execute(claim).all()
            if leased:
                for key, issue in connection.execute(self._statements.hinted([row.key for row in leased])):
                    hints.setdefault(key, set()).add(issue)
        return [
            Work(
                key=row.key,
                generation=row.gen,
                token=row.token,
                attempt=row.attempt,
                hints=tuple(sorted(hints.get(row.key, set()) - {THOROUGH, KNOWN})),
                thorough=THOROUGH in hints.get(row.key, {THOROUGH}),
            )
            for row in leased
        ]

    def still_mine(self, work: Work, *, now: datetime) -> bool:
        """Whether this lease holds for a moment longer."""
        with self._database.reading() as connection:
            return connection.execute(self._statements.held(work, self._statements.now(now))).first() is not None

    def extend(self, works: Sequence[Work], *, now: datetime) -> Sequence[Work]:
        """Prolong these leases; the ones that were lost are given back."""
        if not works:
            return []
        instant = self._statements.now(now)
        with self._database.writing() as connection:
            return [
                each
                for each in sorted(works, key=lambda each: each.key)
                if connection.execute(self._statements.extend(each, instant)).rowcount == 0
            ]

    def finish(self, work: Work, *, now: datetime) -> bool:
        """Cover the generation that was seen; False when the lease was lost meanwhile."""
        instant = self._statements.now(now)
        with self._database.writing() as connection:
            if connection.execute(self._statements.finish(work, instant, self._debounce)).rowcount == 0:
                return False
            connection.execute(self._statements.covered(work))
        return True

    def wait(self, work: Work, *, after: float | None, scope: str, error: str, now: datetime) -> None:
        """Give the lease back because Jira is away: no fault of the assessment, so it is never parked for it."""
        instant, attempt = self._statements.now(now), min(work.attempt + 1, PARKED_AFTER - 1)
        if after is None:
            self._give_back(work, error, attempt=attempt, due=instant + backoff(attempt))
            return
        with self._database.writing() as connection:
            connection.execute(self._statements.give_back(work, last_error=_short(error), not_before=instant + after))
            if scope == "site":
                connection.execute(self._statements.block(instant + after))

    def retry(self, work: Work, *, error: str, now: datetime) -> None:
        """Give the lease back because the look failed; after ten attempts it is parked until something changes."""
        attempt = work.attempt + 1
        due = NEVER if attempt >= PARKED_AFTER else self._statements.now(now) + backoff(attempt)
        self._give_back(work, error, attempt=attempt, due=due)

    def _give_back(self, work: Work, error: str, **values: object) -> None:
        with self._database.writing() as connection:
            connection.execute(self._statements.give_back(work, last_error=_short(error), **values))

    def release(self, works: Sequence[Work]) -> None:
        """Give these leases back unfinished, for another worker to take at once."""
        with self._database.writing() as connection:
            for each in sorted(works, key=lambda each: each.key):
                connection.execute(self._statements.give_back(each))

    def take_over(self) -> None:
        """Void every lease of an embedded database, whose work one process runs; replicas keep theirs."""
        if not self._database.embedded:
            return
        with self._database.writing() as connection:
            connection.execute(self._statements.void())

    def claim_slot(self, job: str, slot: datetime, *, key: str, thorough: bool = True, now: datetime) -> bool:
        """Claim one firing among all replicas and mark this key, in one transaction."""
        with self._database.writing() as connection:
            if connection.execute(self._statements.slot(job, slot)).first() is None:
                return False
            self._mark(connection, key, (), now, thorough=thorough)
        return True

    def prune(self, *, now: datetime) -> int:
        """Forget deliveries older than 7 days; how many."""
        with self._database.writing() as connection:
            before = self._statements.now(now) - KEEP_DELIVERIES.total_seconds()
            return connection.execute(self._statements.prune(before)).rowcount

    def heard(self) -> Heard:
        """Return when the last delivery came that is still remembered, and the hour that was claimed last."""
        with self._database.reading() as connection:
            delivered = connection.execute(self._statements.last_delivery()).scalar()
            ticked = connection.execute(self._statements.last_slot()).scalar()
        return Heard(_instant(delivered), _instant(ticked))

    def healthy(self) -> bool:
        """Whether the database answers."""
        try:
            with self._database.reading() as connection:
                return connection.execute(select(text("1"))).scalar() == 1
        except StoreUnavailable:
            return False

    def backlog(self, *, now: datetime) -> Backlog:
        """How much is to be done."""
        instant = self._statements.now(now)
        with self._database.reading() as connection:
            dirty, oldest = connection.execute(self._statements.dirty(instant)).one()
            parked = {key: error or "" for key, error in connection.execute(self._statements.parked())}
            blocked = connection.execute(self._statements.blocked(instant)).scalar()
        return Backlog(
            dirty=dirty, oldest_seconds=max(oldest or 0.0, 0.0), parked=parked, blocked_seconds=max(blocked or 0.0, 0.0)
        )


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _short(error: str) -> str:
    return error[:_LONGEST_ERROR]


def backoff(attempt: int) -> float:
    """Return seconds to wait after this many failures in a row: up to twice as long each time, with full jitter."""
    longest = min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** min(attempt, 20))
    return random.uniform(FIRST_BACKOFF_SECONDS / 2, longest)  # noqa: S311  jitter, not a secret
