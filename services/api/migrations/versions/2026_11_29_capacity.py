"""Machines of pools, whether room is counted on for a session, and samples of what was used.

Sessions that were planned before keep their room: it is counted on as it was.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_29_capacity"
down_revision = "2026_11_29_change_log"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("pools", sa.Column("machines", JSONB()), schema="api")
    op.add_column(
        "course_sessions",
        sa.Column("capacity", sa.String(20), nullable=False, server_default="reserved"),
        schema="api",
    )
    op.add_column(
        "course_sessions",
        sa.Column("capacity_reason", sa.String(), nullable=False, server_default=""),
        schema="api",
    )
    op.create_index("ix_course_sessions_ends_at", "course_sessions", ["ends_at"], schema="api")
    numbers = (
        "environments",
        "waiting",
        "machines",
        "used_machines",
        "planned_environments",
        "planned_machines",
    )
    op.create_table(
        "pool_samples",
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
        sa.PrimaryKeyConstraint("pool", "at", name="pk_pool_samples"),
        schema="api",
    )


def downgrade() -> None:
    op.drop_table("pool_samples", schema="api")
    op.drop_index("ix_course_sessions_ends_at", "course_sessions", schema="api")
    op.drop_column("course_sessions", "capacity_reason", schema="api")
    op.drop_column("course_sessions", "capacity", schema="api")
    op.drop_column("pools", "machines", schema="api")
