"""Machines that Terraform makes: settings of pools, machines, runs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_30_machines"
down_revision = "2026_11_30_snapshots"
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "pool_scaling",
        sa.Column("pool", sa.Text(), primary_key=True),
        sa.Column("settings", postgresql.JSONB(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("plan", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("sealed_state", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("retry_at", moment, nullable=True),
        schema=SCHEMA,
    )
    op.create_table(
        "machines",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("ordered_at", moment, nullable=False),
        sa.Column("paid_from", moment, nullable=True),
        sa.Column("ready_at", moment, nullable=True),
        sa.Column("removed_at", moment, nullable=True),
        sa.Column("hourly_price", sa.Float(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("failed_checks", sa.Text(), nullable=False, server_default=""),
        sa.Column("sealed_token", sa.Text(), nullable=True),
        sa.Column("token_digest", sa.Text(), nullable=True),
        sa.Column("token_used_at", moment, nullable=True),
        sa.UniqueConstraint("token_digest", name="uq_machines_token_digest"),
        schema=SCHEMA,
    )
    op.create_index(
        op.f("ix_machines_pool_removed_at"), "machines", ["pool", "removed_at"], schema=SCHEMA
    )
    op.create_table(
        "machine_runs",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("adding", postgresql.JSONB(), nullable=False),
        sa.Column("removing", postgresql.JSONB(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("hourly_price", sa.Float(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("log", sa.Text(), nullable=False),
        schema=SCHEMA,
    )
    op.create_index(
        op.f("ix_machine_runs_pool_started_at"),
        "machine_runs",
        ["pool", "started_at"],
        schema=SCHEMA,
    )


def downgrade() -> None:
    for table in ("machine_runs", "machines", "pool_scaling"):
        op.drop_table(table, schema=SCHEMA)
