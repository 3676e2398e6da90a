"""The statements of the to-do list, as SQLAlchemy Core writes them for SQLite and for PostgreSQL alike."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Delete,
    Double,
    Select,
    Update,
    and_,
    case,
    cast,
    delete,
    exists,
    extract,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.schema import Table

from cmmc_jira.adapters.tables import cron_slot, delivery, hint, site, work
from cmmc_jira.service.ports import Work

LEASE_SECONDS: Final = 30.0
MARGIN_SECONDS: Final = 3.0
PARKED_AFTER: Final = 10
NEVER: Final = 1e18
SET_BACK_SECONDS: Final = 2 * 3600.0
"""By how much the clocks of replicas never differ: one that is earlier than the last firing by more was set back."""
THOROUGH: Final = "*"
KNOWN: Final = "."
"""Hints that name no issue: whether a look must be thorough, or may rest on what is known."""

Instant = ColumnElement[float]


class Statements:
    """The statements for one site, in the dialect of one database."""

    def __init__(self, name: str, *, embedded: bool) -> None:
        self._name = name
        self._embedded = embedded

    def now(self, given: datetime) -> Instant:
        """Return the present: a server's own clock, so that replicas need not agree on the time."""
        if self._embedded:
            return literal(given.timestamp(), Double)
        return cast(extract("epoch", func.clock_timestamp()), Double)

    def _insert(self, table: Table) -> Any:  # noqa: ANN401  the two dialects' inserts, alike in what is used here
        return sqlite.insert(table) if self._embedded else postgresql.insert(table)

    def deliver(self, id_: str, received: datetime) -> ReturningInsert[Any]:
        """Store a delivery; a row comes back when it is new."""
        row = self._insert(delivery).values(site=self._name, id=id_, received=self.now(received))
        stored: ReturningInsert[Any] = row.on_conflict_do_nothing().returning(delivery.c.id)
        return stored

    def mark(self, key: str, now: Instant, debounce: float) -> ReturningInsert[Any]:
        """Make a key dirty once more; its new generation comes back.

        Only what was clean waits for the debounce, so that a stream of events puts nothing off for ever; what waits
        after a failure is tried again soon.
        """
        soon, clean = now + debounce, work.c.gen == work.c.done
        row = self._insert(work).values(site=self._name, key=key, gen=1, done=0, due=soon, first_marked=now)
        marked: ReturningInsert[Any] = row.on_conflict_do_update(
            index_elements=[work.c.site, work.c.key],
            set_={
                "gen": work.c.gen + 1,
                "due": case((or_(clean, and_(work.c.attempt > 0, work.c.due > soon)), soon), else_=work.c.due),
                "first_marked": case((clean, now), else_=work.c.first_marked),
            },
        ).returning(work.c.gen)
        return marked

    def hints(self, key: str, issues: Sequence[str], generation: int) -> Any:  # noqa: ANN401  a dialect's insert
        """Note which issues a generation is about."""
        rows = [{"site": self._name, "key": key, "issue_id": id_, "gen": generation} for id_ in issues]
        insert = self._insert(hint).values(rows)
        return insert.on_conflict_do_update(
            index_elements=[hint.c.site, hint.c.key, hint.c.issue_id], set_={"gen": insert.excluded.gen}
        )

    def hinted(self, keys: Sequence[str]) -> Select[str, str]:
        """Read the hints of these keys."""
        return select(hint.c.key, hint.c.issue_id).where(hint.c.site == self._name, hint.c.key.in_(keys))

    def claim(self, limit: int, owner: str, now: Instant) -> Any:  # noqa: ANN401  an update that returns rows
        """Lease what is due, the longest waiting first; its key, generation, token and attempt come back."""
        blocked = exists().where(site.c.site == work.c.site, site.c.blocked_until > now)
        due = (
            select(work.c.key)
            .where(
                work.c.site == self._name,
                work.c.gen != work.c.done,
                work.c.due <= now,
                work.c.not_before <= now,
                or_(work.c.lease_until.is_(None), work.c.lease_until < now),
                ~blocked,
            )
            .order_by(work.c.due)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
            .prefix_with("MATERIALIZED")  # else the planner may look again, and lock more than the limit
        )
        return (
            update(work)
            .where(work.c.site == self._name, work.c.key.in_(select(due.c.key)))
            .values(lease_until=now + LEASE_SECONDS, owner=owner, token=work.c.token + 1)
            .returning(work.c.key, work.c.gen, work.c.token, work.c.attempt)
        )

    def held(self, claimed: Work, now: Instant) -> Select[int]:
        """Read whether a lease holds for a moment longer."""
        return select(literal(1)).where(self._of(claimed), work.c.lease_until > now + MARGIN_SECONDS)

    def extend(self, claimed: Work, now: Instant) -> Update:
        """Prolong a lease, unless it was lost."""
        alive = and_(self._of(claimed), work.c.lease_until.is_not(None))
        return update(work).where(alive).values(lease_until=now + LEASE_SECONDS)

    def finish(self, claimed: Work, now: Instant, debounce: float) -> Update:
        """Cover the generation that was seen, unless the lease was lost; what came since waits for the debounce."""
        return (
            update(work)
            .where(self._of(claimed))
            .values(
                done=claimed.generation,
                attempt=0,
                due=now + debounce,
                first_marked=now,
                lease_until=None,
                owner=None,
                last_error=None,
                finished=now,
            )
        )

    def covered(self, claimed: Work) -> Delete:
        """Forget the hints that a finished look has seen."""
        return delete(hint).where(
            hint.c.site == self._name, hint.c.key == claimed.key, hint.c.gen <= claimed.generation
        )

    def give_back(self, claimed: Work, **values: object) -> Update:
        """End a lease unfinished, unless it was lost."""
        return update(work).where(self._of(claimed)).values(lease_until=None, owner=None, **values)

    def void(self) -> Update:
        """End every lease."""
        return update(work).where(work.c.site == self._name).values(lease_until=None, owner=None)

    def block(self, until: Instant) -> Any:  # noqa: ANN401  a dialect's insert
        """Hold everything back until then; never shorter than was asked before."""
        row = self._insert(site).values(site=self._name, blocked_until=until)
        later = case((site.c.blocked_until > until, site.c.blocked_until), else_=until)
        return row.on_conflict_do_update(index_elements=[site.c.site], set_={"blocked_until": later})

    def slot(self, job: str, slot: datetime) -> ReturningInsert[Any]:
        """Claim a firing; a row comes back to the one who was first.

        An earlier one than the last is no firing, unless it is so much earlier that somebody set the clock back.
        """
        row = self._insert(cron_slot).values(site=self._name, job=job, slot=slot.timestamp())
        claimed: ReturningInsert[Any] = row.on_conflict_do_update(
            index_elements=[cron_slot.c.site, cron_slot.c.job],
            set_={"slot": row.excluded.slot},
            where=or_(cron_slot.c.slot < row.excluded.slot, cron_slot.c.slot > row.excluded.slot + SET_BACK_SECONDS),
        ).returning(cron_slot.c.job)
        return claimed

    def prune(self, before: Instant) -> Delete:
        """Forget old deliveries."""
        return delete(delivery).where(delivery.c.site == self._name, delivery.c.received < before)

    def last_delivery(self) -> Select[float | None]:
        """Read when the last delivery was received."""
        return select(func.max(delivery.c.received)).where(delivery.c.site == self._name)

    def last_slot(self) -> Select[float | None]:
        """Read the last firing that was claimed."""
        return select(func.max(cron_slot.c.slot)).where(cron_slot.c.site == self._name)

    def dirty(self, now: Instant) -> Select[int, float | None]:
        """Read how many keys are dirty and how long, in seconds, the oldest has been; parked ones apart."""
        waiting = and_(self._dirty(), work.c.attempt < PARKED_AFTER)
        return select(func.count(), now - func.min(work.c.first_marked)).where(waiting)

    def parked(self) -> Select[str, str | None]:
        """Read which keys have failed too often, and how they failed last."""
        return select(work.c.key, work.c.last_error).where(self._dirty(), work.c.attempt >= PARKED_AFTER)

    def blocked(self, now: Instant) -> Select[float]:
        """Read for how many seconds Jira still asks us to wait."""
        return select(site.c.blocked_until - now).where(site.c.site == self._name)

    def _dirty(self) -> ColumnElement[bool]:
        return and_(work.c.site == self._name, work.c.gen != work.c.done)

    def _of(self, claimed: Work) -> ColumnElement[bool]:
        return and_(work.c.site == self._name, work.c.key == claimed.key, work.c.token == claimed.token)
