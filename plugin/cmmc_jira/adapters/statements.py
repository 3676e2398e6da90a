"""The statements of the to-do list, as SQLAlchemy Core writes them for SQLite and for PostgreSQL alike.

Each is built once and then only given its values, since building one takes longer than carrying it out.
"""

from datetime import datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Delete,
    Double,
    Integer,
    Select,
    TableValuedAlias,
    Text,
    Update,
    and_,
    bindparam,
    case,
    cast,
    column,
    delete,
    exists,
    extract,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.schema import Table

from cmmc_jira.adapters.prepared import Values
from cmmc_jira.adapters.tables import cron_slot, delivery, hint, site, work
from cmmc_jira.service.ports import Work

LEASE_SECONDS: Final = 30.0
MARGIN: Final = 0.1
"""The last part of a lease, in which nothing is begun any more."""
PARKED_AFTER: Final = 10
NEVER: Final = 1e18
KEEP_DELIVERIES_SECONDS: Final = 7 * 86_400.0
SET_BACK_SECONDS: Final = 2 * 3600.0
"""By how much the clocks of replicas never differ: one that is earlier than the last firing by more was set back."""
THOROUGH: Final = "*"
KNOWN: Final = "."
"""Hints that name no issue: whether a look must be thorough, or may rest on what is known."""

Instant = ColumnElement[float]


