"""Leases with their renewals, and restarts of what crashed."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_leases"
down_revision = "2026_11_23_environments"
branch_labels = None
depends_on = None

MOMENTS = ("lease_ends_at", "began_at", "restart_at")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in MOMENTS:
        column = sa.Column(name, sa.DateTime(timezone=True), nullable=True)
        op.add_column("environments", column, schema="orchestrator")
    restarts = sa.Column("restarts", sa.Integer(), nullable=False, server_default="0")
    op.add_column("environments", restarts, schema="orchestrator")
    op.execute("UPDATE orchestrator.environments SET began_at = ready_at")


def downgrade() -> None:
    for name in (*MOMENTS, "restarts"):
        op.drop_column("environments", name, schema="orchestrator")
