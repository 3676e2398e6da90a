"""The tables of the to-do list. Instants are seconds since 1970 (UTC), so that they compare alike on each database."""

from typing import Final

from sqlalchemy import BigInteger, Column, Double, Index, Integer, MetaData, String, Table, Text, text

REVISION: Final = "0002"
"""The last step in `migrations/versions`, which leads to these tables."""

metadata: Final = MetaData()

revision: Final = Table("alembic_version", metadata, Column("version_num", String(32), primary_key=True))

version: Final = Table("schema_version", metadata, Column("version", Integer, primary_key=True))
"""For programs from before `revision`, which refuse a number above their own."""

work: Final = Table(
    "work",
    metadata,
    Column("site", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("gen", BigInteger, nullable=False),  # one more with each mark
    Column("done", BigInteger, nullable=False),  # the last one covered; dirty while they differ
    Column("due", Double, nullable=False),
    Column("not_before", Double, nullable=False, server_default=text("0")),  # no event makes it earlier
    Column("attempt", Integer, nullable=False, server_default=text("0")),
    Column("lease_until", Double),
    Column("owner", Text),
    Column("token", BigInteger, nullable=False, server_default=text("0")),  # one more with each claim, never reset
    Column("last_error", Text),
    Column("first_marked", Double, nullable=False),
    Column("finished", Double),
    Index("work_dirty", "site", "due", sqlite_where=text("gen <> done"), postgresql_where=text("gen <> done")),
    postgresql_with={"fillfactor": 70},
)

hint: Final = Table(
    "hint",
    metadata,
    Column("site", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("issue_id", Text, primary_key=True),  # or `*`: the look must be thorough; or `.`: what is known is enough
    Column("gen", BigInteger, nullable=False),
)

delivery: Final = Table(
    "delivery",
    metadata,
    Column("site", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("received", Double, nullable=False),
)

cron_slot: Final = Table(
    "cron_slot",
    metadata,
    Column("site", Text, primary_key=True),
    Column("job", Text, primary_key=True),
    Column("slot", Double, nullable=False),
)

site: Final = Table(
    "site",
    metadata,
    Column("site", Text, primary_key=True),
    Column("blocked_until", Double, nullable=False),
)
