"""The to-do list in SQL: marks with a generation, leases with a fence token. Each method is one short transaction.

Dirty is `gen <> done`. A mark adds one to `gen`; a claim notes the `gen` it saw and adds one to `token`; a finish sets
`done` to the noted `gen`, and only if the token is still its own. So an event during a look makes the row dirty again,
and a worker that wakes up after its lease changes nothing.
"""

import json
import os
import platform
import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, select, text

from cmmc_jira.adapters.database import Database
from cmmc_jira.adapters.gathering import Gathering
from cmmc_jira.adapters.prepared import Values
from cmmc_jira.adapters.statements import KNOWN, LEASE_SECONDS, NEVER, PARKED_AFTER, THOROUGH, Statements
from cmmc_jira.errors import StoreUnavailable
from cmmc_jira.service.checks.case import Heard
from cmmc_jira.service.ports import Backlog, Work

DEBOUNCE_SECONDS: Final = 2.0
FIRST_BACKOFF_SECONDS: Final = 2.0
LONGEST_BACKOFF_SECONDS: Final = 900.0

_LONGEST_ERROR: Final = 1000
_PROBE: Final = select(text("1"))

Marks = Mapping[str, frozenset[str]]
"""Keys with the hints for each, among which is whether the look must be thorough."""


@dataclass(frozen=True, slots=True)
class _Delivery:
    id: str
    received: datetime
    marks: Marks


