"""Deliveries without an index by their time.

It was written with each delivery and read once an hour, when old ones are forgotten.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Drop the index, and let a program from before this step refuse what it finds."""
    op.drop_index("ix_delivery_received", "delivery")
    op.execute("UPDATE schema_version SET version = 2")


def downgrade() -> None:
    """Make the index again."""
    op.create_index("ix_delivery_received", "delivery", ["received"])
    op.execute("UPDATE schema_version SET version = 1")
