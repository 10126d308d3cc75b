"""The ledger of direct ports, and numbers that rest."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_direct_ports"
down_revision = "2026_11_23_pools"
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "port_claims",
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("environment_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("claimed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("pool", "number", name="pk_port_claims"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_port_claims_environment_id", "port_claims", ["environment_id"], schema=SCHEMA
    )
    op.create_table(
        "port_rests",
        sa.Column("pool", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.PrimaryKeyConstraint("pool", "number", name="pk_port_rests"),
        schema=SCHEMA,
    )


def downgrade() -> None:
    op.drop_table("port_rests", schema=SCHEMA)
    op.drop_table("port_claims", schema=SCHEMA)
