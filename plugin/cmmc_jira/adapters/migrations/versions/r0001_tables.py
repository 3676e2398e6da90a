"""The tables of the first version, which noted a version of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table("schema_version", sa.Column("version", sa.Integer, primary_key=True))
    op.create_table(
        "work",
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("gen", sa.BigInteger, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("due", sa.Double, nullable=False),
        sa.Column("not_before", sa.Double, nullable=False, server_default=sa.text("0")),
        sa.Column("attempt", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("lease_until", sa.Double),
        sa.Column("owner", sa.Text),
        sa.Column("token", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("last_error", sa.Text),
        sa.Column("first_marked", sa.Double, nullable=False),
        sa.Column("finished", sa.Double),
        postgresql_with={"fillfactor": 70},
    )
    dirty = sa.text("gen <> done")
    op.create_index("work_dirty", "work", ["site", "due"], sqlite_where=dirty, postgresql_where=dirty)
    op.create_table(
        "hint",
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("issue_id", sa.Text, primary_key=True),
        sa.Column("gen", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "delivery",
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("received", sa.Double, nullable=False),
    )
    op.create_index("ix_delivery_received", "delivery", ["received"])
    op.create_table(
        "cron_slot",
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("job", sa.Text, primary_key=True),
        sa.Column("slot", sa.Double, nullable=False),
    )
    op.create_table(
        "site", sa.Column("site", sa.Text, primary_key=True), sa.Column("blocked_until", sa.Double, nullable=False)
    )
    op.execute("INSERT INTO schema_version (version) VALUES (1)")


def downgrade() -> None:
    """Leave nothing."""
    for table in ("site", "cron_slot", "delivery", "hint", "work", "schema_version"):
        op.drop_table(table)
