"""Pools, and the ledger of GPUs."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_23_pools"
down_revision = "2026_11_23_leases"
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"
FIRST = {
    "name": "default",
    "title": "CPU",
    "gpu_kind": None,
    "default_cpu": 1,
    "default_memory_mib": 1024,
    "default_gpu": 0,
    "max_cpu": 8,
    "max_memory_mib": 16384,
    "max_gpu": 0,
    "lease_minutes": None,
    "hard_limit_minutes": None,
    "on_drain": "end",
    "storage": "node",
}


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "pools",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", JSONB(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_pools"),
        schema=SCHEMA,
    )
    op.create_table(
        "gpu_claims",
        sa.Column("node_id", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("environment_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("claimed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("node_id", "device", name="pk_gpu_claims"),
        schema=SCHEMA,
    )
    op.create_index("ix_gpu_claims_environment_id", "gpu_claims", ["environment_id"], schema=SCHEMA)
    statement = sa.text(
        f"INSERT INTO {SCHEMA}.pools (name, settings, changed_at)"  # noqa: S608 - no input
        " VALUES ('default', CAST(:settings AS jsonb), now())"
    )
    op.execute(statement.bindparams(settings=json.dumps(FIRST)))


def downgrade() -> None:
    op.drop_table("gpu_claims", schema=SCHEMA)
    op.drop_table("pools", schema=SCHEMA)