class SqlStore:
    """The `Store` port over SQLAlchemy Core; `name` tells one Jira from another in a shared database.

    Seconds: `debounce` is how long what is marked waits for more to come, `lease` how long a worker may be silent.
    """

    def __init__(
        self, database: Database, *, name: str, debounce: float = DEBOUNCE_SECONDS, lease: float = LEASE_SECONDS
    ) -> None:
        self._database = database
        self._statements = Statements(name, embedded=database.embedded, debounce=debounce, lease=lease)
        self._owner = f"{platform.node()}/{os.getpid()}/{secrets.token_hex(4)}"
        self._gathered = Gathering(self._receive)
        self._deliver = database.prepared(self._statements.deliver)
        self._marked = database.prepared(self._statements.mark)
        self._hinted = database.prepared(self._statements.hint)

    def receive(self, delivery_id: str, *, received: datetime, marks: Mapping[str, Sequence[str]]) -> bool:
        """Store a delivery and mark its assessments; False when it was stored before."""
        hinted = {key: _hints(issues, thorough=not issues) for key, issues in marks.items()}
        return self._gathered(_Delivery(delivery_id, received, hinted))

    def _receive(self, deliveries: Sequence[_Delivery]) -> Sequence[bool]:
        """Store deliveries that came at once; each key of the new ones is marked once."""
        at = self._statements.at(deliveries[-1].received)
        named = sorted({each.id for each in deliveries})
        with self._database.hurrying() as connection:
            new = {id_ for (id_,) in self._deliver.rows(connection, {"named": json.dumps(named), **at})}
            marks: dict[str, frozenset[str]] = {}
            for each in deliveries:
                for key, hints in each.marks.items() if each.id in new else ():
                    marks[key] = marks.get(key, frozenset()) | hints
            self._mark(connection, marks, at)
        first = {each.id: number for number, each in reversed(list(enumerate(deliveries)))}
        return [each.id in new and first[each.id] == number for number, each in enumerate(deliveries)]

    def mark(self, *keys: str, hints: Sequence[str] = (), thorough: bool = True, now: datetime) -> None:
        """Mark assessments as to be looked at."""
        hinted = _hints(hints, thorough=thorough)
        with self._database.writing() as connection:
            self._mark(connection, dict.fromkeys(keys, hinted), self._statements.at(now))

    def _mark(self, connection: Connection, marks: Marks, at: Values) -> None:
        """Mark in one order always, so that two marks never wait for each other."""
        if not marks:
            return
        keys = sorted(marks)
        hints = [f"{key} {issue}" for key in keys for issue in sorted(marks[key])]
        self._marked.run(connection, {"marked": json.dumps(keys), "begun": first_token(), **at})
        self._hinted.run(connection, {"hinted": json.dumps(hints)})

    def claim(self, limit: int, *, now: datetime) -> Sequence[Work]:
        """Lease up to this many assessments that are due, the longest waiting first."""
        hints: dict[str, set[str]] = {}
        values = {"most": limit, "leased_to": self._owner, **self._statements.at(now)}
        with self._database.writing() as connection:
            leased = connection.execute(self._statements.claim, values).all()
            if leased:
                keys = {"keys": [row.key for row in leased]}
                for key, issue in connection.execute(self._statements.hinted, keys):
                    hints.setdefault(key, set()).add(issue)
        return [
            Work(
                key=row.key,
                generation=row.gen,
                token=row.token,
                attempt=row.attempt,
                hints=tuple(sorted(hints.get(row.key, set()) - {THOROUGH, KNOWN})),
                thorough=THOROUGH in hints.get(row.key, {THOROUGH}),
                waited=max(row.waited or 0.0, 0.0),
            )
            for row in leased
        ]

    def still_mine(self, work: Work, *, now: datetime) -> bool:
        """Whether this lease holds for a moment longer."""
        values = {**self._statements.of(work), **self._statements.at(now)}
        with self._database.reading() as connection:
            return connection.execute(self._statements.held, values).first() is not None

    def extend(self, works: Sequence[Work], *, now: datetime) -> Sequence[Work]:
        """Prolong these leases; the ones that were lost are given back."""
        if not works:
            return []
        at = self._statements.at(now)
        with self._database.writing() as connection:
            return [
                each
                for each in sorted(works, key=lambda each: each.key)
                if connection.execute(self._statements.extend, {**self._statements.of(each), **at}).rowcount == 0
            ]

    def finish(self, work: Work, *, now: datetime) -> bool:
        """Cover the generation that was seen; False when the lease was lost meanwhile."""
        seen = {"seen": work.generation}
        values = {**self._statements.of(work), **seen, **self._statements.at(now)}
        with self._database.writing() as connection:
            if connection.execute(self._statements.finish, values).rowcount == 0:
                return False
            connection.execute(self._statements.covered, {"of_key": work.key, **seen})
        return True

    def wait(self, work: Work, *, after: float | None, scope: str, error: str, now: datetime) -> None:
        """Give the lease back because Jira is away: no fault of the assessment, so it is never parked for it."""
        if after is None:
            failures = min(work.attempt + 1, PARKED_AFTER - 1)
            self._retry(work, error, failures=failures, after=backoff(failures), now=now)
            return
        at = self._statements.at(now)
        with self._database.writing() as connection:
            values = {**self._statements.of(work), "because": _short(error), "after": after, **at}
            connection.execute(self._statements.postpone, values)
            if scope == "site":
                connection.execute(self._statements.block, {"after": after, **at})

    def retry(self, work: Work, *, error: str, now: datetime) -> None:
        """Give the lease back because the look failed; after ten attempts it is parked until something changes."""
        failures = work.attempt + 1
        after = NEVER if failures >= PARKED_AFTER else backoff(failures)
        self._retry(work, error, failures=failures, after=after, now=now)

    def _retry(self, work: Work, error: str, *, failures: int, after: float, now: datetime) -> None:
        values = {**self._statements.of(work), "because": _short(error), "failures": failures, "after": after}
        with self._database.writing() as connection:
            connection.execute(self._statements.retry, {**values, **self._statements.at(now)})

    def unpark(self, *keys: str, now: datetime) -> Sequence[str]:
        """Let these be looked at now, thoroughly, with all their attempts again; which of them had been parked."""
        at = self._statements.at(now)
        with self._database.writing() as connection:
            parked = [
                key
                for key in sorted(set(keys))
                if connection.execute(self._statements.unpark, {"unparked": key, **at}).rowcount
            ]
            self._mark(connection, dict.fromkeys(parked, _hints((), thorough=True)), at)
        return parked

    def release(self, works: Sequence[Work]) -> None:
        """Give these leases back unfinished, for another worker to take at once."""
        with self._database.writing() as connection:
            for each in sorted(works, key=lambda each: each.key):
                connection.execute(self._statements.release, self._statements.of(each))

    def take_over(self) -> None:
        """Void every lease of an embedded database, whose work one process runs; replicas keep theirs."""
        if not self._database.embedded:
            return
        with self._database.writing() as connection:
            connection.execute(self._statements.void)

    def claim_slot(self, job: str, slot: datetime, *, key: str, thorough: bool = True, now: datetime) -> bool:
        """Claim one firing among all replicas and mark this key, in one transaction."""
        with self._database.writing() as connection:
            fired = {"fired": job, "instant": slot.timestamp()}
            if connection.execute(self._statements.slot, fired).first() is None:
                return False
            self._mark(connection, {key: _hints((), thorough=thorough)}, self._statements.at(now))
        return True

    def prune(self, *, now: datetime) -> int:
        """Forget deliveries older than 7 days; how many."""
        with self._database.writing() as connection:
            return connection.execute(self._statements.prune, self._statements.at(now)).rowcount

    def heard(self) -> Heard:
        """Return when the last delivery came that is still remembered, and the hour that was claimed last."""
        with self._database.reading() as connection:
            delivered = connection.execute(self._statements.last_delivery).scalar()
            ticked = connection.execute(self._statements.last_slot).scalar()
        return Heard(_instant(delivered), _instant(ticked))

    def healthy(self) -> bool:
        """Whether the database answers."""
        try:
            with self._database.reading() as connection:
                return connection.execute(_PROBE).scalar() == 1
        except StoreUnavailable:
            return False

    def backlog(self, *, now: datetime) -> Backlog:
        """How much is to be done."""
        at = self._statements.at(now)
        with self._database.reading() as connection:
            dirty, oldest = connection.execute(self._statements.dirty, at).one()
            parked = {key: error or "" for key, error in connection.execute(self._statements.parked)}
            blocked = connection.execute(self._statements.blocked, at).scalar()
        return Backlog(
            dirty=dirty, oldest_seconds=max(oldest or 0.0, 0.0), parked=parked, blocked_seconds=max(blocked or 0.0, 0.0)
        )


def first_token() -> int:
    """Return the first token of a row: by chance, so that no lease of a deleted database fits one of the next."""
    return secrets.randbelow(2**48)


def _hints(issues: Sequence[str], *, thorough: bool) -> frozenset[str]:
    return frozenset({*issues, THOROUGH if thorough else KNOWN})


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _short(error: str) -> str:
    return error[:_LONGEST_ERROR]


def backoff(attempt: int) -> float:
    """Return seconds to wait after this many failures in a row: up to twice as long each time, with full jitter."""
    longest = min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** min(attempt, 20))
    return random.uniform(FIRST_BACKOFF_SECONDS / 2, longest)  # noqa: S311  jitter, not a secret
