"""Snapshots of work folders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_30_snapshots"
down_revision = "2026_11_29_folder_quotas"
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("volume", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        schema=SCHEMA,
    )
    op.create_index(
        op.f("ix_snapshots_volume_asked_at"), "snapshots", ["volume", "asked_at"], schema=SCHEMA
    )
    op.create_index(
        "ix_snapshots_pending",
        "snapshots",
        ["asked_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'pending'"),
    )


def downgrade() -> None:
    op.drop_table("snapshots", schema=SCHEMA)