class Statements:
    """The statements for one site, in the dialect of one database; `debounce` and `lease` in seconds.

    `at` gives the value that those with a clock take, and `of` the ones that those about a leased look take.
    """

    def __init__(self, name: str, *, embedded: bool, debounce: float = 0.0, lease: float = LEASE_SECONDS) -> None:
        self._name = name
        self._embedded = embedded
        self._debounce = debounce
        self._lease = lease
        server: Instant = cast(extract("epoch", func.clock_timestamp()), Double)
        self._now: Instant = bindparam("now", type_=Double) if embedded else server

    def at(self, now: datetime) -> Values:
        """Return the present for a statement: none for a server, whose own clock spares replicas to agree."""
        return {"now": now.timestamp()} if self._embedded else {}

    def of(self, claimed: Work) -> Values:
        """Return which lease a statement is about."""
        return {"of_key": claimed.key, "of_token": claimed.token}

    @cached_property
    def deliver(self) -> ReturningInsert[Any]:
        """Store deliveries (`named`, a JSON list); the names of new ones come back."""
        named = self._listed("named")
        rows = select(literal(self._name, Text), named.c.value, self._now).where(true())
        insert = self._insert(delivery).from_select(["site", "id", "received"], rows)
        stored: ReturningInsert[Any] = insert.on_conflict_do_nothing().returning(delivery.c.id)
        return stored

    @cached_property
    def mark(self) -> Any:  # noqa: ANN401  a dialect's insert
        """Make keys (`marked`, a JSON list) dirty once more; where one is new, `begun` is its first token.

        Only what was clean waits for the debounce, so that a stream of events puts nothing off for ever; what waits
        after a failure is tried again soon.
        """
        soon, clean = self._now + self._debounce, work.c.gen == work.c.done
        new = {
            "site": literal(self._name, Text),
            "key": self._listed("marked").c.value,
            "gen": literal(1),
            "done": literal(0),
            "due": soon,
            "token": bindparam("begun", type_=BigInteger),
            "first_marked": self._now,
        }
        insert = self._insert(work).from_select(list(new), select(*new.values()).where(true()))
        return insert.on_conflict_do_update(
            index_elements=[work.c.site, work.c.key],
            set_={
                "gen": work.c.gen + 1,
                "due": case((or_(clean, and_(work.c.attempt > 0, work.c.due > soon)), soon), else_=work.c.due),
                "first_marked": case((clean, self._now), else_=work.c.first_marked),
            },
        )

    @cached_property
    def hint(self) -> Any:  # noqa: ANN401  a dialect's insert
        """Note which issues (`hinted`, a JSON list of lines `key issue`) the present generations of keys are about."""
        hinted = self._listed("hinted")
        key = func.substr(hinted.c.value, 1, self._position(hinted.c.value) - 1)
        issue = func.substr(hinted.c.value, self._position(hinted.c.value) + 1)
        present = select(work.c.gen).where(work.c.site == self._name, work.c.key == key).scalar_subquery()
        rows = select(literal(self._name, Text), key, issue, present).where(true())
        insert = self._insert(hint).from_select(["site", "key", "issue_id", "gen"], rows)
        return insert.on_conflict_do_update(
            index_elements=[hint.c.site, hint.c.key, hint.c.issue_id], set_={"gen": insert.excluded.gen}
        )

    @cached_property
    def hinted(self) -> Select[str, str]:
        """Read the hints of some keys (`keys`)."""
        of_keys = hint.c.key.in_(bindparam("keys", expanding=True))
        return select(hint.c.key, hint.c.issue_id).where(hint.c.site == self._name, of_keys)

    @cached_property
    def claim(self) -> Any:  # noqa: ANN401  an update that returns rows
        """Lease up to `most` that are due to an `owner`, the longest waiting first; what is leased comes back."""
        blocked = exists().where(site.c.site == work.c.site, site.c.blocked_until > self._now)
        due = (
            select(work.c.key)
            .where(
                work.c.site == self._name,
                work.c.gen != work.c.done,
                work.c.due <= self._now,
                work.c.not_before <= self._now,
                self._free,
                ~blocked,
            )
            .order_by(work.c.due)
            .limit(bindparam("most", type_=Integer))
            .with_for_update(skip_locked=True)
            .cte("due")
            .prefix_with("MATERIALIZED")  # else the planner may look again, and lock more than the limit
        )
        return (
            update(work)
            .where(work.c.site == self._name, work.c.key.in_(select(due.c.key)))
            .values(lease_until=self._now + self._lease, owner=bindparam("leased_to"), token=work.c.token + 1)
            .returning(
                work.c.key,
                work.c.gen,
                work.c.token,
                work.c.attempt,
                (self._now - work.c.first_marked).label("waited"),
            )
        )

    @cached_property
    def held(self) -> Select[int]:
        """Read whether a lease holds for a moment longer."""
        return select(literal(1)).where(self._of, work.c.lease_until > self._now + self._lease * MARGIN)

    @cached_property
    def extend(self) -> Update:
        """Prolong a lease, unless it was lost."""
        alive = and_(self._of, work.c.lease_until.is_not(None))
        return update(work).where(alive).values(lease_until=self._now + self._lease)

    @cached_property
    def finish(self) -> Update:
        """Cover the generation that was seen (`seen`), unless the lease was lost; what came since is debounced."""
        return self._given_back(
            done=bindparam("seen"),
            attempt=0,
            due=self._now + self._debounce,
            first_marked=self._now,
            last_error=None,
            finished=self._now,
        )

    @cached_property
    def covered(self) -> Delete:
        """Forget the hints that a finished look has seen (`of_key`, `seen`)."""
        return delete(hint).where(
            hint.c.site == self._name, hint.c.key == bindparam("of_key"), hint.c.gen <= bindparam("seen")
        )

    @cached_property
    def release(self) -> Update:
        """End a lease unfinished, unless it was lost."""
        return self._given_back()

    @cached_property
    def postpone(self) -> Update:
        """End a lease and hold its key back for `after` seconds, which no event shortens."""
        return self._given_back(
            last_error=bindparam("because"), not_before=self._now + bindparam("after", type_=Double)
        )

    @cached_property
    def retry(self) -> Update:
        """End a lease after a failure, so many in a row (`failures`): it is due again in `after` seconds."""
        return self._given_back(
            last_error=bindparam("because"),
            attempt=bindparam("failures"),
            due=self._now + bindparam("after", type_=Double),
        )

    @cached_property
    def void(self) -> Update:
        """End every lease."""
        return update(work).where(work.c.site == self._name).values(lease_until=None, owner=None)

    @cached_property
    def block(self) -> Any:  # noqa: ANN401  a dialect's insert
        """Hold everything back for `after` seconds; never shorter than was asked before."""
        until = self._now + bindparam("after", type_=Double)
        row = self._insert(site).values(site=self._name, blocked_until=until)
        new, old = row.excluded.blocked_until, site.c.blocked_until
        return row.on_conflict_do_update(
            index_elements=[site.c.site], set_={"blocked_until": case((old > new, old), else_=new)}
        )

    @cached_property
    def slot(self) -> ReturningInsert[Any]:
        """Claim a firing (`fired`, `instant`); a row comes back to the one who was first.

        An earlier one than the last is no firing, unless it is so much earlier that somebody set the clock back.
        """
        row = self._insert(cron_slot).values(
            site=self._name, job=bindparam("fired"), slot=bindparam("instant", type_=Double)
        )
        claimed: ReturningInsert[Any] = row.on_conflict_do_update(
            index_elements=[cron_slot.c.site, cron_slot.c.job],
            set_={"slot": row.excluded.slot},
            where=or_(cron_slot.c.slot < row.excluded.slot, cron_slot.c.slot > row.excluded.slot + SET_BACK_SECONDS),
        ).returning(cron_slot.c.job)
        return claimed

    @cached_property
    def prune(self) -> Delete:
        """Forget deliveries older than 7 days."""
        old = delivery.c.received < self._now - KEEP_DELIVERIES_SECONDS
        return delete(delivery).where(delivery.c.site == self._name, old)

    @cached_property
    def last_delivery(self) -> Select[float | None]:
        """Read when the last delivery was received."""
        return select(func.max(delivery.c.received)).where(delivery.c.site == self._name)

    @cached_property
    def last_slot(self) -> Select[float | None]:
        """Read the last firing that was claimed."""
        return select(func.max(cron_slot.c.slot)).where(cron_slot.c.site == self._name)

    @cached_property
    def dirty(self) -> Select[int, float | None]:
        """Read how many keys are dirty and how long, in seconds, the oldest has been; parked ones apart."""
        waiting = and_(self._dirty, work.c.attempt < PARKED_AFTER)
        return select(func.count(), self._now - func.min(work.c.first_marked)).where(waiting)

    @cached_property
    def parked(self) -> Select[str, str | None]:
        """Read which keys have failed too often, and how they failed last."""
        return select(work.c.key, work.c.last_error).where(self._dirty, work.c.attempt >= PARKED_AFTER)

    @cached_property
    def unpark(self) -> Update:
        """Forget how often a key (`unparked`) has failed: it is due now, and has all its attempts again."""
        parked = and_(self._dirty, work.c.attempt >= PARKED_AFTER, work.c.key == bindparam("unparked"))
        return update(work).where(parked).values(attempt=0, due=self._now, not_before=0)

    @cached_property
    def blocked(self) -> Select[float]:
        """Read for how many seconds Jira still asks us to wait."""
        return select(site.c.blocked_until - self._now).where(site.c.site == self._name)

    def _given_back(self, **values: object) -> Update:
        return update(work).where(self._of).values(lease_until=None, owner=None, **values)

    def _insert(self, table: Table) -> Any:  # noqa: ANN401  the two dialects' inserts, alike in what is used here
        return sqlite.insert(table) if self._embedded else postgresql.insert(table)

    def _listed(self, name: str) -> TableValuedAlias:
        """Return the strings of a JSON list as rows: one statement for a list of any length."""
        given = bindparam(name, type_=Text)
        if self._embedded:
            return func.json_each(given).table_valued(column("value", Text))
        return func.json_array_elements_text(cast(given, JSON)).table_valued(column("value", Text), name=name)

    def _position(self, text: ColumnElement[str]) -> ColumnElement[int]:
        return (func.instr if self._embedded else func.strpos)(text, " ")

    @property
    def _free(self) -> ColumnElement[bool]:
        return or_(work.c.lease_until.is_(None), work.c.lease_until < self._now)

    @property
    def _dirty(self) -> ColumnElement[bool]:
        return and_(work.c.site == self._name, work.c.gen != work.c.done)

    @property
    def _of(self) -> ColumnElement[bool]:
        mine = and_(work.c.key == bindparam("of_key"), work.c.token == bindparam("of_token"))
        return and_(work.c.site == self._name, mine)
