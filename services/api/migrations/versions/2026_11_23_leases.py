"""Leases and limits of Courses, renewals, and the words of whoever stops somebody's work."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_leases"
down_revision = "2026_11_23_ssh"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    lease = sa.Column("lease", JSONB(), nullable=False, server_default="{}")
    op.add_column("courses", lease, schema="api")
    op.add_column("courses", sa.Column("max_environments", sa.Integer()), schema="api")
    moment = sa.Column("lease_ends_at", sa.DateTime(timezone=True))
    op.add_column("environments", moment, schema="api")
    words = sa.Column("stop_words", sa.String(), nullable=False, server_default="")
    op.add_column("environments", words, schema="api")


def downgrade() -> None:
    for name in ("lease_ends_at", "stop_words"):
        op.drop_column("environments", name, schema="api")
    for name in ("lease", "max_environments"):
        op.drop_column("courses", name, schema="api")
